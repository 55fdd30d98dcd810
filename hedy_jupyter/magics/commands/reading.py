"""The reading commands of ``%hedy``: sessions, highlights, todos, topics, contexts and webhooks."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, cast, get_args

from hedy_jupyter.account.next_command import command
from hedy_jupyter.choices import LIMIT, Order, Status
from hedy_jupyter.errors import NotFound, UsageError
from hedy_jupyter.kinds import CONTEXT, HIGHLIGHT, SESSION, TODO, TOPIC, WEBHOOK
from hedy_jupyter.lazy import at_first_use
from hedy_jupyter.magics.command import AS, Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.filter_options import MEETINGS, TEXT, filters_of
from hedy_jupyter.magics.status import joined, read_line
from hedy_jupyter.magics.text_forms import in_form
from hedy_jupyter.text.phrasing import counted, short_day
from hedy_jupyter.text.quoting import as_word
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from hedy_jupyter.account import transcript
    from hedy_jupyter.api import resolve
else:
    transcript = at_first_use("hedy_jupyter.account.transcript")
    resolve = at_first_use("hedy_jupyter.api.resolve")

_WORD = re.compile(r"[^\W\d_]{4,20}")
_FIRST_CHARACTERS = 2_000  # of a text in which a word to find is looked for


def _sessions(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.sessions(
        _limit(call),
        **filters_of(call),
        details=call.has("--details"),
        source=call.source,
        refresh=call.refresh,
    )
    return Reply(frame, read_line(ctx.hedy, frame, SESSION, call), view="sessions")


def _session(ctx: CommandContext, call: Call) -> Reply:
    which = ctx.whole_id(call.arguments["WHICH"])
    session = ctx.hedy.session(which, source=call.source, refresh=call.refresh)
    chosen = _which_of_several(ctx, call, which, session.session_id)
    following = command("transcript", session.session_id) if session.text else command("brief", session.topic_id)
    return Reply(in_form(session, call), chosen, next_step=following or command("sessions"))


def _which_of_several(ctx: CommandContext, call: Call, which: str | None, ident: str | None) -> str:
    """Return which of the sessions with the title *which* has the id *ident*; empty where *which* is no such title."""
    if which is None or resolve.is_last(which) or (ident and ident.startswith(which)):
        return ""
    return ctx.hedy.shared_title(which, source=call.source)


def _after_chosen(ctx: CommandContext, call: Call, frame: pd.DataFrame, line: str) -> str:
    """Return the status *line* of a list, after which of several sessions ``--session`` means."""
    ident = None if frame.empty else str(frame["session_id"].iloc[0])
    return joined(_which_of_several(ctx, call, call.get("--session"), ident), line)


def _word_to_find(text: str) -> str:
    """Return the longest word at the beginning of *text*, as an example of what can be found; empty without any."""
    return max(_WORD.findall(text[:_FIRST_CHARACTERS]), key=len, default="")


def _transcript(ctx: CommandContext, call: Call) -> Reply:
    which = ctx.whole_id(call.arguments["WHICH"])
    session = ctx.hedy.session(which, source=call.source, refresh=call.refresh)
    chosen, find = _which_of_several(ctx, call, which, session.session_id), call.get("--find") or ""
    meeting, when = session.heading()
    text = transcript.Transcript((session.transcript or "") if call.has("--raw") else session.text, find, meeting, when)
    whole = command("session", session.session_id) or command("sessions")
    if not text:
        return Reply(text, joined(chosen, "This session has no transcript yet."), next_step=whole)
    if not find:
        again, word = command("transcript", session.session_id), _word_to_find(text)
        return Reply(text, chosen, next_step=f"{again} --find {as_word(word)}" if again and word else whole)
    hits, lines = text.hits()
    found = f"{counted(hits, 'hit')} in {counted(lines, 'line')}" if hits else f"{find!r} does not occur."
    return Reply(text, joined(chosen, found), next_step=whole)


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
        **filters_of(call),
        session=call.get("--session"),
        details=call.has("--details"),
        source=call.source,
        refresh=call.refresh,
    )
    line = _after_chosen(ctx, call, frame, read_line(ctx.hedy, frame, HIGHLIGHT, call))
    return Reply(frame, line, view="highlights")


def _highlight(ctx: CommandContext, call: Call) -> Reply:
    ident = ctx.whole_id(call.arguments["ID"])
    highlight = ctx.hedy.highlight(ident, source=call.source, refresh=call.refresh)
    return Reply(highlight, next_step=command("session", highlight.session_id) or command("highlights"))


def _todos(ctx: CommandContext, call: Call) -> Reply:
    _not_both(call, "--open", "--done")
    for other in ("--done", "--due-before", "--order", "--person"):
        _not_both(call, "--overdue", other)
    limit = call.number("--limit", LIMIT) if call.has("--limit") else None
    read = partial(ctx.hedy.todos, limit=limit, session=call.get("--session"), source=call.source, refresh=call.refresh)
    if call.has("--overdue"):
        late = ctx.hedy.overdue(**filters_of(call), **read.keywords)
        line = read_line(ctx.hedy, late, TODO, call, "overdue") + _without_a_day(late)
        return Reply(late, _after_chosen(ctx, call, late, line), view="overdue")
    status: Status = "open" if call.has("--open") else "done" if call.has("--done") else "all"
    chosen = filters_of(call) | {"person": call.get("--person"), "due_before": call.get("--due-before")}
    frame = read(status, **chosen, order=_order(call))
    line = read_line(ctx.hedy, frame, TODO, call, "" if status == "all" else status) + _without_a_day(frame)
    return Reply(frame, _after_chosen(ctx, call, frame, line), view="todos")


def _order(call: Call) -> Order | None:
    order = call.get("--order")
    if order is not None and order not in get_args(Order):
        raise UsageError(
            f"--order must be one of: {', '.join(get_args(Order))}, not {order!r}.",
            advice=did_you_mean(order, get_args(Order)) or f"Usage: {call.command.usage}",
        )
    return cast("Order | None", order)


def _without_a_day(frame: pd.DataFrame) -> str:
    due = frame.attrs.get("due", {})
    unknown, undated, before = due.get("unknown_meetings", 0), due.get("undated", 0), due.get("before", "")
    parts = [f"due before {short_day(date.fromisoformat(before), date.today().year)}"] if before else []
    parts += [f"{unknown} with an unknown meeting, so without a day"] * bool(unknown)
    if before is not None:  # else those without a day are in the list
        what = f"{undated:,}" if before else counted(undated, "open one")
        parts += [f"{what} without an exact due day"] * bool(undated)
    return "".join(f" · {part}" for part in parts)


def _todo(ctx: CommandContext, call: Call) -> Reply:
    session, ident = call.arguments["SESSION"], ctx.whole_id(call.arguments.get("TODO", ""))
    if not ident:
        session, ident = _todo_alone(ctx, call, ctx.whole_id(session))
    todo = ctx.hedy.todo(ctx.whole_id(session), ident, source=call.source, refresh=call.refresh)
    return Reply(todo, next_step=command("session", todo.session_id) or command("todos"))


def _todo_alone(ctx: CommandContext, call: Call, typed: str) -> tuple[str, str]:
    """Return the session and the id of the todo whose id is, or begins with, *typed*.

    Raises:
        NotFound: no todo has that id.
        UsageError: several have.
    """
    frame = ctx.hedy.todos(source=call.source, refresh=call.refresh)
    ids = frame["todo_id"].fillna("")
    found = frame[ids == typed]
    if found.empty and len(typed) >= resolve.MIN_PREFIX_LENGTH:
        found = frame[ids.str.startswith(typed)]
    found = found.dropna(subset=["session_id"])
    if found.empty:
        advice = f"See %hedy todos for the ids. Usage: {call.command.usage}"
        raise NotFound(f"No todo has the id {typed!r}.", advice=advice)
    if len(found) > 1:
        named = ", ".join(f"{row.session_id} {row.todo_id}" for row in found.head(5).itertuples())
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise UsageError(
            f"{len(found)} todos match {typed!r}: {named}{more}.", advice=f"Give both ids: {call.command.usage}"
        )
    return str(found["session_id"].iloc[0]), str(found["todo_id"].iloc[0])


def _topics(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.topics(source=call.source, refresh=call.refresh)
    return Reply(frame, read_line(ctx.hedy, frame, TOPIC, call), view="topics")


def _topic(ctx: CommandContext, call: Call) -> Reply:
    which = call.arguments["WHICH"]
    topic = ctx.hedy.topic(which, source=call.source, refresh=call.refresh)
    is_by_id = bool(topic.topic_id) and str(topic.topic_id).startswith(which)  # others may have the same name
    following = command("brief", topic.topic_id if is_by_id else topic.name)
    return Reply(in_form(topic, call), next_step=following or command("topics"))


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

_LIMIT = Option("--limit", "Show so many, the newest first (100).", "N")

_ALL = Option("--all", "Read the complete history, from every endpoint that lists sessions.")

_SESSION = Option("--session", "Keep only those of this meeting.", "WHICH", source="sessions")

_ORDERS = "|".join(get_args(Order))

_COMING_DAYS = "today|tomorrow|friday|next week|end of the month"

_DETAILS = Option("--details", "Read every field, with one more request each.")

READING_COMMANDS = (
    Command(
        "sessions",
        _sessions,
        "List your meetings as a DataFrame.",
        options=(_LIMIT, _ALL, *MEETINGS, TEXT, _DETAILS),
        archived=True,
    ),
    Command(
        "session",
        _session,
        "Show one meeting with everything in it.",
        (Argument("WHICH", source="sessions", rest=True),),
        (AS,),
        archived=True,
    ),
    Command(
        "transcript",
        _transcript,
        "Show the transcript of a meeting: the cleaned one if there is one.",
        (Argument("WHICH", source="sessions", rest=True),),
        (
            Option("--raw", "Show it as it was heard, not cleaned."),
            Option("--find", "Mark these words and list the lines that have them.", "TEXT", phrases=True),
        ),
        archived=True,
    ),
    Command(
        "browse",
        _browse,
        "Open a widget that lists, filters, searches and reads meetings.",
        options=(
            Option(
                "--source",
                "Read from the archive or live; auto is the archive where it holds a meeting.",
                "SOURCE",
                _SOURCES,
            ),
        ),
        reads=False,
    ),
    Command(
        "highlights",
        _highlights,
        "List highlights as a DataFrame.",
        options=(_LIMIT, _ALL, *MEETINGS, TEXT, _SESSION, _DETAILS),
        archived=True,
    ),
    Command("highlight", _highlight, "Show one highlight with all its fields.", (Argument("ID"),), archived=True),
    Command(
        "todos",
        _todos,
        "List the todos of all meetings as a DataFrame.",
        options=(
            Option("--open", "Keep only what is open."),
            Option("--done", "Keep only what is done."),
            Option("--overdue", "Keep only what is open and late, the longest overdue first."),
            Option("--person", "Keep only those for this person, or that this person is responsible for.", "NAME"),
            Option(
                "--due-before", "Keep only those due before this day, the most urgent first.", "D", source=_COMING_DAYS
            ),
            Option(
                "--order", "Sort the newest first, or by urgency: overdue, today, soon, later.", "ORDER", source=_ORDERS
            ),
            *MEETINGS,
            TEXT,
            _SESSION,
            Option("--limit", "Show at most so many.", "N"),
        ),
        archived=True,
    ),
    Command(
        "todo",
        _todo,
        "Show one todo. Its id alone is enough where no other todo has it.",
        (Argument("SESSION", source="sessions"), Argument("TODO", implied=True)),
        archived=True,
    ),
    Command("topics", _topics, "List topics as a DataFrame.", archived=True),
    Command(
        "topic",
        _topic,
        "Show one topic with its instructions and overview.",
        (Argument("WHICH", source="topics", rest=True),),
        (AS,),
        archived=True,
    ),
    Command("contexts", _contexts, "List session contexts as a DataFrame.", archived=True),
    Command(
        "context",
        _context,
        "Show one session context.",
        (Argument("WHICH", source="contexts", rest=True),),
        archived=True,
    ),
    Command("webhooks", _webhooks, "List webhooks as a DataFrame."),
)
