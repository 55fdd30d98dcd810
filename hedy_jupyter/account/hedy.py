"""``Hedy``, the public class of an account: reads and answers, and briefs, exports and writes."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

import pandas as pd

from hedy_jupyter.account import briefing, exporting
from hedy_jupyter.account import changes as writes
from hedy_jupyter.account.answer_methods import AnswerMethods
from hedy_jupyter.account.connection import Connection
from hedy_jupyter.account.export_selection import Selection
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.account.speaking import SpeakingMethods
from hedy_jupyter.archive.queries import Topics
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.export.vault import options as vault_options
from hedy_jupyter.frames import build
from hedy_jupyter.settings import Settings, Source

if TYPE_CHECKING:
    import httpx

    from hedy_jupyter.account.brief_card import Briefing
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.exporting import Exported
    from hedy_jupyter.demo_server.service import Service

_INTERNAL = frozenset({"connection", "durations", "on_close", "previous", "service"})
"""What only other modules of this package use; completion leaves it out."""


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


class Hedy(AnswerMethods, SpeakingMethods):
    """One Hedy account.

    Reads give pandas DataFrames with the columns and dtypes of the page Columns, or one object. What was read within
    the last 60 seconds comes from memory; ``refresh=True`` asks again. ``topic``, ``session`` and ``which`` take an id,
    a unique id prefix of six or more characters, ``"last"``, ``"last~2"`` or a title or name.

    ``source="archive"`` reads the local archive instead, without any request; ``archive.sync()`` fills it.

    Every read may raise the errors of ``hedy_jupyter.errors``: AuthError (401), TierError (403), NotFound (404),
    RateLimited (429), ServerError (5xx, or an answer that is not the API's), Offline, and UsageError for a call with
    values that do not fit.

    Attributes:
        settings: what was found, and where; never the key.
        zone: the display time zone.
        previous: the account that was in use before this one.
        on_close: called when it is closed.
        service: the demo service behind a demo account, else None.
    """

    def __init__(
        self, found: Settings, *, transport: httpx.AsyncBaseTransport | None = None, service: Service | None = None
    ) -> None:
        super().__init__(Connection(found, transport=transport, service=service))
        self.previous: weakref.ref[Hedy] | None = None
        self.on_close: Callable[[Hedy], None] = lambda _: None

    @property
    def settings(self) -> Settings:
        """What was found, and where; never the key."""
        return self.connection.settings

    @settings.setter
    def settings(self, found: Settings) -> None:
        self.connection.settings = found

    @property
    def service(self) -> Service | None:
        """The demo service behind a demo account, else None."""
        return self.connection.service

    def __dir__(self) -> Iterable[str]:
        return [name for name in super().__dir__() if name not in _INTERNAL and not re.match("_[^_]", name)]

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
    def requests_left(self) -> int | None:
        """The requests that may start at once under the limit of 200 a minute, other programs with the key counted.

        None on the demo account, which has no limit.
        """
        return self.connection.requests_left

    @property
    def requests(self) -> pd.DataFrame:
        """The requests made: ``time`` (UTC), ``method``, ``path``, ``status``, ``ms``, ``bytes``.

        No headers, no bodies.
        """
        return build.build("requests", ({**asdict(one), "time": one.time.isoformat()} for one in self.connection.log))

    def related(self, which: str, limit: int = 10) -> pd.DataFrame:
        """Return the meetings most like one, from the archive: ``session_id title start_time words score``.

        They share its rarest words, which are in *words*; the most alike come first. Makes no request.

        Args:
            which: an id, a unique prefix of six or more characters, ``"last"``, ``"last~2"`` or a title.
            limit: at most so many.
        """
        return self.archive.related(which, limit=limit)

    def overdue(
        self,
        topic: Topics | None = None,
        *,
        limit: int | None = None,
        session: str | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        text: str | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return the overdue open todos, longest overdue first: *todos* with ``due_on due_kind overdue_days``.

        Days are read from the prose of ``due_date`` against the day of the todo's meeting, for which the complete
        history is read. ``attrs["due"]`` counts the todos without a day. The arguments are those of ``todos``.
        """
        chosen, first = Filters(topic, not_topic, since, until, text), Filters(limit=limit)
        todos = self.todos(session=session, **chosen.options, source=source, refresh=refresh)
        return first.rows(briefing.overdue(self, todos, source, refresh=refresh))

    def brief(
        self,
        topic: str | None = None,
        since: When | None = None,
        *,
        person: str | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> Briefing:
        """Return the brief before the next meeting: last recap, open todos, highlights, what is new.

        It is computed locally, without AI.

        Args:
            topic: the topic of the meeting; None is all topics that had one.
            person: whom the meeting is with: the brief is about the meetings, of the newest hundred, in which this
                person spoke, their open todos and all others that name the person. Names are those of the transcripts
                or of ``rename_speaker``; a first name is enough.
            since: what is new from then on; by default since the meeting before the last, of all topics 7 days.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Raises:
            NotFound: there is no such topic, or nobody of that name.
        """
        return briefing.briefing(self, topic, since, source, person=person, refresh=refresh)

    def export(
        self,
        kind: str,
        path: str | Path | None = None,
        kinds: str | Iterable[str] = (),
        *,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        text: str | None = None,
        limit: int | None = None,
        bom: bool | None = None,
        source: Source | None = None,
        refresh: bool = False,
        name: str = vault_options.NAME,
        folder: str = vault_options.FOLDER,
        transcript: vault_options.Transcripts = "in",
    ) -> Exported:
        """Write meetings, and what belongs to them, to this machine; ``str()`` of the result says what was written.

        Details that the archive holds are not requested again, where the meeting is listed as it was when they came,
        and it has all its texts and is older than 14 days, or the last sync ended less than ten minutes ago.

        Args:
            kind: ``"md"``, ``"html"`` or ``"ics"`` (one document), ``"xlsx"`` (one workbook, a sheet a kind), ``"csv"``
                or ``"json"`` (one of *kinds*: a file; several or none: a folder with a file each), ``"vault"`` (a
                folder of Markdown notes) or ``"parquet"`` (the whole archive as a folder).
            path: the file or folder; None gives a document or one table as ``.text`` and writes nothing.
            kinds: for csv and json, such as ``"todos"`` or ``["sessions", "topics"]``.
            topic: only sessions of this topic, or of these, and what belongs to them.
            not_topic: no sessions of this topic, or of these.
            since: only sessions that start then or later.
            until: only sessions that start then or before.
            text: only sessions in whose texts all these words occur, and what belongs to them; a table of one kind has
                the rows of that kind with these words.
            limit: only so many sessions, the newest, and what belongs to them; of a table of one kind so many rows.
            bom: False leaves the byte order mark of CSV files out, by which spreadsheets see that they are UTF-8.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again for everything.
            name: for a vault, the pattern of the names of meetings' notes. Fields: ``{date} {time} {year} {month} {day}
                {title} {topic} {type} {id}``.
            folder: for a vault, the pattern of their folder, with slashes.
            transcript: for a vault, where transcripts go: ``"in"`` the note, an ``"own"`` one, or ``"no"`` place.

        Raises:
            UsageError: a *kind*, *kinds* or *path* that does not fit, or kinds that no choice of sessions narrows.
            ServerError: details are missing, and the document there has more; it stays as it is.
        """
        selection = Selection(self, Filters(topic, not_topic, since, until, text, limit), source, refresh)
        vault = vault_options.VaultOptions(name, folder, transcript)
        named = [kinds] if isinstance(kinds, str) else list(kinds)
        return exporting.export(selection, kind, path, named, bom=bom, vault=vault)

    def create_topic(
        self,
        name: str,
        *,
        description: str | None = None,
        color: str | None = None,
        icon_name: str | None = None,
        topic_context: str | None = None,
    ) -> Write:
        """Return the creation of a topic, to review and then to ``confirm()``; nothing is sent before.

        Args:
            name: 1 to 100 characters.
            description: up to 500 characters.
            color: ``#RRGGBB``, ``#RGB``, or a CSS name such as ``teal``.
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
        """Return the change of a topic, named by its id or its exact name; only what differs is sent.

        ``topic_context=None`` clears the instructions. A call without any field is a UsageError.
        """
        return writes.update(self.connection, "topic", which, changes)

    def delete_topic(self, which: str) -> Write:
        """Return the deletion of a topic, named by its id or its exact name; its sessions stay.

        ``confirm("its exact name")`` deletes it.
        """
        return writes.delete(self.connection, "topic", which)

    def create_context(self, title: str, content: str = "", *, is_default: bool = False) -> Write:
        """Return the creation of a session context, to review and then to ``confirm()``.

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
        """Return the change of a context, named by its id or its exact title; only what differs is sent."""
        return writes.update(self.connection, "context", which, changes)

    def delete_context(self, which: str) -> Write:
        """Return the deletion of a context, named by its id or exact title; ``confirm("its exact title")`` does it."""
        return writes.delete(self.connection, "context", which)

    def create_webhook(self, url: str, events: str | Iterable[str]) -> Write:
        """Return the creation of a webhook; ``confirm("destination.host")`` sends it.

        Args:
            url: https, without user info, open to the internet.
            events: one or more of ``session.created``, ``session.ended``, ``session.exported``, ``highlight.created``,
                ``todo.exported``, ``suggestion.created``; another well-formed name passes with a warning.
        """
        return writes.create_webhook(self.connection, url, events)

    def delete_webhook(self, which: str) -> Write:
        """Return the deletion of a webhook, named by its id or its exact URL; ``confirm("its exact URL")`` does it."""
        return writes.delete(self.connection, "webhook", which)
