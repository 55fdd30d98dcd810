"""Entries of minutes: what they list as decisions, open questions or action items, each with the heading above it.

A heading is one of Markdown, a line in bold, a line "Decisions:", or an item of a list that is nothing else. It counts
up to the next one of its level or a higher one. Below it each item, paragraph and row of a table is an entry. What is
nested below an item belongs to that item, unless the item is only a label ("Budget:"): then each nested one is one.
"Decision: …" is an entry wherever it is. "None" is no entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hedy_jupyter.minutes.labels import OTHER, EntryKind, announced, is_nothing, is_numbered, plain_label
from hedy_jupyter.minutes.outline import Block, Grid, Heading, Item, Items, Line, outline

_BOLD, _PLAIN, _ITEM = 7, 8, 9  # levels below those of Markdown's headings
_LONGEST_GROUP = 4  # words of a line "Budget and dates:" that is a heading; a longer one introduces what follows
_PATH = " › "
_COLONS = (":", "：")


class Entry(NamedTuple):
    """One entry: its text in plain words, and the heading above it, with those between: ``Decisions › Budget``."""

    text: str
    heading: str


@dataclass
class _Section:
    """What is below a heading; *kinds* is None where the heading is not known, so that the one around it counts."""

    level: int
    title: str
    kinds: frozenset[str] | None
    is_empty: bool = True


def entries(text: str, kind: EntryKind) -> list[Entry]:
    """Return the entries of *kind* in the minutes *text*, in their order.

    One that is repeated below another heading, as in a summary, counts once.
    """
    reader = _Reader()
    reader.read(outline(text, lambda line: bool(announced(line))))
    reader.close(0)
    found = [entry for kinds, entry in reader.found if kind in kinds]
    first = {plain_label(entry.text): entry.heading for entry in reversed(found)}
    return [entry for entry in found if first[plain_label(entry.text)] == entry.heading]


@dataclass
class _Reader:
    """The sections that are open at one place of the minutes, and what was found so far."""

    sections: list[_Section] = field(default_factory=list)
    found: list[tuple[frozenset[str], Entry]] = field(default_factory=list)

    def read(self, blocks: Sequence[Block], depth: int = 0) -> None:
        """Read *blocks*, which are below *depth* items."""
        for at, block in enumerate(blocks):
            match block:
                case Heading():
                    self._heading(block)
                case Line():
                    self._line(block)
                case Items() if self._is_numbered_heading(blocks, at):
                    self._open(_PLAIN, block.entries[0].text)
                case Items():
                    for item in block.entries:
                        self._item(item, depth)
                    self.close(_ITEM + depth)
                case Grid():
                    self._grid(block)

    def close(self, level: int) -> None:
        """End the sections of *level* and below; a heading that had nothing below it was an entry of the one above."""
        while self.sections and self.sections[-1].level >= level:
            ended = self.sections.pop()
            if ended.is_empty and ended.kinds is None:
                self._add(ended.title)

    @property
    def _kinds(self) -> frozenset[str]:
        kinds = next((one.kinds for one in reversed(self.sections) if one.kinds is not None), frozenset[str]())
        return kinds - {OTHER}

    def _open(self, level: int, title: str) -> None:
        self.close(level)
        self.sections.append(_Section(level, title.rstrip(":： "), announced(title.rstrip(":： ")) or None))

    def _path(self) -> str:
        titles = list[str]()
        for section in reversed(self.sections):
            titles.insert(0, section.title)
            if section.kinds is not None:
                break
        return _PATH.join(titles)

    def _add(self, text: str, kinds: frozenset[str] | None = None, heading: str = "") -> None:
        """Add an entry of *kinds*, by default of those of the section, below *heading* or that of the section."""
        for section in self.sections:
            section.is_empty = False
        own = self._kinds if kinds is None else kinds - {OTHER}
        if own and not is_nothing(text):
            self.found.append((own, Entry(text, heading or self._path())))

    def _heading(self, block: Heading) -> None:
        label, rest = _split(block.text)
        if rest and is_numbered(label):
            self.close(block.level)
            self._add(rest, announced(label), label)
        else:
            self._open(block.level, label if rest else block.text)

    def _line(self, line: Line) -> None:
        label, rest = _split(line.text)
        bare = line.text.rstrip(":： ")
        if rest and not rest.endswith(_COLONS):
            self._labelled(label, rest)
        elif label and (rest or line.is_bold or line.text.endswith(_COLONS) or bare == label):
            self._open(_BOLD if line.is_bold else _PLAIN, label)
        elif line.is_bold and not line.text.endswith((".", "。", "!")):
            self._open(_BOLD, line.text)
        elif line.text.endswith(_COLONS):
            if len(line.text.split()) <= _LONGEST_GROUP:
                self._open(_PLAIN, line.text)
        else:
            self._add(line.text)

    def _labelled(self, label: str, text: str) -> None:
        """Add what follows "Decision:" in its line."""
        kinds = announced(label)
        self._add(text, kinds, "" if kinds & self._kinds else label)

    def _item(self, item: Item, depth: int) -> None:
        label, rest = _split(item.text)
        level = _ITEM + depth
        if label and not rest:
            self._open(level, label)
            if item.inner:
                self.read(item.inner, depth + 1)
                self.close(level)
        elif rest:
            self._labelled(label, _with_inner(rest, item.inner))
            self._read_labelled(item.inner, depth)
        elif self._kinds and _is_group(item):
            self.sections.append(_Section(level, item.text.rstrip(":： "), None))
            self.read(item.inner, depth + 1)
            self.close(level)
        else:
            self._add(_with_inner(item.text, item.inner))
            self._read_labelled(item.inner, depth)

    def _read_labelled(self, blocks: Iterable[Block], depth: int) -> None:
        """Read of the *blocks* below an item what says itself what it is."""
        for item in (item for block in blocks if isinstance(block, Items) for item in block.entries):
            if _split(item.text)[0]:
                self._item(item, depth + 1)
                self.close(_ITEM + depth + 1)
            else:
                self._read_labelled(item.inner, depth + 1)

    def _grid(self, grid: Grid) -> None:
        columns = [(at, announced(head) - {OTHER}) for at, head in enumerate(grid.heads)]
        named = [(at, kinds) for at, kinds in columns if kinds]
        if not named and self._kinds and grid.rows:
            sizes = [sum(len(row[at]) for row in grid.rows) for at in range(len(grid.heads))]
            named = [(sizes.index(max(sizes)), self._kinds)]
        for row in grid.rows:
            for at, kinds in named:
                self._add(row[at], kinds, "" if kinds & self._kinds else grid.heads[at])

    def _is_numbered_heading(self, blocks: Sequence[Block], at: int) -> bool:
        """Return whether a list of one item, which begins with its number, is a heading: "2. Decisions"."""
        block, behind = blocks[at], blocks[at + 1 : at + 2]
        if not isinstance(block, Items) or not block.is_numbered or len(block.entries) > 1 or block.entries[0].inner:
            return False
        label, rest = _split(block.entries[0].text)
        is_after_such = bool(self.sections) and self.sections[-1].level == _PLAIN
        return not rest and (bool(label) or (is_after_such and bool(behind) and isinstance(behind[0], Items)))


def _split(text: str) -> tuple[str, str]:
    """Return the known label that *text* begins with, or is, and what follows its colon; both empty without one."""
    if announced(text.rstrip(":： ")):
        return text.rstrip(":： "), ""
    places = [place for colon in _COLONS if (place := text.find(colon)) > 0]
    if places and announced(label := text[: min(places)].strip()):
        return label, text[min(places) + 1 :].strip()
    return "", ""


def _is_group(item: Item) -> bool:
    """Return whether *item* is only a label of what is nested below it."""
    has_items = any(isinstance(block, Items) for block in item.inner)
    return has_items and (item.is_bold or item.text.endswith(_COLONS))


def _with_inner(text: str, blocks: Sequence[Block]) -> str:
    """Return the text of an item with what is nested below it: "Approve the budget: 5,000 for tools; from March"."""
    inner = "; ".join(_inner_texts(blocks))
    if not inner:
        return text
    gap = " " if text.endswith((".", "!", "?", ":", ";", "。", "！", "？", "：")) else ": "
    return f"{text}{gap}{inner}" if text else inner


def _inner_texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Items):
            for item in block.entries:
                if not _split(item.text)[0]:
                    yield _with_inner(item.text, item.inner)
        elif isinstance(block, Line | Heading):
            yield block.text
