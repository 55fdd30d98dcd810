"""What overwrites what when a record comes again. Pure functions on JSON objects."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from hedy_jupyter.tables import schema

Record = dict[str, Any]
Given = Mapping[str, Any]

TEXT_FIELDS = ("recap", "meeting_minutes", "transcript", "cleaned_transcript", "conversations", "session_notes")
"""The long texts of a session, by the columns of its frame."""

_TOPIC = frozenset({"topic", "topicInfo", "topicId", "topicName"})
_KEYS: Mapping[str, tuple[str, ...]] = {
    column.name: tuple(path[0] for path in column.paths) for column in schema.TABLES["sessions_detailed"] if column.name in TEXT_FIELDS
}


def dumped(value: object) -> str:
    """*value* as JSON that every SQLite tool can show; lone surrogates, which UTF-8 has no bytes for, make it plain ASCII."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def packed(text: str) -> bytes:
    """*text* compressed: half as large at little cost."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpacked(body: bytes) -> str:
    """The text behind ``packed``."""
    return zlib.decompress(body).decode("utf-8", "surrogatepass")


def newer(old: Record, new: Given, *, whole: bool = True) -> Record:
    """*new* over *old*: what is null or empty in *new* does not overwrite.

    The topic is the exception where *new* is *whole*: a record without one has none any more.
    """
    kept = {name: value for name, value in old.items() if not (whole and name in _TOPIC)}
    return kept | {name: value for name, value in new.items() if value not in (None, "") or kept.get(name) in (None, "")}


def parted(record: Given) -> tuple[Record, dict[str, str], dict[str, str]]:
    """*record* without its long texts, those texts by field, and for each field the name that the API gave it."""
    rest, found, names = dict(record), dict[str, str](), dict[str, str]()
    for field, keys in _KEYS.items():
        for key in keys:
            value = rest.get(key)
            if isinstance(value, str) and value:
                found[field], names[field] = value, key
                rest[key] = None
                break
    return rest, found, names


def whole(rest: Record, found: Mapping[str, str], names: Mapping[str, str]) -> Record:
    """The record behind ``parted``."""
    return rest | {names.get(field, field): text for field, text in found.items()}


def listed(listing: Given) -> str:
    """What a list says that tells whether the details may have changed: title, topic, duration."""
    topic = next((value for name in ("topic", "topicInfo") if isinstance(value := listing.get(name), dict)), {})
    return dumped([listing.get("title"), topic.get("id", listing.get("topicId")), listing.get("duration")])


def objects(value: object) -> Iterable[Record]:
    """The JSON objects in the list *value*; nothing of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
