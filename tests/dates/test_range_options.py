"""``since`` and ``until``: the same range, and the same refusal, wherever one is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hedy_jupyter import Hedy, UsageError
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.line import words
from tests.histories import History

SINCE, UNTIL = "2026-05", "2026-03"
Call = Callable[[Hedy, str, str], Any]


@pytest.fixture
def history() -> History:
    """A dozen meetings."""
    return History(12)


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account with its archive."""
    with history.account_of() as account:
        account.archive.sync()
        yield account


CALLS: dict[str, Call] = {
    "hedy.sessions": lambda hedy, since, until: hedy.sessions(since=since, until=until),
    "hedy.sessions, archived": lambda hedy, since, until: hedy.sessions(since=since, until=until, source="archive"),
    "archive.sessions": lambda hedy, since, until: hedy.archive.sessions(since=since, until=until),
    "archive.search": lambda hedy, since, until: hedy.archive.search("harbour", since=since, until=until),
    "between": lambda hedy, since, until: hedy.sessions().hedy.between(since, until),
}
LINES = [
    "sessions",
    "search harbour",
    "export csv out.csv sessions",
    "export md out.md",
    "export ics out.ics",
    "export vault out",
]


def take(call: str, hedy: Hedy, since: str, until: str) -> None:
    """Call a method or run a line with the range."""
    if call in CALLS:
        CALLS[call](hedy, since, until)
    else:
        dispatch.dispatch(
            CommandContext(ask_hidden=lambda _: ""), words(f"{call} --since {since} --until {until}", {})[0]
        )


@pytest.mark.parametrize("call", [*CALLS, *LINES])
def test_an_upside_down_range_is_an_error_everywhere(
    call: str, hedy: Hedy, history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names both ends; no request is made for it, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    hedy.sessions()
    history.asked.clear()

    with pytest.raises(UsageError, match=f"since='{SINCE}' is after until='{UNTIL}'"):
        take(call, hedy, SINCE, UNTIL)
    assert history.asked == []
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("call", [*CALLS, *LINES])
def test_the_same_range_the_right_way_round_is_taken(
    call: str, hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turned round it is a range like any other."""
    monkeypatch.chdir(tmp_path)

    take(call, hedy, UNTIL, SINCE)
