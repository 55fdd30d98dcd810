"""The prompts of a write in terminal IPython, in place of a form: missing values, review, confirmation.

An empty answer cancels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hedy_jupyter.changes import webhook_url
from hedy_jupyter.changes.change import LABEL_WORDS, Kind
from hedy_jupyter.changes.confirmation import CANCELLED, typeable
from hedy_jupyter.changes.fields import EVENTS, FIELDS, carries
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.display import render
from hedy_jupyter.errors import NotConfirmed, UsageError
from hedy_jupyter.magics.line import refuse_keys
from hedy_jupyter.text.clean import one_line

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write

Ask = Callable[[str], str]


def guarded(ask: Ask) -> Ask:
    """Return *ask* made safe: Ctrl-D is an empty answer, and an answer with an API key is refused."""

    def asked(question: str) -> str:
        try:
            answer = ask(question)
        except EOFError:
            return ""
        except KeyboardInterrupt as stop:
            stop._render_traceback_ = lambda: [f"KeyboardInterrupt: {CANCELLED}"]  # type: ignore[attr-defined]  # IPython's hook
            raise
        refuse_keys(answer)
        return answer

    return asked


def completed(request: WriteRequest, ask: Ask) -> WriteRequest | None:
    """Return *request* with the values that it still needs, asked for; None if the user cancels.

    Raises:
        UsageError: the answer names no field, or a URL that no webhook may have.
    """
    if request.action == "update" and not request.values:
        changed = _ask_for_change(request.kind, ask)
        return replace(request, values=changed) if changed else None
    if request.missing:
        label = LABEL_WORDS[request.kind]
        answer = _ask_for(f"{label[0].upper()}{label[1:]}", ask)
        if answer is None:
            return None
        request = request.with_values(**{request.missing: answer})
    if request.kind == "webhook" and request.action == "create" and not request.values.get("events"):
        webhook_url.destination(str(request.values["url"]))
        events = [event for event, carried in EVENTS.items() if _is_yes(ask(f"Send {event} ({carried})? Type yes: "))]
        return request.with_values(events=events) if events else None
    return request


def confirm(write: Write, ask: Ask, say: Callable[[str], None]) -> Any:
    """Show *write*, ask, and send it once it is confirmed.

    Returns:
        What ``write.confirm`` returns; None if the user cancels.

    Raises:
        HedyError: what ``write.confirm`` raises, such as `NotConfirmed` for the wrong words.
    """
    say(render.text(write.page()))
    if write.changes_nothing:
        return write.confirm()
    if not _is_yes(ask(f"{one_line(write.sentence)}? Type yes, or leave it empty to cancel: ")):
        return None
    if write.words is None:
        return write.confirm()
    typed = _typed(write, ask, say)
    if not typed.strip():
        return None
    try:
        result = write.confirm(words(write, typed))
    except NotConfirmed as error:
        raise NotConfirmed(error.message, advice="Run the line again, and type it exactly as it is shown.") from None
    secret = write.take_secret()
    if secret is not None:  # a terminal keeps no output
        say(f"The signing secret, shown this once: {secret}")
    return result


def _typed(write: Write, ask: Ask, say: Callable[[str], None]) -> str:
    """Return the typed words of the second confirmation; empty if the user cancels."""
    if write.action == "delete":
        expected = typeable(write)
        hint = "" if expected == write.words else f" ({expected})"
        return ask(f"Are you sure? Type the {LABEL_WORDS[write.kind]} to delete{hint}: ")
    say(f"\nDestination host:\n\n    {write.words}\n")
    agreed = all(_is_yes(ask(f"{question} Type yes: ")) for question in _webhook_questions(write))
    return ask("Type the host: ") if agreed else ""


def words(write: Write, typed: str | None) -> str | None:
    """Return the exact words for ``write.confirm``; *typed* may be their form that a keyboard can type."""
    return write.words if typed == typeable(write) else typed


def _ask_for(name: str, ask: Ask) -> str | None:
    """Return the answer for the required field *name*; None if it is empty."""
    return ask(f"{name} (empty cancels): ").strip() or None


def _ask_for_change(kind: Kind, ask: Ask) -> dict[str, object]:
    """Return one field to change and its new value, asked for; empty if an answer is.

    Raises:
        UsageError: *kind* has no such field.
    """
    fields = {field.label.casefold(): field for field in FIELDS[kind]}
    labels = ", ".join(field.label for field in fields.values())
    answer = _ask_for(f"Which field? {labels}", ask)
    if answer is None:
        return {}
    field = fields.get(answer.casefold())
    if field is None:
        raise UsageError(f"A {kind} has no field {answer!r}.", advice=f"Fields: {labels}.")
    if field.flag:
        return {field.name: True} if _is_yes(ask(f"Make it the {field.label.lower()}? Type yes: ")) else {}
    value = _ask_for(f"New {field.label.lower()}", ask)
    return {field.name: value} if value else {}


def _webhook_questions(write: Write) -> list[str]:
    events = write.body.get("events")
    named = [f"{event} ({carries(str(event))})" for event in events] if isinstance(events, list) else []
    return [
        "Is this the right host?",
        f"Send it {', '.join(named)}?",
        "Meeting data will leave Hedy. Is that intended?",
    ]


def _is_yes(answer: str) -> bool:
    return answer.strip().lower() in {"y", "yes"}
