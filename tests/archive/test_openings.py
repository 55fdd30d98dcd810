"""How often one command opens the archive file: once, unless it writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hedy_jupyter import Hedy
from hedy_jupyter.magics import status
from tests.commands import run
from tests.histories import History


@pytest.fixture
def history() -> History:
    """A Hedy with four meetings."""
    return History(4)


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account with an archive of four meetings, in use."""
    with history.account_of() as account:
        account.archive.sync()
        yield account


@pytest.fixture
def openings(hedy: Hedy, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that SQLite opened since the test began."""
    opened: list[str] = []
    connect = sqlite3.connect

    def counting(database: str, **options: Any) -> sqlite3.Connection:
        if database != ":memory:":
            opened.append(database)
        return connect(database, **options)

    monkeypatch.setattr(sqlite3, "connect", counting)
    return opened


@pytest.mark.parametrize(
    "line",
    [
        "search harbour",
        "coverage",
        "archive",
        "archive history last",
        "sessions --source archive",
        "sessions --source archive --topic Alpha --details",
        "todos --source archive --open",
        "highlights --source archive",
        "topics --source archive",
        "session last --source archive",
    ],
)
def test_command(hedy: Hedy, openings: list[str], line: str) -> None:
    """A command opens the file once, its status line included."""
    run(line)

    assert len(openings) == 1


@pytest.mark.parametrize(
    "read",
    [
        lambda hedy: hedy.archive.sessions(),
        lambda hedy: hedy.archive.sessions(details=True),
        lambda hedy: hedy.archive.search("harbour"),
        lambda hedy: hedy.archive.coverage(),
        lambda hedy: hedy.archive.state(),
        lambda hedy: status.archive_line(hedy),
        lambda hedy: status.names(hedy),
    ],
    ids=["sessions", "details", "search", "coverage", "state", "card", "completion"],
)
def test_method(hedy: Hedy, openings: list[str], read: Callable[[Hedy], object]) -> None:
    """A method opens the file once."""
    read(hedy)

    assert len(openings) == 1


@pytest.mark.parametrize("details", [False, True])
def test_complete_history(hedy: Hedy, history: History, openings: list[str], details: bool) -> None:
    """What the archive adds to the complete history, what it lacks, and its units are read in one opening."""
    history.hidden = set(history.details)

    frame = hedy.sessions(None, details=details, refresh=True)

    assert len(openings) == 1
    assert frame["session_id"].tolist() == list(history.details)
    assert frame["duration_min"].tolist() == [30.0] * 4
    assert frame.attrs["coverage"].get("incomplete", []) == []


def test_complete_history_names_what_is_incomplete(hedy: Hedy, history: History, openings: list[str]) -> None:
    """Meetings that the archive adds without their details are listed, still in one opening."""
    old = dict(history.details)
    history.details |= dict([History(5).details.popitem()])
    hedy.archive.sync(details=False)
    history.hidden = set(history.details)
    openings.clear()

    frame = hedy.sessions(None, details=True, refresh=True)

    assert len(openings) == 1
    assert frame.attrs["coverage"]["incomplete"] == list(history.details.keys() - old.keys())


@pytest.mark.parametrize("line", ["sync", "sync --session last"])
def test_sync(hedy: Hedy, openings: list[str], line: str) -> None:
    """A sync looks whose file it is before it asks Hedy, and opens it to write; its status line opens nothing."""
    run(line)

    assert len(openings) == 2


def test_synced_at_is_that_of_the_frame(hedy: Hedy) -> None:
    """What the status line says of a frame was read together with it, in plain values."""
    counts, synced_at = hedy.archive.state()
    assert synced_at is not None

    for frame in (hedy.archive.sessions(), hedy.archive.search("harbour"), hedy.archive.coverage()):
        assert frame.attrs["archive"] == {"sessions": counts["sessions"], "synced_at": synced_at.isoformat()}
