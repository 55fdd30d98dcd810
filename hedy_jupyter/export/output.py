"""Output: write a document to a file, or return it as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from hedy_jupyter import files
from hedy_jupyter.display.copyable_text import Document
from hedy_jupyter.errors import ServerError, UsageError
from hedy_jupyter.frames.plain_rows import failed, incomplete
from hedy_jupyter.text.clean import without_surrogates
from hedy_jupyter.text.phrasing import counted


def given(text: str, path: str | Path | None) -> Document:
    """Return *text*, and write it to *path* where one is given."""
    if path is not None:
        save(text, path)
    return Document(text)


def save_document(text: str, path: str | Path, df: pd.DataFrame) -> Path:
    """Write *text*, a document about the rows of *df*, to *path*, but not over a file that may hold more.

    Raises:
        ServerError: as for ``refuse_less``.
        UsageError: as for ``save``.
    """
    refuse_less(path, df)
    return save(text, path)


def refuse_less(path: str | Path, df: pd.DataFrame) -> None:
    """Raise if the file at *path* may hold more about the rows of *df* than *df* does.

    Raises:
        ServerError: details of *df* are missing, or a list could not be read, and the file exists; it is left as it is.
    """
    if (lists := failed(df)) and file_of(path).exists():
        raise ServerError(
            f"Lists that lead to meetings could not be read: {', '.join(lists)}; {path} was left as it is.",
            advice="Run it again in a moment, or name a new file.",
        )
    missing = len(incomplete(df))
    if missing and file_of(path).exists():
        raise ServerError(
            f"The details of {counted(missing, 'meeting')} could not be fetched; {path} was left as it is.",
            advice="Run it again in a moment, or name a new file.",
        )


def save(text: str, path: str | Path) -> Path:
    """Write *text* to *path* as UTF-8, in place of an older file; line ends stay as they are.

    Raises:
        UsageError: as for ``save_with``.
    """
    return save_pieces([text], path)


def save_pieces(pieces: Iterable[str], path: str | Path) -> Path:
    """Write *pieces* of a text to *path* as they come, as ``save`` does; an error among them leaves the old file.

    Raises:
        UsageError: as for ``save_with``.
    """

    def write(file: BinaryIO) -> None:
        for piece in pieces:
            with _refused(path):
                file.write(without_surrogates(piece).encode())

    return save_with(write, path)


def save_with(write: Callable[[BinaryIO], object], path: str | Path) -> Path:
    """Write to *path* what *write* writes to the file that it gets, in place of an older file.

    The write is atomic: an interruption or an error leaves the old file or the new one. A leading ``~`` is the home
    folder. A link is replaced, and what it leads to stays.

    Raises:
        UsageError: the path is a folder or a device, its folder does not exist, or it cannot be written.
    """
    with ExitStack() as stack:
        with _refused(path):
            target = file_of(path)
            file = stack.enter_context(files.replacing(target))
        write(file)
        with _refused(path):
            stack.close()
    return target


def _refused(path: str | Path) -> AbstractContextManager[None]:
    return files.os_errors(f"{path} cannot be written", advice="Name a file in a folder that exists.")


def file_of(path: str | Path) -> Path:
    """Return *path* as the path of a file.

    Raises:
        UsageError: it names no file, or a folder or device.
    """
    target = files.path_of(path)
    if not str(path).strip() or target.name in {"", ".."}:
        raise UsageError(f"{str(path)!r} names no file.", advice='Name the file to write: "meetings.md".')
    if str(path).endswith(("/", "\\")) or target.is_dir():
        raise UsageError(f"{target} is a folder.", advice="Name a file in it.")
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is no file.", advice="Name a file: a device would be replaced by one.")
    return target
