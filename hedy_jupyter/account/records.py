"""Single things of the account: what ``hedy.session(...)`` and its siblings give.

Every column of the detailed frame is an attribute, under the same name and unit, with ``None`` where the API says nothing.
Each record keeps the JSON it was made of in ``raw`` and shows itself in a notebook as HTML, in a terminal as text, and as
Markdown where that is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any, ClassVar, Protocol, Self

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.frames import build, schema
from hedy_jupyter.text.clean import one_line

_TITLE_IN_REPR = 60  # characters of a title that a repr shows


class Printer(Protocol):
    """The part of IPython's pretty printer that is used here."""

    stack: list[int]

    def text(self, text: str) -> object:
        """Write *text*."""


class Shown:
    """Something with the rich forms of a notebook; ``notebook.display`` draws all three.

    That room stands above this one and is imported when something is shown, not before.
    """

    def _repr_html_(self) -> str:
        from hedy_jupyter.display import render

        return str(render.html(self))  # exactly str: some front ends take no subclass of it

    def _repr_markdown_(self) -> str:
        from hedy_jupyter.display import render

        return render.markdown(self)

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        from hedy_jupyter.display import render

        inside_something = cycle or len(printer.stack) > 1  # a list of ten sessions is ten lines, not ten pages
        printer.text(repr(self) if inside_something else render.text(self))


class Transcript(Shown, str):
    """A transcript: a ``str`` in every respect that shows itself as running text."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Record(Shown):
    """What the records have in common.

    Two records are equal when they are of one kind and have one id, whatever else the API said about them and when.

    Attributes:
        raw: the JSON object as it came, fields this package does not know included.
        zone: the time zone in which times are shown; the times themselves are UTC.
    """

    table: ClassVar[str]
    id_name: ClassVar[str]

    raw: Mapping[str, object]
    zone: tzinfo

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, zone: tzinfo = UTC) -> Self:
        """The record that this JSON object describes; what is absent or unusable is ``None``, never an error."""
        values: dict[str, Any] = build.values(cls.table, record)
        return cls(raw=record, zone=zone, **values)

    _repr_pretty_ = Shown._repr_pretty_  # IPython takes a class's own `__repr__` before the `_repr_pretty_` of its base

    def _identity(self) -> str | None:
        identity: str | None = getattr(self, self.id_name)
        return identity

    def _details(self) -> tuple[str, ...]:
        """The words of the repr after the id."""
        return ()

    def __repr__(self) -> str:
        words = (type(self).__name__, self._identity() or "without id", *self._details())
        return one_line(f"<{' '.join(filter(None, words))}>")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other) or not isinstance(other, Record):
            return NotImplemented
        return self._identity() is not None and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((type(self), self._identity()))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Account(Record):
    """Who the key belongs to (``GET /me``)."""

    table: ClassVar[str] = ""
    id_name: ClassVar[str] = "id"

    id: str | None
    email: str | None
    name: str | None

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, zone: tzinfo = UTC) -> Self:
        """The account that the answer of ``/me`` describes; ``/me`` is no table, so its three fields are read here."""
        return cls(raw=record, zone=zone, id=kinds.id_text(record.get("id")), email=_text(record, "email"), name=_text(record, "name"))

    def _details(self) -> tuple[str, ...]:
        return _quoted(self.name), self.email or ""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Session(Record):
    """One meeting with all its texts.

    Times are UTC; ``duration_min`` is in minutes. Any text may be ``None`` (analysis off, or still running) or empty.
    """

    table: ClassVar[str] = "sessions_detailed"
    id_name: ClassVar[str] = "session_id"

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
        return build.build(Highlight.table, [highlight.raw for highlight in highlights_of(self)])

    @property
    def todos(self) -> pd.DataFrame:
        """The todos that came with the session, as the todos frame; a new frame each time."""
        return build.build(Todo.table, [todo.raw for todo in todos_of(self)])

    def _details(self) -> tuple[str, ...]:
        when = f"{self.start_time.tz_convert(self.zone):%Y-%m-%d %H:%M %Z}" if self.start_time is not None else ""
        length = f"{self.duration_min:.0f} min" if self.duration_min is not None else ""
        return _quoted(self.title), ", ".join(filter(None, (when, length)))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Highlight(Record):
    """One highlight; ``time_index_ms`` counts milliseconds from the start of its session, ``timestamp`` is UTC."""

    table: ClassVar[str] = "highlights_detailed"
    id_name: ClassVar[str] = "highlight_id"

    highlight_id: str | None
    session_id: str | None
    timestamp: pd.Timestamp | None
    title: str | None
    time_index_ms: float | None
    raw_quote: str | None
    cleaned_quote: str | None
    main_idea: str | None
    ai_insight: str | None

    def _details(self) -> tuple[str, ...]:
        return _quoted(self.title), f"in {self.session_id}" if self.session_id else ""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Todo(Record):
    """One todo; ``due_date`` is the API's own prose ("End of week"), said on the day of its session."""

    table: ClassVar[str] = "todos"
    id_name: ClassVar[str] = "todo_id"

    todo_id: str | None
    text: str | None
    due_date: str | None
    completed: bool | None
    session_id: str | None
    topic_id: str | None
    topic_name: str | None

    def _details(self) -> tuple[str, ...]:
        return {True: "done", False: "open", None: ""}[self.completed], _quoted(self.text)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Topic(Record):
    """One topic: what its sessions are about, with its custom instructions (``topic_context``) and counts. Times are UTC."""

    table: ClassVar[str] = "topics"
    id_name: ClassVar[str] = "topic_id"

    topic_id: str | None
    name: str | None
    description: str | None
    color: str | None
    icon_name: str | None
    topic_context: str | None
    topic_context_updated_at: pd.Timestamp | None
    session_count: int | None
    last_session_date: pd.Timestamp | None
    dominant_session_type: str | None
    overview: str | None
    overview_updated_at: pd.Timestamp | None
    created_at: pd.Timestamp | None
    updated_at: pd.Timestamp | None

    def _details(self) -> tuple[str, ...]:
        return _quoted(self.name), f"{self.session_count} sessions" if self.session_count is not None else ""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Context(Record):
    """One session context: text that Hedy knows before a meeting starts. Times are UTC."""

    table: ClassVar[str] = "contexts"
    id_name: ClassVar[str] = "context_id"

    context_id: str | None
    title: str | None
    content: str | None
    is_default: bool | None
    created_at: pd.Timestamp | None
    updated_at: pd.Timestamp | None

    def _details(self) -> tuple[str, ...]:
        return _quoted(self.title), "default" if self.is_default else ""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Webhook(Record):
    """One webhook: where Hedy sends what, and on which events. Times are UTC."""

    table: ClassVar[str] = "webhooks"
    id_name: ClassVar[str] = "webhook_id"

    webhook_id: str | None
    url: str | None
    host: str | None
    events: list[str]
    created_at: pd.Timestamp | None
    updated_at: pd.Timestamp | None

    def _details(self) -> tuple[str, ...]:
        return (self.host or "without host", *self.events)


def highlights_of(session: Session) -> list[Highlight]:
    """The highlights embedded in *session*, which the API sends without their session's id."""
    known = {"sessionId": session.session_id}
    rows = _embedded(session.raw, "highlight_count")
    return [Highlight.from_record(_filled(row, known), zone=session.zone) for row in rows]


def todos_of(session: Session) -> list[Todo]:
    """The todos embedded in *session*, which the API may send without session and topic."""
    known = {"sessionId": session.session_id, "topic": {"id": session.topic_id, "name": session.topic_name}}
    rows = _embedded(session.raw, "todo_count")
    return [Todo.from_record(_filled(row, known), zone=session.zone) for row in rows]


def _embedded(record: Mapping[str, object], count: str) -> list[Mapping[str, object]]:
    """The objects of the array that the column *count* counts; what is no object is left out."""
    (column,) = (column for column in schema.TABLES[Session.table] if column.name == count)
    rows = next((record[name] for (name,) in column.paths if record.get(name) is not None), None)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _filled(row: Mapping[str, object], known: Mapping[str, object]) -> dict[str, object]:
    """*row* with what is known from outside in the fields that it lacks or has as null."""
    return {**known, **{name: value for name, value in row.items() if value is not None}}


def _text(record: Mapping[str, object], name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) else None


def _quoted(title: str | None) -> str:
    """*title* for a repr, shortened; nothing at all where it is empty."""
    line = " ".join((title or "").split())
    return f'"{line[: _TITLE_IN_REPR - 1] + "…" if len(line) > _TITLE_IN_REPR else line}"' if line else ""
