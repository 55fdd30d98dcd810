"""``Change``: a write as a value, described before it is sent.

A ``Change`` reaches the API only as ``changes.confirmation.Confirmed``.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, get_args

from hedy_jupyter.kinds import BY_NAME

Action = Literal["create", "update", "delete"]
Kind = Literal["topic", "context", "webhook"]
LABELS: Mapping[Kind, str] = {kind: BY_NAME[kind].label for kind in get_args(Kind)}
"""The field that people know each kind by."""
LABEL_WORDS: Mapping[Kind, str] = {"topic": "name", "context": "title", "webhook": "URL"}
"""The same in words."""
SHOWN: Mapping[Kind, tuple[str, ...]] = {
    "topic": ("name", "description", "color", "iconName", "topicContext"),
    "context": ("title", "content", "isDefault"),
    "webhook": ("url", "events"),
}
"""The fields that a review shows, and that must be the same at review and confirmation. Hedy changes others itself."""


def _refuse(*_: object, **__: object) -> NoReturn:
    raise TypeError("A change can't be modified; make a new one for other values.")


class _FrozenDict(dict[str, Any]):
    """A JSON object that cannot be altered; a copy of it can."""

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return {name: copy.deepcopy(value, memo) for name, value in self.items()}

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (copy.deepcopy(self),)


class _FrozenList(list[Any]):
    """A JSON list that cannot be altered; a copy of it can."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = append = clear = extend = insert = pop = remove = reverse = (
        sort
    ) = _refuse

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        return [copy.deepcopy(value, memo) for value in self]

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (copy.deepcopy(self),)


class _Members(tuple[tuple[str, Any], ...]):
    """The members of a JSON object, name and value."""


def _packed(value: Any) -> Any:
    """Return *value*, which is JSON, as tuples."""
    if isinstance(value, Mapping):
        return _Members((name, _packed(inner)) for name, inner in value.items())
    return tuple(map(_packed, value)) if isinstance(value, list | tuple) else value


def _unpacked(value: Any) -> Any:
    if isinstance(value, _Members):
        return _FrozenDict({name: _unpacked(inner) for name, inner in value})
    return _FrozenList(map(_unpacked, value)) if isinstance(value, tuple) else value


class _Kept:
    """A JSON object that is set once, kept as tuples, and built again each time it is read.

    So the kept value cannot be altered through what was read, even by the methods of ``dict`` itself.
    """

    def __init__(self, *, is_optional: bool = True) -> None:
        self._is_optional = is_optional

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, instance: object | None, owner: type | None = None) -> Any:
        if instance is None and not self._is_optional:
            raise AttributeError  # to the dataclass: a field without a default
        return None if instance is None else _unpacked(vars(instance)[self._name])

    def __set__(self, instance: object, value: Mapping[str, object] | None) -> None:
        if self._name in vars(instance):
            _refuse()
        vars(instance)[self._name] = _packed(value)


@dataclass(frozen=True)
class Change:
    """One write that has not been done.

    Attributes:
        action: ``"create"``, ``"update"`` or ``"delete"``.
        kind: ``"topic"``, ``"context"`` or ``"webhook"``.
        method: ``POST``, ``PATCH`` or ``DELETE``.
        host: where it goes.
        path: below the base URL.
        body: the JSON that is sent, by the API's names; empty for a deletion, and for an update that changes nothing.
        target: the id of what is changed or deleted; None for a creation.
        before: the fields as they are now, by the API's names; None for a creation.
        after: the fields as they will be; None for a deletion.
        effects: what it will do, a sentence each.
        warnings: what to check, a sentence each.
        words: what has to be typed to confirm it; None where a plain confirmation is enough.
        digest: sixteen hexadecimal digits that identify exactly this change.

    ``body``, ``before`` and ``after`` cannot be altered: what is sent is what was shown.
    """

    action: Action
    kind: Kind
    method: Literal["POST", "PATCH", "DELETE"]
    host: str
    path: str
    body: Mapping[str, object] = _Kept(is_optional=False)  # type: ignore[assignment]  # a descriptor
    target: str | None = None
    before: Mapping[str, object] | None = _Kept()  # type: ignore[assignment]
    after: Mapping[str, object] | None = _Kept()  # type: ignore[assignment]
    effects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    words: str | None = None

    @property
    def name(self) -> str:
        """The name, title or URL of what is written, as it is now; for a creation as it will be."""
        return str((self.before or self.after or {}).get(LABELS[self.kind]) or "")

    @property
    def changes_nothing(self) -> bool:
        """Whether this is an update that changes no field: confirming it sends nothing."""
        return self.action == "update" and not self.body

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that identify this change: method, host, path, body and the shown target.

        For a creation also its effects and warnings: only they say that something is created a second time.
        """
        seen: list[object] = [self.method, self.host, self.path, self.body, self.shown(self.before or {})]
        if self.action == "create":
            seen += [self.effects, self.warnings]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]

    def shown(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return the fields of *record* that a review of this change shows."""
        names = (*SHOWN[self.kind], "sessionCount") if self.action == "delete" else SHOWN[self.kind]
        return {name: record.get(name) or None for name in names}

    @property
    def sentence(self) -> str:
        """What it does, in a few words: ``Create topic "Plans"``."""
        return f'{self.action.capitalize()} {self.kind} "{self.name}"'
