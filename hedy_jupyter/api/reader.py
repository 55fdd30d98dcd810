"""The flows behind the reads of ``Hedy``: pages, the complete history, details side by side, and what a name means.

Everything here is one call's view of the API and runs on the loop of ``api.event_loop``.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from hedy_jupyter import kinds
from hedy_jupyter.api import error_responses, protocol, routes
from hedy_jupyter.api.cache import Request, ResponseCache
from hedy_jupyter.api.events import Check, Emit, Event, Notice, Planned, Sent, accept_any
from hedy_jupyter.api.protocol import Page, Record
from hedy_jupyter.api.rate_limit import IN_FLIGHT
from hedy_jupyter.api.routes import PAGE_SIZE, Route
from hedy_jupyter.changes.change import Confirmed
from hedy_jupyter.errors import (
    AuthError,
    HedyError,
    InvalidRequest,
    NotFound,
    Offline,
    RateLimited,
    ServerError,
    UsageError,
)
from hedy_jupyter.text.phrasing import close_names, duration

if TYPE_CHECKING:
    from hedy_jupyter.api.client import Client

T = TypeVar("T")

_ID_LIKE = re.compile(r"(?=.*[\d_])[\w.~-]{6,}")
_LAST = re.compile(r"last(?:~(\d{1,9}))?", re.IGNORECASE)
_NO_SUCH_ID = (NotFound, InvalidRequest)
"""What text that is no id may be answered with: 404 for one that is unknown, 400 for one that is malformed."""
FAILED_AT_MOST = 10
"""Broken meetings must not cost all the others.

More than this many, and more than half of what is asked for, are a broken server.
"""
_OF_ALL_LISTS = (AuthError, RateLimited)
"""The errors that every list would meet: with them the complete history ends, with others it goes on without one list."""
_PAGES_AT_MOST = 1_000
"""A list ends here, however many rows it says it has; a hundred thousand meetings are more than anybody has."""
_PREFIX_LENGTH = 6
_LISTED = 5
_Enough = Callable[[list[Record]], bool]
_Keep = Callable[[Record], bool]


def _everything(_: list[Record]) -> bool:
    return False


@dataclass(frozen=True)
class Lookup:
    """What can be picked by id, prefix, ``last`` or name.

    Attributes:
        name: in the plural, as the tables are called.
        one: the singular.
        label: the JSON field that people know it by.
        rows: the list that names it.
        route: the endpoint of a single one.
    """

    name: str
    one: str
    label: str
    rows: Route
    route: Route


SESSIONS = Lookup("sessions", "session", "title", routes.SESSIONS, routes.SESSION)
TOPICS = Lookup("topics", "topic", "name", routes.TOPICS, routes.TOPIC)
CONTEXTS = Lookup("contexts", "context", "title", routes.CONTEXTS, routes.CONTEXT)


@dataclass
class Listing:
    """What a list gave.

    Attributes:
        found: how many there were before any filter; 0 stands for as many as there are records.
        total: how many there are in all, where the API names it.
        cut: the API says that there is more and gives no way to it.
        unreachable: how many are known to exist and could not be had.
        incomplete: ids of those whose details were asked for and did not come.
        failed: the lists that could not be read, in words; what only they lead to is not among the records.
        fetched: ids of the records that no list named: each is what was answered for it alone.
        details: id → the full records that were asked for, as they came.
    """

    records: list[Record] = field(default_factory=list)
    total: int | None = None
    cut: bool = False
    unreachable: int = 0
    found: int = 0
    incomplete: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    fetched: frozenset[str] = frozenset()
    details: Mapping[str, Record] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.records)


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


class Reader:
    """Reads for one call: what is fresh in memory is not asked again, unless *refresh* says so.

    Attributes:
        sent: how many requests were answered.
    """

    def __init__(self, client: Client, memory: ResponseCache, emit: Emit, *, refresh: bool = False) -> None:
        self._client = client
        self._memory = memory
        self._show = emit
        self._emit: Emit = self._count
        self._refresh = refresh
        self._asked: set[Request] = set()
        self._gate = asyncio.Semaphore(IN_FLIGHT)
        self.sent = 0

    def _count(self, event: Event) -> None:
        self.sent += isinstance(event, Sent)
        self._show(event)

    async def get(
        self, path: str, params: Mapping[str, str], *, check: Check = accept_any, planned: bool = False
    ) -> object:
        """The JSON of one GET, from memory where it is there."""
        question = path, tuple(sorted(params.items()))
        known = None if self._refresh and question not in self._asked else self._memory.get(question)
        if known is not None and _passes(check, known):
            return known
        if not planned:
            self._emit(Planned(1, self._client.limiter.seconds_for(1)))
        async with self._gate:
            answer = await self._client.get(path, params, self._emit, check=check)
        self._asked.add(question)
        self._memory.put(question, answer)
        return answer

    async def read_uncached(self, route: Route, ident: str, *, once: bool = False) -> Record:
        """Return one record that neither comes from memory nor goes into it; *once* on_sent out the second try."""
        read = partial(protocol.detail, route, ident=ident)
        return read(await self._client.get(protocol.path(route, ident), {}, self._emit, check=read, retry=not once))

    def plan(self, requests: int, what: str = "") -> None:
        """Say that so many *requests* are to come; with *what*, say in a line what for and how long it will take."""
        seconds = self._client.limiter.seconds_for(requests)
        if what:
            self.tell(f"{what}: {requests:,} request{'s' * (requests != 1)}, {duration(seconds)}.")
        self._emit(Planned(requests, seconds))

    async def list_uncached(self, kind: str, route: Route, *, once: bool = False) -> list[Record]:
        """Return all rows of a list that has no pages, never from memory; *once* on_sent out the second try."""
        read = partial(protocol.page, route)
        page = read(await self._client.get(protocol.path(route), {}, self._emit, check=read, retry=not once))
        return list(_new(page.records, kind, set()))

    async def send(self, confirmed: Confirmed, on_sent: Callable[[], None]) -> object:
        """The JSON that a confirmed change is answered with; *on_sent* is called when it goes out."""
        return await self._client.send(confirmed, self._emit, on_sent)

    def tell(self, text: str) -> None:
        """Show *text* to the user."""
        self._emit(Notice(text, "told", 0.0))

    async def record(self, route: Route, *ids: str) -> Record:
        """Return one record, the one with the last of *ids*."""
        read = partial(protocol.detail, route, ident=ids[-1] if ids else None)
        return read(await self.get(protocol.path(route, *ids), {}, check=read))

    async def page(self, route: Route, *ids: str, **query: object) -> Page:
        """One page of a list."""
        read = partial(protocol.page, route)
        return read(await self.get(protocol.path(route, *ids), protocol.query(route, query), check=read))

    async def rows(self, kind: str, route: Route, *ids: str) -> list[Record]:
        """All rows of a list that has no pages."""
        return list(_new((await self.page(route, *ids)).records, kind, set()))

    async def walk(
        self, kind: str, route: Route, *ids: str, enough: _Enough = _everything, size: int = PAGE_SIZE
    ) -> Listing:
        """The pages of a list until *enough* of its records are there, or to its end.

        It ends where the API says so, where a page brings no new id (a server that ignores the cursor), and where no
        cursor leads on.

        Raises:
            ServerError: the list goes on beyond its own total, or without an end.
        """
        found, seen, cursor, promised = Listing(), set[str](), None, None
        for pages in itertools.count(1):
            page, known = await self.page(route, *ids, limit=size, **{route.cursor: cursor}), len(seen)
            news = list(_new(page.records, kind, seen))
            stuck = len(seen) == known
            if not stuck or cursor is None:  # else rows without an id would be counted again
                found.records += news
            found.total = page.total if page.total is not None else found.total
            promised = (
                found.total if promised is None else promised
            )  # the first one: a total that grows with each page has no end
            found.cut = page.more and (page.cursor is None or stuck)
            if page.cursor is None or stuck or (found.records and enough(found.records)):
                return found
            _check_end(kind, len(seen), promised, pages)
            cursor = page.cursor
        raise AssertionError("a list ends")

    async def sessions(self, limit: int | None, topic: str | None, keep: _Keep | None, past: _Keep | None) -> Listing:
        """Sessions, newest first.

        Args:
            limit: how many; None is the complete history.
            topic: only those of this topic.
            keep: only those for which it is true.
            past: true of a session that lies before all that are kept; a whole page of them ends the search.
        """

        def enough(records: list[Record]) -> bool:
            kept = records if keep is None else [record for record in records if keep(record)]
            return (limit is not None and len(kept) >= limit) or (
                past is not None and all(map(past, records[-PAGE_SIZE:]))
            )

        if topic is not None:
            listing = await self.pick(TOPICS, topic, lambda ident: self.sessions_of({"id": ident}, enough))
        elif limit is None:
            listing = await self.history()
        else:
            size = PAGE_SIZE if keep else min(limit, PAGE_SIZE)
            listing = await self.walk("sessions", routes.SESSIONS, enough=enough, size=size)
        kept = listing.records if keep is None else [record for record in listing.records if keep(record)]
        at_its_end = limit is None or not enough(listing.records)
        listing = replace(listing, records=kept[:limit], found=len(listing.records))
        return _short(listing) if at_its_end else listing

    async def newest(self, kind: str, route: Route, limit: int | None) -> Listing:
        """The newest *limit* rows of a list with a cursor; all of them where it is None."""
        if limit is None:
            return _short(await self.walk(kind, route))
        found = await self.walk(kind, route, enough=lambda records: len(records) >= limit, size=min(limit, PAGE_SIZE))
        found = replace(found, records=found.records[:limit])
        return _short(found) if len(found.records) < limit else found

    async def of_session(self, kind: str, route: Route, which: str) -> list[Record]:
        """The highlights or todos of one session, each with the session's id in it."""

        async def ask(ident: str) -> list[Record]:
            return [
                {**record, "sessionId": kinds.id_of(record.get("sessionId")) or ident}
                for record in await self.rows(kind, route, ident)
            ]

        return await self.pick(SESSIONS, which, ask)

    async def with_details(self, kind: str, route: Route, listing: Listing) -> Listing:
        """Return *listing*, each of its records filled up with the full one, and ``incomplete`` for those that did not come."""
        ids = [ident for record in listing.records if (ident := kinds.identity(kind, record))]
        full = await self.details(route, ids)
        records = [_filled(full.get(kinds.identity(kind, record) or "", {}), record) for record in listing.records]
        return replace(
            listing,
            records=records,
            details=full,
            incomplete=[ident for ident in dict.fromkeys(ids) if ident not in full],
        )

    async def read_all_lists(self, *, tolerant: bool = False) -> AllLists:
        """Read the lists of the API, and merge by id every session that any of them leads to.

        Sessions are in ``/sessions`` with its cursor and in the list of each topic; todos and highlights name the ids
        of others. The list of a topic that cannot be read costs only the sessions that it alone leads to.

        Args:
            tolerant: the same holds for the other lists, as long as one of those that show sessions can be read.

        Raises:
            HedyError: a list cannot be read.
        """
        failed: list[str] = []

        async def read(what: str, work: Awaitable[T], nothing: T, *, tolerated: bool, is_of_topic: bool = False) -> T:
            try:
                return await work
            except _OF_ALL_LISTS:
                raise
            except HedyError as error:
                if (
                    is_of_topic
                    and isinstance(error, NotFound)
                    and error.code in error_responses.TOPIC_OR_CONTEXT_NOT_FOUND
                ):
                    return nothing  # a topic that was deleted a moment ago
                if not tolerated:
                    raise
                failed.append(what)
                errors.append(error)
                return nothing

        errors: list[HedyError] = []
        nothing: list[Record] = []
        listing, topics, todos, highlights = await gather(
            read("sessions", self.walk("sessions", routes.SESSIONS), Listing(), tolerated=tolerant),
            read("topics", self.rows("topics", routes.TOPICS), nothing, tolerated=tolerant),
            read("todos", self.rows("todos", routes.TODOS), nothing, tolerated=tolerant),
            read("highlights", self.walk("highlights", routes.HIGHLIGHTS), Listing(), tolerated=tolerant),
        )
        merged = _merge({}, listing.records)
        of_topic = partial(read, nothing=Listing(), tolerated=True, is_of_topic=True)
        for found in await gather(*(of_topic(f"topic {_name(topic)}", self.sessions_of(topic)) for topic in topics)):
            _merge(merged, found.records)
        named = (kinds.id_of(record.get("sessionId")) for record in [*todos, *highlights.records])
        orphans = list(dict.fromkeys(ident for ident in named if ident and ident not in merged))
        if "sessions" in failed and not merged and not orphans:
            raise errors[0]
        return AllLists(listing, merged, orphans, topics, todos, highlights, failed)

    async def history(self) -> Listing:
        """Return every session that any list of the API leads to.

        Those that only a todo or a highlight names are fetched one by one.
        """
        lists = await self.read_all_lists(tolerant=True)
        fetched: Mapping[str, Record] = {}
        try:
            fetched = await self.details(routes.SESSION, lists.orphans)
        except (ServerError, Offline):
            lists.failed.append("sessions that only todos and highlights name")
        merged, listing = _merge(lists.sessions, fetched.values()), lists.listing
        lost = len(lists.orphans) - len(fetched)
        unreachable = max(lost, (listing.total or 0) - len(merged))
        alone = frozenset(fetched)
        return Listing(
            list(merged.values()), listing.total, listing.cut, unreachable, failed=lists.failed, fetched=alone
        )

    async def sessions_of(self, topic: Record, enough: _Enough = _everything) -> Listing:
        """The sessions of one topic, each with the topic in it."""
        ident = kinds.identity("topics", topic)
        if ident is None:
            return Listing()
        found = await self.walk("sessions", routes.TOPIC_SESSIONS, ident, enough=enough)
        named = {"topic": {"id": ident, "name": topic.get("name")}}
        found.records = [
            record if record.get("topic") or record.get("topicInfo") else {**record, **named}
            for record in found.records
        ]
        return found

    async def details(self, route: Route, ids: Iterable[str]) -> dict[str, Record]:
        """Return the full records of *ids* by id, several in flight.

        One that is gone, or that the server fails on, is left out.

        What came before a stop or an error is kept, and a second call asks only for the rest.

        Raises:
            ServerError: none came, or more than ten and more than half failed: the server is broken, not single
                meetings.
        """
        wanted = [ident for ident in dict.fromkeys(ids) if _has_address(route, ident)]
        known, got = self._known_details(route, wanted)
        missing = [ident for ident in wanted if ident not in known]
        if missing:
            self._emit(Planned(len(missing), self._client.limiter.seconds_for(len(missing))))
        failures: list[HedyError] = []

        async def fetch(ident: str) -> None:
            path, check = protocol.path(route, ident), partial(protocol.detail, route, ident=ident)
            try:
                answer = await self.get(path, {}, check=check, planned=True)
            except NotFound:
                return
            except (ServerError, InvalidRequest, Offline) as error:
                failures.append(error)
                if len(failures) > (max(FAILED_AT_MOST, len(missing) / 2) if known else FAILED_AT_MOST):
                    raise
            else:
                got[path, ()] = answer
                known[ident] = check(answer)

        try:
            await gather(*(fetch(ident) for ident in missing))
            if failures and not known:
                raise failures[0]
        except BaseException:
            self._memory.keep_partial(got)
            raise
        self._memory.complete(got)
        if failures:
            self._emit(Notice(f"{failures[0].message} The details of {len(failures)} are missing.", "missing", 0.0))
        return {ident: known[ident] for ident in wanted if ident in known}

    def _known_details(self, route: Route, ids: Iterable[str]) -> tuple[dict[str, Record], dict[Request, object]]:
        """Return the details among *ids* that were read a moment ago or by a call that was stopped, and the answers of the latter."""
        known, unfinished = dict[str, Record](), dict[Request, object]()
        for ident in () if self._refresh else ids:
            question: Request = protocol.path(route, ident), ()
            fresh, left = self._memory.get(question), self._memory.partial(question)
            answer = left if fresh is None else fresh
            with suppress(ServerError):  # hedy.get() keeps answers of any shape
                if answer is not None:
                    known[ident] = protocol.detail(route, answer, ident)
                    unfinished |= {question: left} if fresh is None else {}
        return known, unfinished

    async def pick(self, kind: Lookup, which: str, ask: Callable[[str], Awaitable[T]]) -> T:
        """``ask(id)`` for the one of *kind* that *which* means: an id, an id prefix, ``last``, ``last~2`` or a name.

        What looks like an id is asked for at once, so that a known id costs one request; all else is looked up in the
        list.

        Raises:
            NotFound: nothing matches.
            UsageError: more than one does; they are listed.
        """
        if not isinstance(which, str) or not which.strip():
            raise UsageError(
                f"{which!r} does not name a {kind.one}.",
                advice=f"Give an id, the start of one, a {kind.label}, or last.",
            )
        which = which.strip()
        answer: T | None = None
        refused: NotFound | InvalidRequest | None = None
        if _ID_LIKE.fullmatch(which) and not _LAST.fullmatch(which):
            try:
                answer = await ask(which)
            except _NO_SUCH_ID as error:
                refused = error
            if answer:
                return answer
        try:
            ident = await self.identify(kind, which)
        except NotFound as error:
            if answer is not None:
                return answer  # an empty answer about something that the list does not name
            if refused is None and not _LAST.fullmatch(which) and not re.search(r"\s", which):
                with suppress(*_NO_SUCH_ID):  # ids are opaque: one may look like a word
                    return await ask(which)
            raise (refused or error) from None
        return await ask(ident)

    async def identify(self, kind: Lookup, which: str) -> str:
        """The id of the one of *kind* that *which* means, by the list alone.

        Raises:
            NotFound: nothing matches.
            UsageError: more than one does; they are listed.
        """
        last = _LAST.fullmatch(which)
        return chosen(kind, await self._listed(kind, _at_least(int(last[1] or 0)) if last else _everything), which)

    async def _listed(self, kind: Lookup, enough: _Enough = _everything) -> list[Record]:
        if kind.rows.cursor:
            return (await self.walk(kind.name, kind.rows, enough=enough)).records
        return await self.rows(kind.name, kind.rows)


def _passes(check: Check, answer: object) -> bool:
    with suppress(HedyError):
        check(answer)
        return True
    return False


def _has_address(route: Route, ident: str) -> bool:
    """Whether *ident* can stand in a path: ``..`` cannot, and is nobody's id."""
    with suppress(UsageError):
        return bool(protocol.path(route, ident))
    return False


def _name(topic: Record) -> str:
    return f'"{topic.get("name") or kinds.identity("topics", topic)}"'


def _check_end(kind: str, seen: int, total: int | None, pages: int) -> None:
    """Raise ``ServerError`` for a list that does not end: a page of *kind* more than its *total*, or very many pages."""
    if total is not None and seen > total + PAGE_SIZE:
        raise ServerError(
            f"The list of {kind} does not end: Hedy says that there are {total:,}, and sent {seen:,} with more to come.",
            advice="Try again later, or ask for fewer with limit=.",
        )
    if pages >= _PAGES_AT_MOST:
        raise ServerError(
            f"The list of {kind} does not end: {pages:,} pages came, with more to come.",
            advice="Ask for fewer with limit=.",
        )


def _short(listing: Listing) -> Listing:
    """*listing*, which was wanted to its end, with how many are missing: at least one where the API only says "more"."""
    found = listing.found or len(listing.records)
    missing = max(listing.unreachable, (listing.total or 0) - found, int(listing.cut and listing.total is None))
    return replace(listing, unreachable=missing)


def _at_least(place: int) -> _Enough:
    return lambda found: len(found) > place


def chosen(kind: Lookup, listed: Sequence[Record], which: str) -> str:
    """The id of the one of *listed* (newest first) that *which* means: an id, an id prefix, ``last``, ``last~2`` or a name.

    Raises:
        NotFound: nothing matches.
        UsageError: more than one does; they are listed.
    """
    last = _LAST.fullmatch(which)
    if last:
        place = int(last[1] or 0)
        if place >= len(listed):
            raise NotFound(f"{which} is out of range: there are {len(listed)} {kind.name}.")
        records = listed[place : place + 1]
    else:
        records = matches(kind, listed, which)
    if not records:
        raise _unknown(kind, which, listed)
    if len(records) > 1:
        raise UsageError(
            f"{len(records)} {kind.name} match {which!r}: {_listed(kind, records)}.",
            advice="Give the id of the one you mean.",
        )
    ident = kinds.identity(kind.name, records[0])
    if ident is None:
        raise NotFound(f"The {kind.one} {which!r} has no id.")
    return ident


def matches(kind: Lookup, records: Sequence[Record], which: str) -> list[Record]:
    """The records that *which* may mean: those of the strictest rule under which any does."""
    rules: list[Callable[[Record], bool]] = [
        lambda record: kinds.identity(kind.name, record) == which,
        lambda record: record.get(kind.label) == which,
        lambda record: len(which) >= _PREFIX_LENGTH and (kinds.identity(kind.name, record) or "").startswith(which),
        lambda record: str(record.get(kind.label) or "").casefold() == which.casefold(),
    ]
    return next((found for rule in rules if (found := [record for record in records if rule(record)])), [])


def _unknown(kind: Lookup, which: str, listed: Sequence[Record]) -> NotFound:
    close = close_names(which, (str(record.get(kind.label) or "") for record in listed))
    hint = (
        f"Did you mean {' or '.join(repr(name) for name in close)}?"
        if close
        else f"See %hedy {kind.name} for what there is."
    )
    return NotFound(f"No {kind.one} is called {which!r}.", advice=hint)


async def gather(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    """The results of *work*, run side by side; the first error cancels the rest and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as many:
        raise many.exceptions[0] from None
    return [task.result() for task in tasks]


def _new(records: Iterable[Record], kind: str, seen: set[str]) -> Iterator[Record]:
    """*records* without those whose id was seen; one without an id is always new."""
    for record in records:
        ident = kinds.identity(kind, record)
        if ident is None or ident not in seen:
            yield record
        if ident is not None:
            seen.add(ident)


def _merge(known: dict[str, Record], records: Iterable[Record]) -> dict[str, Record]:
    """Add *records* to *known* by id; what is known already gains only the fields that it lacks."""
    for record in records:
        ident = kinds.identity("sessions", record)
        if ident is None:
            continue
        known[ident] = _filled(known.get(ident, {}), record)
    return known


def _filled(record: Record, other: Record) -> Record:
    """*record*, with what it lacks taken from *other*."""
    return {**other, **{name: value for name, value in record.items() if value is not None}}


def _listed(kind: Lookup, records: Sequence[Record]) -> str:
    shown = [
        f"{kinds.identity(kind.name, record)} ({record.get('startTime') or record.get(kind.label)})"
        for record in records[:_LISTED]
    ]
    more = len(records) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
