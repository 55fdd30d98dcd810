"""The commands of ``%hedy`` about webhooks that were delivered: list them, and wait for the next."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from hedy_jupyter.changes import fields
from hedy_jupyter.display.notice import NoticeLine
from hedy_jupyter.magics.command import UNTIL, Call, Command, Option, Reply
from hedy_jupyter.magics.status import when
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import counted

if TYPE_CHECKING:
    from hedy_jupyter.archive.event_reads import Arrival
    from hedy_jupyter.magics.context import CommandContext

_RECEIVE = "hedy-jupyter receive keeps what Hedy's webhooks send"


def _events(ctx: CommandContext, call: Call) -> Reply:
    archive, limit = ctx.hedy.archive, call.number("--limit", 1) if call.has("--limit") else None
    names = list(call.every("--event"))
    frame = archive.events(limit, event=names, since=call.get("--since"), until=call.get("--until"))
    last = archive.last_delivery()
    if last is None:
        return Reply(frame, f"No deliveries yet: {_RECEIVE}.", view="events")
    received = f"last {when(last.received_at, ctx.hedy.zone)}"
    return Reply(frame, f"{counted(len(frame), 'delivery', 'deliveries')} · archive, {received}", view="events")


def _watch(ctx: CommandContext, call: Call) -> Reply:
    seconds = call.number("--for", 1) if call.has("--for") else None
    line, count = NoticeLine(), 0
    with suppress(KeyboardInterrupt):  # the kernel's interrupt is how it ends
        for arrived in ctx.hedy.archive.watch(event=call.get("--event"), seconds=seconds):
            count += len(arrived)
            if arrived:
                line.show(f"{datetime.now(ctx.hedy.zone):%H:%M} {_named(arrived)}")
    return Reply(status=f"{counted(count, 'delivery', 'deliveries')} arrived." + " See %hedy events." * bool(count))


def _named(arrived: list[Arrival]) -> str:
    """Return the newest of what has arrived, and how many came with it."""
    newest = arrived[-1]
    title = f": {newest.title}" if newest.title else ""
    return one_line(f"{newest.event}{title}") + f" (and {len(arrived) - 1} more)" * (len(arrived) > 1)


_NAMES = "|".join(fields.EVENTS)
EVENT_COMMANDS = (
    Command(
        "events",
        _events,
        "List what Hedy's webhooks have delivered, newest first.",
        (),
        (
            Option("--event", "Keep only this event; may be given more than once.", "EVENT", source=_NAMES, many=True),
            Option("--since", "Keep only what came then or later.", "D", source="7d|today|yesterday|last week"),
            Option("--until", "Keep only what came then or before.", "D", source=UNTIL.source),
            Option("--limit", "Show so many, the newest first.", "N"),
        ),
        reads=False,
    ),
    Command(
        "watch",
        _watch,
        "Wait for deliveries and say what came; interrupt the kernel to end it.",
        (),
        (
            Option("--event", "Wait only for this event.", "EVENT", source=_NAMES),
            Option("--for", "End after so many seconds.", "SECONDS"),
        ),
        reads=False,
    ),
)
