"""What is read in pieces between blanks is what is read in the whole text."""

from __future__ import annotations

import re

import pytest

from hedy_jupyter.text.languages import languages
from hedy_jupyter.text.pieces import KnownTexts, PieceFinder, Pieces

TEXTS = [
    "",
    " ",
    "Ada: hi  Ben,\nhow are\tyou?\n",
    "one\u00a0two\u3000three one",
    f"{'x' * 60} {'x' * 60} y",
    "田中：はい。 Ada さん",
]


@pytest.mark.parametrize("text", TEXTS)
def test_pieces(text: str) -> None:
    """Each piece is read once, long ones each time, and nothing is lost."""
    asked: list[str] = []

    def read(piece: str) -> tuple[str, ...]:
        asked.append(piece)
        return tuple(re.findall(r"\w+", piece))

    pieces = Pieces(read)
    found = [word for words in map(pieces.__getitem__, text.split()) for word in words]

    assert found == re.findall(r"\w+", text)
    short = [piece for piece in asked if len(piece) <= 40]
    assert len(short) == len(set(short))


@pytest.mark.parametrize("text", TEXTS)
def test_places(text: str) -> None:
    """The places hold the pieces that are wanted, in their order, the second time too."""
    finder = PieceFinder(lambda piece: piece.startswith(("A", "x", "o")))
    expected = [piece for piece in re.split("[ \n]", text) if piece.startswith(("A", "x", "o"))]

    for _ in range(2):
        assert [text[start:end] for start, end in finder.places(text)] == expected


@pytest.mark.parametrize("are_kept", [True, False])
def test_places_in_known_texts(monkeypatch: pytest.MonkeyPatch, are_kept: bool) -> None:
    """The same places are found in texts that were read before, in others, and where they are too many to keep."""
    if not are_kept:
        monkeypatch.setattr("hedy_jupyter.text.pieces.MOST_KNOWN", 3)
    known = KnownTexts()
    for text in TEXTS:
        known.add([text], re.split("[ \n]", text))
    finder = PieceFinder(str.isalpha, known)

    assert [text in known for text in TEXTS] == [are_kept] * len(TEXTS)
    for text in (*TEXTS, "never read before"):
        expected = [piece for piece in re.split("[ \n]", text) if piece.isalpha()]
        assert [text[start:end] for start, end in finder.places(text)] == expected


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["Where is the harbour, and who has it?"], {"english"}),
        (["Das ist nicht", "die Antwort auf diese Frage."], {"german"}),
        (['(the) "and" of/the'], {"english"}),
        (["Où est-ce que vous avez été ?"], {"french"}),
    ],
)
def test_languages(texts: list[str], found: set[str]) -> None:
    """Stop words count in any punctuation."""
    assert languages(texts) == found
