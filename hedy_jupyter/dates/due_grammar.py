"""The grammar of due dates: which tokens in which order are one, and the day on the meeting's calendar that they name.

One rule for all of it: ``due_on`` is the last day on which what was promised is in time, and no day where careful
people would note different ones.

- A weekday is the first one after the meeting's day: who means today says today. With "this" it may be the day itself.
- "Next Friday" is a date only where the coming Friday is not in the week of the meeting, whether weeks begin on Monday
  or on Sunday.
- Weeks begin on Monday, a week ends on its Friday, a weekend on its Sunday. On a Saturday or Sunday "the end of the
  week" has no day.
- A month, quarter or year ends on its last day; "by next month" is before it to some and in it to others, so it has no
  day.
- "Before Friday" is Friday: the day that is named counts.
- A day without a year is the next one, the meeting's day included; a month, quarter or year by its name alone is no
  day.
- A year of two digits counts only where the day is near the meeting, and no other reading of the digits is.
- "12. 1." is 12 January beside words of a language that writes the day first, and no day where 1 December is soon as
  well.
- A day a year or more before the meeting is none, also when it is written in full.
- Holidays are not known; working days are Monday to Friday. "2 business days" is a term, "3 days" may be a length.
- What is due before or for an event ("Friday's demo") is due on its day. "By noon" alone is the meeting's day.
- "The week of March 16" ends on its Friday; of a Saturday or Sunday it is no day, since some weeks begin on Sunday.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from hedy_jupyter.dates import due_days, periods
from hedy_jupyter.dates.due_days import Find, Preposition
from hedy_jupyter.dates.tokens import DAYS_BESIDE, MONTH_AND_DAY, Piece, Token, Values, is_agreed, rule, shape

DueKind = Literal["exact", "relative", "vague", "none"]
_Maker = Callable[[Values, Preposition], Find | date | None]


class Reading(NamedTuple):
    """What a phrase says.

    Attributes:
        kind: ``"exact"`` or ``"relative"``.
        find: finds the day from the day of the meeting.
        fixed: the day that it is whenever the meeting was, or None.
        has_beside: a weekday or "tomorrow" is beside the day, which has none if they do not agree.
    """

    kind: DueKind
    find: Find
    fixed: date | None = None
    has_beside: bool = False


_BEFORE = frozenset({Token.BEFORE, Token.BEFORE_POSTFIX})
_LIMIT = _BEFORE | {Token.BY, Token.BY_OR_WITHIN}
_INTRODUCTION = _LIMIT | {Token.FILLER, Token.THE, Token.THE_MONTH}
_HOURS = frozenset({Token.DAY_END, Token.TIME_OF_DAY, Token.NOON})
_SILENT = frozenset({*_BEFORE, *_HOURS, Token.BY, Token.FILLER, Token.THE, Token.POSSESSIVE, Token.EVENT})
# Words for a limit come first or last: "the Friday before next week" is not understood.
_ORDER = """
    [BY BY_OR_WITHIN BEFORE FILLER TIME_OF_DAY DAY_END NOON]*
    [^BY BY_OR_WITHIN BEFORE BEFORE_POSTFIX]*
    (?: [BY BEFORE_POSTFIX FILLER TIME_OF_DAY DAY_END NOON] | BEFORE (?= [NOON TIME_OF_DAY]) )*
"""


def understand(pieces: Sequence[Piece]) -> Reading | None:
    """Return what *pieces* say together; None where that is no day, nor a period that has a last one.

    Raises:
        ValueError: they name a day that is on no calendar.
    """
    if not rule(_ORDER).fullmatch(shape(pieces)):
        return None
    tokens = {piece.token for piece in pieces}
    preposition = Preposition(
        is_limit=not tokens.isdisjoint(_LIMIT),
        is_before=not tokens.isdisjoint(_BEFORE),
        is_introduced=not tokens.isdisjoint(_INTRODUCTION | {Token.WEEKDAY}),
    )
    if not _is_sound(tokens):
        return None
    bare = _join_workdays(dict(pieces)) if rule(_BARE_COUNT).fullmatch(shape(pieces)) else None
    said = [bare] if bare else _joined([piece for piece in _with_days(pieces) if piece.token not in _SILENT])
    if not said and (Token.DAY_END in tokens or (Token.NOON in tokens and preposition.is_limit)):
        said = [Piece(Token.NEAR_DAY, 0)]
    tokens_said = shape(said)
    if Token.TIME_OF_DAY in tokens and Token.PERIOD in tokens_said:  # "früh nächste Woche"
        return None
    for pattern, kind, make in _days() if Token.EVENT in tokens else _rules():
        if match := pattern.fullmatch(tokens_said):
            first, end = match.span("core")
            made = make(dict(said[first:end]), preposition)
            return None if made is None else _checked(kind, made, [*said[:first], *said[end:]])
    return None


def _is_sound(tokens: set[Token]) -> bool:
    """Return whether an event is one that something is due for, and "Friday's" is followed by what it has."""
    if Token.EVENT in tokens:
        return not tokens.isdisjoint(_INTRODUCTION if Token.POSSESSIVE in tokens else _LIMIT)
    return Token.POSSESSIVE not in tokens or Token.DAY_END in tokens


def _with_days(pieces: Sequence[Piece]) -> list[Piece]:
    """Return *pieces* with the number behind an article as the day of a month: "le 15"."""
    found = list(pieces)
    for match in rule(_ARTICLE_AND_NUMBER).finditer(shape(found)):
        if 1 <= found[match.start() + 1].value <= _DAYS_OF_MONTH:
            found[match.start() + 1] = Piece(Token.DAY, found[match.start() + 1].value)
    return found


_ARTICLE_AND_NUMBER = "THE NUMBER"
_BARE_COUNT = "[NUMBER NUMBER_WORD] [UNIT UNITS]"
_DAYS_OF_MONTH = 31


def _checked(kind: DueKind, made: Find | date, beside: Sequence[Piece]) -> Reading:
    """Return the reading that gives no day where a weekday or "tomorrow" *beside* it says another one."""

    def find(since: date) -> date | None:
        found = made if isinstance(made, date) else made(since)
        return found if found and is_agreed(found, since, beside) else None

    if not isinstance(made, date):
        return Reading(kind, find, has_beside=bool(beside))
    weekdays = (piece.value for piece in beside if piece.token is not Token.NEAR_DAY)
    if any(weekday != made.weekday() for weekday in weekdays):
        return Reading("vague", lambda _: None, has_beside=True)
    return Reading(kind, find, made, has_beside=bool(beside))


# Pieces that belong together become one ---------------------------------------


def _joined(said: list[Piece]) -> list[Piece]:
    """Return *said* with counts and their units, periods, their ends and the weekdays of a week as one piece each."""
    for pattern, join in _joins():
        match = pattern.search(shape(said))
        piece = join(dict(said[match.start() : match.end()])) if match else None
        if match and piece:
            said = [*said[: match.start()], piece, *said[match.end() :]]
    return [piece for piece in said if piece.token is not Token.BY_OR_WITHIN]


def _join_duration(values: Values) -> Piece:
    return Piece(Token.DURATION, _count(values))


def _count(values: Values) -> tuple[int, str]:
    number = values[Token.NUMBER] if Token.NUMBER in values else values[Token.NUMBER_WORD]
    return number, values[Token.UNIT] if Token.UNIT in values else values[Token.UNITS]


def _join_workdays(values: Values) -> Piece | None:
    number, unit = _count(values)
    is_counted = unit == "workday" and (number > 1 or Token.NUMBER in values)
    return Piece(Token.DURATION, (number, unit)) if is_counted else None


def _join_later(values: Values) -> Piece | None:
    number, unit = _count(values)
    return Piece(Token.LATER, (number, unit)) if Token.FROM in values or unit == "week" else None


def _join_year(values: Values) -> Piece | None:
    return Piece(Token.YEAR, values[Token.YEAR]) if values[Token.UNIT] == "year" else None


def _join_quarter(values: Values) -> Piece | None:
    number = values[Token.NTH] if Token.NTH in values else values[Token.ORDINAL]
    return Piece(Token.QUARTER, number) if values[Token.UNIT] == "quarter" and 1 <= number <= _QUARTERS else None


def _unit(values: Values) -> str:
    unit: str = values.get(Token.UNIT, "month")
    return unit


def _join_period(values: Values) -> Piece | None:
    if _unit(values) == "workday" and Token.NEXT in values:
        return Piece(Token.DURATION, (1, "workday"))
    return (
        Piece(Token.PERIOD, (0 if Token.THIS in values else 1, _unit(values)))
        if _unit(values) in periods.NAMES
        else None
    )


def _join_end(values: Values) -> Piece | None:
    ahead, unit = values[Token.PERIOD] if Token.PERIOD in values else (0, _unit(values))
    if unit not in periods.NAMES or (Token.LAST_DAY in values and unit == "week"):
        return None
    return Piece(Token.PERIOD_WORKDAY if Token.LAST_WORKDAY in values else Token.PERIOD_END, (ahead, unit))


def _join_weekday(values: Values) -> Piece | None:
    ahead, unit = values[Token.PERIOD]
    return Piece(Token.WEEKDAY_OF_WEEK, (ahead, values[Token.WEEKDAY])) if unit == "week" else None


_QUARTERS = 4
_COUNT = "[NEXT NEXT_FEW]? [NUMBER NUMBER_WORD]"
_UNIT = "[UNIT THE_MONTH]"
_LAST = "[END LAST_DAY LAST_WORKDAY]"


@functools.cache
def _joins() -> tuple[tuple[re.Pattern[str], Callable[[Values], Piece | None]], ...]:
    """Return what makes one piece of several."""
    return (
        (rule("YEAR UNIT"), _join_year),
        (rule("[NTH ORDINAL] UNIT"), _join_quarter),
        (
            rule(
                f"[IN BY_OR_WITHIN] {_COUNT} [NEXT NEXT_FEW]? [UNIT UNITS] FROM_NOW? | {_COUNT} [UNIT UNITS] FROM_NOW"
            ),
            _join_duration,
        ),
        (rule("[NUMBER NUMBER_WORD] [UNIT UNITS] FROM"), _join_later),
        (rule("^ [NUMBER NUMBER_WORD] [UNIT UNITS] (?= [WEEKDAY NEAR_DAY] $)"), _join_later),
        (rule(f"[THIS NEXT COMING] {_UNIT} | {_UNIT} [THIS NEXT COMING]"), _join_period),
        (rule(f"{_LAST} PERIOD | PERIOD {_LAST} | {_LAST} {_UNIT} | {_UNIT} {_LAST}"), _join_end),
        (rule("(?<! [NTH ORDINAL]) WEEKDAY PERIOD | PERIOD WEEKDAY"), _join_weekday),
    )


# Forms of due dates --------------------------------------------------------------


def _rule(core: str, kind: DueKind, make: _Maker, *, beside: str = "") -> tuple[re.Pattern[str], DueKind, _Maker]:
    """Return a rule for *core*, before and after which any of the tokens *beside* may be."""
    around = f"[{beside}]*" if beside else ""
    return rule(f"{around} (?P<core>{core}) {around}"), kind, make


_END = """
    [END LAST_DAY] MONTH YEAR? | YEAR? MONTH [END LAST_DAY] | [END LAST_DAY] [QUARTER HALF] YEAR?
    | YEAR? [QUARTER HALF] [END LAST_DAY] | [END LAST_DAY] YEAR
"""
_LAST_WORKDAY = "LAST_WORKDAY MONTH YEAR? | YEAR? MONTH LAST_WORKDAY"
_NTH_WEEKDAY = f"""
    [NTH ORDINAL] WEEKDAY IN? (?: PERIOD | {_UNIT} | MONTH YEAR?)
    | (?: PERIOD | {_UNIT} | YEAR? MONTH) [NTH ORDINAL] WEEKDAY
"""
_CALENDAR_DAY = f"DATE | ORDINAL | DAY | {MONTH_AND_DAY}"
_FROM = "DATE | WEEKDAY | NEAR_DAY | MONTH_DAY | MONTH [NUMBER ORDINAL] | [NUMBER ORDINAL] MONTH"


@functools.cache
def _days() -> tuple[tuple[re.Pattern[str], DueKind, _Maker], ...]:
    """Return the forms of a single day, on which also an event may be."""
    return (
        _rule("DATE", "exact", due_days.whole_date, beside=DAYS_BESIDE),
        _rule("SHORT_DATE", "exact", due_days.short_date, beside=DAYS_BESIDE),
        _rule(MONTH_AND_DAY, "exact", due_days.month_and_day, beside=DAYS_BESIDE),
        _rule("END? NEAR_DAY END?", "relative", due_days.near_day, beside="WEEKDAY SHORT_WEEKDAY"),
        _rule("END? WEEKDAY END?", "relative", due_days.weekday),
        _rule("THIS? COMING WEEKDAY | THIS WEEKDAY | WEEKDAY [THIS COMING]", "relative", due_days.this_weekday),
        _rule("NEXT WEEKDAY | WEEKDAY NEXT", "relative", due_days.next_weekday),
        _rule("WEEKDAY_OF_WEEK", "relative", due_days.weekday_of_week),
    )


@functools.cache
def _rules() -> tuple[tuple[re.Pattern[str], DueKind, _Maker], ...]:
    """Return all forms; the first that fits counts."""
    return (
        *_days(),
        _rule(_END, "exact", due_days.end_on_calendar),
        _rule(_LAST_WORKDAY, "exact", due_days.last_workday),
        _rule("WEEKDAY_LATER", "relative", due_days.weekday_later),
        _rule(
            "IN? END? CALENDAR_WEEK | WEEKDAY IN? CALENDAR_WEEK | CALENDAR_WEEK WEEKDAY",
            "exact",
            due_days.calendar_week,
        ),
        _rule(f"IN? END? WEEK_OF (?: {_CALENDAR_DAY}) | (?: {_CALENDAR_DAY}) WEEK_OF", "exact", due_days.week_of),
        _rule("[ORDINAL DAY] THE_MONTH? | THE_MONTH [ORDINAL DAY]", "exact", due_days.day_of_month, beside=DAYS_BESIDE),
        _rule("[ORDINAL DAY] PERIOD | PERIOD [ORDINAL DAY]", "relative", due_days.day_of_period, beside=DAYS_BESIDE),
        _rule(_NTH_WEEKDAY, "relative", due_days.nth_weekday),
        _rule("PERIOD_END", "relative", due_days.period_end, beside=DAYS_BESIDE),
        _rule("PERIOD_END YEAR | YEAR PERIOD_END", "exact", due_days.year_end),
        _rule("PERIOD_WORKDAY", "relative", due_days.last_workday_of_period),
        _rule("PERIOD FROM_NOW?", "relative", due_days.period),
        _rule("THIS? WEEKEND | WEEKEND THIS", "relative", due_days.weekend),
        _rule("NEXT_WEEKEND | [NEXT COMING] WEEKEND | WEEKEND NEXT", "relative", due_days.no_day),
        _rule("DURATION", "relative", due_days.duration),
        _rule(f"LATER (?: {_FROM}) | (?: {_FROM}) LATER", "relative", due_days.later),
        _rule(f"(?: {_FROM}) FROM DURATION", "relative", due_days.later),
        _rule("WEEKDAY DURATION | DURATION WEEKDAY", "relative", due_days.weekday_after),
    )
