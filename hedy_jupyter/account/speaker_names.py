"""Names of speakers: "Speaker 1" → "Ada", kept in a small file beside the archive and never sent.

::

    {"all": {"Speaker 1": "Ada"}, "sessions": {"sess_…": {"Speaker 1": "Ben"}}}
"""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedy_jupyter.analysis.transcripts import NO_NAMES, SpeakerNames
from hedy_jupyter.errors import ArchiveError, HedyError, UsageError
from hedy_jupyter.files import os_errors, put
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.text.clean import one_line

if TYPE_CHECKING:
    from hedy_jupyter.account.read_methods import ReadMethods

_SUFFIX = ".speakers.json"
_LONGEST = 100  # characters of a name
_ALL, _SESSIONS = "all", "sessions"


def read(hedy: ReadMethods) -> SpeakerNames:
    """Return the names that were given to speakers; none where there is no file. Makes no request.

    Raises:
        ArchiveError: the file cannot be read, or is not one of ours.
    """
    archive = hedy.archive.quiet.known_path
    return NO_NAMES if archive is None else _read(_beside(archive))


def read_quietly(hedy: ReadMethods) -> SpeakerNames:
    """Return the same, and none where the file cannot be read: commands about speakers report that."""
    try:
        return read(hedy)
    except HedyError:
        return NO_NAMES


def rename(hedy: ReadMethods, label: str, name: str | None, session_id: str | None) -> pd.DataFrame:
    """Keep *name* for *label* in one session, or in all; None takes an earlier one back.

    Returns:
        All names that are kept: ``speaker name session_id`` (missing for a name in all sessions).

    Raises:
        UsageError: *label* or *name* is empty or too long.
        ArchiveError: the file cannot be read or written.
    """
    label = _checked(label, "The label of a speaker")
    name = None if name is None else _checked(name, "The name of a speaker")
    path = _beside(hedy.archive.path)
    names = {ident: dict(table) for ident, table in _read(path).items()}
    table = names.setdefault(session_id or "", {})
    if name is None or (name == label and not (session_id and label in names.get("", {}))):
        table.pop(label, None)
    else:  # in one session the label itself may be the name, where all others have another one
        table[label] = name
    _write(path, names)
    return as_frame(names)


def as_frame(names: SpeakerNames) -> pd.DataFrame:
    """Return *names* as ``speaker name session_id``, those for all sessions first."""
    rows = [(label, name, ident or None) for ident, table in sorted(names.items()) for label, name in table.items()]
    return pd.DataFrame(rows, columns=["speaker", "name", "session_id"], dtype=DTYPES["text"])


def _beside(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}{_SUFFIX}")


def _checked(text: str, what: str) -> str:
    found = one_line(text) if isinstance(text, str) else ""
    if not found or len(found) > _LONGEST:
        raise UsageError(f"{what} cannot be {text!r}.", advice=f"Give 1 to {_LONGEST} characters.")
    return found


def _read(path: Path) -> SpeakerNames:
    advice = "Repair the file or delete it; it holds only the names that you gave to speakers."
    try:
        with os_errors(f"The names of speakers in {path} cannot be read", advice=advice, error=ArchiveError):
            found = json.loads(path.read_text(encoding="utf-8"))
    except ArchiveError as error:
        if isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
            return NO_NAMES
        raise
    everywhere = found.get(_ALL, {}) if isinstance(found, dict) else None
    sessions = found.get(_SESSIONS, {}) if isinstance(found, dict) else None
    tables: dict[str, Any] = {"": everywhere, **sessions} if isinstance(sessions, dict) else {"": None}
    if not all(
        isinstance(table, dict) and all(isinstance(name, str) for name in table.values()) for table in tables.values()
    ):
        raise ArchiveError(f"The names of speakers in {path} are not in the form of such a file.", advice=advice)
    return MappingProxyType(tables)


def _write(path: Path, names: SpeakerNames) -> None:
    sessions = {ident: table for ident, table in names.items() if ident and table}
    text = json.dumps({_ALL: names.get("", {}), _SESSIONS: sessions}, ensure_ascii=False, indent=1)
    with os_errors(f"The names of speakers cannot be written to {path}", error=ArchiveError):
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True)
        put(path, f"{text}\n".encode(), mode=0o600)
