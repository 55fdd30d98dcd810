"""``Transcript``: the text of a meeting, shown line by line with its speakers, and with the hits of a search in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from hedy_jupyter.analysis.transcripts import spoken_lines
from hedy_jupyter.archive import search_query
from hedy_jupyter.display.page import Page
from hedy_jupyter.display.render import SHOWN_AT_MOST, left_out
from hedy_jupyter.display.shown import Shown
from hedy_jupyter.display.table import Cell, Column, Table
from hedy_jupyter.text import tokens
from hedy_jupyter.text.phrasing import counted, text_length
from hedy_jupyter.text.tokens import Span

_FOUND_LINES = 100
"""So many lines with hits are listed; the folded transcript marks all hits."""


@dataclass(frozen=True)
class Line:
    """One line of a transcript.

    Attributes:
        number: from 1, empty lines not counted.
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
    """

    query: str

    def __new__(cls, text: str, query: str = "") -> Transcript:
        """Make a transcript of *text* in which the words of *query* are marked."""
        made = super().__new__(cls, text)
        made.query = query
        return made

    def __reduce__(self) -> tuple[type[Transcript], tuple[str, str]]:
        return type(self), (str(self), self.query)

    def lines(self) -> list[Line]:
        """Return the lines that hold something, each with its hits."""
        return list(self._lines)

    @cached_property
    def _lines(self) -> Sequence[Line]:
        terms = search_query.literal(self.query).terms if self.query.strip() else ()
        return [
            Line(number, speaker, text, tuple(tokens.found(text, terms)))
            for number, (speaker, text) in enumerate(spoken_lines(str(self)), start=1)
        ]

    def hits(self) -> tuple[int, int]:
        """Return how often the words of ``query`` occur, and in how many lines."""
        counts = [len(line.hits) for line in self.lines() if line.hits]
        return sum(counts), len(counts)

    def page(self) -> Page:
        """Return what is shown: the lines with hits, then all lines, which are folded."""
        lines = self._lines
        if not lines:
            return Page("", "No transcript yet")
        title = f"Transcript, {text_length(self)}"
        whole = self._table(_first(lines), folded=title, more=left_out(sum(len(line.text) for line in lines)))
        if not self.query.strip():
            return Page("", title, sections=[("", whole)])
        found = [line for line in lines if line.hits]
        if not found:
            return Page("", title, sections=[(f"No hit of {self.query}", Table((), ())), ("", whole)])
        hits, places = self.hits()
        heading = f"{counted(hits, 'hit')} of {self.query} in {counted(places, 'line')}"
        left = places - _FOUND_LINES
        more = (
            f"… {counted(left, 'more line')} with hits. _.lines() holds all lines with their hits." if left > 0 else ""
        )
        listed = replace(self._table(found[:_FOUND_LINES], links=True), more=more)
        return Page("", title, sections=[(heading, listed), ("", whole)])

    def _table(self, lines: Sequence[Line], *, folded: str = "", more: str = "", links: bool = False) -> Table:
        """Return *lines* as a table: their numbers are the targets of links, or the links."""
        name = f"hedy-{sha256(self.encode(errors='replace')).hexdigest()[:8]}"
        has_speakers = any(line.speaker for line in lines)
        columns = [
            Column("Line", "number"),
            *([Column("Speaker", "name")] if has_speakers else []),
            Column("Text", "text"),
        ]
        rows = [
            [
                Cell(str(line.number), anchor=f"{name}-{line.number}", is_link=links),
                *([Cell(line.speaker)] if has_speakers else []),
                Cell(line.text, bold=line.hits),
            ]
            for line in lines
        ]
        return Table(columns, rows, folded=folded, more=more)


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
