"""How long a first sync takes beside what the API's limit asks for, its memory, and how much a second one requests.

``python -m tests.benchmarks.sync`` syncs 1,000 meetings (``--small``: 40) with the minute of the limit made ten times
shorter, and 2,000 without texts twice, from a server in process.
"""

from __future__ import annotations

import math
import tempfile
import time
import tracemalloc
from pathlib import Path

import httpx

from hedy_jupyter import connect
from hedy_jupyter.api.rate_limit import LIMIT, RateLimiter
from tests.benchmarks.rows import Row, main
from tests.conftest import KEY
from tests.histories import History

WINDOW_S = 6.0
TEXT = "We spoke of the harbour, of the lamp and of who takes which promise home. " * 500


def first(sessions: int) -> list[Row]:
    """Measure a first sync of so many meetings with texts of 40 KB."""
    history = History(sessions)
    for number, record in enumerate(history.details.values()):
        record["cleaned_transcript"] = record["transcript"] = f"{TEXT} number{number}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.sqlite"
        with connect(KEY, transport=httpx.MockTransport(history), archive=path, timezone="UTC") as hedy:
            hedy.connection.limiter = RateLimiter(LIMIT, WINDOW_S)
            tracemalloc.start()
            started = time.perf_counter()
            hedy.archive.sync()
            took_s = time.perf_counter() - started
            peak = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            assert len(hedy.archive.search(f"number{sessions - 1}")) == 1, "the oldest meeting is not found"
    ideal_s = math.floor((len(history.asked) - 1) / LIMIT) * WINDOW_S  # the last request may not start earlier
    texts = sum(len(record["transcript"]) * 2 for record in history.details.values()) / 1e6
    work = f"first sync of {sessions:,} meetings"
    return [
        Row(work, took_s, "s", "what the limit asks for", ideal_s or None, ratio_at_most=1.05),
        Row(f"{work}, peak of memory", peak, "MB", "size of the texts", texts, ratio_at_most=0.5),
    ]


def second(sessions: int) -> Row:
    """Count the requests of a second sync, where nothing has changed since the first."""
    history = History(sessions)
    with tempfile.TemporaryDirectory() as folder, history.account_of(archive=Path(folder) / "archive.sqlite") as hedy:
        hedy.archive.sync()
        begun = len(history.asked)
        hedy.archive.sync()
        topics = len(hedy.archive.topics())
        young = sum(path.startswith("/sessions/") for path in history.asked[begun:])
    most = 5 + topics + young + 20
    return Row(f"second sync of {sessions:,} unchanged meetings", len(history.asked) - begun, "requests", at_most=most)


def rows(small: bool) -> list[Row]:
    """Measure both."""
    return [*first(40 if small else 1_000), second(40 if small else 2_000)]


if __name__ == "__main__":
    main(rows, __doc__)
