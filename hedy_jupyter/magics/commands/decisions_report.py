"""The commands of ``%hedy`` that answer questions: ``decisions`` and ``report``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedy_jupyter.account.frame_coverage import matching_text
from hedy_jupyter.errors import UsageError
from hedy_jupyter.magics import status
from hedy_jupyter.magics.command import AS, Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.filter_options import MEETINGS, TEXT, filters_of, meetings_of
from hedy_jupyter.magics.text_forms import in_form
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from hedy_jupyter.magics.context import CommandContext

_KINDS = ("decisions", "questions", "actions")


def _decisions(ctx: CommandContext, call: Call) -> Reply:
    kind = call.get("--kind") or _KINDS[0]
    if kind not in _KINDS:
        raise UsageError(
            f"--kind must be one of: {', '.join(_KINDS)}, not {kind!r}.",
            advice=did_you_mean(kind, _KINDS) or f"Usage: {call.command.usage}",
        )
    hedy = ctx.hedy
    read = {"decisions": hedy.decisions, "questions": hedy.open_questions, "actions": hedy.action_items}[kind]
    text = " ".join(filter(None, (call.arguments.get("TEXT"), call.get("--text")))) or None
    frame = read(
        text,
        limit=call.number("--limit", 1) if call.has("--limit") else None,
        **meetings_of(call),
        source=call.source,
        refresh=call.refresh,
    )
    noun = {"decisions": "decision", "questions": "open question", "actions": "action item"}[kind]
    line = f"{_count(frame, noun, text)} · {status.from_minutes(hedy, frame)}"
    return Reply(frame, line, view=f"{noun.replace(' ', '_')}s", query=text or "")


def _report(ctx: CommandContext, call: Call) -> Reply:
    period, since = call.arguments.get("PERIOD"), call.get("--since")
    if period and since:
        raise UsageError("Use either PERIOD or --since, not both.", advice=f"Usage: {call.command.usage}")
    options = filters_of(call) | {"since": period or since or "week"}
    options["limit"] = call.number("--limit", 1) if call.has("--limit") else None
    return Reply(in_form(ctx.hedy.report(**options, source=call.source, refresh=call.refresh), call))


def _count(frame: pd.DataFrame, noun: str, text: str | None) -> str:
    """Return how many there are, and in how many meetings."""
    if frame.empty:
        return f"No {noun}s" + (f' with "{one_line(text)}"' if text else "")
    return f"{matching_text(frame, noun)} in {counted(frame['session_id'].nunique(), 'meeting')}"


ANSWER_COMMANDS = (
    Command(
        "decisions",
        _decisions,
        "List what the minutes have under decisions, in any language, with day, meeting and topic.",
        (Argument("TEXT", optional=True, rest=True, phrases=True),),
        (
            Option("--text", "Keep only those with all these words, as TEXT.", "WORDS", phrases=True),
            *MEETINGS,
            Option("--limit", "Keep only the newest so many.", "N"),
            Option("--kind", "List decisions, open questions, or action items.", "LIST", source="|".join(_KINDS)),
        ),
        archived=True,
    ),
    Command(
        "report",
        _report,
        "Report on a week, a month or another time: hours, decisions, todos, highlights, speakers. Made without AI.",
        (Argument("PERIOD", optional=True, source="week|month|last week|last month", rest=True),),
        (*MEETINGS, TEXT, Option("--limit", "Show so many rows of each list.", "N"), AS),
        archived=True,
    ),
)
