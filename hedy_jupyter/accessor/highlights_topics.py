"""The members of ``df.hedy`` that only frames of highlights, or of topics, have."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hedy_jupyter.accessor import fetch
from hedy_jupyter.accessor.base import Members, only, report
from hedy_jupyter.analysis import highlights, stale_topics


class HighlightTopicMembers(Members):
    """The members of a frame of highlights, or of topics."""

    @only(highlights=())
    @report
    def quotes(self) -> pd.DataFrame:
        """Return the highlights that have a quote: ``highlight_id session_id timestamp title quote``.

        The cleaned quote is taken before the raw one.

        >>> "quote" in highlights.hedy.quotes()
        True
        """
        return highlights.quotes(self._local)

    @only(highlights=("time_index_ms",))
    def at(self) -> pd.DataFrame:
        """Return the highlights with ``at``: how far into the meeting, ``"11:37"``, ``"1:15:12"``.

        >>> len(highlights.hedy.at()["at"][0])
        5
        """
        return highlights.at(self._df)

    @only(highlights=("session_id", "timestamp"))
    @report
    def by_session(self) -> pd.DataFrame:
        """Return ``session_id count first last``, a row per meeting, most highlights first.

        >>> int(highlights.hedy.by_session()["count"].sum())
        208
        """
        return highlights.by_session(self._tidy)

    @only(topics=("last_session_date",))
    @report
    def stale(self, days: float = 30) -> pd.DataFrame:
        """Return the topics without a meeting for more than *days* days, or at all, with ``days_since``.

        The longest first.

        >>> topics.hedy.stale(5)["name"].notna().all().item()
        True
        """
        return stale_topics.stale(self._local, days)

    @only(topics=("topic_id",))
    def fetch_sessions(self, *, account: Any = None) -> pd.DataFrame:
        """Request the meetings of these topics, as the frame *sessions*; a request or more a topic."""
        return fetch.sessions(self._df, account)
