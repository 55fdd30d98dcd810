"""Files of the archive on the disk: what a path leads to, which files lie beside it, and who may read them."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from hedy_jupyter.errors import ArchiveError

ANOTHER = "Name another file: HEDY_ARCHIVE or archive=."
ELSEWHERE = "Name another place for the archive: HEDY_ARCHIVE."
_SIDE_FILES = ("-wal", "-shm", "-journal", ".lock")
_LINKS_AT_MOST = 40  # the system follows no more of them either
_READABLE = ("", "-wal", "-journal")  # the others hold no text of a meeting
_OTHERS_READ = 0o044
_READ_ONLY = 0o400
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def look(path: Path) -> os.stat_result | None:
    """Return what the system says of the file that *path* leads to, or None where there is nothing.

    Raises:
        ArchiveError: it is no file (a folder, a device, a pipe), or the way to it cannot be followed.
    """
    try:
        info = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ArchiveError(f"The archive {path} cannot be opened: {error.strerror}.", advice=ANOTHER) from None
    except ValueError:
        raise ArchiveError(f"{str(path)!r} is not a path that a file can have.", advice=ANOTHER) from None
    if not stat.S_ISREG(info.st_mode):
        kind = _KINDS.get(stat.S_IFMT(info.st_mode), "not a file")
        raise ArchiveError(f"{path} is {kind}, not an archive; it was left as it is.", advice=ANOTHER)
    return info


def exists(path: Path) -> bool:
    """Return whether there is something at *path*; what cannot be looked at counts, so that opening it says why."""
    try:
        return look(path) is not None
    except ArchiveError:
        return True


def real(path: Path) -> Path:
    """Return *path* with all symbolic links followed: there SQLite keeps its other files, and a sync its lock."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # a null character: opening the path reports it
        return path


def links(path: Path) -> tuple[Path, ...]:
    """Return the symbolic links that lead from *path* to the file, in order; empty where *path* is the file itself."""
    found: list[Path] = []
    while path.is_symlink() and len(found) < _LINKS_AT_MOST:
        found.append(path)
        path = path.parent / path.readlink()
    return tuple(found)


def broken_link(path: Path) -> Path | None:
    """Return the symbolic link in *path* whose folder is missing, for example on a disk that is not connected."""
    if path.is_symlink() and not real(path).parent.exists():
        return path
    return next((folder for folder in path.parents if folder.is_symlink() and not folder.exists()), None)


def beside(path: Path) -> list[Path]:
    """Return the file at *path* and those that SQLite and a sync keep beside it, as far as they are there.

    The file itself first.
    """
    return [file for file in (path, *(Path(f"{path}{end}") for end in _SIDE_FILES)) if file.exists()]


def make_folder(folder: Path) -> None:
    """Create *folder* and what is missing above it, for the user only.

    Raises:
        OSError: it cannot be created.
    """
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def protect(path: Path) -> bool:
    """Take the permissions of other users from the archive at *path* and from the files beside it.

    Returns:
        Whether others can still read it: the file is another user's, or the file system has no such permissions.
    """
    left = {end: protect_file(f"{path}{end}") for end in ("", *_SIDE_FILES)}
    return any(left[end] & _OTHERS_READ for end in _READABLE)


def protect_file(path: Path | str) -> int:
    """Take other users' permissions from the file at *path*, if the user owns it, and return those that are left."""
    if os.name != "posix":
        return 0
    try:
        info = os.lstat(path)
        mode = stat.S_IMODE(info.st_mode)
        wanted = _READ_ONLY if mode & 0o600 == _READ_ONLY else 0o600  # who made it read-only meant that
        if not stat.S_ISREG(info.st_mode) or mode == wanted:
            return 0
        if sys.platform != "win32" and info.st_uid == os.geteuid():  # again, because type checkers know sys.platform
            with suppress(OSError):
                Path(path).chmod(wanted)
        return stat.S_IMODE(os.lstat(path).st_mode)
    except OSError:
        return 0  # it is not there, or SQLite has removed it in between
