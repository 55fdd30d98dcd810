"""Schema: the columns of every frame as one table, with name, kind, and place in the API's JSON.

The API names one thing in several ways (``sessionId`` or ``id``, ``topic`` or ``topicInfo``; the API notes, section 2),
so a column has several paths and takes the first one that is there and not null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pandas as pd

from hedy_jupyter import kinds

CellKind = Literal["text", "time", "number", "count", "flag", "list"]
Path = tuple[str, ...]
COUNT_LIMIT = 2**63
"""A count is below it: pandas keeps counts in 64 bits."""


DTYPES: Mapping[CellKind, str] = MappingProxyType(
    {
        "text": "str" if int(pd.__version__.partition(".")[0]) >= 3 else "string",  # "str" means object before pandas 3
        "time": "datetime64[us, UTC]",
        "number": "float64",
        "count": "Int64",
        "flag": "boolean",
        "list": "object",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame.

    Attributes:
        name: the column's name, in snake case with its unit.
        kind: what it holds; ``dtype`` follows from it.
        paths: where the value is in the JSON, best first; ``()`` is the record itself.
        reads: which reader of ``frames.build`` makes the value; by default the one named as the kind.
    """

    name: str
    kind: CellKind
    paths: tuple[Path, ...]
    reads: str

    @property
    def dtype(self) -> str:
        """The pandas dtype."""
        return DTYPES[self.kind]


def _column(name: str, kind: CellKind, paths: str, *, reads: str = "") -> Column:
    return Column(name, kind, tuple(tuple(path.split(".")) for path in paths.split()), reads or kind)


def _id(kind: kinds.Kind) -> Column:
    return Column(kind.id_column, "text", tuple((key,) for key in kind.id_keys), "id")


_TOPIC = (
    _column("topic_id", "text", "topic.id topicInfo.id topicId", reads="id"),
    _column("topic_name", "text", "topic.name topicInfo.name topicName"),
)
_CHANGED = (_column("created_at", "time", "createdAt"), _column("updated_at", "time", "updatedAt"))

_SESSIONS = (
    _id(kinds.SESSION),
    _column("title", "text", "title"),
    _column("start_time", "time", "startTime"),
    Column("duration_min", "number", ((),), "minutes"),  # the unit shows only beside start and end
    _column("session_type", "text", "session_type sessionType"),
    *_TOPIC,
)
_SESSION_DETAILS = (
    _column("end_time", "time", "endTime"),
    _column("recap", "text", "recap"),
    _column("meeting_minutes", "text", "meeting_minutes meetingMinutes"),
    _column("transcript", "text", "transcript"),
    _column("cleaned_transcript", "text", "cleaned_transcript cleanedTranscript"),
    _column("cleaned_at", "time", "cleaned_at cleanedAt"),
    _column("conversations", "text", "conversations", reads="conversations"),
    _column("session_notes", "text", "session_notes sessionNotes", reads="notes"),
    _column("highlight_count", "count", "highlights", reads="length"),
    _column("todo_count", "count", "user_todos userTodos", reads="length"),
)
_HIGHLIGHTS = (
    _id(kinds.HIGHLIGHT),
    _column("session_id", "text", "sessionId", reads="id"),
    _column("timestamp", "time", "timestamp"),
    _column("title", "text", "title"),
)
_HIGHLIGHT_DETAILS = (
    _column("time_index_ms", "number", "timeIndex timeIndexMs"),
    _column("raw_quote", "text", "rawQuote quote"),
    _column("cleaned_quote", "text", "cleanedQuote"),
    _column("main_idea", "text", "mainIdea"),
    _column("ai_insight", "text", "aiInsight aiInsights insight"),
)

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "sessions": _SESSIONS,
        "sessions_detailed": _SESSIONS + _SESSION_DETAILS,
        "highlights": _HIGHLIGHTS,
        "highlights_detailed": _HIGHLIGHTS + _HIGHLIGHT_DETAILS,
        "todos": (
            _id(kinds.TODO),
            _column("text", "text", "text"),
            _column("due_date", "text", "dueDate"),
            _column("completed", "flag", "completed"),
            _column("session_id", "text", "sessionId", reads="id"),
            *_TOPIC,
        ),
        "topics": (
            _id(kinds.TOPIC),
            _column("name", "text", "name"),
            _column("description", "text", "description"),
            _column("color", "text", "color"),
            _column("icon_name", "text", "iconName"),
            _column("topic_context", "text", "topicContext"),
            _column("topic_context_updated_at", "time", "topicContextUpdatedAt"),
            _column("session_count", "count", "sessionCount"),
            _column("last_session_date", "time", "lastSessionDate"),
            _column("dominant_session_type", "text", "dominantSessionType"),
            _column("overview", "text", "overview", reads="overview"),
            _column("overview_updated_at", "time", "overviewUpdatedAt"),
            *_CHANGED,
        ),
        "contexts": (
            _id(kinds.CONTEXT),
            _column("title", "text", "title"),
            _column("content", "text", "content"),
            _column("is_default", "flag", "isDefault"),
            *_CHANGED,
        ),
        "webhooks": (
            _id(kinds.WEBHOOK),
            _column("url", "text", "url"),
            _column("host", "text", "url", reads="host"),
            _column("events", "list", "events event"),
            *_CHANGED,
        ),
        "hits": (
            _column("session_id", "text", "session_id"),
            _column("title", "text", "title"),
            _column("start_time", "time", "start_time"),
            _column("field", "text", "field"),
            _column("snippet", "text", "snippet"),
            _column("score", "number", "score"),
        ),
        "places": (
            _column("session_id", "text", "session_id"),
            _column("title", "text", "title"),
            _column("start_time", "time", "start_time"),
            _column("field", "text", "field"),
            _column("speaker", "text", "speaker"),
            _column("position", "count", "position"),
            _column("text", "text", "text"),
        ),
        "related": (
            _column("session_id", "text", "session_id"),
            _column("title", "text", "title"),
            _column("start_time", "time", "start_time"),
            _column("words", "text", "words"),
            _column("score", "number", "score"),
        ),
        "events": (
            _column("event_id", "text", "event_id"),
            _column("event", "text", "event"),
            _column("received_at", "time", "received_at"),
            _column("session_id", "text", "session_id"),
            _column("title", "text", "title"),
            _column("status", "text", "status"),
        ),
        "coverage": (
            _column("month", "text", "month"),
            _column("held", "count", "held"),
            _column("listed", "count", "listed"),
            _column("missing", "count", "missing"),
            _column("without_text", "count", "without_text"),
        ),
        "versions": (
            _column("field", "text", "field"),
            _column("text", "text", "text"),
            _column("first_seen_at", "time", "first_seen_at"),
            _column("replaced_at", "time", "replaced_at"),
        ),
        "times": (
            _column("first_seen_at", "time", "first_seen_at"),
            _column("gone_at", "time", "gone_at"),
            _column("completed_at", "time", "completed_at"),
        ),
        "requests": (
            _column("time", "time", "time"),
            _column("method", "text", "method"),
            _column("path", "text", "path"),
            _column("status", "count", "status"),
            _column("ms", "number", "ms"),
            _column("bytes", "count", "bytes"),
        ),
    }
)


def keys(table: str) -> Mapping[str, tuple[str, ...]]:
    """Return column → the names that the API has for it, best first; for a nested value the name of the outer one."""
    return MappingProxyType(
        {column.name: tuple(path[0] for path in column.paths) for column in TABLES[table] if column.paths[0]}
    )
