"""The list of todos: what the API or the archive lists, by the filters of a call, with the days they are due."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from hedy_jupyter.account.filters import Filters, RowFilter
from hedy_jupyter.account.frame_coverage import covered
from hedy_jupyter.account.list_source import ListReader
from hedy_jupyter.analysis import filters, meetings_of_todos
from hedy_jupyter.analysis import todo_due_dates as due
from hedy_jupyter.api import routes, session_history
from hedy_jupyter.api.reader import Listing
from hedy_jupyter.choices import Order, Status
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.due import due_dates
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import build
from hedy_jupyter.frames.plain_rows import failed
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from hedy_jupyter.api.reader import Reader
    from hedy_jupyter.api.wire_format import Record


@dataclass(frozen=True)
class TodoQuery:
    """Which todos to read.

    Attributes:
        status: whether they are done; one whose status is missing counts as open.
        filters: as they were given; times are the starts of the todos' meetings.
        session: only those of this session.
        person: only those that are for this person, or that this person is responsible for.
        due_before: only those whose due day is before this day.
        order: None is by urgency where *due_before* is given, else newest first.

    Raises:
        UsageError: *status* or *order* is another word, or *person* is no name.
    """

    status: Status
    filters: Filters
    session: str | None
    person: str | None
    due_before: When | None
    order: Order | None

    def __post_init__(self) -> None:
        _check_choice("status", self.status, get_args(Status))
        _check_choice("order", self.order or "newest", get_args(Order))
        if self.person is not None:
            from hedy_jupyter.analysis import addressees  # its word lists take 45 ms to load

            addressees.check_name(self.person)

    @property
    def is_dated(self) -> bool:
        """Whether the days on which todos are due are asked for."""
        return self.due_before is not None or self.order == "urgency"


def todos(lists: ListReader, query: TodoQuery) -> pd.DataFrame:
    """Return the todos of *query*; with due days also ``due_on due_kind urgency``.

    ``attrs["coverage"]["unknown_meetings"]`` counts the todos that are left out because the start of their meeting is
    not known, ``attrs["due"]`` those without a day.

    Raises:
        HedyError: a list cannot be read, or no topic or session has that name.
    """
    chosen, zone = query.filters, lists.zone
    within = RowFilter(since=(window := chosen.window(zone))[0], until=window[1])
    last = None if query.due_before is None else coming_day(query.due_before, zone=zone)
    frame = _with_topics(lists, _listed(lists, query.session), chosen)
    coverage = frame.attrs["coverage"]
    if query.status != "all":
        frame = filters.done(frame) if query.status == "done" else filters.still_open(frame)
    if chosen.text is not None:
        frame = filters.search(frame, chosen.text)
    if query.person is not None:
        from hedy_jupyter.analysis import addressees

        frame = addressees.of_person(frame, query.person)
    meetings = lists.all_sessions() if len(frame) and (within.is_active or query.is_dated) else None
    if meetings is not None and (lists_failed := failed(meetings)):
        coverage = {**coverage, "failed": list(lists_failed)}
    if within.is_active:
        starts = meetings_of_todos.meeting_times(frame, meetings, zone=zone)
        coverage = {**coverage, "unknown_meetings": int(starts.isna().sum())}
        frame = frame[within.mask({"start_time": start, "topic_id": None} for start in starts)]
    if query.is_dated:
        frame = _by_urgency(frame, meetings, last, zone)
    frame = Filters(limit=chosen.limit).rows(frame)
    frame.attrs = {**frame.attrs, "coverage": coverage}
    return frame


def _listed(lists: ListReader, session: str | None) -> pd.DataFrame:
    if lists.from_archive:
        return lists.archive.todos(session=session)

    async def flow(reader: Reader) -> list[Record]:
        if session is None:
            return await reader.rows("todos", routes.TODOS)
        return await session_history.rows_of_session(reader, "todos", routes.SESSION_TODOS, session)

    listing = Listing(lists.connection.ask(flow, lists.refresh))
    frame = covered(build.build("todos", listing.records), listing)
    lists.connection.note_topics(frame)
    if session is None:
        lists.connection.todos_seen = frame[["session_id"]].copy(), datetime.now(UTC)
    return frame


def _with_topics(lists: ListReader, frame: pd.DataFrame, chosen: Filters) -> pd.DataFrame:
    """Return the rows of *frame* whose topic is chosen; these are what its coverage counts."""
    among = lists.topic_ids(chosen.topic)
    keep = RowFilter(among=among, without=lists.topic_ids(chosen.not_topic, "not_topic") or frozenset())
    if not keep.is_active:
        return frame
    found = keep.rows(frame)
    found.attrs["coverage"] = {**frame.attrs["coverage"], "found": len(found)}
    return found


def _by_urgency(frame: pd.DataFrame, meetings: pd.DataFrame | None, last: date | None, zone: tzinfo) -> pd.DataFrame:
    dated = due.by_urgency(due.due(frame, meetings, zone=zone), zone=zone)
    undated = int(dated["due_on"].isna().sum())
    found = dated if last is None else dated[(dated["due_on"] < pd.Timestamp(last)).to_numpy()]
    found.attrs = {**dated.attrs, "due": {**dated.attrs["due"], "undated": undated, "before": last and str(last)}}
    return found


def coming_day(value: Any, *, zone: tzinfo) -> date:
    """Return the day that *value* means as a bound of due days: "friday" and "end of the month" are those to come.

    Raises:
        UsageError: *value* cannot be read as a date.
    """
    today = pd.Timestamp.now(tz=zone).date()
    ahead = due_dates([value], [today])[0].on if isinstance(value, str) else None
    with suppress(UsageError):
        day = ranges.day(value, zone=zone)
        if ahead is None or day >= today:
            return day
    return ranges.day(value, zone=zone) if ahead is None else ahead


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise UsageError(
            f"{name}={value!r} must be one of: {', '.join(choices)}.", advice=did_you_mean(str(value), choices)
        )
