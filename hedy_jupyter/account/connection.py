"""``Connection``: what the reads and writes of an account share: its client, its cache and the limits of its key.

It is below ``Hedy``, the public class; reads, writes, forms and the archive take it.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import pandas as pd

from hedy_jupyter import credentials, kinds, settings, version
from hedy_jupyter.account import card_parts
from hedy_jupyter.account.progress import Progress
from hedy_jupyter.api.cache import ResponseCache
from hedy_jupyter.api.event_loop import EventLoop
from hedy_jupyter.api.rate_limit import NO_LIMIT, WEBHOOK_LIMIT, RateLimiter
from hedy_jupyter.api.reader import Reader
from hedy_jupyter.api.wire_format import Record
from hedy_jupyter.credentials import Secret
from hedy_jupyter.dates import periods
from hedy_jupyter.errors import AuthError, UsageError
from hedy_jupyter.settings import Settings

if TYPE_CHECKING:
    import httpx

    from hedy_jupyter.api.client import Client
    from hedy_jupyter.api.client_events import ClientEvent
    from hedy_jupyter.demo_server.service import Service

T = TypeVar("T")

BRIDGE = EventLoop()
"""The event loop of all accounts of this process."""
_SHORT = frozenset(
    {"sessionId", "id", "title", "startTime", "endTime", "duration", "topic", "topicInfo", "name", "color"}
)
STOPPED = "Stopped: no more requests are sent. Details already received are kept; the same call requests only the rest."
"""What an interrupted read says."""


class KeyLimits:
    """The rate limits of this process by key: the API counts by key, whichever account object sends."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[RateLimiter, RateLimiter]] = {}

    def of(self, key: Secret) -> tuple[RateLimiter, RateLimiter]:
        """Return the limits of *key*: of all requests, and of new webhooks."""
        return self._known.setdefault(
            hashlib.sha256(key.reveal().encode()).hexdigest(), (RateLimiter(), RateLimiter(WEBHOOK_LIMIT))
        )

    def forget(self) -> None:
        """Begin without any request counted."""
        self._known.clear()


LIMITS = KeyLimits()
_NUMBERS = itertools.count(1)


class Connection:
    """One account as reads and writes use it.

    Attributes:
        settings: what was found, and where; never the key.
        zone: the display time zone.
        service: the demo service behind a demo account, else None.
        limiter: the limit of all requests of this key.
        webhook_limiter: the limit of new webhooks.
        cache: what was read within the last minute.
        names_seen: kind → id → title or name of what was read so far; completion reads it.
        records_seen: kind → id → what is known of the sessions and topics that were read so far; ``df.hedy`` reads it.
        todos_seen: the meetings of all todos as they were last read, and when; None before that.
        account_id: the id of the account, once Hedy has said it.
        closed: whether every later read is refused.
        number: its number in this process, by which a frame says which account it is from.
    """

    by_number: ClassVar[weakref.WeakValueDictionary[int, Connection]] = weakref.WeakValueDictionary()
    """The connections that are in memory."""

    def __init__(
        self, found: Settings, *, transport: httpx.AsyncBaseTransport | None = None, service: Service | None = None
    ) -> None:
        if found.key is None:
            raise credentials.no_key()
        self.settings = found
        self.zone: tzinfo = periods.zone(found.timezone, source=found.sources["timezone"])
        self.service = service
        self.limiter, self.webhook_limiter = _demo_limits(service) if service else LIMITS.of(found.key)
        self.cache = ResponseCache()
        self.names_seen: dict[str, dict[str, str]] = {"sessions": {}, "topics": {}, "contexts": {}, "webhooks": {}}
        self.records_seen: dict[str, dict[str, Record]] = {"sessions": {}, "topics": {}}
        self.todos_seen: tuple[pd.DataFrame, datetime] | None = None
        self.topic_colors: dict[str, str] = {}
        self.account_id: str | None = None
        self.closed = False
        self.number = next(_NUMBERS)
        self.by_number[self.number] = self
        self._key: Secret = found.key
        self._transport = transport
        self._client: Client | None = None
        self._making = threading.Lock()
        self._show: Callable[[ClientEvent], None] | None = None

    def ask(self, flow: Callable[[Reader], Coroutine[Any, Any, T]], refresh: bool = False) -> T:
        """Return the result of *flow* on the event loop; waits are shown, and an interrupt stops it.

        Raises:
            HedyError: what *flow* raises.
        """
        client = self.client()
        try:
            with Progress() as progress:
                show = self._show or progress
                return BRIDGE.run(
                    lambda emit: flow(Reader(client, self.cache, emit, refresh=refresh, zone=self.zone)), show
                )
        except AuthError as error:
            if not self.settings.demo:
                error.advice = settings.key_advice(self.settings)
            raise
        except KeyboardInterrupt as stop:
            stop._render_traceback_ = lambda: [f"KeyboardInterrupt: {STOPPED}"]  # type: ignore[attr-defined]  # IPython's hook
            raise

    def client(self) -> Client:
        """Return the client, which is made at its first use.

        Raises:
            UsageError: the account is closed.
        """
        from hedy_jupyter.api.client import Client  # brings in httpx
        from hedy_jupyter.api.transport import FunctionTransport  # brings in httpx

        with self._making:  # several threads may use it first
            if self.closed:
                raise UsageError("This account is closed.", advice="Open it again with hj.connect() or hj.demo().")
            if self._client is None:
                transport = FunctionTransport(self.service.answer) if self.service else self._transport
                self._client = Client(
                    self.settings.base_url,
                    self._key,
                    self.limiter,
                    self.webhook_limiter,
                    user_agent=f"hedy-jupyter/{version.installed()}",
                    transport=transport,
                )
                BRIDGE.keep(self._client)
                weakref.finalize(self, BRIDGE.release, self._client).atexit = False
            return self._client

    def holds_key(self, text: str) -> bool:
        """Return whether *text* shows the key of the account, however it is written."""
        return self._key.shown_in(text)

    def close(self) -> None:
        """Close the connections; every later read is a UsageError."""
        with self._making:
            client, self._client, self.closed = self._client, None, True
        if client is not None:
            BRIDGE.run(lambda _: client.close(), lambda _: None)
        self.cache.forget()

    @contextmanager
    def notices_to(self, show: Callable[[ClientEvent], None]) -> Iterator[None]:
        """Pass waits and progress to *show* while the block runs, as a form does, in place of the screen."""
        before, self._show = self._show, show
        try:
            yield
        finally:
            self._show = before

    @property
    def requests_left(self) -> int | None:
        """How many requests may start at once; None on a demo account without a limit."""
        return None if self.service and self.service.requests_a_minute is None else self.limiter.available

    @property
    def log(self) -> list[Any]:
        """The requests made, in order."""
        return [] if self._client is None else list(self._client.log)

    def note(self, kind: str, found: Iterable[Record]) -> None:
        """Remember the names and topic colours of *found*, and of sessions and topics what ``df.hedy`` may need."""
        for record in found if kind in self.names_seen else ():
            topic = record if kind == "topics" else kinds.topic_in(record)
            if color := card_parts.color(topic.get("color")):
                self.topic_colors[kinds.TOPIC.identity(topic) or ""] = color
            ident = kinds.identity(kind, record)
            if ident is not None:
                self.names_seen[kind][ident] = str(record.get("title") or record.get("name") or record.get("url") or "")
                if kind in self.records_seen:
                    short = {name: value for name, value in record.items() if name in _SHORT}
                    known = self.records_seen[kind].get(ident, {})
                    self.records_seen[kind][ident] = {**known, **short}  # a list holds less than a detail

    def note_topics(self, frame: pd.DataFrame) -> None:
        """Remember the names of the topics that occur in *frame*."""
        named = frame[["topic_id", "topic_name"]].dropna().drop_duplicates("topic_id")
        self.names_seen["topics"].update(zip(named["topic_id"], named["topic_name"], strict=True))


def _demo_limits(service: Service) -> tuple[RateLimiter, RateLimiter]:
    """Return the limits of a demo account, which shares them with no other; a service without a limit has none."""
    return RateLimiter(service.requests_a_minute or NO_LIMIT), RateLimiter(WEBHOOK_LIMIT)
