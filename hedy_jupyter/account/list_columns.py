"""``ListColumns``: the first rows of a frame as columns of cells, for the view of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import pandas as pd

from hedy_jupyter.account import card_parts, list_cells
from hedy_jupyter.analysis.transcripts import spoken_length
from hedy_jupyter.archive import search_query
from hedy_jupyter.display.table import Cell, Column, Role
from hedy_jupyter.frames.timezones import frame_zone, zone_name
from hedy_jupyter.text import tokens
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import short_day, short_time, text_length
from hedy_jupyter.text.quoting import as_word

ROWS = 25
"""So many rows are shown; the frame holds all."""


@dataclass(frozen=True)
class Known:
    """What a view takes from the account besides the frame.

    Attributes:
        zone: the display zone.
        colors: topic id → ``#RRGGBB``.
        meetings: session id → title.
        now: the present; by default the clock's.
        rows: how many rows are shown.
    """

    zone: tzinfo
    colors: Mapping[str, str] = field(default_factory=dict)
    meetings: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    rows: int = ROWS


ListColumn = tuple[Column, Sequence[Cell]]
"""A head, and a cell for each row."""


class ListColumns:
    """The first rows of a frame as columns of cells."""

    def __init__(self, frame: pd.DataFrame, known: Known, terms: Sequence[search_query.Term], typed: str = "") -> None:
        self._frame = frame
        self._rows = frame.iloc[: known.rows]
        self._known = known
        self._terms = terms
        self._typed = typed
        self.zone = frame_zone(frame, known.zone)
        self.has_times = False
        self.has_beginnings = False
        self._has_bare_days = False
        self._year = (known.now or datetime.now(self.zone)).astimezone(self.zone).year

    def notes(self) -> Iterator[str]:
        """Yield what holds for all rows of the columns that were made."""
        if self.has_times:
            year = f", {self._year} where no year is given" if self._has_bare_days else ""
            yield f"Times in {zone_name(self.zone)}{year}."
        if self.has_beginnings:
            yield 'Long texts are shortened: _["text"] holds them whole.'

    def text(self, title: str, name: str, *, role: Role = "text", is_searched: bool = False) -> ListColumn | None:
        """Return a column of texts; None where the frame has none, or none of its cells holds one."""
        terms = self._terms if is_searched else ()
        cells = [Cell(value, bold=tuple(tokens.found(value, terms))) for value in self._texts(name)]
        return (Column(title, role), cells) if any(cell.text for cell in cells) else None

    def _texts(self, name: str) -> list[str]:
        if name not in self._rows:
            return [""] * len(self._rows)
        return [list_cells.cell_text(value) for value in self._rows[name]]

    def changes(self, title: str) -> ListColumn:
        """Return what each version of a text changed in the one before; of the first one its beginning."""
        fields, texts = (
            [list_cells.cell_text(value) for value in self._frame[name]] if name in self._frame else []
            for name in ("field", "text")
        )
        older: dict[str, str] = {}
        cells = []
        for name, text in zip(reversed(fields), reversed(texts), strict=True):  # the oldest comes last
            size = spoken_length(text) if "transcript" in name else text_length(text)
            cells.append(Cell(list_cells.changed(older.get(name), text, size)))
            older[name] = text
        self.has_beginnings |= any("… (" in cell.text for cell in cells)
        return Column(title, "text"), cells[::-1][: len(self._rows)]

    def version(self, title: str) -> ListColumn:
        """Return which version of a text is that of today, and when another one was replaced."""
        _, cells = self.when(title, "replaced_at") or (None, ())
        return Column(title), [Cell(f"until {cell.text}" if cell.text else "current") for cell in cells]

    def when(self, title: str, name: str) -> ListColumn | None:
        """Return a column of local times, ``Tue 24 Nov 16:00``, with the year where it is not the present one."""
        if name not in self._rows:
            return None
        times = pd.to_datetime(self._rows[name], utc=True, errors="coerce").dt.tz_convert(self.zone)
        cells = [Cell("" if pd.isna(moment) else short_time(moment, self._year)) for moment in times]
        self.has_times |= bool(times.notna().any())
        self._has_bare_days |= bool(times.dt.year.eq(self._year).any())
        return Column(title), cells

    def due(self) -> ListColumn | None:
        """Return when a todo is due, as people wrote it, with the day that was read from it where there is one."""
        written, days = self._texts("due_date"), self._rows.get("due_on", pd.Series(pd.NaT, self._rows.index))
        self.has_times |= bool(pd.notna(days).any())
        self._has_bare_days |= any(day.year == self._year for day in days.dropna())
        cells = [
            Cell(text if pd.isna(day) else f"{one_line(text)} ({short_day(day, self._year)})")
            for text, day in zip(written, days, strict=True)
        ]
        return (Column("Due", "text"), cells) if any(cell.text for cell in cells) else None

    def found(self) -> ListColumn:
        """Return the texts around the hits of a search, each with the command that shows it in its place."""
        texts, idents = self._texts("snippet"), self._texts("session_id")
        short = list_cells.short_ids(list_cells.cell_text(value) for value in self._frame["session_id"])
        cells = []
        for text, ident, name in zip(texts, idents, self._texts("field"), strict=True):
            commands = (self._command(name, one) for one in (ident, short.get(ident, "")))
            whole, shortened = commands if ident else ("", "")
            cells.append(Cell(text, bold=tuple(tokens.found(text, self._terms)), command=whole, short=shortened))
        return Column("Found", "text"), cells

    def _command(self, field: str, ident: str) -> str:
        """Return what to type to read the hit in *field* of the meeting *ident* in its place."""
        ident = as_word(ident)
        if field.endswith("transcript"):
            return f"%hedy transcript {ident}" + f" --find {self._typed}" * bool(self._typed)
        return f"%hedy session {ident}"

    def names(self, title: str, name: str) -> ListColumn:
        """Return a column of names of fields, in words."""
        return Column(title), [Cell(list_cells.field_in_words(field)) for field in self._texts(name)]

    def measures(self) -> list[ListColumn | None]:
        """Return the columns of a comparison."""
        columns = ((name, *list_cells.compared(name)) for name in map(str, self._frame))
        return [self.made(title, name, make) for name, title, make in columns]

    def has(self, name: str) -> bool:
        """Return whether the frame has a value in the column *name*."""
        return name in self._frame and bool(self._frame[name].notna().any())

    def differ(self, name: str) -> bool:
        """Return whether the frame has more than one value in the column *name*."""
        return name in self._frame and self._frame[name].nunique(dropna=False) > 1

    def topic(self) -> ListColumn | None:
        """Return the topics' names, each with its colour."""
        cells = [
            Cell(name, color=card_parts.color(self._known.colors.get(ident)))
            for name, ident in zip(self._texts("topic_name"), self._texts("topic_id"), strict=True)
        ]
        return (Column("Topic", "text"), cells) if any(cell.text for cell in cells) else None

    def named_topic(self) -> ListColumn | None:
        """Return the names of a list of topics, each with its colour."""
        pairs = zip(self._texts("name"), self._texts("color"), strict=True)
        return Column("Name", "text"), [Cell(name, color=card_parts.color(color)) for name, color in pairs]

    def meeting(self) -> ListColumn:
        """Return the titles of the rows' meetings, or their ids where no title is known."""
        idents = self._texts("session_id")
        short = list_cells.short_ids(idents)
        return Column("Meeting", "text"), [
            Cell(one_line(self._known.meetings.get(ident, "")) or short.get(ident, "")) for ident in idents
        ]

    def number(self, title: str, name: str, unit: str = "") -> ListColumn | None:
        """Return a column of numbers with their unit."""
        if name not in self._rows:
            return None
        values = pd.to_numeric(self._rows[name], errors="coerce")
        return Column(title, "number"), [Cell("" if pd.isna(value) else f"{value:,.0f}{unit}") for value in values]

    def made(self, title: str, name: str, make: Callable[[Any], str], role: Role = "text") -> ListColumn | None:
        """Return a column of what *make* makes of each value that is not missing."""
        if name not in self._rows:
            return None
        self.has_times |= title == "Month"
        return Column(title, role), [Cell("" if pd.isna(value) else make(value)) for value in self._rows[name]]

    def flag(self, title: str, name: str, words: tuple[str, str]) -> ListColumn | None:
        """Return a column that says one word for true and another for false."""
        if name not in self._rows:
            return None
        values = [None if pd.isna(value) else bool(value) for value in self._rows[name]]
        return Column(title), [Cell("" if value is None else words[0] if value else words[1]) for value in values]

    def ident(self, name: str) -> ListColumn | None:
        """Return the column of ids."""
        if name not in self._rows:
            return None
        short = list_cells.short_ids(list_cells.cell_text(value) for value in self._frame[name])
        return Column("Id", "id"), [Cell(ident, short=short.get(ident, "")) for ident in self._texts(name)]
