"""Due dates against plain dateparser, on the table of phrases: ``python -m tests.benchmarks.due [--small]``.

How long both take, and how many phrases each reads wrong or not at all.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from datetime import date, datetime

import dateparser

from hedy_jupyter.dates.due import due_date
from tests.benchmarks.rows import Row, in_turns, main
from tests.due_phrases import ROWS
from tests.due_phrases import Row as Phrase

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


def read_all(reader: Reader, phrases: Sequence[Phrase]) -> list[date | None]:
    """Return what *reader* says of each phrase."""
    return [reader(one.phrase, one.day) for one in phrases]


def mistakes(reader: Reader, phrases: Sequence[Phrase]) -> int:
    """Return how many phrases *reader* reads wrong or misses."""
    return sum(said != one.on for said, one in zip(read_all(reader, phrases), phrases, strict=True))


def rows(small: bool) -> list[Row]:
    """Measure and count."""
    warnings.simplefilter("ignore")  # of dateparser, in some versions
    phrases = ROWS[::300] if small else ROWS
    wrong, theirs_wrong = mistakes(ours, phrases), mistakes(plain, phrases)  # the first reading loads languages
    times = in_turns(lambda: read_all(ours, phrases), lambda: read_all(plain, phrases), 1 if small else ROUNDS)
    work = f"due dates of {len(phrases)} phrases"
    return [
        Row(work, times.ours, "s", "dateparser", times.theirs, ratio_at_most=1),
        Row(f"{work}: wrong or missed", wrong, "phrases", "dateparser", theirs_wrong, at_most=0),
    ]


if __name__ == "__main__":
    main(rows, __doc__)
