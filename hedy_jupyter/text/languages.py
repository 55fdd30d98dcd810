"""The language of texts, by the stop words in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from hedy_jupyter.text.pieces import Pieces
from hedy_jupyter.text.scripts import IN_WORD
from hedy_jupyter.text.stop_words import FUNCTION_WORDS, STOP_WORDS

_WORD = re.compile(rf"[^\W\d_][{IN_WORD}]*")


def _stop_words(piece: str) -> tuple[str, ...]:
    """Return the stop words of any language in *piece*."""
    return tuple(word for found in _WORD.findall(piece) if (word := found.casefold()) in FUNCTION_WORDS)


_STOP_WORDS_OF = Pieces(_stop_words)


def languages(texts: Iterable[str]) -> set[str]:
    """Return the languages of ``STOP_WORDS`` that fit *texts* best: one, or all that fit equally well."""
    found = Counter[tuple[str, ...]]()
    for text in texts:
        found.update(map(_STOP_WORDS_OF.__getitem__, text.split()))
    counts = Counter[str]()
    for words, number in found.items():
        for word in words:
            counts[word] += number
    hits = {language: sum(counts[word] for word in table) for language, table in STOP_WORDS.items()}
    most = max(hits.values())
    return {language for language, number in hits.items() if number == most}
