"""Connect to an account, and remember the one in use."""

from __future__ import annotations

import os
import weakref
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hedy_jupyter import profiles, settings
from hedy_jupyter.account.hedy import Hedy
from hedy_jupyter.credentials import KEYS, Secret

if TYPE_CHECKING:
    import httpx


DEMO_URL = "https://demo.hedy.invalid"


def connect(
    api_key: str | None = None,
    *,
    region: str | None = None,
    base_url: str | None = None,
    timezone: str | tzinfo | None = None,
    archive: str | Path | None = None,
    profile: str | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Hedy:
    """Return the account that the settings name; no request is made yet.

    Args:
        api_key: ``hedy_live_…``; else HEDY_API_KEY, the system keyring, ``~/.openclaw/openclaw.json``.
        region: ``"us"`` or ``"eu"``; else HEDY_REGION, the OpenClaw file, ``"us"``.
        base_url: else HEDY_BASE_URL, else the region's.
        timezone: the display time zone, an IANA name or a tzinfo; else HEDY_TIMEZONE, else the machine's own.
        archive: the archive file; else HEDY_ARCHIVE, else one file per account under the user data folder.
        profile: a profile of ``profiles.toml``, whose settings come before the environment; else HEDY_PROFILE, else
            the default that the file names.
        transport: an async httpx transport to send through (such as ``httpx.MockTransport``).

    Raises:
        SettingsError: no key, a setting that cannot be used, or a profile that is not in the file.
    """
    key = None if api_key is None else Secret(api_key)
    api_key = None  # no frame of ours holds the raw key
    if key is None and base_url is None and transport is None and settings.demo_asked(settings.environment()):
        print("HEDY_DEMO is set: this is the demo account, nothing is sent to Hedy.")  # noqa: T201  else it may be taken for one's own
        return demo(timezone=timezone)
    environ = settings.environment()
    found = settings.resolve(
        api_key=key,
        region=region,
        base_url=base_url,
        timezone=timezone,
        archive=archive,
        environ=environ,
        home=Path.home(),
        login=KEYS.read,
        profile=profiles.find(profile, environ),
        stored=KEYS.read,
    )
    return use(Hedy(found, transport=transport))


def demo(*, timezone: str | tzinfo | None = None) -> Hedy:
    """Return a demo account: invented meetings, no key, no network.

    Each call gives another one; its writes last as long as it does.
    """
    from hedy_jupyter.demo_server.service import DEMO_KEY, Service  # 14 ms that no other account needs

    found = settings.resolve(
        api_key=Secret(DEMO_KEY),
        region="us",
        base_url=DEMO_URL,
        timezone=timezone,
        environ=_zone_only(),
        home=Path(os.devnull),
    )
    sources = {**found.sources, "key": "demo account", "region": "demo account", "base_url": "demo account"}
    return use(
        Hedy(replace(found, demo=True, sources=MappingProxyType(sources)), service=Service(requests_a_minute=None))
    )


class _InUse:
    """Hold the account in use; there is one, ``_IN_USE``."""

    account: Hedy | None = None


_IN_USE = _InUse()


def use(hedy: Hedy) -> Hedy:
    """Make *hedy* the current account, and return it."""
    before = _IN_USE.account
    if before is not None and before is not hedy:
        hedy.previous = weakref.ref(before)
    hedy.on_close = _closed
    _IN_USE.account = hedy
    return hedy


def in_use() -> Hedy | None:
    """Return the current account, or None where none was opened so far."""
    return _IN_USE.account


def leave(back_to: Hedy | None = None) -> None:
    """Use no account, or *back_to*; the one that was in use stays open."""
    _IN_USE.account = back_to


def current() -> Hedy:
    """Return the account that ``%hedy`` uses: the last one that was made, else one from the settings.

    Raises:
        SettingsError: no account is in use, and the settings have no key.
    """
    if _IN_USE.account is not None:
        return _IN_USE.account
    return demo() if settings.demo_asked(settings.environment()) else connect()


def _closed(hedy: Hedy) -> None:
    """Go back to the account that was in use before *hedy*, if it is still open."""
    if _IN_USE.account is not hedy:
        return
    before: Hedy | None = hedy
    while before is not None and before.connection.closed:
        before = before.previous() if before.previous else None
    _IN_USE.account = before


def _zone_only() -> dict[str, str]:
    return {name: value for name, value in settings.environment().items() if name == "HEDY_TIMEZONE"}
