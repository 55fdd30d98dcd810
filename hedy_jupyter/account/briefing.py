"""Briefing: an account's brief before the next meeting, and its overdue todos; computed locally, without AI."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from hedy_jupyter.account import speaker_names
from hedy_jupyter.account.brief_card import Briefing
from hedy_jupyter.account.read_methods import ReadMethods
from hedy_jupyter.account.session import embedded_frame
from hedy_jupyter.analysis import brief, people, transcripts
from hedy_jupyter.analysis import todo_due_dates as due
from hedy_jupyter.analysis.brief import Brief, Part
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import NotFound
from hedy_jupyter.frames import build
from hedy_jupyter.frames.api_text import UNTITLED, WITHOUT_TOPIC
from hedy_jupyter.frames.timezones import local_days, zone_name
from hedy_jupyter.settings import Source
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.text.suggestions import did_you_mean

_DAYS = 7
_MEETINGS = 100  # that a person is looked for in


@dataclass(frozen=True)
class _Read:
    """An account, and the source and options to read it with."""

    hedy: ReadMethods
    source: Source
    refresh: bool

    @property
    def today(self) -> date:
        return pd.Timestamp.now(tz=self.hedy.zone).date()

    def sessions(self, limit: int | None, *, refresh: bool | None = None, **filters: Any) -> pd.DataFrame:
        return self.hedy.sessions(
            limit, source=self.source, refresh=self.refresh if refresh is None else refresh, **filters
        )

    def todos(self) -> pd.DataFrame:
        return self.hedy.todos(source=self.source, refresh=self.refresh)

    def dated(self, todos: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return *todos* with their days, and the meetings that the days are read against: the complete history."""
        sessions = self.sessions(None) if len(todos) else build.build("sessions", [])
        return due.due(todos, sessions, zone=self.hedy.zone), sessions


def briefing(
    hedy: ReadMethods,
    topic: str | None,
    since: When | None,
    source: Source,
    *,
    person: str | None = None,
    refresh: bool,
) -> Briefing:
    """Put the brief of a topic or a person together, or of all topics that had a meeting where both are None.

    Raises:
        NotFound: nobody called *person* speaks or is named.
    """
    read = _Read(hedy, source, refresh)
    day = None if since is None else ranges.day(since, zone=hedy.zone)
    if person is not None:
        made = _person_brief(read, person, topic, day)
    else:
        made = _overall_brief(read, day) if topic is None else _topic_brief(read, topic, day)
    return Briefing(replace(made, zone=zone_name(hedy.zone)))


def overdue(hedy: ReadMethods, todos: pd.DataFrame, source: Source, *, refresh: bool) -> pd.DataFrame:
    """Return the open *todos* whose due day is past, the longest overdue first.

    The meetings are those of the complete history, so that no day stays unknown. ``attrs["due"]`` counts what has no
    day.
    """
    read = _Read(hedy, source, refresh)
    dated, _ = read.dated(todos)
    found = due.overdue(dated, zone=hedy.zone).reset_index(drop=True)
    undated = brief.counts(dated, read.today)[2]
    found.attrs = {**dated.attrs, "due": {**dated.attrs.get("due", {}), "undated": undated}}
    return found


def _topic_brief(read: _Read, which: str, day: date | None) -> Brief:
    topic = read.hedy.topic(which, source=read.source, refresh=read.refresh)
    ident = topic.topic_id or which
    sessions = read.sessions(None, topic=ident)
    since = day or _before_last(sessions, read)
    # Side by side; what is read of each meeting below then comes from memory.
    read.sessions(None, refresh=False, topic=ident, since=since, details=True)
    title = topic.name or UNTITLED["topic"]
    todos, history = read.dated(read.todos())
    part = _part(read, title, topic.description or "", sessions, history, since, _of_topic(todos, ident))
    return Brief(title, since, (part,), part.open, part.late, part.undated)


def _overall_brief(read: _Read, day: date | None) -> Brief:
    since = day or read.today - timedelta(days=_DAYS)
    # With details for the same reason.
    sessions = read.sessions(None, since=since, details=True)
    todos, history = read.dated(read.todos())
    parts = []
    for ident in dict.fromkeys(sessions["topic_id"].fillna("")):
        rows = sessions[sessions["topic_id"].fillna("").eq(ident)]
        name = rows["topic_name"].iloc[0] if ident else WITHOUT_TOPIC
        title = name if isinstance(name, str) else UNTITLED["topic"]
        parts.append(_part(read, title, "", rows, history, since, _of_topic(todos, ident)))
    return Brief("All topics", since, tuple(parts), *brief.counts(todos, read.today))


def _person_brief(read: _Read, person: str, which: str | None, day: date | None) -> Brief:
    hedy = read.hedy
    topic = None if which is None else hedy.topic(which, source=read.source, refresh=read.refresh).topic_id or which
    sessions = read.sessions(_MEETINGS, topic=topic, details=True)
    said = transcripts.utterances(sessions, speaker_names.read(hedy))
    todos, history = read.dated(read.todos())
    todos = todos if topic is None else _of_topic(todos, topic)
    names = people.matching(person, said["speaker"].unique())
    rows = sessions[sessions["session_id"].isin(said.loc[said["speaker"].isin(names), "session_id"])]
    is_named = people.named_in(todos["text"], [person, *names])
    if rows.empty and not is_named.any():
        raise NotFound(
            f"Nobody called {person!r} speaks in the {counted(len(sessions), 'newest meeting')} or is named in a todo.",
            advice=did_you_mean(person, said["speaker"].unique()) or "%hedy speakers lists who speaks.",
        )
    since = day or _before_last(rows, read)
    about = f"Speaks in {len(rows):,} of the {counted(len(sessions), 'newest meeting')}."
    mine = todos[is_named | todos["session_id"].isin(rows["session_id"])]
    part = _part(read, names[0] if len(names) == 1 else person, about, rows, history, since, mine)
    return Brief(part.title, since, (replace(part, is_topic=False),), part.open, part.late, part.undated)


def _of_topic(todos: pd.DataFrame, topic_id: str) -> pd.DataFrame:
    """Return the todos of the topic *topic_id*; "" is no topic."""
    return todos[todos["topic_id"].fillna("").eq(topic_id)]


def _part(
    read: _Read,
    title: str,
    about: str,
    sessions: pd.DataFrame,
    history: pd.DataFrame,
    since: date,
    todos: pd.DataFrame,
) -> Part:
    """Return the part of a topic or a person, out of their *sessions*, all meetings and their *todos*."""
    hedy = read.hedy
    new = sessions[(local_days(sessions["start_time"], hedy.zone) >= pd.Timestamp(since)).to_numpy()]
    wanted = [*new["session_id"], *sessions["session_id"].head(1)]
    records = [hedy.session(one, source=read.source) for one in dict.fromkeys(wanted)]
    recaps = {record.session_id: record.recap for record in records}
    return brief.part(
        title,
        about,
        sessions=sessions.assign(recap=sessions["session_id"].map(recaps)),
        history=history,
        todos=todos,
        highlights=embedded_frame(records),
        since=since,
        today=read.today,
        zone=hedy.zone,
    )


def _before_last(sessions: pd.DataFrame, read: _Read) -> date:
    """Return the day of the meeting before the last one: the next meeting is about what came since then."""
    starts = sessions["start_time"].dropna()
    index = min(1, len(starts) - 1)
    return starts.iloc[index].tz_convert(read.hedy.zone).date() if len(starts) else read.today - timedelta(days=_DAYS)
