"""What a user says for a time → an instant: ``last tuesday``, ``2026-03``, ``7d``, ``2026-03-15T14:30``, ``gestern``.

One rule for all of it: every value is a span of time, from its first instant up to, not including, its end.

- A day, week, month, quarter or year is a span of the display zone's calendar. Weeks begin on Monday.
- An instant (a datetime, a time of day, ``7d``, ``now``) is a span of one microsecond, the finest step of a frame.

``since`` takes the first instant, ``until`` the end, and rows are kept where ``since <= start_time < until``. So a bare day as ``until``
holds that whole day, and an exact instant holds what starts at that instant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType

import numpy as np
import pandas as pd

from hedy_jupyter.dates import time_of_day
from hedy_jupyter.dates.periods import LENGTHS, first_of, next_after, present, utc
from hedy_jupyter.errors import UsageError

When = str | date | datetime | pd.Timestamp
"""What a user says for a time."""
Found = tuple[datetime, str]
"""A moment, and what it stands for: ``time`` for itself, the ``day``, ``week``, ``month``, ``quarter`` or ``year`` around it, or a
part of that day: ``morning``, ``afternoon``, ``evening``, ``night``.

Without a time zone the moment is on the wall clock of the display zone.
"""

_ADVICE = 'Write for example 2026-03-15, 2026-03, "last tuesday", yesterday or 7d.'
_INSTANT = timedelta(microseconds=1)
_LONGEST = 80  # characters; no date is longer, and a page of text must not reach the parser
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_SHORT_FORMS: Mapping[str, str] = MappingProxyType(
    {"tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday", "sept": "september"}
)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NEAR_DAYS: Mapping[str, int] = MappingProxyType({"yesterday": -1, "today": 0, "tomorrow": 1})
_SHORT_UNITS: Mapping[str, str] = MappingProxyType(
    {"m": "minute", "h": "hour", "d": "day", "w": "week", "wk": "week", "mo": "month", "q": "quarter", "y": "year", "yr": "year"}
)
_MINUTES: Mapping[str, int] = MappingProxyType({"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60})
_MONTHS_IN: Mapping[str, int] = MappingProxyType({"month": 1, "quarter": 3, "year": 12})
UNITS = (*_MINUTES, *_MONTHS_IN)
PERIODS = ("week", *_MONTHS_IN)

_BACK = re.compile(r"(\d+(?:\.\d+)?) ?(?:(m|h|d|w|q|y)|(mo|wk|yr)s?)")
_COUNTED = re.compile(rf"((?:last|past) )?(\d+|[a-z]+) ({'|'.join(UNITS)})s?( ago)?")
_NAMED = re.compile(r"(?:(last|this|next) )?([a-z]+)(?: (\d{4}))?")
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
    """The first instant of *value*, or with *end* its exclusive end, in UTC with microseconds.

    Args:
        value: a date, datetime, ``pd.Timestamp`` or ``np.datetime64`` (in *zone* where it has none), or text:

            - ISO 8601, ``2026-03``, ``2026``;
            - ``7d``, ``24h``, ``2 weeks``, ``90m``: exactly that long before *now*;
            - ``1y``, ``a month``, ``3 days ago``, ``last 7 days``: the day that is so far back, or the last one of its month;
            - ``today``, ``last tuesday`` (the newest before today), ``tuesday`` (the newest, today included), ``last week``, ``march`` (the
              newest, this month included);
            - the same in other languages (``vor einem Monat``, ``先週``), and each day with a time of day (``gestern 15 Uhr``).
        zone: the display time zone, in which days begin and end.
        now: the present; by default the clock's.
        end: give the end, for an inclusive ``until``.

    Raises:
        UsageError: *value* is not a time.
    """
    try:
        return _ends(value, zone, present(now, zone))[end]
    except (ValueError, OverflowError):
        raise UsageError(f"{_short(value)} is not a time.", advice=_ADVICE) from None


def window(
    since: object | None, until: object | None, *, zone: tzinfo, now: datetime | None = None
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """The first instant of *since* and the exclusive end of *until*, both in UTC, read at one present; None stays None.

    Raises:
        UsageError: one of them is not a time, or *since* begins when *until* is over.
    """
    read_at = present(now, zone)
    first = None if since is None else instant(since, zone=zone, now=read_at)
    end = None if until is None else instant(until, zone=zone, now=read_at, end=True)
    if first is not None and end is not None and end <= first:
        raise UsageError(
            f"since={_short(since)} is after until={_short(until)}: no time lies between them.", advice="Give the earlier one as since."
        )
    return first, end


def day(value: object, *, zone: tzinfo, now: datetime | None = None) -> date:
    """The day of the display zone on which *value* begins, worded as for ``instant``.

    Raises:
        UsageError: *value* is not a time.
    """
    return instant(value, zone=zone, now=now).tz_convert(zone).date()


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _ends(value: object, zone: tzinfo, present: datetime) -> tuple[pd.Timestamp, pd.Timestamp]:
    moment, period = _found(value, present)
    if period == "time":
        start = utc(moment, zone)
        return start, start + _INSTANT
    if period in time_of_day.PARTS:
        midnight = first_of(moment, "day")
        begin, end = (utc(midnight + timedelta(hours=hour), zone) for hour in time_of_day.PARTS[period])
        return begin, end
    first = first_of(moment, period)
    return utc(first, zone), utc(next_after(first, period), zone)


def _found(value: object, present: datetime) -> Found:
    if isinstance(value, np.datetime64):
        value = str(value)  # its unit says what is meant: "2026-03" is a month, "2026-03-15" a day
    if isinstance(value, datetime):
        return value, "time"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day), "day"
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError
    if _MONTHS_OR_MINUTES.fullmatch(value.strip()):
        number = value.strip()[:-1].strip()
        raise UsageError(f"{value!r} may be months or minutes.", advice=f"Write {number}mo for months, or {number}m for minutes.")
    text = " ".join(value.split()).lower()
    wall = present.replace(tzinfo=None)
    return _iso(text) or _counted_back(text, present) or _named(text, wall) or _in_words(text, present)


# Reading text: each gives what it finds, or None for what it does not know -----


def _iso(text: str) -> Found | None:
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


def _counted_back(text: str, present: datetime) -> Found | None:
    """``now``; ``7d``, ``2 weeks`` and shorter units exactly; ``1y``, ``a month`` and ``3 days ago`` as the day that is so far back."""
    if text == "now":
        return present, "time"
    if match := _BACK.fullmatch(text):
        return counted([(float(match[1]), _SHORT_UNITS[match[2] or match[3]])], present)
    match = _COUNTED.fullmatch(text)
    number = _number(match[2]) if match else None
    return counted([(number, match[3])], present, by_day=bool(match[1] or match[4])) if match and number else None


def counted(count: Sequence[tuple[float, str]], present: datetime, *, by_day: bool = False, sign: int = -1) -> Found:
    """What lies so many units, such as ``(3, "month")``, before the present, or after it with *sign* 1.

    Hours and minutes are exact, and so are days (of 24 hours) and weeks, unless *by_day* asks for the day. Months, quarters and years are
    those of the calendar, and give the day: the same one of that month, or its last.
    """
    months = sum(number * _MONTHS_IN[unit] for number, unit in count if unit in _MONTHS_IN)
    minutes = sum(number * _MINUTES[unit] for number, unit in count if unit in _MINUTES)
    is_exact = any(unit in ("minute", "hour") for _, unit in count) or not (by_day or months)
    if is_exact and not months:
        return present.astimezone(UTC) + sign * timedelta(minutes=minutes), "time"
    if months != int(months):
        raise ValueError
    moment = pd.Timestamp(present.replace(tzinfo=None)) + sign * pd.DateOffset(months=int(months))
    return moment + sign * timedelta(minutes=minutes), "time" if is_exact else "day"


def _number(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    if word in ("a", "an"):
        return 1
    return NUMBERS.index(word) + 1 if word in NUMBERS else None


def _named(text: str, wall: datetime) -> Found | None:
    """``yesterday``, ``last tuesday``, ``this week``, ``march 2026``."""
    match = _NAMED.fullmatch(text)
    if not match:
        return None
    which, name, year = match.groups()
    weekday, month = _place(name, _WEEKDAYS), _place(name, MONTHS)
    if month is not None and not (which and year):
        return datetime(int(year) if year else month_year(month + 1, which, wall), month + 1, 1), "month"
    if year:
        return None
    if weekday is not None:
        return wall + timedelta(days=weekday_distance(weekday - wall.weekday(), which)), "day"
    if which and name in LENGTHS:
        return _neighbour(which, name, wall), name
    return (wall + timedelta(days=_NEAR_DAYS[name]), "day") if name in _NEAR_DAYS and not which else None


def _place(name: str, names: tuple[str, ...]) -> int | None:
    """The place of *name* among *names*, whole or as its usual short form: of "mond" and "marc" it is not clear what they begin."""
    known = _SHORT_FORMS.get(name, name)
    return next((place for place, whole in enumerate(names) if known in (whole, whole[:3])), None)


def month_year(month: int, which: str | None, wall: datetime) -> int:
    """The year of the newest such *month*, this one included, or with *which* of the last or next one."""
    if which == "next":
        return wall.year + (month <= wall.month)
    return wall.year - (month >= wall.month if which == "last" else month > wall.month)


def weekday_distance(ahead: int, which: str | None) -> int:
    """Days from today to the weekday that is *ahead* in this week: the newest, today included, before today, or the first after today."""
    match which:
        case "last":
            return ahead % 7 - 7
        case "next":
            return ahead % 7 or 7
        case _:
            return -(-ahead % 7)


def _neighbour(which: str, period: str, wall: datetime) -> datetime:
    first = first_of(wall, period)
    match which:
        case "last":
            return first - timedelta(days=1)
        case "next":
            return next_after(first, period)
        case _:
            return first


def _in_words(text: str, present: datetime) -> Found:
    """Words of any language, with or without a time of day."""
    at = time_of_day.split(text)
    if at is not None:
        with suppress(ValueError):  # "vor 2h" is no time of day, and a zone behind the time is for dateparser
            return at_time(*at, present), "time"
    if _AMBIGUOUS.fullmatch(text):
        raise ValueError
    part = time_of_day.part(text)
    return _read_words(text, present) if part is None else _in_part(text, *part, present)


def _read_words(text: str, present: datetime) -> Found:
    from hedy_jupyter.dates import relative, relative_fallback

    return relative.read(text, present) or relative_fallback.read(text, present)


def _in_part(text: str, words: str, part: str, present: datetime) -> Found:
    """The *part* of the day that *text* means, which is understood whole or without it, as *words*."""
    try:
        moment, period = _read_words(text, present)
    except ValueError:
        if not words:
            raise
        moment, period = _found(words, present)
    if period != "day":
        raise ValueError
    return moment, part


def at_time(words: str, time: time, days: int, present: datetime) -> datetime:
    """The moment at *time* of the day that *words* mean, so many *days* later; without any words the newest one."""
    wall = present.replace(tzinfo=None)
    if not words:
        today = datetime.combine(wall, time) + timedelta(days=days)
        return today if today <= wall else today - timedelta(days=1)
    moment, period = _found(words, present)
    if period != "day" and period not in time_of_day.PARTS:
        raise ValueError
    return datetime.combine(moment, time) + timedelta(days=days)
