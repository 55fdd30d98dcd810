"""The loop between the API and the archive: what to ask for, and one commit a session.

Lists come first: they are few requests, and they say which details are missing or may have changed. Each detail is committed
before its worker asks for the next one, so that a stop at any moment loses at most what is on the wire, and the texts of a
long history never pile up in memory.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from hedy_jupyter.api import routes
from hedy_jupyter.api.client import IN_FLIGHT
from hedy_jupyter.api.protocol import Record
from hedy_jupyter.api.routes import Route
from hedy_jupyter.archive import disk
from hedy_jupyter.archive.store import Run, Store
from hedy_jupyter.errors import ArchiveError, InvalidRequest, NotFound, ServerError
from hedy_jupyter.reads import Listing, Reader, Roads, gather
from hedy_jupyter.tables import frames, schema

T = TypeVar("T")

_FAILED_IN_A_ROW = 3
"""One broken meeting must not cost all the others; more than this many, one after the other, are a broken server."""
_LOCK_POLL_S = 0.2
_COMMIT_S = 4.0  # an interrupt waits five seconds for the work to end


@dataclass
class Synced:
    """What one sync did.

    Attributes:
        named: sessions that the API named by any road.
        fetched: details that were asked for and came.
        changed: sessions with a new or changed text.
        gone: sessions that are no longer there.
        failed: sessions whose details the server failed on; the next sync asks again.
        requests: how many were made.
        resumed: whether it went on with one that was stopped.
    """

    named: int = 0
    fetched: int = 0
    changed: int = 0
    gone: int = 0
    failed: int = 0
    requests: int = 0
    resumed: bool = False

    def __str__(self) -> str:
        said = [f"{self.named:,} sessions named by Hedy", f"{self.fetched:,} fetched", f"{self.changed:,} new or changed"]
        said += [f"{self.gone:,} gone"] * bool(self.gone) + [f"{self.failed:,} failed, the next sync asks again"] * bool(self.failed)
        return " · ".join([*said, f"{self.requests:,} requests"])


async def sync(reader: Reader, store: Store, *, full: bool, details: bool) -> Synced:
    """Bring *store* up to date; *reader* must take nothing from memory.

    Args:
        full: ask for every detail again.
        details: False leaves the details out: lists only.

    Raises:
        ArchiveError: the file cannot be written.
        HedyError: as for every read; what was committed stays, and the next run goes on from there.
    """
    done = Synced()
    run: Run = await asyncio.to_thread(store.begin, full=full)
    done.resumed = run.resumed
    listed_from = store.now()
    roads, contexts = await gather(reader.roads(), reader.rows("contexts", routes.CONTEXTS))
    await asyncio.to_thread(_keep_lists, store, roads, contexts)
    done.named = len(roads.sessions) + len(roads.orphans)
    await _confirm_gone(reader, store, roads, listed_from, done)
    if details:
        wanted = await asyncio.to_thread(store.pending, now=store.now(), since=run.started_at, full=full)
        await _fetch_details(reader, store, wanted, roads.highlights.records, done)
    done.requests = reader.sent
    await asyncio.to_thread(store.finish, run, requests=reader.sent)
    return done


@asynccontextmanager
async def alone(path: Path, tell: Callable[[str], None]) -> AsyncIterator[None]:
    """Hold the right to sync the file at *path*; another sync, of this machine's other kernels, is waited for.

    The system gives the lock back when a process ends, however it ends.
    """
    lock = FileLock(f"{path}.lock", mode=0o600, thread_local=False)
    told = False
    try:
        disk.make_folder(path.parent)
        while True:
            try:
                lock.acquire(blocking=False)
                break
            except Timeout:
                if not told:
                    tell("Another sync is at work on this archive: waiting for it to end.")
                    told = True
                await asyncio.sleep(_LOCK_POLL_S)
    except OSError as error:
        raise ArchiveError(f"The archive {path} cannot be written: {error.strerror}.", advice="Look at its folder's rights.") from None
    try:
        yield
    finally:
        lock.release()


def _keep_lists(store: Store, roads: Roads, contexts: list[Record]) -> None:
    started = store.now()
    with store.writing():
        store.put_sessions(roads.sessions.values())
        for ident in roads.orphans:
            store.name_session(ident)
        store.put_todos(roads.todos)
        store.put_highlights(roads.highlights.records)
        store.put_topics(roads.topics)
        store.put_contexts(contexts)
        for kind in ("todos", "topics", "contexts"):  # these lists are complete by what they are
            store.gone(kind, store.unseen(kind, started))
        store.note("sessions_total", None if roads.listing.total is None else str(roads.listing.total))


async def _confirm_gone(reader: Reader, store: Store, roads: Roads, listed_from: datetime, done: Synced) -> None:
    """Ask for what the lists should have shown and did not: only Hedy's own "not found" makes it gone."""
    sessions = await asyncio.to_thread(_suspects, store, "sessions", roads.listing, listed_from)
    highlights = await asyncio.to_thread(_suspects, store, "highlights", roads.highlights, listed_from)
    if not sessions and not highlights:
        return
    reader.plan(len(sessions) + len(highlights))

    async def confirm(kind: str, route: Route, ident: str) -> None:
        try:
            record = await reader.fresh(route, ident)
        except (NotFound, InvalidRequest):
            await asyncio.to_thread(store.gone, kind, [ident])
            done.gone += kind == "sessions"
            return
        if kind == "sessions":
            await _keep(store, ident, record, done)
        else:
            await asyncio.to_thread(store.put_highlights, [record])

    await _side_by_side([("sessions", routes.SESSION, ident) for ident in sessions], confirm)
    await _side_by_side([("highlights", routes.HIGHLIGHT, ident) for ident in highlights], confirm)


def _suspects(store: Store, kind: str, listing: Listing, since: datetime) -> list[str]:
    """What is held, was not named, and should have been: all of it if the list is known to be whole, else what is as new as the list."""
    unseen = store.unseen(kind, since)
    if not unseen or (listing.total is not None and len(listing) >= listing.total and not listing.cut):
        return unseen
    time = "start_time" if kind == "sessions" else "timestamp"
    frame = frames.build(kind, listing.records)
    oldest = frame[time].min() if len(frame) else None
    held = frames.build(kind, store.records(kind))
    newer = set(held.loc[held[time] > oldest, held.columns[0]]) if oldest is not None else set()
    return [ident for ident in unseen if ident in newer]


async def _fetch_details(reader: Reader, store: Store, wanted: list[str], highlights: list[Record], done: Synced) -> None:
    if not wanted:
        return
    reader.plan(len(wanted), "Details of {} to fetch".format("1 session" if len(wanted) == 1 else f"{len(wanted):,} sessions"))
    failures = _Failures()
    lost: set[str] = set()

    async def fetch(ident: str) -> None:
        try:
            record = await reader.fresh(routes.SESSION, ident)
        except (NotFound, InvalidRequest):
            await asyncio.to_thread(store.gone, "sessions", [ident])
            done.gone += 1
            lost.add(ident)
        except ServerError as error:
            failures.add(error)
        else:
            failures.row = 0
            await _keep(store, ident, record, done)

    await _side_by_side([(ident,) for ident in wanted], fetch)
    done.failed = failures.count
    # A highlight outlives its session; its texts are in nobody's details then.
    for record in highlights:
        if record.get("sessionId") in lost and (ident := schema.identity("highlights", record)):
            try:
                await asyncio.to_thread(store.put_highlights, [await reader.fresh(routes.HIGHLIGHT, ident)])
            except (NotFound, InvalidRequest):
                await asyncio.to_thread(store.gone, "highlights", [ident])


async def _keep(store: Store, ident: str, record: Record, done: Synced) -> None:
    changed = await _committed(store.put_detail, ident, record)
    done.fetched += 1
    done.changed += changed


async def _committed(put: Callable[..., T], *values: object) -> T:
    """The result of ``put(*values)`` on a thread. A stop does not take it back: what was paid for with a request is kept."""
    work = asyncio.ensure_future(asyncio.to_thread(put, *values))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work], timeout=_COMMIT_S)
        raise


@dataclass
class _Failures:
    count: int = 0
    row: int = 0

    def add(self, error: ServerError) -> None:
        """Count *error*; raise it where there are too many in a row."""
        self.count += 1
        self.row += 1
        if self.row > _FAILED_IN_A_ROW:
            raise error


async def _side_by_side(jobs: Iterable[tuple[object, ...]], work: Callable[..., object]) -> None:
    """``work(*job)`` for all *jobs*, as many at a time as requests may be in flight."""
    waiting = deque(jobs)

    async def worker() -> None:
        while waiting:
            await work(*waiting.popleft())  # type: ignore[misc]

    await gather(*(worker() for _ in range(min(IN_FLIGHT, len(waiting)))))
