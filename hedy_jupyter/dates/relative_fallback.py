"""Times in the languages that ``spoken`` has no words for: what ``dateparser`` says, where nothing in the text speaks against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from hedy_jupyter.dates import fallback_languages, periods, time_of_day
from hedy_jupyter.dates.english import Span
from hedy_jupyter.text.fold import fold

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 3  # letters; "5 men", "5 let" and "5 any" are months and years somewhere
_ZONES = "utc|gmt|z|wes?t|ces?t|ees?t|bst|msk|ist|[ecmpj]st|[ecmp]dt|kst|ae[sd]t|nz[sd]t"
_ZONE = re.compile(rf"(?<![a-z])(?:{_ZONES})(?![a-z])|[+-]\d\d:?\d\d")


def guess(text: str, present: datetime, at_time: Callable[[str, time, int, datetime], datetime]) -> Span:
    """What dateparser reads in *text*, set right where it is known to be wrong.

    *at_time* gives a time of the day that words mean.

    Of a time of day it is asked for the zone behind it only: of "march 3pm" it would make a day of march.

    Raises:
        ValueError: nothing, or what may as well be something else: a word that is no name, a number that it leaves out.
    """
    from dateparser.date import DateDataParser

    wall = present.replace(tzinfo=None)
    # What it counts from now keeps these microseconds, what it reads from a calendar has none: so the two can be told
    # apart.
    base = wall.replace(microsecond=wall.microsecond or 1)
    settings = {"PREFER_DATES_FROM": "past", "RETURN_TIME_AS_PERIOD": True, "RELATIVE_BASE": base}
    data = DateDataParser(languages=fallback_languages.all_codes(), settings=settings).get_date_data(text)
    moment, period = data.date_obj, data.period
    if moment is None or period not in ("time", "day", *periods.NAMES):
        raise ValueError
    is_counted = bool(moment.microsecond)
    if moment.tzinfo and (zone := _ZONE.search(text)) and (at := time_of_day.split(text[: zone.start()].strip())):
        return at_time(*at, present).replace(tzinfo=moment.tzinfo), "time"
    if moment.tzinfo or (period == "time" and not is_counted):
        raise ValueError
    if not _names(text, is_counted=is_counted) or not _shows(text, moment, base):
        raise ValueError
    if period == "time" and fallback_languages.has_name(text):  # "yesterday 9 hours": it counts both
        raise ValueError
    if is_counted and period in periods.NAMES and (re.search(r"\d", text) or not _is_calendar(text, data.locale)):
        return moment, "day"  # "för en månad sedan" is a day, "förra månaden" a month; both come as a month
    if not is_counted and moment.date() == wall.date() - timedelta(days=7) and not re.search(r"\d", text):
        return wall, "day"  # on a Wednesday "onsdag" comes as the one a week ago
    return moment, period


def _names(text: str, *, is_counted: bool) -> bool:
    """Whether *text* names a day or month, is a date in numbers, or counts in words that are no others."""
    words, has_number = _WORD.findall(text), bool(re.search(r"\d", text))
    if not words:
        return True
    if has_number and is_counted:
        return len(words) > 1 or not words[0].isascii() or len(words[0]) > _SHORT
    if has_number:
        return fallback_languages.has_month(text)
    return fallback_languages.is_name(text) if len(words) == 1 else is_counted or fallback_languages.has_name(text)


def _is_calendar(text: str, code: str | None) -> bool:
    return any(words in fold(text) for words in fallback_languages.periods(code or "en"))


def _shows(text: str, moment: datetime, base: datetime) -> bool:
    """Whether every number of *text* is in *moment*, or in how far it is from *base*: what dateparser does not understand it leaves out."""
    shown = {float(value) for value in _parts(moment, base)}
    return all(
        float(number.replace(",", ".")) in shown or {float(part) for part in re.split("[.,]", number)} <= shown
        for number in _NUMBER.findall(text)
    )


def _parts(moment: datetime, base: datetime) -> Iterator[float]:
    if not moment.microsecond:
        yield from (moment.year, moment.year % 100, moment.month, moment.day, (moment.month + 2) // 3)
        return
    months = abs(12 * (base.year - moment.year) + base.month - moment.month)
    yield from (months, months % 12, months // 12)
    seconds = abs((base - moment).total_seconds())
    yield from (round(seconds / size, 2) for size in (60, 3600, 86400, 7 * 86400))
    yield from (seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60)
