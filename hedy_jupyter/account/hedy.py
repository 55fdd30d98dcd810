"""``Hedy``, the class that users hold: one-line methods over ``Reading``, the writes and the archive."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import tzinfo
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

import pandas as pd

from hedy_jupyter.account import changes as writes
from hedy_jupyter.account import records, several_topics
from hedy_jupyter.account import session as account_session
from hedy_jupyter.account.connection import Connection
from hedy_jupyter.account.reading import LIMIT, Reading, Status
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.frames import build
from hedy_jupyter.settings import Settings, Source

if TYPE_CHECKING:
    import httpx

    from hedy_jupyter.account.brief_card import Briefing
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.archive.archive import Archive
    from hedy_jupyter.demo_server.service import Service


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

    Reads give pandas DataFrames with the columns and dtypes that the README lists, or one object. What was read within
    the last 60 seconds comes from memory; ``refresh=True`` asks again. ``topic``, ``session`` and ``which`` take an id,
    a unique id prefix of six or more characters, ``"last"``, ``"last~2"`` or a title or name.

    ``source="archive"`` reads the local archive instead, without any request; ``archive.sync()`` fills it.

    Every read may raise the errors of ``hedy_jupyter.errors``: AuthError (401), TierError (403), NotFound (404),
    RateLimited (429), ServerError (5xx, or an answer that is not the API's), Offline, and UsageError for a call that
    cannot be right.

    Attributes:
        settings: what was found, and where; never the key.
        zone: the display time zone.
        connection: what reads and writes share: the client, what was read, the limits of the key.
        previous: the account that was in use before this one.
        on_close: called when it is closed.
        reading: the reads behind the methods.
        service: the demo service behind a demo account, else None.
    """

    def __init__(
        self, found: Settings, *, transport: httpx.AsyncBaseTransport | None = None, service: Service | None = None
    ) -> None:
        self.connection = Connection(found, transport=transport, service=service)
        self.previous: weakref.ref[Hedy] | None = None
        self.on_close: Callable[[Hedy], None] = lambda _: None
        self.reading = Reading(self.connection)

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
        return [name for name in object.__dir__(self) if name not in {"connection", "previous", "on_close", "reading"}]

    def __repr__(self) -> str:
        return f"<Hedy {'DEMO' if self.settings.demo else 'LIVE'} {self.settings.region} {self.settings.host}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
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
        return self.reading.archive

    @property
    def requests_left(self) -> int | None:
        """How many requests the limit of 200 a minute still lets start at once, other programs with the same key counted.

        None on the demo account, which has no limit.
        """
        return self.connection.requests_left

    @property
    def requests(self) -> pd.DataFrame:
        """The requests made: ``time`` (UTC), ``method``, ``path``, ``status``, ``ms``, ``bytes``.

        No headers, no bodies.
        """
        return build.build("requests", ({**asdict(one), "time": one.time.isoformat()} for one in self.connection.log))

    def me(self, *, refresh: bool = False) -> records.Account:
        """The account that the key belongs to."""
        return self.reading.me(refresh=refresh)

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
            limit: how many; a number above 100 follows the cursor, None is the complete history, from every endpoint
                that lists sessions and from the archive, where there is one.
            topic: only those of this topic, or of these.
            since: only those that start then or later; a date, datetime, ISO text, ``7d``, ``2026-03`` or words such as
                ``last tuesday``, read in the display time zone.
            until: only those that start then or before; a bare day or month is included whole.
            details: one more request a session, several in flight.
            source: ``"archive"`` asks nothing of Hedy and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Returns:
            The frame; ``attrs["coverage"]`` says how many sessions were ``found``, how many the API names in all
            (``total``, None where it names no number), how many of them are ``unreachable`` and the ``source``; with
            details also ``incomplete``, the ids of sessions whose details failed or are gone (their texts are missing,
            not empty); and ``failed``, the lists that could not be read, where there are any.
        """
        return self.reading.sessions(
            limit, topic=topic, since=since, until=until, details=details, source=source, refresh=refresh
        )

    def session(self, which: str, *, source: Source = "live", refresh: bool = False) -> account_session.Session:
        """One session with everything in it: texts, highlights, todos."""
        return self.reading.session(which, source=source, refresh=refresh)

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
        return self.reading.highlights(limit, session=session, details=details, source=source, refresh=refresh)

    def highlight(self, highlight_id: str, *, source: Source = "live", refresh: bool = False) -> records.Highlight:
        """One highlight with all its fields."""
        return self.reading.highlight(highlight_id, source=source, refresh=refresh)

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
        return self.reading.todos(status, session=session, topic=topic, source=source, refresh=refresh)

    def todo(self, session_id: str, todo_id: str, *, source: Source = "live", refresh: bool = False) -> records.Todo:
        """One todo of one session."""
        return self.reading.todo(session_id, todo_id, source=source, refresh=refresh)

    def overdue(self, topic: str | None = None, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Open todos whose day is past, the latest first, as the frame *todos* with ``due_on``, ``due_kind`` and ``overdue_days``.

        Days are read from the prose of ``due_date`` against the day of the todo's meeting, for which the complete history is read.
        ``attrs["due"]`` counts the todos that have no day. The arguments are those of ``todos``.
        """
        from hedy_jupyter.account import briefing

        todos = self.todos(topic=topic, source=source, refresh=refresh)
        return briefing.overdue(self, todos, source, refresh=refresh)

    def brief(
        self, topic: str | None = None, since: When | None = None, *, source: Source = "live", refresh: bool = False
    ) -> Briefing:
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
        return self.reading.topics(source=source, refresh=refresh)

    def topic(self, which: str, *, source: Source = "live", refresh: bool = False) -> records.Topic:
        """One topic with its instructions and its overview."""
        return self.reading.topic(which, source=source, refresh=refresh)

    def contexts(self, *, source: Source = "live", refresh: bool = False) -> pd.DataFrame:
        """Session contexts, last updated first, as the frame *contexts*."""
        return self.reading.contexts(source=source, refresh=refresh)

    def context(self, which: str, *, source: Source = "live", refresh: bool = False) -> records.Context:
        """One session context."""
        return self.reading.context(which, source=source, refresh=refresh)

    def webhooks(self, *, refresh: bool = False) -> pd.DataFrame:
        """Webhooks, as the frame *webhooks*."""
        return self.reading.webhooks(refresh=refresh)

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
        return writes.create(
            self.connection,
            "topic",
            {"name": name, **{key: value for key, value in given.items() if value is not None}},
        )

    def update_topic(self, which: str, **changes: Unpack[TopicChanges]) -> Write:
        """The change of a topic, named by its id or its exact name; only what really changes is sent.

        ``topic_context=None`` clears the instructions. A call without any field is a UsageError.
        """
        return writes.update(self.connection, "topic", which, changes)

    def delete_topic(self, which: str) -> Write:
        """The deletion of a topic, named by its id or its exact name; ``confirm("its exact name")`` does it.

        Its sessions stay.
        """
        return writes.delete(self.connection, "topic", which)

    def create_context(self, title: str, content: str = "", *, is_default: bool = False) -> Write:
        """The creation of a session context, to look at and then to ``confirm()``.

        Args:
            title: 1 to 200 characters.
            content: up to 20,000 characters.
            is_default: whether it becomes the default for new meetings, in place of the one that is.
        """
        given: dict[str, object] = {"title": title, "content": content}
        return writes.create(
            self.connection, "context", given | ({"is_default": is_default} if is_default is not False else {})
        )

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
            events: one or more of ``session.created``, ``session.ended``, ``session.exported``, ``highlight.created``,
                ``todo.exported``.
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
        return self.reading.get(path, refresh=refresh, **params)
