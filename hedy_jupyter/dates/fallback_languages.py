"""The languages of the fallback ``dateparser``, and the names of their weekdays, months and near days.

dateparser reads some two hundred languages, without their accents and by beginnings of words. Among so many nearly
every short word is a date somewhere: "homme" is tomorrow, "lord" a Saturday, "fire" the fourth. So only widely spoken
ones are used, and a word counts only where it is a name of that language, with its accents.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from hedy_jupyter.dates.relative_english import MONTHS, WEEKDAYS
from hedy_jupyter.dates.word_tables import DUE_LANGUAGES
from hedy_jupyter.text.fold import fold, without_marks
from hedy_jupyter.text.script_ranges import FIRST_UNSPACED

_LANGUAGES = "ru uk pl cs sk hu ro bg el hr sl sr lt lv sv da nb fi is ca tr ar he fa hi id ms vi th ko"
CODES = tuple(_LANGUAGES.split())
"""The languages whose times that look back it reads."""
WITHOUT_WORDS = tuple(code for code in CODES if code not in DUE_LANGUAGES and code != "nb")
"""The languages whose due dates it reads: those without a table of words; Norwegian is with Danish."""
_NEAR = ("second", "day", "week", "month", "year")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_LETTERS = "\u0370"  # from Greek on
_VOWEL_SIGNS = "\u0900"  # from here on vowels are marks between letters, and cut words
_SHORTEST = 4  # letters of a name, three where one of them is not ASCII
_SHORT_MONTHS = frozenset({"maj"})
# Names of other languages that are everyday words of one of the nine.
_EVERYDAY = frozenset({"leden", "liep", "maja", "marca", "mart", "most"})


def all_codes() -> list[str]:
    """Return the languages with tables of words here, and the others."""
    return [*(code for code in DUE_LANGUAGES if code not in CODES), *CODES]


def is_name(word: str) -> bool:
    """Return whether *word*, alone, is a weekday, a month or a near day in one of the languages."""
    name = _without_case(word)
    return _is_long(word) and name not in _EVERYDAY and name in _names((*WEEKDAYS, *MONTHS), near=True)[0]


def has_name(text: str) -> bool:
    """Return whether a word of *text* is such a name, or a few of them are: "i går"."""
    return any(map(is_name, _WORD.findall(text))) or any(
        " " in name and name in fold(text) for name in _names((), near=True)[1]
    )


def has_month(text: str) -> bool:
    """Return whether a word of *text* is a month; with a year beside it also a short form of one."""
    has_year, (names, folded) = re.search(r"\d{4}", text), _names(MONTHS, near=False)
    words = [word for word in _WORD.findall(text) if has_year or _is_long(word) or word in _SHORT_MONTHS]
    # Accents may be left out.
    if any(_without_case(word) in names or (word.isascii() and word in folded) for word in words):
        return True
    return any(name in fold(text) for name in folded if name >= _VOWEL_SIGNS and len(name) > 1)


def _is_long(word: str) -> bool:
    return len(word) >= _SHORTEST - (not word.isascii()) or (word >= FIRST_UNSPACED and len(word) > 1)


@functools.cache
def _names(keys: tuple[str, ...], *, near: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of *keys* in all languages, and of *near* days and periods, without case and folded."""
    listed = [name for code in CODES for name in (*_listed(code, keys), *(_relative(code, _NEAR) if near else ()))]
    return frozenset(map(_without_case, listed)), frozenset(map(fold, listed))


def _without_case(word: str) -> str:
    """Return *word* without case: a Latin one with its accents, which make other words there, another without marks."""
    letters = unicodedata.normalize("NFD", word.casefold())
    if min(letters, default="") >= _OTHER_LETTERS:
        letters = without_marks(letters)
    return unicodedata.normalize("NFC", letters)


@functools.cache
def periods(code: str) -> tuple[str, ...]:
    """Return what a language says for last, this and next week, month and year, as ``fold`` gives it."""
    return tuple(map(fold, _relative(code, _NEAR[2:])))


def _listed(code: str, keys: Iterable[str]) -> list[str]:
    from dateparser.languages.loader import default_loader

    info = default_loader.get_locale(code).info
    return [name for key in keys for name in info.get(key, ())]


def _relative(code: str, units: tuple[str, ...]) -> list[str]:
    from dateparser.languages.loader import default_loader

    info = default_loader.get_locale(code).info
    return [
        name
        for said, names in info.get("relative-type", {}).items()
        if any(unit in said for unit in units)
        for name in names
    ]
