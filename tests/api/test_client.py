"""What goes over the wire, what is tried again, and what a broken connection becomes."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter import errors
from hedy_jupyter.account.connection import BRIDGE
from hedy_jupyter.api import transport
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.client_events import ClientEvent, Notice, Planned, Sent
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.credentials import Secret
from hedy_jupyter.errors import HedyError
from tests.conftest import KEY
from tests.waiting import no_wait, set_defaults

ME = {"id": "u", "email": "a@b.c", "name": "Ada"}
Step = httpx.Response | Exception


class Run:
    """One request through a client whose server answers with *steps* in turn, and all that could be seen of it."""

    def __init__(
        self,
        *steps: Step,
        path: str = "/me",
        params: dict[str, str] | None = None,
        base_url: str = "https://host.example",
    ) -> None:
        self.sent: list[httpx.Request] = []
        self.slept: list[float] = []
        self.events: list[ClientEvent] = []
        self.value: object = None
        self.error: HedyError | None = None
        self._steps = iter(steps)
        self._now = 0.0
        limiter = RateLimiter(clock=lambda: self._now, sleep=self._sleep)
        self.client = Client(
            base_url,
            Secret(KEY),
            limiter,
            user_agent="hedy-jupyter/test",
            transport=httpx.MockTransport(self._answer),
            sleep=self._sleep,
        )
        asyncio.run(self._run(path, params or {}))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        step = next(self._steps)
        if isinstance(step, Exception):
            raise step
        return step

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += seconds

    async def _run(self, path: str, params: dict[str, str]) -> None:
        try:
            self.value = await self.client.get(path, params, self.events.append)
        except HedyError as error:
            self.error = error
        await self.client.close()

    @property
    def notices(self) -> list[str]:
        """The kinds of the waits that were reported, each once."""
        return list(dict.fromkeys(event.kind for event in self.events if isinstance(event, Notice)))


def fault(status: int, **headers: str) -> httpx.Response:
    """An error answer of the API."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    code = "not_found" if status == 404 else "x"  # what does not exist is recognized by a code that is known
    return httpx.Response(status, json={"success": False, "error": {"code": code, "message": "No."}}, headers=names)


def fine() -> httpx.Response:
    """A good answer."""
    return httpx.Response(200, json=ME)


# The wire ----------------------------------------------------------------------


def test_headers() -> None:
    """A request says who asks and what it takes, and carries the key exactly once."""
    run = Run(fine())
    headers = run.sent[0].headers

    assert run.value == ME
    assert headers["user-agent"] == "hedy-jupyter/test"
    assert headers["accept"] == "application/json"
    assert "gzip" in headers["accept-encoding"]
    assert headers.get_list("authorization") == [f"Bearer {KEY}"]
    assert [name for name, value in headers.multi_items() if KEY in value] == ["authorization"]


@pytest.mark.parametrize(
    ("base_url", "path", "url"),
    [
        ("https://host.example", "/me", "https://host.example/me"),
        ("https://host.example/v1", "/me", "https://host.example/v1/me"),
        ("https://host.example/v1", "/v1/me", "https://host.example/v1/me"),
        ("https://host.example", "/v1/me", "https://host.example/v1/me"),
        ("https://host.example/v1", "/v10", "https://host.example/v1/v10"),
        ("https://host.example/hedy", "/me", "https://host.example/hedy/me"),
        ("https://host.example", "/sessions/a%2Fb%3F%23%25", "https://host.example/sessions/a%2Fb%3F%23%25"),
        ("https://host.example", "/sessions/..%2Fme", "https://host.example/sessions/..%2Fme"),
    ],
)
def test_urls(base_url: str, path: str, url: str) -> None:
    """A path goes below the base URL as it was quoted, and ``/v1`` is never doubled."""
    run = Run(fine(), base_url=base_url, path=path)

    assert str(run.sent[0].url) == url


def test_params() -> None:
    """Parameters go into the query, quoted."""
    run = Run(fine(), path="/sessions", params={"limit": "5", "after": "a&b=ü"})

    assert run.sent[0].url.raw_path == b"/sessions?limit=5&after=a%26b%3D%C3%BC"


def test_gzip() -> None:
    """A compressed answer is unpacked, and the log counts what came over the wire."""
    body = gzip.compress(json.dumps([{"id": "x" * 5000}]).encode())

    run = Run(httpx.Response(200, stream=httpx.ByteStream(body), headers={"Content-Encoding": "gzip"}))

    assert run.value == [{"id": "x" * 5000}]
    assert run.client.log[0].bytes == len(body)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    """A redirect is an error, and the key goes nowhere else."""
    there = httpx.Response(status, headers={"Location": "https://evil.example/me"})

    run = Run(there, there)

    assert isinstance(run.error, errors.ServerError)
    assert {request.url.host for request in run.sent} == {"host.example"}


def test_a_key_in_the_address_is_refused() -> None:
    """What looks like a key is not sent in a path or a query, where logs would keep it."""
    for run in (Run(path=f"/sessions/{KEY}"), Run(path="/sessions", params={"after": KEY})):
        assert isinstance(run.error, errors.UsageError)
        assert (run.sent, list(run.client.log)) == ([], [])
        assert KEY not in str(run.error)


# Trying again ------------------------------------------------------------------

LOST = httpx.RemoteProtocolError("gone")


@pytest.mark.parametrize(
    ("first", "waited_s", "notice"),
    [
        (fault(429), 60, "server_limit"),
        (fault(429, Retry_After="7"), 7, "server_limit"),
        (fault(429, Retry_After="60"), 60, "server_limit"),
        (fault(429, Retry_After="soon"), 60, "server_limit"),
        (fault(429, Retry_After="-5"), 0, "server_limit"),
        (fault(429, Retry_After="0"), 0, "server_limit"),
        (fault(500), 2, "retry"),
        (fault(503, Retry_After="9"), 9, "retry"),
        (fault(503, Retry_After="inf"), 2, "retry"),
        (httpx.Response(502, text="<html>Bad gateway"), 2, "retry"),
        (httpx.Response(200, text="<html>Log in to the hotel"), 2, "retry"),
        (httpx.Response(200, content=b""), 2, "retry"),
        (httpx.Response(302, headers={"Location": "/"}), 2, "retry"),
        (httpx.ReadTimeout("slow"), 2, "retry"),
        (httpx.ConnectTimeout("slow"), 2, "retry"),
        (httpx.ConnectError("no"), 2, "retry"),
        (httpx.ReadError("reset"), 2, "retry"),
        (LOST, 2, "retry"),
        (OSError("odd"), 2, "retry"),
    ],
)
def test_tried_once_more(first: Step, waited_s: float, notice: str) -> None:
    """429, 5xx, no answer and what is not the API's are tried once more, after a wait that is reported."""
    run = Run(first, fine())

    assert run.value == ME
    assert len(run.sent) == 2
    assert sum(run.slept) == pytest.approx(waited_s)
    assert run.notices == [notice]
    assert [event for event in run.events if isinstance(event, Sent)] == [Sent()]


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ((fault(500), fault(500)), errors.ServerError),
        ((fault(429), fault(429)), errors.RateLimited),
        ((fault(429), fault(500)), errors.ServerError),
        ((fault(500), fault(404)), errors.NotFound),
        ((LOST, LOST), errors.Offline),
        ((httpx.ReadTimeout("slow"), fault(429)), errors.RateLimited),
    ],
)
def test_two_faults_in_a_row(steps: tuple[Step, ...], kind: type[HedyError]) -> None:
    """After the second fault there is an error, and no third request."""
    run = Run(*steps, fine())

    assert type(run.error) is kind
    assert len(run.sent) == 2
    assert run.events[-1] == Sent()


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (fault(400), errors.InvalidRequest),
        (fault(401), errors.AuthError),
        (fault(403), errors.TierError),
        (fault(404), errors.NotFound),
        (fault(409), errors.Conflict),
        (fault(429, Retry_After="61"), errors.RateLimited),
        (fault(503, Retry_After="3600"), errors.ServerError),
    ],
)
def test_not_tried_again(step: Step, kind: type[HedyError]) -> None:
    """A refusal is an error at once, and so is a wait of more than a minute."""
    run = Run(step, fine())

    assert type(run.error) is kind
    assert (len(run.sent), run.slept) == (1, [])


def test_a_broken_encoding_is_not_the_api() -> None:
    """A body that is not packed as its header says is an answer that is not the API's."""
    broken = [
        httpx.Response(200, stream=httpx.ByteStream(b"no gzip"), headers={"Content-Encoding": "gzip"}) for _ in "12"
    ]

    run = Run(*broken)

    assert isinstance(run.error, errors.ServerError)
    assert "not from the Hedy API" in run.error.message


# The log -----------------------------------------------------------------------


def test_the_log_holds_no_query(api: Any, hedy: hj.Hedy) -> None:
    """``hedy.requests`` tells time, method, path, status, duration and size of each request, and no query."""
    api.answers = {"/sessions": lambda request: [] if "limit" in request.url.params else None}
    hedy.get("/sessions", limit=5, secret="title")
    with pytest.raises(hj.NotFound):
        hedy.get("/gone")

    log = hedy.requests
    assert log.drop(columns=["time", "ms"]).to_dict("records") == [
        {"method": "GET", "path": "/sessions", "status": 200, "bytes": 2},
        {"method": "GET", "path": "/gone", "status": 404, "bytes": log["bytes"][1]},
    ]
    assert (log["ms"] >= 0).all()
    assert log["time"].is_monotonic_increasing


def test_a_lost_request_is_logged_without_a_status() -> None:
    """A request that got no answer is in the log, without a status."""
    run = Run(LOST, fine())

    assert [logged.status for logged in run.client.log] == [None, 200]


# Sharing -----------------------------------------------------------------------


def test_accounts_of_one_key_share_the_pace(api: Any, key: str) -> None:
    """All accounts of one key count against the same 200 a minute, those of another key do not."""
    api.answers = {"/me": ME}
    one, two, other = (hj.connect(api_key=name, transport=api.transport) for name in (key, key, key + "x"))

    one.me()

    assert (one.requests_left, two.requests_left, other.requests_left) == (199, 199, 200)


def test_a_429_of_one_holds_the_other(api: Any, key: str) -> None:
    """A 429 that one account draws makes every account of that key wait."""
    answers = iter([fault(429, Retry_After="0.01"), fine()])
    api.answers = {"/me": lambda _: next(answers)}
    one, two = (hj.connect(api_key=key, transport=api.transport) for _ in "12")

    one.me()

    assert two.connection.limiter.seconds_for(32) == pytest.approx(10)


def test_a_transport_is_used_and_not_closed(key: str) -> None:
    """A transport that was passed in is not closed with the account, and serves another one."""

    class Transport(httpx.MockTransport):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    transport = Transport(lambda _: fine())
    for _ in "12":
        with hj.connect(api_key=key, transport=transport) as account:
            account.me()

    assert not transport.closed


def test_the_cost_is_told_before(api: Any, key: str) -> None:
    """What a job will cost is reported before its first request goes out."""
    events: list[ClientEvent] = []
    sent_before: list[int] = []
    api.answers = {"/me": ME}
    with hj.connect(api_key=key, transport=api.transport) as account:
        from hedy_jupyter.api.reader import Reader

        def hear(event: ClientEvent) -> None:
            events.append(event)
            sent_before.append(len(api.requests))

        BRIDGE.run(
            lambda _: Reader(account.connection.client(), account.connection.cache, hear).get("/me", {}), events.append
        )

    assert events == [Planned(1, 0), Sent()]
    assert sent_before == [0, 1]


# Real sockets ------------------------------------------------------------------


@contextmanager
def server(*answers: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives one of *answers* to each connection (None is a reset) and closes it.

    Its address, and what it was sent.
    """
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(65536))
                if answer is None:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                else:
                    connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
    finally:
        listener.close()
        thread.join(5)


GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{"id": "u"}'


def at(base_url: str, key: str) -> hj.Hedy:
    """An account there that never really waits."""
    account = hj.connect(api_key=key, base_url=base_url)
    with pytest.MonkeyPatch.context() as patch:
        set_defaults(patch, Client, sleep=no_wait)
        account.connection.client()
    return account


@pytest.mark.outside
@pytest.mark.parametrize(
    "broken",
    [
        b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id": "u"}',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{"id": "u"}\r\n',
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
        None,
    ],
    ids=["truncated", "chunked-truncated", "not-http", "closed", "reset"],
)
def test_broken_connections(broken: bytes | None, key: str) -> None:
    """A connection that breaks is tried once more, and is Offline when it breaks again; half an answer is none."""
    with server(broken, GOOD) as (base_url, heard), at(base_url, key) as account:
        assert account.me().id == "u"
        assert len(heard) == 2
    with server(broken, broken) as (base_url, heard), at(base_url, key) as account:
        with pytest.raises(hj.Offline):
            account.me()
        assert len(heard) == 2


@pytest.mark.outside
def test_nobody_there(key: str) -> None:
    """Where nothing listens, the account is Offline and says that Hedy cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with at(f"http://127.0.0.1:{port}", key) as account, pytest.raises(hj.Offline, match="cannot be reached"):
        account.me()


@pytest.mark.outside
def test_proxies_are_ignored_for_this_machine(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """A proxy of the environment does not see what is meant for loopback, where the key goes in the clear."""
    with server() as (proxy, seen), server(GOOD) as (base_url, heard):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        with at(base_url, key) as account:
            account.me()

    assert len(heard) == 1
    assert heard[0].lower().count(b"authorization:") == 1
    assert seen == []


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "socks://user:hidden@127.0.0.1:1", "ftp://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, key: str, proxy: str) -> None:
    """A proxy setting that httpx cannot use is named as the reason, without what is in it."""
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", proxy)
    with at("https://127.0.0.2.nip.invalid", key) as account, pytest.raises(hj.SettingsError, match="proxy") as caught:
        account.me()

    assert "hidden" not in str(caught.value)


def test_the_demo_makes_no_ssl_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account with its own transport needs no certificates, and does not load them."""

    def never(*_: object, **__: object) -> Callable[[], None]:
        raise AssertionError("certificates are loaded")

    transport.ssl_context.cache_clear()
    monkeypatch.setattr("httpx.create_ssl_context", never)
    monkeypatch.setattr("ssl.SSLContext.load_verify_locations", never)
    with hj.demo() as account:
        assert account.me().email
