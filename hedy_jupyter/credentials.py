"""Credentials: the API key, where it is read from, and the key that ``%hedy login`` stores.

It is stored in the system keyring or else in this process; a keyring that is not installed, locked, broken or has no
backend counts as not there. The only file read is ``~/.openclaw/openclaw.json`` (the agent skill describes it).
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from hedy_jupyter.errors import NoKey, SettingsError
from hedy_jupyter.text.api_keys import as_displayed, looks_like_key, unescaped_forms

SERVICE = "hedy_jupyter"
USER = "api_key"
OPENCLAW = Path(".openclaw", "openclaw.json")
_PREFIX = "hedy_live_"
_SHORTEST = 8
"""A key with less than this behind its prefix is masked as a whole only: what is behind it may be a word."""
_PART = 12
"""A part of a key that is as long as this is masked."""
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_KEY_FORM = re.compile(r"hedy_live_[\x21-\x7e]+")


class Secret:
    """An API key without a readable form; only ``reveal`` returns it, for the request that carries it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key."""
        return self._value

    def hide(self, text: str) -> str:
        """Return *text* with this key and long parts of it masked, in any case, escape or form of letters.

        White space and invisible characters inside the key make no difference. No local variable ever holds a part of
        the key.
        """
        masked = bytearray(b"." * len(text))
        for plain, starts in unescaped_forms(text):
            for begin, end in self._spans(plain):
                masked[starts[begin] : starts[end]] = b"x" * (starts[end] - starts[begin])
        pieces: list[str] = []
        at = 0
        for found in re.finditer("x+", masked.decode("ascii")):
            pieces += (text[at : found.start()], "****")
            at = found.end()
        return "".join((*pieces, text[at:]))

    def shown_in(self, text: str) -> bool:
        """Return whether *text* shows this key, or what looks like any other key."""
        return looks_like_key(text) or self.hide(text) != text

    def _spans(self, plain: str) -> Iterator[tuple[int, int]]:
        """Yield the places where *plain* shows the key, as it is or as a reader sees it."""
        yield from self._places(plain.translate(_LOWER))
        for form, places in (as_displayed(plain), as_displayed(plain, spaces=False)):
            if form != plain:
                yield from ((places[begin], places[end - 1] + 1) for begin, end in self._places(form.translate(_LOWER)))

    def _places(self, plain: str) -> Iterator[tuple[int, int]]:
        """Yield the places where *plain*, which is in lower case, shows the key."""
        size = len(self._value) - len(_PREFIX)
        first, part = (len(_PREFIX), min(size, _PART)) if size >= _SHORTEST else (0, len(self._value))
        for start in range(first, len(self._value) - part + 1):
            at = plain.find(self._value[start : start + part].translate(_LOWER))
            while at >= 0:
                yield at, at + part
                at = plain.find(self._value[start : start + part].translate(_LOWER), at + 1)

    def __repr__(self) -> str:
        return "Secret('****')"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key cannot be pickled")


def checked(key: Secret, source: str) -> Secret:
    """Return *key* without the white space around it.

    No local variable ever holds the raw key, so that no traceback shows it.

    Raises:
        SettingsError: *key* is not ``hedy_live_`` followed by printable ASCII.
    """
    if not isinstance(key.reveal(), str) or not _KEY_FORM.fullmatch(key.reveal().strip()):
        raise SettingsError(
            f"The API key from {source} does not look like a Hedy key: they start with hedy_live_ and hold no spaces.",
            advice="Copy it again from the Hedy app: Settings > API.",
        )
    return Secret(key.reveal().strip())


def no_key() -> NoKey:
    """Return the error for a missing key."""
    return NoKey(
        "No Hedy API key was found.",
        advice="Set HEDY_API_KEY, or run %hedy login, or put it into ~/.openclaw/openclaw.json "
        "(skills.entries.hedy.apiKey). The Hedy app generates keys under Settings > API (Pro plan with cloud sync); "
        "%hedy demo works without one.",
    )


def find_key(
    argument: Secret | None,
    environ: Mapping[str, str],
    login: Callable[[], tuple[Secret, str] | None],
    openclaw: OpenClaw,
) -> tuple[Secret | None, str]:
    """Return the API key and its source, or None and ``"none"``.

    The first source that has a key counts: *argument*, HEDY_API_KEY, what *login* returns, the file of OpenClaw.

    Raises:
        SettingsError: the key that was found is not a Hedy key, or OpenClaw's file cannot be read.
    """
    if argument is not None:
        return checked(argument, "the api_key argument"), "argument"
    if environ.get("HEDY_API_KEY", "").strip():
        return checked(Secret(environ["HEDY_API_KEY"]), "HEDY_API_KEY"), "HEDY_API_KEY"
    stored = login()
    if stored:
        return checked(*stored), stored[1]
    if openclaw.api_key:
        return checked(openclaw.api_key, openclaw.name), openclaw.name
    if openclaw.broken:
        raise SettingsError(f"{openclaw.name}: {openclaw.broken}.", advice="Fix the file, or set HEDY_API_KEY instead.")
    return None, "none"


def profile_key(
    where: str,
    entry: str,
    profile: str,
    environ: Mapping[str, str],
    stored: Callable[[str], tuple[Secret, str] | None],
    openclaw: OpenClaw,
) -> tuple[Secret, str]:
    """Return the key of a profile and its source; there is no other place to look for it.

    Args:
        where: ``"env"``, ``"keyring"`` or ``"openclaw"``.
        entry: the name of the variable or of the keyring entry.
        profile: its name.
        environ: the environment variables.
        stored: returns the key of a keyring entry.
        openclaw: OpenClaw's file.

    Raises:
        NoKey: it is not there.
        SettingsError: it is not a Hedy key.
    """
    if where == "env":
        source, advice = f"the environment variable {entry}", f"Set {entry}."
        found = Secret(environ.get(entry, ""))
    elif where == "keyring":
        source, advice = f"the keyring entry {entry}", f"Run %hedy login --profile {profile}."
        found = (stored(entry) or (Secret(""), ""))[0]
    else:
        source, advice = openclaw.name, "Put it there (skills.entries.hedy.apiKey)."
        found = openclaw.api_key or Secret("")
    if not found.reveal().strip():
        raise NoKey(f"The profile {profile} takes its key from {source}, and there is no key there.", advice=advice)
    return checked(found, source), source


class OpenClaw:
    """``skills.entries.hedy`` of the OpenClaw file, read at its first use; a missing file counts as empty."""

    name = "~/.openclaw/openclaw.json"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entry: Mapping[str, object] | None = None
        self.broken = ""

    def _read(self) -> Mapping[str, object]:
        try:
            found: object = json.loads(self._path.read_text(encoding="utf-8-sig"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError, RecursionError) as error:
            self.broken = (
                f"line {error.lineno} is not JSON" if isinstance(error, json.JSONDecodeError) else "it cannot be read"
            )
            return {}
        for step in ("skills", "entries", "hedy"):
            found = found.get(step) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def _get(self, name: str) -> object:
        if self._entry is None:
            self._entry = self._read()
        return self._entry.get(name)

    @property
    def api_key(self) -> Secret | None:
        """The key in the file."""
        key = self._get("apiKey")
        return Secret(key) if isinstance(key, str) and key.strip() else None

    @property
    def region(self) -> str | None:
        """The region in the file."""
        config = self._get("config")
        region = config.get("region") if isinstance(config, dict) else None
        return region if isinstance(region, str) else None


class KeyStore:
    """One stored key, in the keyring or only in memory."""

    def __init__(self) -> None:
        self._held: dict[str, Secret] = {}

    def read(self, user: str = USER) -> tuple[Secret, str] | None:
        """Return the key stored for *user*, the name of its entry, and the place where it was found, or None."""
        if user in self._held:
            return self._held[user], "%hedy login (this kernel)"
        keyring = _keyring()
        if keyring is None:
            return None
        try:
            found = Secret(keyring.get_password(SERVICE, user) or "")
        except Exception:  # noqa: BLE001  a backend may raise anything; the next source is read instead
            return None
        return (found, "system keyring") if found.reveal() else None

    def store(self, key: Secret, user: str = USER) -> bool:
        """Store *key* for *user*; return True where the keyring took it, False where only this process holds it."""
        keyring = _keyring()
        if keyring is not None:
            try:
                keyring.set_password(SERVICE, user, key.reveal())
                # A disabled keyring takes everything and keeps nothing.
                kept = keyring.get_password(SERVICE, user) == key.reveal()
            except Exception:  # noqa: BLE001  see read()
                kept = False
            if kept:
                self._held.pop(user, None)
                return True
        self._held[user] = key
        return False

    def forget(self, user: str = USER) -> bool:
        """Delete the key stored for *user*; return whether there was one."""
        known = self._held.pop(user, None) is not None
        keyring = _keyring()
        if keyring is None:
            return known
        try:
            keyring.delete_password(SERVICE, user)
        except Exception:  # noqa: BLE001  see read(); no key was stored, or the keyring cannot be reached
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
