"""Put a brief together: what to know before the next meeting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.frames.api_text import NO_TOPIC, UNTITLED
from hedy_jupyter.magics.command import Call

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy, Source
    from hedy_jupyter.analysis.brief import Brief, Part


_DAYS = 7


def topic_brief(hedy: Hedy, which: str, call: Call) -> Brief:
    """Return the brief of one topic."""
    from hedy_jupyter.analysis.brief import Brief

    topic = hedy.topic(which, source=call.source, refresh=call.refresh)
    ident = topic.topic_id or which
    sessions = hedy.sessions(limit=100, topic=ident, source=call.source, refresh=call.refresh)
    since = _since(hedy, call) or _before_last(sessions, hedy)
    hedy.sessions(limit=100, topic=ident, since=since, details=True, source=call.source)  # side by side; below they come from memory
    title = topic.name or UNTITLED["topic"]
    todos, history = dated_todos(hedy, hedy.todos(source=call.source, refresh=call.refresh), call)
    part = _part(hedy, title, topic.description or "", sessions, history, since, todos, ident, call.source)
    return Brief(title, since, (part,), part.open, part.late, part.undated)


def overall_brief(hedy: Hedy, call: Call) -> Brief:
    """Return the brief of all topics that had a meeting."""
    from hedy_jupyter.analysis.brief import Brief, counts

    since = _since(hedy, call) or _today(hedy) - timedelta(days=_DAYS)
    # With details: side by side, and what is read of each meeting below then comes from memory.
    sessions = hedy.sessions(limit=100, since=since, details=True, source=call.source, refresh=call.refresh)
    todos, history = dated_todos(hedy, hedy.todos(source=call.source, refresh=call.refresh), call)
    parts = []
    for ident in dict.fromkeys(sessions["topic_id"].fillna("")):
        rows = sessions[sessions["topic_id"].fillna("").eq(ident)]
        name = rows["topic_name"].iloc[0] if ident else NO_TOPIC
        title = name if isinstance(name, str) else UNTITLED["topic"]
        parts.append(_part(hedy, title, "", rows, history, since, todos, ident, call.source))
    return Brief("All topics", since, tuple(parts), *counts(todos, _today(hedy)))


def dated_todos(hedy: Hedy, todos: pd.DataFrame, call: Call) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return *todos* with their days, and the meetings that those are read against: the complete history, whatever was read before."""
    from hedy_jupyter.analysis import todos as due
    from hedy_jupyter.frames import build

    sessions = build.build("sessions", [])
    if len(todos):
        sessions = hedy.sessions(limit=None, source=call.source, refresh=call.refresh)
    return due.due(todos, sessions, zone=hedy.zone), sessions


def _part(
    hedy: Hedy,
    title: str,
    about: str,
    sessions: pd.DataFrame,
    history: pd.DataFrame,
    since: date,
    todos: pd.DataFrame,
    topic_id: str,
    source: Source,
) -> Part:
    """Return the part of the topic *topic_id* ("" is what has none), out of its *sessions*, all meetings and all *todos*."""
    from hedy_jupyter.analysis import brief
    from hedy_jupyter.frames.timezones import local_days

    new = sessions[(local_days(sessions["start_time"], hedy.zone) >= pd.Timestamp(since)).to_numpy()]
    wanted = [*new["session_id"], *sessions["session_id"].head(1)]
    records = [hedy.session(one, source=source) for one in dict.fromkeys(wanted)]
    recaps = {record.session_id: record.recap for record in records}
    highlights = [record.highlights for record in records if len(record.highlights)]
    return brief.part(
        title,
        about,
        sessions=sessions.assign(recap=sessions["session_id"].map(recaps)),
        history=history,
        todos=todos[todos["topic_id"].fillna("").eq(topic_id)],
        highlights=pd.concat(highlights, ignore_index=True) if highlights else hedy.highlights(limit=1, source=source).head(0),
        since=since,
        today=_today(hedy),
        zone=hedy.zone,
    )


def _since(hedy: Hedy, call: Call) -> date | None:
    from hedy_jupyter.dates import ranges

    given = call.get("--since")
    return None if given is None else ranges.day(given, zone=hedy.zone)


def _before_last(sessions: pd.DataFrame, hedy: Hedy) -> date:
    """The day of the meeting before the last one: what came since then is what the next meeting is about."""
    starts = sessions["start_time"].dropna()
    place = min(1, len(starts) - 1)
    return starts.iloc[place].tz_convert(hedy.zone).date() if len(starts) else _today(hedy) - timedelta(days=_DAYS)


def _today(hedy: Hedy) -> date:
    return pd.Timestamp.now(tz=hedy.zone).date()
