"""Encode JSON objects and texts for the archive file, and decode them again; damage raises ``CorruptArchive``."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from hedy_jupyter.text import json_decoder

Record = dict[str, Any]
Given = Mapping[str, Any]
_OBJECTS = frozenset({dict})


class CorruptArchive(sqlite3.DatabaseError):
    """A value in the file is not as it was written; SQLite itself does not notice this kind of damage."""

    sqlite_errorname = "SQLITE_CORRUPT"

    def __init__(self) -> None:
        super().__init__("it is damaged")


def dumped(value: object) -> str:
    """Return *value* as JSON that every SQLite tool can show.

    Lone surrogates, which UTF-8 has no bytes for, make it plain ASCII.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def packed(text: str) -> bytes:
    """Return *text* compressed: half as large at little cost."""
    return packed_bytes(text.encode("utf-8", "surrogatepass"))


def packed_bytes(body: bytes) -> bytes:
    """Return *body* compressed."""
    return zlib.compress(body, 1)


def unpacked_bytes(body: bytes) -> bytes:
    """Return the bytes that ``packed_bytes`` compressed.

    Raises:
        CorruptArchive: the file is damaged.
    """
    try:
        return zlib.decompress(body)
    except (zlib.error, TypeError):
        raise CorruptArchive from None


def unpacked(body: bytes) -> str:
    """Return the text that ``packed`` compressed.

    Raises:
        CorruptArchive: the file is damaged.
    """
    try:
        return unpacked_bytes(body).decode("utf-8", "surrogatepass")
    except ValueError:
        raise CorruptArchive from None


def loaded(text: str) -> Record:
    """Return the JSON object in *text*.

    Raises:
        CorruptArchive: the file is damaged.
    """
    return loaded_all([text])[0]


def loaded_all(rows: Sequence[str]) -> list[Record]:
    """Return the JSON objects in *rows*, one in each; parsed together, which is much faster.

    Raises:
        CorruptArchive: the file is damaged.
    """
    try:
        found: Any = json_decoder.decode(f"[{','.join(rows)}]")
    except (ValueError, TypeError, RecursionError):
        raise CorruptArchive from None
    if len(found) != len(rows) or not _OBJECTS.issuperset(map(type, found)):
        raise CorruptArchive
    return list(found)
