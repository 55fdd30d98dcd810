"""The status line after each command, and the lines on account and archive."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter import settings
from hedy_jupyter.account import current
from hedy_jupyter.account.hedy import Hedy
from hedy_jupyter.errors import ArchiveError, HedyError, NoKey
from hedy_jupyter.magics.command import (
    Call,
)
from hedy_jupyter.text.phrasing import counted

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy


def archive_line(hedy: Hedy) -> str:
    """What is known of the archive without any request: what it holds, its size and when it was last brought up to date."""
    archive = hedy.archive.quiet
    if not archive.exists:
        return "none yet, %hedy sync makes it"
    try:
        counts, synced_at = archive.state()
    except ArchiveError as error:
        return f"{error.message} {error.advice}"
    return (
        f"{counts['sessions']:,} sessions, {archive.path.stat().st_size / 1e6:,.1f} MB, {synced(synced_at, hedy.zone)}"
    )


def names(hedy: Hedy | None) -> dict[str, dict[str, str]]:
    """Kind → id → title or name of what was read so far, and of what the archive holds; asks nothing of Hedy."""
    from hedy_jupyter.api import reader

    if hedy is None:
        return {}
    held = hedy.archive.names((reader.SESSIONS, reader.TOPICS, reader.CONTEXTS))
    return {kind: held.get(kind, {}) | seen for kind, seen in hedy.connection.names_seen.items()}


def held(hedy: Hedy, kind: str) -> int | None:
    """How many of *kind* the archive holds; None without an archive."""
    archive = hedy.archive.quiet
    with suppress(HedyError):
        return archive.counts().get(kind) if archive.exists else None
    return None


def frame_synced(frame: pd.DataFrame, hedy: Hedy) -> str:
    """Return in words when the archive that *frame* was read from was last brought up to date."""
    if "archive" not in frame.attrs:  # a step in between has lost it
        return synced(hedy.archive.synced_at(), hedy.zone)
    at = frame.attrs["archive"]["synced_at"]
    return synced(at and datetime.fromisoformat(at), hedy.zone)


def synced(at: datetime | None, zone: tzinfo) -> str:
    """Return the end of the last sync in words."""
    return f"synced {at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "no sync has ended yet"


DEMO_LINE = "DEMO account: invented meetings, nothing is sent to Hedy. %hedy demo off leaves it."


def no_key_line() -> str:
    """What to say where no key is found."""
    return f"no key yet: {settings.no_key().advice}"


def account_line() -> str:
    """The account kind and region in one line; asks no server."""
    try:
        hedy = current.current()
    except HedyError as error:
        return no_key_line() if isinstance(error, NoKey) else f"{error.message} {error.advice}"
    return DEMO_LINE if hedy.settings.demo else f"LIVE account, region {hedy.settings.region} ({hedy.settings.host})."


def read_line(hedy: Hedy, frame: pd.DataFrame, what: str, call: Call) -> str:
    """The status line of a list: how many, of how many, from where, what is missing."""
    coverage = frame.attrs["coverage"]
    known = max(coverage["total"] or 0, coverage["found"])
    parts = [f"{len(frame)} of {counted(known, what)}" if known > len(frame) else counted(len(frame), what)]
    if coverage["source"] == "archive":
        parts.append(f"archive, {frame_synced(frame, hedy)}")
    else:
        parts.append("demo account" if hedy.settings.demo else f"{coverage['source']}, {hedy.settings.host}")
        kept = 0 if any(map(call.has, _NARROWS)) else held(hedy, f"{what.rpartition(' ')[2]}s") or 0
        if kept > known:
            parts.append(f"{kept:,} in the archive")
    if missing := len(coverage.get("incomplete", ())):
        parts.append(f"the details of {missing:,} are missing, --refresh asks for them again")
    if failed := coverage.get("failed"):
        parts.append(f"could not be read: {', '.join(failed)}")
    if known == 0 and what == "session" and coverage["source"] == "live" and not any(map(call.has, _NARROWS)):
        parts.append("Hedy lists cloud-synced meetings only, a few minutes after they end")
    if coverage["unreachable"]:
        parts.append(f"{coverage['unreachable']} that the API names cannot be reached")
    elif known > coverage["found"] and not call.has("--all"):
        parts.append("--all gets the complete history")
    return " · ".join(parts)


_NARROWS = ("--topic", "--session", "--since", "--until")
