"""Ranges of time in a user's words: from the first instant of ``last tuesday``, ``2026-03``, ``7d`` up to its end.

One rule for all of it: every value is a span of time, from its first instant up to, not including, its end.

- A day, week, month, quarter or year is a span of the display zone's calendar. Weeks begin on Monday.
- An instant (a datetime, a time of day, ``7d``, ``now``) is a span of one microsecond, the finest step of a frame.

``since`` takes the first instant, ``until`` the end, and rows are kept where ``since <= start_time < until``. So a bare
day as ``until`` holds that whole day, and an exact instant holds what starts at that instant.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo

import numpy as np
import pandas as pd

from hedy_jupyter.dates import relative_fallback, relative_languages, time_of_day
from hedy_jupyter.dates.periods import first_of, next_after, present, utc
from hedy_jupyter.dates.relative_english import Span, counted_back, named, with_day_number
from hedy_jupyter.errors import UsageError

When = str | date | datetime | pd.Timestamp
"""A time in a user's words, or a date or datetime."""

_ADVICE = 'Examples: 2026-03-15, 2026-03, "last tuesday", yesterday, 7d.'
_INSTANT = timedelta(microseconds=1)
_LONGEST_TEXT = 80  # characters; no date is longer, and a page of text must not reach the parser

_YEAR = re.compile(r"\d{4}")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_YEAR_WEEK = re.compile(r"(\d{4})-?w(\d{2})")
_END_OF_DAY = re.compile(r"([\dw-]{7,10})[t ]24(?::?00){0,2}(?:[.,]0+)?(z|[+-]\d\d:?\d\d)?")
_AFTER_24 = re.compile(r"\d[t ]24:?[0-5]\d")
_MONTHS_OR_MINUTES = re.compile(r"\d+(?:\.\d+)? ?M")
_DAY_FIRST = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")  # with dots the day is first wherever it is written
# 03/04/2026 is two different days in two countries, and dateparser makes a month of "12" and of "the 5th".
_AMBIGUOUS = re.compile(r"(the )?\d+(st|nd|rd|th|\.)?|\d{1,2}[/.-]\d{1,2}(\b.*)?")


def instant(value: object, *, zone: tzinfo, now: datetime | None = None, end: bool = False) -> pd.Timestamp:
    """Return the first instant of *value*, or with *end* its exclusive end, in UTC with microseconds.

    Args:
        value: a date, datetime, ``pd.Timestamp`` or ``np.datetime64`` (in *zone* where it has none), or text:

            - ISO 8601, ``2026-03``, ``2026``;
            - ``7d``, ``24h``, ``2 weeks``, ``90m``: exactly that long before *now*;
            - ``1y``, ``a month``, ``3 days ago``, ``last 7 days``, ``past week``: the day that is so far back, or the
              last one of its month;
            - ``today``, ``last tuesday`` (the newest before today), ``tuesday`` (the newest, today included), ``last
              week``, ``march``, ``Q3``, ``H1`` (the newest that has begun), ``beginning of the year``;
            - the same in other languages (``vor einem Monat``, ``先週``), and each day with a time of day (``gestern 15
              Uhr``).
        zone: the display time zone, in which days begin and end.
        now: the present; by default the clock's.
        end: give the end, for an inclusive ``until``.

    Raises:
        UsageError: *value* cannot be read as a date or time.
    """
    try:
        return _first_and_end(value, zone, present(now, zone))[end]
    except (ValueError, OverflowError):
        raise UsageError(f"Can't read {_short(value)} as a date.", advice=_ADVICE) from None


def window(
    since: object | None, until: object | None, *, zone: tzinfo, now: datetime | None = None
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Return the first instant of *since* and the exclusive end of *until*, both in UTC; None stays None.

    Raises:
        UsageError: one of them is not a time, or *since* begins when *until* is over.
    """
    read_at = present(now, zone)
    first = None if since is None else instant(since, zone=zone, now=read_at)
    end = None if until is None else instant(until, zone=zone, now=read_at, end=True)
    if first is not None and end is not None and end <= first:
        raise UsageError(
            f"since={_short(since)} is after until={_short(until)}: the range is empty.",
            advice="Give the earlier one as since.",
        )
    return first, end


def day(value: object, *, zone: tzinfo, now: datetime | None = None) -> date:
    """Return the day of the display zone on which *value*, as for ``instant``, begins.

    Raises:
        UsageError: *value* cannot be read as a date or time.
    """
    return instant(value, zone=zone, now=now).tz_convert(zone).date()


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _first_and_end(value: object, zone: tzinfo, present: datetime) -> tuple[pd.Timestamp, pd.Timestamp]:
    moment, period = _span(value, present)
    if period == "time":
        start = utc(moment, zone)
        return start, start + _INSTANT
    if period in time_of_day.PARTS:
        midnight = first_of(moment, "day")
        begin, end = (utc(midnight + timedelta(hours=hour), zone) for hour in time_of_day.PARTS[period])
        return begin, end
    first = first_of(moment, period)
    return utc(first, zone), utc(next_after(first, period), zone)


def _span(value: object, present: datetime) -> Span:
    if isinstance(value, np.datetime64):
        value = str(value)  # its unit says what is meant: "2026-03" is a month, "2026-03-15" a day
    if isinstance(value, datetime):
        return value, "time"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day), "day"
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise ValueError
    if _MONTHS_OR_MINUTES.fullmatch(value.strip()):
        number = value.strip()[:-1].strip()
        raise UsageError(
            f"{value!r} may be months or minutes.", advice=f"Write {number}mo for months, or {number}m for minutes."
        )
    text = with_day_number(" ".join(value.split()).lower())
    wall = present.replace(tzinfo=None)
    return _iso(text) or counted_back(text, present) or named(text, wall) or _in_words(text, present)


# Reading text: each function returns a span, or None where the text is not of its form -----


def _iso(text: str) -> Span | None:
    if _YEAR.fullmatch(text):
        return datetime(int(text), 1, 1), "year"
    if match := _YEAR_MONTH.fullmatch(text):
        return datetime(int(match[1]), int(match[2]), 1), "month"
    if match := _YEAR_MONTH_DAY.fullmatch(text):
        return datetime(int(match[1]), int(match[2]), int(match[3])), "day"
    if match := _DAY_FIRST.fullmatch(text):
        return datetime(int(match[3]), int(match[2]), int(match[1])), "day"
    if match := _YEAR_WEEK.fullmatch(text):
        return datetime.fromisocalendar(int(match[1]), int(match[2]), 1), "week"
    if match := _END_OF_DAY.fullmatch(text):
        return datetime.fromisoformat(f"{match[1]}T00:00{match[2] or ''}".upper()) + timedelta(days=1), "time"
    if _AFTER_24.search(text):
        raise ValueError
    with suppress(ValueError):
        day = date.fromisoformat(text.upper())
        return datetime(day.year, day.month, day.day), "day"
    with suppress(ValueError):
        return datetime.fromisoformat(text.upper()), "time"
    return None


def _in_words(text: str, present: datetime) -> Span:
    """Return what words of any language say, with or without a time of day."""
    at = time_of_day.split(text)
    if at is not None:
        with suppress(ValueError):  # "vor 2h" is no time of day, and a zone behind the time is for dateparser
            return at_time(*at, present), "time"
    if _AMBIGUOUS.fullmatch(text):
        raise ValueError
    part = time_of_day.part(text)
    return _read_words(text, present) if part is None else _in_part(text, *part, present)


def _read_words(text: str, present: datetime) -> Span:
    return relative_languages.read_relative(text, present) or relative_fallback.guess(text, present, at_time)


def _in_part(text: str, words: str, part: str, present: datetime) -> Span:
    """Return the *part* of the day that *text* means; *words* is the text without it."""
    try:
        moment, period = _read_words(text, present)
    except ValueError:
        if not words:
            raise
        moment, period = _span(words, present)
    if period != "day":
        raise ValueError
    return moment, part


def at_time(words: str, time: time, days: int, present: datetime) -> datetime:
    """Return the moment at *time* of the day that *words* mean, so many *days* later; without words the newest one."""
    wall = present.replace(tzinfo=None)
    if not words:
        today = datetime.combine(wall, time) + timedelta(days=days)
        return today if today <= wall else today - timedelta(days=1)
    moment, period = _span(words, present)
    if period != "day" and period not in time_of_day.PARTS:
        raise ValueError
    return datetime.combine(moment, time) + timedelta(days=days)
