"""Reporting: what a report is made of, read from an account; computed locally, without AI."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from hedy_jupyter.account import known_records, speaker_names
from hedy_jupyter.account.fetch_details import highlights_of
from hedy_jupyter.account.filters import Filters, RowFilter, as_list
from hedy_jupyter.account.read_methods import ReadMethods, lists_of
from hedy_jupyter.account.report_card import Report
from hedy_jupyter.analysis import brief
from hedy_jupyter.analysis import todo_due_dates as due
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import HedyError
from hedy_jupyter.frames.plain_rows import incomplete
from hedy_jupyter.reports import numbers
from hedy_jupyter.reports.numbers import Frames
from hedy_jupyter.reports.period import read
from hedy_jupyter.settings import Source


def report(hedy: ReadMethods, chosen: Filters, *, source: Source, refresh: bool) -> Report:
    """Put the report of the time, topics and words of *chosen* together; its limit is that of each list shown.

    Raises:
        UsageError: a time cannot be read, or *since* is after *until*.
    """
    now = pd.Timestamp.now(tz=hedy.zone)
    period = read(chosen.since or "week", chosen.until, zone=hedy.zone, now=now)
    has_words = chosen.text is not None
    worded = Filters(text=chosen.text)

    def sessions(since: When, *, details: bool) -> pd.DataFrame:
        within = replace(chosen.of_meetings, since=since, until=period.last)
        return hedy.sessions(**within.options, details=details, source=source, refresh=refresh)

    detailed = sessions(period.first, details=True)
    todos = worded.rows(_dated_todos(hedy, chosen, source, refresh))
    archived = _archived_todos(hedy, chosen, source, refresh)
    frames = Frames(
        sessions=worded.rows(sessions(period.before_first, details=has_words)),
        detailed=worded.rows(detailed),
        todos=todos,
        highlights=worded.rows(_highlights(hedy, detailed, source)),
        archived=None if archived is None else worded.rows(archived),
        names=speaker_names.read_quietly(hedy),
        text=chosen.text,
        held=detailed if has_words else None,
    )
    counts = brief.counts(todos, now.date())
    found = numbers.numbers(frames, period, counts=counts, today=now.date())
    return Report(
        found,
        *_names(hedy, chosen, source),
        source=source,
        colors=known_records.topic_colors(hedy),
        words=chosen.text or "",
        limit=chosen.limit,
    )


def _dated_todos(hedy: ReadMethods, chosen: Filters, source: Source, refresh: bool) -> pd.DataFrame:
    """Return the todos with their days, read against the complete history as ``hedy.overdue()`` does."""
    todos = hedy.todos(topic=chosen.topic, not_topic=chosen.not_topic, source=source, refresh=refresh)
    history = hedy.sessions(None, source=source, refresh=refresh)
    return due.due(todos, history, zone=hedy.zone)


def _highlights(hedy: ReadMethods, sessions: pd.DataFrame, source: Source) -> pd.DataFrame:
    if source == "archive":
        found = hedy.highlights(None, details=True, source=source)
        return found[found["session_id"].isin(sessions["session_id"].dropna())]
    return highlights_of(hedy, sessions["session_id"], without=incomplete(sessions))


def _archived_todos(hedy: ReadMethods, chosen: Filters, source: Source, refresh: bool) -> pd.DataFrame | None:
    """Return the todos of the archive, which notes when it saw one done; None without an archive that can be read."""
    archive = hedy.archive.quiet
    try:
        if not archive.exists:
            return None
        without = lists_of(hedy, source, refresh).topic_ids(chosen.not_topic, "not_topic") or frozenset()
        return RowFilter(without=without).rows(archive.todos(topic=as_list(chosen.topic), history=True))
    except HedyError:  # a broken archive, or one that does not have the topic, is reported where it is read
        return None


def _names(hedy: ReadMethods, chosen: Filters, source: Source) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the topics that are reported, and of those that are left out."""

    def names(topics: list[str] | None) -> tuple[str, ...]:
        return tuple(hedy.topic(one, source=source).name or one for one in topics or ())

    return names(as_list(chosen.topic)), names(as_list(chosen.not_topic, "not_topic"))
