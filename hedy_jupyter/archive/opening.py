"""Opens the archive file: makes a new one that only its owner may read, and refuses what is not an archive, untouched."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from hedy_jupyter.archive import schema
from hedy_jupyter.errors import ArchiveError

T = TypeVar("T")
_MAGIC = b"SQLite format 3\x00"
_HEADER_LENGTH = 100
_BUSY_S = 0.5  # SQLite's own wait cannot be interrupted, so it is short, and ours goes round it
_POLL_S = 0.02
_MAKE_IT = "%hedy sync, or hedy.archive.sync(), makes it."
_REASONS = {
    "SQLITE_FULL": ("the disk is full", "Make room, then try again; what was committed is kept."),
    "SQLITE_READONLY": ("it may only be read", "Look at the rights of the file and its folder."),
    "SQLITE_CANTOPEN": ("it cannot be opened", "Look at the rights of the file and its folder."),
    "SQLITE_BUSY": ("another program holds it", "Try again when that has ended."),
    "SQLITE_LOCKED": ("another program holds it", "Try again when that has ended."),
    "SQLITE_CORRUPT": ("it is damaged", "Move it away; %hedy sync makes a new one."),
    "SQLITE_NOTADB": ("it is damaged", "Move it away; %hedy sync makes a new one."),
    "SQLITE_IOERR": ("the disk cannot be read or written", "Look at the disk; what was committed is kept."),
}


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Make one clear line of what SQLite says about the file at *path*.

    Raises:
        ArchiveError: SQLite failed.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        what, advice = next((row for name, row in _REASONS.items() if code.startswith(name)), (str(error).rstrip("."), ""))
        raise ArchiveError(f"The archive {path} cannot be used: {what}.", advice=advice) from None


def connect(path: Path, *, create: bool, wait_s: float) -> tuple[sqlite3.Connection, bool]:
    """The open file at *path*, and whether it may be written.

    Raises:
        ArchiveError: it is not there (and *create* is false), is no archive, is damaged, or comes from a newer version.
    """
    size = _size(path)
    if not size:
        if not create:
            raise ArchiveError(f"There is no archive at {path} yet.", advice=_MAKE_IT)
        _make(path)
    else:
        _check(path)
    with told(path):
        connection, writable = patiently(lambda: _opened(path), wait_s)
        try:
            version = _version(connection)
            if version < len(schema.MIGRATIONS):
                if not writable:
                    raise ArchiveError(
                        f"The archive {path} was made by an older version of hedy_jupyter and may only be read.",
                        advice="Open it once where it may be written; that brings it up to date.",
                    )
                _migrate(connection, wait_s)
            if version > len(schema.MIGRATIONS):
                raise ArchiveError(
                    f"The archive {path} was made by a newer version of hedy_jupyter.", advice="pip install -U hedy-jupyter reads it."
                )
        except BaseException:
            connection.close()
            raise
    return connection, writable


def begin(connection: sqlite3.Connection, wait_s: float) -> None:
    """Begin to write; another writer is waited for, *wait_s* seconds at most."""
    patiently(lambda: connection.execute("BEGIN IMMEDIATE"), wait_s)


def patiently(act: Callable[[], T], wait_s: float, *, clock: Callable[[], float] = time.monotonic) -> T:
    """The result of *act*; who holds the file is waited for, in steps that an interrupt can end."""
    until = clock() + wait_s
    while True:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} or clock() > until:
                raise
            time.sleep(_POLL_S)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise ArchiveError(f"The archive {path} cannot be opened: {error.strerror}.") from None


def _make(path: Path) -> None:
    """An empty file that nobody else may read; SQLite gives what it puts beside it the same rights."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)  # an empty one that was there may have been everybody's
    except OSError as error:
        raise ArchiveError(
            f"The archive {path} cannot be made: {error.strerror}.", advice="Name another place for the archive: HEDY_ARCHIVE."
        ) from None


def _check(path: Path) -> None:
    """Refuse what is no archive before SQLite touches it: SQLite itself would mend or extend what it takes for its own."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_LENGTH)
    except OSError as error:
        raise ArchiveError(f"The archive {path} cannot be opened: {error.strerror}.") from None
    if header[:16] != _MAGIC or len(header) < _HEADER_LENGTH:
        raise ArchiveError(f"{path} is not an archive of Hedy, or is damaged; it was left as it is.", advice="Name another: HEDY_ARCHIVE.")
    if int.from_bytes(header[68:72], "big") != schema.APPLICATION_ID:
        raise ArchiveError(f"{path} belongs to another program; it was left as it is.", advice="Name another file: HEDY_ARCHIVE.")


def _opened(path: Path) -> tuple[sqlite3.Connection, bool]:
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    for query in ("mode=rw",) * writable + ("mode=ro", "immutable=1"):
        if query == "immutable=1":
            _refuse_unseen(path)
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(path.absolute()))}?{query}", uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            if query == "immutable=1" or error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
                raise
        except BaseException:
            connection.close()
            raise
        else:
            return connection, query == "mode=rw"
    raise AssertionError("the last way opens the file or raises")


def _refuse_unseen(path: Path) -> None:
    """Refuse to read past commits that still stand beside the file: ``immutable`` does not look there, and would show old meetings."""
    if _size(Path(f"{path.resolve()}-wal")):
        raise ArchiveError(
            f"The archive {path} has its latest changes in a file beside it, and may only be read.",
            advice="Open it once where it may be written; that brings them in.",
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection, wait_s: float) -> None:
    begin(connection, wait_s)
    try:
        schema.migrate(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def prepare(connection: sqlite3.Connection, *, writable: bool) -> None:
    """Set what SQLite forgets between two connections, and have readers and a writer not wait for each other (WAL)."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA mmap_size = 268435456")
    if not writable:
        return
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA journal_size_limit = 16777216")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:  # somebody reads the new file at this moment; the next opening sets it
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
