"""Durations of an account's meetings in minutes, from what its lists, details and archive have shown so far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from typing import TYPE_CHECKING

from hedy_jupyter import kinds
from hedy_jupyter.frames import durations
from hedy_jupyter.frames.durations import Facts, Tally, Votes

if TYPE_CHECKING:
    from hedy_jupyter.api.wire_format import Record


class Durations:
    """The durations that were read from an account.

    Args:
        archived: what the archive says of the units; called where what was read leaves one open.
    """

    def __init__(self, archived: Callable[[], Votes]) -> None:
        self._archived = archived
        self._facts: dict[str, Facts] = {}
        self._tally = Tally()

    def note(self, listed: Iterable[Record] = (), details: Iterable[Record] = ()) -> None:
        """Remember what the records of a list, and full records, say."""
        for record in listed:
            self._add(record, Facts.of(record, None))
        for record in details:
            self._add(record, Facts.of(None, record))

    def _add(self, record: Record, facts: Facts) -> None:
        ident = kinds.identity("sessions", record)
        if ident is None:
            return
        known = self._facts.get(ident, Facts())
        self._facts[ident] = merged = facts.over(known)
        self._tally.add(known, -1)
        self._tally.add(merged)

    def with_archived(self, votes: Votes) -> Durations:
        """Return these durations for one read in which the archive has been asked already, and says *votes*."""
        found = copy(self)
        found._archived = lambda: votes
        return found

    def __contains__(self, session_id: object) -> bool:
        return session_id in self._facts

    def in_minutes(self, records: Iterable[Record], detailed: Collection[str] = ()) -> list[Record]:
        """Return *records* of lists with their duration in minutes.

        Of the ids *detailed* the records are those of the details.
        """
        votes = self._votes()
        converted: list[Record] = []
        for record in records:
            ident = kinds.identity("sessions", record) or ""
            facts = self._facts.get(ident) or Facts.of(record, None)
            found = durations.detailed_min(facts, votes) if ident in detailed else durations.listed_min(facts, votes)
            converted.append(durations.with_minutes(record, found))
        return converted

    def of_detail(self, record: Mapping[str, object]) -> float | None:
        """Return the duration in minutes of the session whose full record is *record*."""
        facts = self._facts.get(kinds.identity("sessions", record) or "") or Facts.of(None, record)
        return durations.detailed_min(facts, self._votes())

    def _votes(self) -> Votes:
        votes = self._tally.votes
        return votes if all(votes) else votes.over(self._archived())
