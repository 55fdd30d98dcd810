"""How often a sync asks again: lists and young meetings each time, the rest at growing distances.

And what no clock decides.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from hedy_jupyter import ArchiveError, Hedy, HedyError, Offline, ServerError, UsageError
from hedy_jupyter.archive import sync_schedule
from hedy_jupyter.archive.store import Store
from tests.cases import case
from tests.histories import NOT_ANSWERS, History
from tests.waiting import set_defaults

TEXTS = ("recap", "meeting_minutes", "transcript", "cleaned_transcript", "conversations", "session_notes")


class Clock:
    """A clock that does not go on by itself, however long a busy machine takes; a test sets it ahead or back."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._began = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._began + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of every archive that is opened."""
    clock = Clock()
    set_defaults(monkeypatch, Store.open, now=clock)
    return clock


def uncleaned(history: History, *idents: str) -> None:
    """Take away the cleaned transcripts; of all, where none is named."""
    for ident in idents or history.details:
        history.details[ident] |= {"cleaned_transcript": None, "cleaned_at": None}


def without_text(history: History, *idents: str) -> None:
    """Take away every text."""
    for ident in idents:
        history.details[ident] |= dict.fromkeys(TEXTS)


def asked(hedy: Hedy, history: History, **arguments: Any) -> list[str]:
    """Whose details one sync asks for."""
    history.asked.clear()
    hedy.archive.sync(**arguments)
    return sorted(history.fetched)


# How many requests -------------------------------------------------------------


@pytest.mark.parametrize("change", [uncleaned, lambda _: None], ids=["never cleaned", "cleaned"])
def test_second_sync_of_a_long_history(clock: Clock, change: Callable[[History], None]) -> None:
    """Right after the first sync only lists are asked for, however long the history and whatever is not cleaned."""
    history = History(230)
    change(history)
    with history.account_of() as hedy:
        hedy.archive.sync()

        assert asked(hedy, history) == []
        clock.ahead = timedelta(hours=1)
        done = hedy.archive.sync()

        pages = 3 + 2 + 1  # of sessions, and the newest of two topics and of highlights
        assert (done.fetched, done.new, done.changed, done.requests) == (0, 0, 0, pages + 3)  # todos, topics, contexts


def test_three_weeks(clock: Clock) -> None:
    """A daily sync asks for at most twenty of many meetings that are never cleaned, and for each of them in turn."""
    history = History(90, youngest_days=100)
    uncleaned(history)
    times: Counter[str] = Counter()
    with history.account_of() as hedy:
        hedy.archive.sync()
        for day in range(1, 22):
            clock.ahead = timedelta(days=day)
            found = asked(hedy, history)
            assert len(found) <= sync_schedule.REPEATS == 20
            times.update(found)

    assert set(times) == set(history.details)
    assert max(times.values()) - min(times.values()) <= 1


def days_of(hedy: Hedy, history: History, clock: Clock, ident: str, expected: list[int]) -> list[int]:
    """Days on which a sync asks for the details of *ident* alone: of those that are *expected*, and those beside."""
    found = []
    for day in sorted({max(0, day + beside) for day in expected for beside in (-1, 0, 1)}):
        clock.ahead = timedelta(days=day)
        found += [day] * (asked(hedy, history) == [ident])
    return found


@pytest.mark.parametrize("history", [3], indirect=True)
def test_growing_distances(hedy: Hedy, history: History, clock: Clock) -> None:
    """A meeting that is never cleaned is asked for after 1, 2, 4 … days, at most monthly.

    A new text begins it again.
    """
    uncleaned(history, "sess_000002")
    hedy.archive.sync()

    for expected in ([1, 3, 7, 15, 31, 61, 91], [121, 122, 124, 128, 136]):
        assert days_of(hedy, history, clock, "sess_000002", expected) == expected
        history.details["sess_000002"]["recap"] = "Written again"


def test_daily_sync_is_never_to_the_second(hedy: Hedy, history: History, clock: Clock) -> None:
    """A sync that runs a little earlier than a day after the one before asks all the same."""
    uncleaned(history, "sess_000009")
    hedy.archive.sync()
    clock.ahead = timedelta(hours=23, minutes=50)

    assert asked(hedy, history) == ["sess_000009"]


def test_upgraded_archive_is_bounded_too(hedy: Hedy, history: History, clock: Clock) -> None:
    """Many that are due on one day are spread; those that were asked longest ago come first."""
    uncleaned(history)
    hedy.archive.sync()
    clock.ahead = timedelta(days=40)

    first, second = asked(hedy, history), asked(hedy, history)

    assert (len(first), len(second)) == (20, 10)
    assert set(first) | set(second) == set(history.details)


@pytest.mark.parametrize("days", [0, 13, 15, 40])
def test_meetings_without_a_start(history: History, hedy: Hedy, clock: Clock, days: int) -> None:
    """Meetings without a start are not young endlessly: they are among the twenty, at first at every sync."""
    for record in history.details.values():
        record["startTime"] = record["endTime"] = None
    hedy.archive.sync()
    clock.ahead = timedelta(days=days)

    assert len(asked(hedy, history)) == 20
    assert len(asked(hedy, history)) == (20 if days < 14 else 10)


def test_young_meetings_besides(clock: Clock) -> None:
    """Young meetings are asked for at every sync, beside the twenty."""
    history = History(60, youngest_days=9)
    uncleaned(history)
    with history.account_of() as hedy:
        hedy.archive.sync()
        young = [f"sess_{number:06}" for number in range(5)]
        assert asked(hedy, history) == young
        clock.ahead = timedelta(days=1)

        assert len(asked(hedy, history)) == 4 + 20


def test_server_that_fails_on_repeats(hedy: Hedy, history: History, clock: Clock) -> None:
    """Meetings on which the server always fails come last: they neither delay the others nor stop a sync."""
    uncleaned(history)
    hedy.archive.sync()
    clock.ahead = timedelta(days=1)
    broken = [f"sess_{number:06}" for number in range(6)]
    history.faults = {f"/sessions/{ident}": (502, "") for ident in broken}
    for record in history.details.values():
        record["cleaned_transcript"] = "Cleaned at last."

    first = hedy.archive.sync()
    clock.ahead += timedelta(minutes=5)
    second = hedy.archive.sync()

    assert (first.fetched, first.failed) == (14, 6)
    assert (second.fetched, second.failed) == (10, 6)


def test_server_that_fails_on_new_meetings(hedy: Hedy, history: History) -> None:
    """A few new meetings on which the server always fails do not keep the others from being fetched."""
    history.faults = {f"/sessions/sess_{number:06}": (502, "") for number in range(10)}

    done = hedy.archive.sync()

    assert (done.fetched, done.failed) == (20, 10)
    assert hedy.archive.counts()["with_details"] == 20


def test_server_that_fails_on_many_new_meetings() -> None:
    """Each sync that gives up remembers what it asked for in vain, and the next begins with the others."""
    history = History(60)
    history.faults = {f"/sessions/sess_{number:06}": (502, "") for number in range(25)}
    with history.account_of() as hedy:
        for _ in range(3):  # 11 failures in a row each, so that the third one comes to the rest
            with pytest.raises(ServerError):
                hedy.archive.sync()

        assert hedy.archive.counts()["with_details"] == 35


# Texts that come later ---------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, "", "  \n", "absent"])
def test_text_that_comes_later(hedy: Hedy, history: History, nothing: str | None) -> None:
    """An old meeting whose texts were empty at its first sync is asked for again, found, and counted until then."""
    record = history.details["sess_000020"]
    record |= dict.fromkeys(TEXTS, nothing) | {"session_notes": '[{"insert":"\\n"}]'}
    if nothing == "absent":
        history.details["sess_000020"] = {name: value for name, value in record.items() if name not in TEXTS}
    hedy.archive.sync()
    covered = hedy.archive.coverage()
    assert list(covered.columns) == ["month", "held", "listed", "missing", "without_text"]
    assert (covered["without_text"].sum(), covered["missing"].sum(), covered["held"].sum()) == (1, 0, 30)
    assert asked(hedy, history) == asked(hedy, history) == ["sess_000020"]
    history.details["sess_000020"] |= {"transcript": "it came late", "cleaned_transcript": "It came late."}

    done = hedy.archive.sync()

    assert (done.new, done.changed) == (0, 1)
    assert hedy.archive.search("came late")["session_id"].tolist() == ["sess_000020"]
    assert hedy.archive.coverage()["without_text"].sum() == 0
    assert asked(hedy, history) == []


@pytest.mark.parametrize("history", [3], indirect=True)
def test_no_text_for_two_weeks_and_then_rarely(hedy: Hedy, history: History, clock: Clock) -> None:
    """A meeting without any text is asked for at every sync for 14 days, then at growing distances."""
    without_text(history, "sess_000002")
    hedy.archive.sync()

    expected = [*range(14), 27, 55]
    assert days_of(hedy, history, clock, "sess_000002", expected) == expected


def test_many_without_text_leave_room(clock: Clock) -> None:
    """Meetings without any text, asked for at every sync, take half of the places while there are others."""
    history = History(100)
    uncleaned(history)
    without_text(history, *list(history.details)[:50])
    with history.account_of() as hedy:
        hedy.archive.sync()
        clock.ahead = timedelta(days=2)

        found = set(asked(hedy, history))

    assert len(found) == 20
    assert len(found & set(list(history.details)[:50])) == 10


def test_new_and_changed_are_meetings(hedy: Hedy, history: History) -> None:
    """New and changed count meetings, not texts, each once; a meeting that came back is reported too."""
    first = hedy.archive.sync()
    ident, record = history.session(900, datetime.now(UTC) - timedelta(days=50))
    history.details[ident] = record
    for number in (3, 4):
        history.details[f"sess_{number:06}"] |= {"title": "Renamed", "recap": "New", "transcript": "New"}
    history.details["sess_000005"]["topic"] = {"id": "topic_b", "name": "Beta"}

    second = hedy.archive.sync()

    assert (first.new, first.changed, second.new, second.changed) == (30, 0, 1, 3)
    assert str(second) == "31 sessions listed by Hedy · 4 fetched · 1 new · 3 changed · 11 requests"


def test_new_counts_over_a_stop(hedy: Hedy, history: History) -> None:
    """A sync that goes on with a stopped one counts what both brought, once."""
    _stop_at(history, 20)
    with pytest.raises(Offline):
        hedy.archive.sync()
    history.before = lambda _: None

    done = hedy.archive.sync()

    assert done.resumed
    assert (done.new, done.changed) == (30, 0)


def _stop_at(history: History, at: int) -> None:
    def stop(number: int) -> None:
        if number >= at:
            raise httpx.ConnectError("gone")

    history.before = stop


# Clocks ------------------------------------------------------------------------

CLOCKS = pytest.mark.parametrize("ahead", [-1, -400, 365, 4000], ids=lambda days: f"{days} days")


@CLOCKS
def test_clock_decides_nothing(hedy: Hedy, history: History, clock: Clock, ahead: int) -> None:
    """With a clock set back or forward, gone is gone, back is back, and what came last is shown."""
    hedy.archive.sync()
    clock.ahead = timedelta(days=ahead)
    history.details["sess_000003"] |= {"title": "Second", "recap": "second"}
    lost = history.details.pop("sess_000007")
    topic = history.topics.pop()

    assert hedy.archive.sync().gone == 1
    assert "sess_000007" not in set(hedy.archive.sessions()["session_id"])
    assert len(hedy.archive.todos()) == len(hedy.archive.highlights()) == 29
    assert hedy.archive.topics()["name"].tolist() == ["Alpha"]
    clock.ahead = timedelta(days=-ahead)
    history.details["sess_000003"] |= {"title": "Third", "recap": "third"}
    history.details["sess_000007"] = lost
    history.topics.append(topic)
    done = hedy.archive.sync()

    assert (done.back, done.gone) == (1, 0)
    assert len(hedy.archive.sessions()) == len(hedy.archive.todos()) == 30
    assert len(hedy.archive.topics()) == 2
    versions = hedy.archive.history("sess_000003")
    assert versions.query("field == 'recap'")["text"].tolist() == ["third", "second", "Recap of number3."]
    assert versions.query("field == 'title'")["text"].tolist() == ["Third", "Second", "Meeting 3"]
    assert versions.query("field in ['recap', 'title']")["replaced_at"].isna().tolist() == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert hedy.archive.synced_at() == pytest.approx(clock(), abs=timedelta(minutes=1))


@CLOCKS
@pytest.mark.parametrize("full", [False, True])
def test_stopped_sync_goes_on_whatever_the_clock_says(
    hedy: Hedy, history: History, clock: Clock, ahead: int, full: bool
) -> None:
    """A stopped sync is gone on with after the clock was set: nothing is asked for twice, and nothing is left out."""
    _stop_at(history, 25)
    with pytest.raises(Offline):
        hedy.archive.sync(full=full)
    held = hedy.archive.counts()["with_details"]
    history.before = lambda _: None
    clock.ahead = timedelta(days=ahead) if ahead > -400 else timedelta(days=-1)

    found = asked(hedy, history, full=full)

    assert held > 5
    assert len(found) == 30 - held
    assert hedy.archive.counts()["with_details"] == 30


@CLOCKS
def test_young_meeting_after_the_clock_was_wrong(clock: Clock, ahead: int) -> None:
    """A meeting that was fetched under a wrong clock is asked for again under the right one while it is young."""
    history = History(3, youngest_days=2)
    with history.account_of() as hedy:
        clock.ahead = timedelta(days=ahead)
        hedy.archive.sync()
        clock.ahead = timedelta()

        assert asked(hedy, history) == list(history.details)


@pytest.mark.parametrize("history", [10], indirect=True)
@pytest.mark.parametrize("ahead", [1, 365, 4000])
def test_time_in_the_future_is_due(hedy: Hedy, history: History, clock: Clock, ahead: int) -> None:
    """What was last asked for in the future is due now, and from then on at growing distances again."""
    uncleaned(history, "sess_000009")
    clock.ahead = timedelta(days=ahead)
    hedy.archive.sync()
    clock.ahead = timedelta()

    assert asked(hedy, history) == ["sess_000009"]
    assert asked(hedy, history) == []
    clock.ahead = timedelta(days=1)
    assert asked(hedy, history) == ["sess_000009"]


# One session -------------------------------------------------------------------


@pytest.mark.parametrize("history", [10], indirect=True)
@pytest.mark.parametrize("which", ["sess_000009", "sess_000009 ", "Meeting 9", "meeting 9", "last~9"])
def test_one_session_is_asked_again(hedy: Hedy, history: History, which: str) -> None:
    """One session is asked for by id, title or place, whatever is held of it; nothing else is fetched."""
    hedy.archive.sync()
    renamed = which.startswith("sess")
    history.details["sess_000009"] |= {"recap": "Written again"} | ({"title": "Renamed"} if renamed else {})
    history.asked.clear()

    done = hedy.archive.sync(session=which)

    assert dict(history.fetched) == {"sess_000009": 1}
    assert (done.listed, done.fetched, done.new, done.changed, done.gone) == (1, 1, 0, 1, 0)
    assert str(done).startswith("1 session listed by Hedy · 1 fetched · 0 new · 1 changed · ")
    assert hedy.archive.search("written again")["session_id"].tolist() == ["sess_000009"]
    assert asked(hedy, history) == ["sess_000009"] * renamed  # its listed title is another one


def test_one_session_that_the_archive_does_not_hold(hedy: Hedy, history: History) -> None:
    """A session that is new to the archive comes too, also into an archive that is made for it."""
    done = hedy.archive.sync(session="last")

    assert (done.new, done.changed) == (1, 0)
    assert hedy.archive.sessions()["title"].tolist() == ["Meeting 0"]
    assert hedy.archive.synced_at() is None
    assert hedy.archive.sync().new == 29


@pytest.mark.parametrize("history", [6], indirect=True)
@pytest.mark.parametrize("which", ["Old friend", "old friend", "zebra_12345", "zebra_"])
def test_one_session_past_the_end_of_the_list(hedy: Hedy, history: History, which: str) -> None:
    """A session that only the archive still names is asked for by its title, its id or the start of it."""
    _, record = history.session(99, datetime.now(UTC) - timedelta(days=400))
    history.details["zebra_12345"] = record | {"sessionId": "zebra_12345", "title": "Old friend"}
    hedy.archive.sync()
    history.hidden = {"zebra_12345"}
    record["recap"] = history.details["zebra_12345"]["recap"] = "Written again"

    assert hedy.archive.sync(session=which).changed == 1
    assert hedy.archive.search("written again")["session_id"].tolist() == ["zebra_12345"]


def test_one_session_that_is_gone(hedy: Hedy, history: History) -> None:
    """Where Hedy says that the session is gone, it is marked; where it is there again, it comes back."""
    hedy.archive.sync()
    record = history.details.pop("sess_000009")

    assert hedy.archive.sync(session="sess_000009").gone == 1
    assert len(hedy.archive.sessions()) == 29
    history.details["sess_000009"] = record
    assert hedy.archive.sync(session="Meeting 9").back == 1
    assert len(hedy.archive.sessions()) == 30


@pytest.mark.parametrize("history", [10], indirect=True)
def test_one_session_and_not_an_answer(hedy: Hedy, history: History) -> None:
    """What is no word of Hedy's about the session is an error and changes nothing."""
    hedy.archive.sync()
    before = hedy.archive.sessions(details=True)
    for name, fault in NOT_ANSWERS.items():
        history.faults["/sessions/*"] = fault
        with case(name):
            with pytest.raises(HedyError):
                hedy.archive.sync(session="sess_000009")

            assert hedy.archive.sessions(details=True).equals(before)


def test_one_session_does_not_end_a_stopped_sync(hedy: Hedy, history: History) -> None:
    """A stopped sync is gone on with after one session was asked for in between."""
    _stop_at(history, 25)
    with pytest.raises(Offline):
        hedy.archive.sync()
    history.before = lambda _: None
    hedy.archive.sync(session="sess_000029")
    held = hedy.archive.counts()["with_details"]

    history.asked.clear()
    done = hedy.archive.sync()

    assert done.resumed
    assert len(history.fetched) == 30 - held
    assert "sess_000029" not in history.fetched


@pytest.mark.parametrize("arguments", [{"full": True}, {"details": False}, {"accept_gone": True}])
def test_one_session_goes_alone(hedy: Hedy, history: History, arguments: dict[str, bool]) -> None:
    """What means all sessions does not go with one of them, and nothing is asked."""
    with pytest.raises(UsageError):
        hedy.archive.sync(session="last", **arguments)
    for which in ("", "  ", 5):
        with pytest.raises(UsageError):
            hedy.archive.sync(session=which)  # type: ignore[arg-type]
    assert set(history.asked) <= {"/me"}


@pytest.mark.parametrize("start", ["2999-01-01T10:00:00Z", "9000-06-01T10:00:00Z", 32_503_680_000_000])
def test_meetings_far_ahead_are_bounded(clock: Clock, start: object) -> None:
    """Meetings that start in the far future are asked for again at growing distances, not all of them at every sync."""
    history = History(25)
    for record in history.details.values():
        record |= {"startTime": start, "endTime": None}
    with history.account_of() as hedy:
        hedy.archive.sync()
        for days in range(1, 4):
            history.asked.clear()
            clock.ahead = timedelta(days=days)
            hedy.archive.sync()
            assert 0 < history.fetched.total() <= sync_schedule.REPEATS


@pytest.mark.parametrize(("ahead_days", "expected"), [(-13, 1), (-15, 0), (0.1, 1), (3, 1), (13, 1), (15, 0), (400, 0)])
def test_young_is_two_weeks_in_both_directions(ahead_days: float, expected: int) -> None:
    """A meeting that starts some days ahead may be one with a wrong clock: it is asked for like a recent one."""
    history = History(3)
    record = history.details["sess_000001"]
    record["startTime"] = (datetime.now(UTC) + timedelta(days=ahead_days)).isoformat()
    with history.account_of() as hedy:
        hedy.archive.sync()
        history.asked.clear()
        hedy.archive.sync()

    assert history.fetched == Counter({"sess_000001": expected} if expected else {})


@pytest.mark.parametrize("history", [3], indirect=True)
@pytest.mark.parametrize("column", ["detail_at", "asked_at", "text_at"])
def test_damaged_times_are_an_error_of_the_archive(hedy: Hedy, history: History, column: str) -> None:
    """A time that cannot be read is an ArchiveError of the sync, never an error of SQLite."""
    uncleaned(history)
    hedy.archive.sync()
    for value in ("yesterday", "2026-03-01T10:00:00", ""):
        with closing(sqlite3.connect(hedy.archive.path)) as connection, connection:
            connection.execute(f"UPDATE sessions SET {column} = ?", (value,))  # noqa: S608  one of the columns above

        with case(value), suppress(ArchiveError):
            hedy.archive.sync()
