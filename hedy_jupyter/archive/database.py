"""Connect to the database file of the archive: create it for its owner only, refuse what is no archive."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from hedy_jupyter.archive import files, migrations
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.files import os_errors

T = TypeVar("T")
_MAGIC = b"SQLite format 3\x00"
_HEADER_LENGTH = 100
_BUSY_S = 0.5  # SQLite's own wait cannot be interrupted, so it is short, and ours goes round it
_POLL_S = 0.02
_MAKE_IT = "Run %hedy sync, or hedy.archive.sync(), to create it."
_MOVE_IT = "Move it away; %hedy sync makes a new one."
_DAMAGED = ("it is damaged", _MOVE_IT)
_REASONS = {
    "SQLITE_FULL": ("the disk is full", "Make room, then try again; what was committed is kept."),
    "SQLITE_READONLY": ("it may only be read", "Check the permissions of the file and its folder."),
    "SQLITE_CANTOPEN": ("it cannot be opened", "Check the permissions of the file and its folder."),
    "SQLITE_BUSY": ("another program holds it", "Try again when that has ended."),
    "SQLITE_LOCKED": ("another program holds it", "Try again when that has ended."),
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_IOERR": ("the disk cannot be read or written", "Check the disk; what was committed is kept."),
}


class Opened(NamedTuple):
    """An open file.

    Attributes:
        writable: whether it may be written.
        exposed: whether other users can read it.
    """

    connection: sqlite3.Connection
    writable: bool
    exposed: bool


class _InUse:
    """The files that this process has open in SQLite.

    When a process closes a file that it had opened beside SQLite, the system drops the locks that SQLite holds on it.
    Another program then takes itself for the last one, removes the write-ahead log under the open connection, and what
    is committed after that is lost. So a file is looked into only while no connection of this process has it open.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._files: Counter[tuple[int, int]] = Counter()

    def add(self, path: Path, check: Callable[[], None]) -> tuple[int, int]:
        """Note that the file at *path* is opened, after a *check* if it is not open yet; return its identity."""
        with self.lock:
            if not self._files[_identity(path)]:
                check()
            identity = _identity(path)
            self._files[identity] += 1
            return identity

    def remove(self, identity: tuple[int, int]) -> None:
        """Note that one connection to the file is closed."""
        with self.lock:
            self._files[identity] -= 1
            self._files += Counter()  # keeps only what is open


_IN_USE = _InUse()


class _Connection(sqlite3.Connection):
    """A connection that counts as one to its file until it is closed."""

    identity: tuple[int, int] | None = None

    def close(self) -> None:
        super().close()
        identity, self.identity = self.identity, None
        if identity is not None:
            _IN_USE.remove(identity)


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file at *path* into one clear line.

    Raises:
        ArchiveError: SQLite failed.
    """
    try:
        yield
    except sqlite3.Error as error:
        what, advice = _reason(error)
        raise ArchiveError(f"The archive {path} cannot be used: {what}.", advice=advice) from None
    except UnicodeDecodeError:  # a name or a message that SQLite took from the file
        raise ArchiveError(f"The archive {path} cannot be used: {_DAMAGED[0]}.", advice=_DAMAGED[1]) from None


def _reason(error: sqlite3.Error) -> tuple[str, str]:
    """Return what *error* means, and what to do."""
    code, text = getattr(error, "sqlite_errorname", "") or "", str(error).rstrip(".")
    if not code and text.startswith("Could not decode"):  # the rest of it is what could not be read
        return _DAMAGED
    if code == "SQLITE_ERROR":  # the statements are ours, so the tables are not
        return text, f"It is damaged, or another program has changed it. {_MOVE_IT}"
    return next((row for name, row in _REASONS.items() if code.startswith(name)), (text, ""))


def connect(path: Path, *, create: bool, wait_s: float) -> Opened:
    """Open the file at *path*; first take the permissions to it, and to the files beside it, from other users.

    Raises:
        ArchiveError: it is not there (and *create* is false), is no archive, is damaged, or comes from a newer version.
    """
    if not holds_anything(path) and not create:
        raise ArchiveError(f"There is no archive at {_with_target(path)} yet.", advice=_MAKE_IT)
    file = files.real(path)
    identity = _IN_USE.add(file, lambda: _check(path) if not create or holds_anything(path) else _make(path))
    connection: _Connection | None = None
    try:
        exposed = files.protect(file)
        with sqlite_errors(path):
            connection, writable = retry_while_busy(lambda: _opened(path, file), wait_s)
            connection.identity = identity
            _bring_up_to_date(path, connection, writable=writable, wait_s=wait_s)
        return Opened(connection, writable, files.protect(file) or exposed)
    except BaseException:
        if connection is None:
            _IN_USE.remove(identity)
        else:
            connection.close()
        raise


def _bring_up_to_date(path: Path, connection: sqlite3.Connection, *, writable: bool, wait_s: float) -> None:
    made = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if made and connection.execute("PRAGMA application_id").fetchone()[0] != migrations.APPLICATION_ID:
        raise _foreign(path)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < len(migrations.MIGRATIONS):
        if not writable:
            raise ArchiveError(
                f"The archive {path} was made by an older version of hedy_jupyter and may only be read.",
                advice="Open it once where it may be written; that brings it up to date.",
            )
        with transaction(connection, wait_s):
            migrations.migrate(connection)
    if version > len(migrations.MIGRATIONS):
        raise ArchiveError(
            f"The archive {path} was made by a newer version of hedy_jupyter.",
            advice="Install that version here too, or name another file in HEDY_ARCHIVE.",
        )


def begin(connection: sqlite3.Connection, wait_s: float) -> None:
    """Begin to write; another writer is waited for, *wait_s* seconds at most."""
    retry_while_busy(lambda: connection.execute("BEGIN IMMEDIATE"), wait_s)


@contextmanager
def transaction(connection: sqlite3.Connection, wait_s: float) -> Iterator[None]:
    """Write everything that the body of the ``with`` writes, or nothing; *wait_s* as for ``begin``."""
    try:
        begin(connection, wait_s)
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def retry_while_busy(act: Callable[[], T], wait_s: float, *, clock: Callable[[], float] = time.monotonic) -> T:
    """Return the result of *act*; while another program holds the file, wait in steps that an interrupt can end."""
    until = clock() + wait_s
    while True:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} or clock() > until:
                raise
            time.sleep(_POLL_S)


def holds_anything(path: Path) -> bool:
    """Return whether there is a file at *path* that is not empty.

    Raises:
        ArchiveError: what is there is no file, or cannot be looked at.
    """
    info = files.look(path)
    return info is not None and info.st_size > 0


def _identity(path: Path) -> tuple[int, int]:
    try:
        info = path.stat()
    except OSError:
        return (0, 0)
    return info.st_dev, info.st_ino


def _with_target(path: Path) -> str:
    """Return *path*, and where it leads to if it is a symbolic link."""
    return f"{path} (a symbolic link to {files.real(path)})" if path.is_symlink() else str(path)


def _make(path: Path) -> None:
    """Create an empty file that only its owner may read; SQLite gives the files beside it the same permissions."""
    file = files.real(path)
    with os_errors(f"The archive {_with_target(path)} cannot be created", advice=files.ELSEWHERE, error=ArchiveError):
        if not path.is_symlink():  # a link that leads nowhere may lead to a disk that is not there today
            files.make_folder(file.parent)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        file.chmod(0o600)  # an empty one that was there may have been everybody's


def _check(path: Path) -> None:
    """Refuse what is no archive before SQLite opens it, because SQLite would repair or extend it."""
    with os_errors(f"The archive {path} cannot be opened", error=ArchiveError), path.open("rb") as file:
        header = file.read(_HEADER_LENGTH)
    if header[:16] != _MAGIC or len(header) < _HEADER_LENGTH:
        raise ArchiveError(
            f"{path} is not an archive of Hedy, or is damaged; it was left as it is.",
            advice="Name another: HEDY_ARCHIVE.",
        )
    if int.from_bytes(header[68:72], "big") != migrations.APPLICATION_ID:
        raise _foreign(path)


def _foreign(path: Path) -> ArchiveError:
    return ArchiveError(
        f"{path} belongs to another program; it was left as it is.", advice="Name another file: HEDY_ARCHIVE."
    )


def _opened(path: Path, file: Path) -> tuple[_Connection, bool]:
    writable = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    for query in ("mode=rw",) * writable + ("mode=ro", "immutable=1"):
        if query == "immutable=1":
            _refuse_unseen(path)
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(file))}?{query}",
            uri=True,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            if query == "immutable=1" or error.sqlite_errorcode & 0xFF not in {
                sqlite3.SQLITE_CANTOPEN,
                sqlite3.SQLITE_READONLY,
            }:
                raise
        except BaseException:
            connection.close()
            raise
        else:
            return connection, query == "mode=rw"
    raise AssertionError("the last way opens the file or raises")


def _refuse_unseen(path: Path) -> None:
    """Refuse a file with commits in a write-ahead log beside it: ``immutable`` would not read those."""
    if holds_anything(Path(f"{files.real(path)}-wal")):
        raise ArchiveError(
            f"The archive {path} has its latest changes in a file beside it, and may only be read.",
            advice="Open it once where it may be written; that brings them in.",
        )


def prepare(connection: sqlite3.Connection, *, writable: bool) -> None:
    """Set what each connection needs, and write-ahead logging: readers and a writer do not wait for each other."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA mmap_size = 268435456")
    if not writable:
        return
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA journal_size_limit = 16777216")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except (
            sqlite3.OperationalError
        ) as error:  # another program reads the new file at this moment; the next opening sets it
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
