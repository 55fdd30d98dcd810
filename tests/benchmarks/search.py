"""How quick the archive is beside pandas' fastest search over the same texts in memory, and beside a plain FTS5 table.

All times are of the processor, and from one run. ``python -m tests.benchmarks.search`` builds 5,000 invented meetings
of 40 KB (``--small``: 60) and takes some minutes for it.
"""

from __future__ import annotations

import itertools
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from hedy_jupyter.archive import encoding, fulltext, ingest, queries
from hedy_jupyter.archive.frames import framed
from hedy_jupyter.archive.search import find
from hedy_jupyter.archive.store import Store
from hedy_jupyter.frames import build
from tests.benchmarks.rows import Pair, Row, cpu_s, in_turns, main

ROOT = Path(__file__).resolve().parents[2]
SMALL = 60
VOCABULARY = 30_000
CHARACTERS = 2_500
KILOBYTES = 40
PLANTED = 5  # meetings that hold the rare word
EVERY = 10  # of so many meetings one holds the phrase, and one the two characters
EVERYWHERE = "harbour"
RARE = "quixotic"
# Places in the vocabulary. Most meetings have the one or other word of the phrase, and nearly every Chinese one both
# characters; few have them side by side. Of the frequent characters many do: every hit is shown, so that costs what any
# search with so many hits costs.
PHRASE_RANKS = (300, 1_000, 3_000)
CHINESE_RANKS = (100, 300)
FREQUENT_RANKS = (30, 60)
ROUNDS = 15


class Aim(NamedTuple):
    """What one search may cost: in milliseconds of the processor, and as a part of what pandas needs."""

    name: str
    query: str
    at_most_ms: float
    of_pandas: float | None = None


class Unaimed(NamedTuple):
    """A search that is measured too, without an aim."""

    name: str
    query: str


class Language:
    """Words or characters, the frequent ones as frequent as in a language."""

    def __init__(self, rng: random.Random, words: Sequence[str], between: str, stop: str, length: int) -> None:
        self.words, self.between, self.stop, self.length = words, between, stop, length
        self._rng = rng
        self._weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))

    def sentences(self, size: int) -> list[str]:
        """About *size* bytes."""
        found: list[str] = []
        while size > 0:
            words = self._rng.choices(self.words, cum_weights=self._weights, k=self.length)
            found.append(self.between.join(words) + self.stop)
            size -= len(found[-1].encode())
        return found


def western(rng: random.Random) -> Language:
    """Invented words; some have accents."""
    syllables = "ba-ke-li-mo-nu-pra-ste-vi-ro-ge-dan-fel-hor-jin-qua-é-ü-ña-sch-tro-wen".split("-")  # noqa: SIM905  a list is longer
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(rng.choice(syllables) for _ in range(rng.randint(2, 4)))] = None
    return Language(rng, list(words), " ", ". ", 12)


def eastern(rng: random.Random) -> Language:
    """Chinese characters and kana without spaces."""
    characters = [chr(code) for code in (*range(0x3042, 0x3094), *range(0x30A2, 0x30F4), *range(0x4E00, 0x9F00))]
    return Language(rng, rng.sample(characters, CHARACTERS), "", "。", 20)


def meetings(count: int) -> tuple[list[dict[str, Any]], list[Aim], list[Unaimed]]:
    """Detailed sessions, every tenth Chinese or Japanese, and what is searched for in them."""
    rng = random.Random("benchmark")  # noqa: S311  the same texts in every run
    languages = (western(rng), eastern(rng))
    phrase = " ".join(languages[0].words[rank] for rank in PHRASE_RANKS)
    chinese, frequent = (
        "".join(languages[1].words[rank] for rank in ranks) for ranks in (CHINESE_RANKS, FREQUENT_RANKS)
    )
    pools = [
        language.sentences(KILOBYTES * 1000 * min(count // part + 1, 250))
        for language, part in zip(languages, (4, 40), strict=True)
    ]
    found = []
    for number in range(count):
        east = number % 10 == 0
        body = drawn(rng, pools[east], KILOBYTES * 1000)
        body.insert(rng.randrange(len(body)), f"We spoke of the {EVERYWHERE}. ")
        if number % EVERY in (0, 7):
            body.insert(rng.randrange(len(body)), f"{chinese}が " if east else f"{phrase} then. ")
        if number % (count // PLANTED) == 7:
            body.insert(rng.randrange(len(body)), f"{RARE} it was. ")
        found.append(record(rng, number, "".join(body), pools[east]))
    aims = [
        Aim("rare word", RARE, 3.0, 0.2),
        Aim("phrase", f'"{phrase}"', 5.0, 0.2),
        Aim("two characters", chinese, 5.0, 0.2),
        Aim("word in all", EVERYWHERE, 15.0),
    ]
    return (
        found,
        aims,
        [
            Unaimed("two words in all", f"{EVERYWHERE} spoke"),
            Unaimed("two frequent characters", frequent),
            Unaimed("beginning", f"{EVERYWHERE[:4]}*"),
            Unaimed("without a word", f"{EVERYWHERE} -{phrase.split()[0]}"),
        ],
    )


def drawn(rng: random.Random, pool: Sequence[str], size: int) -> list[str]:
    """About *size* bytes of the sentences of *pool*."""
    found: list[str] = []
    while size > 0:
        found.append(rng.choice(pool))
        size -= len(found[-1].encode())
    return found


def record(rng: random.Random, number: int, transcript: str, pool: Sequence[str]) -> dict[str, Any]:
    """One session with all that is searched; the transcript is the text that counts, the others are short."""
    start = pd.Timestamp("2026-01-01", tz="UTC") - pd.Timedelta(hours=5 * number)
    return {
        "sessionId": f"sess_{number:06}",
        "title": f"Meeting {number}",
        "startTime": start.isoformat(),
        "duration": 30,
        "transcript": transcript,
        "recap": "".join(drawn(rng, pool, 800)),
        "meeting_minutes": "".join(drawn(rng, pool, 1500)),
        "session_notes": rng.choice(pool),
        "conversations": rng.choice(pool),
        "highlights": [
            {"highlightId": f"high_{number}_{one}", "title": rng.choice(pool), "cleanedQuote": rng.choice(pool)}
            for one in range(3)
        ],
        "user_todos": [
            {"id": f"todo_{number}_{one}", "text": rng.choice(pool), "completed": False} for one in range(3)
        ],
    }


def text_of(record: Mapping[str, Any]) -> str:
    """All that is searched of a session."""
    return "".join(fulltext.document(record["title"], record, record["highlights"], record["user_todos"]).values())


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of *work* in milliseconds, after one run that does not count."""
    work()
    return statistics.median(1000 * cpu_s(work) for _ in range(rounds))


def first_ms(path: Path) -> float:
    """The first search of a new process in milliseconds, with the opening of the file."""
    job = f"""if True:
        import time
        from pathlib import Path
        from hedy_jupyter.archive.search import find
        from hedy_jupyter.archive.store import Store
        begun = time.process_time()
        with Store.open(Path({str(path)!r})) as store:
            find(store, {EVERYWHERE!r})
        print(1000 * (time.process_time() - begun))"""
    done = subprocess.run([sys.executable, "-c", job], capture_output=True, text=True, check=True, cwd=ROOT)
    return float(done.stdout)


def unpacked(store: Store) -> list[str]:
    """Every text of today, unpacked and nothing else."""
    return [encoding.unpacked(body) for (body,) in store.connection.execute("SELECT body FROM texts")]


def detailed(store: Store) -> pd.DataFrame:
    """What ``sessions(details=True, source="archive")`` gives."""
    records, texts = queries.sessions_and_texts(store)
    return framed(store, "sessions_detailed", records, history=False, texts=texts)


def fill(store: Store, records: Sequence[dict[str, Any]]) -> float:
    """Put the meetings in; the median time of the last ones in milliseconds."""
    ingest.put_sessions(
        store, [{name: record[name] for name in ("sessionId", "title", "startTime", "duration")} for record in records]
    )
    times = [
        1000 * cpu_s(lambda record=record: ingest.put_detail(store, record["sessionId"], record)) for record in records
    ]  # type: ignore[misc]
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return statistics.median(times[-ROUNDS:])


def plain_table(path: Path, records: Sequence[Mapping[str, Any]]) -> sqlite3.Connection:
    """The same texts in a table of FTS5 as its page of documentation shows it, with what it searches by."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(title, body)")
    with connection:
        rows = ((record["title"], text_of(record)) for record in records)
        connection.executemany("INSERT INTO words VALUES (?, ?)", rows)
    return connection


def plain_search(connection: sqlite3.Connection, query: str) -> list[tuple[str, str]]:
    """The best fifty of the plain table, with a snippet each."""
    sql = "SELECT title, snippet(words, 1, '', '', '…', 20) FROM words WHERE words MATCH ? ORDER BY rank LIMIT 50"
    return connection.execute(sql, (query,)).fetchall()


def search(store: Store, texts: pd.Series, plain: sqlite3.Connection, aim: Aim) -> list[Row]:
    """Measure one search beside pandas and the plain table."""
    ours = median_ms(lambda: find(store, aim.query))
    contains = median_ms(lambda: texts.str.contains(aim.query.strip('"'), regex=False), 3)
    matched = median_ms(lambda: plain_search(plain, aim.query), 3)
    hits, theirs = len(find(store, aim.query, limit=10**6)), len(plain_search(plain, aim.query))
    work, note = f"search of {len(texts):,} × {KILOBYTES} KB: {aim.name}", f"{hits:,} hits"
    alone = f"plain FTS5, {theirs} of its hits" if theirs else "plain FTS5, which finds nothing"
    return [
        Row(work, ours, "ms", "`str.contains`", contains, aim.at_most_ms, aim.of_pandas, note),
        Row(f"{work}, beside FTS5", ours, "ms", alone, matched if theirs else None),
    ]


def frame_rows(store: Store, size: int) -> list[Row]:
    """Measure the frame of all texts, beside unpacking them alone."""
    turns = [in_turns(lambda: detailed(store), lambda: unpacked(store), 1) for _ in range(3)]
    times = Pair(*map(min, zip(*turns, strict=True)))  # the least: the garbage collector runs in some of them
    work = '`sessions(details=True, source="archive")`'
    return [
        Row(work, times.ours, "s", "unpacking the texts", times.theirs, ratio_at_most=1.5),
        Row(f"{work}, memory", peak_mb(lambda: detailed(store)), "MB", "size of the texts", size / 1e6, None, 3.0),
    ]


def peak_mb(work: Callable[[], object]) -> float:
    """How many megabytes of Python's memory *work* takes at most."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def rows(small: bool) -> list[Row]:
    """Measure all of it."""
    records, aims, others = meetings(SMALL if small else 5_000)
    texts = pd.Series([record["transcript"] for record in records], dtype="string[pyarrow]")
    size = sum(len(text_of(record).encode()) for record in records)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "archive.sqlite", create=True) as store:
        indexed_ms = fill(store, records)
        file_mb = store.path.stat().st_size / 1e6
        plain = plain_table(Path(folder) / "plain.sqlite", records)
        found = [row for aim in aims for row in search(store, texts, plain, aim)]
        plain.close()
        for other in others:
            took, hits = median_ms(lambda query=other.query: find(store, query)), len(find(store, other.query))  # type: ignore[misc]
            found.append(Row(f"search: {other.name}", took, "ms", note=f"{hits} hits shown"))
        table_ms = median_ms(lambda: build.build("sessions", queries.records(store, "sessions")))
        first = min(first_ms(store.path) for _ in range(1 if small else 3))
        found += [
            Row("search: the first of a process", first, "ms", at_most=60),
            Row("one more meeting indexed", indexed_ms, "ms", at_most=50),
            Row("table of the sessions", table_ms, "ms", at_most=100),
            *frame_rows(store, size),
            Row("archive's file", file_mb, "MB", "size of the texts", size / 1e6, ratio_at_most=1.1),
        ]
    return found


if __name__ == "__main__":
    main(rows, __doc__)
