"""Read a search as people type it: words, phrases in double quotes, beginnings with ``*``, and ``-`` to exclude.

One reading for the archive, ``df.hedy.search``, and what is marked in a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from hedy_jupyter.text import tokens
from hedy_jupyter.text.tokens import Phrase

_STARS = "*＊"
_PIECE = re.compile(rf'(?P<minus>(?<!\S)[-－](?![-－]))?(?:"(?P<phrase>[^"]*)"(?P<star>[{_STARS}]?)|(?P<word>[^\s"]+))')
"""A ``-`` excludes where it begins a word or a quote; elsewhere it is text, as in "state-of-the-art"."""


class SearchTerm(NamedTuple):
    """One part of a search.

    Attributes:
        phrase: its words, folded; of a single word, that one.
        excluded: whether what has it is left out.
        typed: what it was read from.
    """

    phrase: Phrase
    excluded: bool
    typed: str


def read(query: str) -> list[SearchTerm]:
    """Return the parts of *query* that hold a word, without repeats, those to be found before those to be left out."""
    found: dict[tuple[bool, tuple[str, ...], bool], SearchTerm] = {}
    for piece in _PIECE.finditer(query):
        text = piece["word"] if piece["phrase"] is None else piece["phrase"]
        words = tokens.words(text)
        is_prefix = bool(piece["star"]) or (piece["phrase"] is None and text[-1] in _STARS)
        excluded = piece["minus"] is not None
        if words:
            term = SearchTerm(Phrase(words, prefix=is_prefix), excluded, piece[0])
            found.setdefault((excluded, tuple(words), is_prefix), term)
    return sorted(found.values(), key=lambda term: term.excluded)


def wanted(terms: Sequence[SearchTerm]) -> list[Phrase]:
    """Return the phrases of *terms* that have to occur."""
    return [term.phrase for term in terms if not term.excluded]


def excluded(terms: Sequence[SearchTerm]) -> list[Phrase]:
    """Return the phrases of *terms* that must not occur."""
    return [term.phrase for term in terms if term.excluded]


def why_nothing_is_wanted(terms: Sequence[SearchTerm], example: str) -> tuple[str, str]:
    """Return what is wrong with a search whose *terms* name nothing to be found, and what to do."""
    if not terms:
        return "There is nothing to search for.", f"Give one or more words{example}."
    typed = " ".join(term.typed for term in terms)
    return (
        f"Every word of this search is excluded: {typed}.",
        f"Add a word to find{example}. A - before a word leaves out what has it; without the - it is searched for.",
    )
