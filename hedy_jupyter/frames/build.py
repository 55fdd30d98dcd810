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

from hedy_jupyter.frames import api_text, durations
from hedy_jupyter.frames.scalars import number_of, time_of
from hedy_jupyter.frames.schema import COUNT_LIMIT, DTYPES, TABLES, CellKind, Column, Path
from hedy_jupyter.kinds import id_of
from hedy_jupyter.text import clean
from hedy_jupyter.text.host_names import host_of

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
    rows = [record for record in records if isinstance(record, dict)]
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
    return {column.name: _value(column.kind, _cells(column, [record])[0]) for column in TABLES[table]}


def column(kind: CellKind, cells: Iterable[object], index: pd.Index) -> pd.Series:
    """Return plain *cells*, such as those of a CSV file, as a column of *kind*; what is unreadable is missing."""
    read = _READERS[kind]
    return pd.Series(_PACK[kind]([None if cell is None else read(cell) for cell in cells]), index=index)


def _value(kind: CellKind, cell: object) -> object:
    return pd.Timestamp(cell, tz="UTC").as_unit("us") if kind == "time" and isinstance(cell, datetime) else cell


# Finding ---------------------------------------------------------------------


def _cells(column: Column, records: Sequence[Mapping[str, object]]) -> list[Any]:
    found = _pick(column.paths, records, blank_too=column.reads == "id")
    if _is_ready(column, found):
        return found
    read = _READERS[column.reads]
    return [read(value) for value in found]


def _pick(paths: Sequence[Path], records: Sequence[Mapping[str, object]], *, blank_too: bool = False) -> list[object]:
    """Return for each record the value at the first of *paths* that is not null; with *blank_too* not blank either."""
    found = _without_blank(_at(paths[0], records)) if blank_too else _at(paths[0], records)
    for path in paths[1:]:
        if None not in found:
            break
        holes = [place for place, value in enumerate(found) if value is None]
        others = _at(path, [records[place] for place in holes])
        for place, value in zip(holes, _without_blank(others) if blank_too else others, strict=True):
            found[place] = value
    return found


def _without_blank(values: Iterable[object]) -> list[object]:
    return [None if isinstance(value, str) and (not value or value.isspace()) else value for value in values]


def _at(path: Path, records: Sequence[Mapping[str, object]]) -> list[object]:
    if not path:
        return list(records)
    first, *inner = path
    found = [record.get(first) for record in records]
    for key in inner:
        found = [value.get(key) if isinstance(value, dict) else None for value in found]
    return found


def _is_ready(column: Column, found: Sequence[object]) -> bool:
    """Return whether the values need no reading one by one, which makes large frames fast."""
    types = _READY.get(column.reads)
    if types is None or not types.issuperset(map(type, found)):
        return False
    return column.kind != "text" or _is_encodable(found)


def _is_encodable(found: Sequence[Any]) -> bool:
    try:
        return all(text is None or text.isascii() or text.encode() for text in found)
    except UnicodeEncodeError:
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
        "id": id_of,
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
_READY: Mapping[str, frozenset[type]] = MappingProxyType(
    {"id": frozenset({str, NoneType}), "text": frozenset({str, NoneType}), "flag": frozenset({bool, NoneType})}
)


# Packing a column ------------------------------------------------------------


def _pack_time(cells: list[Any]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(np.array(cells, dtype="datetime64[us]")).tz_localize("UTC")


def _pack_text(cells: list[Any]) -> Any:
    dtype: Any = DTYPES["text"]  # pandas' annotations have no dtype that depends on its version
    return pd.array(cells, dtype=dtype)


def _pack_encoded(cells: Sequence[str | None], texts: Sequence[bytes | None]) -> Any:
    """Pack *texts*, and the cell where there is none; without decoding them where pandas keeps texts in UTF-8.

    Raises:
        UnicodeDecodeError: a text is not in UTF-8.
    """
    if getattr(pd.api.types.pandas_dtype(DTYPES["text"]), "storage", "") == "pyarrow":
        import pyarrow as pa

        encoded = [
            (cell if cell is None else cell.encode()) if text is None else text
            for cell, text in zip(cells, texts, strict=True)
        ]
        with suppress(pa.ArrowInvalid):  # a lone surrogate
            return pd.array(pa.array(encoded, pa.large_string()), dtype=DTYPES["text"])
    return _pack_text(
        [
            cell if text is None else api_text.text(text.decode("utf-8", "surrogatepass"))
            for cell, text in zip(cells, texts, strict=True)
        ]
    )


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
