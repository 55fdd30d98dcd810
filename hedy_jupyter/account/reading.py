"""The reads of an account: from Hedy, from the archive, or from both."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import records, several_topics
from hedy_jupyter.account import session as account_session
from hedy_jupyter.account.connection import Connection
from hedy_jupyter.account.coverage import covered
from hedy_jupyter.account.durations import Durations
from hedy_jupyter.analysis import filters
from hedy_jupyter.api import protocol, routes
from hedy_jupyter.api import reader as reads
from hedy_jupyter.api.reader import Listing
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import ArchiveError, HedyError, ServerError, UsageError
from hedy_jupyter.frames import build
from hedy_jupyter.frames.durations import Votes
from hedy_jupyter.settings import Source

if TYPE_CHECKING:
    from hedy_jupyter.api.protocol import Record
    from hedy_jupyter.api.reader import Listing, Lookup, Reader
    from hedy_jupyter.api.routes import Route
    from hedy_jupyter.archive.archive import Archive

T = TypeVar("T")
R = TypeVar("R", account_session.Session, records.Topic, records.Context)
_PATH_ADVICE = 'For example hedy.get("/sessions", limit=5).'

Status = Literal["open", "done", "all"]
LIMIT = 100
"""How many rows a list has if nothing else is asked for."""


class Reading:
    """Read what one account holds; the arguments are those of the methods of ``Hedy`` with the same names.

    Attributes:
        connection: the connection to read through.
        durations: what is known of the durations of sessions.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.durations = Durations(self._archived_votes)

    @property
    def zone(self) -> tzinfo:
        """The display time zone."""
        return self.connection.zone

    @property
    def archive(self) -> Archive:
        """The local archive of this account: its whole history in one file on this machine."""
        from hedy_jupyter.archive.archive import Archive

        return Archive(
            self.connection.settings,
            self.zone,
            self.connection.ask,
            self._account_id,
            lambda: self.connection.account_id,
        )

    def _account_id(self) -> str:
        ident = self.me().id
        if not ident:
            raise ServerError("Hedy did not say which account this is.", advice="Try again later.")
        return ident

    def me(self, *, refresh: bool = False) -> records.Account:
        """The account that the key belongs to."""
        account = records.Account.from_record(self.connection.ask(lambda reader: reader.record(routes.ME), refresh))
        if account.id and account.id != self.connection.account_id:
            self.connection.account_id = account.id
            self.archive.learn(account.id)  # a new key opens the archive from now on
        return account

    def sessions(
        self,
        limit: int | None = LIMIT,
        *,
        topic: several_topics.Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        details: bool = False,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Sessions, newest first, as the frame *sessions* or *sessions, detailed*."""
        _check_limit(limit)
        topics = several_topics.listed(topic)
        if topics and len(topics) > 1:
            read = partial(
                self.sessions, limit, since=since, until=until, details=details, source=source, refresh=refresh
            )
            return several_topics.sessions(topics, lambda one: read(topic=one), limit)
        topic = topics[0] if topics else None
        if _from_archive(source):
            return self.archive.sessions(limit, topic=topic, since=since, until=until, details=details)
        lower, upper = ranges.window(since, until, zone=self.zone)

        def keep(record: Record) -> bool:
            start = _start(record)
            return start is not None and (lower is None or lower <= start) and (upper is None or start < upper)

        def past(record: Record) -> bool:
            start = _start(record)
            return start is not None and lower is not None and start < lower

        async def flow(reader: Reader) -> Listing:
            bounded = lower is not None or upper is not None
            listing = await reader.sessions(
                limit, topic, keep if bounded else None, past if lower is not None else None
            )
            self._note_durations(listing)
            if details:
                listing = await reader.with_details("sessions", routes.SESSION, listing)
            return listing

        listing = self.connection.ask(flow, refresh)
        self.durations.note(details=listing.details.values())
        self.connection.note("sessions", listing.records)
        listing.records = self.durations.in_minutes(listing.records, listing.fetched | listing.details.keys())
        origin = "live"
        if limit is None and (
            held := self._archived(listing, topic, keep if lower or upper else None, details=details)
        ):
            listing.records += held
            if details:
                unknown = self.archive.without_details()
                listing.incomplete += [ident for one in held if (ident := kinds.identity("sessions", one)) in unknown]
            listing.found += len(held) if listing.found else 0
            listing.unreachable = max(0, listing.unreachable - len(held))
            origin = "live and archive"
            self.connection.note("sessions", held)
        frame = build.build("sessions_detailed" if details else "sessions", listing.records)
        if limit is None:
            frame = frame.sort_values(
                "start_time", ascending=False, kind="stable", na_position="last", ignore_index=True
            )
        self.connection.note_topics(frame)
        return covered(frame, listing, origin, details=details)

    def _note_durations(self, listing: Listing) -> None:
        """Remember the durations in *listing*, some of whose records may be details."""
        parts: tuple[list[Record], list[Record]] = ([], [])
        for record in listing.records:
            parts[kinds.identity("sessions", record) in listing.fetched].append(record)
        self.durations.note(*parts)

    def _archived_votes(self) -> Votes:
        """Return what the archive says of the units of durations, if there is one; makes no request."""
        archive = self.archive.quiet
        try:
            if archive.exists:
                return archive.duration_votes()
        except HedyError:  # a broken archive is reported where it is asked for
            pass
        return Votes()

    def _archived(
        self, listing: Listing, topic: str | None, keep: Callable[[Record], bool] | None, *, details: bool
    ) -> list[Record]:
        """The sessions that the archive holds beyond *listing*: the only way past the end of the API's list."""
        archive = self.archive
        if not archive.exists:
            return []
        known = {kinds.identity("sessions", record) for record in listing.records}
        try:
            held = archive.beyond(known, topic=topic, details=details)
        except (ArchiveError, UsageError) as error:  # the latter: the name is that of several topics there
            tell_left_out(error)
            return []
        return [record for record in held if keep is None or keep(record)]

    def session(self, which: str, *, source: Source = "live", refresh: bool = False) -> account_session.Session:
        """One session with everything in it: texts, highlights, todos."""
        found = self._one(reads.SESSIONS, which, account_session.Session, source, refresh)
        return found if _from_archive(source) else replace(found, duration_min=self.durations.of_detail(found.raw))

    def highlights(
        self,
        limit: int | None = LIMIT,
        *,
        session: str | None = None,
        details: bool = False,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Highlights, newest first, as the frame *highlights* or *highlights, detailed*."""
        _check_limit(limit)
        if _from_archive(source):
            return self.archive.highlights(limit, session=session, details=details)

        async def flow(reader: Reader) -> Listing:
            if session is not None:
                found = await reader.of_session("highlights", routes.SESSION_HIGHLIGHTS, session)
                return Listing(found[:limit])
            listing = await reader.newest("highlights", routes.HIGHLIGHTS, limit)
            if details:
                listing = await reader.with_details("highlights", routes.HIGHLIGHT, listing)
            return listing

        listing = self.connection.ask(flow, refresh)
        frame = build.build("highlights_detailed" if details else "highlights", listing.records)
        return covered(frame, listing, details=details and session is None)

    def highlight(self, highlight_id: str, *, source: Source = "live", refresh: bool = False) -> records.Highlight:
        """One highlight with all its fields."""
        if _from_archive(source):
            return records.Highlight.from_record(self.archive.highlight(highlight_id), zone=self.zone)
        return records.Highlight.from_record(
            self.connection.ask(lambda reader: reader.record(routes.HIGHLIGHT, highlight_id), refresh), zone=self.zone
        )

    def todos(
        self,
        status: Status = "all",
        *,
        session: str | None = None,
        topic: several_topics.Topics | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Todos over all sessions, as the frame *todos*; the API gives all of them in one answer."""
        if status not in get_args(Status):
            raise UsageError(f"status={status!r} must be one of: {', '.join(get_args(Status))}.")

        topics = several_topics.listed(topic)

        async def flow(reader: Reader) -> Listing:
            if session is None:
                found = await reader.rows("todos", routes.TODOS)
            else:
                found = await reader.of_session("todos", routes.SESSION_TODOS, session)
            if topics is not None:
                wanted = {await reader.identify(reads.TOPICS, one) for one in topics}
                found = [record for record in found if build.values("todos", record)["topic_id"] in wanted]
            return reads.Listing(found)

        if _from_archive(source):
            frame = self.archive.todos(session=session, topic=topics)
        else:
            listing = self.connection.ask(flow, refresh)
            frame = covered(build.build("todos", listing.records), listing)
            self.connection.note_topics(frame)
        if status != "all":
            frame = (filters.done(frame) if status == "done" else filters.still_open(frame)).reset_index(drop=True)
        return frame

    def todo(self, session_id: str, todo_id: str, *, source: Source = "live", refresh: bool = False) -> records.Todo:
        """One todo of one session."""
        if _from_archive(source):
            return records.Todo.from_record(self.archive.todo(session_id, todo_id))

        async def flow(reader: Reader) -> Record:
            async def ask(ident: str) -> Record:
                found = await reader.record(routes.SESSION_TODO, ident, todo_id)
                return {**found, "sessionId": kinds.id_of(found.get("sessionId")) or ident}

            return await reader.pick(reads.SESSIONS, session_id, ask)

        return records.Todo.from_record(self.connection.ask(flow, refresh))

    def topics(self, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Topics, last updated first, as the frame *topics*."""
        if _from_archive(source):
            return self.archive.topics()
        return self._list("topics", routes.TOPICS, refresh)

    def topic(self, which: str, *, source: Source = "live", refresh: bool = False) -> records.Topic:
        """One topic with its instructions and its overview."""
        return self._one(reads.TOPICS, which, records.Topic, source, refresh)

    def contexts(self, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Session contexts, last updated first, as the frame *contexts*."""
        if _from_archive(source):
            return self.archive.contexts()
        return self._list("contexts", routes.CONTEXTS, refresh)

    def context(self, which: str, *, source: Source = "live", refresh: bool = False) -> records.Context:
        """One session context."""
        return self._one(reads.CONTEXTS, which, records.Context, source, refresh)

    def webhooks(self, *, refresh: bool = False) -> pd.DataFrame:
        """Webhooks, as the frame *webhooks*."""
        return self._list("webhooks", routes.WEBHOOKS, refresh)

    def get(self, path: str, *, refresh: bool = False, **params: object) -> Any:
        """The raw JSON of any GET below the base URL: the way out when the API grows."""
        place, query = _below_base(path)
        asked = protocol.params(query) | protocol.params(params)
        return copy.deepcopy(self.connection.ask(lambda reader: reader.get(place, asked), refresh))

    def _list(self, kind: str, route: Route, refresh: bool) -> pd.DataFrame:
        found = self.connection.ask(lambda reader: reader.rows(kind, route), refresh)
        self.connection.note(kind, found)
        return covered(build.build(kind, found), Listing(found))

    def _one(self, kind: Lookup, which: str, cls: type[R], source: Source, refresh: bool) -> R:
        if _from_archive(source):
            return cls.from_record(self.archive.record(kind, which), zone=self.zone)

        async def flow(reader: Reader) -> Record:
            return await reader.pick(kind, which, lambda ident: reader.record(kind.route, ident))

        found = self.connection.ask(flow, refresh)
        self.connection.note(kind.name, [found])
        if cls is account_session.Session:
            self.durations.note(details=[found])
        return cls.from_record(
            copy.deepcopy(found), zone=self.zone
        )  # what the user does to it does not reach the memory


def _check_limit(limit: int | None) -> None:
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise UsageError(f"limit={limit!r} is not a number of 1 or more.", advice="limit=None is the complete history.")


def _start(record: Record) -> pd.Timestamp | None:
    start = build.values("sessions", record)["start_time"]
    return start if isinstance(start, pd.Timestamp) else None


def tell_left_out(error: HedyError) -> None:
    """Say in a line that the archive is left out: the live answer is worth more than none."""
    print(f"The archive is left out: {error.message}", file=sys.stderr)  # noqa: T201


def _from_archive(source: str) -> bool:
    if source not in get_args(Source):
        raise UsageError(f"source={source!r} must be one of: {', '.join(get_args(Source))}.")
    return source == "archive"


def _below_base(path: str) -> tuple[str, dict[str, str]]:
    """Return *path* quoted, with a slash in front, and the query that stood in it.

    Raises:
        UsageError: *path* is not text, is an address, or cannot be the path of an endpoint.
    """
    if not isinstance(path, str):
        raise UsageError(f"hedy.get() takes a path as text, not {path!r}.", advice=_PATH_ADVICE)
    try:
        parts = urlsplit(path)
    except ValueError:  # such as a bracket that is never closed
        raise UsageError(f"The path {path!r} cannot be read.", advice=_PATH_ADVICE) from None
    if parts.scheme or parts.netloc or path.startswith("//") or "\\" in path:
        raise UsageError("hedy.get() takes a path below the base URL, not an address.", advice=_PATH_ADVICE)
    if any(step in {".", ".."} for step in unquote(parts.path).split("/")) or parts.fragment:
        raise UsageError(f"The path {path!r} holds a step or a mark that no API path has.", advice=_PATH_ADVICE)
    return "/" + quote(parts.path.lstrip("/").encode("utf-8", "replace"), safe="/%:@!$&'()*+,;=~"), dict(
        parse_qsl(parts.query, keep_blank_values=True)
    )
