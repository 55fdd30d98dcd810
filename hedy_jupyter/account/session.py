"""``Session``: one meeting with its texts, highlights and todos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import card_parts
from hedy_jupyter.account.records import Highlight, Record, Todo, quoted
from hedy_jupyter.analysis.transcripts import spoken_length
from hedy_jupyter.dates.due import due_dates
from hedy_jupyter.display.page import Fact, Folded, Item, Items, Minutes, Page, Prose
from hedy_jupyter.frames import build, schema
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.text.phrasing import position, short_day


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Session(Record, kind=kinds.SESSION):
    """One meeting with all its texts.

    Times are UTC; ``duration_min`` is in minutes. Any text may be ``None`` (analysis off, or still running) or empty.
    """

    session_id: str | None
    title: str | None
    start_time: pd.Timestamp | None
    duration_min: float | None
    session_type: str | None
    topic_id: str | None
    topic_name: str | None
    end_time: pd.Timestamp | None
    recap: str | None
    meeting_minutes: str | None
    transcript: str | None
    cleaned_transcript: str | None
    cleaned_at: pd.Timestamp | None
    conversations: str | None
    session_notes: str | None
    highlight_count: int | None
    todo_count: int | None

    @property
    def text(self) -> str:
        """The transcript to read: the cleaned one, else the raw one, else ``""``."""
        return self.cleaned_transcript or self.transcript or ""

    @property
    def highlights(self) -> pd.DataFrame:
        """The highlights that came with the session, as the detailed highlights frame; a new frame each time."""
        return embedded_frame([self])

    @property
    def todos(self) -> pd.DataFrame:
        """The todos that came with the session, as the todos frame; a new frame each time."""
        return build.build(Todo.table, [todo.raw for todo in embedded_todos(self)])

    def _repr_words(self) -> tuple[str, ...]:
        when = f"{self.start_time.tz_convert(self.zone):%Y-%m-%d %H:%M %Z}" if self.start_time is not None else ""
        length = f"{self.duration_min:.0f} min" if self.duration_min is not None else ""
        return quoted(self.title), ", ".join(filter(None, (when, length)))

    def heading(self) -> tuple[str, str]:
        """Return its title, and the day and time of it in words, empty where that is missing."""
        title = card_parts.first_line(self.title, UNTITLED["session"])
        return title, card_parts.span(self.start_time, self.end_time, self.zone) or ""

    def page(self) -> Page:
        """Return what its card shows."""
        sections = card_parts.sections(
            ("Recap", Minutes(self.recap or "")),
            ("Minutes", Minutes(self.meeting_minutes or "")),
            ("Highlights", Items(tuple(map(_highlight_item, embedded_highlights(self))))),
            ("Todos", Items(tuple(_todo_items(self)))),
            ("Notes", Prose(self.session_notes or "")),
            ("Questions and answers", Folded(self.conversations or "", "conversations")),
            ("Transcript", Folded(self.text, "text", spoken_length(self.text))),
        )
        facts = [
            *card_parts.facts(
                ("When", self.heading()[1]),
                ("Duration", card_parts.duration(self.duration_min)),
                ("Type", card_parts.with_spaces(self.session_type)),
            ),
            *([Fact("Topic", self.topic_name, card_parts.topic_color(self.raw))] if self.topic_name else []),
            *card_parts.facts(("ID", self.session_id)),
        ]
        headings = [heading for heading, _ in sections]
        missing = [f"No {word.lower()} yet" for word in ("Recap", "Minutes", "Transcript") if word not in headings]
        missing += [f"No {word.lower()}" for word in ("Highlights", "Todos", "Notes") if word not in headings]
        return Page("Session", self.heading()[0], facts, sections, missing)


def embedded_highlights(session: Session) -> list[Highlight]:
    """Return the highlights in *session*, which the API sends without their session's id."""
    known = {"sessionId": session.session_id}
    rows = _rows_within(session.raw, "highlight_count")
    return [Highlight.from_record(_completed(row, known), zone=session.zone) for row in rows]


def embedded_frame(sessions: Iterable[Session]) -> pd.DataFrame:
    """Return the highlights that came with *sessions*, as one detailed highlights frame."""
    return build.build(Highlight.table, [one.raw for session in sessions for one in embedded_highlights(session)])


def embedded_todos(session: Session) -> list[Todo]:
    """Return the todos in *session*, which the API may send without session and topic."""
    known = {"sessionId": session.session_id, "topic": {"id": session.topic_id, "name": session.topic_name}}
    rows = _rows_within(session.raw, "todo_count")
    return [Todo.from_record(_completed(row, known), zone=session.zone) for row in rows]


def _rows_within(record: Mapping[str, object], count: str) -> list[Mapping[str, object]]:
    """Return the objects of the array that the column *count* counts; what is no object is left out."""
    (column,) = (column for column in schema.TABLES[Session.table] if column.name == count)
    rows = next((record[name] for (name,) in column.paths if record.get(name) is not None), None)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _completed(row: Mapping[str, object], known: Mapping[str, object]) -> dict[str, object]:
    """Return *row* with the values of *known* in the fields that it lacks or has as null."""
    given = {name: value for name, value in row.items() if value is not None}
    if kinds.id_of(given.get("sessionId")) is None:
        given.pop("sessionId", None)
    return {**known, **given}


def _highlight_item(one: Highlight) -> Item:
    return Item(
        mark=position(one.time_index_ms) or "–",
        title=card_parts.first_line(one.title, one.main_idea, UNTITLED["highlight"]),
        quote=one.cleaned_quote or one.raw_quote or "",
        thought=one.ai_insight or "",
    )


def _todo_items(session: Session) -> Iterator[Item]:
    """Yield the todos of *session*, each with when it is due: as people said it, and the day that this means."""
    found = embedded_todos(session)
    day = None if session.start_time is None else session.start_time.tz_convert(session.zone).date()
    dues = due_dates([one.due_date for one in found], [day] * len(found))
    for one, due in zip(found, dues, strict=True):
        on = short_day(due.on, day.year if day else 0) if due.on else ""
        said = ", ".join(filter(None, (one.due_date, on))) if one.due_date else ""
        mark = "☑" if one.completed else "☐"
        yield Item(mark, card_parts.first_line(one.text, UNTITLED["todo"]), f"due: {said}" if said else "")
