"""Reporting: what a report is made of, read from an account; computed locally, without AI."""

from __future__ import annotations

import pandas as pd

from hedy_jupyter.account import known_records, speaker_names
from hedy_jupyter.account.chosen import Chosen
from hedy_jupyter.account.details import highlights_of
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.account.reading import ReadMethods
from hedy_jupyter.account.report_card import Report
from hedy_jupyter.analysis import brief
from hedy_jupyter.analysis import todos as due
from hedy_jupyter.errors import HedyError
from hedy_jupyter.frames.cells import incomplete
from hedy_jupyter.reports import numbers
from hedy_jupyter.reports.numbers import Frames
from hedy_jupyter.reports.period import read


def report(hedy: ReadMethods, chosen: Chosen, rows: Filters) -> Report:
    """Put the report of the time and the topics of *chosen* together, with the words and the limit of *rows*.

    Raises:
        UsageError: a time cannot be read, or *since* is after *until*.
    """
    now = pd.Timestamp.now(tz=hedy.zone)
    period = read(chosen.since or "week", chosen.until, zone=hedy.zone, now=now)
    of_period = chosen.at(period.first, period.last)
    detailed = of_period.sessions(hedy, details=True)
    has_words = rows.text is not None
    worded = Filters(text=rows.text)
    todos = worded.rows(_dated_todos(hedy, chosen))
    archived = _archived_todos(hedy, chosen)
    frames = Frames(
        sessions=worded.rows(chosen.at(period.before_first, period.last).sessions(hedy, details=has_words)),
        detailed=worded.rows(detailed),
        todos=todos,
        highlights=worded.rows(_highlights(hedy, of_period, detailed)),
        archived=None if archived is None else worded.rows(archived),
        names=speaker_names.read_quietly(hedy),
        text=rows.text,
        held=detailed if has_words else None,
    )
    counts = brief.counts(todos, now.date())
    found = numbers.numbers(frames, period, counts=counts, today=now.date())
    return Report(
        found,
        *_names(hedy, chosen),
        source=chosen.source,
        colors=known_records.topic_colors(hedy),
        words=rows.text or "",
        limit=rows.limit,
    )


def _dated_todos(hedy: ReadMethods, chosen: Chosen) -> pd.DataFrame:
    """Return the todos with their days, read against the complete history as ``hedy.overdue()`` does."""
    todos = hedy.todos(topic=chosen.topic, not_topic=chosen.not_topic, source=chosen.source, refresh=chosen.refresh)
    history = hedy.sessions(None, source=chosen.source, refresh=chosen.refresh)
    return due.due(todos, history, zone=hedy.zone)


def _highlights(hedy: ReadMethods, chosen: Chosen, sessions: pd.DataFrame) -> pd.DataFrame:
    if chosen.source == "archive":
        found = hedy.highlights(None, details=True, source="archive")
        return found[found["session_id"].isin(sessions["session_id"].dropna())]
    return highlights_of(hedy, sessions["session_id"], without=incomplete(sessions))


def _archived_todos(hedy: ReadMethods, chosen: Chosen) -> pd.DataFrame | None:
    """Return the todos of the archive, which notes when it saw one done; None without an archive that can be read."""
    archive = hedy.archive.quiet
    try:
        if not archive.exists:
            return None
        return chosen.without_others(hedy, archive.todos(topic=chosen.topics, history=True))
    except HedyError:  # a broken archive, or one that does not have the topic, is reported where it is read
        return None


def _names(hedy: ReadMethods, chosen: Chosen) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the topics that are reported, and of those that are left out."""

    def names(topics: list[str] | None) -> tuple[str, ...]:
        return tuple(hedy.topic(one, source=chosen.source).name or one for one in topics or ())

    return names(chosen.topics), names(chosen.other_topics)
