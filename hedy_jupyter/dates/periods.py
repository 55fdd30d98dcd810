"""Periods: days, weeks, months, quarters and years on the calendar of a zone."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pandas as pd

from hedy_jupyter.errors import SettingsError

LENGTHS: Mapping[str, int] = MappingProxyType(
    {"day": 1, "week": 7, "month": 32, "quarter": 93, "half": 186, "year": 367}
)
"""So many days after the first day of a period the next one has begun, and has not ended."""
MONTHS_IN: Mapping[str, int] = MappingProxyType({"month": 1, "quarter": 3, "year": 12})
NAMES = ("week", *MONTHS_IN)
"""The periods longer than a day."""
LEAP_YEARS_APART = 8  # at most: 1896 and 1904


def zone(name: str | tzinfo | None, *, source: str = "") -> tzinfo:
    """Return the time zone called *name* (``"Europe/Berlin"``), a tzinfo as it is, or for None the machine's zone.

    *source* is where the name comes from, for the error.

    Raises:
        SettingsError: there is no such zone, or the machine's cannot be read.
    """
    if isinstance(name, tzinfo):
        return name
    if name is None:
        return _machine_zone()
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder of zones, or no database of zones
        if name.strip() == "UTC":
            return UTC
        from hedy_jupyter.dates import zone_names  # its tables are for this message alone

        origin = f" (from {source})" if source else ""
        raise SettingsError(f"Unknown time zone {name!r}{origin}.", advice=zone_names.advice(name)) from None


def _machine_zone() -> tzinfo:
    import tzlocal

    try:
        with warnings.catch_warnings():
            # A container without a zone is UTC, which the status shows: no warning in the user's cell.
            warnings.simplefilter("ignore")
            return tzlocal.get_localzone()
    except (KeyError, ValueError, OSError):
        raise SettingsError(
            "The time zone of this machine cannot be read.", advice='Name one, such as timezone="Europe/Berlin".'
        ) from None


def present(now: datetime | None, zone: tzinfo) -> datetime:
    """Return *now*, by default the clock's, in the display *zone*."""
    if now is None:
        return datetime.now(UTC).astimezone(zone)
    return utc(now, zone).to_pydatetime().astimezone(zone)


def utc(moment: datetime, zone: tzinfo) -> pd.Timestamp:
    """Return *moment* in UTC with microseconds; a time without a zone is in *zone*.

    A wall-clock time that a clock change leaves out is the first one after it; of two, ``fold`` says which.

    Raises:
        ValueError: *moment* is missing.
    """
    if pd.isna(moment):
        raise ValueError
    stamp = pd.Timestamp(moment).as_unit("us")
    if stamp.tzinfo is None:
        stamp = stamp.tz_localize(zone, ambiguous=not moment.fold, nonexistent="shift_forward")
    return stamp.tz_convert("UTC")


def first_of(moment: datetime, period: str) -> datetime:
    """Return the local midnight at which the period around *moment* begins."""
    day = datetime(moment.year, moment.month, moment.day)
    match period:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case "half":
            return day.replace(month=day.month - (day.month - 1) % 6, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def next_after(first: datetime, period: str) -> datetime:
    """Return the local midnight at which the period after the one that begins at *first* begins."""
    return first_of(first + timedelta(days=LENGTHS[period]), period)


def moved(moment: datetime, ahead: int, period: str) -> datetime:
    """Return the first day of the period so many *ahead* of the one around *moment*; back for a negative number."""
    first = first_of(moment, period)
    for _ in range(abs(ahead)):
        first = next_after(first, period) if ahead > 0 else first_of(first - timedelta(days=1), period)
    return first


def date_if_any(year: int, month: int, day: int) -> date | None:
    """Return the date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
