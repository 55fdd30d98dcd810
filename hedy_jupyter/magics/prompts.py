"""The review of a write as text, with prompts: what terminal IPython has in place of a form.

An empty answer cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hedy_jupyter.changes.change import Kind
from hedy_jupyter.changes.confirmation import CANCELLED, typeable
from hedy_jupyter.changes.fields import EVENTS, FIELDS, carries
from hedy_jupyter.display import render
from hedy_jupyter.errors import NotConfirmed, UsageError
from hedy_jupyter.magics.line import refuse_keys
from hedy_jupyter.text.clean import one_line

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write

Ask = Callable[[str], str]
_DELETED_BY: Mapping[str, str] = {"topic": "name", "context": "title", "webhook": "URL"}


def careful(ask: Ask) -> Ask:
    """*ask* that takes the end of the input (Ctrl-D) as an empty answer, and refuses keys."""

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


def confirm(write: Write, ask: Ask, say: Callable[[str], None]) -> Any:
    """Show *write*, ask, and send it after a yes; None where it was cancelled.

    Raises:
        HedyError: what ``write.confirm`` raises, NotConfirmed for the wrong words among it.
    """
    say(render.text(write.page()))
    if write.changes_nothing:
        return write.confirm()
    if not _yes(ask(f"{one_line(write.sentence)}? Type yes, or nothing to cancel: ")):
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
    """The words of the second confirmation; empty where they are not given."""
    if write.action == "delete":
        wanted = typeable(write)
        hint = "" if wanted == write.words else f" ({wanted})"
        return ask(f"Are you sure? Type the {_DELETED_BY[write.kind]} to delete{hint}: ")
    say(f"\nDestination host:\n\n    {write.words}\n")
    agreed = all(_yes(ask(f"{question} Type yes: ")) for question in _webhook_questions(write))
    return ask("Type the host: ") if agreed else ""


def words(write: Write, typed: str | None) -> str | None:
    """The words for ``confirm`` behind what was *typed*."""
    return write.words if typed == typeable(write) else typed


def missing(name: str, ask: Ask) -> str | None:
    """The required field *name*, asked for; None where the answer is empty."""
    return ask(f"{name} (nothing cancels): ").strip() or None


def missing_field(kind: Kind, ask: Ask) -> dict[str, object]:
    """One field to change and its new value, asked for; empty where an answer is.

    Raises:
        UsageError: *kind* has no such field.
    """
    fields = {field.label.casefold(): field for field in FIELDS[kind]}
    labels = ", ".join(field.label for field in fields.values())
    answer = missing(f"Change what? {labels}", ask)
    if answer is None:
        return {}
    field = fields.get(answer.casefold())
    if field is None:
        raise UsageError(f"A {kind} has no {answer!r}.", advice=f"It has: {labels}.")
    if field.flag:
        return {field.name: True} if _yes(ask(f"Make it the {field.label.lower()}? Type yes: ")) else {}
    value = missing(f"New {field.label.lower()}", ask)
    return {field.name: value} if value else {}


def missing_events(ask: Ask) -> list[str]:
    """The events of a new webhook, asked for one by one."""
    return [event for event, carries in EVENTS.items() if _yes(ask(f"Send {event} ({carries})? Type yes: "))]


def _webhook_questions(write: Write) -> list[str]:
    events = write.body.get("events")
    named = [f"{event} ({carries(str(event))})" for event in events] if isinstance(events, list) else []
    return [
        "Is this the right host?",
        f"Shall it get {', '.join(named)}?",
        "Meeting data will leave Hedy. Is that meant?",
    ]


def _yes(answer: str) -> bool:
    return answer.strip().lower() in {"y", "yes"}
