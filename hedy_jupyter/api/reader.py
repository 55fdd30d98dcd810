"""``Reader``: reads one record, one page or one whole list for a call, each by one GET or one GET a page.

Methods that end in ``_uncached`` neither read nor fill the cache; all others take from it what is young enough, unless
the reader was made with ``refresh=True``.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from hedy_jupyter import kinds
from hedy_jupyter.api import wire_format
from hedy_jupyter.api.cache import Request, ResponseCache
from hedy_jupyter.api.client_events import Check, ClientEvent, Emit, Notice, Planned, Sent, accept_any
from hedy_jupyter.api.rate_limit import IN_FLIGHT
from hedy_jupyter.api.routes import PAGE_SIZE, Route
from hedy_jupyter.api.wire_format import ListPage, Record
from hedy_jupyter.changes.confirmation import Confirmed
from hedy_jupyter.errors import HedyError, ServerError
from hedy_jupyter.text.phrasing import counted, duration

if TYPE_CHECKING:
    from hedy_jupyter.api.client import Client

T = TypeVar("T")

MAX_PAGES = 1_000
"""A list of more pages is refused, however many rows it says it has: a hundred thousand meetings are not plausible."""
IsEnough = Callable[[list[Record]], bool]
"""Whether the records read so far are all that is needed."""


Predicate = Callable[[Record], bool]
OnKept = Callable[[list[Record]], None]
"""Gets the records of each page of a list that will be among those to return."""


def read_to_the_end(_: list[Record]) -> bool:
    """Return False: no number of records is enough."""
    return False


def up_to(
    limit: int | None,
    keep: Predicate | None = None,
    is_before: Predicate | None = None,
    on_kept: OnKept | None = None,
) -> IsEnough:
    """Return what ends a list after *limit* records of those to *keep*; None is no limit.

    Args:
        limit: how many.
        keep: which count.
        is_before: true of a record that is older than all that are kept; a whole page of them ends the list, too.
        on_kept: gets, of each page but the last, the records that are kept, up to *limit* in all.
    """
    seen = kept = 0

    def is_enough(records: list[Record]) -> bool:
        nonlocal seen, kept
        if len(records) < seen:  # another list
            seen = kept = 0
        new, seen = records[seen:], len(records)
        new = new if keep is None else list(filter(keep, new))
        if on_kept is not None:
            on_kept(new if limit is None else new[: max(0, limit - kept)])
        kept += len(new)
        if is_before is not None and all(map(is_before, records[-PAGE_SIZE:])):
            return True
        return limit is not None and kept >= limit

    return is_enough


@dataclass
class Listing:
    """The records of a list, and what is known to be missing from them.

    Attributes:
        found: how many there were before any filter; 0 means as many as there are records.
        total: how many there are in all, where the API names it.
        cut: whether the API says that there is more and gives no cursor for it.
        unreachable: how many are known to exist and could not be read.
        incomplete: ids of those whose details were requested and did not come.
        failed: the lists that could not be read, in words; what only they lead to is not among the records.
        fetched: ids of the records that no list named; each record is the answer to a request for it alone.
        details: id → the full record, for those that were requested and came.
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

    @property
    def is_whole(self) -> bool:
        """Whether the API says that this is all."""
        return self.total is not None and len(self) >= self.total and not self.cut

    def count_missing(self) -> Listing:
        """Return the listing, which was read to its end, with the number of records that are missing from it.

        That is at least one where the API says that there is more without a total.
        """
        found = self.found or len(self.records)
        missing = max(self.unreachable, (self.total or 0) - found, int(self.cut and self.total is None))
        return replace(self, unreachable=missing)


class _Parsed(Generic[T]):
    """The check of an answer that keeps what it reads in it, so that each answer is read once.

    Attributes:
        value: what *parse* returned for the last answer that was checked.
    """

    value: T

    def __init__(self, parse: Callable[[object], T]) -> None:
        self._parse = parse

    def __call__(self, answer: object) -> None:
        self.value = self._parse(answer)


class Reader:
    """Reads for one call.

    Args:
        refresh: request everything again, at most once in this call, also what the cache still holds.
        in_flight: how many requests may run at a time.
        max_pages: how many pages a list may have.

    Attributes:
        cache: what was read within the last minute.
        refresh: whether the cache is passed over.
        zone: in which messages name times.
        sent: how many requests were answered.
    """

    def __init__(
        self,
        client: Client,
        cache: ResponseCache,
        emit: Emit,
        *,
        refresh: bool = False,
        zone: tzinfo = UTC,
        in_flight: int = IN_FLIGHT,
        max_pages: int = MAX_PAGES,
    ) -> None:
        self.cache = cache
        self.refresh = refresh
        self.zone = zone
        self.sent = 0
        self._client = client
        self._show = emit
        self._emit: Emit = self._count
        self._max_pages = max_pages
        self._requested: set[Request] = set()
        self._in_flight = asyncio.Semaphore(in_flight)

    def _count(self, event: ClientEvent) -> None:
        self.sent += isinstance(event, Sent)
        self._show(event)

    # What the user sees -------------------------------------------------------

    def plan(self, requests: int, purpose: str = "") -> None:
        """Announce that so many *requests* follow; with *purpose*, also in a line with the time that they will take."""
        seconds = self._client.limiter.seconds_for(requests)
        if purpose:
            self.tell(f"{purpose}: {counted(requests, 'request')}, {duration(seconds)}.")
        self._emit(Planned(requests, seconds))

    def tell(self, text: str, kind: str = "message") -> None:
        """Show *text* to the user."""
        self._emit(Notice(text, kind, 0.0))

    # From the cache or by a request -------------------------------------------

    async def get(
        self, path: str, params: Mapping[str, str], *, check: Check = accept_any, planned: bool = False
    ) -> object:
        """Return the JSON of one GET, from the cache where it is there; *planned* if the request was announced."""
        request: Request = path, tuple(sorted(params.items()))
        known = None if self.refresh and request not in self._requested else self.cache.get(request)
        if known is not None and _passes(check, known):
            return known
        if not planned:
            self.plan(1)
        async with self._in_flight:
            answer = await self._client.get(path, params, self._emit, check=check)
        self._requested.add(request)
        self.cache.put(request, answer)
        return answer

    async def record(self, route: Route, *ids: str) -> Record:
        """Return one record, the one with the last of *ids*."""
        parsed = _Parsed(partial(wire_format.detail, route, ident=ids[-1] if ids else None))
        await self.get(wire_format.path(route, *ids), {}, check=parsed)
        return parsed.value

    async def page(self, route: Route, *ids: str, **query: object) -> ListPage:
        """Return one page of a list."""
        parsed = _Parsed(partial(wire_format.page, route))
        await self.get(wire_format.path(route, *ids), wire_format.query(route, query), check=parsed)
        return parsed.value

    async def rows(self, kind: str, route: Route, *ids: str) -> list[Record]:
        """Return all rows of a list that has no pages."""
        return _without_seen((await self.page(route, *ids)).records, kind, set())

    async def read_pages(
        self, kind: str, route: Route, *ids: str, is_enough: IsEnough = read_to_the_end, size: int = PAGE_SIZE
    ) -> Listing:
        """Return the rows of a list, page by page, until *is_enough* of them or to its end.

        It ends where the API says so, where a page brings no new id (a server that ignores the cursor), and where the
        API gives no cursor.

        Raises:
            ServerError: the list goes on beyond its total, or without an end.
        """
        found, seen, cursor, first_total = Listing(), set[str](), None, None
        for pages in itertools.count(1):
            page, known = await self.page(route, *ids, limit=size, **{route.cursor: cursor}), len(seen)
            new = _without_seen(page.records, kind, seen)
            is_stuck = len(seen) == known
            if not is_stuck or cursor is None:  # else rows without an id would be counted again
                found.records += new
            found.total = page.total if page.total is not None else found.total
            if first_total is None:  # the first one counts: a total that grows with each page has no end
                first_total = found.total
            found.cut = page.more and (page.cursor is None or is_stuck)
            if page.cursor is None or is_stuck or (found.records and is_enough(found.records)):
                return found
            self._check_end(kind, len(seen), first_total, pages)
            cursor = page.cursor
        raise AssertionError("a list ends")

    async def newest(
        self,
        kind: str,
        route: Route,
        limit: int | None,
        keep: Predicate | None = None,
        is_before: Predicate | None = None,
    ) -> Listing:
        """Return the newest *limit* rows to *keep* of a list with a cursor; all of them where *limit* is None.

        *is_before* is true of a row that is older than all that are kept.
        """
        is_enough = up_to(limit, keep, is_before)
        size = PAGE_SIZE if keep or limit is None else min(limit, PAGE_SIZE)
        found = await self.read_pages(kind, route, is_enough=is_enough, size=size)
        kept = found.records if keep is None else [record for record in found.records if keep(record)]
        was_read_to_its_end = not is_enough(found.records)
        found = replace(found, records=kept[:limit], found=len(found.records) if keep else 0)
        return found.count_missing() if was_read_to_its_end else found

    def _check_end(self, kind: str, seen: int, total: int | None, pages: int) -> None:
        """Raise ``ServerError`` for a list of *kind* with a page more than its *total*, or with very many pages."""
        if total is not None and seen > total + PAGE_SIZE:
            raise ServerError(
                f"The list of {kind} does not end: "
                f"Hedy says that there are {total:,}, and sent {seen:,} with more to come.",
                advice="Try again later, or ask for fewer with limit=.",
            )
        if pages >= self._max_pages:
            raise ServerError(
                f"The list of {kind} does not end: {pages:,} pages came, with more to come.",
                advice="Ask for fewer with limit=.",
            )

    # Always by a request ------------------------------------------------------

    async def read_uncached(self, route: Route, ident: str, *, once: bool = False) -> Record:
        """Return one record, always by a request; *once* leaves out the second try."""
        parsed = _Parsed(partial(wire_format.detail, route, ident=ident))
        await self._client.get(wire_format.path(route, ident), {}, self._emit, check=parsed, retry=not once)
        return parsed.value

    async def list_uncached(self, kind: str, route: Route, *, once: bool = False) -> list[Record]:
        """Return all rows of a list that has no pages, always by a request; *once* leaves out the second try."""
        parsed = _Parsed(partial(wire_format.page, route))
        await self._client.get(wire_format.path(route), {}, self._emit, check=parsed, retry=not once)
        return _without_seen(parsed.value.records, kind, set())

    async def send(self, confirmed: Confirmed, on_sent: Callable[[], None]) -> object:
        """Return the JSON of the answer to a confirmed change; *on_sent* is called when the request goes out."""
        return await self._client.send(confirmed, self._emit, on_sent)


def _passes(check: Check, answer: object) -> bool:
    with suppress(HedyError):
        check(answer)
        return True
    return False


def _without_seen(records: Sequence[Record], kind: str, seen: set[str]) -> list[Record]:
    """Return *records* without those whose id is in *seen*, and add their ids to it.

    One without an id is always new.
    """
    idents = kinds.KINDS[kind].identities(records)
    fresh = set(idents)
    if len(fresh) == len(idents) and None not in fresh and seen.isdisjoint(fresh):
        seen.update(fresh)  # type: ignore[arg-type]  # None is not in it
        return list(records)
    new = list[Record]()
    for record, ident in zip(records, idents, strict=True):
        if ident is None or ident not in seen:
            new.append(record)
        if ident is not None:
            seen.add(ident)
    return new
