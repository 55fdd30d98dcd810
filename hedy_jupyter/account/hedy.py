"""``Hedy``: the account that users hold, and the ways to get one."""

from __future__ import annotations

import copy
import sys
import weakref
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import tzinfo
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, TypeVar, Unpack, get_args
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import changes as writes
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
from hedy_jupyter.settings import Settings, Source

if TYPE_CHECKING:
    import httpx

    from hedy_jupyter.account.brief_card import Briefing
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.api.protocol import Record
    from hedy_jupyter.api.reader import Listing, Lookup, Reader
    from hedy_jupyter.api.routes import Route
    from hedy_jupyter.archive.archive import Archive
    from hedy_jupyter.demo_server.service import Service

T = TypeVar("T")
R = TypeVar("R", account_session.Session, records.Topic, records.Context)
Status = Literal["open", "done", "all"]

LIMIT = 100
"""How many rows a list has if nothing else is asked for."""
"""Requests a minute where nothing counts them: more than any machine makes."""
"""What of a session or topic stays in memory: enough for days and colours, no texts."""
_PATH_ADVICE = 'For example hedy.get("/sessions", limit=5).'


class TopicChanges(TypedDict, total=False):
    """The fields that a topic can change; a field left out stays as it is."""

    name: str
    description: str
    color: str
    icon_name: str
    topic_context: str | None


class ContextChanges(TypedDict, total=False):
    """The fields that a context can change; a field left out stays as it is."""

    title: str
    content: str
    is_default: bool


class Hedy:
    """One Hedy account.

    Reads give pandas DataFrames with the columns and dtypes that the README lists, or one object. What was read within the
    last 60 seconds comes from memory; ``refresh=True`` asks again. ``topic``, ``session`` and ``which`` take an id, a unique id
    prefix of six or more characters, ``"last"``, ``"last~2"`` or a title or name.

    ``source="archive"`` reads the local archive instead, without any request; ``archive.sync()`` fills it.

    Every read may raise the errors of ``hedy_jupyter.errors``: AuthError (401), TierError (403), NotFound (404), RateLimited
    (429), ServerError (5xx, or an answer that is not the API's), Offline, and UsageError for a call that cannot be right.

    Attributes:
        settings: what was found, and where; never the key.
        zone: the display time zone.
        connection: what reads and writes share: the client, what was read, the limits of the key.
        previous: the account that was in use before this one.
        on_close: called when it is closed.
        durations: what is known of the durations of sessions.
        service: the demo service behind a demo account, else None.
    """

    def __init__(self, found: Settings, *, transport: httpx.AsyncBaseTransport | None = None, service: Service | None = None) -> None:
        self.connection = Connection(found, transport=transport, service=service)
        self.previous: weakref.ref[Hedy] | None = None
        self.on_close: Callable[[Hedy], None] = lambda _: None
        self.durations = Durations(self._archived_votes)

    @property
    def settings(self) -> Settings:
        """What was found, and where; never the key."""
        return self.connection.settings

    @settings.setter
    def settings(self, found: Settings) -> None:
        self.connection.settings = found

    @property
    def zone(self) -> tzinfo:
        """The display time zone."""
        return self.connection.zone

    @property
    def service(self) -> Service | None:
        """The demo service behind a demo account, else None."""
        return self.connection.service

    def __dir__(self) -> Iterable[str]:
        return [name for name in object.__dir__(self) if name not in {"connection", "previous", "on_close", "durations"}]

    def __repr__(self) -> str:
        return f"<Hedy {'DEMO' if self.settings.demo else 'LIVE'} {self.settings.region} {self.settings.host}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; every later read is a UsageError."""
        self.connection.close()
        self.on_close(self)

    def forget(self) -> None:
        """Forget what was read, so that the next read asks again."""
        self.connection.cache.forget()

    @property
    def archive(self) -> Archive:
        """The local archive of this account: its whole history in one file on this machine."""
        from hedy_jupyter.archive.archive import Archive

        return Archive(self.settings, self.zone, self.connection.ask, self._account_id, lambda: self.connection.account_id)

    def _account_id(self) -> str:
        ident = self.me().id
        if not ident:
            raise ServerError("Hedy did not say which account this is.", advice="Try again later.")
        return ident

    @property
    def requests_left(self) -> int | None:
        """How many requests the limit of 200 a minute still lets start at once, other programs with the same key counted.

        None on the demo account, which has no limit.
        """
        return self.connection.requests_left

    @property
    def requests(self) -> pd.DataFrame:
        """The requests made: ``time`` (UTC), ``method``, ``path``, ``status``, ``ms``, ``bytes``; no headers, no bodies."""
        return build.build("requests", ({**asdict(one), "time": one.time.isoformat()} for one in self.connection.log))

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
        """Sessions, newest first, as the frame *sessions* or *sessions, detailed*.

        Args:
            limit: how many; a number above 100 follows the cursor, None is the complete history, from every endpoint that lists
                sessions and from the archive, where there is one.
            topic: only those of this topic, or of these.
            since: only those that start then or later; a date, datetime, ISO text, ``7d``, ``2026-03`` or words such as
                ``last tuesday``, read in the display time zone.
            until: only those that start then or before; a bare day or month is included whole.
            details: one more request a session, several in flight.
            source: ``"archive"`` asks nothing of Hedy and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Returns:
            The frame; ``attrs["coverage"]`` says how many sessions were ``found``, how many the API names in all (``total``, None where
            it names no number), how many of them are ``unreachable`` and the ``source``; with details also ``incomplete``, the ids of
            sessions whose details failed or are gone (their texts are missing, not empty); and ``failed``, the lists that could not be
            read, where there are any.
        """
        _check_limit(limit)
        topics = several_topics.listed(topic)
        if topics and len(topics) > 1:
            read = partial(self.sessions, limit, since=since, until=until, details=details, source=source, refresh=refresh)
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
            listing = await reader.sessions(limit, topic, keep if bounded else None, past if lower is not None else None)
            self._note_durations(listing)
            if details:
                listing = await reader.with_details("sessions", routes.SESSION, listing)
            return listing

        listing = self.connection.ask(flow, refresh)
        self.durations.note(details=listing.details.values())
        self.connection.note("sessions", listing.records)
        listing.records = self.durations.in_minutes(listing.records, listing.fetched | listing.details.keys())
        origin = "live"
        if limit is None and (held := self._archived(listing, topic, keep if lower or upper else None, details=details)):
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
            frame = frame.sort_values("start_time", ascending=False, kind="stable", na_position="last", ignore_index=True)
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
                with archive.store() as store:
                    return store.duration_votes()
        except HedyError:  # a broken archive is reported where it is asked for
            pass
        return Votes()

    def _archived(self, listing: Listing, topic: str | None, keep: Callable[[Record], bool] | None, *, details: bool) -> list[Record]:
        """The sessions that the archive holds beyond *listing*: the one road past the end of the API's list."""
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
        """Highlights, newest first, as the frame *highlights* or *highlights, detailed*.

        Args:
            limit: how many; a number above 100 follows the cursor, None follows it to its end.
            session: only those of this session.
            details: one more request a highlight, unless *session* is given: its highlights come whole.
            source: ``"archive"`` asks nothing of Hedy and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.
        """
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
        """Todos over all sessions, as the frame *todos*; the API gives all of them in one answer.

        Args:
            status: ``"open"``, ``"done"`` or ``"all"``; one that says neither counts as open.
            session: only those of this session.
            topic: only those of this topic, or of these.
            source: ``"archive"`` asks nothing of Hedy and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.
        """
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

    def overdue(self, topic: str | None = None, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Open todos whose day is past, the latest first, as the frame *todos* with ``due_on``, ``due_kind`` and ``overdue_days``.

        Days are read from the prose of ``due_date`` against the day of the todo's meeting, for which the complete history is read.
        ``attrs["due"]`` counts the todos that have no day. The arguments are those of ``todos``.
        """
        from hedy_jupyter.account import briefing

        todos = self.todos(topic=topic, source=source, refresh=refresh)
        return briefing.overdue(self, todos, source, refresh=refresh)

    def brief(self, topic: str | None = None, since: When | None = None, *, source: Source = "live", refresh: bool = False) -> Briefing:
        """What to know before the next meeting: last recap, open todos, highlights, what is new. Made locally, no AI.

        Args:
            topic: the topic of the meeting; None is all topics that had one.
            since: what is new from then on; by default since the meeting before the last, of all topics 7 days.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.
        """
        from hedy_jupyter.account import briefing

        return briefing.briefing(self, topic, since, source, refresh=refresh)

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

    def create_topic(
        self,
        name: str,
        *,
        description: str | None = None,
        color: str | None = None,
        icon_name: str | None = None,
        topic_context: str | None = None,
    ) -> Write:
        """The creation of a topic, to look at and then to ``confirm()``; nothing is sent before.

        Args:
            name: 1 to 100 characters.
            description: up to 500 characters.
            color: ``#RRGGBB``.
            icon_name: the name of a Material icon.
            topic_context: custom instructions for the analysis, up to 20,000 characters.
        """
        given = {"description": description, "color": color, "icon_name": icon_name, "topic_context": topic_context}
        return writes.create(self.connection, "topic", {"name": name, **{key: value for key, value in given.items() if value is not None}})

    def update_topic(self, which: str, **changes: Unpack[TopicChanges]) -> Write:
        """The change of a topic, named by its id or its exact name; only what really changes is sent.

        ``topic_context=None`` clears the instructions. A call without any field is a UsageError.
        """
        return writes.update(self.connection, "topic", which, changes)

    def delete_topic(self, which: str) -> Write:
        """The deletion of a topic, named by its id or its exact name; ``confirm("its exact name")`` does it. Its sessions stay."""
        return writes.delete(self.connection, "topic", which)

    def create_context(self, title: str, content: str = "", *, is_default: bool = False) -> Write:
        """The creation of a session context, to look at and then to ``confirm()``.

        Args:
            title: 1 to 200 characters.
            content: up to 20,000 characters.
            is_default: whether it becomes the default for new meetings, in place of the one that is.
        """
        given: dict[str, object] = {"title": title, "content": content}
        return writes.create(self.connection, "context", given | ({"is_default": is_default} if is_default is not False else {}))

    def update_context(self, which: str, **changes: Unpack[ContextChanges]) -> Write:
        """The change of a context, named by its id or its exact title; only what really changes is sent."""
        return writes.update(self.connection, "context", which, changes)

    def delete_context(self, which: str) -> Write:
        """The deletion of a context, named by its id or its exact title; ``confirm("its exact title")`` does it."""
        return writes.delete(self.connection, "context", which)

    def create_webhook(self, url: str, events: str | Iterable[str]) -> Write:
        """The creation of a webhook; ``confirm("destination.host")`` does it.

        Args:
            url: https, without user info, open to the internet.
            events: one or more of ``session.created``, ``session.ended``, ``session.exported``, ``highlight.created``, ``todo.exported``.
        """
        return writes.create_webhook(self.connection, url, events)

    def delete_webhook(self, which: str) -> Write:
        """The deletion of a webhook, named by its id or its exact URL; ``confirm("its exact URL")`` does it."""
        return writes.delete(self.connection, "webhook", which)

    def get(self, path: str, *, refresh: bool = False, **params: object) -> Any:
        """The raw JSON of any GET below the base URL: the way out when the API grows.

        Args:
            path: such as ``"/sessions"``; an absolute URL is a UsageError, because the key would go there.
            refresh: ask again even what was read within the last minute.
            params: the query; None is left out.
        """
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
        return cls.from_record(copy.deepcopy(found), zone=self.zone)  # what the user does to it does not reach the memory


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
