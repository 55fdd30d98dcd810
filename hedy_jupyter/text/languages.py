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
    return languages_of(stop_word_counts(Counter("\n".join(texts).split())))


def stop_word_counts(pieces: Mapping[str, int]) -> Counter[str]:
    """Return how often each stop word is in *pieces* of text, of which there are so many each."""
    counts = Counter[str]()
    for piece in _STOP_WORDS_OF.chosen(pieces):
        for word in _STOP_WORDS_OF[piece]:
            counts[word] += pieces[piece]
    return counts


def languages_of(counts: Mapping[str, int]) -> set[str]:
    """Return the same of a text with so many of each stop word."""
    hits = dict.fromkeys(STOP_WORDS, 0)
    for word, number in counts.items():
        for language in _LANGUAGES_WITH[word]:
            hits[language] += number
    most = max(hits.values())
    return {language for language, number in hits.items() if number == most}
