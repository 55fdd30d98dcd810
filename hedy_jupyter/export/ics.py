"""ICS: meetings as a calendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd

from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.cells import Row, rows
from hedy_jupyter.frames.normalize import LONGEST_MIN
from hedy_jupyter.text.clean import lines, one_line

if TYPE_CHECKING:
    from icalendar import Event

_LONGEST = timedelta(minutes=LONGEST_MIN)


def to_ics(df: pd.DataFrame, *, zone: tzinfo) -> str:
    """Return the sessions of *df* as a calendar: an event each, in UTC, with title, recap and topic.

    Needs ``session_id`` and ``start_time``. Sessions without a start are left out, and those of unknown length have no
    end. The same frame gives the
    same text: the stamp of an event is its start, and its UID comes from the session's id, so that a calendar that
    reads it again updates its events. Naive times are in UTC, those after ``localize`` in their zone.

    Raises:
        UsageError: *df* has no column of ids.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//hedy_jupyter//meetings//EN")
    calendar.add("version", "2.0")
    for row in rows(df, "sessions", zone).values():
        if row.get("start_time") is not None:
            calendar.add_component(_event(row, _second(row["start_time"])))
    text: str = calendar.to_ical().decode()
    return text


def _event(row: Row, start: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{quote(row['session_id'], safe='')}@hedy.invalid")
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
