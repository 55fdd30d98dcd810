"""Changes: create, update and delete as a ``Change`` to review; ``account.sender`` sends a confirmed one, once.

The rules are those of the agent skill's safety section and of the guide on changes: target by id or exact name,
target read again before it is changed, nothing repeated, and one more request where the answer is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hedy_jupyter.account.change_card import change_page
from hedy_jupyter.account.effects import (
    creation_effects,
    default_effects,
    deletion_effects,
    identical,
    same,
    same_tidied,
    twin_warning,
)
from hedy_jupyter.account.sender import Sender
from hedy_jupyter.account.targets import Target, list_all, list_or_error, read_again, target
from hedy_jupyter.api import routes, wire_format
from hedy_jupyter.changes import fields, webhook_url
from hedy_jupyter.changes.change import LABELS, Action, Change, Kind
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.display.display_mixin import Shown
from hedy_jupyter.display.page import Page
from hedy_jupyter.errors import HedyError, UsageError
from hedy_jupyter.kinds import BY_NAME
from hedy_jupyter.text.host_names import host_of

if TYPE_CHECKING:
    from hedy_jupyter.account.connection import Connection
    from hedy_jupyter.api.wire_format import Record


@dataclass(frozen=True)
class Write(Shown, Change):
    """A ``Change`` that belongs to an account: it shows itself in full, and ``confirm`` sends it."""

    sender: Sender | None = field(default=None, repr=False, compare=False)
    twin: Mapping[str, object] | None = field(default=None, repr=False, compare=False)
    """The record that a creation would add a second time: the same name and fields, or the same URL and events."""
    unseen: HedyError | None = field(default=None, repr=False, compare=False)
    """Why it is not known whether a creation would add something a second time; None where it is."""
    has_all_already: bool = field(default=False, repr=False, compare=False)
    """Whether the target of an update has every value that was given already, or has it as the server tidies it."""

    def page(self) -> Page:
        """Return what it will send and do."""
        return change_page(self)

    def confirm(self, words: str | None = None) -> Any:
        """Send the change, once; a second call returns the first result.

        Args:
            words: for a deletion the exact name, title or URL of the target; for a new webhook its destination host.

        Returns:
            The topic, context or webhook that was created or changed, or the one that was deleted.

        Raises:
            NotConfirmed: wrong or missing words; nothing was sent.
            TargetChanged: the target is not as it was shown; nothing was sent.
            Offline: no answer; the message says what is known of the outcome.
            HedyError: what the server refuses it with.
        """
        if self.sender is None:
            raise UsageError("This change belongs to no account.")
        return self.sender.send(self, words)

    def existing(self) -> Any:
        """Return the record that exists already (the ``twin``, or the target of an update), or None."""
        there = self.before if self.action == "update" else self.twin
        return None if there is None or self.sender is None else self.sender.record_of(self.kind, there)

    def outcome(self, result: object) -> str:
        """Return what was done, in one sentence: ``Created topic "Plans" (topic_1).``."""
        if self.changes_nothing:
            return self.unchanged
        ident = getattr(result, f"{self.kind}_id", None) or self.target
        host = host_of(self.name) or ""
        # Of a webhook only the host: the line is kept in the notebook, and a URL may hold a token.
        name = f"to {host}" if self.kind == "webhook" else f'"{self.name}"'
        return f"{self.action.capitalize()}d {self.kind} {name} ({ident})."

    @property
    def unchanged(self) -> str:
        """The message where an update finds nothing to change."""
        return f'The {self.kind} "{self.name}" is unchanged; nothing was sent.'

    def take_secret(self) -> str | None:
        """Return the signing secret, if the API gave one, once; it is kept nowhere else."""
        if self.sender is None or self.sender.secret is None:
            return None
        secret, self.sender.secret = self.sender.secret, None
        return secret.reveal()

    @property
    def note(self) -> str:
        """A remark on the outcome, such as that the answer was lost; usually empty."""
        return self.sender.note if self.sender else ""


def prepare(connection: Connection, request: WriteRequest, *, listed: list[Record] | None = None) -> Write:
    """Return the write that *request* describes, checked, with its target read again.

    Args:
        connection: the account.
        request: what to write.
        listed: for an update, the list that its target was found in: the target is an id then, and its values may be
            empty.

    Raises:
        NotFound: there is no such target.
        HedyError: a value that the API does not take, or a request that failed.
    """
    request.check()
    if request.action == "create":
        if request.kind == "webhook":
            values: Mapping[str, Any] = request.values
            return create_webhook(connection, values["url"], values.get("events", ()))
        return create(connection, request.kind, request.values)
    which = request.target or ""
    if request.action == "delete":
        return delete(connection, request.kind, which)
    if listed is None:
        return update(connection, request.kind, which, request.values)
    seen = read_again(connection, request.kind, which)._replace(listed=listed)
    return update(connection, request.kind, seen, request.values)


def create(connection: Connection, kind: Kind, values: Mapping[str, object]) -> Write:
    """Return the creation of a topic or context with *values*, by the names of this package."""
    if kind == "context":
        values = {"title": None, "content": "", **values}
    body = fields.body(kind, values, connection.holds_key)
    others, unseen = list_or_error(connection, kind)
    effects, warnings = creation_effects(kind, body, others)
    made = _write(connection, "create", kind, body=body, after=body, effects=effects, warnings=warnings, others=others)
    return replace(made, unseen=unseen)


def create_webhook(connection: Connection, url: str, events: str | Iterable[str]) -> Write:
    """Return the creation of a webhook."""
    holds_key = connection.holds_key
    wanted = fields.checked_events(events, holds_key)
    webhook_url.destination(url, holds_key=holds_key)  # before anything is asked
    others, unseen = list_or_error(connection, "webhook")
    used = None if others is None else [host for other in others if (host := host_of(other.get("url")))]
    found = webhook_url.destination(url, used, holds_key=holds_key)
    body = {"url": url, "events": wanted}
    effects = [f"From now on Hedy sends to {found.host}, on {event}: {fields.carries(event)}." for event in wanted]
    warnings = [
        "Meeting data will leave Hedy, to that host.",
        *found.warnings,
        *fields.event_warnings(wanted),
        *twin_warning("webhook", url, others),
    ]
    made = _write(
        connection,
        "create",
        "webhook",
        body=body,
        after=body,
        effects=effects,
        warnings=warnings,
        words=found.host,
        others=others,
    )
    return replace(made, unseen=unseen)


def update(connection: Connection, kind: Kind, which: str | Target, values: Mapping[str, object]) -> Write:
    """Return the change of a topic or context; the body holds only what really changes.

    Args:
        which: an id or exact name, or what was read of it: it is read again before anything is sent.
        values: what was given; for what was read it may be nothing.
    """
    if not values and not isinstance(which, Target):
        raise UsageError(
            f"No field of the {kind} is given.",
            advice=f"Fields: {', '.join(field.name for field in fields.FIELDS[kind])}.",
        )
    wanted = fields.body(kind, values, connection.holds_key)
    if wanted.get("topicContext") == "":
        wanted["topicContext"] = None
    before, ident, listed = which if isinstance(which, Target) else target(connection, kind, which)
    body = {name: value for name, value in wanted.items() if not same(before.get(name), value)}
    others = (list_all(connection, kind) if listed is None else listed) if "isDefault" in body else None
    effects = (
        [f"Changes {', '.join(_label(kind, name) for name in body)}; everything else stays."]
        if body
        else ["Changes nothing: nothing is sent."]
    )
    effects += default_effects(kind, body, ident, others)
    made = _write(
        connection, "update", kind, target=ident, body=body, before=before, after={**before, **body}, effects=effects
    )
    return replace(
        made, has_all_already=all(same_tidied(name, before.get(name), value) for name, value in wanted.items())
    )


def delete(connection: Connection, kind: Kind, which: str) -> Write:
    """Return the deletion of a topic, context or webhook."""
    before, ident, _ = target(connection, kind, which)
    effects, warnings = deletion_effects(connection, kind, before, ident)
    name = str(before.get(LABELS[kind]) or ident)
    return _write(
        connection, "delete", kind, target=ident, body={}, before=before, effects=effects, warnings=warnings, words=name
    )


def _write(
    connection: Connection,
    action: Action,
    kind: Kind,
    *,
    body: Mapping[str, object],
    target: str | None = None,
    before: Record | None = None,
    after: Mapping[str, object] | None = None,
    effects: Iterable[str] = (),
    warnings: Iterable[str] = (),
    words: str | None = None,
    others: list[Record] | None = None,
) -> Write:
    method, _, path = routes.WRITES[action, kind].partition(" ")
    known = None if others is None else frozenset(filter(None, map(BY_NAME[kind].identity, others)))
    return Write(
        action=action,
        kind=kind,
        method=method,  # type: ignore[arg-type]  # the table holds only these
        host=connection.settings.host,
        path=wire_format.fill_path(path, *([target] if target else [])),
        body=body,
        target=target,
        before=before,
        after=after,
        effects=tuple(effects),
        warnings=tuple(warnings),
        words=words,
        sender=Sender(connection, known),
        twin=identical(kind, body, others) if action == "create" else None,
    )


def _label(kind: Kind, api_name: str) -> str:
    return next(field.label for field in fields.FIELDS[kind] if fields.NAMES[field.name] == api_name)
