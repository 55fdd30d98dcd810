"""All benchmarks as one table: ``python -m tests.benchmarks [NAME …] [--small] [--json FILE] [--against FILE]``.

Each program runs in a process of its own, one after the other; all of them take about half an hour. The exit code is 1
where an aim is missed, a program fails, or a ratio is worse than in the run of the file that ``--against`` names.
``--json`` writes such a file; ``baseline.json`` in this folder is one. Only ratios are compared, because they change
little from machine to machine.

A ratio is worse where it is more than 1.3 times that of the baseline. On a busy machine two runs of the same code
differ by up to a seventh; a difference of a third is one that people notice. A program with such a ratio is measured a
second time, and the better of the two counts.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks import rows
from tests.benchmarks.rows import Row

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
TOLERANCE = 1.3
_HELPERS = {"__main__", "rows"}

Found = dict[str, list[Row]]
"""The rows of each program; none of one that failed."""
Key = tuple[str, str]
"""The name of a program, and the work of one of its rows."""


class Worse(NamedTuple):
    """A ratio that is worse than that of the baseline."""

    key: Key
    ratio: float
    before: float

    def __str__(self) -> str:
        program, work = self.key
        times = self.ratio / self.before
        return f"{program}: {work}: ratio {self.ratio:.3g}, {times:.2f} times the {self.before:.3g} before"


def programs() -> list[str]:
    """Return the names of the programs of this folder."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in _HELPERS)


def measured(name: str, *, small: bool) -> list[Row]:
    """Run one program in a process of its own and return its rows; none if it failed."""
    print(f"… {name}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        command = [
            sys.executable,
            "-m",
            f"tests.benchmarks.{name}",
            "--json",
            str(file),
            *(["--small"] if small else []),
        ]
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
        )
        if not file.exists():
            print(f"{name} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
            return []
        return [_row(values) for values in json.loads(file.read_text(encoding="utf-8"))]


def _row(values: Mapping[str, Any]) -> Row:
    return Row(**{name: value for name, value in values.items() if name not in {"ratio", "met"}})


def ratios(found: Mapping[str, Iterable[Row]]) -> dict[Key, float]:
    """Return the ratio of each row that has one."""
    return {(name, row.work): row.ratio for name, each in found.items() for row in each if row.ratio is not None}


def worse(found: Mapping[Key, float], before: Mapping[Key, float]) -> list[Worse]:
    """Return the ratios that are worse than those *before* by more than the tolerance."""
    return [
        Worse(key, found[key], before[key]) for key in found if key in before and found[key] > TOLERANCE * before[key]
    ]


def confirmed(slower: Sequence[Worse], before: Mapping[Key, float]) -> list[Worse]:
    """Measure the programs of *slower* ratios again, and return those that are worse a second time."""
    again = {name: measured(name, small=False) for name in sorted({one.key[0] for one in slower})}
    suspects = {one.key for one in slower}
    return [one for one in worse(ratios(again), before) if one.key in suspects]


def as_json(found: Found, *, small: bool) -> dict[str, Any]:
    """Return a run as plain values: its day, the machine, and the rows of each program."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return {
        "date": datetime.date.today().isoformat(),
        "machine": machine,
        "small": small,
        "programs": {name: rows.as_json(of_program) for name, of_program in found.items()},
    }


def baseline(path: Path) -> dict[Key, float]:
    """Return the ratios of the run in the file *path*."""
    run = json.loads(path.read_text(encoding="utf-8"))
    return ratios({name: map(_row, of_program) for name, of_program in run["programs"].items()})


def report(found: Found, before: Mapping[Key, float] | None) -> bool:
    """Print what differs from the baseline, and return whether nothing is worse or missing."""
    if before is None:
        return True
    now = ratios(found)
    absent = {(name, row.work) for name, each in found.items() for row in each if row.measured is None}
    lost = [key for key in before if key[0] in found and key not in now and key not in absent]
    slower = worse(now, before)
    slower = confirmed(slower, before) if slower else []
    for one in slower:
        print(f"WORSE  {one}")
    for name, work in lost:
        print(f"NOT MEASURED  {name}: {work}")
    print(f"{len(now.keys() & before.keys())} ratios compared with the baseline, {len(slower)} worse")
    return not slower and not lost


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was named, print the table, and compare it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(programs())}; all by default")
    parser.add_argument("--small", action="store_true", help="show that they run; the figures mean nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the run there, as a baseline for --against")
    parser.add_argument("--against", type=Path, metavar="FILE", help="fail where a ratio is worse than in this run")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(programs())):
        parser.error(f"unknown program {', '.join(unknown)}; there are {', '.join(programs())}")
    if options.small and options.against:
        parser.error("--against needs the figures of a whole run; leave out --small")
    before = baseline(options.against) if options.against else None
    found = {name: measured(name, small=options.small) for name in options.names or programs()}
    print(rows.table(row for of_program in found.values() for row in of_program))
    if options.json:
        text = json.dumps(as_json(found, small=options.small), indent=1, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")
    missed = not options.small and any(row.met is False for of_program in found.values() for row in of_program)
    return int(not report(found, before) or missed or not all(found.values()))


if __name__ == "__main__":
    sys.exit(main())
