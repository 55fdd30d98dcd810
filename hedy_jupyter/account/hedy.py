"""``Hedy``: the account that users hold, and the ways to get one."""

from __future__ import annotations

import copy
import sys
import threading
import weakref
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import tzinfo
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, TypeVar, Unpack, get_args
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pandas as pd

from hedy_jupyter import kinds, settings
from hedy_jupyter.account import records
from hedy_jupyter.account import session as account_session
from hedy_jupyter.account.process import PROCESS
from hedy_jupyter.analysis import filters
from hedy_jupyter.api.cache import Memory
from hedy_jupyter.api.rate_limit import WEBHOOK_LIMIT, Pace
from hedy_jupyter.dates import periods, ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import ArchiveError, AuthError, HedyError, ServerError, UsageError
from hedy_jupyter.frames import build
from hedy_jupyter.settings import Secret, Settings

if TYPE_CHECKING:
    import httpx

    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.api.client import Client
    from hedy_jupyter.api.events import Event
    from hedy_jupyter.api.protocol import Record
    from hedy_jupyter.api.reader import Kind, Listing, Reader
    from hedy_jupyter.api.routes import Route
    from hedy_jupyter.archive.archive import Archive
    from hedy_jupyter.demo_server.service import Service

T = TypeVar("T")
R = TypeVar("R", account_session.Session, records.Topic, records.Context)
Status = Literal["open", "done", "all"]
Source = Literal["live", "archive"]

LIMIT = 100
"""How many rows a list has if nothing else is asked for."""
_NO_LIMIT = 1_000_000_000
"""Requests a minute where nothing counts them: more than any machine makes."""
_SHORT = frozenset({"sessionId", "id", "title", "startTime", "endTime", "duration", "topic", "topicInfo", "name", "color"})
"""What of a session or topic stays in memory: enough for days and colours, no texts."""
_PATH_ADVICE = 'For example hedy.get("/sessions", limit=5).'
_STOPPED = "Stopped: nothing more is sent. Details that had come are kept, the same call asks only for the rest."


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
        seen: kind → id → title or name of what was read so far; completion reads it.
        loaded: kind → id → what lists said of the sessions and topics that were read so far; ``df.hedy`` reads it.
        service: the demo service behind a demo account, else None.
    """

    def __init__(self, found: Settings, *, transport: httpx.AsyncBaseTransport | None = None, service: Service | None = None) -> None:
        if found.key is None:
            raise settings.no_key()
        self.settings = found
        self.zone: tzinfo = periods.zone(found.timezone)
        self.seen: dict[str, dict[str, str]] = {"sessions": {}, "topics": {}, "contexts": {}, "webhooks": {}}
        self.loaded: dict[str, dict[str, Record]] = {"sessions": {}, "topics": {}}
        self.service = service
        self._key: Secret = found.key
        self._pace, self._webhook_pace = _demo_limits(service) if service else PROCESS.paces(found.key)
        self._transport = transport
        self._memory = Memory()
        self._client: Client | None = None
        self._making = threading.Lock()
        self._show: Callable[[Event], None] | None = None
        self._closed = False
        self._ident: str | None = None
        self._before: weakref.ref[Hedy] | None = None

    def __repr__(self) -> str:
        return f"<Hedy {'DEMO' if self.settings.demo else 'LIVE'} {self.settings.region} {self.settings.host}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; every later read is a UsageError."""
        with self._making:
            client, self._client, self._closed = self._client, None, True
        if PROCESS.current is self:
            PROCESS.current = self._open_before()
        if client is not None:
            PROCESS.bridge.run(lambda _: client.close(), lambda _: None)
        self.forget()

    def _open_before(self) -> Hedy | None:
        """The account that was in use before this one and is still open."""
        before = self._before() if self._before else None
        return before._open_before() if before is not None and before._closed else before

    def forget(self) -> None:
        """Forget what was read, so that the next read asks again."""
        self._memory.forget()

    @property
    def archive(self) -> Archive:
        """The local archive of this account: its whole history in one file on this machine."""
        from hedy_jupyter.archive.archive import Archive

        return Archive(self.settings, self.zone, self._ask, self._account_id, lambda: self._ident)

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
        return None if self.service and self.service.requests_a_minute is None else self._pace.left

    @property
    def requests(self) -> pd.DataFrame:
        """The requests made: ``time`` (UTC), ``method``, ``path``, ``status``, ``ms``, ``bytes``; no headers, no bodies."""
        made = [] if self._client is None else list(self._client.log)
        return build.build("requests", ({**asdict(one), "time": one.time.isoformat()} for one in made))

    def me(self, *, refresh: bool = False) -> records.Account:
        """The account that the key belongs to."""
        from hedy_jupyter.api import routes

        account = records.Account.from_record(self._ask(lambda reader: reader.record(routes.ME), refresh))
        if account.id and account.id != self._ident:
            self._ident = account.id
            self.archive.learn(account.id)  # a new key opens the archive from now on
        return account

    def sessions(
        self,
        limit: int | None = LIMIT,
        *,
        topic: str | None = None,
        since: When | None = None,
        until: When | None = None,
        details: bool = False,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Sessions, newest first, as the frame *sessions* or *sessions, detailed*.

        Args:
            limit: how many; a number above 100 follows the cursor, None is the complete history by every road of the API
                and from the archive, where there is one.
            topic: only those of this topic.
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
        from hedy_jupyter.api import routes

        _check_limit(limit)
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
            if details:
                listing = await reader.with_details("sessions", routes.SESSION, listing)
            return listing

        listing = self._ask(flow, refresh)
        origin = "live"
        if limit is None and (held := self._archived(listing, topic, keep if lower or upper else None, details=details)):
            listing.records += held
            if details:
                unknown = self.archive.without_details()
                listing.incomplete += [ident for one in held if (ident := kinds.identity("sessions", one)) in unknown]
            listing.found += len(held) if listing.found else 0
            listing.unreachable = max(0, listing.unreachable - len(held))
            origin = "live and archive"
        self._note("sessions", listing.records)
        in_seconds = build.has_seconds(self.loaded["sessions"].values())
        if origin != "live" and not in_seconds:
            with self.archive.store() as store:
                in_seconds = store.counts_in_seconds()
        shown = build.in_minutes(listing.records) if in_seconds else listing.records
        frame = build.build("sessions_detailed" if details else "sessions", shown)
        if limit is None:
            frame = frame.sort_values("start_time", ascending=False, kind="stable", na_position="last", ignore_index=True)
        self._note_topics(frame)
        return _covered(frame, listing, origin, details=details)

    def _archived(self, listing: Listing, topic: str | None, keep: Callable[[Record], bool] | None, *, details: bool) -> list[Record]:
        """The sessions that the archive holds beyond *listing*: the one road past the end of the API's list."""
        archive = self.archive
        if not archive.exists:
            return []
        known = {kinds.identity("sessions", record) for record in listing.records}
        try:
            held = archive.beyond(known, topic=topic, details=details)
        except (ArchiveError, UsageError) as error:  # the latter: the name is that of several topics there
            _tell_left_out(error)
            return []
        return [record for record in held if keep is None or keep(record)]

    def session(self, which: str, *, source: Source = "live", refresh: bool = False) -> account_session.Session:
        """One session with everything in it: texts, highlights, todos."""
        from hedy_jupyter.api import reader as reads

        return self._one(reads.SESSIONS, which, account_session.Session, source, refresh)

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
        from hedy_jupyter.api import routes
        from hedy_jupyter.api.reader import Listing

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

        listing = self._ask(flow, refresh)
        frame = build.build("highlights_detailed" if details else "highlights", listing.records)
        return _covered(frame, listing, details=details and session is None)

    def highlight(self, highlight_id: str, *, source: Source = "live", refresh: bool = False) -> records.Highlight:
        """One highlight with all its fields."""
        from hedy_jupyter.api import routes

        if _from_archive(source):
            return records.Highlight.from_record(self.archive.highlight(highlight_id), zone=self.zone)
        return records.Highlight.from_record(
            self._ask(lambda reader: reader.record(routes.HIGHLIGHT, highlight_id), refresh), zone=self.zone
        )

    def todos(
        self,
        status: Status = "all",
        *,
        session: str | None = None,
        topic: str | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Todos over all sessions, as the frame *todos*; the API gives all of them in one answer.

        Args:
            status: ``"open"``, ``"done"`` or ``"all"``; one that says neither counts as open.
            session: only those of this session.
            topic: only those of this topic.
            source: ``"archive"`` asks nothing of Hedy and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.
        """
        from hedy_jupyter.api import reader as reads
        from hedy_jupyter.api import routes

        if status not in get_args(Status):
            raise UsageError(f"status={status!r} is none of: {', '.join(get_args(Status))}.")

        async def flow(reader: Reader) -> Listing:
            if session is None:
                found = await reader.rows("todos", routes.TODOS)
            else:
                found = await reader.of_session("todos", routes.SESSION_TODOS, session)
            if topic is not None:
                wanted = await reader.identify(reads.TOPICS, topic)
                found = [record for record in found if build.values("todos", record)["topic_id"] == wanted]
            return reads.Listing(found)

        if _from_archive(source):
            frame = self.archive.todos(session=session, topic=topic)
        else:
            listing = self._ask(flow, refresh)
            frame = _covered(build.build("todos", listing.records), listing)
            self._note_topics(frame)
        if status != "all":
            frame = (filters.done(frame) if status == "done" else filters.still_open(frame)).reset_index(drop=True)
        return frame

    def todo(self, session_id: str, todo_id: str, *, source: Source = "live", refresh: bool = False) -> records.Todo:
        """One todo of one session."""
        from hedy_jupyter.api import reader as reads
        from hedy_jupyter.api import routes

        if _from_archive(source):
            return records.Todo.from_record(self.archive.todo(session_id, todo_id))

        async def flow(reader: Reader) -> Record:
            async def ask(ident: str) -> Record:
                found = await reader.record(routes.SESSION_TODO, ident, todo_id)
                return {**found, "sessionId": found.get("sessionId") or ident}

            return await reader.pick(reads.SESSIONS, session_id, ask)

        return records.Todo.from_record(self._ask(flow, refresh))

    def topics(self, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Topics, last updated first, as the frame *topics*."""
        if _from_archive(source):
            return self.archive.topics()
        from hedy_jupyter.api import routes

        return self._list("topics", routes.TOPICS, refresh)

    def topic(self, which: str, *, source: Source = "live", refresh: bool = False) -> records.Topic:
        """One topic with its instructions and its overview."""
        from hedy_jupyter.api import reader as reads

        return self._one(reads.TOPICS, which, records.Topic, source, refresh)

    def contexts(self, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Session contexts, last updated first, as the frame *contexts*."""
        if _from_archive(source):
            return self.archive.contexts()
        from hedy_jupyter.api import routes

        return self._list("contexts", routes.CONTEXTS, refresh)

    def context(self, which: str, *, source: Source = "live", refresh: bool = False) -> records.Context:
        """One session context."""
        from hedy_jupyter.api import reader as reads

        return self._one(reads.CONTEXTS, which, records.Context, source, refresh)

    def webhooks(self, *, refresh: bool = False) -> pd.DataFrame:
        """Webhooks, as the frame *webhooks*."""
        from hedy_jupyter.api import routes

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
        from hedy_jupyter.account import changes as writes

        given = {"description": description, "color": color, "icon_name": icon_name, "topic_context": topic_context}
        return writes.create(self, "topic", {"name": name, **{key: value for key, value in given.items() if value is not None}})

    def update_topic(self, which: str, **changes: Unpack[TopicChanges]) -> Write:
        """The change of a topic, named by its id or its exact name; only what really changes is sent.

        ``topic_context=None`` clears the instructions. A call without any field is a UsageError.
        """
        from hedy_jupyter.account import changes as writes

        return writes.update(self, "topic", which, changes)

    def delete_topic(self, which: str) -> Write:
        """The deletion of a topic, named by its id or its exact name; ``confirm("its exact name")`` does it. Its sessions stay."""
        from hedy_jupyter.account import changes as writes

        return writes.delete(self, "topic", which)

    def create_context(self, title: str, content: str = "", *, is_default: bool = False) -> Write:
        """The creation of a session context, to look at and then to ``confirm()``.

        Args:
            title: 1 to 200 characters.
            content: up to 20,000 characters.
            is_default: whether it becomes the default for new meetings, in place of the one that is.
        """
        from hedy_jupyter.account import changes as writes

        given: dict[str, object] = {"title": title, "content": content}
        return writes.create(self, "context", given | ({"is_default": is_default} if is_default is not False else {}))

    def update_context(self, which: str, **changes: Unpack[ContextChanges]) -> Write:
        """The change of a context, named by its id or its exact title; only what really changes is sent."""
        from hedy_jupyter.account import changes as writes

        return writes.update(self, "context", which, changes)

    def delete_context(self, which: str) -> Write:
        """The deletion of a context, named by its id or its exact title; ``confirm("its exact title")`` does it."""
        from hedy_jupyter.account import changes as writes

        return writes.delete(self, "context", which)

    def create_webhook(self, url: str, events: str | Iterable[str]) -> Write:
        """The creation of a webhook; ``confirm("destination.host")`` does it.

        Args:
            url: https, without user info, open to the internet.
            events: one or more of ``session.created``, ``session.ended``, ``session.exported``, ``highlight.created``, ``todo.exported``.
        """
        from hedy_jupyter.account import changes as writes

        return writes.create_webhook(self, url, events)

    def delete_webhook(self, which: str) -> Write:
        """The deletion of a webhook, named by its id or its exact URL; ``confirm("its exact URL")`` does it."""
        from hedy_jupyter.account import changes as writes

        return writes.delete(self, "webhook", which)

    @contextmanager
    def telling(self, show: Callable[[Event], None]) -> Iterator[None]:
        """Have *show* hear of waits and progress while the block runs, in place of the screen (a form has its own place for them)."""
        before, self._show = self._show, show
        try:
            yield
        finally:
            self._show = before

    def get(self, path: str, *, refresh: bool = False, **params: object) -> Any:
        """The raw JSON of any GET below the base URL: the way out when the API grows.

        Args:
            path: such as ``"/sessions"``; an absolute URL is a UsageError, because the key would go there.
            refresh: ask again even what was read within the last minute.
            params: the query; None is left out.
        """
        from hedy_jupyter.api import protocol

        place, query = _below_base(path)
        asked = protocol.params(query) | protocol.params(params)
        return copy.deepcopy(self._ask(lambda reader: reader.json(place, asked), refresh))

    def _details_of(self, kind: str, ids: Iterable[str]) -> pd.DataFrame:
        """The detailed frame of the sessions or highlights *ids*, in their order; a row of what is gone has its id only."""
        from hedy_jupyter.api import routes
        from hedy_jupyter.api.reader import Listing

        key, route = ("sessionId", routes.SESSION) if kind == "sessions" else ("highlightId", routes.HIGHLIGHT)
        asked = Listing([{key: ident} for ident in ids])
        found = self._ask(lambda reader: reader.with_details(kind, route, asked), False)
        return _covered(build.build(f"{kind}_detailed", found.records), found, details=True)

    def _highlights_of(self, session_ids: Iterable[str], without: Collection[str] = ()) -> pd.DataFrame:
        """Return the highlights of the sessions, whole as they stand in the details; those of *without* are not asked for.

        Of sessions whose details do not come, those of the archive; else those of the API's list, which has titles only: their ids are
        in ``attrs["coverage"]["incomplete"]``.
        """
        from hedy_jupyter.api import routes
        from hedy_jupyter.api.reader import Listing

        ids = [ident for ident in session_ids if isinstance(ident, str)]
        wanted = [ident for ident in ids if ident not in without]
        details = self._ask(lambda reader: reader.details(routes.SESSION, wanted), False) if wanted else {}
        parts = [account_session.Session.from_record(details[ident], zone=self.zone).highlights for ident in ids if ident in details]
        missing = set(ids) - details.keys()
        if missing and self.archive.exists:
            try:
                held = self.archive.highlights(details=True)
            except ArchiveError as error:
                _tell_left_out(error)
            else:
                parts.append(held[held["session_id"].isin(missing)])
                missing -= set(parts[-1]["session_id"])
        incomplete: list[str] = []
        if missing:
            listed = self._ask(lambda reader: reader.newest("highlights", routes.HIGHLIGHTS, None), False)
            parts.append(
                build.build("highlights_detailed", [one for one in listed.records if kinds.id_text(one.get("sessionId")) in missing])
            )
            incomplete = parts[-1]["highlight_id"].dropna().tolist()
        filled = [part for part in parts if len(part)]
        frame = pd.concat(filled, ignore_index=True) if filled else build.build("highlights_detailed", [])
        return _covered(frame, Listing(found=len(frame), incomplete=incomplete), details=True)

    def _list(self, kind: str, route: Route, refresh: bool) -> pd.DataFrame:
        from hedy_jupyter.api.reader import Listing

        found = self._ask(lambda reader: reader.rows(kind, route), refresh)
        self._note(kind, found)
        return _covered(build.build(kind, found), Listing(found))

    def _one(self, kind: Kind, which: str, cls: type[R], source: Source, refresh: bool) -> R:
        if _from_archive(source):
            return cls.from_record(self.archive.record(kind, which), zone=self.zone)

        async def flow(reader: Reader) -> Record:
            return await reader.pick(kind, which, lambda ident: reader.record(kind.route, ident))

        found = self._ask(flow, refresh)
        self._note(kind.name, [found])
        return cls.from_record(copy.deepcopy(found), zone=self.zone)  # what the user does to it does not reach the memory

    def _note(self, kind: str, found: Iterable[Record]) -> None:
        """Remember the names of *found* for completion."""
        for record in found if kind in self.seen else ():
            ident = kinds.identity(kind, record)
            if ident is not None:
                self.seen[kind][ident] = str(record.get("title") or record.get("name") or record.get("url") or "")
                if kind in self.loaded:
                    short = {name: value for name, value in record.items() if name in _SHORT}
                    self.loaded[kind][ident] = {**self.loaded[kind].get(ident, {}), **short}  # a list knows less than a detail

    def _note_topics(self, frame: pd.DataFrame) -> None:
        """Remember the names of the topics that occur in *frame* for completion."""
        named = frame[["topic_id", "topic_name"]].dropna().drop_duplicates("topic_id")
        self.seen["topics"].update(zip(named["topic_id"], named["topic_name"], strict=True))

    def _ask(self, flow: Callable[[Reader], Coroutine[Any, Any, T]], refresh: bool) -> T:
        """The result of *flow*, with what it does shown and an interrupt heard."""
        from hedy_jupyter.account.progress import Progress
        from hedy_jupyter.api.reader import Reader

        client = self._made_client()
        try:
            with Progress() as progress:
                show = self._show or progress
                return PROCESS.bridge.run(lambda emit: flow(Reader(client, self._memory, emit, refresh=refresh)), show)
        except AuthError as error:
            if not self.settings.demo:
                error.advice = settings.key_advice(self.settings)
            raise
        except KeyboardInterrupt as stop:
            stop._render_traceback_ = lambda: [f"KeyboardInterrupt: {_STOPPED}"]  # type: ignore[attr-defined]  # IPython's hook
            raise

    def _made_client(self) -> Client:
        from hedy_jupyter.api.client import Client, FunctionTransport

        with self._making:  # several threads may use it first
            if self._closed:
                raise UsageError("This account is closed.", advice="Open it again with hj.connect() or hj.demo().")
            if self._client is None:
                transport = FunctionTransport(self.service.answer) if self.service else self._transport
                self._client = Client(
                    self.settings.base_url, self._key, self._pace, self._webhook_pace, user_agent=_user_agent(), transport=transport
                )
                PROCESS.bridge.keep(self._client)
                weakref.finalize(self, PROCESS.bridge.release, self._client).atexit = False
            return self._client


def _user_agent() -> str:
    try:
        return f"hedy-jupyter/{version('hedy-jupyter')}"
    except PackageNotFoundError:  # run from its sources, not installed
        return "hedy-jupyter"


def _check_limit(limit: int | None) -> None:
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise UsageError(f"limit={limit!r} is not a number of 1 or more.", advice="limit=None is the complete history.")


def _start(record: Record) -> pd.Timestamp | None:
    start = build.values("sessions", record)["start_time"]
    return start if isinstance(start, pd.Timestamp) else None


def _tell_left_out(error: HedyError) -> None:
    """Say in a line that the archive is left out: the live answer is worth more than none."""
    print(f"The archive is left out: {error.message}", file=sys.stderr)  # noqa: T201


def _from_archive(source: str) -> bool:
    if source not in get_args(Source):
        raise UsageError(f"source={source!r} is none of: {', '.join(get_args(Source))}.")
    return source == "archive"


def _covered(frame: pd.DataFrame, listing: Listing, source: str = "live", *, details: bool = False) -> pd.DataFrame:
    """Return *frame* with what it covers in its attrs: plain numbers and text, because pandas copies them at every step."""
    found = listing.found or len(listing.records)
    covered = {"found": found, "total": listing.total, "unreachable": listing.unreachable, "source": source}
    more = ({"incomplete": listing.incomplete} if details else {}) | ({"failed": listing.failed} if listing.failed else {})
    frame.attrs["coverage"] = covered | more
    return frame


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


def _demo_limits(service: Service) -> tuple[Pace, Pace]:
    """The paces of a demo account: each is an account of its own, and a service without a limit slows nobody down."""
    return Pace(service.requests_a_minute or _NO_LIMIT), Pace(WEBHOOK_LIMIT)
