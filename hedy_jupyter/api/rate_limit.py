"""``RateLimiter``: at most 200 requests in any minute, fewer where the server says that other programs use the key too.

A request counts until a minute after it ended: when requests counted from their start, a server that counts on arrival
still refused some. A burst is fine; a long job settles at the limit.

The limit belongs to the account, so other kernels and programs count as well. What an answer says is left therefore
lowers our own count, and after a minute that was used up one request goes first, whose answer says how many may follow.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import takewhile

from hedy_jupyter.api.rate_headers import Quota

LIMIT = 200
"""Requests a minute and key (both documents of the API)."""
NO_LIMIT = 1_000_000_000
"""Requests a minute where nothing counts them: more than any machine makes."""
WEBHOOK_LIMIT = 5
"""``POST /webhooks`` a minute and key (the agent skill)."""
WINDOW_S = 60.0
IN_FLIGHT = 8
"""Requests at a time: more adds nothing under 200 a minute, and slows the async client down."""
SPREAD_S = 1 / 3.2
"""The time between two requests once the server has answered 429."""
MARGIN = 8
"""Requests left to other programs with the same key: as many as one of them may have in flight."""
RESET_SLACK_S = 1.5
"""How much later than the server's reset to go on: both of its times are rounded to seconds."""
_IN_FLIGHT_SHARE = 4
"""Where other programs share the limit, at most one in so many of the requests left is in flight: all stop in time."""
_EARLY_RESET_S = 2.0
"""How much earlier than computed the reset may be: both of the server's times are rounded to seconds."""
_SLOWER_AT_FIRST, _SLOWEST = 4.0, 8.0
"""At most so many times ``SPREAD_S``, after a first 429 and after more; only where no answer says what is left."""
_FASTER = 1.5
"""How many times faster to go after two minutes without a 429."""
_SAME_RESET_S = 1.0
"""Two resets that are no further apart are the same one, rounded."""
_NOTIFY_S = 1.0
_NOTIFY_SERVER_S = 3.0
"""Longer waits are reported; those caused by other programs are many and short, so that only the long ones are."""


@dataclass
class _ServerReport:
    """What the server says is left until its reset.

    Attributes:
        reset: in the server's Unix seconds.
        reset_at: the same on our clock.
        remaining: the lowest number that the server has said.
        uncounted: requests of ours that were in flight when it said so, and may not be counted in it.
        started: requests of ours that started since.
        is_shared: whether other programs use the key too: our own requests do not explain the number.
    """

    reset: float
    reset_at: float
    remaining: int
    uncounted: int
    started: int = 0
    is_shared: bool = False

    @property
    def ends_at(self) -> float:
        """The time at which the reset is over for certain."""
        return self.reset_at + RESET_SLACK_S

    def available(self, margin: int) -> int:
        """Return how many requests may still start where *margin* are left to other programs."""
        return max(0, self.remaining - margin - self.uncounted - self.started)

    def shows_other_programs(self, own_available: int, now: float) -> bool:
        """Return whether other programs use the key too.

        Never true of a program that is alone, because it counts its requests for longer than the server.
        """
        is_early = now < self.reset_at - _EARLY_RESET_S
        return self.is_shared or (is_early and own_available > self.remaining - self.started)


class Slot:
    """One request that counts against a limit."""

    def __init__(self, on_accepted: Callable[[Slot, Quota | None], None]) -> None:
        self._on_accepted = on_accepted

    def accepted(self, quota: Quota | None = None) -> None:
        """Note that the server did not refuse the request, and what its answer says is left."""
        self._on_accepted(self, quota)


class RateLimiter:
    """At most *limit* requests in any *window_s* seconds. For one event loop; ``available`` may be read anywhere."""

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
        self._finished_at: deque[float] = deque()
        self._was_full = False
        self._leaves_margin = False
        self._started_at = 0.0
        self._spread_evenly = False
        self._spread_from = 0.0
        self._slower = 1.0
        self._slowed_at = 0.0
        self._paused_until = 0.0
        self._has_quota = False
        self._report: _ServerReport | None = None
        self._needs_probe = False
        self._probe: Slot | None = None
        self._waiting = {False: 0, True: 0}
        self._wakers: list[asyncio.Future[None]] = []

    @property
    def available(self) -> int:
        """The number of requests that may start now: the lower of our own count and what the server says."""
        now = self._clock()
        return 0 if now < self._paused_until else self._available(now)

    def seconds_for(self, requests: int) -> float:
        """Return how long the limit makes *requests* take from now, in seconds; 0 where all of them may start now."""
        if self._spread_evenly:
            return requests * self._slower * SPREAD_S
        return math.ceil(max(0, requests - self.available) / self.limit) * self.window_s

    def pause(self, wait_s: float) -> None:
        """Start nothing for *wait_s* seconds, then one request, then the others spread evenly: a 429 was answered."""
        now = self._clock()
        recent = self.limit - self._own_available(now) - self._running
        if not self._has_quota and now >= self._paused_until and recent >= self.limit / 10:  # stay with what went well
            most = _SLOWEST if self._spread_evenly else _SLOWER_AT_FIRST
            self._slower, self._slowed_at = max(self._slower, min(self.limit / recent, most)), now
        self._spread_evenly = self._needs_probe = True
        self._paused_until = max(self._paused_until, now + wait_s)

    @asynccontextmanager
    async def slot(
        self, on_wait: Callable[[float, bool], None] | None = None, *, last_try: bool = False
    ) -> AsyncIterator[Slot]:
        """Wait until a request may start, and count it while the block runs and for a minute after.

        Args:
            on_wait: called once if there is a long wait, with its seconds and whether the server caused it.
            last_try: the request is not repeated after a 429: it starts before others, but is not the one that goes
                first after a minute that was used up.
        """
        self._waiting[last_try] += 1
        try:
            while (wait_s := self._wait_s(last_try)) > 0:
                by_server = self._waits_for_server()
                if on_wait is not None and (_NOTIFY_SERVER_S if by_server else _NOTIFY_S) < wait_s < math.inf:
                    on_wait(wait_s, by_server)
                    on_wait = None
                await self._wait(wait_s)
        finally:
            self._waiting[last_try] -= 1
            self._wake()
        slot = self._start()
        try:
            yield slot
            if self._probe is slot:
                self._needs_probe = False
        finally:
            self._end(slot)

    async def _wait(self, wait_s: float) -> None:
        """Wait *wait_s* seconds, or until an answer to a running request, which may change the time."""
        if not self._running and wait_s < math.inf:
            await self._sleep(wait_s)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wakers.append(woken)
        if wait_s == math.inf:
            await woken
            return
        timer = asyncio.ensure_future(self._sleep(wait_s))
        try:
            await asyncio.wait({woken, timer}, return_when=asyncio.FIRST_COMPLETED)
            if timer.done():
                timer.result()
        finally:
            woken.cancel()
            timer.cancel()

    def _wake(self) -> None:
        wakers, self._wakers = self._wakers, []
        for woken in wakers:
            if not woken.done():
                woken.set_result(None)

    def _start(self) -> Slot:
        slot = Slot(self._on_accepted)
        if self._needs_probe:
            self._probe = slot
        self._running += 1
        self._started_at = self._clock()
        if self._report is not None:
            self._report.started += 1
        if self._spread_evenly:
            now = self._clock()
            if self._slower > 1 and now >= self._slowed_at + 2 * self.window_s:
                self._slower, self._slowed_at = max(1.0, self._slower / _FASTER), now
            self._spread_from = max(self._spread_from, now) + self._slower * SPREAD_S
        return slot

    def _end(self, slot: Slot) -> None:
        self._running -= 1
        self._finished_at.append(self._clock())
        if self._probe is slot:
            self._probe = None
        if self._report is not None and not self._running:  # the margin allows for requests without an answer
            self._report.uncounted = self._report.started = 0
        self._wake()

    def _on_accepted(self, slot: Slot, quota: Quota | None) -> None:
        if self._probe is slot:
            self._probe, self._needs_probe = None, False
        if quota is not None:
            self._has_quota = True
            self._update_report(quota)
        self._wake()

    def _update_report(self, quota: Quota) -> None:
        now, report = self._clock(), self._report
        later_s = math.inf if report is None or now >= report.ends_at else quota.reset - report.reset
        if later_s <= _SAME_RESET_S - self.window_s:  # of a minute that is over
            return
        if report is None or later_s > _SAME_RESET_S:
            report = self._report = _ServerReport(
                quota.reset, now + quota.reset_in_s, quota.remaining, self._running - 1
            )
        elif quota.remaining < report.remaining:
            report.remaining, report.uncounted, report.started = quota.remaining, self._running - 1, 0
            report.reset_at = max(report.reset_at, now + quota.reset_in_s)
        else:  # an answer that was overtaken
            return
        report.is_shared |= quota.remaining < self._own_available(now)

    def _own_available(self, now: float) -> int:
        ended = list(self._finished_at)  # in order; another thread may read while a request ends
        recent = len(ended) - sum(1 for _ in takewhile(lambda end: end + self.window_s <= now, ended))
        return max(0, self.limit - recent - self._running)

    def _available(self, now: float) -> int:
        """Return how many requests may start by our own count, and by the server's where other programs use the key."""
        report, own_available = self._report, self._own_available(now)
        if report is None or now >= report.ends_at or not report.shows_other_programs(own_available, now):
            return own_available
        return min(own_available, report.available(self._margin))

    def _wait_s(self, last_try: bool) -> float:
        """Return how long to wait before a request may start; infinite where it waits for other requests to end."""
        now = self._clock()
        while self._finished_at and self._finished_at[0] + self.window_s <= now:  # so that no wait below is 0 or less
            self._finished_at.popleft()
        wait_s = max(0.0, self._paused_until - now, self._report_wait_s(now), self._own_wait_s(now))
        if wait_s == 0 and self._gives_way(last_try):
            return math.inf
        is_urgent = last_try and not self._needs_probe  # a request could start a moment ago
        return wait_s if is_urgent else max(wait_s, self._spread_from - now)

    def _own_wait_s(self, now: float) -> float:
        """Return how long our own count lets nothing start.

        After a minute that was used up, the last requests of the next are left to other programs, until we are idle for
        a while: a program that was refused is in no count, has waited for this minute, and does not try a third time.
        """
        used = self._running + len(self._finished_at)
        free_s = self._finished_at[0] + self.window_s - now if self._finished_at else math.inf
        if used >= self.limit:
            self._was_full = True
            return free_s
        idle_s = self.window_s / 10
        was_idle = now >= self._started_at + idle_s
        if self._was_full and was_idle:  # the minute after
            self._leaves_margin, self._started_at = True, now
        elif was_idle:
            self._leaves_margin = False
        self._was_full = False
        if self._leaves_margin and used >= self.limit - self._margin:
            return min(free_s, self._started_at + idle_s - now)
        return 0.0

    def _report_wait_s(self, now: float) -> float:
        """Return how long the server's report lets nothing start."""
        report = self._report
        if report is None:
            return 0.0
        report.is_shared = report.shows_other_programs(self._own_available(now), now)
        used_up = report.is_shared and report.available(self._margin) == 0
        if now >= report.ends_at:
            self._report, self._needs_probe = None, self._needs_probe or used_up
            return 0.0
        if used_up:
            return report.ends_at - now
        crowded = report.is_shared and self._running * _IN_FLIGHT_SHARE >= report.remaining - self._margin
        return math.inf if crowded and self._running else 0.0

    def _gives_way(self, last_try: bool) -> bool:
        if self._needs_probe:
            return self._probe is not None or (last_try and self._waiting[False] > 0)
        return not last_try and self._waiting[True] > 0 and (self._spread_evenly or self._report is not None)

    def _waits_for_server(self) -> bool:
        now = self._clock()
        return now < self._paused_until or (self._available(now) == 0 < self._own_available(now))
