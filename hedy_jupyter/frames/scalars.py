"""Scalars of the API's JSON: numbers and times as plain values; what cannot be read is None."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1)  # naive UTC, as NumPy keeps it
_EPOCH_MS_FROM = 1e11  # as seconds this is the year 5138: larger numbers are milliseconds
_EPOCH_S_FROM = 1e8  # 1973: smaller numbers are no time of a meeting


def number_of(value: object) -> float | None:
    """Return *value* as a finite number, also from text; None where it is none, such as a bool."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (isinstance(value, str) and "_" in value):
        return None  # float() takes "1_000", which only Python writes
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def time_of(value: object) -> datetime | None:
    """Return a time as naive UTC, from ISO 8601 or a number since 1970 in milliseconds or seconds.

    A time without a zone is in UTC. Microseconds are kept, finer fractions cut off. The first and last year of the
    calendar count as missing, because a change of zone would fail there.
    """
    try:
        moment = _iso(value) if isinstance(value, str) and "-" in value else _epoch(number_of(value))
    except (ValueError, OverflowError):
        return None
    return moment if moment and 1 < moment.year < 9999 else None


def _iso(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        # Fractions without digits and lower case are rare, and not read by fromisoformat.
        moment = datetime.fromisoformat(re.sub(r"\.(?!\d)", "", value.strip().upper()))
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _epoch(number: float | None) -> datetime | None:
    if number is None or abs(number) < _EPOCH_S_FROM:
        return None
    return _EPOCH + timedelta(milliseconds=number if abs(number) >= _EPOCH_MS_FROM else number * 1000)
