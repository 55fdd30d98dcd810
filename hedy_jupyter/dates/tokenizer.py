"""The tokenizer: cut a phrase into tokens, by tables of words and by patterns for numbers.

A phrase is understood in a language only when every character of it is.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict

from hedy_jupyter.dates import due_vocabulary, number_tokens
from hedy_jupyter.dates.number_tokens import NumberPatterns
from hedy_jupyter.dates.tokens import Piece
from hedy_jupyter.dates.word_tables import Words
from hedy_jupyter.text.fold import fold

Vocabulary = tuple[dict[str, Piece], dict[str, re.Pattern[str]]]
"""Words and what they mean, and by first letter what finds them."""

_LATIN = "a-z\u00df-\u024f"  # letters; other alphabets here are written without spaces
_AFTER_LATIN = "\u0250"  # from here on come other letters than the Latin ones
_INVISIBLE = frozenset({"So", "Sk", "Cf", "Me"})  # emoji and their joints, marks of the direction of writing
_BETWEEN_WORDS = re.compile(
    r"""(?:[\s,;:.!)\[\]"“”„«»、。，：！·]|\((?!.\)))+|(?<=\s)[-–—](?=\s)|(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)"""
)


def plain(phrase: str) -> str:
    """Return *phrase* without case, accents, emoji, invisible marks and runs of white space."""
    seen = phrase if phrase.isascii() else "".join(one for one in phrase if unicodedata.category(one) not in _INVISIBLE)
    return fold(seen.replace("’", "'"))


def tokenize_due(text: str, language: str) -> list[Piece] | None:
    """Return the pieces of *text*, which is ``plain``, by the words of due dates in *language*.

    Return None where something in it is neither a word of *language* nor a number.
    """
    return tokenize(text, _due_vocabulary(language))


def tokenize(text: str, vocabulary: Vocabulary, numbers: NumberPatterns = ()) -> list[Piece] | None:
    """Return the pieces of *text*, which is ``plain``, by the words of *vocabulary*; None where something is unknown.

    *numbers* are tried before the patterns of ``number_tokens``.
    """
    words, patterns = vocabulary
    pieces: list[Piece] = []
    place = 0
    while place < len(text):
        if match := _BETWEEN_WORDS.match(text, place):
            place = match.end()
            continue
        found = number_tokens.number_at(text, place, numbers)
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
def _due_vocabulary(language: str) -> Vocabulary:
    return vocabulary(due_vocabulary.EVERYWHERE, due_vocabulary.LANGUAGES[language])


def vocabulary(*tables: Words) -> Vocabulary:
    """Return the words of *tables*, and by first letter what finds the longest of them."""
    words = {
        fold(word): Piece(token, value)
        for table in tables
        for token, row in table.items()
        for value, listed in row.items()
        for word in listed.split(",")
    }
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        by_letter[word[0]].append(_whole(word))
    return words, {letter: re.compile("|".join(listed)) for letter, listed in by_letter.items()}


@functools.cache
def _accented_forms() -> frozenset[str]:
    """Return the words of due dates in all languages, with their accents."""
    tables = (due_vocabulary.EVERYWHERE, *due_vocabulary.LANGUAGES.values())
    return frozenset(
        unicodedata.normalize("NFC", word.strip().casefold())
        for table in tables
        for row in table.values()
        for listed in row.values()
        for word in listed.split(",")
    )


def has_other_accents(phrase: str) -> bool:
    """Return whether *phrase* is one word with accents that no word of the tables has: "tué" is no Tuesday."""
    word = unicodedata.normalize("NFC", phrase.strip().casefold())
    return word.isalpha() and fold(word) != word and word < _AFTER_LATIN and word not in _accented_forms()


def _whole(word: str) -> str:
    """Return a pattern for *word* that does not begin inside another word."""
    return (rf"(?<![{_LATIN}])" if re.match(f"[{_LATIN}]", word) else "") + re.escape(word)
