"""The vocabulary of the archive: the words of its index, and which of them are like one that is not there."""

from __future__ import annotations

from hedy_jupyter.archive.store import Store
from hedy_jupyter.text import tokens
from hedy_jupyter.text.suggestions import close_names

_PASSES = ((1, 0.85), (0, 0.7))
"""How many letters at the start are the same, and the least share of letters in common: few words begin alike."""
_OTHER_LENGTH = 2


def similar(store: Store, typed: str) -> list[str]:
    """Return up to three words of the index, folded, that *typed*, one word, may stand for; the nearest first."""
    words = tokens.words(typed)
    if len(words) != 1 or tokens.has_single(words[0]):
        return []
    word = words[0]
    for letters, least in _PASSES:
        names = [one for one in _words(store, word[:letters], len(word)) if one != word]
        near = close_names(word, names, least=least)
        if near:
            return near
    return []


def _words(store: Store, first: str, length: int) -> list[str]:
    """Return the words of the index that begin with *first* and have about *length* letters."""
    with store.reading() as connection:
        if not store.writable:
            store.index.make_in_memory()
        place = "temp" if store.index.is_in_memory else "main"
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('{place}', 'words', 'row')"
        )
        shortest, longest = max(1, length - _OTHER_LENGTH), length + _OTHER_LENGTH
        rows = connection.execute(
            "SELECT term FROM temp.vocabulary WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
            (first, f"{first}\U0010ffff", shortest, longest),
        )
        return [term for (term,) in rows if tokens.PAIRED not in term]
