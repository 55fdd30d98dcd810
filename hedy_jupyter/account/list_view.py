"""``ListView``: how ``%hedy`` shows a list: the first rows of a frame with local times, whole texts and short ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import card_parts, known_records, list_cells
from hedy_jupyter.archive import search_query
from hedy_jupyter.display.page import Page
from hedy_jupyter.display.shown import Shown
from hedy_jupyter.display.table import Cell, Column, Role, Table
from hedy_jupyter.frames.timezones import frame_zone, zone_name
from hedy_jupyter.minutes import lists
from hedy_jupyter.text import tokens
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import short_day, short_time
from hedy_jupyter.text.quoting import as_word

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy

ROWS = 25
"""So many rows are shown; the frame holds all."""


@dataclass(frozen=True)
class ListView(Shown):
    """The view of one frame.

    Attributes:
        table: the rows that are shown; without any the view says so.
    """

    table: Table

    def page(self) -> Page:
        """Return the table as a page without a title: the status line below says what it is."""
        return Page("", "", sections=[("", self.table)]) if self.table.rows else Page("", "", missing=("No rows.",))

    def short_ids(self) -> dict[str, str]:
        """Return the ids that a terminal shows shortened: what is shown → the whole id."""
        return {cell.short: cell.text for row in self.table.rows for cell in row if cell.short and not cell.command}


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


def view(
    name: str, frame: pd.DataFrame, known: Known, *, query: str = "", fts: bool = False, typed: str = ""
) -> ListView | None:
    """Return the view of a list; None for a list that has none.

    Args:
        name: of the list: ``sessions``, ``todos``, ``overdue``, ``search`` …
        frame: all rows.
        known: the display zone, and names and colours that the frame does not hold.
        query: what was searched for; its hits are in bold.
        fts: *query* is in the language of FTS5.
        typed: *query* as a word that ``%hedy`` reads back; with it a hit names the command that shows it in its place.
    """
    make = _LISTS.get(name)
    if make is None:
        return None
    if frame.empty:
        return ListView(Table((), ()))
    drawn = _Drawn(frame, known, list_cells.search_terms(query, fts=fts), "" if fts else typed)
    columns = [column for column in make(drawn) if column is not None]
    rows = list(zip(*(cells for _, cells in columns), strict=True))
    left = len(frame) - known.rows
    more = f"… {left:,} more. The output variable _ holds all {len(frame):,} rows." if left > 0 else ""
    return ListView(Table([head for head, _ in columns], rows, note=" ".join(drawn.notes()), more=more))


def known(hedy: Hedy, frame: pd.DataFrame, rows: int = ROWS) -> Known:
    """Return what was read so far and what the archive holds of the first *rows* of *frame*; no request."""
    meetings: Mapping[str, str] = hedy.connection.names_seen["sessions"]
    shown = frame.iloc[:rows]
    if "session_id" in shown and "title" not in shown and not meetings.keys() >= set(shown["session_id"].dropna()):
        meetings = hedy.archive.names((kinds.SESSION,)).get("sessions", {}) | dict(meetings)
    return Known(hedy.zone, known_records.topic_colors(hedy) if "topic_id" in shown else {}, meetings, rows=rows)


_Column = tuple[Column, Sequence[Cell]]


class _Drawn:
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
        self._year = (known.now or datetime.now(self.zone)).astimezone(self.zone).year

    def notes(self) -> Iterator[str]:
        """Yield what holds for all rows of the columns that were made."""
        if self.has_times:
            yield f"Times in {zone_name(self.zone)}."
        if self.has_beginnings:
            yield 'Long texts are shortened: _["text"] holds them whole.'

    def text(self, title: str, name: str, *, role: Role = "text", is_searched: bool = False) -> _Column | None:
        """Return a column of texts; None where the frame has none, or none of its cells holds one."""
        terms = self._terms if is_searched else ()
        cells = [Cell(value, bold=tuple(tokens.found(value, terms))) for value in self._texts(name)]
        return (Column(title, role), cells) if any(cell.text for cell in cells) else None

    def _texts(self, name: str) -> list[str]:
        if name not in self._rows:
            return [""] * len(self._rows)
        return [list_cells.cell_text(value) for value in self._rows[name]]

    def beginnings(self, title: str, name: str) -> _Column:
        """Return a column with the beginnings of texts of any length."""
        texts = [one_line(text) for text in self._texts(name)]
        self.has_beginnings |= any(len(text) > list_cells.BEGINNING for text in texts)
        return Column(title, "text"), [Cell(list_cells.beginning(text)) for text in texts]

    def when(self, title: str, name: str, *, missing: str = "") -> _Column | None:
        """Return a column of local times, ``Tue 24 Nov 16:00``, with the year where it is not the present one.

        *missing* is shown for a time that is missing.
        """
        if name not in self._rows:
            return None
        times = pd.to_datetime(self._rows[name], utc=True, errors="coerce").dt.tz_convert(self.zone)
        cells = [Cell(missing if pd.isna(moment) else short_time(moment, self._year)) for moment in times]
        self.has_times |= bool(times.notna().any())
        return Column(title), cells

    def due(self) -> _Column | None:
        """Return when a todo is due, as people wrote it, with the day that was read from it where there is one."""
        written, days = self._texts("due_date"), self._rows.get("due_on", pd.Series(pd.NaT, self._rows.index))
        cells = [
            Cell(text if pd.isna(day) else f"{one_line(text)} ({short_day(day, self._year)})")
            for text, day in zip(written, days, strict=True)
        ]
        return (Column("Due", "text"), cells) if any(cell.text for cell in cells) else None

    def found(self) -> _Column:
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

    def names(self, title: str, name: str) -> _Column:
        """Return a column of names of fields, in words."""
        return Column(title), [Cell(card_parts.with_spaces(field) or "") for field in self._texts(name)]

    def measures(self) -> list[_Column | None]:
        """Return the columns of a comparison."""
        columns = ((name, *list_cells.compared(name)) for name in map(str, self._frame))
        return [self.made(title, name, make) for name, title, make in columns]

    def has(self, name: str) -> bool:
        """Return whether the frame has a value in the column *name*."""
        return name in self._frame and bool(self._frame[name].notna().any())

    def differ(self, name: str) -> bool:
        """Return whether the frame has more than one value in the column *name*."""
        return name in self._frame and self._frame[name].nunique(dropna=False) > 1

    def topic(self) -> _Column | None:
        """Return the topics' names, each with its colour."""
        cells = [
            Cell(name, color=card_parts.color(self._known.colors.get(ident)))
            for name, ident in zip(self._texts("topic_name"), self._texts("topic_id"), strict=True)
        ]
        return (Column("Topic", "text"), cells) if any(cell.text for cell in cells) else None

    def named_topic(self) -> _Column | None:
        """Return the names of a list of topics, each with its colour."""
        pairs = zip(self._texts("name"), self._texts("color"), strict=True)
        return Column("Name", "text"), [Cell(name, color=card_parts.color(color)) for name, color in pairs]

    def meeting(self) -> _Column:
        """Return the titles of the rows' meetings, or their ids where no title is known."""
        idents = self._texts("session_id")
        short = list_cells.short_ids(idents)
        return Column("Meeting", "text"), [
            Cell(one_line(self._known.meetings.get(ident, "")) or short.get(ident, "")) for ident in idents
        ]

    def number(self, title: str, name: str, unit: str = "") -> _Column | None:
        """Return a column of numbers with their unit."""
        if name not in self._rows:
            return None
        values = pd.to_numeric(self._rows[name], errors="coerce")
        return Column(title, "number"), [Cell("" if pd.isna(value) else f"{value:,.0f}{unit}") for value in values]

    def made(self, title: str, name: str, make: Callable[[Any], str], role: Role = "text") -> _Column | None:
        """Return a column of what *make* makes of each value that is not missing."""
        if name not in self._rows:
            return None
        return Column(title, role), [Cell("" if pd.isna(value) else make(value)) for value in self._rows[name]]

    def flag(self, title: str, name: str, words: tuple[str, str]) -> _Column | None:
        """Return a column that says one word for true and another for false."""
        if name not in self._rows:
            return None
        values = [None if pd.isna(value) else bool(value) for value in self._rows[name]]
        return Column(title), [Cell("" if value is None else words[0] if value else words[1]) for value in values]

    def ident(self, name: str) -> _Column | None:
        """Return the column of ids."""
        if name not in self._rows:
            return None
        short = list_cells.short_ids(list_cells.cell_text(value) for value in self._frame[name])
        return Column("Id", "id"), [Cell(ident, short=short.get(ident, "")) for ident in self._texts(name)]


# The lists --------------------------------------------------------------------


def _sessions(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Title", "title"),
        rows.when("When", "start_time"),
        rows.number("Length", "duration_min", " min"),
        rows.topic(),
        rows.ident("session_id"),
    ]


def _highlights(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Title", "title"),
        rows.text("Quote", "cleaned_quote") or rows.text("Quote", "raw_quote"),
        rows.when("When", "timestamp"),
        rows.meeting(),
        rows.ident("highlight_id"),
    ]


def _todos(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Todo", "text"),
        rows.text("Urgency", "urgency", role="fact"),
        rows.text("Person", "person", role="fact"),
        rows.due(),
        rows.flag("State", "completed", ("done", "open")) if rows.differ("completed") else None,
        rows.topic(),
        rows.meeting(),
        rows.ident("todo_id"),
    ]


def _overdue(rows: _Drawn) -> list[_Column | None]:
    return [rows.number("Late", "overdue_days", " days"), *_todos(rows)]


def _topics(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.named_topic(),
        rows.number("Meetings", "session_count"),
        rows.when("Last meeting", "last_session_date"),
        rows.text("Description", "description"),
        rows.ident("topic_id"),
    ]


def _contexts(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Title", "title"),
        rows.flag("Default", "is_default", ("default", "")),
        rows.text("Content", "content"),
        rows.when("Changed", "updated_at"),
        rows.ident("context_id"),
    ]


def _webhooks(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Host", "host", role="fact"),
        rows.text("Events", "events"),
        rows.text("URL", "url"),
        rows.ident("webhook_id"),
    ]


def _speakers(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.made("Month", "period", list_cells.month),
        rows.made("Topic", "topic_name", str),
        rows.meeting() if rows.has("session_id") else None,
        rows.text("Speaker", "speaker", role="name"),
        *(rows.number(name.capitalize(), name) for name in ("words", "turns", "questions", "meetings")),
        rows.made("Share", "share", list_cells.percent, "number"),
    ]


def _speaker_names(rows: _Drawn) -> list[_Column | None]:
    where = rows.meeting() if rows.has("session_id") else None
    return [rows.text("In the transcript", "speaker"), rows.text("Shown as", "name"), where]


def _search(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Meeting", "title"),
        rows.when("When", "start_time"),
        rows.found(),
        rows.names("In", "field"),
        rows.ident("session_id"),
    ]


def _entries(name: str, rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text(name.capitalize(), name, is_searched=True),
        rows.when("When", "start_time"),
        rows.text("Meeting", "title"),
        rows.topic(),
        rows.ident("session_id"),
    ]


def _related(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Meeting", "title"),
        rows.when("When", "start_time"),
        rows.text("Words in common", "words"),
        rows.ident("session_id"),
    ]


def _events(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Title", "title"),
        rows.text("Event", "event", role="fact"),
        rows.when("Came", "received_at"),
        rows.text("State", "status", role="fact"),
        rows.ident("session_id"),
    ]


def _coverage(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.text("Month", "month", role="fact"),
        rows.number("Listed", "listed"),
        rows.number("In the archive", "held"),
        rows.number("Missing", "missing"),
        rows.number("Without text", "without_text"),
    ]


def _history(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.names("Field", "field"),
        rows.beginnings("Text", "text"),
        rows.when("First seen", "first_seen_at"),
        rows.when("Replaced", "replaced_at", missing="current"),
    ]


def _log(rows: _Drawn) -> list[_Column | None]:
    return [
        rows.when("When", "time"),
        rows.text("Method", "method", role="fact"),
        rows.text("Path", "path"),
        rows.number("Status", "status"),
        rows.number("Time", "ms", " ms"),
        rows.number("Size", "bytes", " bytes"),
    ]


_LISTS: Mapping[str, Callable[[_Drawn], list[_Column | None]]] = MappingProxyType(
    {
        "sessions": _sessions,
        "highlights": _highlights,
        "todos": _todos,
        "overdue": _overdue,
        "topics": _topics,
        "contexts": _contexts,
        "webhooks": _webhooks,
        "speakers": _speakers,
        "speaker_names": _speaker_names,
        "compare": _Drawn.measures,
        "search": _search,
        **{name: partial(_entries, kind) for kind, name in lists.KINDS.items()},
        "related": _related,
        "events": _events,
        "coverage": _coverage,
        "history": _history,
        "log": _log,
    }
)
