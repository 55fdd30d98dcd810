"""Texts to take elsewhere: shown as they are, and copied as they are."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser

import pytest
from IPython.lib.pretty import pretty

from hedy_jupyter.display.copyable_text import Document

TEXTS = [
    "# Title\n\n- [ ] one\n- [x] two\n",
    "\n\nbegins with empty lines",
    "</textarea><script>alert(1)</script>",
    "&lt; & &amp;",
    "a $x$ b",
    "",
]


class Field(HTMLParser):
    """What is in the text field of a page, and the names of its tags."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text, self.tags, self._inside = "", list[str](), False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self._inside = tag == "textarea"

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data


@pytest.mark.parametrize("text", TEXTS)
def test_the_field_holds_the_text(text: str) -> None:
    """What is copied from the notebook is the text to the letter; nothing in it ends the field."""
    field = Field(Document(text)._repr_html_())

    assert field.text.removeprefix("\n") == text or field.text == "\n" + text
    assert field.tags == ["div", "style", "textarea"]
    assert type(Document(text)._repr_html_()) is str


@pytest.mark.parametrize("text", TEXTS)
def test_a_terminal_shows_lines(text: str) -> None:
    """A terminal shows the lines, not a quoted string; inside of a list it is one."""
    assert pretty(Document(text)) == text
    assert pretty([Document(text)]) == repr([text])


def test_control_characters_do_nothing() -> None:
    """A terminal obeys nothing in a text."""
    assert "\x1b" not in pretty(Document("a\x1b[2Jb"))


def test_line_ends_and_tabs() -> None:
    """Calendars and CSV end their lines in CR and LF, which a terminal shows as line ends; tabs stay."""
    assert pretty(Document("a\tb\r\nc\r\n")) == "a\tb\nc\n"


def test_it_is_a_text() -> None:
    """It compares, hashes, pickles and joins as the text that it is."""
    one = Document("a\nb")

    assert one == "a\nb"
    assert hash(one) == hash("a\nb")
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301
    assert type(one + "c") is str
