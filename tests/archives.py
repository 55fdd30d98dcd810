"""What runs in separate processes for the archive's tests: writers that are killed, limited or run side by side."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from hedy_jupyter.archive import fulltext, ingest, queries
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError

LONG = "The harbour and the lamp, again and again. " * 500


def detail(number: int, version: int = 0) -> dict[str, Any]:
    """A session with texts of some size, each with a unique word."""
    return {
        "sessionId": f"sess_{number:06}",
        "title": f"Meeting {number}",
        "startTime": f"2026-03-01T10:{number % 60:02}:00Z",
        "transcript": f"{LONG} number{number} version{version}",
        "recap": f"recap{number} version{version}",
        "highlights": [{"highlightId": f"high_{number}", "title": f"idea{number}"}],
        "user_todos": [{"id": f"todo_{number}", "text": f"thing{number}", "completed": False}],
    }


def write(path: Path, first: int, count: int) -> None:
    """Put sessions one by one and say so after each commit."""
    with Store.open(path, create=True) as store:
        for number in range(first, first + count):
            ingest.put_detail(store, f"sess_{number:06}", detail(number))
            print(number, flush=True)


def sync(path: Path, sessions: int) -> None:
    """A sync whose server takes its time, saying which details were asked for."""
    from tests.histories import History  # with all of the package and pytest, which the others do without

    history = History(sessions)
    answer = history.reply

    def slow(steps: list[str], query: dict[str, str]) -> Any:
        if len(steps) == 2 and steps[0] == "sessions":
            print(steps[1], flush=True)
        return answer(steps, query)

    history.reply = slow  # type: ignore[method-assign]
    with history.account_of(archive=path) as hedy:
        hedy.archive.sync()
    print("done", flush=True)


def limited(path: Path, limit_bytes: int) -> None:
    """Put sessions until the system lets no file grow any more, then one that fits nowhere; tell what is said."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Store.open(path, create=True) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
        number = 0
        try:
            while True:
                ingest.put_detail(store, f"sess_{number:06}", detail(number))
                print(number, flush=True)
                number += 1
        except ArchiveError as error:
            print("ERROR", error.message, flush=True)


def killed(path: Path, after: int) -> None:
    """Open an archive with old words, and die while the words of its session number *after* are made again."""
    replace, left = fulltext.replace, [after]

    def dying(*texts: Any) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        replace(*texts)

    fulltext.replace = dying
    Store.open(path)


def unprivileged(path: Path) -> None:
    """Read and try to write without write permission."""
    sys.path_importer_cache.clear()
    tempfile.tempdir = "/tmp"  # noqa: S108  sqlite asks for one
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    with Store.open(path) as store:
        print(len(queries.records(store, "sessions")), store.writable, flush=True)
        try:
            store.note("x", "y")
        except ArchiveError as error:
            print("ERROR", error.message, flush=True)


if __name__ == "__main__":
    job, place, *numbers = sys.argv[1:]
    {"write": write, "sync": sync, "limited": limited, "killed": killed, "unprivileged": unprivileged}[job](
        Path(place), *map(int, numbers)
    )  # type: ignore[operator]
