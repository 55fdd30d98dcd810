"""Days, weeks, months and years on the calendar of a zone."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pandas as pd

from hedy_jupyter.errors import SettingsError

# So many days after the first day of a period the next one has begun, and has not ended.
LENGTHS: Mapping[str, int] = MappingProxyType({"day": 1, "week": 7, "month": 32, "quarter": 93, "year": 367})


def zone(name: str | tzinfo | None) -> tzinfo:
    """The time zone called *name* (``"Europe/Berlin"``); a tzinfo as it is; without a name the machine's own.

    Raises:
        SettingsError: there is no such zone.
    """
    if isinstance(name, tzinfo):
        return name
    if name is None:
        return _machine_zone()
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder of zones
        raise SettingsError(
            f"Unknown time zone {name!r}.", advice='Use a name such as "Europe/Berlin" or "UTC".'
        ) from None


def _machine_zone() -> tzinfo:
    import tzlocal

    try:
        with warnings.catch_warnings():
            # A container without a zone is UTC, and the status says so; a warning in the user's cell would say it
            # again.
            warnings.simplefilter("ignore")
            return tzlocal.get_localzone()
    except (KeyError, ValueError, OSError):
        raise SettingsError(
            "The time zone of this machine cannot be read.", advice='Name one, such as timezone="Europe/Berlin".'
        ) from None


def present(now: datetime | None, zone: tzinfo) -> datetime:
    """The present with the display zone."""
    if now is None:
        return datetime.now(UTC).astimezone(zone)
    return utc(now, zone).to_pydatetime().astimezone(zone)


def utc(moment: datetime, zone: tzinfo) -> pd.Timestamp:
    """*moment* in UTC.

    A wall-clock time that a clock change leaves out is the first one after it; of two, ``fold`` says which.
    """
    if pd.isna(moment):
        raise ValueError
    stamp = pd.Timestamp(moment).as_unit("us")
    if stamp.tzinfo is None:
        stamp = stamp.tz_localize(zone, ambiguous=not moment.fold, nonexistent="shift_forward")
    return stamp.tz_convert("UTC")


def first_of(moment: datetime, period: str) -> datetime:
    """The local midnight at which the period around *moment* begins."""
    day = datetime(moment.year, moment.month, moment.day)
    match period:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def next_after(first: datetime, period: str) -> datetime:
    """The local midnight at which the period after the one that begins at *first* begins."""
    return first_of(first + timedelta(days=LENGTHS[period]), period)
