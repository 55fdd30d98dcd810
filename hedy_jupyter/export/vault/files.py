"""Files of a vault: find the notes in a folder, and write each of them atomically. Nothing outside is changed."""

from __future__ import annotations

import hashlib
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from hedy_jupyter.errors import UsageError
from hedy_jupyter.export.vault import filenames, front_matter
from hedy_jupyter.files import os_errors, path_of, put
from hedy_jupyter.text.fold import path_key

_BYTES = ("utf-8", "surrogateescape")  # bytes that are no UTF-8 come back as they were
_AFTER_A_REFUSAL = "Notes written before it are whole; fix this or choose another folder, and write again."


@dataclass(frozen=True, slots=True)
class Found:
    """One of our notes in the folder, without its text: all texts of a vault together are large.

    Attributes:
        path: from the folder, with slashes.
        digest: of its text.
        front: its front matter.
        is_whole: whether it has our marks.
    """

    path: str
    digest: bytes
    front: front_matter.NoteFile
    is_whole: bool


def opened(folder: str | Path) -> Path:
    """Return *folder* with its links followed, and create it where it does not exist.

    Raises:
        UsageError: no folder is named, or it cannot be created.
    """
    if not str(folder).strip():
        raise UsageError("No folder is named.", advice='Name the one that the notes are for: "vault".')
    root = path_of(folder)
    with _os_errors(root):
        if root.exists() and not root.is_dir():
            raise UsageError(f"{root} is a file, not a folder.", advice="Choose another name for the folder.")
        root.mkdir(parents=True, exist_ok=True)
        return root.resolve()


def scan(root: Path) -> tuple[list[Found], set[str]]:
    """Return our notes below *root*, and the ``path_key`` of every path there.

    Hidden folders, such as a trash, and links are not followed.
    """
    found: list[Found] = []
    names: set[str] = set()
    for folder, inner, files in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        place = Path(folder).relative_to(root)
        names |= {path_key((place / name).as_posix()) for name in (*inner, *files)}
        readable = (
            name for name in sorted(files) if name.lower().endswith(filenames.ENDING) and not name.startswith(".")
        )
        found += filter(None, (_found(root, (place / name).as_posix()) for name in readable))
    return found, names


def _found(root: Path, path: str) -> Found | None:
    source = _source(root / path)
    text = front_matter.read(source) if source else None
    if source is None or text is None:
        return None
    return Found(path, _digest(source), text.without_texts, text.ours is not None)


def _source(file: Path) -> str | None:
    """Return the text of *file* where it begins with front matter; None also where it cannot be read."""
    try:
        if file.is_symlink() or not file.is_file():
            return None
        with file.open("rb") as opened_file:
            start = opened_file.read(len(b"\xef\xbb\xbf---"))
            return (start + opened_file.read()).decode(*_BYTES) if b"---" in start else None
    except OSError:
        return None  # what cannot be read is not written either


def _digest(source: str) -> bytes:
    return hashlib.blake2b(source.encode(*_BYTES), digest_size=16).digest()


def reread(root: Path, path: str, found: Found) -> tuple[str, front_matter.NoteFile] | None:
    """Return the text of the note *found*, which is at *path* now, and its parts; None where it has changed."""
    source = _source(root / path)
    text = front_matter.read(source) if source and _digest(source) == found.digest else None
    return None if source is None or text is None else (source, text)


def is_free(root: Path, path: str) -> bool:
    """Return whether nothing has the name *path*, not even a broken link."""
    with _os_errors(root / path):
        return not os.path.lexists(root / path)


def check_inside(root: Path, path: str) -> None:
    """Raise ``UsageError`` if *path* is outside *root* when all links are followed.

    Raises:
        UsageError: a link leads out of *root*.
    """
    parent = (root / path).parent
    with _os_errors(parent):
        if parent.resolve().is_relative_to(root):
            return
    raise UsageError(
        f"{parent} leads out of the folder {root}; nothing was written.",
        advice="Remove that link, or choose the folder that it leads to.",
    )


def create(root: Path, path: str, text: str) -> None:
    """Write the new file *path*.

    Raises:
        UsageError: the file system refuses.
    """
    with _os_errors(root / path):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        put(root / path, text.encode(*_BYTES))


def update(root: Path, path: str, text: str, *, old: str) -> bool:
    """Write *text* over the file *path*, unless its text is no longer *old*; return whether it was written.

    Raises:
        UsageError: the file system refuses.
    """
    with _os_errors(root / path):
        if (root / path).read_bytes() != old.encode(*_BYTES):
            return False
        put(root / path, text.encode(*_BYTES))
        return True


def move(root: Path, path: str, new_path: str) -> None:
    """Rename a file to an unused name.

    Raises:
        UsageError: the file system refuses.
    """
    with _os_errors(root / new_path):
        (root / new_path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).rename(root / new_path)


def _os_errors(path: Path) -> AbstractContextManager[None]:
    return os_errors(f"{path} cannot be written", advice=_AFTER_A_REFUSAL)
