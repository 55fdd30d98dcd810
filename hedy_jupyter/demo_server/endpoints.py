"""The endpoints of the demo: one function for each, and the table of routes that names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from hedy_jupyter.demo_server import responses, validation
from hedy_jupyter.demo_server.account import Data, identifier
from hedy_jupyter.demo_server.schedule import Record
from hedy_jupyter.demo_server.validation import Refusal

MAX_WEBHOOKS = 50


class ParsedRequest(NamedTuple):
    """A parsed request: the values in the path, the query, the raw body, and the fault that it meets."""

    ids: tuple[str, ...]
    query: dict[str, str]
    body: bytes
    fault: str | None


class Result(NamedTuple):
    """The JSON of a response and its status."""

    value: Any
    status: int = 200


class State:
    """What the endpoints work on.

    Attributes:
        data: the account.
        now: returns the time, as the API writes it.
        count_new_webhook: counts a new webhook; raises ``Refusal`` above the limit.
    """

    def __init__(self, data: Data, *, now: Callable[[], str], count_new_webhook: Callable[[], None]) -> None:
        self.data = data
        self.now = now
        self.count_new_webhook = count_new_webhook
        self._created = 0

    def new_id(self, prefix: str) -> str:
        """Return a new unique id."""
        self._created += 1
        return identifier(prefix, f"made {self._created}")


Endpoint = Callable[[State, ParsedRequest], Result]


class Route(NamedTuple):
    """One endpoint; ``query`` names the parameters that it takes."""

    method: str
    pattern: str
    answer: Endpoint
    query: tuple[str, ...] = ()


def _found(records: list[Record], name: str, wanted: str, code: str, what: str) -> Record:
    for record in records:
        if record[name] == wanted:
            return record
    raise Refusal(404, code, f"{what} not found")


def _session(state: State, request: ParsedRequest) -> Record:
    return _found(state.data.sessions, "sessionId", request.ids[0], "session_not_found", "Session")


def _topic(state: State, request: ParsedRequest) -> Record:
    return _found(state.data.topics, "id", request.ids[0], "not_found", "Topic")


def _context(state: State, request: ParsedRequest) -> Record:
    return _found(state.data.contexts, "id", request.ids[0], "not_found", "Session context")


def _full_topics(state: State) -> dict[str, Record]:
    return responses.topics_by_id(state.data.topics, state.data.sessions)


def _wrapped(value: Any, status: int = 200) -> Result:
    return Result({"success": True, "data": value}, status)


def _listed(request: ParsedRequest, items: list[Any]) -> Result:
    """Return a list in its envelope, or bare with ``format=zapier``."""
    return Result(items) if request.query.get("format") == "zapier" else _wrapped(items)


def _paged(request: ParsedRequest, records: list[Record], name: str, view: Callable[[Record], Record]) -> Result:
    page, more = validation.page(records, name, request.query, "after")
    items = [view(record) for record in page]
    if request.query.get("format") == "zapier":
        return Result(items)
    pagination = {"hasMore": more, "next": page[-1][name] if more else None, "total": len(records)}
    return Result({"success": True, "data": items, "pagination": pagination})


def _last_updated_first(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda record: str(record["updatedAt"]), reverse=True)


def me(state: State, _request: ParsedRequest) -> Result:
    """Return the account that the key belongs to."""
    return Result(state.data.me)


def sessions(state: State, request: ParsedRequest) -> Result:
    """List sessions, newest first, by pages."""
    view = responses.session_detail if request.query.get("format") == "zapier" else responses.session_item
    return _paged(request, state.data.sessions, "sessionId", lambda session: view(session, state.data.topics))


def session(state: State, request: ParsedRequest) -> Result:
    """Return one session with all its fields."""
    return Result(responses.session_detail(_session(state, request), state.data.topics))


def session_highlights(state: State, request: ParsedRequest) -> Result:
    """List the highlights of a session with all their fields."""
    found = _session(state, request)
    return _listed(request, [responses.session_highlight(found, highlight) for highlight in found["highlights"]])


def session_todos(state: State, request: ParsedRequest) -> Result:
    """List the todos of a session."""
    found = _session(state, request)
    known = _full_topics(state)
    return _listed(request, [responses.todo(found, todo, known) for todo in found["user_todos"]])


def session_todo(state: State, request: ParsedRequest) -> Result:
    """Return one todo of a session."""
    found = _session(state, request)
    todo = _found(found["user_todos"], "id", request.ids[1], "todo_not_found", "Todo")
    return _wrapped(responses.todo(found, todo, _full_topics(state)))


def highlights(state: State, request: ParsedRequest) -> Result:
    """List highlights, newest first, by pages."""
    return _paged(request, responses.all_highlights(state.data.sessions), "highlightId", responses.highlight_item)


def highlight(state: State, request: ParsedRequest) -> Result:
    """Return one highlight with all its fields."""
    every = responses.all_highlights(state.data.sessions)
    return Result(_found(every, "highlightId", request.ids[0], "highlight_not_found", "Highlight"))


def todos(state: State, _request: ParsedRequest) -> Result:
    """List all todos, without an envelope."""
    known = _full_topics(state)
    return Result(
        [responses.todo(session, todo, known) for session in state.data.sessions for todo in session["user_todos"]]
    )


def topics(state: State, _request: ParsedRequest) -> Result:
    """List all topics, the last updated first."""
    return _wrapped([responses.topic(topic, state.data.sessions) for topic in _last_updated_first(state.data.topics)])


def topic(state: State, request: ParsedRequest) -> Result:
    """Return one topic."""
    return _wrapped(responses.topic(_topic(state, request), state.data.sessions))


def topic_sessions(state: State, request: ParsedRequest) -> Result:
    """List the sessions of a topic, newest first, by pages."""
    found = _topic(state, request)
    linked = [session for session in state.data.sessions if session["topicId"] == found["id"]]
    page, more = validation.page(linked, "sessionId", request.query, "startAfter")
    items = [responses.topic_session(session, found) for session in page]
    cursor = page[-1]["sessionId"] if more else None
    return _wrapped({"sessions": items, "pagination": {"count": len(items), "hasMore": more, "nextCursor": cursor}})


def create_topic(state: State, request: ParsedRequest) -> Result:
    """Create a topic."""
    fields = validation.fields(request.body, validation.TOPIC, required="name")
    now = state.now()
    record: Record = {"id": state.new_id("topic"), "createdAt": now, "updatedAt": now} | fields
    if record.get("topicContext"):
        record["topicContextUpdatedAt"] = now
    state.data.topics.append(record)
    return _wrapped(responses.topic(record, state.data.sessions), 201)


def update_topic(state: State, request: ParsedRequest) -> Result:
    """Change a topic."""
    found = _topic(state, request)
    fields = validation.fields(request.body, validation.TOPIC)
    now = state.now()
    found |= fields | {"updatedAt": now}
    if "topicContext" in fields:
        found["topicContextUpdatedAt"] = now
    return _wrapped(responses.topic(found, state.data.sessions))


def delete_topic(state: State, request: ParsedRequest) -> Result:
    """Delete a topic; its sessions are unlinked and stay."""
    found = _topic(state, request)
    linked = [session for session in state.data.sessions if session["topicId"] == found["id"]]
    if request.fault == "deletion_limit":
        linked = linked[: (len(linked) + 1) // 2]
    for session in linked:
        session["topicId"] = None
    if request.fault == "deletion_limit":  # as the API leaves a topic of more than 4,000 sessions
        found["state"] = "deletion_failed"
        raise Refusal(
            400, "deletion_limit_exceeded", "The topic has more than 4,000 sessions; only a part of them was unlinked"
        )
    state.data.topics.remove(found)
    return Result({"success": True, "message": "Topic deleted"})


def contexts(state: State, request: ParsedRequest) -> Result:
    """List all session contexts, the last updated first."""
    return _listed(request, _last_updated_first(state.data.contexts))


def context(state: State, request: ParsedRequest) -> Result:
    """Return one session context."""
    found = _context(state, request)
    return Result([found]) if request.query.get("format") == "zapier" else _wrapped(found)


def _only_default(state: State, chosen: Record) -> None:
    for record in state.data.contexts:
        record["isDefault"] = record is chosen


def create_context(state: State, request: ParsedRequest) -> Result:
    """Create a session context; a default one replaces the default before it."""
    fields = validation.fields(request.body, validation.CONTEXT, required="title")
    now = state.now()
    record: Record = {
        "id": state.new_id("ctx"),
        "content": "",
        "isDefault": False,
        "createdAt": now,
        "updatedAt": now,
    } | fields
    state.data.contexts.append(record)
    if record["isDefault"]:
        _only_default(state, record)
    return _wrapped(record, 201)


def update_context(state: State, request: ParsedRequest) -> Result:
    """Change a session context."""
    found = _context(state, request)
    found |= validation.fields(request.body, validation.CONTEXT) | {"updatedAt": state.now()}
    if found["isDefault"]:
        _only_default(state, found)
    return _wrapped(found)


def delete_context(state: State, request: ParsedRequest) -> Result:
    """Delete a session context; after the default, the last updated one becomes the default."""
    found = _context(state, request)
    state.data.contexts.remove(found)
    if found["isDefault"] and state.data.contexts:
        _only_default(state, _last_updated_first(state.data.contexts)[0])
    return Result({"success": True, "message": "Session context deleted"})


def webhooks(state: State, _request: ParsedRequest) -> Result:
    """List all webhooks."""
    return _wrapped(state.data.webhooks)


def create_webhook(state: State, request: ParsedRequest) -> Result:
    """Create a webhook; the response does not contain its signing secret."""
    state.count_new_webhook()
    fields = validation.webhook(request.body)
    if len(state.data.webhooks) >= MAX_WEBHOOKS:
        raise Refusal(400, "webhook_limit_exceeded", f"An account can have {MAX_WEBHOOKS} webhooks")
    now = state.now()
    record: Record = {"id": state.new_id("wh"), **fields, "createdAt": now, "updatedAt": now}
    state.data.webhooks.append(record)
    return _wrapped(record)


def delete_webhook(state: State, request: ParsedRequest) -> Result:
    """Delete a webhook."""
    state.data.webhooks.remove(_found(state.data.webhooks, "id", request.ids[0], "webhook_not_found", "Webhook"))
    return _wrapped({"message": "Webhook deleted successfully"})


ROUTES = (
    Route("GET", "/me", me),
    Route("GET", "/sessions", sessions, ("limit", "after", "format")),
    Route("GET", "/sessions/{sessionId}", session),
    Route("GET", "/sessions/{sessionId}/highlights", session_highlights, ("format",)),
    Route("GET", "/sessions/{sessionId}/todos", session_todos, ("format",)),
    Route("GET", "/sessions/{sessionId}/todos/{todoId}", session_todo),
    Route("GET", "/highlights", highlights, ("limit", "after", "format")),
    Route("GET", "/highlights/{highlightId}", highlight),
    Route("GET", "/todos", todos),
    Route("GET", "/topics", topics),
    Route("POST", "/topics", create_topic),
    Route("GET", "/topics/{topicId}", topic),
    Route("PATCH", "/topics/{topicId}", update_topic),
    Route("DELETE", "/topics/{topicId}", delete_topic),
    Route("GET", "/topics/{topicId}/sessions", topic_sessions, ("limit", "startAfter")),
    Route("GET", "/contexts", contexts, ("format",)),
    Route("POST", "/contexts", create_context),
    Route("GET", "/contexts/{contextId}", context, ("format",)),
    Route("PATCH", "/contexts/{contextId}", update_context),
    Route("DELETE", "/contexts/{contextId}", delete_context),
    Route("GET", "/webhooks", webhooks),
    Route("POST", "/webhooks", create_webhook),
    Route("DELETE", "/webhooks/{webhookId}", delete_webhook),
)
