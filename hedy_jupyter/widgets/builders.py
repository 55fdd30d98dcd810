"""Build the forms: ``topic()``, ``context()`` and ``webhook()``, and ``open_form()`` for a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hedy_jupyter.account import targets
from hedy_jupyter.account.current import current
from hedy_jupyter.changes import fields
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Panel
from hedy_jupyter.widgets.fields import Fields, WebhookFields
from hedy_jupyter.widgets.form import Form, OnEnd

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.changes.change import Kind


def topic(
    hedy: Hedy | None = None,
    which: str | None = None,
    *,
    delete: bool = False,
    review: bool = False,
    on_end: OnEnd | None = None,
    **draft: Any,
) -> Panel:
    """Open a form for a topic.

    Args:
        hedy: the account; None is the current one.
        which: the topic to edit or delete, by its id or exact name; None is a new one.
        delete: delete it.
        review: begin with the review.
        on_end: called at the end, with the form's last line and whether something was or may have been written.
        draft: what the fields show at first: ``name``, ``description``, ``color``, ``icon_name``, ``topic_context``.

    Raises:
        HedyError: there is no such topic, or a field that topics do not have.
    """
    return open_form(hedy, _request("topic", which, delete, draft), review=review, on_end=on_end)


def context(
    hedy: Hedy | None = None,
    which: str | None = None,
    *,
    delete: bool = False,
    review: bool = False,
    on_end: OnEnd | None = None,
    **draft: Any,
) -> Panel:
    """Open a form for a session context; as ``topic``, with the fields ``title``, ``content``, ``is_default``."""
    return open_form(hedy, _request("context", which, delete, draft), review=review, on_end=on_end)


def webhook(
    hedy: Hedy | None = None,
    which: str | None = None,
    *,
    delete: bool = False,
    review: bool = False,
    on_end: OnEnd | None = None,
    url: str | None = None,
    events: str | Iterable[str] | None = None,
) -> Panel:
    """Open a form for a new webhook, or with ``delete=True`` for the deletion of *which* (its id or exact URL).

    ``url`` and ``events`` are what the fields show at first; the rest is as for ``topic``.
    """
    draft = {} if delete else {"url": url, "events": events}
    return open_form(hedy, _request("webhook", which, delete, draft), review=review, on_end=on_end)


def open_form(hedy: Hedy | None, request: WriteRequest, *, review: bool = False, on_end: OnEnd | None = None) -> Panel:
    """Open the form for *request*, whose values are what its fields show at first.

    Args:
        hedy: the account; None is the current one.
        request: what to write.
        review: begin with the review; a deletion always does.
        on_end: as for ``topic``.

    Returns:
        The form; a line of text where the session is not interactive.

    Raises:
        HedyError: there is no such target, or a field that its kind does not have.
    """
    if request.action != "create":
        request.check()
    if not controls.is_interactive():
        return controls.placeholder("form")
    hedy = hedy or current()
    if request.action == "delete":
        return Form(hedy, request, on_end=on_end)
    if request.kind == "webhook":
        form = Form(hedy, request, WebhookFields(request), on_end=on_end)
    elif request.action == "create":
        form = Form(hedy, request, Fields(request, {}), on_end=on_end)
    else:
        form = _edit_form(hedy, request, on_end)
    if review:
        form.review()
    return form


def _edit_form(hedy: Hedy, request: WriteRequest, on_end: OnEnd | None) -> Form:
    seen = targets.listed_target(hedy.connection, request.kind, request.target or "")
    values = {field.name: seen.record.get(fields.NAMES[field.name]) for field in fields.FIELDS[request.kind]}
    request = replace(request, target=seen.ident)
    return Form(hedy, request, Fields(request, values), listed=seen.listed, on_end=on_end)


def _request(kind: Kind, which: str | None, delete: bool, draft: Mapping[str, object]) -> WriteRequest:
    values = {name: value for name, value in draft.items() if value is not None}
    return WriteRequest(kind, "delete" if delete else "create" if which is None else "update", which, values)
