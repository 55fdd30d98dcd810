"""``read_sessions``: the sessions that filters choose: of one topic or several, live or of the archive."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import pandas as pd

from hedy_jupyter.account.durations import Durations
from hedy_jupyter.account.filters import Filters, RowFilter, as_list
from hedy_jupyter.account.list_source import ListReader
from hedy_jupyter.account.session_list import ArchivedDetails, SessionQuery, live_sessions
from hedy_jupyter.account.several_topics import merged_sessions


def read_sessions(
    lists: ListReader,
    durations: Durations,
    chosen: Filters,
    *,
    details: bool,
    archived: ArchivedDetails | None = None,
) -> pd.DataFrame:
    """Return the sessions that *chosen* leaves, as ``hedy.sessions()`` does.

    Args:
        lists: reads the lists of the account.
        durations: what is known of the durations of sessions.
        chosen: the filters.
        details: with their texts.
        archived: the details for which no request is made.
    """
    topics = as_list(chosen.topic)
    if topics and len(topics) > 1:

        def of_one(topic: str) -> pd.DataFrame:
            return read_sessions(lists, durations, replace(chosen, topic=topic), details=details, archived=archived)

        return merged_sessions(topics, of_one, chosen.limit)
    keep, one = _row_filter(lists, chosen), topics[0] if topics else None
    if lists.from_archive:
        within = replace(keep, since=None, until=None)
        asked = chosen.limit if not within.is_active else None
        found = lists.archive.sessions(asked, topic=one, since=chosen.since, until=chosen.until, details=details)
        return within.rows(found, chosen.limit)
    query = SessionQuery(chosen.limit, one, keep, details)
    return live_sessions(lists.connection, durations, lists.archive, query, refresh=lists.refresh, archived=archived)


def read_session_parts(
    lists: ListReader,
    durations: Durations,
    chosen: Filters,
    fields: Collection[str] | None = None,
    *,
    archived: ArchivedDetails | None = None,
) -> Iterator[pd.DataFrame]:
    """Yield the same with texts in parts, at least one, which have the ``attrs`` of the whole.

    What is read from the archive is never in memory together; what Hedy answers is one part. With *fields* the other
    long texts need not be there.
    """
    if not lists.from_archive:
        yield read_sessions(lists, durations, chosen, details=True, archived=archived)
        return
    within = replace(_row_filter(lists, chosen), since=None, until=None)
    topics, left = as_list(chosen.topic), chosen.limit
    times = {"since": chosen.since, "until": chosen.until}
    asked = None if within.is_active else left
    for part in lists.archive.session_parts(asked, topic=topics, **times, fields=fields):
        found = within.rows(part, left)
        left = None if left is None else left - len(found)
        yield found
        if left == 0:
            return


def _row_filter(lists: ListReader, chosen: Filters) -> RowFilter:
    """Return what decides which rows of a list are kept, but for the topic."""
    start, end = chosen.window(lists.zone)
    without = lists.topic_ids(chosen.not_topic, "not_topic") or frozenset()
    return RowFilter(since=start, until=end, without=without, text=chosen.text)
