"""``Fetcher``: asks Hedy for the details of delivered sessions, at once and again while texts are missing.

A delivery holds less than the details: no topic, no todos, no cleaned transcript; and Hedy writes its texts in the
minutes after a meeting. Requests share the limit of the key with every other program, by the headers of the answers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hedy_jupyter import kinds
from hedy_jupyter.account.hedy import Hedy
from hedy_jupyter.api import routes
from hedy_jupyter.api.client_events import ClientEvent, Notice
from hedy_jupyter.api.reader import Reader
from hedy_jupyter.api.wire_format import Record
from hedy_jupyter.archive import events, files, ingest, location, merge, sync_runs
from hedy_jupyter.archive.events import Fetch
from hedy_jupyter.archive.ownership import claim
from hedy_jupyter.archive.store import Store, utc_now
from hedy_jupyter.archive.sync import sync_lock
from hedy_jupyter.errors import HedyError
from hedy_jupyter.receiver.archive_writer import LOG, shown

AGAIN_MIN = (2, 10, 60)
"""So many minutes after a delivery its details are asked for again, while a text of them is missing."""
_EXPECTED = ("transcript", "recap", "meeting_minutes")
_LONGEST_WAIT_S = 60.0


class Fetcher:
    """Ask for what is due, on a thread that ``start`` begins and ``close`` ends.

    Args:
        hedy: the account.
        path: the archive.
        now: the clock.
    """

    def __init__(self, hedy: Hedy, path: Path, *, now: Callable[[], datetime] = utc_now) -> None:
        self._hedy = hedy
        self._path = path
        self._now = now
        self._wake = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, unless it has begun."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="hedy-receiver-fetch", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End after the request that is under way; what is not fetched yet is fetched at the next start."""
        self._closing = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """Look again for what is due."""
        self._wake.set()

    def _run(self) -> None:
        while not self._closing:
            self._wake.clear()
            wait_s = _LONGEST_WAIT_S
            try:
                wait_s = self.fetch_due()
            except Exception as error:  # noqa: BLE001  an archive that is busy or broken now may be usable later
                LOG.error("details not fetched: %s", error.message if isinstance(error, HedyError) else type(error))
            if not self._closing:
                self._wake.wait(wait_s)

    def fetch_due(self) -> float:
        """Ask for everything that is due; return in how many seconds the next one is, a minute at most.

        Raises:
            ArchiveError: the archive cannot be used.
        """
        with Store.open(self._path, create=True, now=self._now) as store:
            for fetch in events.due_fetches(store):
                if self._closing:
                    break
                self._fetch(store, fetch)
            upcoming = events.next_fetch(store)
        if upcoming is None:
            return _LONGEST_WAIT_S
        return min(max((upcoming - self._now()).total_seconds(), 0.0), _LONGEST_WAIT_S)

    def _fetch(self, store: Store, fetch: Fetch) -> None:
        record: Record | None = None
        try:
            with self._hedy.connection.notices_to(_log_notice):
                account_id = self._hedy.me().id or ""
                record = self._hedy.connection.ask(lambda reader: self._flow(reader, store, fetch, account_id), True)
            LOG.info("fetched details of %s", shown(fetch.session_id))
        except HedyError as error:
            LOG.warning("details of %s not fetched: %s", shown(fetch.session_id), error.message)
        is_complete = record is not None and _holds_texts(record)
        again_at = None if is_complete else self._again_at(fetch)
        events.mark_fetched(store, fetch, again_at=again_at, came=record is not None)

    async def _flow(self, reader: Reader, store: Store, fetch: Fetch, account_id: str) -> Record:
        """Return the details of one session, kept in the archive as a sync of that session alone would keep them."""
        found = self._hedy.settings
        async with sync_lock(files.real(self._path), _log_text):
            claim(store, location.account_scope(found), account_id, location.digest(found))
            record = await reader.read_uncached(routes.SESSION, fetch.session_id, once=True)
            if kinds.SESSION.identity(record) != fetch.session_id:
                raise HedyError("What came is not the session that was asked for.")
            run = sync_runs.begin(store, part=True)
            ingest.put_detail(store, fetch.session_id, record)
            sync_runs.finish(store, run, requests=reader.sent)
        return record

    def _again_at(self, fetch: Fetch) -> datetime | None:
        """Return when to ask again; None after the last time."""
        if fetch.fetches >= len(AGAIN_MIN):
            return None
        return max(self._now(), fetch.received_at.astimezone(UTC) + timedelta(minutes=AGAIN_MIN[fetch.fetches]))


def _holds_texts(record: Record) -> bool:
    """Return whether nothing that Hedy writes after a meeting is missing from its details."""
    found = merge.split_texts(record)[1]
    texts = {field for field, text in found.items() if text.strip()}
    return all(field in texts or (field == "transcript" and "cleaned_transcript" in texts) for field in _EXPECTED)


def _log_notice(event: ClientEvent) -> None:
    if isinstance(event, Notice):
        LOG.info("%s", event.text)


def _log_text(text: str) -> None:
    LOG.info("%s", text)
