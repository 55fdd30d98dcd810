"""Details: the full records of many ids, read concurrently; what a stopped call has read is kept for the next one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from hedy_jupyter import kinds
from hedy_jupyter.api import wire_format
from hedy_jupyter.api.cache import Request
from hedy_jupyter.api.event_loop import gather
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
    wanted = [ident for ident in dict.fromkeys(ids) if _has_path(route, ident)]
    known, answers = _known_details(reader, route, wanted)
    missing = [ident for ident in wanted if ident not in known]
    if missing:
        reader.plan(len(missing))
    failures: list[HedyError] = []

    async def read(ident: str) -> None:
        path, check = wire_format.path(route, ident), partial(wire_format.detail, route, ident=ident)
        try:
            answer = await reader.get(path, {}, check=check, planned=True)
        except NotFound:
            return
        except (ServerError, InvalidRequest, Offline) as error:
            failures.append(error)
            if len(failures) > (max(MAX_FAILURES, len(missing) / 2) if known else MAX_FAILURES):
                raise
        else:
            answers[path, ()] = answer
            known[ident] = check(answer)

    try:
        await gather(*(read(ident) for ident in missing))
        if failures and not known:
            raise failures[0]
    except BaseException:
        reader.cache.keep_partial(answers)
        raise
    reader.cache.complete(answers)
    if failures:
        reader.tell(f"{failures[0].message} The details of {len(failures)} are missing.", "missing")
    return {ident: known[ident] for ident in wanted if ident in known}


async def with_details(
    reader: Reader, kind: str, route: Route, listing: Listing, known: Mapping[str, Record] = NO_DETAILS
) -> Listing:
    """Return *listing* with the fields that its records lack taken from their details.

    ``incomplete`` names those whose details did not come. Those that are *known*, by id, are not requested.
    """
    ids = [ident for record in listing.records if (ident := kinds.identity(kind, record))]
    full = {**known, **await read_details(reader, route, [ident for ident in ids if ident not in known])}
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
