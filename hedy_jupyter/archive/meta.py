"""The table ``meta``: small facts about the archive, by name."""

from __future__ import annotations

import sqlite3

from hedy_jupyter.archive.typed_rows import select_one


def noted(connection: sqlite3.Connection, name: str) -> str | None:
    """Return the fact called *name*, or None."""
    row = select_one(connection, "SELECT value FROM meta WHERE name = ?", name)
    return row[0] if row else None


def note(connection: sqlite3.Connection, name: str, value: str | None) -> None:
    """Keep *value* under *name*; the caller holds a transaction."""
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
    )
