"""The commands of ``%hedy`` that write: create, edit and delete topics, contexts and webhooks, and ``manage``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from hedy_jupyter.changes import fields
from hedy_jupyter.changes.change import LABELS, Kind
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.errors import UsageError
from hedy_jupyter.magics.command import Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.commands.cells import DEFAULT
from hedy_jupyter.magics.confirming import CONFIRM_OPTIONS, carry_out

if TYPE_CHECKING:
    from hedy_jupyter.magics.context import CommandContext

_FIELD_OF: Mapping[Kind, Mapping[str, str]] = {
    "topic": {
        "--name": "name",
        "--description": "description",
        "--color": "color",
        "--icon": "icon_name",
        "--instructions": "topic_context",
    },
    "context": {"--title": "title", "--content": "content"},
}
"""Option → field, for what is text."""


def _values(kind: Kind, call: Call) -> dict[str, object]:
    """Return the fields that the options of *call* give."""
    given: dict[str, object] = {name: call.options[flag] for flag, name in _FIELD_OF[kind].items() if call.has(flag)}
    if kind == "context" and call.has("--default"):
        given["is_default"] = True
    return given


def _new(kind: Kind, ctx: CommandContext, call: Call) -> Reply:
    label = LABELS[kind]
    argument = call.arguments.get(label.upper())
    values = _values(kind, call)
    if argument is not None and label in values:
        raise UsageError(f"The {label} is given twice.", advice=f"Usage: {call.command.usage}")
    if argument is not None:
        values = {label: argument, **values}
    return carry_out(ctx, call, WriteRequest(kind, "create", values=values))


def _edit(kind: Kind, ctx: CommandContext, call: Call) -> Reply:
    values = _values(kind, call)
    if not values and (call.has("--dry-run") or call.has("--confirm")):
        flags = [option.flag for option in (_TOPIC_OPTIONS if kind == "topic" else _CONTEXT_OPTIONS)]
        raise UsageError(f"No field of the {kind} is given.", advice=f"Options: {', '.join(flags)}.")
    return carry_out(ctx, call, WriteRequest(kind, "update", call.arguments["WHICH"], values))


def _delete(kind: Kind, ctx: CommandContext, call: Call) -> Reply:
    return carry_out(ctx, call, WriteRequest(kind, "delete", call.arguments["WHICH"]))


def _webhook_new(ctx: CommandContext, call: Call) -> Reply:
    given = {"url": call.arguments.get("URL"), "events": list(call.every("--event"))}
    values = {name: value for name, value in given.items() if value}
    return carry_out(ctx, call, WriteRequest("webhook", "create", values=values))


def _manage(ctx: CommandContext, call: Call) -> Reply:
    if ctx.review_mode() != "form":
        raise UsageError(
            "%hedy manage needs a notebook.", advice="Here: %hedy topics, then %hedy topic new, edit or delete."
        )
    from hedy_jupyter.widgets import manager

    return Reply(manager.manager(ctx.hedy))


# -- the table ---------------------------------------------------------------------------------------------------------

_EXACT_NAME = Option("--name", "Give the exact name, for --confirm.", "N")
_TOPIC_OPTIONS = (
    Option("--name", "Set the name: 1 to 100 characters.", "N"),
    Option("--description", "Set the description: up to 500 characters.", "T"),
    Option("--color", "Set the color: #RRGGBB or a CSS name such as teal.", "C"),
    Option("--icon", "Set the icon by the name of a Material icon.", "I"),
    Option("--instructions", "Set the custom instructions: up to 20,000 characters.", "T"),
)
_CONTEXT_OPTIONS = (
    Option("--title", "Set the title: 1 to 200 characters.", "T"),
    Option("--content", "Set the content: up to 20,000 characters.", "T"),
    DEFAULT,
)
_EVENT = Option("--event", "Name an event to send; may be repeated.", "E", source="|".join(fields.EVENTS), many=True)
_HOST = Option("--host", "Give the exact destination host, for --confirm.", "H")


def _which(source: str) -> tuple[Argument, ...]:
    return (Argument("WHICH", source=source, rest=True),)


def _row(
    word: str,
    run: Callable[[CommandContext, Call], Reply],
    text: str,
    arguments: tuple[Argument, ...],
    *options: Option,
) -> Command:
    return Command(word, run, text, arguments, options + CONFIRM_OPTIONS, reads=False)


WRITE_COMMANDS = (
    _row(
        "topic new",
        partial(_new, "topic"),
        "Create a topic.",
        (Argument("NAME", optional=True, rest=True),),
        *_TOPIC_OPTIONS,
    ),
    _row(
        "topic edit",
        partial(_edit, "topic"),
        "Edit a topic, named by its id or exact name.",
        _which("topics"),
        *_TOPIC_OPTIONS,
    ),
    _row(
        "topic delete",
        partial(_delete, "topic"),
        "Delete a topic, after two confirmations.",
        _which("topics"),
        _EXACT_NAME,
    ),
    _row(
        "context new",
        partial(_new, "context"),
        "Create a context.",
        (Argument("TITLE", optional=True, rest=True),),
        *_CONTEXT_OPTIONS,
    ),
    _row(
        "context edit",
        partial(_edit, "context"),
        "Edit a context, named by its id or exact title.",
        _which("contexts"),
        *_CONTEXT_OPTIONS,
    ),
    _row(
        "context delete",
        partial(_delete, "context"),
        "Delete a context, after two confirmations.",
        _which("contexts"),
        _EXACT_NAME,
    ),
    _row("webhook new", _webhook_new, "Create a webhook.", (Argument("URL", optional=True),), _EVENT, _HOST),
    _row(
        "webhook delete",
        partial(_delete, "webhook"),
        "Delete a webhook, named by its id or exact URL, after two confirmations.",
        _which("webhooks"),
        _EXACT_NAME,
    ),
    Command("manage", _manage, "List, create, edit and delete topics, contexts and webhooks in a widget.", reads=False),
)
