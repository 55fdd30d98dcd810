"""``%hedy export``: meetings as documents, tables and notes on this machine. Nothing leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedy_jupyter.account.exporting import FORMS
from hedy_jupyter.display.document import Document
from hedy_jupyter.kinds import KINDS
from hedy_jupyter.magics.command import SINCE, UNTIL, Argument, Call, Command, Option, Reply

if TYPE_CHECKING:
    from hedy_jupyter.magics.context import CommandContext

_STDOUT = "-"


def _export(ctx: CommandContext, call: Call) -> Reply:
    path = call.arguments["PATH"]
    done = ctx.hedy.export(
        call.arguments["FORM"],
        None if path == _STDOUT else path,
        call.arguments.get("KIND", "").split(),
        topic=call.every("--topic") or None,
        since=call.get("--since"),
        until=call.get("--until"),
        source=call.source if call.has("--source") else None,
        refresh=call.refresh,
    )
    return Reply(None if done.text is None else Document(done.text), done.summary)


EXPORT_COMMANDS = (
    Command(
        "export",
        _export,
        "writes md or ics (a document), csv or json (a file for one KIND, else a folder), vault or parquet (a folder)",
        (
            Argument("FORM", source="|".join(FORMS)),
            Argument("PATH"),
            Argument("KIND", optional=True, source="|".join(KINDS), rest=True),
        ),
        (
            Option(
                "--topic",
                "only sessions of this topic, and what belongs to them; may be repeated",
                "T",
                source="topics",
                many=True,
            ),
            SINCE,
            UNTIL,
        ),
        archived=True,
    ),
)
