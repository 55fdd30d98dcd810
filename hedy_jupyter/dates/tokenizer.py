"""A due date's prose cut into pieces that each mean something: words by the tables, dates and times of day in numbers by patterns.

A phrase is understood in a language only when every character of it is. The letters of ``due_words`` say what a piece means, and beside
them the ones that only numbers give:

| Letter | Meaning | Value |
| --- | --- | --- |
| ``d`` ``y`` ``q`` | a number, a year, a quarter | the number |
| ``o`` ``O`` | a day of the month: ``15th``, ``15日`` | its number |
| ``f`` ``g`` | a date; one without a year | a date; (month, day) |
| ``F`` | a date whose year has two digits | the three numbers |
| ``k`` | a week of the calendar | (year or None, week) |
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from hedy_jupyter.dates import due_vocabulary
from hedy_jupyter.text.fold import fold


class Piece(NamedTuple):
    """What one word or number of a phrase means."""

    letter: str
    value: Any = None


CLOCK = Piece("p", "clock")
"""A time of day in numbers."""
_Read = Callable[[re.Match[str]], Piece | None]
Numbers = tuple[tuple[re.Pattern[str], _Read], ...]
"""What finds numbers, in the order in which it is tried, and reads them."""
Vocabulary = tuple[dict[str, Piece], dict[str, re.Pattern[str]]]
"""Words and what they mean, and by first letter what finds them."""

_EDGE = "a-z\u00df-\u024f"  # Latin letters: other alphabets here are written without spaces
_UNACCENTED = "\u0250"  # from here on come other letters than the Latin ones
_INVISIBLE = frozenset({"So", "Sk", "Cf", "Me"})  # emoji and their joints, marks of the direction of writing
_NO_WORDS = re.compile(
    r"""(?:[\s,;:.!)\[\]"“”„«»、。，：！·]|\((?!.\)))+|(?<=\s)[-–—](?=\s)|(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)"""
)
_DIGITS = "一二三四五六七八九"
_BEGINS = frozenset("0123456789qkc十两兩" + _DIGITS)  # of what _NUMBERS finds
COUNT = r"(\d{1,3}|[一二三四五六七八九十两兩]{1,3})"
_FIRST_YEAR = 1900  # 0026-03-20 is a program's mistake
_COUNTERS = {
    **dict.fromkeys(("日", "天"), "day"),
    **dict.fromkeys(("週", "周", "星期", "礼拜"), "week"),
    **dict.fromkeys(("月",), "month"),
    **dict.fromkeys(("年",), "year"),
    **dict.fromkeys(("時", "小时", "小時"), "hour"),
    **dict.fromkeys(("営業日", "工作日"), "workday"),
}


def plain(phrase: str) -> str:
    """*phrase* without case, accents, emoji, invisible marks and runs of white space."""
    seen = phrase if phrase.isascii() else "".join(one for one in phrase if unicodedata.category(one) not in _INVISIBLE)
    return fold(seen.replace("’", "'"))


def cut(text: str, language: str) -> list[Piece] | None:
    """The pieces of *text*, which is ``plain``.

    None where something in it is no word of *language* and no number that is known.
    """
    return cut_by(text, _vocabulary(language))


def cut_by(text: str, vocabulary: Vocabulary, numbers: Numbers = ()) -> list[Piece] | None:
    """``cut`` by the words of *vocabulary*, and *numbers* before the ones that are known here."""
    words, patterns = vocabulary
    pieces: list[Piece] = []
    place = 0
    while place < len(text):
        if match := _NO_WORDS.match(text, place):
            place = match.end()
            continue
        found = _number_at(text, place, numbers)
        if found is None:
            pattern = patterns.get(text[place])
            match = pattern.match(text, place) if pattern else None
            if match is None:
                return None
            found = words[match[0]], match.end()
        piece, place = found
        pieces.append(piece)
    return pieces


@functools.cache
def _vocabulary(language: str) -> Vocabulary:
    return vocabulary(due_vocabulary.EVERYWHERE, due_vocabulary.LANGUAGES[language])


def vocabulary(*tables: due_vocabulary.Words) -> Vocabulary:
    """The words of *tables*, and by first letter what finds the longest of them."""
    words = {
        fold(word): Piece(letter, value)
        for table in tables
        for letter, row in table.items()
        for value, listed in row.items()
        for word in listed.split(",")
    }
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        by_letter[word[0]].append(_whole(word))
    return words, {letter: re.compile("|".join(listed)) for letter, listed in by_letter.items()}


@functools.cache
def _spellings() -> frozenset[str]:
    tables = (due_vocabulary.EVERYWHERE, *due_vocabulary.LANGUAGES.values())
    return frozenset(
        unicodedata.normalize("NFC", word.strip().casefold())
        for table in tables
        for row in table.values()
        for listed in row.values()
        for word in listed.split(",")
    )


def has_other_accents(phrase: str) -> bool:
    """Whether *phrase* is one word with accents that no word of the tables has: "tué" is no Tuesday."""
    word = unicodedata.normalize("NFC", phrase.strip().casefold())
    return word.isalpha() and fold(word) != word and word < _UNACCENTED and word not in _spellings()


def _whole(word: str) -> str:
    """A pattern for *word*, which does not begin inside another one."""
    return (rf"(?<![{_EDGE}])" if re.match(f"[{_EDGE}]", word) else "") + re.escape(word)


# Numbers ---------------------------------------------------------------------


def _number_at(text: str, place: int, first: Numbers) -> tuple[Piece, int] | None:
    if text[place] not in _BEGINS:
        return None
    for pattern, read in (*first, *_NUMBERS):
        if (match := pattern.match(text, place)) and (piece := read(match)):
            return piece, match.end()
    return None


def _date(match: re.Match[str]) -> Piece:
    year, month, day = (int(match[name]) for name in ("y", "m", "d"))
    if year < _FIRST_YEAR:
        raise ValueError
    return Piece("f", date(year, month, day))


def _slashed(match: re.Match[str]) -> Piece:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    return Piece("f", day_and_month(first, second, year)) if year > 99 else Piece("F", (first, second, year))


def day_and_month(first: int, second: int, year: int) -> date:
    """The date of two numbers and a year: a number above twelve, or twice the same, tells which is the day.

    Raises:
        ValueError: 03/04/2026 is two different days in two countries, or there is no such day.
    """
    if first <= 12 and second <= 12 and first != second:
        raise ValueError
    return date(year, min(first, second), max(first, second))


def _slashed_short(match: re.Match[str]) -> Piece:
    day, month = sorted((int(match[1]), int(match[2])), reverse=True)
    if day <= 12 or match[0] == "24/7":
        raise ValueError
    return _month_day(month, day)


def _month_day(month: int, day: int) -> Piece:
    date(2000, month, day)  # a leap year; no such day is a ValueError
    return Piece("g", (month, day))


def _counted(match: re.Match[str]) -> Piece:
    return Piece("C", (number(match[1]), _COUNTERS[match[2]]))


def number(text: str) -> int:
    """15, 十五, 三, 二十."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.replace("两", "二").replace("兩", "二").rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError
    return (_DIGITS.index(tens) + 1 if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) + 1 if ones else 0)


def _week(match: re.Match[str]) -> Piece:
    year = match["y"]
    return Piece("k", (int(year) if year else None, int(match["w"])))


def _of_month(letter: str) -> _Read:
    def read(match: re.Match[str]) -> Piece | None:
        found = number(match[1])
        return Piece(letter, found) if 1 <= found <= 31 else None

    return read


def _plain_number(letter: str) -> _Read:
    return lambda match: Piece(letter, number(match[1]))


_DOTTED = r"(?<!\d{4} )(?<!\d{4}\.)(?<!\d{4}\. )(\d{1,2})\. ?(\d{1,2})\.(?! ?\d)"
DOTTED = re.compile(rf"(?<!\d){_DOTTED}")
"""A day and a month with dots, in this order in most of Europe, in the other one in Korea and Hungary."""
_ZONE = r"(?: ?(?:utc|gmt|cet|cest|bst|est|edt|et|cst|pst|pdt|pt|jst)(?![a-z]))?"
_CLOCK = (
    rf"(?:[01]?\d|2[0-4])(?:(?::[0-5]\d){{1,2}}(?: ?(?:am|pm|a\.m\.|p\.m\.|uhr|h))?|(?:\.[0-5]\d)? ?(?:am|pm|a\.m\.|p\.m\.|uhr|uur)"
    rf"| ?h ?[0-5]\d|h|[時时点點](?:[0-5]?\d分|半)?)(?![a-z\d]){_ZONE}"
)
_CJK_COUNTER = "|".join(_COUNTERS)

# Tried in this order at every place; what says a thing that cannot be raises ValueError, and the whole phrase is not
# understood.
_NUMBERS: Numbers = tuple(
    (re.compile(rf"(?<!\d)(?:{pattern})"), read)
    for pattern, read in (
        (
            r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)(?:[t ]\d\d:\d\d[\d:.]*(?:z|[+-]\d\d:?\d\d)?(?!\w))?",
            _date,
        ),
        (r"(?P<y>\d{4})\. ?(?P<m>\d{1,2})\. ?(?P<d>\d{1,2})(?!\d)\.?", _date),  # as in Korea and Hungary
        (r"(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)", _date),
        (r"(?P<y>\d{4})-?w(?P<w>\d\d)(?!\d)", _week),
        (r"(?<![a-z])[kc]w ?(?P<w>\d{1,2})(?!\d)(?:[ /]+(?P<y>\d{4})(?!\d))?", _week),
        (r"(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d\d)(?![\d/-])", _slashed),
        (r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4})(?![\d.])", _date),
        (_DOTTED, lambda match: _month_day(int(match[2]), int(match[1]))),
        (r"(\d{1,2})/(\d{1,2})(?![\d/])", _slashed_short),
        (rf"{COUNT} ?[个個ヶか箇カ]?({_CJK_COUNTER})[間间]?(?:以?[内內]|之[内內]|以?[后後]|之[后後])", _counted),
        (r"(\d{4})[年년]", _plain_number("y")),
        (rf"{COUNT}[月월] ?{COUNT}[日号號일]", lambda match: _month_day(number(match[1]), number(match[2]))),
        (rf"{COUNT}月(?!\d)", _of_month("m")),
        (rf"{COUNT}[日号號](?!前)", _of_month("O")),  # 3日前 is "before the 3rd" and "three days ago"
        (_CLOCK, lambda _: CLOCK),
        (r"(?<![a-z])q([1-4])(?!\w)", _plain_number("q")),
        (r"((?:19|20|21)\d\d)(?!\d)", _plain_number("y")),
        (r"(\d{1,2})(?:st|nd|rd|th|er|o|a|\.)(?![\da-z])", _of_month("o")),
        (r"(\d{1,3})(?!\d)", _plain_number("d")),
    )
)
