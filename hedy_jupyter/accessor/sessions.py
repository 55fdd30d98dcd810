"""The members of ``df.hedy`` that only frames of sessions have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedy_jupyter.accessor import fetch
from hedy_jupyter.accessor.base import Members, only, report
from hedy_jupyter.analysis import meetings, series, topic_comparison, transcripts
from hedy_jupyter.analysis import speakers as speaker_counts
from hedy_jupyter.analysis import todo_due_dates as todo_days
from hedy_jupyter.analysis.plots import meetings as plots
from hedy_jupyter.analysis.plots import speakers as speaker_plots
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.export import ics, output
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.column_lookup import has
from hedy_jupyter.minutes import frame_lists

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hedy_jupyter.analysis.plots.axes import Size
    from hedy_jupyter.analysis.plots.topic_rows import Topics


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
    def load(self, freq: str = "W", by: str | None = None, *, wide: bool = False) -> pd.DataFrame:
        """Return the hours of meetings per day, week or month (*freq*: ``"D"``, ``"W"``, ``"M"``).

        With *by* also by ``"topic"`` or ``"type"``. Columns: ``period count hours evening_hours weekend_hours
        back_to_back``; evenings are before 8:00 and after 18:00, from Monday to Friday.

        With *wide* it is a table of hours with one decimal instead: ``period``, a column a topic (most hours first),
        ``(no topic)`` and ``total``. NaN are meetings whose lengths are all missing.

        >>> sessions.hedy.load("M").columns.tolist()
        ['period', 'count', 'hours', 'evening_hours', 'weekend_hours', 'back_to_back']
        """
        made = meetings.load_table if wide else meetings.load
        return made(self._tidy, freq, by=by, zone=self._zone)

    @only(sessions=("start_time", "duration_min", "topic_id", "topic_name"))
    @report
    def compare(self, one: str, other: str, *, todos: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return two topics, by name or id, side by side: ``measure`` and a column for each.

        The measures are ``meetings``, ``hours``, ``rhythm_days`` (the median number of days from one meeting to the
        next), ``open_todos`` (of *todos*, missing without them) and ``words``: those that mark one topic against the
        other, by log-odds with an informative Dirichlet prior, without stop words. They need the transcripts, as
        ``details=True`` gives them. What is not known is missing.

        >>> sessions.hedy.compare("Hiring", "Coaching")["measure"].tolist()
        ['meetings', 'hours', 'rhythm_days', 'open_todos', 'words']
        """
        return topic_comparison.compare(self._tidy, one, other, todos=todos, zone=self._zone)

    @only(sessions=("start_time", "duration_min", "topic_id", "topic_name", "title"))
    @report
    def series(self, *, least: int = 3) -> pd.DataFrame:
        """Return the recurring meetings, most hours first: *least* or more of one title that keep a rhythm.

        Columns: ``title`` (the newest), ``topic_id topic_name``, ``meetings``, ``hours`` (one decimal), ``rhythm``
        (``daily``, ``weekly``, ``every 2 weeks``, ``monthly``, ``every 10 days``), ``every_days`` (the median),
        ``weekday`` (of most of them, missing where they have none), ``first`` and ``last`` (their starts) and
        ``session_ids``, oldest first. Numbers, dates and the case of a title do not count: "Weekly #12" and
        "weekly #13" are one series. Where they keep a rhythm only by topic, each topic is a series: two teams'
        "Weekly". Else the topic is the most frequent one.

        >>> sessions.hedy.series()["title"][0]
        'Launch weekly'
        """
        return series.series(self._tidy, least=least, zone=self._zone)

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

    @only(sessions=("session_id",))
    def without_todos(self, todos: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the meetings for which no todo exists, neither open nor done.

        *todos* are all todos; without them ``todo_count`` of detailed meetings counts, else the list of todos that the
        account in use has read or archived. What is not known is not none:
        ``attrs["without_todos"]["unknown"]`` counts the meetings that are left out.

        >>> sessions.hedy.without_todos(todos)["session_id"].notna().all().item()
        True
        """
        read_at = None
        if todos is None and not has(self._df, "todo_count") and (found := fetch.known_todos()):
            todos, read_at = found
        return todo_days.without_todos(self._df, todos, read_at=read_at)

    @only(sessions=())
    def utterances(self) -> pd.DataFrame:
        """Return who said what, a row a turn, where the transcripts name speakers.

        ``attrs["utterances"]`` says how much could be read.

        >>> sessions.head(3).hedy.utterances().attrs["utterances"]["sessions"]
        3
        """
        return transcripts.utterances(self._tidy, fetch.speaker_names())

    @only(sessions=())
    def words(self, n: int = 30) -> pd.DataFrame:
        """Return the most frequent words, without the stop words of seven languages: ``word count sessions``.

        >>> sessions.hedy.words(5).columns.tolist()
        ['word', 'count', 'sessions']
        """
        return transcripts.words(self._tidy, n)

    @only(sessions=())
    @report
    def speakers(self, by: str | None = None) -> pd.DataFrame:
        """Return how much each speaker says: ``speaker words turns questions meetings share``, most words first.

        With ``by="topic"``, ``"month"`` or ``"session"`` a column ``topic_name``, ``period`` (its first day) or
        ``session_id`` comes first. ``share`` is that of the words of all speakers, of the topic, month or meeting (0 to
        1); ``questions`` counts question marks. ``attrs["utterances"]`` says how much of the texts could be read.

        >>> sessions.hedy.speakers().columns.tolist()
        ['speaker', 'words', 'turns', 'questions', 'meetings', 'share']
        """
        return speaker_counts.speakers(self._tidy, by, zone=self._zone, names=fetch.speaker_names())

    @only(sessions=("session_id", "meeting_minutes"))
    def decisions(self, text: str | None = None) -> pd.DataFrame:
        """Return what the minutes list under "Decisions", in more than thirty languages, a row a decision.

        *text* keeps those with all these words. Columns: ``session_id start_time title topic_id topic_name decision
        heading``; ``heading`` is the one of the minutes, with those between: ``Key Decisions › Budget``. What is nested
        below a decision belongs to its text; "None" is no decision. The recap and your notes are read where they have
        such a heading. ``attrs["minutes"]`` counts the ``sessions``, those with ``minutes``, and those that ``list``
        decisions.

        Raises:
            UsageError: *text* holds no word.

        >>> sessions.hedy.decisions("firmware")["decision"][0]
        'Firmware 5.58 is the one that ships'
        """
        return frame_lists.listed(self._df, "decision", text)

    @only(sessions=("session_id", "meeting_minutes"))
    def open_questions(self, text: str | None = None) -> pd.DataFrame:
        """Return what the minutes list under "Open Questions", as ``decisions`` does, with a column ``question``.

        >>> sessions.hedy.open_questions().columns.tolist()[-2:]
        ['question', 'heading']
        """
        return frame_lists.listed(self._df, "question", text)

    @only(sessions=("session_id", "meeting_minutes"))
    def action_items(self, text: str | None = None) -> pd.DataFrame:
        """Return what the minutes list under "Action Items", as ``decisions`` does, with a column ``action``.

        Hedy's todos are another list: ``hedy.todos()``, with due dates and what is done.

        >>> sessions.hedy.action_items("guest list")["action"][0]
        'Ada: Send the guest list of 24 names to Yusra Hallam'
        """
        return frame_lists.listed(self._df, "action", text)

    @only(sessions=("start_time", "duration_min", "topic_id", "topic_name"))
    def plot_timeline(self, *, topics: Topics = None, ax: Axes | None = None, figsize: Size | None = None) -> Axes:
        """Draw each meeting as a bar on its local day, from start to end, in the colour of its topic.

        Args:
            topics: names or ids of the topics to draw, or a frame of topics for their colours; by default all topics,
                in the colours that were read before.
            ax: matplotlib ``Axes`` to draw in, best of a figure with ``layout="constrained"``, which leaves room for
                legends; by default those of a new figure.
            figsize: width and height of the figure in inches.

        Returns:
            The matplotlib ``Axes``.

        >>> sessions.hedy.plot_timeline(topics="Hiring").get_title()
        '18 meetings'
        """
        return self._drawn(plots.timeline, colors=fetch.topic_colors(), topics=topics, ax=ax, figsize=figsize)

    @only(sessions=("start_time", "duration_min"))
    def plot_heatmap(self, *, topics: Topics = None, ax: Axes | None = None, figsize: Size | None = None) -> Axes:
        """Draw a calendar with the hours of meetings of each local day; return the matplotlib ``Axes``.

        *topics* (names or ids; needs ``topic_id`` and ``topic_name``), *ax* and *figsize* as for ``plot_timeline``.

        >>> sessions.hedy.plot_heatmap().get_title()
        'Hours of meetings a day'
        """
        return self._drawn(plots.heatmap, topics=topics, ax=ax, figsize=figsize)

    @only(sessions=("start_time", "duration_min"))
    def plot_load(
        self,
        freq: str = "W",
        by: str | None = None,
        *,
        topics: Topics = None,
        ax: Axes | None = None,
        figsize: Size | None = None,
    ) -> Axes:
        """Draw the hours of meetings per day, week or month (*freq*: ``"D"``, ``"W"``, ``"M"``) as bars.

        They are stacked by ``"topic"`` or ``"type"`` where *by* says so. *topics*, *ax* and *figsize* as for
        ``plot_timeline``; returns the matplotlib ``Axes``.

        >>> sessions.hedy.plot_load("M", by="topic").get_ylabel()
        'hours'
        """
        options = {"by": by, "topics": topics, "ax": ax, "figsize": figsize}
        return self._drawn(plots.load, freq, colors=fetch.topic_colors(), **options)

    @only(sessions=())
    def plot_speakers(
        self,
        by: str | None = None,
        *,
        measure: str = "words",
        n: int = 10,
        topics: Topics = None,
        ax: Axes | None = None,
        figsize: Size | None = None,
    ) -> Axes:
        """Draw how much each speaker says, or with *by* a bar for each ``"session"``, ``"topic"`` or ``"month"``.

        The *n* speakers with the most have a name, the others are one bar. *measure* is ``"words"``, ``"share"`` (of
        the words), ``"turns"`` or ``"questions"``. Needs the transcripts, as ``details=True`` gives them. *topics*,
        *ax* and *figsize* as for ``plot_timeline``; returns the matplotlib ``Axes``.

        >>> sessions.hedy.plot_speakers(measure="share").get_xlabel()
        'share of the words'
        """
        options = {"measure": measure, "n": n, "topics": topics, "ax": ax, "figsize": figsize}
        options["names"] = fetch.speaker_names()
        return self._drawn(speaker_plots.plot_speakers, by, **options)

    @only(sessions=("start_time",))
    def to_ics(self, path: str | Path | None = None, *, todos: pd.DataFrame | None = None) -> str:
        """Return the meetings as a calendar (RFC 5545); also write it to *path* if it is given.

        *todos* are tasks in it, each due on its day where ``due_date`` names one.

        >>> sessions.hedy.to_ics().count("BEGIN:VEVENT")
        154
        """
        tasks = None if todos is None else todo_days.due(normalize.tidy(todos), self._tidy, zone=self._zone)
        return output.given(ics.to_ics(self._tidy, zone=self._zone, todos=tasks), path)

    @only(sessions=("session_id",))
    def fetch_todos(self, *, account: Any = None) -> pd.DataFrame:
        """Request the todos of these meetings, as the frame *todos*; one request."""
        return fetch.todos(self._df, account)

    @only(sessions=("session_id",))
    def fetch_highlights(self, *, account: Any = None) -> pd.DataFrame:
        """Request the highlights of these meetings, as the frame *highlights*; a request per hundred highlights."""
        return fetch.highlights(self._df, account)
