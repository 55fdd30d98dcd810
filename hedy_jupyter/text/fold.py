"""Fold text for comparing: without differences of case, accents, widths or Unicode form, as each use needs it.

- ``ignore_case`` for titles and labels that people type: accents count.
- ``fold`` for words of a vocabulary: accents and runs of white space do not count either.
- ``name_form`` for names of records that people type: as ``fold``, and kinds of quote and dash do not count.
- ``search_form`` for full-text search: words only, one form for each.
- ``path_key`` for names of files: what some file system takes for the same name.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from hedy_jupyter.text.punctuation import plain_marks
from hedy_jupyter.text.script_ranges import SINGLE_CHARACTER_WORDS, marks

ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Accents of Latin, Greek and Cyrillic. Marks that voice a kana or write a vowel in Hindi are letters, not accents."""
_VOWEL_MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
)
"""Marks that Arabic and Hebrew may leave out: vowels, doublings, hamza on another letter, dots, recitation."""
_TATWEEL = "\u0640"  # it only makes an Arabic word longer
DROPPED_IN_SEARCH = (
    f"{ACCENTS}{_VOWEL_MARKS}{_TATWEEL}\u00ad\u180b-\u180f\u200d-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)
"""Accents, vowel marks and invisible characters that a search ignores. A change asks for a new index everywhere."""
_PLAIN_LETTERS: Mapping[str, str] = MappingProxyType(
    {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ"}
    | dict(zip("øɔɵđðɖɗłƚħıɨŧŋɲəɛƀɓƒǥɠƙʉʋƴƶ", "oooddddllhiitnneebbfggkuvyz", strict=True))
    | dict(zip("\u0671\u0649\u06cc\u06a9\u06aa\u0629\u06c1", "\u0627\u064a\u064a\u0643\u0643\u0647\u0647", strict=True))
    | {chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}
)
"""Small letters that no accent makes, and the letters that people type for them on another keyboard.

Of Arabic letters also the forms of alef, yeh, kaf and heh that differ between Arabic, Persian and Urdu, and digits. A
change asks for a new index of every archive.
"""

_ACCENTS = re.compile("[\u0300-\u036f]")
_DROPPED_IN_SEARCH = re.compile(f"[{DROPPED_IN_SEARCH}]+")
_TO_PLAIN = re.compile(f"[{''.join(_PLAIN_LETTERS)}]")
# It separates in Persian words; in other scripts it only shapes letters.
_NON_JOINER = re.compile("(?<![\u0600-\u08ff])\u200c")


def ignore_case(text: str) -> str:
    """Return *text* without differences of case, width and Unicode form; accents and white space stay."""
    return unicodedata.normalize("NFKC", text).casefold()


def without_accents(text: str) -> str:
    """Return *text* without the accents of the block U+0300, decomposed."""
    return _ACCENTS.sub("", unicodedata.normalize("NFD", text))


def without_marks(text: str) -> str:
    """Return *text* without any mark that adds no width, decomposed: vowels of Arabic and Hebrew too."""
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if unicodedata.category(letter) != "Mn")


def fold(text: str) -> str:
    """Return *text* without differences of case, accents, widths and runs of white space.

    Only the accents of the block U+0300 go: the marks that voice a kana, or make syllables out of Hangul letters, are
    letters.
    """
    folded = (
        text.lower() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    )
    return " ".join((folded if folded.isascii() else unicodedata.normalize("NFC", folded)).split())


def name_form(text: str) -> str:
    """Return *text* as ``fold`` does, with the hyphens and straight quotes of a keyboard for all their kinds."""
    return fold(plain_marks(text))


def search_form(text: str) -> str:
    """Return *text* in the form in which a search compares words; its length may differ.

    What is not ASCII in it is part of a word.
    """
    if text.isascii():
        return text.lower()
    plain = _DROPPED_IN_SEARCH.sub("", unicodedata.normalize("NFKD", text))
    if "\u200c" in plain:
        plain = _NON_JOINER.sub("", plain)
    lower = _TO_PLAIN.sub(lambda letter: _PLAIN_LETTERS[letter[0]], unicodedata.normalize("NFC", plain).lower())
    return lower if lower.isascii() else _between_words().sub(" ", lower)


@functools.cache
def _between_words() -> re.Pattern[str]:
    """Return the pattern of a character outside ASCII that belongs to no word."""
    return re.compile(f"[^\x00-\x7f\\w{marks(enclosing=True)}{SINGLE_CHARACTER_WORDS}]")


def path_key(path: str) -> str:
    """Return what two paths have in common that some file system takes for one: case and Unicode form do not count."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", path).casefold())
    return unicodedata.normalize("NFC", folded)
