"""The list of highlights in a sync: its newest pages, as long as what is held accounts for all the others.

The list is the longest of an account, and its end hardly ever changes. It is read from its beginning up to a page on
which nothing is new. If the archive then holds as many highlights as Hedy says that there are, none was added or
deleted behind that page, and those that are held take its place; else the rest is read, too. A changed title behind
that page is found by the next complete reading: once a week, and by every ``sync(full=True)``.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from hedy_jupyter import kinds
from hedy_jupyter.api import routes
from hedy_jupyter.api.protocol import Record
from hedy_jupyter.api.reader import Listing, Reader
from hedy_jupyter.api.routes import PAGE_SIZE
from hedy_jupyter.archive import encoding, merge, typed_rows
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import iso, select

_KIND = "highlights"
_READ = "highlights_read"
_COMPLETE_AFTER = timedelta(days=7)


async def read(reader: Reader, store: Store, *, full: bool) -> Listing:
    """Return the list of highlights, complete or complemented by those that the archive holds.

    Args:
        reader: the way to the API.
        store: the archive.
        full: read it to its end in any case.

    Raises:
        HedyError: the list cannot be read.
    """
    held = {} if full else await asyncio.to_thread(_held, store)
    if held:
        newest = await reader.read_pages(_KIND, routes.HIGHLIGHTS, is_enough=lambda found: _are_known(found, held))
        found = {ident: record for record in newest.records if (ident := kinds.identity(_KIND, record))}
        rest = [record for ident, record in held.items() if ident not in found]
        if newest.total == len(found) + len(rest):
            newest.records += rest
            return newest
    listing = await reader.read_pages(_KIND, routes.HIGHLIGHTS)
    await asyncio.to_thread(_note_complete, store)
    return listing


def _held(store: Store) -> dict[str, Record]:
    """Return id → record of what the list has shown and is not gone; empty where it has to be read to its end."""
    with store.reading():
        noted = store.noted(_READ)
        at = typed_rows.moment(noted) if noted else None
        if at is None or not timedelta() <= store.now() - at < _COMPLETE_AFTER:
            return {}
        rows = select(store.connection, "SELECT record FROM highlights WHERE gone_at IS NULL AND listed_run >= 0")
        records = encoding.loaded_all([record for (record,) in rows])
    return {ident: record for record in records if (ident := kinds.identity(_KIND, record))}


def _note_complete(store: Store) -> None:
    with store.writing():
        store.note(_READ, iso(store.now()))


def _are_known(records: list[Record], held: dict[str, Record]) -> bool:
    """Return whether the newest page of *records* says nothing that is not held."""
    return all(_is_known(record, held) for record in records[-PAGE_SIZE:])


def _is_known(record: Record, held: dict[str, Record]) -> bool:
    old = held.get(kinds.identity(_KIND, record) or "")
    return old is not None and merge.merge(dict(old), record, whole=False) == old
