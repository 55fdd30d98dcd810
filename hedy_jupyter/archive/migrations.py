"""Migrations that make the tables of the archive; each is applied once, in order, inside one transaction.

A new version appends to the list and never changes what is in it. Times are text in UTC, all of one width, so that
their order as text is their order in time. JSON is kept as it came; long texts are beside it, compressed, with their
older versions.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from hedy_jupyter.archive import fulltext
from hedy_jupyter.text.clean import without_surrogates

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
  key INTEGER PRIMARY KEY, highlight_id TEXT NOT NULL UNIQUE, session_id TEXT NOT NULL DEFAULT '', time TEXT,
  record TEXT NOT NULL, first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL, gone_at TEXT
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
    fulltext.create(connection)


# Which came first is decided by the number of the sync (``runs.key``), never by a clock; 0 means before all.
_RUN_COLUMNS = (
    ("runs", "since INTEGER"),  # the run that this one continues; NULL: it is a new one
    ("runs", "part INTEGER NOT NULL DEFAULT 0"),  # 1: it asked for one session only
    ("sessions", "first_run INTEGER NOT NULL DEFAULT 0"),
    ("sessions", "seen_run INTEGER NOT NULL DEFAULT 0"),  # when a list, todo or highlight last named it
    ("sessions", "listed_run INTEGER NOT NULL DEFAULT 0"),  # when a list last said what `listing` holds
    ("sessions", "detail_run INTEGER NOT NULL DEFAULT 0"),  # when `detail` was fetched
    ("sessions", "changed_run INTEGER NOT NULL DEFAULT 0"),  # when a text, its title, topic or duration last changed
    ("sessions", "unlisted_run INTEGER NOT NULL DEFAULT -1"),  # when Hedy last answered for it without listing it
    ("sessions", "refused INTEGER NOT NULL DEFAULT 0"),  # 1: Hedy's last answer was an error
    ("sessions", "asked_at TEXT"),  # when that answer came
    ("sessions", "tried_at TEXT"),  # when the server last failed on it, if no answer came since
    ("sessions", "text_at TEXT"),  # when a text last came or changed, else when the first answer came
    ("sessions", "has_text INTEGER NOT NULL DEFAULT 0"),  # 1: there is something to read,
    ("sessions", "has_transcript INTEGER NOT NULL DEFAULT 0"),  # cleaned or not,
    ("sessions", "has_cleaned INTEGER NOT NULL DEFAULT 0"),
    ("texts", "first_run INTEGER NOT NULL DEFAULT 0"),
    ("texts", "replaced_run INTEGER NOT NULL DEFAULT 0"),
    ("todos", "first_run INTEGER NOT NULL DEFAULT 0"),
    ("todos", "seen_run INTEGER NOT NULL DEFAULT 0"),
    ("todos", "listed_run INTEGER NOT NULL DEFAULT 0"),  # when their list named it; -1: only its session's details did
    ("highlights", "first_run INTEGER NOT NULL DEFAULT 0"),
    ("highlights", "seen_run INTEGER NOT NULL DEFAULT 0"),
    ("highlights", "listed_run INTEGER NOT NULL DEFAULT 0"),  # likewise
    ("topics", "first_run INTEGER NOT NULL DEFAULT 0"),
    ("topics", "seen_run INTEGER NOT NULL DEFAULT 0"),
    ("topics", "name TEXT"),
    ("contexts", "first_run INTEGER NOT NULL DEFAULT 0"),
    ("contexts", "seen_run INTEGER NOT NULL DEFAULT 0"),
)


_FROM_TEXTS = """
WITH today AS (SELECT session_key, field, first_seen_at FROM texts WHERE replaced_at IS NULL)
UPDATE sessions SET
  text_at = coalesce((SELECT max(first_seen_at) FROM today WHERE session_key = key), detail_at),
  has_text = EXISTS (SELECT 1 FROM today WHERE session_key = key),
  has_transcript = EXISTS
    (SELECT 1 FROM today WHERE session_key = key AND field IN ('transcript', 'cleaned_transcript')),
  has_cleaned = EXISTS (SELECT 1 FROM today WHERE session_key = key AND field = 'cleaned_transcript')
"""


def _runs(connection: sqlite3.Connection) -> None:
    for table, column in _RUN_COLUMNS:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    connection.execute(_FROM_TEXTS)
    for key, record in connection.execute("SELECT key, record FROM topics").fetchall():
        try:
            name = json.loads(record).get("name")
        except (ValueError, TypeError, AttributeError):  # damage, which is reported where that topic is read
            continue
        if isinstance(name, str):
            connection.execute("UPDATE topics SET name = ? WHERE key = ?", (without_surrogates(name), key))


_EVENTS = """
CREATE TABLE events (
  key INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL UNIQUE,  -- of event, ids and content: what comes twice is kept once
  event TEXT NOT NULL, received_at TEXT NOT NULL,
  session_id TEXT NOT NULL DEFAULT '', item_id TEXT NOT NULL DEFAULT '',  -- the highlight or todo
  title TEXT, body BLOB NOT NULL,  -- the delivery as it came, zlib
  repeats INTEGER NOT NULL DEFAULT 0,  -- how often it came again
  status TEXT NOT NULL DEFAULT 'received',
  fetch_at TEXT NOT NULL DEFAULT '',  -- when the details of its session are next asked for; '': never
  fetches INTEGER NOT NULL DEFAULT 0,
  forward INTEGER NOT NULL DEFAULT 0  -- 1: a command is still to be run with it
);
CREATE INDEX events_of_session ON events (session_id);
CREATE INDEX events_to_use ON events (key) WHERE status = 'received';
CREATE INDEX events_to_fetch ON events (fetch_at) WHERE fetch_at != '';
CREATE INDEX events_to_forward ON events (key) WHERE forward = 1
"""


def _events(connection: sqlite3.Connection) -> None:
    for statement in _EVENTS.split(";\n"):
        connection.execute(statement)


MIGRATIONS: tuple[tuple[str, Callable[[sqlite3.Connection], None]], ...] = (
    ("first", _first),
    ("runs", _runs),
    ("events", _events),
)


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
