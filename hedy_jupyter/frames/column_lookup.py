"""Columns by name: among repeated names and in the index too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.schema import TABLES, CellKind
from hedy_jupyter.text.suggestions import close_names

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "completed_at": "Hedy returns that a todo is done, not when: use hedy.archive.todos(history=True).",
        "meeting_minutes": "Read the texts too: hedy.sessions(details=True), or df.hedy.fetch_details().",
    }
)
"""Where columns come from that no list of the API has."""

_KINDS: Mapping[str, CellKind] = MappingProxyType(
    {column.name: column.kind for table in TABLES.values() for column in table}
)
_NUMBERS = ("int", "uint", "float", "double", "decimal", "mixed-integer-float", "empty")
_HELD: Mapping[CellKind, tuple[str, ...]] = MappingProxyType(
    {
        "text": ("str", "categor", "empty"),
        "time": ("date", "timestamp", "str", "empty"),
        "number": _NUMBERS,
        "count": _NUMBERS,
        "flag": ("bool", "empty"),
        "list": ("mixed", "str", "empty"),
    }
)
"""Kind of a column → how the dtypes that it may have begin, and pandas' names of what objects are."""


def has(df: pd.DataFrame, name: str) -> bool:
    """Return whether *name* is a column or a level of the index."""
    return name in df.columns or name in df.index.names


def column(df: pd.DataFrame, name: str) -> pd.Series:
    """Return the first column *name*, or the level of the index of that name, with the index of *df*.

    Raises:
        UsageError: *df* has neither.
    """
    if name in df.columns:
        return df[name] if df.columns.is_unique else df.iloc[:, df.columns.tolist().index(name)]
    if name in df.index.names:
        return pd.Series(df.index.get_level_values(df.index.names.index(name)).array, index=df.index, name=name)
    raise UsageError(
        f"The column {name} is missing.",
        advice=renamed(df, [name]) or "Pass a frame as hedy.todos() or hedy.sessions() returns it.",
    )


def renamed(df: pd.DataFrame, missing: Iterable[str]) -> str:
    """Return where columns come from, or how to rename those of *df* that are spelled alike and hold the same kind.

    A column of Hedy's keeps its name: ``completed`` is a flag, and does not become ``completed_at``, a time.
    """
    wanted = list(missing)
    own = [SOURCES[name] for name in wanted if name in SOURCES]
    if own:
        return " ".join(own)
    present = [str(name) for name in df.columns if name not in _KINDS]
    names = dict[str, str]()
    for name in wanted:
        alike = close_names(name, [old for old in present if _may_hold(df, old, name)], least=0.8)
        if alike:
            names.setdefault(alike[0], name)
    pairs = ", ".join(f'"{old}": "{new}"' for old, new in names.items())
    return f"Rename the column: df.rename(columns={{{pairs}}})." if names else ""


def _may_hold(df: pd.DataFrame, old: str, new: str) -> bool:
    """Return whether the values of the column *old* may be those of Hedy's column *new*."""
    values = column(df, old)
    if pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values):
        found = pd.api.types.infer_dtype(values, skipna=True)
    else:
        found = str(values.dtype)
    return new not in _KINDS or any(found.lower().startswith(begin) for begin in _HELD[_KINDS[new]])
