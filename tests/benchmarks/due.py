"""Due dates against plain dateparser, on the table of phrases: ``python tests/benchmarks/due.py [--quick]``.

Prints how many phrases each reads right, how many days it makes up, and how long a phrase takes. The exit code is 1
when ours misses a phrase or takes longer than dateparser alone.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import dateparser

sys.path.insert(0, str(Path(__file__).parents[2]))
from hedy_jupyter.dates.due import due_date
from tests.due_phrases import ROWS, Row

Reader = Callable[[str | None, date | None], date | None]
ROUNDS = 3
LONGEST = 200  # characters; dateparser would take long over a page


def ours(phrase: str | None, day: date | None) -> date | None:
    """Return what this package says."""
    return due_date(phrase, day).on


def plain(phrase: str | None, day: date | None) -> date | None:
    """Return what dateparser says on the day of the meeting; nothing without one, lest it counts from today."""
    if not phrase or not day or len(phrase) > LONGEST:
        return None
    base = datetime(day.year, day.month, day.day, 12)
    try:
        found = dateparser.parse(phrase, settings={"PREFER_DATES_FROM": "future", "RELATIVE_BASE": base})
    except (ValueError, OverflowError):
        return None
    return found.date() if found else None


def seconds(reader: Reader) -> float:
    """Return the seconds that *reader* takes over the table."""
    begun = time.perf_counter()
    for row in ROWS:
        reader(row.phrase, row.day)
    return time.perf_counter() - begun


def judged(reader: Reader, rows: list[Row]) -> str:
    """Return right answers, days missed, and days that are wrong."""
    found = [(reader(row.phrase, row.day), row.on) for row in rows]
    right = sum(said == on for said, on in found)
    wrong = sum(said is not None and said != on for said, on in found)
    missed = len(rows) - right - wrong
    return f"{right} of {len(rows)} right ({right / len(rows):.1%}), {wrong} wrong days, {missed} missed"


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round")
    rounds = 1 if parser.parse_args().quick else ROUNDS
    warnings.simplefilter("ignore")  # of dateparser, in some versions
    dated = [row for row in ROWS if row.on]
    for name, reader in (("hedy_jupyter", ours), ("dateparser", plain)):
        sys.stdout.write(f"{name}: {judged(reader, ROWS)}; of those with a day {judged(reader, dated)}\n")
    pairs = [
        (seconds(ours), seconds(plain)) for _ in range(rounds)
    ]  # the first reading, which loads languages, is behind
    ours_s, plain_s = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = ours_s / plain_s
    sys.stdout.write(
        f"{len(ROWS)} phrases: ours {ours_s:.3f} s, dateparser {plain_s:.3f} s, ratio {ratio:.2f} (limit 1)\n"
    )
    return int(ratio > 1 or any(ours(row.phrase, row.day) != row.on for row in ROWS))


if __name__ == "__main__":
    sys.exit(main())
