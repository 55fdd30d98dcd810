"""Filters of frames: rows that are done, open, or hold a text; and what kind of rows a frame has."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from hedy_jupyter.analysis.text_columns import columns_and_levels, id_kind, may_hold_text
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.column_lookup import column
from hedy_jupyter.text import fold, search_terms
from hedy_jupyter.text.tokens import Phrase

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


def check_limit(limit: object, advice: str = "") -> None:
    """Raise ``UsageError`` with *advice* unless *limit*, the greatest number of rows, is a number of 1 or more."""
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise UsageError(f"limit={limit!r} is not a number of 1 or more.", advice=advice)


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
    """Return the rows in whose texts every word of *text* occurs, as ``search_terms`` reads it; ids are no text.

    Raises:
        UsageError: *text* holds no word, or only words that it excludes.
    """
    parts, texts = read_words(text), _texts(df)
    mask = [parts.fit(row) for row in zip(*texts, strict=True)] if texts else [False] * len(df)
    return df[np.array(mask, dtype=bool)]


class Words(NamedTuple):
    """What a search asks for.

    Attributes:
        wanted: the words and phrases all of which have to occur.
        excluded: those none of which may.
    """

    wanted: Sequence[Phrase]
    excluded: Sequence[Phrase]

    def fit(self, cells: Iterable[object]) -> bool:
        """Return whether *cells* hold all phrases that are wanted, and none of those that are excluded."""
        folded = [fold.search_form(cell) for cell in cells if isinstance(cell, str)]

        def holds(phrase: Phrase) -> bool:
            return any(phrase.is_in(cell) for cell in folded)

        return all(map(holds, self.wanted)) and not any(map(holds, self.excluded))


@functools.lru_cache(maxsize=16)
def read_words(text: str) -> Words:
    """Return what *text*, words as people type them in a search, asks for.

    Raises:
        UsageError: *text* holds no word, or only words that it excludes.
    """
    terms = search_terms.read(text)
    found = Words(search_terms.wanted(terms), search_terms.excluded(terms))
    if not found.wanted:
        what, advice = search_terms.why_nothing_is_wanted(terms, ', as in df.hedy.search("pilot start")')
        raise UsageError(what, advice=advice)
    return found


def row_fits(row: Mapping[str, object], words: Words) -> bool:
    """Return whether the texts of *row*, column → value, have the *words*, as in ``search``."""
    return words.fit(cell for name, cell in row.items() if _holds_words(name, np.dtype(object)))


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
