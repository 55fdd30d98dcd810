"""Typed frames against ``pd.json_normalize`` on the same todos: ``python tests/benchmarks/frames.py [--quick]``.

Both run in turns, so that a busy machine slows both. The exit code is 1 when the typed frame takes more than half the
time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable

import pandas as pd

from hedy_jupyter.frames.build import build

LIMIT = 0.5
ROUNDS = 5


def todos(count: int) -> list[dict[str, object]]:
    """Todos as ``GET /todos`` sends them, most with their topic in full; from JSON, so that no two share an object."""
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
            "dueDate": ("Tomorrow", "", "Ende der Woche")[number % 3],
            "sessionId": f"sess_{number // 12}",
            "completed": number % 3 == 0,
            **({"topic": {"id": f"topic_{number % 8}", **topic}} if number % 5 else {}),
        }
        for number in range(count)
    ]
    found: list[dict[str, object]] = json.loads(json.dumps(records))
    return found


def seconds(job: Callable[[], object]) -> float:
    """How long *job* takes."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the todos")
    records = todos(10_000 if parser.parse_args().quick else 100_000)
    build("todos", records), pd.json_normalize(records[:10])  # what only the first call costs is not measured
    rounds = [
        (seconds(lambda: build("todos", records)), seconds(lambda: pd.json_normalize(records))) for _ in range(ROUNDS)
    ]
    typed_s, normalized_s = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = typed_s / normalized_s
    sys.stdout.write(
        f"{len(records):,} todos: typed {typed_s:.3f} s, json_normalize {normalized_s:.3f} s, "
        f"ratio {ratio:.2f} (limit {LIMIT})\n"
    )
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
