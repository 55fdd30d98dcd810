"""Sends requests to Hedy, at the pace and with the retry rule of the API. The only user of httpx.

Only GET leaves this module, and what a ``Confirmed`` change says. The key is added by ``_Auth`` as the request goes out and is in
no other object.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from hedy_jupyter import errors
from hedy_jupyter.api import protocol
from hedy_jupyter.changes import Confirmed
from hedy_jupyter.errors import HedyError
from hedy_jupyter.settings import Secret, is_hedy_host, is_loopback

if TYPE_CHECKING:
    import ssl

    from hedy_jupyter.api.pace import Pace

IN_FLIGHT = 8
"""Requests at a time: more adds nothing under 200 a minute, and slows the async client down."""
TIMEOUT = httpx.Timeout(60.0, connect=10.0, pool=None)
LOG_LENGTH = 10_000
_TELL_WAIT_S = 1.0


@dataclass(frozen=True)
class Notice:
    """A wait that the user should see while it happens.

    Attributes:
        text: one line: why, and for how long.
        kind: what it is about; a second notice of one kind says nothing new before the first has run out.
        wait_s: how long it holds, in seconds.
    """

    text: str
    kind: str
    wait_s: float


@dataclass(frozen=True)
class Sent:
    """One request has been answered."""


@dataclass(frozen=True)
class Planned:
    """This many requests are to come, and the time the limit makes them take, in seconds."""

    requests: int
    seconds: float


Event = Notice | Sent | Planned
Emit = Callable[[Event], None]


@dataclass(frozen=True)
class Logged:
    """One request that was made.

    Attributes:
        time: when it started, UTC.
        path: without its query.
        status: None where no answer came.
        ms: milliseconds from start to the last byte.
        bytes: of the body, as it came over the wire.
    """

    time: datetime
    method: str
    path: str
    status: int | None
    ms: float
    bytes: int


Check = Callable[[object], object]
"""Raises a HedyError where an answer is not of the shape that it should be."""


def anything(value: object) -> object:
    """The check that lets every answer through."""
    return value


Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers, body."""


class Client:
    """One account's way to the API. All methods run on the loop of ``api.bridge``.

    Args:
        base_url: with or without ``/v1`` at its end.
        transport: an async httpx transport to send through; it is used, not owned, and so not closed.
    """

    def __init__(
        self,
        base_url: str,
        key: Secret,
        pace: Pace,
        webhook_pace: Pace | None = None,
        *,
        user_agent: str,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if transport is not None and not hasattr(transport, "handle_async_request"):
            raise errors.UsageError(
                "transport= takes an async httpx transport.", advice="httpx.MockTransport and httpx.AsyncHTTPTransport serve."
            )
        self.pace = pace
        self.webhook_pace = webhook_pace or pace
        self.log: deque[Logged] = deque(maxlen=LOG_LENGTH)
        self._base_url = base_url
        self._auth = _Auth(key)
        self._user_agent = user_agent
        self._transport = transport
        self._sleep = sleep
        self._http: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def get(self, path: str, params: Mapping[str, str], emit: Emit, *, check: Check = anything, retry: bool = True) -> object:
        """The JSON that a GET below the base URL answers with.

        Raises:
            UsageError: the path or a parameter holds what looks like an API key; addresses end up in logs.
            HedyError: whatever came instead, after the one retry that ``protocol.wait_before_retry_s`` allows.
        """
        if any(map(errors.KEY_LIKE.search, (path, *params, *params.values()))):
            raise errors.UsageError(
                "The request holds what looks like an API key; nothing was sent.", advice="Give an id or a name instead."
            )
        for attempt in itertools.count(1):
            headers: Mapping[str, str] = {}
            try:
                status, headers, body = await self._send("GET", path, emit, params=params)
                value = protocol.decode(status, body)
                check(value)
            except HedyError as error:
                wait_s = protocol.wait_before_retry_s(error, attempt, protocol.retry_after_s(headers.get("retry-after")))
                if wait_s is None or not retry:
                    emit(Sent())
                    raise
                await self._wait(error, wait_s, emit)
            else:
                emit(Sent())
                return value
        raise AssertionError("a request ends with a value or an error")

    async def send(self, confirmed: Confirmed, emit: Emit, leaves: Callable[[], None]) -> object:
        """The JSON that a confirmed change is answered with. It is sent once, whatever comes.

        *leaves* is called when every wait for a place is over and the request goes out.

        Raises:
            HedyError: what came instead; after an ``Offline`` whose ``sent`` is true it may have been done all the same.
        """
        if not isinstance(confirmed, Confirmed):
            raise TypeError("only a confirmed change is sent")
        change = confirmed.change
        async with AsyncExitStack() as places:
            if (change.method, change.path) == ("POST", "/webhooks"):
                await places.enter_async_context(self._place(self.webhook_pace, emit))
            status, headers, body = await self._send(change.method, change.path, emit, leaves, json=change.body or None)
        emit(Sent())
        if status == HTTPStatus.TOO_MANY_REQUESTS:  # the write is not sent again, and what follows it should not be refused as well
            self.pace.hold(min(protocol.retry_after_s(headers.get("retry-after")) or protocol.RATE_WAIT_S, protocol.MAX_WAIT_S))
        return protocol.decode(status, body)

    async def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        http, self._http = self._http, None
        if http is not None and self._loop is asyncio.get_running_loop():
            await http.aclose()

    async def _wait(self, error: HedyError, wait_s: float, emit: Emit) -> None:
        if isinstance(error, errors.RateLimited):
            self.pace.hold(wait_s)  # every request of this key waits, this one for its place among them
            _tell_wait(wait_s, True, "", emit)
        else:
            emit(Notice(f"{error.message} Trying once more in {wait_s:.0f} s.", "retry", wait_s))
            await self._sleep(wait_s)

    def _place(self, pace: Pace, emit: Emit) -> AbstractAsyncContextManager[None]:
        what = "requests" if pace is self.pace else "new webhooks"
        return pace.place(lambda wait_s, held: _tell_wait(wait_s, held, f"{pace.limit} {what}", emit))

    async def _send(self, method: str, path: str, emit: Emit, leaves: Callable[[], None] | None = None, **content: object) -> Answer:
        async with self._place(self.pace, emit), self._logged(method, path) as log:
            if leaves is not None:
                leaves()
            failure: HedyError
            try:
                response = await self._client().request(method, _joined(self._base_url, path), **content)  # type: ignore[arg-type]
            except (httpx.ConnectTimeout, httpx.ConnectError, httpx.ProxyError, httpx.PoolTimeout) as error:
                failure = _offline(error)
                failure.sent = False
            except httpx.TimeoutException:
                failure = errors.Offline("Hedy did not answer in time.", advice="Check the network, then try again.")
            except (httpx.TransportError, OSError) as error:
                failure = _offline(error)
            except httpx.DecodingError:
                failure = protocol.not_the_api(200)
            except httpx.InvalidURL:
                failure = errors.UsageError("The address of the request cannot be read.", advice="Check the path and the base URL.")
            else:
                log(response.status_code, response.num_bytes_downloaded or len(response.content))
                return response.status_code, response.headers, response.content
        raise failure

    @asynccontextmanager
    async def _logged(self, method: str, path: str) -> AsyncIterator[Callable[[int, int], None]]:
        started, clock = datetime.now(UTC), time.perf_counter()
        seen: tuple[int | None, int] = None, 0

        def log(status: int, size: int) -> None:
            nonlocal seen
            seen = status, size

        try:
            yield log
        finally:
            self.log.append(Logged(started, method, path, seen[0], 1000 * (time.perf_counter() - clock), seen[1]))

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if self._http is None or self._loop is not loop:  # the first use, or the loop is a new one after a fork
            self._loop, self._http = loop, self._opened()
        return self._http

    def _opened(self) -> httpx.AsyncClient:
        local = is_loopback(urlsplit(self._base_url).hostname)
        try:
            return httpx.AsyncClient(
                auth=self._auth,
                headers={"User-Agent": self._user_agent, "Accept": "application/json"},
                transport=None if self._transport is None else _Borrowed(self._transport),
                timeout=TIMEOUT,
                follow_redirects=False,
                trust_env=not local,  # a proxy of the environment must not see what is meant for this machine
                verify=self._transport is not None or _ssl_context(),  # a transport has its own, and the context costs 100 ms
                limits=httpx.Limits(max_connections=2 * IN_FLIGHT, max_keepalive_connections=IN_FLIGHT),
            )
        except (ImportError, ValueError, httpx.InvalidURL):  # a scheme that httpx does not know, or SOCKS without its package
            raise errors.SettingsError(
                "The proxy of the environment cannot be used.",
                advice="Mend or unset HTTPS_PROXY and ALL_PROXY; for SOCKS install httpx[socks].",
            ) from None


class _Auth(httpx.Auth):
    """Puts the key on the wire, and nowhere else."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = "Bearer " + self._key.reveal()
        yield request


class _Borrowed(httpx.AsyncBaseTransport):
    """A transport that belongs to somebody else: used, never closed."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        pass


class FunctionTransport(httpx.AsyncBaseTransport):
    """A server that is a function ``(method, target, headers, body) -> (status, headers, body, delay_s)``.

    A TimeoutError that it raises is a time-out, a ConnectionError a lost connection.
    """

    def __init__(self, answer: Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes, float]]) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """What the function answers, as httpx wants it."""
        body = await request.aread()
        try:
            status, headers, content, delay_s = self._answer(request.method, request.url.raw_path.decode("ascii"), request.headers, body)
        except TimeoutError:
            raise httpx.ReadTimeout("no answer", request=request) from None
        except ConnectionError:
            raise httpx.RemoteProtocolError("connection lost", request=request) from None
        await asyncio.sleep(delay_s)
        return httpx.Response(status, headers=dict(headers), content=content)


@cache
def _ssl_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _joined(base_url: str, path: str) -> str:
    if path == "/v1" or path.startswith("/v1/"):
        repeated = base_url.endswith("/v1")
        path = path.removeprefix("/v1") if repeated or is_hedy_host(urlsplit(base_url).hostname) else path
    return base_url + path


def _tell_wait(wait_s: float, held: bool, limit: str, emit: Emit) -> None:
    if held:
        text = f"Hedy says that there were too many requests (429): waiting {wait_s:.0f} s, then going on at 3.2 a second."
        emit(Notice(text, "held", wait_s))
    elif wait_s > _TELL_WAIT_S:
        emit(Notice(f"Hedy allows {limit} a minute: waiting {wait_s:.0f} s for a free place.", "full", wait_s))


def _offline(error: Exception) -> errors.Offline:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        reason = "Hedy cannot be reached."
    elif isinstance(error, httpx.ProxyError):
        reason = "The proxy does not let the request through."
    else:
        reason = "The connection was lost before the answer came."
    return errors.Offline(reason, advice="Check the network, then try again.")
