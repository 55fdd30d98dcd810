"""Cells of a frame as plain values, in rows by id, also where it was filtered, merged or read from a CSV file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.schema import TABLES, CellKind
from hedy_jupyter.frames.timezones import local_times
from hedy_jupyter.kinds import id_text

Row = Mapping[str, Any]
"""Text, float, bool or a local time by column; None for missing. What the frame has no column for is not there."""
Rows = TypeVar("Rows", pd.DataFrame, pd.Series)
_AT_ONCE = 200


def row_parts(data: Rows) -> Iterator[Rows]:
    """Yield the rows of a frame or a column in parts, at least one, so that few long texts are copied at a time."""
    for start in range(0, max(len(data), 1), _AT_ONCE):
        yield data.iloc[start : start + _AT_ONCE]


def rows(df: pd.DataFrame, kind: str, zone: tzinfo) -> dict[str, Row]:
    """Return the rows of *df*, a frame of *kind*, by id: the first of each id, without rows that have none.

    Columns are those of the table *kind* (with details) that *df* has, as columns or in the index; times are in *zone*.
    Text with nothing in it is missing.

    Raises:
        UsageError: *df* has no column of ids.
    """
    table = TABLES.get(f"{kind}_detailed", TABLES[kind])
    levels = [column.name for column in table if column.name in df.index.names and column.name not in df.columns]
    flat = df.reset_index(level=levels) if levels else df
    flat = flat.loc[:, ~flat.columns.duplicated()]
    key = table[0].name
    if key not in flat.columns:
        raise UsageError(
            f"The frame of {kind} has no column {key}.", advice="Keep that column: it identifies the rows."
        )
    cells = {
        column.name: _READERS[column.kind](flat[column.name], zone) for column in table if column.name in flat.columns
    }
    found: dict[str, Row] = {}
    for values in zip(*cells.values(), strict=True):
        row = dict(zip(cells, values, strict=True))
        if row[key]:
            found.setdefault(row[key], row)
    return found


def incomplete(df: pd.DataFrame) -> frozenset[str]:
    """Return the ids of the rows of *df* whose details could not be fetched: their texts are missing, not empty.

    pandas drops ``attrs`` when it joins frames, so sessions without counts and end are found too.
    """
    return frozenset(_covered(df, "incomplete")) | _without_details(df)


def failed(df: pd.DataFrame) -> tuple[str, ...]:
    """Return the lists that could not be read for *df*, in words: rows that only they name are missing, not gone."""
    return tuple(_covered(df, "failed"))


def _covered(df: pd.DataFrame, name: str) -> Sequence[str]:
    coverage = df.attrs.get("coverage")
    found = coverage.get(name) if isinstance(coverage, Mapping) else None
    return found if isinstance(found, list | tuple) else ()


def _without_details(df: pd.DataFrame) -> frozenset[str]:
    """Return the ids of the sessions of *df* without anything that comes with their details."""
    if not df.columns.is_unique or not _ALWAYS_DETAILED | {"session_id"} <= set(df.columns):
        return frozenset()
    bare = [True] * len(df)
    for columns in (_ALWAYS_DETAILED, _TEXTS):
        if any(bare):  # the texts are long
            cells_of_details = [df[name].tolist() for name in df.columns if name in columns]
            bare = [
                before and all(map(_is_empty, cells)) for before, *cells in zip(bare, *cells_of_details, strict=True)
            ]
    return frozenset(
        ident
        for value, lacks_all in zip(df["session_id"], bare, strict=True)
        if lacks_all and (ident := id_text(value))
    )


def _is_empty(cell: Any) -> bool:
    return cell == "" if isinstance(cell, str) else bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def grouped(items: Sequence[Row], column: str) -> dict[str, list[Row]]:
    """Return *items* by what they have in *column*, in their order; those without it under ""."""
    found: dict[str, list[Row]] = defaultdict(list)
    for item in items:
        found[item.get(column) or ""].append(item)
    return found


def _texts(values: pd.Series, _: tzinfo) -> list[str | None]:
    texts = (id_text(value) for value in values.tolist())  # a CSV file may have made numbers of titles
    return [text if text and text.strip() else None for text in texts]


def _times(values: pd.Series, zone: tzinfo) -> list[datetime | None]:
    return [None if pd.isna(moment) else moment for moment in local_times(values, zone)]


def _numbers(values: pd.Series, _: tzinfo) -> list[float | None]:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=float("nan"))
    return [number if abs(number) < float("inf") else None for number in numbers.tolist()]


def _flags(values: pd.Series, _: tzinfo) -> list[bool]:
    return [flag is True for flag in values.eq(True).tolist()]


_ALWAYS_DETAILED = frozenset({"end_time", "highlight_count", "todo_count"})
"""The columns that only the details of a session fill, and always."""
_TEXTS = (
    frozenset({column.name for column in TABLES["sessions_detailed"]} - {column.name for column in TABLES["sessions"]})
    - _ALWAYS_DETAILED
)
_READERS: Mapping[CellKind, Callable[[pd.Series, tzinfo], list[Any]]] = MappingProxyType(
    {"text": _texts, "time": _times, "number": _numbers, "count": _numbers, "flag": _flags}
)
