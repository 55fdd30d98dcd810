"""Effects and warnings of a write, in sentences, before it is sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hedy_jupyter import kinds
from hedy_jupyter.account.targets import list_all
from hedy_jupyter.changes import webhook_url
from hedy_jupyter.changes.change import LABELS, SHOWN, Kind
from hedy_jupyter.text.host_names import host_of
from hedy_jupyter.text.phrasing import counted

if TYPE_CHECKING:
    from hedy_jupyter.account.connection import Connection
    from hedy_jupyter.api.wire_format import Record


UNLINK_LIMIT = 4_000


def creation_effects(
    kind: Kind, body: Mapping[str, object], others: list[Record] | None
) -> tuple[list[str], list[str]]:
    """Return the effects and warnings of creating *body* beside *others*."""
    name = body.get(LABELS[kind])
    effects = [f"Adds the {kind} to the account.", *default_effects(kind, body, None, others)]
    warnings = twin_warning(kind, name, others)
    if kind == "context" and others:
        warnings.append("The free plan allows one context; on it Hedy refuses a second one.")
    return effects, warnings


def twin_warning(kind: Kind, name: object, others: list[Record] | None) -> list[str]:
    """Return a warning where one of *others* has that name already, or as the server tidies it."""
    label = LABELS[kind]
    if not any(same_tidied(label, other.get(label), name) for other in others or ()):
        return []
    how = "to" if kind == "webhook" else "called"
    return [f'There is a {kind} {how} "{name}" already; this adds a second one.']


def identical(kind: Kind, body: Mapping[str, object], others: list[Record] | None) -> Record | None:
    """Return the one of *others* that has the fields of *body*, or has them as the server tidies them; else None."""
    names = [name for name in SHOWN[kind] if name != "isDefault" or body.get(name)]
    return next(
        (other for other in others or () if all(same_tidied(name, other.get(name), body.get(name)) for name in names)),
        None,
    )


def deletion_effects(connection: Connection, kind: Kind, before: Record, ident: str) -> tuple[list[str], list[str]]:
    """Return the effects and warnings of deleting *before*."""
    if kind == "topic":
        count = before.get("sessionCount")
        linked = f"its {counted(count, 'session')}" if isinstance(count, int) else "its sessions"
        warnings = []
        if isinstance(count, int) and count > UNLINK_LIMIT:
            warnings.append(
                f"Above {UNLINK_LIMIT:,} sessions Hedy may stop half-way (deletion_limit_exceeded) and leave the topic "
                "in the state deletion_failed; finish the rest in the Hedy app."
            )
        if before.get("state") == "deletion_failed":
            warnings.append(
                "An earlier deletion stopped half-way (deletion_failed); if this one does too, finish in the Hedy app."
            )
        return [f"Unlinks {linked} and keeps them; the topic with its instructions and overview is gone."], warnings
    if kind == "webhook":
        url = str(before.get("url") or "")
        effects = [f"Hedy sends nothing more to {url}."]
        others = [other for other in list_all(connection, kind) or () if kinds.WEBHOOK.identity(other) != ident]
        host = host_of(url)
        if host and any(host_of(other.get("url")) == host for other in others):
            effects.append(f"Another webhook still sends to {host}.")
        return effects, []
    effects = ["The context is gone; meetings that were analysed with it stay as they are."]
    if before.get("isDefault"):
        effects.append(f"It is the default: {_promoted(list_all(connection, kind), ident)}")
    return effects, []


def _promoted(contexts: list[Record] | None, ident: str) -> str:
    """Return which of *contexts* becomes the default when *ident*, the default one, is deleted."""
    if contexts is None:
        return "of the others the one updated last becomes the default."
    rest = [other for other in contexts if kinds.CONTEXT.identity(other) != ident]
    newest = max(rest, key=lambda other: str(other.get("updatedAt") or ""), default=None)
    return (
        f'"{newest.get("title")}", the one updated last, becomes the default.'
        if newest
        else "there is no default context afterwards."
    )


def default_effects(
    kind: Kind, body: Mapping[str, object], ident: str | None, others: list[Record] | None
) -> list[str]:
    """Return what making a context the default does to the others."""
    if kind != "context" or "isDefault" not in body:
        return []
    if not body["isDefault"]:
        return ["It is no longer the default."] if ident else []
    cleared = [
        f'"{other.get("title")}"'
        for other in others or ()
        if other.get("isDefault") and kinds.CONTEXT.identity(other) != ident
    ]
    which = f" in place of {', '.join(cleared)}" if cleared else ""
    return [f"Becomes the default for new meetings{which}; no other context stays the default."]


def same(one: object, other: object) -> bool:
    """Return whether two values mean the same: missing, null, empty and false are one, and a list has no order."""
    if isinstance(one, list) and isinstance(other, list):
        return set(map(str, one)) == set(map(str, other))
    return one == other or (not one and not other)


def same_tidied(name: str, one: object, other: object) -> bool:
    """Return whether two values of the field *name* are the same once a server has tidied them."""
    return same(tidied(name, one), tidied(name, other))


def tidied(name: str, value: object) -> object:
    """Return *value* of the field *name* as a server may keep it.

    Text is composed (NFC) and trimmed, a URL normalized, a color in lower case.
    """
    if not isinstance(value, str):
        return value
    if name == "url":
        return webhook_url.normalized(value)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    return text.lower() if name == "color" else text
