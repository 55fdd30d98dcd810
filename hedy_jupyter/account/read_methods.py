"""``ReadMethods``: the reading methods of ``Hedy``, from the API, from the archive, or from both."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import records
from hedy_jupyter.account.api_path import below_base
from hedy_jupyter.account.connection import Connection
from hedy_jupyter.account.durations import Durations
from hedy_jupyter.account.filtered_sessions import read_sessions
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.account.frame_coverage import covered
from hedy_jupyter.account.highlight_list import HighlightQuery, highlights
from hedy_jupyter.account.list_source import ListReader
from hedy_jupyter.account.session import Session
from hedy_jupyter.account.several_accounts import says_account
from hedy_jupyter.account.todo_list import TodoQuery, todos
from hedy_jupyter.api import resolve, routes, wire_format
from hedy_jupyter.api.reader import Listing
from hedy_jupyter.archive import lookup
from hedy_jupyter.archive.archive import Archive
from hedy_jupyter.archive.queries import Topics
from hedy_jupyter.choices import LIMIT, Order, Status
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import HedyError, InvalidRequest, NotFound, ServerError, UsageError
from hedy_jupyter.frames import build
from hedy_jupyter.frames.durations import Votes
from hedy_jupyter.kinds import Kind
from hedy_jupyter.settings import Source
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from hedy_jupyter.api.reader import Reader
    from hedy_jupyter.api.routes import Route
    from hedy_jupyter.api.wire_format import Record

R = TypeVar("R", Session, records.Topic, records.Context)


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

    @says_account
    def sessions(
        self,
        limit: int | None = LIMIT,
        *,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        text: str | None = None,
        details: bool = False,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return sessions, newest first, as the frame *sessions* or *sessions, detailed*.

        Args:
            limit: how many; a number above 100 follows the cursor, None is the complete history, from every endpoint
                that lists sessions and from the archive, where there is one.
            topic: only those of this topic, or of these.
            not_topic: none of this topic, or of these; those without a topic stay.
            since: only those that start then or later; a date, datetime, ISO text, ``7d``, ``2026-03`` or words such as
                ``last tuesday``, read in the display time zone.
            until: only those that start then or before; a bare day or month is included whole.
            text: only those in whose texts all these words occur: title and topic, with *details* every text.
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
            UsageError: *limit* is below 1, a time cannot be read, *until* is before *since*, *text* has no word, or
                several topics have that name.
            NotFound: no topic has that name.
        """
        chosen = Filters(topic, not_topic, since, until, text, limit)
        return read_sessions(lists_of(self, source, refresh), self.durations, chosen, details=details)

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

    @says_account
    def highlights(
        self,
        limit: int | None = LIMIT,
        *,
        session: str | None = None,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        text: str | None = None,
        details: bool = False,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return highlights, newest first, as the frame *highlights* or *highlights, detailed*.

        Args:
            limit: how many; a number above 100 follows the cursor, None follows it to its end.
            session: only those of this session.
            topic: only those of meetings of this topic, or of these.
            not_topic: none of meetings of this topic, or of these.
            since: only those made then or later, worded as for ``sessions``.
            until: only those made then or before.
            text: only those in whose texts all these words occur: the title, with *details* every text.
            details: one more request a highlight, unless *session* is given: its highlights come whole.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Returns:
            ``highlight_id session_id timestamp title``; with details also ``time_index_ms raw_quote cleaned_quote
            main_idea ai_insight``. ``timestamp`` is in UTC, ``time_index_ms`` in milliseconds from the session's start.
        """
        chosen = Filters(topic, not_topic, since, until, text, limit)
        return highlights(lists_of(self, source, refresh), HighlightQuery(chosen, session, details))

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

    @says_account
    def todos(
        self,
        status: Status = "all",
        *,
        limit: int | None = None,
        session: str | None = None,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        text: str | None = None,
        person: str | None = None,
        due_before: When | None = None,
        order: Order | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return the todos of all sessions as the frame *todos*; the API gives all of them in one answer.

        *since*, *until*, *due_before* and *order* need the starts of meetings, for which the complete history is read.

        Args:
            status: ``"open"``, ``"done"`` or ``"all"``; one whose status is missing counts as open.
            limit: how many; None is all.
            session: only those of this session.
            topic: only those of this topic, or of these.
            not_topic: none of this topic, or of these.
            since: only those of meetings that start then or later, worded as for ``sessions``.
            until: only those of meetings that start then or before.
            text: only those in whose text all these words occur.
            person: only those that are for this person, or that this person is responsible for, by their text.
            due_before: only those due before this day, which may be one to come (``"friday"``, ``"end of the month"``).
            order: ``"newest"``, or ``"urgency"``: overdue, today, soon (7 days), later, without a day, done.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Returns:
            ``todo_id text due_date completed session_id topic_id topic_name``; ``due_date`` is Hedy's own prose.
            ``attrs["coverage"]["found"]`` counts the todos before *status* and the filters but *topic* are applied.
            With *due_before* or ``order="urgency"`` also ``due_on due_kind urgency``, the most urgent first.

        Raises:
            UsageError: *status* or *order* is another word, or a filter does not fit, as for ``sessions``.
        """
        chosen = Filters(topic, not_topic, since, until, text, limit)
        query = TodoQuery(status, chosen, session, person, due_before, order)
        return todos(lists_of(self, source, refresh), query)

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

    @says_account
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

    @says_account
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

    @says_account
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
        sent = wire_format.params(query) | wire_format.params(params)
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


def lists_of(hedy: ReadMethods, source: Source, refresh: bool) -> ListReader:
    """Return what reads the lists of one call, live or of the archive.

    Raises:
        UsageError: there is no such *source*.
    """
    every = partial(hedy.sessions, None, source=source, refresh=refresh)
    return ListReader(hedy.connection, hedy.archive, _from_archive(source), refresh, every)


def _from_archive(source: str) -> bool:
    if source not in get_args(Source):
        raise UsageError(
            f"source={source!r} must be one of: {', '.join(get_args(Source))}.",
            advice=did_you_mean(str(source), get_args(Source)),
        )
    return source == "archive"
