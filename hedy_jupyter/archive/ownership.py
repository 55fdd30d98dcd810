"""Ownership of an archive file: which account it belongs to, found out without a request.

A file belongs to one account. Its table ``meta`` holds the scope and the id of that account, and a digest of each key
that a sync or ``hedy.me()`` has seen. Where a key is new, an earlier answer of Hedy may be in memory or beside the
archives. A file of an older version holds no digests yet; then Hedy is asked once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from enum import Enum

from hedy_jupyter.archive import encoding, files, location
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import iso, select_one
from hedy_jupyter.errors import ArchiveError, HedyError
from hedy_jupyter.settings import Settings

_KEY = "key:"  # what the names of the digests in the small facts begin with
_NOTED_WITHIN_S = 0.5  # a reader does not wait for a writer


class Verdict(Enum):
    """Whether the file is ours or another account's; UNKNOWN where the key is a new one."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


def owner_of(store: Store) -> tuple[str, str] | None:
    """Return scope and id of the account that the file belongs to; None before the first sync.

    Raises:
        ArchiveError: the file is damaged.
    """
    with store.reading():
        scope, ident = store.noted("realm"), store.noted("account_id")
        if scope is None and ident is None:
            return None
        if scope is None or ident is None:
            raise encoding.CorruptArchive
        return scope, ident


def claim(store: Store, scope: str, account_id: str, key: str | None = None) -> None:
    """Note whose meetings are in the file.

    Args:
        store: the archive.
        scope: the Hedy that the account is one of.
        account_id: its id there.
        key: the digest of a key of that account; who has the key may read the file from now on.

    Raises:
        ArchiveError: the file belongs to another account.
    """
    with store.writing():
        owner = owner_of(store)
        if owner is None:
            store.note("realm", scope)
            store.note("account_id", account_id)
        elif owner != (scope, account_id):
            refuse(store, Verdict.FOREIGN)
        if key is not None and not is_known_key(store, key):
            note_key(store, key)


def note_key(store: Store, key: str, *, wait_s: float | None = None) -> None:
    """Note that *key* is the digest of one of the owner's keys; *wait_s* as for ``Store.writing``."""
    with store.writing(wait_s):
        store.note(_KEY + key, iso(store.now()))


def is_known_key(store: Store, key: str) -> bool:
    """Return whether *key* is the digest of a key that is known to be one of the owner's."""
    return store.noted(_KEY + key) is not None


def has_keys(store: Store) -> bool:
    """Return whether any key of the owner is known; in an archive of an older version none is before its next sync."""
    with store.reading() as connection:
        return select_one(connection, "SELECT name FROM meta WHERE name GLOB ? LIMIT 1", f"{_KEY}*") is not None


class Ownership:
    """Compares the owner of a file with the account that the settings name."""

    def __init__(self, found: Settings, known_id: Callable[[], str | None]) -> None:
        """Make one for the account of *found*; *known_id* returns its id if Hedy has said it in this process."""
        self._found = found
        self._known_id = known_id

    def verdict(self, store: Store) -> Verdict:
        """Return what is known of *store* and the account, without a request.

        Raises:
            ArchiveError: the file is damaged.
        """
        owner = owner_of(store)
        if owner is None or (owner[0] == location.account_scope(self._found) and self._found.demo):
            return Verdict.OURS
        if owner[0] != location.account_scope(self._found):
            return Verdict.FOREIGN
        ident, key = self._known_id(), location.digest(self._found)
        if ident is not None:
            return self._compared(store, owner[1] == ident)
        if is_known_key(store, key):
            return Verdict.OURS
        name = location.noted(self._found)
        return Verdict.UNKNOWN if name is None else self._compared(store, name == location.file_name(*owner))

    def _compared(self, store: Store, ours: bool) -> Verdict:
        """Return the verdict, and note the digest of the key in a file that is ours."""
        key = location.digest(self._found)
        if ours and store.writable and not is_known_key(store, key):
            with suppress(ArchiveError):  # another program is writing: the next time will do
                note_key(store, key, wait_s=_NOTED_WITHIN_S)
        return Verdict.OURS if ours else Verdict.FOREIGN

    def require(self, store: Store, ask: Callable[[], str] | None) -> None:
        """Refuse *store* unless it is the account's.

        Args:
            ask: asks Hedy for the id of the account; used for a file of an older version alone. None never asks.

        Raises:
            ArchiveError: it is another account's, or may be.
        """
        verdict = self.verdict(store)
        if verdict is Verdict.UNKNOWN and ask is not None and not has_keys(store):
            try:
                owner, ident = owner_of(store), ask()
            except HedyError as error:
                raise ArchiveError(
                    f"Hedy could not be asked whose archive {store.path} is: {error.message}",
                    advice="An archive of an older version is read after one successful %hedy sync or hedy.me().",
                ) from None
            verdict = self._compared(store, owner == (location.account_scope(self._found), ident))
        refuse(store, verdict)


def refuse(store: Store, verdict: Verdict) -> None:
    """Raise the error for a *verdict* that is not OURS.

    Raises:
        ArchiveError: the file is another account's, or may be.
    """
    if verdict is Verdict.FOREIGN:
        raise ArchiveError(f"The archive {store.path} belongs to another account.", advice=files.ANOTHER)
    if verdict is Verdict.UNKNOWN:
        raise ArchiveError(
            f"The archive {store.path} belongs to another account, or this API key is a new one.",
            advice=f"{files.ANOTHER} If only the key is new, %hedy sync or hedy.me() confirms that.",
        )
