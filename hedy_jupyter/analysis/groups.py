"""Groups and summaries: meetings, hours and todos per topic, and the facts of a whole frame."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.analysis.filters import is_completed
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.column_lookup import column
from hedy_jupyter.frames.schema import DTYPES

NO_TOPIC = "(no topic)"
"""The name of the column for rows without a topic."""
_Facts = tuple[tuple[str, str, Callable[[pd.Series], object]], ...]


def sessions_by_topic(df: pd.DataFrame) -> pd.DataFrame:
    """Return ``topic_id topic_name count hours last``, a row per topic, most meetings first."""
    rows = topics_of(df).assign(count=1, hours=normalize.minutes(df).fillna(0) / 60, last=df["start_time"])
    return _grouped(rows, {"count": "sum", "hours": "sum", "last": "max"}, by=["count"])


def todos_by_topic(df: pd.DataFrame) -> pd.DataFrame:
    """Return ``topic_id topic_name open done total``, a row per topic, most open ones first."""
    completed = is_completed(df).astype("int64")
    rows = topics_of(df).assign(open=1 - completed, done=completed, total=1)
    return _grouped(rows, {"open": "sum", "done": "sum", "total": "sum"}, by=["open", "total"])


def added_up(parts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per topic out of the rows of ``sessions_by_topic`` or ``todos_by_topic`` for parts of a frame."""
    totals = [name for name in parts.columns if name not in {"topic_id", "topic_name"}]
    rows = topics_of(parts).assign(**{name: parts[name] for name in totals})
    return _grouped(
        rows,
        {name: "max" if name == "last" else "sum" for name in totals},
        by=["count"] if "count" in totals else ["open", "total"],
    )


def topics_of(df: pd.DataFrame) -> pd.DataFrame:
    """Return the topic of each row: names repeat, so the id decides, and a name only where there is no id."""
    topics = pd.DataFrame(
        {"topic_id": normalize.ids(column(df, "topic_id")), "topic_name": normalize.ids(column(df, "topic_name"))}
    )
    return topics.assign(_nameless_id=topics["topic_name"].where(topics["topic_id"].isna()))


def topic_labels(df: pd.DataFrame, reserved: Collection[str] = ()) -> pd.Series:
    """Return a name for the topic of each row that no other topic has: ``Team``, ``Team (t1)``, ``(no topic)``.

    *reserved* are names that no topic may have, such as those of other columns.
    """
    topics = topics_of(df)
    keys = topics["topic_id"].fillna(topics["_nameless_id"])
    names = topics["topic_name"].groupby(keys).first().reindex(keys.dropna().unique()).fillna(UNTITLED["topic"])
    is_shared = names.duplicated(keep=False) | names.isin([NO_TOPIC, *reserved])
    has_id = names.index.isin(topics["topic_id"].dropna())
    labels = {
        key: f"{name} ({key if with_id else 'topic'})"
        if shared and (with_id or name in {NO_TOPIC, *reserved})
        else name
        for key, name, shared, with_id in zip(names.index, names, is_shared, has_id, strict=True)
    }
    return pd.Series([NO_TOPIC if pd.isna(key) else labels[key] for key in keys], index=df.index, dtype=DTYPES["text"])


def _grouped(rows: pd.DataFrame, totals: Mapping[str, str], *, by: list[str]) -> pd.DataFrame:
    grouped = rows.groupby(["topic_id", "_nameless_id"], dropna=False, sort=False, observed=True)
    found = grouped.agg({"topic_name": "first", **totals}).reset_index()
    return found.sort_values(by, ascending=False, kind="stable", ignore_index=True)[["topic_id", "topic_name", *totals]]


def summary(df: pd.DataFrame, kind: str) -> pd.Series:
    """Return the facts of a tidy frame by their names; those whose column is missing are left out.

    Times and days are those of the zone that the frame's times have.
    """
    frame = df.assign(duration_min=normalize.minutes(df)) if "duration_min" in df.columns else df
    facts = {kind: len(df)} | {label: fact(frame[name]) for label, name, fact in _FACTS[kind] if name in frame.columns}
    return pd.Series(facts, dtype="object", name="summary")


def _hours(minutes: pd.Series) -> float:
    return round(float(minutes.sum()) / 60, 1)


def _flags(flags: pd.Series) -> int:
    return int(flags.eq(True).sum())


def _unset(texts: pd.Series) -> int:
    return int((texts.isna() | texts.eq("")).sum())


def _days(times: pd.Series) -> int:
    days = times.dropna().dt.tz_localize(None).dt.normalize()  # without a zone: a clock change makes no day shorter
    return int((days.max() - days.min()).days) + 1 if len(days) else 0


_SPAN: _Facts = (
    ("first", "start_time", pd.Series.min),
    ("last", "start_time", pd.Series.max),
    ("days", "start_time", _days),
)

_FACTS: Mapping[str, _Facts] = MappingProxyType(
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
