"""Todos with their due dates: what is overdue, and how old they are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from hedy_jupyter.account import current
from hedy_jupyter.analysis.meetings_of_todos import with_meeting
from hedy_jupyter.analysis.todo_due_dates import age_days, by_urgency, due, overdue, without_todos
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.schema import DTYPES

BERLIN = ZoneInfo("Europe/Berlin")
SESSIONS = build(
    "sessions",
    [
        {"sessionId": "s1", "title": "Late", "startTime": "2026-03-10T23:30:00Z"},  # in Berlin it is Wednesday the 11th
        {"sessionId": "s2", "title": "Noon", "startTime": "2026-03-20T12:00:00Z"},
        {"sessionId": "s3", "title": "Some day", "startTime": None},
    ],
)
TODOS = build(
    "todos",
    [
        {"id": "a", "text": "Call", "dueDate": "Tomorrow", "completed": False, "sessionId": "s1"},
        {"id": "b", "text": "Write", "dueDate": "Tomorrow", "completed": True, "sessionId": "s2"},
        {"id": "c", "text": "Plan", "dueDate": "March 15, 2026", "completed": None, "sessionId": "s9"},
        {"id": "d", "text": "Pay", "dueDate": "bis Freitag", "completed": False, "sessionId": "s9"},
        {"id": "e", "text": "Think", "dueDate": "ASAP", "completed": False, "sessionId": "s1"},
        {"id": "f", "text": "Rest", "dueDate": "", "completed": False, "sessionId": None},
        {"id": "g", "text": "Ask", "dueDate": None, "completed": False, "sessionId": "s3"},
    ],
)
TODOS.attrs["account"] = "demo"
DAYS = ["2026-03-12", "2026-03-21", "2026-03-15", None, None, None, None]
KINDS = ["relative", "relative", "exact", "relative", "vague", "none", "none"]


def days_of(found: pd.DataFrame) -> list[str | None]:
    """``due_on`` as text."""
    return [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in found["due_on"]]


def test_due_reads_each_todo_against_the_day_of_its_meeting() -> None:
    """The meeting's day is that of the display zone; a todo of an unknown meeting keeps only days with a year."""
    before = TODOS.copy(deep=True)
    found = due(TODOS, SESSIONS, zone=BERLIN)

    assert days_of(found) == DAYS
    assert list(found["due_kind"]) == KINDS
    assert (str(found["due_on"].dtype), found["due_kind"].dtype) == (
        "datetime64[us]",
        pd.Series([], dtype=DTYPES["text"]).dtype,
    )
    assert list(found.columns) == [*TODOS.columns, "due_on", "due_kind"]
    assert found.attrs == {"account": "demo", "due": {"unknown_meetings": 4}}
    pd.testing.assert_frame_equal(TODOS, before)
    assert TODOS.attrs == {"account": "demo"}


def test_the_zone_decides_which_day_the_meeting_was() -> None:
    """Half past eleven in UTC is the next day in Berlin; times that were localised keep their own zone."""
    in_utc = due(TODOS, SESSIONS, zone=UTC)
    localised = SESSIONS.assign(start_time=SESSIONS["start_time"].dt.tz_convert("America/New_York"))

    assert days_of(in_utc)[0] == "2026-03-11"
    assert days_of(due(TODOS, localised, zone=BERLIN))[0] == "2026-03-11"


@pytest.mark.parametrize(
    ("todos", "sessions"),
    [
        (TODOS.merge(SESSIONS, on="session_id", how="left"), None),
        (TODOS.set_index("session_id"), SESSIONS),
        (TODOS, SESSIONS.set_index("session_id")),
        (TODOS, pd.concat([SESSIONS, SESSIONS])),
        (TODOS, pd.concat([SESSIONS.assign(start_time=pd.NaT), SESSIONS])),
        (TODOS, pd.read_csv(StringIO(SESSIONS.to_csv(index=False)))),
        (
            pd.read_csv(StringIO(TODOS.to_csv(index=False))),
            SESSIONS.assign(start_time=SESSIONS["start_time"].dt.tz_localize(None)),
        ),
        (TODOS.astype("object"), SESSIONS.astype("object")),
        (TODOS.assign(due_on="x", due_kind=1), SESSIONS.sample(frac=1, random_state=1)),
        (TODOS.set_index(pd.Index([1, 1, 2, 2, 3, 3, 3])), SESSIONS),
    ],
    ids=[
        "merged",
        "index",
        "sessions index",
        "twice",
        "untimed twin",
        "sessions csv",
        "todos csv",
        "object",
        "replaced",
        "odd index",
    ],
)
def test_frames_of_any_origin_are_read_alike(todos: pd.DataFrame, sessions: pd.DataFrame | None) -> None:
    """Merged, indexed, repeated and re-read frames give the same days, on the index they had."""
    found = due(todos, sessions, zone=BERLIN)

    assert days_of(found) == DAYS
    assert list(found["due_kind"]) == KINDS
    assert found.index.equals(todos.index)


def test_merged_times_help_where_the_meetings_do_not() -> None:
    """A meeting that is missing in the sessions is taken from the todo's own start_time."""
    merged = TODOS.merge(SESSIONS, on="session_id", how="left")

    assert days_of(due(merged, SESSIONS.iloc[:0], zone=BERLIN)) == DAYS
    assert days_of(due(TODOS, None, zone=BERLIN)) == [None, None, "2026-03-15", None, None, None, None]


def test_a_todo_without_a_meeting_is_not_of_a_meeting_without_an_id() -> None:
    """Two missing ids are not the same meeting."""
    todos, sessions = TODOS.assign(session_id=None), SESSIONS.assign(session_id=None)

    assert due(todos, sessions, zone=BERLIN).attrs["due"] == {"unknown_meetings": len(TODOS)}


def test_cells_of_a_table_program_are_read() -> None:
    """Where a CSV file made numbers of ids and dates of due dates, they are read as what they were."""
    todos = pd.DataFrame({"session_id": [1, 2, 3], "due_date": [pd.Timestamp("2026-03-15"), 20260316, float("nan")]})
    sessions = pd.DataFrame({"session_id": ["1", "2", "3"], "start_time": ["2026-03-11T10:00:00Z"] * 3})

    found = due(todos.astype({"due_date": "object"}), sessions, zone=BERLIN)

    assert days_of(found) == ["2026-03-15", "2026-03-16", None]
    assert found.attrs["due"] == {"unknown_meetings": 0}


def test_empty_frames_stay_empty() -> None:
    """No todos give no rows, with the columns and dtypes of many."""
    found = due(TODOS.iloc[:0], SESSIONS, zone=BERLIN)

    assert (len(found), str(found["due_on"].dtype)) == (0, "datetime64[us]")
    assert found["due_kind"].dtype == due(TODOS, None, zone=BERLIN)["due_kind"].dtype
    assert len(overdue(found, zone=BERLIN)) == 0
    assert str(age_days(TODOS.iloc[:0], None, zone=BERLIN)["age_days"].dtype) == "Int64"


def test_what_is_missing_is_named() -> None:
    """A frame without its columns is an error of one line that names the column."""
    with pytest.raises(UsageError, match="due_date"):
        due(TODOS.drop(columns="due_date"), SESSIONS, zone=BERLIN)
    with pytest.raises(UsageError, match="start_time"):
        due(TODOS, SESSIONS.drop(columns="start_time"), zone=BERLIN)
    with pytest.raises(UsageError, match="due_on"):
        overdue(TODOS, zone=BERLIN)


@pytest.mark.parametrize(
    ("as_of", "late"),
    [
        (date(2026, 3, 12), {}),
        (date(2026, 3, 13), {"a": 1}),
        (date(2026, 3, 16), {"a": 4, "c": 1}),
        (datetime(2026, 3, 15, 23, 30, tzinfo=UTC), {"a": 4, "c": 1}),
        (date(2026, 6, 1), {"a": 81, "c": 78}),
    ],
)
def test_overdue_are_open_todos_before_the_day(as_of: date, late: dict[str, int]) -> None:
    """Open todos, and those whose state is missing, are overdue from the day after their last one, the oldest first."""
    todos = due(TODOS, SESSIONS, zone=BERLIN).iloc[::-1]
    found = overdue(todos, as_of=as_of, zone=BERLIN)

    assert dict(zip(found["todo_id"], found["overdue_days"], strict=True)) == late
    assert str(found["overdue_days"].dtype) == "Int64"
    assert found.attrs == todos.attrs
    assert set(found.index) == {TODOS.index[TODOS["todo_id"] == todo][0] for todo in late}


def test_overdue_counts_from_today_in_the_zone() -> None:
    """Without a day it is today's: at half past eleven in UTC Berlin is a day ahead."""
    todos = due(TODOS, SESSIONS, zone=BERLIN)
    now = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)

    assert list(overdue(todos, zone=BERLIN, now=now)["todo_id"]) == ["a"]
    assert list(overdue(todos, zone=UTC, now=now)["todo_id"]) == []


def test_overdue_reads_a_frame_from_csv() -> None:
    """Days that come back as text, flags as objects, and a frame without flags work the same."""
    todos = due(TODOS, SESSIONS, zone=BERLIN)
    from_csv = pd.read_csv(StringIO(todos.to_csv(index=False)))
    unflagged = todos.drop(columns="completed")

    assert list(overdue(from_csv, as_of=date(2026, 4, 1), zone=BERLIN)["todo_id"]) == ["a", "c"]
    assert list(overdue(unflagged, as_of=date(2026, 4, 1), zone=BERLIN)["todo_id"]) == ["a", "c", "b"]


def test_age_is_days_since_the_meeting() -> None:
    """Age counts days of the zone's calendar, and is missing where the meeting is not known."""
    found = age_days(TODOS, SESSIONS, zone=BERLIN, now=datetime(2026, 3, 21, 23, 30, tzinfo=UTC))

    assert found["age_days"].astype("object").where(found["age_days"].notna(), None).tolist() == [
        11,
        2,
        None,
        None,
        11,
        None,
        None,
    ]
    assert str(found["age_days"].dtype) == "Int64"
    assert found.attrs == TODOS.attrs


def test_the_demo_account_is_read() -> None:
    """Of the demo's todos every phrase that names a day is read, and no relative day is before its meeting."""
    hedy = hj.demo()
    todos, sessions = hedy.todos(), hedy.sessions(limit=None)
    found = due(todos, sessions, zone=BERLIN)
    meetings = (
        todos["session_id"]
        .map(dict(zip(sessions["session_id"], sessions["start_time"], strict=True)))
        .dt.tz_convert(BERLIN)
    )

    assert found.attrs["due"] == {"unknown_meetings": 0}
    assert set(found.loc[found["due_kind"] == "vague", "due_date"]) == {
        "ASAP",
        "before the next meeting",
        "so bald wie möglich",
        "なるべく早く",
        "尽快",
        "dès que possible",
    }
    assert found.loc[found["due_kind"] == "exact", "due_on"].notna().all()
    assert not (found["due_on"] < meetings.dt.tz_localize(None).dt.normalize()).any()


# Meetings, urgency, and meetings without todos --------------------------------

MEETINGS = pd.DataFrame(
    {
        "session_id": ["s1", "s2", "s3", None],
        "title": ["Weekly", None, "Retro", "Lost"],
        "start_time": pd.to_datetime(
            ["2026-03-02T23:30Z", "2026-03-03T09:00Z", None, "2026-03-04"], format="mixed", utc=True
        ),
        "topic_id": ["t1", "t2", None, None],
        "topic_name": ["One", "Two", None, None],
    }
)
PROMISES = pd.DataFrame(
    {
        "todo_id": ["a", "b", "c", "d", "e"],
        "text": ["A", "B", "C", "D", "E"],
        "session_id": ["s1", "s2", "s3", "s9", None],
        "topic_id": [None, "t9", None, None, None],
        "topic_name": [None, "Nine", None, None, None],
    },
    index=[3, 3, 5, 7, 9],
)


def test_with_meeting() -> None:
    """Title and local start of the meeting are added, and the topic where the todo has none; unknown is missing."""
    found = with_meeting(PROMISES, MEETINGS, zone=ZoneInfo("Europe/Berlin"))

    assert found.columns.tolist() == [*PROMISES.columns, "session_title", "session_start"]
    assert found["session_title"].fillna("-").tolist() == ["Weekly", "-", "Retro", "-", "-"]
    assert found["session_start"].iloc[0] == pd.Timestamp("2026-03-03T00:30", tz="Europe/Berlin")
    assert found["session_start"].notna().tolist() == [True, True, False, False, False]
    assert found["topic_id"].fillna("-").tolist() == ["t1", "t9", "-", "-", "-"]
    assert found["topic_name"].fillna("-").tolist() == ["One", "Nine", "-", "-", "-"]
    assert found.index.tolist() == PROMISES.index.tolist()
    assert found.attrs["with_meeting"] == {"unknown_meetings": 2}
    assert with_meeting(PROMISES.head(0), MEETINGS, zone=UTC).shape == (0, 7)
    bare = with_meeting(PROMISES[["todo_id", "session_id"]], MEETINGS.head(0), zone=UTC)
    assert bare[["session_title", "session_start", "topic_name"]].isna().all().all()


def test_by_urgency() -> None:
    """The most urgent comes first, the earliest day of each urgency; done ones and those without a day come last."""
    days = [f"2026-03-{day}" if day else None for day in ("20", "", "10", "09", "17", "01", "09", "11")]
    frame = pd.DataFrame(
        {"todo_id": list("abcdefgh"), "due_on": pd.to_datetime(days), "completed": [False] * 5 + [True, None, False]}
    )
    found = by_urgency(frame, zone=UTC, now=datetime(2026, 3, 10, 12, tzinfo=UTC))

    assert list(zip(found["todo_id"], found["urgency"], strict=True)) == [
        ("d", "overdue"), ("g", "overdue"), ("c", "today"), ("h", "soon"), ("e", "soon"), ("a", "later"),
        ("b", "undated"), ("f", "done"),
    ]  # fmt: skip
    assert by_urgency(frame.head(0), zone=UTC)["urgency"].tolist() == []
    with pytest.raises(UsageError, match="no due_on"):
        by_urgency(frame[["todo_id"]], zone=UTC)


def test_without_todos() -> None:
    """A meeting has none where no todo names it; a meeting whose todos are not known is left out and counted."""
    sessions = pd.concat([MEETINGS, MEETINGS.head(1).assign(session_id="s4")], ignore_index=True)
    read_at = datetime(2026, 3, 3, tzinfo=UTC)

    found = without_todos(sessions, PROMISES)
    assert found["session_id"].tolist() == ["s4"]
    assert found.attrs["without_todos"] == {"unknown": 1}
    early = without_todos(sessions, PROMISES.head(1), read_at=read_at)
    assert early["session_id"].tolist() == ["s3", "s4"]
    assert early.attrs["without_todos"] == {"unknown": 2}
    counted = sessions.assign(todo_count=pd.array([0, 2, None, 0, 0], dtype="Int64"))
    assert without_todos(counted)["session_id"].fillna("-").tolist() == ["s1", "-", "s4"]
    assert without_todos(counted).attrs["without_todos"] == {"unknown": 1}
    with pytest.raises(UsageError, match="are not known"):
        without_todos(sessions)


def test_known_todos(api: Any, hedy: Hedy) -> None:
    """Without an argument the list of todos that was read last counts; meetings after that are not known."""
    row = {"sessionId": "s1", "title": "Weekly", "startTime": "2026-03-02T10:00:00Z"}
    api.answers["/sessions"] = {
        "data": [row, {**row, "sessionId": "s2"}, {**row, "sessionId": "s3", "startTime": "2999-01-01T10:00:00Z"}]
    }
    api.answers["/todos"] = {"data": [{"id": "a", "text": "A", "sessionId": "s1"}]}
    sessions = hedy.sessions()
    current.use(hedy)
    with pytest.raises(UsageError, match="are not known"):
        sessions.hedy.without_todos()

    hedy.todos()

    assert sessions.hedy.without_todos()["session_id"].tolist() == ["s2"]
    assert sessions.hedy.without_todos().attrs["without_todos"] == {"unknown": 1}
