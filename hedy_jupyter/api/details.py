"""Details: the full records of many ids, read concurrently; what a stopped call has read is kept for the next one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from hedy_jupyter import kinds
from hedy_jupyter.api import wire_format
from hedy_jupyter.api.cache import Request
from hedy_jupyter.api.reader import Listing, Predicate, Reader
from hedy_jupyter.api.routes import PAGE_SIZE, Route
from hedy_jupyter.api.wire_format import Record
from hedy_jupyter.errors import HedyError, InvalidRequest, NotFound, Offline, ServerError, UsageError

NO_DETAILS: Mapping[str, Record] = MappingProxyType({})
MAX_FAILURES = 10
"""Broken meetings do not stop the others.

More than this many, and more than half of what is read, mean that the server is broken.
"""


async def read_details(reader: Reader, route: Route, ids: Iterable[str]) -> dict[str, Record]:
    """Return the full records of *ids* by id, several requests at a time.

    One that is gone, or that the server fails on, is left out. What came before a stop or an error is kept, and a
    second call requests only the rest.

    Raises:
        ServerError: none came, or more than ten and more than half failed: the server is broken, not single meetings.
    """
    async with reading(reader, route) as reads:
        return await reads.finish(ids)


@asynccontextmanager
async def reading(reader: Reader, route: Route) -> AsyncIterator[DetailReads]:
    """Yield what reads details of ids that become known one after the other.

    An error in the body stops the requests that were begun, and an error of these stops the body.
    """
    answers: dict[Request, object] = {}
    try:
        async with asyncio.TaskGroup() as group:
            yield DetailReads(reader, route, group, answers)
    except BaseExceptionGroup as many:
        reader.cache.keep_partial(answers)
        raise many.exceptions[0] from None
    except BaseException:
        reader.cache.keep_partial(answers)
        raise


class DetailReads:
    """Reads full records by id; requests begin before all ids are known."""

    def __init__(self, reader: Reader, route: Route, group: asyncio.TaskGroup, answers: dict[Request, object]) -> None:
        self._reader = reader
        self._route = route
        self._group = group
        self._answers = answers
        self._known: dict[str, Record] = {}
        self._ids: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._failures: list[HedyError] = []
        self._all_begun = asyncio.Event()

    def begin(self, ids: Iterable[str]) -> None:
        """Begin to read those of *ids* that were not begun before."""
        new = [ident for ident in dict.fromkeys(ids) if ident not in self._ids and _has_path(self._route, ident)]
        self._ids.update(new)
        known, answers = _known_details(self._reader, self._route, new)
        self._known |= known
        self._answers |= answers
        missing = [ident for ident in new if ident not in known]
        if missing:
            self._reader.plan(len(missing))
        self._tasks += [self._group.create_task(self._read(ident)) for ident in missing]

    async def finish(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return the full records of *ids* by id, and begin no others; as ``read_details`` does."""
        wanted = list(dict.fromkeys(ids))
        self.begin(wanted)
        self._all_begun.set()
        if self._tasks:
            await asyncio.wait(self._tasks)
        for task in self._tasks:
            task.result()  # raises where it failed
        if self._failures and not self._known:
            raise self._failures[0]
        self._reader.cache.complete(self._answers)
        if self._failures:
            count = len(self._failures)
            self._reader.tell(f"{self._failures[0].message} The details of {count} are missing.", "missing")
        return {ident: self._known[ident] for ident in wanted if ident in self._known}

    async def _read(self, ident: str) -> None:
        path, check = wire_format.path(self._route, ident), partial(wire_format.detail, self._route, ident=ident)
        if self._is_broken:
            await self._all_begun.wait()
        try:
            answer = await self._reader.get(path, {}, check=check, planned=True)
        except NotFound:
            return
        except (ServerError, InvalidRequest, Offline) as error:
            self._failures.append(error)
            if self._is_broken:
                await self._all_begun.wait()  # half of those that are known by now may be few of all
                if self._is_broken:
                    raise
        else:
            self._answers[path, ()] = answer
            self._known[ident] = check(answer)

    @property
    def _is_broken(self) -> bool:
        """Whether so many failed that the server is broken, as far as is known by now."""
        most = max(MAX_FAILURES, len(self._tasks) / 2) if self._known else MAX_FAILURES
        return len(self._failures) > most


async def with_details(
    reader: Reader,
    kind: str,
    route: Route,
    listing: Listing,
    known: Mapping[str, Record] = NO_DETAILS,
    begun: DetailReads | None = None,
) -> Listing:
    """Return *listing* with the fields that its records lack taken from their details.

    ``incomplete`` names those whose details did not come. Those that are *known*, by id, are not requested, and those
    that *begun* reads already are not requested again.
    """
    ids = [ident for record in listing.records if (ident := kinds.identity(kind, record))]
    wanted = [ident for ident in ids if ident not in known]
    read = await (read_details(reader, route, wanted) if begun is None else begun.finish(wanted))
    full = {**known, **read}
    return replace(
        listing,
        records=[fill_gaps(full.get(kinds.identity(kind, record) or "", {}), record) for record in listing.records],
        details={ident: full[ident] for ident in ids if ident in full},
        incomplete=[ident for ident in dict.fromkeys(ids) if ident not in full],
    )


async def matching_details(
    reader: Reader,
    kind: str,
    route: Route,
    listing: Listing,
    matches: Predicate,
    limit: int | None,
    known: Mapping[str, Record] = NO_DETAILS,
) -> Listing:
    """Return the first *limit* records of *listing* whose details match, with their details.

    The details are read a page of records at a time, so that no more are requested than the limit needs.
    ``incomplete`` names also those that may match: their details did not come.
    """
    found, incomplete, full = list[Record](), list[str](), dict[str, Record]()
    for start in range(0, len(listing.records), PAGE_SIZE):
        part = replace(listing, records=listing.records[start : start + PAGE_SIZE])
        part = await with_details(reader, kind, route, part, known)
        found += filter(matches, part.records)
        incomplete += part.incomplete
        full |= part.details
        if limit is not None and len(found) >= limit:
            break
    count = listing.found or len(listing.records)
    return replace(listing, records=found[:limit], found=count, details=full, incomplete=incomplete)


def fill_gaps(record: Record, other: Record) -> Record:
    """Return *record*, with the fields that it lacks taken from *other*."""
    return {**other, **{name: value for name, value in record.items() if value is not None}}


def _known_details(reader: Reader, route: Route, ids: Iterable[str]) -> tuple[dict[str, Record], dict[Request, object]]:
    """Return the details among *ids* that need no request, and the answers of those that a stopped call left."""
    known, partial_answers = dict[str, Record](), dict[Request, object]()
    for ident in () if reader.refresh else ids:
        request: Request = wire_format.path(route, ident), ()
        young, left = reader.cache.get(request), reader.cache.partial(request)
        answer = left if young is None else young
        with suppress(ServerError):  # hedy.get() keeps answers of any shape
            if answer is not None:
                known[ident] = wire_format.detail(route, answer, ident)
                if young is None:
                    partial_answers[request] = left
    return known, partial_answers


def _has_path(route: Route, ident: str) -> bool:
    """Return whether *ident* can be part of a path: ``..`` cannot, and is no id."""
    with suppress(UsageError):
        return bool(wire_format.path(route, ident))
    return False
