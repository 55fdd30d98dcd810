"""The reading commands of ``%hedy``: sessions, highlights, todos, topics, contexts and webhooks."""

from __future__ import annotations

import pandas as pd

from hedy_jupyter.account.reading import LIMIT, Status
from hedy_jupyter.account.transcript import Transcript
from hedy_jupyter.errors import UsageError
from hedy_jupyter.kinds import CONTEXT, HIGHLIGHT, SESSION, TODO, TOPIC, WEBHOOK
from hedy_jupyter.magics.command import AS, SINCE, UNTIL, Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.status import read_line
from hedy_jupyter.magics.text_forms import in_form
from hedy_jupyter.text.phrasing import counted


def _sessions(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.sessions(
        _limit(call),
        topic=call.every("--topic") or None,
        since=call.get("--since"),
        until=call.get("--until"),
        details=call.has("--details"),
        source=call.source,
        refresh=call.refresh,
    )
    return Reply(frame, read_line(ctx.hedy, frame, SESSION, call), view="sessions")


def _session(ctx: CommandContext, call: Call) -> Reply:
    which = ctx.whole_id(call.arguments["WHICH"])
    return Reply(in_form(ctx.hedy.session(which, source=call.source, refresh=call.refresh), call))


def _transcript(ctx: CommandContext, call: Call) -> Reply:
    which = ctx.whole_id(call.arguments["WHICH"])
    session = ctx.hedy.session(which, source=call.source, refresh=call.refresh)
    find = call.get("--find") or ""
    text = Transcript((session.transcript or "") if call.has("--raw") else session.text, find)
    if not text:
        return Reply(text, "This session has no transcript yet.")
    if not find:
        return Reply(text)
    hits, lines = text.hits()
    return Reply(text, f"{counted(hits, 'hit')} in {counted(lines, 'line')}" if hits else f"{find!r} does not occur.")


def _browse(ctx: CommandContext, call: Call) -> Reply:
    source = None if call.get("--source") in (None, "auto") else call.source
    if ctx.review_mode() != "form":
        raise UsageError(
            "%hedy browse needs a notebook whose widgets can be clicked.",
            advice="Here: %hedy sessions, then %hedy session last, or %hedy transcript last --find WORDS.",
        )
    from hedy_jupyter.widgets import browser

    return Reply(browser.browser(ctx.hedy, source=source))


def _highlights(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.highlights(
        _limit(call),
        session=call.get("--session"),
        details=call.has("--details"),
        source=call.source,
        refresh=call.refresh,
    )
    return Reply(frame, read_line(ctx.hedy, frame, HIGHLIGHT, call), view="highlights")


def _highlight(ctx: CommandContext, call: Call) -> Reply:
    ident = ctx.whole_id(call.arguments["ID"])
    return Reply(ctx.hedy.highlight(ident, source=call.source, refresh=call.refresh))


def _todos(ctx: CommandContext, call: Call) -> Reply:
    _not_both(call, "--open", "--done")
    _not_both(call, "--overdue", "--done")
    session, topic = call.get("--session"), call.every("--topic") or None
    if call.has("--overdue"):
        late = ctx.hedy.overdue(topic, session=session, source=call.source, refresh=call.refresh)
        return Reply(late, read_line(ctx.hedy, late, TODO, call, "overdue") + _without_a_day(late), view="overdue")
    status: Status = "open" if call.has("--open") else "done" if call.has("--done") else "all"
    frame = ctx.hedy.todos(status, session=session, topic=topic, source=call.source, refresh=call.refresh)
    return Reply(frame, read_line(ctx.hedy, frame, TODO, call, "" if status == "all" else status), view="todos")


def _without_a_day(frame: pd.DataFrame) -> str:
    due = frame.attrs.get("due", {})
    unknown, undated = due.get("unknown_meetings", 0), due.get("undated", 0)
    parts = [f"{unknown} with an unknown meeting, so without a day"] * bool(unknown)
    parts += [f"{undated} open ones without an exact due day"] * bool(undated)
    return "".join(f" · {part}" for part in parts)


def _todo(ctx: CommandContext, call: Call) -> Reply:
    ident = ctx.whole_id(call.arguments["TODO"])
    return Reply(ctx.hedy.todo(call.arguments["SESSION"], ident, source=call.source, refresh=call.refresh))


def _topics(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.topics(source=call.source, refresh=call.refresh)
    return Reply(frame, read_line(ctx.hedy, frame, TOPIC, call), view="topics")


def _topic(ctx: CommandContext, call: Call) -> Reply:
    return Reply(in_form(ctx.hedy.topic(call.arguments["WHICH"], source=call.source, refresh=call.refresh), call))


def _contexts(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.contexts(source=call.source, refresh=call.refresh)
    return Reply(frame, read_line(ctx.hedy, frame, CONTEXT, call), view="contexts")


def _context(ctx: CommandContext, call: Call) -> Reply:
    return Reply(ctx.hedy.context(call.arguments["WHICH"], source=call.source, refresh=call.refresh))


def _webhooks(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.webhooks(refresh=call.refresh)
    return Reply(frame, read_line(ctx.hedy, frame, WEBHOOK, call), view="webhooks")


def _limit(call: Call) -> int | None:
    _not_both(call, "--limit", "--all")
    return None if call.has("--all") else call.number("--limit", LIMIT)


def _not_both(call: Call, one: str, other: str) -> None:
    if call.has(one) and call.has(other):
        raise UsageError(f"Use either {one} or {other}, not both.", advice=f"Usage: {call.command.usage}")


_SOURCES = "auto|archive|live"

_LIMIT = Option("--limit", "how many, newest first (100)", "N")

_ALL = Option("--all", "the complete history, from every endpoint that lists sessions")

_TOPIC = Option("--topic", "only those of this topic; may be repeated", "T", source="topics", many=True)

_SESSION = Option("--session", "only those of this session", "WHICH", source="sessions")

_DETAILS = Option("--details", "with every field; one more request each")

_SINCE = Option("--since", "that start then or later: 2026-03-15, 2026-03, 7d, last tuesday", "D", source=SINCE.source)

_UNTIL = Option("--until", "that start then or before; a bare day or month counts whole", "D", source=UNTIL.source)

READING_COMMANDS = (
    Command(
        "sessions",
        _sessions,
        "sessions as a DataFrame",
        options=(_LIMIT, _ALL, _TOPIC, _SINCE, _UNTIL, _DETAILS),
        archived=True,
    ),
    Command(
        "session",
        _session,
        "one session with everything in it",
        (Argument("WHICH", source="sessions", rest=True),),
        (AS,),
        archived=True,
    ),
    Command(
        "transcript",
        _transcript,
        "the transcript of a session, the cleaned one if there is one",
        (Argument("WHICH", source="sessions", rest=True),),
        (
            Option("--raw", "as it was heard, not cleaned"),
            Option("--find", "mark these words and list the lines that have them", "TEXT"),
        ),
        archived=True,
    ),
    Command(
        "browse",
        _browse,
        "a widget that lists, filters, searches and reads meetings",
        options=(
            Option("--source", "archive or live; auto is the archive where it holds a meeting", "SOURCE", _SOURCES),
        ),
        reads=False,
    ),
    Command(
        "highlights",
        _highlights,
        "highlights as a DataFrame",
        options=(_LIMIT, _ALL, _SESSION, _DETAILS),
        archived=True,
    ),
    Command("highlight", _highlight, "one highlight with all its fields", (Argument("ID"),), archived=True),
    Command(
        "todos",
        _todos,
        "todos over all sessions as a DataFrame",
        options=(
            Option("--open", "only what is open"),
            Option("--done", "only what is done"),
            Option("--overdue", "only what is open and late, the latest first"),
            _SESSION,
            _TOPIC,
        ),
        archived=True,
    ),
    Command(
        "todo",
        _todo,
        "one todo of one session",
        (Argument("SESSION", source="sessions"), Argument("TODO")),
        archived=True,
    ),
    Command("topics", _topics, "topics as a DataFrame", archived=True),
    Command(
        "topic",
        _topic,
        "one topic with its instructions and overview",
        (Argument("WHICH", source="topics", rest=True),),
        (AS,),
        archived=True,
    ),
    Command("contexts", _contexts, "session contexts as a DataFrame", archived=True),
    Command(
        "context", _context, "one session context", (Argument("WHICH", source="contexts", rest=True),), archived=True
    ),
    Command("webhooks", _webhooks, "webhooks as a DataFrame"),
)
