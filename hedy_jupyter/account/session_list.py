"""The list of sessions: what the API lists, the archive's part of the complete history, durations in minutes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account.filters import RowFilter
from hedy_jupyter.account.frame_coverage import covered
from hedy_jupyter.api import details as api_details
from hedy_jupyter.api import routes, session_history
from hedy_jupyter.display import notice
from hedy_jupyter.errors import ArchiveError, HedyError, UsageError
from hedy_jupyter.frames import build

if TYPE_CHECKING:
    from hedy_jupyter.account.connection import Connection
    from hedy_jupyter.account.durations import Durations
    from hedy_jupyter.api.details import DetailReads
    from hedy_jupyter.api.reader import Listing, OnKept, Reader
    from hedy_jupyter.api.wire_format import Record
    from hedy_jupyter.archive.archive import Archive
    from hedy_jupyter.archive.queries import Beyond


@dataclass(frozen=True)
class SessionQuery:
    """Which sessions to read.

    Attributes:
        limit: how many; None is the complete history.
        topic: the topic they must have: an id, the start of one, or a name.
        keep: which of them are kept.
        details: whether to read each with its texts.
    """

    limit: int | None
    topic: str | None
    keep: RowFilter
    details: bool

    @property
    def table(self) -> str:
        """The frame that is asked for."""
        return "sessions_detailed" if self.details else "sessions"

    @property
    def keep_listed(self) -> RowFilter:
        """What can be decided by the list alone: with details the words are looked for in these."""
        return self.keep.without_text if self.details else self.keep

    @property
    def reads_texts(self) -> bool:
        """Whether the details decide which sessions are kept."""
        return self.keep != self.keep_listed

    def includes(self, record: Record) -> bool:
        """Return whether the listed *record* is kept."""
        return not self.keep_listed.is_active or self.keep_listed.includes(build.values("sessions", record))

    def is_past(self, record: Record) -> bool:
        """Return whether *record* starts before the time asked for, as all that follow it in a list then do."""
        return self.keep.is_past(build.values("sessions", record))

    def has_words(self, record: Record) -> bool:
        """Return whether the texts of *record* have the words asked for."""
        return self.keep.has_words(build.values(self.table, record))


class ArchivedDetails:
    """The details that the archive holds and that need no request: those of sessions that are listed as they were.

    Attributes:
        records: id → details, of all sessions that were looked for.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.records: dict[str, Record] = {}

    @property
    def exists(self) -> bool:
        """Whether there is an archive."""
        return self._archive.exists

    def read(self, listing: Listing) -> Mapping[str, Record]:
        """Return those of the sessions of *listing*, by id."""
        try:
            if self.exists:
                self.records |= self._archive.settled_details(listing.records)
        except ArchiveError as error:
            report_left_out(error)
        return self.records


def live_sessions(
    connection: Connection,
    durations: Durations,
    archive: Archive,
    query: SessionQuery,
    *,
    refresh: bool,
    archived: ArchivedDetails | None = None,
) -> pd.DataFrame:
    """Return the sessions of *query* from the API; to the complete history the archive adds what no list reaches.

    Details that *archived* holds are not requested.

    Raises:
        HedyError: the list cannot be read.
    """
    passed: dict[str, Record] = {}
    listing = connection.ask(lambda reader: _listed(reader, durations, query, passed, archived), refresh)
    durations.note(details=listing.details.values())
    connection.note("sessions", [*passed.values(), *listing.records])
    source = "live"
    known = {*map(kinds.SESSION.identity, listing.records), *passed, *listing.details}
    beyond = _archived(archive, known, query) if query.limit is None else None
    if beyond is not None:
        durations = durations.with_archived(beyond.votes)
    listing.records = durations.in_minutes(listing.records, listing.fetched | listing.details.keys())
    if beyond is not None and beyond.records:
        _add(listing, beyond.records, beyond.without_details if query.details else ())
        connection.note("sessions", beyond.records)
        source = "live and archive"
    frame = build.build(query.table, listing.records)
    if query.limit is None:
        frame = newest_first(frame)
    connection.note_topics(frame)
    return covered(frame, listing, source, details=query.details)


def newest_first(sessions: pd.DataFrame) -> pd.DataFrame:
    """Return *sessions* by their start, those without one last."""
    return sessions.sort_values("start_time", ascending=False, kind="stable", na_position="last", ignore_index=True)


def report_left_out(error: HedyError) -> None:
    """Say in one line: the archive is left out, why, and what to do; the live answer is still returned."""
    notice.write(f"The archive is left out: {error}")


async def _listed(
    reader: Reader,
    durations: Durations,
    query: SessionQuery,
    passed: dict[str, Record],
    archived: ArchivedDetails | None,
) -> Listing:
    """Return the sessions of *query*, and put those that are read but outside its time into *passed*, by their ids."""

    def includes(record: Record) -> bool:
        is_included = query.includes(record)
        if not is_included and (ident := kinds.SESSION.identity(record)):
            passed[ident] = record
        return is_included

    keep = includes if query.keep_listed.is_active or query.reads_texts else None
    is_before = query.is_past if query.keep.since else None
    limit = sys.maxsize if query.reads_texts and query.limit is not None else query.limit

    async def listed(on_kept: OnKept | None = None) -> Listing:
        listing = await session_history.sessions(reader, limit, query.topic, keep, is_before, on_kept)
        _note_units(durations, listing)
        return listing

    if not query.details and not query.reads_texts:
        return await listed()
    if query.reads_texts:
        listing = await listed()
        known = await _known(listing, archived)
        return await api_details.matching_details(
            reader, "sessions", routes.SESSION, listing, query.has_words, query.limit, known
        )
    async with api_details.reading(reader, routes.SESSION) as details:
        is_sure = (archived is None or not archived.exists) and not query.keep.without
        listing = await listed(partial(_begin, details) if is_sure else None)
        known = await _known(listing, archived)
        return await api_details.with_details(reader, "sessions", routes.SESSION, listing, known, details)


def _begin(details: DetailReads, listed: Sequence[Record]) -> None:
    details.begin(filter(None, map(kinds.SESSION.identity, listed)))


async def _known(listing: Listing, archived: ArchivedDetails | None) -> Mapping[str, Record]:
    """Return the details that need no request."""
    return api_details.NO_DETAILS if archived is None else await asyncio.to_thread(archived.read, listing)


def _note_units(durations: Durations, listing: Listing) -> None:
    """Note what *listing* says of the unit of durations, before details take the place of what was listed."""
    parts: tuple[list[Record], list[Record]] = ([], [])
    for record in listing.records:
        parts[kinds.SESSION.identity(record) in listing.fetched].append(record)
    durations.note(*parts)


def _archived(archive: Archive, known: set[str | None], query: SessionQuery) -> Beyond | None:
    """Return the sessions that only the archive holds, none of the ids *known*; None without an archive.

    The API's own list ends before them.
    """
    if not archive.exists:
        return None
    try:
        beyond = archive.beyond(known, topic=query.topic, details=query.details)
    except (ArchiveError, UsageError) as error:  # the latter: the name is that of several topics there
        report_left_out(error)
        return None
    records = [record for record in beyond.records if query.includes(record) and query.has_words(record)]
    return beyond._replace(records=records)


def _add(listing: Listing, held: Sequence[Record], without_details: set[str] | tuple[()]) -> None:
    """Add *held* to *listing*, and to its counts."""
    listing.records += held
    listing.incomplete += [ident for one in held if (ident := kinds.SESSION.identity(one)) and ident in without_details]
    listing.found += len(held) if listing.found else 0
    listing.unreachable = max(0, listing.unreachable - len(held))
