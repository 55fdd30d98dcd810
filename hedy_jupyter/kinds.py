"""The kinds of things that an account holds: their names, the column of their id, and the JSON fields of id and title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hedy_jupyter.text.clean import without_surrogates

_NUMBER_LIMIT = 2**64  # no counter of ids is larger; NaN and infinity are beyond it too


@dataclass(frozen=True)
class Kind:
    """One kind of thing.

    Attributes:
        name: the singular, as in messages: ``session``.
        plural: as the frames, commands and tables of the archive are called: ``sessions``.
        label: the JSON field of the title or name that people call it by.
        id_keys: the JSON fields that may hold its id, best first.
    """

    name: str
    plural: str
    label: str
    id_keys: tuple[str, ...]

    @property
    def id_column(self) -> str:
        """The column of its id in frames and in the archive: ``session_id``."""
        return f"{self.name}_id"

    def identity(self, record: Mapping[str, object]) -> str | None:
        """Return the id of *record*, or None where it has none; an empty or blank id is none."""
        return next((ident for key in self.id_keys if (ident := id_of(record.get(key)))), None)


SESSION = Kind("session", "sessions", "title", ("sessionId", "id"))
HIGHLIGHT = Kind("highlight", "highlights", "title", ("highlightId", "id"))
TODO = Kind("todo", "todos", "text", ("id", "todoId"))
TOPIC = Kind("topic", "topics", "name", ("id", "topicId"))
CONTEXT = Kind("context", "contexts", "title", ("id", "contextId"))
WEBHOOK = Kind("webhook", "webhooks", "url", ("id", "webhookId"))

KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.plural: kind for kind in (SESSION, HIGHLIGHT, TODO, TOPIC, CONTEXT, WEBHOOK)}
)
"""Plural → kind."""
ID_COLUMN = re.compile(r"(?:(?P<kind>.+)_)?ids?(?:_\w)?")
"""The name of a column of ids; a merge of frames adds _x and _y."""


def identity(plural: str, record: Mapping[str, object]) -> str | None:
    """Return the id of *record*, one of the kind that is called *plural*, or None where it has none.

    An empty or blank id is none.

    Nothing can be asked for or merged by such an id.
    """
    return KINDS[plural].identity(record)


def id_of(value: object) -> str | None:
    """Return the id that the JSON *value* is, as text; an empty or blank one is None."""
    text = id_text(value)
    return text if text and not text.isspace() else None


def id_text(value: object) -> str | None:
    """Return an id as text: text stays, a number becomes text, anything else is None."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _NUMBER_LIMIT:
        return None
    return str(int(value)) if value == int(value) else str(value)
