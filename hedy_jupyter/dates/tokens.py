"""Tokens: what the words and numbers of a phrase mean, and rules over their order."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum, auto
from typing import Any, NamedTuple

_FIRST_CODE = 0xE000  # of the characters that Unicode leaves to programs: none of them has a meaning in a pattern


class Token(StrEnum):
    """What a word or number means; the comment names its value.

    Each token is one character, so that a sequence of tokens is a text, and a rule a regular expression over it.
    """

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:  # noqa: ARG004
        return chr(_FIRST_CODE + count)

    # Days, and parts of them.
    WEEKDAY = auto()  # 0 is Monday
    SHORT_WEEKDAY = auto()  # the same; so short that it counts only beside a date
    NEAR_DAY = auto()  # "tomorrow": days ahead
    WEEKDAY_OF_WEEK = auto()  # 下周五: (weeks ahead, weekday)
    WEEKDAY_LATER = auto()  # "Friday week": the weekday, a week after the first one
    LAST_WEEKDAY = auto()  # "i måndags": the newest one before today
    WEEKEND = auto()
    NEXT_WEEKEND = auto()
    TIME_OF_DAY = auto()  # None, or "clock" where it is in numbers
    NOON = auto()  # alone with "by" today's
    DAY_END = auto()  # "end of day", "close of business"

    # Months, periods and counts.
    MONTH = auto()  # its number
    UNIT = auto()  # "week": its name; "idiom_day" where eight and fifteen days are said for weeks
    UNITS = auto()  # "weeks": the same
    PERIOD = auto()  # 来週: (periods ahead, its unit)
    PERIOD_END = auto()  # "EOW": the same
    PERIOD_WORKDAY = auto()  # "last business day of the month": the same
    DURATION = auto()  # "in a fortnight": (number, unit); looking back a tuple of them
    LATER = auto()  # "vendredi en huit": (number, unit) more
    WEEK_OF = auto()  # "week of March 16"
    LAST_DAY = auto()  # "last day of" a month
    LAST_WORKDAY = auto()
    DURATION_AGO = auto()  # 3日前: a tuple of (number, unit)

    # Words beside them.
    THIS = auto()
    COMING = auto()
    NEXT = auto()
    NEXT_FEW = auto()  # "prochains" before a count
    LAST = auto()  # of the calendar: "letzten Monat", "el mes pasado"
    LAST_FEW = auto()  # "past 7 days"; beside a month alone it is not clear what is meant
    END = auto()
    IN = auto()
    FROM_NOW = auto()
    AGO = auto()  # before or after the count
    BY = auto()
    BY_OR_WITHIN = auto()  # one word for both: "entro"
    BEFORE = auto()
    BEFORE_POSTFIX = auto()  # "before", said after the day
    SINCE = auto()
    SINCE_OR_AGO = auto()  # one word for both: "sedan"
    START = auto()  # "beginning of"
    NOW = auto()
    THE_MONTH = auto()  # "of the month"
    EVENT = auto()  # "demo": what is to be ready for it, is due on its day
    POSSESSIVE = auto()  # "Friday's"
    FROM = auto()  # "a week from Friday"
    THE = auto()  # before the number of a day: "le 15"
    FILLER = auto()  # adds nothing: "the", "of"

    # Numbers, and dates in numbers.
    NUMBER = auto()  # the number
    NUMBER_WORD = auto()  # the same
    ORDINAL = auto()  # "15th": the day of a month
    NTH = auto()  # "first" of several: the number, -1 for the last
    DAY = auto()  # 15日: the same
    YEAR = auto()  # the number
    SHORT_YEAR = auto()  # "5 mar 26": the number without the century
    QUARTER = auto()  # its number
    HALF = auto()  # of a year: its number
    CALENDAR_WEEK = auto()  # (year or None, week)
    DATE = auto()  # a date
    MONTH_DAY = auto()  # "3/15": (month, day)
    SHORT_DATE = auto()  # "20-03-26": the three numbers


class Piece(NamedTuple):
    """A word or number of a phrase: its token, and the value that comes with it."""

    token: Token
    value: Any = None


Values = Mapping[Token, Any]
"""The values of the tokens of a phrase."""


DAYS_BESIDE = "NEAR_DAY WEEKDAY SHORT_WEEKDAY"
"""The tokens that may be beside a date, which they have to agree with."""
_DAY_NUMBER = "[NUMBER ORDINAL DAY]"
MONTH_AND_DAY = f"""
    YEAR MONTH_DAY | MONTH_DAY YEAR?
    | MONTH {_DAY_NUMBER} YEAR? | {_DAY_NUMBER} MONTH [YEAR SHORT_YEAR]? | YEAR MONTH {_DAY_NUMBER}
"""
"""The rule for a date with a month, in any order and with or without a year."""


def month_and_day_in(values: Values) -> tuple[int, int]:
    """Return the month and the day that *values* name, in numbers or by the name of the month."""
    if Token.MONTH_DAY in values:
        month, day = values[Token.MONTH_DAY]
        return month, day
    return values[Token.MONTH], next(values[one] for one in (Token.NUMBER, Token.ORDINAL, Token.DAY) if one in values)


def is_agreed(day: date, since: date, beside: Iterable[Piece]) -> bool:
    """Return whether every weekday *beside* is that of *day*, and every near day as far from *since*."""
    return all(
        (day - since).days == piece.value if piece.token is Token.NEAR_DAY else day.weekday() == piece.value
        for piece in beside
    )


def shape(pieces: Sequence[Piece]) -> str:
    """Return the tokens of *pieces* as the text that a rule is matched with."""
    return "".join([piece.token for piece in pieces])


@functools.cache
def rule(text: str) -> re.Pattern[str]:
    """Compile *text*, a regular expression with names of tokens as its letters, such as ``"END MONTH YEAR?"``.

    White space counts for nothing.

    Raises:
        KeyError: there is no such token.
    """
    return re.compile(re.sub(r"\b[A-Z_]{2,}\b|\s+", lambda match: Token[match[0]] if match[0].strip() else "", text))
