"""Ranges of characters by script, as the inner part of a character class of ``re``."""

from __future__ import annotations

import functools
import itertools
import unicodedata

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANGUL = "\uac00-\ud7a3"
_HIRAGANA_LETTERS = "\u3041-\u3096\u309d-\u309f"
_KATAKANA_LETTERS = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
HIRAGANA = f"{_HIRAGANA_LETTERS}\u3099-\u309c"
KATAKANA = f"{_KATAKANA_LETTERS}\uff66-\uff9f"
CJK = f"{HAN}{KATAKANA}{HIRAGANA}"
_LEADING_JAMO = "\u1100-\u11ff"
JAMO = f"{_LEADING_JAMO}\u3130-\u318f\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdf"
"""Letters of Hangul, which combine into one syllable."""
VOICING_MARKS = "\u302a-\u302f\u3099\u309a"
"""Marks that turn a Chinese or Japanese character into another one."""
SINGLE_CHARACTER_WORDS = (
    f"{_LEADING_JAMO}{HANGUL}{HAN}\u3021-\u3029{_HIRAGANA_LETTERS}{_KATAKANA_LETTERS}"
    "\u3105-\u312f\u31a0-\u31bf\U0001aff0-\U0001b16f"  # Bopomofo, and older kana
)
"""Characters each of which is one word to a search. A change asks for a new index of every archive."""
SOUTHEAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese and Khmer, which have no spaces between words."""
UNSPACED = f"{SOUTHEAST_ASIAN}{_LEADING_JAMO}\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
"""Scripts without spaces between words, and Korean, which may have them anywhere."""
FIRST_UNSPACED = "\u0e00"
"""From Thai on most scripts have no spaces between words."""

_WITH_MARKS = (
    range(0x300, 0x3400),
    range(0xA66F, 0xAC00),
    range(0xFB1E, 0x12000),
    range(0x13430, 0x17000),
    range(0x1BC9D, 0x1E950),
)
"""The blocks with marks of letters; between them are Chinese, Korean and other characters without."""
_JOINERS = "\u200c\u200d"  # in words of Persian and of the scripts of India


@functools.cache
def marks(*, enclosing: bool = False) -> str:
    """Return the ranges of all marks above, below and beside letters; with *enclosing* also of those round them."""
    categories = {"Mn", "Mc", *(("Me",) if enclosing else ())}
    found: list[list[int]] = []
    for code in itertools.chain(*_WITH_MARKS):
        if unicodedata.category(chr(code)) in categories:
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)


@functools.cache
def southeast_asian(*, of_marks: bool = False) -> str:
    """Return the letters of Thai, Lao, Burmese and Khmer, or their marks; each letter with its marks is one word."""
    first = "M" if of_marks else "L"
    bounds = ((0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0xA9E0, 0xAA00), (0xAA60, 0xAA80))
    codes = (code for start, end in bounds for code in range(start, end))
    return "".join(chr(code) for code in codes if unicodedata.category(chr(code))[0] == first)


@functools.cache
def word_marks() -> str:
    """Return the marks in words, which are no letters to ``re``: without them Arabic, Thai and Hindi would be cut."""
    return marks() + _JOINERS


@functools.cache
def in_word() -> str:
    """Return what words consist of: letters, digits, the underscore and marks."""
    return rf"\w{word_marks()}"


def is_latin_1(text: str) -> bool:
    """Return whether *text* has only characters below U+0100: far faster than to search it for others."""
    try:
        return text.isascii() or text.encode("latin-1") is not None
    except UnicodeEncodeError:
        return False


def is_cased(text: str) -> bool:
    """Return whether *text* has letters of a script with capitals."""
    return text.lower() != text.upper()
