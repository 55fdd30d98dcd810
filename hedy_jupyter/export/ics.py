"""ICS: meetings as the events of a calendar, and todos as its tasks (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd

from hedy_jupyter.export.markdown_documents import days_of
from hedy_jupyter.export.tabular import flat
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.normalize import LONGEST_MIN
from hedy_jupyter.frames.plain_rows import Row, rows
from hedy_jupyter.text.clean import lines, one_line

if TYPE_CHECKING:
    from icalendar import Component, Event, Todo

NAME = "Hedy meetings"
"""The name of a calendar that is given no other."""
_NO_STAMP = datetime(1970, 1, 1, tzinfo=UTC)
"""The stamp of a task whose meeting is not known."""
_LONGEST = timedelta(minutes=LONGEST_MIN)


def to_ics(df: pd.DataFrame, *, zone: tzinfo, todos: pd.DataFrame | None = None, name: str = NAME) -> str:
    """Return the sessions of *df* as a calendar: an event each, in UTC, with title, recap and topic.

    *todos* are tasks in it, related to the event of their meeting, each with its day where the frame has ``due_on``;
    *name* is how programs show the calendar.

    Needs ``session_id`` and ``start_time``. Sessions without a start are left out, and those of unknown length have no
    end. The same frame gives the
    same text: the stamp of an event is its start, and its UID comes from the session's id, so that a calendar that
    reads it again updates its events. Naive times are in UTC, those after ``localize`` in their zone.

    Raises:
        UsageError: *df* has no column of ids.
    """
    return "".join(calendar_pieces([df], zone=zone, todos=todos, name=name))


def calendar_pieces(
    parts: Iterable[pd.DataFrame], *, zone: tzinfo, todos: pd.DataFrame | None = None, name: str = NAME
) -> Iterator[str]:
    """Yield the same calendar, an event or a task at a time; the sessions come in *parts*, which are not kept."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//hedy_jupyter//meetings//EN")
    calendar.add("version", "2.0")
    for label in ("name", "x-wr-calname"):  # RFC 7986, and what programs read in its place
        calendar.add(label, one_line(name) or NAME)
    head, end, tail = _text(calendar).rpartition("END:VCALENDAR")
    yield head
    starts: dict[str, datetime] = {}
    for df in parts:
        for ident, row in rows(df, "sessions", zone).items():
            if row.get("start_time") is not None:
                starts[ident] = _second(row["start_time"])
                yield _text(_event(row, starts[ident]))
    if todos is not None:
        days = days_of(flat(todos))
        for ident, row in rows(todos, "todos", zone).items():
            yield _text(_task(row, days.get(ident), starts))
    yield end + tail


def _text(component: Component) -> str:
    text: str = component.to_ical().decode()
    return text


def _event(row: Row, start: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", _uid(row["session_id"]))
    event.add("dtstamp", start)
    event.add("dtstart", start)
    end = _end(row, start)
    if end is not None:
        event.add("dtend", end)
    event.add("summary", one_line(row.get("title") or "") or UNTITLED["session"])
    if row.get("recap"):
        event.add("description", lines(row["recap"]).strip())
    if topic := one_line(row.get("topic_name") or ""):
        event.add("categories", [topic])
    event.add("transp", "TRANSPARENT")  # a past meeting must not show as busy time
    return event


def _task(row: Row, day: date | None, starts: Mapping[str, datetime]) -> Todo:
    from icalendar import Todo

    task, meeting = Todo(), row.get("session_id") or ""
    task.add("uid", _uid(row["todo_id"]))
    task.add("dtstamp", starts.get(meeting, _NO_STAMP))
    task.add("summary", one_line(row.get("text") or "") or UNTITLED["todo"])
    if day is not None:
        task.add("due", day)
    if words := one_line(row.get("due_date") or ""):
        task.add("description", f"Due: {words}")
    task.add("status", "COMPLETED" if row.get("completed") is True else "NEEDS-ACTION")
    if topic := one_line(row.get("topic_name") or ""):
        task.add("categories", [topic])
    if meeting in starts:
        task.add("related-to", _uid(meeting))
    return task


def _uid(ident: Any) -> str:
    return f"{quote(ident, safe='')}@hedy.invalid"


def _end(row: Row, start: datetime) -> datetime | None:
    """Return the end, which RFC 5545 requires to be later than *start*; None where the row has none."""
    end, minutes = row.get("end_time"), row.get("duration_min")
    ends = [_second(end)] if end is not None else []
    if minutes is not None and 0 < minutes <= LONGEST_MIN:
        ends.append((start + timedelta(minutes=minutes)).replace(microsecond=0))
    return next((end for end in ends if timedelta() < end - start <= _LONGEST), None)


def _second(moment: pd.Timestamp) -> datetime:
    """Return *moment* in UTC, without its fraction: a calendar has whole seconds."""
    return moment.to_pydatetime(warn=False).astimezone(UTC).replace(microsecond=0)
