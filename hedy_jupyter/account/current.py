"""Connect to an account, and remember the one in use."""

from __future__ import annotations

import os
import weakref
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hedy_jupyter import settings
from hedy_jupyter.account.hedy import Hedy
from hedy_jupyter.account.process import PROCESS
from hedy_jupyter.settings import Secret

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
    transport: httpx.AsyncBaseTransport | None = None,
) -> Hedy:
    """The account that the settings name; no request is made yet.

    Args:
        api_key: ``hedy_live_…``; else HEDY_API_KEY, the system keyring, ``~/.openclaw/openclaw.json``.
        region: ``"us"`` or ``"eu"``; else HEDY_REGION, the OpenClaw file, ``"us"``.
        base_url: else HEDY_BASE_URL, else the region's.
        timezone: the display time zone, an IANA name or a tzinfo; else HEDY_TIMEZONE, else the machine's own.
        archive: the archive file; else HEDY_ARCHIVE, else one file per account under the user data folder.
        transport: an async httpx transport to send through (``httpx.MockTransport`` serves).

    Raises:
        SettingsError: no key, or a setting that cannot be used.
    """
    key = None if api_key is None else Secret(api_key)
    api_key = None  # no frame of ours holds the raw key
    if key is None and base_url is None and transport is None and settings.demo_asked(settings.environment()):
        print("HEDY_DEMO is set: this is the demo account, nothing is sent to Hedy.")  # noqa: T201  nobody should take it for their own
        return demo(timezone=timezone)
    found = settings.resolve(
        api_key=key,
        region=region,
        base_url=base_url,
        timezone=timezone,
        archive=archive,
        environ=settings.environment(),
        home=Path.home(),
        login=PROCESS.keystore.read,
    )
    return use(Hedy(found, transport=transport))


def demo(*, timezone: str | tzinfo | None = None) -> Hedy:
    """The built-in demo account: invented meetings, no key, no network. Each call gives a fresh one; writes last as long as it."""
    from hedy_jupyter.demo_server.service import DEMO_KEY, Service

    found = settings.resolve(
        api_key=Secret(DEMO_KEY), region="us", base_url=DEMO_URL, timezone=timezone, environ=_zone_only(), home=Path(os.devnull)
    )
    sources = {**found.sources, "key": "demo account", "region": "demo account", "base_url": "demo account"}
    return use(Hedy(replace(found, demo=True, sources=MappingProxyType(sources)), service=Service(requests_a_minute=None)))


def use(hedy: Hedy) -> Hedy:
    """Make *hedy* the current account, and give it back."""
    if PROCESS.current is not None and PROCESS.current is not hedy:
        hedy._before = weakref.ref(PROCESS.current)
    PROCESS.current = hedy
    return hedy


def current() -> Hedy:
    """The account that ``%hedy`` uses: the last one that was made, else one from the settings."""
    if PROCESS.current is not None:
        return PROCESS.current
    return demo() if settings.demo_asked(settings.environment()) else connect()


def _zone_only() -> dict[str, str]:
    return {name: value for name, value in settings.environment().items() if name == "HEDY_TIMEZONE"}
