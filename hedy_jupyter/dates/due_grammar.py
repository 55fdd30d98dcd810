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
- Holidays are not known; working days are Monday to Friday.
"""

from __future__ import annotations

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
    """

    kind: DueKind
    find: Find
    fixed: date | None = None


_BEFORE = frozenset({Token.BEFORE, Token.BEFORE_POSTFIX})
_LIMIT = _BEFORE | {Token.BY, Token.BY_OR_WITHIN}
_INTRODUCTION = _LIMIT | {Token.FILLER}
_SILENT = frozenset({*_BEFORE, Token.BY, Token.FILLER, Token.DAY_END, Token.TIME_OF_DAY})
# Words for a limit come first or last: "the Friday before next week" is not understood.
_ORDER = rule(
    """
    [BY BY_OR_WITHIN BEFORE FILLER TIME_OF_DAY DAY_END]*
    [^BY BY_OR_WITHIN BEFORE BEFORE_POSTFIX]*
    [BY BEFORE_POSTFIX FILLER TIME_OF_DAY DAY_END]*
    """
)


def understand(pieces: Sequence[Piece]) -> Reading | None:
    """Return what *pieces* say together; None where that is no day, nor a period that has a last one.

    Raises:
        ValueError: they name a day that is on no calendar, or that has another weekday.
    """
    if not _ORDER.fullmatch(shape(pieces)):
        return None
    tokens = {piece.token for piece in pieces}
    said = _joined([piece for piece in pieces if piece.token not in _SILENT])
    if not said and Token.DAY_END in tokens:
        said = [Piece(Token.NEAR_DAY, 0)]
    preposition = Preposition(
        is_limit=not tokens.isdisjoint(_LIMIT),
        is_before=not tokens.isdisjoint(_BEFORE),
        is_introduced=not tokens.isdisjoint(_INTRODUCTION),
    )
    tokens_said = shape(said)
    for pattern, kind, make in _RULES:
        if match := pattern.fullmatch(tokens_said):
            first, end = match.span("core")
            made = make(dict(said[first:end]), preposition)
            return None if made is None else _checked(kind, made, [*said[:first], *said[end:]])
    return None


def _checked(kind: DueKind, made: Find | date, beside: Sequence[Piece]) -> Reading:
    """Return the reading that gives no day where a weekday or "tomorrow" *beside* it says another one.

    Raises:
        ValueError: it is a date that is written with another weekday.
    """

    def find(since: date) -> date | None:
        found = made if isinstance(made, date) else made(since)
        return found if found and is_agreed(found, since, beside) else None

    if not isinstance(made, date):
        return Reading(kind, find)
    weekdays = (piece.value for piece in beside if piece.token is not Token.NEAR_DAY)
    if any(weekday != made.weekday() for weekday in weekdays):
        raise ValueError
    return Reading(kind, find, made)


# Pieces that belong together become one ---------------------------------------


def _joined(said: list[Piece]) -> list[Piece]:
    """Return *said* with counts and their units, periods, their ends and the weekdays of a week as one piece each."""
    for pattern, join in _JOINS:
        match = pattern.search(shape(said))
        piece = join(dict(said[match.start() : match.end()])) if match else None
        if match and piece:
            said = [*said[: match.start()], piece, *said[match.end() :]]
    return [piece for piece in said if piece.token is not Token.BY_OR_WITHIN]


def _join_duration(values: Values) -> Piece:
    number = values[Token.NUMBER] if Token.NUMBER in values else values[Token.NUMBER_WORD]
    return Piece(Token.DURATION, (number, values[Token.UNIT] if Token.UNIT in values else values[Token.UNITS]))


def _join_period(values: Values) -> Piece | None:
    unit = values[Token.UNIT]
    return Piece(Token.PERIOD, (0 if Token.THIS in values else 1, unit)) if unit in periods.NAMES else None


def _join_end(values: Values) -> Piece | None:
    if Token.PERIOD in values:
        return Piece(Token.PERIOD_END, values[Token.PERIOD])
    return Piece(Token.PERIOD_END, (0, values[Token.UNIT])) if values[Token.UNIT] in periods.NAMES else None


def _join_weekday(values: Values) -> Piece | None:
    ahead, unit = values[Token.PERIOD]
    return Piece(Token.WEEKDAY_OF_WEEK, (ahead, values[Token.WEEKDAY])) if unit == "week" else None


_COUNT = "[NEXT NEXT_FEW]? [NUMBER NUMBER_WORD]"
_JOINS: tuple[tuple[re.Pattern[str], Callable[[Values], Piece | None]], ...] = (
    (
        rule(f"[IN BY_OR_WITHIN] {_COUNT} [NEXT NEXT_FEW]? [UNIT UNITS] FROM_NOW? | {_COUNT} [UNIT UNITS] FROM_NOW"),
        _join_duration,
    ),
    (rule("[THIS NEXT COMING] UNIT | UNIT [THIS NEXT COMING]"), _join_period),
    (rule("END PERIOD | PERIOD END | END UNIT | UNIT END"), _join_end),
    (rule("WEEKDAY PERIOD | PERIOD WEEKDAY"), _join_weekday),
)


# Forms of due dates --------------------------------------------------------------


def _rule(core: str, kind: DueKind, make: _Maker, *, beside: str = "") -> tuple[re.Pattern[str], DueKind, _Maker]:
    """Return a rule for *core*, before and after which any of the tokens *beside* may be."""
    around = f"[{beside}]*" if beside else ""
    return rule(f"{around} (?P<core>{core}) {around}"), kind, make


_END = "END MONTH YEAR? | YEAR? MONTH END | END QUARTER YEAR? | YEAR? QUARTER END | END YEAR"
# The first that fits counts. "Tomorrow (Friday)" is tomorrow, if that is a Friday.
_RULES: tuple[tuple[re.Pattern[str], DueKind, _Maker], ...] = (
    _rule("DATE", "exact", due_days.whole_date, beside=DAYS_BESIDE),
    _rule("SHORT_DATE", "exact", due_days.short_date, beside=DAYS_BESIDE),
    _rule(MONTH_AND_DAY, "exact", due_days.month_and_day, beside=DAYS_BESIDE),
    _rule(_END, "exact", due_days.end_on_calendar),
    _rule("END? CALENDAR_WEEK", "exact", due_days.calendar_week),
    _rule("[ORDINAL DAY]", "exact", due_days.day_of_month, beside=DAYS_BESIDE),
    _rule("NEAR_DAY END?", "relative", due_days.near_day, beside="WEEKDAY SHORT_WEEKDAY"),
    _rule("PERIOD_END", "relative", due_days.period_end, beside=DAYS_BESIDE),
    _rule("WEEKDAY", "relative", due_days.weekday),
    _rule("THIS? COMING WEEKDAY | THIS WEEKDAY | WEEKDAY [THIS COMING]", "relative", due_days.this_weekday),
    _rule("NEXT WEEKDAY | WEEKDAY NEXT", "relative", due_days.next_weekday),
    _rule("WEEKDAY_OF_WEEK", "relative", due_days.weekday_of_week),
    _rule("PERIOD", "relative", due_days.period),
    _rule("THIS? WEEKEND | WEEKEND THIS", "relative", due_days.weekend),
    _rule("NEXT_WEEKEND | [NEXT COMING] WEEKEND | WEEKEND NEXT", "relative", due_days.no_day),
    _rule("DURATION", "relative", due_days.duration),
)
