"""Topics: find those without a recent meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd

from hedy_jupyter.frames.column_lookup import column
from hedy_jupyter.frames.timezones import local_times


def stale(df: pd.DataFrame, days: float = 30, *, now: datetime | None = None) -> pd.DataFrame:
    """Return the topics whose last meeting is more than *days* days back, and those without a meeting.

    Needs ``last_session_date``. Adds ``days_since``, the whole days since then (24 hours each). The longest time
    without a meeting comes first; topics that never had a meeting come last, with ``days_since`` missing. The index
    stays.

    Args:
        df: topics.
        days: days of 24 hours.
        now: the present, in UTC where it has no zone; by default the clock's.
    """
    present = pd.Timestamp(now or datetime.now(UTC))
    present = present.tz_localize(UTC) if present.tzinfo is None else present
    last = local_times(column(df, "last_session_date"), UTC)
    since = present - last
    found = df.assign(days_since=since.dt.days.astype("Int64"))
    kept = (last.isna() | (since > timedelta(days=days))).to_numpy()
    order = last[kept].reset_index(drop=True).sort_values(kind="stable", na_position="last").index
    return found[kept].iloc[order]
