"""``df.hedy``: what can be asked of a frame of sessions, todos, highlights, topics, contexts or webhooks.

One-line methods over the functions of ``analysis`` and ``export``. The frame is told by its columns, so it may be
filtered, sorted, merged, read from a file, or have more columns, other dtypes or an index. Days are those of the
display zone of the account in use, or of the zone that ``localize`` gave the frame (``frames.timezones`` says how that
is kept). The examples are of the demo account.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd

from hedy_jupyter.accessor import fetch
from hedy_jupyter.analysis import filters, groups
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import output
from hedy_jupyter.frames import normalize, timezones
from hedy_jupyter.frames.columns import has
from hedy_jupyter.text.phrasing import plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hedy_jupyter.export.vault.writer import Written

_P = ParamSpec("_P")
_R = TypeVar("_R")


class _Member:
    """A method that is there only on the kinds of frame that it fits, so that ``hasattr`` and completion tell the truth."""

    def __init__(self, function: Callable[..., Any], needs: Mapping[str, tuple[str, ...]]) -> None:
        functools.update_wrapper(cast("Callable[..., Any]", self), function)
        self._function = function
        self._needs = needs

    def misses(self, frame: HedyFrame) -> str | None:
        """Why *frame* has no such member, or None."""
        needs = self._needs.get(frame.kind)
        name = self._function.__name__
        if needs is None:
            return f"{name}() needs a frame of {' or '.join(self._needs)}; this is one of {frame.kind}."
        missing = [column for column in needs if not has(frame._df, column)]
        return f"{name}() needs the {_columns(missing)}." if missing else None

    def __get__(self, frame: HedyFrame | None, owner: type) -> Any:
        if frame is None:
            return self._function
        if why := self.misses(frame):
            raise AttributeError(why)
        return self._function.__get__(frame, owner)


def _only(
    **needs: tuple[str, ...],
) -> Callable[[Callable[Concatenate[HedyFrame, _P], _R]], Callable[Concatenate[HedyFrame, _P], _R]]:
    """Say for which kinds of frame a method is, and which columns it needs there.

    To editors it stays the method that it is.
    """

    def mark(function: Callable[Concatenate[HedyFrame, _P], _R]) -> Callable[Concatenate[HedyFrame, _P], _R]:
        return cast("Callable[Concatenate[HedyFrame, _P], _R]", _Member(function, needs))

    return mark


def _columns(names: list[str]) -> str:
    return f"{plural('column', len(names))} {', '.join(names)}"


class HedyFrame:
    """The members of ``df.hedy``, spelt so that editors know them: ``HedyFrame(df).open()``.

    Every member gives a new object; the frame stays as it is. Only ``fetch_…`` makes requests.

    Attributes:
        kind: ``"sessions"``, ``"todos"``, ``"highlights"``, ``"topics"``, ``"contexts"`` or ``"webhooks"``.

    Raises:
        AttributeError: the columns are not those of a frame of Hedy, or not those that a member needs.
    """

    def __init__(self, df: pd.DataFrame) -> None:
        kind = filters.kind_of(df)
        if kind is None:
            known = "; ".join(f"{' + '.join(columns)} ({kind})" for kind, columns in filters.KINDS.items())
            raise AttributeError(f"This is not a frame of Hedy; the columns of one are missing: {known}.")
        self._df = df
        self.kind: str = kind

    def __dir__(self) -> list[str]:
        members = vars(type(self))
        return [
            name
            for name in super().__dir__()
            if not (isinstance(member := members.get(name), _Member) and member.misses(self))
        ]

    def __repr__(self) -> str:
        members = ", ".join(name for name in dir(self) if not name.startswith("_"))
        return f"<df.hedy of {len(self._df)} {self.kind}: {members}>"

    # Every frame --------------------------------------------------------------

    def summary(self) -> pd.Series:
        """The frame in a few facts: how many, from when to when, hours, open and done, as fits its kind.

        One fact a row.

        ``days`` counts the calendar days from first to last, ``hours`` the meetings' time, ``median_min`` is in
        minutes; times are in UTC.

        >>> int(sessions.hedy.summary()["sessions"])
        154
        """
        return groups.summary(self._tidy, self.kind)

    def search(self, text: str) -> pd.DataFrame:
        """Return the rows in whose texts every word of *text* occurs, anywhere in the row.

        Case and accents do not matter, words in double quotes stand together, Chinese and Japanese need no spaces; a
        word is the same as in ``hedy.archive.search``. Ids are not searched.

        Raises:
            UsageError: *text* holds no word.

        >>> sessions.hedy.search("harbour kick-off")["title"].tolist()
        ['Kick-off: the lamp without a name']
        """
        return filters.search(self._df, text)

    def redact(self, *, names: Iterable[str] = (), key: str | None = None) -> pd.DataFrame:
        """Return the frame with pseudonyms for names, e-mail addresses, telephone numbers, web addresses and ids.

        Names are the speakers of the transcripts in the frame, and *names*, in all their forms; others stay, so read
        the result before you share it: ``attrs["redacted"]["candidates"]`` counts the words that may be names and are
        left. The same name has the same pseudonym in every frame of this process, and with the same *key* tomorrow too.

        >>> todos.head(1).hedy.redact(names=["Yusra Hallam"])["todo_id"].str.startswith("todo-").tolist()
        [True]
        """
        from hedy_jupyter.analysis.redaction import redact

        return redact(self._df, names=names, key=key)

    def localize(self, tz: str | tzinfo) -> pd.DataFrame:
        """The frame with its times in the zone *tz* (``"Europe/Berlin"``, ``"UTC"``).

        Every other member then reckons in it.

        Filters, merges, copies and Parquet keep the choice. Todos have no times: there it is noted in
        ``attrs["zone"]``.

        >>> str(sessions.hedy.localize("Asia/Tokyo")["start_time"].dtype)
        'datetime64[us, Asia/Tokyo]'
        """
        return timezones.localize(self._df, tz)

    def to_markdown(self, path: str | Path | None = None) -> str:
        """The rows as one Markdown document, written to *path* too where one is given. Texts in it are escaped.

        >>> print(todos.head(1).hedy.to_markdown())
        # Harbour Lamp launch
        <BLANKLINE>
        - [ ] ...
        """
        from hedy_jupyter.export import documents

        text = documents.to_markdown(self._tidy, self.kind, zone=self._zone)
        if path is not None:
            output.save_document(text, path, self._df)
        return text

    def to_vault(
        self,
        folder: str | Path,
        *,
        todos: pd.DataFrame | None = None,
        highlights: pd.DataFrame | None = None,
        topics: pd.DataFrame | None = None,
    ) -> Written:
        """Write the rows as Markdown notes below *folder*, a meeting or topic each; again only what changed.

        What you write outside of the marked part of a note is kept, and a renamed meeting keeps its note. Sessions may
        come with their *todos*, *highlights* and *topics*.

        Raises:
            UsageError: the folder cannot be written, or leads elsewhere by a link.
        """
        from hedy_jupyter.export.vault import writer

        parts: dict[str, Any] = {"todos": todos, "highlights": highlights, "topics": topics} | {self.kind: self._df}
        if self.kind not in {"sessions", "todos", "highlights", "topics"}:
            raise UsageError(f"A vault holds no {self.kind}.", advice="Take sessions, todos, highlights or topics.")
        tidied: dict[str, Any] = {kind: None if df is None else normalize.tidy(df) for kind, df in parts.items()}
        return writer.write(folder, **tidied, zone=self._zone)

    # Sessions -----------------------------------------------------------------

    @_only(sessions=("start_time",))
    def on(self, day: When) -> pd.DataFrame:
        """The meetings of a day, week or month: ``"2026-03-15"``, ``"yesterday"``, ``"last tuesday"``, ``"2026-03"``.

        >>> len(sessions.hedy.on("2026-03"))
        12
        """
        from hedy_jupyter.analysis import meetings

        return meetings.on(self._df, day, zone=self._zone)

    @_only(sessions=("start_time",))
    def between(self, since: When | None, until: When | None) -> pd.DataFrame:
        """The meetings that start from *since* to *until*.

        A bare day or month as *until* counts whole, None is no bound.

        >>> len(sessions.hedy.between("2026-03", "2026-04"))
        28
        """
        from hedy_jupyter.analysis import meetings

        return meetings.between(self._df, since, until, zone=self._zone)

    @_only(sessions=("start_time", "duration_min"))
    def load(self, freq: str = "W", by: str | None = None) -> pd.DataFrame:
        """Hours of meetings per day, week or month (``"D"``, ``"W"``, ``"M"``), by ``"topic"`` or ``"type"`` where asked for.

        ``period`` ``count`` ``hours`` ``evening_hours`` (before 8:00, after 18:00, Monday to Friday) ``weekend_hours`` ``back_to_back``.

        >>> sessions.hedy.load("M").columns.tolist()
        ['period', 'count', 'hours', 'evening_hours', 'weekend_hours', 'back_to_back']
        """
        from hedy_jupyter.analysis import meetings

        return meetings.load(self._tidy, freq, by=by, zone=self._zone)

    @_only(sessions=("start_time", "duration_min"))
    def busiest(self, n: int = 10, *, freq: str = "D") -> pd.DataFrame:
        """The *n* days (weeks, months) with the most hours of meetings, the fullest first.

        >>> round(float(sessions.hedy.busiest(1)["hours"][0]), 1)
        6.9
        """
        from hedy_jupyter.analysis import meetings

        return meetings.busiest(self._tidy, n, freq=freq, zone=self._zone)

    @_only(sessions=("start_time", "duration_min"))
    def gaps(self, *, min_days: float = 1, by: str | None = None) -> pd.DataFrame:
        """The times without a meeting of at least *min_days*, the longest first.

        Of each topic where *by* is ``"topic"``.

        >>> bool(sessions.hedy.gaps(min_days=30)["days"].ge(30).all())
        True
        """
        from hedy_jupyter.analysis import meetings

        return meetings.gaps(self._tidy, zone=self._zone, min_days=min_days, by=by)

    @_only(sessions=())
    def utterances(self) -> pd.DataFrame:
        """Who said what, a row a turn, where the transcripts name speakers.

        ``attrs["utterances"]`` says how much could be read.

        >>> sessions.head(3).hedy.utterances().attrs["utterances"]["sessions"]
        3
        """
        from hedy_jupyter.analysis import transcripts

        return transcripts.utterances(self._tidy)

    @_only(sessions=())
    def words(self, n: int = 30) -> pd.DataFrame:
        """The words that fall most often, without the usual stop words of seven languages: ``word count sessions``.

        >>> sessions.hedy.words(5).columns.tolist()
        ['word', 'count', 'sessions']
        """
        from hedy_jupyter.analysis import transcripts

        return transcripts.words(self._tidy, n)

    @_only(sessions=("start_time", "duration_min", "topic_id", "topic_name"))
    def plot_timeline(self, *, ax: Axes | None = None) -> Axes:
        """Each meeting as a bar on its day, in the colour of its topic; a matplotlib ``Axes``.

        >>> sessions.hedy.plot_timeline().get_title()
        '154 meetings'
        """
        from hedy_jupyter.analysis import plots

        return plots.timeline(self._tidy, colors=self._colors, zone=self._zone, ax=ax)

    @_only(sessions=("start_time", "duration_min"))
    def plot_heatmap(self, *, ax: Axes | None = None) -> Axes:
        """A calendar with the hours of meetings of each day; a matplotlib ``Axes``.

        >>> sessions.hedy.plot_heatmap().get_title()
        'Hours of meetings a day'
        """
        from hedy_jupyter.analysis import plots

        return plots.heatmap(self._tidy, zone=self._zone, ax=ax)

    @_only(sessions=("start_time", "duration_min"))
    def plot_load(self, freq: str = "W", by: str | None = None, *, ax: Axes | None = None) -> Axes:
        """Hours of meetings per day, week or month as bars, stacked by ``"topic"`` or ``"type"``.

        A matplotlib ``Axes``.

        >>> sessions.hedy.plot_load("M", by="topic").get_ylabel()
        'hours'
        """
        from hedy_jupyter.analysis import plots

        return plots.load(self._tidy, freq, by=by, colors=self._colors, zone=self._zone, ax=ax)

    @_only(sessions=("start_time",))
    def to_ics(self, path: str | Path | None = None) -> str:
        """The meetings as a calendar (RFC 5545), written to *path* too where one is given.

        >>> sessions.hedy.to_ics().count("BEGIN:VEVENT")
        154
        """
        from hedy_jupyter.export import ics

        return output.given(ics.to_ics(self._tidy, zone=self._zone), path)

    # Todos --------------------------------------------------------------------

    @_only(todos=("completed",))
    def open(self) -> pd.DataFrame:
        """The todos that are not done; one whose state is missing counts as open.

        >>> len(todos.hedy.open())
        129
        """
        return filters.still_open(self._df)

    @_only(todos=("completed",))
    def done(self) -> pd.DataFrame:
        """The todos that are done.

        >>> len(todos.hedy.done())
        296
        """
        return filters.done(self._df)

    @_only(todos=("due_date",))
    def due(self, sessions: pd.DataFrame | None = None) -> pd.DataFrame:
        """The todos with ``due_on`` (a day, or NaT) and ``due_kind`` (``exact``, ``relative``, ``vague``, ``none``).

        The prose of ``due_date`` is read against the day of the todo's meeting, in its own language. A phrase that is
        not understood whole has no day. Without *sessions* (``session_id``, ``start_time``) the meetings are those that
        were read or archived; ``attrs["due"]["unknown_meetings"]`` says of how many todos the meeting is not known.

        >>> sorted(todos.hedy.due(sessions)["due_kind"].unique())
        ['exact', 'none', 'relative', 'vague']
        """
        from hedy_jupyter.analysis import todos as due

        return due.due(self._df, self._meetings(sessions), zone=self._zone)

    @_only(todos=("due_date", "completed"))
    def overdue(self, as_of: When | None = None) -> pd.DataFrame:
        """The open todos whose day lies before *as_of* (today), the longest overdue first, with ``overdue_days``.

        ``due_on`` is used where the frame has it, else the due dates are read first.

        >>> bool(todos.hedy.due(sessions).hedy.overdue()["overdue_days"].gt(0).all())
        True
        """
        from hedy_jupyter.analysis import todos as due

        dated = self._df if has(self._df, "due_on") else self.due()
        return due.overdue(dated, as_of=None if as_of is None else ranges.day(as_of, zone=self._zone), zone=self._zone)

    @_only(todos=())
    def age(self, sessions: pd.DataFrame | None = None) -> pd.DataFrame:
        """The todos with ``age_days``: how long ago their meeting was; *sessions* as for ``due``.

        >>> int(todos.hedy.age(sessions)["age_days"].min()) >= 0
        True
        """
        from hedy_jupyter.analysis import todos as due

        return due.age_days(self._df, self._meetings(sessions), zone=self._zone)

    @_only(todos=("todo_id", "text"))
    def carried_over(self, sessions: pd.DataFrame | None = None, *, min_score: float | None = None) -> pd.DataFrame:
        """The promises that were made again in later meetings, with their evidence and score.

        *sessions* as for ``due``.

        ``promise times first_time last_time days open topic_id topic_name done_before score evidence todo_ids
        session_ids texts``.

        >>> bool(todos.hedy.carried_over(sessions)["times"].ge(2).all())
        True
        """
        from hedy_jupyter.analysis import recurring

        score = recurring.MIN_SCORE if min_score is None else min_score
        return recurring.carried_over(self._tidy, self._meetings(sessions), zone=self._zone, min_score=score)

    @_only(todos=("completed_at",))
    def burn_down(self, sessions: pd.DataFrame | None = None, *, freq: str = "W") -> pd.DataFrame:
        """How many todos were made, done and open, by ``period``; for ``hedy.archive.todos(history=True)``."""

        from hedy_jupyter.analysis import burn_down as analysis_burn_down

        return analysis_burn_down.burn_down(self._tidy, self._meetings(sessions), zone=self._zone, freq=freq)

    @_only(todos=("text",))
    def to_checklist(self, path: str | Path | None = None) -> str:
        """The todos as a Markdown checklist, the open ones first, written to *path* too where one is given.

        >>> todos.hedy.to_checklist().count("- [ ]")
        129
        """
        from hedy_jupyter.export import documents

        return output.given(documents.to_checklist(self._tidy, zone=self._zone), path)

    @_only(todos=("completed", "topic_id", "topic_name"))
    def plot_open(self, *, ax: Axes | None = None) -> Axes:
        """The open todos by topic; after ``due()`` also what is late, due later, or without a day.

        A matplotlib ``Axes``.

        >>> todos.hedy.plot_open().get_title()
        '129 open todos'
        """
        from hedy_jupyter.analysis import plots

        return plots.open_todos(self._tidy, colors=self._colors, zone=self._zone, ax=ax)

    @_only(
        sessions=("topic_id", "topic_name", "duration_min", "start_time"), todos=("topic_id", "topic_name", "completed")
    )
    def by_topic(self) -> pd.DataFrame:
        """A row per topic, the largest first; what has no topic is a row of its own.

        Sessions: ``topic_id topic_name count hours last``. Todos: ``topic_id topic_name open done total``, most open
        ones first.

        >>> todos.hedy.by_topic()["topic_name"][0]
        'Harbour Lamp launch'
        """
        return groups.sessions_by_topic(self._tidy) if self.kind == "sessions" else groups.todos_by_topic(self._tidy)

    # Highlights and topics ----------------------------------------------------

    @_only(highlights=())
    def quotes(self) -> pd.DataFrame:
        """The highlights that have a quote, the cleaned one first: ``highlight_id session_id timestamp title quote``.

        >>> "quote" in highlights.hedy.quotes()
        True
        """
        from hedy_jupyter.analysis import highlights as moments

        return moments.quotes(self._df)

    @_only(highlights=("time_index_ms",))
    def at(self) -> pd.DataFrame:
        """The highlights with ``at``: how far into the meeting, ``"11:37"``, ``"1:15:12"``.

        >>> len(highlights.hedy.at()["at"][0])
        5
        """
        from hedy_jupyter.analysis import highlights as moments

        return moments.at(self._df)

    @_only(highlights=("session_id", "timestamp"))
    def by_session(self) -> pd.DataFrame:
        """``session_id count first last``, a row per meeting, most highlights first.

        >>> int(highlights.hedy.by_session()["count"].sum())
        208
        """
        from hedy_jupyter.analysis import highlights as moments

        return moments.by_session(self._tidy)

    @_only(topics=("last_session_date",))
    def stale(self, days: float = 30) -> pd.DataFrame:
        """The topics without a meeting for more than *days* days, or at all, with ``days_since``; the longest first.

        >>> topics.hedy.stale(5)["name"].notna().all().item()
        True
        """

        from hedy_jupyter.analysis import topics as analysis_topics

        return analysis_topics.stale(self._df, days)

    # Requests -----------------------------------------------------------------

    @_only(sessions=("session_id",), highlights=("highlight_id",))
    def fetch_details(self, *, account: Any = None) -> pd.DataFrame:
        """The rows with every field, a request each; further columns stay.

        *account* is ``hj.current()`` unless given.
        """
        return fetch.details(self.kind, self._df, account)

    @_only(sessions=("session_id",))
    def fetch_todos(self, *, account: Any = None) -> pd.DataFrame:
        """The todos of these meetings, as the frame *todos*; one request."""
        return fetch.todos(self._df, account)

    @_only(sessions=("session_id",))
    def fetch_highlights(self, *, account: Any = None) -> pd.DataFrame:
        """The highlights of these meetings, as the frame *highlights*; a request per hundred that the account has."""
        return fetch.highlights(self._df, account)

    @_only(topics=("topic_id",))
    def fetch_sessions(self, *, account: Any = None) -> pd.DataFrame:
        """The meetings of these topics, as the frame *sessions*; a request or more a topic."""
        return fetch.sessions(self._df, account)

    # The account in use -------------------------------------------------------------------

    @property
    def _zone(self) -> tzinfo:
        return timezones.frame_zone(self._df, fetch.display_zone())

    @property
    def _tidy(self) -> pd.DataFrame:
        return normalize.tidy(self._df)

    @property
    def _colors(self) -> dict[str, str]:
        from hedy_jupyter.analysis import plots

        return plots.topic_colors(fetch.known("topics"))

    def _meetings(self, sessions: pd.DataFrame | None) -> pd.DataFrame | None:
        if sessions is not None:
            return normalize.tidy(sessions)
        return None if has(self._df, "start_time") else fetch.known("sessions")


def register() -> None:
    """Put ``df.hedy`` on every DataFrame; doing so again changes nothing."""
    if "hedy" not in vars(pd.DataFrame):  # pandas warns when a name is taken, be it by us
        pd.api.extensions.register_dataframe_accessor("hedy")(HedyFrame)


def unregister() -> None:
    """Take ``df.hedy`` away again; without it nothing happens."""
    if "hedy" in vars(pd.DataFrame):
        delattr(pd.DataFrame, "hedy")
        pd.DataFrame._accessors.discard("hedy")  # type: ignore[attr-defined]  # pandas has no public way back
