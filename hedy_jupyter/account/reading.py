"""``ReadMethods``: the reading methods of ``Hedy``, from the API, from the archive, or from both."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import records, several_topics
from hedy_jupyter.account.api_path import below_base
from hedy_jupyter.account.connection import Connection
from hedy_jupyter.account.durations import Durations
from hedy_jupyter.account.frame_coverage import covered
from hedy_jupyter.account.session import Session
from hedy_jupyter.account.session_list import ArchivedDetails, SessionQuery, live_sessions
from hedy_jupyter.account.several_topics import Topics
from hedy_jupyter.analysis import filters
from hedy_jupyter.api import details as api_details
from hedy_jupyter.api import history, protocol, resolve, routes
from hedy_jupyter.api.reader import Listing
from hedy_jupyter.archive import lookup
from hedy_jupyter.archive.archive import Archive
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import HedyError, InvalidRequest, NotFound, ServerError, UsageError
from hedy_jupyter.frames import build
from hedy_jupyter.frames.durations import Votes
from hedy_jupyter.kinds import Kind
from hedy_jupyter.settings import Source
from hedy_jupyter.text.phrasing import did_you_mean

if TYPE_CHECKING:
    from hedy_jupyter.api.protocol import Record
    from hedy_jupyter.api.reader import Reader
    from hedy_jupyter.api.routes import Route

R = TypeVar("R", Session, records.Topic, records.Context)

Status = Literal["open", "done", "all"]
LIMIT = 100
"""How many rows a list has if nothing else is asked for."""


class ReadMethods:
    """The reading methods of one account; ``Hedy`` adds writes, briefs and exports.

    Attributes:
        connection: what reads and writes share: the client, what was read, the limits of the key.
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
        return Archive(
            self.connection.settings,
            self.zone,
            self.connection.ask,
            self._account_id,
            lambda: self.connection.account_id,
        )

    def me(self, *, refresh: bool = False) -> records.Account:
        """Return the account that the key belongs to: ``id``, ``email``, ``name``."""
        account = records.Account.from_record(self.connection.ask(lambda reader: reader.record(routes.ME), refresh))
        if account.id and account.id != self.connection.account_id:
            self.connection.account_id = account.id
            self.archive.learn(account.id)  # a new key opens the archive from now on
        return account

    def sessions(
        self,
        limit: int | None = LIMIT,
        *,
        topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        details: bool = False,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return sessions, newest first, as the frame *sessions* or *sessions, detailed*.

        Args:
            limit: how many; a number above 100 follows the cursor, None is the complete history, from every endpoint
                that lists sessions and from the archive, where there is one.
            topic: only those of this topic, or of these.
            since: only those that start then or later; a date, datetime, ISO text, ``7d``, ``2026-03`` or words such as
                ``last tuesday``, read in the display time zone.
            until: only those that start then or before; a bare day or month is included whole.
            details: also the texts; one more request a session, several in flight.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Returns:
            ``session_id title start_time duration_min session_type topic_id topic_name``; with details also
            ``end_time recap meeting_minutes transcript cleaned_transcript cleaned_at conversations session_notes
            highlight_count todo_count``. Times are in UTC. ``attrs["coverage"]`` has the number ``found``, the number
            that the API names in all (``total``, None where it names none), how many of them are ``unreachable``, and
            the ``source``; with details also ``incomplete``, the ids of sessions whose details failed or are gone
            (their texts are missing, not empty); and ``failed``, the lists that could not be read, where there are any.

        Raises:
            UsageError: *limit* is below 1, a time cannot be read, or several topics have that name.
            NotFound: no topic has that name.
        """
        return self.read_sessions(limit, topic, since, until, details, source, refresh)

    def read_sessions(
        self,
        limit: int | None,
        topic: Topics | None,
        since: When | None,
        until: When | None,
        details: bool,
        source: Source,
        refresh: bool,
        archived: ArchivedDetails | None = None,
    ) -> pd.DataFrame:
        """Return sessions as ``sessions`` does, without a request for the details that *archived* holds."""
        _check_limit(limit)
        topics = several_topics.as_list(topic)
        if topics and len(topics) > 1:
            others = (since, until, details, source, refresh, archived)
            return several_topics.merged_sessions(topics, lambda one: self.read_sessions(limit, one, *others), limit)
        one = topics[0] if topics else None
        if _from_archive(source):
            return self.archive.sessions(limit, topic=one, since=since, until=until, details=details)
        query = SessionQuery(limit, one, *ranges.window(since, until, zone=self.zone), details)
        return live_sessions(self.connection, self.durations, self.archive, query, refresh=refresh, archived=archived)

    def session(self, which: str, *, source: Source = "live", refresh: bool = False) -> Session:
        """Return one session with everything in it: texts, highlights, todos.

        Args:
            which: an id, a unique prefix of six or more characters, ``"last"``, ``"last~2"`` or a title; one that
                several sessions share is the newest of them, ``"TITLE~1"`` the one before it.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Raises:
            NotFound: there is no such session.
            UsageError: several have that prefix.
        """
        found = self._one(kinds.SESSION, which, Session, source, refresh)
        return found if _from_archive(source) else replace(found, duration_min=self.durations.of_detail(found.raw))

    def shared_title(self, which: str, *, source: Source = "live") -> str:
        """Return which of the sessions that share a title *which* means, in words: ``newest of 40 called "Weekly"``.

        It is empty where *which* is not such a title, and makes no request within a minute of one that read it.
        """
        if _from_archive(source):
            with self.archive.store() as store:
                return lookup.shared_title(store, which.strip())
        return self.connection.ask(lambda reader: resolve.shared_title(reader, which.strip()))

    def highlights(
        self,
        limit: int | None = LIMIT,
        *,
        session: str | None = None,
        details: bool = False,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return highlights, newest first, as the frame *highlights* or *highlights, detailed*.

        Args:
            limit: how many; a number above 100 follows the cursor, None follows it to its end.
            session: only those of this session.
            details: one more request a highlight, unless *session* is given: its highlights come whole.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Returns:
            ``highlight_id session_id timestamp title``; with details also ``time_index_ms raw_quote cleaned_quote
            main_idea ai_insight``. ``timestamp`` is in UTC, ``time_index_ms`` in milliseconds from the session's start.
        """
        _check_limit(limit)
        if _from_archive(source):
            return self.archive.highlights(limit, session=session, details=details)

        async def flow(reader: Reader) -> Listing:
            if session is not None:
                found = await history.rows_of_session(reader, "highlights", routes.SESSION_HIGHLIGHTS, session)
                return Listing(found[:limit])
            listing = await reader.newest("highlights", routes.HIGHLIGHTS, limit)
            if details:
                listing = await api_details.with_details(reader, "highlights", routes.HIGHLIGHT, listing)
            return listing

        listing = self.connection.ask(flow, refresh)
        frame = build.build("highlights_detailed" if details else "highlights", listing.records)
        return covered(frame, listing, details=details and session is None)

    def highlight(self, highlight_id: str, *, source: Source = "live", refresh: bool = False) -> records.Highlight:
        """Return one highlight with all its fields.

        Raises:
            NotFound: there is no highlight with this id.
        """
        found: Record
        if _from_archive(source):
            found = self.archive.highlight(highlight_id)
        else:
            try:
                found = self.connection.ask(lambda reader: reader.record(routes.HIGHLIGHT, highlight_id), refresh)
            except (NotFound, InvalidRequest) as error:
                raise resolve.naming(error, highlight_id, "See %hedy highlights for the list.") from None
        return records.Highlight.from_record(found, zone=self.zone)

    def todos(
        self,
        status: Status = "all",
        *,
        session: str | None = None,
        topic: Topics | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return the todos of all sessions as the frame *todos*; the API gives all of them in one answer.

        Args:
            status: ``"open"``, ``"done"`` or ``"all"``; one whose status is missing counts as open.
            session: only those of this session.
            topic: only those of this topic, or of these.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Returns:
            ``todo_id text due_date completed session_id topic_id topic_name``; ``due_date`` is Hedy's own prose.
            ``attrs["coverage"]["found"]`` counts the todos before *status* is applied.

        Raises:
            UsageError: *status* is another word.
        """
        if status not in get_args(Status):
            raise UsageError(
                f"status={status!r} must be one of: {', '.join(get_args(Status))}.",
                advice=did_you_mean(str(status), get_args(Status)),
            )
        topics = several_topics.as_list(topic)

        async def flow(reader: Reader) -> Listing:
            if session is None:
                found = await reader.rows("todos", routes.TODOS)
            else:
                found = await history.rows_of_session(reader, "todos", routes.SESSION_TODOS, session)
            if topics is not None:
                wanted = {await resolve.identify(reader, kinds.TOPIC, one) for one in topics}
                found = [record for record in found if build.values("todos", record)["topic_id"] in wanted]
            return Listing(found)

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
        """Return one todo of one session.

        Raises:
            NotFound: the session has no todo with this id.
        """
        if _from_archive(source):
            return records.Todo.from_record(self.archive.todo(session_id, todo_id))

        async def flow(reader: Reader) -> Record:
            async def ask(ident: str) -> Record:
                try:
                    found = await reader.record(routes.SESSION_TODO, ident, todo_id)
                except (NotFound, InvalidRequest) as error:
                    if error.code == "session_not_found":
                        raise
                    raise resolve.naming(error, todo_id, "See %hedy todos for the list.") from None
                return {**found, "sessionId": kinds.id_of(found.get("sessionId")) or ident}

            return await resolve.pick(reader, kinds.SESSION, session_id, ask)

        return records.Todo.from_record(self.connection.ask(flow, refresh))

    def topics(self, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Return the topics, last updated first, as the frame *topics*; its times are in UTC."""
        return self.archive.topics() if _from_archive(source) else self._list("topics", routes.TOPICS, refresh)

    def topic(self, which: str, *, source: Source = "live", refresh: bool = False) -> records.Topic:
        """Return one topic with its instructions and its overview; *which* is an id, the start of one, or a name.

        Raises:
            NotFound: there is no such topic.
            UsageError: several have that name.
        """
        return self._one(kinds.TOPIC, which, records.Topic, source, refresh)

    def contexts(self, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Return the session contexts, last updated first, as the frame *contexts*; its times are in UTC."""
        return self.archive.contexts() if _from_archive(source) else self._list("contexts", routes.CONTEXTS, refresh)

    def context(self, which: str, *, source: Source = "live", refresh: bool = False) -> records.Context:
        """Return one session context; *which* is an id, the start of one, or a title.

        Raises:
            NotFound: there is no such context.
            UsageError: several have that title.
        """
        return self._one(kinds.CONTEXT, which, records.Context, source, refresh)

    def webhooks(self, *, refresh: bool = False) -> pd.DataFrame:
        """Return the webhooks as the frame *webhooks*: ``webhook_id url host events created_at updated_at``."""
        return self._list("webhooks", routes.WEBHOOKS, refresh)

    def get(self, path: str, *, refresh: bool = False, **params: object) -> Any:
        """Return the raw JSON of any GET below the base URL, also of endpoints that this package does not use.

        Args:
            path: such as ``"/sessions"``; an absolute URL is a UsageError, because the key would go there.
            refresh: ask again even what was read within the last minute.
            params: the query; None is left out.
        """
        endpoint, query = below_base(path)
        sent = protocol.params(query) | protocol.params(params)
        return copy.deepcopy(self.connection.ask(lambda reader: reader.get(endpoint, sent), refresh))

    def _account_id(self) -> str:
        ident = self.me().id
        if not ident:
            raise ServerError("Hedy did not say which account this is.", advice="Try again later.")
        return ident

    def _archived_votes(self) -> Votes:
        """Return what the archive says of the units of durations, if there is one; makes no request."""
        archive = self.archive.quiet
        try:
            if archive.exists:
                return archive.duration_votes()
        except HedyError:  # a broken archive is reported where it is asked for
            pass
        return Votes()

    def _list(self, kind: str, route: Route, refresh: bool) -> pd.DataFrame:
        found = self.connection.ask(lambda reader: reader.rows(kind, route), refresh)
        self.connection.note(kind, found)
        return covered(build.build(kind, found), Listing(found))

    def _one(self, kind: Kind, which: str, cls: type[R], source: Source, refresh: bool) -> R:
        if _from_archive(source):
            return cls.from_record(self.archive.record(kind, which), zone=self.zone)

        async def flow(reader: Reader) -> Record:
            return await resolve.pick(reader, kind, which, lambda ident: reader.record(routes.DETAILS[kind], ident))

        found = self.connection.ask(flow, refresh)
        self.connection.note(kind.plural, [found])
        if cls is Session:
            self.durations.note(details=[found])
        # A copy, so that what the user does to it does not reach the cache.
        return cls.from_record(copy.deepcopy(found), zone=self.zone)


def _check_limit(limit: int | None) -> None:
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise UsageError(f"limit={limit!r} is not a number of 1 or more.", advice="limit=None is the complete history.")


def _from_archive(source: str) -> bool:
    if source not in get_args(Source):
        raise UsageError(
            f"source={source!r} must be one of: {', '.join(get_args(Source))}.",
            advice=did_you_mean(str(source), get_args(Source)),
        )
    return source == "archive"
