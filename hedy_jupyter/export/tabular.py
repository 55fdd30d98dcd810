"""Tabular files: frames as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.export.output import file_of, save
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
    table = flat(df if zone is None else localize(df, zone))
    values = _values if zone is None else _local_values
    columns = [list(map(_cell, values(table.iloc[:, place]))) for place in range(table.shape[1])]
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # its line end is \r\n: with another one Python 3.11 leaves a \r in a text without quotes
    writer.writerow(map(_cell, _names(table)))
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


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
    table = flat(df)
    names = _names(table)
    columns = [_values(table.iloc[:, place]) for place in range(table.shape[1])]
    found = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


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


def to_data(df: pd.DataFrame, style: Style) -> str:
    """Return *df* in *style*, as text, which has no byte order mark."""
    return to_csv(df, style.zone) if style.form == "csv" else to_json(df)


def save_data(df: pd.DataFrame, style: Style, path: str | Path) -> Path:
    """Write *df* to *path* in *style*, and keep from the file that is there what could not be read now.

    Rows whose details are missing keep theirs. Where a list could not be read, rows that *df* lacks stay.

    Raises:
        UsageError: as for ``save``.
    """
    mark = "\ufeff" if style.bom and style.form == "csv" else ""
    return save(mark + to_data(_with_held(df, file_of(path), style.form), style), path)


_FILE_TABLES = ("highlights_detailed", "todos", "sessions_detailed", "topics")
"""The tables of exports, each before the tables whose id it has as well."""


def _with_held(df: pd.DataFrame, path: Path, form: str) -> pd.DataFrame:
    """Return *df* with what it misses taken from the file at *path*, where that is an earlier export."""
    missing, lists = incomplete(df), failed(df)
    table = next((TABLES[name] for name in _FILE_TABLES if TABLES[name][0].name in df.columns), ())
    held = _held_rows(path, form, table[0].name) if (missing or lists) and table else {}
    if not held:
        return df
    columns = [column for column in table if column.name in df.columns]
    idents = [id_text(value) for value in df[table[0].name]]
    known = [held.get(ident, {}) if ident in missing else {} for ident in idents]
    filled = (
        df.assign(**{column.name: _filled(df[column.name], column, known) for column in columns}) if missing else df
    )
    kept = [row for ident, row in held.items() if ident not in idents] if lists else []
    return pd.concat([filled, _rebuilt(kept, columns, df)], ignore_index=True) if kept else filled


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


def _held_rows(path: Path, form: str, key: str) -> dict[str, Row]:
    """Return id → row of an earlier export; empty where no file can be read."""
    try:
        if form == "csv":
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig").to_dict("records")
        else:
            table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # a CSV file that cannot be parsed is a ValueError too
        return {}
    rows_held = [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []
    found: dict[str, Any] = {ident: row for row in rows_held if (ident := id_text(row.get(key)))}
    return found
