"""The tables of the archive as a list of migrations; each is applied once, in order, inside one transaction.

A new version appends to the list and never changes what stands in it. Times are text in UTC, all of one width, so that their order as
text is their order in time. JSON is kept as it came; long texts stand beside it, compressed, with their older versions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from hedy_jupyter.archive import index

APPLICATION_ID = 0x48454459
"""What the file says it is, in its header: ``HEDY``."""

_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE runs (
  key INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, full INTEGER NOT NULL, requests INTEGER
);
CREATE TABLE sessions (
  key INTEGER PRIMARY KEY, session_id TEXT NOT NULL UNIQUE, title TEXT, start_time TEXT, topic_id TEXT,
  listing TEXT,             -- what lists say of it, as JSON
  listed TEXT,              -- title, topic and duration in that, to see a change
  detail BLOB,              -- the full record without its long texts: JSON, zlib
  detail_at TEXT, basis TEXT,  -- when it was fetched, and what `listed` was then
  indexed INTEGER NOT NULL DEFAULT 0,
  first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL, gone_at TEXT
);
CREATE INDEX sessions_by_time ON sessions (start_time);
CREATE TABLE texts (
  key INTEGER PRIMARY KEY, session_key INTEGER NOT NULL REFERENCES sessions, field TEXT NOT NULL,
  body BLOB NOT NULL,       -- UTF-8, zlib
  first_seen_at TEXT NOT NULL, replaced_at TEXT  -- NULL: the text of today
);
CREATE INDEX texts_of_session ON texts (session_key, field);
CREATE TABLE todos (
  key INTEGER PRIMARY KEY, todo_id TEXT NOT NULL, session_id TEXT NOT NULL DEFAULT '', record TEXT NOT NULL,
  first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL, completed_at TEXT, gone_at TEXT, UNIQUE (session_id, todo_id)
);
CREATE TABLE highlights (
  key INTEGER PRIMARY KEY, highlight_id TEXT NOT NULL UNIQUE, session_id TEXT NOT NULL DEFAULT '', time TEXT, record TEXT NOT NULL,
  first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL, gone_at TEXT
);
CREATE INDEX highlights_of_session ON highlights (session_id);
CREATE TABLE topics (
  key INTEGER PRIMARY KEY, topic_id TEXT NOT NULL UNIQUE, time TEXT, record TEXT NOT NULL,
  first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL, gone_at TEXT
);
CREATE TABLE contexts (
  key INTEGER PRIMARY KEY, context_id TEXT NOT NULL UNIQUE, time TEXT, record TEXT NOT NULL,
  first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL, gone_at TEXT
)
"""


def _first(connection: sqlite3.Connection) -> None:
    for statement in _FIRST.split(";\n"):
        connection.execute(statement)
    index.create(connection)


MIGRATIONS: tuple[tuple[str, Callable[[sqlite3.Connection], None]], ...] = (("first", _first),)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest version; the caller holds a transaction."""
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY) WITHOUT ROWID")
    applied = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    for name, apply in MIGRATIONS:
        if name not in applied:
            apply(connection)
            connection.execute("INSERT INTO migrations VALUES (?)", (name,))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
