"""Related sessions: those that are most like one, by the rarest of its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from hedy_jupyter.archive import search
from hedy_jupyter.archive.fulltext import WEIGHTS
from hedy_jupyter.archive.queries import ALWAYS
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import select_required
from hedy_jupyter.text import tokens
from hedy_jupyter.text.stop_words import STOP_WORDS

_CANDIDATES = 120  # of so many words of the session, those that count most in it, the rarest are chosen
_RAREST = 20
_COMMON = 0.5  # a word in more than this share of the sessions says nothing about one
_SHORTEST = 3  # letters; a single character of Chinese is a pair here
_NAMED = 5  # so many words in common are named


class Related(NamedTuple):
    """A session that is like another one.

    Attributes:
        start_time: ISO, UTC.
        words: the rarest words that both have, folded, the rarest first, separated by commas.
        score: larger is more alike; compares within one list only.
    """

    session_id: str
    title: str | None
    start_time: str | None
    words: str
    score: float


def find(store: Store, session_id: str, *, limit: int) -> list[Related]:
    """Return the sessions that share the rarest words of *session_id*, the most alike first."""
    with store.reading() as connection:
        if not store.writable:
            store.index.make_in_memory()
        key = select_required(connection, "SELECT key FROM sessions WHERE session_id = ?", session_id)[0]
        total = select_required(connection, "SELECT count(*) FROM sessions")[0]
        having = {word: search.matching(store, _match(word)) for word in _candidates(store.index.document(key))}
        shared = {word: keys for word, keys in having.items() if 1 < len(keys) <= max(2, total * _COMMON)}
        rarest = sorted(shared, key=lambda word: len(shared[word]))[:_RAREST]
        if not rarest:
            return []
        rows = search.ranked(store, {**ALWAYS.bounds, "query": " OR ".join(map(_match, rarest)), "limit": limit + 1})
        return [
            Related(
                ident, title, start, ", ".join([_shown(word) for word in rarest if one in shared[word]][:_NAMED]), -rank
            )
            for one, ident, title, start, rank in rows
            if one != key
        ][:limit]


def _candidates(document: Mapping[str, str]) -> list[str]:
    """Return the words of a session as the index has them, those first that count most in it."""
    weights = dict[str, float]()
    for field, text in document.items():
        for word, count in Counter(tokens.index_words(tokens.words(text))).items():
            if _says_something(word):
                weights[word] = weights.get(word, 0.0) + min(count, 3) * WEIGHTS[field]
    return sorted(weights, key=lambda word: -weights[word])[:_CANDIDATES]


def _says_something(word: str) -> bool:
    if tokens.PAIRED in word:
        return not word.endswith(tokens.PAIRED)
    return len(word) >= _SHORTEST and not word.isdecimal() and not any(word in words for words in STOP_WORDS.values())


def _match(word: str) -> str:
    return f'"{word}"'


def _shown(word: str) -> str:
    return word.replace(tokens.PAIRED, "")
