"""``Keeper``: the one thread that writes deliveries into the archive; none is acknowledged before it is on the disk.

Deliveries that come together are committed together, which is what makes hundreds a second possible. What a delivery
carries is put into the archive afterwards, one short transaction each, so that a sync beside it never waits long, and
new deliveries go first. What a process that is killed has kept and not used yet, the next start uses.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hedy_jupyter.archive import events, files
from hedy_jupyter.archive.events import Delivered, Held
from hedy_jupyter.archive.store import Store, utc_now
from hedy_jupyter.errors import ArchiveError, HedyError
from hedy_jupyter.receiver.apply_delivery import use
from hedy_jupyter.text.clean import one_line

LOG = logging.getLogger("hedy_jupyter.receiver")
BATCH = 200
"""At most so many deliveries are committed together."""
_LONGEST_NAME = 60
_WAIT_S = 60.0  # for another program that writes; the sender was told to come again long before


@dataclass
class Job:
    """One delivery on its way into the archive.

    Attributes:
        delivered: the delivery.
        kept: done when it is on the disk: whether it is new; or the error.
        used: done when what it carries is in the archive, or will not be.
    """

    delivered: Delivered
    kept: Future[bool] = field(default_factory=Future)
    used: Future[None] = field(default_factory=Future)

    def __post_init__(self) -> None:
        for future in (self.kept, self.used):
            future.set_running_or_notify_cancel()  # a client that goes away takes nothing back


class Keeper:
    """Write deliveries into the archive at *path*, on a thread that ``start`` begins and ``close`` ends.

    Args:
        path: the archive; a new one is made.
        fetch: whether the details of sessions are asked for.
        forward: whether a command is to be run with each delivery.
        on_kept: called on the thread after each commit of new deliveries.
        on_fetch: called on the thread when details are to be asked for.
        now: the clock.
    """

    def __init__(
        self,
        path: Path,
        *,
        fetch: bool = False,
        forward: bool = False,
        on_kept: Callable[[], None] = lambda: None,
        on_fetch: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.path = path
        self._fetch, self._forward = fetch, forward
        self._on_kept, self._on_fetch = on_kept, on_fetch
        self._now = now
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._unused: dict[str, Job] = {}
        self._used_up_to = 0
        self._has_unused = True  # of an earlier run
        self._thread: threading.Thread | None = None
        self._store: Store | None = None
        self._identity: tuple[int, int] | None = None
        self._starting = threading.Lock()

    def start(self) -> None:
        """Begin, unless it has begun.

        Raises:
            ArchiveError: the archive cannot be used.
        """
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._open()
                self._thread = threading.Thread(target=self._run, name="hedy-receiver", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End after what has come is kept; what is kept and not used yet is used at the next start."""
        with self._starting:
            if self._thread is not None:
                self._jobs.put(None)
                self._thread.join()
                self._thread = None

    @property
    def waiting(self) -> int:
        """How many deliveries are not used yet, as far as they came since the start."""
        return self._jobs.qsize() + len(self._unused)

    def keep(self, delivered: Delivered) -> Job:
        """Hand in a delivery."""
        job = Job(delivered)
        self._jobs.put(job)
        return job

    # On the thread ------------------------------------------------------------

    def _run(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._next_batch()
            if batch:
                self._keep(batch)
            if is_open and self._has_unused:
                self._use_next()
        if self._store is not None:
            self._store.close()
            self._store = None

    def _next_batch(self) -> tuple[list[Job], bool]:
        """Return the deliveries that have come, and whether more may come; waits where nothing else is to be done."""
        batch: list[Job] = []
        try:
            while len(batch) < BATCH:
                job = self._jobs.get(block=not batch and not self._has_unused)
                if job is None:
                    return batch, False
                batch.append(job)
        except queue.Empty:
            pass
        return batch, True

    def _keep(self, batch: list[Job]) -> None:
        """Commit *batch* in one transaction, and each of it alone where one of it cannot be written."""
        try:
            fresh = self._commit(batch)
        except ArchiveError as error:  # the file, so that none of it can be
            for job in batch:
                _refuse(job, error)
        except Exception as error:  # noqa: BLE001  nothing of it is acknowledged, and the thread goes on
            if len(batch) == 1:
                _refuse(batch[0], error)
            else:
                for job in batch:
                    self._keep([job])
        else:
            for job, is_new in zip(batch, fresh, strict=True):
                self._done(job, is_new=is_new)
            if any(fresh):
                self._on_kept()

    def _commit(self, batch: list[Job]) -> list[bool]:
        store = self._opened()
        with store.writing():
            return [events.put(store, job.delivered, forward=self._forward) for job in batch]

    def _done(self, job: Job, *, is_new: bool) -> None:
        what = "received" if is_new else "received again"
        LOG.info("%s %s %s", what, shown(job.delivered.event), shown(job.delivered.session_id))
        if is_new:
            self._unused[job.delivered.event_id] = job
            self._has_unused = True
        else:
            job.used.set_result(None)
        job.kept.set_result(is_new)

    def _use_next(self) -> None:
        """Use the next delivery that is kept and not used yet, if there is one."""
        try:
            store = self._opened()
            page = events.unused(store, self._used_up_to, 1)
            self._has_unused = bool(page)
            for held in page:
                self._use(store, held)
        except ArchiveError as error:
            LOG.error("kept and not used yet: %s", error.message)
            self._has_unused = False  # the next delivery, or the next start, tries again

    def _use(self, store: Store, held: Held) -> None:
        try:
            asks = use(store, held, fetch=self._fetch)
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001  a delivery that cannot be used stays kept, and stops no other
            LOG.error("kept and not used: %s: %s", held.event_id, type(error).__name__)
            events.mark_used(store, held.key, "failed")
            asks = False
        self._used_up_to = held.key
        if (job := self._unused.pop(held.event_id, None)) is not None:
            job.used.set_result(None)
        if asks:
            self._on_fetch()

    # The file -----------------------------------------------------------------

    def _open(self) -> None:
        self._store = Store.open(self.path, create=True, wait_s=_WAIT_S, now=self._now)
        events.commit_durably(self._store)
        self._identity = self._look()

    def _opened(self) -> Store:
        """Return the open archive; opened again where it was deleted or replaced since."""
        if self._store is None or self._look() != self._identity:
            if self._store is not None:
                self._store.close()
                self._store = None
            self._used_up_to = 0
            self._open()
        assert self._store is not None  # noqa: S101  _open has set it
        return self._store

    def _look(self) -> tuple[int, int] | None:
        info = files.look(self.path)
        return info and (info.st_dev, info.st_ino)


def shown(text: str) -> str:
    """Return a text of the sender as a log may show it: one line, short, without control characters."""
    return one_line(text)[:_LONGEST_NAME] or "-"


def _refuse(job: Job, error: Exception) -> None:
    reason = error.message if isinstance(error, HedyError) else type(error).__name__
    LOG.error("not kept: %s: %s", shown(job.delivered.event), reason)
    job.used.set_result(None)
    job.kept.set_exception(ArchiveError("The delivery was not kept."))
