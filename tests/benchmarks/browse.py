"""How long the browser takes for what a user does in it, with 5,000 meetings in the archive.

``python -m tests.benchmarks.browse`` builds them (``--small``: 60), of 20 KB each and one of 400,000 characters. Each
step is given in milliseconds of the processor, the slowest of several times, of which 200 are the limit, and beside
what reading the list of meetings takes.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hedy_jupyter as hj
from hedy_jupyter import forms
from hedy_jupyter.archive import ingest, location
from hedy_jupyter.archive.ownership import claim
from hedy_jupyter.archive.store import Store
from tests.benchmarks.rows import Row, main, reactions, slowest_ms
from tests.forming import labelled, press, seen, type_in

SMALL = 60
NEWEST = datetime(2026, 11, 25, 9, tzinfo=UTC)


def meeting(rng: random.Random, words: list[str], number: int, size: int) -> dict[str, Any]:
    """An invented meeting whose transcript has about *size* characters."""
    start = NEWEST - timedelta(hours=7 * number)
    line = [f"Ada: {' '.join(rng.choices(words, k=25))} harbour." for _ in range(20)]
    return {
        "sessionId": f"sess_{number:06}",
        "title": f"{rng.choice(['Weekly', 'Planning', 'Review'])} {' '.join(rng.choices(words, k=2))}",
        "startTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "endTime": f"{start + timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}",
        "duration": 30,
        "topic": {"id": f"topic_{number % 23}", "name": f"Topic {number % 23}"} if number % 9 else None,
        "recap": " ".join(rng.choices(words, k=60)),
        "meeting_minutes": "## Decisions\n\n" + "\n".join(f"- {' '.join(rng.choices(words, k=12))}" for _ in range(20)),
        "transcript": "\n".join(rng.choices(line, k=size // len(line[0]))),
        "user_todos": [{"id": f"todo_{number}", "text": "send the plan"}],
    }


def archive(path: Path, count: int) -> hj.Hedy:
    """An account whose archive holds *count* meetings, the newest of them with a long transcript."""
    rng = random.Random("browse")  # noqa: S311  the same texts in every run
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 9))) for _ in range(3_000)]
    hedy = hj.connect("hedy_live_benchmark", archive=path, base_url="https://api.example.com")
    with Store.open(path, create=True) as store:
        claim(store, location.account_scope(hedy.settings), "user_1", location.digest(hedy.settings))
        for number in range(count):
            record = meeting(rng, words, number, 400_000 if number == 0 else 20_000)
            listed = ("sessionId", "title", "startTime", "duration", "topic")
            ingest.put_sessions(store, [{name: record[name] for name in listed}])
            ingest.put_detail(store, record["sessionId"], record)
    return hedy


def steps(browser: Any) -> dict[str, Callable[[], object]]:
    """What a user does, in an order in which each step changes something each time."""
    turn = iter(range(10_000))

    def fill(label: str, *texts: str) -> Callable[[], None]:
        return lambda: setattr(labelled(browser)[label], "value", texts[next(turn) % len(texts)])

    def enter(label: str, *texts: str) -> Callable[[], None]:
        return lambda: type_in(browser, label, texts[next(turn) % len(texts)])

    return {
        "filter by a word": fill("Filter", "week", "plan", "topic 7"),
        "no filter": fill("Filter", "", "w"),
        "topic": enter("Topic", "Topic 5", "Topic 6", "(all topics)"),
        "order": enter("Order", "By topic", "Newest first"),
        "next page": lambda: press(browser, "Older"),
        "search a word in all": enter("Search", "harbour", "harbour ada"),
        "end the search": enter("Search", "", "zzzz"),
        "choose a meeting": enter("Meeting", "sess_000003", "sess_000004", "last~7"),
        "the long one": enter("Meeting", "sess_000000"),
        "Minutes": enter("Show", "Minutes", "Recap"),
        "Transcript": enter("Show", "Minutes", "Transcript"),
        "find": lambda: (enter("Show", "Transcript")(), enter("Find", "harbour", "ada", "zzzz")()),
        "next hit": lambda: type_in(browser, "Find"),
        "later lines": lambda: press(browser, "Later lines"),
    }


def rows(small: bool) -> list[Row]:
    """Measure each step."""
    count = SMALL if small else 5_000
    with tempfile.TemporaryDirectory() as folder:
        hedy = archive(Path(folder) / "archive.sqlite", count)
        list_ms = slowest_ms(lambda: hedy.archive.sessions())
        numbers = {"open": slowest_ms(lambda: forms.browser(hedy))}
        browser = forms.browser(hedy)
        for name, act in steps(browser).items():
            numbers[name] = slowest_ms(act)
        assert "lines" in seen(browser), "the transcript was not shown"
    return reactions("browser", numbers, f"reading the list of {count:,} meetings", list_ms)


if __name__ == "__main__":
    main(rows, __doc__)
