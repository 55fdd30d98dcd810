"""The demo's meetings many times over, as the Parquet files that an archive of so many would be written as.

A real archive of 200,000 meetings takes an hour to fill. These files come from the same writer and have the same
folders and columns; the meetings are those of the demo, each with an id, a start and a number in its texts of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

import hedy_jupyter as hj
from hedy_jupyter.archive import frames as archive_frames
from hedy_jupyter.archive import parquet
from hedy_jupyter.frames import build

PER_MONTH = 1_667  # 200,000 meetings are those of ten years, at a company that has 55 a day
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
_TEXTS = ("transcript", "cleaned_transcript", "recap", "meeting_minutes", "conversations")

Record = dict[str, Any]


@functools.cache
def _templates() -> tuple[list[Record], dict[str, list[Record]]]:
    """Return the detailed sessions of the demo, and the todos of each."""
    with hj.demo() as hedy:
        listed = hedy.sessions(limit=None)["session_id"]
        sessions = [hedy.get(f"/sessions/{ident}") for ident in listed]
        todos: dict[str, list[Record]] = {}
        for todo in hedy.get("/todos"):
            todos.setdefault(todo["sessionId"], []).append(todo)
    return sessions, todos


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def records(account: str, month: int, count: int) -> tuple[list[Record], list[Record]]:
    """Return *count* sessions of the month that is so many before the newest, and their todos."""
    templates, todos = _templates()
    first = (pd.Timestamp(NEWEST) - pd.DateOffset(months=month + 1)).to_pydatetime()
    step = timedelta(days=28) / count
    sessions, promised = [], []
    for number in range(count - 1, -1, -1):
        template = templates[(month * 31 + number) % len(templates)]
        ident, start = f"sess_{account}_{month:03}_{number:05}", first + number * step
        texts = {name: f"{template[name]}\n{ident}" for name in _TEXTS if template.get(name)}
        end = start + timedelta(minutes=template["duration"])
        sessions.append({**template, **texts, "sessionId": ident, "startTime": _iso(start), "endTime": _iso(end)})
        promised += [
            {**todo, "id": f"{todo['id']}_{ident}", "sessionId": ident} for todo in todos.get(template["sessionId"], [])
        ]
    return sessions, promised


def months(count: int, per_month: int) -> Iterator[tuple[int, int]]:
    """Yield the months of *count* meetings and how many each has."""
    for month in range(-(-count // per_month)):
        yield month, min(per_month, count - month * per_month)


def _seen(kind: str, count: int) -> pd.DataFrame:
    """Return the times that only an archive has."""
    times = build.build("times", [{"first_seen_at": _iso(NEWEST)}] * count)
    return times[[column.name for column in archive_frames.times_of(kind)]]


def write(folder: Path, count: int, *, account: str = "a", per_month: int = PER_MONTH) -> int:
    """Write *count* meetings and their todos below *folder* as ``hedy.archive.to_parquet`` does; return the bytes."""
    written = 0
    for month, size in months(count, per_month):
        sessions, todos = records(account, month, size)
        for kind, table, found in (("sessions", "sessions_detailed", sessions), ("todos", "todos", todos)):
            month_folder = folder / f"kind={kind}" / f"month={pd.Timestamp(sessions[0]['startTime']):%Y-%m}"
            month_folder.mkdir(parents=True, exist_ok=True)
            for name, rows in parquet.parts_of_month(kind, found):
                frame = build.build(table, rows).join(_seen(kind, len(rows)))
                written += (month_folder / name).write_bytes(parquet.encoded(frame, kind))
    return written
