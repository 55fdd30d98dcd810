"""``Page``: the content of a card, as plain values; ``display.render`` turns it into HTML, Markdown or text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hedy_jupyter.display.table import Table


@dataclass(frozen=True)
class Fact:
    """A labelled short value, with the colour of the topic it names where there is one."""

    label: str
    value: str
    color: str | None = None


@dataclass(frozen=True)
class Prose:
    """Running text as people wrote it: its line ends count, nothing in it is markup."""

    text: str


@dataclass(frozen=True)
class Code:
    """Text whose columns count, in a fixed-width font; in a *diff* lines begin with ``+``, ``-`` or a blank."""

    text: str
    is_diff: bool = False


@dataclass(frozen=True)
class Minutes:
    """Running text in Markdown, as Hedy's analysis writes it."""

    text: str


@dataclass(frozen=True)
class Folded:
    """Running text that is collapsed when long; *attribute* is the name under which all of it can be read.

    *size* is how long it is, in words; by default all words of it are counted.
    """

    text: str
    attribute: str
    size: str = ""


@dataclass(frozen=True)
class Item:
    """One entry of a list: its mark, its line, a remark after the line, what was said, a thought about it.

    Without a mark it has the bullet of a list: that of Markdown there.
    """

    mark: str
    title: str
    remark: str = ""
    quote: str = ""
    thought: str = ""

    @property
    def bullet(self) -> str:
        """The mark, or what is shown in place of none."""
        return self.mark or "·"


@dataclass(frozen=True)
class Items:
    """A list of entries; *more* says below it how many are left out, and how to get them."""

    entries: tuple[Item, ...]
    more: str = ""


Body: TypeAlias = Prose | Code | Minutes | Folded | Items | Table


@dataclass(frozen=True)
class Page:
    """The content of one card, before it gets a format."""

    kind: str
    title: str
    facts: Sequence[Fact] = ()
    sections: Sequence[tuple[str, Body]] = ()
    missing: Sequence[str] = ()
    color: str | None = None
