"""What ``df.hedy`` asks of a frame, as pure functions: a frame in, a new frame out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.columns import column
from hedy_jupyter.text import tokens

Facts = tuple[tuple[str, str, Callable[[pd.Series], object]], ...]

# A frame is of the first kind whose columns it has: a todo merged with its meeting is still a todo, a meeting with its topic a meeting.
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

_ID_COLUMN = re.compile(r".*_id(_\w)?")  # a merge of frames adds _x and _y
_ACCENTS = re.compile("[\u0300-\u036f]")


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
        raise UsageError("There is nothing to search for.", advice='Give one or more words: df.hedy.search("pilot start").')
    texts = _texts(df)
    mask = [_has_all(row, wanted) for row in zip(*texts, strict=True)] if texts else [False] * len(df)
    return df[np.array(mask, dtype=bool)]


def _texts(df: pd.DataFrame) -> list[pd.Series]:
    """The columns of *df*, and the named levels of its index, that hold words."""
    levels = [(name, df.index.get_level_values(place).to_series()) for place, name in enumerate(df.index.names) if name is not None]
    columns = [*levels, *((name, df.iloc[:, place]) for place, name in enumerate(df.columns))]
    return [
        normalize.texts(values) if name in normalize.KINDS else values for name, values in columns if _holds_text(str(name), values.dtype)
    ]


def _holds_text(name: str, dtype: Any) -> bool:
    if name in normalize.KINDS:
        return normalize.KINDS[name] == "text" and not _ID_COLUMN.fullmatch(name)
    is_text = pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype) or isinstance(dtype, pd.CategoricalDtype)
    return is_text and not _ID_COLUMN.fullmatch(name)


def _has_all(cells: Iterable[object], wanted: Iterable[tokens.Phrase]) -> bool:
    folded = [tokens.fold(cell) for cell in cells if isinstance(cell, str)]
    return all(any(phrase.is_in(cell) for cell in folded) for phrase in wanted)


def fold(text: str) -> str:
    """*text* without case, accents, widths and runs of white space.

    Only the accents of the block U+0300 go: the marks that make a kana voiced, or syllables out of Hangul letters, are letters.
    """
    folded = text.lower() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    return " ".join((folded if folded.isascii() else unicodedata.normalize("NFC", folded)).split())


# Groups ----------------------------------------------------------------------


def sessions_by_topic(df: pd.DataFrame) -> pd.DataFrame:
    """``topic_id topic_name count hours last``, a row per topic, most meetings first."""
    rows = topics_of(df).assign(count=1, hours=normalize.minutes(df).fillna(0) / 60, last=df["start_time"])
    return _grouped(rows, {"count": "sum", "hours": "sum", "last": "max"}, by=["count"])


def todos_by_topic(df: pd.DataFrame) -> pd.DataFrame:
    """``topic_id topic_name open done total``, a row per topic, most open ones first."""
    completed = is_completed(df).astype("int64")
    rows = topics_of(df).assign(open=1 - completed, done=completed, total=1)
    return _grouped(rows, {"open": "sum", "done": "sum", "total": "sum"}, by=["open", "total"])


def added_up(parts: pd.DataFrame) -> pd.DataFrame:
    """One row per topic out of the rows that ``sessions_by_topic`` or ``todos_by_topic`` gave for parts of a frame."""
    totals = [name for name in parts.columns if name not in {"topic_id", "topic_name"}]
    rows = topics_of(parts).assign(**{name: parts[name] for name in totals})
    return _grouped(
        rows, {name: "max" if name == "last" else "sum" for name in totals}, by=["count"] if "count" in totals else ["open", "total"]
    )


def topics_of(df: pd.DataFrame) -> pd.DataFrame:
    """The topic of each row. Names repeat, so the id decides; a name tells topics apart only where there is no id."""
    topics = pd.DataFrame({"topic_id": normalize.ids(column(df, "topic_id")), "topic_name": normalize.texts(column(df, "topic_name"))})
    return topics.assign(_nameless_id=topics["topic_name"].where(topics["topic_id"].isna()))


def _grouped(rows: pd.DataFrame, totals: Mapping[str, str], *, by: list[str]) -> pd.DataFrame:
    grouped = rows.groupby(["topic_id", "_nameless_id"], dropna=False, sort=False, observed=True)
    found = grouped.agg({"topic_name": "first", **totals}).reset_index()
    return found.sort_values(by, ascending=False, kind="stable", ignore_index=True)[["topic_id", "topic_name", *totals]]


# Summary ---------------------------------------------------------------------


def summary(df: pd.DataFrame, kind: str) -> pd.Series:
    """One fact a row, named by what it says, of a tidy frame; facts whose column is not there are left out."""
    shown = df.assign(duration_min=normalize.minutes(df)) if "duration_min" in df.columns else df
    facts = {kind: len(df)} | {label: fact(shown[name]) for label, name, fact in _FACTS[kind] if name in shown.columns}
    return pd.Series(facts, dtype="object", name="summary")


def _hours(minutes: pd.Series) -> float:
    return round(float(minutes.sum()) / 60, 1)


def _flags(flags: pd.Series) -> int:
    return int(flags.eq(True).sum())


def _unset(texts: pd.Series) -> int:
    return int((texts.isna() | texts.eq("")).sum())


def _days(times: pd.Series) -> int:
    return int((times.max().normalize() - times.min().normalize()).days) + 1 if times.notna().any() else 0


_SPAN: Facts = (("first", "start_time", pd.Series.min), ("last", "start_time", pd.Series.max), ("days", "start_time", _days))
_FACTS: Mapping[str, Facts] = MappingProxyType(
    {
        "sessions": (
            *_SPAN,
            ("hours", "duration_min", _hours),
            ("median_min", "duration_min", lambda minutes: minutes.dropna().median()),
            ("topics", "topic_id", pd.Series.nunique),
            ("without_topic", "topic_id", _unset),
        ),
        "todos": (
            ("open", "completed", lambda flags: len(flags) - _flags(flags)),
            ("done", "completed", _flags),
            ("without_due_date", "due_date", _unset),
            ("sessions", "session_id", pd.Series.nunique),
            ("topics", "topic_id", pd.Series.nunique),
        ),
        "highlights": (
            ("first", "timestamp", pd.Series.min),
            ("last", "timestamp", pd.Series.max),
            ("days", "timestamp", _days),
            ("sessions", "session_id", pd.Series.nunique),
        ),
        "topics": (
            ("sessions", "session_count", lambda counts: int(counts.sum())),
            ("last_session", "last_session_date", pd.Series.max),
            ("with_instructions", "topic_context", lambda texts: len(texts) - _unset(texts)),
        ),
        "contexts": (("default", "is_default", _flags), ("last_update", "updated_at", pd.Series.max)),
        "webhooks": (("hosts", "host", pd.Series.nunique), ("last_update", "updated_at", pd.Series.max)),
    }
)
