"""Filters of frames: rows that are done, open, or hold a text; and what kind of rows a frame has."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from hedy_jupyter.analysis.text_columns import columns_and_levels, id_kind, may_hold_text
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.columns import column
from hedy_jupyter.text import fold, tokens

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
"""The columns of each kind of rows; the first kind counts: a todo merged with its meeting is still a todo."""


def kind_of(df: pd.DataFrame) -> str | None:
    """Return the kind of the rows of *df*, by its columns and the names of its index, or None."""
    names = {*df.columns, *df.index.names}
    return next((kind for kind, columns in KINDS.items() if names.issuperset(columns)), None)


# Rows ------------------------------------------------------------------------


def done(df: pd.DataFrame) -> pd.DataFrame:
    """Return the todos that are completed."""
    return df[is_completed(df).to_numpy()]


def still_open(df: pd.DataFrame) -> pd.DataFrame:
    """Return the todos that are not known to be completed."""
    return df[~is_completed(df).to_numpy()]


def is_completed(df: pd.DataFrame) -> pd.Series:
    """Return whether each todo is known to be completed."""
    return normalize.flags(column(df, "completed")).fillna(False).astype(bool)


def search(df: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the rows in whose texts every word of *text* occurs, as ``tokens`` defines a word; ids are no text.

    Raises:
        UsageError: *text* holds no word.
    """
    phrases, texts = wanted(text), _texts(df)
    mask = [_has_all(row, phrases) for row in zip(*texts, strict=True)] if texts else [False] * len(df)
    return df[np.array(mask, dtype=bool)]


@functools.lru_cache(maxsize=16)
def wanted(text: str) -> tuple[tokens.Phrase, ...]:
    """Return the words and quoted phrases of *text*, all of which have to occur.

    Raises:
        UsageError: *text* holds no word.
    """
    found = tuple(tokens.Phrase(words) for words in tokens.phrases(text))
    if not found:
        raise UsageError(
            "There is nothing to search for.", advice='Give one or more words: df.hedy.search("pilot start").'
        )
    return found


def row_has(row: Mapping[str, object], phrases: Iterable[tokens.Phrase]) -> bool:
    """Return whether every one of *phrases* occurs in the texts of *row*, column → value, as in ``search``."""
    return _has_all((cell for name, cell in row.items() if _holds_words(name, np.dtype(object))), phrases)


def _texts(df: pd.DataFrame) -> list[pd.Series]:
    """Return the columns of *df*, and the named levels of its index, that hold words."""
    return [
        normalize.texts(values) if name in normalize.KINDS else values
        for name, values in columns_and_levels(df)
        if name is not None and _holds_words(name, values.dtype)
    ]


def _holds_words(name: str, dtype: object) -> bool:
    is_text = normalize.KINDS[name] == "text" if name in normalize.KINDS else may_hold_text(dtype)
    return is_text and id_kind(name) is None


def _has_all(cells: Iterable[object], phrases: Iterable[tokens.Phrase]) -> bool:
    folded = [fold.search_form(cell) for cell in cells if isinstance(cell, str)]
    return all(any(phrase.is_in(cell) for cell in folded) for phrase in phrases)
