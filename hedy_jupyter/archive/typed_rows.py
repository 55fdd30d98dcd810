"""What is read from the file, with the types that its tables promise: the one place where a damaged file is told from a good one.

SQLite puts any value into any column, so the tables promise nothing by themselves. Everything that is read goes through ``rows``, JSON
and compressed texts through ``merging.loaded`` and ``merging.unpacked``, times through ``moment``; what is not as it was written is
``Damaged``, which ``opening.told`` makes an ArchiveError of.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
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


def moment(text: str) -> datetime:
    """Return the time that *text* is.

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
    """Return the count that *text* is.

    Raises:
        CorruptArchive: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise CorruptArchive
    return int(text)


@cache
def _expected(names: tuple[str, ...]) -> tuple[tuple[int, frozenset[type]], ...]:
    """The columns of a result whose types are known: place and types."""
    known = _columns()
    return tuple((place, known[name]) for place, name in enumerate(names) if name in known)


@cache
def _columns() -> Mapping[str, frozenset[type]]:
    """Column → its types in the tables that the migrations make.

    A column of several tables has those of all of them.
    """
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
