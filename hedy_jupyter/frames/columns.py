"""Columns by name: among repeated names and in the index too."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.text.phrasing import close_names


def has(df: pd.DataFrame, name: str) -> bool:
    """Return whether *name* is a column or a level of the index."""
    return name in df.columns or name in df.index.names


def column(df: pd.DataFrame, name: str) -> pd.Series:
    """Return the first column *name*, or the level of the index of that name, with the index of *df*.

    Raises:
        UsageError: *df* has neither.
    """
    if name in df.columns:
        return df.iloc[:, df.columns.tolist().index(name)]
    if name in df.index.names:
        return pd.Series(df.index.get_level_values(df.index.names.index(name)).array, index=df.index, name=name)
    raise UsageError(
        f"The column {name} is missing.",
        advice=renamed(df, [name]) or "Pass a frame as hedy.todos() or hedy.sessions() returns it.",
    )


def renamed(df: pd.DataFrame, missing: Iterable[str]) -> str:
    """Return how to rename the columns of *df* that are spelled like one of *missing*; empty without any."""
    present = [str(name) for name in df.columns]
    close = {name: close_names(name, present, least=0.8)[:1] for name in missing}
    names = {found[0]: name for name, found in close.items() if found}
    pairs = ", ".join(f'"{old}": "{new}"' for old, new in names.items())
    return f"Rename the column: df.rename(columns={{{pairs}}})." if names else ""
