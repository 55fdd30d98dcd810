"""A client that calls an ASGI application in process, chunk by chunk, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

HANG = object()
"""In place of a chunk: the client sends nothing more."""


@dataclass(frozen=True)
class Answer:
    """What the application sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """A client of one application; every request has a new event loop, as those of several servers have."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def send(
        self,
        body: bytes | Iterable[object] = b"",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        *,
        method: str = "POST",
        path: str = "/",
    ) -> Answer:
        """Send one request."""
        chunks = [body] if isinstance(body, bytes) else body
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        return asyncio.run(self.talk(chunks, list(pairs), method, path))

    async def talk(
        self, chunks: Iterable[object], headers: list[tuple[str, str]], method: str = "POST", path: str = "/"
    ) -> Answer:
        """Send one request on this event loop."""
        left, sent = iter(chunks), list[dict[str, Any]]()

        async def receive() -> dict[str, Any]:
            chunk = next(left, None)
            if chunk is HANG:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 2),
        }
        await self.application(scope, receive, send)
        start = sent[0]
        found = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], found, b"".join(part.get("body", b"") for part in sent[1:]))
