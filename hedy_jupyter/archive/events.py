"""Events: the deliveries of Hedy's webhooks that the archive keeps, and what is still to be done with each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hedy_jupyter.archive import encoding
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import iso, moment, select, select_one, select_required
from hedy_jupyter.text.clean import without_surrogates

_COLUMNS = "event_id, event, received_at, session_id, title, status"


class Delivered(NamedTuple):
    """One delivery as it is kept.

    Attributes:
        digest: of its event, ids and content, in hex; a delivery that comes again has the same.
        event: its name, such as ``session.ended``.
        session_id: of its meeting; empty without one.
        item_id: of its highlight or todo; empty without one.
        title: of the meeting or highlight, or the text of the todo; None without one.
        body: the raw body.
    """

    digest: str
    event: str
    session_id: str
    item_id: str
    title: str | None
    body: bytes

    @property
    def event_id(self) -> str:
        """The id under which it is kept."""
        return f"evt_{self.digest[:20]}"


class Held(NamedTuple):
    """One kept delivery: its row number, and what ``Delivered`` has of it."""

    key: int
    event_id: str
    event: str
    received_at: str
    session_id: str
    title: str | None
    body: bytes


class Fetch(NamedTuple):
    """A session whose details are to be asked for: how often they were, and when its newest delivery came."""

    session_id: str
    fetches: int
    received_at: datetime


def commit_durably(store: Store) -> None:
    """Make every commit of *store* reach the disk before it returns, so that not even a power cut takes it back."""
    with store.reading() as connection:
        connection.execute("PRAGMA synchronous = FULL")


def put(store: Store, one: Delivered, *, forward: bool = False) -> bool:
    """Put in a delivery; return whether it is new. One that came before is counted.

    Args:
        store: the archive.
        one: the delivery.
        forward: a command is to be run with it.
    """
    values = (one.event_id, one.digest, without_surrogates(one.event), iso(store.now()), one.session_id, one.item_id)
    with store.writing() as connection:
        added = connection.execute(
            """INSERT INTO events (event_id, digest, event, received_at, session_id, item_id, title, body, forward)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
            (*values, one.title, encoding.packed_bytes(one.body), int(forward)),
        )
        if added.rowcount < 1:
            connection.execute("UPDATE events SET repeats = repeats + 1 WHERE digest = ?", (one.digest,))
        return added.rowcount > 0


def unused(store: Store, after: int, limit: int) -> list[Held]:
    """Return at most *limit* deliveries behind the row *after* that were kept and not used yet, in their order."""
    return _held(store, "status = 'received' AND key > ? ORDER BY key LIMIT ?", after, limit)


def to_forward(store: Store, known: Collection[str] = (), limit: int = 100) -> list[Held]:
    """Return at most *limit* deliveries with which a command is still to be run, in order, without those *known*."""
    with store.reading() as connection:
        keys = select(connection, "SELECT key, event_id FROM events WHERE forward = 1 ORDER BY key")
    chosen = [key for key, event_id in keys if event_id not in known][:limit]
    return [held for key in chosen for held in _held(store, "key = ?", key)]


def _held(store: Store, condition: str, *values: object) -> list[Held]:
    query = f"SELECT key, event_id, event, received_at, session_id, title, body FROM events WHERE {condition}"  # noqa: S608
    with store.reading() as connection:
        rows = select(connection, query, values)
        return [Held(*row)._replace(body=encoding.unpacked_bytes(row[-1])) for row in rows]


def mark_used(store: Store, key: int, status: str, *, fetch_in: timedelta | None = None) -> None:
    """Note what was done with a delivery; with *fetch_in* the details of its session are asked for after that time."""
    with store.writing() as connection:
        fetch_at = "" if fetch_in is None else iso(store.now() + fetch_in)
        connection.execute("UPDATE events SET status = ?, fetch_at = ? WHERE key = ?", (status, fetch_at, key))


def mark_forwarded(store: Store, event_id: str) -> None:
    """Note that the command was run with a delivery, or has failed for the last time."""
    with store.writing() as connection:
        connection.execute("UPDATE events SET forward = 0 WHERE event_id = ?", (event_id,))


def due_fetches(store: Store) -> list[Fetch]:
    """Return the sessions whose details are to be asked for now, those first that have waited longest."""
    query = """SELECT session_id, max(fetches), max(received_at) AS received_at FROM events
        WHERE fetch_at != '' AND session_id IN (SELECT session_id FROM events WHERE fetch_at != '' AND fetch_at <= ?)
        GROUP BY session_id ORDER BY min(fetch_at)"""
    with store.reading() as connection:
        rows = select(connection, query, (iso(store.now()),))
        return [Fetch(ident, fetches, moment(received)) for ident, fetches, received in rows]


def next_fetch(store: Store) -> datetime | None:
    """Return when details are next asked for; None where nothing waits for it."""
    with store.reading() as connection:
        row = select_required(connection, "SELECT min(fetch_at) FROM events WHERE fetch_at != ''")
        return moment(row[0]) if row[0] else None


def mark_fetched(store: Store, fetch: Fetch, *, again_at: datetime | None, came: bool) -> None:
    """Note that the details of a session were asked for.

    Args:
        store: the archive.
        fetch: what was asked for.
        again_at: when to ask again; None is never.
        came: whether details came.
    """
    with store.writing() as connection:
        connection.execute(
            """UPDATE events SET fetch_at = ?, fetches = ?, status = CASE WHEN ? THEN 'fetched' ELSE status END
               WHERE session_id = ? AND fetch_at != '' AND received_at <= ?""",
            (iso(again_at) if again_at else "", fetch.fetches + 1, came, fetch.session_id, iso(fetch.received_at)),
        )


# What users see ---------------------------------------------------------------


def rows(
    store: Store,
    *,
    names: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Return the kept deliveries, newest first, by the columns of the frame *events*.

    Args:
        store: the archive.
        names: only those of these events; empty is all.
        since: only those that came then or later.
        until: only those that came before.
        limit: at most so many.
    """
    marks = ", ".join("?" * len(names)) if names else "event"
    query = f"""SELECT {_COLUMNS} FROM events WHERE event IN ({marks})
        AND received_at >= ? AND received_at < ? ORDER BY key DESC LIMIT ?"""  # noqa: S608  the marks are ours
    bounds = (iso(since) if since else "", iso(until) if until else "~", -1 if limit is None else limit)
    with store.reading() as connection:
        found = select(connection, query, (*names, *bounds))
    return [dict(zip(_COLUMNS.split(", "), row, strict=True)) for row in found]


def newer(store: Store, after: int) -> list[tuple[int, str, str | None]]:
    """Return number, event and title of the deliveries behind the row *after*, in their order."""
    with store.reading() as connection:
        return select(connection, "SELECT key, event, title FROM events WHERE key > ? ORDER BY key", (after,))


def last_key(store: Store) -> int:
    """Return the number of the newest delivery; 0 without any."""
    with store.reading() as connection:
        return int(select_required(connection, "SELECT coalesce(max(key), 0) FROM events")[0])


def body(store: Store, event_id: str) -> bytes | None:
    """Return the raw body of one delivery; None where it is not held."""
    with store.reading() as connection:
        row = select_one(connection, "SELECT body FROM events WHERE event_id = ?", event_id)
        return encoding.unpacked_bytes(row[0]) if row else None


def last_received(store: Store) -> tuple[str, datetime] | None:
    """Return event and time of the delivery that came last; None before the first."""
    with store.reading() as connection:
        row = select_one(connection, "SELECT event, received_at FROM events ORDER BY key DESC LIMIT 1")
        return (row[0], moment(row[1])) if row else None


def distinct_names(store: Store) -> list[str]:
    """Return the names of the events that are held."""
    with store.reading() as connection:
        return [name for (name,) in select(connection, "SELECT DISTINCT event FROM events ORDER BY event")]
