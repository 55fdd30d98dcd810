"""Record classes, which ``hedy.topic(...)``, ``hedy.todo(...)`` and so on return; ``session`` has that of a meeting.

Every column of the detailed frame is an attribute, under the same name and unit, with ``None`` where the API says
nothing. Each record keeps the JSON it was made of in ``raw``; notebooks show it as HTML, terminals as text, and
``to_markdown()`` gives Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any, ClassVar, Self

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import card_parts
from hedy_jupyter.display.display_mixin import Shown
from hedy_jupyter.display.page import Item, Items, Page, Prose
from hedy_jupyter.frames import build, schema
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.kinds import Kind
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import position

_TITLE_IN_REPR = 60  # characters of a title that a repr shows


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Record(Shown):
    """The base class of the records.

    Two records are equal when they are of one kind and have one id, whatever else the API said about them and when.

    Attributes:
        raw: the JSON object as it came, with fields that this package does not use.
        zone: the time zone in which times are shown; the times themselves are UTC.
    """

    table: ClassVar[str] = ""
    id_name: ClassVar[str] = "id"

    raw: Mapping[str, object]
    zone: tzinfo

    def __init_subclass__(cls, *, kind: Kind | None = None) -> None:
        """Take the table and the id of *kind*: the detailed table, where there is one."""
        if kind is not None:
            detailed = f"{kind.plural}_detailed"
            cls.table = detailed if detailed in schema.TABLES else kind.plural
            cls.id_name = kind.id_column

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, zone: tzinfo = UTC) -> Self:
        """Return the record that this JSON object describes; what is absent or unusable is ``None``, never an error."""
        values: dict[str, Any] = build.values(cls.table, record)
        return cls(raw=record, zone=zone, **values)

    _repr_pretty_ = Shown._repr_pretty_  # IPython takes a class's own `__repr__` before the `_repr_pretty_` of its base

    def _identity(self) -> str | None:
        identity: str | None = getattr(self, self.id_name)
        return identity

    def _repr_words(self) -> tuple[str, ...]:
        """Return the words of the repr after the id."""
        return ()

    def _history(
        self, updated: pd.Timestamp | None, created: pd.Timestamp | None
    ) -> tuple[tuple[str, str | None], ...]:
        """Return the last rows of a card."""
        times = ("Updated", card_parts.time(updated, self.zone)), ("Created", card_parts.time(created, self.zone))
        return (*times, ("ID", self._identity()))

    def __repr__(self) -> str:
        words = (type(self).__name__, self._identity() or "without id", *self._repr_words())
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

    id: str | None
    email: str | None
    name: str | None

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, zone: tzinfo = UTC) -> Self:
        """Return the account that the answer of ``/me`` describes; no table has its three fields."""
        return cls(
            raw=record,
            zone=zone,
            id=kinds.id_of(record.get("id")),
            email=_text(record, "email"),
            name=_text(record, "name"),
        )

    def _repr_words(self) -> tuple[str, ...]:
        return quoted(self.name), self.email or ""

    def page(self) -> Page:
        """Return what its card shows."""
        return Page(
            "Account",
            card_parts.first_line(self.name, self.email, "Account without a name"),
            card_parts.facts(("Email", self.email), ("ID", self.id)),
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Highlight(Record, kind=kinds.HIGHLIGHT):
    """One highlight; ``time_index_ms`` counts milliseconds from the start of its session, ``timestamp`` is UTC."""

    highlight_id: str | None
    session_id: str | None
    timestamp: pd.Timestamp | None
    title: str | None
    time_index_ms: float | None
    raw_quote: str | None
    cleaned_quote: str | None
    main_idea: str | None
    ai_insight: str | None

    def _repr_words(self) -> tuple[str, ...]:
        return quoted(self.title), f"in {self.session_id}" if self.session_id else ""

    def page(self) -> Page:
        """Return what its card shows."""
        facts = card_parts.facts(
            ("When", card_parts.time(self.timestamp, self.zone)),
            ("In the session at", position(self.time_index_ms)),
            ("Session", self.session_id),
            ("ID", self.highlight_id),
        )
        sections = card_parts.sections(
            ("Quote", Prose(self.cleaned_quote or self.raw_quote or "")),
            ("Main idea", Prose(self.main_idea or "")),
            ("Insight", Prose(self.ai_insight or "")),
        )
        missing = [] if sections else ["No quote and no insight yet"]
        return Page("Highlight", card_parts.first_line(self.title, UNTITLED["highlight"]), facts, sections, missing)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Todo(Record, kind=kinds.TODO):
    """One todo; ``due_date`` is the API's own prose ("End of week"), said on the day of its session."""

    todo_id: str | None
    text: str | None
    due_date: str | None
    completed: bool | None
    session_id: str | None
    topic_id: str | None
    topic_name: str | None

    def _repr_words(self) -> tuple[str, ...]:
        return {True: "done", False: "open", None: ""}[self.completed], quoted(self.text)

    def page(self) -> Page:
        """Return what its card shows."""
        facts = card_parts.facts(
            ("Status", {True: "☑ done", False: "☐ open", None: None}[self.completed]),
            ("Due", self.due_date),
            ("Topic", self.topic_name),
            ("Session", self.session_id),
            ("ID", self.todo_id),
        )
        return Page(
            "Todo",
            card_parts.first_line(self.text, UNTITLED["todo"]),
            facts,
            missing=[] if self.due_date else ["No due date"],
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Topic(Record, kind=kinds.TOPIC):
    """One topic: what its sessions are about, with its custom instructions (``topic_context``) and counts.

    Times are UTC.
    """

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

    def _repr_words(self) -> tuple[str, ...]:
        return quoted(self.name), f"{self.session_count} sessions" if self.session_count is not None else ""

    def page(self) -> Page:
        """Return what its card shows."""
        facts = card_parts.facts(
            ("Sessions", None if self.session_count is None else str(self.session_count)),
            ("Last session", card_parts.time(self.last_session_date, self.zone)),
            ("Mostly", card_parts.with_spaces(self.dominant_session_type)),
            *self._history(self.updated_at, self.created_at),
        )
        sections = card_parts.sections(
            ("Description", Prose(self.description or "")),
            ("Overview", Prose(self.overview or "")),
            ("Instructions", Prose(self.topic_context or "")),
        )
        missing = [
            f"No {heading.lower()}"
            for heading in ("Description", "Overview", "Instructions")
            if heading not in dict(sections)
        ]
        return Page(
            "Topic",
            card_parts.first_line(self.name, UNTITLED["topic"]),
            facts,
            sections,
            missing,
            card_parts.color(self.color),
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Context(Record, kind=kinds.CONTEXT):
    """One session context: text that Hedy is given before a meeting starts. Times are UTC."""

    context_id: str | None
    title: str | None
    content: str | None
    is_default: bool | None
    created_at: pd.Timestamp | None
    updated_at: pd.Timestamp | None

    def _repr_words(self) -> tuple[str, ...]:
        return quoted(self.title), "default" if self.is_default else ""

    def page(self) -> Page:
        """Return what its card shows."""
        facts = card_parts.facts(
            ("Default", {True: "yes", False: "no", None: None}[self.is_default]),
            *self._history(self.updated_at, self.created_at),
        )
        sections = card_parts.sections(("Content", Prose(self.content or "")))
        return Page(
            "Context",
            card_parts.first_line(self.title, UNTITLED["context"]),
            facts,
            sections,
            [] if sections else ["No content"],
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Webhook(Record, kind=kinds.WEBHOOK):
    """One webhook: where Hedy sends what, and on which events. Times are UTC."""

    webhook_id: str | None
    url: str | None
    host: str | None
    events: list[str]
    created_at: pd.Timestamp | None
    updated_at: pd.Timestamp | None

    def _repr_words(self) -> tuple[str, ...]:
        return (self.host or "without host", *self.events)

    def page(self) -> Page:
        """Return what its card shows."""
        facts = card_parts.facts(
            ("URL", self.url), ("Created", card_parts.time(self.created_at, self.zone)), ("ID", self.webhook_id)
        )
        events = Items(tuple(Item("•", event) for event in self.events))
        return Page(
            "Webhook", card_parts.first_line(self.host, "Without host"), facts, card_parts.sections(("Events", events))
        )


def _text(record: Mapping[str, object], name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) else None


def quoted(title: str | None) -> str:
    """Return *title* for a repr, shortened; nothing at all where it is empty."""
    line = " ".join((title or "").split())
    return f'"{line[: _TITLE_IN_REPR - 1] + "…" if len(line) > _TITLE_IN_REPR else line}"' if line else ""
