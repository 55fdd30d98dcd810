"""English words for times, looking back: ``7d``, ``two weeks ago``, ``last tuesday``, ``march 2026``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.dates.periods import LENGTHS, MONTHS_IN, first_of, next_after

Span = tuple[datetime, str]
"""A moment, and the span around it that is meant: ``time`` for the moment itself, ``day``, ``week``, ``month``,
``quarter``, ``half``, ``year``, or a part of that day: ``morning``, ``afternoon``, ``evening``, ``night``.

Without a time zone the moment is on the wall clock of the display zone.
"""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_SHORT_FORMS: Mapping[str, str] = MappingProxyType(
    {"tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday", "sept": "september"}
)

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_NEAR_DAYS: Mapping[str, int] = MappingProxyType({"yesterday": -1, "today": 0, "tomorrow": 1})

_SHORT_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "m": "minute",
        "h": "hour",
        "d": "day",
        "w": "week",
        "wk": "week",
        "mo": "month",
        "q": "quarter",
        "y": "year",
        "yr": "year",
    }
)

_MINUTES: Mapping[str, int] = MappingProxyType({"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60})

UNITS = (*_MINUTES, *MONTHS_IN)

_BACK = re.compile(r"(\d+(?:\.\d+)?) ?(?:(m|h|d|w|q|y)|(mo|wk|yr)s?)")

_COUNTED = re.compile(rf"((?:last|past) )?(\d+|[a-z]+) ({'|'.join(UNITS)})s?( ago)?")

_NAMED = re.compile(r"(?:(last|this|next) )?([a-z]+)(?: (\d{4}))?")


_TENS: Mapping[str, int] = MappingProxyType({"": 0, "twenty": 20, "thirty": 30})
_ORDINALS: Mapping[str, int] = MappingProxyType(
    {
        **{
            f"{ten}{'-' * bool(ten)}{word}": number + place
            for ten, number in _TENS.items()
            for place, word in enumerate(
                ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"), start=1
            )
        },
        **{
            word: place
            for place, word in enumerate(
                (
                    "tenth",
                    "eleventh",
                    "twelfth",
                    "thirteenth",
                    "fourteenth",
                    "fifteenth",
                    "sixteenth",
                    "seventeenth",
                    "eighteenth",
                    "nineteenth",
                    "twentieth",
                ),
                start=10,
            )
        },
        "thirtieth": 30,
    }
)
_ORDINAL = "|".join(sorted((word.replace("-", "[- ]") for word in _ORDINALS), key=len, reverse=True))
_MONTH = "|".join(f"{month[:3]}[a-z]*" for month in MONTHS)
_DAY_OF_MONTH = re.compile(rf"(?:the )?({_ORDINAL})(?: day)?(?: of)? ({_MONTH})(,? \d{{4}})?")
_MONTH_AND_DAY = re.compile(rf"({_MONTH})(?: the)? ({_ORDINAL})(,? \d{{4}})?")


def with_day_number(text: str) -> str:
    """Return ``1 november`` for ``the first of november`` and ``november the first``; another text as it is."""
    if found := _DAY_OF_MONTH.fullmatch(text):
        day, month, year = found.groups()
    elif found := _MONTH_AND_DAY.fullmatch(text):
        month, day, year = found.groups()
    else:
        return text
    return f"{_ORDINALS[day.replace(' ', '-')]} {month}{(year or '').replace(',', '')}"


def counted_back(text: str, present: datetime) -> Span | None:
    """Return what ``now``, ``7d`` or ``3 days ago`` says at *present*; None where *text* is no such count.

    ``7d``, ``2 weeks`` and shorter units are exact; ``1y``, ``a month`` and ``3 days ago`` are the day so far back.
    """
    if text == "now":
        return present, "time"
    if match := _BACK.fullmatch(text):
        return counted([(float(match[1]), _SHORT_UNITS[match[2] or match[3]])], present)
    match = _COUNTED.fullmatch(text)
    number = _number(match[2]) if match else None
    return counted([(number, match[3])], present, by_day=bool(match[1] or match[4])) if match and number else None


def counted(count: Sequence[tuple[float, str]], present: datetime, *, by_day: bool = False, sign: int = -1) -> Span:
    """Return what is so many units, such as ``(3, "month")``, before the present, or after it with *sign* 1.

    Hours and minutes are exact, and so are days (of 24 hours) and weeks, unless *by_day* asks for the day. Months,
    quarters and years are those of the calendar, and give the day: the same one of that month, or its last.

    Raises:
        ValueError: a part of a month is asked for.
    """
    months = sum(number * MONTHS_IN[unit] for number, unit in count if unit in MONTHS_IN)
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


def named(text: str, wall: datetime) -> Span | None:
    """Return what ``last tuesday``, ``this week`` or ``march 2026`` says; None where *text* names no day or period."""
    match = _NAMED.fullmatch(text)
    if not match:
        return None
    which, name, year = match.groups()
    weekday, month = _index(name, WEEKDAYS), _index(name, MONTHS)
    if month is not None and not (which and year):
        return datetime(int(year) if year else month_year(month + 1, which, wall), month + 1, 1), "month"
    if year:
        return None
    if weekday is not None:
        return wall + timedelta(days=weekday_distance(weekday - wall.weekday(), which)), "day"
    if which and name in LENGTHS:
        return _period(which, name, wall), name
    return (wall + timedelta(days=_NEAR_DAYS[name]), "day") if name in _NEAR_DAYS and not which else None


def _index(name: str, names: tuple[str, ...]) -> int | None:
    """Return where *name*, whole or in its usual short form, is among *names*; "mond" and "marc" are nowhere."""
    known = _SHORT_FORMS.get(name, name)
    return next((index for index, whole in enumerate(names) if known in (whole, whole[:3])), None)


def month_year(month: int, which: str | None, wall: datetime) -> int:
    """Return the year of the newest such *month*, this one included; with *which* of the ``last`` or ``next`` one."""
    if which == "next":
        return wall.year + (month <= wall.month)
    return wall.year - (month >= wall.month if which == "last" else month > wall.month)


def weekday_distance(ahead: int, which: str | None) -> int:
    """Return the days from today to a weekday, which in this week is so many days *ahead*.

    With *which* ``last`` it is the newest before today, with ``next`` the first after today, else the newest with today
    included.
    """
    match which:
        case "last":
            return ahead % 7 - 7
        case "next":
            return ahead % 7 or 7
        case _:
            return -(-ahead % 7)


def _period(which: str, period: str, wall: datetime) -> datetime:
    first = first_of(wall, period)
    match which:
        case "last":
            return first - timedelta(days=1)
        case "next":
            return next_after(first, period)
        case _:
            return first
