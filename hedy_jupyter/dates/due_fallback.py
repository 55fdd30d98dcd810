"""Fallback for due dates in languages without a table of words: what ``dateparser`` says, where it can be checked.

It parses the phrase as if said on several days. How its answers move with the day shows what the phrase means: so many
days ahead, a weekday, a day of the year, or a date. An answer that moves in no such way, or that uses numbers which are
not in the phrase, does not count.
"""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from hedy_jupyter.dates import fallback_languages
from hedy_jupyter.dates.due_days import first_weekday, yearly
from hedy_jupyter.dates.due_grammar import Reading
from hedy_jupyter.text.fold import fold, without_marks
from hedy_jupyter.text.script_ranges import FIRST_UNSPACED

# Every weekday, two seasons of different years, and the hours of a day: "in an hour" is tomorrow in the last one.
_SAID_ON = tuple(
    datetime(2025, 3, 11, 3 * place + 2, 30) + timedelta(days=days) for place, days in enumerate((*range(7), 900))
)
_FEWEST_LETTERS = 2
_FEWEST_ASCII_LETTERS = 5  # shorter ones are words of too many languages: "to", "man", "more"
_DATE_CHARACTERS = re.compile(r"(?:(?!_)[\w\u0300-\u0eff .,'’-]){2,40}")
_LONG_WORD = 3
_SPACED_WORD = re.compile(f"[^\\W\\d_{FIRST_UNSPACED}-\U0010ffff]+")


def guess(text: str, phrase: str) -> Reading | None:
    """Return what dateparser understands of *text*, which is *phrase* made ``plain``; None where it is in doubt."""
    if not _may_be_date(text) or (text.isalpha() and not fallback_languages.is_name(phrase.strip())):
        return None
    answers: list[date] = []
    for base in _SAID_ON:
        answer = _parsed(text, base)
        if answer is None:
            return None
        answers.append(answer)
    return _reading(answers, text)


def _may_be_date(text: str) -> bool:
    """Return whether *text* may be a date in another language."""
    if not _DATE_CHARACTERS.fullmatch(text):
        return False
    enough = sum(map(str.isalpha, text)) >= (_FEWEST_ASCII_LETTERS if text.isascii() else _FEWEST_LETTERS)
    return enough and _known_words().issuperset(_words(text))


def _reading(answers: list[date], text: str) -> Reading | None:
    """Return the reading that gives *answers* on the days of ``_SAID_ON``."""
    first, numbers = answers[0], [int(number) for number in re.findall(r"\d+", text)]
    if len(set(answers)) == 1:
        return Reading("exact", lambda _: first, first) if _names_day(text, numbers, first.day, first.year) else None
    if len({(answer.month, answer.day) for answer in answers}) == 1:
        return Reading("exact", yearly(first.month, first.day)) if _names_day(text, numbers, first.day) else None
    aheads = {(answer - base.date()).days for answer, base in zip(answers, _SAID_ON, strict=True)}
    if len(aheads) == 1:
        return _days_ahead(aheads.pop(), numbers, text)
    if len({answer.weekday() for answer in answers}) == 1 and not numbers and all(0 <= ahead <= 7 for ahead in aheads):
        return Reading("relative", functools.partial(first_weekday, first.weekday()))
    return None


def _names_day(text: str, numbers: list[int], *parts: int) -> bool:
    """Return whether *text* has these numbers and one word, the month: dateparser ignores a weekday that is wrong."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) >= _LONG_WORD]
    return sorted(numbers) == sorted(parts) and len(words) == 1 and fallback_languages.has_month(text)


def _days_ahead(ahead: int, numbers: list[int], text: str) -> Reading | None:
    """Return the reading of so many days ahead, if the *numbers* of *text* say so."""
    if ahead < -1 or (numbers and [ahead] not in (numbers, [7 * number for number in numbers])):
        return None
    if numbers and len(_words(text)) < 2:  # "5 dni" is so long, "za 5 dni" so far ahead
        return None
    return Reading("relative", lambda day: day + timedelta(days=ahead))


def _parsed(text: str, base: datetime) -> date | None:
    """Return the day that dateparser makes of *text* at *base*; None for a time or a period."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some versions warn of their own dependencies
        try:
            data = _parser(base).get_date_data(text)
        except (ValueError, OverflowError):
            return None
    moment: datetime | None = data.date_obj
    # "Two weeks ahead" comes as a week, and so does "next week"; a number tells them apart.
    is_day = data.period == "day" or (data.period == "week" and re.search(r"\d", text))
    return moment.date() if moment and is_day and not moment.tzinfo else None


@functools.cache
def _parser(base: datetime) -> Any:
    from dateparser.date import DateDataParser

    settings = {"PREFER_DATES_FROM": "future", "RETURN_TIME_AS_PERIOD": True, "RELATIVE_BASE": base}
    return DateDataParser(languages=list(fallback_languages.WITHOUT_WORDS), settings=settings)


@functools.cache
def _known_words() -> frozenset[str]:
    """Return the words of all those languages: most prose has another one, on which dateparser would take long."""
    from dateparser.languages.loader import default_loader

    locales = default_loader.get_locales(languages=list(fallback_languages.WITHOUT_WORDS), use_given_order=True)
    return frozenset(word for locale in locales for text in _texts_in(locale.info) for word in _words(text))


def _words(text: str) -> list[str]:
    """Return the words of *text* without marks, which some people leave out."""
    return _SPACED_WORD.findall(without_marks(fold(text)))


def _texts_in(info: object) -> Iterator[str]:
    """Yield every text in *info*, nested as it may be."""
    if isinstance(info, str):
        yield info
    elif isinstance(info, Mapping):
        yield from _texts_in([*info, *info.values()])
    elif isinstance(info, Iterable):
        for item in info:
            yield from _texts_in(item)
