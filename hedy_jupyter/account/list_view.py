"""``ListView``: how ``%hedy`` shows a list: the first rows of a frame with local times, whole texts and short ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import card_parts, known_records, list_cells, next_command
from hedy_jupyter.account.list_columns import ROWS, Known, ListColumn, ListColumns
from hedy_jupyter.display.display_mixin import Shown
from hedy_jupyter.display.page import Page
from hedy_jupyter.display.table import Table
from hedy_jupyter.minutes import frame_lists
from hedy_jupyter.text.clean import one_line

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy


@dataclass(frozen=True)
class ListView(Shown):
    """The view of one frame.

    Attributes:
        table: the rows that are shown; without any the view says so.
        heading: what all rows are of, such as a meeting; mostly the status line below says that.
    """

    table: Table
    heading: str = ""

    def page(self) -> Page:
        """Return the table as a page without a title: the status line below says what it is."""
        if not self.table.rows:
            return Page("", "", missing=("No rows.",))
        return Page("", "", sections=[(self.heading, self.table)])

    @property
    def names_next(self) -> bool:
        """Whether it names a command to type next."""
        return bool(self.table.rows and self.table.next_step)

    def short_ids(self) -> dict[str, str]:
        """Return the ids that a terminal shows shortened: what is shown → the whole id."""
        return {cell.short: cell.text for row in self.table.rows for cell in row if cell.short and not cell.command}


def view(
    name: str,
    frame: pd.DataFrame,
    known: Known,
    *,
    query: str = "",
    fts: bool = False,
    typed: str = "",
    names_next: bool = True,
    next_step: str = "",
) -> ListView | None:
    """Return the view of a list; None for a list that has none.

    Args:
        name: of the list: ``sessions``, ``todos``, ``overdue``, ``search`` …
        frame: all rows.
        known: the display zone, and names and colours that the frame does not hold.
        query: what was searched for; its hits are in bold.
        fts: *query* is in the language of FTS5.
        typed: *query* as a word that ``%hedy`` reads back; with it a hit names the command that shows it in its place.
        names_next: name a command to type next below the table; not in a widget, which is no place to type it.
        next_step: that command, where it is not the one that follows on from the list.
    """
    make = _LISTS.get(name)
    if make is None:
        return None
    if frame.empty:
        return ListView(Table((), ()))
    drawn = ListColumns(frame, known, list_cells.search_terms(query, fts=fts), "" if fts else typed)
    columns = [column for column in make(drawn) if column is not None]
    rows = list(zip(*(cells for _, cells in columns), strict=True))
    left = len(frame) - known.rows
    more = f"… {left:,} more. The output variable _ holds all {len(frame):,} rows." if left > 0 else ""
    following = (next_step or next_command.of_list(name, frame)) if names_next else ""
    heads, note = [head for head, _ in columns], " ".join(drawn.notes())
    return ListView(Table(heads, rows, note=note, more=more, next_step=following), _heading(frame, drawn.zone))


def _heading(frame: pd.DataFrame, zone: tzinfo) -> str:
    """Return the title and time of the meeting that all of *frame* is of; empty where it is of several."""
    meeting = frame.attrs.get("meeting", {})
    start = pd.Timestamp(meeting["start_time"]) if meeting.get("start_time") else None
    return ", ".join(filter(None, (one_line(meeting.get("title", "")), card_parts.time(start, zone))))


def known(hedy: Hedy, frame: pd.DataFrame, rows: int = ROWS) -> Known:
    """Return what was read so far and what the archive holds of the first *rows* of *frame*; no request."""
    meetings: Mapping[str, str] = hedy.connection.names_seen["sessions"]
    shown = frame.iloc[:rows]
    if "session_id" in shown and "title" not in shown and not meetings.keys() >= set(shown["session_id"].dropna()):
        meetings = hedy.archive.names((kinds.SESSION,)).get("sessions", {}) | dict(meetings)
    return Known(hedy.zone, known_records.topic_colors(hedy) if "topic_id" in shown else {}, meetings, rows=rows)


# The lists --------------------------------------------------------------------


def _sessions(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.text("Title", "title"),
        rows.when("When", "start_time"),
        rows.number("Length", "duration_min", " min"),
        rows.topic(),
        rows.ident("session_id"),
    ]


def _highlights(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.text("Title", "title"),
        rows.text("Quote", "cleaned_quote") or rows.text("Quote", "raw_quote"),
        rows.when("When", "timestamp"),
        rows.meeting(),
        rows.ident("highlight_id"),
    ]


def _todos(rows: ListColumns) -> list[ListColumn | None]:
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


def _overdue(rows: ListColumns) -> list[ListColumn | None]:
    return [rows.number("Late", "overdue_days", " days"), *_todos(rows)]


def _topics(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.named_topic(),
        rows.number("Meetings", "session_count"),
        rows.when("Last meeting", "last_session_date"),
        rows.text("Description", "description"),
        rows.ident("topic_id"),
    ]


def _contexts(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.text("Title", "title"),
        rows.flag("Default", "is_default", ("default", "")),
        rows.text("Content", "content"),
        rows.when("Changed", "updated_at"),
        rows.ident("context_id"),
    ]


def _webhooks(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.text("Host", "host", role="fact"),
        rows.text("Events", "events"),
        rows.text("URL", "url"),
        rows.ident("webhook_id"),
    ]


def _speakers(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.made("Month", "period", list_cells.month),
        rows.made("Topic", "topic_name", str),
        rows.meeting() if rows.has("session_id") else None,
        rows.text("Speaker", "speaker", role="name"),
        *(rows.number(name.capitalize(), name) for name in ("words", "turns", "questions", "meetings")),
        rows.made("Share", "share", list_cells.percent, "number"),
    ]


def _speaker_names(rows: ListColumns) -> list[ListColumn | None]:
    where = rows.meeting() if rows.has("session_id") else None
    return [rows.text("In the transcript", "speaker"), rows.text("Shown as", "name"), where]


def _search(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.text("Meeting", "title"),
        rows.when("When", "start_time"),
        rows.found(),
        rows.names("In", "field"),
        rows.ident("session_id"),
    ]


def _entries(name: str, rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.text(name.capitalize(), name, is_searched=True),
        rows.when("When", "start_time"),
        rows.text("Meeting", "title"),
        rows.topic(),
        rows.ident("session_id"),
    ]


def _related(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.text("Meeting", "title"),
        rows.when("When", "start_time"),
        rows.text("Words in common", "words"),
        rows.ident("session_id"),
    ]


def _events(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.text("Title", "title"),
        rows.text("Event", "event", role="fact"),
        rows.when("Came", "received_at"),
        rows.text("State", "status", role="fact"),
        rows.ident("session_id"),
    ]


def _coverage(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.made("Month", "month", list_cells.month_in_words, "fact"),
        rows.number("Listed", "listed"),
        rows.number("In the archive", "held"),
        rows.number("Missing", "missing"),
        rows.number("Without text", "without_text"),
    ]


def _history(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.names("Text", "field"),
        rows.changes("What changed, or how it begins"),
        rows.when("First seen", "first_seen_at"),
        rows.version("Version"),
    ]


def _log(rows: ListColumns) -> list[ListColumn | None]:
    return [
        rows.when("When", "time"),
        rows.text("Method", "method", role="fact"),
        rows.text("Path", "path"),
        rows.number("Status", "status"),
        rows.number("Time", "ms", " ms"),
        rows.number("Size", "bytes", " bytes"),
    ]


_LISTS: Mapping[str, Callable[[ListColumns], list[ListColumn | None]]] = MappingProxyType(
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
        "compare": ListColumns.measures,
        "search": _search,
        **{name: partial(_entries, kind) for kind, name in frame_lists.KINDS.items()},
        "related": _related,
        "events": _events,
        "coverage": _coverage,
        "history": _history,
        "log": _log,
    }
)
