"""Waits that take no time: a clock that a wait sets forward, and a guard against real waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from hedy_jupyter import Hedy
from hedy_jupyter.api.client import Client
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
    """Return a rate limiter with its own clock: it counts and pauses as usual, and never really waits."""
    clock = Clock()
    return RateLimiter(limit, clock=clock, sleep=clock.sleep)


def set_defaults(patch: pytest.MonkeyPatch, called: Callable[..., object], **values: object) -> None:
    """Give *values* to the parameters of that name wherever *called*, a class or a function, is called without them."""
    defaults = (called.__init__ if isinstance(called, type) else called).__kwdefaults__
    for name, value in values.items():
        patch.setitem(defaults, name, value)


def without_waits(hedy: Hedy, limiter: RateLimiter | None = None) -> Hedy:
    """Return *hedy*, which was not used yet, with a client that never really waits; *limiter* replaces its own."""
    if limiter is not None:
        hedy.connection.limiter = limiter
    with pytest.MonkeyPatch.context() as patch:
        set_defaults(patch, Client, sleep=no_wait)
        hedy.connection.client()
    return hedy


async def no_wait(_: float) -> None:
    """Wait for nothing."""
    await asyncio.sleep(0)


async def short_wait(seconds: float) -> None:
    """Wait as asked; fail where that would delay the test."""
    assert seconds <= LONGEST_REAL_WAIT_S, (
        f"this test would really wait {seconds:.0f} s: give its account a limiter of tests.waiting"
    )
    await asyncio.sleep(seconds)
