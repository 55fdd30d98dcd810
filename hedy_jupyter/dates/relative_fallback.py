"""Fallback for relative times in languages without a table of words: what ``dateparser`` says, if the text fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from hedy_jupyter.dates import fallback_languages, periods, time_of_day
from hedy_jupyter.dates.relative_english import Span
from hedy_jupyter.text.fold import fold

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_SHORT_WORD = 3  # letters; "5 men", "5 let" and "5 any" are months and years somewhere
_ZONES = "utc|gmt|z|wes?t|ces?t|ees?t|bst|msk|ist|[ecmpj]st|[ecmp]dt|kst|ae[sd]t|nz[sd]t"
_ZONE = re.compile(rf"(?<![a-z])(?:{_ZONES})(?![a-z])|[+-]\d\d:?\d\d")


def guess(text: str, present: datetime, at_time: Callable[[str, time, int, datetime], datetime]) -> Span:
    """Return what dateparser reads in *text*, corrected where it is known to be wrong.

    Of a time of day only the zone behind it counts: "march 3pm" would become a day of March.

    Args:
        text: what a user says for a time.
        present: the present in the display zone.
        at_time: ``ranges.at_time``, which gives a time of the day that words mean.

    Raises:
        ValueError: it reads nothing, or the text may mean something else: it has a word that is no name, or a number
            that is not in the answer.
    """
    from dateparser.date import DateDataParser

    wall = present.replace(tzinfo=None)
    # A time that it counts from now keeps these microseconds, one that it reads from a calendar has none.
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
    if not _is_named(text, is_counted=is_counted) or not _has_all_numbers(text, moment, base):
        raise ValueError
    if period == "time" and fallback_languages.has_name(text):  # "yesterday 9 hours": it counts both
        raise ValueError
    if is_counted and period in periods.NAMES and (re.search(r"\d", text) or not _is_calendar(text, data.locale)):
        return moment, "day"  # "för en månad sedan" is a day, "förra månaden" a month; both come as a month
    if not is_counted and moment.date() == wall.date() - timedelta(days=7) and not re.search(r"\d", text):
        return wall, "day"  # on a Wednesday "onsdag" comes as the one a week ago
    return moment, period


def _is_named(text: str, *, is_counted: bool) -> bool:
    """Return whether *text* names a day or month, is a date in numbers, or counts in words that are no others."""
    words, has_number = _WORD.findall(text), bool(re.search(r"\d", text))
    if not words:
        return True
    if has_number and is_counted:
        return len(words) > 1 or not words[0].isascii() or len(words[0]) > _SHORT_WORD
    if has_number:
        return fallback_languages.has_month(text)
    return fallback_languages.is_name(text) if len(words) == 1 else is_counted or fallback_languages.has_name(text)


def _is_calendar(text: str, code: str | None) -> bool:
    return any(words in fold(text) for words in fallback_languages.periods(code or "en"))


def _has_all_numbers(text: str, moment: datetime, base: datetime) -> bool:
    """Return whether every number of *text* is in *moment*, or in its distance from *base*.

    What dateparser does not understand it leaves out.
    """
    shown = {float(value) for value in _numbers_of(moment, base)}
    return all(
        float(number.replace(",", ".")) in shown or {float(part) for part in re.split("[.,]", number)} <= shown
        for number in _NUMBER.findall(text)
    )


def _numbers_of(moment: datetime, base: datetime) -> Iterator[float]:
    """Yield the numbers that a text may say for *moment*: of the calendar, or counted from *base*."""
    if not moment.microsecond:
        yield from (moment.year, moment.year % 100, moment.month, moment.day, (moment.month + 2) // 3)
        return
    months = abs(12 * (base.year - moment.year) + base.month - moment.month)
    yield from (months, months % 12, months // 12)
    seconds = abs((base - moment).total_seconds())
    yield from (round(seconds / size, 2) for size in (60, 3600, 86400, 7 * 86400))
    yield from (seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60)
