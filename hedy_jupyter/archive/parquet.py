"""Write the archive as a Parquet dataset, a file for each kind and month; several where a month has many meetings."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from hedy_jupyter import files, kinds
from hedy_jupyter.archive import queries
from hedy_jupyter.archive.encoding import Record
from hedy_jupyter.archive.frames import framed, times_of
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import schema

# Kind → its table, and the column whose month (UTC) decides where a row lies: one that does not change, so that rows
# stay where they are.
_KINDS = {
    "sessions": ("sessions_detailed", "start_time"),
    "highlights": ("highlights_detailed", "timestamp"),
    "todos": ("todos", "session_id"),
    "topics": ("topics", "created_at"),
    "contexts": ("contexts", "created_at"),
}
_OF_SESSIONS = [kind for kind in _KINDS if kinds.KINDS[kind].follows_sessions]
_NO_MONTH = "unknown"  # the folder that means null in Hive cannot be read alone by every engine
MOST_SESSIONS = 1_000
"""So many sessions are in a file at most: what reads it, a file at a time, has their texts in memory together."""
_FILE = "part-{}.parquet"
_FILES = "part-[0-9]*.parquet"


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        folder: where.
        written: files that are new or changed.
        unchanged: files that were left as they are.
        removed: files of months that hold nothing any more.
    """

    folder: Path
    written: int
    unchanged: int
    removed: int

    def __str__(self) -> str:
        removed = f", {self.removed} removed" if self.removed else ""
        return f"{self.written} files written, {self.unchanged} unchanged{removed}, below {self.folder}"


def write(store: Store, folder: Path, sessions: Collection[str] | None = None) -> Written:
    """Write everything that *store* holds below *folder* as ``kind=…/month=…/part-0.parquet``.

    Rows that are no longer in Hedy are there too, with ``gone_at``. Texts pass through a file at a time; a month of
    more than ``MOST_SESSIONS`` sessions goes on in ``part-1.parquet``. With *sessions*, ids, it is only these and what
    belongs to them, without contexts.

    Raises:
        UsageError: pyarrow is not installed, the folder cannot be written, or it holds more than *sessions*.
    """
    try:
        import pyarrow  # noqa: F401  asked for before anything is written
    except ImportError:
        raise UsageError("Parquet needs pyarrow.", advice="Install it: pip install pyarrow") from None
    chosen = None if sessions is None else _Chosen(store, frozenset(sessions))
    if chosen is not None and (folder / "kind=contexts").exists():
        raise UsageError(
            f"The folder {folder} holds the whole archive; a part of it would take its place.",
            advice="Name another folder for the part.",
        )
    counts = {True: 0, False: 0}
    kept: set[Path] = set()
    try:
        for kind in _KINDS if chosen is None else _OF_SESSIONS:
            for name, records in _files(store, kind, chosen):
                path = folder / f"kind={kind}" / name
                kept.add(path)
                counts[_put(path, encoded(framed(store, _KINDS[kind][0], records, history=True), kind))] += 1
        removed = [path for kind in _KINDS for path in folder.glob(f"kind={kind}/month=*/{_FILES}") if path not in kept]
        for path in removed:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
    except OSError as error:
        raise UsageError(
            f"The folder {folder} cannot be written: {error.strerror}.", advice="Name a folder that you can write."
        ) from None
    return Written(folder, counts[True], counts[False], len(removed))


class _Chosen:
    """The ids of chosen sessions and of their topics."""

    def __init__(self, store: Store, sessions: frozenset[str]) -> None:
        rows = framed(store, "sessions", queries.sessions(store, gone=True), history=False)
        self._sessions = sessions
        self._topics = set(rows.loc[rows["session_id"].isin(sessions), "topic_id"].dropna())

    def holds(self, kind: str, record: Record) -> bool:
        """Return whether *record* is one of the sessions or topics, or belongs to one of the sessions."""
        if kind == "topics":
            return kinds.TOPIC.identity(record) in self._topics
        ident = kinds.SESSION.identity(record) if kind == "sessions" else kinds.id_of(record.get("sessionId"))
        return ident in self._sessions


def _files(store: Store, kind: str, chosen: _Chosen | None) -> Iterator[tuple[str, list[Record]]]:
    """Yield the files of *kind* and the records of each, those of sessions with their texts.

    A kind without any is one empty month, which has its columns.
    """
    short = [one for one in queries.records(store, kind, gone=True) if chosen is None or chosen.holds(kind, one)]
    groups: dict[str, list[Record]] = {}
    for record, month in zip(short, _month_of(store, kind, short), strict=True):
        groups.setdefault(month, []).append(record)
    for month, records in sorted(groups.items()) or [(_NO_MONTH, [])]:
        for name, rows in parts_of_month(kind, records):
            yield f"month={month}/{name}", [_whole(store, record) for record in rows] if kind == "sessions" else rows


def parts_of_month(kind: str, records: list[Record]) -> Iterator[tuple[str, list[Record]]]:
    """Yield the names of the files of a month and the *records* of *kind* in each."""
    most = MOST_SESSIONS if kind == "sessions" else max(len(records), 1)
    for number, start in enumerate(range(0, max(len(records), 1), most)):
        yield _FILE.format(number), records[start : start + most]


def _whole(store: Store, record: Record) -> Record:
    return queries.record(store, "sessions", kinds.identity("sessions", record) or "") or record


def _month_of(store: Store, kind: str, records: list[Record]) -> list[str]:
    frame = framed(store, _KINDS[kind][0].removesuffix("_detailed"), records, history=False)
    times: list[Any] = list(frame[_KINDS[kind][1]])
    if kind == "todos":  # a todo has no time but that of its meeting
        sessions = framed(store, "sessions", queries.sessions(store, gone=True), history=False)
        starts: dict[Any, Any] = {}
        for ident, start in zip(sessions["session_id"], sessions["start_time"], strict=True):
            starts.setdefault(ident, start)
        times = [starts.get(ident) for ident in times]
    return [_NO_MONTH if pd.isna(time) else f"{time:%Y-%m}" for time in times]


def encoded(frame: pd.DataFrame, kind: str) -> bytes:
    """Return *frame* as a Parquet file; the types come from the tables, also for a month without a value."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {
        "text": pa.string(),
        "time": pa.timestamp("us", "UTC"),
        "number": pa.float64(),
        "count": pa.int64(),
        "flag": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    columns = (*schema.TABLES[_KINDS[kind][0]], *times_of(kind))
    table = pa.Table.from_pandas(
        frame, schema=pa.schema([(column.name, types[column.kind]) for column in columns]), preserve_index=False
    )
    target = io.BytesIO()
    pq.write_table(table, target, compression="zstd")
    return target.getvalue()


def _put(path: Path, content: bytes) -> bool:
    """Put *content* at *path* unless it is there; return whether it was written. A reader never sees half a file."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    files.put(path, content)
    return True
