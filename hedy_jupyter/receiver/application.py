"""The ASGI application: accepts a signed delivery and answers when it is in the archive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from hedy_jupyter.archive.events import Delivered
from hedy_jupyter.errors import HedyError, UsageError
from hedy_jupyter.receiver import delivery, secrets_file
from hedy_jupyter.receiver.archive_writer import LOG
from hedy_jupyter.receiver.receiver import Receiver

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.datastructures import Headers
    from starlette.requests import Request
    from starlette.responses import Response

    from hedy_jupyter.account.hedy import Hedy

MAX_BODY_BYTES = 10_000_000
"""A larger body is refused."""
BODY_S = 10.0
"""A body that is not there after this time is refused."""
ANSWER_S = 5.0
"""Where the archive is held by another program for longer, the sender is told to come again."""
_USE_S = 0.1  # what a delivery carries is usually in the archive before the answer; nobody waits longer for it
_BUSY = 8  # deliveries; with more on their way, the answer does not wait for that
_DRAINED_BYTES = 2 * MAX_BODY_BYTES
_SMALL_BYTES = 65_536
_IN_MEMORY_BYTES = 200_000_000  # of larger bodies at a time, over all clients


class _Refusal(Exception):
    """A delivery that is not accepted.

    Attributes:
        status: the HTTP status.
        text: one line for the sender, without any detail.
    """

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


def app(
    secrets: str | bytes | Iterable[str | bytes] | None = None,
    *,
    archive: str | Path | None = None,
    account: Hedy | None = None,
    fetch: bool = True,
    run: str | Sequence[str] | None = None,
) -> Starlette:
    """Return an ASGI application that keeps Hedy's webhooks in the archive: ``POST /`` and nothing else.

    It starts with the server that runs it, or with its first delivery. Its state has ``receiver``, whose ``close()``
    ends its threads where the server does not.

    Args:
        secrets: the secret that the Hedy app showed, or several while one replaces the other; None takes those of
            ``HEDY_WEBHOOK_SECRET``.
        archive: the archive file; else that of the account.
        account: the account whose details are fetched and whose archive it is; else the one that the settings name.
        fetch: whether the details of delivered sessions are fetched from Hedy. False makes no request and needs no key
            where *archive* names a file.
        run: a command that is run for each new event, with its JSON on standard input.

    Raises:
        SettingsError: there is no secret, or no key where one is needed.
        UsageError: Starlette is not installed, the command was not found, or no archive is named.
        ArchiveError: the archive is another account's, or cannot be used.

    Example:
        >>> from hedy_jupyter import receiver
        >>> application = receiver.app("whsec_from_the_app", archive="meetings.sqlite", fetch=False)
        >>> # uvicorn module:application
    """
    return application(
        Intake(
            secrets_file.of(secrets),
            Receiver.of(archive=archive, account=account, fetch=fetch, run=run),
        )
    )


def application(intake: Intake) -> Starlette:
    """Return the ASGI application of *intake*."""
    try:
        from starlette.applications import Starlette
        from starlette.exceptions import HTTPException
        from starlette.requests import ClientDisconnect
        from starlette.responses import JSONResponse
        from starlette.routing import Route
    except ImportError:
        raise UsageError(
            "The receiver needs Starlette and uvicorn.", advice='pip install "hedy-jupyter[receiver]"'
        ) from None

    def answer(status: HTTPStatus, text: str = "") -> Response:
        headers = {} if status is HTTPStatus.OK else {"Connection": "close"}  # what is left of the body is not read
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = "POST"
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = "5"
        return JSONResponse({"ok": not text} | ({"error": text} if text else {}), status, headers)

    async def receive(request: Request) -> Response:
        try:
            await intake.take(request)
        except _Refusal as refusal:
            LOG.warning("refused: %s", refusal.text)
            return answer(refusal.status, refusal.text)
        return answer(HTTPStatus.OK)

    async def refuse(_: Request, error: Exception) -> Response:
        status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
        if isinstance(error, ClientDisconnect):
            LOG.warning("refused: the sender went away before the body was complete")
        return answer(status, status.phrase)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(intake.receiver.start)
        try:
            yield
        finally:
            await asyncio.to_thread(intake.receiver.close)

    made = Starlette(
        routes=[Route("/", receive, methods=["POST"])],
        exception_handlers={HTTPException: refuse, ClientDisconnect: refuse, Exception: refuse},
        lifespan=lifespan,
    )
    made.router.redirect_slashes = False
    made.state.receiver = intake.receiver
    return made


class Intake:
    """Take deliveries: read, verify, keep.

    Args:
        secrets: one of which has signed a genuine delivery.
        receiver: keeps them.
        body_s: how long a body may take, in seconds.
        answer_s: how long the archive may take, in seconds.
        max_bytes: how large a body may be.
    """

    def __init__(
        self,
        secrets: secrets_file.Secrets,
        receiver: Receiver,
        *,
        body_s: float = BODY_S,
        answer_s: float = ANSWER_S,
        max_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self.receiver = receiver
        self._secrets = secrets
        self._body_s, self._answer_s, self._max_bytes = body_s, answer_s, max_bytes
        self._in_memory = 0

    async def take(self, request: Request) -> None:
        """Return when the delivery in *request* is in the archive, durably.

        Raises:
            _Refusal: it is not.
        """
        async with self._body(request) as body:
            if len(body) > _SMALL_BYTES:  # what takes its time stops no other client
                await self._kept(await asyncio.to_thread(self._verified, body, request.headers))
            else:
                await self._kept(self._verified(body, request.headers))

    def _verified(self, body: bytes, headers: Headers) -> Delivered:
        """Return what *body* says; nothing of it is parsed before one of the secrets was found to have signed it.

        Raises:
            _Refusal: it is not genuine, or no delivery.
        """
        signatures = headers.getlist("X-Hedy-Signature")
        if not self._secrets.verify(body, signatures[0] if len(signatures) == 1 else None):
            raise _Refusal(HTTPStatus.UNAUTHORIZED, "The signature is missing or wrong.")
        try:
            return delivery.read(body, headers.get("X-Hedy-Event"))
        except UsageError:
            raise _Refusal(HTTPStatus.BAD_REQUEST, "The body is not a delivery of Hedy.") from None

    async def _kept(self, delivered: Delivered) -> None:
        try:
            if not self.receiver.is_running:
                await asyncio.to_thread(self.receiver.start)
            job = self.receiver.keeper.keep(delivered)
            kept, used = asyncio.wrap_future(job.kept), asyncio.wrap_future(job.used)
            try:
                async with asyncio.timeout(self._answer_s):
                    await kept
                if self.receiver.keeper.waiting <= _BUSY:
                    await asyncio.wait([used], timeout=_USE_S)
            finally:
                used.cancel()
        except (HedyError, TimeoutError):
            raise _Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "The delivery could not be kept; send it again.") from None

    @asynccontextmanager
    async def _body(self, request: Request) -> AsyncIterator[bytes]:
        """Yield the raw body; what it takes of the memory is counted until the block ends."""
        counted, size, chunks = 0, 0, bytearray()
        try:
            try:
                async with asyncio.timeout(self._body_s):
                    async for chunk in request.stream():
                        size += len(chunk)
                        if size > _DRAINED_BYTES:
                            break
                        if size > self._max_bytes:  # read on and dropped: a client that still sends sees no answer
                            chunks.clear()
                            continue
                        chunks += chunk
                        added = max(size - _SMALL_BYTES, 0) - counted
                        if self._in_memory + added > _IN_MEMORY_BYTES:
                            raise _Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Too many deliveries at once.")
                        counted, self._in_memory = counted + added, self._in_memory + added
            except TimeoutError:
                raise _Refusal(HTTPStatus.REQUEST_TIMEOUT, "The body took too long.") from None
            if size > self._max_bytes:
                text = f"The body is larger than {self._max_bytes:,} bytes."
                raise _Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
            yield bytes(chunks)
        finally:
            self._in_memory -= counted
