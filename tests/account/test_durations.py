"""Durations: lists and details may count in other units, and every way to a meeting shows the same minutes."""

from __future__ import annotations

import itertools
import math
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from hedy_jupyter import ArchiveError, Hedy
from hedy_jupyter.frames import durations
from hedy_jupyter.frames.durations import Facts, Votes
from tests.histories import History, Record

ID = "sess_000002"
UNITS = {"minutes": 1, "seconds": 60, "nothing": None}
UNKNOWABLE = {
    ("seconds", "seconds", False),
    ("seconds", "nothing", False),
    ("nothing", "seconds", False),
    ("nothing", "nothing", False),
}
TABLE = list(itertools.product(UNITS, UNITS, [True, False]))


class Account(History):
    """Five meetings of 26 to 30 minutes; lists and details count in units of their own."""

    def __init__(self, lists: str, details: str, *, ends: bool, sessions: int = 5) -> None:
        super().__init__(sessions)
        self.lists = UNITS[lists]
        for number, record in enumerate(self.details.values()):
            minutes = 30 - number % 5
            start = pd.Timestamp(record["startTime"])
            record["minutes"] = minutes
            record["endTime"] = (start + timedelta(minutes=minutes)).isoformat() if ends else None
            record["duration"] = None if UNITS[details] is None else minutes * UNITS[details]

    def listed(self, record: Record) -> Record:  # type: ignore[override]  # the number in lists is not that of the details
        return super().listed(record) | {"duration": None if self.lists is None else record["minutes"] * self.lists}


def shown(frame: pd.DataFrame) -> float:
    """The minutes of the one meeting that is asked for."""
    return float(frame.set_index("session_id").loc[ID, "duration_min"])


WAYS: dict[str, Callable[[Hedy], object]] = {
    "sessions": lambda hedy: shown(hedy.sessions()),
    "all sessions": lambda hedy: shown(hedy.sessions(limit=None)),
    "with details": lambda hedy: shown(hedy.sessions(details=True)),
    "fetched details": lambda hedy: shown(hedy.sessions().hedy.fetch_details(account=hedy)),
    "session": lambda hedy: hedy.session(ID).duration_min,
    "archive": lambda hedy: shown(hedy.archive.sessions()),
    "archive with details": lambda hedy: shown(hedy.archive.sessions(details=True)),
    "session of the archive": lambda hedy: hedy.session(ID, source="archive").duration_min,
    "sessions from the archive": lambda hedy: shown(hedy.sessions(source="archive", details=True)),
}


READS: dict[str, Callable[[Hedy], object]] = {
    "session": lambda hedy: hedy.session("sess_000004"),
    "details": lambda hedy: hedy.sessions(1, details=True),
    "sync": lambda hedy: hedy.archive.sync(),
}


@pytest.mark.parametrize(("lists", "details", "ends"), TABLE)
def test_every_way_shows_the_same_minutes(lists: str, details: str, ends: bool) -> None:
    """Whatever the units are, with or without ends: where the unit can be decided, each way gives minutes."""
    with Account(lists, details, ends=ends).account_of() as hedy:
        hedy.archive.sync()
        hedy.sessions(details=True)
        found = pd.Series({name: way(hedy) for name, way in WAYS.items()}, dtype="float64")

    expected = 28.0
    if (lists, details, ends) in UNKNOWABLE:
        expected = 28.0 * 60 if "seconds" in (lists, details) else math.nan
    assert found.to_dict() == pytest.approx(dict.fromkeys(WAYS, expected), nan_ok=True)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    ("details", "ends"), [("minutes", True), ("minutes", False), ("nothing", True), ("seconds", True)]
)
def test_lists_are_right_once_details_are_known(details: str, ends: bool, read: str) -> None:
    """A list in seconds cannot be distinguished from one in minutes.

    As soon as any details are known, read or archived, it is.
    """
    with Account("seconds", details, ends=ends).account_of() as hedy:
        assert shown(hedy.sessions()) == 28 * 60
        {
            "session": lambda: hedy.session("sess_000004"),
            "details": lambda: hedy.sessions(1, details=True),
            "sync": hedy.archive.sync,
        }[read]()

        assert hedy.sessions()["duration_min"].tolist() == [30, 29, 28, 27, 26]
        assert hedy.sessions(2).hedy.load()["hours"].sum() == pytest.approx(59 / 60)


def test_another_kernel_reads_the_units_in_the_archive() -> None:
    """A new account object that has read no details shows what the archive can tell."""
    history = Account("seconds", "minutes", ends=False)
    with history.account_of() as hedy:
        hedy.archive.sync()
    with history.account_of() as hedy:
        assert shown(hedy.sessions()) == 28
        hedy.me()
        assert shown(hedy.sessions(limit=None)) == 28


def test_what_only_the_archive_holds_is_converted_once() -> None:
    """Meetings beyond the end of the list come from the archive in minutes, beside live ones in seconds."""
    history = Account("seconds", "seconds", ends=True)
    with history.account_of() as hedy:
        hedy.archive.sync()
        history.hidden = {ID, "sess_000004"}
        history.topics = []
        frame = hedy.sessions(limit=None, refresh=True)

    assert frame.attrs["coverage"]["source"] == "live and archive"
    assert frame["duration_min"].tolist() == [30, 29, 28, 27, 26]


def test_sixty_votes_beyond_the_newest() -> None:
    """Details that tell nothing, however many and new, do not hide those that tell the unit."""
    history = Account("seconds", "nothing", ends=False, sessions=70)
    oldest = list(history.details.values())[-1]
    oldest["duration"] = oldest["minutes"]
    with history.account_of() as hedy:
        hedy.archive.sync()

        assert set(hedy.archive.sessions()["duration_min"]) == {26, 27, 28, 29, 30}


@pytest.mark.parametrize(
    ("facts", "votes"),
    [
        ([Facts(1800, 30, None)], (1, -1)),
        ([Facts(30, 1800, None)], (-1, 1)),
        ([Facts(1800, 1800, None)], (0, 0)),
        ([Facts(1800, 1800, 1800)], (1, 1)),
        ([Facts(30, 30, 1800)], (-1, -1)),
        ([Facts(1800, None, 1800)], (1, 0)),
        ([Facts(None, 1790, 1800)], (0, 1)),
        ([Facts(1200, 20, 3600)], (1, -1)),  # a meeting with a break
        ([Facts(29, 30, None), Facts(61, 1, None)], (1, -1)),
        ([Facts(0, 0, 0), Facts(0, None, 1800), Facts(-30, 30, None)], (0, 0)),
        ([Facts(1800, None, 1800), Facts(600, 600, None)], (1, 1)),
        ([Facts(None, 1800, 1800), Facts(600, 600, None)], (1, 1)),
        ([Facts(1800, 30, None)] * 2 + [Facts(30, 30, 1800)], (1, -3)),
    ],
)
def test_votes(facts: list[Facts], votes: tuple[int, int]) -> None:
    """The time from start to end, and the two numbers for one session, tell the units; the majority decides."""
    assert durations.count(facts) == votes


@pytest.mark.parametrize(
    ("number", "span", "in_seconds", "expected"),
    [
        (1800, 1800, False, 30),
        (30, 1800, True, 30),
        (1700, 3600, True, 1700 / 60),
        (1700, 3600, False, 1700),
        (None, 1800, False, 30),
        (None, None, True, None),
        (0, 1800, True, 0),
    ],
)
def test_minutes(number: float | None, span: float | None, in_seconds: bool, expected: float | None) -> None:
    """The session's own start and end come before the unit of the account; without a number they are the duration."""
    assert durations.minutes(number, span, in_seconds=in_seconds) == expected


@pytest.mark.parametrize("end", ["2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z", "soon", None, 7])
def test_no_span(end: object) -> None:
    """An end that is missing, cannot be read, or does not come after the start tells nothing."""
    facts = Facts.of({"duration": 1800}, {"startTime": "2026-03-01T10:00:00Z", "endTime": end})

    assert facts.span_s is None
    assert durations.listed_min(facts, Votes()) == 1800


@pytest.mark.parametrize(
    "read",
    [
        lambda hedy, _: hedy.archive.sessions(),
        lambda hedy, _: hedy.archive.sessions(details=True),
        lambda hedy, _: hedy.archive.sessions(topic="Alpha"),
        lambda hedy, folder: hedy.archive.to_parquet(folder),
        lambda hedy, _: hedy.session(ID, source="archive"),
        lambda hedy, _: hedy.sessions(source="archive"),
    ],
)
@pytest.mark.parametrize("value", [b"\x00\xff", "text", 7])
def test_damaged_details_are_an_error_of_the_archive(
    read: Callable[..., object], value: object, tmp_path: Path
) -> None:
    """Details that cannot be unpacked are an ArchiveError in every read, never an error of SQLite."""
    with History(3).account_of() as hedy:
        hedy.archive.sync()
        damage(hedy, value)
        with pytest.raises(ArchiveError, match="damaged"):
            read(hedy, tmp_path)


def damage(hedy: Hedy, value: object) -> None:
    """Put *value* in place of the details of one meeting."""
    with closing(sqlite3.connect(hedy.archive.path)) as connection, connection:
        connection.execute("UPDATE sessions SET detail = ? WHERE session_id = ?", (value, ID))


@pytest.mark.parametrize("limit", [None, 100])
def test_live_reads_go_on_beside_a_damaged_archive(limit: int | None, capsys: pytest.CaptureFixture[str]) -> None:
    """The complete history and the newest meetings come live, although the archive cannot be read."""
    history = History(3)
    with history.account_of() as hedy:
        hedy.archive.sync()
        damage(hedy, b"\x00\xff")
        history.hidden = {ID}
        history.topics = []

        assert len(hedy.sessions(limit=limit, refresh=True)) == 2
    assert ("The archive is left out" in capsys.readouterr().err) == (limit is None)
