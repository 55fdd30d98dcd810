"""The long lists of a sync: their newest pages, as long as what is held accounts for all the others.

Highlights and the sessions of a topic are listed by the page, newest first, and the end of these lists hardly ever
changes. Each is read from its beginning up to a page on which nothing is new. If the archive then holds as many as Hedy
says that there are, what is held takes the place of the rest; else the rest is read, too. What such a count does not
show (the title of an old highlight, an old one removed while another old one came) is found by the next complete
reading: once a week, and by every ``sync(full=True)``.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from hedy_jupyter import kinds
from hedy_jupyter.api import routes, session_history
from hedy_jupyter.api.reader import Listing, Reader
from hedy_jupyter.api.routes import PAGE_SIZE
from hedy_jupyter.api.wire_format import Record
from hedy_jupyter.archive import encoding, merge, typed_rows
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import iso, select

_READ = "lists_read"
_COMPLETE_AFTER = timedelta(days=7)


class Held(NamedTuple):
    """What the archive holds of the long lists, without what is gone.

    Attributes:
        highlights: id → record, of those that their list has shown.
        topics: id of a topic → the ids of its sessions.
    """

    highlights: Mapping[str, Record]
    topics: Mapping[str, frozenset[str]]


class KnownLists:
    """Reads the long lists for one sync.

    Attributes:
        is_complete: whether each of them is read to its end, whatever is held.
        unread_sessions: ids of archived sessions of topics, on pages that were not read.
    """

    def __init__(self, reader: Reader, held: Held | None) -> None:
        self.is_complete = held is None
        self.unread_sessions: set[str] = set()
        self._reader = reader
        self._held = held or Held({}, {})

    @classmethod
    async def of(cls, reader: Reader, store: Store, *, full: bool) -> KnownLists:
        """Return the lists for a sync; a *full* one reads them to their end."""
        return cls(reader, None if full else await asyncio.to_thread(_held, store))

    async def highlights(self) -> Listing:
        """Return the list of highlights, complete or complemented by those that are held.

        Raises:
            HedyError: the list cannot be read.
        """
        held = self._held.highlights
        if held:
            newest = await self._reader.read_pages(
                "highlights",
                routes.HIGHLIGHTS,
                is_enough=lambda found: all(_is_known(record, held) for record in found[-PAGE_SIZE:]),
            )
            found = _ids("highlights", newest.records)
            rest = [record for ident, record in held.items() if ident not in found]
            if newest.total == len(found) + len(rest):
                newest.records += rest
                return newest
        return await self._reader.read_pages("highlights", routes.HIGHLIGHTS)

    async def topic_sessions(self, topic: Record) -> Listing:
        """Return the sessions of *topic*, complete or without those that are held, which ``unread_sessions`` gains.

        Raises:
            HedyError: the list cannot be read.
        """
        held = self._held.topics.get(kinds.identity("topics", topic) or "", frozenset())
        if held:
            newest = await session_history.topic_sessions(
                self._reader, topic, lambda found: _ids("sessions", found[-PAGE_SIZE:]) <= held
            )
            found = _ids("sessions", newest.records)
            if topic.get("sessionCount") == len(found | held):
                self.unread_sessions |= held - found
                return newest
        return await session_history.topic_sessions(self._reader, topic)


def note_complete(store: Store) -> None:
    """Note that the lists were read to their end now, in the transaction that keeps them."""
    store.note(_READ, iso(store.now()))


def _held(store: Store) -> Held | None:
    """Return what is held; None where the lists are due to be read to their end."""
    with store.reading() as connection:
        noted = store.noted(_READ)
        at = typed_rows.moment(noted) if noted else None
        if at is None or not timedelta() <= store.now() - at < _COMPLETE_AFTER:
            return None
        rows = select(connection, "SELECT record FROM highlights WHERE gone_at IS NULL AND listed_run >= 0")
        records = encoding.loaded_all([record for (record,) in rows])
        pairs = select(connection, "SELECT topic_id, session_id FROM sessions WHERE gone_at IS NULL AND topic_id != ''")
    topics = defaultdict[str, set[str]](set)
    for topic_id, session_id in pairs:
        topics[topic_id].add(session_id)
    highlights = {ident: record for record in records if (ident := kinds.identity("highlights", record))}
    return Held(highlights, {topic_id: frozenset(sessions) for topic_id, sessions in topics.items()})


def _ids(kind: str, records: list[Record]) -> set[str]:
    return {ident for record in records if (ident := kinds.identity(kind, record))}


def _is_known(record: Record, held: Mapping[str, Record]) -> bool:
    old = held.get(kinds.identity("highlights", record) or "")
    return old is not None and merge.merge(dict(old), record, whole=False) == old
