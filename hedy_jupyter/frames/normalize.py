"""Normalize a frame: its rows as the API sent them, after files, other dtypes, an index or repeated names.

Every member of ``df.hedy`` reads through these functions, so frames from CSV, JSON or Parquet give the same numbers.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.frames import timezones
from hedy_jupyter.frames.column_lookup import column
from hedy_jupyter.frames.schema import COUNT_LIMIT, DTYPES, TABLES, CellKind
from hedy_jupyter.kinds import id_text

LONGEST_MIN = 366 * 24 * 60.0  # no meeting is longer, and what is far longer fits no time

_FRAMES = ("sessions_detailed", "highlights_detailed", "todos", "topics", "contexts", "webhooks", "times")
KINDS: Mapping[str, CellKind] = MappingProxyType(
    {column.name: column.kind for table in _FRAMES for column in TABLES[table]}
)
"""Column of the API's frames → what it holds."""

_IDS = frozenset(column.name for table in _FRAMES for column in TABLES[table] if column.reads == "id")
_TRUE, _FALSE = frozenset({"true", "1", "1.0"}), frozenset({"false", "0", "0.0"})
_GROUPED = r"[+-]?\d{1,3}(?:[.'\s\u2019]\d{3})"
_DECIMAL_COMMA = re.compile(rf"[+-]?(?:\d+,(?:\d{{1,2}}|\d{{4,}})|(?:0|\d{{4,}}),\d+)|{_GROUPED}+,\d+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""Texts whose comma is a decimal comma, a thousands separator, or either."""


# One kind of column -----------------------------------------------------------


def cells(values: pd.Series) -> list[Any]:
    """Return the cells of *values* as Python values."""
    return [
        cell.item() if isinstance(cell, np.generic) and not isinstance(cell, np.datetime64) else cell
        for cell in values.tolist()
    ]


@cache
def _text_dtype() -> Any:
    return pd.api.types.pandas_dtype(DTYPES["text"])


def texts(values: pd.Series) -> pd.Series:
    """Return *values* as text; a number, which a file may have made of an id, becomes text; others are missing."""
    if values.dtype == _text_dtype():
        return values
    return pd.Series(
        [id_text(cell) for cell in cells(values)], index=values.index, dtype=DTYPES["text"], name=values.name
    )


def ids(values: pd.Series) -> pd.Series:
    """Return *values* as text without empty ids, which a file may have made of missing ones."""
    found = texts(values)
    empty = found.eq("")
    return found.mask(empty.fillna(False).astype(bool)) if empty.any() else found


def numbers(values: pd.Series) -> pd.Series:
    """Return *values* as ``float64``, also from text with a decimal comma; what is no number is NaN.

    Warns of a text such as "1,234", which is two different numbers; it is NaN unless other texts decide.
    """
    if values.dtype == np.dtype("float64"):
        return values
    plain = values.astype("object") if isinstance(values.dtype, pd.CategoricalDtype | pd.ArrowDtype) else values
    found = pd.to_numeric(plain, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    commas = (
        {place: cell.strip() for place, cell in enumerate(plain) if isinstance(cell, str) and "," in cell}
        if np.isnan(found).any()
        else {}
    )
    if commas:
        found = found.copy()
        found[list(commas)] = _with_commas(list(commas.values()), str(values.name))
    return pd.Series(found, index=values.index, name=values.name)


def _with_commas(texts: list[str], name: str) -> list[float]:
    """Return *texts* of one column as numbers; their commas are all decimal commas or all thousands separators."""
    are_decimal = any(_DECIMAL_COMMA.fullmatch(text) for text in texts)
    are_thousands = any(_THOUSANDS.fullmatch(text) for text in texts)
    doubtful = next((text for text in texts if _EITHER.fullmatch(text)), None)
    if doubtful is not None and are_decimal is are_thousands:
        warnings.warn(
            f"{name} holds {doubtful!r}, which may be a number with decimals or with thousands; "
            "such cells count as missing. Make numbers of the column first, as with pd.read_csv(..., decimal=',').",
            stacklevel=2,
        )
    return [
        _with_comma(text, is_decimal=are_decimal and not are_thousands, is_thousands=are_thousands and not are_decimal)
        for text in texts
    ]


def _with_comma(text: str, *, is_decimal: bool, is_thousands: bool) -> float:
    if _DECIMAL_COMMA.fullmatch(text) or (is_decimal and _EITHER.fullmatch(text)):
        return float(re.sub("[^0-9,+-]", "", text).replace(",", "."))
    if _THOUSANDS.fullmatch(text) or (is_thousands and _EITHER.fullmatch(text)):
        return float(text.replace(",", ""))
    return np.nan


def minutes(df: pd.DataFrame) -> pd.Series:
    """Return the lengths of meetings in minutes: NaN where they are missing, negative, or longer than a year."""
    values = column(df, "duration_min")
    found = values.dt.total_seconds() / 60 if pd.api.types.is_timedelta64_dtype(values.dtype) else numbers(values)
    return found.where(found.between(0, LONGEST_MIN))


def flags(values: pd.Series) -> pd.Series:
    """Return *values* as ``boolean``, also from text and numbers; what is neither true nor false is missing."""
    if pd.api.types.is_bool_dtype(values.dtype) and not isinstance(values.dtype, pd.ArrowDtype | pd.CategoricalDtype):
        return values.astype("boolean")
    return pd.Series([_flag(cell) for cell in cells(values)], index=values.index, dtype="boolean", name=values.name)


def _flag(cell: object) -> bool | None:
    said = str(cell).strip().lower()
    return True if said in _TRUE else False if said in _FALSE else None


def _counts(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.Int64Dtype):
        return values
    found = numbers(values)
    whole = found.where(found.abs().lt(float(COUNT_LIMIT)) & found.eq(found.round()))
    return whole.astype("Int64")


def _lists(values: pd.Series) -> pd.Series:
    return pd.Series([_list(cell) for cell in values.tolist()], index=values.index, dtype="object", name=values.name)


def _list(cell: Any) -> list[str]:
    """Return a list, also from the array that Parquet makes of it and the text that CSV makes of it."""
    if isinstance(cell, str) and cell.startswith("["):
        try:
            cell = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return [cell]
    if isinstance(cell, str):
        cell = [part.strip() for part in cell.split(";")]
    return [one for one in cell if isinstance(one, str)] if isinstance(cell, list | tuple | np.ndarray) else []


def _times(values: pd.Series) -> pd.Series:
    return timezones.local_times(values, UTC)


# A whole frame ----------------------------------------------------------------

_READ: Mapping[CellKind, Callable[[pd.Series], pd.Series]] = MappingProxyType(
    {"text": texts, "time": _times, "number": numbers, "count": _counts, "flag": flags, "list": _lists}
)


def tidy(df: pd.DataFrame) -> pd.DataFrame:
    """Return *df* as the API's frames are: with a RangeIndex, each name once, the known columns in their dtypes.

    Named levels of the index become columns. Times stay in their zone. Other columns and ``attrs`` stay as they are.
    """
    names = [name for name in dict.fromkeys([*df.index.names, *df.columns]) if name is not None]
    read = {name: ids if name in _IDS else _READ[KINDS[name]] for name in names if name in KINDS}
    index = pd.RangeIndex(len(df))  # one for all columns, which need no alignment then
    found = {name: column(df, name).set_axis(index) for name in names}
    flat = pd.DataFrame(
        {name: read[name](values) if name in read else values for name, values in found.items()}, index=index
    )
    flat.attrs = dict(df.attrs)
    return flat
