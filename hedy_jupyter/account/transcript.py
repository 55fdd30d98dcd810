"""``Transcript``: the text of a meeting, shown line by line with its speakers, and with the hits of a search in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from hedy_jupyter.analysis.transcripts import spoken_length, spoken_lines
from hedy_jupyter.archive import search_query
from hedy_jupyter.display.display_mixin import Shown
from hedy_jupyter.display.page import Body, Fact, Page
from hedy_jupyter.display.render import SHOWN_AT_MOST, left_out
from hedy_jupyter.display.table import Cell, Column, Table
from hedy_jupyter.text import tokens
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.text.tokens import Span

_FOUND_LINES = 100
"""So many lines with hits are listed; the folded transcript marks all hits."""
_FIRST_LINES = 20  # of a transcript, in a terminal and in Markdown
_WHOLE_TEXT = "print(_) shows the whole text."
_LONG_LINE = 1_200  # characters; a longer line is counted in pieces
_PIECE = re.compile(
    r"""  .{600,1200}? (?: (?<=[.!?…]) (?=\s) | (?<=[。！？]) )  # some sentences
        | .{1,1200} (?=\s|$)  # or else some words
        | .{1,1200}
    """,
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True)
class Line:
    """One line of a transcript.

    Attributes:
        number: from 1, empty lines not counted; a long text without line ends is counted in pieces of some sentences.
        speaker: who says it, where the line begins with a speaker; else empty.
        text: what is said.
        hits: where in *text* the searched words are.
    """

    number: int
    speaker: str
    text: str
    hits: tuple[Span, ...]


class Transcript(Shown, str):
    """A transcript: a ``str`` in every respect, which shows itself with line numbers and speakers.

    Attributes:
        query: the words that are marked.
        meeting: the title of its meeting; empty where that is not given.
        when: the day and time of that, in words.
    """

    query: str
    meeting: str
    when: str

    def __new__(cls, text: str, query: str = "", meeting: str = "", when: str = "") -> Transcript:
        """Make a transcript of *text* in which the words of *query* are marked."""
        made = super().__new__(cls, text)
        made.query, made.meeting, made.when = query, meeting, when
        return made

    def __reduce__(self) -> tuple[type[Transcript], tuple[str, ...]]:
        return type(self), (str(self), self.query, self.meeting, self.when)

    def lines(self) -> list[Line]:
        """Return the lines that hold something, each with its hits."""
        return list(self._lines)

    @cached_property
    def _lines(self) -> Sequence[Line]:
        terms = search_query.literal(self.query).shown if self.query.strip() else ()
        return [
            Line(number, speaker, text, tuple(tokens.found(text, terms)))
            for number, (speaker, text) in enumerate(_pieces(spoken_lines(str(self))), start=1)
        ]

    def hits(self) -> tuple[int, int]:
        """Return how often the words of ``query`` occur, and in how many lines."""
        counts = [len(line.hits) for line in self.lines() if line.hits]
        return sum(counts), len(counts)

    def hit_lines(self) -> list[int]:
        """Return the number of the line of each hit, in order."""
        return [line.number for line in self._lines for _ in line.hits]

    def page(self) -> Page:
        """Return what is shown: the lines with hits, then all lines, which are folded."""
        lines = self._lines
        if not lines:
            return self._page("No transcript yet")
        title = f"Transcript, {spoken_length(self)}"
        beginning = _first(lines)
        is_cut = len(beginning) < len(lines) or beginning[-1].text != lines[-1].text
        whole = replace(
            _table(beginning, lambda line: Cell(str(line.number), anchor=self._place(line))),
            folded=title,
            more=f"{left_out(len(self.strip()))} {_WHOLE_TEXT}" if is_cut else "",
            rest=_WHOLE_TEXT,
        )
        if not self.query.strip():
            rest = f"The first {_FIRST_LINES} of {len(lines):,} lines. {_WHOLE_TEXT}"
            return self._page(title, ("", replace(whole, first=_FIRST_LINES, rest=rest)))
        found = [line for line in lines if line.hits]
        if not found:
            return self._page(title, (f"No hit of {self.query}", Table((), ())), ("", whole))
        hits, places = self.hits()
        heading = f"{counted(hits, 'hit')} of {self.query} in {counted(places, 'line')}"
        hit_lines = _table(
            found[:_FOUND_LINES], lambda line: Cell(str(line.number), anchor=self._place(line), is_link=True)
        )
        left = places - _FOUND_LINES
        more = (
            f"… {counted(left, 'more line')} with hits. _.lines() holds all lines with their hits." if left > 0 else ""
        )
        return self._page(title, (heading, replace(hit_lines, more=more)), ("", whole))

    def _page(self, title: str, *sections: tuple[str, Body]) -> Page:
        """Return a page with the meeting above it, or with *title* where no meeting is given."""
        if not self.meeting:
            return Page("", title, sections=sections)
        facts = [Fact("When", self.when)] if self.when else []
        return Page("Transcript", self.meeting, facts, sections, () if sections else (title,))

    def window(self, first: int, count: int, at: int = 0) -> Table:
        """Return *count* lines from number *first* on, that with the number *at* pointed out."""
        lines = self._lines[first - 1 : first - 1 + count]
        table = _table(lines, lambda line: Cell(f"▸ {line.number}" if line.number == at else str(line.number)))
        return replace(table, is_focusable=False)

    def _place(self, line: Line) -> str:
        """Return the name of *line* in a page."""
        return f"{self._page_name}-{line.number}"

    @cached_property
    def _page_name(self) -> str:
        return f"hedy-{sha256(self.encode(errors='replace')).hexdigest()[:8]}"


def _table(lines: Sequence[Line], number: Callable[[Line], Cell]) -> Table:
    """Return *lines* as a table; *number* makes the first cell of each."""
    has_speakers = any(line.speaker for line in lines)
    columns = [
        Column("Line", "number"),
        *([Column("Speaker", "name")] if has_speakers else []),
        Column("Text", "text"),
    ]
    rows = [
        [number(line), *([Cell(line.speaker)] if has_speakers else []), Cell(line.text, bold=line.hits)]
        for line in lines
    ]
    return Table(columns, rows)


def _pieces(lines: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield *lines*, each that is very long in pieces that end with a sentence, the first of them with the speaker."""
    for speaker, text in lines:
        pieces = _PIECE.findall(text) if len(text) > _LONG_LINE else [text]
        yield from (("" if place else speaker, piece.strip()) for place, piece in enumerate(pieces) if piece.strip())


def _first(lines: Sequence[Line]) -> list[Line]:
    """Return the beginning of *lines*, as much of it as a page holds."""
    beginning: list[Line] = []
    left = SHOWN_AT_MOST
    for line in lines:
        if left <= 0:
            break
        hits = tuple(span for span in line.hits if span[1] <= left)
        beginning.append(replace(line, text=line.text[:left], hits=hits))
        left -= len(line.text)
    return beginning
