"""What the pieces of a due date say together, as a day on the calendar of the meeting.

One rule for all of it: ``due_on`` is the last day on which what was promised is in time, and there is none where
careful people would note different days.

- A weekday is the first one after the meeting's day: who means today says today. With "this" it may be the day itself.
- "Next Friday" is a date only where the coming Friday is not in the week of the meeting, whether weeks begin on Monday
  or on Sunday.
- Weeks begin on Monday, a week ends on its Friday, a weekend on its Sunday. On a Saturday or Sunday the end of the week
  is not told.
- A month, quarter or year ends on its last day; "by next month" is before it to some and in it to others, so it has no
  day.
- "Before Friday" is Friday: the day that is named stands.
- A day without a year is the next one, the meeting's day included; a month, quarter or year by its name alone is no
  day.
- A year of two digits counts only where the day is near the meeting; that it may stand in front makes it doubtful.
- "12. 1." is 12 January beside words of a language that says so, and no day where 1 December is soon as well.
- A day a year or more before the meeting is none, also when it is written in full.
- Holidays are not known; working days are Monday to Friday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

import numpy as np

from hedy_jupyter.dates import periods
from hedy_jupyter.dates.tokenizer import Piece, day_and_month

Kind = Literal["exact", "relative", "vague", "none"]
Find = Callable[[date], date | None]
"""The meeting's day → the day that is meant, or None where it cannot be told."""


class Reading(NamedTuple):
    """What a phrase says.

    Attributes:
        kind: ``"exact"`` or ``"relative"``.
        find: finds the day from the day of the meeting.
        fixed: the day that it is whenever the meeting was, or None.
    """

    kind: Kind
    find: Find
    fixed: date | None = None


class _Preposition(NamedTuple):
    limited: bool  # by, before
    before: bool
    introduced: bool  # by an article or the like


Values = Mapping[str, Any]
Make = Callable[[Values, _Preposition], Find | date | None]

_SILENT = frozenset("xbBSpz")
_LIMITS = re.compile("[bjBxpz]*[^bjBS]*[bSxpz]*")  # "the Friday before next week" is not understood
_PERIODS = ("week", "month", "quarter", "year")
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_DAYS_IN = {"day": 1, "idiom_day": 1, "week": 7}
_SAID_FOR_WEEKS = (8, 15)  # days: in acht Tagen, dans quinze jours
_FRIDAY, _SUNDAY = 4, 6
_BEFORE, _AFTER = (
    timedelta(days=60),
    timedelta(days=2 * 366),
)  # so near to its meeting is a due date whose century is left out


def read(pieces: Sequence[Piece]) -> Reading | None:
    """What *pieces* say together; None where that is no day, nor a period that has a last one.

    Raises:
        ValueError: they name a day that is on no calendar, or has another weekday.
    """
    letters = "".join(piece.letter for piece in pieces)
    if not _LIMITS.fullmatch(letters):
        return None
    said = _reduced([piece for piece in pieces if piece.letter not in _SILENT])
    if not said and "z" in letters:
        said = [Piece("r", 0)]
    shape = "".join(piece.letter for piece in said)
    manner = _Preposition(*(any(letter in letters for letter in row) for row in ("bBSj", "BS", "bBSjx")))
    for pattern, kind, make in _RULES:
        if match := pattern.fullmatch(shape):
            core = said[match.start("core") : match.end("core")]
            made = make({piece.letter: piece.value for piece in core}, manner)
            return (
                None
                if made is None
                else _checked(kind, made, [*said[: match.start("core")], *said[match.end("core") :]])
            )
    return None


def _checked(kind: Kind, made: Find | date, beside: Sequence[Piece]) -> Reading:
    """The reading that gives no day where a weekday or "tomorrow" beside it says another one."""
    weekdays = {piece.value for piece in beside if piece.letter != "r"}
    near_days = {piece.value for piece in beside if piece.letter == "r"}

    def agreed(day: date) -> date | None:
        found = made if isinstance(made, date) else made(day)
        agrees = found and weekdays <= {found.weekday()} and near_days <= {(found - day).days}
        return found if agrees else None

    if not isinstance(made, date):
        return Reading(kind, agreed)
    if not weekdays <= {made.weekday()}:
        raise ValueError
    return Reading(kind, agreed, made)


# Pieces that belong together become one ---------------------------------------


def _reduced(said: list[Piece]) -> list[Piece]:
    for pattern, join in _JOINS:
        shape = "".join(piece.letter for piece in said)
        match = pattern.search(shape)
        joined = match and join({piece.letter: piece.value for piece in said[match.start() : match.end()]})
        if match and joined:
            said = [*said[: match.start()], joined, *said[match.end() :]]
    return [piece for piece in said if piece.letter != "j"]


def _joined_count(values: Values) -> Piece:
    return Piece("C", (values["d"] if "d" in values else values["N"], values["u"] if "u" in values else values["U"]))


def _joined_period(values: Values) -> Piece | None:
    return Piece("P", (0 if "t" in values else 1, values["u"])) if values["u"] in _PERIODS else None


def _joined_end(values: Values) -> Piece | None:
    if "P" in values:
        return Piece("L", values["P"])
    return Piece("L", (0, values["u"])) if values["u"] in _PERIODS else None


def _joined_weekday(values: Values) -> Piece | None:
    ahead, unit = values["P"]
    return Piece("W", (ahead, values["w"])) if unit == "week" else None


_JOINS: tuple[tuple[re.Pattern[str], Callable[[Values], Piece | None]], ...] = (
    (re.compile("[ij][nM]?[dN][nM]?[uU]a?|[nM]?[dN][uU]a"), _joined_count),
    (re.compile("[tnc]u|u[tnc]"), _joined_period),
    (re.compile("eP|Pe|eu|ue"), _joined_end),
    (re.compile("wP|Pw"), _joined_weekday),
)


# Relative to the meeting -------------------------------------------------------


def _near(values: Values, _: _Preposition) -> Find:
    return lambda day: day + timedelta(days=values["r"])


def _coming(values: Values, _: _Preposition) -> Find:
    return lambda day: coming(values["w"], day)


def coming(weekday: int, day: date) -> date:
    """The first such weekday after *day*."""
    return day + timedelta(days=(weekday - day.weekday()) % 7 or 7)


def _this(values: Values, _: _Preposition) -> Find:
    return lambda day: coming(values["w"], day - timedelta(days="t" in values))


def _next(values: Values, _: _Preposition) -> Find:
    def find(day: date) -> date | None:
        found = coming(values["w"], day)
        apart = _monday(found) != _monday(day) and _monday(found + timedelta(days=1)) != _monday(
            day + timedelta(days=1)
        )
        return found if apart else None

    return find


def _of_week(values: Values, _: _Preposition) -> Find:
    ahead, weekday = values["W"]

    def find(day: date) -> date | None:
        found = _monday(day) + timedelta(days=7 * ahead + weekday)
        return found if found >= day else None

    return find


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _period(values: Values, manner: _Preposition) -> Find:
    ahead, unit = values["P"]
    if manner.before or (manner.limited and ahead):
        return lambda _: None
    return lambda day: _last(day, ahead, unit)


def _end(values: Values, _: _Preposition) -> Find:
    return lambda day: _last(day, *values["L"])


def _last(day: date, ahead: int, unit: str) -> date | None:
    """The last day of the period of *day*, or of one so many periods *ahead*; of a week its Friday."""
    if unit == "week":
        return None if not ahead and day.weekday() > _FRIDAY else _monday(day) + timedelta(days=7 * ahead + _FRIDAY)
    first = periods.first_of(datetime(day.year, day.month, day.day), unit)
    for _ in range(ahead + 1):
        first = periods.next_after(first, unit)
    return first.date() - timedelta(days=1)


def _weekend(_: Values, manner: _Preposition) -> Find:
    if manner.before:
        return lambda day: _last(day, 0, "week")
    if manner.limited:
        return lambda _: None
    return lambda day: _monday(day) + timedelta(days=_SUNDAY)


def _ambiguous(_values: Values, _: _Preposition) -> Find:
    return lambda _: None


def _counted(values: Values, _: _Preposition) -> Find:
    return lambda day: _ahead(day, *values["C"])


def _ahead(day: date, number: int, unit: str) -> date | None:
    """So much time after *day*; hours only as whole days, for the hour of the meeting is not known here."""
    if not number or (unit == "idiom_day" and number in _SAID_FOR_WEEKS) or (unit == "hour" and number % 24):
        return None
    if unit == "workday":
        return date.fromisoformat(str(np.busday_offset(day, number, roll="backward")))
    if unit in _MONTHS_IN:
        return _months_after(day, number * _MONTHS_IN[unit])
    return day + timedelta(days=number // 24 if unit == "hour" else number * _DAYS_IN[unit])


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return min(first + timedelta(days=day.day - 1), _month_end(first))


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


# On the calendar ---------------------------------------------------------------


def _whole_date(values: Values, _: _Preposition) -> date:
    found: date = values["f"]
    return found


def _short_date(values: Values, _: _Preposition) -> Find:
    """20-03-26 is a day of 2026 where no reader could take it for one near the meeting with the year in front, and 26-03-20 is not told."""
    first, second, last = values["F"]
    said = day_and_month(first, second, 2000 + last)
    other = _on(2000 + first, second, last)

    def find(day: date) -> date | None:
        near = {found for found in (said, other) if found and day - _BEFORE <= found <= day + _AFTER}
        return said if near == {said} else None

    return find


def _month_day(values: Values, _: _Preposition) -> Find | date:
    month, day = (
        values["g"] if "g" in values else (values["m"], next(values[letter] for letter in "doO" if letter in values))
    )
    if "y" in values:
        return date(values["y"], month, day)
    return yearly(month, day)


def yearly(month: int, day: int) -> Find:
    """Finds the next such day, the meeting's own included.

    Raises:
        ValueError: no year has it.
    """
    date(2000, month, day)  # a leap year

    def find(since: date) -> date | None:
        years = range(since.year, since.year + 9)  # so far apart are two leap years at most
        return next((found for year in years if (found := _on(year, month, day)) and found >= since), None)

    return find


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_of_month(values: Values, manner: _Preposition) -> Find | None:
    if "o" in values and not manner.introduced:
        return None
    number = values["o"] if "o" in values else values["O"]

    def find(since: date) -> date | None:
        months = (divmod(since.year * 12 + since.month - 1 + ahead, 12) for ahead in range(3))
        return next(
            (found for year, month in months if (found := _on(year, month + 1, number)) and found >= since), None
        )

    return find


def _end_of_month(values: Values, _: _Preposition) -> Find | date:
    month = values["m"] if "m" in values else 3 * values["q"] if "q" in values else 12

    def end(year: int) -> date:
        return _month_end(date(year, month, 1))

    if "y" in values:
        return end(values["y"])
    return lambda since: end(since.year) if end(since.year) >= since else end(since.year + 1)


def _end_of_week(values: Values, _: _Preposition) -> Find | date:
    year, week = values["k"]
    if year:
        return date.fromisocalendar(year, week, _FRIDAY + 1)

    def find(since: date) -> date:
        this_year = since.isocalendar().year
        found = date.fromisocalendar(this_year, week, _FRIDAY + 1)
        return found if found >= since else date.fromisocalendar(this_year + 1, week, _FRIDAY + 1)

    return find


def _rule(core: str, kind: Kind, make: Make, *, beside: str = "") -> tuple[re.Pattern[str], Kind, Make]:
    around = f"[{beside}]*" if beside else ""
    return re.compile(f"{around}?(?P<core>{core}){around}" if beside else f"(?P<core>{core})"), kind, make


# The first that fits. "Tomorrow (Friday)" is tomorrow, if that is a Friday.
_RULES: tuple[tuple[re.Pattern[str], Kind, Make], ...] = (
    _rule("f", "exact", _whole_date, beside="rwv"),
    _rule("F", "exact", _short_date, beside="rwv"),
    _rule("yg|gy?|m[doO]y?|[doO]my?|ym[doO]", "exact", _month_day, beside="rwv"),
    _rule("emy?|y?me|eqy?|y?qe|ey", "exact", _end_of_month),
    _rule("e?k", "exact", _end_of_week),
    _rule("[oO]", "exact", _day_of_month, beside="rwv"),
    _rule("re?", "relative", _near, beside="wv"),
    _rule("L", "relative", _end, beside="rwv"),
    _rule("w", "relative", _coming),
    _rule("t?cw|tw|wc|wt", "relative", _this),
    _rule("nw|wn", "relative", _next),
    _rule("W", "relative", _of_week),
    _rule("P", "relative", _period),
    _rule("h|th|ht", "relative", _weekend),
    _rule("H|nh|hn|ch", "relative", _ambiguous),
    _rule("C", "relative", _counted),
)
