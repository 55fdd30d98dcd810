"""Look up the meetings of todos: when each of them was, and what a frame of sessions says of it."""

from __future__ import annotations

from datetime import tzinfo

import pandas as pd

from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import frame_zone, local_days, local_times, zone_of

_TOPIC = ("topic_id", "topic_name")


def meeting_times(todos: pd.DataFrame, sessions: pd.DataFrame | None, *, zone: tzinfo) -> pd.Series:
    """Return when the meeting of each todo began: from *sessions*, else from ``start_time`` of *todos*, else NaT.

    The times are in the zone of the frame that they come from, without one in *zone*.

    Raises:
        UsageError: *sessions* is no frame of meetings.
    """
    merged = "start_time" in todos.columns
    own = local_times(
        todos["start_time"] if merged else pd.Series(pd.NaT, index=todos.index, dtype=DTYPES["time"]), zone
    )
    if sessions is None or not has(todos, "session_id"):
        return own
    starts = local_times(column(sessions, "start_time"), frame_zone(sessions, zone_of(own, zone) if merged else zone))
    found = values_of_meetings(todos, sessions, starts)
    return found.where(found.notna(), own.dt.tz_convert(starts.dt.tz))


def meeting_days(todos: pd.DataFrame, sessions: pd.DataFrame | None, *, zone: tzinfo) -> pd.Series:
    """Return the day of each todo's meeting: from *sessions*, else from ``start_time`` of *todos*, else NaT.

    Days are naive midnights, in the zone of *sessions*.

    *zone* is that of the todos; meetings without a zone are in it, too.

    Raises:
        UsageError: *sessions* is no frame of meetings.
    """
    own = local_days(column(todos, "start_time"), zone) if has(todos, "start_time") else _no_days(todos.index)
    if sessions is None or not has(todos, "session_id"):
        return own
    found = values_of_meetings(todos, sessions, local_days(column(sessions, "start_time"), frame_zone(sessions, zone)))
    return found.where(found.notna(), own)


def with_meeting(todos: pd.DataFrame, sessions: pd.DataFrame, *, zone: tzinfo) -> pd.DataFrame:
    """Return *todos* with ``session_title`` and ``session_start`` of their meetings, missing where it is not known.

    A missing ``topic_id`` and ``topic_name`` is taken from the meeting as well. Columns of these names are replaced.
    ``attrs["with_meeting"]["unknown_meetings"]`` counts the todos whose meeting is not among *sessions*.

    Args:
        todos: a frame with ``session_id``.
        sessions: the meetings, with ``session_id``, ``title`` and ``start_time``.
        zone: the display time zone, in which ``session_start`` is.

    Raises:
        UsageError: a column is missing.
    """
    found = todos.assign(
        session_title=_texts_of_meetings(todos, sessions, "title"),
        session_start=values_of_meetings(todos, sessions, local_times(column(sessions, "start_time"), zone)),
    )
    topics = {name: _texts_of_meetings(todos, sessions, name) for name in _TOPIC if has(sessions, name)}
    own = {name: normalize.texts(column(todos, name)) for name in topics if has(todos, name)}
    lacks = own["topic_id"].isna() if "topic_id" in own else pd.Series(True, index=todos.index)
    found = found.assign(
        **{name: own[name].mask(lacks, text) if name in own else text for name, text in topics.items()}
    )
    known = set(meeting_ids(sessions).dropna())
    unknown = sum(ident not in known for ident in meeting_ids(todos))
    found.attrs = {**todos.attrs, "with_meeting": {"unknown_meetings": unknown}}
    return found


def _texts_of_meetings(todos: pd.DataFrame, sessions: pd.DataFrame, name: str) -> pd.Series:
    found = values_of_meetings(todos, sessions, normalize.texts(column(sessions, name)))
    return pd.Series(found.array, index=todos.index, dtype=DTYPES["text"])


def values_of_meetings(todos: pd.DataFrame, sessions: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Return for each todo the value of its meeting in *values*, a column of *sessions*; missing where unknown."""
    known = pd.Series(values.array, index=meeting_ids(sessions)).dropna()
    by_id = known[~known.index.duplicated() & known.index.notna()]  # two missing ids are not the same meeting
    return pd.Series(by_id.reindex(meeting_ids(todos)).array, index=todos.index)


def meeting_ids(frame: pd.DataFrame) -> pd.Index:
    """Return the ``session_id`` of each row as text, also where a file made numbers of them."""
    return pd.Index(
        [None if pd.isna(ident) else ident for ident in normalize.ids(column(frame, "session_id"))], dtype="object"
    )


def _no_days(index: pd.Index) -> pd.Series:
    return pd.Series(pd.NaT, index=index, dtype="datetime64[us]")
