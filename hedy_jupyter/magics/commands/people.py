"""Commands on people and topics: ``%hedy speakers``, ``speakers rename`` and ``compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedy_jupyter.account.next_command import command
from hedy_jupyter.choices import BASES
from hedy_jupyter.magics.command import SINCE, UNTIL, Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.filter_options import MEETINGS, TEXT, filters_of
from hedy_jupyter.magics.status import between, joined, with_origin
from hedy_jupyter.text.phrasing import counted

if TYPE_CHECKING:
    import pandas as pd


def _speakers(ctx: CommandContext, call: Call) -> Reply:
    which = call.arguments.get("WHICH")
    frame = ctx.hedy.speakers(
        ctx.whole_id(which) if which else None,
        call.get("--by"),
        **filters_of(call),
        limit=call.number("--limit", 1) if call.has("--limit") else None,
        source=call.source,
        refresh=call.refresh,
    )
    line = with_origin(ctx.hedy, frame, _count(frame))
    if which is None:
        return Reply(frame, joined(line, between(frame, ctx.hedy.zone)), view="speakers")
    session = ctx.hedy.session(ctx.whole_id(which), source=call.source)
    heading = ", ".join(filter(None, session.heading()))
    return Reply(frame, joined(heading, line), view="speakers", next_step=command("transcript", session.session_id))


def _count(frame: pd.DataFrame) -> str:
    """Return how many speakers *frame* has, and how many meetings name them."""
    read = frame.attrs["utterances"]
    sessions, named = read["sessions"], read["with_speakers"]
    if not named:
        return (
            f"No speakers: {counted(sessions, 'meeting')}, and no transcript names who speaks"
            if sessions
            else "No meetings"
        )
    count, known = frame["speaker"].nunique(), read["speakers"]
    shown = counted(count, "speaker") + f" ({known:,} in all)" * (known > count)
    return shown if named == sessions == 1 else f"{shown} in {named:,} of {counted(sessions, 'meeting')}"


def _rename(ctx: CommandContext, call: Call) -> Reply:
    label, name = call.arguments["WHO"], call.arguments.get("NAME")
    session = call.get("--session")
    names = ctx.hedy.rename_speaker(label, name, session=ctx.whole_id(session) if session else None)
    where = f"only in session {session}" if session else "in all sessions"
    done = f"{label} is shown as {name} {where}" if name else f"{label} is shown as the transcript has it, {where}"
    return Reply(names, f"{done}. Kept on this machine only; nothing was sent.", view="speaker_names")


def _compare(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.compare(
        call.arguments["TOPIC"],
        call.arguments["OTHER"],
        since=call.get("--since"),
        until=call.get("--until"),
        source=call.source,
        refresh=call.refresh,
    )
    meetings = sum(map(int, frame.loc[frame["measure"].eq("meetings")].iloc[0, 1:]))
    line = with_origin(ctx.hedy, frame, counted(meetings, "meeting"))
    return Reply(frame, joined(line, between(frame, ctx.hedy.zone)), view="compare")


PEOPLE_COMMANDS = (
    Command(
        "speakers",
        _speakers,
        "Count the words, turns, questions and meetings of each speaker, and the share of all words.",
        (Argument("WHICH", optional=True, source="sessions", rest=True),),
        (
            Option("--by", "Make a row for each speaker of a topic, month or meeting.", "BY", "|".join(BASES)),
            *MEETINGS,
            TEXT,
            Option("--limit", "Show so many rows, most words first; by default all.", "N"),
        ),
        archived=True,
    ),
    Command(
        "speakers rename",
        _rename,
        "Show a speaker by another name; without NAME take that back. It is kept on this machine and never sent.",
        (Argument("WHO"), Argument("NAME", optional=True)),
        (Option("--session", "Rename only in this meeting; by default in all.", "WHICH", source="sessions"),),
        reads=False,
    ),
    Command(
        "compare",
        _compare,
        "Compare two topics: their meetings, hours, rhythm, open todos and words.",
        (Argument("TOPIC", source="topics"), Argument("OTHER", source="topics")),
        (SINCE, UNTIL),
        archived=True,
    ),
)
