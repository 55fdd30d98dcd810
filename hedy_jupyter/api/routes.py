"""Routes: the endpoints of the API with path, query names, shape of the answer and cursor (table of the API notes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from hedy_jupyter import kinds
from hedy_jupyter.kinds import Kind

Envelope = Literal["bare", "data", "rows", "topic_sessions"]


@dataclass(frozen=True)
class Route:
    """One endpoint that is read.

    Attributes:
        path: with ``{}`` in place of each id.
        envelope: where in the answer the value is; ``rows`` and ``topic_sessions`` are lists.
        query: the query names that it takes.
        cursor: the query name of the cursor of the next page; empty for a list without pages.
        ids: the names under which a single record carries its id.
        lists: for a list, the plural of the kind of its rows.
    """

    path: str
    envelope: Envelope
    query: tuple[str, ...] = ()
    cursor: str = ""
    ids: tuple[str, ...] = ("id",)
    lists: str = ""


ME = Route("/me", "bare", ids=("id", "email"))
SESSIONS = Route("/sessions", "rows", ("limit", "after"), cursor="after", lists=kinds.SESSION.plural)
SESSION = Route("/sessions/{}", "bare", ids=kinds.SESSION.id_keys)
SESSION_HIGHLIGHTS = Route("/sessions/{}/highlights", "rows", lists=kinds.HIGHLIGHT.plural)
SESSION_TODOS = Route("/sessions/{}/todos", "rows", lists=kinds.TODO.plural)
SESSION_TODO = Route("/sessions/{}/todos/{}", "data", ids=kinds.TODO.id_keys)
HIGHLIGHTS = Route("/highlights", "rows", ("limit", "after"), cursor="after", lists=kinds.HIGHLIGHT.plural)
HIGHLIGHT = Route("/highlights/{}", "bare", ids=kinds.HIGHLIGHT.id_keys)
TODOS = Route("/todos", "rows", lists=kinds.TODO.plural)
TOPICS = Route("/topics", "rows", lists=kinds.TOPIC.plural)
TOPIC = Route("/topics/{}", "data", ids=kinds.TOPIC.id_keys)
TOPIC_SESSIONS = Route(
    "/topics/{}/sessions", "topic_sessions", ("limit", "startAfter"), cursor="startAfter", lists=kinds.SESSION.plural
)
CONTEXTS = Route("/contexts", "rows", lists=kinds.CONTEXT.plural)
CONTEXT = Route("/contexts/{}", "data", ids=kinds.CONTEXT.id_keys)
WEBHOOKS = Route("/webhooks", "rows", lists=kinds.WEBHOOK.plural)

LISTS: Mapping[Kind, Route] = MappingProxyType(
    {
        kinds.SESSION: SESSIONS,
        kinds.HIGHLIGHT: HIGHLIGHTS,
        kinds.TODO: TODOS,
        kinds.TOPIC: TOPICS,
        kinds.CONTEXT: CONTEXTS,
        kinds.WEBHOOK: WEBHOOKS,
    }
)
"""Kind → the list of all of them."""
DETAILS: Mapping[Kind, Route] = MappingProxyType(
    {kinds.SESSION: SESSION, kinds.HIGHLIGHT: HIGHLIGHT, kinds.TOPIC: TOPIC, kinds.CONTEXT: CONTEXT}
)
"""Kind → one of them by its id alone; todos need that of their session too, and webhooks are only listed."""

PAGE_SIZE = 100
"""The most rows of a page; 101 is refused with ``invalid_page_size``."""

WRITES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("create", "topic"): "POST /topics",
        ("update", "topic"): "PATCH /topics/{}",
        ("delete", "topic"): "DELETE /topics/{}",
        ("create", "context"): "POST /contexts",
        ("update", "context"): "PATCH /contexts/{}",
        ("delete", "context"): "DELETE /contexts/{}",
        ("create", "webhook"): "POST /webhooks",
        ("delete", "webhook"): "DELETE /webhooks/{}",
    }
)
"""Action and kind → method and path. There is no PATCH for webhooks, and no write for anything else."""
