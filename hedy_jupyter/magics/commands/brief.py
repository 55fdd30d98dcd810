"""``%hedy brief``: the brief before the next meeting; computed locally, without AI."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from hedy_jupyter.errors import UsageError
from hedy_jupyter.magics.command import Argument, Call, Command, Option, Reply

if TYPE_CHECKING:
    from hedy_jupyter.account.brief_card import Briefing
    from hedy_jupyter.magics.context import CommandContext


def _brief(ctx: CommandContext, call: Call) -> Reply:
    briefing = ctx.hedy.brief(
        call.arguments.get("TOPIC"), call.get("--since"), source=call.source, refresh=call.refresh
    )
    form = call.get("--as") or "card"
    if form not in _BRIEF_FORMS:
        raise UsageError(
            f"--as is one of {', '.join(_BRIEF_FORMS)}, not {form!r}.", advice=f"Usage: {call.command.usage}"
        )
    return Reply(_BRIEF_FORMS[form](briefing))


_BRIEF_FORMS: Mapping[str, Callable[[Briefing], object]] = MappingProxyType(
    {
        "card": lambda briefing: briefing,
        "html": lambda briefing: briefing.to_html(),
        "markdown": lambda briefing: briefing.to_markdown(),
        "text": lambda briefing: briefing.to_text(),
    }
)


ANALYSIS_COMMANDS = (
    Command(
        "brief",
        _brief,
        "before the next meeting: last recap, open todos, highlights, what is new; made locally, no AI",
        (Argument("TOPIC", optional=True, source="topics", rest=True),),
        (
            Option(
                "--since",
                "what is new from then on; by default since the meeting before the last, of all topics 7 days",
                "D",
                source="7d|14d|30d",
            ),
            Option("--as", "a card, or a text to paste elsewhere", "FORM", source="card|html|markdown|text"),
        ),
        archived=True,
    ),
)
