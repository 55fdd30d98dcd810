"""The sessions of several topics as one frame."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pandas as pd

from hedy_jupyter.account.frame_coverage import joined_coverage
from hedy_jupyter.account.session_list import newest_first
from hedy_jupyter.errors import UsageError

Topics = str | Collection[str]
"""One topic or several: an id, the start of one, or a name each."""


def as_list(topics: Topics | None) -> list[str] | None:
    """Return *topics* as a list, each once; None where *topics* is None.

    Raises:
        UsageError: the collection is empty or holds something that is not text.
    """
    if topics is None:
        return None
    found = [topics] if isinstance(topics, str) else list(dict.fromkeys(topics))
    if not found or not all(isinstance(one, str) for one in found):
        raise UsageError(f"topic={topics!r} names no topic.", advice="Give a name or an id, or a list of them.")
    return found


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
