"""Fold text: one function for each need, and what each of them keeps apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest

from hedy_jupyter.text import fold, script_ranges


@pytest.mark.parametrize(
    ("one", "other", "same_for"),
    [
        ("Café", "CAFÉ", {"ignore_case", "fold", "search_form", "path_key"}),
        ("Cafe\u0301", "Café", {"ignore_case", "fold", "search_form", "path_key"}),
        ("Café", "Cafe", {"fold", "search_form"}),
        ("Plan  B", "Plan B", {"fold"}),
        ("Ｐlan", "plan", {"ignore_case", "fold", "search_form"}),
        ("Straße", "STRASSE", {"ignore_case", "fold", "search_form", "path_key"}),
        ("Łódź", "lodz", {"search_form"}),
        ("smørbrød", "Smorbrod", {"search_form"}),
        ("Đà Nẵng", "da nang", {"search_form"}),
        ("cœur ægis", "coeur aegis", {"search_form"}),
        ("Reykjavík Þórður", "reykjavik thordur", {"search_form"}),
        ("Dıyarbakır", "diyarbakir", {"search_form"}),
        ("مُجتمَع", "مجتمع", {"search_form"}),
        ("كتـــاب", "كتاب", {"search_form"}),
        ("أحمد إلى آخر ٱلله", "احمد الي اخر الله", {"search_form"}),
        ("שָׁלוֹם", "שלום", {"search_form"}),
        ("کتاب ۱۴۰۳", "كتاب 1403", {"search_form"}),
        ("ΟΔΟΣ", "οδος", {"ignore_case", "fold", "search_form", "path_key"}),
        ("soft\u00adhyphen", "softhyphen", {"search_form"}),
        ("は", "ば", set()),
        ("к", "k", set()),
    ],
)
def test_each_need(one: str, other: str, same_for: set[str]) -> None:
    """Two spellings are the same for some uses and not for others."""
    functions: list[Callable[[str], str]] = [fold.ignore_case, fold.fold, fold.search_form, fold.path_key]

    assert {function.__name__ for function in functions if function(one) == function(other)} == same_for


@pytest.mark.parametrize("enclosing", [False, True])
def test_all_marks(enclosing: bool) -> None:
    """The blocks that are searched for marks leave none out."""
    categories = {"Mn", "Mc", *(["Me"] if enclosing else [])}
    found = re.compile(f"[{script_ranges.marks(enclosing=enclosing)}]")

    assert [
        hex(code)
        for code in range(0x1E950)
        if (unicodedata.category(chr(code)) in categories) != (found.match(chr(code)) is not None)
    ] == []


def test_marks() -> None:
    """Accents go from Latin and Greek letters; other marks only where that is asked for."""
    assert fold.without_accents("Ångström ή") == "Angstrom η"
    assert fold.without_accents("שָׁלוֹם") == "שָׁלוֹם"
    assert fold.without_marks("שָׁלוֹם é") == "שלום e"


@pytest.mark.parametrize(
    ("ranges", "inside", "outside"),
    [
        (script_ranges.CJK, "会議々ァーぁゞゝ゛ｱ𠀀", "aж안ไ가、"),
        (script_ranges.HAN, "会々〇", "かカ가"),
        (script_ranges.SOUTHEAST_ASIAN, "ไລမខ", "会aक"),
        (script_ranges.UNSPACED, "ไ会か가ᄀ", "aжकא"),
        (script_ranges.SINGLE_CHARACTER_WORDS, "会かカㄅᄀ가", "ไa\u3099"),
        (script_ranges.southeast_asian(), "กເမខ", "\u0e34๑a会"),
        (script_ranges.southeast_asian(of_marks=True), "\u0e34\u0ebb\u17d2", "กaंา"),
    ],
)
def test_scripts(ranges: str, inside: str, outside: str) -> None:
    """Each name covers its scripts and no neighbour."""
    assert re.findall(f"[{ranges}]", inside) == list(inside)
    assert re.search(f"[{ranges}]", outside) is None
