"""How fast requests may go: a sliding window, shared by everything that uses the same key.

A place is counted from the end of its request: counted from the start, a server that counts on arrival still refused
some. A burst is fine; a long job settles at the limit.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

LIMIT = 200
"""Requests a minute and key (both documents of the API)."""
WEBHOOK_LIMIT = 5
"""``POST /webhooks`` a minute and key (the agent skill)."""
WINDOW_S = 60.0
EVEN_S = 1 / 3.2
"""The distance of two requests once the server has said 429."""
_POLL_S = 0.05


class Pace:
    """At most *limit* requests in any *window_s* seconds. Used from one event loop; ``left`` may be read anywhere."""

    def __init__(
        self,
        limit: int = LIMIT,
        window_s: float = WINDOW_S,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.limit = limit
        self.window_s = window_s
        self._clock = clock
        self._sleep = sleep
        self._running = 0
        self._ended: deque[float] = deque()
        self._even = False
        self._not_before = 0.0
        self._held_until = 0.0

    @property
    def left(self) -> int:
        """How many requests could start at this moment."""
        recent = sum(1 for end in list(self._ended) if end > self._clock() - self.window_s)
        return max(0, self.limit - recent - self._running)

    def seconds_for(self, requests: int) -> float:
        """How long the limit makes *requests* take from now, in seconds; 0 where they fit into the places left."""
        if self._even:
            return requests * EVEN_S
        return math.ceil(max(0, requests - self.left) / self.limit) * self.window_s

    def hold(self, wait_s: float) -> None:
        """Let nothing start for *wait_s* seconds, and go on evenly from then on: the server has said 429."""
        self._even = True
        self._held_until = max(self._held_until, self._clock() + wait_s)
        self._not_before = max(self._not_before, self._held_until)

    @asynccontextmanager
    async def place(self, on_wait: Callable[[float, bool], None] | None = None) -> AsyncIterator[None]:
        """Wait for a place, then hold it while the block runs.

        *on_wait* hears of a wait once: its seconds, and whether it is because the server has said 429.
        """
        while (wait_s := self._wait_s()) > 0:
            if on_wait is not None:
                on_wait(wait_s, wait_s > EVEN_S and self._held_until > self._clock())
                on_wait = None
            await self._sleep(wait_s)
        self._running += 1
        if self._even:
            self._not_before = max(self._not_before, self._clock() + EVEN_S)
        try:
            yield
        finally:
            self._running -= 1
            self._ended.append(self._clock())

    def _wait_s(self) -> float:
        now = self._clock()
        while self._ended and self._ended[0] <= now - self.window_s:
            self._ended.popleft()
        wait_s = max(0.0, self._not_before - now)
        if self._running + len(self._ended) >= self.limit:
            wait_s = max(wait_s, self._ended[0] + self.window_s - now if self._ended else _POLL_S)
        return wait_s
