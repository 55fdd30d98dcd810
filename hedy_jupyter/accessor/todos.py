"""The members of ``df.hedy`` that only frames of todos have."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.accessor import fetch
from hedy_jupyter.accessor.base import Members, only, report
from hedy_jupyter.analysis import burn_down as burn_downs
from hedy_jupyter.analysis import filters, meetings_of_todos, recurring
from hedy_jupyter.analysis import todo_due_dates as due
from hedy_jupyter.analysis.plots import todos as plots
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.export import markdown_documents, output
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.column_lookup import has

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hedy_jupyter.analysis.plots.axes import Size
    from hedy_jupyter.analysis.plots.topic_rows import Topics


class TodoMembers(Members):
    """The members of a frame of todos."""

    @only(todos=("completed",))
    def open(self) -> pd.DataFrame:
        """Return the todos that are not done; one whose state is missing counts as open.

        >>> len(todos.hedy.open())
        129
        """
        return filters.still_open(self._df)

    @only(todos=("completed",))
    def done(self) -> pd.DataFrame:
        """Return the todos that are done.

        >>> len(todos.hedy.done())
        296
        """
        return filters.done(self._df)

    @only(todos=("due_date",))
    def due(self, sessions: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the todos with ``due_on`` (a day, or NaT) and ``due_kind``: ``exact relative vague none``.

        The prose of ``due_date`` is read against the day of the todo's meeting, in its own language. A phrase that is
        not understood whole has no day. Without *sessions* (``session_id``, ``start_time``) the meetings are those that
        were read or archived; ``attrs["due"]["unknown_meetings"]`` says of how many todos the meeting is not known.

        >>> sorted(todos.hedy.due(sessions)["due_kind"].unique())
        ['exact', 'none', 'relative', 'vague']
        """
        return due.due(self._df, self._meetings(sessions), zone=self._zone)

    @only(todos=("due_date", "completed"))
    @report
    def overdue(self, as_of: When | None = None) -> pd.DataFrame:
        """Return the open todos due before *as_of* (today), with ``overdue_days``, the longest overdue first.

        ``due_on`` is used where the frame has it, else the due dates are read first.

        >>> bool(todos.hedy.due(sessions).hedy.overdue()["overdue_days"].gt(0).all())
        True
        """
        dated = self._local if has(self._df, "due_on") else due.due(self._local, self._meetings(None), zone=self._zone)
        return due.overdue(dated, as_of=None if as_of is None else ranges.day(as_of, zone=self._zone), zone=self._zone)

    @only(todos=())
    def age(self, sessions: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the todos with ``age_days``: how long ago their meeting was; *sessions* as for ``due``.

        >>> int(todos.hedy.age(sessions)["age_days"].min()) >= 0
        True
        """
        return due.age_days(self._df, self._meetings(sessions), zone=self._zone)

    @only(todos=("due_date",))
    @report
    def by_urgency(self, sessions: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the todos, the most urgent first, with ``due_on due_kind urgency``; *sessions* as for ``due``.

        ``urgency`` is ``overdue``, ``today``, ``soon`` (within 7 days), ``later``, ``undated`` or ``done``.

        >>> todos.hedy.open().hedy.by_urgency(sessions)["urgency"].iloc[0]
        'overdue'
        """
        dated = (
            self._local if has(self._df, "due_on") else due.due(self._local, self._meetings(sessions), zone=self._zone)
        )
        return due.by_urgency(dated, zone=self._zone)

    @only(todos=("session_id",))
    @report
    def with_meeting(self, sessions: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the todos with ``session_title`` and ``session_start`` (local), and the topic where theirs is missing.

        Without *sessions* (``session_id``, ``title``, ``start_time``) the meetings are those that were read or
        archived; ``attrs["with_meeting"]["unknown_meetings"]`` says of how many todos the meeting is not known.

        >>> todos.hedy.with_meeting(sessions)["session_start"].notna().all().item()
        True
        """
        meetings = fetch.known("sessions") if sessions is None else normalize.tidy(sessions)
        return meetings_of_todos.with_meeting(self._local, meetings, zone=self._zone)

    @only(todos=("text",))
    def to_whom(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """Return the todos with ``person``: whom each is for, or who is responsible, as its text says.

        Without *names* these are common given names and names with a form of address ("Frau Weber", "田中さん"); with
        the names of people, such as ``sessions.hedy.speakers()["speaker"]``, theirs alone, also inflected. It is
        missing where the text names nobody; two people are joined by a comma.

        >>> todos.hedy.to_whom()["person"].value_counts().index[0]
        'Yusra Hallam'
        """
        from hedy_jupyter.analysis import addressees  # its word lists take 45 ms to load

        return addressees.to_whom(self._df, names)

    @only(todos=("todo_id", "text"))
    @report
    def carried_over(self, sessions: pd.DataFrame | None = None, *, min_score: float | None = None) -> pd.DataFrame:
        """Return the promises that were made again in later meetings, with their evidence and score.

        *sessions* as for ``due``.

        ``promise times first_time last_time days open topic_id topic_name done_before score evidence todo_ids
        session_ids texts``.

        >>> bool(todos.hedy.carried_over(sessions)["times"].ge(2).all())
        True
        """
        score = recurring.MIN_SCORE if min_score is None else min_score
        return recurring.carried_over(self._tidy, self._meetings(sessions), zone=self._zone, min_score=score)

    @only(todos=("completed_at",))
    @report
    def burn_down(self, sessions: pd.DataFrame | None = None, *, freq: str = "W") -> pd.DataFrame:
        """Return how many todos were made, done and open, by ``period``; for ``hedy.archive.todos(history=True)``."""
        return burn_downs.burn_down(self._tidy, self._meetings(sessions), zone=self._zone, freq=freq)

    @only(todos=("text",))
    def to_checklist(self, path: str | Path | None = None) -> str:
        """Return the todos as a Markdown checklist, the open ones first; also write it to *path* if it is given.

        >>> todos.hedy.to_checklist().count("- [ ]")
        129
        """
        return output.given(markdown_documents.to_checklist(self._tidy, zone=self._zone), path)

    @only(todos=("completed", "topic_id", "topic_name"))
    def plot_open(self, *, topics: Topics = None, ax: Axes | None = None, figsize: Size | None = None) -> Axes:
        """Draw the open todos by topic; after ``due()`` also what is late, due later, or without a day.

        Args:
            topics: names or ids of the topics to draw, or a frame of topics for their colours; by default all topics,
                in the colours that were read before.
            ax: matplotlib ``Axes`` to draw in, best of a figure with ``layout="constrained"``, which leaves room for
                legends; by default those of a new figure.
            figsize: width and height of the figure in inches.

        Returns:
            The matplotlib ``Axes``.

        >>> todos.hedy.plot_open().get_title()
        '129 open todos'
        """
        return self._drawn(plots.open_todos, colors=fetch.topic_colors(), topics=topics, ax=ax, figsize=figsize)

    @only(todos=("completed_at",))
    def plot_burn_down(
        self,
        sessions: pd.DataFrame | None = None,
        *,
        freq: str = "W",
        topics: Topics = None,
        ax: Axes | None = None,
        figsize: Size | None = None,
    ) -> Axes:
        """Draw how many todos were open at the end of each day, week or month (*freq*), and how many made and done.

        For ``hedy.archive.todos(history=True)``. *sessions* as for ``burn_down``; *topics* (names or ids), *ax* and
        *figsize* as for ``plot_open``; returns the matplotlib ``Axes``.
        """
        options = {"freq": freq, "topics": topics, "ax": ax, "figsize": figsize}
        return self._drawn(plots.burn_down, self._meetings(sessions), **options)
