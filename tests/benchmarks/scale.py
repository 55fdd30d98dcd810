"""What answers and exports cost where the archive holds 5,000 meetings with 200 MB of texts.

``python -m tests.benchmarks.scale`` builds the archive (``--small``: 60 meetings) and runs each row in a fresh process:
seconds of the processor, the highest memory beyond that of the loaded package, and the time as a part of what a plain
way needs in the same run. ``--archive FILE`` keeps the archive for the next run, ``--only WORD`` chooses rows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

import hedy_jupyter as hj
from hedy_jupyter.archive import ingest, location
from hedy_jupyter.archive.ownership import claim
from hedy_jupyter.archive.store import Store
from hedy_jupyter.text.stop_words import STOP_WORDS
from tests.benchmarks import search
from tests.benchmarks.search import ROOT, Language

SMALL, LARGE = 60, 5_000
AT_MOST_S, AT_MOST_MB = 20.0, 500.0
NEWEST = datetime(2026, 11, 25, 9, tzinfo=UTC)
TOPICS = 40
FIRST = "Ada Ben Clara Dmitri Elif Farah Goran Hanna Ines Jonas Kaja Luca Mira Nadia Otto Petra Quentin Rosa Sven Tara"
LAST = "Lovelace Okafor Novak Petrov Yilmaz Haddad Kovac Lind Moreau Weber Nowak Conti Sato Rahman Berg"
EASTERN = "田中 佐藤 鈴木 王伟 李娜 김민준"
DUE = ("Friday", "2026-12-15", "next week", "end of the month", "when there is time", "15 March", None, "tomorrow")


# Texts -----------------------------------------------------------------------


class Texts:
    """Invented texts: words as frequent as in a language, with names of people in them, and speakers before them."""

    def __init__(self, rng: random.Random, megabytes: float) -> None:
        self.rng = rng
        western, eastern = search.western(rng), search.eastern(rng)
        western = Language(rng, [*sorted(STOP_WORDS["english"]), *western.words], " ", ". ", 12)
        self.people = [f"{first} {last}" for first in FIRST.split() for last in LAST.split()[:: 1 + len(first) % 3]]
        self.pools = [
            [self._with_a_name(one) for one in western.sentences(int(megabytes * 1e6))],
            eastern.sentences(int(megabytes * 1e5)),
        ]

    def _with_a_name(self, sentence: str) -> str:
        """Return *sentence* as one is written; every tenth one names somebody."""
        words = sentence.split()
        if self.rng.random() < 0.1:
            name = self.rng.choice(self.people).split()
            words[self.rng.randrange(1, len(words))] = self.rng.choice([*name, "Zanzibar", "Kestrel", " ".join(name)])
        return f"{words[0].capitalize()} {' '.join(words[1:])} "

    def prose(self, size: int, *, east: bool) -> str:
        """About *size* bytes."""
        return "".join(search.drawn(self.rng, self.pools[east], size))

    def sentence(self, *, east: bool) -> str:
        """One sentence."""
        return self.rng.choice(self.pools[east]).strip()

    def transcript(self, size: int, *, east: bool) -> str:
        """About *size* bytes of a conversation of several people."""
        speakers = self.rng.sample(EASTERN.split() if east else self.people, 4)
        turns: list[str] = []
        while size > 0:
            turns.append(f"{self.rng.choice(speakers)}{'：' if east else ': '}{self.prose(300, east=east)}")
            size -= len(turns[-1].encode())
        return "\n".join(turns)

    def minutes(self, *, east: bool) -> str:
        """Minutes with decisions, questions and action items."""
        items = {
            heading: "\n".join(f"- {self.sentence(east=east)}" for _ in range(5))
            for heading in ("Decisions", "Open Questions")
        }
        todos = "\n".join(f"- {self.rng.choice(self.people).split()[0]}: {self.sentence(east=east)}" for _ in range(4))
        items = {"Summary": self.prose(800, east=east), **items, "Action Items": todos}
        return "\n\n".join(f"## {heading}\n\n{body}" for heading, body in items.items())


def meeting(texts: Texts, number: int) -> dict[str, Any]:
    """Return an invented meeting of 40 KB; every tenth is Chinese or Japanese, every fourth has both transcripts."""
    rng, east, start = texts.rng, number % 10 == 0, NEWEST - timedelta(hours=7 * number)
    said = [texts.transcript(17_500 if number % 4 == 0 else 35_000, east=east) for _ in range(1 + (number % 4 == 0))]
    topic = {"id": f"topic_{number % TOPICS:02}", "name": f"Topic {number % TOPICS}"} if number % 9 else None
    return {
        "sessionId": f"sess_{number:06}",
        "title": f"{rng.choice(['Weekly', 'Planning', 'Review'])} {number % 97}",
        "startTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "endTime": f"{start + timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}",
        "duration": 30,
        "topic": topic,
        "recap": texts.prose(800, east=east),
        "meeting_minutes": texts.minutes(east=east),
        "session_notes": texts.sentence(east=east),
        "conversations": texts.sentence(east=east),
        **dict(zip(("transcript", "cleaned_transcript"), said, strict=False)),
        "highlights": [
            {
                "highlightId": f"high_{number}_{one}",
                "title": texts.sentence(east=east),
                "cleanedQuote": texts.sentence(east=east),
            }
            for one in range(3)
        ],
        "user_todos": [
            {
                "id": f"todo_{number}_{one}",
                "text": texts.sentence(east=east),
                "dueDate": rng.choice(DUE),
                "completed": rng.random() < 0.7,
            }
            for one in range(3)
        ],
    }


def account(path: Path) -> hj.Hedy:
    """Return the account of the archive at *path*."""
    return hj.connect("hedy_live_benchmark", archive=path, base_url="https://api.example.com", timezone="Europe/Berlin")


def build(path: Path, count: int) -> None:
    """Write the archive of *count* meetings to *path*."""
    texts = Texts(random.Random("scale"), 0.2 + count / 1000)  # noqa: S311  the same texts in every run
    settings = account(path).settings
    with Store.open(path, create=True) as store:
        claim(store, location.account_scope(settings), "user_1", location.digest(settings))
        ingest.put_topics(store, [{"id": f"topic_{number:02}", "name": f"Topic {number}"} for number in range(TOPICS)])
        listed = ("sessionId", "title", "startTime", "duration", "topic")
        for number in range(count):
            record = meeting(texts, number)
            ingest.put_sessions(store, [{name: record[name] for name in listed}])
            ingest.put_detail(store, record["sessionId"], record)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# What is measured -------------------------------------------------------------


class Row(NamedTuple):
    """One thing that is measured.

    Attributes:
        job: what is done.
        plain: the name of the row of ``PLAIN`` that its time is compared with.
        given: what the user has already, which counts neither for the time nor for the memory.
    """

    job: Callable[[hj.Hedy, Path, Any], object]
    plain: str = "unpack"
    given: Callable[[hj.Hedy, Path], object] = lambda *_: None


def _texts(hedy: hj.Hedy, *_: object) -> pd.DataFrame:
    return hedy.sessions(None, details=True, source="archive")


def _list(hedy: hj.Hedy, *_: object) -> pd.DataFrame:
    return hedy.sessions(None, source="archive")


def _export(form: str, name: str, *kinds: str) -> Callable[[hj.Hedy, Path, Any], object]:
    return lambda hedy, folder, _: hedy.export(form, folder / name, kinds, source="archive")


def _somebody(hedy: hj.Hedy) -> str:
    return str(hedy.speakers("last~1", source="archive")["speaker"].iloc[0])


_VAULT = _export("vault", "vault")


def _unpack(hedy: hj.Hedy, *_: object) -> int:
    """Unpack every text, one after the other."""
    with hedy.archive.store() as store:
        bodies = store.connection.execute("SELECT body FROM texts WHERE replaced_at IS NULL")
        return sum(len(search.encoding.unpacked(body)) for (body,) in bodies)


def _names(sessions: pd.DataFrame) -> list[str]:
    """Return the words before a colon in the transcripts of *sessions*."""
    return sorted({name for text in sessions["transcript"] for name in re.findall(r"^([^:：\n]+)[:：]", text, re.M)})


def _replace(_: hj.Hedy, __: Path, sessions: pd.DataFrame) -> object:
    """Replace names as pandas does: one alternation for ``str.replace``."""
    pattern = "|".join(map(re.escape, _names(sessions)))
    columns = sessions.select_dtypes("string")
    return columns.apply(lambda texts: texts.str.replace(rf"\b(?:{pattern})\b", "Person", regex=True, case=False))


def _write(_: hj.Hedy, folder: Path, sessions: pd.DataFrame) -> object:
    """Write the texts of each meeting to a file as they are."""
    columns = ["recap", "meeting_minutes", "session_notes", "conversations", "transcript", "cleaned_transcript"]
    for ident, *texts in sessions[["session_id", *columns]].itertuples(index=False):
        body = "\n\n".join(text for text in texts if isinstance(text, str))
        (folder / f"{ident}.md").write_text(body, encoding="utf-8")
    return len(sessions)


PLAIN: Mapping[str, Row] = MappingProxyType(
    {
        "unpack": Row(_unpack, ""),
        "list": Row(_list, ""),
        "str.contains": Row(lambda _h, _f, df: df["transcript"].str.contains("harbour", regex=False), "", _texts),
        "str.replace": Row(_replace, "", _texts),
        "plain files": Row(_write, "", _texts),
    }
)
"""The plain ways that the others are compared with."""
ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "sessions with texts": Row(_texts),
        "load": Row(lambda hedy, *_: _list(hedy).hedy.load(), "list"),
        "load wide": Row(lambda hedy, *_: _list(hedy).hedy.load(wide=True), "list"),
        "speakers": Row(lambda hedy, *_: hedy.speakers(source="archive")),
        "speakers by month": Row(lambda hedy, *_: hedy.speakers(by="month", source="archive")),
        "decisions": Row(lambda hedy, *_: hedy.decisions(source="archive")),
        "open questions": Row(lambda hedy, *_: hedy.open_questions(source="archive")),
        "action items": Row(lambda hedy, *_: hedy.action_items(source="archive")),
        "compare": Row(lambda hedy, *_: hedy.compare("Topic 1", "Topic 2", source="archive")),
        "report of a year": Row(lambda hedy, *_: hedy.report("2026-01-01", "2026-11-25", source="archive")),
        "report of all": Row(lambda hedy, *_: hedy.report("2000-01-01", "2026-11-25", source="archive")),
        "brief": Row(lambda hedy, *_: hedy.brief(source="archive")),
        "brief of a person": Row(lambda hedy, *_: hedy.brief(person=_somebody(hedy), source="archive")),
        "related": Row(lambda hedy, *_: hedy.related("last"), "list"),
        "search by sentence": Row(
            lambda hedy, *_: hedy.archive.search("kestrel", by="sentence", limit=5_000), "str.contains"
        ),
        "carried over": Row(lambda hedy, *_: hedy.todos(source="archive").hedy.carried_over(_list(hedy)), "list"),
        "words": Row(lambda _h, _f, df: df.hedy.words(), "str.contains", _texts),
        "utterances": Row(lambda _h, _f, df: df.hedy.utterances(), "str.contains", _texts),
        "redact": Row(lambda _h, _f, df: df.hedy.redact(key="benchmark"), "str.replace", _texts),
        "vault": Row(_VAULT, "plain files"),
        "vault again": Row(_VAULT, "plain files", lambda hedy, folder: _VAULT(hedy, folder, None)),
        "md": Row(_export("md", "all.md"), "plain files"),
        "html": Row(_export("html", "all.html"), "plain files"),
        "csv": Row(_export("csv", "sessions.csv", "sessions"), "plain files"),
        "json": Row(_export("json", "sessions.json", "sessions"), "plain files"),
        "xlsx": Row(_export("xlsx", "all.xlsx"), "plain files"),
        "ics": Row(_export("ics", "all.ics"), "plain files"),
        "parquet": Row(_export("parquet", "parquet"), "plain files"),
    }
)


# Measuring --------------------------------------------------------------------


def peak_mb() -> float:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def held_mb() -> float:
    """Return the memory that this process has now, in MB; where the system does not say it, the most it has had."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return peak_mb()
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(name: str, path: Path) -> dict[str, float]:
    """Run one row in this process; return seconds of the processor, and MB beyond those held before."""
    row = {**PLAIN, **ROWS}[name]
    with tempfile.TemporaryDirectory() as folder, account(path) as hedy:
        _ = hedy.topics(source="archive")  # the package is loaded, and the file open
        given = row.given(hedy, Path(folder))
        before, begun = held_mb(), time.process_time()
        _kept = row.job(hedy, Path(folder), given)
        return {"s": time.process_time() - begun, "mb": max(0.0, peak_mb() - before)}


def measured(name: str, path: Path) -> dict[str, float]:
    """Return what ``measure`` does of a fresh process."""
    command = [sys.executable, "-m", __spec__.name, "--job", name, "--archive", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def line(name: str, found: Mapping[str, float], plain: Mapping[str, Mapping[str, float]]) -> str:
    """Return the line of a row, with its verdict."""
    beside = ROWS[name].plain
    is_met = found["s"] <= AT_MOST_S and found["mb"] <= AT_MOST_MB
    ratio = f"{found['s'] / max(plain[beside]['s'], 0.001):6.2f} of {beside}"
    verdict = f"{'met' if is_met else 'MISSED'}: {AT_MOST_S:g} s, {AT_MOST_MB:g} MB"
    return f"{name:<20} {found['s']:7.2f} s {found['mb']:7.0f} MB  {ratio:<24} {verdict}"


def main(path: Path, only: str = "") -> dict[str, dict[str, float]]:
    """Measure the rows whose names contain *only*, print and return them."""
    chosen = [name for name in ROWS if only in name]
    plain = {name: measured(name, path) for name in PLAIN if name in {ROWS[one].plain for one in chosen}}
    for name, found in plain.items():
        print(f"{name:<20} {found['s']:7.2f} s {found['mb']:7.0f} MB  the plain way", flush=True)
    numbers = {}
    for name in chosen:
        numbers[name] = measured(name, path)
        print(line(name, numbers[name], plain), flush=True)
    return {**plain, **numbers}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help=f"{SMALL} meetings: shows that it runs, measures nothing")
    parser.add_argument("--archive", type=Path, help="where the archive is, or is built and kept")
    parser.add_argument("--only", default="", help="only rows with this in their names")
    parser.add_argument("--job", help="run one row in this process, and print what it costs as JSON")
    asked = parser.parse_args()
    if asked.job:
        print(json.dumps(measure(asked.job, asked.archive)))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            file = asked.archive or Path(scratch) / "archive.sqlite"
            if not file.exists():
                build(file, SMALL if asked.small else LARGE)
            main(file, asked.only)
