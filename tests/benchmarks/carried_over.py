"""Benchmark of promises that are carried over: the processor time for 5,000, 10,000 and 20,000 todos.

Run it with ``python -m tests.benchmarks.carried_over``.
"""

from __future__ import annotations

import random
import time
from datetime import UTC

import pandas as pd

from hedy_jupyter.analysis.recurring import carried_over

_SIZES = (5_000, 10_000, 20_000)
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


def main() -> None:
    """Print the seconds of the processor for each number of todos."""
    for size in _SIZES:
        frame = todos(size)
        begin = time.process_time()
        found = carried_over(frame, zone=UTC)
        print(f"{size:>7,} todos: {time.process_time() - begin:5.1f} s, {len(found):,} promises")


if __name__ == "__main__":
    main()
