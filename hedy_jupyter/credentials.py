"""Credentials: the key that ``%hedy login`` stores, in the system keyring or else in this process.

A keyring that is not installed, locked, broken or has no backend counts as not there.
"""

from __future__ import annotations

from types import ModuleType

from hedy_jupyter.settings import Secret

SERVICE = "hedy_jupyter"
USER = "api_key"


class KeyStore:
    """One stored key, in the keyring or only in memory."""

    def __init__(self) -> None:
        self._held: Secret | None = None

    def read(self) -> tuple[Secret, str] | None:
        """Return the stored key and the place where it was found, or None."""
        if self._held is not None:
            return self._held, "%hedy login (this kernel)"
        keyring = _keyring()
        if keyring is None:
            return None
        try:
            found = Secret(keyring.get_password(SERVICE, USER) or "")
        except Exception:  # noqa: BLE001  a backend may raise anything; the next source is read instead
            return None
        return (found, "system keyring") if found.reveal() else None

    def store(self, key: Secret) -> bool:
        """Store *key*; return True where the keyring took it, False where only this process holds it."""
        keyring = _keyring()
        if keyring is not None:
            try:
                keyring.set_password(SERVICE, USER, key.reveal())
                # A disabled keyring takes everything and keeps nothing.
                kept = keyring.get_password(SERVICE, USER) == key.reveal()
            except Exception:  # noqa: BLE001  see read()
                kept = False
            if kept:
                self._held = None
                return True
        self._held = key
        return False

    def forget(self) -> bool:
        """Delete the stored key; return whether there was one."""
        known, self._held = self._held is not None, None
        keyring = _keyring()
        if keyring is None:
            return known
        try:
            keyring.delete_password(SERVICE, USER)
        except Exception:  # noqa: BLE001  see read(); there was none, or it cannot be reached
            return known
        return True


KEYS = KeyStore()
"""The key store of this process."""


def _keyring() -> ModuleType | None:
    try:
        import keyring
    except ImportError:
        return None
    return keyring
