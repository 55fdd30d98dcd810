"""Benchmark of promises that are carried over: the processor time for 5,000 to 40,000 todos, and how it grows.

Run it with ``python -m tests.benchmarks.carried_over [--small]``. The growth is that of the time without garbage
collection, whose passes depend on what else is in memory.
"""

from __future__ import annotations

import gc
import math
import random
from datetime import UTC
from functools import partial

import pandas as pd

from hedy_jupyter.analysis.recurring import carried_over
from tests.benchmarks.rows import Row, cpu_s, main

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


def rows(small: bool) -> list[Row]:
    """Measure so many todos as ``_SIZES`` says, or some hundred."""
    sizes = (100, 200) if small else _SIZES
    frames = {size: todos(size) for size in sizes}
    carried_over(todos(500), zone=UTC)  # what only the first call costs is not measured
    collected = {size: cpu_s(partial(carried_over, frame, zone=UTC)) for size, frame in frames.items()}
    gc.disable()
    plain = {
        size: min(cpu_s(partial(carried_over, frame, zone=UTC)) for _ in range(2)) for size, frame in frames.items()
    }
    gc.enable()
    first = sizes[0]
    return [
        Row(f"carried_over() of {first:,} todos", collected[first], "s"),
        *(
            Row(
                f"carried_over() of {size:,} todos, without garbage collection",
                plain[size],
                "s",
                f"that of {first:,}, grown with n log n",
                plain[first] * _steps(size) / _steps(first),
                ratio_at_most=_TOLERANCE,
                note=f"{collected[size]:.2f} s with it",
            )
            for size in sizes[1:]
        ),
    ]


def _steps(size: int) -> float:
    return size * math.log(size)


if __name__ == "__main__":
    main(rows, __doc__)
