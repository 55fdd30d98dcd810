"""Files: the path that a user names, an atomic write, and errors of the file system in one line."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from hedy_jupyter.errors import HedyError, UsageError

RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, with any suffix."""
ON_WINDOWS = sys.platform == "win32"
_REFUSED_BY_WINDOWS = re.compile(r'[<>:"|?*\x00-\x1f]')


def path_of(path: str | Path) -> Path:
    """Return *path* with the home folder in place of a leading ``~``; the ``~`` of an unknown user stays as it is.

    Raises:
        UsageError: no file can have this path.
    """
    try:  # checked here because Python's words for it differ between versions
        why = "embedded null character in the path" if b"\0" in os.fsencode(path) else ""
    except UnicodeEncodeError:
        why = "a character of the path cannot be encoded"
    if ON_WINDOWS and not why:
        why = refused_by_windows(str(path))
    if why:
        raise UsageError(f"{str(path)!r} cannot be written: {why}.", advice="Use a name without it.")
    try:
        return Path(path).expanduser()
    except RuntimeError:  # the home folder of a user that this machine does not have
        return Path(path)


def refused_by_windows(path: str) -> str:
    """Return why Windows takes *path* for a device or a stream, or refuses it; empty where it is the path of a file."""
    pure = PureWindowsPath(path)
    for name in pure.parts[bool(pure.anchor) :]:
        if RESERVED.match(name):
            return f"Windows keeps the name {name!r} for a device"
        if refused := _REFUSED_BY_WINDOWS.search(name):
            return f"Windows does not allow {refused[0]!r} in a name"
    return ""


@contextmanager
def os_errors(what: str, *, advice: str = "", error: type[HedyError] = UsageError) -> Iterator[None]:
    """Raise *error* in one line where the file system refuses: ``meetings.md cannot be written: Permission denied.``

    Args:
        what: what could not be done, with the path.
        advice: the next step.
        error: the class that is raised.
    """
    try:
        yield
    except (OSError, ValueError) as refused:  # ValueError: a path that cannot be encoded
        raise error(f"{what}: {getattr(refused, 'strerror', None) or refused}.", advice=advice) from refused


def put(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write *data* to *path* atomically, as ``replacing`` does."""
    with replacing(path, mode=mode) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """Yield a file beside *path*, to write to, that replaces it at the end.

    An interruption or an error leaves the old file, or none.

    Args:
        path: the file to write.
        mode: the permissions of the file; else those of the one that it replaces, or the user's usual ones.
    """
    spare = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        spare.touch(0o666 if mode is None else mode, exist_ok=False)
        with spare.open("r+b") as file:
            yield file
        if mode is None and path.exists():
            shutil.copymode(path, spare)
        spare.replace(path)
    finally:
        spare.unlink(missing_ok=True)
