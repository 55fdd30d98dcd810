"""Highlights: their quotes, where in its meeting each one is, and how many a meeting has."""

from __future__ import annotations

from datetime import UTC

import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import local_times
from hedy_jupyter.text.phrasing import position

_QUOTES = ("cleaned_quote", "raw_quote")  # best first
_QUOTE_COLUMNS = ("highlight_id", "session_id", "timestamp", "title")


def quotes(df: pd.DataFrame) -> pd.DataFrame:
    """Return the highlights that have a quote: ``highlight_id session_id timestamp title quote``.

    Needs ``cleaned_quote`` or ``raw_quote``; the cleaned one is taken first. Index and order stay; of the other columns
    the result has those of the frame.

    Raises:
        UsageError: the frame has no quotes.
    """
    found = pd.Series(pd.NA, index=df.index, dtype=DTYPES["text"])
    columns = [name for name in _QUOTES if has(df, name)]
    if not columns:
        raise UsageError(
            "The frame has no quotes.", advice="Take highlights with details: hedy.highlights(details=True)."
        )
    for name in columns:
        text = normalize.texts(column(df, name)).str.strip()
        found = found.where(found.notna(), text.where(text.ne("")))
    return df[[name for name in _QUOTE_COLUMNS if name in df.columns]].assign(quote=found)[
        found.notna().to_numpy(dtype=bool)
    ]


def at(df: pd.DataFrame) -> pd.DataFrame:
    """Return the highlights with ``at``, the time from the start of the meeting as text: ``"11:37"``, ``"1:15:12"``.

    Needs ``time_index_ms``, which is the column to calculate with. Minutes and whole seconds, from one hour on also
    hours; missing where the time is missing or negative.
    """
    ms = normalize.numbers(column(df, "time_index_ms"))
    places = [position(value) or None for value in ms]
    return df.assign(at=pd.array(places, dtype=DTYPES["text"]))  # type: ignore[call-overload]


def by_session(df: pd.DataFrame) -> pd.DataFrame:
    """Return ``session_id count first last``, a row per meeting, most highlights first.

    Needs ``session_id`` and ``timestamp``.

    ``first`` and ``last`` are the times of its first and last highlight. Highlights without a meeting are a row of
    their own.
    """
    times = local_times(df["timestamp"], UTC)
    rows = df[["session_id"]].assign(count=1, first=times, last=times)
    found = rows.groupby("session_id", dropna=False, sort=False, observed=True).agg(
        {"count": "sum", "first": "min", "last": "max"}
    )
    return found.reset_index().sort_values("count", ascending=False, kind="stable", ignore_index=True)
