"""The members of ``df.hedy`` that only frames of sessions have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedy_jupyter.accessor import fetch
from hedy_jupyter.accessor.members import Members, only, report
from hedy_jupyter.analysis import meetings, plots, transcripts
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.export import ics, output

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class SessionMembers(Members):
    """The members of a frame of sessions."""

    @only(sessions=("start_time",))
    def on(self, day: When) -> pd.DataFrame:
        """Return the meetings of a day, week or month.

        *day* is ``"2026-03-15"``, ``"yesterday"``, ``"last tuesday"``, ``"2026-03"`` or the like.

        >>> len(sessions.hedy.on("2026-03"))
        12
        """
        return meetings.on(self._df, day, zone=self._zone)

    @only(sessions=("start_time",))
    def between(self, since: When | None, until: When | None) -> pd.DataFrame:
        """Return the meetings that start from *since* to *until*.

        A bare day or month as *until* counts whole, None is no bound.

        >>> len(sessions.hedy.between("2026-03", "2026-04"))
        28
        """
        return meetings.between(self._df, since, until, zone=self._zone)

    @only(sessions=("start_time", "duration_min"))
    @report
    def load(self, freq: str = "W", by: str | None = None) -> pd.DataFrame:
        """Return the hours of meetings per day, week or month (*freq*: ``"D"``, ``"W"``, ``"M"``).

        With *by* also by ``"topic"`` or ``"type"``. Columns: ``period count hours evening_hours weekend_hours
        back_to_back``; evenings are before 8:00 and after 18:00, from Monday to Friday.

        >>> sessions.hedy.load("M").columns.tolist()
        ['period', 'count', 'hours', 'evening_hours', 'weekend_hours', 'back_to_back']
        """
        return meetings.load(self._tidy, freq, by=by, zone=self._zone)

    @only(sessions=("start_time", "duration_min"))
    @report
    def busiest(self, n: int = 10, *, freq: str = "D") -> pd.DataFrame:
        """Return the *n* days (weeks, months) with the most hours of meetings, the fullest first.

        >>> round(float(sessions.hedy.busiest(1)["hours"][0]), 1)
        6.9
        """
        return meetings.busiest(self._tidy, n, freq=freq, zone=self._zone)

    @only(sessions=("start_time", "duration_min"))
    @report
    def gaps(self, *, min_days: float = 1, by: str | None = None) -> pd.DataFrame:
        """Return the times without a meeting of at least *min_days* days, the longest first.

        With ``by="topic"`` those of each topic.

        >>> bool(sessions.hedy.gaps(min_days=30)["days"].ge(30).all())
        True
        """
        return meetings.gaps(self._tidy, zone=self._zone, min_days=min_days, by=by)

    @only(sessions=())
    def utterances(self) -> pd.DataFrame:
        """Return who said what, a row a turn, where the transcripts name speakers.

        ``attrs["utterances"]`` says how much could be read.

        >>> sessions.head(3).hedy.utterances().attrs["utterances"]["sessions"]
        3
        """
        return transcripts.utterances(self._tidy)

    @only(sessions=())
    def words(self, n: int = 30) -> pd.DataFrame:
        """Return the most frequent words, without the stop words of seven languages: ``word count sessions``.

        >>> sessions.hedy.words(5).columns.tolist()
        ['word', 'count', 'sessions']
        """
        return transcripts.words(self._tidy, n)

    @only(sessions=("start_time", "duration_min", "topic_id", "topic_name"))
    def plot_timeline(self, *, ax: Axes | None = None) -> Axes:
        """Draw each meeting as a bar on its day, in the colour of its topic; return the matplotlib ``Axes``.

        >>> sessions.hedy.plot_timeline().get_title()
        '154 meetings'
        """
        return plots.timeline(self._tidy, colors=self._colors, zone=self._zone, ax=ax)

    @only(sessions=("start_time", "duration_min"))
    def plot_heatmap(self, *, ax: Axes | None = None) -> Axes:
        """Draw a calendar with the hours of meetings of each day; return the matplotlib ``Axes``.

        >>> sessions.hedy.plot_heatmap().get_title()
        'Hours of meetings a day'
        """
        return plots.heatmap(self._tidy, zone=self._zone, ax=ax)

    @only(sessions=("start_time", "duration_min"))
    def plot_load(self, freq: str = "W", by: str | None = None, *, ax: Axes | None = None) -> Axes:
        """Draw the hours of meetings per day, week or month as bars, stacked by ``"topic"`` or ``"type"``.

        Return the matplotlib ``Axes``.

        >>> sessions.hedy.plot_load("M", by="topic").get_ylabel()
        'hours'
        """
        return plots.load(self._tidy, freq, by=by, colors=self._colors, zone=self._zone, ax=ax)

    @only(sessions=("start_time",))
    def to_ics(self, path: str | Path | None = None) -> str:
        """Return the meetings as a calendar (RFC 5545); also write it to *path* if it is given.

        >>> sessions.hedy.to_ics().count("BEGIN:VEVENT")
        154
        """
        return output.given(ics.to_ics(self._tidy, zone=self._zone), path)

    @only(sessions=("session_id",))
    def fetch_todos(self, *, account: Any = None) -> pd.DataFrame:
        """Request the todos of these meetings, as the frame *todos*; one request."""
        return fetch.todos(self._df, account)

    @only(sessions=("session_id",))
    def fetch_highlights(self, *, account: Any = None) -> pd.DataFrame:
        """Request the highlights of these meetings, as the frame *highlights*; a request per hundred highlights."""
        return fetch.highlights(self._df, account)
