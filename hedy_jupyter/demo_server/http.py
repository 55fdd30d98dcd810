"""The demo service on a socket of the loopback interface, for curl and other clients."""

from __future__ import annotations

import contextlib
import gzip
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from socketserver import TCPServer
from typing import TextIO

from hedy_jupyter.demo_server.service import Reply, Service, refused
from hedy_jupyter.demo_server.validation import Refusal

LOOPBACK = "127.0.0.1"
BODY_MOST_BYTES = 1_000_000
DRAIN_MOST_BYTES = 16_000_000
HOLD_S = 90.0
IDLE_S = 90.0
_LOOPBACK_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_REFUSED_WEIGHT = re.compile(r"\s*q=0(\.0*)?\s*", re.IGNORECASE)


class Server(ThreadingHTTPServer):
    """An HTTP server round one :class:`Service`; ``stopping`` ends every wait."""

    daemon_threads = True

    def __init__(self, service: Service, port: int = 0) -> None:
        self.service = service
        self.stopping = (
            threading.Event()
        )  # before the socket: where the port is taken, the base class closes us at once
        super().__init__((LOOPBACK, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as the standard library would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    @property
    def base_url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.server_port}"

    def server_close(self) -> None:
        """Close the socket and let no request wait any longer."""
        self.stopping.set()
        super().server_close()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """A client that goes away in the middle is its own affair; anything else is a mistake here and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Carries one connection; everything about Hedy is the service's."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "hedy-demo"
    sys_version = ""
    timeout = IDLE_S
    disable_nagle_algorithm = True

    def _handle(self) -> None:
        try:
            self._check_host()
            body = self._body()
        except Refusal as refusal:
            self.close_connection = True  # what is left of the request was not read
            self._send(refused(refusal))
        else:
            self._answer(body)

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = _handle  # noqa: N815 -- names of the standard library

    def _answer(self, body: bytes) -> None:
        try:
            reply = self.server.service.answer(self.command, self.path, dict(self.headers.items()), body)
        except TimeoutError:
            self.server.stopping.wait(HOLD_S)
            self.close_connection = True
        except ConnectionResetError:
            self.close_connection = True
        else:
            self.server.stopping.wait(reply.delay_s)
            self._send(reply)

    def _check_host(self) -> None:
        """A page in a browser can reach loopback under a name of its own; such a name is not answered."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not _LOOPBACK_HOST.fullmatch(hosts[0].strip()):
            raise Refusal(403, "forbidden_host", "The demo answers only to 127.0.0.1, localhost and [::1]")

    def _body(self) -> bytes:
        lengths = self.headers.get_all("Content-Length", ["0"])
        if (
            "Transfer-Encoding" in self.headers
            or len(lengths) != 1
            or not re.fullmatch(r"[0-9]{1,15}", lengths[0].strip())
        ):
            raise Refusal(
                400, "validation_error", "The request needs one valid Content-Length and no Transfer-Encoding"
            )
        length = int(lengths[0])
        if length > BODY_MOST_BYTES:
            self._drain(length)
            raise Refusal(413, "validation_error", f"The body is larger than {BODY_MOST_BYTES} bytes")
        return self.rfile.read(length)

    def _drain(self, length: int) -> None:
        """Read what is too large and forget it: a client that is still sending would not see the answer."""
        left = min(length, DRAIN_MOST_BYTES)
        while left > 0 and (chunk := self.rfile.read(min(left, 65_536))):
            left -= len(chunk)

    def _send(self, reply: Reply) -> None:
        body, headers = reply.body, {**reply.headers, "Vary": "Accept-Encoding", "Cache-Control": "no-store"}
        if _takes_gzip(self.headers.get("Accept-Encoding", "")):
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 -- its signature
        """What the standard library refuses by itself (a bad request line, an unknown method) has the envelope too."""
        reply = refused(Refusal(code, "validation_error", message or "The request is not valid HTTP"))
        self.close_connection = True
        self.request_version = (
            self.protocol_version
        )  # after a bad request line it would be HTTP/0.9, which has no headers
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.headers["Content-Type"])
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its signature
        """Nothing is logged: a request line can hold what people search for."""


def _takes_gzip(accepted: str) -> bool:
    parts = (part.partition(";") for part in accepted.split(","))
    return any(name.strip().lower() == "gzip" and not _REFUSED_WEIGHT.fullmatch(weight) for name, _, weight in parts)


@contextlib.contextmanager
def start(service: Service, port: int = 0) -> Iterator[tuple[Server, str]]:
    """Serve *service* in a thread while the block runs; gives the server and its base URL."""
    server = Server(service, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server, server.base_url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def serve(*, port: int = 0, fault: str | None = None, out: TextIO | None = None) -> None:
    """Serve a fresh demo account on 127.0.0.1 until Ctrl-C.

    Writes the base URL and the demo key to *out* (standard output).

    ``ValueError`` for an unknown fault, ``OSError`` where the port is taken.
    """
    service = Service()
    service.fault(fault)
    stream = out or sys.stdout
    with Server(service, port) as server, contextlib.suppress(KeyboardInterrupt):
        stream.write(f"{server.base_url}\n{service.key}\n")
        stream.write(f'Try: curl -H "Authorization: Bearer {service.key}" {server.base_url}/me\nCtrl-C ends it.\n')
        stream.flush()
        server.serve_forever()
