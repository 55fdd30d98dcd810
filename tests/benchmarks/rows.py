"""The rows of the table of benchmarks: what was measured, beside what, and whether the aim is met.

A program of this folder has a function ``rows(small)`` that gives its rows, and ends with ``main(rows, __doc__)``, so
that ``python -m tests.benchmarks.NAME [--small] [--json FILE]`` measures it alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

Work = Callable[[], object]

_REACTION_MS = 200.0  # of a widget at most
_CALLS = 5


class Row(NamedTuple):
    """One measurement.

    Attributes:
        work: what was done and with how much, the same words in each run: the baseline is found by them.
        measured: what it took; ``None`` where it could not be measured, and *note* says why.
        unit: of *measured* and *reference*, such as ``"ms"``, ``"s"``, ``"MB"`` or ``"requests"``.
        against: what it is compared to.
        reference: what that took in the same run.
        at_most: the aim for *measured*, in *unit*.
        ratio_at_most: the aim for the ratio of *measured* to *reference*.
        note: what else a reader needs, such as the number of hits.
    """

    work: str
    measured: float | None
    unit: str
    against: str = ""
    reference: float | None = None
    at_most: float | None = None
    ratio_at_most: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Return the ratio of *measured* to *reference*."""
        return self.measured / self.reference if self.measured is not None and self.reference else None

    @property
    def met(self) -> bool | None:
        """Return whether the aims are met, or ``None`` without an aim or a measurement."""
        aims = [(self.measured, self.at_most), (self.ratio, self.ratio_at_most)]
        found = [value <= most for value, most in aims if value is not None and most is not None]
        return all(found) if found else None

    @property
    def aim(self) -> str:
        """Return the aims in words."""
        absolute = None if self.at_most is None else f"≤ {number(self.at_most)} {self.unit}"
        relative = None if self.ratio_at_most is None else f"ratio ≤ {number(self.ratio_at_most)}"
        return ", ".join(aim for aim in (absolute, relative) if aim)


class Pair(NamedTuple):
    """The median times of two pieces of work, in seconds of the processor."""

    ours: float
    theirs: float


def cpu_s(work: Work) -> float:
    """Return the seconds of the processor, of all threads, that *work* takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def in_turns(ours: Work, theirs: Work, rounds: int) -> Pair:
    """Measure two pieces of work in turns, so that a busy machine slows both, and return their medians."""
    found = [(cpu_s(ours), cpu_s(theirs)) for _ in range(rounds)]
    return Pair(*(statistics.median(times) for times in zip(*found, strict=True)))


def slowest_ms(act: Work) -> float:
    """Return the milliseconds of the slowest of several calls: the first one fills what later ones find."""
    return max(1000 * cpu_s(act) for _ in range(_CALLS))


def reactions(widget: str, took_ms: Mapping[str, float], against: str, reference_ms: float) -> list[Row]:
    """Return a row for each reaction of *widget*, whose aim is what feels immediate."""
    return [
        Row(f"{widget}: {name}", took, "ms", against, reference_ms, at_most=_REACTION_MS)
        for name, took in took_ms.items()
    ]


def missing(work: str, against: str, package: str) -> Row:
    """Return the row of a comparison whose other side is not installed."""
    return Row(work, None, "s", against, note=f"{package} is not installed: pip install --group bench")


def number(value: float | None) -> str:
    """Return a number with three digits that count; "–" for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


_HEADS = ("Work", "Measured", "Against, in the same run", "Ratio", "Aim", "Met")


def _cells(row: Row) -> tuple[str, ...]:
    reference = f": {number(row.reference)} {row.unit}" if row.reference is not None else ""
    measured = "–" if row.measured is None else f"{number(row.measured)} {row.unit}"
    return (
        f"{row.work} ({row.note})" if row.note else row.work,
        measured,
        f"{row.against}{reference}" or "–",
        number(row.ratio),
        row.aim or "–",
        {True: "yes", False: "NO", None: "–"}[row.met],
    )


def table(rows: Iterable[Row]) -> str:
    """Return *rows* as a table of Markdown whose columns are aligned."""
    lines = [_HEADS, *map(_cells, rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([text[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *text[1:]])


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return *rows* as plain values, each with its ratio and whether its aim is met."""
    return [row._asdict() | {"ratio": row.ratio, "met": row.met} for row in rows]


def main(measure: Callable[[bool], Sequence[Row]], description: str | None) -> None:
    """Measure one program, print its table, and exit with 1 where an aim is missed (with ``--small`` none counts)."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="show in seconds that it runs; the figures mean nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    options = parser.parse_args()
    found = measure(options.small)
    print(table(found))
    if options.json:
        options.json.write_text(json.dumps(as_json(found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(int(not options.small and any(row.met is False for row in found)))
