"""The kinds of records that an account has: their names, id columns, and the JSON fields of id and title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeGuard

from hedy_jupyter.text import clean

_NUMBER_LIMIT = 2**64  # no counter of ids is larger; NaN and infinity are beyond it too

_PART = 1000
"""How many records are looked at together; more do not stay in the cache of the processor."""


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    Attributes:
        name: the singular, as in messages: ``session``.
        plural: as the frames, commands and tables of the archive are called: ``sessions``.
        label: the JSON field of the title or name that people call it by.
        id_keys: the JSON fields that may hold its id, best first.
        follows_sessions: whether a choice of sessions chooses among these too; the others belong to no session.
        is_archived: whether the archive holds them.
    """

    name: str
    plural: str
    label: str
    id_keys: tuple[str, ...]
    follows_sessions: bool = True
    is_archived: bool = True

    @property
    def id_column(self) -> str:
        """The column of its id in frames and in the archive: ``session_id``."""
        return f"{self.name}_id"

    def identity(self, record: Mapping[str, object]) -> str | None:
        """Return the id of *record*, or None where it has none, or an empty or blank one."""
        return next((ident for key in self.id_keys if (ident := id_of(record.get(key)))), None)

    def identities(self, records: Sequence[Mapping[str, object]]) -> list[str | None]:
        """Return the ``identity`` of each of *records*; much faster than one by one where all have ordinary ids."""
        found = list[str | None]()
        for start in range(0, len(records), _PART):
            part = records[start : start + _PART]
            first = [record.get(self.id_keys[0]) for record in part]
            found += map(self.identity, part) if None in first or not are_ids(first) else first
        return found


SESSION = Kind("session", "sessions", "title", ("sessionId", "id"))
HIGHLIGHT = Kind("highlight", "highlights", "title", ("highlightId", "id"))
TODO = Kind("todo", "todos", "text", ("id", "todoId"))
TOPIC = Kind("topic", "topics", "name", ("id", "topicId"))
CONTEXT = Kind("context", "contexts", "title", ("id", "contextId"), follows_sessions=False)
WEBHOOK = Kind("webhook", "webhooks", "url", ("id", "webhookId"), follows_sessions=False, is_archived=False)

_ALL = (SESSION, HIGHLIGHT, TODO, TOPIC, CONTEXT, WEBHOOK)
KINDS: Mapping[str, Kind] = MappingProxyType({kind.plural: kind for kind in _ALL})
"""Plural → kind."""
ID_COLUMN = re.compile(r"(?:(?P<kind>.+)_)?ids?(?:_\w)?")
"""The name of a column of ids; a merge of frames adds _x and _y."""
BY_NAME: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _ALL})
"""Singular → kind."""
TOPIC_FIELDS = ("topic", "topicInfo")
"""The JSON fields that may hold the topic of a session or a todo, best first."""


def topic_in(record: Mapping[str, object]) -> Mapping[str, object]:
    """Return the topic inside *record*, a session or a todo, under either name of the API; empty where it has none."""
    found = (record.get(name) for name in TOPIC_FIELDS)
    return next((topic for topic in found if topic and isinstance(topic, Mapping)), {})


def identity(plural: str, record: Mapping[str, object]) -> str | None:
    """Return the id of *record*, one of the kind called *plural*; None where it has none, or an empty or blank one.

    A record without an id can be neither asked for nor merged.
    """
    return KINDS[plural].identity(record)


def are_ids(values: Sequence[object]) -> TypeGuard[list[str | None]]:
    """Return whether each of *values* is missing or text that ``id_of`` returns as it is."""
    return clean.are_texts(values) and "" not in values and not any(map(str.isspace, filter(None, values)))


def id_of(value: object) -> str | None:
    """Return *value*, an id in JSON, as text; None where it is empty or blank."""
    text = id_text(value)
    return text if text and not text.isspace() else None


def id_text(value: object) -> str | None:
    """Return an id as text: text stays, a number becomes text, anything else is None."""
    if isinstance(value, str):
        return clean.without_surrogates(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _NUMBER_LIMIT:
        return None
    return str(int(value)) if value == int(value) else str(value)
