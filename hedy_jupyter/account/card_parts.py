"""Parts that the cards of several records share: titles, facts, sections, colours, times and lengths in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from hedy_jupyter import kinds
from hedy_jupyter.changes.colors import is_hex
from hedy_jupyter.display.page import Body, Fact, Items
from hedy_jupyter.display.table import Table
from hedy_jupyter.frames.timezones import clock_span
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import hours_and_minutes, short_day

if TYPE_CHECKING:
    import pandas as pd


def first_line(*titles: str | None) -> str:
    """Return the first of *titles* that is not blank."""
    return next((line for title in titles if title and (line := one_line(title))), "")


def facts(*rows: tuple[str, str | None]) -> list[Fact]:
    """Return those of *rows* that have a value."""
    return [Fact(label, value) for label, value in rows if value]


def sections(*rows: tuple[str, Body]) -> list[tuple[str, Body]]:
    """Return those of *rows* that hold something."""
    return [(heading, body) for heading, body in rows if _holds_something(body)]


def _holds_something(body: Body) -> bool:
    match body:
        case Items(entries):
            return bool(entries)
        case Table():
            return bool(body.rows)
        case _:
            return bool(body.text.strip())


def color(value: object) -> str | None:
    """Return *value* where it is ``#RRGGBB`` and nothing else, so that it is safe in a style."""
    return value if isinstance(value, str) and is_hex(value) else None


def topic_color(record: Mapping[str, object]) -> str | None:
    """Return the colour of the topic within a session or a todo, which no column of their frames has."""
    return color(kinds.topic_in(record).get("color"))


def with_spaces(name: str | None) -> str | None:
    """Return an identifier of the API with spaces: ``team meeting``."""
    return name.replace("_", " ") if name else None


def time(moment: pd.Timestamp | None, zone: tzinfo) -> str | None:
    """Return a moment in *zone*: ``Tue 24 Nov 2026 16:00 CET``."""
    if moment is None:
        return None
    local = moment.tz_convert(zone)
    return f"{day(local)} {clock_span(local, is_named=True)}"


def duration(minutes: float | None) -> str | None:
    """Return a number of minutes as ``1 h 15 min``."""
    return None if minutes is None else hours_and_minutes(minutes)


def span(start: pd.Timestamp | None, end: pd.Timestamp | None, zone: tzinfo) -> str | None:
    """Return start to end in *zone*; the end with its day only where that is another one."""
    if start is None or end is None:
        return time(start, zone)
    start, end = start.tz_convert(zone), end.tz_convert(zone)
    clocks = clock_span(start, end, is_named=True, write_day=partial(short_day, year=start.year))
    return f"{day(start)} {clocks}"


def day(local: date) -> str:
    """Return a day with its year: ``Tue 24 Nov 2026``."""
    return short_day(local, 0)


def due(on: date | None, prose: str, year: int) -> str:
    """Return when a todo is due: its day, with the year where that is not *year*, else the *prose* in which it is."""
    return f"due {short_day(on, year)}" if on else f"due: {prose}" if prose else ""
