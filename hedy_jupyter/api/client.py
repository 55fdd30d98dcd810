"""Sends requests to Hedy, at the pace and with the retry rule of the API. The only user of httpx.

Only GET leaves this module, and what a ``Confirmed`` change says. The key is added by ``_Auth`` as the request goes out
and is in no other object.
"""

from __future__ import annotations

import asyncio
import itertools
import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import cache, partial
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from hedy_jupyter import errors
from hedy_jupyter.api import certificates, protocol, response_body
from hedy_jupyter.api import rate_headers as quotas
from hedy_jupyter.api.events import Check, Emit, Logged, Notice, Sent, accept_any
from hedy_jupyter.api.limit_scopes import LimitScopes
from hedy_jupyter.api.rate_limit import IN_FLIGHT, RESET_SLACK_S, RateLimiter, Slot
from hedy_jupyter.changes.change import Confirmed
from hedy_jupyter.errors import HedyError
from hedy_jupyter.settings import Secret, environment, is_hedy_host, is_loopback

TIMEOUT = httpx.Timeout(60.0, connect=10.0, pool=None)
REQUEST_S = 120.0
"""A request ends within this time, whatever the server sends and however slowly."""
LOG_LENGTH = 10_000
_TEXT_LENGTH = 2_000
"""A server's message is cut at so many characters."""
_NETWORK_ADVICE = "Check the network, then try again."


Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers, body."""


class Client:
    """One account's way to the API. All methods run on the loop of ``api.event_loop``.

    Args:
        base_url: with or without ``/v1`` at its end.
        transport: an async httpx transport to send through; it is used, not owned, and so not closed.
        request_s: how long one request may take in all, in seconds.
        body_most_bytes: how large an answer may be, unpacked.
    """

    def __init__(
        self,
        base_url: str,
        key: Secret,
        pace: RateLimiter,
        webhook_pace: RateLimiter | None = None,
        *,
        user_agent: str,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        request_s: float = REQUEST_S,
        body_most_bytes: int = response_body.BODY_MOST_BYTES,
    ) -> None:
        if transport is not None and not hasattr(transport, "handle_async_request"):
            raise errors.UsageError(
                "transport= must be an async httpx transport.",
                advice="Use httpx.MockTransport or httpx.AsyncHTTPTransport.",
            )
        self.pace = pace
        self._windows = LimitScopes(pace, webhook_pace or pace)
        self.log: deque[Logged] = deque(maxlen=LOG_LENGTH)
        self._base_url = base_url
        self._auth = _Auth(key)
        self._user_agent = user_agent
        self._transport = transport
        self._sleep = sleep
        self._request_s = request_s
        self._body_most_bytes = body_most_bytes
        self._host = _host(base_url)
        self._http: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def get(
        self, path: str, params: Mapping[str, str], emit: Emit, *, check: Check = accept_any, retry: bool = True
    ) -> object:
        """The JSON that a GET below the base URL answers with.

        Raises:
            UsageError: the path or a parameter holds what looks like an API key; addresses end up in logs.
            HedyError: whatever came instead, after the one retry that ``protocol.wait_before_retry_s`` allows.
        """
        if any(self._auth.shown_in(text) for text in (path, *params, *params.values())):
            raise errors.UsageError(
                "The request holds what looks like an API key; nothing was sent.",
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
                value = self._decoded(status, body)
                check(value)
            except HedyError as error:
                self._auth.clean(error)
                if (
                    isinstance(error, errors.RateLimited)
                    and (held_s := _wait_before_retry_s(error, 1, headers)) is not None
                ):
                    self.pace.hold(held_s)  # every request of this key waits, this one for its place among them
                wait_s = _wait_before_retry_s(error, attempt, headers) if retry else None
                if wait_s is None:
                    emit(Sent())
                    raise
                limit_s = max(
                    self._request_s - wait_s, self._request_s / 2
                )  # both tries and the wait: twice the time of one
                await self._wait(error, wait_s, emit)
            else:
                emit(Sent())
                return value
        raise AssertionError("a request ends with a value or an error")

    async def send(self, confirmed: Confirmed, emit: Emit, leaves: Callable[[], None]) -> object:
        """The JSON that a confirmed change is answered with. It is sent once, whatever comes.

        *leaves* is called when every wait for a place is over and the request goes out.

        Raises:
            HedyError: what came instead; after an ``Offline`` whose ``sent`` is true it may have been done all the
                same.
        """
        if not isinstance(confirmed, Confirmed):
            raise TypeError("only a confirmed change is sent")
        change = confirmed.change
        status, headers, body = await self._send(
            change.method, change.path, emit, leaves, last_try=True, json=change.body or None
        )
        emit(Sent())
        try:
            return self._decoded(status, body)
        except HedyError as error:
            self._auth.clean(error)
            if isinstance(
                error, errors.RateLimited
            ):  # the write is not sent again; what follows it should not be refused as well
                wait_s = _wait_before_retry_s(error, 1, headers)
                self._windows.hold(
                    change.method, change.path, headers, protocol.MAX_WAIT_S if wait_s is None else wait_s
                )
            raise

    async def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        http, self._http = self._http, None
        if http is not None and self._loop is asyncio.get_running_loop():
            await http.aclose()

    async def _wait(self, error: HedyError, wait_s: float, emit: Emit) -> None:
        if isinstance(error, errors.RateLimited):  # the wait itself is that for a place
            _tell_wait(wait_s, True, f"{self.pace.limit} requests", emit)
        else:
            emit(Notice(f"{error.message} Trying once more in {wait_s:.0f} s.", "retry", wait_s))
            await self._sleep(wait_s)

    def _decoded(self, status: int, body: bytes) -> object:
        """Return the JSON of an answer; a 429 is one by its status alone, whoever in front of the API sent it."""
        try:
            return protocol.decode(status, body)
        except HedyError as error:
            if status != HTTPStatus.TOO_MANY_REQUESTS or isinstance(error, errors.RateLimited):
                raise
        raise errors.RateLimited(
            "Hedy is busy: too many requests in a minute.", advice="Wait a minute, then try again.", status=status
        )

    def _place(self, pace: RateLimiter, emit: Emit, last_try: bool) -> AbstractAsyncContextManager[Slot]:
        limit = f"{pace.limit} requests" if pace is self.pace else f"{pace.limit} new webhooks"
        return pace.place(lambda wait_s, server: _tell_wait(wait_s, server, limit, emit), last_try=last_try)

    async def _send(
        self,
        method: str,
        path: str,
        emit: Emit,
        leaves: Callable[[], None] | None = None,
        *,
        last_try: bool,
        limit_s: float | None = None,
        **content: object,
    ) -> Answer:
        async with AsyncExitStack() as stack:
            paces = self._windows.of(method, path)
            slots = {pace: await stack.enter_async_context(self._place(pace, emit, last_try)) for pace in paces}
            log = await stack.enter_async_context(self._logged(method, path))
            if leaves is not None:
                leaves()
            response, body = await self._exchange(
                method, path, partial(self._heard, slots), limit_s or self._request_s, content
            )
            log(response.status_code, response.num_bytes_downloaded or len(body))
            return response.status_code, response.headers, body

    def _heard(self, slots: Mapping[RateLimiter, Slot], response: httpx.Response) -> None:
        """Tell the paces of a request what the headers of its answer say."""
        if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            self._windows.heard(slots, response.headers)

    async def _exchange(
        self,
        method: str,
        path: str,
        heard: Callable[[httpx.Response], None],
        limit_s: float,
        content: Mapping[str, object],
    ) -> tuple[httpx.Response, bytes]:
        """Send one request and read its answer; *heard* is called when the headers are there.

        Raises:
            HedyError: there is no whole answer.
        """
        failure: HedyError
        try:
            client, url = self._client(), _joined(self._base_url, path)
            async with asyncio.timeout(limit_s), client.stream(method, url, **content) as response:  # type: ignore[arg-type]
                heard(response)
                return response, await self._body(response)
        except (httpx.ConnectTimeout, httpx.ConnectError, httpx.ProxyError, httpx.PoolTimeout) as error:
            failure = _offline(error, self._host)
            failure.sent = False
        except (httpx.TimeoutException, TimeoutError):
            failure = errors.Offline(f"{self._host} did not answer in time.", advice=_NETWORK_ADVICE)
        except httpx.DecodingError:
            failure = protocol.not_the_api(200)
        except httpx.TooManyRedirects:  # a transport of somebody's own follows them
            failure = errors.ServerError("The server redirects in a loop.", advice="Check the base URL.")
        except (httpx.RequestError, httpx.StreamError, OSError) as error:
            failure = _offline(error, self._host)
        except httpx.InvalidURL:
            failure = errors.UsageError(
                "The URL of the request is not valid.", advice="Check the path and the base URL."
            )
        raise failure

    async def _body(self, response: httpx.Response) -> bytes:
        if response.is_stream_consumed:  # a transport of somebody's own, which had it all in memory
            response_body.check_size(len(response.content), self._body_most_bytes)
            return response.content
        encoding = response.headers.get("content-encoding", "")
        try:
            return await response_body.read(response.aiter_raw(), encoding, most_bytes=self._body_most_bytes)
        except ValueError:
            failure = protocol.not_the_api(response.status_code)
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
                headers={
                    "User-Agent": self._user_agent,
                    "Accept": "application/json",
                    "Accept-Encoding": response_body.ENCODINGS,
                },
                transport=None if self._transport is None else _Borrowed(self._transport),
                timeout=TIMEOUT,
                follow_redirects=False,
                trust_env=not local,  # a proxy of the environment must not see what is meant for this machine
                verify=self._transport is not None
                or _trusted(),  # a transport has its own, and the context costs 100 ms
                limits=httpx.Limits(max_connections=2 * IN_FLIGHT, max_keepalive_connections=IN_FLIGHT),
            )
        except (
            ImportError,
            ValueError,
            httpx.InvalidURL,
        ):  # a scheme that httpx does not know, or SOCKS without its package
            raise errors.SettingsError(
                "The proxy of the environment cannot be used.",
                advice="Fix or unset HTTPS_PROXY and ALL_PROXY; for SOCKS install httpx[socks].",
            ) from None


class _Auth(httpx.Auth):
    """Puts the key on the wire and nowhere else, and takes it out of what a server says."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = "Bearer " + self._key.reveal()
        yield request

    def shown_in(self, text: str) -> bool:
        """Return whether *text* shows the key or one like it."""
        return self._key.shown_in(text)

    def clean(self, error: HedyError) -> None:
        """Mask the key in all that *error* says: some of it is a server's text."""
        error.mask(lambda text: self._key.hide(text[:_TEXT_LENGTH]))


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

    def __init__(
        self, answer: Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes, float]]
    ) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """What the function answers, as httpx wants it."""
        body = await request.aread()
        try:
            status, headers, content, delay_s = self._answer(
                request.method, request.url.raw_path.decode("ascii"), request.headers, body
            )
        except TimeoutError:
            raise httpx.ReadTimeout("no answer", request=request) from None
        except ConnectionError:
            raise httpx.RemoteProtocolError("connection lost", request=request) from None
        await asyncio.sleep(delay_s)
        return httpx.Response(status, headers=dict(headers), content=content)


@cache
def _ssl_context(file: str | None, folder: str | None) -> ssl.SSLContext:  # noqa: ARG001  httpx reads the two variables itself
    return httpx.create_ssl_context()


def _trusted() -> ssl.SSLContext:
    """Return the certificates to trust; a variable that was set after the first use counts as well.

    Raises:
        SettingsError: the file or folder that a variable names cannot be used.
    """
    named = {name: environment().get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
    try:
        return _ssl_context(*named.values())
    except OSError:
        found = next((name for name, value in named.items() if value), "the Python package certifi")
    raise errors.SettingsError(
        f"The certificates of {found} cannot be read.",
        advice="Set it to a file of certificates in PEM form, or unset it.",
    )


def _host(base_url: str) -> str:
    """Return the host of *base_url* in its ASCII form, for messages."""
    try:
        return httpx.URL(base_url).netloc.decode("ascii") or "Hedy"
    except httpx.InvalidURL:
        return "Hedy"


def _joined(base_url: str, path: str) -> str:
    if path == "/v1" or path.startswith("/v1/"):
        repeated = base_url.endswith("/v1")
        path = path.removeprefix("/v1") if repeated or is_hedy_host(urlsplit(base_url).hostname) else path
    return base_url + path


def _wait_before_retry_s(error: HedyError, attempt: int, headers: Mapping[str, str]) -> float | None:
    """Return how long to wait before a GET that ended with *error* is sent again; None where it is not."""
    asked_s, reset_s = quotas.retry_after_s(headers), None
    if (
        isinstance(error, errors.RateLimited)
        and asked_s is None
        and (reset_s := quotas.reset_in_s(headers)) is not None
    ):
        reset_s += RESET_SLACK_S
    return protocol.wait_before_retry_s(error, attempt, asked_s, reset_s)


def _tell_wait(wait_s: float, server: bool, limit: str, emit: Emit) -> None:
    text = f"Rate limit reached ({limit} a minute); continuing in {wait_s:.0f} s."
    if server:
        emit(Notice(f"{text} Other programs that use the same key count as well.", "held", wait_s))
    else:
        emit(Notice(text, "full", wait_s))


def _offline(error: Exception, host: str) -> errors.Offline:
    if isinstance(error, httpx.ConnectError) and (broken := certificates.error_behind(error)) is not None:
        return certificates.failure(broken, host)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        reason = f"{host} cannot be reached."
    elif isinstance(error, httpx.ProxyError):
        reason = f"{host} cannot be reached: the proxy does not let the request through."
    else:
        reason = f"The connection to {host} was lost before the answer came."
    return errors.Offline(reason, advice=_NETWORK_ADVICE)
