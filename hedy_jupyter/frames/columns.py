"""Columns by name: among repeated names and in the index too."""

from __future__ import annotations

import pandas as pd

from hedy_jupyter.errors import UsageError


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
        f"The column {name} is missing.", advice="Pass a frame as hedy.todos() or hedy.sessions() returns it."
    )
