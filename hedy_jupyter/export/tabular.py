"""Tabular files: frames as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.export.output import file_of, save_pieces
from hedy_jupyter.frames import build
from hedy_jupyter.frames.plain_rows import Row, failed, incomplete
from hedy_jupyter.frames.schema import TABLES, Column
from hedy_jupyter.frames.timezones import localize
from hedy_jupyter.kinds import id_text
from hedy_jupyter.text.clean import CONTROLS, DIRECTION_OVERRIDES, INVISIBLE, without_surrogates

# What a spreadsheet takes for a formula. It may drop white space and invisible characters, and take full-width ones.
_FORMULA = re.compile(
    rf"[\s{CONTROLS}{INVISIBLE}{DIRECTION_OVERRIDES}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|[\t\r\n]"
)


_ROWS = 500
"""So many rows of an earlier CSV file are read at a time."""


@dataclass(frozen=True)
class Style:
    """How a table is written.

    Attributes:
        form: ``"csv"`` or ``"json"``.
        zone: the zone of times in CSV; None is UTC. JSON has UTC always.
        bom: whether a CSV file begins with a byte order mark, by which spreadsheets see that it is UTF-8.
    """

    form: str
    zone: tzinfo | None = None
    bom: bool = False


def to_csv(df: pd.DataFrame, zone: tzinfo | None = None) -> str:
    """Return *df* as CSV (RFC 4180): a header, a line for each row.

    Times are in ISO 8601, in UTC, or in *zone* with its offset (``2026-11-24T16:00:00+01:00``); lists are joined by
    ``"; "``, and missing values are empty.

    Text that a spreadsheet would run as a formula gets an apostrophe in front: text that begins with ``=``, ``+``,
    ``-`` or ``@``, also after white space or in full width, and text that begins with a tab or a line break. Numbers
    stay numbers. That holds for cells that are split at commas; a spreadsheet that splits elsewhere sees other cells.
    Names of the index become columns, the rest of it is left out, and so are NUL characters.
    """
    return "".join(_csv_pieces([df], zone))


def _csv_pieces(parts: Iterable[pd.DataFrame], zone: tzinfo | None) -> Iterator[str]:
    values = _values if zone is None else _local_values
    for number, df in enumerate(parts):
        table = flat(df if zone is None else localize(df, zone))
        columns = [list(map(_cell, values(table.iloc[:, place]))) for place in range(table.shape[1])]
        text = io.StringIO(newline="")
        writer = csv.writer(text)  # its line end is \r\n: with another one Python 3.11 leaves a \r in a text unquoted
        if number == 0:
            writer.writerow(map(_cell, _names(table)))
        writer.writerows(zip(*columns, strict=True))
        yield text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = listed(value)
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        value = value.replace("\x00", "")  # some readers end the cell there
        return f"'{value}" if is_formula(value) else value
    return value


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet may take *text* for a formula."""
    return _FORMULA.match(text) is not None


def listed(value: object) -> str:
    """Return a list, or the text of one, as one text with ``"; "`` between its items."""
    items = _plain(value)
    return "; ".join(str(one) for one in items if one is not None) if isinstance(items, list) else str(items or "")


def to_json(df: pd.DataFrame) -> str:
    """Return *df* as a JSON list of objects in the order of rows and columns.

    Times are in ISO 8601, missing values are null, and texts stay as they are. Names of the index become keys, the rest
    of it is left out. A repeated name gets a number (``title.1``).
    """
    return "".join(_json_pieces([df]))


def _json_pieces(parts: Iterable[pd.DataFrame]) -> Iterator[str]:
    before = "["
    for df in parts:
        table = flat(df)
        names = _names(table)
        columns = [_values(table.iloc[:, place]) for place in range(table.shape[1])]
        found = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        if found:
            objects = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)
            yield before + objects.removeprefix("[").removesuffix("\n]")
            before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def flat(df: pd.DataFrame) -> pd.DataFrame:
    """Return *df* with the named levels of its index as columns in front, unless there are such columns."""
    levels = [name for name in dict.fromkeys(df.index.names) if name is not None and name not in df.columns]
    return df.reset_index(level=levels) if levels else df


def _names(df: pd.DataFrame) -> list[str]:
    """Return the names of the columns as text, each once."""
    found: dict[str, None] = {}
    for name in (without_surrogates(str(column)) for column in df.columns):
        free = (f"{name}.{number}" if number else name for number in range(len(found) + 1))
        found[next(one for one in free if one not in found)] = None
    return list(found)


def _values(values: pd.Series) -> list[Any]:
    """Return the cells as values of JSON; a column of naive midnights becomes days."""
    plain = [_plain(value) for value in values]
    midnight = "T00:00:00"
    if pd.api.types.is_datetime64_dtype(values.dtype) and all(one is None or one.endswith(midnight) for one in plain):
        return [one and one.removesuffix(midnight) for one in plain]
    return plain


def _local_values(values: pd.Series) -> list[Any]:
    """Return the cells as ``_values`` does, aware times with the offset of their zone, also where it is UTC."""
    if not isinstance(values.dtype, pd.DatetimeTZDtype):
        return _values(values)
    return [None if pd.isna(moment) else moment.isoformat() for moment in values]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list | tuple | np.ndarray):  # lists come back from Parquet as arrays
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {without_surrogates(str(name)): _plain(one) for name, one in value.items()}
    if pd.isna(value):
        return None
    if isinstance(value, date | time):  # a datetime and a pandas Timestamp are dates too
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return pd.Timedelta(value).isoformat()
    return _number_or_text(value.item() if isinstance(value, np.generic) else value)


def _number_or_text(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, bool | int | float) else without_surrogates(str(value))


def to_data(parts: Iterable[pd.DataFrame], style: Style) -> Iterator[str]:
    """Yield the table that comes in *parts*, in *style*, as text, which has no byte order mark.

    The parts, at least one, have the same columns. They are written as they come and not kept.
    """
    return _csv_pieces(parts, style.zone) if style.form == "csv" else _json_pieces(parts)


def save_data(parts: Iterable[pd.DataFrame], style: Style, path: str | Path) -> Path:
    """Write the table that comes in *parts* to *path* in *style*, and keep from the file there what could not be read.

    Rows whose details are missing keep theirs. Where a list could not be read, rows that the table lacks stay.

    Raises:
        UsageError: as for ``save``.
    """
    mark = ["\ufeff"] if style.bom and style.form == "csv" else []
    return save_pieces(chain(mark, to_data(_with_held(parts, file_of(path), style.form), style)), path)


_FILE_TABLES = ("highlights_detailed", "todos", "sessions_detailed", "topics")
"""The tables of exports, each before the tables whose id it has as well."""


def _with_held(parts: Iterable[pd.DataFrame], path: Path, form: str) -> Iterator[pd.DataFrame]:
    """Yield *parts* with what they miss taken from the file at *path*, where that is an earlier export."""
    idents: set[str | None] = set()
    asked: frozenset[str] = frozenset()
    held: dict[str, Row] = {}
    table: Sequence[Column] = ()
    last: pd.DataFrame | None = None
    for df in parts:
        table = next((TABLES[name] for name in _FILE_TABLES if TABLES[name][0].name in df.columns), ())
        missing = incomplete(df) if table else frozenset()
        if not missing <= asked:
            asked |= missing
            held = _held_rows(path, form, table[0].name, asked.__contains__)
        yield _completed(df, table, {ident: held[ident] for ident in missing & held.keys()})
        if table and failed(df):
            idents.update(map(id_text, df[table[0].name]))
            last = df
    kept = {} if last is None else _held_rows(path, form, table[0].name, lambda ident: ident not in idents)
    if last is not None and kept:
        yield _rebuilt(list(kept.values()), [column for column in table if column.name in last.columns], last)


def _completed(df: pd.DataFrame, table: Sequence[Column], held: Mapping[str, Row]) -> pd.DataFrame:
    """Return *df* with the missing cells of the rows of *held*, by id."""
    if not held:
        return df
    known = [held.get(id_text(value) or "", {}) for value in df[table[0].name]]
    columns = [column for column in table if column.name in df.columns]
    return df.assign(**{column.name: _filled(df[column.name], column, known) for column in columns})


_CELLS: dict[str, bool | None] = {"": None}
_FLAGS: dict[str, bool | None] = {"": None, "True": True, "False": False}
"""The values that cells of a CSV file mean."""


def _rebuilt(held: Sequence[Row], columns: Sequence[Column], df: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a file as rows of *df*; columns other than *columns* stay as the file has them."""
    index, kinds = pd.RangeIndex(len(held)), {column.name: column.kind for column in columns}

    def cells(name: str) -> pd.Series:
        found = [row.get(name) for row in held]
        if name not in kinds:
            return pd.Series(found, index, dtype="object")
        meant = _FLAGS if kinds[name] == "flag" else _CELLS
        values = build.column(
            kinds[name], [meant.get(cell, cell) if isinstance(cell, str) else cell for cell in found], index
        )
        return values.astype(df[name].dtype)

    return pd.DataFrame({name: cells(name) for name in df.columns})


def _filled(values: pd.Series, column: Column, known: Sequence[Row]) -> pd.Series:
    """Return *values* with each missing one taken from its row of *known*."""
    found = build.column(column.kind, [row.get(column.name) or None for row in known], values.index)
    return values.where(values.notna(), found.astype(values.dtype))


def _held_rows(path: Path, form: str, key: str, wanted: Callable[[str], bool]) -> dict[str, Row]:
    """Return id → row of those rows of an earlier export whose id is *wanted*; empty where no file can be read."""
    try:
        found = {ident: row for row in _file_rows(path, form) if (ident := id_text(row.get(key))) and wanted(ident)}
    except (OSError, ValueError, RecursionError):  # a CSV file that cannot be parsed is a ValueError too
        return {}
    return found


def _file_rows(path: Path, form: str) -> Iterator[Row]:
    if form == "csv":
        with pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", chunksize=_ROWS) as parts:
            for part in parts:
                yield from ({str(name): cell for name, cell in row.items()} for row in part.to_dict("records"))
        return
    table = json.loads(path.read_text(encoding="utf-8"))
    yield from (row for row in table if isinstance(row, dict)) if isinstance(table, list) else ()
