"""The pace against models of a server, on a clock that only the test moves."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hedy_jupyter.api.pace import EVEN_S, LIMIT, WINDOW_S, Pace


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
                for _ in range(3):  # let whoever can run do so
                    await asyncio.sleep(0)
                if not task.done() and self._sleepers:
                    at, _, woken = heapq.heappop(self._sleepers)
                    self.now = max(self.now, at)
                    if not woken.done():
                        woken.set_result(None)
            return task.result()

        return asyncio.run(main())

    def pace(self, limit: int = LIMIT) -> Pace:
        return Pace(limit, clock=self.clock, sleep=self.sleep)


def fixed_window(limit: int) -> Callable[[float], bool]:
    """A server that counts by the minute of its clock."""
    counts: Counter[int] = Counter()

    def accepts(now: float) -> bool:
        counts[int(now // WINDOW_S)] += 1
        return counts[int(now // WINDOW_S)] <= limit

    return accepts


def sliding_window(limit: int) -> Callable[[float], bool]:
    """A server that counts what arrived in the last 60 s, refused or not."""
    arrived: deque[float] = deque()

    def accepts(now: float) -> bool:
        while arrived and arrived[0] <= now - WINDOW_S:
            arrived.popleft()
        arrived.append(now)
        return len(arrived) <= limit

    return accepts


def bucket(size: int, limit: int) -> Callable[[float], bool]:
    """A server with *size* tokens, of which *limit* come back evenly over a minute."""
    state = {"tokens": float(size), "at": 0.0}

    def accepts(now: float) -> bool:
        state["tokens"] = min(size, state["tokens"] + (now - state["at"]) * limit / WINDOW_S)
        state["at"] = now
        if state["tokens"] < 1:
            return False
        state["tokens"] -= 1
        return True

    return accepts


async def job(world: World, pace: Pace, requests: int, accepts: Callable[[float], bool]) -> list[tuple[float, bool]]:
    """Send *requests* with eight in flight as the client does; when each arrived, and whether it was accepted."""
    arrivals: list[tuple[float, bool]] = []
    numbers = iter(range(requests))
    way_s = itertools.cycle((0.02, 0.5, 0.05, 1.9, 0.1))

    async def worker() -> None:
        for _ in numbers:
            accepted = False
            while not accepted:
                async with pace.place():
                    await world.sleep(next(way_s))
                    accepted = accepts(world.now)
                    arrivals.append((world.now, accepted))
                    await world.sleep(0.01)
                if not accepted:
                    pace.hold(30)

    await asyncio.gather(*(worker() for _ in range(8)))
    return arrivals


@pytest.mark.parametrize("server", [fixed_window, sliding_window])
def test_never_refused(server: Callable[[int], Callable[[float], bool]]) -> None:
    """A thousand requests draw no 429 from a server that counts by windows, and take no more than 5 % over the limit's time."""
    world = World()
    started = world.now

    arrivals = world.run(job(world, world.pace(), 1000, server(LIMIT)))

    assert all(accepted for _, accepted in arrivals)
    assert world.now - started <= 1.05 * 1000 * WINDOW_S / LIMIT


def test_never_more_than_the_limit_in_a_minute() -> None:
    """Any 60 seconds hold at most 200 requests."""
    world = World()

    times = [at for at, _ in world.run(job(world, world.pace(), 900, lambda _: True))]

    times.sort()
    assert all(later - earlier >= WINDOW_S for earlier, later in zip(times, times[LIMIT:], strict=False))


def test_goes_on_evenly_after_a_429() -> None:
    """A server that counts another way refuses only what was under way, and from then on requests come 3.2 a second."""
    world = World()

    arrivals = world.run(job(world, world.pace(), 900, bucket(LIMIT // 2, LIMIT)))

    refused = [at for at, accepted in arrivals if not accepted]
    assert 0 < len(refused) <= 8
    after = sorted(at for at, _ in arrivals if at > refused[-1] + 30 + 2 * WINDOW_S)
    assert len(after) / (after[-1] - after[0]) == pytest.approx(3.2, rel=0.05)


def test_a_burst_is_fine() -> None:
    """200 requests start at once, and the next one waits."""
    world = World()
    pace = world.pace()
    started: list[float] = []

    async def one() -> None:
        async with pace.place():
            started.append(world.now)
            await world.sleep(1)

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(LIMIT + 1)))

    world.run(all_of_them())

    assert started == [1000.0] * LIMIT + [1061.0]


def test_a_place_is_counted_from_the_end() -> None:
    """A place is free again 60 s after its request ended, not after it began."""
    world = World()
    pace = world.pace(1)

    async def two() -> float:
        async with pace.place():
            await world.sleep(20)
        async with pace.place():
            return world.now

    assert world.run(two()) == 1000 + 20 + WINDOW_S


def test_left_and_seconds_for() -> None:
    """``left`` and ``seconds_for`` follow what runs, what ended, and what fell out of the window."""
    world = World()
    pace = world.pace(10)
    seen: list[int] = [pace.left]

    async def use() -> None:
        async with pace.place():
            seen.append(pace.left)
        seen.append(pace.left)
        await world.sleep(59.9)
        seen.append(pace.left)
        await world.sleep(0.2)
        seen.append(pace.left)

    world.run(use())

    assert seen == [10, 9, 9, 9, 10]
    assert (pace.seconds_for(10), pace.seconds_for(20)) == (0, 60)


def test_cancelled_while_waiting() -> None:
    """A request that is cancelled while it waits takes no place and holds none."""
    world = World()
    pace = world.pace(1)

    async def cancelled() -> int:
        async with pace.place():
            pass
        waiting = asyncio.create_task(pace.place().__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await world.sleep(WINDOW_S + 1)
        return pace.left

    assert world.run(cancelled()) == 1


@pytest.mark.parametrize("trouble", [asyncio.CancelledError, ValueError])
def test_given_up_while_running(trouble: type[BaseException]) -> None:
    """A request that fails or is cancelled on its way gives its place back, a minute later."""
    world = World()
    pace = world.pace(1)

    async def given_up() -> tuple[int, int]:
        with pytest.raises(trouble):
            async with pace.place():
                raise trouble
        soon = pace.left
        await world.sleep(WINDOW_S + 1)
        return soon, pace.left

    assert world.run(given_up()) == (0, 1)


def test_a_wait_is_told_once() -> None:
    """Whoever waits is told once for how long, and whether the server or the limit is the reason."""
    world = World()
    pace = world.pace(2)
    told: list[tuple[float, bool]] = []

    async def use() -> None:
        for _ in range(3):
            async with pace.place(lambda wait_s, held: told.append((wait_s, held))):
                await world.sleep(1)
        pace.hold(30)

        async def hold_again() -> None:
            await world.sleep(10)
            pace.hold(40)

        again = asyncio.create_task(hold_again())
        async with pace.place(lambda wait_s, held: told.append((wait_s, held))):
            await again

    world.run(use())

    assert told == [(pytest.approx(59), False), (pytest.approx(30), True)]


def test_a_hold_holds_everyone() -> None:
    """After a 429 nothing starts before its wait is over, a shorter wait does not shorten it, and then one goes after the other."""
    world = World()
    pace = world.pace()
    started: list[float] = []

    async def one() -> None:
        async with pace.place():
            started.append(world.now)

    async def use() -> None:
        pace.hold(30)
        pace.hold(5)
        await asyncio.gather(*(one() for _ in range(4)))

    world.run(use())

    assert started == [pytest.approx(1030 + place * EVEN_S) for place in range(4)]
