"""The demo over HTTP: its service on a socket of the loopback interface, for curl and other clients."""

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

from hedy_jupyter.demo_server.service import Response, Service, refused
from hedy_jupyter.demo_server.validation import Refusal

LOOPBACK = "127.0.0.1"
MAX_BODY_BYTES = 1_000_000
MAX_DRAIN_BYTES = 16_000_000
HOLD_S = 90.0
IDLE_S = 90.0
_LOOPBACK_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_REFUSED_WEIGHT = re.compile(r"\s*q=0(\.0*)?\s*", re.IGNORECASE)


class Server(ThreadingHTTPServer):
    """An HTTP server for one :class:`Service`; ``stopping`` ends every wait."""

    daemon_threads = True

    def __init__(self, service: Service, port: int = 0) -> None:
        self.service = service
        self.stopping = threading.Event()  # before the socket: the base class closes us where the port is taken
        super().__init__((LOOPBACK, port), _Handler)

    def server_bind(self) -> None:
        """Bind without looking up this machine's name, as the standard library would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    @property
    def base_url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.server_port}"

    def server_close(self) -> None:
        """Close the socket and end every wait."""
        self.stopping.set()
        super().server_close()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Show an error, unless it is only that the client closed the connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Handles one connection; the service makes every response."""

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
            response = self.server.service.answer(self.command, self.path, dict(self.headers.items()), body)
        except TimeoutError:
            self.server.stopping.wait(HOLD_S)
            self.close_connection = True
        except ConnectionResetError:
            self.close_connection = True
        else:
            self.server.stopping.wait(response.delay_s)
            self._send(response)

    def _check_host(self) -> None:
        """Refuse another host name than those of loopback: a page in a browser can use one to reach this server."""
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
        if length > MAX_BODY_BYTES:
            self._drain(length)
            raise Refusal(413, "validation_error", f"The body is larger than {MAX_BODY_BYTES} bytes")
        return self.rfile.read(length)

    def _drain(self, length: int) -> None:
        """Read a body that is too large and drop it: a client that is still sending would not see the response."""
        left = min(length, MAX_DRAIN_BYTES)
        while left > 0 and (chunk := self.rfile.read(min(left, 65_536))):
            left -= len(chunk)

    def _send(self, response: Response) -> None:
        body, headers = response.body, {**response.headers, "Vary": "Accept-Encoding", "Cache-Control": "no-store"}
        if _accepts_gzip(self.headers.get("Accept-Encoding", "")):
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.send_response(response.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 -- its signature
        """Send a refusal of the standard library (a bad request line, an unknown method) in the error envelope."""
        response = refused(Refusal(code, "validation_error", message or "The request is not valid HTTP"))
        self.close_connection = True
        self.request_version = self.protocol_version  # a bad request line sets HTTP/0.9, which has no headers
        self.send_response(response.status)
        self.send_header("Content-Type", response.headers["Content-Type"])
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its signature
        """Log nothing: a request line can contain what people search for."""


def _accepts_gzip(accepted: str) -> bool:
    parts = (part.partition(";") for part in accepted.split(","))
    return any(name.strip().lower() == "gzip" and not _REFUSED_WEIGHT.fullmatch(weight) for name, _, weight in parts)


@contextlib.contextmanager
def start(service: Service, port: int = 0) -> Iterator[tuple[Server, str]]:
    """Serve *service* in a thread while the block runs; yields the server and its base URL."""
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
    """Serve a new demo account on 127.0.0.1 until Ctrl-C; write its base URL and key to *out* (standard output).

    Raises:
        ValueError: the fault is unknown.
        OSError: the port is taken.
    """
    service = Service()
    service.fault(fault)
    stream = out or sys.stdout
    with Server(service, port) as server, contextlib.suppress(KeyboardInterrupt):
        stream.write(f"{server.base_url}\n{service.key}\n")
        stream.write(f'Try: curl -H "Authorization: Bearer {service.key}" {server.base_url}/me\nCtrl-C ends it.\n')
        stream.flush()
        server.serve_forever()
