"""The day that a due date names: for each form of a due date a function from the day of the meeting to that day."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from hedy_jupyter.dates import periods
from hedy_jupyter.dates.number_tokens import day_and_month
from hedy_jupyter.dates.tokens import Token, Values, month_and_day_in

Find = Callable[[date], date | None]
"""The meeting's day → the day that is meant, or None where it is not clear."""


class Preposition(NamedTuple):
    """The words before or after a due date.

    Attributes:
        is_limit: "by", "before": the day is the last one.
        is_before: "before", so that a period is over when it begins.
        is_introduced: an article, or one of these words.
    """

    is_limit: bool
    is_before: bool
    is_introduced: bool


_SAID_FOR_WEEKS = (8, 15)  # days: in acht Tagen, dans quinze jours
_DAYS_IN = {"day": 1, "idiom_day": 1, "week": 7}
_FRIDAY, _SUNDAY = 4, 6
# So near to its meeting is a due date whose century is left out.
_BEFORE, _AFTER = timedelta(days=60), timedelta(days=2 * 366)


# Relative to the meeting -------------------------------------------------------


def near_day(values: Values, _: Preposition) -> Find:
    """Find "today", "tomorrow"."""
    return lambda day: day + timedelta(days=values[Token.NEAR_DAY])


def weekday(values: Values, _: Preposition) -> Find:
    """Find "Friday": the first one after the meeting."""
    return lambda day: first_weekday(values[Token.WEEKDAY], day)


def first_weekday(number: int, day: date) -> date:
    """Return the first weekday of this *number* (0 is Monday) after *day*."""
    return day + timedelta(days=(number - day.weekday()) % 7 or 7)


def this_weekday(values: Values, _: Preposition) -> Find:
    """Find "this Friday", which may be the day of the meeting, and "coming Friday", which is not."""
    return lambda day: first_weekday(values[Token.WEEKDAY], day - timedelta(days=Token.THIS in values))


def next_weekday(values: Values, _: Preposition) -> Find:
    """Find "next Friday", where the first one is in another week, whether weeks begin on Monday or on Sunday."""

    def find(day: date) -> date | None:
        found, one = first_weekday(values[Token.WEEKDAY], day), timedelta(days=1)
        is_same_week = _monday(found) == _monday(day) or _monday(found + one) == _monday(day + one)
        return None if is_same_week else found

    return find


def weekday_of_week(values: Values, _: Preposition) -> Find:
    """Find "Friday next week", if it is not over."""
    ahead, number = values[Token.WEEKDAY_OF_WEEK]

    def find(day: date) -> date | None:
        found = _monday(day) + timedelta(days=7 * ahead + number)
        return found if found >= day else None

    return find


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def period(values: Values, preposition: Preposition) -> Find:
    """Find the last day of "this month", "next week"; of "by next week" none."""
    ahead, unit = values[Token.PERIOD]
    if Token.FROM_NOW in values and ahead:
        return no_day(values, preposition)
    if preposition.is_before or (preposition.is_limit and ahead):
        return no_day(values, preposition)
    return lambda day: _last_day(day, ahead, unit)


def period_end(values: Values, _: Preposition) -> Find:
    """Find "end of next month"."""
    return lambda day: _last_day(day, *values[Token.PERIOD_END])


def last_workday_of_period(values: Values, _: Preposition) -> Find:
    """Find "last business day of the month"."""

    def find(day: date) -> date | None:
        end = _last_day(day, *values[Token.PERIOD_WORKDAY])
        return end and _workday_until(end)

    return find


def _workday_until(day: date) -> date:
    """Return *day*, or the Friday before it where it is on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - _FRIDAY))


def day_of_period(values: Values, _: Preposition) -> Find | None:
    """Find "the 3rd of next month", which is in no other period."""
    (ahead, unit), number = values[Token.PERIOD], _day_number(values)
    if unit != "month":
        return None

    def find(day: date) -> date | None:
        first = _months_after(day.replace(day=1), ahead)
        found = periods.date_if_any(first.year, first.month, number)
        return found if found and found >= day else None

    return find


def nth_weekday(values: Values, _: Preposition) -> Find | None:
    """Find "first Friday of next month", "last Monday in March"."""
    number = values[Token.NTH] if Token.NTH in values else values[Token.ORDINAL]
    weekday_number = values[Token.WEEKDAY]
    ahead, unit = values[Token.PERIOD] if Token.PERIOD in values else (0, values.get(Token.UNIT, "month"))
    if unit != "month":
        return None

    def find(day: date) -> date | None:
        if Token.MONTH in values:
            years = [values[Token.YEAR]] if Token.YEAR in values else [day.year, day.year + 1]
            months = [date(year, values[Token.MONTH], 1) for year in years]
        else:
            first = _months_after(day.replace(day=1), ahead)
            months = [first] if Token.PERIOD in values else [first, _months_after(first, 1)]
        days = (_nth_of_month(number, weekday_number, month) for month in months)
        return next((found for found in days if found and found >= day), None)

    return find


def _nth_of_month(number: int, weekday_number: int, first: date) -> date | None:
    """Return the weekday that is so many in the month that begins on *first*, with -1 its last one."""
    if number < 0:
        return first_weekday(weekday_number, _month_end(first) - timedelta(days=7))
    found = first_weekday(weekday_number, first - timedelta(days=1)) + timedelta(days=7 * (number - 1))
    return found if found.month == first.month else None


def _last_day(day: date, ahead: int, unit: str) -> date | None:
    """Return the last day of the period around *day*, or of one so many periods *ahead*; of a week its Friday."""
    if unit == "week":
        return None if not ahead and day.weekday() > _FRIDAY else _monday(day) + timedelta(days=7 * ahead + _FRIDAY)
    return periods.moved(datetime(day.year, day.month, day.day), ahead + 1, unit).date() - timedelta(days=1)


def weekend(values: Values, preposition: Preposition) -> Find:
    """Find the Sunday of "the weekend"; "before" it the Friday, and "by" it none."""
    if preposition.is_before:
        return lambda day: _last_day(day, 0, "week")
    if preposition.is_limit:
        return no_day(values, preposition)
    return lambda day: _monday(day) + timedelta(days=_SUNDAY)


def no_day(_values: Values, _: Preposition) -> Find:
    """Find no day: careful people would take what is said for different ones."""
    return lambda _: None


def duration(values: Values, _: Preposition) -> Find:
    """Find "in three weeks"."""
    return lambda day: _after(day, *values[Token.DURATION])


def later(values: Values, preposition: Preposition) -> Find:
    """Find "a week from Friday", "ten days after March 15"."""
    more = values[Token.LATER] if Token.LATER in values else values[Token.DURATION]
    if Token.WEEKDAY in values:
        base: Find | date = weekday(values, preposition)
    elif Token.NEAR_DAY in values:
        base = near_day(values, preposition)
    else:
        base = values[Token.DATE] if Token.DATE in values else month_and_day(values, preposition)

    def find(day: date) -> date | None:
        found = base if isinstance(base, date) else base(day)
        return found and _after(found, *more)

    return find


def weekday_later(values: Values, _: Preposition) -> Find:
    """Find "Friday week", a week after the coming one."""
    return lambda day: first_weekday(values[Token.WEEKDAY_LATER], day) + timedelta(days=7)


def weekday_after(values: Values, _: Preposition) -> Find:
    """Find "Friday in two weeks", where counting from today and from the coming Friday ends in the same week."""
    number, unit = values[Token.DURATION]

    def find(day: date) -> date | None:
        found = first_weekday(values[Token.WEEKDAY], day) + timedelta(days=7 * number)
        is_same = unit == "week" and _monday(found) == _monday(day + timedelta(days=7 * number))
        return found if is_same else None

    return find


def _after(day: date, number: int, unit: str) -> date | None:
    """Return the day so much time after *day*; hours count only as whole days, as the meeting's hour is not known."""
    if not number or (unit == "idiom_day" and number in _SAID_FOR_WEEKS) or (unit == "hour" and number % 24):
        return None
    if unit == "workday":
        return date.fromisoformat(str(np.busday_offset(day, number, roll="backward")))
    if unit in periods.MONTHS_IN:
        return _months_after(day, number * periods.MONTHS_IN[unit])
    return day + timedelta(days=number // 24 if unit == "hour" else number * _DAYS_IN[unit])


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return min(first + timedelta(days=day.day - 1), _month_end(first))


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


# On the calendar ---------------------------------------------------------------


def whole_date(values: Values, _: Preposition) -> date:
    """Return the date that is written in full."""
    found: date = values[Token.DATE]
    return found


def short_date(values: Values, _: Preposition) -> Find:
    """Find a date with two digits of its year, where no reader could take it for another one near the meeting.

    20-03-26 is a day of 2026 to most, and of 2020 to those who write the year in front.
    """
    first, second, last = values[Token.SHORT_DATE]
    said = day_and_month(first, second, 2000 + last)
    other = periods.date_if_any(2000 + first, second, last)

    def find(day: date) -> date | None:
        near = {found for found in (said, other) if found and day - _BEFORE <= found <= day + _AFTER}
        return said if near == {said} else None

    return find


def month_and_day(values: Values, _: Preposition) -> Find | date:
    """Find "March 15", or return the date where the year is said."""
    month, day = month_and_day_in(values)
    if Token.YEAR in values:
        return date(values[Token.YEAR], month, day)
    return yearly(month, day)


def yearly(month: int, day: int) -> Find:
    """Find the next such day, the meeting's own included.

    Raises:
        ValueError: no year has it.
    """
    date(2000, month, day)  # a leap year

    def find(since: date) -> date | None:
        years = range(since.year, since.year + periods.LEAP_YEARS_APART + 1)
        return next(
            (found for year in years if (found := periods.date_if_any(year, month, day)) and found >= since), None
        )

    return find


def day_of_month(values: Values, preposition: Preposition) -> Find | None:
    """Find "the 15th"; None where the number may be another one."""
    if Token.ORDINAL in values and not preposition.is_introduced:
        return None
    number = _day_number(values)

    def find(since: date) -> date | None:
        months = (divmod(since.year * 12 + since.month - 1 + ahead, 12) for ahead in range(3))
        days = (periods.date_if_any(year, month + 1, number) for year, month in months)
        return next((found for found in days if found and found >= since), None)

    return find


def _day_number(values: Values) -> int:
    number: int = values[Token.ORDINAL] if Token.ORDINAL in values else values[Token.DAY]
    return number


def week_of(values: Values, preposition: Preposition) -> Find | None:
    """Find the Friday of "the week of March 16"; "by" that week none, nor of a Sunday, which begins some weeks."""
    if preposition.is_limit:
        return no_day(values, preposition)
    if Token.DATE in values or Token.YEAR in values:
        said: Find | date | None = values[Token.DATE] if Token.DATE in values else month_and_day(values, preposition)
    elif Token.MONTH in values or Token.MONTH_DAY in values:
        said = month_and_day(values, preposition)
    else:
        said = day_of_month(values, Preposition(is_limit=False, is_before=False, is_introduced=True))

    def find(since: date) -> date | None:
        found = said if isinstance(said, date) or said is None else said(_monday(since))
        if found is None or found.weekday() > _FRIDAY:
            return None
        return _monday(found) + timedelta(days=_FRIDAY)

    return find


def last_workday(values: Values, preposition: Preposition) -> Find | date:
    """Find the last working day of a month, or return it where the year is said."""
    end = end_on_calendar(values, preposition)
    if isinstance(end, date):
        return _workday_until(end)

    def find(since: date) -> date | None:
        found = end(since)
        return found and _workday_until(found)

    return find


def year_end(values: Values, _: Preposition) -> date | None:
    """Return the last day of the year in "year-end 2027"."""
    ahead, unit = values[Token.PERIOD_END]
    return None if ahead or unit != "year" else date(values[Token.YEAR], 12, 31)


def end_on_calendar(values: Values, _: Preposition) -> Find | date:
    """Find the last day of a month, quarter or year by its name, or return it where the year is said."""
    if Token.MONTH in values:
        month = values[Token.MONTH]
    else:
        month = 3 * values[Token.QUARTER] if Token.QUARTER in values else 6 * values.get(Token.HALF, 2)

    def end(year: int) -> date:
        return _month_end(date(year, month, 1))

    if Token.YEAR in values:
        return end(values[Token.YEAR])
    return lambda since: end(since.year) if end(since.year) >= since else end(since.year + 1)


def calendar_week(values: Values, _: Preposition) -> Find | date:
    """Find the Friday of a week of the calendar, or the weekday that is said; return it where the year is said."""
    year, week = values[Token.CALENDAR_WEEK]
    number = values.get(Token.WEEKDAY, _FRIDAY) + 1
    if year:
        return date.fromisocalendar(year, week, number)

    def find(since: date) -> date:
        this_year = since.isocalendar().year
        found = date.fromisocalendar(this_year, week, number)
        return found if found >= since else date.fromisocalendar(this_year + 1, week, number)

    return find
