"""How long the Tab key takes in IPython, with 5,000 meetings and 500 topics read: the first time, and repeated.

``python -m tests.benchmarks.completion`` (``--small``: 50 and 5). All times are of the processor, with what IPython
itself does. For attributes IPython lets Jedi read the sources of their classes, which takes most of a second in a new
process whatever the object: those rows stand beside pandas' own accessor, and the attributes alone have a row each.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from tests.benchmarks.rows import Row, cpu_s, main
from tests.histories import History

AT_MOST_MS = 50.0
ROUNDS = 5
LINES = (
    "%hedy ",
    "%hedy sessions --",
    "%hedy session ",
    "%hedy session Meeting ",
    '%hedy session "Meeting 4',
    "%hedy session sess_00",
    "%hedy sessions --topic ",
    "%hedy todos --topic Topic ",
    "%hedy topic edit ",
)
ATTRIBUTES = ("hedy.", "sessions.hedy.", "todos.hedy.")


def history(sessions: int, topics: int) -> History:
    """An account of so many meetings and topics."""
    made = History(sessions)
    made.topics = [{"id": f"topic_{number:04}", "name": f"Topic {number}"} for number in range(topics)]
    return made


def completed(shell: InteractiveShell, line: str) -> int:
    """Return how many completions IPython offers for *line*."""
    with provisionalcompleter():
        return len(list(shell.Completer.completions(line, len(line))))


def measured(shell: InteractiveShell, line: str, rounds: int) -> tuple[float, float]:
    """Return the milliseconds of the first completion, and the median of later ones."""
    work: Callable[[], Any] = lambda: completed(shell, line)  # noqa: E731  it is used in both
    return 1000 * cpu_s(work), statistics.median(1000 * cpu_s(work) for _ in range(rounds))


def rows(small: bool) -> list[Row]:
    """Measure each line."""
    sessions, topics, rounds = (50, 5, 1) if small else (5_000, 500, ROUNDS)
    found = []
    shell = InteractiveShell.instance()
    with (
        tempfile.TemporaryDirectory() as folder,
        history(sessions, topics).account_of(archive=Path(folder) / "archive.sqlite") as hedy,
    ):
        shell.run_line_magic("load_ext", "hedy_jupyter")
        hedy.topics()
        shell.push({"hedy": hedy, "sessions": hedy.sessions(limit=None), "todos": hedy.todos()})
        for line in LINES:
            first, later = measured(shell, line, rounds)
            work, note = f"Tab after `{line}`", f"{completed(shell, line):,} offers"
            for title, took in ((f"{work}, first", first), (f"{work}, repeated", later)):
                found.append(Row(title, took, "ms", at_most=AT_MOST_MS, note=note))
        found += attributes(shell, rounds)
        shell.run_line_magic("unload_ext", "hedy_jupyter")
    InteractiveShell.clear_instance()
    return found


def attributes(shell: InteractiveShell, rounds: int) -> list[Row]:
    """Measure the attributes of this package beside those of pandas."""
    pandas = dict(zip(("first", "repeated"), measured(shell, "sessions.start_time.dt.", rounds), strict=True))
    found = []
    for line in ATTRIBUTES:
        ours = dict(zip(("first", "repeated"), measured(shell, line, rounds), strict=True))
        found += [
            Row(f"Tab after `{line}`, {when}", ours[when], "ms", "`.dt.` of pandas", pandas[when], ratio_at_most=1)
            for when in ours
        ]
        value = line.rpartition(".")[0]
        took = max(1000 * cpu_s(lambda value=value: dir(eval(value, shell.user_ns))) for _ in range(rounds))  # noqa: S307
        found.append(Row(f"`dir({value})`", took, "ms", at_most=AT_MOST_MS))
    return found


if __name__ == "__main__":
    main(rows, __doc__)
