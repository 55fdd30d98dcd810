"""``%hedy brief``: the brief before the next meeting; computed locally, without AI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedy_jupyter.account.next_command import command
from hedy_jupyter.magics.command import AS, Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.text_forms import in_form
from hedy_jupyter.text.quoting import as_word

if TYPE_CHECKING:
    from hedy_jupyter.magics.context import CommandContext


def _brief(ctx: CommandContext, call: Call) -> Reply:
    topic = call.arguments.get("TOPIC")
    shown = ctx.hedy.brief(
        topic,
        call.get("--since"),
        person=call.get("--person"),
        source=call.source,
        refresh=call.refresh,
    )
    chosen = (("--topic", topic), ("--person", call.get("--person")))
    words = [f"{flag} {as_word(value)}" for flag, value in chosen if value]
    return Reply(in_form(shown, call), next_step=command(" ".join(["todos --open", *words])))


ANALYSIS_COMMANDS = (
    Command(
        "brief",
        _brief,
        "Prepare for the next meeting: last recap, open todos, highlights, what is new. Made locally, without AI.",
        (Argument("TOPIC", optional=True, source="topics", rest=True),),
        (
            Option(
                "--since",
                "Say what is new from then on; by default since the meeting before the last, of all topics 7 days.",
                "D",
                source="7d|14d|30d",
            ),
            Option("--person", "Take the meetings in which this person spoke, and the open todos with them.", "NAME"),
            AS,
        ),
        archived=True,
    ),
)
