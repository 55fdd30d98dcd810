"""From the bytes of an answer to a typed frame, against ``json.loads`` and ``pd.json_normalize`` on the same bytes.

``python tests/benchmarks/frames.py [--quick]`` reads ``GET /todos`` through ``hedy.todos()``, all of it but the
network: client, decoder, checks of the list, ids, cache, frame. Both run in turns and are measured by the time of the
processor. A second line is ``df.hedy.due()`` over the frame. The exit code is 1 when the typed frame takes more than
the limit.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable

import httpx
import pandas as pd

import hedy_jupyter as hj

LIMIT, QUICK_LIMIT = 0.4, 0.65
"""What ours may take of the time of the other; with few todos less of that time goes into collecting garbage."""
ROUNDS = 7
_DUE = ("Tomorrow", "", "Ende der Woche", "by Friday", "2026-03-07", "next week", "asap", "end of the month")


def body(count: int) -> bytes:
    """Return todos as ``GET /todos`` sends them, most with their topic in full."""
    topic = {
        "name": "Team Meetings",
        "description": "What the team talks about each week",
        "color": "#FF5733",
        "iconName": "lightbulb_outline",
        "createdAt": "2026-02-01T10:00:00Z",
        "updatedAt": "2026-03-15T16:00:00.953635Z",
    }
    records = [
        {
            "id": f"{number:08d}-6c1f-4b8e-9a51-0f6d2c3b7e11",
            "text": f"Follow up on point {number}",
            "dueDate": _DUE[number % len(_DUE)],
            "sessionId": f"sess_{number // 12}",
            "completed": number % 3 == 0,
            **({"topic": {"id": f"topic_{number % 8}", **topic}} if number % 5 else {}),
        }
        for number in range(count)
    ]
    return json.dumps({"success": True, "data": records}).encode()


def sessions(count: int) -> pd.DataFrame:
    """Return the meetings of so many todos."""
    ids = [f"sess_{number}" for number in range(count // 12 + 1)]
    starts = pd.Timestamp("2026-01-05T09:00", tz="UTC") + pd.to_timedelta(range(len(ids)), unit="h")
    return pd.DataFrame({"session_id": ids, "start_time": starts})


def seconds(job: Callable[[], object]) -> float:
    """Return the time of the processor that *job* takes, on all threads."""
    begun = time.process_time()
    job()
    return time.process_time() - begun


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the todos")
    count, limit = (10_000, QUICK_LIMIT) if parser.parse_args().quick else (100_000, LIMIT)
    answer = body(count)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=answer))
    with hj.connect("hedy_live_benchmark", base_url="http://127.0.0.1:1", transport=transport) as hedy:

        def typed() -> pd.DataFrame:
            return hedy.todos(refresh=True)

        def normalized() -> pd.DataFrame:
            return pd.json_normalize(json.loads(answer)["data"])

        frame = typed()  # what only the first call costs is not measured
        normalized()
        rounds = [(seconds(typed), seconds(normalized)) for _ in range(ROUNDS)]
    typed_s, normalized_s = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(ours / theirs for ours, theirs in rounds)
    sys.stdout.write(
        f"{len(frame):,} todos, {len(answer) / 1e6:.0f} MB → typed frame {typed_s:.3f} s, "
        f"json.loads + json_normalize {normalized_s:.3f} s, ratio {ratio:.2f} (limit {limit})\n"
    )
    meetings = sessions(count)
    frame.hedy.due(meetings)  # reads the phrases; a second call is what a user repeats
    due_s = seconds(lambda: frame.hedy.due(meetings))
    sys.stdout.write(f"due() over {len(frame):,} todos {due_s:.3f} s, ratio {due_s / normalized_s:.2f}\n")
    return int(ratio > limit)


if __name__ == "__main__":
    sys.exit(main())
