"""``Client``: sends requests to Hedy, within the rate limit and by the retry rules.

It sends only GET, and what a ``Confirmed`` change says.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from hedy_jupyter import errors
from hedy_jupyter.api import error_responses, response_body, tls_errors, wire_format
from hedy_jupyter.api.client_events import Check, Emit, Logged, Notice, Sent, accept_any
from hedy_jupyter.api.limit_scopes import LimitScopes
from hedy_jupyter.api.rate_headers import MAX_WAIT_S
from hedy_jupyter.api.rate_limit import NO_LIMIT, RateLimiter, Slot
from hedy_jupyter.api.retry import wait_before_retry_s
from hedy_jupyter.api.transport import KeyAuth, open_connections
from hedy_jupyter.changes.confirmation import Confirmed
from hedy_jupyter.credentials import Secret
from hedy_jupyter.errors import HedyError
from hedy_jupyter.settings import is_hedy_host

REQUEST_S = 120.0
"""A request ends within this time, whatever the server sends and however slowly."""
LOG_LENGTH = 10_000
_NETWORK_ADVICE = "Check the network, then try again."

Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers, body."""


class Client:
    """The API client of one account. All methods run on the loop of ``api.event_loop``.

    Args:
        base_url: with or without ``/v1`` at its end.
        limiter: the limit of all requests of the key.
        webhook_limiter: the limit of new webhooks beside it.
        transport: an async httpx transport to send through; the caller owns it, and so it is not closed.
        request_s: how long one request may take in all, in seconds.
        max_body_bytes: how large an answer may be, decompressed.

    Attributes:
        limiter: the limit of all requests of the key.
        log: the newest requests.
    """

    def __init__(
        self,
        base_url: str,
        key: Secret,
        limiter: RateLimiter,
        webhook_limiter: RateLimiter | None = None,
        *,
        user_agent: str,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        request_s: float = REQUEST_S,
        max_body_bytes: int = response_body.MAX_BODY_BYTES,
    ) -> None:
        if transport is not None and not hasattr(transport, "handle_async_request"):
            raise errors.UsageError(
                "transport= must be an async httpx transport.",
                advice="Use httpx.MockTransport or httpx.AsyncHTTPTransport.",
            )
        self.limiter = limiter
        self._scopes = LimitScopes(limiter, webhook_limiter or limiter)
        self.log: deque[Logged] = deque(maxlen=LOG_LENGTH)
        self._base_url = base_url
        self._auth = KeyAuth(key)
        self._user_agent = user_agent
        self._transport = transport
        self._sleep = sleep
        self._request_s = request_s
        self._max_body_bytes = max_body_bytes
        self._host = _host(base_url)
        self._http: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_open(self) -> bool:
        """Whether connections may be open: after the first request, until it is closed."""
        return self._http is not None

    async def get(
        self, path: str, params: Mapping[str, str], emit: Emit, *, check: Check = accept_any, retry: bool = True
    ) -> object:
        """Return the JSON of the answer to a GET below the base URL.

        Raises:
            UsageError: the path or a parameter contains what looks like an API key; addresses end up in logs.
            HedyError: whatever came instead, after the one retry that ``api.retry`` allows.
        """
        if any(self._auth.shown_in(text) for text in (path, *params, *params.values())):
            raise errors.UsageError(
                "The request contains what looks like an API key; nothing was sent.",
                advice="Give an id or a name instead.",
            )
        limit_s = self._request_s
        for attempt in itertools.count(1):
            headers: Mapping[str, str] = {}
            try:
                last_try = attempt > 1 or not retry
                status, headers, body = await self._send(
                    "GET", path, emit, last_try=last_try, limit_s=limit_s, params=params
                )
                value = self._decode(status, body)
                check(value)
            except HedyError as error:
                wait_s = self._on_failed_get(error, headers, attempt, retry=retry)
                if wait_s is None:
                    emit(Sent())
                    raise
                limit_s = max(self._request_s - wait_s, self._request_s / 2)  # in all, twice the time of one request
                await self._wait(error, wait_s, emit)
            else:
                emit(Sent())
                return value
        raise AssertionError("a request ends with a value or an error")

    def _on_failed_get(
        self, error: HedyError, headers: Mapping[str, str], attempt: int, *, retry: bool
    ) -> float | None:
        """Return how long to wait before the next try, or None to give up; after a 429 pause all requests."""
        self._auth.mask(error)
        if isinstance(error, errors.RateLimited) and (pause_s := wait_before_retry_s(error, 1, headers)) is not None:
            self.limiter.pause(pause_s)
        return wait_before_retry_s(error, attempt, headers) if retry else None

    async def send(self, confirmed: Confirmed, emit: Emit, on_sent: Callable[[], None]) -> object:
        """Return the JSON of the answer to a confirmed change, which is sent once, whatever comes.

        *on_sent* is called when every wait for the rate limit is over and the request goes out.

        Raises:
            HedyError: what came instead; after an ``Offline`` whose ``sent`` is true the change may have been made all
                the same.
        """
        if not isinstance(confirmed, Confirmed):
            raise TypeError("only a confirmed change is sent")
        change = confirmed.change
        status, headers, body = await self._send(
            change.method, change.path, emit, on_sent, last_try=True, json=change.body or None
        )
        emit(Sent())
        try:
            return self._decode(status, body)
        except HedyError as error:
            self._auth.mask(error)
            if isinstance(error, errors.RateLimited):  # not sent again; the requests after it should not be refused too
                wait_s = wait_before_retry_s(error, 1, headers)
                self._scopes.pause(change.method, change.path, headers, MAX_WAIT_S if wait_s is None else wait_s)
            raise

    async def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        http, self._http = self._http, None
        if http is not None and self._loop is asyncio.get_running_loop():
            await http.aclose()

    async def _wait(self, error: HedyError, wait_s: float, emit: Emit) -> None:
        if isinstance(error, errors.RateLimited):  # the limiter, which is paused, does the waiting
            _report_wait(wait_s, True, self._limit_text(self.limiter), emit)
        else:
            emit(Notice(f"{error.message} Trying once more in {wait_s:.0f} s.", "retry", wait_s))
            await self._sleep(wait_s)

    def _decode(self, status: int, body: bytes) -> object:
        """Return the JSON of an answer; a 429 is one by its status alone, whoever in front of the API sent it."""
        try:
            return wire_format.decode(status, body)
        except HedyError as error:
            if status != HTTPStatus.TOO_MANY_REQUESTS or isinstance(error, errors.RateLimited):
                raise
        raise error_responses.rate_limited()

    def _slot(self, limiter: RateLimiter, emit: Emit, last_try: bool) -> AbstractAsyncContextManager[Slot]:
        limit = self._limit_text(limiter)
        return limiter.slot(lambda wait_s, by_server: _report_wait(wait_s, by_server, limit, emit), last_try=last_try)

    def _limit_text(self, limiter: RateLimiter) -> str:
        """Return how many requests *limiter* admits, for a message; empty where it admits all."""
        if limiter.limit >= NO_LIMIT:
            return ""
        return f" ({limiter.limit} {'requests' if limiter is self.limiter else 'new webhooks'} a minute)"

    async def _send(
        self,
        method: str,
        path: str,
        emit: Emit,
        on_sent: Callable[[], None] | None = None,
        *,
        last_try: bool,
        limit_s: float | None = None,
        **content: object,
    ) -> Answer:
        async with AsyncExitStack() as stack:
            limiters = self._scopes.of(method, path)
            slots = {one: await stack.enter_async_context(self._slot(one, emit, last_try)) for one in limiters}
            log = await stack.enter_async_context(self._logged(method, path))
            if on_sent is not None:
                on_sent()
            response, body = await self._exchange(
                method, path, partial(self._on_headers, slots), limit_s or self._request_s, content
            )
            log(response.status_code, response.num_bytes_downloaded or len(body))
            return response.status_code, response.headers, body

    def _on_headers(self, slots: Mapping[RateLimiter, Slot], response: httpx.Response) -> None:
        """Pass on what the headers of an answer say about the rate limit."""
        if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            self._scopes.accepted(slots, response.headers)

    async def _exchange(
        self,
        method: str,
        path: str,
        on_headers: Callable[[httpx.Response], None],
        limit_s: float,
        content: Mapping[str, object],
    ) -> tuple[httpx.Response, bytes]:
        """Send one request and read its answer; *on_headers* is called when the headers are there.

        Raises:
            HedyError: there is no whole answer.
        """
        failure: HedyError
        try:
            client, url = self._open_client(), _url(self._base_url, path)
            async with asyncio.timeout(limit_s), client.stream(method, url, **content) as response:  # type: ignore[arg-type]
                on_headers(response)
                return response, await self._body(response)
        except (httpx.ConnectTimeout, httpx.ConnectError, httpx.ProxyError, httpx.PoolTimeout) as error:
            failure = _offline(error, self._host)
            failure.sent = False
        except (httpx.TimeoutException, TimeoutError):
            failure = errors.Offline(f"{self._host} did not answer in time.", advice=_NETWORK_ADVICE)
        except httpx.DecodingError:
            failure = error_responses.not_the_api(200)
        except httpx.TooManyRedirects:  # the caller's transport follows them
            failure = errors.ServerError("The server redirects in a loop.", advice="Check the base URL.")
        except (httpx.RequestError, httpx.StreamError, OSError) as error:
            failure = _offline(error, self._host)
        except httpx.InvalidURL:
            failure = errors.UsageError(
                "The URL of the request is not valid.", advice="Check the path and the base URL."
            )
        raise failure

    async def _body(self, response: httpx.Response) -> bytes:
        if response.is_stream_consumed:  # the caller's transport had it all in memory
            response_body.check_size(len(response.content), self._max_body_bytes)
            return response.content
        encoding = response.headers.get("content-encoding", "")
        try:
            return await response_body.read(response.aiter_raw(), encoding, max_bytes=self._max_body_bytes)
        except ValueError:
            failure = error_responses.not_the_api(response.status_code)
        raise failure

    @asynccontextmanager
    async def _logged(self, method: str, path: str) -> AsyncIterator[Callable[[int, int], None]]:
        """Log one request when the block ends; ``log(status, size)`` adds what its answer was."""
        started, clock = datetime.now(UTC), time.perf_counter()
        answer: tuple[int | None, int] = None, 0

        def log(status: int, size: int) -> None:
            nonlocal answer
            answer = status, size

        try:
            yield log
        finally:
            ms = 1000 * (time.perf_counter() - clock)
            self.log.append(Logged(started, method, path, answer[0], ms, answer[1]))

    def _open_client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if self._http is None or self._loop is not loop:  # the first use, or the loop is a new one after a fork
            self._loop = loop
            self._http = open_connections(self._base_url, self._auth, self._user_agent, self._transport)
        return self._http


def _host(base_url: str) -> str:
    """Return the host of *base_url* in its ASCII form, for messages."""
    try:
        return httpx.URL(base_url).netloc.decode("ascii") or "Hedy"
    except httpx.InvalidURL:
        return "Hedy"


def _url(base_url: str, path: str) -> str:
    if path == "/v1" or path.startswith("/v1/"):
        repeated = base_url.endswith("/v1")
        path = path.removeprefix("/v1") if repeated or is_hedy_host(urlsplit(base_url).hostname) else path
    return base_url + path


def _report_wait(wait_s: float, by_server: bool, limit: str, emit: Emit) -> None:
    text = f"Rate limit reached{limit}; continuing in {wait_s:.0f} s."
    if by_server:
        emit(Notice(f"{text} Other programs that use the same key count as well.", "server_limit", wait_s))
    else:
        emit(Notice(text, "own_limit", wait_s))


def _offline(error: Exception, host: str) -> errors.Offline:
    if isinstance(error, httpx.ConnectError) and (broken := tls_errors.tls_error_in(error)) is not None:
        return tls_errors.offline_error(broken, host)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        reason = f"{host} cannot be reached."
    elif isinstance(error, httpx.ProxyError):
        reason = f"{host} cannot be reached: the proxy does not let the request through."
    else:
        reason = f"The connection to {host} was lost before the answer came."
    return errors.Offline(reason, advice=_NETWORK_ADVICE)
