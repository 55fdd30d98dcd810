"""Connect to an account, and remember the one in use.

``%load_ext`` says which account the settings name. That takes the settings alone, so ``chosen`` keeps them and the
account is made of them at its first use, which then loads what reads and writes.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hedy_jupyter import profiles, settings
from hedy_jupyter.credentials import KEYS, Secret, no_key
from hedy_jupyter.dates import periods
from hedy_jupyter.settings import Settings

if TYPE_CHECKING:
    import httpx

    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.demo_server.service import Service


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
    found = _resolve(profile, api_key=key, region=region, base_url=base_url, timezone=timezone, archive=archive)
    return use(_account(found, transport=transport))


def _resolve(
    profile: str | None = None,
    *,
    api_key: Secret | None = None,
    region: str | None = None,
    base_url: str | None = None,
    timezone: str | tzinfo | None = None,
    archive: str | Path | None = None,
) -> Settings:
    """Return the settings that the arguments, the environment and the profile give, as in ``connect``."""
    environ = settings.environment()
    return settings.resolve(
        api_key=api_key,
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


def _account(
    found: Settings, *, transport: httpx.AsyncBaseTransport | None = None, service: Service | None = None
) -> Hedy:
    from hedy_jupyter.account.hedy import Hedy  # with all reads, writes and exports; %load_ext needs none of them

    return Hedy(found, transport=transport, service=service)


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
    found = replace(found, demo=True, sources=MappingProxyType(sources))
    return use(_account(found, service=Service(requests_a_minute=None)))


class _InUse:
    """Hold the account in use, or what makes the chosen one; there is one of this class, ``_IN_USE``."""

    account: Hedy | None = None
    make: Callable[[], Hedy] | None = None
    lock = threading.RLock()  # of making it: a completion and a cell may be the first users at once


_IN_USE = _InUse()


def use(hedy: Hedy) -> Hedy:
    """Make *hedy* the current account, and return it."""
    before = _IN_USE.account
    if before is not None and before is not hedy:
        hedy.previous = weakref.ref(before)
    hedy.on_close = _closed
    _IN_USE.account, _IN_USE.make = hedy, None
    return hedy


def choose() -> Settings | None:
    """Return the settings of the account in use, or choose those of the one that its first use then makes.

    None where that is the demo account, which HEDY_DEMO turns on.

    Raises:
        SettingsError: as ``current``.
    """
    if _IN_USE.account is not None:
        return _IN_USE.account.settings
    if settings.demo_asked(settings.environment()):
        _IN_USE.make = demo
        return None
    found = _resolve()
    if found.key is None:
        raise no_key()
    if found.timezone is not None:
        periods.zone(found.timezone, source=found.sources["timezone"])
    _IN_USE.make = partial(_account, found)
    return found


def in_use() -> Hedy | None:
    """Return the current account, which is made if it was only chosen so far; None where none was opened or chosen."""
    return current() if _IN_USE.make is not None else _IN_USE.account


def leave(back_to: Hedy | None = None) -> None:
    """Use no account, or *back_to*; the one that was in use stays open."""
    _IN_USE.account, _IN_USE.make = back_to, None


def current() -> Hedy:
    """Return the account that ``%hedy`` uses: the last one that was made, else one from the settings.

    Raises:
        SettingsError: no account is in use, and the settings have no key.
    """
    with _IN_USE.lock:
        if _IN_USE.account is not None:
            return _IN_USE.account
        if _IN_USE.make is not None:
            return use(_IN_USE.make())
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
