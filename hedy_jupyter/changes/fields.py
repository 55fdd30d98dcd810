"""Fields and events of a write: names, lengths and forms that the API takes, checked before anything is sent.

Lengths are counted in code points. If the API counts otherwise it says so itself, and nothing is lost; a stricter count
here would refuse what the API takes.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hedy_jupyter.changes import colors
from hedy_jupyter.errors import UsageError
from hedy_jupyter.text.api_keys import looks_like_key
from hedy_jupyter.text.clean import has_surrogates
from hedy_jupyter.text.suggestions import did_you_mean

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "description": "description",
        "color": "color",
        "icon_name": "iconName",
        "topic_context": "topicContext",
        "title": "title",
        "content": "content",
        "is_default": "isDefault",
    }
)
"""Our names of fields → the API's."""


@dataclass(frozen=True)
class Field:
    """One field of a topic or context.

    Attributes:
        name: in snake case.
        label: as the forms call it.
        least, most: how many characters it may have; *most* 0 is no limit.
        flag: it is true or false, not text.
        clearable: None clears it.
    """

    name: str
    label: str
    least: int = 0
    most: int = 0
    flag: bool = False
    clearable: bool = False


FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "topic": (
            Field("name", "Name", 1, 100),
            Field("description", "Description", 0, 500),
            Field("color", "Color"),
            Field("icon_name", "Icon"),
            Field("topic_context", "Instructions", 0, 20_000, clearable=True),
        ),
        "context": (
            Field("title", "Title", 1, 200),
            Field("content", "Content", 0, 20_000),
            Field("is_default", "Default", flag=True),
        ),
    }
)

EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "session.created": "title and start time of each meeting that begins",
        "session.ended": "the whole meeting when it ends: transcript, minutes, recap, highlights, notes",
        "session.exported": "the whole meeting when it is exported: transcript, minutes, recap, highlights, notes",
        "highlight.created": "each highlight: title, quotes, main idea, insight",
        "todo.exported": "each exported todo: its text and due date",
        "suggestion.created": "each suggestion of Hedy during a meeting: question and answer",
    }
)
"""The documented events, and what each of them sends."""
_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")

IPV6_IN_USE = ipaddress.IPv6Network("2000::/3")
"""Addresses outside lead to no host of the internet, or (NAT64, ::10.0.0.1) into a private network."""


HoldsKey = Callable[[str], bool]
"""Tells whether a text holds an API key: that of the account, in any form, or what looks like one."""


def problem(kind: str, name: str, value: object, holds_key: HoldsKey = looks_like_key) -> str:
    """Return in one line why *value* is wrong for the field *name* of a topic or context; empty where it is right."""
    field = next(field for field in FIELDS[kind] if field.name == name)
    if value is None and field.clearable:
        return ""
    if field.flag:
        return "" if isinstance(value, bool) else f"{field.label} is true or false, not {value!r}."
    if not isinstance(value, str):
        return f"{field.label} is text, not {type(value).__name__}."
    if field.least and not value.strip():
        return f"{field.label} is empty."
    if holds_key(value):
        return f"{field.label} holds what looks like an API key, which does not belong there."
    if has_surrogates(value):
        return f"{field.label} holds half of a character (a lone surrogate), which cannot be sent."
    if field.most and len(value) > field.most:
        return f"{field.label} has {len(value):,} characters; the maximum is {field.most:,}."
    if name == "color" and colors.to_hex(value) is None:
        hint = did_you_mean(value.casefold(), colors.names()) or "Examples: #AA3311, teal."
        return f"{field.label} {value!r} is not of the form #RRGGBB, nor a CSS name. {hint}"
    return ""


def body(kind: str, values: Mapping[str, object], holds_key: HoldsKey = looks_like_key) -> dict[str, object]:
    """Return *values* by our names as the API's JSON; a colour becomes ``#RRGGBB``, however it is written.

    Raises:
        UsageError: a name that *kind* does not have, or a value that the API does not take.
    """
    known = [field.name for field in FIELDS[kind]]
    for name, value in values.items():
        if name not in known:
            raise UsageError(f"A {kind} has no {name!r}.", advice=f"It has: {', '.join(known)}.")
        wrong = problem(kind, name, value, holds_key)
        if wrong:
            raise UsageError(wrong, advice="Nothing was sent.")
    return {NAMES[name]: _sent(name, value) for name, value in values.items()}


def _sent(name: str, value: object) -> object:
    return colors.to_hex(value) if name == "color" and isinstance(value, str) else value


def checked_events(events: str | Iterable[str], holds_key: HoldsKey = looks_like_key) -> list[str]:
    """Return *events* as a list without repeats.

    A name that is not documented passes where it has the form of an event's name: Hedy decides.

    Raises:
        UsageError: there is no event, a name has another form, or a name holds a key.
    """
    found = list(dict.fromkeys([events] if isinstance(events, str) else events or ()))
    if not found:
        raise UsageError("A webhook needs at least one event.", advice=f"Choose from: {', '.join(EVENTS)}.")
    if any(holds_key(event) for event in found if isinstance(event, str)):
        raise UsageError(
            "An event holds what looks like an API key, which does not belong there.", advice="Nothing was sent."
        )
    wrong = [
        event for event in found if event not in EVENTS and not (isinstance(event, str) and _EVENT.fullmatch(event))
    ]
    if wrong:
        raise UsageError(f"There is no event {wrong[0]!r}.", advice=f"The events are: {', '.join(EVENTS)}.")
    return found


def carries(event: str) -> str:
    """Return what *event* will carry, in words."""
    return EVENTS.get(event, "not documented: its contents are unknown")


def event_warnings(events: Iterable[str]) -> list[str]:
    """Return a warning for each of *events* that is not documented."""
    found = []
    for event in events:
        if event not in EVENTS:
            hint = did_you_mean(event, EVENTS)
            found.append(f"{event} is not a documented event; Hedy may refuse it. {hint}".rstrip())
    return found
