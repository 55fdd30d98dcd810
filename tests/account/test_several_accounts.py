"""``hj.concat``: frames of several accounts as one, with a column that says whose each row is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.api.transport import FunctionTransport
from hedy_jupyter.demo_server.service import DEMO_KEY, Service
from hedy_jupyter.errors import UsageError

PROFILES = '[profiles.work]\nkey = "env:WORK"\n[profiles.home]\nkey = "env:HOME_KEY"\n'


@pytest.fixture(scope="module")
def service() -> Service:
    """One service for all accounts."""
    return Service(requests_a_minute=None)


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Service) -> Iterator[tuple[hj.Hedy, hj.Hedy]]:
    """The accounts of two profiles."""
    file = tmp_path / "profiles.toml"
    file.write_text(PROFILES, encoding="utf-8")
    monkeypatch.setenv("HEDY_CONFIG", str(file))
    monkeypatch.setenv("WORK", DEMO_KEY)
    monkeypatch.setenv("HOME_KEY", DEMO_KEY)
    with (
        hj.connect(profile="work", transport=FunctionTransport(service.answer), timezone="UTC") as work,
        hj.connect(profile="home", transport=FunctionTransport(service.answer), timezone="UTC") as home,
    ):
        yield work, home


def test_the_column_is_the_profile(accounts: tuple[hj.Hedy, hj.Hedy]) -> None:
    """The rows come in the order of the frames, each with its profile; dtypes and the sum of the counts stay."""
    work, home = accounts
    one, other = work.todos("open"), home.todos("done")
    both = hj.concat([one, other])

    assert both.columns.tolist() == [*one.columns, "account"]
    assert both.drop(columns="account").dtypes.equals(one.dtypes)
    assert both.index.equals(pd.RangeIndex(len(one) + len(other)))
    assert both["account"].tolist() == ["work"] * len(one) + ["home"] * len(other)
    assert both["todo_id"].tolist() == [*one["todo_id"], *other["todo_id"]]
    assert both.attrs["coverage"] == {"found": 850, "total": None, "unreachable": 0, "source": "live"}
    assert "account" not in one
    assert both.hedy.kind == "todos"


def test_filtered_frames_and_every_kind(accounts: tuple[hj.Hedy, hj.Hedy]) -> None:
    """A filter keeps the note, every list has it, also when it is empty."""
    work, home = accounts
    for name, lists in {
        "sessions": [one.sessions(3) for one in accounts],
        "highlights": [one.highlights(3) for one in accounts],
        "topics": [one.topics() for one in accounts],
        "contexts": [one.contexts() for one in accounts],
        "webhooks": [one.webhooks() for one in accounts],
    }.items():
        both = hj.concat([lists[0], lists[1].iloc[:0], lists[1].tail(1)])
        assert both["account"].tolist() == ["work"] * len(lists[0]) + ["home"], name
        assert both.drop(columns="account").dtypes.equals(lists[0].dtypes), name
    assert (
        hj.concat([work.sessions(2).iloc[:0], home.sessions(2).iloc[:0]]).dtypes["start_time"] == "datetime64[us, UTC]"
    )


def test_without_a_profile_it_is_the_id(demo: hj.Hedy) -> None:
    """Without a profile the account's id is the name, which Hedy is asked for once."""
    with hj.demo(timezone="UTC") as other:
        frames = [demo.contexts(), other.contexts()]
        joined = hj.concat(frames)
        asked = [one.requests["path"].tolist().count("/me") for one in (demo, other)]
        again = hj.concat(frames)

    assert joined["account"].unique().tolist() == [demo.me().id]
    assert asked == [1, 1]
    assert again.equals(joined)


def test_details_and_lists_together(demo: hj.Hedy) -> None:
    """Columns that only one frame has are missing in the other, in their own dtype; zones that differ become UTC."""
    lists, details = demo.sessions(2), demo.sessions(2, details=True)
    joined = hj.concat({"list": lists.hedy.localize("Asia/Tokyo"), "details": details})

    assert joined.drop(columns="account").dtypes.equals(details.dtypes)
    assert joined["recap"].isna().tolist() == [True, True, *details["recap"].isna()]
    assert joined["account"].tolist() == ["list"] * 2 + ["details"] * 2
    assert joined["start_time"].tolist() == [*lists["start_time"], *details["start_time"]]


def test_once_more(demo: hj.Hedy) -> None:
    """A frame that has the column already keeps it, and one with an index of ids keeps its ids."""
    first = hj.concat({"a": demo.contexts()})
    both = hj.concat([first.set_index("context_id"), hj.concat({"b": demo.contexts()})])

    assert both["account"].unique().tolist() == ["a", "b"]
    assert both["context_id"].notna().all()


@pytest.mark.parametrize(
    ("frames", "told"),
    [
        (lambda _: [], "There is nothing to join"),
        (lambda hedy: [hedy.todos(), hedy.contexts()], "several kinds: todos, contexts"),
        (lambda hedy: [hedy.contexts(), pd.DataFrame(hedy.contexts().to_dict())], "Frame 2 does not say"),
        (lambda hedy: [hedy.contexts(), None], "joins DataFrames"),
    ],
)
def test_what_cannot_be_joined(demo: hj.Hedy, frames: object, told: str) -> None:
    """What does not fit is a UsageError."""
    with pytest.raises(UsageError, match=told):
        hj.concat(frames(demo))  # type: ignore[operator]
