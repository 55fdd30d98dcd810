"""The forms to open: ``topic()``, ``context()`` and ``webhook()``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from hedy_jupyter.account import changes, targets
from hedy_jupyter.account.current import current
from hedy_jupyter.changes import fields as limits
from hedy_jupyter.errors import UsageError
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Panel
from hedy_jupyter.widgets.fields import Fields, WebhookFields
from hedy_jupyter.widgets.form import Ended, Form

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.changes.change import Kind


def topic(
    hedy: Hedy | None = None,
    which: str | None = None,
    *,
    delete: bool = False,
    review: bool = False,
    ended: Ended | None = None,
    **draft: Any,
) -> Panel:
    """A form for a topic.

    Args:
        hedy: the account; None is the current one.
        which: the topic to edit, by its id or exact name; None is a new one.
        delete: delete it.
        review: begin with the review.
        ended: hears the line that the form ends with, and whether it came to a write.
        draft: what the fields shall hold: ``name``, ``description``, ``color``, ``icon_name``, ``topic_context``.

    Raises:
        HedyError: there is no such topic, or a field that topics do not have.
    """
    return _form("topic", hedy, which, delete, review, ended, draft)


def context(
    hedy: Hedy | None = None,
    which: str | None = None,
    *,
    delete: bool = False,
    review: bool = False,
    ended: Ended | None = None,
    **draft: Any,
) -> Panel:
    """A form for a session context; as ``topic``, with the fields ``title``, ``content``, ``is_default``."""
    return _form("context", hedy, which, delete, review, ended, draft)


def webhook(
    hedy: Hedy | None = None,
    which: str | None = None,
    *,
    delete: bool = False,
    review: bool = False,
    ended: Ended | None = None,
    url: str | None = None,
    events: str | Iterable[str] | None = None,
) -> Panel:
    """A form for a new webhook, or with ``delete=True`` for the deletion of the one that *which* names by id or exact URL."""
    if which is not None and not delete:
        raise UsageError("A webhook cannot be edited.", advice="Delete it, and make a new one.")
    if delete or not controls.is_interactive():
        return _form("webhook", hedy, which, delete, review, ended, {})
    hedy = hedy or current()
    draft = WebhookFields(url, events, hedy.create_webhook)
    return _opened(Form(hedy, draft.write, draft, ended=ended), review)


def _form(
    kind: Kind,
    hedy: Hedy | None,
    which: str | None,
    delete: bool,
    review: bool,
    ended: Ended | None,
    draft: Mapping[str, object],
) -> Panel:
    if not controls.is_interactive():
        return controls.placeholder()
    hedy = hedy or current()
    if delete:
        if which is None or draft:
            raise UsageError(f"The deletion of a {kind} takes which one it is, and nothing else.")
        change = _deletion(hedy, kind, which)
        return Form(hedy, partial(_deletion, hedy, kind, change.target or which), change=change, ended=ended)
    fields = _fields(hedy, kind, which, draft)
    return _opened(Form(hedy, fields.write, fields, ended=ended), review)


def _opened(form: Form, review: bool) -> Form:
    if review:
        form.review()
    return form


def _deletion(hedy: Hedy, kind: Kind, which: str) -> Write:
    return {"topic": hedy.delete_topic, "context": hedy.delete_context, "webhook": hedy.delete_webhook}[kind](which)


def _fields(hedy: Hedy, kind: Kind, which: str | None, draft: Mapping[str, object]) -> Fields:
    if kind == "webhook":
        raise UsageError("A webhook has no fields to edit.")
    if which is None:
        create: Callable[..., Write] = hedy.create_topic if kind == "topic" else hedy.create_context
        return Fields(kind, {}, draft, lambda values: create(**values))
    seen = targets.listed_target(hedy.connection, kind, which)
    first = {name: seen.record.get(limits.NAMES[name]) for name in (field.name for field in limits.FIELDS[kind])}

    def edit(values: Mapping[str, object]) -> Write:
        return changes.update(
            hedy.connection,
            kind,
            targets.read_again(hedy.connection, kind, seen.ident)._replace(listed=seen.listed),
            values,
        )

    return Fields(kind, first, draft, edit)
