"""The archive file: what is put into it, in transactions, and what is read out of it.

Every put is committed whole or not at all, and the words that are searched change in the same transaction as the texts
they come from. A process that is killed loses no commit. ``synchronous=NORMAL`` may lose the last ones when the power
fails; the file stays whole, and the next sync asks again for what is missing.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.archive import database, encoding, files, fulltext, merge, typed_rows
from hedy_jupyter.archive.encoding import Given, Record
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.frames import build, durations
from hedy_jupyter.frames.durations import Facts, Votes
from hedy_jupyter.text.clean import without_surrogates

WAIT_S = 600.0
"""How long a write waits for another one; each is short, so this is never reached but by a program that hangs."""
_KEY = "key:"  # what the names of keys in the small facts begin with
_VOTES = 50  # sessions that tell an account's units of durations
_TOUCHED_AT_MOST = 200  # documents in memory during one transaction
_ID = {
    plural: kind.id_column for plural, kind in kinds.KINDS.items() if kind is not kinds.WEBHOOK
}  # webhooks are not archived
_OF_SESSION = frozenset({"todos", "highlights"})
_TIME = {"highlights": "timestamp", "topics": "updated_at", "contexts": "updated_at"}


class Run(NamedTuple):
    """One sync.

    Attributes:
        key: its number; a later sync has a larger one, whatever the clock says.
        since: the number of the sync that it goes on with, else its own. Details that came since then are not asked for
            again.
        resumed: whether it goes on with one that did not end.
    """

    key: int
    since: int
    resumed: bool


class Covered(NamedTuple):
    """One session that is in Hedy: its start, whether its details are held, and whether those have no text at all."""

    start: str | None
    held: bool
    without_text: bool


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
        exposed: whether other users can read it, and that could not be changed.
        connection: for what only reads.
        now: the clock. What it says is kept to be shown; it never decides which of two things came first.
        returned: how many sessions that were gone came back since the file was opened.
    """

    def __init__(self, path: Path, opened: database.Opened, *, wait_s: float, now: Callable[[], datetime]) -> None:
        self.path = path
        self.connection, self.writable, self.exposed = opened
        self.now = now
        self.returned = 0
        self._sequence: int | None = None
        self._wait_s = wait_s
        self._lock = threading.RLock()
        self._depth = 0
        self._touched: dict[int, dict[str, str] | None] = {}
        self._votes: Votes | None = None

    @classmethod
    def open(
        cls, path: Path, *, create: bool = False, wait_s: float = WAIT_S, now: Callable[[], datetime] | None = None
    ) -> Self:
        """The archive at *path*.

        Args:
            create: make one where there is none: only its owner may read it, and a folder that is made for it.
            wait_s: how long, in seconds, a write waits for that of another program.
            now: the clock, aware; by default the machine's.

        Raises:
            ArchiveError: it is not there, is no archive, is damaged, or comes from a newer version. The file stays as
                it is.
        """
        store = cls(path, database.connect(path, create=create, wait_s=wait_s), wait_s=wait_s, now=now or _utcnow)
        try:
            with database.sqlite_errors(path):
                database.prepare(store.connection, writable=store.writable)
            if store.writable and not store._is_indexed():
                with store.writing():
                    if not store._is_indexed():  # another program may have done it while this one waited
                        store.reindex()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self, wait_s: float | None = None) -> Iterator[None]:
        """One transaction; inside another one, a part of that. Another writer is waited for.

        Args:
            wait_s: how long; by default as long as ``open`` was told.

        Raises:
            ArchiveError: the file cannot be written; nothing of the transaction is in it.
        """
        with self._lock, database.sqlite_errors(self.path):
            if self._depth:
                yield
                return
            if not self.writable:
                raise ArchiveError(
                    f"The archive {self.path} may only be read.",
                    advice="Check the permissions of the file and its folder.",
                )
            self._depth = 1
            self._sequence = None
            try:
                database.begin(self.connection, self._wait_s if wait_s is None else wait_s)
                yield
                self._index()
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0
                self._votes = None
                self._touched.clear()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Whatever is read of the file here is told of in one line where it fails; other threads wait.

        Raises:
            ArchiveError: the file is damaged, or cannot be read.
        """
        with self._lock, database.sqlite_errors(self.path):
            yield

    # Whose it is, and small facts ---------------------------------------------

    def owner(self) -> tuple[str, str] | None:
        """Realm and id of the account that the file is of; None before the first sync.

        Raises:
            ArchiveError: the file is damaged.
        """
        with self.reading():
            realm, ident = self.noted("realm"), self.noted("account_id")
            if realm is None or ident is None:
                if realm is None and ident is None:
                    return None
                raise encoding.CorruptArchive
            return realm, ident

    def claim(self, realm: str, account_id: str, key: str | None = None) -> None:
        """Say whose meetings come in here.

        Args:
            key: the digest of a key of that account; who has the key may read the file from now on.

        Raises:
            ArchiveError: the file is of another account.
        """
        with self.writing():
            owner = self.owner()
            if owner is None:
                self.note("realm", realm)
                self.note("account_id", account_id)
            elif owner != (realm, account_id):
                raise ArchiveError(f"The archive {self.path} belongs to another account.", advice=files.ANOTHER)
            if key is not None and not self.opens(key):
                self.know(key)

    def know(self, key: str, *, wait_s: float | None = None) -> None:
        """Note that *key* is the digest of one of the owner's keys; *wait_s* as for ``writing``."""
        with self.writing(wait_s):
            self.note(_KEY + key, iso(self.now()))

    def opens(self, key: str) -> bool:
        """Return whether *key* is the digest of a key that is known to be one of the owner's."""
        return self.noted(_KEY + key) is not None

    def knows_keys(self) -> bool:
        """Return whether any key of the owner is known.

        An archive of an older version knows none before its next sync.
        """
        return self._one("SELECT name FROM meta WHERE name GLOB ? LIMIT 1", f"{_KEY}*") is not None

    def note(self, name: str, value: str | None) -> None:
        """Keep a small fact."""
        with self.writing():
            self.connection.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
            )

    def noted(self, name: str) -> str | None:
        """A small fact, or None."""
        row = self._one("SELECT value FROM meta WHERE name = ?", name)
        return row[0] if row else None

    # Syncs --------------------------------------------------------------------

    @property
    def sequence(self) -> int:
        """The number of the last sync that began; what is put now belongs to it."""
        if self._sequence is None:
            self._sequence = int(self._row("SELECT coalesce(max(key), 0) FROM runs")[0])
        return self._sequence

    def begin(self, *, full: bool = False, part: bool = False) -> Run:
        """Begin a sync; one that did not end is gone on with, if it asked for as much.

        Args:
            full: it asks for all details again.
            part: it asks for one session only: it goes on with nothing, and nothing goes on with it.
        """
        with self.writing():
            last = self._one(
                "SELECT key, since, full FROM runs WHERE finished_at IS NULL AND NOT part ORDER BY key DESC LIMIT 1"
            )
            resumed = not part and last is not None and bool(last[2]) >= full
            since = (last[1] or last[0]) if resumed else None
            added = self.connection.execute(
                "INSERT INTO runs (started_at, full, since, part) VALUES (?, ?, ?, ?)",
                (iso(self.now()), int(full or (resumed and last[2])), since, int(part)),
            )
            self._sequence = key = added.lastrowid or 0
            return Run(key, since or key, resumed)

    def finish(self, run: Run, *, requests: int) -> None:
        """Note that the sync *run* came to its end; if it was a whole one, so did those before it that never did."""
        now = iso(self.now())
        with self.writing():
            self.connection.execute(
                "UPDATE runs SET finished_at = ?, requests = ? WHERE key = ?", (now, requests, run.key)
            )
            self.connection.execute(
                """UPDATE runs SET finished_at = ? WHERE finished_at IS NULL AND NOT part AND key < ?
                   AND (SELECT NOT part FROM runs WHERE key = ?)""",
                (now, run.key, run.key),
            )

    def last_finished(self) -> datetime | None:
        """Return when the last whole sync ended."""
        with self.reading():
            row = self._one(
                "SELECT finished_at FROM runs WHERE finished_at IS NOT NULL AND NOT part ORDER BY key DESC LIMIT 1"
            )
            return typed_rows.moment(row[0]) if row else None

    def total(self) -> int | None:
        """Return how many sessions Hedy said that there are at the last sync; None where it named no number."""
        with self.reading():
            total = self.noted("sessions_total")
            return typed_rows.number(total) if total else None

    def tally(self, run: Run) -> tuple[int, int]:
        """How many sessions are new since *run*, or the one that it goes on with, began, and how many of the others changed."""
        return (
            self._row(
                "SELECT count(*) FROM sessions WHERE first_run >= ? AND (listing IS NOT NULL OR detail IS NOT NULL)",
                run.since,
            )[0],
            self._row("SELECT count(*) FROM sessions WHERE changed_run >= ? AND first_run < ?", run.since, run.since)[
                0
            ],
        )

    # Puts ---------------------------------------------------------------------

    def put_sessions(self, records: Iterable[Given]) -> None:
        """Take in what a list says of sessions."""
        with self.writing():
            for record in records:
                ident = kinds.identity("sessions", record)
                if ident is not None:
                    self._put_listing(ident, record)

    def name_session(self, session_id: str) -> None:
        """Take in a session that only a todo or a highlight names.

        One that is gone stays gone: only Hedy says that it is back.
        """
        with self.writing():
            key = self._named(without_surrogates(session_id), back=False)
            self.connection.execute("UPDATE sessions SET seen_run = ? WHERE key = ?", (self.sequence, key))

    def put_detail(self, session_id: str, record: Given, *, unlisted: bool = False) -> bool:
        """Take in the full record of a session, its highlights and todos too.

        Whether a text of it is new or another one.

        Args:
            session_id: the session that was asked for.
            record: what came.
            unlisted: it was asked for because no list named it.
        """
        session_id, now, run = without_surrogates(session_id), iso(self.now()), self.sequence
        with self.writing():
            key = self._named(session_id)
            row = self._mapped(
                "SELECT title, start_time, detail, listing, listed, listed_run, text_at FROM sessions WHERE key = ?",
                key,
            )
            held = _detail(row["detail"])
            rest, found, names = merge.split_texts(record)
            rest = merge.merge(merge.without(held["record"], found), rest)
            known = self._texts(key)
            changed = {field: text for field, text in found.items() if known.get(field) != text}
            for field in known.keys() - found.keys():
                names[field] = held["names"].get(field, field)
            shown = self._facts(row, rest, detail_is_newer=run > row["listed_run"])
            if changed or shown["title"] != row["title"]:
                self._touch(key)
                self.connection.execute("UPDATE sessions SET changed_run = ? WHERE key = ?", (run, key))
            self._put_title(key, row["title"], shown["title"])
            for field, text in changed.items():
                self._put_text(key, field, text)
            values = {
                "title": shown["title"],
                "start_time": _time(shown["start_time"]),
                "topic_id": shown["topic_id"],
                "detail": encoding.packed(json.dumps({"record": rest, "names": names})),
                "detail_at": now,
                "detail_run": run,
                "basis": row["listed"],
                **merge.flags({**known, **found}),
                "text_at": now if changed or not row["text_at"] else row["text_at"],
                "refused": 0,
                "asked_at": None,
                "tried_at": None,
            }
            self._update("sessions", key, values | {"unlisted_run": run} if unlisted else values)
            place = {"sessionId": session_id}
            self.put_highlights(({**one, **place} for one in merge.embedded(record, "highlight_count")), listed=False)
            self._put(
                "todos", ({**one, **place} for one in merge.embedded(record, "todo_count")), whole=False, listed=False
            )
            return bool(changed)

    def put_todos(self, records: Iterable[Given]) -> None:
        """Take in a list of todos; one that was open and is done gets ``completed_at``."""
        self._put("todos", records)

    def put_highlights(self, records: Iterable[Given], *, listed: bool = True) -> None:
        """Take in highlights, whole or as their list shows them; *listed* says that they come from that list."""
        self._put("highlights", records, whole=False, listed=listed)

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
                self._gone(kind, f"{_ID[kind]} = ?", ident)

    def gone_unless_seen(self, kind: str, run: Run) -> None:
        """Note that what lists named before and the sync *run* did not see is no longer in Hedy."""
        with self.writing():
            self._gone(kind, f"seen_run < ?{_was_listed(kind)}", run.key)

    def _gone(self, kind: str, which: str, value: object) -> None:
        where = f"WHERE gone_at IS NULL AND {which}"
        if kind in _OF_SESSION:
            for (session_id,) in self._all(f"SELECT DISTINCT session_id FROM {kind} {where}", (value,)):  # noqa: S608  all of it is ours
                self._touch_session(session_id)
        self.connection.execute(f"UPDATE {kind} SET gone_at = ? {where}", (iso(self.now()), value))  # noqa: S608

    def listed_count(self, kind: str) -> int:
        """How many of *kind* a list has named that are not gone."""
        return int(self._row(f"SELECT count(*) FROM {kind} WHERE gone_at IS NULL{_was_listed(kind)}")[0])  # noqa: S608

    def gone_ids(self, kind: str) -> list[str]:
        """What is held and gone."""
        rows = self._all(f"SELECT {_ID[kind]} FROM {kind} WHERE gone_at IS NOT NULL ORDER BY key")  # noqa: S608
        return [ident for (ident,) in rows]

    def lost(self, kind: str, run: Run, ids: Iterable[str] | None = None) -> tuple[tuple[int, int], ...]:
        """How many of *ids* (None: of what *run* did not see) are not gone yet, of how many: of all, then of what was held before *run*.

        A session that is only named by a todo or highlight is not held.
        """
        held = f"FROM {kind} WHERE gone_at IS NULL" + " AND (listing IS NOT NULL OR detail IS NOT NULL)" * (
            kind == "sessions"
        )
        counts = "SELECT count(*), count(CASE WHEN first_run < ? THEN 1 END)"
        if ids is None:
            rows = [self._row(f"{counts} {held} AND seen_run < ?{_was_listed(kind)}", run.key, run.key)]
        else:
            rows = [self._row(f"{counts} {held} AND {_ID[kind]} = ?", run.key, ident) for ident in set(ids)]
        return tuple(zip(map(sum, zip(*rows, strict=True)), self._row(f"{counts} {held}", run.key), strict=False))

    def refused(self, session_id: str, *, unlisted: bool = False) -> None:
        """Note that Hedy has answered for a session, and not with its details: it is asked for again later, not at every sync."""
        now = iso(self.now())
        with self.writing():
            self.connection.execute(
                """UPDATE sessions SET refused = 1, asked_at = ?, tried_at = NULL, basis = listed, text_at = coalesce(text_at, ?),
                   unlisted_run = CASE WHEN ? THEN ? ELSE unlisted_run END WHERE session_id = ?""",
                (now, now, unlisted, self.sequence, session_id),
            )

    def failed(self, session_id: str) -> None:
        """Note that the server failed on a session: others go first next time."""
        with self.writing():
            self.connection.execute(
                "UPDATE sessions SET tried_at = ? WHERE session_id = ?", (iso(self.now()), session_id)
            )

    def unseen(self, kind: str, run: Run, *, news: bool = False) -> list[str]:
        """What is held, is not gone, and was not seen in the sync *run*.

        With *news* only what a list named since Hedy last gave it.
        """
        since = {"sessions": " AND seen_run > unlisted_run", "highlights": " AND listed_run >= seen_run"}
        found = f"SELECT {_ID[kind]} FROM {kind} WHERE gone_at IS NULL AND seen_run < ?"  # noqa: S608
        rows = self._all(f"{found}{since[kind] if news else ''} ORDER BY key", (run.key,))
        return [ident for (ident,) in rows]

    def reindex(self) -> None:
        """Make the words again from the texts."""
        with self.writing():
            fulltext.drop(self.connection)
            fulltext.create(self.connection)
            self.connection.execute("UPDATE sessions SET indexed = 0")
            for (key,) in self._all("SELECT key FROM sessions"):
                self._touch(key)
            self.note("index_version", str(fulltext.VERSION))

    def repair_index(self) -> bool:
        """Make the words again from the texts, unless those or the file itself are damaged.

        Return whether it was done.
        """
        if self.writable:
            with suppress(ArchiveError), self.writing():
                faults = [str(fault) for (fault,) in self.connection.execute("PRAGMA quick_check")]
                if faults == ["ok"] or all(
                    "words" in fault for fault in faults
                ):  # else pages of others might be freed with the index
                    self.reindex()
                    return True
        return False

    def prepare_search(self) -> None:
        """Make the words in memory if the file is read-only and has those of another version: about 5 ms a session.

        Raises:
            ArchiveError: the file is damaged, or cannot be read.
        """
        with self.reading():
            if (
                self.writable
                or self._is_indexed()
                or self._one("SELECT 1 FROM temp.sqlite_master WHERE name = 'words'")
            ):
                return
            self.connection.execute("PRAGMA temp_store = MEMORY")
            self.connection.execute("BEGIN")
            try:
                fulltext.create(self.connection, database="temp")
                for (key,) in self._all("SELECT key FROM sessions"):
                    fulltext.replace(self.connection, key, None, self.document(key))
                self.connection.execute("COMMIT")
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise

    def _put_listing(self, ident: str, record: Given) -> None:
        key, run = self._named(ident), self.sequence
        title, start, held, listed, listed_run, detail_run = self._row(
            "SELECT title, start_time, listing, listed, listed_run, detail_run FROM sessions WHERE key = ?", key
        )
        listing = merge.relisted(encoding.loaded(held), record) if held else record
        values: dict[str, Any] = {"seen_run": run, "listed_run": run}
        text = encoding.dumped(listing)
        if text != held or detail_run > listed_run:
            shown = build.values("sessions", listing)
            values |= {
                "title": shown["title"] or title,
                "start_time": _time(shown["start_time"]) or start,
                "topic_id": shown["topic_id"],
                "listing": text,
                "listed": merge.listing_fingerprint(listing),
            }
            if held and (values["title"] != title or values["listed"] != listed):
                values["changed_run"] = run
            if values["title"] != title:
                self._touch(key)
                self._put_title(key, title, values["title"])
        self._update("sessions", key, values)

    def _facts(self, row: dict[str, Any], rest: Record, *, detail_is_newer: bool) -> dict[str, object]:
        """What is shown of the session in *row* whose details without texts are *rest*."""
        listing = encoding.loaded(row["listing"]) if row["listing"] else None
        told = build.values("sessions", rest)
        if listing is None:
            return told
        shown = build.values("sessions", merge.short(listing, rest, detail_is_newer=detail_is_newer))
        return shown | {name: shown[name] or told[name] for name in ("title", "start_time")}

    def _named(self, session_id: str, *, back: bool = True) -> int:
        """The row of a session, which is made where there is none; with *back* it is no longer gone."""
        now = iso(self.now())
        row = self._one("SELECT key, gone_at FROM sessions WHERE session_id = ?", session_id)
        if row:
            key, gone_at = row
            values = {"seen_at": now, "gone_at": None if back else gone_at}
            if back and gone_at is not None:
                self.returned += 1
                values |= {"refused": 0, "basis": None}  # its details may be others now
            self._update("sessions", key, values)
            return int(key)
        query = "INSERT INTO sessions (session_id, first_seen_at, seen_at, first_run) VALUES (?, ?, ?, ?)"
        added = self.connection.execute(query, (session_id, now, now, self.sequence))
        self._touch(added.lastrowid or 0)  # todos and highlights of it may have come before it
        return added.lastrowid or 0

    def _update(self, table: str, key: int, values: Mapping[str, object]) -> None:
        changes = ", ".join(f"{name} = ?" for name in values)
        self.connection.execute(f"UPDATE {table} SET {changes} WHERE key = ?", (*values.values(), key))  # noqa: S608  the names are ours

    def _put(self, kind: str, records: Iterable[Given], *, whole: bool = True, listed: bool = True) -> None:
        if kind in _OF_SESSION:  # those of one session in a row: its words are then made once
            records = sorted(records, key=_session_of)
        with self.writing():
            for record in records:
                ident = kinds.identity(kind, record)
                if ident is not None:
                    self._put_one(kind, ident, record, whole=whole, listed=listed)

    def _put_one(self, kind: str, ident: str, record: Given, *, whole: bool, listed: bool) -> None:
        now = iso(self.now())
        held = self._held(kind, ident, _session_of(record))
        old: Record = encoding.loaded(held["record"]) if held else {}
        if (
            kind in _OF_SESSION and _session_of(old) and not _session_of(record)
        ):  # an id that cannot be read says nothing
            record = {name: value for name, value in record.items() if name != "sessionId"}
        merged = merge.merge(old, record, whole=whole)
        values: dict[str, Any] = {_ID[kind]: ident, "record": encoding.dumped(merged), "seen_at": now, "gone_at": None}
        values["seen_run"] = self.sequence
        if kind == "topics":
            values["name"] = build.values(kind, merged)["name"]
        if kind in _TIME:
            values["time"] = _time(build.values(kind, merged)[_TIME[kind]])
        if kind == "todos":
            values["completed_at"] = merge.completion(old, merged, held.get("completed_at"), now)
        if kind in _OF_SESSION:
            values |= {"listed_run": self.sequence} if listed else {} if held else {"listed_run": -1}
            values["session_id"] = _session_of(merged)
            if merged != old or held.get("gone_at"):
                for session_id in dict.fromkeys((values["session_id"], held.get("session_id"))):
                    self._touch_session(session_id)
        if held:
            self._update(kind, held["key"], values)
        else:
            values |= {"first_seen_at": now, "first_run": self.sequence}
            names, marks = ", ".join(values), ", ".join("?" * len(values))
            self.connection.execute(f"INSERT INTO {kind} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608

    def _held(self, kind: str, ident: str, session_id: str) -> dict[str, Any]:
        """The row that a record with this id is about; empty where it is new.

        A todo is one of its session: the same id in two sessions is two. Where it comes without its session, or came so
        before, the one row that it can be is it.
        """
        if kind != "todos":
            of = ", session_id" if kind in _OF_SESSION else ""
            return self._mapped(f"SELECT key, record, gone_at{of} FROM {kind} WHERE {_ID[kind]} = ?", ident)  # noqa: S608  ours
        exact = "SELECT key, record, gone_at, session_id, completed_at FROM todos WHERE todo_id = ? AND session_id = ?"
        if session_id:
            return self._mapped(exact, ident, session_id) or self._mapped(exact, ident, "")
        rows = self._all("SELECT session_id FROM todos WHERE todo_id = ?", (ident,))
        return self._mapped(exact, ident, rows[0][0] if len(rows) == 1 else "")

    def _put_title(self, key: int, old: str | None, new: object) -> None:
        """Keep the title that is replaced; the one of today stands with the session."""
        if old and new and old != new:
            seen_at, seen_run = self._title_since(key)
            self.connection.execute(
                """INSERT INTO texts (session_key, field, body, first_seen_at, first_run, replaced_at, replaced_run)
                   VALUES (?, 'title', ?, ?, ?, ?, ?)""",
                (key, encoding.packed(old), seen_at, seen_run, iso(self.now()), self.sequence),
            )

    def _title_since(self, key: int) -> tuple[str, int]:
        """When, and in which sync, the title of today was first seen: when the one before it was replaced, if there is one."""
        last = "SELECT replaced_at, replaced_run FROM texts WHERE session_key = ? AND field = 'title' ORDER BY key DESC LIMIT 1"
        found: tuple[str, int] = self._one(last, key) or self._row(
            "SELECT first_seen_at, first_run FROM sessions WHERE key = ?", key
        )
        return found

    def _put_text(self, key: int, field: str, text: str) -> None:
        now, run = iso(self.now()), self.sequence
        self.connection.execute(
            "UPDATE texts SET replaced_at = ?, replaced_run = ? WHERE session_key = ? AND field = ? AND replaced_at IS NULL",
            (now, run, key, field),
        )
        self.connection.execute(
            "INSERT INTO texts (session_key, field, body, first_seen_at, first_run) VALUES (?, ?, ?, ?, ?)",
            (key, field, encoding.packed(text), now, run),
        )

    # The words ----------------------------------------------------------------

    def _is_indexed(self) -> bool:
        return self.noted("index_version") == str(fulltext.VERSION)

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
                fulltext.replace(self.connection, key, old, new)
                self.connection.execute("UPDATE sessions SET indexed = 1 WHERE key = ?", (key,))
        self._touched.clear()

    def document(self, key: int) -> dict[str, str]:
        """The texts of a session that are searched, by field."""
        title, session_id = self._row("SELECT title, session_id FROM sessions WHERE key = ?", key)
        return fulltext.document(
            title, self._texts(key), self.of_session("highlights", session_id), self.of_session("todos", session_id)
        )

    def of_session(self, kind: str, session_id: str) -> list[Record]:
        """The highlights or todos of a session that are not gone, in the order in which they came."""
        query = f"SELECT record FROM {kind} WHERE session_id = ? AND gone_at IS NULL ORDER BY key"  # noqa: S608
        rows = self._all(query, (session_id,))
        with self.reading():
            return encoding.loaded_all([record for (record,) in rows])

    def packed(self, key: int, field: str) -> bytes | None:
        """A text of today of a session, compressed; None where it has none."""
        row = self._one(
            "SELECT body FROM texts WHERE session_key = ? AND field = ? AND replaced_at IS NULL", key, field
        )
        return row[0] if row else None

    def _texts(self, key: int) -> dict[str, str]:
        with self._lock, database.sqlite_errors(self.path):
            rows = self.connection.execute(
                "SELECT field, body FROM texts WHERE session_key = ? AND replaced_at IS NULL", (key,)
            )
            return {field: encoding.unpacked(body) for field, body in typed_rows.rows(rows)}

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

        The ``duration`` of sessions is in minutes, whatever unit it came in.

        Args:
            texts: sessions with their details.
            gone: also what is no longer in Hedy.
            since: sessions that start then or later.
            until: sessions that start before.
            topic_id: sessions of this topic.
            limit: at most so many.
        """
        bounds = {
            "since": since and iso(since),
            "until": until and iso(until),
            "topic": topic_id,
            "limit": -1 if limit is None else limit,
        }
        if kind == "sessions":
            where = f"""FROM sessions WHERE (:since IS NULL OR start_time >= :since) AND (:until IS NULL OR start_time < :until)
                AND (:topic IS NULL OR topic_id = :topic) {"" if gone else "AND gone_at IS NULL"}
                ORDER BY start_time IS NULL, start_time DESC, key LIMIT :limit"""
            with self.reading():
                names, votes = self._topic_names(), self.duration_votes()
                newer = "detail_run > listed_run"
                if texts:
                    rows = self._all(f"SELECT key, session_id, listing, detail, {newer} {where}", bounds)
                    return [merge.with_topic_name(self._session(votes, *row), names) for row in rows]
                short = f"SELECT key, session_id, listing, CASE WHEN listing IS NULL OR {newer} THEN detail END AS detail, {newer} {where}"
                rows = self._all(short, bounds)
                listed = iter(encoding.loaded_all([listing for _, _, listing, *_ in rows if listing]))
                records = [
                    self._short(votes, key, ident, next(listed) if listing else None, detail, is_newer)
                    for key, ident, listing, detail, is_newer in rows
                ]
                return [merge.with_topic_name(record, names) for record in records]
        order = {
            "todos": "LEFT JOIN sessions AS s USING (session_id) {} ORDER BY s.start_time IS NULL, s.start_time DESC, t.key",
        }.get(kind, "{} ORDER BY t.time IS NULL, t.time DESC, t.key")
        query = (
            f"SELECT t.record FROM {kind} AS t {order.format('' if gone else 'WHERE t.gone_at IS NULL')} LIMIT :limit"  # noqa: S608
        )
        names = self._topic_names() if kind == "todos" else {}
        with self.reading():
            found = encoding.loaded_all([record for (record,) in self._all(query, {"limit": bounds["limit"]})])
            return [merge.with_topic_name(record, names) for record in found] if names else found

    def without_details(self) -> set[str]:
        """Return the ids of the sessions whose details were never fetched."""
        return {ident for (ident,) in self._all("SELECT session_id FROM sessions WHERE detail IS NULL")}

    def duration_votes(self) -> Votes:
        """Return what the newest details that are held, and the lists of the same sessions, say of the units of durations.

        Raises:
            ArchiveError: the file is damaged, or cannot be read.
        """
        order = "WHERE detail IS NOT NULL ORDER BY start_time IS NULL, start_time DESC, key"
        with self.reading():
            if self._votes is None or self._depth:
                keys = [key for (key,) in self._all(f"SELECT key FROM sessions {order}")]  # noqa: S608  all of it is ours
                self._votes = durations.count(durations.newest(map(self._duration_facts, keys), _VOTES))
            return self._votes

    def _duration_facts(self, key: int) -> Facts:
        listing, detail = self._row("SELECT listing, detail FROM sessions WHERE key = ?", key)
        return Facts.of(encoding.loaded(listing) if listing else None, _detail(detail)["record"])

    def record(self, kind: str, ident: str) -> Record | None:
        """Return one record, whole; None where it is not held."""
        with self.reading():
            names = self._topic_names() if kind in {"sessions", "todos"} else {}
            if kind == "sessions":
                query = "SELECT key, session_id, listing, detail, detail_run > listed_run FROM sessions WHERE session_id = ?"
                row = self._one(query, without_surrogates(ident))
                return merge.with_topic_name(self._session(self.duration_votes(), *row), names) if row else None
            row = self._one(f"SELECT record FROM {kind} WHERE {_ID[kind]} = ?", without_surrogates(ident))  # noqa: S608
            return merge.with_topic_name(encoding.loaded(*row), names) if row else None

    def _session(
        self, votes: Votes, key: int, ident: str, listing: str | None, detail: bytes | None, detail_is_newer: int
    ) -> Record:
        held = _detail(detail)
        shown: Record = encoding.loaded(listing) if listing else {}
        full = merge.join_texts(held["record"], self._texts(key), held["names"])
        shown, full = _in_minutes(votes, shown, full)
        if not listing:
            return full if detail else {"sessionId": ident}
        return merge.session(shown, full, detail_is_newer=bool(detail_is_newer)) if detail else shown

    def _short(
        self, votes: Votes, key: int, ident: str, listing: Record | None, detail: bytes | None, detail_is_newer: int
    ) -> Record:
        if listing is not None and Facts.of(listing, None).listed is None:  # the details may tell it
            detail = self._row("SELECT detail FROM sessions WHERE key = ?", key)[0]
        shown, newest = _in_minutes(votes, listing or {}, _detail(detail)["record"])
        if listing is None:
            return newest if detail else {"sessionId": ident}
        return merge.short(shown, newest, detail_is_newer=bool(detail_is_newer))

    def _topic_names(self) -> dict[str, str]:
        """Id → name of the topics that are in Hedy, as their list last said it."""
        return dict(self._all("SELECT topic_id, name FROM topics WHERE gone_at IS NULL AND name != ''"))

    def times(self, kind: str) -> dict[str, dict[str, str | None]]:
        """Id → ``first_seen_at``, ``gone_at`` and, for todos, ``completed_at``."""
        done = ", completed_at" if kind == "todos" else ""
        names = ("first_seen_at", "gone_at", "completed_at")
        rows = self._all(f"SELECT {_ID[kind]}, first_seen_at, gone_at{done} FROM {kind}")  # noqa: S608
        return {ident: dict(zip(names, times, strict=False)) for ident, *times in rows}

    def history(self, session_id: str) -> list[tuple[str, str, str, str | None]]:
        """Every version of the texts of a session, the newest first: field, text, when first seen, when replaced (None: today's)."""
        row = self._one("SELECT key, title FROM sessions WHERE session_id = ?", session_id)
        if row is None:
            return []
        key, title = row
        rows = self._all(
            "SELECT field, body, first_seen_at, replaced_at, first_run FROM texts WHERE session_key = ? ORDER BY key",
            (key,),
        )
        with self.reading():
            versions = [
                (field, encoding.unpacked(body), seen, replaced, run) for field, body, seen, replaced, run in rows
            ]
        if title:
            seen, run = self._title_since(key)
            versions.append(("title", title, seen, None, run))
        versions.sort(key=lambda version: (version[4], version[2], version[3] or "~"), reverse=True)
        return [version[:4] for version in versions]

    def counts(self) -> dict[str, int]:
        """How many are held that are in Hedy: of each kind, and of sessions those with their details and those that are gone."""
        found = {kind: self._row(f"SELECT count(*) FROM {kind} WHERE gone_at IS NULL")[0] for kind in _ID}  # noqa: S608
        details = self._row("SELECT count(*) FROM sessions WHERE gone_at IS NULL AND detail IS NOT NULL")[0]
        return {
            **found,
            "with_details": details,
            "gone": self._row("SELECT count(*) FROM sessions WHERE gone_at IS NOT NULL")[0],
        }

    def covered(self) -> list[Covered]:
        """Every session that is in Hedy, as far as the API named it."""
        rows = self._all(
            "SELECT start_time, detail IS NOT NULL, detail IS NOT NULL AND NOT has_text FROM sessions WHERE gone_at IS NULL"
        )
        return [Covered(start, bool(held), bool(bare)) for start, held, bare in rows]

    # SQL ----------------------------------------------------------------------

    def _all(self, query: str, values: Any = ()) -> list[Any]:
        with self._lock, database.sqlite_errors(self.path):
            return typed_rows.rows(self.connection.execute(query, values))

    def _one(self, query: str, *values: object) -> Any:
        rows = self._all(query, values)
        return rows[0] if rows else None

    def _mapped(self, query: str, *values: object) -> dict[str, Any]:
        """The row by the names of its columns; empty where there is none."""
        with self.reading():
            cursor = self.connection.execute(query, values)
            names = [name for name, *_ in cursor.description]
            return next((dict(zip(names, row, strict=True)) for row in typed_rows.rows(cursor)), {})

    def _row(self, query: str, *values: object) -> Any:
        """The row that is there for certain, unless the file is damaged."""
        with self.reading():
            row = self._one(query, *values)
            if row is None:
                raise encoding.CorruptArchive
            return row


def _was_listed(kind: str) -> str:
    return " AND listed_run >= 0" * (kind == "todos")


def _time(value: object) -> str | None:
    return iso(value.to_pydatetime()) if isinstance(value, pd.Timestamp) else None


def _session_of(record: Given) -> str:
    return kinds.id_of(record.get("sessionId")) or ""


def _in_minutes(votes: Votes, listing: Given, detail: Given) -> tuple[Record, Record]:
    """Return *listing* and *detail* of one session, each with its duration in minutes."""
    facts = Facts.of(listing, detail)
    shown = durations.with_minutes(listing, durations.listed_min(facts, votes))
    full = (
        durations.with_minutes(detail, durations.detailed_min(facts, votes)) if facts.detailed is not None else detail
    )
    return dict(shown), dict(full)


def _detail(packed: bytes | None) -> dict[str, Record]:
    """What stands in the column: the record without its texts, and under which names those came.

    Raises:
        CorruptArchive: the file is.
    """
    if not packed:
        return {"record": {}, "names": {}}
    found = encoding.loaded(encoding.unpacked(packed))
    record, names = found.get("record"), found.get("names")
    if (
        not isinstance(record, dict)
        or not isinstance(names, dict)
        or not all(isinstance(name, str) for name in names.values())
    ):
        raise encoding.CorruptArchive
    return {"record": record, "names": names}
