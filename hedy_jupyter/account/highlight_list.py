"""The list of highlights: what the API or the archive lists, by the filters of a call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.account.filters import Filters, RowFilter
from hedy_jupyter.account.frame_coverage import covered
from hedy_jupyter.account.list_source import ListReader
from hedy_jupyter.api import details as api_details
from hedy_jupyter.api import routes, session_history
from hedy_jupyter.api.reader import Listing
from hedy_jupyter.frames import build

if TYPE_CHECKING:
    from hedy_jupyter.api.reader import Reader
    from hedy_jupyter.api.wire_format import Record


@dataclass(frozen=True)
class HighlightQuery:
    """Which highlights to read.

    Attributes:
        filters: as they were given; times are those of the highlights, topics those of their meetings.
        session: only those of this session.
        details: with every field.
    """

    filters: Filters
    session: str | None
    details: bool

    @property
    def table(self) -> str:
        """The frame that is asked for."""
        return "highlights_detailed" if self.details else "highlights"


def highlights(lists: ListReader, query: HighlightQuery) -> pd.DataFrame:
    """Return the highlights of *query*, newest first.

    Raises:
        HedyError: a list cannot be read, or no topic or session has that name.
    """
    limit, keep = query.filters.limit, _row_filter(lists, query.filters)
    if lists.from_archive:
        asked = limit if not keep.is_active else None
        return keep.rows(lists.archive.highlights(asked, session=query.session, details=query.details), limit)
    listing = lists.connection.ask(lambda reader: _listed(reader, query, keep), lists.refresh)
    frame = build.build(query.table, listing.records)
    return covered(frame, listing, details=query.details and query.session is None)


def _row_filter(lists: ListReader, chosen: Filters) -> RowFilter:
    since, until = chosen.window(lists.zone)
    return RowFilter(
        time="timestamp",
        since=since,
        until=until,
        key="session_id",
        among=lists.session_ids(chosen.topic),
        without=lists.session_ids(chosen.not_topic, "not_topic") or frozenset(),
        text=chosen.text,
    )


async def _listed(reader: Reader, query: HighlightQuery, keep: RowFilter) -> Listing:
    values, limit = partial(build.values, query.table), query.filters.limit

    def includes(record: Record) -> bool:
        return keep.includes(values(record))

    if query.session is not None:  # they come whole
        found = await session_history.rows_of_session(reader, "highlights", routes.SESSION_HIGHLIGHTS, query.session)
        return Listing([record for record in found if includes(record)][:limit], found=len(found))
    reads_texts = query.details and keep.text is not None
    listed = keep.without_text if reads_texts else keep
    listing = await reader.newest(
        "highlights",
        routes.HIGHLIGHTS,
        None if reads_texts else limit,
        (lambda record: listed.includes(values(record))) if listed.is_active else None,
        (lambda record: listed.is_past(values(record))) if listed.since is not None else None,
    )
    if reads_texts:
        return await api_details.matching_details(reader, "highlights", routes.HIGHLIGHT, listing, includes, limit)
    return await api_details.with_details(reader, "highlights", routes.HIGHLIGHT, listing) if query.details else listing
