"""The archive file: what is put into it, in transactions, and what is read out of it.

Every put is committed whole or not at all, and the words that are searched change in the same transaction as the texts they come from.
A process that is killed loses no commit. ``synchronous=NORMAL`` may lose the last ones when the power fails; the file stays whole, and
the next sync asks again for what is missing.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import pandas as pd

from hedy_jupyter.archive import index, merging, opening
from hedy_jupyter.archive.merging import Given, Record
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.tables import frames, schema
from hedy_jupyter.tables.texts import clean

WAIT_S = 600.0
"""How long a write waits for another one; each is short, so this is never reached but by a program that hangs."""
YOUNG = timedelta(days=14)
"""Details of meetings younger than this may still change."""
_RESUMED_WITHIN = timedelta(days=1)
_TOUCHED_AT_MOST = 200  # documents in memory during one transaction
_ID = {"sessions": "session_id", "todos": "todo_id", "highlights": "highlight_id", "topics": "topic_id", "contexts": "context_id"}
_OF_SESSION = frozenset({"todos", "highlights"})
_TIME = {"highlights": "timestamp", "topics": "updated_at", "contexts": "updated_at"}


class Run(NamedTuple):
    """One sync.

    Attributes:
        started_at: details that were fetched since then are not asked for again.
        resumed: it goes on with one that did not end.
    """

    key: int
    started_at: datetime
    resumed: bool


def _utcnow() -> datetime:
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """*moment* as the file holds it: UTC, always of the same width."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class Store:
    """One open archive file; may be used from several threads.

    Attributes:
        path: the file.
        writable: whether it may be written; every put raises ArchiveError where not.
        connection: for what only reads.
        now: the clock.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, writable: bool, wait_s: float, now: Callable[[], datetime]) -> None:
        self.path = path
        self.connection = connection
        self.writable = writable
        self.now = now
        self._wait_s = wait_s
        self._lock = threading.RLock()
        self._depth = 0
        self._touched: dict[int, dict[str, str] | None] = {}

    @classmethod
    def open(cls, path: Path, *, create: bool = False, wait_s: float = WAIT_S, now: Callable[[], datetime] = _utcnow) -> Self:
        """The archive at *path*.

        Args:
            create: make one where there is none: only its owner may read it, and a folder that is made for it.
            wait_s: how long, in seconds, a write waits for that of another program.
            now: the clock, aware.

        Raises:
            ArchiveError: it is not there, is no archive, is damaged, or comes from a newer version. The file stays as it is.
        """
        connection, writable = opening.connect(path, create=create, wait_s=wait_s)
        store = cls(path, connection, writable=writable, wait_s=wait_s, now=now)
        try:
            with opening.told(path):
                opening.prepare(connection, writable=writable)
            if writable and not store._is_indexed():
                with store.writing():
                    if not store._is_indexed():  # another program may have done it while this one waited
                        store.reindex()
        except BaseException:
            connection.close()
            raise
        return store

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; inside another one, a part of that. Another writer is waited for.

        Raises:
            ArchiveError: the file cannot be written; nothing of the transaction is in it.
        """
        with self._lock, opening.told(self.path):
            if self._depth:
                yield
                return
            if not self.writable:
                raise ArchiveError(f"The archive {self.path} may only be read.", advice="Look at the rights of the file and its folder.")
            self._depth = 1
            try:
                opening.begin(self.connection, self._wait_s)
                yield
                self._index()
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0
                self._touched.clear()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Whatever is read of the file here is told of in one line where it fails; other threads wait.

        Raises:
            ArchiveError: the file is damaged, or cannot be read.
        """
        with self._lock, opening.told(self.path):
            yield

    # Whose it is, and small facts ---------------------------------------------

    def owner(self) -> tuple[str, str] | None:
        """Realm and id of the account that the file is of; None before the first sync."""
        realm, ident = self.noted("realm"), self.noted("account_id")
        return (realm, ident) if realm is not None and ident is not None else None

    def claim(self, realm: str, account_id: str) -> None:
        """Say whose meetings come in here.

        Raises:
            ArchiveError: the file is of another account.
        """
        with self.writing():
            owner = self.owner()
            if owner is None:
                self.note("realm", realm)
                self.note("account_id", account_id)
            elif owner != (realm, account_id):
                raise ArchiveError(f"The archive {self.path} is of another account.", advice="Name another file: HEDY_ARCHIVE.")

    def note(self, name: str, value: str | None) -> None:
        """Keep a small fact."""
        with self.writing():
            self.connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

    def noted(self, name: str) -> str | None:
        """A small fact, or None."""
        row = self._one("SELECT value FROM meta WHERE name = ?", name)
        return row[0] if row else None

    # Syncs --------------------------------------------------------------------

    def begin(self, *, full: bool = False) -> Run:
        """A new sync, or the last one where that did not end and is less than a day old."""
        with self.writing():
            last = self._one("SELECT key, started_at, full FROM runs WHERE finished_at IS NULL ORDER BY key DESC LIMIT 1")
            if last and last[1] > iso(self.now() - _RESUMED_WITHIN) and bool(last[2]) >= full:
                return Run(last[0], _moment(last[1]), resumed=True)
            started = self.now()
            added = self.connection.execute("INSERT INTO runs (started_at, full) VALUES (?, ?)", (iso(started), int(full)))
            return Run(added.lastrowid or 0, started, resumed=False)

    def finish(self, run: Run, *, requests: int) -> None:
        """The sync *run* has come to its end, and so have those before it that never did."""
        with self.writing():
            self.connection.execute(
                "UPDATE runs SET finished_at = ?, requests = ? WHERE key <= ? AND finished_at IS NULL", (iso(self.now()), requests, run.key)
            )

    def last_finished(self) -> datetime | None:
        """When the last sync ended."""
        row = self._one("SELECT max(finished_at) FROM runs")
        return _moment(row[0]) if row and row[0] else None

    def pending(self, *, now: datetime, since: datetime, full: bool = False) -> list[str]:
        """The sessions whose details are to be asked for, newest first.

        Those that were never fetched; and of the others, if not fetched since *since*: all with *full*, else those younger than 14 days or
        without a start, those that are listed with another title, topic or duration, and those whose transcript is not cleaned yet.
        """
        rows = self._all(
            """WITH today AS (SELECT session_key, field FROM texts WHERE replaced_at IS NULL)
               SELECT session_id FROM sessions WHERE gone_at IS NULL AND (detail_at IS NULL OR (detail_at < :since AND (
                 :full OR start_time IS NULL OR start_time > :young OR (listed IS NOT NULL AND basis IS NOT listed)
                 OR (key IN (SELECT session_key FROM today WHERE field = 'transcript')
                     AND key NOT IN (SELECT session_key FROM today WHERE field = 'cleaned_transcript'))
               ))) ORDER BY start_time DESC, key""",
            {"since": iso(since), "full": full, "young": iso(now - YOUNG)},
        )
        return [ident for (ident,) in rows]

    # Puts ---------------------------------------------------------------------

    def put_sessions(self, records: Iterable[Given]) -> None:
        """Take in what a list says of sessions."""
        with self.writing():
            for record in records:
                ident = schema.identity("sessions", record)
                if ident is not None:
                    self._put_listing(ident, record)

    def name_session(self, session_id: str) -> None:
        """Take in a session that only a todo or a highlight names."""
        with self.writing():
            self._named(clean(session_id))

    def put_detail(self, session_id: str, record: Given) -> bool:
        """Take in the full record of a session, its highlights and todos too; whether a text of it is new or another one."""
        session_id = clean(session_id)
        with self.writing():
            key = self._named(session_id)
            title, detail, listing, listed = self._row("SELECT title, detail, listing, listed FROM sessions WHERE key = ?", key)
            held = _detail(detail)
            rest, found, names = merging.parted(record)
            rest = merging.newer(merging.without(held["record"], found), rest)
            known = self._texts(key)
            changed = {field: text for field, text in found.items() if known.get(field) != text}
            for field in known.keys() - found.keys():
                names[field] = held["names"].get(field, field)
            shown = frames.values("sessions", merging.newer(rest, merging.loaded(listing)) if listing else rest)
            if changed or shown["title"] != title:
                self._touch(key)
            self._put_title(key, title, shown["title"])
            for field, text in changed.items():
                self._put_text(key, field, text)
            self.connection.execute(
                "UPDATE sessions SET title = ?, start_time = ?, topic_id = ?, detail = ?, detail_at = ?, basis = ? WHERE key = ?",
                (*_shown(shown), merging.packed(json.dumps({"record": rest, "names": names})), iso(self.now()), listed, key),
            )
            place = {"sessionId": session_id}
            self.put_highlights({**one, **place} for one in merging.embedded(record, "highlight_count"))
            self._put("todos", ({**one, **place} for one in merging.embedded(record, "todo_count")), whole=False)
            return bool(changed)

    def put_todos(self, records: Iterable[Given]) -> None:
        """Take in a list of todos; one that was open and is done gets ``completed_at``."""
        self._put("todos", records)

    def put_highlights(self, records: Iterable[Given]) -> None:
        """Take in highlights, whole or as their list shows them."""
        self._put("highlights", records, whole=False)

    def put_topics(self, records: Iterable[Given]) -> None:
        """Take in the topics."""
        self._put("topics", records)

    def put_contexts(self, records: Iterable[Given]) -> None:
        """Take in the session contexts."""
        self._put("contexts", records)

    def gone(self, kind: str, ids: Iterable[str]) -> None:
        """Note that these are no longer in Hedy; nothing is deleted."""
        with self.writing():
            for ident in ids:
                if kind in _OF_SESSION:
                    for (session_id,) in self._all(f"SELECT session_id FROM {kind} WHERE {_ID[kind]} = ?", (ident,)):  # noqa: S608
                        self._touch_session(session_id)
                self.connection.execute(
                    f"UPDATE {kind} SET gone_at = ? WHERE {_ID[kind]} = ? AND gone_at IS NULL",  # noqa: S608  both are ours
                    (iso(self.now()), ident),
                )

    def unseen(self, kind: str, since: datetime) -> list[str]:
        """What is held, is not gone, and was not seen since *since*."""
        rows = self._all(f"SELECT {_ID[kind]} FROM {kind} WHERE gone_at IS NULL AND seen_at < ? ORDER BY key", (iso(since),))  # noqa: S608
        return [ident for (ident,) in rows]

    def reindex(self) -> None:
        """Make the words again from the texts."""
        with self.writing():
            self.connection.execute("DROP TABLE IF EXISTS words")
            index.create(self.connection)
            self.connection.execute("UPDATE sessions SET indexed = 0")
            for (key,) in self._all("SELECT key FROM sessions"):
                self._touch(key)
            self.note("index_version", str(index.VERSION))

    def prepare_search(self) -> None:
        """Make the words in memory if the file is read-only and has those of another version: about 5 ms a session.

        Raises:
            ArchiveError: the file is damaged, or cannot be read.
        """
        with self.reading():
            if self.writable or self._is_indexed() or self._one("SELECT 1 FROM temp.sqlite_master WHERE name = 'words'"):
                return
            self.connection.execute("PRAGMA temp_store = MEMORY")
            self.connection.execute("BEGIN")
            try:
                index.create(self.connection, database="temp")
                for (key,) in self._all("SELECT key FROM sessions"):
                    index.replace(self.connection, key, None, self.document(key))
                self.connection.execute("COMMIT")
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise

    def _put_listing(self, ident: str, record: Given) -> None:
        key = self._named(ident)
        title, held = self._row("SELECT title, listing FROM sessions WHERE key = ?", key)
        listing = merging.newer(merging.loaded(held), record) if held else record
        text = merging.dumped(listing)
        if text == held:
            return
        shown = frames.values("sessions", listing)
        shown["title"] = shown["title"] or title
        if shown["title"] != title:
            self._touch(key)
            self._put_title(key, title, shown["title"])
        self.connection.execute(
            "UPDATE sessions SET title = ?, start_time = coalesce(?, start_time), topic_id = ?, listing = ?, listed = ? WHERE key = ?",
            (*_shown(shown), text, merging.listed(listing), key),
        )

    def _named(self, session_id: str) -> int:
        now = iso(self.now())
        row = self._one("SELECT key FROM sessions WHERE session_id = ?", session_id)
        if row:
            self.connection.execute("UPDATE sessions SET seen_at = ?, gone_at = NULL WHERE key = ?", (now, row[0]))
            return int(row[0])
        added = self.connection.execute(
            "INSERT INTO sessions (session_id, first_seen_at, seen_at) VALUES (?, ?, ?)", (session_id, now, now)
        )
        self._touch(added.lastrowid or 0)  # todos and highlights of it may have come before it
        return added.lastrowid or 0

    def _put(self, kind: str, records: Iterable[Given], *, whole: bool = True) -> None:
        if kind in _OF_SESSION:  # those of one session in a row: its words are then made once
            records = sorted(records, key=_session_of)
        with self.writing():
            for record in records:
                ident = schema.identity(kind, record)
                if ident is not None:
                    self._put_one(kind, ident, record, whole)

    def _put_one(self, kind: str, ident: str, record: Given, whole: bool) -> None:
        now = iso(self.now())
        held = self._held(kind, ident, _session_of(record))
        old: Record = merging.loaded(held["record"]) if held else {}
        merged = merging.newer(old, record, whole=whole)
        values: dict[str, Any] = {_ID[kind]: ident, "record": merging.dumped(merged), "seen_at": now, "gone_at": None}
        if kind in _TIME:
            values["time"] = _time(frames.values(kind, merged)[_TIME[kind]])
        if kind == "todos":
            values["completed_at"] = merging.completion(old, merged, held.get("completed_at"), now)
        if kind in _OF_SESSION:
            values["session_id"] = _session_of(merged)
            if merged != old or held.get("gone_at"):
                for session_id in dict.fromkeys((values["session_id"], held.get("session_id"))):
                    self._touch_session(session_id)
        if held:
            changes = ", ".join(f"{name} = ?" for name in values)
            self.connection.execute(f"UPDATE {kind} SET {changes} WHERE key = ?", (*values.values(), held["key"]))  # noqa: S608
        else:
            values["first_seen_at"] = now
            names, marks = ", ".join(values), ", ".join("?" * len(values))
            self.connection.execute(f"INSERT INTO {kind} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608

    def _held(self, kind: str, ident: str, session_id: str) -> dict[str, Any]:
        """The row that a record with this id is about; empty where it is new.

        A todo is one of its session: the same id in two sessions is two. Where it comes without its session, or came so before, the
        one row that it can be is it.
        """
        if kind != "todos":
            return self._mapped(f"SELECT * FROM {kind} WHERE {_ID[kind]} = ?", ident)  # noqa: S608  the names are ours
        exact = "SELECT * FROM todos WHERE todo_id = ? AND session_id = ?"
        if session_id:
            return self._mapped(exact, ident, session_id) or self._mapped(exact, ident, "")
        rows = self._all("SELECT session_id FROM todos WHERE todo_id = ?", (ident,))
        return self._mapped(exact, ident, rows[0][0] if len(rows) == 1 else "")

    def _put_title(self, key: int, old: str | None, new: object) -> None:
        """Keep the title that is replaced; the one of today stands with the session."""
        if old and new and old != new:
            seen = self._row("SELECT first_seen_at FROM sessions WHERE key = ?", key)[0]
            last = self._row("SELECT max(replaced_at) FROM texts WHERE session_key = ? AND field = 'title'", key)[0]
            self.connection.execute(
                "INSERT INTO texts (session_key, field, body, first_seen_at, replaced_at) VALUES (?, 'title', ?, ?, ?)",
                (key, merging.packed(old), last or seen, iso(self.now())),
            )

    def _put_text(self, key: int, field: str, text: str) -> None:
        now = iso(self.now())
        self.connection.execute(
            "UPDATE texts SET replaced_at = ? WHERE session_key = ? AND field = ? AND replaced_at IS NULL", (now, key, field)
        )
        self.connection.execute(
            "INSERT INTO texts (session_key, field, body, first_seen_at) VALUES (?, ?, ?, ?)", (key, field, merging.packed(text), now)
        )

    # The words ----------------------------------------------------------------

    def _is_indexed(self) -> bool:
        return self.noted("index_version") == str(index.VERSION)

    def _touch_session(self, session_id: str | None) -> None:
        row = self._one("SELECT key FROM sessions WHERE session_id = ?", session_id)
        if row:
            self._touch(row[0])

    def _touch(self, key: int) -> None:
        """Remember the texts of a session before they change: the index must be told what it forgets."""
        if key in self._touched:
            return
        if len(self._touched) >= _TOUCHED_AT_MOST:
            self._index()
        indexed = self._row("SELECT indexed FROM sessions WHERE key = ?", key)[0]
        self._touched[key] = self.document(key) if indexed else None

    def _index(self) -> None:
        for key, old in self._touched.items():
            new = self.document(key)
            if new != old:
                index.replace(self.connection, key, old, new)
                self.connection.execute("UPDATE sessions SET indexed = 1 WHERE key = ?", (key,))
        self._touched.clear()

    def document(self, key: int) -> dict[str, str]:
        """The texts of a session that are searched, by field."""
        title, session_id = self._row("SELECT title, session_id FROM sessions WHERE key = ?", key)
        return index.document(title, self._texts(key), self.of_session("highlights", session_id), self.of_session("todos", session_id))

    def of_session(self, kind: str, session_id: str) -> list[Record]:
        """The highlights or todos of a session that are not gone, in the order in which they came."""
        rows = self._all(f"SELECT record FROM {kind} WHERE session_id = ? AND gone_at IS NULL ORDER BY key", (session_id,))  # noqa: S608
        with self.reading():
            return [merging.loaded(record) for (record,) in rows]

    def packed(self, key: int, field: str) -> bytes | None:
        """A text of today of a session, compressed; None where it has none."""
        row = self._one("SELECT body FROM texts WHERE session_key = ? AND field = ? AND replaced_at IS NULL", key, field)
        return row[0] if row else None

    def _texts(self, key: int) -> dict[str, str]:
        rows = self._all("SELECT field, body FROM texts WHERE session_key = ? AND replaced_at IS NULL", (key,))
        with self.reading():
            return {field: merging.unpacked(body) for field, body in rows}

    # Reads --------------------------------------------------------------------

    def records(
        self,
        kind: str,
        *,
        texts: bool = False,
        gone: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
        topic_id: str | None = None,
        limit: int | None = None,
    ) -> list[Record]:
        """The records of *kind*, newest first: todos by their meeting's start, topics and contexts by their last update.

        Args:
            texts: sessions with their details.
            gone: also what is no longer in Hedy.
            since: sessions that start then or later.
            until: sessions that start before.
            topic_id: sessions of this topic.
            limit: at most so many.
        """
        bounds = {"since": since and iso(since), "until": until and iso(until), "topic": topic_id, "limit": -1 if limit is None else limit}
        if kind == "sessions":
            where = f"""FROM sessions WHERE (:since IS NULL OR start_time >= :since) AND (:until IS NULL OR start_time < :until)
                AND (:topic IS NULL OR topic_id = :topic) {"" if gone else "AND gone_at IS NULL"}
                ORDER BY start_time IS NULL, start_time DESC, key LIMIT :limit"""
            if texts:
                return [self._session(*row) for row in self._all(f"SELECT key, session_id, listing, detail {where}", bounds)]
            rows = self._all(f"SELECT session_id, listing, CASE WHEN listing IS NULL THEN detail END {where}", bounds)
            with self.reading():
                return [merging.loaded(listing) if listing else self._short(ident, detail) for ident, listing, detail in rows]
        order = {
            "todos": "LEFT JOIN sessions AS s USING (session_id) {} ORDER BY s.start_time IS NULL, s.start_time DESC, t.key",
        }.get(kind, "{} ORDER BY t.time IS NULL, t.time DESC, t.key")
        query = f"SELECT t.record FROM {kind} AS t {order.format('' if gone else 'WHERE t.gone_at IS NULL')} LIMIT :limit"  # noqa: S608
        with self.reading():
            return _loaded(record for (record,) in self._all(query, {"limit": bounds["limit"]}))

    def record(self, kind: str, ident: str) -> Record | None:
        """One record, whole; None where it is not held."""
        if kind == "sessions":
            row = self._one("SELECT key, session_id, listing, detail FROM sessions WHERE session_id = ?", clean(ident))
            return self._session(*row) if row else None
        row = self._one(f"SELECT record FROM {kind} WHERE {_ID[kind]} = ?", clean(ident))  # noqa: S608
        with self.reading():
            return _loaded(row)[0] if row else None

    def _session(self, key: int, ident: str, listing: str | None, detail: bytes | None) -> Record:
        with self.reading():
            held = _detail(detail)
            shown: Record = merging.loaded(listing) if listing else {}
        full = merging.whole(held["record"], self._texts(key), held["names"])
        if not listing:
            return full if detail else {"sessionId": ident}
        return shown | {name: value for name, value in full.items() if value is not None}

    @staticmethod
    def _short(ident: str, detail: bytes | None) -> Record:
        return _detail(detail)["record"] if detail else {"sessionId": ident}

    def times(self, kind: str) -> dict[str, dict[str, str | None]]:
        """Id → ``first_seen_at``, ``gone_at`` and, for todos, ``completed_at``."""
        done = ", completed_at" if kind == "todos" else ""
        names = ("first_seen_at", "gone_at", "completed_at")
        rows = self._all(f"SELECT {_ID[kind]}, first_seen_at, gone_at{done} FROM {kind}")  # noqa: S608
        return {ident: dict(zip(names, times, strict=False)) for ident, *times in rows}

    def history(self, session_id: str) -> list[tuple[str, str, str, str | None]]:
        """Every version of the texts of a session, the newest first: field, text, when first seen, when replaced (None: today's)."""
        row = self._one("SELECT key, title, first_seen_at FROM sessions WHERE session_id = ?", session_id)
        if row is None:
            return []
        key, title, first_seen = row
        rows = self._all("SELECT field, body, first_seen_at, replaced_at FROM texts WHERE session_key = ? ORDER BY key", (key,))
        with self.reading():
            versions = [(field, merging.unpacked(body), seen, replaced) for field, body, seen, replaced in rows]
        if title:
            last = max((replaced or "" for field, _, _, replaced in versions if field == "title"), default="")
            versions.append(("title", title, last or first_seen, None))
        return sorted(versions, key=lambda version: (version[2], version[3] or "~"), reverse=True)

    def counts(self) -> dict[str, int]:
        """How many are held that are in Hedy: of each kind, and of sessions those with their details and those that are gone."""
        found = {kind: self._row(f"SELECT count(*) FROM {kind} WHERE gone_at IS NULL")[0] for kind in _ID}  # noqa: S608
        details = self._row("SELECT count(*) FROM sessions WHERE gone_at IS NULL AND detail IS NOT NULL")[0]
        return {**found, "with_details": details, "gone": self._row("SELECT count(*) FROM sessions WHERE gone_at IS NOT NULL")[0]}

    def named(self) -> list[tuple[str | None, bool]]:
        """Start, and whether the details are held, of every session that is in Hedy."""
        rows = self._all("SELECT start_time, detail IS NOT NULL FROM sessions WHERE gone_at IS NULL")
        return [(start, bool(held)) for start, held in rows]

    # SQL ----------------------------------------------------------------------

    def _all(self, query: str, values: Any = ()) -> list[Any]:
        with self._lock, opening.told(self.path):
            return self.connection.execute(query, values).fetchall()

    def _one(self, query: str, *values: object) -> Any:
        with self._lock, opening.told(self.path):
            return self.connection.execute(query, values).fetchone()

    def _mapped(self, query: str, *values: object) -> dict[str, Any]:
        """The row by the names of its columns; empty where there is none."""
        with self.reading():
            cursor = self.connection.execute(query, values)
            row = cursor.fetchone()
            return {name[0]: value for name, value in zip(cursor.description, row, strict=True)} if row else {}

    def _row(self, query: str, *values: object) -> Any:
        """The row that is there for certain."""
        row = self._one(query, *values)
        assert row is not None  # noqa: S101
        return row


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _shown(values: dict[str, object]) -> tuple[object, str | None, object]:
    return values["title"], _time(values["start_time"]), values["topic_id"]


def _time(value: object) -> str | None:
    return iso(value.to_pydatetime()) if isinstance(value, pd.Timestamp) else None


def _session_of(record: Given) -> str:
    return schema.id_text(record.get("sessionId")) or ""


def _detail(packed: bytes | None) -> dict[str, Record]:
    """What stands in the column: the record without its texts, and under which names those came."""
    found: dict[str, Record] = merging.loaded(merging.unpacked(packed)) if packed else {"record": {}, "names": {}}
    return found


def _loaded(rows: Iterable[str]) -> list[Record]:
    found: list[Record] = merging.loaded(f"[{','.join(rows)}]")
    return found
