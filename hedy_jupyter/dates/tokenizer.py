"""The tokenizer: cut a phrase into tokens, by tables of words and by patterns for numbers.

A phrase is understood in a language only when every character of it is.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

from hedy_jupyter.dates import number_tokens, word_tables
from hedy_jupyter.dates.number_tokens import NumberPatterns
from hedy_jupyter.dates.tokens import Piece
from hedy_jupyter.dates.word_tables import Words
from hedy_jupyter.text.fold import fold


class Vocabulary(NamedTuple):
    """Words and what they mean, and by the first two letters how long words may be, longest first."""

    words: dict[str, Piece]
    lengths: dict[str, tuple[int, ...]]


# The letters of alphabets that are written with spaces: Latin, Cyrillic, Arabic, Devanagari.
_SPACED_LETTERS = re.compile("[a-z\u00df-\u024f\u0400-\u052f\u0620-\u065f\u066e-\u06d3\u0900-\u0963\u0971-\u097f]")
_LETTER_AND_NUMBER = re.compile(r"[a-z]\d")  # "v1.2" is a version, and no word for "in"
_ONE_LETTER = (1,)  # the lengths of words where no longer one begins
_AFTER_LATIN = "\u0250"  # from here on come other letters than the Latin ones
_INVISIBLE = frozenset({"So", "Sk", "Cf", "Me"})  # emoji and their joints, marks of the direction of writing
_BETWEEN_WORDS = re.compile(
    r"""(?:[\s,;:.!)\[\]"“”„«»、。，：！·،؛।]|\((?!.\)))+|(?<=\s)[-–—](?=\s)|(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)"""
)
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("’ʼ‘", "'"),
        **{chr(first + digit): str(digit) for first in (0x660, 0x6F0, 0x966) for digit in range(10)},
        **dict.fromkeys("أإآٱ", "ا"),
        "ة": "ه",
        "ى": "ي",
        **dict.fromkeys((0x640, 0x93C, *range(0x64B, 0x653))),  # marks of Arabic, its long line, and a dot of Hindi
    }
)
"""Letters and digits that are written for others; what only some people write is left out."""


def plain(phrase: str) -> str:
    """Return *phrase* without case, accents, emoji, invisible marks, kinds of digit and runs of white space."""
    if phrase.isascii():
        return fold(phrase)
    seen = "".join(one for one in phrase if unicodedata.category(one) not in _INVISIBLE)
    return fold(seen).translate(_ALIKE)


def tokenize_due(text: str, language: str) -> list[Piece] | None:
    """Return the pieces of *text*, which is ``plain``, by the words of due dates in *language*.

    Return None where something in it is neither a word of *language* nor a number.
    """
    return tokenize(text, _due_vocabulary(language))


def tokenize(text: str, vocabulary: Vocabulary, numbers: NumberPatterns = ()) -> list[Piece] | None:
    """Return the pieces of *text*, which is ``plain``, by the words of *vocabulary*; None where something is unknown.

    *numbers* are tried before the patterns of ``number_tokens``.
    """
    pieces: list[Piece] = []
    place = 0
    while place < len(text):
        if match := _BETWEEN_WORDS.match(text, place):
            place = match.end()
            continue
        found = number_tokens.number_at(text, place, numbers) or _word_at(text, place, vocabulary)
        if found is None:
            return None
        piece, place = found
        pieces.append(piece)
    return pieces


def _word_at(text: str, place: int, vocabulary: Vocabulary) -> tuple[Piece, int] | None:
    """Return the longest word that begins at *place*, and where it ends; none begins or ends inside another word."""
    if _is_inside_word(text, place):
        return None
    for length in vocabulary.lengths.get(text[place : place + 2], _ONE_LETTER):
        end = min(place + length, len(text))
        is_version = length == 1 and _LETTER_AND_NUMBER.match(text, place)
        if not is_version and (piece := vocabulary.words.get(text[place:end])) and not _is_inside_word(text, end):
            return piece, end
    return None


def _is_inside_word(text: str, place: int) -> bool:
    """Return whether before and behind *place* there are letters of an alphabet that is written with spaces."""
    is_between = 0 < place < len(text)
    return is_between and bool(_SPACED_LETTERS.match(text, place) and _SPACED_LETTERS.match(text, place - 1))


@functools.cache
def _due_vocabulary(language: str) -> Vocabulary:
    return vocabulary(word_tables.due_words(word_tables.EVERYWHERE), word_tables.due_words(language))


def vocabulary(*tables: Words) -> Vocabulary:
    """Return the words of *tables*, and by their first two letters how long they are."""
    words = {
        plain(word): Piece(token, value)
        for table in tables
        for token, row in table.items()
        for value, listed in row.items()
        for word in listed
    }
    lengths: dict[str, set[int]] = defaultdict(lambda: {*_ONE_LETTER})
    for word in words:
        lengths[word[:2]].add(len(word))
    return Vocabulary(words, {letters: tuple(sorted(found, reverse=True)) for letters, found in lengths.items()})


@functools.cache
def _accented_forms() -> frozenset[str]:
    """Return the words of due dates in all languages, with their accents."""
    return frozenset(
        unicodedata.normalize("NFC", word.casefold())
        for language in word_tables.DUE_LANGUAGES
        for word in word_tables.all_words(word_tables.due_words(language))
        if not word.isascii()
    )


def has_other_accents(phrase: str) -> bool:
    """Return whether *phrase* is one word with accents that no word of the tables has: "tué" is no Tuesday."""
    word = unicodedata.normalize("NFC", phrase.strip().casefold())
    return word.isalpha() and fold(word) != word and word < _AFTER_LATIN and word not in _accented_forms()
