"""The grammar of a search: what is wanted, what is excluded, what is only the beginning of a word."""

from __future__ import annotations

import pytest

from hedy_jupyter.text import search_terms
from hedy_jupyter.text.tokens import Phrase


@pytest.mark.parametrize(
    ("query", "wanted", "excluded"),
    [
        ("harbour boat", ["harbour", "boat"], []),
        ("harb*", ["harb*"], []),
        ("harb* boat", ["harb*", "boat"], []),
        ('"worse tha"*', ["worse tha*"], []),
        ('"worse tha*"', ["worse tha"], []),
        ("har*bour", ["har bour"], []),
        ("* ** -*", [], []),
        ("harbour -boat", ["harbour"], ["boat"]),
        ("-boat harbour", ["harbour"], ["boat"]),
        ("harbour -bo*", ["harbour"], ["bo*"]),
        ('harbour -"small boat"', ["harbour"], ["small boat"]),
        ('harbour -"small boa"*', ["harbour"], ["small boa*"]),
        ("harbour -small-boat", ["harbour"], ["small boat"]),
        ("harbour - boat", ["harbour", "boat"], []),
        ("harbour -", ["harbour"], []),
        ("harbour --boat", ["harbour", "boat"], []),
        ("state-of-the-art", ["state of the art"], []),
        ('"-boat"', ["boat"], []),
        ('pre"-boat"', ["pre", "boat"], []),
        ("港　－船", ["港"], ["船"]),
        ("ｈａｒｂ＊", ["harb*"], []),
        ("boat BOAT bôat boat*", ["boat", "boat*"], []),
        ("boat -boat", ["boat"], ["boat"]),
        ("-... ,", [], []),
    ],
)
def test_grammar(query: str, wanted: list[str], excluded: list[str]) -> None:
    """A star behind a word or a closing quote takes beginnings; a hyphen excludes where it begins a word or a quote."""

    def written(phrases: list[Phrase]) -> list[str]:
        return [" ".join(phrase.words) + "*" * phrase.prefix for phrase in phrases]

    terms = search_terms.read(query)

    assert written(search_terms.wanted(terms)) == wanted
    assert written(search_terms.excluded(terms)) == excluded
