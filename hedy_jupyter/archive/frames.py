"""Build frames from the records of the archive, on request with the times that only the archive has."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.archive import queries, sync_runs
from hedy_jupyter.archive.encoding import Record
from hedy_jupyter.archive.store import Store
from hedy_jupyter.frames import build, schema
from hedy_jupyter.frames.schema import Column

Attrs: TypeAlias = dict[Hashable | None, Any]
"""The ``attrs`` of a frame."""


def framed(
    store: Store,
    table: str,
    found: list[Record],
    *,
    history: bool,
    texts: Mapping[str, Sequence[bytes | None]] = build.NO_TEXTS,
) -> pd.DataFrame:
    """Return the frame *table* of the records *found*, with *texts* as ``build`` takes them.

    With *history* also ``first_seen_at``, ``gone_at`` and, for todos, ``completed_at``.
    """
    with store.reading():  # texts that cannot be decoded are damage
        frame = build.build(table, found, texts)
    if not history:
        return frame
    kind = table.removesuffix("_detailed")
    known = queries.times(store, kind)
    times = build.build("times", [known.get(kinds.identity(kind, record) or "", {}) for record in found])
    return frame.join(times[[column.name for column in times_of(kind)]])


def times_of(kind: str) -> tuple[Column, ...]:
    """Return the columns that the archive adds to a frame of *kind*."""
    return tuple(column for column in schema.TABLES["times"] if kind == "todos" or column.name != "completed_at")


def described(store: Store, frame: pd.DataFrame, found: int) -> pd.DataFrame:
    """Return *frame* with what it covers, of *found* rows in all, and the state of the archive in its attrs."""
    frame.attrs |= attrs_of(store, found)
    return frame


def attrs_of(store: Store, found: int) -> Attrs:
    """Return the attrs of a frame that covers *found* rows in all."""
    coverage: dict[str, object] = {"found": found, "total": None, "unreachable": 0, "source": "archive"}
    return {"coverage": coverage, "archive": plain_state(store)}


def meeting_of(store: Store, ident: str) -> dict[str, Any]:
    """Return the id, title and start of a session in plain values; empty text for what is missing."""
    record = queries.record(store, "sessions", ident) or {}
    values: dict[str, Any] = build.values("sessions", record)
    start = values["start_time"]
    return {
        "session_id": ident,
        "title": values["title"] or "",
        "start_time": "" if start is None else start.isoformat(),
    }


def plain_state(store: Store) -> dict[str, object]:
    """Return the state of the archive in plain values, because pandas copies attrs at every step."""
    synced_at = sync_runs.last_finished(store)
    return {"sessions": queries.session_count(store), "synced_at": synced_at and synced_at.isoformat()}
