"""Profiles: named sets of region, base URL, time zone, archive and key source, in one TOML file without any key.

::

    default = "work"

    [profiles.work]
    region = "eu"
    timezone = "Europe/Berlin"
    key = "env:HEDY_KEY_WORK"           # or "keyring:work", or "openclaw"

The file is ``profiles.toml`` in the user's configuration folder; ``HEDY_CONFIG`` names another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from hedy_jupyter import files
from hedy_jupyter.errors import SettingsError, UsageError
from hedy_jupyter.text import suggestions
from hedy_jupyter.text.api_keys import looks_like_key, scrub
from hedy_jupyter.text.quoting import as_word

FIELDS = ("region", "base_url", "timezone", "archive", "key")
"""The settings that a profile may have."""
OPENCLAW_KEY = "openclaw"
_FILE = "profiles.toml"
_KEY_SOURCE = re.compile(rf"(env|keyring):(\S.*)|{OPENCLAW_KEY}")
_BARE_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Profile:
    """One profile of the file.

    Attributes:
        name: the profile's name.
        path: the file that it is in.
        values: setting → value, of those that the profile has.
        is_named: it was asked for by name, so that it comes before the environment; the default comes after it.
    """

    name: str
    path: Path
    values: Mapping[str, str]
    is_named: bool = True

    @property
    def source(self) -> str:
        """The profile as the source of a setting, in words."""
        return f"profile {self.name}"

    @property
    def key(self) -> tuple[str, str] | None:
        """Where the key is: ``("env", variable)``, ``("keyring", entry)`` or ``("openclaw", "")``; None if not said."""
        found = _KEY_SOURCE.fullmatch(self.values.get("key", ""))
        return (found[1] or OPENCLAW_KEY, (found[2] or "").strip()) if found else None


@dataclass(frozen=True)
class ProfileFile:
    """The file with its profiles; without a file there are none.

    Attributes:
        path: the file.
        default: the profile that is used where none is named; None without one.
        profiles: name → profile.
    """

    path: Path
    default: str | None
    profiles: Mapping[str, Profile]

    def named(self, name: str, source: str) -> Profile:
        """Return the profile *name*, which *source* names.

        Raises:
            SettingsError: there is none.
        """
        if name in self.profiles:
            return self.profiles[name]
        none = f"none yet. %hedy login --profile {as_word(scrub(name))} creates one"
        there = ", ".join(self.profiles) or none
        raise SettingsError(
            f"{self.path} has no profile {scrub(name)!r} (from {source}).",
            advice=f"{suggestions.did_you_mean(name, self.profiles)} Profiles there: {there}.".strip(),
        )


def find(name: str | None, environ: Mapping[str, str]) -> Profile | None:
    """Return the profile *name*, else that of ``HEDY_PROFILE``, else the default of the file; None without any.

    Raises:
        SettingsError: there is no such profile, or the file cannot be used.
    """
    if name is not None and (not isinstance(name, str) or not name.strip()):
        raise SettingsError("The profile (from argument) is empty or no text.", advice="Name one, or leave it out.")
    chosen = name or environ.get("HEDY_PROFILE", "").strip()
    found = read(environ)
    if chosen:
        return found.named(chosen.strip(), "argument" if name else "HEDY_PROFILE")
    if found.default is None:
        return None
    default = found.named(found.default, "default")
    return Profile(default.name, default.path, default.values, is_named=False)


def read(environ: Mapping[str, str]) -> ProfileFile:
    """Return the profiles of the file that *environ* or the system names.

    Raises:
        SettingsError: it cannot be read, is no TOML, holds a key, or has a table, field or value that is not known.
    """
    path = file_path(environ)
    if not path.exists():
        return ProfileFile(path, None, {})
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.",
            advice="Check the file's permissions and its encoding, or name another one in HEDY_CONFIG.",
        ) from None
    if looks_like_key(text):
        raise SettingsError(
            f"{path} contains what looks like an API key.",
            advice='Delete it there, and write where the key is: key = "env:NAME" or key = "keyring:NAME".',
        )
    import tomllib  # most people have no such file

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.", advice="Fix that line.") from None
    return _checked(path, table)


def file_path(environ: Mapping[str, str]) -> Path:
    """Return the file of profiles, which need not exist."""
    named = environ.get("HEDY_CONFIG", "").strip()
    if named:
        return files.path_of(named)
    return platformdirs.user_config_path("hedy-jupyter", appauthor=False) / _FILE


def _checked(path: Path, table: Mapping[str, Any]) -> ProfileFile:
    _check_names(path, "the file", table, ("default", "profiles"))
    default, tables = table.get("default"), table.get("profiles", {})
    if default is not None and not isinstance(default, str):
        raise SettingsError(f"{path}: default is not text.", advice='Write the name of a profile: default = "work".')
    if not isinstance(tables, dict) or not all(isinstance(values, dict) for values in tables.values()):
        raise SettingsError(f"{path}: profiles holds something else than tables.", advice="Write [profiles.work].")
    profiles = {name: Profile(name, path, values) for name, values in tables.items()}
    for profile in profiles.values():
        _check_profile(profile)
    return ProfileFile(path, default, profiles)


def _check_profile(profile: Profile) -> None:
    place = f"profile {profile.name!r}"
    _check_names(profile.path, place, profile.values, FIELDS)
    for name, value in profile.values.items():
        if not isinstance(value, str) or not value.strip():
            raise SettingsError(
                f"{profile.path}: {name} of {place} is empty or no text.", advice=f'Write it in quotes: {name} = "…".'
            )
    if "key" in profile.values and profile.key is None:
        raise SettingsError(
            f"{profile.path}: key of {place} names no source.",
            advice='Write where the key is: "env:NAME", "keyring:NAME" or "openclaw". Never the key.',
        )


def _check_names(path: Path, place: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
    unknown = next((name for name in table if name not in names), None)
    if unknown is not None:
        raise SettingsError(
            f"{path}: unknown field {unknown!r} in {place}.",
            advice=f"{suggestions.did_you_mean(unknown, names)} Fields: {', '.join(names)}.".strip(),
        )


def keyring_entry(name: str, environ: Mapping[str, str]) -> str:
    """Return the keyring entry for the key of the profile *name*, which the file need not have yet.

    Raises:
        UsageError: the profile takes its key from elsewhere, or no profile can have that name.
        SettingsError: the file cannot be used.
    """
    found = read(environ)
    profile = found.profiles.get(name)
    if profile is None and not _BARE_NAME.fullmatch(name):
        raise UsageError(
            f"{scrub(name)!r} cannot be the name of a new profile.", advice="Use letters, digits, - and _ only."
        )
    where, entry = (profile.key if profile else None) or ("keyring", name)
    if where != "keyring":
        raise UsageError(
            f"The profile {name} takes its key from {found.profiles[name].values['key']}, not from the keyring.",
            advice=f'Put the key there, or write key = "keyring:{name}" in {found.path}.',
        )
    return entry


def add(name: str, environ: Mapping[str, str]) -> str:
    """Add the profile *name*, with its key in the keyring, if the file has none of that name; return what to say.

    Raises:
        UsageError: the file cannot be written.
        SettingsError: the file cannot be used.
    """
    found = read(environ)
    if name in found.profiles:
        has_key = "key" in found.profiles[name].values
        return "" if has_key else f'Write key = "keyring:{name}" below [profiles.{name}] in {found.path}.'
    with files.os_errors(f"{found.path} cannot be written", advice="HEDY_CONFIG names another file."):
        found.path.parent.mkdir(parents=True, exist_ok=True)
        before = f"{found.path.read_text(encoding='utf-8-sig').rstrip()}\n\n" if found.path.exists() else ""
        files.put(found.path, f'{before}[profiles.{name}]\nkey = "keyring:{name}"\n'.encode())
    return f"The profile {name} is new in {found.path}."
