"""The pace against models of a server, on a clock that only the test moves."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter, deque
from collections.abc import Callable

import pytest

from hedy_jupyter.api.rate_headers import Quota
from hedy_jupyter.api.rate_limit import LIMIT, MARGIN, RESET_SLACK_S, SPREAD_S, WINDOW_S, RateLimiter
from tests.rated import World


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


async def job(
    world: World, limiter: RateLimiter, requests: int, accepts: Callable[[float], bool]
) -> list[tuple[float, bool]]:
    """Send *requests* with eight in flight as the client does; when each arrived, and whether it was accepted."""
    arrivals: list[tuple[float, bool]] = []
    numbers = iter(range(requests))
    way_s = itertools.cycle((0.02, 0.5, 0.05, 1.9, 0.1))

    async def worker() -> None:
        for _ in numbers:
            accepted = False
            while not accepted:
                async with limiter.slot():
                    await world.sleep(next(way_s))
                    accepted = accepts(world.now)
                    arrivals.append((world.now, accepted))
                    await world.sleep(0.01)
                if not accepted:
                    limiter.pause(30)

    await asyncio.gather(*(worker() for _ in range(8)))
    return arrivals


@pytest.mark.parametrize("server", [fixed_window, sliding_window])
def test_never_refused(server: Callable[[int], Callable[[float], bool]]) -> None:
    """A thousand requests get no 429 from a server that counts by windows, and take at most 5 % too long."""
    world = World()
    started = world.now

    arrivals = world.run(job(world, world.limiter(), 1000, server(LIMIT)))

    assert all(accepted for _, accepted in arrivals)
    assert world.now - started <= 1.05 * 1000 * WINDOW_S / LIMIT


def test_never_more_than_the_limit_in_a_minute() -> None:
    """Any 60 seconds hold at most 200 requests."""
    world = World()

    times = [at for at, _ in world.run(job(world, world.limiter(), 900, lambda _: True))]

    times.sort()
    assert all(later - earlier >= WINDOW_S for earlier, later in zip(times, times[LIMIT:], strict=False))


def test_goes_on_evenly_after_a_429() -> None:
    """A server that counts another way refuses only what was under way, and from then on requests come 3.2 a second."""
    world = World()

    arrivals = world.run(job(world, world.limiter(), 900, bucket(LIMIT // 2, LIMIT)))

    refused = [at for at, accepted in arrivals if not accepted]
    assert 0 < len(refused) <= 8
    after = sorted(at for at, _ in arrivals if at > refused[-1] + 30 + 2 * WINDOW_S)
    assert len(after) / (after[-1] - after[0]) == pytest.approx(3.2, rel=0.05)


def test_a_burst_is_fine() -> None:
    """200 requests start at once, and the next one waits."""
    world = World()
    limiter = world.limiter()
    started: list[float] = []

    async def one() -> None:
        async with limiter.slot():
            started.append(world.now)
            await world.sleep(1)

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(LIMIT + 1)))

    world.run(all_of_them())

    assert started == [1000.0] * LIMIT + [1061.0]


def test_a_place_is_counted_from_the_end() -> None:
    """A place is free again 60 s after its request ended, not after it began."""
    world = World()
    limiter = world.limiter(1)

    async def two() -> float:
        async with limiter.slot():
            await world.sleep(20)
        async with limiter.slot():
            return world.now

    assert world.run(two()) == 1000 + 20 + WINDOW_S


def test_left_and_seconds_for() -> None:
    """``left`` and ``seconds_for`` follow what runs, what ended, and what fell out of the window."""
    world = World()
    limiter = world.limiter(10)
    seen: list[int] = [limiter.available]

    async def use() -> None:
        async with limiter.slot():
            seen.append(limiter.available)
        seen.append(limiter.available)
        await world.sleep(59.9)
        seen.append(limiter.available)
        await world.sleep(0.2)
        seen.append(limiter.available)

    world.run(use())

    assert seen == [10, 9, 9, 9, 10]
    assert (limiter.seconds_for(10), limiter.seconds_for(20)) == (0, 60)


def test_cancelled_while_waiting() -> None:
    """A request that is cancelled while it waits takes no place and holds none."""
    world = World()
    limiter = world.limiter(1)

    async def cancelled() -> int:
        async with limiter.slot():
            pass
        waiting = asyncio.create_task(limiter.slot().__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await world.sleep(WINDOW_S + 1)
        return limiter.available

    assert world.run(cancelled()) == 1


@pytest.mark.parametrize("trouble", [asyncio.CancelledError, ValueError])
def test_given_up_while_running(trouble: type[BaseException]) -> None:
    """A request that fails or is cancelled on its way gives its place back, a minute later."""
    world = World()
    limiter = world.limiter(1)

    async def given_up() -> tuple[int, int]:
        with pytest.raises(trouble):
            async with limiter.slot():
                raise trouble
        soon = limiter.available
        await world.sleep(WINDOW_S + 1)
        return soon, limiter.available

    assert world.run(given_up()) == (0, 1)


def test_a_wait_is_told_once() -> None:
    """A wait is reported once, with its length and whether the server or the limit is the reason."""
    world = World()
    limiter = world.limiter(2)
    told: list[tuple[float, bool]] = []

    async def use() -> None:
        for _ in range(3):
            async with limiter.slot(lambda wait_s, held: told.append((wait_s, held))):
                await world.sleep(1)
        limiter.pause(30)

        async def hold_again() -> None:
            await world.sleep(10)
            limiter.pause(40)

        again = asyncio.create_task(hold_again())
        async with limiter.slot(lambda wait_s, held: told.append((wait_s, held))):
            await again

    world.run(use())

    assert told == [(pytest.approx(59), False), (pytest.approx(30), True)]


def test_a_hold_holds_everyone() -> None:
    """After a 429 nothing starts before its wait is over, whatever shorter one follows; then one by one."""
    world = World()
    limiter = world.limiter()
    started: list[float] = []

    async def one() -> None:
        async with limiter.slot():
            started.append(world.now)

    async def use() -> None:
        limiter.pause(30)
        limiter.pause(5)
        await asyncio.gather(*(one() for _ in range(4)))

    world.run(use())

    assert started == [pytest.approx(1030 + place * SPREAD_S) for place in range(4)]


# What the server says ----------------------------------------------------------


def said(remaining: int, in_s: float = 30.0, reset: float = 5000.0) -> Quota:
    """What an answer says: so many left, and more at that second of the server's clock, so far ahead."""
    return Quota(remaining, reset, in_s)


async def answered(limiter: RateLimiter, *quotas: Quota | None) -> None:
    """Requests one after the other, whose answers say that."""
    for quota in quotas:
        async with limiter.slot() as slot:
            slot.accepted(quota)


@pytest.mark.parametrize(
    ("quotas", "left"),
    [
        ([said(150)], 150 - MARGIN),
        ([said(150), said(149)], 149 - MARGIN),
        ([said(199)], 199),
        ([said(500)], 199),
        ([said(10**12)], 199),
        ([None], 199),
        ([said(0)], 0),
        ([said(3)], 0),
        ([said(100), said(140)], 100 - MARGIN),
        ([said(100), said(140, reset=5001.0)], 100 - MARGIN),
        ([said(100), said(140, 55.0, reset=5025.0)], 140 - MARGIN),
        ([said(140, reset=5060.0), said(0, 0.0, reset=5000.0)], 140 - MARGIN),
        ([said(140, reset=5040.0), said(100, 10.0, reset=5020.0)], 100 - MARGIN),
        ([said(0, 1.0), said(198, 60.0, reset=5060.0)], 198),
    ],
)
def test_left_is_the_lower_number(quotas: list[Quota | None], left: int) -> None:
    """``left`` is our own count or what the server says, the lower one.

    A late answer, or one about the last minute, raises nothing.
    """
    world = World()
    limiter = world.limiter()

    async def use() -> int:
        await answered(limiter, *quotas)
        return limiter.available

    assert world.run(use()) == left


def test_requests_in_flight_count_once_more() -> None:
    """What may not be counted in the server's number yet is taken off it, and comes back when it is."""
    world = World()
    limiter = world.limiter()
    seen: list[int] = []

    async def use() -> None:
        async with limiter.slot() as first, limiter.slot() as second, limiter.slot():
            first.accepted(said(100))
            seen.append(limiter.available)
            async with limiter.slot():
                seen.append(limiter.available)
            second.accepted(said(97))
            seen.append(limiter.available)
        seen.append(limiter.available)

    world.run(use())

    assert seen == [100 - 2 - MARGIN, 100 - 3 - MARGIN, 97 - 2 - MARGIN, 97 - MARGIN]


def test_a_program_that_is_alone_leaves_no_margin() -> None:
    """Where our own requests explain the server's number, all 200 places of a minute are used."""
    world = World()
    limiter = world.limiter()
    started: list[float] = []

    async def use() -> None:
        for place in range(LIMIT):
            async with limiter.slot() as slot:
                started.append(world.now)
                await world.sleep(0.01)
                slot.accepted(said(LIMIT - place - 1, 60 - 0.01 * place, reset=5060.0))

    world.run(use())

    assert started[-1] == pytest.approx(1000 + 0.01 * (LIMIT - 1))


def test_nothing_left_waits_for_the_reset_and_sends_one() -> None:
    """Where nothing is left nothing starts until the reset.

    Then one request goes, and the others by what its answer says.
    """
    world = World()
    limiter = world.limiter()
    started: list[float] = []
    told: list[tuple[float, bool]] = []
    left = iter([MARGIN + 12])

    async def one() -> None:
        async with limiter.slot(lambda wait_s, server: told.append((wait_s, server))) as slot:
            started.append(world.now)
            await world.sleep(2)
            if (number := next(left, None)) is not None:
                slot.accepted(said(number, 50.0, reset=5060.0))
            else:
                await world.sleep(100)

    async def use() -> None:
        await answered(limiter, said(2, 30.0))
        await asyncio.gather(*(one() for _ in range(6)))

    world.run(use())

    reset = 1000 + 30 + RESET_SLACK_S
    assert started[:4] == [reset, reset + 2, reset + 2, reset + 2]
    assert told == [(30 + RESET_SLACK_S, True)] * 6


def test_last_tries_go_after_the_probe_and_before_the_rest() -> None:
    """After a 429 a request that has another try goes ahead alone.

    Those that have none follow at once, then the rest evenly.
    """
    world = World()
    limiter = world.limiter()
    order: list[tuple[str, float]] = []

    async def one(name: str, last_try: bool) -> None:
        async with limiter.slot(last_try=last_try) as slot:
            order.append((name, world.now))
            await world.sleep(0.1)
            slot.accepted()

    async def use() -> None:
        limiter.pause(10)
        await asyncio.gather(one("again", True), one("again", True), one("new", False), one("new", False))

    world.run(use())

    assert [name for name, _ in order] == ["new", "again", "again", "new"]
    assert [at for _, at in order[:3]] == pytest.approx([1010, 1010.1, 1010.1])
    assert order[3][1] >= 1010 + SPREAD_S


def test_a_probe_that_fails_is_followed_by_another() -> None:
    """Where the one that goes ahead is lost, refused or stopped, the next one goes ahead alone."""
    world = World()
    limiter = world.limiter()
    running, most = 0, 0

    async def one(trouble: type[BaseException]) -> None:
        nonlocal running, most
        async with limiter.slot():
            running += 1
            most = max(most, running)
            await world.sleep(1)
            running -= 1
            raise trouble

    async def use() -> None:
        limiter.pause(10)
        await asyncio.gather(
            *(one(trouble) for trouble in (OSError, asyncio.CancelledError, ValueError) * 2), return_exceptions=True
        )

    world.run(use())

    assert most == 1
    assert world.now == pytest.approx(1016)


@pytest.mark.parametrize(
    ("remaining", "in_flight"), [(MARGIN + 1, 1), (MARGIN + 4, 1), (MARGIN + 20, 5), (MARGIN + 29, 8), (150, 20)]
)
def test_fewer_in_flight_near_the_end(remaining: int, in_flight: int) -> None:
    """Where others share the limit, the fewer are left, the fewer are in flight, so that together they stop in time."""
    world = World()
    limiter = world.limiter()
    started = 0

    async def one() -> None:
        nonlocal started
        async with limiter.slot():
            started += 1
            await world.sleep(1)

    async def use() -> int:
        await answered(limiter, said(remaining, 50.0))
        work = [asyncio.ensure_future(one()) for _ in range(20)]
        await world.sleep(0.5)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        return started

    assert world.run(use()) == in_flight


@pytest.mark.parametrize(("went_well", "seconds"), [(0, 15), (19, 15), (100, 30), (50, 60), (25, 60)])
def test_slower_where_no_number_is_given(went_well: int, seconds: float) -> None:
    """After a 429 of a server without numbers we stay near what went well: its limit is lower, or others use it too."""
    world = World()
    limiter = world.limiter()

    async def use() -> None:
        await answered(limiter, *[None] * went_well)
        limiter.pause(60)

    world.run(use())

    assert limiter.seconds_for(48) == pytest.approx(seconds)


def test_slower_still_and_faster_again() -> None:
    """A 429 that comes all the same makes it slower still.

    Two minutes without one make it faster, back to 3.2 a second.
    """
    world = World()
    limiter = world.limiter()

    async def use() -> list[float]:
        await answered(limiter, *[None] * 20)
        limiter.pause(30)
        limiter.pause(30)
        at_first = limiter.seconds_for(32)
        await world.sleep(31)
        limiter.pause(20)
        seen = [at_first, limiter.seconds_for(32)]
        for _ in range(6):
            await world.sleep(2 * WINDOW_S + 1)
            await answered(limiter, None)
            seen.append(limiter.seconds_for(32))
        return seen

    assert world.run(use()) == pytest.approx([40, 80, *(80 / 1.5**times for times in range(1, 6)), 10])


def test_the_last_places_of_the_next_minute_come_later() -> None:
    """A program that waited a minute leaves the last requests to others, which no number shows, until it is idle."""
    world = World()
    limiter = world.limiter()
    started: list[float] = []

    async def one() -> None:
        async with limiter.slot():
            started.append(world.now)

    async def use() -> None:
        await asyncio.gather(*(one() for _ in range(2 * LIMIT)))

    world.run(use())

    counts = Counter(started)
    assert counts == {1000.0: LIMIT, 1060.0: LIMIT - MARGIN, 1066.0: MARGIN}
