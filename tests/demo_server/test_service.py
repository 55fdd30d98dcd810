"""The demo's API: every route, shape, limit, error code and fault of the API notes."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from hedy_jupyter.demo_server.endpoints import ROUTES
from hedy_jupyter.demo_server.service import DEMO_KEY, FAULTS, Response, Service

TODAY = datetime.date(2026, 5, 14)
HEAD = {"sessionId", "title", "startTime", "duration"}
DETAIL = {
    "endTime",
    "transcript",
    "cleaned_transcript",
    "cleaned_at",
    "conversations",
    "meeting_minutes",
    "recap",
    "session_notes",
}
HIGHLIGHT = {"timestamp", "timeIndex", "title", "rawQuote", "cleanedQuote", "mainIdea", "aiInsight"}
HOOK = {"url": "https://in.example/hedy", "events": ["session.ended"]}


class Clock:
    """Seconds that pass only by a call."""

    def __init__(self, now_s: float = 1000.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class Caller:
    """Asks its own service, with the key, and reads the JSON."""

    def __init__(self, **options: Any) -> None:
        self.clock = Clock()
        self.wall = Clock(1_800_000_000.25)
        self.service = Service(today=TODAY, clock=self.clock, wall=self.wall, **options)
        self.reply = Response(0, {}, b"")

    def pass_s(self, seconds: float) -> None:
        """Let the time pass, on both clocks."""
        self.clock.now_s += seconds
        self.wall.now_s += seconds

    def limits(self, method: str = "GET", path: str = "/me", **headers: str) -> tuple[int, dict[str, str]]:
        """The status of a request with these headers, and what its answer says of the limit, without the prefix."""
        self.reply = self.service.answer(method, path, headers, b"")
        found = {name: value for name, value in self.reply.headers.items() if name.startswith("x-ratelimit-")}
        return self.reply.status, {name.removeprefix("x-ratelimit-"): value for name, value in found.items()}

    def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> Any:
        sent = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        self.reply = self.service.answer(method, path, {"authorization": f"Bearer {DEMO_KEY}"}, sent)
        return json.loads(self.reply.body)

    def get(self, path: str) -> Any:
        return self("GET", path)

    def refusal(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> tuple[int, str]:
        answer = self(method, path, body, raw=raw)
        assert set(answer) == {"success", "error"}
        assert answer["success"] is False
        assert answer["error"]["message"]
        return self.reply.status, answer["error"]["code"]

    def first(self, path: str, name: str = "id") -> str:
        return str(self.get(path)["data"][0][name])


@pytest.fixture
def ask() -> Caller:
    """A fresh service."""
    return Caller()


def paths(ask: Caller) -> dict[str, str]:
    """A real path for every pattern."""
    session = next(
        item for item in ask.get("/sessions")["data"] if ask.get(f"/sessions/{item['sessionId']}")["user_todos"]
    )["sessionId"]
    ids = {
        "{sessionId}": session,
        "{todoId}": ask.get(f"/sessions/{session}")["user_todos"][0]["id"],
        "{highlightId}": ask.first("/highlights", "highlightId"),
        "{topicId}": ask.first("/topics"),
        "{contextId}": ask.first("/contexts"),
        "{webhookId}": ask.first("/webhooks"),
    }
    return {route.pattern: "/".join(ids.get(part, part) for part in route.pattern.split("/")) for route in ROUTES}


BODIES = {
    "/topics": {"name": "New"},
    "/topics/{topicId}": {"name": "Other"},
    "/contexts": {"title": "New"},
    "/contexts/{contextId}": {"title": "Other"},
    "/webhooks": HOOK,
}
CREATED = {("POST", "/topics"), ("POST", "/contexts")}


@pytest.mark.parametrize("base", ["", "/v1"])
@pytest.mark.parametrize(("method", "pattern"), [(route.method, route.pattern) for route in ROUTES])
def test_every_route_answers(ask: Caller, base: str, method: str, pattern: str) -> None:
    """Each route works with and without /v1, creations of topics and contexts with 201, everything else with 200."""
    path = base + paths(ask)[pattern]

    ask(method, path, BODIES.get(pattern))

    assert ask.reply.status == (201 if (method, pattern) in CREATED else 200)
    assert ask.reply.headers["Content-Type"].startswith("application/json")


def test_me_is_bare(ask: Caller) -> None:
    """The profile has no wrapper."""
    assert set(ask.get("/me")) == {"id", "email", "name"}


def test_a_list_of_sessions(ask: Caller) -> None:
    """Rows have no end; the topic is nested, null or absent; the envelope names the total."""
    answer = ask.get("/sessions?limit=100")
    rows = answer["data"]

    assert set(answer) == {"success", "data", "pagination"}
    assert answer["pagination"] == {"hasMore": True, "next": rows[-1]["sessionId"], "total": 154}
    assert {name for row in rows for name in row} == HEAD | {"session_type", "topic"}
    assert all("session_type" in row for row in rows)
    assert {None, "meeting"} <= {row["session_type"] for row in rows}
    assert any("topic" not in row for row in rows)
    assert any(row.get("topic", "absent") is None for row in rows)
    assert set(rows[0]["topic"]) == {"id", "name", "color", "iconName"}


def test_a_type_is_never_left_out(ask: Caller) -> None:
    """Wherever a session is shown it has a type, null where it was given none, and the lists and the detail agree."""
    rows = {row["sessionId"]: row["session_type"] for row in ask.get("/sessions?limit=100")["data"]}
    details = {row["sessionId"]: row["session_type"] for row in ask.get("/sessions?limit=100&format=zapier")}
    under = [
        row
        for topic in ask.get("/topics")["data"]
        for row in ask.get(f"/topics/{topic['id']}/sessions?limit=100")["data"]["sessions"]
        if row["sessionId"] in rows
    ]
    alone = next(ident for ident, kind in rows.items() if kind is None)

    assert rows == details
    assert {row["sessionId"]: row["session_type"] for row in under}.items() <= rows.items()
    assert None in {row["session_type"] for row in under}
    assert ask.get(f"/sessions/{alone}")["session_type"] is None


def test_project_alpha(ask: Caller) -> None:
    """The topic of README and agent skill has several meetings, one of this week, todos, highlights, a summary."""
    topic = next(topic for topic in ask.get("/topics")["data"] if topic["name"] == "Project Alpha")
    rows = ask.get(f"/topics/{topic['id']}/sessions")["data"]["sessions"]
    details = [ask.get(f"/sessions/{row['sessionId']}") for row in rows]

    assert set(topic["overview"]) == {"summary"}
    assert topic["sessionCount"] == len(rows) >= 5
    assert rows[0]["startTime"] >= "2026-05-08"
    assert all(detail["topic"]["id"] == topic["id"] and detail["recap"] and detail["highlights"] for detail in details)
    assert {todo["completed"] for detail in details for todo in detail["user_todos"]} == {True, False}
    assert topic["createdAt"] < rows[-1]["startTime"]


def test_a_session_is_bare(ask: Caller) -> None:
    """The detail has no wrapper; what is embedded does not repeat the session's id."""
    session = ask.get(f"/sessions/{ask.first('/sessions', 'sessionId')}")

    assert set(session) == HEAD | DETAIL | {"session_type", "topic", "highlights", "user_todos"}
    assert set(session["highlights"][0]) == HIGHLIGHT | {"highlightId"}
    assert set(session["user_todos"][0]) == {"id", "text", "dueDate", "completed"}


def test_what_hangs_on_a_session(ask: Caller) -> None:
    """Highlights of a session are called id, its todos carry session and topic, one todo is wrapped."""
    place = f"/sessions/{ask.first('/sessions', 'sessionId')}"
    highlights, todos = ask.get(f"{place}/highlights"), ask.get(f"{place}/todos")
    todo = ask.get(f"{place}/todos/{todos['data'][0]['id']}")

    assert set(highlights["data"][0]) == HIGHLIGHT | {"id", "sessionId"}
    assert set(todos["data"][0]) == {"id", "text", "dueDate", "completed", "sessionId", "topic"}
    assert todo == {"success": True, "data": todos["data"][0]}


def test_highlights(ask: Caller) -> None:
    """Rows have exactly four fields, newest first; the detail is bare."""
    rows = ask.get("/highlights")["data"]
    detail = ask.get(f"/highlights/{rows[0]['highlightId']}")

    assert len(rows) == 50
    assert all(set(row) == {"highlightId", "sessionId", "timestamp", "title"} for row in rows)
    assert [row["timestamp"] for row in rows] == sorted((row["timestamp"] for row in rows), reverse=True)
    assert set(detail) == HIGHLIGHT | {"highlightId", "sessionId"}


def test_todos_are_a_bare_list(ask: Caller) -> None:
    """Every todo at once; the topic is the complete one or absent."""
    todos = ask.get("/todos")
    topics = {topic["id"]: topic for topic in ask.get("/topics")["data"]}

    assert len(todos) > 300
    assert any("topic" not in todo for todo in todos)
    assert all(todo["topic"] == topics[todo["topic"]["id"]] for todo in todos if "topic" in todo)


def test_topics(ask: Caller) -> None:
    """Topics come by last update and count their sessions; one has none."""
    topics = ask.get("/topics")["data"]
    empty = [topic for topic in topics if not topic["sessionCount"]]

    assert [topic["updatedAt"] for topic in topics] == sorted((topic["updatedAt"] for topic in topics), reverse=True)
    assert topics[0]["dominantSessionType"] == "meeting"
    assert topics[0]["lastSessionDate"] == "2026-05-13T15:00:00Z"
    assert [(topic["name"], topic["lastSessionDate"]) for topic in empty] == [("Roof garden", None)]
    assert ask.get(f"/topics/{topics[0]['id']}") == {"success": True, "data": topics[0]}


def test_contexts_and_webhooks(ask: Caller) -> None:
    """Both are wrapped lists; contexts come by last update; no secret is shown."""
    contexts, hooks = ask.get("/contexts")["data"], ask.get("/webhooks")["data"]

    assert [context["updatedAt"] for context in contexts] == sorted(
        (context["updatedAt"] for context in contexts), reverse=True
    )
    assert ask.get(f"/contexts/{contexts[0]['id']}")["data"] == contexts[0]
    assert {name for hook in hooks for name in hook} == {"id", "url", "events", "createdAt", "updatedAt"}


@pytest.mark.parametrize("size", [1, 7, 50, 100])
@pytest.mark.parametrize(("path", "name"), [("/sessions", "sessionId"), ("/highlights", "highlightId")])
def test_paging_with_after_reaches_the_end(ask: Caller, path: str, name: str, size: int) -> None:
    """Following the cursor gives every record once and ends with a null cursor."""
    seen: list[str] = []
    after, more = "", True
    while more:
        ask.clock.now_s += 1
        answer = ask.get(f"{path}?limit={size}&after={quote(after)}" if after else f"{path}?limit={size}")
        seen += [row[name] for row in answer["data"]]
        more, after = answer["pagination"]["hasMore"], answer["pagination"]["next"]

    assert after is None
    assert len(seen) == len(set(seen)) == answer["pagination"]["total"]


def test_paging_the_sessions_of_a_topic(ask: Caller) -> None:
    """The sessions of a topic page with startAfter and call their topic topicInfo."""
    topic = ask.get("/topics")["data"][0]
    seen: list[dict[str, Any]] = []
    cursor, more = "", True
    while more:
        answer = ask.get(f"/topics/{topic['id']}/sessions?limit=20{cursor}")["data"]
        seen += answer["sessions"]
        assert answer["pagination"]["count"] == len(answer["sessions"])
        more, cursor = answer["pagination"]["hasMore"], f"&startAfter={answer['pagination']['nextCursor']}"

    assert cursor == "&startAfter=None"
    assert len({row["sessionId"] for row in seen}) == len(seen) == topic["sessionCount"]
    assert all(row["topicInfo"] == {"id": topic["id"], "name": topic["name"]} for row in seen)


@pytest.mark.parametrize(
    "path",
    [
        "/sessions",
        "/highlights",
        "/contexts",
        "/sessions/{sessionId}/highlights",
        "/sessions/{sessionId}/todos",
        "/contexts/{contextId}",
    ],
)
def test_zapier_gets_bare_lists(ask: Caller, path: str) -> None:
    """With format=zapier a list has no envelope."""
    answer = ask.get(paths(ask)[path] + "?format=zapier")

    assert isinstance(answer, list)
    assert answer


def test_zapier_sessions_are_detailed(ask: Caller) -> None:
    """Session rows for Zapier carry the detail fields."""
    assert ask.get("/sessions?format=zapier&limit=1")[0]["transcript"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=101", "invalid_page_size"),
        ("limit=0", "invalid_page_size"),
        ("limit=-1", "invalid_page_size"),
        ("limit=abc", "invalid_parameter"),
        ("limit=", "invalid_parameter"),
        ("limit=10.5", "invalid_parameter"),
        ("{cursor}=nobody", "invalid_parameter"),
    ],
)
@pytest.mark.parametrize(
    ("path", "cursor"), [("/sessions", "after"), ("/highlights", "after"), ("/topics/{topicId}/sessions", "startAfter")]
)
def test_wrong_pages_are_refused(ask: Caller, path: str, cursor: str, query: str, code: str) -> None:
    """A page size outside 1 to 100 and an unknown cursor are 400."""
    target = f"{paths(ask)[path]}?{query.format(cursor=cursor)}"

    assert ask.refusal("GET", target) == (400, code)


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/sessions/sess_none", "session_not_found"),
        ("GET", "/sessions/sess_none/highlights", "session_not_found"),
        ("GET", "/sessions/sess_none/todos", "session_not_found"),
        ("GET", "/sessions/sess_none/todos/x", "session_not_found"),
        ("GET", "{session}/todos/none", "todo_not_found"),
        ("GET", "/sessions/a%2Fb", "session_not_found"),
        ("GET", "/highlights/none", "highlight_not_found"),
        ("GET", "/topics/none", "not_found"),
        ("GET", "/topics/none/sessions", "not_found"),
        ("PATCH", "/topics/none", "not_found"),
        ("DELETE", "/topics/none", "not_found"),
        ("GET", "/contexts/none", "not_found"),
        ("PATCH", "/contexts/none", "not_found"),
        ("DELETE", "/contexts/none", "not_found"),
        ("DELETE", "/webhooks/none", "webhook_not_found"),
    ],
)
def test_what_is_not_there_is_404(ask: Caller, method: str, path: str, code: str) -> None:
    """Each kind of record has its own code."""
    target = path.format(session=paths(ask)["/sessions/{sessionId}"])

    assert ask.refusal(method, target, {"name": "x", "title": "x"}) == (404, code)


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": f"Bearer {DEMO_KEY}"}, {"Authorization": "Bearer hedy_live_other"}]
)
@pytest.mark.parametrize(
    ("method", "path", "named"),
    [
        ("GET", "/nothing", "Cannot GET /nothing"),
        ("GET", "/v1/nothing", "Cannot GET /v1/nothing"),
        ("GET", "/", "Cannot GET /"),
        ("GET", "/v1", "Cannot GET /v1"),
        ("GET", "/v1/v1/me", "Cannot GET /v1/v1/me"),
        ("GET", "/me/more?limit=5", "Cannot GET /me/more"),
        ("POST", "/docs", "Cannot POST /docs"),
        ("DELETE", "/v2/topics/x", "Cannot DELETE /v2/topics/x"),
        ("GET", "http://elsewhere.example/me", "Cannot GET http://elsewhere.example/me"),
        ("GET", "/a&b<i>'\"", "Cannot GET /a&amp;b%3Ci%3E&#x27;%22"),
        ("GET", "/übung/\ud800", "Cannot GET /%C3%BCbung/?"),
    ],
)
def test_unknown_routes_are_an_html_page(
    ask: Caller, headers: dict[str, str], method: str, path: str, named: str
) -> None:
    """What is no route is answered by the web framework, not by Hedy: escaped HTML, whatever the key."""
    reply = ask.service.answer(method, path, headers, b"{}")

    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert f"<pre>{named}</pre>" in reply.body.decode("ascii")
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(reply.body)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/sessions"), ("DELETE", "/todos"), ("PATCH", "/webhooks"), ("PUT", "/topics"), ("HEAD", "/me")],
)
def test_other_methods_are_405(ask: Caller, method: str, path: str) -> None:
    """A known path with another method says which methods it answers to."""
    assert ask.refusal(method, path) == (405, "method_not_allowed")
    assert "GET" in ask.reply.headers["Allow"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "missing_api_key"),
        ({"Authorization": ""}, "missing_api_key"),
        ({"Authorization": "Bearer hedy_live_other"}, "invalid_api_key"),
        ({"Authorization": DEMO_KEY}, "invalid_api_key"),
        ({"Authorization": f"Basic {DEMO_KEY}"}, "invalid_api_key"),
    ],
)
def test_the_key_is_wanted(ask: Caller, headers: dict[str, str], code: str) -> None:
    """Without the demo key there is a 401 on every route, also with a method that it does not have."""
    for path in ("/me", "/v1/todos", "/sessions/sess_none", "/webhooks/none"):
        reply = ask.service.answer("GET", path, headers, b"")
        assert (reply.status, json.loads(reply.body)["error"]["code"]) == (401, code)


@pytest.mark.parametrize("path", ["/docs", "/v1/docs"])
def test_docs_need_no_key(ask: Caller, path: str) -> None:
    """The OpenAPI document lists exactly the routes."""
    document = json.loads(ask.service.answer("GET", path, {}, b"").body)
    listed = {(method.upper(), pattern) for pattern, methods in document["paths"].items() for method in methods}

    assert listed == {(route.method, route.pattern) for route in ROUTES}
    assert document["paths"]["/topics"]["post"]["requestBody"]["content"]["application/json"]["schema"]["required"] == [
        "name"
    ]


def document_of(ask: Caller) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = ask.get("/docs")
    return found


def test_docs_begin_as_the_live_ones(ask: Caller) -> None:
    """Version, title, both servers, tags, shared parameters and the key are those of the live API's document."""
    document = document_of(ask)
    shared = document["components"]["parameters"]

    assert (document["openapi"], document["info"]["title"]) == ("3.0.4", "Hedy API")
    assert document["servers"] == [
        {"url": "https://api.hedy.bot/", "description": "Production server (US)"},
        {"url": "https://eu-api.hedy.bot/", "description": "Production server (EU)"},
    ]
    assert [tag["name"] for tag in document["tags"]] == [
        "Sessions",
        "Highlights",
        "Webhooks",
        "Todos",
        "Topics",
        "Session Contexts",
    ]
    assert {key: (value["name"], value["in"], value["schema"]) for key, value in shared.items()} == {
        "paginationLimit": ("limit", "query", {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}),
        "paginationAfter": ("after", "query", {"type": "string"}),
        "formatParam": ("format", "query", {"type": "string", "enum": ["zapier"]}),
    }
    assert document["components"]["securitySchemes"] == {"ApiKeyAuth": {"type": "http", "scheme": "bearer"}}
    assert document["security"] == [{"ApiKeyAuth": []}]


def references(value: Any) -> list[str]:
    """Every ``$ref`` in *value*."""
    if isinstance(value, dict):
        return [value["$ref"]] if "$ref" in value else [ref for part in value.values() for ref in references(part)]
    return [ref for part in value for ref in references(part)] if isinstance(value, list) else []


def resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """*value*, or what its ``$ref`` points at; a KeyError where that is nothing."""
    found: Any = document
    for step in value["$ref"].removeprefix("#/").split("/") if "$ref" in value else ():
        found = found[step]
    return found if "$ref" in value else value


def test_docs_are_sound(ask: Caller) -> None:
    """References lead somewhere and nothing shared is unused.

    Operations have one name, known tags, their path's parameters, answers.
    """
    document = document_of(ask)
    operations = [(pattern, one) for pattern, methods in document["paths"].items() for one in methods.values()]

    assert set(references(document["paths"])) == {
        f"#/components/{kind}/{key}" for kind in ("parameters", "responses") for key in document["components"][kind]
    }
    assert len({one["operationId"] for _, one in operations}) == len(operations)
    assert {tag for _, one in operations for tag in one["tags"]} == {tag["name"] for tag in document["tags"]}
    for pattern, one in operations:
        parameters = [resolved(document, parameter) for parameter in one["parameters"]]
        in_path = [parameter["name"] for parameter in parameters if parameter["in"] == "path"]
        assert in_path == re.findall(r"{(\w+)}", pattern)
        assert all(parameter["required"] for parameter in parameters if parameter["in"] == "path")
        assert len({(parameter["name"], parameter["in"]) for parameter in parameters}) == len(parameters)
        assert all(parameter["schema"]["type"] for parameter in parameters)
        assert all(resolved(document, answer)["description"] for answer in one["responses"].values())


def test_operations_use_the_shared_parameters(ask: Caller) -> None:
    """An operation with limit, after or format refers to the shared parameter, and takes what its route reads."""
    document = document_of(ask)
    names = {
        f"#/components/parameters/{key}": value["name"] for key, value in document["components"]["parameters"].items()
    }

    for route in ROUTES:
        parameters = document["paths"][route.pattern][route.method.lower()]["parameters"]
        shared = [names[parameter["$ref"]] for parameter in parameters if "$ref" in parameter]
        spelled = [
            parameter["name"] for parameter in parameters if "$ref" not in parameter and parameter["in"] == "query"
        ]
        assert shared == [name for name in route.query if name != "startAfter"]
        assert spelled == [name for name in route.query if name == "startAfter"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/topics", {}),
        ("/topics", {"description": "no name"}),
        ("/topics", {"name": ""}),
        ("/topics", {"name": "x" * 101}),
        ("/topics", {"name": None}),
        ("/topics", {"name": 5}),
        ("/topics", {"name": "x", "description": "x" * 501}),
        ("/topics", {"name": "x", "color": "blue"}),
        ("/topics", {"name": "x", "color": "#12345"}),
        ("/topics", {"name": "x", "color": "#12345G"}),
        ("/topics", {"name": "x", "color": "#123456\n"}),
        ("/topics", {"name": "x", "iconName": 1}),
        ("/topics", {"name": "x", "topicContext": "x" * 20_001}),
        ("/topics", {"name": "x", "topicContext": None}),
        ("/topics", ["name"]),
        ("/contexts", {"content": "no title"}),
        ("/contexts", {"title": ""}),
        ("/contexts", {"title": "x" * 201}),
        ("/contexts", {"title": "x", "content": "x" * 20_001}),
        ("/contexts", {"title": "x", "content": None}),
        ("/contexts", {"title": "x", "isDefault": "true"}),
        ("/contexts", {"title": "x", "isDefault": 1}),
        ("/webhooks", {"events": ["session.ended"]}),
        ("/webhooks", {"url": 5, "events": ["session.ended"]}),
    ],
)
def test_invalid_creations(ask: Caller, path: str, body: Any) -> None:
    """A body outside the limits is a validation_error and creates nothing."""
    before = ask.get(path)

    assert ask.refusal("POST", path, body) == (400, "validation_error")
    assert ask.get(path) == before


@pytest.mark.parametrize("pattern", ["/topics/{topicId}", "/contexts/{contextId}"])
@pytest.mark.parametrize("body", [{}, {"unknown": 1}, {"name": "", "title": ""}, {"name": None, "title": None}, []])
def test_invalid_changes(ask: Caller, pattern: str, body: Any) -> None:
    """A change without a known field or with a wrong one is a validation_error and changes nothing."""
    path = paths(ask)[pattern]
    before = ask.get(path)

    assert ask.refusal("PATCH", path, body) == (400, "validation_error")
    assert ask.get(path) == before


@pytest.mark.parametrize("path", ["/topics", "/contexts", "/webhooks"])
@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe\xfd", b"null", b'"text"', b"[" * 100_000])
def test_bad_json(ask: Caller, path: str, raw: bytes) -> None:
    """A body that is no JSON object is a validation_error."""
    assert ask.refusal("POST", path, raw=raw) == (400, "validation_error")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "http://in.example/x", "event": "session.ended"}, "invalid_webhook_url"),
        ({"url": "https://", "event": "session.ended"}, "invalid_webhook_url"),
        ({"url": "https://in.example:99999/", "event": "session.ended"}, "invalid_webhook_url"),
        ({"url": "https://[::1", "event": "session.ended"}, "invalid_webhook_url"),
        ({"url": "https://in.example/a b", "event": "session.ended"}, "invalid_webhook_url"),
        ({"url": "in.example", "event": "session.ended"}, "invalid_webhook_url"),
        ({"url": HOOK["url"]}, "missing_event"),
        ({"url": HOOK["url"], "events": []}, "missing_event"),
        ({"url": HOOK["url"], "event": "session.paused"}, "invalid_event"),
        ({"url": HOOK["url"], "events": ["session.ended", "session.paused"]}, "invalid_events"),
        ({"url": HOOK["url"], "events": "session.ended"}, "invalid_events"),
        ({"url": HOOK["url"], "events": [{}]}, "invalid_events"),
    ],
)
def test_invalid_webhooks(ask: Caller, body: Any, code: str) -> None:
    """URL and events are checked, each with its own code."""
    assert ask.refusal("POST", "/webhooks", body) == (400, code)
    assert len(ask.get("/webhooks")["data"]) == 2


def test_a_topic_lives(ask: Caller) -> None:
    """A topic is created, listed first, changed, cleared and deleted."""
    made = ask(
        "POST",
        "/topics",
        {"name": "x" * 100, "description": "", "color": "#4A90d9", "iconName": "star", "topicContext": "y" * 20_000},
    )["data"]
    path = f"/topics/{made['id']}"
    ask.clock.now_s += 60
    listed = ask.first("/topics")
    changed = ask("PATCH", path, {"name": "Other", "topicContext": None, "unknown": 1})["data"]
    deleted = ask("DELETE", path)

    assert listed == made["id"]
    assert (made["createdAt"], made["sessionCount"], made["topicContextUpdatedAt"]) == (
        "2026-05-14T00:00:00Z",
        0,
        "2026-05-14T00:00:00Z",
    )
    assert (changed["name"], changed["topicContext"], changed["color"], changed["updatedAt"]) == (
        "Other",
        None,
        "#4A90d9",
        "2026-05-14T00:01:00Z",
    )
    assert "unknown" not in changed
    assert deleted == {"success": True, "message": "Topic deleted"}
    assert ask.refusal("GET", path) == (404, "not_found")


def test_deleting_a_topic_unlinks(ask: Caller) -> None:
    """Sessions and todos of a deleted topic stay, without it."""
    topic = ask.first("/topics")
    session = ask.get(f"/topics/{topic}/sessions")["data"]["sessions"][0]["sessionId"]
    todos = ask.get("/todos")

    ask("DELETE", f"/topics/{topic}")

    assert ask.get("/sessions")["pagination"]["total"] == 154
    assert ask.get(f"/sessions/{session}").get("topic") is None
    assert len(ask.get("/todos")) == len(todos)
    assert not any(todo.get("topic", {}).get("id") == topic for todo in ask.get("/todos"))


def defaults(ask: Caller) -> list[str]:
    """The titles of the default contexts."""
    return [context["title"] for context in ask.get("/contexts")["data"] if context["isDefault"]]


def test_one_context_is_the_default(ask: Caller) -> None:
    """A new default takes the place of the old one, at creation and by a change."""
    before = defaults(ask)
    made = ask("POST", "/contexts", {"title": "New", "isDefault": True})["data"]
    created = defaults(ask)
    other = next(context for context in ask.get("/contexts")["data"] if context["title"] == "Interviews")
    ask("PATCH", f"/contexts/{other['id']}", {"isDefault": True})

    assert (before, created, defaults(ask)) == (["Everyday meetings"], ["New"], ["Interviews"])
    assert made["content"] == ""


def test_deleting_the_default_promotes(ask: Caller) -> None:
    """After the default the context touched last becomes the default; another deletion changes nothing."""
    contexts = {context["title"]: context["id"] for context in ask.get("/contexts")["data"]}
    ask("PATCH", f"/contexts/{contexts['Interviews']}", {"content": "touched"})

    deleted = ask("DELETE", f"/contexts/{contexts['Everyday meetings']}")
    promoted = defaults(ask)
    ask("DELETE", f"/contexts/{contexts['Sales Call Context']}")

    assert deleted == {"success": True, "message": "Session context deleted"}
    assert promoted == defaults(ask) == ["Interviews"]


def test_the_last_context_can_go(ask: Caller) -> None:
    """Where none is left nothing is promoted."""
    for context in ask.get("/contexts")["data"]:
        ask("DELETE", f"/contexts/{context['id']}")

    assert ask.get("/contexts")["data"] == []


def test_a_webhook_lives(ask: Caller) -> None:
    """A webhook is created with 200 and no secret, from one or several events; deleting it has data.message."""
    made = ask(
        "POST",
        "/webhooks",
        {"url": HOOK["url"], "event": "todo.exported", "events": ["session.ended", "todo.exported"]},
    )["data"]
    deleted = ask("DELETE", f"/webhooks/{made['id']}")

    assert set(made) == {"id", "url", "events", "createdAt", "updatedAt"}
    assert made["events"] == ["todo.exported", "session.ended"]
    assert deleted == {"success": True, "data": {"message": "Webhook deleted successfully"}}
    assert made["id"] not in {hook["id"] for hook in ask.get("/webhooks")["data"]}


def test_fifty_webhooks_and_no_more(ask: Caller) -> None:
    """The 51st webhook is refused."""
    for _ in range(48):
        ask.clock.now_s += 20
        ask("POST", "/webhooks", HOOK)
        assert ask.reply.status == 200
    ask.clock.now_s += 20

    assert ask.refusal("POST", "/webhooks", HOOK) == (400, "webhook_limit_exceeded")


def test_five_new_webhooks_a_minute(ask: Caller) -> None:
    """The sixth is 429 until 60 seconds after the first; then there are five places again."""
    for _ in range(5):
        ask("POST", "/webhooks", HOOK)
        ask.pass_s(1)
    sixth = ask.refusal("POST", "/webhooks", HOOK)
    sent = ask.reply.headers
    ask.pass_s(54.9)
    early = ask.refusal("POST", "/webhooks", HOOK)
    ask.pass_s(0.1)
    for _ in range(5):
        ask("POST", "/webhooks", HOOK)
        assert ask.reply.status == 200

    assert sixth == early == ask.refusal("POST", "/webhooks", HOOK) == (429, "rate_limit_exceeded")
    assert "retry-after" not in map(str.lower, sent)


KEYED = {"Authorization": f"Bearer {DEMO_KEY}"}


def test_two_hundred_requests_a_minute(ask: Caller) -> None:
    """The 201st request is 429 until 60 seconds after the first; then all 200 places are free at once."""
    for number in range(200):
        ask.pass_s(30 if number == 100 else 0)
        assert ask.limits(**KEYED)[0] == 200
    full = ask.refusal("GET", "/me")
    ask.pass_s(29.9)
    still_full = ask.refusal("GET", "/me")
    ask.pass_s(0.1)
    after = [ask.limits(**KEYED)[0] for _ in range(201)]

    assert full == still_full == (429, "rate_limit_exceeded")
    assert after == [200] * 200 + [429]


def test_every_answer_tells_the_limit(ask: Caller) -> None:
    """Headers name the limit, how many are left, and when all are again, in Unix seconds that are never early."""
    first = ask.limits(**KEYED)
    ask.pass_s(20.5)
    second = ask.limits(**KEYED)
    ask.pass_s(39.5)
    third = ask.limits(**KEYED)

    assert first == (200, {"limit": "200", "remaining": "199", "reset": "1800000061"})
    assert second == (200, {"limit": "200", "remaining": "198", "reset": "1800000061"})
    assert third == (200, {"limit": "200", "remaining": "199", "reset": "1800000121"})


def test_refusals_tell_the_limit_and_count(ask: Caller) -> None:
    """A 400, 404, 405, an unknown route, the docs and a 429 are requests like others.

    A 429 leaves nothing and names no wait.
    """
    asked = ["/sessions?limit=0", "/topics/none", "/nothing", "/docs"]
    told = [ask.limits(path=path, **KEYED) for path in asked] + [ask.limits("PUT", "/topics", **KEYED)]
    for _ in range(195):
        ask.limits(**KEYED)
    over = [ask.limits(path=path, **KEYED) for path in ("/me", "/nothing", "/docs")]
    names = {name.lower() for name in ask.reply.headers}

    assert [(status, limits["remaining"]) for status, limits in told] == [
        (400, "199"), (404, "198"), (404, "197"), (200, "196"), (405, "195"),
    ]  # fmt: skip
    assert [(status, limits["remaining"]) for status, limits in over] == [(429, "0")] * 3
    assert names == {"content-type", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer hedy_live_other"}])
def test_the_limit_comes_before_the_key(headers: dict[str, str]) -> None:
    """Requests with a wrong key or none are counted and end in 429, apart from those of the right key."""
    ask = Caller(requests_a_minute=3)

    wrong = [ask.limits(**headers) for _ in range(5)]
    right = ask.limits(**KEYED)

    assert [status for status, _ in wrong] == [401, 401, 401, 429, 429]
    assert [limits["remaining"] for _, limits in wrong] == ["2", "1", "0", "0", "0"]
    assert (right[0], right[1]["remaining"]) == (200, "2")


def test_refused_requests_do_not_prolong_the_minute() -> None:
    """Whoever goes on asking after a 429 waits no longer for it."""
    ask = Caller(requests_a_minute=1)
    ask.limits(**KEYED)
    resets = []
    for _ in range(6):
        ask.pass_s(9.9)
        status, limits = ask.limits(**KEYED)
        resets.append(limits["reset"])
        assert status == 429
    ask.pass_s(0.7)

    assert set(resets) == {"1800000061"}
    assert ask.limits(**KEYED)[0] == 200


def test_without_a_limit_nothing_is_counted() -> None:
    """A service without a limit answers as often as it is asked, and says nothing of one; new webhooks keep theirs."""
    ask = Caller(requests_a_minute=None)

    found = [ask.limits(**KEYED) for _ in range(1000)]
    made = [ask.limits("POST", "/webhooks", **KEYED)[0] for _ in range(6)]

    assert found == [(200, {})] * 1000
    assert made == [400] * 5 + [429]


@pytest.mark.parametrize("text", ["\ud83d lone", "a\x00b\x1f\x7f", "\u2028\u2029", '"<b>&', "é 漢 🚀"])
def test_odd_texts_survive(ask: Caller, text: str) -> None:
    """Control characters and lone surrogates come back as they were sent, in ASCII."""
    made = ask("POST", "/topics", {"name": text})["data"]

    assert made["name"] == ask.get(f"/topics/{made['id']}")["data"]["name"] == text
    assert ask.reply.body.isascii()


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("429", 429, "rate_limit_exceeded"), ("500", 500, "internal_error"), ("tier", 403, "tier_limit_exceeded")],
)
def test_faults_that_refuse(ask: Caller, name: str, status: int, code: str) -> None:
    """These faults refuse until they are switched off, and a refused write is not done."""
    ask.service.fault(name)
    refusals = [ask.refusal("GET", "/sessions"), ask.refusal("POST", "/topics", {"name": "x"})]
    retry_after = ask.reply.headers.get("Retry-After")
    ask.service.fault("off")

    assert refusals == [(status, code)] * 2
    assert retry_after == ("2" if name == "429" else None)
    assert "x-ratelimit-remaining" in ask.reply.headers
    assert len(ask.get("/topics")["data"]) == 9


NOT_HEDY = ("gateway", "maintenance")


@pytest.mark.parametrize("name", NOT_HEDY)
@pytest.mark.parametrize(
    ("method", "pattern"), [("GET", "/docs"), ("GET", "/nothing"), *((route.method, route.pattern) for route in ROUTES)]
)
def test_faults_in_which_hedy_does_not_answer(ask: Caller, name: str, method: str, pattern: str) -> None:
    """Something else answers every request: no envelope, no record, nothing counted, nothing done.

    Then all is as before.
    """
    known = paths(ask)
    before = [ask.get(path) for path in ("/topics", "/contexts", "/webhooks")]
    left = ask.limits(**KEYED)[1]["remaining"]
    ask.service.fault(name)
    answers = [
        ask.service.answer(
            method, base + known.get(pattern, pattern), headers, json.dumps(BODIES.get(pattern)).encode()
        )
        for base in ("", "/v1")
        for headers in (KEYED, {})
    ]
    ask.service.fault("off")

    if name == "gateway":
        assert {(reply.status, reply.headers["Content-Type"]) for reply in answers} == {
            (404, "text/html; charset=utf-8")
        }
        assert all(b"<html" in reply.body and b"Cannot" not in reply.body for reply in answers)
    else:
        assert {(reply.status, reply.headers["Content-Type"]) for reply in answers} == {
            (200, "application/json; charset=utf-8")
        }
        assert all(json.loads(reply.body) == {"status": "maintenance"} for reply in answers)
    assert not any(name.startswith("x-ratelimit") for reply in answers for name in reply.headers)
    assert int(ask.limits(**KEYED)[1]["remaining"]) == int(left) - 1
    assert [ask.get(path) for path in ("/topics", "/contexts", "/webhooks")] == before


@pytest.mark.parametrize("name", NOT_HEDY)
def test_faults_in_which_hedy_does_not_answer_can_be_counted(ask: Caller, name: str) -> None:
    """With a number they end by themselves, and a reset ends them too."""
    ask.service.fault(name, times=2)
    bodies = [ask.service.answer("GET", "/me", KEYED, b"").body for _ in range(3)]
    ask.service.fault(name)
    ask.service.reset()

    assert bodies[0] == bodies[1] != bodies[2]
    assert set(json.loads(bodies[2])) == {"id", "email", "name"}
    assert set(ask.get("/me")) == {"id", "email", "name"}


def test_the_tier_fault_spares_me(ask: Caller) -> None:
    """A free account can still see who it is."""
    ask.service.fault("tier")

    ask.get("/v1/me")

    assert ask.reply.status == 200


def test_the_timeout_fault_does_nothing(ask: Caller) -> None:
    """No answer, and nothing was done."""
    ask.service.fault("timeout", times=1)

    with pytest.raises(TimeoutError):
        ask("POST", "/topics", {"name": "x"})

    assert len(ask.get("/topics")["data"]) == 9


def test_the_drop_fault_loses_the_answer(ask: Caller) -> None:
    """A write is done and its answer lost; reading is not touched and does not use the fault up."""
    ask.service.fault("drop", times=1)
    before = len(ask.get("/topics")["data"])

    with pytest.raises(ConnectionResetError):
        ask("POST", "/topics", {"name": "x"})

    assert len(ask.get("/topics")["data"]) == before + 1
    ask("POST", "/topics", {"name": "y"})
    assert ask.reply.status == 201


def test_the_deletion_limit_fault_leaves_half(ask: Caller) -> None:
    """A part of the sessions is unlinked and the topic stays, marked as failed."""
    ask.service.fault("deletion_limit")
    topic = ask.get("/topics")["data"][0]
    refusal = ask.refusal("DELETE", f"/topics/{topic['id']}")
    left = ask.get(f"/topics/{topic['id']}")["data"]

    assert refusal == (400, "deletion_limit_exceeded")
    assert 0 < left["sessionCount"] < topic["sessionCount"]
    assert left["state"] == "deletion_failed"


def test_the_deletion_in_progress_fault(ask: Caller) -> None:
    """Deleting a topic is 409, everything else works."""
    ask.service.fault("deletion_in_progress")
    topic, context = ask.first("/topics"), ask.first("/contexts")

    assert ask.refusal("DELETE", f"/topics/{topic}") == (409, "deletion_in_progress")
    assert ask("DELETE", f"/contexts/{context}")["success"]
    assert ask.get(f"/topics/{topic}")["success"]


def test_the_slow_fault_asks_for_a_delay(ask: Caller) -> None:
    """The reply names a second of waiting; the service itself does not wait."""
    ask.get("/me")
    usual = ask.reply.delay_s
    ask.service.fault("slow")
    ask.get("/me")

    assert (usual, ask.reply.delay_s) == (0.0, 1.0)


def test_a_fault_can_be_counted(ask: Caller) -> None:
    """With a number the fault ends by itself."""
    ask.service.fault("500", times=2)

    statuses = []
    for _ in range(3):
        ask.get("/me")
        statuses.append(ask.reply.status)

    assert statuses == [500, 500, 200]


def test_unknown_faults_are_named(ask: Caller) -> None:
    """A mistyped fault is a ValueError that lists the known ones."""
    with pytest.raises(ValueError, match=r"Unknown fault 'sloow'.*429.*slow") as caught:
        ask.service.fault("sloow")

    assert all(name in str(caught.value) for name in FAULTS)


def test_reset_starts_over(ask: Caller) -> None:
    """After a reset the data are fresh, the fault is off and nothing is counted."""
    fresh = ask.get("/topics")
    ask("DELETE", f"/topics/{fresh['data'][0]['id']}")
    ask("PATCH", f"/topics/{fresh['data'][1]['id']}", {"name": "Other"})
    for _ in range(200):
        ask.get("/me")
    ask.service.fault("500")

    ask.service.reset()

    assert ask.get("/topics") == fresh


def test_two_services_share_nothing(ask: Caller) -> None:
    """Services do not share their state."""
    other = Caller()
    ask("DELETE", f"/contexts/{ask.first('/contexts')}")
    ask("DELETE", f"/webhooks/{ask.first('/webhooks')}")

    assert len(other.get("/contexts")["data"]) == 4
    assert len(other.get("/webhooks")["data"]) == 2


def test_a_key_of_one_s_own() -> None:
    """A service can have another key than the demo's."""
    service = Service(today=TODAY, key="hedy_live_other")

    assert service.answer("GET", "/me", {"AUTHORIZATION": "bearer hedy_live_other"}, b"").status == 200
    assert service.answer("GET", "/me", {"AUTHORIZATION": f"Bearer {DEMO_KEY}"}, b"").status == 401


def test_the_year_ends_today_by_default() -> None:
    """Without a day the newest meeting was yesterday."""
    service = Service()
    reply = service.answer("GET", "/sessions?limit=1", {"Authorization": f"Bearer {service.key}"}, b"")
    newest = datetime.datetime.fromisoformat(json.loads(reply.body)["data"][0]["startTime"])

    assert datetime.timedelta(0) < datetime.datetime.now(datetime.UTC) - newest < datetime.timedelta(days=2)
