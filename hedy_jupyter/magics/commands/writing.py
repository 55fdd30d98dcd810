"""The commands of ``%hedy`` that write, and the two cell magics: each makes a ``Write``, and has it reviewed where the user is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from hedy_jupyter.changes import confirmation, fields, webhook_url
from hedy_jupyter.changes.change import LABELS, Kind
from hedy_jupyter.display import render
from hedy_jupyter.errors import HedyError, NotConfirmed, NotFound, Offline, TargetChanged, UsageError
from hedy_jupyter.magics import prompts
from hedy_jupyter.magics.command import Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.context import SentWrite
from hedy_jupyter.magics.line import quoted
from hedy_jupyter.text.clean import one_line

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.magics.context import CommandContext

_FLAGS: Mapping[Kind, Mapping[str, str]] = {
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
_LAST_LINE_END = re.compile(r"\r?\n\Z")


@dataclass(frozen=True)
class _Job:
    """One write as a command asks for it.

    Attributes:
        make: the write; raises where a required field is missing.
        form: the widget for it.
        complete: what a terminal has to ask for before *make* can work; gives another job, or None where that is
            cancelled.
    """

    make: Callable[[], Write]
    form: Callable[[], Any]
    complete: Callable[[prompts.Ask], _Job | None] | None = None


def _carried_out(ctx: CommandContext, call: Call, job: _Job, body: str = "") -> Reply:
    """The review of *job* where the user is, or its sending where the line itself confirms it.

    *body* is that of a cell magic.
    """
    if call.has("--dry-run") and call.has("--confirm"):
        raise UsageError("Use either --dry-run or --confirm, not both.")
    if call.has("--dry-run"):
        return _dry_run(ctx, call, job.make())
    if call.has("--confirm"):
        return _confirmed(ctx, call, job.make, body)
    place = ctx.review_mode()
    if place == "form":
        return Reply(job.form())
    if place == "terminal":
        return _prompted(ctx, job)
    raise UsageError(
        "This session is not interactive, so the change can't be confirmed here.",
        advice="Run the line with --dry-run, read the review, then run it with --confirm DIGEST.",
    )


def _dry_run(ctx: CommandContext, call: Call, write: Write) -> Reply:
    before = ctx.sent_by_digest.get((id(ctx.hedy), write.digest))
    if (
        before is not None and before.write.warnings == write.warnings
    ):  # what was sent is undone since: this may be sent as well
        del ctx.sent_by_digest[id(ctx.hedy), write.digest]
    if call.has("-o"):
        return Reply(write)
    ctx.say(_review(write))
    return Reply()


def _review(write: Write) -> str:
    if write.changes_nothing:
        return f"{render.text(write.page())}\n\nUnchanged: there is nothing to send."
    if write.twin is not None:
        return f"{render.text(write.page())}\n\n{_exists(write)} --confirm would send nothing."
    flags = f"--confirm {write.digest}"
    if write.words is not None:
        flags += f" {_flag(write)} {quoted(confirmation.typeable(write))}"
    return f"{render.text(write.page())}\n\nNothing was sent. To send exactly this, put in place of --dry-run:\n{flags}"


def _flag(write: Write) -> str:
    """The option that takes the words of the second confirmation."""
    return "--name" if write.action == "delete" else "--host"


def _confirmed(ctx: CommandContext, call: Call, make: Callable[[], Write], body: str) -> Reply:
    """Send exactly what was reviewed; a cell that is run again gives the first result and sends nothing."""
    digest = call.options["--confirm"]
    place, line = (id(ctx.hedy), digest), _line(call, body)
    before = ctx.sent_by_digest.get(place)
    if before is not None and before.result is not None and before.line == line:
        return Reply(before.result, f"{one_line(before.write.sentence)}: it was sent already; nothing is sent again.")
    write = before.write if before is not None else make()
    if before is None and write.unseen is not None:
        raise write.unseen
    if before is None and write.twin is not None:  # sent by another kernel, or an earlier run of the notebook
        return Reply(write.existing(), f"{_exists(write)} Nothing was sent.")
    if (
        before is None and digest != write.digest and write.has_all_already
    ):  # done before: the digest was of what there was then
        return Reply(write.existing(), one_line(write.unchanged))
    if digest != write.digest or (before is not None and before.line != line):
        raise NotConfirmed(
            f"This is not the change with the digest {digest}: it, or what it changes, is another by now. Nothing was sent.",
            advice="Look at it again with --dry-run.",
        )
    ctx.sent_by_digest[place] = SentWrite(line, write)  # it holds its account, so that the id stays taken
    try:
        result = _sent(write, call)
    except HedyError as error:
        if not (
            isinstance(error, Offline) and error.sent
        ):  # where that is not known, the cell run again does not send it again
            del ctx.sent_by_digest[place]
        raise
    ctx.sent_by_digest[place] = SentWrite(line, write, result)
    return _done(write, result, _UNSHOWN if write.take_secret() else "")


def _exists(write: Write) -> str:
    ident = getattr(write.existing(), f"{write.kind}_id", None)
    what = (
        f'webhook to "{write.name}" with these events'
        if write.kind == "webhook"
        else f'{write.kind} "{write.name}" with these fields'
    )
    return one_line(f"There is a {what} already ({ident}).")


def _line(call: Call, body: str) -> tuple[object, ...]:
    """What *call* asks for, however its result is shown."""
    options = {flag: value for flag, value in call.options.items() if flag not in {"-o", "-q"}}
    return call.command.word, dict(call.arguments), options, list(call.every("--event")), body


def _sent(write: Write, call: Call) -> object:
    if write.words is None:
        return write.confirm()
    flag = _flag(write)
    try:
        return write.confirm(prompts.words(write, call.get(flag)))
    except NotConfirmed as error:
        raise NotConfirmed(error.message, advice=f"Add {flag} {quoted(confirmation.typeable(write))}.") from None


def _prompted(ctx: CommandContext, job: _Job) -> Reply:
    ask = prompts.careful(ctx.ask)
    if job.complete is not None:
        found = job.complete(ask)
        if found is None:
            return Reply(status=confirmation.CANCELLED)
        job = found
    while True:
        write = job.make()
        try:
            result = prompts.confirm(write, ask, ctx.say)
        except TargetChanged as error:
            ctx.say(f"\n{one_line(error.message)} This is how it is now:\n")
            continue
        return Reply(status=confirmation.CANCELLED) if result is None else _done(write, result)


def _done(write: Write, result: object, more: str = "") -> Reply:
    note = "" if write.changes_nothing else write.note
    return Reply(result, " ".join(filter(None, (one_line(write.outcome(result)), note, more))))


_UNSHOWN = (
    "Hedy gave a signing secret with it, which is not put into an output that is saved; "
    "to see it, delete the webhook and create it again in a form or a terminal."
)


# -- topics and contexts -----------------------------------------------------------------------------------------------


def _values(kind: Kind, call: Call) -> dict[str, object]:
    """The fields that the options of *call* give."""
    given: dict[str, object] = {name: call.options[flag] for flag, name in _FLAGS[kind].items() if call.has(flag)}
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
        values[label] = argument
    return _carried_out(ctx, call, _creation(ctx.hedy, kind, values))


def _creation(hedy: Hedy, kind: Kind, values: Mapping[str, object]) -> _Job:
    label = LABELS[kind]

    def make() -> Write:
        if label not in values:
            raise UsageError(f"A new {kind} needs a {label}.", advice=f'For example: %hedy {kind} new "Project Alpha"')
        create: Callable[..., Write] = hedy.create_topic if kind == "topic" else hedy.create_context
        return create(**values)

    def complete(ask: prompts.Ask) -> _Job | None:
        answer = prompts.missing(label.capitalize(), ask)
        return _creation(hedy, kind, {**values, label: answer}) if answer else None

    return _Job(make, lambda: _form(kind)(hedy, **values), None if label in values else complete)


def _edit(kind: Kind, ctx: CommandContext, call: Call) -> Reply:
    values = _values(kind, call)
    return _carried_out(
        ctx, call, _update(ctx.hedy, kind, call.arguments["WHICH"], values, is_again=call.has("--confirm"))
    )


def _update(hedy: Hedy, kind: Kind, which: str, values: Mapping[str, object], *, is_again: bool = False) -> _Job:
    """The edit of *which*; with *is_again* also of what has the new name and all other values already."""
    update: Callable[..., Write] = hedy.update_topic if kind == "topic" else hedy.update_context

    def make() -> Write:
        if not values:
            flags = [option.flag for option in (_TOPIC_OPTIONS if kind == "topic" else _CONTEXT_OPTIONS)]
            raise UsageError(f"Nothing says what to change of the {kind}.", advice=f"Options: {', '.join(flags)}.")
        try:
            return update(which, **values)
        except NotFound:
            renamed = _renamed(update, values.get(LABELS[kind]), values) if is_again else None
            if renamed is None:
                raise
            return renamed

    def complete(ask: prompts.Ask) -> _Job | None:
        given = prompts.missing_field(kind, ask)
        return _update(hedy, kind, which, given) if given else None

    return _Job(make, lambda: _form(kind)(hedy, which, **values), None if values else complete)


def _renamed(update: Callable[..., Write], name: object, values: Mapping[str, object]) -> Write | None:
    """The update of what is called *name*, the new name, where it has all *values* already."""
    try:
        write = update(name.strip(), **values) if isinstance(name, str) else None
    except (NotFound, UsageError):  # none, or two
        return None
    return write if write is not None and write.has_all_already else None


def _delete(kind: Kind, ctx: CommandContext, call: Call) -> Reply:
    hedy, which = ctx.hedy, call.arguments["WHICH"]
    delete = {"topic": hedy.delete_topic, "context": hedy.delete_context, "webhook": hedy.delete_webhook}[kind]
    return _carried_out(ctx, call, _Job(partial(delete, which), lambda: _form(kind)(hedy, which, delete=True)))


def _form(kind: Kind) -> Callable[..., Any]:
    from hedy_jupyter.widgets import builders

    return {"topic": builders.topic, "context": builders.context, "webhook": builders.webhook}[kind]


# -- webhooks ----------------------------------------------------------------------------------------------------------


def _webhook_new(ctx: CommandContext, call: Call) -> Reply:
    return _carried_out(ctx, call, _webhook(ctx.hedy, call.arguments.get("URL"), call.every("--event")))


def _webhook(hedy: Hedy, url: str | None, events: Iterable[str]) -> _Job:
    named = list(events)

    def make() -> Write:
        if url is None:
            raise UsageError(
                "A new webhook needs a URL.",
                advice="%hedy webhook new https://api.example.com/hedy --event session.ended",
            )
        return hedy.create_webhook(url, named)

    def complete(ask: prompts.Ask) -> _Job | None:
        answer = url or prompts.missing("URL", ask)
        if answer is None:
            return None
        webhook_url.destination(answer)
        chosen = named or prompts.missing_events(ask)
        return _webhook(hedy, answer, chosen) if chosen else None

    draft = {**({"url": url} if url else {}), **({"events": named} if named else {})}
    return _Job(make, lambda: _form("webhook")(hedy, **draft), None if url and named else complete)


def _manage(ctx: CommandContext, call: Call) -> Reply:
    if ctx.review_mode() != "form":
        raise UsageError(
            "%hedy manage needs a notebook.", advice="Here: %hedy topics, then %hedy topic new, edit or delete."
        )
    from hedy_jupyter.widgets import manager

    return Reply(manager.manager(ctx.hedy))


# -- the cell magics ---------------------------------------------------------------------------------------------------


def cell(kind: Kind, ctx: CommandContext, call: Call, body: str) -> Reply:
    """``%%hedy_topic`` and ``%%hedy_context``: *body*, taken literally, is the new text of the one that the line names.

    An existing name or title is an edit, a new one a creation, and what is there already is left alone.
    """
    text = _LAST_LINE_END.sub("", body)
    label, field = LABELS[kind], "topic_context" if kind == "topic" else "content"
    name, ident = call.arguments.get(label.upper()), call.get("--id")
    wrong = fields.problem(kind, field, text)
    if wrong:
        raise UsageError(wrong, advice="Nothing was sent; the text is still in the cell.")
    if name is None and ident is None:
        raise UsageError(f"Which {kind}?", advice=f'%%hedy_{kind} "{label.capitalize()}"')
    values: dict[str, object] = {field: text, **({"is_default": True} if call.has("--default") else {})}
    make = partial(_cell_write, ctx.hedy, kind, name, ident, values)
    if (id(ctx.hedy), call.get("--confirm")) in ctx.sent_by_digest:
        return _confirmed(ctx, call, make, text)
    write = make()
    if write.changes_nothing:
        line = f'Unchanged: the {kind} "{one_line(write.name)}" is as the cell says; nothing was sent.'
        return Reply(write.confirm() if call.has("-o") else None, line)
    named = {} if name is None else {label: name}
    target = [] if write.target is None else [write.target]
    return _carried_out(
        ctx, call, _Job(make, lambda: _form(kind)(ctx.hedy, *target, review=True, **values, **named)), text
    )


def _cell_write(hedy: Hedy, kind: Kind, name: str | None, ident: str | None, values: Mapping[str, object]) -> Write:
    """The edit of the one with the id *ident*, else of the one called *name*; where there is none its creation."""
    named: dict[str, Any] = {} if name is None else {LABELS[kind]: name}
    update: Callable[..., Write] = hedy.update_topic if kind == "topic" else hedy.update_context
    if ident is not None:
        return update(ident, **values, **named)
    try:
        return update(name, **values)
    except NotFound:
        create: Callable[..., Write] = hedy.create_topic if kind == "topic" else hedy.create_context
        return create(**named, **values)


# -- the table ---------------------------------------------------------------------------------------------------------

_SENDING = (
    Option("--dry-run", "print the review and what would confirm it; sends nothing"),
    Option("--confirm", "send exactly the change that a dry run showed", "DIGEST"),
)
_SURE = Option("--name", "the exact name, for --confirm", "N")
_TOPIC_OPTIONS = (
    Option("--name", "1 to 100 characters", "N"),
    Option("--description", "up to 500 characters", "T"),
    Option("--color", "#RRGGBB", "C"),
    Option("--icon", "the name of a Material icon", "I"),
    Option("--instructions", "custom instructions, up to 20,000 characters", "T"),
)
_CONTEXT_OPTIONS = (
    Option("--title", "1 to 200 characters", "T"),
    Option("--content", "up to 20,000 characters", "T"),
    Option("--default", "the one for new meetings, in place of the one that is"),
)
_EVENT = Option("--event", "what it gets; may be repeated", "E", source="|".join(fields.EVENTS), many=True)
_HOST = Option("--host", "the exact destination host, for --confirm", "H")


def _which(source: str) -> tuple[Argument, ...]:
    return (Argument("WHICH", source=source, rest=True),)


def _row(
    word: str,
    run: Callable[[CommandContext, Call], Reply],
    text: str,
    arguments: tuple[Argument, ...],
    *options: Option,
) -> Command:
    return Command(word, run, text, arguments, options + _SENDING, reads=False)


WRITE_COMMANDS = (
    _row(
        "topic new",
        partial(_new, "topic"),
        "a form for a new topic",
        (Argument("NAME", optional=True, rest=True),),
        *_TOPIC_OPTIONS,
    ),
    _row(
        "topic edit",
        partial(_edit, "topic"),
        "a form for a topic, by id or exact name",
        _which("topics"),
        *_TOPIC_OPTIONS,
    ),
    _row("topic delete", partial(_delete, "topic"), "deletes a topic, after asking twice", _which("topics"), _SURE),
    _row(
        "context new",
        partial(_new, "context"),
        "a form for a new context",
        (Argument("TITLE", optional=True, rest=True),),
        *_CONTEXT_OPTIONS,
    ),
    _row(
        "context edit",
        partial(_edit, "context"),
        "a form for a context, by id or exact title",
        _which("contexts"),
        *_CONTEXT_OPTIONS,
    ),
    _row(
        "context delete",
        partial(_delete, "context"),
        "deletes a context, after asking twice",
        _which("contexts"),
        _SURE,
    ),
    _row("webhook new", _webhook_new, "a form for a new webhook", (Argument("URL", optional=True),), _EVENT, _HOST),
    _row(
        "webhook delete",
        partial(_delete, "webhook"),
        "deletes a webhook, by id or exact URL, after asking twice",
        _which("webhooks"),
        _SURE,
    ),
    Command("manage", _manage, "lists, creates, edits and deletes topics, contexts and webhooks", reads=False),
)


def _cell_only(ctx: CommandContext, call: Call) -> Reply:
    raise UsageError(f"{call.command.name} is a cell magic: the text stands in the lines below it.")


CELLS: Mapping[Kind, Command] = {
    "topic": Command(
        "hedy_topic",
        _cell_only,
        "the cell is the new text of a topic's instructions",
        (Argument("NAME", optional=True, source="topics", rest=True),),
        (Option("--id", "the topic, where its name is to change or is not unique", "ID"), *_SENDING),
        reads=False,
        cell=True,
    ),
    "context": Command(
        "hedy_context",
        _cell_only,
        "the cell is the new content of a context",
        (Argument("TITLE", optional=True, source="contexts", rest=True),),
        (
            _CONTEXT_OPTIONS[-1],
            Option("--id", "the context, where its title is to change or is not unique", "ID"),
            *_SENDING,
        ),
        reads=False,
        cell=True,
    ),
}
