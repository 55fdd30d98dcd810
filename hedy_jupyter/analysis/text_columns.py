"""Text and id columns: which columns and levels of the index of a frame hold text, and which hold ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from hedy_jupyter.kinds import ID_COLUMN


def columns_and_levels(df: pd.DataFrame) -> Iterator[tuple[str | None, pd.Series]]:
    """Yield name and values of each column of *df*, then of each level of its index, which may have no name."""
    for place, name in enumerate(df.columns):
        yield str(name), df.iloc[:, place]
    for place, level in enumerate(df.index.names):
        yield None if level is None else str(level), df.index.get_level_values(place).to_series()


def id_kind(name: str) -> str | None:
    """Return the kind of the ids in the column *name*: ``"todo"`` for ``todo_id``, ``"id"`` for ``ids``, else None."""
    match = ID_COLUMN.fullmatch(name)
    return (match["kind"] or "id") if match else None


def may_hold_text(dtype: Any) -> bool:
    """Return whether a column of this *dtype* may hold text."""
    return (
        pd.api.types.is_string_dtype(dtype)
        or pd.api.types.is_object_dtype(dtype)
        or isinstance(dtype, pd.CategoricalDtype)
    )
