"""The status line after each command, and the lines on the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from hedy_jupyter import kinds
from hedy_jupyter.account.frame_coverage import count_text, known_count
from hedy_jupyter.errors import ArchiveError, HedyError
from hedy_jupyter.frames.timezones import zone_label, zone_name
from hedy_jupyter.kinds import SESSION, Kind
from hedy_jupyter.lazy import at_first_use
from hedy_jupyter.magics.command import Call, Reply
from hedy_jupyter.magics.filter_options import NARROWING
from hedy_jupyter.text.phrasing import ago, counted, short_day, short_time

if TYPE_CHECKING:
    import pandas as pd

    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.archive.queries import State
    from hedy_jupyter.dates import ranges
    from hedy_jupyter.magics import empty_results
else:
    ranges = at_first_use("hedy_jupyter.dates.ranges")
    empty_results = at_first_use("hedy_jupyter.magics.empty_results")

_ABSOLUTE = re.compile(r"\d{4}")
_INSTANT = timedelta(microseconds=1)


def archive_line(hedy: Hedy, state: State | None = None) -> str:
    """Return what the archive holds, its size and when it was last synced; makes no request.

    *state* is what a sync has just read of it; without that the archive is opened.
    """
    archive = hedy.archive.quiet
    if not archive.exists:
        return "There is no archive yet. %hedy sync creates it."
    try:
        counts, synced_at = state or archive.state()
    except ArchiveError as error:
        return f"{error.message} {error.advice}"
    return (
        f"{counts['sessions']:,} sessions, {archive.path.stat().st_size / 1e6:,.1f} MB, {synced(synced_at, hedy.zone)}"
    )


def delivery_line(hedy: Hedy, now: datetime | None = None) -> str:
    """Return when a webhook was last delivered, and which event; empty without any. Makes no request."""
    archive = hedy.archive.quiet
    with suppress(ArchiveError):
        if archive.exists and (last := archive.last_delivery()):
            past_s = ((now or datetime.now(UTC)) - last.received_at).total_seconds()
            return f"{ago(past_s)}: {last.event}"
    return ""


def names(hedy: Hedy | None) -> dict[str, dict[str, str]]:
    """Return kind → id → title or name of what was read so far and of what the archive holds; makes no request."""
    if hedy is None:
        return {}
    held = hedy.archive.names((kinds.SESSION, kinds.TOPIC, kinds.CONTEXT))
    return {kind: held.get(kind, {}) | seen for kind, seen in hedy.connection.names_seen.items()}


def held(hedy: Hedy, kind: str) -> int | None:
    """Return how many of *kind*, a plural, the archive holds; None without an archive. Makes no request."""
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
    return "no sync has ended yet" if at is None else f"synced {when(at, zone)}"


def when(at: datetime, zone: tzinfo) -> str:
    """Return a moment with its zone, and with its year where that is not the present one: ``Tue 24 Nov 16:00 CET``."""
    local = at.astimezone(zone)
    return f"{short_time(local, datetime.now(zone).year)} {zone_label(local)}"


def between(frame: pd.DataFrame, zone: tzinfo) -> str:
    """Return the days of the first and the last meeting that *frame* counts; empty where it names none."""
    first, last = frame.attrs.get("between") or ("", "")
    if not first:
        return ""
    start, end = (datetime.fromisoformat(text).astimezone(zone) for text in (first, last))
    days = short_day(start, end.year) if start.date() != end.date() else ""
    return f"{' – '.join(filter(None, (days, short_day(end, 0))))} ({zone_name(zone)})"


def with_days(reply: Reply, call: Call, zone: tzinfo) -> Reply:
    """Return *reply* with the days that ``--since`` and ``--until`` mean, where these are words or counts."""
    bounds = [
        f"{flag.lstrip('-')} {_day_of(text, zone, end=flag == '--until')}"
        for flag in ("--since", "--until")
        if (text := call.get(flag)) and not _ABSOLUTE.match(text)
    ]
    if not bounds or not reply.status:
        return reply
    is_named = zone_name(zone) in reply.status or (reply.view and len(reply.value))  # below a list its view names it
    return replace(reply, status=joined(reply.status, ", ".join(bounds) + f" ({zone_name(zone)})" * (not is_named)))


def _day_of(text: str, zone: tzinfo, *, end: bool) -> str:
    """Return the first day or moment of *text*, or with *end* its last one, with its year."""
    moment = ranges.instant(text, zone=zone, end=end).tz_convert(zone)
    last = moment - _INSTANT if end else moment
    is_day = moment == moment.normalize()
    return short_day(last, 0) if is_day else short_time(last, 0)


def with_origin(hedy: Hedy, frame: pd.DataFrame, line: str) -> str:
    """Return *line*, then where *frame* was read from and what could not be read."""
    return " · ".join([line, *_origin(hedy, frame)])


def joined(*parts: str) -> str:
    """Return those of *parts* that hold something as one line."""
    return " · ".join(filter(None, parts))


def from_minutes(hedy: Hedy, frame: pd.DataFrame) -> str:
    """Return of how many meetings the minutes were read, from where, and what is missing."""
    read = frame.attrs["minutes"]
    return with_origin(hedy, frame, f"minutes of {read['minutes']:,} of {counted(read['sessions'], 'meeting')}")


def read_line(hedy: Hedy, frame: pd.DataFrame, kind: Kind, call: Call, adjective: str = "") -> str:
    """Return the status line of a list: how many, of how many, from where, what is missing.

    *adjective* says which of *kind* the rows of *frame* are: ``129 open todos (425 in all) · demo account``.
    """
    coverage, known = frame.attrs["coverage"], known_count(frame)
    parts = [count_text(frame, f"{adjective} {kind.name}".lstrip())]
    if frame.empty:
        parts = [empty_results.why_no_rows(hedy, kind, call, adjective)]
    is_narrowed = any(map(call.has, NARROWING))
    source, *missing = _origin(hedy, frame)
    parts.append(source)
    if coverage["source"] != "archive":
        archived = 0 if is_narrowed else held(hedy, kind.plural) or 0
        if archived > known:
            parts.append(f"{archived:,} in the archive")
    parts += missing
    if known == 0 and kind is SESSION and coverage["source"] == "live" and not is_narrowed:
        parts.append("Hedy lists cloud-synced meetings only, a few minutes after they end")
    if coverage["unreachable"]:
        parts.append(f"{coverage['unreachable']} that the API names cannot be reached")
    elif known > coverage["found"] and len(frame) and not call.has("--all"):
        parts.append("--all gets the complete history")
    return " · ".join(parts)


def _origin(hedy: Hedy, frame: pd.DataFrame) -> Iterator[str]:
    """Yield where *frame* was read from, then what could not be read."""
    coverage = frame.attrs["coverage"]
    if coverage["source"] == "archive":
        yield f"archive, {frame_synced(frame, hedy)}"
    else:
        yield "demo account" if hedy.settings.demo else f"{coverage['source']}, {hedy.settings.host}"
    if missing := len(coverage.get("incomplete", ())):
        yield f"the details of {missing:,} are missing, --refresh asks for them again"
    if unknown := coverage.get("unknown_meetings"):
        yield f"{unknown:,} left out: when their meeting was is not known"
    if failed := coverage.get("failed"):
        yield f"could not be read: {', '.join(failed)}"
