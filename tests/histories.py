"""A Hedy with a long history, which tests of the archive change between two syncs; it keeps its requests."""

from __future__ import annotations

import copy
import json
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from hedy_jupyter import Hedy, connect
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.archive import location
from hedy_jupyter.archive.store import Store
from tests.conftest import KEY
from tests.waiting import without_waits

Record = dict[str, Any]
PAGE = 100
HTML = "<html><body><h1>Not here</h1></body></html>"
NOT_ANSWERS: dict[str, tuple[int, object]] = {
    "html 404": (404, HTML),
    "html 400": (400, HTML),
    "html 408": (408, HTML),
    "html 410": (410, HTML),
    "html 502": (502, HTML),
    "empty 404": (404, ""),
    "gateway's own json": (404, {"message": "Not Found"}),
    "json with a number as code": (404, {"status": "Failure", "code": 404, "message": "not_found"}),
    "error as a word": (404, {"statusCode": 404, "error": "Not Found", "message": "Cannot GET"}),
    "hedy's 400": (400, {"success": False, "error": {"code": "validation_error", "message": "Bad id"}}),
    "hedy's 404 of another kind": (
        404,
        {"success": False, "error": {"code": "todo_not_found", "message": "No such todo"}},
    ),
    "hedy's 404 with an unknown code": (404, {"success": False, "error": {"code": "route_unknown", "message": "?"}}),
    "hedy's 409": (409, {"success": False, "error": {"code": "deletion_in_progress", "message": "Busy"}}),
    "hedy's 500": (500, {"success": False, "error": {"code": "internal_error", "message": "Oops"}}),
    "html 200": (200, HTML),
    "maintenance": (200, {"status": "maintenance"}),
    "empty object": (200, {}),
    "another record": (
        200,
        {"sessionId": "sess_other", "highlightId": "high_other", "id": "other", "title": "Another"},
    ),
    "record without an id": (200, {"title": "Meeting", "recap": ""}),
    "list": (200, []),
    "null": (200, None),
    "text": (200, "ok"),
}
"""What is no word of Hedy's that something is gone: name → status, and a page or JSON."""


def answer(status: int, body: object) -> httpx.Response:
    """An answer of JSON, or of HTML where *body* is a page."""
    if body in (HTML, ""):
        return httpx.Response(status, html=str(body))
    return httpx.Response(status, content=json.dumps(body), headers={"Content-Type": "application/json"})


def iso(moment: datetime) -> str:
    """A time as the API writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class History:
    """An account with *sessions* meetings, a day apart, the newest *youngest_days* old.

    Each has a text, a highlight and a todo.

    Attributes:
        details: session id → the full record, newest first. The lists are made from it.
        cap: how many sessions the list leads to; None is all of them.
        hidden: sessions that no list, todo or highlight leads to, although they are there.
        totals: whether lists, and topics, say how many there are.
        faults: pattern of a path (``/sessions/*``) → what answers in its place: status and body, or a function of the
            path.
        asked: the paths of all requests, in order.
        before: called with the number of the request before each answer; what it raises is the answer.
    """

    def __init__(self, sessions: int, *, youngest_days: int = 20, account: str = "uid_1") -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        self.account = account
        self.details = dict(
            self.session(number, now - timedelta(days=youngest_days + number)) for number in range(sessions)
        )
        self.topics: list[Record] = [{"id": "topic_a", "name": "Alpha"}, {"id": "topic_b", "name": "Beta"}]
        self.contexts: list[Record] = [{"id": "ctx_1", "title": "Default", "content": "x", "isDefault": True}]
        self.cap: int | None = None
        self.hidden: set[str] = set()
        self.totals = True
        self.faults: dict[str, tuple[int, object] | Callable[[str], httpx.Response]] = {}
        self.asked: list[str] = []
        self.before: Callable[[int], None] = lambda _: None

    @staticmethod
    def session(number: int, start: datetime) -> tuple[str, Record]:
        ident = f"sess_{number:06}"
        return ident, {
            "sessionId": ident,
            "title": f"Meeting {number}",
            "startTime": iso(start),
            "endTime": iso(start + timedelta(minutes=30)),
            "duration": 30,
            "session_type": "meeting",
            "topic": {"id": "topic_a", "name": "Alpha"} if number % 2 else None,
            "recap": f"Recap of number{number}.",
            "meeting_minutes": f"## Decisions\n- Keep number{number}",
            "transcript": f"so we talk about number{number} and the harbour",
            "cleaned_transcript": f"So we talk about number{number} and the harbour.",
            "cleaned_at": iso(start + timedelta(hours=1)),
            "highlights": [
                {
                    "highlightId": f"high_{number:06}",
                    "timestamp": iso(start),
                    "title": f"Idea {number}",
                    "rawQuote": "a lamp",
                }
            ],
            "user_todos": [
                {"id": f"todo_{number:06}", "text": f"Do thing {number}", "dueDate": "Tomorrow", "completed": False}
            ],
            "unheard_of": {"kept": [number]},
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The answer to *request*."""
        self.asked.append(request.url.path)
        self.before(len(self.asked))
        fault = next((fault for pattern, fault in self.faults.items() if fnmatchcase(request.url.path, pattern)), None)
        if fault is not None:
            return fault(request.url.path) if callable(fault) else answer(*fault)
        return self.reply(request.url.path.strip("/").split("/"), dict(request.url.params))

    def reply(self, steps: list[str], query: dict[str, str]) -> httpx.Response:
        match steps:
            case ["me"]:
                return _ok({"id": self.account, "email": "a@example.com", "name": "A"})
            case ["sessions"]:
                return self._page([self.listed(one) for one in self._named.values()][: self.cap], query, "sessionId")
            case ["sessions", ident]:
                return _ok(self.details[ident]) if ident in self.details else _missing("session_not_found")
            case ["sessions", ident, "todos", todo]:
                rows = self.details[ident]["user_todos"] if ident in self.details else []
                found = [{**one, "sessionId": ident} for one in rows if one["id"] == todo]
                return _ok(found[0]) if found else _missing("todo_not_found")
            case ["highlights"]:
                return self._page(
                    [self.highlight(one) for one in self._named.values() if one["highlights"]], query, "highlightId"
                )
            case ["highlights", ident]:
                found = [
                    one
                    for record in self.details.values()
                    for one in record["highlights"]
                    if one["highlightId"] == ident
                ]
                return _ok(found[0]) if found else _missing("highlight_not_found")
            case ["todos"]:
                return _ok([{**one, "sessionId": key} for key, s in self._named.items() for one in s["user_todos"]])
            case ["topics"]:
                return _ok({"success": True, "data": [self._counted(topic) for topic in self.topics]})
            case ["topics", ident, "sessions"]:
                found = [self.listed(one) for one in self._named.values() if (one["topic"] or {}).get("id") == ident]
                after = query.get("startAfter")
                start = next((place + 1 for place, one in enumerate(found) if one["sessionId"] == after), 0)
                page = found[start : start + PAGE]
                more = start + PAGE < len(found)
                cursor = {"count": len(page), "hasMore": more, "nextCursor": page[-1]["sessionId"] if more else None}
                return _ok({"success": True, "data": {"sessions": page, "pagination": cursor}})
            case ["contexts"]:
                return _ok({"success": True, "data": self.contexts})
            case ["topics" | "contexts" as kind, ident]:
                found = [one for one in (self.topics if kind == "topics" else self.contexts) if one["id"] == ident]
                return _ok(found[0]) if found else _missing(f"{kind[:-1]}_not_found")
            case ["webhooks"]:
                return _ok({"success": True, "data": []})
        return _missing("not_found")

    def _counted(self, topic: Record) -> Record:
        if not self.totals:
            return topic
        linked = [one for one in self._named.values() if (one["topic"] or {}).get("id") == topic["id"]]
        return {"sessionCount": len(linked), **topic}

    @staticmethod
    def listed(record: Record) -> Record:
        return {name: record[name] for name in ("sessionId", "title", "startTime", "duration", "session_type", "topic")}

    @staticmethod
    def highlight(record: Record) -> Record:
        one = record["highlights"][0]
        return {name: one[name] for name in ("highlightId", "timestamp", "title")} | {"sessionId": record["sessionId"]}

    def _page(self, rows: list[Record], query: dict[str, str], key: str) -> httpx.Response:
        start = next((place + 1 for place, row in enumerate(rows) if row[key] == query.get("after")), 0)
        size = int(query.get("limit", 50))
        page, more = rows[start : start + size], start + size < len(rows)
        pagination: Record = {"hasMore": more, "next": page[-1][key] if more else None}
        if self.totals:
            pagination["total"] = len(self._named) if key == "sessionId" else len(rows)
        return _ok({"success": True, "data": page, "pagination": pagination})

    def lose(self, *idents: str) -> None:
        """Delete sessions, with what belongs to them."""
        for ident in idents:
            del self.details[ident]

    @property
    def _named(self) -> dict[str, Record]:
        return {ident: record for ident, record in self.details.items() if ident not in self.hidden}

    @property
    def fetched(self) -> Counter[str]:
        """How often each session's details were asked for."""
        return Counter(path.removeprefix("/sessions/") for path in self.asked if path.startswith("/sessions/"))

    def account_of(self, via: Callable[[httpx.Request], httpx.Response] | None = None, **settings: Any) -> Hedy:
        """An account on it that never really waits; *via* may answer in its place."""
        hedy = connect(api_key=KEY, transport=httpx.MockTransport(via or self), timezone="UTC", **settings)
        return without_waits(hedy, RateLimiter(limit=1_000_000))


class Synced:
    """A history and the archive of its first sync, made once; each test gets a copy of both."""

    def __init__(self, history: History, **options: bool) -> None:
        with history.account_of() as hedy:
            hedy.archive.sync(**options)
            folder = hedy.archive.path.parent
        history.asked.clear()
        self._history = history
        self._files = {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".lock"}

    def copied(self) -> History:
        """A copy of the history, whose accounts find their archive in the home folder of now."""
        location.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in self._files.items():
            file = location.folder() / name
            file.write_bytes(content)
            file.chmod(0o600)
        return copy.deepcopy(self._history)


@cache
def _empty_archive() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.sqlite"
        Store.open(file, create=True).close()
        return file.read_bytes()


def new_archive(path: Path, **how: Any) -> Store:
    """An empty archive at *path*, opened with *how*: a copy of one, which takes a tenth of the time of a new one."""
    path.touch(mode=0o600)
    path.write_bytes(_empty_archive())
    return Store.open(path, **how)


def _ok(value: object) -> httpx.Response:
    return httpx.Response(200, content=json.dumps(value))  # escapes lone surrogates, which httpx's own way would refuse


def _missing(code: str) -> httpx.Response:
    return httpx.Response(404, json={"success": False, "error": {"code": code, "message": "There is no such thing."}})
