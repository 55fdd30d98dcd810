"""How long a first sync takes beside what the API's limit asks for, and that its memory stays flat.

``python -m tests.benchmarks.sync`` syncs 1,000 meetings with the minute of the limit made ten times shorter, from a
server in process.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import httpx

from hedy_jupyter import connect
from hedy_jupyter.api.rate_limit import LIMIT, RateLimiter
from tests.conftest import KEY
from tests.histories import History

WINDOW_S = 6.0
TEXT = "We spoke of the harbour, of the lamp and of who takes which promise home. " * 500


def main(sessions: int) -> int:
    """Print the ratio and the memory; 1 where the aim of 5 % is missed."""
    history = History(sessions)
    for number, record in enumerate(history.details.values()):
        record["cleaned_transcript"] = record["transcript"] = f"{TEXT} number{number}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.sqlite"
        with connect(KEY, transport=httpx.MockTransport(history), archive=path, timezone="UTC") as hedy:
            hedy.connection.limiter = RateLimiter(LIMIT, WINDOW_S)
            tracemalloc.start()
            started = time.perf_counter()
            done = hedy.archive.sync()
            took_s = time.perf_counter() - started
            peak = tracemalloc.get_traced_memory()[1] / 1e6
            found = hedy.archive.search(f"number{sessions - 1}")
    made = len(history.asked)
    asked_s = math.floor((made - 1) / LIMIT) * WINDOW_S  # the last request may not start earlier
    texts = sum(len(record["transcript"]) * 2 for record in history.details.values()) / 1e6
    print(f"{done}")
    print(f"{made} requests in {took_s:.1f} s: {took_s / asked_s:.3f} of what the limit asks for (aim 1.05)")
    print(
        f"peak of Python's memory {peak:.0f} MB for {texts:.0f} MB of transcripts; "
        f"its oldest meeting is found: {len(found) == 1}"
    )
    return int(took_s / asked_s > 1.05)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1_000)
    sys.exit(main(parser.parse_args().sessions))
