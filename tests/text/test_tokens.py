"""The one definition of a word: what is one, what is the same one, and where a phrase is found."""

from __future__ import annotations

import itertools
import sqlite3
import sys
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hedy_jupyter.archive import fulltext
from hedy_jupyter.text import fold, search_terms, tokens
from tests.scripts import TEXTS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Budget预算 für Q3の会議", ["budget", "预", "算", "fur", "q3", "の", "会", "議"]),
        ("don't foo_bar 3.5 C++", ["don", "t", "foo", "bar", "3", "5", "c"]),
        ("Größe ΟΔΟΣ İ ı", ["grosse", "οδοσ", "i", "i"]),
        ("ＡＢＣ ﬁn ½ ｶﾞ ㍿", ["abc", "fin", "1", "2", "ガ", "株", "式", "会", "社"]),
        ("दिन दान", ["दिन", "दान"]),
        ("தமிழ்", ["தமிழ்"]),
        ("ที่ประชุม ປະຊຸມ", ["ที่", "ป", "ร", "ะ", "ชุ", "ม", "ປ", "ະ", "ຊຸ", "ມ"]),
        ("ប្រជុំ", ["ប\u17d2", "រ", "ជ\u17bb\u17c6"]),
        ("مُجتمَع שָׁלוֹם", ["مجتمع", "שלום"]),
        ("회의록 한ㅋㅋ", ["회", "의", "록", "한", "ᄏ", "ᄏ"]),
        ("か\u3099 が か か\u309aa", ["が", "が", "か", "か\u309a", "a"]),
        ("葛\U000e0100城 神\ufe00", ["葛", "城", "神"]),
        ("co\u00adop co\u2060op co\u200dop co\u200cop", ["coop"] * 4),
        ("co\u200bop co\u202eop", ["co", "op", "co", "op"]),
        ("می\u200cخواهم", ["مي", "خواهم"]),
        ("क्\u200dष क्ष", ["क्ष", "क्ष"]),
        ("🚀 ❤️ 👩\u200d💻 3\ufe0f\u20e3", ["3"]),
        ("\ud800a\udfffb\x00c", ["a", "b", "c"]),
        ("\U00031350x", ["\U00031350", "x"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    """Marks belong to their word, a Chinese or Japanese character is a word, and what is not seen is not there."""
    assert tokens.words(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("दिन", "दान"),
        ("दिन", "दन"),
        ("தமிழ்", "தமழ"),
        ("ที่", "ท"),
        ("ປູ", "ປ"),
        ("ក្រុម", "ករម"),
        ("が", "か"),
        ("か\u309a", "か"),
        ("\u0929", "\u0928"),
        ("ßa", "sa"),
        ("하", "학"),
    ],
)
def test_other_words(one: str, other: str) -> None:
    """Words that differ in a mark that is a letter of theirs are two words."""
    assert tokens.words(one) != tokens.words(other)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_the_index_has_these_words(text: str) -> None:
    """SQLite takes apart what it is given into exactly these words, neither folded nor split again."""
    with sqlite3.connect(":memory:") as connection:
        fulltext.create(connection)
        fulltext.replace(connection, 1, None, {"transcript": text})
        connection.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, instance)")
        rows = connection.execute("SELECT term FROM vocabulary ORDER BY offset").fetchall()
    connection.close()

    assert [word for (word,) in rows] == tokens.index_words(tokens.words(text))


def test_folding_is_final() -> None:
    """For every character: folded again it stays, its case does not count, and only words remain beyond ASCII."""
    classes = tokens.classes()
    characters = [chr(code) for code in (*range(128, 0x20100), *range(0xE0000, 0xE0200))]
    folded = fold.search_form("\n".join(characters)).split("\n")

    assert fold.search_form("\n".join(folded)).split("\n") == folded
    assert (
        fold.search_form("\n".join(one if len(one.lower()) > 1 else one.lower() for one in characters)).split("\n")
        == folded
    )
    assert all(one or classes.extends.match(character) for character, one in zip(characters, folded, strict=True))
    beyond = {one for one in set("".join(folded)) if not one.isascii()}
    assert all(classes.inside.match(one) or classes.single.match(one) for one in beyond)


def test_what_extends_a_letter() -> None:
    """Every character that Unicode lets change the one before it is known to; letters can be folded one by one."""
    seconds = {
        chr(int(pair[1], 16))
        for code in range(sys.maxunicode + 1)
        if len(pair := unicodedata.decomposition(chr(code)).split()) == 2 and not pair[0].startswith("<")
    }
    for character in map(chr, range(sys.maxunicode + 1)):
        first = unicodedata.normalize("NFKD", character)[0]
        if (
            unicodedata.combining(first)
            or first in seconds
            or "\u1161" <= first <= "\u1175"
            or "\u11a8" <= first <= "\u11c2"
        ):
            assert tokens.extends(character), hex(ord(character))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_pieces_are_folded_like_the_whole(text: str) -> None:
    """A text may be folded in parts, wherever a new letter begins."""
    cuts = [0, *(place for place in range(1, len(text)) if not tokens.extends(text[place])), len(text)]

    assert "".join(fold.search_form(text[start:end]) for start, end in itertools.pairwise(cuts)) == fold.search_form(
        text
    )


def spans_by_words(text: str, wanted: Sequence[str], *, prefix: bool) -> list[tuple[int, int]]:
    """Where *wanted* is in the folded text, recognized by its words alone."""
    folded = fold.search_form(text)
    found = [(word.group(), *word.span()) for word in tokens.classes().word.finditer(folded)]
    places = []
    for first in range(len(found) - len(wanted) + 1):
        part = found[first : first + len(wanted)]
        last = part[-1][0]
        is_last = last.startswith(wanted[-1]) if prefix else last == wanted[-1]
        if [word for word, _, _ in part[:-1]] == list(wanted[:-1]) and is_last:
            places.append((part[0][1], part[-1][1] + len(wanted[-1])))
    return places


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, data=st.data(), prefix=st.booleans())
def test_phrases_stand_where_their_words_stand(text: str, data: st.DataObject, prefix: bool) -> None:
    """The fast ways to find a phrase find no more than the definition of a word, and in folded text no less."""
    words = tokens.words(text)
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    wanted = words[first : first + data.draw(st.integers(1, 3))]
    if prefix:
        wanted[-1] = wanted[-1][: data.draw(st.integers(1, len(wanted[-1])))]
    phrase = tokens.Phrase(wanted, prefix=prefix)
    folded, lower = fold.search_form(text), text.lower()
    expected = spans_by_words(text, wanted, prefix=prefix)

    assert list(phrase.spans(folded)) == expected
    parts = [tokens.original(text, span) for span in expected]
    for start, end in parts:
        assert tokens.Phrase(wanted, prefix=True).is_in(fold.search_form(text[start:end]))
    if len(lower) == len(text) and (hit := phrase.as_written(lower)):
        assert any(start <= hit[0] and hit[1] <= end for start, end in parts)
        assert tokens.Phrase(wanted, prefix=prefix).is_in(fold.search_form(text[hit[0] : hit[1]]))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, query=TEXTS, prefix=st.booleans())
@example(text="か\u309a b", query="か", prefix=False)
@example(text="xa b a b a", query='"a b a"', prefix=False)
@example(text="か\u309a", query="\u309a", prefix=False)
@example(text="a\u1112\u1161\u11ab", query="a", prefix=False)
@example(text="预\u309a\u309a", query="\u309a", prefix=True)
@example(text="e\u0301a e", query="e", prefix=False)
def test_no_other_phrase_is_found(text: str, query: str, prefix: bool) -> None:
    """What the words of a text do not hold is not found in it, in no way."""
    for term in search_terms.read(query):
        wanted = term.phrase.words
        phrase, expected = tokens.Phrase(wanted, prefix=prefix), spans_by_words(text, wanted, prefix=prefix)

        assert list(phrase.spans(fold.search_form(text))) == expected
        assert expected or phrase.as_written(text.lower()) is None


def test_a_long_text_is_told_apart_quickly() -> None:
    """The place of a word behind many letters, marks and characters that grow is found exactly."""
    before = "½é㍿か\u3099\u0301 " * 20_000
    text = f"{before}Zürich {before}"
    phrase = tokens.Phrase(["zurich"])

    (span,) = phrase.spans(fold.search_form(text))

    assert text[slice(*tokens.original(text, span))] == "Zürich"


@pytest.mark.parametrize("unit", ["Zürich, ", "会議。", "ประชุม "])
def test_many_hits_fold_a_long_text_only_a_few_times(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hit in every word costs about as much as one: no part of the text is folded again for each of them."""
    folded: list[int] = []

    def counting(text: str) -> str:
        folded.append(len(text))
        return fold.search_form(text)

    monkeypatch.setattr(tokens, "search_form", counting)
    word, count = unit.rstrip(" ,。"), 3_000
    terms = [tokens.Phrase(tokens.words(word))]
    found = tokens.found(unit * count, terms)

    assert found == [(start, start + len(word)) for start in range(0, len(unit) * count, len(unit))]
    assert sum(folded) < 4 * len(unit) * count
