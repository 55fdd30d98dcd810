"""What to type next, after each command: a line that runs as it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from hedy_jupyter.account.next_command import command, of_list
from hedy_jupyter.errors import HedyError, NoKey
from hedy_jupyter.magics.command import Call, Command, Reply
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.filter_options import NARROWING
from hedy_jupyter.text.quoting import as_word

_READERS: Mapping[str, str] = MappingProxyType({"csv": "read_csv", "json": "read_json", "xlsx": "read_excel"})
"""Format of an export → the function of pandas that reads one kind of it back."""
_STDOUT = "-"
_ARCHIVED = "--source archive"
_PROGRAMS: Mapping[str, str] = MappingProxyType(
    {"html": " in a browser", "ics": " in a calendar", "vault": " as a vault of Obsidian"}
)
"""Format of an export → what it is opened with."""


class _Done(NamedTuple):
    """A command that has run, and its value."""

    ctx: CommandContext
    call: Call
    value: Any


def with_next(ctx: CommandContext, call: Call, reply: Reply, commands: Mapping[str, Command]) -> Reply:
    """Return *reply* with what to type next, also where its command has not named that.

    *commands* are all of them by their words: where the line reads from the archive, so does the next one.
    """
    if reply.page is not None or (reply.value is None and not reply.status):  # help says it itself
        return reply
    step = reply.next_step or (of_list(reply.view, reply.value) if reply.view else "")
    if not step:
        with suppress(HedyError):  # the command itself has been done
            found = _STEPS.get(call.command.word, "")
            step = found(_Done(ctx, call, reply.value)) if callable(found) else command(found) if found else ""
    if call.get("--source") == "archive" and _reads_archive(step, commands):
        step += f" {_ARCHIVED}"
    return replace(reply, next_step=step)


def _reads_archive(step: str, commands: Mapping[str, Command]) -> bool:
    """Return whether *step* is a command that can read from the archive, and does not say so yet."""
    words = step.split()
    found = commands.get(words[1]) if words[:1] == ["%hedy"] and len(words) > 1 else None
    return found is not None and found.archived and _ARCHIVED not in step


def _without_filters(done: _Done) -> str:
    """Return the list without what has left its rows out; where that is all there is, whose account it is."""
    is_narrowed = any(map(done.call.has, (*NARROWING, "--open", "--done", "--overdue", "--kind", "--event")))
    return command(done.call.command.word if is_narrowed or done.call.arguments else "me")


def _status(done: _Done) -> str:
    try:
        return command("sessions" if done.ctx.hedy else "login")
    except NoKey:
        return command("demo")


def _demo(done: _Done) -> str:
    is_fault = done.call.arguments.get("ACTION") == "fault" and done.call.arguments.get("NAME") != "off"
    return command("demo fault off" if is_fault else "sessions")


def _context(done: _Done) -> str:
    context = done.value
    edit = "" if context.is_default else command("context edit", context.context_id)
    return f"{edit} --default --dry-run" if edit else command("contexts")


def _report(done: _Done) -> str:
    chosen = [(flag, text) for flag in ("--topic", "--not-topic", "--text") for text in done.call.every(flag)]
    return " ".join([command("todos --overdue"), *(f"{flag} {as_word(text)}" for flag, text in chosen)])


def _search(done: _Done) -> str:
    """Return what to type after a search without a hit."""
    if not done.value.attrs["archive"]["sessions"]:
        return command("sync")
    typed = done.call.arguments["TEXT"].split()
    near = [word for piece in typed for word in done.ctx.hedy.archive.similar_words(piece)[:1]]
    return command("search", near[0]) if near else command("sessions --source archive")


def _webhooks(done: _Done) -> str:
    if done.value.empty:
        return command("webhook new")
    return command("events" if done.ctx.hedy.archive.exists else "sync")


def _archive(done: _Done) -> str:
    return command("coverage" if done.ctx.hedy.archive.exists else "sync")


def _export(done: _Done) -> str:
    form, path = done.call.arguments["FORM"], done.call.arguments["PATH"]
    if path == _STDOUT:
        return command("export", form, f"meetings.{form}") + f" {done.call.arguments.get('KIND', '')}".rstrip()
    if form == "parquet":
        return f"pd.read_parquet({str(Path(path) / 'kind=sessions')!r})"
    if form in _READERS and (form == "xlsx" or len(done.call.arguments.get("KIND", "").split()) == 1):
        return f"pd.{_READERS[form]}({path!r})"
    return f"open {path}{_PROGRAMS.get(form, '')}"


_STEPS: Mapping[str, str | Callable[[_Done], str]] = MappingProxyType(
    {
        "": _status,
        "logout": "login",
        "login": "me",
        "use": "me",
        "demo": _demo,
        "me": "sessions",
        **dict.fromkeys(("sessions", "highlights", "todos", "decisions", "speakers", "related"), _without_filters),
        "browse": "session last",
        "topics": "topic new",
        "contexts": "context new",
        "context": _context,
        "webhooks": _webhooks,
        "manage": "topics",
        "sync": "sessions --source archive",
        "search": _search,
        "coverage": "sync",
        "archive": _archive,
        "events": "webhooks",
        "watch": "events",
        "speakers rename": "speakers",
        "report": _report,
        "export": _export,
        "display": "sessions",
        "log": "me",
    }
)
"""Command → what to type after it, or what returns that. A list that has rows leads on from its first row instead."""
