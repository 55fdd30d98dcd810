"""How close a long job of details comes to the limit of the API, and how many requests in flight help.

``python -m tests.benchmarks.details [--small]``, by the clock. The minute of the limit is shortened to a few seconds
for client and server alike; everything else is real: sockets, httpx, the pace, the demo server that counts and refuses.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from unittest import mock

import hedy_jupyter as hj
from hedy_jupyter.account.connection import BRIDGE
from hedy_jupyter.api import client, details, rate_limit, routes
from hedy_jupyter.api.cache import ResponseCache
from hedy_jupyter.api.client_events import ClientEvent
from hedy_jupyter.api.event_loop import gather
from hedy_jupyter.api.rate_limit import LIMIT, WINDOW_S, RateLimiter
from hedy_jupyter.api.reader import Reader
from hedy_jupyter.credentials import Secret
from hedy_jupyter.demo_server.http import start
from hedy_jupyter.demo_server.service import DEMO_KEY, Response, Service
from tests.benchmarks.rows import Row, main

LATENCY_S = 0.05


class Distant(Service):
    """The demo service as far away as a server on the internet, with a clock that is *speed* times as fast."""

    def __init__(self, speed: float) -> None:
        super().__init__(clock=lambda: time.monotonic() * speed)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Return the answer some time later, without the end of its minute, which is in whole seconds of the world."""
        found = super().answer(method, path, headers, body)._replace(delay_s=LATENCY_S)
        found.headers.pop("x-ratelimit-reset", None)
        return found


def paced(window_s: float, rounds: int) -> tuple[float, float, int]:
    """Return the seconds of *rounds* windows of details, the least that the limit allows, and how many were refused."""
    speed = WINDOW_S / window_s
    service = Distant(speed)
    with start(service) as (_, base_url), hj.connect(DEMO_KEY, base_url=base_url) as hedy:
        hedy.connection.limiter = RateLimiter(LIMIT, window_s)
        ids = list(hedy.sessions(limit=None)["session_id"])
        spent = LIMIT - hedy.requests_left
        wanted = [ids[place % len(ids)] for place in range(LIMIT * rounds)]

        async def job(reader: Reader) -> None:
            async def one(ident: str) -> None:
                async with gate:
                    await reader.read_uncached(routes.SESSION, ident)

            gate = asyncio.Semaphore(rate_limit.IN_FLIGHT)
            await gather(*(one(ident) for ident in wanted))

        started = time.perf_counter()
        hedy.connection.ask(job, True)
        took_s = time.perf_counter() - started
        refused = int((hedy.requests["status"] == 429).sum())
    ideal_s = math.ceil((len(wanted) - (LIMIT - spent)) / LIMIT) * window_s  # the last one may not start earlier
    return took_s, ideal_s, refused


def unpaced(in_flight: int, count: int) -> float:
    """Seconds that *count* details take with *in_flight* at a time and no limit."""
    service = Distant(1e6)
    with start(service) as (_, base_url):
        sender = client.Client(base_url, Secret(DEMO_KEY), RateLimiter(10**9), user_agent="benchmark")
        ids = [session["sessionId"] for session in hj.demo().get("/sessions", limit=100)["data"]]

        async def job(_: object) -> float:
            reader = Reader(sender, ResponseCache(), _ignore, in_flight=in_flight)
            await reader.record(routes.ME)  # the connection and the SSL context are not what is measured
            started = time.perf_counter()
            for done in range(0, count, len(ids)):
                reader.cache.forget()
                await details.read_details(reader, routes.SESSION, ids[: count - done])
            return time.perf_counter() - started

        took_s = BRIDGE.run(job, _ignore)
        BRIDGE.run(lambda _: sender.close(), _ignore)
    return took_s


def _ignore(_: ClientEvent) -> None:
    pass


def rows(small: bool) -> list[Row]:
    """Measure four windows of the limit and 300 details without one, or two windows and 20 details."""
    with mock.patch.object(rate_limit, "SPREAD_S", rate_limit.SPREAD_S / 10):
        took_s, ideal_s, refused = paced(window_s=6.0, rounds=2 if small else 4)
    count = 20 if small else 300
    times = {in_flight: unpaced(in_flight, count) for in_flight in (1, 4, 8, 16, 32)}
    limit = "what the limit makes it take"
    return [
        Row("details up to the limit, by the clock", took_s, "s", limit, ideal_s, ratio_at_most=1.05),
        Row("the same, requests refused", refused, "requests", at_most=0),
        *(
            Row(f"{count} details, {in_flight} in flight, by the clock", took, "s", "one in flight", times[1])
            for in_flight, took in times.items()
        ),
    ]


if __name__ == "__main__":
    main(rows, __doc__)
