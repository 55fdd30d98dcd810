"""Reporting: what a report is made of, read from an account; computed locally, without AI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import NamedTuple

import pandas as pd

from hedy_jupyter.account import known_records, speaker_names
from hedy_jupyter.account.fetch_details import highlights_of
from hedy_jupyter.account.filters import Filters, RowFilter, as_list
from hedy_jupyter.account.read_methods import ReadMethods, lists_of
from hedy_jupyter.account.report_card import Report
from hedy_jupyter.account.session_parts import joined, session_parts, without_texts
from hedy_jupyter.analysis import brief, speakers, transcripts
from hedy_jupyter.analysis import todo_due_dates as due
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import HedyError
from hedy_jupyter.frames.plain_rows import incomplete
from hedy_jupyter.minutes import frame_lists
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
    worded = Filters(text=chosen.text)
    texts = _Texts(hedy, replace(chosen.of_meetings, until=period.last), worded, source, refresh)
    meetings = texts.meetings(period.first, zone=period.zone)
    todos = worded.rows(_dated_todos(hedy, chosen, source, refresh))
    archived = _archived_todos(hedy, chosen, source, refresh)
    frames = Frames(
        sessions=texts.sessions(period.before_first),
        detailed=meetings.worded,
        decisions=meetings.decisions,
        said=meetings.said,
        todos=todos,
        highlights=worded.rows(_highlights(hedy, meetings, source)),
        archived=None if archived is None else worded.rows(archived),
        held=None if chosen.text is None else meetings.held,
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


class _Meetings(NamedTuple):
    """What a report reads of the texts of meetings.

    Attributes:
        held: the meetings, without their texts.
        incomplete: the ids of those whose texts could not be read.
        worded: those of them with the words of the report.
        decisions: what the minutes of these list.
        said: how much each speaker says in these.
    """

    held: pd.DataFrame
    incomplete: frozenset[str]
    worded: pd.DataFrame
    decisions: pd.DataFrame
    said: pd.DataFrame


@dataclass(frozen=True)
class _Texts:
    """Reads meetings in parts, so that their texts are never in memory together.

    Attributes:
        within: which meetings, but for the beginning of their time.
        worded: the words of the report.
    """

    hedy: ReadMethods
    within: Filters
    worded: Filters
    source: Source
    refresh: bool

    def meetings(self, since: When, *, zone: tzinfo) -> _Meetings:
        """Return what the report says of the meetings from *since* on."""
        held: list[pd.DataFrame] = []
        worded: list[pd.DataFrame] = []
        decisions: list[pd.DataFrame] = []
        lacking: set[str] = set()

        def chosen() -> Iterator[pd.DataFrame]:
            for part in self._parts(since):
                held.append(without_texts(part))
                lacking.update(incomplete(part))
                rows = self.worded.rows(part)
                worded.append(without_texts(rows))
                decisions.append(frame_lists.listed(rows, "decision", self.worded.text))
                yield rows

        said = speakers.of_parts(chosen(), zone=zone, names=speaker_names.read_quietly(self.hedy))
        return _Meetings(joined(held), frozenset(lacking), joined(worded), frame_lists.joined(decisions), said)

    def sessions(self, since: When) -> pd.DataFrame:
        """Return the meetings from *since* on that have the words."""
        if self.worded.text is not None:
            return joined([without_texts(self.worded.rows(part)) for part in self._parts(since)])
        options = replace(self.within, since=since).options
        return self.hedy.sessions(**options, source=self.source, refresh=self.refresh)

    def _parts(self, since: When) -> Iterator[pd.DataFrame]:
        fields = (*frame_lists.TEXTS, *transcripts.TRANSCRIPTS) if self.worded.text is None else None
        within = replace(self.within, since=since)
        return session_parts(self.hedy, within, fields, source=self.source, refresh=self.refresh)


def _dated_todos(hedy: ReadMethods, chosen: Filters, source: Source, refresh: bool) -> pd.DataFrame:
    """Return the todos with their days, read against the complete history as ``hedy.overdue()`` does."""
    todos = hedy.todos(topic=chosen.topic, not_topic=chosen.not_topic, source=source, refresh=refresh)
    history = hedy.sessions(None, source=source, refresh=refresh)
    return due.due(todos, history, zone=hedy.zone)


def _highlights(hedy: ReadMethods, meetings: _Meetings, source: Source) -> pd.DataFrame:
    idents = meetings.held["session_id"]
    if source == "archive":
        found = hedy.highlights(None, details=True, source=source)
        return found[found["session_id"].isin(idents.dropna())]
    return highlights_of(hedy, idents, without=meetings.incomplete)


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
