"""The numbers and lists of a report, made of frames; each number means what it means everywhere in this package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple

import pandas as pd

from hedy_jupyter.analysis import filters, groups, highlights
from hedy_jupyter.analysis import todo_due_dates as todo_days
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.api_text import UNTITLED, WITHOUT_TOPIC
from hedy_jupyter.frames.timezones import local_times
from hedy_jupyter.reports.period import Period


class TopicLoad(NamedTuple):
    """Meetings and hours of one topic in the time of the report, and in the time before."""

    topic_id: str
    title: str
    meetings: int
    hours: float
    meetings_before: int
    hours_before: float


class Note(NamedTuple):
    """A decision or highlight: its text, the meeting it is from, the local day, and what was said."""

    text: str
    meeting: str
    day: pd.Timestamp | None
    quote: str = ""


class Task(NamedTuple):
    """A todo: its text, the words and the day of its due date, the days that it is late, whether it is done."""

    text: str
    due_text: str
    due: date | None
    late_days: int
    is_done: bool


class Person(NamedTuple):
    """Who spoke: in how many meetings, and the share of the words of all speakers, 0 to 1."""

    name: str
    meetings: int
    words: int
    share: float


class Numbers(NamedTuple):
    """What a report says.

    Attributes:
        topics: the one with the most hours first.
        meetings, hours: as ``load`` counts them; ``_before`` those of the time before.
        unmeasured: meetings without a duration, which count no hours.
        decisions: what the minutes list, newest meeting first.
        minutes: of how many meetings the minutes were read.
        new, new_done: todos of the meetings of this time, and how many of them are done.
        done: todos that a sync saw done in this time; None where no archive was synced then.
        synced_at: the last of these syncs.
        open, late, undated: todos today, as ``%hedy brief`` counts them.
        new_todos: open ones first, by their due day.
        late_todos: the longest overdue first.
        highlights: those with a quote, one of each meeting in turn.
        people: most words first; ``named`` counts the meetings whose transcripts name speakers.
        incomplete: meetings whose texts could not be read.
    """

    period: Period
    topics: tuple[TopicLoad, ...]
    meetings: int
    hours: float
    meetings_before: int
    hours_before: float
    unmeasured: int
    decisions: tuple[Note, ...]
    minutes: int
    new: int
    new_done: int
    done: int | None
    synced_at: pd.Timestamp | None
    open: int
    late: int
    undated: int
    new_todos: tuple[Task, ...]
    late_todos: tuple[Task, ...]
    highlights: tuple[Note, ...]
    people: tuple[Person, ...]
    named: int
    incomplete: int


class Frames(NamedTuple):
    """The frames of a report.

    Attributes:
        sessions: those of the time of the report and of the time before.
        detailed: those of the time of the report, with the ids of those whose texts are missing.
        decisions: what the minutes of these list, as ``hedy.decisions()`` gives it.
        said: how much each speaker says in these, as ``hedy.speakers()`` gives it.
        todos: all of the topics, with ``due_on`` and ``due_kind``.
        highlights: with quotes, of the meetings of ``detailed``.
        archived: the archive's todos with ``completed_at``; None without an archive.
        held: all meetings of the time of the report, where ``detailed`` are only those with chosen words, as the rows
            of the other frames are.
    """

    sessions: pd.DataFrame
    detailed: pd.DataFrame
    decisions: pd.DataFrame
    said: pd.DataFrame
    todos: pd.DataFrame
    highlights: pd.DataFrame
    archived: pd.DataFrame | None
    held: pd.DataFrame | None = None

    @property
    def all_detailed(self) -> pd.DataFrame:
        """The meetings of the time of the report, whatever their words."""
        return self.detailed if self.held is None else self.held


def numbers(frames: Frames, period: Period, *, counts: tuple[int, int, int], today: date) -> Numbers:
    """Return what a report of *period* says.

    Args:
        frames: what it is made of.
        period: its time.
        counts: how many todos are open, late and undated today.
        today: the day that makes a todo late.
    """
    starts = local_times(frames.sessions["start_time"], period.zone)
    now = frames.sessions[period.holds(starts).to_numpy()]
    before = frames.sessions[period.held_before(starts).to_numpy()]
    decisions, said = frames.decisions, frames.said
    new = frames.todos[frames.todos["session_id"].isin(_held_ids(frames, now))]
    synced = _synced(frames.archived, period)
    late = todo_days.overdue(frames.todos, as_of=today, zone=period.zone)
    return Numbers(
        period=period,
        topics=_topics(now, before),
        meetings=len(now),
        hours=_hours(now),
        meetings_before=len(before),
        hours_before=_hours(before),
        unmeasured=int(normalize.minutes(now).isna().sum()),
        decisions=_decisions(decisions, period),
        minutes=decisions.attrs["minutes"]["minutes"],
        new=len(new),
        new_done=int(filters.is_completed(new).sum()),
        done=None if frames.archived is None or synced is None else _done(frames.archived, period),
        synced_at=synced,
        open=counts[0],
        late=counts[1],
        undated=counts[2],
        new_todos=_tasks(_open_first(new), today),
        late_todos=_tasks(late, today),
        highlights=_highlights(frames.highlights, frames.all_detailed, period),
        people=tuple(
            Person(*row) for row in said[["speaker", "meetings", "words", "share"]].itertuples(index=False, name=None)
        ),
        named=said.attrs["utterances"]["with_speakers"],
        incomplete=len(frames.detailed.attrs.get("coverage", {}).get("incomplete", ())),
    )


def _held_ids(frames: Frames, now: pd.DataFrame) -> pd.Series:
    """Return the ids of the meetings whose todos are new: of those *now*, or of all where these are a choice."""
    return (now if frames.held is None else frames.held)["session_id"].dropna()


def _hours(sessions: pd.DataFrame) -> float:
    return float(normalize.minutes(sessions).sum()) / 60


def _topics(now: pd.DataFrame, before: pd.DataFrame) -> tuple[TopicLoad, ...]:
    """Return the topics of both times; topics of one name have their ids behind it, as in ``load``."""
    rows = [_by_topic(now), _by_topic(before)]
    none = ("", 0, 0.0)
    found = []
    for key in dict.fromkeys([*rows[0], *rows[1]]):
        (title, *load), (title_before, *load_before) = (part.get(key, none) for part in rows)
        found.append(TopicLoad(key[0], str(title or title_before), *load, *load_before))
    often = Counter(one.title for one in found)
    found = [
        one._replace(title=f"{one.title} ({one.topic_id})") if often[one.title] > 1 and one.topic_id else one
        for one in found
    ]
    return tuple(sorted(found, key=lambda one: (-one.hours, -one.meetings, -one.hours_before, one.title)))


def _by_topic(sessions: pd.DataFrame) -> Mapping[tuple[str, str], tuple[Any, ...]]:
    """Return id, and name where there is no id → title, meetings, hours."""
    columns = ["topic_id", "topic_name", "count", "hours"]
    rows = groups.sessions_by_topic(sessions)[columns].itertuples(index=False, name=None)
    return {
        (_text(ident), "" if _text(ident) else _text(name)): (
            _text(name) or (UNTITLED["topic"] if _text(ident) else WITHOUT_TOPIC),
            int(count),
            float(hours),
        )
        for ident, name, count, hours in rows
    }


def _decisions(found: pd.DataFrame, period: Period) -> tuple[Note, ...]:
    days = local_times(found["start_time"], period.zone)
    rows = zip(found["decision"], found["title"], days, strict=True)
    return tuple(Note(text, _text(title) or UNTITLED["session"], _day(day)) for text, title, day in rows)


def _synced(archived: pd.DataFrame | None, period: Period) -> pd.Timestamp | None:
    """Return when the archive was last synced, if syncs saw some of the time: the first before its end."""
    at = None if archived is None else archived.attrs.get("archive", {}).get("synced_at")
    if archived is None or at is None or not archived["first_seen_at"].min() < period.end:
        return None
    moment = pd.Timestamp(at).tz_convert(period.zone)
    return moment if moment > period.first else None


def _open_first(todos: pd.DataFrame) -> pd.DataFrame:
    ordered = todos.assign(_is_done=filters.is_completed(todos))
    return ordered.sort_values(["_is_done", "due_on"], kind="stable", na_position="last")


def _done(archived: pd.DataFrame, period: Period) -> int:
    return int(period.holds(local_times(archived["completed_at"], period.zone)).sum())


def _tasks(todos: pd.DataFrame, today: date) -> tuple[Task, ...]:
    rows = zip(todos["text"], todos["due_date"], todos["due_on"], filters.is_completed(todos), strict=True)
    return tuple(
        Task(
            text=_text(text) or UNTITLED["todo"],
            due_text=_text(prose),
            due=None if pd.isna(day) else day.date(),
            late_days=0 if pd.isna(day) or is_done else max(0, (today - day.date()).days),
            is_done=bool(is_done),
        )
        for text, prose, day, is_done in rows
    )


def _highlights(found: pd.DataFrame, sessions: pd.DataFrame, period: Period) -> tuple[Note, ...]:
    """Return the highlights that have a quote: the first one of each meeting, the newest first, then the second ones.

    So no long meeting crowds out the others.
    """
    quoted = highlights.quotes(found.sort_values("timestamp", kind="stable"))
    titles = dict(zip(sessions["session_id"], sessions["title"], strict=True))
    days = local_times(quoted["timestamp"], period.zone)
    by_meeting: dict[str, list[Note]] = {ident: [] for ident in titles}
    rows = zip(quoted["session_id"], quoted["title"], days, quoted["quote"], strict=True)
    for ident, title, day, quote in rows:
        meeting = _text(titles.get(ident)) or UNTITLED["session"]
        by_meeting.setdefault(ident, []).append(
            Note(_text(title) or UNTITLED["highlight"], meeting, _day(day), str(quote))
        )
    return tuple(note for turn in zip_longest(*by_meeting.values()) for note in turn if note is not None)


def _day(moment: pd.Timestamp) -> pd.Timestamp | None:
    return None if pd.isna(moment) else moment


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
