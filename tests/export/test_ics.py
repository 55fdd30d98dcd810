"""Meetings as a calendar that other programs read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from packaging.version import Version

from hedy_jupyter import Hedy, HedyFrame
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import ics, tabular
from hedy_jupyter.export.ics import to_ics
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.timezones import localize
from hedy_jupyter.text import clean

OLD_READER = pytest.mark.skipif(
    Version(version("icalendar")) < Version("7.2"), reason="it reads categories otherwise; it writes the same bytes"
)
BERLIN = ZoneInfo("Europe/Berlin")
SESSIONS = build(
    "sessions_detailed",
    [
        {
            "sessionId": "sess_1",
            "title": "Kick-off; who, what \\ when",
            "startTime": "2026-03-29T00:30:00.953635Z",
            "endTime": "2026-03-29T01:15:00.9Z",
            "duration": 45,
            "recap": "First line.\nSecond: a, b; c\\d",
            "topic": {"id": "t1", "name": "Lamp, red"},
        },
        {"sessionId": "sess_2", "title": "No start", "duration": 30},
        {"sessionId": "sess_3", "title": None, "startTime": "2026-03-10T10:00:00Z", "duration": 0.5},
        {"sessionId": "sess_4", "title": " ", "startTime": "2026-03-09T10:00:00Z"},
    ],
)


def events(df: pd.DataFrame) -> list[Any]:
    """The events of the calendar of *df*, read by the library; none of them has an error in it."""
    calendar = Calendar.from_ical(to_ics(df, zone=BERLIN))
    found = list(calendar.walk("VEVENT"))
    assert [error for component in (calendar, *found) for error in component.errors] == []
    return found


def facts(event: Any) -> dict[str, object]:
    """What an event says, as plain values."""
    times = {name: event.decoded(name) for name in event if name.startswith("DT")}
    return {name: str(event[name]) for name in event} | times | {"CATEGORIES": event.categories}


@OLD_READER
def test_a_meeting_is_an_event() -> None:
    """Title, recap and topic come back whole; times are in UTC and whole seconds; events do not show as busy time."""
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)

    assert facts(events(SESSIONS)[0]) == {
        "UID": "sess_1@hedy.invalid",
        "DTSTAMP": start,
        "DTSTART": start,
        "DTEND": datetime(2026, 3, 29, 1, 15, tzinfo=UTC),
        "SUMMARY": "Kick-off; who, what \\ when",
        "DESCRIPTION": "First line.\nSecond: a, b; c\\d",
        "CATEGORIES": ["Lamp, red"],
        "TRANSP": "TRANSPARENT",
    }


def test_what_is_not_known_is_left_out() -> None:
    """A meeting without a start is no event; without a title it is untitled; without a length it has no end."""
    found = events(SESSIONS)

    assert [str(event["UID"]) for event in found] == [
        "sess_1@hedy.invalid",
        "sess_3@hedy.invalid",
        "sess_4@hedy.invalid",
    ]
    assert [str(event["SUMMARY"]) for event in found[1:]] == ["Untitled session", "Untitled session"]
    assert found[1].decoded("DTEND") == datetime(2026, 3, 10, 10, 0, 30, tzinfo=UTC)
    assert {"DTEND", "DESCRIPTION", "CATEGORIES"}.isdisjoint(found[2])


@pytest.mark.parametrize(
    ("end", "minutes", "told"),
    [
        ("2026-03-10T10:20:00Z", 45, "10:20:00"),
        (None, 45, "10:45:00"),
        ("2026-03-10T09:00:00Z", 45, "10:45:00"),
        ("2026-03-10T10:00:00.9Z", None, None),
        ("2036-03-10T10:00:00Z", None, None),
        (None, 0.01, None),
        (None, 0, None),
        (None, -5, None),
        (None, 1e12, None),
        (None, -1e15, None),
        (None, None, None),
    ],
)
def test_the_end_is_later_than_the_start(end: str | None, minutes: float | None, told: str | None) -> None:
    """The end is the meeting's own, else start and length; an end that is not later, or a year later, is none."""
    frame = SESSIONS.iloc[[2]].assign(
        end_time=pd.to_datetime([end], utc=True, format="ISO8601"), duration_min=[minutes]
    )
    (event,) = events(frame)

    assert (f"{event.decoded('DTEND'):%H:%M:%S}" if "DTEND" in event else None) == told


def test_the_text_obeys_rfc_5545() -> None:
    """Every line ends with CR LF and has at most 75 octets, and every byte is UTF-8 without control characters."""
    frame = SESSIONS.assign(
        recap="Ünï 日本語 🎉 " * 60 + "\x00\x07\x1b[31m\u2028\x85\r\x0bend", title="t\r\nBEGIN:VEVENT\nUID:x\x00"
    )
    text = to_ics(frame, zone=BERLIN)
    lines = text.encode().split(b"\r\n")

    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", b"".join(lines))
    assert not re.search("[\x80-\x9f\u2028]", text)
    assert str(events(frame)[0]["SUMMARY"]) == "t BEGIN:VEVENT UID:x"
    assert str(events(frame)[0]["DESCRIPTION"]).endswith("🎉 \n\n\n\nend")


@OLD_READER
@settings(max_examples=75, deadline=None)
@given(st.text(st.one_of(st.sampled_from(list(",;:\\\"'\r\n\t ^n\u2028")), st.characters()), max_size=40))
def test_no_text_leaves_its_place(text: str) -> None:
    """Whatever a title, recap, topic or id holds, there is one event with our properties and no other."""
    assume("\\N" not in text)  # icalendar writes it rightly, and reads it as a line break
    cells = pd.Series([text], dtype="object")
    frame = (
        SESSIONS.iloc[[2]]
        .reset_index(drop=True)
        .assign(title=cells, recap=cells, topic_name=cells, session_id="x" + cells)
    )
    (event,) = events(frame)
    plain, line = clean.lines(text), clean.one_line(text)

    assert set(event) <= {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CATEGORIES", "TRANSP"}
    assert (str(event["SUMMARY"]), event.categories) == (line or "Untitled session", [line] if line else [])
    assert str(event.get("DESCRIPTION", "")) == plain.strip()
    assert re.fullmatch(r"[\x21-\x7e]+@hedy\.invalid", str(event["UID"]))


SHAPES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "csv": lambda df: pd.read_csv(io.StringIO(tabular.to_csv(df))),
    "objects": lambda df: df.astype("object"),
    "localised": lambda df: localize(df, "Asia/Kathmandu"),
    "naive": lambda df: df.assign(
        start_time=df["start_time"].dt.tz_localize(None), end_time=df["end_time"].dt.tz_localize(None)
    ),
    "ids in the index": lambda df: df.set_index("session_id"),
    "rows twice": lambda df: pd.concat([df, df]),
    "more columns": lambda df: df.assign(uid="x", dtstamp=1),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_frame_gives_the_calendar(shape: str) -> None:
    """A frame that was localised, merged, repeated or read from a file gives the same bytes, and stays as it was."""
    frame = SHAPES[shape](SESSIONS)
    before = frame.copy()

    assert to_ics(frame, zone=BERLIN) == to_ics(SESSIONS, zone=ZoneInfo("Asia/Tokyo"))
    pd.testing.assert_frame_equal(frame, before)


def test_a_list_without_details_and_an_empty_one() -> None:
    """Sessions without details are events with their length, and no session is a calendar without events."""
    plain = SESSIONS[["session_id", "title", "start_time", "duration_min"]]

    assert [event.decoded("DTEND").minute for event in events(plain)[:1]] == [15]
    assert events(plain.head(0)) == []
    with pytest.raises(UsageError, match="session_id"):
        to_ics(plain.drop(columns="session_id"), zone=UTC)


# Todos and the name ------------------------------------------------------------


def test_todos_are_tasks() -> None:
    """A todo is a task of its meeting, with the day that its due date names there, its state and its topic."""
    todos = build(
        "todos",
        [
            {"id": "a", "text": "Send; the samples", "dueDate": "Friday", "completed": False, "sessionId": "sess_1"},
            {"id": "b", "text": "Later", "dueDate": "soon", "completed": True, "sessionId": "sess_2"},
            {"id": "c", "text": None, "dueDate": "2026-05-01", "completed": None, "sessionId": "sess_9"},
        ],
    )
    text = HedyFrame(localize(SESSIONS, BERLIN)).to_ics(todos=todos)
    tasks = {str(task["UID"]): task for task in Calendar.from_ical(text).walk("VTODO")}
    first, second, third = (tasks[f"{ident}@hedy.invalid"] for ident in "abc")

    assert [error for task in tasks.values() for error in task.errors] == []
    assert (str(first["SUMMARY"]), str(first["DESCRIPTION"])) == ("Send; the samples", "Due: Friday")
    assert first.decoded("DUE") == date(2026, 4, 3)  # the Friday after Sunday, 29 March
    assert str(first["RELATED-TO"]) == "sess_1@hedy.invalid"
    assert first.decoded("DTSTAMP") == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert "DUE;VALUE=DATE:20260403" in text
    assert ("DUE" in second, "RELATED-TO" in second, str(second["STATUS"])) == (False, False, "COMPLETED")
    assert (third.decoded("DUE"), str(third["STATUS"])) == (date(2026, 5, 1), "NEEDS-ACTION")
    assert text == HedyFrame(localize(SESSIONS, BERLIN)).to_ics(todos=todos)


def test_the_calendar_has_a_name() -> None:
    """Programs show the name; one of several lines is one line."""
    plain, named = (Calendar.from_ical(to_ics(SESSIONS, zone=BERLIN, name=name)) for name in (ics.NAME, "Lamp,\r\nX"))

    assert str(plain["X-WR-CALNAME"]) == str(plain["NAME"]) == "Hedy meetings"
    assert str(named["X-WR-CALNAME"]) == "Lamp, X"


def test_export_has_todos_and_the_topic(demo: Hedy) -> None:
    """``hedy.export("ics")`` has the todos of its meetings, and is named after the topic."""
    calendar = Calendar.from_ical(demo.export("ics", topic="Hiring").text)

    assert str(calendar["NAME"]) == "Hedy: Hiring"
    assert len(calendar.walk("VTODO")) == len(demo.todos(topic="Hiring")) > 20
    assert 5 < sum("DUE" in task for task in calendar.walk("VTODO")) < 60
    assert str(Calendar.from_ical(demo.export("ics").text)["NAME"]) == "Hedy meetings"
