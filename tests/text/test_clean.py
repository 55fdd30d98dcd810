"""Clean text: one rule for terminals, one for documents."""

from __future__ import annotations

import unicodedata

import pytest

from hedy_jupyter.errors import HedyError
from hedy_jupyter.text import clean
from hedy_jupyter.text.markdown import paragraphs


@pytest.mark.parametrize(
    ("text", "lines", "line"),
    [
        ("a\x00b", "ab", "ab"),
        ("a\r\nb\rc\vd\fe\x1cf\x85g\u2028h\u2029i", "a\nb\nc\nd\ne\nf\ng\nh\ni", "a b c d e f g h i"),
        ("a\tb  c", "a\tb  c", "a b c"),
        ("\x1b[31mred\x1b[0m \x9b1mbold \x1b]0;title\x07end", "red bold end", "red bold end"),
        ("\x1b]0;never closed", "0;never closed", "0;never closed"),
        ("\u202edrow\u202c \u2066x\u2069", "\u202edrow\u202c \u2066x\u2069", "drow x"),
        ("\u200fשלום\u200e", "\u200fשלום\u200e", "\u200fשלום\u200e"),
        ("half \ud83c", "half \ufffd", "half \ufffd"),
        ("می‌خواهم 👩‍👩‍👧", "می‌خواهم 👩‍👩‍👧", "می‌خواهم 👩‍👩‍👧"),
    ],
)
def test_one_rule(text: str, lines: str, line: str) -> None:
    """Documents keep lines and tabs, terminals get one line; cards, notes and errors clean alike."""
    assert clean.lines(text) == lines
    assert clean.one_line(text) == line
    assert " ".join(HedyError(text).message.split()) == line
    assert paragraphs(text).replace("\n\n", "\n") == "\n".join(" ".join(one.split()) for one in lines.split("\n"))


def test_words_of_a_search_stay_apart() -> None:
    """A snippet shows the words that the search found: what parts them becomes a space."""
    assert clean.one_line("a\u202eb\x00c \x1b[31md", keep_words=True) == "a b c [31md"


def test_errors_mask_a_key_that_cleaning_puts_together() -> None:
    """A key is masked although a terminal escape or a control character parts it."""
    for parted in ("hedy_\x1b[31mlive_secret0123", "hedy_live_\x00secret0123", "he\x07dy_live_sec\x00ret0123"):
        assert HedyError(parted).message == "hedy_live_****"


def test_errors_keep_spaces() -> None:
    """A name that is quoted in an error keeps its spaces: it is to be typed exactly."""
    assert HedyError('Type the exact name "Plans  2027".').message == 'Type the exact name "Plans  2027".'


def test_visible_keeps_columns() -> None:
    """A table in a terminal keeps its widths: each character that a terminal would obey is replaced by one other."""
    text = "".join(map(chr, range(0x2100)))
    shown = clean.visible(text)
    left = {
        one
        for one in shown
        if unicodedata.category(one) in {"Cc", "Cs"} or unicodedata.bidirectional(one) in {"RLO", "LRO"}
    }

    assert len(shown) == len(text)
    assert left == {"\n"}
