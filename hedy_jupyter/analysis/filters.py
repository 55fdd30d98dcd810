"""What ``df.hedy`` asks of a frame, as pure functions: a frame in, a new frame out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.columns import column
from hedy_jupyter.kinds import ID_COLUMN
from hedy_jupyter.text import fold, tokens

# A frame is of the first kind whose columns it has: a todo merged with its meeting is still a todo, a meeting with its
# topic a meeting.
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "todos": ("todo_id",),
        "highlights": ("highlight_id",),
        "sessions": ("session_id", "start_time"),
        "topics": ("topic_id", "name"),
        "contexts": ("context_id",),
        "webhooks": ("webhook_id",),
    }
)


def kind_of(df: pd.DataFrame) -> str | None:
    """The kind of the rows of *df*, told by its columns and the names of its index, or None."""
    names = {*df.columns, *df.index.names}
    return next((kind for kind, columns in KINDS.items() if names.issuperset(columns)), None)


# Rows ------------------------------------------------------------------------


def done(df: pd.DataFrame) -> pd.DataFrame:
    """The todos that are completed."""
    return df[is_completed(df).to_numpy()]


def still_open(df: pd.DataFrame) -> pd.DataFrame:
    """The todos that are not known to be completed."""
    return df[~is_completed(df).to_numpy()]


def is_completed(df: pd.DataFrame) -> pd.Series:
    """Whether each todo is known to be completed."""
    return normalize.flags(column(df, "completed")).fillna(False).astype(bool)


def search(df: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the rows in whose texts every word of *text* occurs, as ``tokens`` defines a word; ids are no text.

    Raises:
        UsageError: *text* holds no word.
    """
    wanted = [tokens.Phrase(words) for words in tokens.phrases(text)]
    if not wanted:
        raise UsageError(
            "There is nothing to search for.", advice='Give one or more words: df.hedy.search("pilot start").'
        )
    texts = _texts(df)
    mask = [_has_all(row, wanted) for row in zip(*texts, strict=True)] if texts else [False] * len(df)
    return df[np.array(mask, dtype=bool)]


def _texts(df: pd.DataFrame) -> list[pd.Series]:
    """The columns of *df*, and the named levels of its index, that hold words."""
    levels = [
        (name, df.index.get_level_values(place).to_series())
        for place, name in enumerate(df.index.names)
        if name is not None
    ]
    columns = [*levels, *((name, df.iloc[:, place]) for place, name in enumerate(df.columns))]
    return [
        normalize.texts(values) if name in normalize.KINDS else values
        for name, values in columns
        if _holds_text(str(name), values.dtype)
    ]


def _holds_text(name: str, dtype: Any) -> bool:
    if name in normalize.KINDS:
        return normalize.KINDS[name] == "text" and not ID_COLUMN.fullmatch(name)
    is_text = (
        pd.api.types.is_string_dtype(dtype)
        or pd.api.types.is_object_dtype(dtype)
        or isinstance(dtype, pd.CategoricalDtype)
    )
    return is_text and not ID_COLUMN.fullmatch(name)


def _has_all(cells: Iterable[object], wanted: Iterable[tokens.Phrase]) -> bool:
    folded = [fold.search_form(cell) for cell in cells if isinstance(cell, str)]
    return all(any(phrase.is_in(cell) for cell in folded) for phrase in wanted)
