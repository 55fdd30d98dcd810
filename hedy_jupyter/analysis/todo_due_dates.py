"""Todos: when they are due, read from prose against the day of the meeting, what is overdue, and how old a todo is.

``due_date`` is what Hedy wrote down: "Tomorrow", "Ende der Woche", "3月15日", "before the launch". A wrong day is worse
than none, so only a phrase of which every word is understood has a day; ``dates/due_grammar`` has the rules.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import filters
from hedy_jupyter.analysis.meetings_of_todos import meeting_days, meeting_ids
from hedy_jupyter.dates import periods
from hedy_jupyter.dates.due import due_dates
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize, timezones
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import local_days, moments
from hedy_jupyter.kinds import id_text

_SOON_DAYS = 7
_URGENCIES = ("overdue", "today", "soon", "later", "undated", "done")


def due(todos: pd.DataFrame, sessions: pd.DataFrame | None, *, zone: tzinfo) -> pd.DataFrame:
    """Return *todos* with ``due_on`` and ``due_kind``, read from ``due_date`` against the day of each todo's meeting.

    ``due_on`` is a naive midnight (``datetime64[us]``) of the display zone or NaT, ``due_kind`` text: ``exact``,
    ``relative``, ``vague`` or ``none``. Columns of these names are replaced. ``attrs["due"]["unknown_meetings"]`` says
    how many todos have a meeting whose day is not known: there "Tomorrow" has no day.

    Args:
        todos: a frame with ``due_date``, and ``session_id`` or, merged with its meetings, ``start_time``.
        sessions: the meetings, with ``session_id`` and ``start_time``.
        zone: the display time zone, in which the meetings' days are.

    Raises:
        UsageError: a column is missing.
    """
    days = meeting_days(todos, sessions, zone=zone)
    display_zone = zone if sessions is None else timezones.frame_zone(sessions, zone)
    answers = due_dates(
        [_phrase(cell) for cell in normalize.cells(column(todos, "due_date"))], [_day(day) for day in days]
    )
    due_on = np.array([answer.on for answer in answers], dtype="datetime64[D]").astype("datetime64[us]")
    kinds = pd.Series([answer.kind for answer in answers], index=todos.index, dtype=DTYPES["text"])
    found = todos.assign(due_on=pd.Series(due_on, index=todos.index), due_kind=kinds)
    attrs = todos.attrs if display_zone is zone else timezones.noted(todos.attrs, display_zone)
    found.attrs = attrs | {"due": {"unknown_meetings": int(days.isna().sum())}}
    return found


def overdue(
    todos: pd.DataFrame, *, as_of: date | None = None, zone: tzinfo, now: datetime | None = None
) -> pd.DataFrame:
    """Return the open todos whose ``due_on`` is before *as_of*, longest overdue first, with ``overdue_days`` (Int64).

    A todo whose ``completed`` is missing is open.

    Args:
        todos: a frame with ``due_on``, as ``due`` gives it.
        as_of: the day; by default today in *zone*.
        zone: the display time zone.
        now: the present; by default the clock's.

    Raises:
        UsageError: ``due_on`` is missing.
    """
    _require_days(todos)
    rows = filters.still_open(todos) if has(todos, "completed") else todos
    late_days = (pd.Timestamp(_as_of(as_of, zone, now)) - naive_days(column(rows, "due_on"))).dt.days.astype("Int64")
    rows = rows.assign(overdue_days=late_days)[(late_days > 0).fillna(False).to_numpy(dtype=bool)]
    found: pd.DataFrame = rows.sort_values("overdue_days", ascending=False, kind="stable")
    return found


def by_urgency(todos: pd.DataFrame, *, zone: tzinfo, now: datetime | None = None) -> pd.DataFrame:
    """Return *todos*, the most urgent first, with ``urgency``: ``overdue today soon later undated done``.

    ``soon`` is within 7 days. Of one urgency the earliest day comes first; what has no day stays in its order.

    Args:
        todos: a frame with ``due_on``, as ``due`` gives it.
        zone: the display time zone.
        now: the present; by default the clock's.

    Raises:
        UsageError: ``due_on`` is missing.
    """
    _require_days(todos)
    ahead = (naive_days(column(todos, "due_on")) - pd.Timestamp(_as_of(None, zone, now))).dt.days
    is_done = filters.is_completed(todos) if has(todos, "completed") else pd.Series(False, index=todos.index)
    urgency = np.select(
        [is_done, ahead.isna(), ahead < 0, ahead == 0, ahead <= _SOON_DAYS],
        ["done", "undated", "overdue", "today", "soon"],
        "later",
    )
    found = todos.assign(urgency=pd.Series(urgency, index=todos.index, dtype=DTYPES["text"]))
    rank = pd.Series([_URGENCIES.index(one) for one in urgency])
    order = pd.DataFrame({"rank": rank, "ahead": ahead.to_numpy()}).sort_values(["rank", "ahead"], kind="stable").index
    return found.iloc[order]


def _require_days(todos: pd.DataFrame) -> None:
    if not has(todos, "due_on"):
        raise UsageError("These todos have no due_on.", advice="Read their due dates first: df.hedy.due().")


def age_days(
    todos: pd.DataFrame, sessions: pd.DataFrame | None, *, zone: tzinfo, now: datetime | None = None
) -> pd.DataFrame:
    """Return *todos* with ``age_days`` (Int64), the days since the meeting in *zone*, <NA> where its day is not known.

    Args:
        todos: a frame with ``session_id`` or, merged with its meetings, ``start_time``.
        sessions: the meetings, with ``session_id`` and ``start_time``.
        zone: the display time zone, in which days begin and end.
        now: the present; by default the clock's.

    Raises:
        UsageError: a column is missing.
    """
    days = meeting_days(todos, sessions, zone=zone)
    display_zone = zone if sessions is None else timezones.frame_zone(sessions, zone)
    return todos.assign(age_days=(pd.Timestamp(_as_of(None, display_zone, now)) - days).dt.days.astype("Int64"))


def without_todos(
    sessions: pd.DataFrame, todos: pd.DataFrame | None = None, *, read_at: datetime | None = None
) -> pd.DataFrame:
    """Return the sessions for which no todo exists; what is not known is not none.

    ``attrs["without_todos"]["unknown"]`` counts the sessions that are left out because their todos are not known.

    Args:
        sessions: with ``session_id``, and ``todo_count`` where *todos* is None.
        todos: all todos, with ``session_id``.
        read_at: when they were read; the todos of later meetings are not known.

    Raises:
        UsageError: neither *todos* nor ``todo_count`` is there.
    """
    if todos is not None:
        idents = meeting_ids(sessions)
        is_known = pd.Series(idents.notna())
        if read_at is not None and has(sessions, "start_time"):
            is_known &= ~(moments(column(sessions, "start_time")) > read_at).to_numpy()
        is_none = ~pd.Series(idents.isin(meeting_ids(todos).dropna()))
    elif has(sessions, "todo_count"):
        counts = pd.to_numeric(column(sessions, "todo_count"), errors="coerce").reset_index(drop=True)
        is_known, is_none = counts.notna(), counts.eq(0).fillna(False)
    else:
        raise UsageError(
            "The todos of these meetings are not known.",
            advice="Pass them: sessions.hedy.without_todos(hedy.todos()), or read the meetings with details=True.",
        )
    found = sessions[(is_known & is_none).to_numpy(dtype=bool)]
    found.attrs = {**sessions.attrs, "without_todos": {"unknown": int((~is_known).sum())}}
    return found


def _phrase(cell: object) -> str | None:
    """Return the text of a cell; a table program may have made a number or a date of it."""
    return cell.strftime("%Y-%m-%d") if isinstance(cell, date) and not pd.isna(cell) else id_text(cell)


def _day(day: pd.Timestamp) -> date | None:
    return None if pd.isna(day) else day.date()


def _as_of(day: date | None, zone: tzinfo, now: datetime | None) -> date:
    """Return *day*, or today; of a moment its day in *zone*."""
    if day is None or isinstance(day, datetime):
        return periods.present(now if day is None else day, zone).date()
    return day


def naive_days(days: pd.Series) -> pd.Series:
    """Return ``due_on`` as naive midnights, also where a file made text or numbers of it."""
    return local_days(days, UTC)
