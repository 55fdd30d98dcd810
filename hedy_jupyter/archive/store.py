"""``Store``: one open archive file, with its connection, its transactions and the index of its words.

Every put is committed whole or not at all, and the words that are searched change in the same transaction as the texts
they come from. A process that is killed loses no commit. ``synchronous=NORMAL`` may lose the last ones when the power
fails; the file stays whole, and the next sync asks again for what is missing.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from hedy_jupyter.archive import database
from hedy_jupyter.archive.search_index import SearchIndex
from hedy_jupyter.archive.session_texts import Stamp
from hedy_jupyter.archive.typed_rows import iso, note, noted, select_required
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.frames.durations import Votes

WAIT_S = 600.0
"""How long a write waits for another one; each is short, so only a program that hangs makes it last so long."""


def utc_now() -> datetime:
    """Return the time of the machine's clock."""
    return datetime.now(UTC)


class Store:
    """One open archive file; may be used from several threads. What goes in and out is in ``ingest`` and ``queries``.

    Attributes:
        path: the file.
        writable: whether it may be written; every put raises ArchiveError where not.
        exposed: whether other users can read it, and that could not be changed.
        connection: the connection to the file; its users hold ``reading()`` or ``writing()``.
        index: the words that are searched.
        now: the clock. What it says is kept to be shown; it never decides which of two things came first.
        returned: how many sessions that were gone came back since the file was opened.
        votes: what ``queries.duration_votes`` found; None after a write.
    """

    def __init__(self, path: Path, opened: database.Opened, *, wait_s: float, now: Callable[[], datetime]) -> None:
        self.path = path
        self.connection, self.writable, self.exposed = opened
        self.index = SearchIndex(self.connection)
        self.now = now
        self.returned = 0
        self.votes: Votes | None = None
        self._sequence: int | None = None
        self._wait_s = wait_s
        self._lock = threading.RLock()
        self._in_transaction = False

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = False,
        wait_s: float = WAIT_S,
        now: Callable[[], datetime] = utc_now,
        before_indexing: Callable[[int], None] | None = lambda _: None,
    ) -> Self:
        """Open the archive at *path*.

        Args:
            path: the file.
            create: make a new file where none exists; only its owner may read it and the folder made for it.
            wait_s: how long, in seconds, a write waits for that of another program.
            now: the clock, aware; by default the machine's.
            before_indexing: called with the number of sessions before the words of an older version are made again;
                None leaves them, for a store that neither searches nor writes sessions.

        Raises:
            ArchiveError: it is not there, is no archive, is damaged, or comes from a newer version. The file stays as
                it is.
        """
        store = cls(path, database.connect(path, create=create, wait_s=wait_s), wait_s=wait_s, now=now)
        try:
            with store.reading() as connection:
                database.prepare(connection, writable=store.writable)
                is_current = store.index.is_current
            if store.writable and not is_current and before_indexing is not None:
                with store.writing() as connection:
                    if not store.index.is_current:  # another program may have done it while this one waited
                        before_indexing(select_required(connection, "SELECT count(*) FROM sessions")[0])
                        store.index.rebuild()
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
    def writing(self, wait_s: float | None = None) -> Iterator[sqlite3.Connection]:
        """Hold one transaction; inside another one, this is a part of that. Another writer is waited for.

        Args:
            wait_s: how long, in seconds; by default as long as ``open`` was given.

        Raises:
            ArchiveError: the file cannot be written; nothing of the transaction is in it.
        """
        with self.reading() as connection:
            if self._in_transaction:
                yield connection
                return
            if not self.writable:
                raise ArchiveError(
                    f"The archive {self.path} may only be read.",
                    advice="Check the permissions of the file and its folder.",
                )
            self._in_transaction, self._sequence, self.votes = True, None, None
            try:
                with database.transaction(connection, self._wait_s if wait_s is None else wait_s):
                    yield connection
                    self.index.update()
            finally:
                self._in_transaction, self.votes = False, None
                self.index.forget()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Hold the connection while it is read; other threads wait, and SQLite's errors become one clear line.

        Raises:
            ArchiveError: the file is damaged, or cannot be read.
        """
        with self._lock, database.sqlite_errors(self.path):
            yield self.connection

    @property
    def sequence(self) -> int:
        """The number of the last sync that began; what is put now belongs to it."""
        if self._sequence is None:
            with self.reading() as connection:
                self._sequence = int(select_required(connection, "SELECT coalesce(max(key), 0) FROM runs")[0])
        return self._sequence

    @sequence.setter
    def sequence(self, key: int) -> None:
        self._sequence = key

    @property
    def stamp(self) -> Stamp:
        """The time and the sync of what is put now."""
        return Stamp(iso(self.now()), self.sequence)

    def noted(self, name: str) -> str | None:
        """Return a small fact, or None."""
        with self.reading() as connection:
            return noted(connection, name)

    def note(self, name: str, value: str | None) -> None:
        """Keep a small fact."""
        with self.writing() as connection:
            note(connection, name, value)

    def repair_index(self) -> bool:
        """Make the words again from the texts, unless those or the file itself are damaged.

        Returns:
            Whether it was done.
        """
        if self.writable:
            with suppress(ArchiveError), self.writing():
                if self.index.is_repairable():
                    self.index.rebuild()
                    return True
        return False
