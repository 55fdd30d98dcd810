"""How close a long job of details comes to the limit of the API, and how many requests in flight help.

``python tests/benchmarks/details.py [--quick]``. The minute of the limit is shortened to a few seconds for client and
server alike; everything else is real: sockets, httpx, the pace, the demo server that counts and refuses. Prints ratios
of one run; exits 1 where a request was refused or the job took more than 1.05 of what the limit makes it take.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import sys
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

LATENCY_S = 0.05


class Distant(Service):
    """The demo service as far away as a server on the internet."""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """The answer, some time later."""
        return super().answer(method, path, headers, body)._replace(delay_s=LATENCY_S)


def paced(window_s: float, rounds: int) -> tuple[float, int]:
    """Return the time of *rounds* windows of details over the least that the limit allows, and the refused."""
    speed = WINDOW_S / window_s
    service = Distant(clock=lambda: time.monotonic() * speed)
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
    return took_s / ideal_s, refused


def unpaced(in_flight: int, count: int) -> float:
    """Seconds that *count* details take with *in_flight* at a time and no limit."""
    service = Distant(clock=lambda: time.monotonic() * 1e6)
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


def main() -> int:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one window instead of three, fewer requests")
    quick = parser.parse_args().quick
    with mock.patch.object(rate_limit, "SPREAD_S", rate_limit.SPREAD_S / 10):
        ratio, refused = paced(window_s=6.0, rounds=2 if quick else 4)
    print(f"paced: {ratio:.3f} of the time that the limit asks for, {refused} requests refused")
    count = 100 if quick else 300
    times = {in_flight: unpaced(in_flight, count) for in_flight in (1, 4, 8, 16, 32)}
    for in_flight, took_s in times.items():
        needed = count / took_s * WINDOW_S / LIMIT
        print(f"{in_flight:>2} in flight: {times[1] / took_s:5.2f} times as fast as one, {needed:5.1f} times the limit")
    return int(refused > 0 or ratio > 1.05)


if __name__ == "__main__":
    sys.exit(main())
