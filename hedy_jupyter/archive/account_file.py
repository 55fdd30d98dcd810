"""The archive file of one account: where it is, and opening it for its owner only."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hedy_jupyter.archive import database, files, location
from hedy_jupyter.archive.delete import Deletion
from hedy_jupyter.archive.ownership import Ownership, Verdict, refuse
from hedy_jupyter.archive.store import WAIT_S, Store
from hedy_jupyter.display import notice
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.settings import Settings
from hedy_jupyter.text.phrasing import counted, duration

READ_WITHIN_S = 3.0
"""How long a read waits for a program that holds the whole file; other readers and writers never make it wait."""

_ASIDE_WITHIN_S = 0.5  # what is read or noted beside the user's command must not delay that
_INDEXING_S = 0.006  # for a meeting of 40 KB
_LONG_S = 2.0  # a shorter wait is not announced
_WARNED: set[Path] = set()  # the files that were reported as readable by others: once in a process is enough


def _announce(sessions: int) -> None:
    """Say that the sessions of an older archive are indexed again, where that takes a while."""
    seconds = sessions * _INDEXING_S
    if seconds > _LONG_S:
        notice.write(f"Search has a new index: {counted(sessions, 'session')} to index once, {duration(seconds)}.")


class AccountFile:
    """Find and open the archive of the account that the settings name.

    Attributes:
        settings: of the account.
        account_id: asks Hedy for the id of the account.
        quiet: whether nothing is printed, and Hedy is not asked whose file it is.
    """

    def __init__(
        self, settings: Settings, account_id: Callable[[], str], known_id: Callable[[], str | None], *, quiet: bool
    ) -> None:
        self.settings = settings
        self.account_id = account_id
        self.quiet = quiet
        self._ownership = Ownership(settings, known_id)

    @property
    def known_path(self) -> Path | None:
        """The file, or None where the account's id, which names it, was never asked for."""
        return location.known_path(self.settings)

    @property
    def path(self) -> Path:
        """The file; asks Hedy once for the account's id where the settings name no file."""
        return self.known_path or location.assign_path(self.settings, self.account_id())

    @property
    def exists(self) -> bool:
        """Whether there is an archive; makes no request."""
        path = self.known_path
        return path is not None and files.exists(path)

    def learn(self, account_id: str) -> None:
        """Note that the key belongs to *account_id*, as Hedy has just said, if there is an archive of that account."""
        with suppress(ArchiveError):
            path = self.known_path
            if path is None and files.exists(
                location.folder() / location.file_name(location.account_scope(self.settings), account_id)
            ):
                path = location.assign_path(self.settings, account_id)  # the key is a new one
            if path is not None and not self.settings.demo and files.exists(path):
                with Store.open(path, wait_s=_ASIDE_WITHIN_S, before_indexing=None) as store:
                    self._ownership.verdict(store)

    def open(self) -> Store:
        """Open the file, which must be the account's, to read it; a context manager.

        Raises:
            ArchiveError: there is no archive, it is another account's, or it cannot be used.
        """
        store = self._open_any(_ASIDE_WITHIN_S if self.quiet else READ_WITHIN_S)
        try:
            self._ownership.require(store, None if self.quiet else self.account_id)
        except BaseException:
            store.close()
            raise
        return store

    def _open_any(self, wait_s: float = WAIT_S) -> Store:
        path = self.known_path
        if path is None:
            raise ArchiveError(
                "There is no archive of this account yet.",
                advice="Run %hedy sync, or hedy.archive.sync(), to create it.",
            )
        store = Store.open(path, wait_s=wait_s, before_indexing=None if self.quiet else _announce)
        if store.exposed and not self.quiet and path not in _WARNED:
            _WARNED.add(path)
            what = f"Other users can read the archive {path}, and its permissions cannot be changed."
            notice.write(f"{what} Keep it where only you can read it.")  # no filter of warnings may make an error of it
        return store

    def require_usable(self) -> None:
        """Refuse a path that cannot be used, and a file that is known to be another account's; Hedy is not asked.

        A file whose owner may have a new key is decided when Hedy has named the account.

        Raises:
            ArchiveError: it is one of these.
        """
        path = self.known_path
        if path is None:
            return
        if database.holds_anything(path):
            with self._open_any() as store:
                verdict = self._ownership.verdict(store)
                if verdict is Verdict.FOREIGN:
                    refuse(store, verdict)
        elif link := files.broken_link(path):
            raise ArchiveError(
                f"The archive {path} cannot be created: the link {link} leads to {files.real(link)}, which is missing.",
                advice=f"Connect the disk that it leads to. {files.ANOTHER}",
            )

    def deletion(self) -> Deletion:
        """Return the deletion of the file, which must be the account's.

        Raises:
            ArchiveError: it does not exist, or it may be another account's.
        """
        path = self.known_path
        if path is None:
            raise ArchiveError("There is no archive to delete.", advice="%hedy sync makes one.")
        deletion = Deletion.of(path)
        try:
            opened = self._open_any()
        except ArchiveError as error:
            if self.settings.archive is None:  # its name says whose it is
                return deletion
            raise ArchiveError(
                f"{error.message} So it is not clear whose it is: nothing was deleted.",
                advice=f"Delete {path} yourself, if it is yours.",
            ) from None
        with opened as store:
            self._ownership.require(store, self.account_id)
        return deletion
