"""Waits without waiting: a clock that a wait sets forward, and a guard against the real ones."""

from __future__ import annotations

import asyncio

from hedy_jupyter.api.rate_limit import LIMIT, RateLimiter

LONGEST_REAL_WAIT_S = 1.0


class Clock:
    """A clock that only waits set forward.

    Attributes:
        now: its time in seconds.
    """

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let *seconds* pass at once."""
        self.now += seconds
        await asyncio.sleep(0)


def pace(limit: int = LIMIT) -> RateLimiter:
    """A pace by a clock of its own: it counts and holds as usual, and never really waits."""
    clock = Clock()
    return RateLimiter(limit, clock=clock, sleep=clock.sleep)


async def no_wait(_: float) -> None:
    """Wait for nothing."""
    await asyncio.sleep(0)


async def short_wait(seconds: float) -> None:
    """Wait as asked, unless a test would stand still for it."""
    assert seconds <= LONGEST_REAL_WAIT_S, (
        f"this test would really wait {seconds:.0f} s: give its account a pace of tests.waiting"
    )
    await asyncio.sleep(seconds)
