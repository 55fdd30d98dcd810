"""Sync the archive with the API: what to ask for, and one commit a session.

Lists come first: they are few requests, and they say which details are missing or may have changed. Each detail is
committed before its worker asks for the next one, so that a stop at any moment loses at most what is on the wire, and
the texts of a long history never pile up in memory. What is gone is marked last, when all answers are there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import tzinfo
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from hedy_jupyter import kinds
from hedy_jupyter.api import error_responses, resolve, routes, session_history
from hedy_jupyter.api.details import MAX_FAILURES
from hedy_jupyter.api.event_loop import gather
from hedy_jupyter.api.rate_limit import IN_FLIGHT
from hedy_jupyter.api.reader import Listing, Reader
from hedy_jupyter.api.routes import Route
from hedy_jupyter.api.session_history import AllLists
from hedy_jupyter.api.wire_format import Record
from hedy_jupyter.archive import files, ingest, known_lists, queries, sync_runs
from hedy_jupyter.archive import gone_records as gone
from hedy_jupyter.archive.known_lists import KnownLists
from hedy_jupyter.archive.queries import State
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.sync_runs import Run
from hedy_jupyter.archive.sync_schedule import pending
from hedy_jupyter.errors import ArchiveError, Conflict, HedyError, InvalidRequest, NotFound, ServerError, UsageError
from hedy_jupyter.files import os_errors
from hedy_jupyter.frames import build
from hedy_jupyter.text.phrasing import counted

T = TypeVar("T")

_FAILED_IN_A_ROW = MAX_FAILURES
"""A few broken meetings do not stop the others; more than this many, one after the other, are a broken server."""
_REFUSED_IN_A_ROW = 30
"""Hedy may refuse some ids; more than this many, one after the other, and it refuses all of them."""
_LOCK_POLL_S = 0.2
_COMMIT_S = 4.0  # an interrupt waits five seconds for the work to end


@dataclass
class Synced:
    """What one sync did; all of it counts meetings but *requests*.

    Attributes:
        listed: sessions that the API listed or mentioned.
        fetched: details that were asked for and came.
        new: sessions that the archive did not hold before.
        changed: sessions that it did, with a new or changed text, or another title, topic or duration.
        gone: sessions that are no longer there.
        back: sessions that were gone and are there again.
        failed: sessions whose details could not be fetched; a later sync asks again.
        requests: how many were made.
        resumed: whether it went on with one that was stopped.
        state: what the archive holds since then, and when it was synced; None where that cannot be read.
    """

    listed: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    back: int = 0
    failed: int = 0
    requests: int = 0
    resumed: bool = False
    state: State | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        parts = [f"{counted(self.listed, 'session')} listed by Hedy", f"{self.fetched:,} fetched"]
        parts += [f"{self.new:,} new", f"{self.changed:,} changed"]
        parts += [f"{count:,} {what}" for count, what in ((self.gone, "gone"), (self.back, "back")) if count]
        parts += [f"{self.failed:,} failed, a later sync asks again"] * bool(self.failed)
        return " · ".join([*parts, counted(self.requests, "request")])


async def sync(reader: Reader, store: Store, *, full: bool, details: bool, accept_gone: bool = False) -> Synced:
    """Bring *store* up to date; *reader* must take nothing from memory.

    Args:
        reader: the way to the API.
        store: the archive.
        full: ask for every detail again, also of what is gone.
        details: False leaves the details out: lists only.
        accept_gone: mark as gone what Hedy says is gone, however much it is.

    Raises:
        ArchiveError: the file cannot be written, or very many records vanished at once.
        HedyError: as for every read; what was committed stays, and the next run goes on from there.
    """
    run = await asyncio.to_thread(sync_runs.begin, store, full=full)
    known = await KnownLists.of(reader, store, full=full)
    lists, contexts = await gather(
        session_history.read_all_lists(reader, read_highlights=known.highlights, read_topic=known.topic_sessions),
        reader.rows("contexts", routes.CONTEXTS),
    )
    if not lists.listing.is_whole:  # else a session that it leaves out may be gone
        lists.orphans += sorted(known.unread_sessions.difference(lists.sessions, lists.orphans))
    contexts = await _again_if_empty(reader, store, "contexts", routes.CONTEXTS, contexts)
    lists.topics = await _again_if_empty(reader, store, "topics", routes.TOPICS, lists.topics)
    lists.todos = await _again_if_empty(reader, store, "todos", routes.TODOS, lists.todos)
    await asyncio.to_thread(_keep_lists, store, lists, contexts, complete=known.is_complete and not lists.failed)
    asked = _Asked(reader, store, run)
    vanished, absent = await asyncio.to_thread(_unlisted, store, run, "sessions", lists.listing)
    wanted = await asyncio.to_thread(_pending, store, run, full, absent) if details else []
    await asked.sessions(list(dict.fromkeys([*vanished, *wanted])), {*vanished, *absent}, announced=bool(wanted))
    if not accept_gone:
        await asyncio.to_thread(gone.check, store, run, asked.gone)
    await asked.highlights(await asyncio.to_thread(_doubtful, store, run, lists.highlights, asked, full))
    done = Synced(listed=len(lists.sessions) + len(lists.orphans), resumed=run.resumed)
    done.gone = await asyncio.to_thread(gone.mark, store, run, asked.gone, accepted=accept_gone)
    return await _finished(done, asked)


async def sync_session(reader: Reader, store: Store, which: str) -> Synced:
    """Ask again for the one session that *which* means, whatever is held of it.

    Raises:
        NotFound: neither Hedy nor the archive has such a session.
        HedyError: as for every read.
    """
    run = await asyncio.to_thread(sync_runs.begin, store, part=True)
    asked = _Asked(reader, store, run)
    ident, record = await _picked(reader, store, which)
    done = Synced(listed=int(record is not None))
    if record is None:
        asked.gone["sessions"].append(ident)
        done.gone = await asyncio.to_thread(gone.mark, store, run, asked.gone, accepted=True)
    else:
        await asked.keep(ident, record, unlisted=False)
    return await _finished(done, asked)


async def _finished(done: Synced, asked: _Asked) -> Synced:
    store, reader = asked.store, asked.reader
    done.fetched, done.failed, done.back, done.requests = asked.fetched, asked.failed, store.returned, reader.sent
    done.new, done.changed = await asyncio.to_thread(sync_runs.new_and_changed, store, asked.run)
    await asyncio.to_thread(sync_runs.finish, store, asked.run, requests=reader.sent)
    with suppress(ArchiveError):  # the sync is committed; damage is reported where it is read
        done.state = await asyncio.to_thread(queries.state, store)
    return done


async def _picked(reader: Reader, store: Store, which: str) -> tuple[str, Record | None]:
    """Return the id and record of the session that *which* means, live or archived.

    None for the record where Hedy says that it is gone.
    """
    last = ""

    async def ask(ident: str) -> tuple[str, Record]:
        nonlocal last
        last = ident
        return ident, await _read(reader, "sessions", routes.SESSION, ident)

    held = await asyncio.to_thread(queries.sessions, store, gone=True)
    ids = {kinds.identity("sessions", record) for record in held}
    try:
        if isinstance(which, str) and which.strip() in ids:
            return await ask(which.strip())
        try:
            return await resolve.pick(reader, kinds.SESSION, which, ask)
        except NotFound as error:
            if gone.says_gone(error) and last in ids:
                raise
            return await ask(_chosen(held, which, error, reader.zone))
    except NotFound as error:
        if not gone.says_gone(error) or last not in ids:
            raise
        return last, None


def _chosen(held: Sequence[Record], which: str, error: NotFound, zone: tzinfo) -> str:
    """Return the id of the archived session that *which* means; *error* where the archive has none either."""
    try:
        return resolve.choose(kinds.SESSION, held, which, zone)
    except NotFound:
        raise error from None


@asynccontextmanager
async def sync_lock(path: Path, tell: Callable[[str], None]) -> AsyncIterator[None]:
    """Hold the lock that a sync of the file at *path* needs; a sync in another kernel is waited for.

    The system releases the lock when a process ends, however it ends.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(f"{path}.lock", mode=0o600, thread_local=False)
    announced = False
    refusal = f"The archive {path} cannot be written"
    with os_errors(refusal, advice="Check the permissions of its folder.", error=ArchiveError):
        files.make_folder(path.parent)
        while True:
            try:
                lock.acquire(blocking=False)
                break
            except Timeout:
                if not announced:
                    tell("Another sync of this archive is running; waiting for it to end.")
                    announced = True
                await asyncio.sleep(_LOCK_POLL_S)
    try:
        yield
    finally:
        lock.release()


async def _again_if_empty(reader: Reader, store: Store, kind: str, route: Route, rows: list[Record]) -> list[Record]:
    """Return *rows*, or a second answer where a list that had entries comes back empty: a common fault of servers."""
    if any(kinds.identity(kind, row) for row in rows) or not await asyncio.to_thread(gone.listed_count, store, kind):
        return rows
    return await reader.list_uncached(kind, route)


def _keep_lists(store: Store, lists: AllLists, contexts: list[Record], *, complete: bool) -> None:
    with store.writing():
        ingest.put_sessions(store, lists.sessions.values())
        for ident in lists.orphans:
            ingest.put_mentioned_session(store, ident)
        ingest.put_todos(store, lists.todos)
        ingest.put_highlights(store, lists.highlights.records)
        ingest.put_topics(store, lists.topics)
        ingest.put_contexts(store, contexts)
        sync_runs.note_total(store, lists.listing.total)
        if complete:
            known_lists.note_complete(store)


def _unlisted(store: Store, run: Run, kind: str, listing: Listing) -> tuple[list[str], list[str]]:
    """Return what the lists of *run* lack: what they showed last, and what Hedy has answered for since.

    They should have shown all of it if they are known to be whole, else what is as new as the list.
    """
    unseen = gone.unseen(store, kind, run)
    if unseen and not listing.is_whole:
        time = "start_time" if kind == "sessions" else "timestamp"
        frame = build.build(kind, listing.records)
        oldest = frame[time].min() if len(frame) else None
        held = build.build(kind, queries.records(store, kind))
        newer = set(held.loc[held[time] > oldest, held.columns[0]]) if oldest is not None else set()
        unseen = [ident for ident in unseen if ident in newer]
    news = set(gone.unseen(store, kind, run, news=True))
    return [ident for ident in unseen if ident in news], [ident for ident in unseen if ident not in news]


def _pending(store: Store, run: Run, full: bool, absent: list[str]) -> list[str]:
    return pending(store, run, now=store.now(), full=full, absent=frozenset(absent))


def _doubtful(store: Store, run: Run, listing: Listing, asked: _Asked, full: bool) -> list[str]:
    """Return the highlights that are asked for one by one.

    Those that lists should have shown; those of a session that is gone, because a highlight outlives its session, and
    its texts are in no details then; with *full* also those that are gone.
    """
    vanished, absent = _unlisted(store, run, "highlights", listing)
    lost = set(asked.gone["sessions"])
    of_lost = [record for record in listing.records if kinds.id_of(record.get("sessionId")) in lost]
    found = [*vanished, *(ident for record in of_lost if (ident := kinds.identity("highlights", record)))]
    if full:
        found += [*absent, *gone.gone_ids(store, "highlights")]
    return list(dict.fromkeys(found))


async def _read(reader: Reader, kind: str, route: Route, ident: str) -> Record:
    """Return the record of *ident*.

    Raises:
        ServerError: what came is not Hedy's answer about it: another record, or an error that is not in Hedy's own
            shape.
        HedyError: Hedy's own error.
    """
    if "\ufffd" in ident:  # with replaced characters it would be the id of something else
        raise UsageError(f"{ident!r} is not an id.")
    try:
        record = await reader.read_uncached(route, ident)
    except (NotFound, InvalidRequest, Conflict) as error:
        if error.code is None:
            raise error_responses.not_the_api(error.status or HTTPStatus.NOT_FOUND) from None
        raise
    if kinds.identity(kind, record) != ident:
        raise error_responses.not_the_api(HTTPStatus.OK)
    return record


@dataclass
class _Asked:
    """The answers to what one sync asks for one by one.

    Attributes:
        gone: kind → ids that Hedy says are not there; not marked yet.
        fetched: details that came.
        failed: sessions that were asked for in vain.
    """

    reader: Reader
    store: Store
    run: Run
    gone: dict[str, list[str]] = field(default_factory=lambda: {"sessions": [], "highlights": []})
    fetched: int = 0
    failed: int = 0
    _broken: int = 0
    _refused: int = 0

    async def sessions(self, idents: list[str], unlisted: set[str], *, announced: bool) -> None:
        """Ask for the details of sessions and keep them.

        Those that are *unlisted* were looked for in the lists in vain.
        """
        if not idents:
            return
        self.reader.plan(len(idents), f"Details of {counted(len(idents), 'session')} to fetch" if announced else "")

        async def fetch(ident: str) -> None:
            record = await self._record("sessions", routes.SESSION, ident, unlisted=ident in unlisted)
            if record is not None:
                await self.keep(ident, record, unlisted=ident in unlisted)

        await _side_by_side([(ident,) for ident in idents], fetch)

    async def highlights(self, idents: list[str]) -> None:
        """Ask for highlights one by one and keep them."""
        if not idents:
            return
        self.reader.plan(len(idents))

        async def fetch(ident: str) -> None:
            record = await self._record("highlights", routes.HIGHLIGHT, ident)
            if record is not None:
                await _committed(ingest.put_highlights, self.store, [record], listed=False)

        await _side_by_side([(ident,) for ident in idents], fetch)

    async def keep(self, ident: str, record: Record, *, unlisted: bool) -> None:
        """Commit the details of one session."""
        await _committed(ingest.put_detail, self.store, ident, record, unlisted=unlisted)
        self.fetched += 1

    async def _record(self, kind: str, route: Route, ident: str, *, unlisted: bool = False) -> Record | None:
        """Return the record of *ident*, or None where Hedy has none or the server fails on it."""
        try:
            record = await _read(self.reader, kind, route, ident)
        except (NotFound, InvalidRequest, Conflict, UsageError) as error:
            self._broken = 0
            if gone.says_gone(error):
                self._refused = 0
                self.gone[kind].append(ident)
                return None
            self._refused += not isinstance(error, UsageError)
            await self._fail(kind, ident, error, refused=True, unlisted=unlisted)
            return None
        except ServerError as error:
            self._broken += 1
            await self._fail(kind, ident, error, refused=False, unlisted=unlisted)
            return None
        self._broken = self._refused = 0
        return record

    async def _fail(self, kind: str, ident: str, error: HedyError, *, refused: bool, unlisted: bool) -> None:
        if kind == "sessions":
            self.failed += 1
            if refused:
                await _committed(ingest.put_refusal, self.store, ident, unlisted=unlisted)
            else:
                await _committed(ingest.put_failure, self.store, ident)
        if self._broken > _FAILED_IN_A_ROW or self._refused > _REFUSED_IN_A_ROW:
            raise error


async def _committed(put: Callable[..., T], *values: object, **named: object) -> T:
    """Return the result of ``put(*values, **named)``, run on a thread; a stop waits for it, and no answer is lost."""
    work = asyncio.ensure_future(asyncio.to_thread(put, *values, **named))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work], timeout=_COMMIT_S)
        raise


async def _side_by_side(jobs: Iterable[tuple[object, ...]], work: Callable[..., object]) -> None:
    """Run ``work(*job)`` for all *jobs*, as many at a time as requests may be in flight."""
    waiting = deque(jobs)

    async def worker() -> None:
        while waiting:
            await work(*waiting.popleft())  # type: ignore[misc]

    await gather(*(worker() for _ in range(min(IN_FLIGHT, len(waiting)))))
