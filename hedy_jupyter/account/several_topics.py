"""The sessions of several topics as one frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from hedy_jupyter.account.frame_coverage import joined_coverage
from hedy_jupyter.account.session_list import newest_first


def merged_sessions(topics: Sequence[str], read: Callable[[str], pd.DataFrame], limit: int | None) -> pd.DataFrame:
    """Return the newest *limit* sessions of *topics*, each once; *read* gives those of one topic."""
    parts = [read(topic) for topic in topics]
    filled = [part for part in parts if len(part)] or parts[:1]
    frame = pd.concat(filled, ignore_index=True)
    again = frame["session_id"].duplicated() & frame["session_id"].notna()
    frame = newest_first(frame[~again])
    frame = frame.head(limit) if limit is not None else frame
    frame.attrs["coverage"] = joined_coverage([part.attrs["coverage"] for part in parts], int(again.sum()))
    if "archive" in parts[0].attrs:
        frame.attrs["archive"] = parts[0].attrs["archive"]
    return frame
