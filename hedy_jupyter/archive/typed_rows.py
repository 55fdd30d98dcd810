"""Read rows from the file with the types that its tables promise: the one place that detects damaged values.

SQLite puts any value into any column, so the tables promise nothing by themselves. Everything that is read goes through
``select`` or ``rows``, JSON and compressed texts through ``encoding``, times through ``moment``. What is not as it was
written is ``CorruptArchive``, which ``database.sqlite_errors`` turns into an ArchiveError.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any

from hedy_jupyter.archive import migrations
from hedy_jupyter.archive.encoding import CorruptArchive

_TYPES: Mapping[str, type] = MappingProxyType({"TEXT": str, "INTEGER": int, "REAL": float, "BLOB": bytes})


def rows(cursor: sqlite3.Cursor) -> list[tuple[Any, ...]]:
    """Return the rows of *cursor*; a column that is named as one of a table has the types of that.

    Raises:
        CorruptArchive: a value of another type is among them.
    """
    try:
        found = cursor.fetchall()
    except BaseException:
        cursor.close()  # else it keeps the file open as long as the error is remembered
        raise
    if found:
        expected = _expected(tuple(name for name, *_ in cursor.description))
        for place, types in expected:
            if not types.issuperset(map(type, (row[place] for row in found))):
                raise CorruptArchive
    return found


def select(connection: sqlite3.Connection, query: str, values: Any = ()) -> list[Any]:
    """Return all rows that *query* finds; errors as for ``rows``."""
    return rows(connection.execute(query, values))


def select_one(connection: sqlite3.Connection, query: str, *values: object) -> Any:
    """Return the first row that *query* finds, or None."""
    found = select(connection, query, values)
    return found[0] if found else None


def select_required(connection: sqlite3.Connection, query: str, *values: object) -> Any:
    """Return the row that *query* finds in every file that is not damaged.

    Raises:
        CorruptArchive: it is not there.
    """
    row = select_one(connection, query, *values)
    if row is None:
        raise CorruptArchive
    return row


def select_mapping(connection: sqlite3.Connection, query: str, *values: object) -> dict[str, Any]:
    """Return the first row that *query* finds by the names of its columns; empty without one."""
    cursor = connection.execute(query, values)
    names = [name for name, *_ in cursor.description]
    return next((dict(zip(names, row, strict=True)) for row in rows(cursor)), {})


def iso(moment: datetime) -> str:
    """Return *moment* as the file holds it: UTC, always of the same width."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(text: str) -> datetime:
    """Return the time in *text*.

    Raises:
        CorruptArchive: it is none, or names no zone.
    """
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise CorruptArchive from None
    if found.tzinfo is None:
        raise CorruptArchive
    return found


def number(text: str) -> int:
    """Return the count in *text*.

    Raises:
        CorruptArchive: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise CorruptArchive
    return int(text)


@cache
def _expected(names: tuple[str, ...]) -> tuple[tuple[int, frozenset[type]], ...]:
    """Return the columns of a result whose types are known, each as its place and its types."""
    known = column_types()
    return tuple((place, known[name]) for place, name in enumerate(names) if name in known)


@cache
def column_types() -> Mapping[str, frozenset[type]]:
    """Return each column's types in the tables that the migrations make; one of several tables has all of theirs."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrations.migrate(connection)
        found = connection.execute(
            """SELECT c.name, c.type, c."notnull" OR c.pk FROM sqlite_master AS t, pragma_table_info(t.name) AS c
               WHERE t.type = 'table' AND t.name NOT LIKE 'words%' AND t.name NOT LIKE 'sqlite%'"""
        ).fetchall()
    finally:
        connection.close()
    columns: dict[str, frozenset[type]] = {}
    for name, type_, filled in found:
        columns[name] = columns.get(name, frozenset()) | {_TYPES[type_]} | (frozenset() if filled else {NoneType})
    return MappingProxyType(columns)


def noted(connection: sqlite3.Connection, name: str) -> str | None:
    """Return the fact called *name*, or None."""
    row = select_one(connection, "SELECT value FROM meta WHERE name = ?", name)
    return row[0] if row else None


def note(connection: sqlite3.Connection, name: str, value: str | None) -> None:
    """Keep *value* under *name*; the caller holds a transaction."""
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
    )
