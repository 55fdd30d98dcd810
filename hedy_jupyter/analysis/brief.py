"""The brief before a meeting, made of frames: the last recap, open todos, highlights, and what changed, topic by topic.

No AI, and no clock: the day is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import filters, recurring
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.timezones import local_days, local_times
from hedy_jupyter.text.phrasing import counted, short_day

_MOST_TODOS = 20
_MOST_HIGHLIGHTS = 12


@dataclass(frozen=True)
class Promise:
    """One open todo.

    Attributes:
        due: the day that its due date was read as.
        due_text: Hedy's own words for it.
        late_days: how many days it is late; 0 or less where it is not.
        times: in how many meetings it was promised.
    """

    text: str
    due: date | None
    due_text: str
    late_days: int
    times: int = 1


@dataclass(frozen=True)
class Mark:
    """One highlight: its day, its title and what was said."""

    day: date | None
    title: str
    quote: str


@dataclass(frozen=True)
class Part:
    """One topic of a brief.

    Attributes:
        recap: of the last meeting that has one; Markdown.
        recap_of: title and day of that meeting.
        meetings: how many there were since the brief's day.
        hours: how long they took together.
        open: open todos, as ``%hedy todos --open`` counts them.
        late: how many of those are late, as ``%hedy todos --overdue`` counts them.
        undated: how many of those have a due date in words that name no day.
        todos: the open todos, once for each promise, in how many meetings it was made.
        left_out: promises that are not listed.
        is_topic: whether it is a topic, and not a person.
        done_later: open todos that a later meeting has again, done; they are not listed.
    """

    title: str
    about: str
    recap: str
    recap_of: str
    meetings: int
    hours: float
    open: int
    late: int
    undated: int
    todos: tuple[Promise, ...]
    left_out: int
    highlights: tuple[Mark, ...]
    changes: tuple[str, ...]
    is_topic: bool = True
    done_later: int = 0


@dataclass(frozen=True)
class Brief:
    """What is new since *since*, topic by topic, the one with the newest meeting first.

    Attributes:
        open, late, undated: the same counts as those of the parts, over all todos.
        zone: the name of the zone of its days.
    """

    title: str
    since: date
    parts: tuple[Part, ...]
    open: int = 0
    late: int = 0
    undated: int = 0
    zone: str = ""


def counts(todos: pd.DataFrame, today: date) -> tuple[int, int, int]:
    """Return how many of the dated *todos* are open, late, and with words for a due date that name no day."""
    left = filters.still_open(todos)
    late = left["due_on"].lt(pd.Timestamp(today))
    undated = left["due_on"].isna() & left["due_kind"].isin(["relative", "vague"])
    return len(left), int(late.sum()), int(undated.sum())


def part(
    title: str,
    about: str,
    *,
    sessions: pd.DataFrame,
    history: pd.DataFrame,
    todos: pd.DataFrame,
    highlights: pd.DataFrame,
    since: date,
    today: date,
    zone: tzinfo,
) -> Part:
    """Return the part of one topic.

    Args:
        sessions: the topic's meetings, newest first: ``title`` ``start_time`` ``duration_min`` and, of those that have
            it, ``recap``.
        history: all meetings, whatever their topic: ``session_id`` ``start_time``; they decide which todo came first.
        todos: the topic's, with ``due_on`` and ``due_kind``.
        highlights: those of its meetings, with quotes.
        since: the day from which on meetings are new.
        today: the day that makes a todo late.
    """
    days = local_days(sessions["start_time"], zone)
    new = sessions[(days >= pd.Timestamp(since)).to_numpy()]
    open_todos = filters.still_open(todos)
    chains = recurring.carried_over_ids(todos, history, zone=zone)
    is_open = set(open_todos["todo_id"])
    listed = _promises(open_todos, chains, today)
    count, late, undated = counts(todos, today)
    made = todos[todos["session_id"].isin(new["session_id"])]
    recap, recap_of = _last_recap(sessions, since, zone)
    return Part(
        title=title,
        about=about,
        recap=recap,
        recap_of=recap_of,
        meetings=len(new),
        hours=round(float(normalize.minutes(new).sum()) / 60, 1),
        open=count,
        late=late,
        undated=undated,
        todos=tuple(listed[:_MOST_TODOS]),
        left_out=max(0, len(listed) - _MOST_TODOS),
        highlights=_recent_highlights(highlights, since, zone),
        changes=tuple(_changes(new, made, todos, since, zone)),
        done_later=sum(ident in is_open for ids in chains if ids[-1] not in is_open for ident in ids),
    )


def _last_recap(sessions: pd.DataFrame, since: date, zone: tzinfo) -> tuple[str, str]:
    """Return the newest recap, and title and day of its meeting; both empty without one."""
    if "recap" not in sessions.columns:
        return "", ""
    with_recap = sessions[
        np.array([isinstance(recap, str) and bool(recap.strip()) for recap in sessions["recap"]], dtype=bool)
    ]
    if with_recap.empty:
        return "", ""
    last = with_recap.iloc[0]
    (described,) = _titles_and_days(with_recap.head(1), since, zone)
    return str(last["recap"]), described


def _titles_and_days(meetings: pd.DataFrame, since: date, zone: tzinfo) -> Iterator[str]:
    """Yield title and day of each of *meetings*."""
    for title, day in zip(meetings["title"], local_days(meetings["start_time"], zone), strict=True):
        name = title if isinstance(title, str) and title.strip() else UNTITLED["session"]
        yield f"{name}, {short_day(day, since.year)}" if pd.notna(day) else name


def _promises(open_todos: pd.DataFrame, chains: Sequence[Sequence[str | None]], today: date) -> list[Promise]:
    """Return the open todos, once for each promise: by due date, then the others as they come.

    *chains* are the ids of todos that are one promise.
    """
    times = {ids[-1]: len(ids) for ids in chains}
    earlier = {ident for ids in chains for ident in ids[:-1]}
    days = open_todos["due_on"] if "due_on" in open_todos.columns else pd.Series(pd.NaT, index=open_todos.index)
    found = [
        Promise(
            text=text if isinstance(text, str) else "",
            due=None if pd.isna(day) else day.date(),
            due_text=prose if isinstance(prose, str) else "",
            late_days=0 if pd.isna(day) else (today - day.date()).days,
            times=times.get(ident, 1),
        )
        for ident, text, prose, day in zip(
            open_todos["todo_id"], open_todos["text"], open_todos["due_date"], days, strict=True
        )
        if ident not in earlier
    ]
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max))


def _recent_highlights(highlights: pd.DataFrame, since: date, zone: tzinfo) -> tuple[Mark, ...]:
    days = local_days(highlights["timestamp"], zone)
    rows = highlights[(days >= pd.Timestamp(since)).to_numpy()]
    quotes = [_first_text(rows, place, "cleaned_quote", "raw_quote") for place in range(len(rows))]
    titles = [_first_text(rows, place, "title", "main_idea") for place in range(len(rows))]
    dates = [day.date() for day in local_times(rows["timestamp"], zone)]
    return tuple(Mark(*one) for one in zip(dates, titles, quotes, strict=True))[:_MOST_HIGHLIGHTS]


def _first_text(rows: pd.DataFrame, place: int, *names: str) -> str:
    values = (rows[name].iloc[place] for name in names if name in rows.columns)
    return next((value for value in values if isinstance(value, str) and value.strip()), "")


def _changes(new: pd.DataFrame, made: pd.DataFrame, todos: pd.DataFrame, since: date, zone: tzinfo) -> Iterable[str]:
    """Yield what is new since the day, a line each."""
    yield from _titles_and_days(new, since, zone)
    if len(made):
        yield f"{counted(len(made), 'new todo')}, {int(filters.is_completed(made).sum())} of them done"
    if "completed_at" in todos.columns:
        done = int((local_days(todos["completed_at"], zone) >= pd.Timestamp(since)).sum())
        if done:
            yield f"{counted(done, 'todo')} completed"
