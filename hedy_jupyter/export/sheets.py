"""Sheets: frames as the plain rows of a workbook, with local times, links between them and long texts split."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any, Self, TypeAlias

import numpy as np
import pandas as pd

from hedy_jupyter.export.tabular import flat, listed
from hedy_jupyter.frames import timezones
from hedy_jupyter.kinds import KINDS, id_text
from hedy_jupyter.text.clean import lines

MOST_UNITS = 32_767
"""The UTF-16 units that a cell holds."""
NOTE = "note"
"""The column that says where a text goes on in the next row."""
_MEETING = "session_title"
_COUNTS = {"highlights": "highlight_count", "todos": "todo_count"}
"""Kind → the column of sessions that leads to its first row."""
_EARLIEST = 1900  # the first year of a spreadsheet's calendar
_LARGEST = 2**53  # the integers that a spreadsheet keeps exactly
_BREAK_WITHIN = 2_000  # characters before the end of a piece in which a line or word break is looked for
_NO_CHARACTERS = "\ufffe\uffff"  # which XML does not allow


Links: TypeAlias = Mapping[int, tuple[str, int]]
"""Column → (kind, row): the cell leads there. Rows count from 0, without the heads."""
Line: TypeAlias = tuple[list[Any], Links]
"""The cells of a row (text, number, bool, datetime, date, or None), and its links."""


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes:
        kind: its name.
        heads: the heads of its columns.
        lines: its rows, to be read once.
    """

    kind: str
    heads: Sequence[str]
    lines: Iterable[Line]


Parts: TypeAlias = Callable[[], Iterable[pd.DataFrame]]
"""Gives a frame in parts, at least one, each time it is called."""


def sheets(frames: Mapping[str, pd.DataFrame], parts: Parts | None = None, *, zone: tzinfo) -> Iterator[Sheet]:
    """Yield a sheet for each kind of *frames*, in their order, sessions first; each is read before the next one.

    Times are local, without offset, and the zone is in the column's head: ``start_time (Europe/Berlin)``. A text that a
    cell cannot hold goes on in the next row, which has the id and title again and a note. Meetings lead to their todos
    and highlights, and those to their meeting.

    Where *parts* gives the sessions with their texts, which are then not kept, the frame of them needs no texts.
    """
    tables = {kind: _each_column_once(df) for kind, df in frames.items()}
    sessions = tables.get("sessions")
    if sessions is None:
        for kind, df in tables.items():
            made = _Table.of(kind, [df], timezones.frame_zone(df, zone))
            yield Sheet(kind, made.heads, ((row, {}) for row in made.rows(df)))
        return
    titles = _titles(sessions)
    others = {kind: _with_titles(df, titles) if kind in _COUNTS else df for kind, df in tables.items()}
    yield from _linked(others, parts or (lambda: [sessions]), zone)


def _linked(tables: Mapping[str, pd.DataFrame], parts: Parts, zone: tzinfo) -> Iterator[Sheet]:
    """Yield the sheets of *tables*, with links between the meetings and what belongs to them."""
    made = {
        kind: _Table.of(kind, parts() if kind == "sessions" else [df], timezones.frame_zone(df, zone))
        for kind, df in tables.items()
    }
    found = {kind: list(made[kind].rows(df)) for kind, df in tables.items() if kind != "sessions"}
    firsts = {kind: made[kind].first_rows(found[kind]) for kind in _COUNTS if kind in found}
    meetings: dict[str, int] = {}
    for kind, table in made.items():
        if kind == "sessions":
            rows = (row for df in parts() for row in table.rows(_each_column_once(df)))
            yield Sheet(kind, table.heads, _lines_of_meetings(table, rows, firsts, meetings))
        else:
            yield Sheet(kind, table.heads, _lines_of_others(table, found[kind], meetings))


def _lines_of_meetings(
    table: _Table, rows: Iterable[list[Any]], firsts: Mapping[str, Mapping[str, int]], meetings: dict[str, int]
) -> Iterator[Line]:
    """Yield rows of sessions that lead to what belongs to them, and note in *meetings* the first row of each."""
    ids = table.column("session_id")
    for place, row in enumerate(rows):
        links: dict[int, tuple[str, int]] = {}
        if ids is not None and row[ids] and row[ids] not in meetings:
            meetings[row[ids]] = place
            for kind, first in firsts.items():
                column = table.column(_COUNTS[kind])
                if row[ids] in first:
                    links[ids if column is None else column] = (kind, first[row[ids]])
        yield row, links


def _lines_of_others(table: _Table, rows: Iterable[list[Any]], meetings: Mapping[str, int]) -> Iterator[Line]:
    """Yield rows of another kind; those of *_COUNTS* lead to their meeting."""
    ids, title = table.column("session_id"), table.column(_MEETING)
    for row in rows:
        if table.kind in _COUNTS and ids is not None and title is not None and row[ids] in meetings:
            yield row, {title if row[title] else ids: ("sessions", meetings[row[ids]])}
        else:
            yield row, {}


def _each_column_once(df: pd.DataFrame) -> pd.DataFrame:
    found = flat(df)
    return found.loc[:, ~found.columns.duplicated()]


def _titles(sessions: pd.DataFrame) -> dict[str | None, Any]:
    if not {"session_id", "title"} <= set(sessions.columns):
        return {}
    return dict(zip(map(id_text, sessions["session_id"]), sessions["title"], strict=True))


def _with_titles(df: pd.DataFrame, titles: Mapping[str | None, Any]) -> pd.DataFrame:
    """Return *df* with the titles of its meetings behind their ids."""
    if "session_id" not in df.columns or _MEETING in df.columns:
        return df
    names = [titles.get(id_text(ident)) for ident in df["session_id"]]
    found = df.copy()
    found.insert(list(df.columns).index("session_id") + 1, _MEETING, pd.Series(names, index=df.index, dtype=object))
    return found


@dataclass(frozen=True)
class _Table:
    """How the rows of frames with the same columns become rows of a sheet.

    Attributes:
        kind: the kind of the rows.
        names: the names of the columns.
        heads: those of the sheet.
        zone: the zone of times.
        again: the columns that a row has again in which a long text goes on; None where all texts fit.
    """

    kind: str
    names: Sequence[Any]
    heads: Sequence[str]
    zone: tzinfo
    again: Sequence[int] | None

    @classmethod
    def of(cls, kind: str, parts: Iterable[pd.DataFrame], zone: tzinfo) -> Self:
        """Return the table of a frame that comes in *parts*, which are read up to the first text that is too long."""
        names: list[Any] = []
        heads: list[str] = []
        again: list[int] | None = None
        for part in parts:
            df = _each_column_once(part)
            names = list(df.columns)
            head = f" ({timezones.zone_name(zone)})"
            heads = [f"{name}{head if timezones.is_aware(df[name]) else ''}" for name in names]
            if any(_is_long(value) for name in names for value in df[name]):
                ids = {"session_id", "title", KINDS[kind].id_column if kind in KINDS else "", names[0]}
                again = [place for place, name in enumerate(names) if name in ids]
                heads.append(NOTE)
                break
        return cls(kind, names, heads, zone, again)

    def column(self, name: str) -> int | None:
        """Return the place of the column *name*; None where there is none."""
        return self.names.index(name) if name in self.names else None

    def rows(self, df: pd.DataFrame) -> Iterator[list[Any]]:
        """Yield the rows of *df*."""
        columns = []
        for name in self.names:
            values = df[name]
            cells = _local(values, self.zone) if timezones.is_aware(values) else _days(values)
            columns.append(map(_cell, cells))
        for row in zip(*columns, strict=True):
            yield from [list(row)] if self.again is None else _split(list(row), self.again)

    def first_rows(self, rows: Iterable[list[Any]]) -> dict[str, int]:
        """Return session id → its first row."""
        column = self.column("session_id")
        found: dict[str, int] = {}
        for place, row in enumerate(rows):
            if column is not None and row[column]:
                found.setdefault(row[column], place)
        return found


def _is_long(value: Any) -> bool:
    """Return whether a cell cannot hold *value*."""
    if isinstance(value, str) and len(value) <= MOST_UNITS // 2:  # at most two units a character
        return False
    cell = _cell(value)
    return isinstance(cell, str) and _units(cell) > MOST_UNITS


def _local(values: pd.Series, zone: tzinfo) -> Sequence[Any]:
    return list(timezones.local_times(values, zone).dt.tz_localize(None))


def _days(values: pd.Series) -> Sequence[Any]:
    """Return the cells of *values*; naive midnights are days."""
    if not pd.api.types.is_datetime64_dtype(values.dtype) or (values.dropna().dt.normalize() != values.dropna()).any():
        return values.tolist()
    return [None if pd.isna(value) else value.date() for value in values]


def _cell(value: Any) -> Any:
    """Return *value* as what a cell can hold; what a spreadsheet has no type for is text."""
    if isinstance(value, list | tuple | np.ndarray):
        return _text(listed(list(value)))
    if isinstance(value, dict):
        return _text(json.dumps(value, ensure_ascii=False))
    if isinstance(value, str):
        return _text(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, timedelta):
        return pd.Timedelta(value).isoformat()
    if isinstance(value, date):  # a datetime is one, too
        plain = value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value
        return plain if plain.year > _EARLIEST and not getattr(plain, "tzinfo", None) else plain.isoformat()
    return _number(value.item() if isinstance(value, np.generic) else value)


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return None
        return value if abs(value) <= _LARGEST else str(value)
    return _text(str(value))


def _text(text: str) -> str | None:
    """Return *text* as XML can hold it."""
    allowed = lines(text)
    for character in _NO_CHARACTERS:  # faster than str.translate
        allowed = allowed.replace(character, "")
    return allowed or None


# Long texts -------------------------------------------------------------------


def _split(row: list[Any], again: Sequence[int]) -> Iterator[list[Any]]:
    """Yield *row* and those below it in which its long texts go on, each with a note and the cells *again*."""
    parts = [pieces(value) if isinstance(value, str) else [value] for value in row]
    count = max(map(len, parts))
    for number in range(count):
        cells = [
            part[number] if number < len(part) else row[place] if place in again else None
            for place, part in enumerate(parts)
        ]
        yield [*cells, _note(number + 1, count)]


def _note(number: int, count: int) -> str | None:
    if count == 1:
        return None
    where = "goes on in the next row" if number == 1 else "goes on from the row above"
    return f"Part {number} of {count}: a text is longer than a cell can be and {where}."


def pieces(text: str) -> list[str]:
    """Return *text* in pieces that a cell can hold, cut at a line or a word where there is one; joined they are it."""
    found = []
    while _units(text) > MOST_UNITS:
        end = min(MOST_UNITS, len(text))
        while (excess := _units(text[:end]) - MOST_UNITS) > 0:
            end -= (excess + 1) // 2
        cut = next((at + 1 for mark in "\n " if (at := text.rfind(mark, end - _BREAK_WITHIN, end)) > 0), end)
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text]


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
