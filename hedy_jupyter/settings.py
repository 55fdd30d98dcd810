"""Settings: where the key, the region, the base URL, the time zone and the archive file come from.

The first one found counts, setting by setting: argument, environment, then the sources in the README's table. Nothing
here opens a connection, and the only file read is ``~/.openclaw/openclaw.json`` (the agent skill describes it).
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NoReturn
from urllib.parse import urlsplit

from hedy_jupyter.errors import NoKey, SettingsError
from hedy_jupyter.text.api_keys import as_displayed, looks_like_key, scrub, unescaped_forms

Source = Literal["live", "archive"]
"""Where rows are read from: Hedy, or the local archive."""
REGIONS: Mapping[str, str] = MappingProxyType({"us": "https://api.hedy.bot", "eu": "https://eu-api.hedy.bot"})
OPENCLAW = Path(".openclaw", "openclaw.json")
_PREFIX = "hedy_live_"
_SHORTEST = 8
"""A key with less than this behind its prefix is masked as a whole only: what is behind it may be a word."""
_PART = 12
"""A part of a key that is as long as this is masked."""
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_KEY_FORM = re.compile(r"hedy_live_[\x21-\x7e]+")
_HOST_FORM = re.compile(r"\w[\w.-]*|[\da-f:.]+")  # a name, or an address as urlsplit gives it: without brackets
_ON = frozenset({"1", "true", "yes", "on"})


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
        raise TypeError("an API key is not pickled")


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
    """

    region: str
    base_url: str
    timezone: str | tzinfo | None
    archive: Path | None
    demo: bool
    sources: Mapping[str, str]
    key: Secret | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """The host that requests go to."""
        return urlsplit(self.base_url).netloc


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
) -> Settings:
    """Return the settings of one account.

    Args:
        api_key, region, base_url, timezone, archive: settings that are given; they come before all others.
        environ: the environment variables.
        home: the home folder, where OpenClaw's file may be.
        login: returns the key that ``%hedy login`` stored, and where.

    Raises:
        SettingsError: a value cannot be used; the message never holds the key.
    """
    environ = Environment(environ)
    openclaw = _OpenClaw(home / OPENCLAW)

    def find(value: str | None, name: str, *others: tuple[str | None, str]) -> tuple[str | None, str]:
        return _first((value, "argument"), (environ.get(name), name), *others)

    key, key_source = _key(api_key, environ, login, openclaw)
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
    )


def demo_asked(environ: Mapping[str, str]) -> bool:
    """Return whether ``HEDY_DEMO`` turns the demo account on."""
    return environ.get("HEDY_DEMO", "").strip().lower() in _ON


class _OpenClaw:
    """``skills.entries.hedy`` of the OpenClaw file, read at its first use; a missing file is an empty one."""

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
        key = self._get("apiKey")
        return Secret(key) if isinstance(key, str) and key.strip() else None

    @property
    def region(self) -> str | None:
        config = self._get("config")
        region = config.get("region") if isinstance(config, dict) else None
        return region if isinstance(region, str) else None


def _key(
    argument: Secret | None,
    environ: Mapping[str, str],
    login: Callable[[], tuple[Secret, str] | None],
    openclaw: _OpenClaw,
) -> tuple[Secret | None, str]:
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
