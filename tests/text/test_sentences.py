"""Sentences: where the one round a place begins and ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedy_jupyter.text.sentences import Sentences
from tests.scripts import TEXTS


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("One. Two has it! Three?", "has", "Two has it!"),
        ("It costs 3.5 million. Next.", "costs", "It costs 3.5 million."),
        ('He said "has it." Then he left.', "has", 'He said "has it."'),
        ("no end\nhas it\r\nnext", "has", "has it"),
        ("会議です。倉庫は浜風。次は", "浜風", "倉庫は浜風。"),
        ("« Ça a eu lieu. » Oui.", "lieu", "« Ça a eu lieu. »"),
        ("यह है। दिन बड़ा है। और", "दिन", "दिन बड़ा है।"),
        ("alone", "alone", "alone"),
        ("It is worse. Than the dark. Yes.", "worse. Than", "It is worse. Than the dark."),
        ("Wait… it has. No", "has", "it has."),
    ],
)
def test_around(text: str, words: str, sentence: str) -> None:
    """A sentence ends with its mark and what closes it, or with its line; a phrase may take several."""
    start, end = Sentences(text).around((text.index(words), text.index(words) + len(words)))

    assert text[start:end] == sentence


@given(text=TEXTS, data=st.data())
def test_every_place_is_in_its_sentence(text: str, data: st.DataObject) -> None:
    """Whatever the text, a word lies in the sentence that is found for it."""
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    start, end = Sentences(text).around((place, place + 1))

    assert start <= place < end
    assert text[start:end] == text[start:end].strip()
