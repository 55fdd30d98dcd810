"""Speakers: how much each of them says, in all or by meeting, topic or month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.analysis import groups, meetings, transcripts
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.columns import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import local_days, local_times

COLUMNS = ("speaker", "words", "turns", "questions", "meetings", "share")
_QUESTION = r"[?？؟⁇⁈]+"
_NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"session": ("session_id", "start_time"), "topic": ("topic_id", "topic_name"), "month": ("start_time",)}
)
"""What speakers can be counted by → the columns that are needed for it."""
_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"session": ("session_id",), "topic": ("topic_id", "_nameless_id"), "month": ("period",)}
)
_WITH: Mapping[str, tuple[str, ...]] = MappingProxyType({"session": ("_start",), "topic": ("topic_name",)})
"""What is the same in all rows of a group besides its keys."""
_LEADING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"session": ("session_id",), "topic": ("topic_name",), "month": ("period",)}
)


def speakers(df: pd.DataFrame, by: str | None = None, *, zone: tzinfo) -> pd.DataFrame:
    """Return how much each speaker says, most words first; needs ``transcript`` or ``cleaned_transcript``.

    Gives ``speaker``, ``words``, ``turns``, ``questions`` (question marks, several in a row count once), ``meetings``
    and ``share`` (of all words, 0 to 1). With *by* there are rows for each topic (most words first), month or meeting
    (the newest first): ``topic_name``, ``period`` (the first day of the month in the zone) or ``session_id`` comes
    first, and the share is that of the topic, month or meeting. ``attrs["utterances"]`` says how much could be read.

    Raises:
        UsageError: *by* is none of ``"topic"``, ``"month"``, ``"session"``, or columns are missing.
    """
    found = count(df, by, zone=zone)
    columns = [*(_LEADING[by] if by else ()), *COLUMNS]
    trimmed = found[columns]
    trimmed.attrs = dict(found.attrs)
    return trimmed


def count(df: pd.DataFrame, by: str | None = None, *, zone: tzinfo) -> pd.DataFrame:
    """Return ``speakers`` with all that tells its groups apart: topics of one name have different ids.

    Raises:
        UsageError: as ``speakers`` does.
    """
    if by is not None and by not in _NEEDED:
        raise UsageError(f"by cannot be {by!r}.", advice='Give "topic", "month" or "session", or leave it out.')
    said = transcripts.utterances(df.assign(session_id=range(len(df)))).rename(columns={"session_id": "_place"})
    given = {name: values.iloc[said["_place"]].array for name, values in _columns(df, by, zone).items()}
    turns = said.assign(questions=said["text"].str.count(_QUESTION).astype("int64"), **given)
    keys = list(_KEYS[by]) if by else []
    found = turns.groupby([*keys, "speaker"], dropna=False, sort=False, observed=True).agg(
        words=("words", "sum"),
        turns=("words", "size"),
        questions=("questions", "sum"),
        meetings=("_place", "nunique"),
        **{name: (name, "first") for name in _WITH.get(by or "", ())},
    )
    found = found.reset_index()
    found["_all"] = found.groupby(keys, dropna=False)["words"].transform("sum") if keys else found["words"].sum()
    found["share"] = (found["words"] / found["_all"].where(found["_all"] > 0)).fillna(0.0).astype("float64")
    first = {None: [], "month": ["period"], "topic": ["_all", *keys], "session": ["_start", "session_id"]}[by]
    order = {name: name not in {"_start", "_all", "words"} for name in [*first, "words", "speaker"]}
    found = found.sort_values(list(order), ascending=list(order.values()), ignore_index=True)
    found = found.astype({"speaker": DTYPES["text"]})
    found["group"] = found.groupby(keys, dropna=False, sort=False).ngroup() if keys else 0
    found.attrs = dict(said.attrs)
    return found


def _columns(df: pd.DataFrame, by: str | None, zone: tzinfo) -> dict[str, pd.Series]:
    """Return the columns by which rows are counted, one value a meeting."""
    missing = [name for name in (_NEEDED[by] if by else ()) if not has(df, name)]
    if missing:
        raise UsageError(f"by={by!r} needs the column {', '.join(missing)}.", advice="Pass a frame that has it.")
    match by:
        case "topic":
            topics = groups.topics_of(df)
            return {name: topics[name] for name in topics.columns}
        case "month":
            return {"period": meetings.FIRST_DAYS["month"](local_days(column(df, "start_time"), zone))}
        case "session":
            return {"session_id": column(df, "session_id"), "_start": local_times(column(df, "start_time"), zone)}
        case _:
            return {}
