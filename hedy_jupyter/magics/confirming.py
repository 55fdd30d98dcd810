"""Confirm a write from ``%hedy``: by a form, by prompts, or by ``--dry-run`` and then ``--confirm DIGEST``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from hedy_jupyter.account.change_card import CODE_CALL
from hedy_jupyter.account.next_command import of_written
from hedy_jupyter.changes import confirmation, fields
from hedy_jupyter.changes.change import LABELS, Kind
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.errors import HedyError, NotConfirmed, NotFound, Offline, TargetChanged, UsageError
from hedy_jupyter.lazy import at_first_use
from hedy_jupyter.magics.command import Call, Option, Reply
from hedy_jupyter.magics.context import SentWrite
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.quoting import quoted

if TYPE_CHECKING:
    from hedy_jupyter.account import changes
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.display import render
    from hedy_jupyter.magics import prompts
    from hedy_jupyter.magics.context import CommandContext
else:
    changes = at_first_use("hedy_jupyter.account.changes")
    render = at_first_use("hedy_jupyter.display.render")
    prompts = at_first_use("hedy_jupyter.magics.prompts")

CONFIRM_OPTIONS = (
    Option("--dry-run", "Print the review and how to confirm it, and send nothing."),
    Option("--confirm", "Send exactly the change that a dry run showed.", "DIGEST"),
)
_EXAMPLES: dict[Kind, str] = {
    "topic": 'For example: %hedy topic new "Project Alpha"',
    "context": 'For example: %hedy context new "Sales calls"',
    "webhook": "For example: %hedy webhook new https://api.example.com/hedy --event session.ended",
}
_NOT_SHOWN = (
    "Hedy returned a signing secret, which is not put into output that is saved; "
    "to see it, delete the webhook and create it again in a form or a terminal."
)


def carry_out(ctx: CommandContext, call: Call, request: WriteRequest, *, body: str = "", review: bool = False) -> Reply:
    """Show *request* for review, or send it if *call* confirms it.

    Args:
        ctx: decides between form and prompts.
        call: holds ``--dry-run`` or ``--confirm``, if given.
        request: what to write.
        body: the text of a cell magic.
        review: begin a form with its review.

    Raises:
        UsageError: both flags, or neither in a session that is not interactive.
        HedyError: the write can't be made or sent.
    """
    if call.has("--dry-run") and call.has("--confirm"):
        raise UsageError("Use either --dry-run or --confirm, not both.")
    if call.has("--dry-run"):
        return _dry_run(ctx, call, prepare(ctx.hedy, request))
    if call.has("--confirm"):
        return confirm_digest(ctx, call, lambda: _prepare_again(ctx.hedy, request), body)
    mode = ctx.review_mode()
    if mode == "form":
        from hedy_jupyter.widgets import builders

        return Reply(builders.open_form(ctx.hedy, request, review=review))
    if mode == "terminal":
        return _prompt(ctx, request)
    if request.kind != "webhook":
        fields.body(request.kind, request.values)  # raises where a value is wrong
    raise UsageError(
        "This session is not interactive, so the change can't be confirmed here.",
        advice="Run the line with --dry-run, read the review, then run it with --confirm DIGEST.",
    )


def prepare(hedy: Hedy, request: WriteRequest) -> Write:
    """Return the write of *request*.

    Raises:
        UsageError: a required value is missing; the advice is a command line.
        HedyError: what ``account.changes.prepare`` raises.
    """
    request.check(advice=_EXAMPLES[request.kind])
    return changes.prepare(hedy.connection, request)


def _prepare_again(hedy: Hedy, request: WriteRequest) -> Write:
    """Return the write of *request*; its target may have the requested name and values already."""
    try:
        return prepare(hedy, request)
    except NotFound:
        renamed = _renamed(hedy, request) if request.action == "update" else None
        if renamed is None:
            raise
        return renamed


def _renamed(hedy: Hedy, request: WriteRequest) -> Write | None:
    """Return the update of what has the new name already, if it has all other values too."""
    name = request.values.get(LABELS[request.kind])
    if not isinstance(name, str):
        return None
    try:
        write = changes.update(hedy.connection, request.kind, name.strip(), request.values)
    except (NotFound, UsageError):  # no such name, or two
        return None
    return write if write.has_all_already else None


# -- dry run and digest ------------------------------------------------------------------------------------------------


def _dry_run(ctx: CommandContext, call: Call, write: Write) -> Reply:
    earlier = ctx.sent_by_digest.get((id(ctx.hedy), write.digest))
    # what was sent has been undone since then, so that the same change may be sent again
    if earlier is not None and earlier.write.warnings == write.warnings:
        del ctx.sent_by_digest[id(ctx.hedy), write.digest]
    if call.has("-o"):
        return Reply(write)
    ctx.say(_review(write))
    return Reply()


def _review(write: Write) -> str:
    card = write.page()
    page = render.text(replace(card, facts=[fact for fact in card.facts if fact.label != CODE_CALL]))
    if write.changes_nothing:
        return f"{page}\n\nUnchanged: there is nothing to send."
    if write.twin is not None:
        return f"{page}\n\n{_exists_already(write)} --confirm would send nothing."
    flags = f"--confirm {write.digest}"
    if write.words is not None:
        flags += f" {_words_flag(write)} {quoted(confirmation.typeable(write))}"
    return f"{page}\n\nNothing was sent. To send exactly this, replace --dry-run by:\n{flags}"


def _words_flag(write: Write) -> str:
    """Return the option that takes the words of the second confirmation."""
    return "--name" if write.action == "delete" else "--host"


def confirm_digest(ctx: CommandContext, call: Call, make: Callable[[], Write], body: str) -> Reply:
    """Send exactly what was reviewed; a cell that is run again gives the first result and sends nothing.

    Args:
        ctx: keeps what was sent.
        call: holds ``--confirm DIGEST``.
        make: makes the write if nothing with that digest was sent yet.
        body: the text of a cell magic.

    Raises:
        NotConfirmed: the digest is that of another change, or the second confirmation is wrong; nothing was sent.
        HedyError: what the server refuses the write with.
    """
    digest = call.options["--confirm"]
    key, line = (id(ctx.hedy), digest), _line(call, body)
    earlier = ctx.sent_by_digest.get(key)
    if earlier is not None and earlier.result is not None and earlier.line == line:
        line_of_it = f"{one_line(earlier.write.sentence)}: already sent; nothing is sent again."
        return _reply(earlier.write, earlier.result, line_of_it)
    write = earlier.write if earlier is not None else make()
    if earlier is None and (done := _done_before(write, digest)) is not None:
        return done
    if digest != write.digest or (earlier is not None and earlier.line != line):
        raise NotConfirmed(
            f"The digest {digest} does not match: the change or its target differs from what was reviewed. "
            "Nothing was sent.",
            advice="Review it again with --dry-run.",
        )
    ctx.sent_by_digest[key] = SentWrite(line, write)  # it holds its account, so that the id stays taken
    try:
        result = _confirm(write, call)
    except HedyError as error:
        # where the outcome is unknown, the cell run again must not send it again
        if not (isinstance(error, Offline) and error.sent):
            del ctx.sent_by_digest[key]
        raise
    ctx.sent_by_digest[key] = SentWrite(line, write, result)
    return _done(write, result, _NOT_SHOWN if write.take_secret() else "")


def _done_before(write: Write, digest: str) -> Reply | None:
    """Return the reply for a write that another kernel or an earlier run has sent; None where nothing has."""
    if write.unseen is not None:
        raise write.unseen
    if write.twin is not None:
        return _reply(write, write.existing(), f"{_exists_already(write)} Nothing was sent.")
    if digest != write.digest and write.has_all_already:  # the digest was of what there was before
        return _reply(write, write.existing(), one_line(write.unchanged))
    return None


def _exists_already(write: Write) -> str:
    ident = getattr(write.existing(), f"{write.kind}_id", None)
    if write.kind == "webhook":
        return one_line(f'A webhook to "{write.name}" with these events exists already ({ident}).')
    return one_line(f'A {write.kind} "{write.name}" with these fields exists already ({ident}).')


def _line(call: Call, body: str) -> tuple[object, ...]:
    """Return what *call* asks for, however its result is shown."""
    options = {flag: value for flag, value in call.options.items() if flag not in {"-o", "-q"}}
    return call.command.word, dict(call.arguments), options, list(call.every("--event")), body


def _confirm(write: Write, call: Call) -> object:
    if write.words is None:
        return write.confirm()
    flag = _words_flag(write)
    try:
        return write.confirm(prompts.words(write, call.get(flag)))
    except NotConfirmed as error:
        raise NotConfirmed(error.message, advice=f"Add {flag} {quoted(confirmation.typeable(write))}.") from None


# -- prompts -----------------------------------------------------------------------------------------------------------


def _prompt(ctx: CommandContext, request: WriteRequest) -> Reply:
    ask = prompts.guarded(ctx.ask)
    complete = prompts.completed(request, ask)
    if complete is None:
        return Reply(status=confirmation.CANCELLED)
    while True:
        write = prepare(ctx.hedy, complete)
        try:
            result = prompts.confirm(write, ask, ctx.say)
        except TargetChanged as error:
            ctx.say(f"\n{one_line(error.message)} It is now:\n")
            continue
        return Reply(status=confirmation.CANCELLED) if result is None else _done(write, result)


def _done(write: Write, result: object, more: str = "") -> Reply:
    note = "" if write.changes_nothing else write.note
    return _reply(write, result, " ".join(filter(None, (one_line(write.outcome(result)), note, more))))


def _reply(write: Write, result: object, line: str) -> Reply:
    """Return *result* with *line*, and what to type to see it."""
    ident = None if write.action == "delete" else getattr(result, f"{write.kind}_id", None)
    return Reply(result, line, next_step=of_written(write.kind, ident))
