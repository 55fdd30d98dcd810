"""Tokens of numbers: dates, counts and times of day in digits or Chinese numerals, found by patterns."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from hedy_jupyter.dates.tokens import Piece, Token

NumberPatterns = tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Piece | None]], ...]
"""Patterns in the order in which they are tried, each with what makes a piece of its match."""

CLOCK = Piece(Token.TIME_OF_DAY, "clock")
"""A time of day in numbers."""
COUNT = r"(\d{1,3}|[一二三四五六七八九十两兩]{1,3})"
CJK_UNITS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("日", "天"), "day"),
        **dict.fromkeys(("週", "周", "星期", "礼拜", "禮拜"), "week"),
        "月": "month",
        "年": "year",
        **dict.fromkeys(("時", "小时", "小時"), "hour"),
    }
)
"""The units that follow a count in Chinese and Japanese."""

_DIGITS = "一二三四五六七八九"
_FIRST_LETTERS = frozenset("aqthkcdguvsي")  # of what the patterns find, and its other first characters
_FIRST_CHARACTERS = frozenset("0123456789十两兩한두세석네" + _DIGITS)
_FIRST_YEAR = 1900  # 0026-03-20 is a program's mistake
_WORKDAYS = "営業日|工作日|工作天|영업일"
_UNITS_AHEAD = {
    **CJK_UNITS,
    **dict.fromkeys(_WORKDAYS.split("|"), "workday"),
    "일": "day",
    "주": "week",
    "주일": "week",
    "주간": "week",
    "개월": "month",
    "달": "month",
    "년": "year",
    "시간": "hour",
}
_KOREAN_NUMBERS = {"한": 1, "두": 2, "세": 3, "석": 3, "네": 4}


@functools.lru_cache(maxsize=256)  # each language asks for the same places
def number_at(text: str, place: int, first: NumberPatterns = ()) -> tuple[Piece, int] | None:
    """Return the number that begins at *place* in *text*, and where it ends; None where none begins there.

    The patterns *first* are tried before those of this module.

    Raises:
        ValueError: there is a date that does not exist, or that has two readings.
    """
    if text[place] in _FIRST_LETTERS:
        patterns = _patterns_of_letters()
    elif text[place] in _FIRST_CHARACTERS:
        patterns = (*first, *_patterns())
    else:
        return None
    for pattern, read in patterns:
        if (match := pattern.match(text, place)) and (piece := read(match)):
            return piece, match.end()
    return None


def number(text: str) -> int:
    """Return the number that *text* says in digits or Chinese numerals up to 99: 15, 十五, 三, 二十."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.replace("两", "二").replace("兩", "二").rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError
    return (_DIGITS.index(tens) + 1 if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) + 1 if ones else 0)


def day_and_month(first: int, second: int, year: int) -> date:
    """Return the date of two numbers and a year: a number above twelve, or twice the same, shows which is the day.

    Raises:
        ValueError: 03/04/2026 is two different days in two countries, or there is no such day.
    """
    if first <= 12 and second <= 12 and first != second:
        raise ValueError
    return date(year, min(first, second), max(first, second))


def _date(match: re.Match[str]) -> Piece:
    year, month, day = (int(match[name]) for name in ("y", "m", "d"))
    if year < _FIRST_YEAR:
        raise ValueError
    return Piece(Token.DATE, date(year, month, day))


def _slashed(match: re.Match[str]) -> Piece:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if year > 99:
        return Piece(Token.DATE, day_and_month(first, second, year))
    return Piece(Token.SHORT_DATE, (first, second, year))


def _slashed_month_day(match: re.Match[str]) -> Piece:
    day, month = sorted((int(match[1]), int(match[2])), reverse=True)
    if day <= 12 or match[0] == "24/7":
        raise ValueError
    return _month_day(month, day)


def _month_day(month: int, day: int) -> Piece:
    date(2000, month, day)  # a leap year; no such day is a ValueError
    return Piece(Token.MONTH_DAY, (month, day))


def _duration(match: re.Match[str]) -> Piece:
    count = _KOREAN_NUMBERS.get(match[1]) or number(match[1])
    return Piece(Token.DURATION, (count, _UNITS_AHEAD[match[2]]))


def _week(match: re.Match[str]) -> Piece:
    year = match["y"]
    return Piece(Token.CALENDAR_WEEK, (int(year) if year else None, int(match["w"])))


def _up_to_31(token: Token) -> Callable[[re.Match[str]], Piece | None]:
    def read(match: re.Match[str]) -> Piece | None:
        found = number(match[1])
        return Piece(token, found) if 1 <= found <= 31 else None

    return read


def _number(token: Token) -> Callable[[re.Match[str]], Piece]:
    return lambda match: Piece(token, number(match[1]))


_NO_CLOCK = r"(?:(?<=\d\d\.0[1-46-9])|(?<=\d\d\.1[12]))(?![.,:\d]| ?(?:uhr|uur|am|pm|h)(?![a-z]))"
"""Behind "20.03", a day and a month; "15.05" and "15.10" may be times of day."""
_DOTTED = r"(?<!\d{4} )(?<!\d{4}\.)(?<!\d{4}\. )(\d{1,2})\. ?(\d{1,2})(?:\.(?! ?\d)|" + f"{_NO_CLOCK})"
DOTTED = re.compile(rf"(?<!\d){_DOTTED}")
"""A day and a month with dots, in this order in most of Europe, in the other one in Korea and Hungary."""
_ZONE = r"(?: ?(?:utc|gmt|cet|cest|bst|est|edt|et|cst|pst|pdt|pt|jst)(?![a-z]))?"
_CLOCK = (
    r"(?:[01]?\d|2[0-4])"
    r"(?:(?::[0-5]\d){1,2}(?: ?(?:am|pm|a\.m\.|p\.m\.|uhr|h))?"
    r"|(?:\.[0-5]\d)? ?(?:am|pm|a\.m\.|p\.m\.|uhr|uur)"
    rf"| ?h ?[0-5]\d|h|[時时点點]钟?(?:[0-5]?\d分|半)?|시(?!간)(?: ?[0-5]?\d분| ?반)?)(?![a-z\d]){_ZONE}"
)
_ISO_DATE = (
    r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)"
    r"(?:[t ]\d\d:\d\d[\d:.]*(?:z|[+-]\d\d:?\d\d)?(?!\w))?"
)
_AHEAD = "以?[内內]|之[内內]|以?[后後]|之[后後]"
_KOREAN_UNITS = "영업일|개월|주일|주간|시간|일|주|달|년"
_KOREAN_AHEAD = "(?:이?내|안|후|뒤|이후)(?:에|로|까지)?"
_ENDINGS = "st|nd|rd|th|er|s?te|de|e|o|a|:[ae]|-?(?:ego|go|mu|ого|ому|го|му|е)|'(?:s?[iıu](?:n[ae]|nd[ae])?)"
"""Behind the number of a day: 15th, 1er, 15-го, 15'ine; of Turkish without the accents."""


@functools.cache
def _patterns() -> NumberPatterns:
    """Return the patterns, which are tried in this order at every place; they are compiled for the first text.

    Where one finds what cannot be, it raises ValueError, and the whole phrase is not understood.
    """
    return tuple(
        (re.compile(rf"(?<!\d)(?:{pattern})"), read)
        for pattern, read in (
            (_ISO_DATE, _date),
            (r"(?P<y>\d{4})\. ?(?P<m>\d{1,2})\. ?(?P<d>\d{1,2})(?!\d)\.?", _date),  # as in Korea and Hungary
            (r"(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)", _date),
            (r"(?P<y>\d{4})-?w(?P<w>\d\d)(?!\d)", _week),
            (r"(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d\d)(?![\d/-])", _slashed),
            (r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4})(?![\d.])", _date),
            (_DOTTED, lambda match: _month_day(int(match[2]), int(match[1]))),
            (r"(\d{1,2})/(\d{1,2})(?![\d/])", _slashed_month_day),
            (rf"{COUNT} ?[个個ヶか箇カ]?({'|'.join(_UNITS_AHEAD)})[間间]?(?:{_AHEAD})", _duration),
            (rf"(\d{{1,3}}|[한두세석네]) ?({_KOREAN_UNITS}) ?{_KOREAN_AHEAD}(?!\w)", _duration),
            (rf"{COUNT} ?[个個]?({_WORKDAYS})(?! ?전)", _duration),
            (r"(\d{4})[年년]", _number(Token.YEAR)),
            (rf"{COUNT}[月월] ?{COUNT}[日号號일]", lambda match: _month_day(number(match[1]), number(match[2]))),
            (rf"{COUNT}[月월](?!\d)", _up_to_31(Token.MONTH)),
            # 3日前 is "before the 3rd" and "three days ago".
            (rf"{COUNT}(?:日(?!前)|[号號])", _up_to_31(Token.DAY)),
            (r"(\d{1,2})일(?! ?전)", _up_to_31(Token.ORDINAL)),  # and so many days
            (r"(\d{1,2})(?:-?го)? (?:числа|तारीख)(?!\w)", _up_to_31(Token.DAY)),
            (_CLOCK, lambda _: CLOCK),
            (r"[一二三四五六七八九十两兩]{1,3}[点點時时][钟鐘半]?", lambda _: CLOCK),
            (r"([1-4])분기", _number(Token.QUARTER)),
            (r"((?:19|20|21)\d\d)(?!\d)", _number(Token.YEAR)),
            (rf"(\d{{1,2}})(?:\.|(?:{_ENDINGS})(?!\w))(?![\da-z])", _up_to_31(Token.ORDINAL)),
            (r"(\d{1,3})(?!\d)", _number(Token.NUMBER)),
        )
    )


@functools.cache
def _patterns_of_letters() -> NumberPatterns:
    """Return the patterns of numbers that have letters in front."""
    return tuple(
        (re.compile(rf"(?<![a-z\d])(?:{pattern})"), read)
        for pattern, read in (
            (r"[kc]w ?(?P<w>\d{1,2})(?!\d)(?:[ /]+(?P<y>\d{4})(?!\d))?", _week),
            (r"(?:vecka|uge|uke) (?P<w>\d{1,2})(?!\d)(?P<y>)", _week),
            (
                r"(?:kl\.?|klokken|klockan|saat) ?(?:[01]?\d|2[0-4])(?:[.:][0-5]\d)?(?:'[a-zı]+)?(?![\d/])",
                lambda _: CLOCK,
            ),
            (
                r"(?:at|alle(?: ore)?|as|a las?) (?:[01]?\d|2[0-4])(?![\d/:.h]| ?(?:[ap]\.?m|uhr|utc|gmt))",
                lambda _: CLOCK,
            ),
            (r"يوم (?=\d{1,2} )", lambda _: Piece(Token.FILLER)),
            (r"(?:dia|giorno) (\d{1,2})(?![\d:h])", _up_to_31(Token.DAY)),
            (r"[qt]([1-4])(?!\w)", _number(Token.QUARTER)),
            (r"h([12])(?!\w)", _number(Token.HALF)),
        )
    )
