"""A write as a user requests it, before it is checked: shared by forms, prompts and ``--dry-run``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hedy_jupyter.changes.change import LABEL_WORDS, LABELS, Action, Kind
from hedy_jupyter.errors import UsageError


@dataclass(frozen=True)
class WriteRequest:
    """What to create, update or delete; ``account.changes.prepare`` makes the ``Change`` of it.

    Attributes:
        kind: ``"topic"``, ``"context"`` or ``"webhook"``.
        action: ``"create"``, ``"update"`` or ``"delete"``.
        target: the id, exact name, title or URL of what is updated or deleted; None for a creation.
        values: the fields by our names; empty for a deletion.
    """

    kind: Kind
    action: Action
    target: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def missing(self) -> str:
        """The field that a creation still needs: name, title or url; empty if it has one."""
        label = LABELS[self.kind]
        return label if self.action == "create" and self.values.get(label) is None else ""

    def with_values(self, **values: object) -> WriteRequest:
        """Return this request with *values* in front of its other values."""
        return replace(self, values={**values, **self.values, **values})

    def check(self, *, advice: str = "") -> None:
        """Raise `UsageError` with *advice* unless the request names what is written.

        Raises:
            UsageError: a creation without name, title or URL; an update or deletion without a target; a deletion with
                values; the update of a webhook.
        """
        if self.kind == "webhook" and self.action == "update":
            raise UsageError("A webhook can't be edited.", advice="Delete it and create a new one.")
        if self.missing:
            raise UsageError(f"A new {self.kind} needs a {LABEL_WORDS[self.kind]}.", advice=advice)
        if self.action != "create" and self.target is None:
            raise UsageError(
                f"Which {self.kind}?", advice=advice or f"Give its id or its exact {LABEL_WORDS[self.kind]}."
            )
        if self.action == "delete" and self.values:
            raise UsageError(f"Deleting a {self.kind} takes no field values.", advice=advice)
