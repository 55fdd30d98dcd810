"""``Archive``: the public class of the local archive."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.api.reader import Reader
from hedy_jupyter.archive import (
    files,
    location,
    lookup,
    monthly_coverage,
    parquet,
    queries,
    sync_runs,
)
from hedy_jupyter.archive.account_file import AccountFile
from hedy_jupyter.archive.delete import Deletion
from hedy_jupyter.archive.encoding import Given, Record
from hedy_jupyter.archive.event_reads import EventReads
from hedy_jupyter.archive.frames import Attrs, attrs_of, described, framed, meeting_of, plain_state
from hedy_jupyter.archive.ownership import claim
from hedy_jupyter.archive.queries import Beyond, Topics
from hedy_jupyter.archive.search_methods import Searchable
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.sync import Synced, sync, sync_lock, sync_session
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import ArchiveError, NotFound, UsageError
from hedy_jupyter.files import path_of
from hedy_jupyter.frames import build
from hedy_jupyter.frames.durations import Votes
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.settings import Settings

_PUBLIC = frozenset(
    {"contexts", "counts", "coverage", "delete", "event", "events", "exists", "highlights", "history", "last_delivery"}
    | {"path", "related", "search", "sessions", "state", "sync", "synced_at", "to_parquet", "todos", "topics", "watch"}
)
"""The names that completion offers."""


class Archive(Searchable, EventReads):
    """The history of one account in one SQLite file on this machine. Nothing in it leaves the machine.

    ``sync()`` fills it, everything else reads it without any request. The frames have the columns and dtypes of the
    live ones; their ``attrs["archive"]`` holds ``sessions``, the number in the archive, and ``synced_at``, the time of
    the last sync as ISO text or None. What is no longer in Hedy stays, with the time at which that was noticed:
    ``history=True`` shows it too.

    Every method may raise ArchiveError: there is no archive yet, or the file is damaged, of another program, of another
    account, or cannot be written. Whether it is another account's is found out without a request; a file of an older
    version, which holds no digests of keys, needs one.
    """

    def __init__(
        self,
        settings: Settings,
        zone: tzinfo,
        ask: Callable[..., Any],
        account_id: Callable[[], str],
        known_id: Callable[[], str | None] = lambda: None,
        *,
        quiet: bool = False,
    ) -> None:
        super().__init__(zone)
        self._ask = ask
        self._known_id = known_id
        self._file = AccountFile(settings, account_id, known_id, quiet=quiet)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name.startswith("__") or name in _PUBLIC]

    def __repr__(self) -> str:
        path = self.known_path
        return f"<Archive {path or 'not created yet'}{'' if self.exists else ', empty'}>"

    @property
    def known_path(self) -> Path | None:
        """The file, or None where the account's id, which names it, was never asked for."""
        return self._file.known_path

    @property
    def path(self) -> Path:
        """The file; asks Hedy once for the account's id where the settings name no file."""
        return self._file.path

    @property
    def exists(self) -> bool:
        """Whether there is an archive; makes no request."""
        return self._file.exists

    @property
    def quiet(self) -> Archive:
        """The same archive for completion and cards: its reads never make a request and print nothing."""
        return Archive(self._file.settings, self._zone, self._ask, self._file.account_id, self._known_id, quiet=True)

    def learn(self, account_id: str) -> None:
        """Note that the key belongs to *account_id*, as Hedy has just said, if there is an archive of that account."""
        self._file.learn(account_id)

    def store(self) -> Store:
        """Open the file, which must be the account's; a context manager.

        Raises:
            ArchiveError: there is no archive, it is another account's, or it cannot be used.
        """
        return self._file.open()

    # Filling ------------------------------------------------------------------

    def sync(
        self, full: bool = False, details: bool = True, *, session: str | None = None, accept_gone: bool = False
    ) -> Synced:
        """Bring the archive up to date.

        Asks for all lists, then for the details that are missing or may have changed: of meetings younger than 14 days,
        of those whose listed title, topic or duration is another, and of at most 20 of those that have no cleaned
        transcript yet: these are asked for again after 1, 2, 4 … days, at most monthly. Safe to repeat, to stop and to
        kill: each session is committed as it arrives, and the next run goes on from there.

        Args:
            full: ask for the details of every session again, also of those that are gone.
            details: False asks for the lists only.
            session: request this session only, again if it is there: an id, the start of one, ``last``, or a title.
            accept_gone: mark as gone what Hedy says is gone, also where it is more than half of what is held.

        Returns:
            What was done, in numbers of sessions and requests.

        Raises:
            ArchiveError: more than half of what is held, and more than ten, vanished at once; nothing was marked as
                gone.
            UsageError: *session* together with another argument.
        """
        if session is not None and (full or not details or accept_gone):
            raise UsageError("session= asks for one session: use it without full=, details= and accept_gone=.")
        self._file.require_usable()
        settings, account_id = self._file.settings, self._file.account_id()
        path = location.assign_path(settings, account_id)

        async def flow(reader: Reader) -> Synced:
            async with sync_lock(files.real(path), reader.tell):
                with Store.open(path, create=True) as store:
                    claim(store, location.account_scope(settings), account_id, location.digest(settings))
                    if session is not None:
                        return await sync_session(reader, store, session)
                    return await sync(reader, store, full=full, details=details, accept_gone=accept_gone)

        done: Synced = self._ask(flow, True)
        return done

    # Reading ------------------------------------------------------------------

    def sessions(
        self,
        limit: int | None = None,
        *,
        topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        details: bool = False,
        history: bool = False,
    ) -> pd.DataFrame:
        """Return sessions, newest first, as the frame *sessions* or *sessions, detailed*.

        Args:
            limit: how many; None is all.
            topic: only those of this topic, or of these: an id, the start of one, or a name.
            since: only those that start then or later, worded as for ``Hedy.sessions``.
            until: only those that start then or before.
            details: with the texts. Those of a long history are large: some 40 KB a meeting.
            history: also what is no longer in Hedy, with the columns ``first_seen_at`` and ``gone_at`` (UTC).
        """
        with self.store() as store:
            window = lookup.window(store, self._zone, topic, since, until)
            if details:
                found, texts = queries.sessions_and_texts(store, window, gone=history, limit=limit)
                frame = framed(store, "sessions_detailed", found, history=history, texts=texts)
            else:
                found = queries.sessions(store, window, gone=history, limit=limit)
                frame = framed(store, "sessions", found, history=history)
            frame.attrs = self._attrs(store, frame["session_id"], is_whole=window == queries.ALWAYS, details=details)
            return frame

    def session_parts(
        self,
        limit: int | None = None,
        *,
        topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        fields: Collection[str] | None = None,
    ) -> Iterator[pd.DataFrame]:
        """Yield the frame *sessions, detailed* in parts, at least one: so the texts are never in memory together.

        The ``attrs`` of each part are those of the whole. With *fields* other long texts are not read and are missing;
        the other arguments are those of ``sessions``.
        """
        with self.store() as store:
            window = lookup.window(store, self._zone, topic, since, until)
            rows = queries.rows_of_sessions(store, window, limit=limit)
            idents = pd.Series([ident for _, ident, *_ in rows], dtype=DTYPES["text"])
            attrs = self._attrs(store, idents, is_whole=window == queries.ALWAYS, details=True)
            for found, texts in queries.parts_of_sessions(store, rows, fields) if rows else [([], build.NO_TEXTS)]:
                frame = framed(store, "sessions_detailed", found, history=False, texts=texts)
                frame.attrs = attrs
                yield frame

    @staticmethod
    def _attrs(store: Store, idents: pd.Series, *, is_whole: bool, details: bool) -> Attrs:
        """Return the attrs of a frame of the sessions *idents*; *is_whole* says that no filter leaves any out."""
        attrs = attrs_of(store, len(idents))
        if is_whole:
            attrs["coverage"] |= {"found": attrs["archive"]["sessions"], "total": sync_runs.total(store)}
        if details:
            attrs["coverage"]["incomplete"] = idents[idents.isin(queries.without_details(store))].tolist()
        return attrs

    def highlights(
        self, limit: int | None = None, *, session: str | None = None, details: bool = False, history: bool = False
    ) -> pd.DataFrame:
        """Return highlights, newest first, as the frame *highlights* or *highlights, detailed*.

        *history* as for ``sessions``.
        """
        with self.store() as store:
            found = lookup.of_session(store, queries.records(store, "highlights", gone=history), session, self._zone)
            table = "highlights_detailed" if details else "highlights"
            frame = framed(store, table, found[:limit], history=history)
            described(store, frame, len(found))
            if details:  # whole highlights come with the details of their session
                listed = frame["session_id"].isin(queries.without_details(store)) & frame[
                    ["raw_quote", "cleaned_quote"]
                ].isna().all(axis=1)
                frame.attrs["coverage"]["incomplete"] = frame["highlight_id"][listed].tolist()
            return frame

    def todos(self, *, session: str | None = None, topic: Topics | None = None, history: bool = False) -> pd.DataFrame:
        """Return todos, those of the newest meeting first, as the frame *todos*.

        With ``history=True`` also what is no longer in Hedy, with ``first_seen_at``, ``gone_at`` and ``completed_at``
        (UTC): when the archive first saw it done. That is missing where it was done before the archive held it.
        """
        with self.store() as store:
            found = lookup.of_session(store, queries.records(store, "todos", gone=history), session, self._zone)
            wanted = lookup.window(store, self._zone, topic, None, None).topic_ids
            if wanted is not None:
                found = [record for record in found if build.values("todos", record)["topic_id"] in wanted]
            return described(store, framed(store, "todos", found, history=history), len(found))

    def topics(self, *, history: bool = False) -> pd.DataFrame:
        """Return topics, last updated first, as the frame *topics*; *history* as for ``sessions``."""
        return self._all("topics", history)

    def contexts(self, *, history: bool = False) -> pd.DataFrame:
        """Return session contexts, last updated first, as the frame *contexts*; *history* as for ``sessions``."""
        return self._all("contexts", history)

    def record(self, kind: kinds.Kind, which: str) -> Record:
        """Return the raw record of a session, topic or context: *which* as for the reads, for example ``last``."""
        with self.store() as store:
            return lookup.required(store, kind.plural, lookup.identify(store, kind, which, self._zone))

    def highlight(self, highlight_id: str) -> Record:
        """Return the raw record of one highlight."""
        with self.store() as store:
            return lookup.required(store, "highlights", highlight_id)

    def todo(self, which: str, todo_id: str) -> Record:
        """Return the raw record of one todo of one session."""
        with self.store() as store:
            return lookup.required_todo(store, which, todo_id, self._zone)

    def without_details(self) -> set[str]:
        """Return the ids of the sessions whose details were never fetched: their texts are missing, not empty."""
        with self.store() as store:
            return queries.without_details(store)

    def settled_details(self, listed: Iterable[Given]) -> dict[str, Record]:
        """Return id → the details as the API gave them, of the *listed* sessions whose details need no request."""
        with self.quiet.store() as store:
            return queries.settled_details(store, listed)

    def duration_votes(self) -> Votes:
        """Return what the archive says of the units of durations."""
        with self.store() as store:
            return queries.duration_votes(store)

    def beyond(self, known: Container[str | None], *, topic: str | None = None, details: bool = False) -> Beyond:
        """Return the sessions of *topic* that are held, are not gone, and are not among the ids *known*."""
        with self.store() as store:
            records: list[Record] = []
            with suppress(NotFound):  # a topic that is newer than the last sync
                records = queries.sessions(store, lookup.window(store, self._zone, topic, None, None), texts=details)
            added = [record for record in records if kinds.identity("sessions", record) not in known]
            return Beyond(added, queries.without_details(store), queries.duration_votes(store))

    def coverage(self) -> pd.DataFrame:
        """Return how complete the archive is: ``month held listed missing without_text``, newest first.

        ``month`` is one of the display zone as text (``2026-03``; missing for sessions without a start); ``held``
        counts the sessions whose details are here, ``listed`` those that the API has listed and that are not gone,
        ``without_text`` those that are held and have nothing to read. Sessions that the API counts and never listed
        are in a row without a month.
        """
        with self.store() as store:
            frame = monthly_coverage.by_month(store, self._zone)
            frame.attrs["archive"] = plain_state(store)
            return frame

    def history(self, session_id: str) -> pd.DataFrame:
        """Return all versions of the texts of one session, newest first: ``field text first_seen_at replaced_at``.

        ``replaced_at`` is missing for the version of today; both times are UTC, and are those of the syncs that saw it.
        ``attrs["meeting"]`` has ``session_id``, ``title`` and ``start_time`` of the meeting.
        """
        with self.store() as store:
            ident = lookup.identify(store, kinds.SESSION, session_id, self._zone)
            versions = queries.history(store, ident)
            names = ("field", "text", "first_seen_at", "replaced_at")
            frame = build.build("versions", [dict(zip(names, version, strict=True)) for version in versions])
            frame.attrs["meeting"] = meeting_of(store, ident)
            return described(store, frame, len(frame))

    def counts(self) -> dict[str, int]:
        """Return how many are held of each kind."""
        with self.store() as store:
            return queries.counts(store)

    def synced_at(self) -> datetime | None:
        """Return when the last sync that ran to its end did so (UTC); None before the first."""
        with self.store() as store:
            return sync_runs.last_finished(store)

    def state(self) -> queries.State:
        """Return how many are held of each kind, and when the last whole sync ended."""
        with self.store() as store:
            return queries.state(store)

    def names(self, lookups: Iterable[kinds.Kind]) -> dict[str, dict[str, str]]:
        """Return kind → id → title or name of what is held; empty where there is no archive. Makes no request."""
        if not self.exists:
            return {}
        found: dict[str, dict[str, str]] = {}
        with suppress(ArchiveError), self.quiet.store() as store:
            for kind in lookups:
                with suppress(ArchiveError):  # damage of one kind does not hide the others
                    records = queries.records(store, kind.plural)
                    pairs = ((kind.identity(record), record.get(kind.label)) for record in records)
                    found[kind.plural] = {ident: str(label or "") for ident, label in pairs if ident}
        return found

    # Taking out, and away -----------------------------------------------------

    def to_parquet(self, folder: str | Path, *, sessions: Iterable[str] | None = None) -> parquet.Written:
        """Write the archive as a Parquet dataset below *folder*, partitioned by kind and month.

        Only what changed is written. The months are those of UTC. pandas, DuckDB, Dask, Spark and Polars read it.
        With *sessions*, ids, only these and what belongs to them is written, to a folder for this part.

        Raises:
            UsageError: *folder* cannot be written or holds the whole archive, or pyarrow is not installed.
        """
        target = path_of(folder)
        with self.store() as store:
            return parquet.write(store, target, None if sessions is None else list(sessions))

    def delete(self, confirm: str | Path | None = None) -> Deletion:
        """Return the deletion of the archive file, to review and then to ``confirm()`` with its path.

        Nothing is deleted before that.

        Args:
            confirm: the path of the file, to do both in one step.
        """
        deletion = self._file.deletion()
        if confirm is not None:
            deletion.confirm(confirm)
        return deletion

    # Helpers ------------------------------------------------------------------

    def _all(self, kind: str, history: bool) -> pd.DataFrame:
        with self.store() as store:
            frame = framed(store, kind, queries.records(store, kind, gone=history), history=history)
            return described(store, frame, len(frame))
