"""Build frames and plain values from records of the API, by the tables in ``schema``.

A bad value leaves only its own cell empty: every reader returns a clean value or None, and None becomes missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType, NoneType
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.frames import api_text, durations
from hedy_jupyter.frames.scalars import number_of, time_of
from hedy_jupyter.frames.schema import COUNT_LIMIT, DTYPES, TABLES, CellKind, Column, Path
from hedy_jupyter.text import clean
from hedy_jupyter.text.host_names import host_of

_OBJECT_OR_NONE = frozenset({dict, NoneType})
_FLAGS = frozenset({bool, NoneType})
PART_ROWS = 2000
"""How many records are read at a time, column by column: they stay in the cache of the processor meanwhile."""
NO_TEXTS: Mapping[str, Sequence[bytes | None]] = MappingProxyType({})


def build(
    table: str, records: Iterable[Mapping[str, object]], texts: Mapping[str, Sequence[bytes | None]] = NO_TEXTS
) -> pd.DataFrame:
    """Return the frame *table* (a key of ``TABLES``) of *records*, in their order.

    It has exactly the columns and dtypes of the table, also without records. What a record leaves out, or sends in
    another type than the API notes say, is missing; what is not a JSON object is skipped.

    Args:
        table: the key.
        records: the rows; with *texts* all are JSON objects.
        texts: column → a text for each record, in UTF-8; None is that of the record.
    """
    rows = records if isinstance(records, list) else list(records)
    parts = [
        _build_part(table, rows[place], {name: column[place] for name, column in texts.items()})
        for place in (slice(start, start + PART_ROWS) for start in range(0, max(len(rows), 1), PART_ROWS))
    ]
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _build_part(
    table: str, records: Sequence[Mapping[str, object]], texts: Mapping[str, Sequence[bytes | None]]
) -> pd.DataFrame:
    rows = _Rows([record for record in records if isinstance(record, dict)])
    packed = {
        column.name: _pack_encoded(_cells(column, rows), texts[column.name])
        if column.name in texts
        else _PACK[column.kind](_cells(column, rows))
        for column in TABLES[table]
    }
    return pd.DataFrame(packed, copy=False)


def values(table: str, record: Mapping[str, object]) -> dict[str, object]:
    """Return the columns of *table* for one record as Python values.

    None for missing, ``pd.Timestamp`` in UTC for times, int for counts.
    """
    rows = _Rows([record])
    return {column.name: _value(column.kind, _cells(column, rows)[0]) for column in TABLES[table]}


def column(kind: CellKind, cells: Iterable[object], index: pd.Index) -> pd.Series:
    """Return plain *cells*, such as those of a CSV file, as a column of *kind*; what is unreadable is missing."""
    read = _READERS[kind]
    return pd.Series(_PACK[kind]([None if cell is None else read(cell) for cell in cells]), index=index)


def _value(kind: CellKind, cell: object) -> object:
    return pd.Timestamp(cell, tz="UTC").as_unit("us") if kind == "time" and isinstance(cell, datetime) else cell


# Finding ---------------------------------------------------------------------


class _Rows:
    """The records of a part of a frame; what several columns are made of is looked up once.

    Args:
        records: all JSON objects.
    """

    def __init__(self, records: Sequence[Mapping[str, object]]) -> None:
        self._records = records
        self._objects: dict[str, list[object]] = {}
        self._without_first: tuple[list[int], _Rows] | None = None

    def at(self, path: Path) -> Sequence[object]:
        """Return the value at *path* in each record; None where it is not there."""
        if not path:
            return self._records
        key, *inner = path
        found = self._objects.get(key)
        if found is None:
            found = self._objects[key] = [record.get(key) for record in self._records]
        for name in inner:
            found = _inside(found, name)
        return found

    def picked(self, places: list[int]) -> _Rows:
        """Return the records at *places*; those that were picked last are picked once."""
        if self._without_first is None or self._without_first[0] != places:
            self._without_first = places, _Rows([self._records[place] for place in places])
        return self._without_first[1]


def _inside(objects: list[object], key: str) -> list[object]:
    if _OBJECT_OR_NONE.issuperset(map(type, objects)):
        return [None if one is None else one.get(key) for one in objects]  # type: ignore[attr-defined]  # all are dict
    return [one.get(key) if isinstance(one, dict) else None for one in objects]


def _cells(column: Column, rows: _Rows) -> list[Any]:
    """Return the value of *column* for each record: that at the first of its paths that has one.

    Values that are as they should be need no reading one by one, which makes large frames fast.
    """
    first, *others = column.paths
    needs_no_reading = _READY.get(column.reads, _never)
    found = list(rows.at(first))
    is_ready = needs_no_reading(found)
    for path in others:
        if column.reads == "id" and not is_ready:
            found = _without_blank(found)
        if None not in found:
            break
        holes = [place for place, value in enumerate(found) if value is None]
        fillers = rows.picked(holes).at(path)
        is_ready = is_ready and needs_no_reading(fillers)
        for place, value in zip(holes, fillers, strict=True):
            found[place] = value
    if is_ready:
        return found
    read = _READERS[column.reads]
    return [read(value) for value in found]


def _without_blank(values: Sequence[object]) -> list[object]:
    return [None if isinstance(value, str) and (not value or value.isspace()) else value for value in values]


def _are_flags(values: Sequence[object]) -> bool:
    return _FLAGS.issuperset(map(type, values))


def _never(_: Sequence[object]) -> bool:
    return False


# Reading one value -----------------------------------------------------------


def _count(value: object) -> int | None:
    number = value if type(value) is int else number_of(value)
    if number is None or number != int(number) or not -COUNT_LIMIT <= number < COUNT_LIMIT:
        return None
    return int(number)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _length(value: object) -> int | None:
    return len(value) if isinstance(value, list) else None


def _list(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [clean.without_surrogates(item) for item in items if isinstance(item, str)]


def _minutes(record: object) -> float | None:
    """Return the duration in minutes, checked against start and end; one that cannot be read is missing."""
    if not isinstance(record, dict):
        return None
    number = number_of(record.get("duration"))
    if number is None and record.get("duration") not in (None, ""):
        return None
    return durations.minutes(number, durations.span_s(record))


_READERS: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "id": kinds.id_of,
        "text": api_text.text,
        "notes": api_text.notes,
        "overview": api_text.overview,
        "conversations": api_text.conversations,
        "host": host_of,
        "time": time_of,
        "number": number_of,
        "minutes": _minutes,
        "count": _count,
        "length": _length,
        "flag": _flag,
        "list": _list,
    }
)
_READY: Mapping[str, Callable[[Sequence[object]], bool]] = MappingProxyType(
    {"id": kinds.are_ids, "text": clean.are_texts, "flag": _are_flags}
)
"""Reader → whether values need no reading one by one, which makes large frames fast."""


# Packing a column ------------------------------------------------------------


def _pack_time(cells: list[Any]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(np.array(cells, dtype="datetime64[us]")).tz_localize("UTC")


def _pack_text(cells: list[Any]) -> Any:
    dtype: Any = DTYPES["text"]  # pandas' annotations have no dtype that depends on its version
    if _texts_are_arrow():
        import pyarrow as pa

        return pd.array(pa.array(cells, pa.large_string()), dtype=dtype)  # pandas looks at each cell first
    return pd.array(cells, dtype=dtype)


def _texts_are_arrow() -> bool:
    """Return whether pandas keeps texts in UTF-8, by its options and by what is installed."""
    return getattr(pd.api.types.pandas_dtype(DTYPES["text"]), "storage", "") == "pyarrow"


def _pack_encoded(cells: Sequence[str | None], texts: Sequence[bytes | None]) -> Any:
    """Pack *texts*, and the cell where there is none; without decoding them where pandas keeps texts in UTF-8.

    Raises:
        UnicodeDecodeError: a text is not in UTF-8.
    """
    if _texts_are_arrow():
        import pyarrow as pa

        encoded = [
            (cell if cell is None else cell.encode()) if text is None else text
            for cell, text in zip(cells, texts, strict=True)
        ]
        with suppress(pa.ArrowInvalid):  # a lone surrogate
            return pd.array(_joined(encoded), dtype=DTYPES["text"])
    return _pack_text(
        [
            cell if text is None else api_text.text(text.decode("utf-8", "surrogatepass"))
            for cell, text in zip(cells, texts, strict=True)
        ]
    )


def _joined(encoded: Sequence[bytes | None]) -> Any:
    """Return *encoded* as an array of Arrow in one copy: ``pa.array`` makes several while it grows.

    Raises:
        ArrowInvalid: a text is not in UTF-8.
    """
    import pyarrow as pa

    lengths = np.array([0, *(len(text or b"") for text in encoded)], dtype="int64")
    are_texts = np.packbits(np.array([text is not None for text in encoded], dtype="bool"), bitorder="little")
    buffers = map(pa.py_buffer, (lengths.cumsum(), b"".join(filter(None, encoded)), are_texts))
    found = pa.LargeStringArray.from_buffers(len(encoded), *buffers)
    found.validate(full=True)
    return found


_PACK: Mapping[CellKind, Callable[[list[Any]], Any]] = MappingProxyType(
    {
        "text": _pack_text,
        "time": _pack_time,
        "number": lambda cells: np.array(cells, dtype="float64"),
        "count": lambda cells: pd.array(cells, dtype="Int64"),
        "flag": lambda cells: pd.array(cells, dtype="boolean"),
        "list": lambda cells: pd.Series(cells, dtype="object"),
    }
)
