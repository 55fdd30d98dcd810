"""The texts of one session in the file: those of today, their older versions, its highlights and todos.

All functions take a connection whose lock the caller holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple, TypeVar

from hedy_jupyter.archive import encoding
from hedy_jupyter.archive.encoding import Record
from hedy_jupyter.archive.typed_rows import select, select_one, select_required

T = TypeVar("T")


class Stamp(NamedTuple):
    """When, and in which sync, something came into the archive."""

    time: str
    run: int


def texts(connection: sqlite3.Connection, key: int) -> dict[str, str]:
    """Return the long texts of today of a session, by field."""
    rows = select(connection, "SELECT field, body FROM texts WHERE session_key = ? AND replaced_at IS NULL", (key,))
    return {field: encoding.unpacked(body) for field, body in rows}


def texts_of(
    connection: sqlite3.Connection,
    keys: Sequence[int],
    unpack: Callable[[str, bytes], T],
    fields: Collection[str] | None = None,
) -> dict[int, dict[str, T]]:
    """Return session → field → long text of today, of several sessions; *unpack* gets the field and what is stored.

    With *fields* only the texts of these.
    """
    chosen = "" if fields is None else f"AND field IN ({', '.join('?' * len(fields))})"
    query = f"""SELECT session_key, field, body FROM texts
        WHERE session_key IN ({", ".join("?" * len(keys))}) {chosen} AND replaced_at IS NULL"""  # noqa: S608
    found: dict[int, dict[str, T]] = {key: {} for key in keys}
    for key, field, body in select(connection, query, [*keys, *(fields or ())]):
        found[key][field] = unpack(field, body)
    return found


def packed_texts(connection: sqlite3.Connection, key: int, fields: Sequence[str]) -> list[tuple[str, bytes]]:
    """Return those of the texts of today of a session that it has, compressed, in the order of their fields' names."""
    places = ", ".join("?" * len(fields))
    query = f"""SELECT field, body FROM texts
        WHERE session_key = ? AND field IN ({places}) AND replaced_at IS NULL ORDER BY field"""  # noqa: S608
    return select(connection, query, (key, *fields))


def items(connection: sqlite3.Connection, kind: str, session_id: str) -> list[Record]:
    """Return the highlights or todos of a session that are not gone, in the order in which they came."""
    query = f"SELECT record FROM {kind} WHERE session_id = ? AND gone_at IS NULL ORDER BY key"  # noqa: S608
    return encoding.loaded_all([record for (record,) in select(connection, query, (session_id,))])


def put_text(connection: sqlite3.Connection, key: int, field: str, text: str, now: Stamp) -> None:
    """Add a text; the one of today becomes its older version."""
    connection.execute(
        """UPDATE texts SET replaced_at = ?, replaced_run = ?
           WHERE session_key = ? AND field = ? AND replaced_at IS NULL""",
        (*now, key, field),
    )
    connection.execute(
        "INSERT INTO texts (session_key, field, body, first_seen_at, first_run) VALUES (?, ?, ?, ?, ?)",
        (key, field, encoding.packed(text), *now),
    )


def replace_title(connection: sqlite3.Connection, key: int, old: str | None, new: object, now: Stamp) -> None:
    """Keep the title *old* as an older version, if *new* is another one; today's is in the row of the session."""
    if old and new and old != new:
        connection.execute(
            """INSERT INTO texts (session_key, field, body, first_seen_at, first_run, replaced_at, replaced_run)
               VALUES (?, 'title', ?, ?, ?, ?, ?)""",
            (key, encoding.packed(old), *_title_since(connection, key), *now),
        )


def _title_since(connection: sqlite3.Connection, key: int) -> Stamp:
    """Return when the title of today was first seen: when it replaced the one before it, if there is one."""
    last = """SELECT replaced_at, replaced_run FROM texts WHERE session_key = ? AND field = 'title'
              ORDER BY key DESC LIMIT 1"""
    first = "SELECT first_seen_at, first_run FROM sessions WHERE key = ?"
    return Stamp(*(select_one(connection, last, key) or select_required(connection, first, key)))


def history(connection: sqlite3.Connection, session_id: str) -> list[tuple[str, str, str, str | None]]:
    """Return every version of the texts of a session, the newest first.

    Each is field, text, when first seen, when replaced (None: it is the text of today).
    """
    row = select_one(connection, "SELECT key, title FROM sessions WHERE session_id = ?", session_id)
    if row is None:
        return []
    key, title = row
    rows = select(
        connection,
        "SELECT field, body, first_seen_at, replaced_at, first_run FROM texts WHERE session_key = ? ORDER BY key",
        (key,),
    )
    versions: list[tuple[Any, ...]] = [
        (field, encoding.unpacked(body), seen, replaced, run) for field, body, seen, replaced, run in rows
    ]
    if title:
        seen, run = _title_since(connection, key)
        versions.append(("title", title, seen, None, run))
    versions.sort(key=lambda version: (version[4], version[2], version[3] or "~"), reverse=True)
    return [(field, text, seen, replaced) for field, text, seen, replaced, _ in versions]
