"""A small Hedy in memory: takes a request, gives a reply, and knows nothing of sockets.

Built from the API notes, the help-centre article and the agent skill alone, so a mistake of the client cannot also be here.
"""

from __future__ import annotations

import datetime
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from hedy_jupyter.demo.checks import Refusal
from hedy_jupyter.demo.data import build, instant
from hedy_jupyter.demo.docs import openapi
from hedy_jupyter.demo.endpoints import ROUTES, Call, Result, Route, State

DEMO_KEY = "hedy_live_demo_0000000000"
REQUESTS_A_MINUTE = 200
NEW_WEBHOOKS_A_MINUTE = 5
WINDOW_S = 60.0
SLOW_S = 1.0


class Reply(NamedTuple):
    """What to send back; the carrier waits ``delay_s`` before it does."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay_s: float = 0.0


class _Match(NamedTuple):
    """What a path leads to: the routes of its pattern, one a method, and the values in it."""

    pattern: str
    routes: dict[str, Route]
    ids: tuple[str, ...]


def _always(_method: str, _pattern: str) -> bool:
    return True


def _topic_deletion(method: str, pattern: str) -> bool:
    return (method, pattern) == ("DELETE", "/topics/{topicId}")


# Which requests a fault touches.
_TOUCHES: dict[str, Callable[[str, str], bool]] = {
    "429": _always,
    "500": _always,
    "timeout": _always,
    "drop": lambda method, _pattern: method != "GET",
    "tier": lambda _method, pattern: pattern != "/me",
    "deletion_limit": _topic_deletion,
    "deletion_in_progress": _topic_deletion,
    "slow": _always,
}
FAULTS = tuple(_TOUCHES)
# The faults that refuse a request outright: status, code, message, headers.
_REFUSED: dict[str | None, tuple[int, str, str, dict[str, str]]] = {
    "429": (429, "rate_limit_exceeded", "Rate limit exceeded: bucket uid_demo00000001/rest is empty", {"Retry-After": "2"}),
    "500": (500, "internal_error", "TypeError: Cannot read properties of undefined (reading 'docs') at shard 7", {}),
    "tier": (403, "tier_limit_exceeded", "This feature requires a Hedy Pro subscription", {}),
    "deletion_in_progress": (409, "deletion_in_progress", "Another deletion of this topic is already running", {}),
}


class _Window:
    """Counts what happened in the last minute."""

    def __init__(self, size: int, clock: Callable[[], float]) -> None:
        self._size = size
        self._clock = clock
        self._taken: deque[float] = deque()

    def take(self) -> None:
        """Take a place, or refuse with 429."""
        now_s = self._clock()
        while self._taken and now_s - self._taken[0] >= WINDOW_S:
            self._taken.popleft()
        if len(self._taken) >= self._size:
            raise Refusal(429, "rate_limit_exceeded", f"Too many requests: {self._size} per minute")
        self._taken.append(now_s)


class Service:
    """The demo account behind the API; safe to call from several threads.

    ``today`` is the day that the invented year ends on, by default the current day in UTC. ``clock`` gives seconds and
    decides about the rate limits and the times of what is written. Nothing here ever sleeps.
    """

    def __init__(self, *, today: datetime.date | None = None, clock: Callable[[], float] = time.monotonic, key: str = DEMO_KEY) -> None:
        self.key = key
        self._today = today
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Start over: fresh data, no fault, no request counted."""
        with self._lock:
            begun = datetime.datetime.now(datetime.UTC)
            if self._today:
                begun = datetime.datetime.combine(self._today, datetime.time(), datetime.UTC)
            begun_s = self._clock()
            self._fault: str | None = None
            self._fault_left: int | None = None
            self._requests = _Window(REQUESTS_A_MINUTE, self._clock)
            self._state = State(
                build(begun.date()),
                now=lambda: instant(begun + datetime.timedelta(seconds=self._clock() - begun_s)),
                take_webhook_place=_Window(NEW_WEBHOOKS_A_MINUTE, self._clock).take,
            )

    def fault(self, name: str | None, times: int | None = None) -> None:
        """Let requests go wrong as *name* says, *times* times or until ``None`` or ``"off"``; ``ValueError`` for another name."""
        if name not in (None, "off", *FAULTS):
            raise ValueError(f"unknown fault {name!r}; known are: {', '.join(FAULTS)}, off")
        with self._lock:
            self._fault = None if name == "off" else name
            self._fault_left = times

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The reply to one request; *path* is the request target as it was sent, names of *headers* may be in any case.

        Raises ``TimeoutError`` (fault ``timeout``: nothing was done) and ``ConnectionResetError`` (fault ``drop``: it was
        done, the answer is lost).
        """
        target, _, query = path.partition("?")
        segments = _segments(target)
        match = _match(segments)
        with self._lock:
            fault = self._next_fault(method, match.pattern)
            if fault == "timeout":
                raise TimeoutError("the demo's fault: no answer comes")
            if (method, segments) == ("GET", ["docs"]):
                reply = _reply(Result(openapi()))
            else:
                reply = self._guarded(method, match, headers, Call(match.ids, _query(query), body, fault))
        if fault == "drop":
            raise ConnectionResetError("the demo's fault: done, but the answer is lost")
        return reply._replace(delay_s=SLOW_S) if fault == "slow" else reply

    def _next_fault(self, method: str, pattern: str) -> str | None:
        if self._fault is None or self._fault_left == 0 or not _TOUCHES[self._fault](method, pattern):
            return None
        if self._fault_left is not None:
            self._fault_left -= 1
        return self._fault

    def _guarded(self, method: str, match: _Match, headers: Mapping[str, str], call: Call) -> Reply:
        try:
            self._admit(headers)
            if call.fault in _REFUSED:
                raise Refusal(*_REFUSED[call.fault])
            return _reply(_chosen(method, match).answer(self._state, call))
        except Refusal as refusal:
            return refused(refusal)

    def _admit(self, headers: Mapping[str, str]) -> None:
        given = next((value for name, value in headers.items() if name.lower() == "authorization"), "").strip()
        if not given:
            raise Refusal(401, "missing_api_key", "The Authorization header is missing")
        scheme, _, key = given.partition(" ")
        if scheme.lower() != "bearer" or key.strip() != self.key:
            raise Refusal(401, "invalid_api_key", "The API key is not known")
        self._requests.take()


def refused(refusal: Refusal) -> Reply:
    """A refusal in the error envelope."""
    envelope = {"success": False, "error": {"code": refusal.code, "message": refusal.message}}
    return _reply(Result(envelope, refusal.status), refusal.headers)


def _reply(result: Result, headers: Mapping[str, str] | None = None) -> Reply:
    """JSON in ASCII, so that lone surrogates and control characters survive as escapes."""
    body = json.dumps(result.value, separators=(",", ":")).encode("ascii")
    return Reply(result.status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body)


def _segments(target: str) -> list[str]:
    """The decoded parts of a path, without ``/v1``."""
    parts = [unquote(part) for part in target.removeprefix("/").split("/")]
    return parts[1:] if parts[0] == "v1" else parts


def _query(text: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


def _match(segments: list[str]) -> _Match:
    for pattern in dict.fromkeys(route.pattern for route in ROUTES):
        parts = pattern.removeprefix("/").split("/")
        pairs = list(zip(parts, segments, strict=False))
        if len(parts) == len(segments) and all(part.startswith("{") or part == given for part, given in pairs):
            ids = tuple(given for part, given in pairs if part.startswith("{"))
            return _Match(pattern, {route.method: route for route in ROUTES if route.pattern == pattern}, ids)
    return _Match("", {}, ())


def _chosen(method: str, match: _Match) -> Route:
    if not match.routes:
        raise Refusal(404, "not_found", "There is no such endpoint")
    if method not in match.routes:
        allowed = ", ".join(match.routes)
        raise Refusal(405, "method_not_allowed", f"This endpoint answers to {allowed}", {"Allow": allowed})
    return match.routes[method]
