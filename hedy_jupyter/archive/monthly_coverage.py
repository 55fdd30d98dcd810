"""How complete the archive is, by month."""

from __future__ import annotations

from collections import Counter
from datetime import tzinfo

import pandas as pd

from hedy_jupyter.archive import queries, sync_runs
from hedy_jupyter.archive.store import Store
from hedy_jupyter.frames import build
from hedy_jupyter.frames.timezones import noted


def by_month(store: Store, zone: tzinfo) -> pd.DataFrame:
    """Return the frame *coverage*, newest month first.

    Sessions without a start, and those that the API only counts and never listed, are in a row without a month.
    ``attrs["zone"]`` names the zone of the months.
    """
    covered, total = queries.covered(store), sync_runs.total(store)
    starts = build.build("sessions", [{"startTime": one.start} for one in covered])["start_time"].dt.tz_convert(zone)
    months: dict[str | None, Counter[str]] = {}
    for month, one in zip(starts.dt.strftime("%Y-%m"), covered, strict=True):
        counts = months.setdefault(None if pd.isna(month) else month, Counter())
        counts.update(held=int(one.held), listed=1, without_text=int(one.without_text))
    if total is not None and total > len(covered):
        months.setdefault(None, Counter()).update(listed=total - len(covered))
    rows = sorted(months.items(), key=lambda pair: pair[0] or "", reverse=True)
    columns = ("held", "listed", "without_text")
    frame = build.build(
        "coverage",
        [
            {"month": month, **{column: of[column] for column in columns}, "missing": of["listed"] - of["held"]}
            for month, of in rows
        ],
    )
    frame.attrs = noted(frame.attrs, zone)
    return frame
