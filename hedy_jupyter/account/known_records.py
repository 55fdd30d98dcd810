"""Sessions, topics and topic colours that are known without a request: what was read so far and what is archived."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.errors import HedyError
from hedy_jupyter.frames import build

if TYPE_CHECKING:
    from hedy_jupyter.account.read_methods import ReadMethods


def known_records(hedy: ReadMethods, kind: str) -> pd.DataFrame:
    """Return the sessions or topics (*kind*) that *hedy* has read or archived; makes no request."""
    records = dict(hedy.connection.records_seen[kind])
    if kind == "sessions":
        live = [ident for ident in records if ident in hedy.durations]
        records |= zip(live, hedy.durations.in_minutes(records[ident] for ident in live), strict=True)
    try:
        held = getattr(hedy.archive.quiet, kind)(history=False) if hedy.archive.exists else None
    except HedyError:  # a broken archive is reported where it is read
        held = None
    frame = build.build(kind, records.values())
    if held is None or held.empty:
        return frame
    key = frame.columns[0]
    beyond: pd.DataFrame = held[~held[key].isin(frame[key])] if len(frame) else held
    return (
        pd.concat([frame, beyond], ignore_index=True) if len(frame) and len(beyond) else frame if len(frame) else beyond
    )


def known_todos(hedy: ReadMethods) -> tuple[pd.DataFrame, datetime] | None:
    """Return the list of all todos that *hedy* has read last, else that of the archive, and when it was read.

    None where there is neither; it makes no request.
    """
    if hedy.connection.todos_seen is not None:
        return hedy.connection.todos_seen
    archive = hedy.archive.quiet
    with suppress(HedyError):  # a broken archive is reported where it is read
        if archive.exists and (synced_at := archive.synced_at()):
            return archive.todos(), synced_at
    return None


def topic_colors(hedy: ReadMethods) -> dict[str, str]:
    """Return topic id → ``#RRGGBB`` of the topics that *hedy* has read or archived; makes no request."""
    topics = known_records(hedy, "topics")
    held = zip(topics["topic_id"], topics["color"], strict=True)
    return {ident: color for ident, color in held if isinstance(color, str)} | hedy.connection.topic_colors
