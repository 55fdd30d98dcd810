"""Rate limit headers: what an answer says is left of the limit and how long to wait, as pure functions without I/O.

The live API sends ``x-ratelimit-limit``, ``x-ratelimit-remaining`` and ``x-ratelimit-reset`` (Unix seconds) with every
answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

MAX_WAIT_S = 60.0
"""The longest wait: the limit is one of requests a minute."""
_NUMBER = re.compile(r"\s*[0-9]{1,15}(\.[0-9]{1,9})?\s*")
_ROUNDING_S = 5.0
"""A reset this little in the past is due now: both times are rounded, and a proxy may have written one of them."""
_FARTHEST_RESET_S = 3600.0
"""A reset farther ahead is ignored: it was written in another unit, or by a broken clock."""


@dataclass(frozen=True)
class Quota:
    """What one answer says is left of the limit.

    Attributes:
        remaining: how many requests are left.
        reset: when more are, in the server's Unix seconds; answers about the same minute carry the same number.
        reset_in_s: the seconds from the answer until then, 0 to 60.
    """

    remaining: int
    reset: float
    reset_in_s: float


def quota(headers: Mapping[str, str]) -> Quota | None:
    """Return what an answer says is left, or None where it does not say that in full."""
    remaining, reset = _number(headers, "x-ratelimit-remaining"), _number(headers, "x-ratelimit-reset")
    seconds = reset_in_s(headers)
    if remaining is None or reset is None or seconds is None:
        return None
    return Quota(int(remaining), reset, seconds)


def limit(headers: Mapping[str, str]) -> int | None:
    """Return how many requests a minute an answer says are allowed, or None."""
    found = _number(headers, "x-ratelimit-limit")
    return None if found is None else int(found)


def reset_in_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds from an answer to its ``x-ratelimit-reset``, 0 to 60; None where that cannot be read.

    The distance is measured from the answer's own ``Date``, so that a wrong clock of this machine does not matter; the
    local clock serves where there is no date that fits.
    """
    reset = _number(headers, "x-ratelimit-reset")
    if reset is None:
        return None
    distances = (reset - now for now in _times(headers))
    plausible = (distance for distance in distances if -_ROUNDING_S <= distance <= _FARTHEST_RESET_S)
    return next((min(max(distance, 0.0), MAX_WAIT_S) for distance in plausible), None)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, as a number or a date; None where it cannot be read.

    A date in it is compared with the answer's own.
    """
    text = headers.get("retry-after", "")
    try:
        return max(0.0, float(text)) if float(text) < float("inf") else None
    except ValueError:
        pass
    date = _unix_time(text)
    return None if date is None else max(0.0, date - next(_times(headers)))


def _times(headers: Mapping[str, str]) -> Iterator[float]:
    """Yield when the answer was made, in Unix seconds: by its own date, then by this machine's clock."""
    date = _unix_time(headers.get("date", ""))
    if date is not None:
        yield date
    yield time.time()


def _unix_time(text: str) -> float | None:
    """Return the Unix seconds of a date as HTTP writes it, or None."""
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=date.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _number(headers: Mapping[str, str], name: str) -> float | None:
    text = headers.get(name, "")
    return float(text) if _NUMBER.fullmatch(text) else None
