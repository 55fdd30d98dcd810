"""The cell magics ``%%hedy_topic`` and ``%%hedy_context``: the cell's body is the new text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hedy_jupyter.changes import fields
from hedy_jupyter.changes.change import LABELS, Kind
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.errors import NotFound, UsageError
from hedy_jupyter.magics import confirming
from hedy_jupyter.magics.command import Argument, Call, Command, Option, Reply
from hedy_jupyter.text.clean import one_line

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.magics.context import CommandContext

_LAST_LINE_END = re.compile(r"\r?\n\Z")
DEFAULT = Option("--default", "Use it for new meetings, in place of the current default.")


def write_cell(kind: Kind, ctx: CommandContext, call: Call, body: str) -> Reply:
    """Write *body*, taken literally, as the new text of the topic or context that the line names.

    An existing name or title is an edit, a new one a creation; an unchanged one sends nothing.
    """
    text = _LAST_LINE_END.sub("", body)
    field = "topic_context" if kind == "topic" else "content"
    name, ident = call.arguments.get(LABELS[kind].upper()), call.get("--id")
    wrong = fields.problem(kind, field, text)
    if wrong:
        raise UsageError(wrong, advice="Nothing was sent; the text is still in the cell.")
    if name is None and ident is None:
        raise UsageError(f"Which {kind}?", advice=f'%%hedy_{kind} "{LABELS[kind].capitalize()}"')
    values: dict[str, object] = {field: text, **({"is_default": True} if call.has("--default") else {})}
    if (id(ctx.hedy), call.get("--confirm")) in ctx.sent_by_digest:
        return confirming.confirm_digest(
            ctx, call, lambda: find_or_create(ctx.hedy, kind, name, ident, values)[1], text
        )
    request, write = find_or_create(ctx.hedy, kind, name, ident, values)
    if write.changes_nothing:
        line = f'Unchanged: the {kind} "{one_line(write.name)}" is the same as the cell; nothing was sent.'
        return Reply(write.confirm() if call.has("-o") else None, line)
    return confirming.carry_out(ctx, call, request, body=text, review=True)


def find_or_create(
    hedy: Hedy, kind: Kind, name: str | None, ident: str | None, values: Mapping[str, object]
) -> tuple[WriteRequest, Write]:
    """Return the update of the one with the id *ident* or else the name *name*, or its creation."""
    label = LABELS[kind]
    if ident is not None:
        new_name = {} if name is None else {label: name}
        return _prepared(hedy, WriteRequest(kind, "update", ident, {**values, **new_name}))
    try:
        return _prepared(hedy, WriteRequest(kind, "update", name, values))
    except NotFound:
        return _prepared(hedy, WriteRequest(kind, "create", values={label: name, **values}))


def _prepared(hedy: Hedy, request: WriteRequest) -> tuple[WriteRequest, Write]:
    """Return *request* with the id of its target, and its write."""
    write = confirming.prepare(hedy, request)
    return replace(request, target=write.target), write


def _cell_only(ctx: CommandContext, call: Call) -> Reply:
    raise UsageError(f"{call.command.name} is a cell magic.", advice="Put the text into the lines below it.")


CELLS: Mapping[Kind, Command] = {
    "topic": Command(
        "hedy_topic",
        _cell_only,
        "Make the cell the instructions of a topic.",
        (Argument("NAME", optional=True, source="topics", rest=True),),
        (Option("--id", "Name the topic, if its name changes or is not unique.", "ID"), *confirming.CONFIRM_OPTIONS),
        reads=False,
        cell=True,
    ),
    "context": Command(
        "hedy_context",
        _cell_only,
        "Make the cell the content of a context.",
        (Argument("TITLE", optional=True, source="contexts", rest=True),),
        (
            DEFAULT,
            Option("--id", "Name the context, if its title changes or is not unique.", "ID"),
            *confirming.CONFIRM_OPTIONS,
        ),
        reads=False,
        cell=True,
    ),
}
