"""A Hedy that several programs use at once, behind a rate limit, on a clock that only the test moves."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from email.utils import formatdate
from typing import Any, Protocol

import httpx

from hedy_jupyter.api import details, routes, session_history
from hedy_jupyter.api.cache import ResponseCache
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.client_events import ClientEvent, Notice
from hedy_jupyter.api.rate_limit import LIMIT, WINDOW_S, RateLimiter
from hedy_jupyter.api.reader import Reader
from hedy_jupyter.credentials import Secret
from tests.conftest import KEY
from tests.histories import History

EPOCH_S = 1_763_800_000.0
"""The server's clock says this at the world's second 0; it is not this machine's."""


class World:
    """A clock and a sleep; time goes on to the next sleeper when nothing else can run."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._count), woken))
        await woken

    def run(self, work: Awaitable[Any]) -> Any:
        """The result of *work*."""

        async def main() -> Any:
            task = asyncio.ensure_future(work)
            while not task.done():
                for _ in range(5):  # let whoever can run do so
                    await asyncio.sleep(0)
                if not task.done() and self._sleepers:
                    at, _, woken = heapq.heappop(self._sleepers)
                    self.now = max(self.now, at)
                    if not woken.done():
                        woken.set_result(None)
            return task.result()

        return asyncio.run(main())

    def limiter(self, limit: int = LIMIT) -> RateLimiter:
        return RateLimiter(limit, clock=self.clock, sleep=self.sleep)


class ServerLimit(Protocol):
    """A way to count requests."""

    def take(self, now: float) -> tuple[bool, int, float]:
        """Count a request: whether it is let in, how many are left then, and when more are."""


class FixedWindow:
    """A minute begins with the first request after the last one is over, and all are free again at its end."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit, self._count, self._end = limit, 0, -math.inf

    def take(self, now: float) -> tuple[bool, int, float]:
        if now >= self._end:
            self._count, self._end = 0, now + WINDOW_S
        self._count += 1
        return self._count <= self.limit, max(0, self.limit - self._count), self._end


class SlidingWindow:
    """A place is free again a minute after it was taken; the reset is when the next one is."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self._taken: deque[float] = deque()

    def take(self, now: float) -> tuple[bool, int, float]:
        while self._taken and self._taken[0] <= now - WINDOW_S:
            self._taken.popleft()
        inside = len(self._taken) < self.limit
        if inside:
            self._taken.append(now)
        return inside, self.limit - len(self._taken), self._taken[0] + WINDOW_S


class RatedServer:
    """A history behind a rate limit.

    Args:
        headers: what each answer says of the limit; nothing, "reset" (as the live API) or "retry-after" (with a 429).
        delay_s: how long a request, or an answer, is on its way.
    """

    def __init__(
        self,
        world: World,
        limit: ServerLimit,
        history: History,
        *,
        headers: str = "reset",
        delay_s: Callable[[], float] = lambda: 0.05,
    ) -> None:
        self.world, self.limit, self.history = world, limit, history
        self._headers, self._delay_s = headers, delay_s
        self.arrivals: list[tuple[float, int]] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await self.world.sleep(self._delay_s())
        inside, left, reset = self.limit.take(self.world.now)
        answer = (
            self.history(request) if inside else httpx.Response(429, text="Too many requests, please try again later.")
        )
        self.arrivals.append((self.world.now, answer.status_code))
        answer.headers.update(self._said(inside, left, reset))
        await self.world.sleep(self._delay_s())
        return answer

    def _said(self, inside: bool, left: int, reset: float) -> dict[str, str]:
        if self._headers == "retry-after" and not inside:
            return {"retry-after": str(math.ceil(reset - self.world.now))}
        if self._headers != "reset":
            return {}
        return {
            "x-ratelimit-limit": "200",
            "x-ratelimit-remaining": str(left),
            "x-ratelimit-reset": str(int(EPOCH_S + reset)),
            "date": formatdate(EPOCH_S + self.world.now, usegmt=True),
        }

    @property
    def refused(self) -> int:
        """How many requests were."""
        return sum(1 for _, status in self.arrivals if status == 429)


class Program:
    """One process that uses the key: its limiter, its client and the waits that it reported.

    Attributes:
        notices: which waits were reported, and when.
    """

    def __init__(self, server: RatedServer) -> None:
        self.world = world = server.world
        self.limiter = world.limiter()
        webhook_limiter = world.limiter(5)
        transport = httpx.MockTransport(server)
        self.client = Client(
            "https://host.example",
            Secret(KEY),
            self.limiter,
            webhook_limiter,
            user_agent="test",
            transport=transport,
            sleep=world.sleep,
        )
        self.notices: list[tuple[float, Notice]] = []

    def reader(self) -> Reader:
        """A reader with nothing in memory."""
        return Reader(self.client, ResponseCache(clock=self.world.clock), self._hear, refresh=True)

    def _hear(self, event: ClientEvent) -> None:
        if isinstance(event, Notice):
            self.notices.append((self.world.now, event))

    async def everything(self) -> list[str]:
        """The ids of the complete history, each with its details: ``sessions(limit=None, details=True)``."""
        reader = self.reader()
        listing = await session_history.sessions(reader, None, None, None, None)
        rows = (await details.with_details(reader, "sessions", routes.SESSION, listing)).records
        return [row["sessionId"] for row in rows if row.get("transcript")]


def at_once(world: World, *work: Coroutine[Any, Any, Any]) -> list[Any]:
    """The results of *work*, done side by side."""

    async def all_of_it() -> list[Any]:
        return await asyncio.gather(*work)

    return world.run(all_of_it())


def after(world: World, seconds: float, work: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
    """*work*, begun *seconds* from now."""

    async def later() -> Any:
        await world.sleep(seconds)
        return await work

    return later()


def jitter(seed: int, low_s: float = 0.01, high_s: float = 0.6) -> Callable[[], float]:
    """Delays that differ from request to request, the same in each run."""
    source = random.Random(seed)  # noqa: S311  nothing secret
    return lambda: source.uniform(low_s, high_s)
