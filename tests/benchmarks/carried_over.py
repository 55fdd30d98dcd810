"""Benchmark of promises that are carried over: the processor time for 5,000 to 40,000 todos, and how it grows.

Run it with ``python -m tests.benchmarks.carried_over [--quick]``. The growth is that of the time without garbage
collection, whose passes depend on what else is in memory. The exit code is 1 where it is faster than n log n.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import time
from datetime import UTC

import pandas as pd

from hedy_jupyter.analysis.recurring import carried_over

_SIZES = (5_000, 10_000, 20_000, 40_000)
_TOLERANCE = 1.2
"""So much more than n log n is allowed: larger frames stay in the caches of the processor less."""
_VERBS = ("Send", "Review", "Update", "Book", "Prepare", "Check", "Translate", "Order")
_TAILS = ("", "", " by Friday", " and report back to Ada", " before the launch")


def todos(size: int) -> pd.DataFrame:
    """Return so many todos of four a meeting; the words are as varied as those of real ones."""
    chooser = random.Random(size)  # noqa: S311  nothing is secret here
    words = ["".join(chooser.choices("abcdefghiklmnoprstu", k=chooser.randint(4, 10))) for _ in range(size // 4)]
    promises = [
        f"{chooser.choice(_VERBS)} the {chooser.choice(words)} {chooser.choice(words)} for {chooser.choice(words)}"
        for _ in range(size // 3)
    ]
    texts = [f"{chooser.choice(promises)}{chooser.choice(_TAILS)}" for _ in range(size)]
    meetings = [f"s{place // 4}" for place in range(size)]
    return pd.DataFrame({"todo_id": map(str, range(size)), "text": texts, "session_id": meetings})


def seconds(frame: pd.DataFrame) -> tuple[float, int]:
    """Return the time of the processor for *frame*, and how many promises are found."""
    begin = time.process_time()
    found = carried_over(frame, zone=UTC)
    return time.process_time() - begin, len(found)


def main() -> int:
    """Print the time for each number of todos, and its growth against that of n log n."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 10,000 todos")
    sizes = _SIZES[:2] if parser.parse_args().quick else _SIZES
    frames = {size: todos(size) for size in sizes}
    carried_over(todos(500), zone=UTC)  # what only the first call costs is not measured
    collected = {size: seconds(frame) for size, frame in frames.items()}
    gc.disable()
    plain = {size: min(seconds(frame)[0], seconds(frame)[0]) for size, frame in frames.items()}
    gc.enable()
    growths = {size: plain[size] / plain[sizes[0]] / (_steps(size) / _steps(sizes[0])) for size in sizes}
    for size, (took_s, count) in collected.items():
        print(f"{size:>7,} todos: {took_s:5.2f} s, {count:,} promises, growth {growths[size]:.2f} of n log n")
    return int(max(growths.values()) > _TOLERANCE)


def _steps(size: int) -> float:
    return size * math.log(size)


if __name__ == "__main__":
    sys.exit(main())
