"""The history of an account: its sessions up to a limit or complete, merged by id from every list of the API."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from hedy_jupyter import kinds
from hedy_jupyter.api import details, error_responses, resolve, routes
from hedy_jupyter.api.event_loop import gather
from hedy_jupyter.api.reader import IsEnough, Listing, OnKept, Predicate, Reader, read_to_the_end, up_to
from hedy_jupyter.api.routes import PAGE_SIZE, Route
from hedy_jupyter.api.wire_format import Record
from hedy_jupyter.errors import AuthError, HedyError, NotFound, Offline, RateLimited, ServerError

T = TypeVar("T")

ReadTopic = Callable[[Record], Coroutine[Any, Any, Listing]]
"""Reads the sessions of a topic."""
_FATAL_TO_ALL_LISTS = (AuthError, RateLimited)
"""The errors that every list would end with: they end the complete history; after others only one list is missing."""


@dataclass
class AllLists:
    """What the lists of the API give together.

    Attributes:
        listing: what ``/sessions`` alone gives.
        sessions: id → session, from every list that shows sessions.
        orphans: ids of sessions that only a todo or a highlight names.
        failed: the lists that could not be read, in words.
    """

    listing: Listing
    sessions: dict[str, Record]
    orphans: list[str]
    topics: list[Record]
    todos: list[Record]
    highlights: Listing
    failed: list[str] = field(default_factory=list)


async def sessions(
    reader: Reader,
    limit: int | None,
    topic: str | None,
    keep: Predicate | None,
    is_before: Predicate | None,
    on_kept: OnKept | None = None,
) -> Listing:
    """Return sessions, newest first.

    Args:
        limit: how many; None is the complete history.
        topic: only those of this topic.
        keep: only those for which it is true.
        is_before: true of a session that is older than all that are kept; a whole page of them ends the search.
        on_kept: called with those of the listed sessions that will be returned, before the next page is read.
    """
    is_enough = up_to(limit, keep, is_before, on_kept)
    if topic is not None:

        async def read(ident: str) -> Listing:
            return await topic_sessions(reader, {"id": ident}, is_enough)

        listing = await resolve.pick(reader, kinds.TOPIC, topic, read)
    elif limit is None:
        listing = await complete_history(reader, up_to(None, keep, on_kept=on_kept))
    else:
        size = PAGE_SIZE if keep else min(limit, PAGE_SIZE)
        listing = await reader.read_pages("sessions", routes.SESSIONS, is_enough=is_enough, size=size)
    was_read_to_its_end = limit is None or not is_enough(listing.records)
    listing = replace(listing, records=_kept(listing.records, keep)[:limit], found=len(listing.records))
    return listing.count_missing() if was_read_to_its_end else listing


async def complete_history(reader: Reader, is_enough: IsEnough = read_to_the_end) -> Listing:
    """Return every session that any list of the API leads to.

    Those that only a todo or a highlight names are fetched one by one. *is_enough* may end the list of sessions.
    """
    lists = await read_all_lists(reader, tolerant=True, is_enough=is_enough)
    fetched: Mapping[str, Record] = {}
    try:
        fetched = await details.read_details(reader, routes.SESSION, lists.orphans)
    except (ServerError, Offline):
        lists.failed.append("sessions that only todos and highlights name")
    merged, listing = _merge(lists.sessions, fetched.values()), lists.listing
    lost = len(lists.orphans) - len(fetched)
    return Listing(
        records=list(merged.values()),
        total=listing.total,
        cut=listing.cut,
        unreachable=max(lost, (listing.total or 0) - len(merged)),
        failed=lists.failed,
        fetched=frozenset(fetched),
    )


async def read_all_lists(
    reader: Reader,
    *,
    tolerant: bool = False,
    is_enough: IsEnough = read_to_the_end,
    read_highlights: Callable[[], Coroutine[Any, Any, Listing]] | None = None,
    read_topic: ReadTopic | None = None,
) -> AllLists:
    """Return the lists of the API, and merge by id every session that any of them leads to.

    Sessions are in ``/sessions`` with its cursor and in the list of each topic; todos and highlights name the ids of
    others. The list of a topic that cannot be read leaves out only the sessions that no other list has.

    Args:
        tolerant: the same holds for the other lists, as long as one of those that show sessions can be read.
        is_enough: ends ``/sessions``.
        read_highlights: reads their list; by default to its end.
        read_topic: reads the list of a topic; by default to its end.

    Raises:
        HedyError: a list cannot be read.
    """
    lists = _ListReads()
    read_highlights = read_highlights or partial(reader.read_pages, "highlights", routes.HIGHLIGHTS)
    read_topic = read_topic or partial(topic_sessions, reader)
    no_rows: list[Record] = []
    listing, (topics, of_topics), todos, marked = await gather(
        lists.read(
            "sessions",
            reader.read_pages("sessions", routes.SESSIONS, is_enough=is_enough),
            Listing(),
            tolerated=tolerant,
        ),
        lists.read_topics(reader, read_topic, tolerated=tolerant),
        lists.read("todos", reader.rows("todos", routes.TODOS), no_rows, tolerated=tolerant),
        lists.read("highlights", read_highlights(), Listing(), tolerated=tolerant),
    )
    merged = _merge({}, listing.records)
    for found in of_topics:
        _merge(merged, found.records)
    named = (kinds.id_of(record.get("sessionId")) for record in [*todos, *marked.records])
    orphans = list(dict.fromkeys(ident for ident in named if ident and ident not in merged))
    if "sessions" in lists.failed and not merged and not orphans:
        raise lists.errors["sessions"]
    return AllLists(listing, merged, orphans, topics, todos, marked, lists.failed)


async def topic_sessions(reader: Reader, topic: Record, is_enough: IsEnough = read_to_the_end) -> Listing:
    """Return the sessions of one topic, each with the topic in it."""
    ident = kinds.identity("topics", topic)
    if ident is None:
        return Listing()
    found = await reader.read_pages("sessions", routes.TOPIC_SESSIONS, ident, is_enough=is_enough)
    nested = {"topic": {"id": ident, "name": topic.get("name")}}
    found.records = [
        record if any(map(record.get, kinds.TOPIC_FIELDS)) else {**record, **nested} for record in found.records
    ]
    return found


async def rows_of_session(reader: Reader, kind: str, route: Route, which: str) -> list[Record]:
    """Return the highlights or todos of one session, each with the session's id in it."""

    async def read(ident: str) -> list[Record]:
        return [
            {**record, "sessionId": kinds.id_of(record.get("sessionId")) or ident}
            for record in await reader.rows(kind, route, ident)
        ]

    return await resolve.pick(reader, kinds.SESSION, which, read)


class _ListReads:
    """Reads lists concurrently and notes those that failed.

    Attributes:
        failed: the lists that could not be read, in words.
        errors: list → why.
    """

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.errors: dict[str, HedyError] = {}

    async def read(self, name: str, work: Coroutine[Any, Any, T], nothing: T, *, tolerated: bool) -> T:
        """Return the result of *work*, or *nothing* where it fails and that is *tolerated*."""
        try:
            return await work
        except _FATAL_TO_ALL_LISTS:
            raise
        except HedyError as error:
            if not tolerated:
                raise
            self.failed.append(name)
            self.errors[name] = error
            return nothing

    async def read_topics(
        self, reader: Reader, read: ReadTopic, *, tolerated: bool
    ) -> tuple[list[Record], list[Listing]]:
        """Return the topics and the sessions of each, which do not wait for the pages of other lists."""
        no_rows: list[Record] = []
        topics = await self.read("topics", reader.rows("topics", routes.TOPICS), no_rows, tolerated=tolerated)
        return topics, await gather(*(self.read_topic(topic, read) for topic in topics))

    async def read_topic(self, topic: Record, read: ReadTopic) -> Listing:
        """Return the sessions of *topic*; none where they cannot be read, or it was deleted a moment ago."""

        async def read_unless_deleted() -> Listing:
            try:
                return await read(topic)
            except NotFound as error:
                if error.code in error_responses.TOPIC_OR_CONTEXT_NOT_FOUND:
                    return Listing()
                raise

        name = topic.get("name") or kinds.identity("topics", topic)
        return await self.read(f'topic "{name}"', read_unless_deleted(), Listing(), tolerated=True)


def _kept(records: list[Record], keep: Predicate | None) -> list[Record]:
    return records if keep is None else [record for record in records if keep(record)]


def _merge(known: dict[str, Record], records: Iterable[Record]) -> dict[str, Record]:
    """Add *records* to *known* by id; a record that is known already gains only the fields that it lacks."""
    for record in records:
        ident = kinds.identity("sessions", record)
        if ident is not None:
            known[ident] = details.fill_gaps(known.get(ident, {}), record)
    return known
