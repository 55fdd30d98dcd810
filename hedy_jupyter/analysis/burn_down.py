"""The burn-down of todos: how many were made, done and open, period by period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import filters, meetings
from hedy_jupyter.analysis.meetings_of_todos import meeting_times
from hedy_jupyter.dates.periods import present
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.timezones import local_times, zone_of


def burn_down(
    todos: pd.DataFrame,
    sessions: pd.DataFrame | None = None,
    *,
    zone: tzinfo,
    now: datetime | None = None,
    freq: str = "W",
) -> pd.DataFrame:
    """Return how many todos were made, done and open, a row per day, week or month from the first meeting up to now.

    Gives ``period`` (its first day, naive, in the zone), ``made`` (todos of the meetings in it), ``done`` (those that
    were seen done in it) and ``open`` (at its end). With ``gone_at`` in the frame there is also ``gone``: what was
    deleted without being done, and is no longer open.

    Todos that are done since an unknown time are counted nowhere: that they were open for a time would be invented.
    ``attrs["burn_down"]`` says how many: ``unknown_completions``, and ``unknown_meetings`` for todos without a known
    meeting.

    Args:
        todos: with ``completed_at``, as ``hedy.archive.todos(history=True)`` gives them.
        sessions: the meetings, with ``session_id`` and ``start_time``.
        zone: the display time zone.
        now: the present; by default the clock's. What is later is left out.
        freq: ``"D"``, ``"W"`` (from Monday) or ``"M"``, or as a word.

    Raises:
        UsageError: ``completed_at`` is missing, or *freq* is no day, week or month.
    """
    step = meetings.frequency(freq)
    if "completed_at" not in todos.columns:
        raise UsageError(
            "These todos have no completed_at: Hedy says that a todo is done, not when.",
            advice="The archive records it at each sync: use hedy.archive.todos(history=True).",
        )
    events, unknown = _events(todos, sessions, zone)
    until = pd.Timestamp(present(now, zone_of(events["made"], zone)))
    periods = {name: _periods(times[times <= until], step) for name, times in events.items()}
    frame = _counted(periods, _periods(pd.Series([until]).dt.as_unit("us"), step)[0], step)
    frame.attrs = {"burn_down": unknown}
    return frame


def _events(
    todos: pd.DataFrame, sessions: pd.DataFrame | None, zone: tzinfo
) -> tuple[dict[str, pd.Series], dict[str, int]]:
    """Return when each todo was made, done and gone, and how many are left out because that is not known."""
    made = meeting_times(todos, sessions, zone=zone).reset_index(drop=True)
    display_zone = zone_of(made, zone)
    done, gone = (_seen(todos, name, made, display_zone) for name in ("completed_at", "gone_at"))
    is_done = filters.is_completed(todos).reset_index(drop=True) if "completed" in todos.columns else done.notna()
    unknown = {
        "unknown_completions": int((made.notna() & is_done & done.isna()).sum()),
        "unknown_meetings": int(made.isna().sum()),
    }
    kept = made.notna() & (done.notna() | ~is_done)
    events = {"made": made[kept], "done": done[kept]}
    if "gone_at" in todos.columns:
        events["gone"] = gone.where(done.isna())[kept]
    return events, unknown


def _seen(todos: pd.DataFrame, column: str, made: pd.Series, zone: tzinfo) -> pd.Series:
    """Return the times in *column*, none of them before the meeting."""
    if column not in todos.columns:
        return pd.Series(pd.NaT, index=made.index, dtype=made.dtype)
    seen = local_times(todos[column], zone).reset_index(drop=True).dt.tz_convert(made.dt.tz)
    found: pd.Series = seen.where(seen.isna() | (seen >= made), made)
    return found


def _periods(times: pd.Series, step: str) -> pd.Series:
    days: pd.Series = times.dt.tz_localize(None).dt.normalize()
    return meetings.FIRST_DAYS[step](days)


def _counted(periods: Mapping[str, pd.Series], last: pd.Timestamp, step: str) -> pd.DataFrame:
    first = periods["made"].min()
    span = (
        pd.date_range(first, last, freq=meetings.STEPS[step], unit="us")
        if pd.notna(first)
        else pd.DatetimeIndex([], dtype="M8[us]")
    )
    counts = {
        name: days.value_counts().reindex(span, fill_value=0).to_numpy(dtype="int64") for name, days in periods.items()
    }
    left = counts["made"] - counts["done"] - counts.get("gone", 0)
    return pd.DataFrame({"period": span, **counts, "open": np.cumsum(left)})
