"""``Receiver``: what runs behind the application: the thread that keeps deliveries, the fetches, and the command."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from hedy_jupyter.account import current
from hedy_jupyter.account.hedy import Hedy
from hedy_jupyter.archive import database
from hedy_jupyter.archive.ownership import Ownership, Verdict, refuse
from hedy_jupyter.archive.store import Store, utc_now
from hedy_jupyter.errors import HedyError, NoKey, UsageError
from hedy_jupyter.files import path_of
from hedy_jupyter.receiver.archive_writer import LOG, Keeper
from hedy_jupyter.receiver.fetch import Fetcher
from hedy_jupyter.receiver.run_command import Forwarder, checked


class Receiver:
    """Keep, use, fetch and forward deliveries.

    Args:
        path: the archive file.
        account: the account whose details are fetched; None fetches nothing.
        run: the command that is run for each new event; None runs none.
        now: the clock.

    Attributes:
        path: the archive file.
        keeper: the thread that writes deliveries into it.
        fetcher: asks Hedy for details; None without *account*.
        is_running: whether it has been started.
    """

    def __init__(
        self,
        path: Path,
        *,
        account: Hedy | None = None,
        run: Sequence[str] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.path = path
        self.fetcher = Fetcher(account, path, now=now) if account is not None else None
        self._command = run
        self._forwarder: Forwarder | None = None
        self.keeper = Keeper(
            path,
            fetch=account is not None,
            forward=run is not None,
            on_kept=self._forward,
            on_fetch=self.fetcher.wake if self.fetcher else lambda: None,
            now=now,
        )
        self._lock = threading.Lock()
        self.is_running = False

    @classmethod
    def of(
        cls,
        *,
        archive: str | Path | None = None,
        account: Hedy | None = None,
        fetch: bool = True,
        run: str | Sequence[str] | None = None,
    ) -> Receiver:
        """Return the receiver of an account; arguments and errors as for ``app``."""
        if account is None:
            try:
                account = current.current()
            except NoKey:
                if fetch or archive is None:
                    raise
        path = path_of(archive) if archive is not None else _path_of(account, asks=fetch)
        if account is not None and database.holds_anything(path):
            _check_owner(account, path, asks=fetch)
        return cls(path, account=account if fetch else None, run=None if run is None else checked(run))

    def start(self) -> None:
        """Begin, unless it has begun; what an earlier run has left is taken up.

        Raises:
            ArchiveError: the archive cannot be used, or another receiver runs a command for it.
        """
        with self._lock:
            if self.is_running:
                return
            self.keeper.start()
            try:
                if self._command is not None:
                    self._forwarder = Forwarder(self._command, self.path)
            except BaseException:
                self.keeper.close()
                raise
            if self.fetcher is not None:
                self.fetcher.start()
            self.is_running = True
        self._forward()

    def close(self) -> None:
        """End when what has come is kept; nothing is lost."""
        with self._lock:
            if not self.is_running:
                return
            self.keeper.close()
            if self.fetcher is not None:
                self.fetcher.close()
            if self._forwarder is not None:
                self._forwarder.close()
                self._forwarder = None
            self.is_running = False

    def _forward(self) -> None:
        if (forwarder := self._forwarder) is not None:
            try:
                forwarder.look()
            except HedyError as error:
                LOG.error("not forwarded yet: %s", error.message)


def _check_owner(account: Hedy, path: Path, *, asks: bool) -> None:
    """Refuse the archive at *path* unless it is that of *account*; *asks* says that Hedy may be asked who that is.

    Raises:
        ArchiveError: it is another account's, or may be.
    """

    def ident() -> str | None:
        try:
            return account.me().id
        except HedyError:  # what comes in is kept all the same
            return None

    with Store.open(path) as store:
        verdict = Ownership(account.settings, lambda: None).verdict(store)
        if verdict is Verdict.UNKNOWN and asks:
            verdict = Ownership(account.settings, ident).verdict(store)
        refuse(store, verdict)


def _path_of(account: Hedy | None, *, asks: bool) -> Path:
    """Return the archive file of *account*; *asks* says that Hedy may be asked for the id that names it."""
    if account is None or (account.archive.known_path is None and not asks):
        raise UsageError(
            "The archive of this account is not known before its first sync, and no request is made.",
            advice="Name the file: --archive PATH, or archive=.",
        )
    return account.archive.path
