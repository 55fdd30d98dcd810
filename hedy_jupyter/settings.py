"""Settings: where the region, the base URL, the time zone and the archive file come from; the key: ``credentials``.

The first one found counts, setting by setting: argument, environment, then the sources on the page Settings. Nothing
here opens a connection.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from hedy_jupyter.credentials import OPENCLAW, OpenClaw, Secret, find_key, profile_key
from hedy_jupyter.errors import SettingsError
from hedy_jupyter.profiles import Profile
from hedy_jupyter.text.api_keys import scrub

Source = Literal["live", "archive"]
"""Where rows are read from: Hedy, or the local archive."""
REGIONS: Mapping[str, str] = MappingProxyType({"us": "https://api.hedy.bot", "eu": "https://eu-api.hedy.bot"})
_HOST_FORM = re.compile(r"\w[\w.-]*|[\da-f:.]+")  # a name, or an address as urlsplit gives it: without brackets
_ON = frozenset({"1", "true", "yes", "on"})


class Environment(Mapping[str, str]):
    """Environment variables without a readable form: the key may be among them, and tracebacks may show reprs."""

    __slots__ = ("_variables",)

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> str:
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    def __repr__(self) -> str:
        return f"Environment({len(self)} variables)"


def environment() -> Environment:
    """Return the environment of this process.

    A function, because ``%xmode Verbose`` shows the value of ``os.environ`` where a line names it.
    """
    return Environment(os.environ)


@dataclass(frozen=True)
class Settings:
    """The settings of one account, and where each was found.

    Attributes:
        region: ``"us"`` or ``"eu"``.
        base_url: without a slash at the end; that of another host than Hedy's may end in ``/v1``.
        timezone: the display time zone as it was named; None is the machine's own.
        archive: the archive file as it was named; None is one file per account under the user data folder.
        demo: whether this is the built-in demo account.
        sources: setting → where it came from, in words.
        key: the API key, or None.
        profile: the name of the profile that they are of; None without one.
    """

    region: str
    base_url: str
    timezone: str | tzinfo | None
    archive: Path | None
    demo: bool
    sources: Mapping[str, str]
    key: Secret | None = field(default=None, repr=False)
    profile: str | None = None

    @property
    def host(self) -> str:
        """The host that requests go to."""
        return urlsplit(self.base_url).netloc


def key_advice(found: Settings) -> str:
    """Return what to check where Hedy does not accept the key."""
    return (
        f"Check the API key (from {found.sources['key']}) and the region ({found.region}) in the Hedy app: "
        "Settings > API. It needs a Pro plan with cloud sync; a new key replaces the old one."
    )


def is_hedy_host(host: str | None) -> bool:
    """Return whether *host* is one of Hedy's own, which answer below the root and not below ``/v1``."""
    return host in {urlsplit(url).hostname for url in REGIONS.values()}


def is_loopback(host: str | None) -> bool:
    """Return whether *host* is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def resolve(
    *,
    api_key: Secret | None = None,
    region: str | None = None,
    base_url: str | None = None,
    timezone: str | tzinfo | None = None,
    archive: str | Path | None = None,
    environ: Mapping[str, str],
    home: Path,
    login: Callable[[], tuple[Secret, str] | None] = lambda: None,
    profile: Profile | None = None,
    stored: Callable[[str], tuple[Secret, str] | None] = lambda _: None,
) -> Settings:
    """Return the settings of one account.

    Args:
        api_key, region, base_url, timezone, archive: settings that are given; they come before all others.
        environ: the environment variables.
        home: the home folder, where OpenClaw's file may be.
        login: returns the key that ``%hedy login`` stored, and where.
        profile: the profile in use; one that was named comes before the environment, the default after it.
        stored: returns the key of a keyring entry, and where.

    Raises:
        SettingsError: a value cannot be used; the message never holds the key.
    """
    environ = Environment(environ)
    openclaw = OpenClaw(home / OPENCLAW)

    def find(value: str | None, name: str, *others: tuple[str | None, str]) -> tuple[str | None, str]:
        return _first((value, "argument"), *_named(name, environ, profile), *others)

    has_key = api_key is not None or (environ.get("HEDY_API_KEY", "").strip() and not (profile and profile.is_named))
    key: Secret | None
    if profile is not None and profile.key is not None and not has_key:
        key, key_source = profile_key(*profile.key, profile.name, environ, stored, openclaw)
    else:
        key, key_source = find_key(api_key, environ, login, openclaw)
    found_region, region_source = find(region, "HEDY_REGION", (openclaw.region, openclaw.name))
    found_url, url_source = find(base_url, "HEDY_BASE_URL")
    zone: tuple[str | tzinfo | None, str]
    zone = (timezone, "argument") if isinstance(timezone, tzinfo) else find(timezone, "HEDY_TIMEZONE")
    file, archive_source = find(None if archive is None else str(archive), "HEDY_ARCHIVE")
    checked_region = _region(found_region or "us", region_source)
    return Settings(
        region=checked_region,
        base_url=_base_url(found_url, url_source) if found_url else REGIONS[checked_region],
        timezone=zone[0],
        archive=_archive(file, archive_source) if file else None,
        demo=False,
        sources=MappingProxyType(
            {
                "key": key_source,
                "region": region_source,
                "base_url": url_source,
                "timezone": zone[1],
                "archive": archive_source,
            }
        ),
        key=key,
        profile=profile.name if profile else None,
    )


def _named(name: str, environ: Mapping[str, str], profile: Profile | None) -> list[tuple[str | None, str]]:
    """Return the values of the setting whose variable is *name* in the environment and the profile, first one first."""
    found = [(environ.get(name), name)]
    if profile is not None:
        value = profile.values.get(name.removeprefix("HEDY_").lower())
        found.insert(0 if profile.is_named else 1, (value, profile.source))
    return found


def demo_asked(environ: Mapping[str, str]) -> bool:
    """Return whether ``HEDY_DEMO`` turns the demo account on."""
    return environ.get("HEDY_DEMO", "").strip().lower() in _ON


def _first(*candidates: tuple[str | None, str]) -> tuple[str | None, str]:
    for value, source in candidates:
        if value is not None and not isinstance(value, str):
            raise SettingsError(f"A setting (from {source}) is not text but of the type {type(value).__name__}.")
        if value is not None and value.strip():
            return value.strip(), source
    return None, "default"


def _region(value: str, source: str) -> str:
    region = value.lower()
    if region not in REGIONS:
        raise SettingsError(
            f"The region {scrub(value)!r} (from {source}) is not one of: {', '.join(REGIONS)}.",
            advice='Use "us" or "eu".',
        )
    return region


def _archive(value: str, source: str) -> Path:
    try:
        path = Path(value).expanduser()
        is_possible = b"\0" not in os.fsencode(path)
    except (RuntimeError, ValueError):  # no home folder, or a character that no path can have
        is_possible = False
    if not is_possible:
        raise SettingsError(
            f"The archive file {scrub(value)!r} (from {source}) is not a usable path.", advice="Name another file."
        )
    return path


def _base_url(value: str, source: str) -> str:
    advice = "Give it as https://host, with or without /v1."
    try:
        url = urlsplit(value)
        host, _ = url.hostname, url.port  # a bad port raises when it is read
    except ValueError:
        raise SettingsError(f"The base URL from {source} cannot be read.", advice=advice) from None
    if url.scheme not in {"http", "https"} or not host or not _HOST_FORM.fullmatch(host):
        raise SettingsError(f"The base URL from {source} is not an http(s) address with a host.", advice=advice)
    if url.username is not None or url.password is not None or url.query or url.fragment:
        raise SettingsError(f"The base URL from {source} holds a user, a query or a fragment.", advice=advice)
    if url.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"The base URL from {source} is http://, which would send the key in the clear.", advice=advice
        )
    if is_hedy_host(host) and url.port in {None, 443} and url.path.strip("/") in {"", "v1"}:
        return f"https://{host}"
    return url.geturl().rstrip("/")
