"""Sheets: frames as the plain rows of a workbook, with local times, links between them and long texts split."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.export.tabular import flat, listed
from hedy_jupyter.frames import timezones
from hedy_jupyter.kinds import id_text
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
_NO_CHARACTERS = str.maketrans("", "", "\ufffe\uffff")  # which XML does not allow


@dataclass
class Sheet:
    """One sheet.

    Attributes:
        kind: its name.
        heads: the heads of its columns.
        rows: its cells: text, number, bool, datetime, date, or None.
        links: (row, column) → (kind, row): the cell leads there. Rows count from 0, without the heads.
    """

    kind: str
    heads: list[str]
    rows: list[list[Any]]
    links: dict[tuple[int, int], tuple[str, int]] = field(default_factory=dict)


def sheets(frames: Mapping[str, pd.DataFrame], *, zone: tzinfo) -> list[Sheet]:
    """Return a sheet for each kind of *frames*, in their order.

    Times are local, without offset, and the zone is in the column's head: ``start_time (Europe/Berlin)``. A text that a
    cell cannot hold goes on in the next row, which has the id and title again and a note. Meetings lead to their todos
    and highlights, and those to their meeting.
    """
    tables = {kind: flat(df).loc[:, ~flat(df).columns.duplicated()] for kind, df in frames.items()}
    if "sessions" in tables:
        titles = _titles(tables["sessions"])
        tables = {kind: _with_titles(df, titles) if kind in _COUNTS else df for kind, df in tables.items()}
    found = {kind: _sheet(kind, df, timezones.frame_zone(df, zone)) for kind, df in tables.items()}
    _link(found)
    return list(found.values())


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


def _sheet(kind: str, df: pd.DataFrame, zone: tzinfo) -> Sheet:
    heads, columns = [], []
    for name in df.columns:
        values = df[name]
        is_time = timezones.is_aware(values)
        heads.append(f"{name} ({timezones.zone_name(zone)})" if is_time else str(name))
        columns.append([_cell(value) for value in (_local(values, zone) if is_time else _days(values))])
    rows = [list(row) for row in zip(*columns, strict=True)]
    long = any(isinstance(value, str) and _units(value) > MOST_UNITS for row in rows for value in row)
    if long:
        names = {"session_id", "title", f"{kind.removesuffix('s')}_id", df.columns[0]}
        again = [place for place, name in enumerate(df.columns) if name in names]
        rows = [part for row in rows for part in _split(row, again)]
        heads.append(NOTE)
    return Sheet(kind, heads, rows)


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
    return lines(text).translate(_NO_CHARACTERS) or None


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


# Links ------------------------------------------------------------------------


def _link(found: Mapping[str, Sheet]) -> None:
    """Note the links between the meetings and what belongs to them."""
    sessions = found.get("sessions")
    if sessions is None or "session_id" not in sessions.heads:
        return
    meetings = _first_rows(sessions)
    for kind, count in _COUNTS.items():
        sheet = found.get(kind)
        if sheet is None or "session_id" not in sheet.heads:
            continue
        ids, title = sheet.heads.index("session_id"), sheet.heads.index(_MEETING)
        for place, row in enumerate(sheet.rows):
            if row[ids] in meetings:
                sheet.links[place, title if row[title] else ids] = ("sessions", meetings[row[ids]])
        firsts = _first_rows(sheet)
        column = sessions.heads.index(count if count in sessions.heads else "session_id")
        for ident, place in meetings.items():
            if ident in firsts:
                sessions.links[place, column] = (kind, firsts[ident])


def _first_rows(sheet: Sheet) -> dict[str, int]:
    """Return session id → its first row."""
    column = sheet.heads.index("session_id")
    found: dict[str, int] = {}
    for place, row in enumerate(sheet.rows):
        if row[column]:
            found.setdefault(row[column], place)
    return found
