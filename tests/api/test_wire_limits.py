"""What bounds a request: its time, the size of its answer, the end of a list, and whose certificate is believed."""

from __future__ import annotations

import asyncio
import datetime
import gzip
import json
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
import trustme

import hedy_jupyter as hj
from hedy_jupyter.api import client_events, response_body
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.api.reader import Reader
from hedy_jupyter.errors import HedyError
from tests.api.test_client import ME, Run, fine
from tests.conftest import KEY
from tests.waiting import no_wait, set_defaults

pytestmark = pytest.mark.outside

MB = 1_000_000
GOOD = (
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{"id": "u"}'
)


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[float]]]:
    """A server that calls *serve* for each connection, in a thread each; its address, and when connections came."""
    came: list[float] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the client is gone, as it should
            serve(connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            came.append(time.monotonic())
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}", came
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def at(base_url: str, **bounds: Any) -> hj.Hedy:
    """An account there that never really waits between two tries."""
    return bounded(base_url=base_url, **bounds)


def bounded(*, base_url: str | None = None, transport: httpx.MockTransport | None = None, **bounds: Any) -> hj.Hedy:
    """An account whose client has these bounds, and never really waits between two tries."""
    account = hj.connect(api_key=KEY, base_url=base_url, transport=transport)
    with pytest.MonkeyPatch.context() as patch:
        set_defaults(patch, Client, sleep=no_wait, **bounds)
        account.connection.client()
    return account


# Time --------------------------------------------------------------------------


class Limit(asyncio.Timeout):
    """A time limit of the client.

    Attributes:
        seconds: how long it is.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(asyncio.get_running_loop().time() + seconds)
        self.seconds = seconds


@pytest.fixture(name="limits")
def fixture_limits(monkeypatch: pytest.MonkeyPatch) -> list[Limit]:
    """The time limits that the client sets, in order."""
    made: list[Limit] = []

    def timeout(seconds: float) -> Limit:
        made.append(Limit(seconds))
        return made[-1]

    monkeypatch.setattr("asyncio.timeout", timeout)
    return made


def drip(connection: socket.socket, before: bytes, rest: bytes) -> None:
    """Send *before* at once, and *rest* a byte at a time, slowly and endlessly."""
    connection.recv(65536)
    connection.sendall(before)
    while True:
        for place in range(len(rest)):
            connection.sendall(rest[place : place + 1])
            time.sleep(0.05)


@pytest.mark.timeout(30, func_only=True)  # without a bound it would never end
@pytest.mark.parametrize(
    ("before", "rest"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
    ids=["body", "chunks", "headers", "continue", "silence"],
)
def test_a_request_ends(before: bytes, rest: bytes, limits: list[Limit]) -> None:
    """A server that drips, or says nothing, is Offline after the time for a request, twice; a test's time is short."""

    def serve(connection: socket.socket) -> None:
        if rest:
            drip(connection, before, rest)
        connection.recv(65536)
        connection.recv(65536)

    with (
        listening(serve) as (address, came),
        at(f"http://{address}", request_s=0.4) as account,
        pytest.raises(hj.Offline, match=f"^{address} did not answer in time") as caught,
    ):
        account.me()

    assert caught.value.sent
    assert len(came) == 2
    assert [(limit.seconds, limit.expired()) for limit in limits] == [(0.4, True), (0.2, True)]


def test_the_time_for_both_tries(limits: list[Limit]) -> None:
    """A request has 120 s; the second try with the wait before it has what is left of twice that."""
    for first in (httpx.ReadTimeout("slow"), httpx.Response(503, headers={"Retry-After": "60"}), httpx.Response(500)):
        assert Run(first, fine()).value == ME

    assert [limit.seconds for limit in limits] == [120, 118, 120, 60, 120, 118]


def test_a_write_ends_too() -> None:
    """A write whose answer drips ends in time as well, is not sent again, and says that the outcome is not known."""
    sent: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        sent.append(connection.recv(65536))
        if sent[-1].startswith(b"POST"):
            drip(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b" ")
        body = json.dumps({"success": True, "data": []}).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with (
        listening(serve) as (address, _),
        at(f"http://{address}", request_s=0.5) as account,
        pytest.raises(hj.Offline) as caught,
    ):
        account.create_topic("Plans").confirm()

    assert caught.value.sent
    assert sum(request.startswith(b"POST") for request in sent) == 1


# Size --------------------------------------------------------------------------


class Stream(httpx.AsyncByteStream):
    """A body in pieces; how many of them were taken."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.taken += 1
            yield piece


@pytest.fixture(scope="module", name="bomb")
def fixture_bomb() -> bytes:
    """200 MB of blanks, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join([*(packer.compress(b" " * MB) for _ in range(200)), packer.flush()])


@pytest.mark.parametrize("chunk", [64 * 1024, 10 * MB], ids=["in chunks", "at once"])
@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_a_bomb(bomb: bytes, chunk: int, encoding: str) -> None:
    """A small answer that decompresses to a large one is refused before it fills the memory, and not retried."""
    streams: list[Stream] = []

    def answer(_: httpx.Request) -> httpx.Response:
        streams.append(Stream(bomb[place : place + chunk] for place in range(0, len(bomb), chunk)))
        return httpx.Response(200, stream=streams[-1], headers={"Content-Encoding": encoding})

    account = bounded(transport=httpx.MockTransport(answer), max_body_bytes=20 * MB)
    tracemalloc.start()
    with pytest.raises(hj.ServerError, match="larger than 20 MB"):
        account.me()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 60 * MB
    assert len(streams) == 1


def test_a_plain_body_that_is_too_large() -> None:
    """An endless body that is not packed is refused as well, as soon as it is too large."""
    stream = Stream(b" " * MB for _ in range(10_000))
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=stream))
    account = bounded(transport=transport, max_body_bytes=3 * MB)

    with pytest.raises(hj.ServerError, match="larger than 3 MB"):
        account.me()

    assert stream.taken == 4


def test_the_limit_of_size() -> None:
    """The limit is 200 MB, and an answer of its very size is read."""
    assert response_body.MAX_BODY_BYTES == 200 * MB
    body = json.dumps(ME).encode()
    for most, fits in ((len(body), True), (len(body) - 1, False)):
        for response in (httpx.Response(200, content=body), httpx.Response(200, stream=Stream(iter([body])))):
            transport = httpx.MockTransport(lambda _, response=response: response)
            account = bounded(transport=transport, max_body_bytes=most)
            if fits:
                assert account.me().name == "Ada"
            else:
                with pytest.raises(hj.ServerError, match="larger than"):
                    account.me()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"no gzip at all"),
        ("gzip", gzip.compress(json.dumps(ME).encode(), mtime=0)[:-12]),
        ("gzip, gzip", gzip.compress(gzip.compress(json.dumps(ME).encode(), mtime=0), mtime=0)),
        ("br", b"\x0b\x02\x80hi\x03"),
        ("deflate", b"\xff\xff"),
    ],
)
def test_packed_another_way(encoding: str, body: bytes) -> None:
    """What is not packed as asked for is not an answer of the API's."""
    steps = [httpx.Response(200, stream=httpx.ByteStream(body), headers={"Content-Encoding": encoding}) for _ in "12"]

    run = Run(*steps)

    assert isinstance(run.error, hj.ServerError)
    assert "not from the Hedy API" in run.error.message


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda body: body], ids=["gzip", "deflate", "plain"])
@pytest.mark.parametrize("size", [1, 100_000])
def test_packed_as_it_says(pack: Callable[[bytes], bytes], size: int) -> None:
    """A body in many small pieces is put together, packed or not."""
    value = {"id": "é" * size}
    packed = pack(json.dumps(value, ensure_ascii=False).encode())
    encoding = {"gzip": "gzip", "deflate": "deflate"}.get(
        "gzip" if pack is gzip.compress else "deflate" if pack is zlib.compress else ""
    )
    pieces = Stream(packed[place : place + 7] for place in range(0, len(packed), 7))

    run = Run(httpx.Response(200, stream=pieces, headers={"Content-Encoding": encoding} if encoding else {}))

    assert run.value == value
    assert run.client.log[0].bytes == len(packed)


# Certificates ------------------------------------------------------------------


@pytest.fixture(scope="module", name="authority")
def fixture_authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@contextmanager
def secure(certificate: trustme.LeafCert) -> Iterator[tuple[str, list[float]]]:
    """A server with that certificate, on localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(65536)
            wrapped.sendall(GOOD)

    with listening(serve) as (address, came):
        yield address.replace("127.0.0.1", "localhost"), came


@pytest.fixture(name="trusted")
def fixture_trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``SSL_CERT_FILE`` names our authority."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def refused(certificate: trustme.LeafCert) -> tuple[HedyError, list[float], str]:
    """The error that a server with *certificate* leads to, when connections came, and its address."""
    with (
        secure(certificate) as (address, came),
        at(f"https://{address}") as account,
        pytest.raises(HedyError) as caught,
    ):
        account.me()
    return caught.value, came, address


YESTERDAY = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("reason", "issue"),
    [
        ("expired", lambda ca: ca.issue_cert("localhost", not_after=YESTERDAY)),
        ("not yet valid", lambda ca: ca.issue_cert("localhost", not_before=YESTERDAY + datetime.timedelta(days=3))),
        ("mismatch", lambda ca: ca.issue_cert("api.example.com")),
        ("issuer", lambda _: trustme.CA().issue_cert("localhost")),
    ],
)
@pytest.mark.usefixtures("trusted")
def test_a_certificate_that_cannot_be_verified(
    authority: trustme.CA, reason: str, issue: Callable[[trustme.CA], trustme.LeafCert]
) -> None:
    """A certificate that is expired, not yet valid, of another host or unknown is named, with what to check."""
    error, came, address = refused(issue(authority))

    assert isinstance(error, hj.Offline)
    assert not error.sent
    assert error.message.startswith(f"The certificate of {address} could not be verified: ")
    assert reason in error.message
    assert all(word in error.advice for word in ("clock", "proxy", "SSL_CERT_FILE"))
    assert "network" not in error.advice
    assert len(came) == 1  # a second try would end in the same way


@pytest.mark.usefixtures("trusted")
def test_a_certificate_that_is_verified(authority: trustme.CA) -> None:
    """A certificate of the authority in ``SSL_CERT_FILE`` is accepted, also when set after the first use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE")
        error, _, _ = refused(authority.issue_cert("localhost"))
    assert "could not be verified" in error.message

    with secure(authority.issue_cert("localhost")) as (address, _), at(f"https://{address}") as account:
        assert account.me().id == "u"


@pytest.mark.parametrize(
    "content", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n"]
)
def test_a_file_of_certificates_that_cannot_be_used(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ``SSL_CERT_FILE`` that is not there, or holds none, is named; it is no matter of the network."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))

    with hj.connect(api_key=KEY) as account, pytest.raises(hj.SettingsError, match="SSL_CERT_FILE"):
        account.me()


def test_no_tls_at_all() -> None:
    """A server that speaks plain HTTP where https is asked for is reported as that."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(GOOD)

    with listening(serve) as (address, _), at(f"https://{address}") as account, pytest.raises(hj.Offline) as caught:
        account.me()

    assert caught.value.message == f"No secure connection to {address} could be made."
    assert not caught.value.sent


# Offline -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (httpx.ConnectError("x"), "api.hedy.bot cannot be reached."),
        (httpx.ConnectTimeout("x"), "api.hedy.bot cannot be reached."),
        (httpx.ProxyError("x"), "api.hedy.bot cannot be reached: the proxy does not let the request through."),
        (httpx.ReadTimeout("x"), "api.hedy.bot did not answer in time."),
        (httpx.ReadError("x"), "The connection to api.hedy.bot was lost before the answer came."),
        (OSError("x"), "The connection to api.hedy.bot was lost before the answer came."),
    ],
)
def test_offline_names_the_host(error: Exception, message: str) -> None:
    """Where no answer comes, the message names the host."""
    run = Run(error, error, base_url="https://api.hedy.bot/v1")

    assert isinstance(run.error, hj.Offline)
    assert run.error.message == message
    assert f"{message} Trying once more in 2 s." in [
        event.text for event in run.events if isinstance(event, client_events.Notice)
    ]


def test_a_host_is_named_in_ascii() -> None:
    """A host in another alphabet is named as it goes over the wire, so that no look-alike passes for another."""
    lost = httpx.ConnectError("x")

    run = Run(lost, lost, base_url="https://аpi.hedy.bot:8443")  # the first letter is Cyrillic

    assert run.error is not None
    assert run.error.message == "xn--pi-6kc.hedy.bot:8443 cannot be reached."


# Lists -------------------------------------------------------------------------


class Endless:
    """A list that always brings new ids; *total* is what it says that there are."""

    def __init__(self, total: object, size: int = 100) -> None:
        self.pages = 0
        self._total, self._size = total, size

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.pages += 1
        rows = [{"sessionId": f"sess_{self.pages:06}_{number}"} for number in range(self._size)]
        pagination = {"hasMore": True, "next": f"cursor_{self.pages}", "total": self._total}
        return httpx.Response(200, json={"success": True, "data": rows, "pagination": pagination})


def walked(server: Endless, limit: int) -> pd.DataFrame:
    """The newest sessions of that server."""
    account = hj.connect(api_key=KEY, transport=httpx.MockTransport(server))
    account.connection.limiter = RateLimiter(1_000_000)
    return account.sessions(limit)


@pytest.mark.parametrize(("total", "pages"), [(0, 2), (3, 2), (100, 3), (250, 4)])
def test_a_list_beyond_its_total(total: int, pages: int) -> None:
    """A list that goes on a page beyond its own total is an error and does not go on endlessly."""
    server = Endless(total)

    with pytest.raises(hj.ServerError, match=rf"does not end: Hedy says that there are {total}"):
        walked(server, 100_000)

    assert server.pages == pages


def test_a_list_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that names no total ends after very many pages."""
    set_defaults(monkeypatch, Reader, max_pages=7)
    server = Endless(None)

    with pytest.raises(hj.ServerError, match="does not end: 7 pages"):
        walked(server, 100_000)

    assert server.pages == 7


def test_a_list_that_grows() -> None:
    """What was recorded while the pages were read does not make an error of them."""

    class Growing(Endless):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            response = super().__call__(request)
            value = response.json()
            value["pagination"] |= {"total": 295 + self.pages, "hasMore": self.pages < 3}
            return httpx.Response(200, json=value)

    assert len(walked(Growing(0), 1000)) == 300


@pytest.mark.parametrize("limit", [5, 100, 300])
def test_a_list_that_is_not_needed_to_its_end(limit: int) -> None:
    """A list without an end gives what was asked for."""
    assert len(walked(Endless(10**6), limit)) == limit


def test_an_account_goes_on_afterwards() -> None:
    """After an answer that was refused on the way the same account goes on."""
    answers = iter([httpx.Response(200, stream=Stream(b" " * MB for _ in range(10))), fine()])
    account = bounded(transport=httpx.MockTransport(lambda _: next(answers)), max_body_bytes=3 * MB)

    with pytest.raises(hj.ServerError):
        account.me()

    assert account.me().name == "Ada"
