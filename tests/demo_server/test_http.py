"""The demo on a real socket of the loopback interface."""

from __future__ import annotations

import datetime
import gzip
import http.client
import io
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from hedy_jupyter.demo_server import http as serve_module
from hedy_jupyter.demo_server.http import MAX_BODY_BYTES, serve, start
from hedy_jupyter.demo_server.service import DEMO_KEY, Service

pytestmark = pytest.mark.outside
KEY = {"Authorization": f"Bearer {DEMO_KEY}"}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Service, str]]:
    """One service on a free port, with its address."""
    service = Service(today=datetime.date(2026, 5, 14))
    with start(service) as (_server, base_url):
        yield service, urlsplit(base_url).netloc


@pytest.fixture
def service(served: tuple[Service, str]) -> Service:
    """The service behind the socket, as new."""
    served[0].reset()
    return served[0]


@pytest.fixture
def connection(service: Service, served: tuple[Service, str]) -> Iterator[http.client.HTTPConnection]:
    """A connection to it."""
    client = http.client.HTTPConnection(served[1], timeout=20)
    yield client
    client.close()


def raw(address: str, request: bytes) -> bytes:
    """Everything that comes back for these bytes until the server closes."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as client:
        client.sendall(request)
        return b"".join(iter(lambda: client.recv(65_536), b""))


def code(answer: bytes) -> str:
    """The error code in a raw answer."""
    return str(json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"])


def test_one_connection_serves_many(connection: http.client.HTTPConnection) -> None:
    """Requests follow each other on one connection, refusals among them."""
    connection.connect()
    first = connection.sock
    statuses = []
    for path, headers in (("/me", KEY), ("/v1/sessions?limit=2", KEY), ("/me", {}), ("/nothing", KEY)):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)

    assert statuses == [200, 200, 401, 404]
    assert connection.sock is first


def test_an_unknown_route_is_html(connection: http.client.HTTPConnection) -> None:
    """What is no route is a page of the web framework, gzipped or not."""
    bodies = []
    for accepted in ("identity", "gzip"):
        connection.request("GET", "/v1/xyz?limit=1", headers={"Accept-Encoding": accepted})
        response = connection.getresponse()
        body = response.read()
        bodies.append(gzip.decompress(body) if accepted == "gzip" else body)
        assert (response.status, response.getheader("Content-Type")) == (404, "text/html; charset=utf-8")

    assert bodies[0] == bodies[1]
    assert b"<pre>Cannot GET /v1/xyz</pre>" in bodies[0]


def test_limits_travel(connection: http.client.HTTPConnection) -> None:
    """Every answer says what is left of 200 a minute for its key, and when they come back.

    Two connections share a key's minute.
    """
    before = time.time()
    found: list[list[int]] = []
    for path, headers in (
        ("/me", KEY),
        ("/me", {}),
        ("/nothing", KEY),
        ("/v1/todos", KEY),
        ("/me", {"Authorization": "Bearer x"}),
    ):
        connection.close()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        found.append([int(response.headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset")])
        assert response.headers["Retry-After"] is None

    assert [limits[:2] for limits in found] == [[200, 199], [200, 199], [200, 198], [200, 197], [200, 199]]
    assert found[0][2] == found[2][2] == found[3][2]
    assert all(before + 60 <= limits[2] <= time.time() + 61 for limits in found)


def test_serve_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ``python -m hedy_jupyter serve`` serves counts 200 requests a minute."""
    served: list[Service] = []
    monkeypatch.setattr(serve_module.Server, "__init__", lambda _server, service, _port: served.append(service))
    monkeypatch.setattr(serve_module.Server, "base_url", "http://127.0.0.1:1")
    monkeypatch.setattr(serve_module.Server, "server_close", lambda _server: None)

    serve(out=Screen(), fault="maintenance")

    assert served[0].requests_a_minute == 200
    assert json.loads(served[0].answer("GET", "/me", KEY, b"").body) == {"status": "maintenance"}


@pytest.mark.parametrize(("name", "status"), [("gateway", 404), ("maintenance", 200)])
def test_faults_of_others_travel(
    connection: http.client.HTTPConnection, service: Service, name: str, status: int
) -> None:
    """The faults in which Hedy does not answer come over HTTP, without a word of Hedy's limit."""
    service.fault(name)
    connection.request("POST", "/topics", body=b'{"name": "Lost"}', headers=KEY)
    response = connection.getresponse()
    response.read()

    assert response.status == status
    assert not any(header.lower().startswith("x-ratelimit") for header, _ in response.getheaders())


def test_writes_travel(connection: http.client.HTTPConnection) -> None:
    """A body arrives, and no answer allows other origins."""
    connection.request("POST", "/topics", body=json.dumps({"name": "Über"}), headers=KEY)
    response = connection.getresponse()
    answer = json.loads(response.read())

    assert (response.status, answer["data"]["name"]) == (201, "Über")
    assert not any(name.lower().startswith("access-control") for name, _ in response.getheaders())


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip, deflate", True), ("br;q=1, GZIP;q=0.5", True), ("gzip;q=0", False), ("identity", False)],
)
def test_gzip_where_it_is_accepted(connection: http.client.HTTPConnection, accepted: str, packed: bool) -> None:
    """A body is packed for those who unpack it."""
    connection.request("GET", "/todos", headers={**KEY, "Accept-Encoding": accepted})
    response = connection.getresponse()
    body = response.read()

    assert (response.getheader("Content-Encoding") == "gzip") is packed
    assert len(json.loads(gzip.decompress(body) if packed else body)) > 300


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:8000", 200),
        ("[::1]:1", 200),
        ("LOCALHOST", 200),
        ("demo.example", 403),
        ("127.0.0.1.demo.example", 403),
        ("localhost:80@demo.example", 403),
        ("", 403),
    ],
)
def test_only_loopback_names_are_answered(connection: http.client.HTTPConnection, host: str, status: int) -> None:
    """A page that reaches the port under another name gets nothing."""
    connection.request("GET", "/me", headers={**KEY, "Host": host})
    response = connection.getresponse()
    answer = json.loads(response.read())

    assert response.status == status
    assert status == 200 or answer["error"]["code"] == "forbidden_host"


def test_no_host_or_two_are_refused(served: tuple[Service, str]) -> None:
    """A request has to name exactly one host."""
    none = raw(served[1], b"GET /me HTTP/1.1\r\n\r\n")
    two = raw(served[1], b"GET /me HTTP/1.1\r\nHost: localhost\r\nHost: demo.example\r\n\r\n")

    assert (code(none), code(two)) == ("forbidden_host", "forbidden_host")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Content-Length: abc", 400),
        (b"Content-Length: -1", 400),
        (b"Content-Length: +1", 400),
        (b"Content-Length: 1\r\nContent-Length: 2", 400),
        (b"Transfer-Encoding: chunked", 400),
    ],
)
def test_bodies_of_unclear_length_are_refused(served: tuple[Service, str], headers: bytes, status: int) -> None:
    """A length that is not one number is refused and the connection closed."""
    answer = raw(served[1], b"POST /topics HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert code(answer) == "validation_error"


def test_large_bodies_are_refused(connection: http.client.HTTPConnection) -> None:
    """More than the limit is 413, and the client gets to see it."""
    connection.request("POST", "/topics", body=b"x" * (MAX_BODY_BYTES + 1), headers=KEY)

    assert connection.getresponse().status == 413


@pytest.mark.parametrize("line", [b"NONSENSE", b"BREW /me HTTP/1.1\r\nHost: localhost", b"GET /me HTTP/9.9"])
def test_what_is_not_http_gets_the_envelope(served: tuple[Service, str], line: bytes) -> None:
    """Even the refusals of the standard library are JSON."""
    answer = raw(served[1], line + b"\r\n\r\n")

    assert code(answer) == "validation_error"


def test_head_has_no_body(served: tuple[Service, str]) -> None:
    """A HEAD is refused without a body, as HTTP requires."""
    answer = raw(
        served[1],
        b"HEAD /me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
        + DEMO_KEY.encode()
        + b"\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.endswith(b"\r\n\r\n")


def test_drop_closes_after_the_work(connection: http.client.HTTPConnection, service: Service) -> None:
    """The connection ends without an answer, and the topic is there."""
    service.fault("drop", times=1)
    connection.request("POST", "/topics", body=b'{"name": "Dropped"}', headers=KEY)
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()

    connection.request("GET", "/topics", headers=KEY)
    names = [topic["name"] for topic in json.loads(connection.getresponse().read())["data"]]

    assert "Dropped" in names


def test_timeout_holds_the_connection_until_the_server_stops() -> None:
    """Nothing comes while the server runs; when it stops the connection is closed."""
    service = Service()
    service.fault("timeout")
    with start(service) as (_server, base_url):
        client = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=0.2)
        client.request("GET", "/me", headers=KEY)
        with pytest.raises(TimeoutError):
            client.getresponse()
        assert client.sock is not None
        client.sock.settimeout(20)
        waiting = client.sock

    assert waiting.recv(1) == b""
    client.close()


def test_timeout_is_bounded(
    connection: http.client.HTTPConnection, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A held connection is closed in the end."""
    monkeypatch.setattr(serve_module, "HOLD_S", 0.01)
    service.fault("timeout", times=1)
    connection.request("GET", "/me", headers=KEY)

    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()


def test_slow_waits_and_the_end_of_the_server_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The delay of a reply is kept by waiting for the end of the server."""
    service = Service()
    service.fault("slow")
    waits: list[float] = []
    with start(service) as (server, base_url):
        monkeypatch.setattr(server.stopping, "wait", lambda seconds: waits.append(seconds) or False)
        client = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=20)
        client.request("GET", "/me", headers=KEY)
        client.getresponse().read()
        client.close()

    assert waits == [1.0]


def test_threads_are_served_together(served: tuple[Service, str], service: Service) -> None:
    """Eight clients at once get all their answers, and every write is done once."""

    def create(number: int) -> None:
        client = http.client.HTTPConnection(served[1], timeout=20)
        for turn in range(5):
            client.request("POST", "/topics", body=json.dumps({"name": f"{number}/{turn}"}), headers=KEY)
            client.getresponse().read()
        client.close()

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    topics = json.loads(service.answer("GET", "/topics", KEY, b"").body)["data"]

    assert len({topic["id"] for topic in topics}) == len(topics) == 49


class Screen(io.StringIO):
    """Takes what is written and then is a user who presses Ctrl-C."""

    def flush(self) -> None:
        raise KeyboardInterrupt


def test_serve_says_where_it_is_and_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    """The base URL and the key are written, and Ctrl-C is no error."""
    screen = Screen()

    serve(out=screen)

    assert re.match(rf"http://127\.0\.0\.1:[1-9][0-9]*\n{DEMO_KEY}\n", screen.getvalue())
    assert capsys.readouterr() == ("", "")


def test_serve_refuses_an_unknown_fault() -> None:
    """A mistyped fault is an error before anything is served."""
    screen = Screen()

    with pytest.raises(ValueError, match="Unknown fault"):
        serve(fault="sloow", out=screen)

    assert screen.getvalue() == ""


def test_requests_leave_no_trace(connection: http.client.HTTPConnection, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing of a request is logged."""
    connection.request("GET", "/sessions?limit=1", headers=KEY)
    connection.getresponse().read()

    assert capfd.readouterr() == ("", "")
