"""Durations in minutes, by one rule for lists, details and the archive.

The API documents minutes, some of its clients send seconds (the API notes, section 1). An account uses one unit in its
lists and one in its details, and those may differ. Two things decide a number's unit: the time from start to end of
the same session, which equals the number as minutes or as seconds; and the other number for the same session, which is
sixty times as large or as small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from hedy_jupyter.frames.scalars import number_of, time_of

Given = Mapping[str, object]
_TOLERANCE = 0.1
_MINUTE_S = 60


class Facts(NamedTuple):
    """The duration of one session as each source has it.

    Attributes:
        listed: the number in lists.
        detailed: the number in its details.
        span_s: the time between its start and its end, in seconds; None where that is not known or not positive.
    """

    listed: float | None = None
    detailed: float | None = None
    span_s: float | None = None

    @classmethod
    def of(cls, listing: Given | None, detail: Given | None) -> Facts:
        """Return the facts in a record of a list and in the details of the same session; either may be missing."""
        listing, detail = listing or {}, detail or {}
        span = span_s({name: detail.get(name) or listing.get(name) for name in ("startTime", "endTime")})
        return cls(number_of(listing.get("duration")), number_of(detail.get("duration")), span)

    def over(self, older: Facts) -> Facts:
        """Return these facts, with what they lack taken from *older*."""
        return Facts(*(old if new is None else new for new, old in zip(self, older, strict=True)))


class Votes(NamedTuple):
    """The number of sessions counted in seconds minus the number counted in minutes; 0 decides nothing.

    Attributes:
        lists: of the numbers in lists.
        details: of the numbers in details.
    """

    lists: int = 0
    details: int = 0

    def over(self, others: Votes) -> Votes:
        """Return these votes, and those of *others* where these decide nothing."""
        return Votes(self.lists or others.lists, self.details or others.details)


class Tally:
    """A running count of what sessions say about the units of their account."""

    def __init__(self) -> None:
        self._lists = self._details = self._equal = 0

    def add(self, facts: Facts, times: int = 1) -> None:
        """Count *facts* in; with ``times=-1`` remove them again."""
        listed, detailed = facts.listed or 0.0, facts.detailed or 0.0
        larger = _meets(listed, detailed * _MINUTE_S) - _meets(detailed, listed * _MINUTE_S)
        self._lists += times * (_vote(listed, facts.span_s) or larger)
        self._details += times * (_vote(detailed, facts.span_s) or -larger)
        self._equal += times * _meets(listed, detailed)

    @property
    def votes(self) -> Votes:
        """The votes; where lists and details have the same numbers, a unit known for one holds for both."""
        if self._equal > 0:
            return Votes(self._lists or self._details, self._details or self._lists)
        return Votes(self._lists, self._details)


def count(facts: Iterable[Facts]) -> Votes:
    """Return the votes of *facts*, a session each."""
    tally = Tally()
    for one in facts:
        tally.add(one)
    return tally.votes


def newest(facts: Iterable[Facts], enough: int) -> Iterator[Facts]:
    """Yield *facts* until *enough* of them have decided a unit."""
    for one in facts:
        yield one
        enough -= any(count([one]))
        if enough <= 0:
            return


def listed_min(facts: Facts, votes: Votes) -> float | None:
    """Return the duration of a session in a list in minutes, else that of its details, else the time from start to end.

    Where nothing is known of the lists they use the unit of the details.
    """
    if facts.listed is not None:
        return minutes(facts.listed, facts.span_s, in_seconds=(votes.lists or votes.details) > 0)
    return detailed_min(facts, votes)


def detailed_min(facts: Facts, votes: Votes) -> float | None:
    """Return the duration in the details in minutes, else the time from start to end, else the number of the list."""
    if facts.detailed is None and facts.span_s is None and facts.listed is not None:
        return listed_min(facts, votes)
    return minutes(facts.detailed, facts.span_s, in_seconds=votes.details > 0)


def minutes(number: float | None, span_s: float | None, *, in_seconds: bool = False) -> float | None:
    """Return *number* in minutes.

    Args:
        number: a duration in minutes or in seconds; without one, *span_s* is the duration.
        span_s: the time from start to end. A number that meets it as minutes or as seconds has that unit.
        in_seconds: the unit of the account, for a number that does not meet it.
    """
    if number is None:
        return None if span_s is None else span_s / _MINUTE_S
    vote = _vote(number, span_s)
    return number / _MINUTE_S if vote > 0 or (vote == 0 and in_seconds) else number


def with_minutes(record: Mapping[str, Any], found: float | None) -> Mapping[str, Any]:
    """Return *record* with *found* as its duration; one that is equal stays as it is written."""
    return record if found is None or found == number_of(record.get("duration")) else {**record, "duration": found}


def span_s(record: Given) -> float | None:
    """Return the time from start to end of *record* in seconds; None where one is missing or the end is not later."""
    end = time_of(record.get("endTime"))
    start = end and time_of(record.get("startTime"))
    return (end - start).total_seconds() if start and end and end > start else None


def _vote(number: float | None, span: float | None) -> int:
    """Return 1 where *number* equals *span* as seconds, -1 where it does as minutes, else 0."""
    return _meets(number, span) - _meets((number or 0.0) * _MINUTE_S, span)


def _meets(number: float | None, other: float | None) -> bool:
    if not number or not other:
        return False
    return abs(number - other) <= _TOLERANCE * abs(other)
