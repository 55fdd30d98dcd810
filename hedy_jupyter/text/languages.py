"""The language of texts, by the stop words in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from hedy_jupyter.text.pieces import Pieces
from hedy_jupyter.text.script_ranges import in_word
from hedy_jupyter.text.stop_words import FUNCTION_WORDS, STOP_WORDS

_WORD = re.compile(rf"[^\W\d_][{in_word()}]*")


def stop_words(text: str) -> tuple[str, ...]:
    """Return the stop words of any language in *text*."""
    return tuple(word for found in _WORD.findall(text) if (word := found.casefold()) in FUNCTION_WORDS)


_LANGUAGES_WITH = {
    word: tuple(language for language, table in STOP_WORDS.items() if word in table) for word in FUNCTION_WORDS
}
_STOP_WORDS_OF = Pieces(stop_words)


def languages(texts: Iterable[str]) -> set[str]:
    """Return the languages of ``STOP_WORDS`` that fit *texts* best: one, or all that fit equally well."""
    pieces, counts = Counter[str](), Counter[str]()
    for text in texts:
        pieces.update(text.split())
    for piece, number in pieces.items():
        for word in _STOP_WORDS_OF[piece]:
            counts[word] += number
    return languages_of(counts)


def languages_of(counts: Mapping[str, int]) -> set[str]:
    """Return the same of a text with so many of each stop word."""
    hits = dict.fromkeys(STOP_WORDS, 0)
    for word, number in counts.items():
        for language in _LANGUAGES_WITH[word]:
            hits[language] += number
    most = max(hits.values())
    return {language for language, number in hits.items() if number == most}
