"""``Service``: the demo's model of the Hedy API in memory: it turns a request into a response, without sockets.

It is built from the API notes, the help-centre article and the agent skill alone, so that a mistake of the client is
not repeated here.
"""

from __future__ import annotations

import datetime
import html
import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote

from hedy_jupyter.demo_server.account import build, instant
from hedy_jupyter.demo_server.endpoints import ROUTES, ParsedRequest, Result, Route, State
from hedy_jupyter.demo_server.openapi import openapi
from hedy_jupyter.demo_server.rate_limit import FixedWindow, Limiter
from hedy_jupyter.demo_server.validation import Refusal

DEMO_KEY = "hedy_live_demo_0000000000"
REQUESTS_A_MINUTE = 200
NEW_WEBHOOKS_A_MINUTE = 5
SLOW_S = 1.0
_URL_CHARACTERS = "%/:?#[]@!$&'()*+,;=~"


class Response(NamedTuple):
    """What to send back, after ``delay_s`` seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay_s: float = 0.0


class _Match(NamedTuple):
    """The routes of a path, one for each method, and the ids in it."""

    pattern: str
    routes: dict[str, Route]
    ids: tuple[str, ...]


def _always(_method: str, _pattern: str) -> bool:
    return True


def _topic_deletion(method: str, pattern: str) -> bool:
    return (method, pattern) == ("DELETE", "/topics/{topicId}")


# Which requests a fault affects.
_AFFECTS: dict[str, Callable[[str, str], bool]] = {
    "429": _always,
    "500": _always,
    "timeout": _always,
    "drop": lambda method, _pattern: method != "GET",
    "tier": lambda _method, pattern: pattern != "/me",
    "deletion_limit": _topic_deletion,
    "deletion_in_progress": _topic_deletion,
    "slow": _always,
    "gateway": _always,
    "maintenance": _always,
}
FAULTS = tuple(_AFFECTS)
# The faults that refuse a request outright: status, code, message, headers.
_REFUSED: dict[str | None, tuple[int, str, str, dict[str, str]]] = {
    "429": (
        429,
        "rate_limit_exceeded",
        "Rate limit exceeded: bucket uid_demo00000001/rest is empty",
        {"Retry-After": "2"},
    ),
    "500": (500, "internal_error", "TypeError: Cannot read properties of undefined (reading 'docs') at shard 7", {}),
    "tier": (403, "tier_limit_exceeded", "This feature requires a Hedy Pro subscription", {}),
    "deletion_in_progress": (409, "deletion_in_progress", "Another deletion of this topic is already running", {}),
}


class Service:
    """The demo account behind the API; safe to call from several threads.

    Args:
        today: the day that the invented year ends on, by default the current day in UTC.
        clock: returns seconds that only grow, for the rate limits and the times of changes.
        wall: returns the Unix time, for ``x-ratelimit-reset``.
        key: the API key of the account.
        requests_a_minute: the limit of each key, named in the headers ``x-ratelimit-…`` of every answer; None is no
            limit and no such headers.

    It never sleeps.
    """

    def __init__(
        self,
        *,
        today: datetime.date | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        key: str = DEMO_KEY,
        requests_a_minute: int | None = REQUESTS_A_MINUTE,
    ) -> None:
        self.key = key
        self.requests_a_minute = requests_a_minute
        self._today = today
        self._clock = clock
        self._wall = wall
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
            self._requests = Limiter(self.requests_a_minute, clock=self._clock, wall=self._wall)
            self._new_webhooks = FixedWindow(NEW_WEBHOOKS_A_MINUTE, clock=self._clock, wall=self._wall)
            self._state = State(
                build(begun.date()),
                now=lambda: instant(begun + datetime.timedelta(seconds=self._clock() - begun_s)),
                count_new_webhook=self._count_new_webhook,
            )

    def _count_new_webhook(self) -> None:
        if not self._new_webhooks.take():
            raise _too_many(NEW_WEBHOOKS_A_MINUTE)

    def fault(self, name: str | None, times: int | None = None) -> None:
        """Let requests fail as *name* says, *times* times or until ``None`` or ``"off"``.

        Raises:
            ValueError: there is no such fault.
        """
        if name not in (None, "off", *FAULTS):
            raise ValueError(f"Unknown fault {name!r}. The faults are: {', '.join(FAULTS)}, off")
        with self._lock:
            self._fault = None if name == "off" else name
            self._fault_left = times

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Return the response to one request.

        Args:
            method: in capitals.
            path: the request target as sent.
            headers: their names may be in any case.
            body: as sent.

        Raises:
            TimeoutError: fault ``timeout``; nothing was changed.
            ConnectionResetError: fault ``drop``; the request was carried out and its response is lost.
        """
        target, _, query = path.partition("?")
        segments = _segments(target)
        match = _match(segments)
        given = next((value for name, value in headers.items() if name.lower() == "authorization"), "").strip()
        with self._lock:
            fault = self._next_fault(method, match.pattern)
            if fault == "timeout":
                raise TimeoutError("the demo's fault: no answer comes")
            if fault in _NOT_HEDY:
                return _NOT_HEDY[fault]
            admitted, limits = self._requests.take(given.rpartition(" ")[2])
            if not admitted:
                response = refused(_too_many(self.requests_a_minute))
            elif (method, segments) == ("GET", ["docs"]):
                response = _json_response(Result(openapi()))
            elif not match.routes and fault not in _REFUSED:
                response = _no_route(method, target)
            else:
                response = self._respond(method, match, given, ParsedRequest(match.ids, _query(query), body, fault))
        if fault == "drop":
            raise ConnectionResetError("the demo's fault: done, but the answer is lost")
        return response._replace(headers=response.headers | limits, delay_s=SLOW_S if fault == "slow" else 0.0)

    def _next_fault(self, method: str, pattern: str) -> str | None:
        if self._fault is None or self._fault_left == 0 or not _AFFECTS[self._fault](method, pattern):
            return None
        if self._fault_left is not None:
            self._fault_left -= 1
        return self._fault

    def _respond(self, method: str, match: _Match, given: str, request: ParsedRequest) -> Response:
        try:
            self._check_key(given)
            if request.fault in _REFUSED:
                raise Refusal(*_REFUSED[request.fault])
            return _json_response(_route_of(method, match).answer(self._state, request))
        except Refusal as refusal:
            return refused(refusal)

    def _check_key(self, given: str) -> None:
        """Check the value of the Authorization header."""
        if not given:
            raise Refusal(401, "missing_api_key", "The Authorization header is missing")
        scheme, _, key = given.partition(" ")
        if scheme.lower() != "bearer" or key.strip() != self.key:
            raise Refusal(401, "invalid_api_key", "The API key is not known")


def refused(refusal: Refusal) -> Response:
    """Return a refusal in the error envelope."""
    envelope = {"success": False, "error": {"code": refusal.code, "message": refusal.message}}
    return _json_response(Result(envelope, refusal.status), refusal.headers)


def _too_many(size: int | None) -> Refusal:
    """Return a 429; Hedy sends no Retry-After, but says in ``x-ratelimit-reset`` when the minute ends."""
    return Refusal(429, "rate_limit_exceeded", f"Too many requests: {size} per minute")


def _page(status: int, title: str, line: str) -> Response:
    """Return an HTML page of one line; its texts are escaped already."""
    head = f'<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>'
    text = f'<!DOCTYPE html>\n<html lang="en">\n{head}\n<body>\n{line}\n</body>\n</html>\n'
    return Response(status, {"Content-Type": "text/html; charset=utf-8"}, text.encode("ascii", "xmlcharrefreplace"))


def _no_route(method: str, target: str) -> Response:
    """Return the page of an unknown route, as the web framework of the live API writes it."""
    named = html.escape(f"Cannot {method} {quote(target.encode('utf-8', 'replace'), safe=_URL_CHARACTERS)}")
    return _page(404, "Error", f"<pre>{named}</pre>")


def _json_response(result: Result, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON in ASCII, so that lone surrogates and control characters survive as escapes."""
    body = json.dumps(result.value, separators=(",", ":")).encode("ascii")
    return Response(result.status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body)


def _segments(target: str) -> list[str]:
    """Return the decoded parts of a path, without ``/v1``."""
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


def _route_of(method: str, match: _Match) -> Route:
    if method not in match.routes:
        allowed = ", ".join(match.routes)
        raise Refusal(405, "method_not_allowed", f"This endpoint answers to {allowed}", {"Allow": allowed})
    return match.routes[method]


# The faults in which another server answers instead of Hedy: nothing is counted, checked or changed.
_NOT_HEDY: dict[str | None, Response] = {
    "gateway": _page(404, "404 Not Found", "<h1>404 Not Found</h1>\n<hr>gateway"),
    "maintenance": _json_response(Result({"status": "maintenance"})),
}
