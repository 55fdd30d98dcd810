"""The examples of ``df.hedy`` run on the demo account, and every member has one, or a reason."""

from __future__ import annotations

import datetime
import doctest
import inspect
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

import hedy_jupyter as hj
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.demo_server.service import Service
from tests.waiting import set_defaults

MEMBERS = sorted(name for name in dir(HedyFrame) if not name.startswith("_"))
ELSEWHERE = {
    *("burn_down", "plot_burn_down", "to_vault"),
    *("fetch_details", "fetch_todos", "fetch_highlights", "fetch_sessions"),
}
"""Members whose examples need an archive, a folder or another account: their tests are in other files."""


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, object]]:
    """The frames of the demo account on a fixed day, in UTC."""
    mpl.use("Agg")
    monkeypatch.chdir(tmp_path)
    set_defaults(monkeypatch, Service, today=datetime.date(2026, 11, 20))
    with hj.demo(timezone="UTC") as hedy:
        yield {
            "sessions": hedy.sessions(limit=None, details=True),
            "todos": hedy.todos(),
            "highlights": hedy.highlights(session="last", details=True),
            "topics": hedy.topics(),
        }
    plt.close("all")


def test_examples(frames: dict[str, object]) -> None:
    """The example in each docstring gives what it says."""
    every_highlight = hj.current().highlights(limit=None)
    said: list[str] = []
    for member in [name for name in MEMBERS if name not in ELSEWHERE]:
        examples = doctest.DocTestParser().get_examples(inspect.getdoc(getattr(HedyFrame, member)) or "")
        assert examples, member
        names = frames | ({"highlights": every_highlight} if member == "by_session" else {})
        test = doctest.DocTest(examples, names, member, None, None, None)
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
        plt.close("all")

    assert "".join(said) == ""


@pytest.mark.parametrize("member", MEMBERS)
def test_every_member_is_explained(member: str) -> None:
    """Every member has a docstring and annotations."""
    function = getattr(HedyFrame, member)

    assert inspect.getdoc(function)
    assert "return" in function.__annotations__


def test_service_type() -> None:
    """The day of the examples is fixed by what the service allows."""
    assert "today" in inspect.signature(Service).parameters
