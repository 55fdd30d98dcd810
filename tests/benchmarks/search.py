"""How quick the archive is beside pandas' fastest search over the same texts in memory; all numbers from one run.

``python -m tests.benchmarks.search`` builds 5,000 invented meetings of 40 KB (``--small``: 200) and takes some minutes for it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from hedy_jupyter.archive.search import find
from hedy_jupyter.archive.store import Store
from hedy_jupyter.tables import frames

VOCABULARY = 30_000
KILOBYTES = 40
EVERYWHERE = "harbour"
RARE, PHRASE, CHINESE = "quixotic", "brass lantern pledge", "浜風"
ROUNDS = 15


def vocabulary(rng: random.Random) -> list[str]:
    """Invented words; some have accents."""
    syllables = "ba-ke-li-mo-nu-pra-ste-vi-ro-ge-dan-fel-hor-jin-qua-é-ü-ña-sch-tro-wen".split("-")  # noqa: SIM905  a list is longer
    return ["".join(rng.choice(syllables) for _ in range(rng.randint(2, 4))) for _ in range(VOCABULARY)]


def text(rng: random.Random, words: list[str], weights: list[float]) -> str:
    """About 40 KB of sentences: frequent words are frequent, as in a language."""
    found, size = [], 0
    while size < KILOBYTES * 1000:
        sentence = " ".join(rng.choices(words, cum_weights=weights, k=12)).capitalize() + ". "
        found.append(sentence)
        size += len(sentence.encode())
    found.insert(len(found) // 3, f"We spoke of the {EVERYWHERE}. ")
    return "".join(found)


def meetings(count: int) -> list[dict[str, Any]]:
    """Detailed sessions; a tenth of each text's end is Japanese in every tenth of them."""
    rng = random.Random("benchmark")  # noqa: S311  the same texts in every run
    words = vocabulary(rng)
    total, weights = 0.0, []
    for rank in range(1, VOCABULARY + 1):
        total += 1 / rank
        weights.append(total)
    bodies = [text(rng, words, weights) for _ in range(min(count, 250))]  # shuffled below, so that no two meetings are the same
    found = []
    for number in range(count):
        sentences = bodies[number % len(bodies)].split(". ")
        rng.shuffle(sentences)
        body = ". ".join(sentences)
        if number % 10 == 0:
            body += "".join(chr(rng.randint(0x4E00, 0x5E00)) for _ in range(1000))
        if number % (count // 5 or 1) == 7:
            body = f"{body[:20_000]} {RARE} and a {PHRASE} {CHINESE}倉庫 {body[20_000:]}"
        start = (pd.Timestamp("2026-01-01", tz="UTC") - pd.Timedelta(hours=5 * number)).isoformat()
        found.append(
            {"sessionId": f"sess_{number:06}", "title": f"Meeting {number}", "startTime": start, "duration": 30, "transcript": body}
        )
    return found


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of *work* in milliseconds, after one run that does not count."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def main(count: int) -> dict[str, float]:
    """Measure, print and give the numbers."""
    records = meetings(count)
    texts = pd.Series([record["transcript"] for record in records], dtype="string[pyarrow]")
    size = sum(len(body.encode()) for body in texts)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "archive.sqlite", create=True) as store:
        store.put_sessions([{name: record[name] for name in ("sessionId", "title", "startTime", "duration")} for record in records])
        for record in records[:-ROUNDS]:
            store.put_detail(record["sessionId"], record)
        late = iter(records[-ROUNDS:])

        def add() -> None:
            record = next(late)
            store.put_detail(record["sessionId"], record)

        rest = statistics.median([_ms(add) for _ in range(ROUNDS)])
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        numbers = {"indexed_ms": rest, "file_of_text": store.path.stat().st_size / size}
        rows = [("rare word", RARE, 5.0, 0.2), ("phrase", f'"{PHRASE}"', 5.0, 0.2), ("two characters", CHINESE, 5.0, 0.2)]
        for name, query, aim_ms, aim_ratio in [*rows, ("word in all", EVERYWHERE, 25.0, None)]:
            ours = median_ms(lambda query=query: find(store, query))
            theirs = median_ms(lambda query=query: texts.str.contains(query.strip('"'), regex=False), 3)
            numbers |= {f"{name}_ms": ours, f"{name}_of_pandas": ours / theirs}
            hits = len(find(store, query))
            aim = f"aim {aim_ms:.0f} ms" + (f" and {aim_ratio}" if aim_ratio else "")
            print(f"{name:<15} {ours:7.2f} ms  {ours / theirs:6.3f} of str.contains ({theirs:.1f} ms)  {hits} hits  ({aim})")
        numbers["table_ms"] = median_ms(lambda: frames.build("sessions", store.records("sessions")))
    print(f"one more meeting indexed {numbers['indexed_ms']:.1f} ms (aim 50)")
    print(f"file {numbers['file_of_text']:.2f} of the text, {size / 1e6:.0f} MB (aim 1.0)")
    print(f"table of {count:,} sessions {numbers['table_ms']:.1f} ms (aim 100)")
    return numbers


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help="200 meetings: shows that it runs, measures nothing")
    main(200 if parser.parse_args().small else 5_000)
