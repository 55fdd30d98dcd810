"""How fast requests may go: a sliding window of our own requests, and what the server says is left for everybody with the same key.

A place is counted from the end of its request: counted from the start, a server that counts on arrival still refused
some. A burst is fine; a long job settles at the limit.

The limit lives in the account: other kernels and programs count as well. So what an answer says is left lowers our own count, and
after a minute that was used up one request goes ahead, whose answer says how many may follow.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from hedy_jupyter.api.rate_headers import Quota

LIMIT = 200
"""Requests a minute and key (both documents of the API)."""
WEBHOOK_LIMIT = 5
"""``POST /webhooks`` a minute and key (the agent skill)."""
WINDOW_S = 60.0
EVEN_S = 1 / 3.2
"""The distance of two requests once the server has said 429."""
MARGIN = 8
"""Places left to another program with the same key: as many as it may have in flight."""
RESET_SLACK_S = 1.5
"""How much later than the server's reset to go on: both of its times are rounded to seconds."""
_IN_FLIGHT_SHARE = 4
"""Where others take part, have in flight no more than this part of what is left: so that together we stop in time."""
_EARLY_S = 2.0
"""How much earlier than it seems the reset may be, for the same reason."""
_SLOWER_AT_FIRST, _SLOWEST = 4.0, 8.0
"""How many times slower than ``EVEN_S`` to go at most, after a first 429 and after more, where no answer ever says what is left."""
_FASTER = 1.5
"""By how much faster again after two minutes without a 429."""
_SAME_RESET_S = 1.0
"""Two resets no further apart are the same one, rounded."""
_TELL_S = 1.0
_TELL_SERVER_S = 3.0
"""A wait that is longer is told; those for a place among several programs are many and short."""


@dataclass
class _Report:
    """What the server says is left until its reset.

    Attributes:
        reset: in its own Unix seconds.
        reset_at: the same on our clock.
        remaining: the lowest number that it has said.
        others: requests of ours in flight when it said so, which may not be counted in it.
        started: requests of ours that started since.
        shared: whether other programs take part: our own requests do not explain the number.
    """

    reset: float
    reset_at: float
    remaining: int
    others: int
    started: int = 0
    shared: bool = False

    @property
    def until(self) -> float:
        """When it is over for certain."""
        return self.reset_at + RESET_SLACK_S

    def left(self, margin: int) -> int:
        """Return how many requests may still start, *margin* being left to other programs."""
        return max(0, self.remaining - margin - self.others - self.started)

    def shows_others(self, own_left: int, now: float) -> bool:
        """Return whether other programs take part: never true of one that is alone, because it counts longer than the server."""
        return self.shared or (now < self.reset_at - _EARLY_S and own_left > self.remaining - self.started)


class Slot:
    """The place of one request."""

    def __init__(self, pace: RateLimiter) -> None:
        self._pace = pace

    def accepted(self, quota: Quota | None = None) -> None:
        """Note that the server took the request, and what its answer says is left."""
        self._pace._learn(self, quota)


class RateLimiter:
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
        self._margin = min(MARGIN, limit // 10)
        self._running = 0
        self._ended: deque[float] = deque()
        self._full = False
        self._yields = False
        self._busy_at = 0.0
        self._even = False
        self._even_from = 0.0
        self._slower = 1.0
        self._slower_at = 0.0
        self._held_until = 0.0
        self._informed = False
        self._report: _Report | None = None
        self._unsure = False
        self._probe: Slot | None = None
        self._waiting = {False: 0, True: 0}
        self._turns: list[asyncio.Future[None]] = []

    @property
    def left(self) -> int:
        """How many requests may start at this moment, by our own count or by what the server says: the lower number."""
        now = self._clock()
        return 0 if now < self._held_until else self._said_left(now)

    def seconds_for(self, requests: int) -> float:
        """How long the limit makes *requests* take from now, in seconds; 0 where they fit into the places left."""
        if self._even:
            return requests * self._slower * EVEN_S
        return math.ceil(max(0, requests - self.left) / self.limit) * self.window_s

    def hold(self, wait_s: float) -> None:
        """Let nothing start for *wait_s* seconds, then one request, and go on evenly from then on: the server has said 429."""
        now = self._clock()
        recent = self.limit - self._own_left(now) - self._running
        if not self._informed and now >= self._held_until and recent >= self.limit / 10:  # stay with what went well
            most = _SLOWEST if self._even else _SLOWER_AT_FIRST
            self._slower, self._slower_at = max(self._slower, min(self.limit / recent, most)), now
        self._even = self._unsure = True
        self._held_until = max(self._held_until, now + wait_s)

    @asynccontextmanager
    async def place(
        self, on_wait: Callable[[float, bool], None] | None = None, *, last_try: bool = False
    ) -> AsyncIterator[Slot]:
        """Wait for a place, then hold it while the block runs.

        *on_wait* is told of a wait once: its seconds, and whether it is because of what the server has said. A
        *last_try* is a request that is not sent again after a 429: it goes before others, but not ahead of them as the
        one that tries.
        """
        self._waiting[last_try] += 1
        try:
            while (wait_s := self._wait_s(last_try)) > 0:
                server = self._server_says()
                if on_wait is not None and (_TELL_SERVER_S if server else _TELL_S) < wait_s < math.inf:
                    on_wait(wait_s, server)
                    on_wait = None
                await self._rest(wait_s)
        finally:
            self._waiting[last_try] -= 1
            self._wake()
        slot = self._start()
        try:
            yield slot
            if self._probe is slot:
                self._unsure = False
        finally:
            self._end(slot)

    async def _rest(self, wait_s: float) -> None:
        """Wait; where an answer that is on its way may change how long, until there is one."""
        if not self._running and wait_s < math.inf:
            await self._sleep(wait_s)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turns.append(turn)
        if wait_s == math.inf:
            await turn
            return
        timer = asyncio.ensure_future(self._sleep(wait_s))
        try:
            await asyncio.wait({turn, timer}, return_when=asyncio.FIRST_COMPLETED)
            if timer.done():
                timer.result()
        finally:
            turn.cancel()
            timer.cancel()

    def _wake(self) -> None:
        turns, self._turns = self._turns, []
        for turn in turns:
            if not turn.done():
                turn.set_result(None)

    def _start(self) -> Slot:
        slot = Slot(self)
        if self._unsure:
            self._probe = slot
        self._running += 1
        self._busy_at = self._clock()
        if self._report is not None:
            self._report.started += 1
        if self._even:
            now = self._clock()
            if self._slower > 1 and now >= self._slower_at + 2 * self.window_s:
                self._slower, self._slower_at = max(1.0, self._slower / _FASTER), now
            self._even_from = max(self._even_from, now) + self._slower * EVEN_S
        return slot

    def _end(self, slot: Slot) -> None:
        self._running -= 1
        self._ended.append(self._clock())
        if self._probe is slot:
            self._probe = None
        if (
            self._report is not None and not self._running
        ):  # what had no answer may not be counted, and the margin is for that
            self._report.others = self._report.started = 0
        self._wake()

    def _learn(self, slot: Slot, quota: Quota | None) -> None:
        if self._probe is slot:
            self._probe, self._unsure = None, False
        if quota is not None:
            self._informed = True
            self._take_over(quota)
        self._wake()

    def _take_over(self, quota: Quota) -> None:
        now, report = self._clock(), self._report
        later_s = math.inf if report is None or now >= report.until else quota.reset - report.reset
        if later_s <= _SAME_RESET_S - self.window_s:  # of a minute that is over
            return
        if report is None or later_s > _SAME_RESET_S:
            report = self._report = _Report(quota.reset, now + quota.reset_in_s, quota.remaining, self._running - 1)
        elif quota.remaining < report.remaining:
            report.remaining, report.others, report.started = quota.remaining, self._running - 1, 0
            report.reset_at = max(report.reset_at, now + quota.reset_in_s)
        else:  # an answer that was overtaken
            return
        report.shared |= quota.remaining < self._own_left(now)

    def _own_left(self, now: float) -> int:
        recent = sum(1 for end in list(self._ended) if end + self.window_s > now)
        return max(0, self.limit - recent - self._running)

    def _said_left(self, now: float) -> int:
        """Return how many requests may start by our own count, or by what the server says where other programs take part."""
        report, own_left = self._report, self._own_left(now)
        if report is None or now >= report.until or not report.shows_others(own_left, now):
            return own_left
        return min(own_left, report.left(self._margin))

    def _wait_s(self, last_try: bool) -> float:
        """Return how long to wait before a request may start; infinite where that is up to other requests."""
        now = self._clock()
        while self._ended and self._ended[0] + self.window_s <= now:  # as below, so that what is left is more than 0
            self._ended.popleft()
        wait_s = max(0.0, self._held_until - now, self._said_wait_s(now), self._own_wait_s(now))
        if wait_s == 0 and self._goes_after_others(last_try):
            return math.inf
        hurries = last_try and not self._unsure  # there was room a moment ago
        return wait_s if hurries else max(wait_s, self._even_from - now)

    def _own_wait_s(self, now: float) -> float:
        """Return how long our own count lets nothing start.

        After a minute that was used up, the last places are left to others until we pause: a program that was refused
        meanwhile shows in no number, has waited for this minute, and does not try a third time.
        """
        used = self._running + len(self._ended)
        free_s = self._ended[0] + self.window_s - now if self._ended else math.inf
        if used >= self.limit:
            self._full = True
            return free_s
        pause_s = self.window_s / 10
        paused = now >= self._busy_at + pause_s
        if self._full and paused:  # the minute after
            self._yields, self._busy_at = True, now
        elif paused:
            self._yields = False
        self._full = False
        if self._yields and used >= self.limit - self._margin:
            return min(free_s, self._busy_at + pause_s - now)
        return 0.0

    def _said_wait_s(self, now: float) -> float:
        """Return how long what the server says lets nothing start."""
        report = self._report
        if report is None:
            return 0.0
        report.shared = report.shows_others(self._own_left(now), now)
        used_up = report.shared and report.left(self._margin) == 0
        if now >= report.until:
            self._report, self._unsure = None, self._unsure or used_up
            return 0.0
        if used_up:
            return report.until - now
        crowded = report.shared and self._running * _IN_FLIGHT_SHARE >= report.remaining - self._margin
        return math.inf if crowded and self._running else 0.0

    def _goes_after_others(self, last_try: bool) -> bool:
        if self._unsure:
            return self._probe is not None or (last_try and self._waiting[False] > 0)
        return not last_try and self._waiting[True] > 0 and (self._even or self._report is not None)

    def _server_says(self) -> bool:
        now = self._clock()
        return now < self._held_until or (self._said_left(now) == 0 < self._own_left(now))


IN_FLIGHT = 8
"""Requests at a time: more adds nothing under 200 a minute, and slows the async client down."""
