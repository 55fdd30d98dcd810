"""What the headers of an answer say about the rate limit: pure functions, no I/O.

The live API sends ``x-ratelimit-limit``, ``x-ratelimit-remaining`` and ``x-ratelimit-reset`` (Unix seconds) with every
answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from hedy_jupyter.api import protocol

_NUMBER = re.compile(r"\s*[0-9]{1,15}(\.[0-9]{1,9})?\s*")
_ROUNDING_S = 5.0
"""A reset that lies so little in the past is due now: both times are rounded, and a proxy may have written one of them."""
_FAR_S = 3600.0
"""A reset further ahead is none: it was written in another unit, or by a broken clock."""


@dataclass(frozen=True)
class Quota:
    """What one answer says is left of the limit.

    Attributes:
        remaining: how many requests are left.
        reset: when more are, in the server's Unix seconds; answers about the same minute carry the same number.
        reset_in_s: the same as a distance from the answer, 0 to 60 s.
    """

    remaining: int
    reset: float
    reset_in_s: float


def quota(headers: Mapping[str, str]) -> Quota | None:
    """Return what an answer says is left, or None where it does not say that in full."""
    remaining, reset, reset_s = (
        _number(headers, "x-ratelimit-remaining"),
        _number(headers, "x-ratelimit-reset"),
        reset_in_s(headers),
    )
    if remaining is None or reset is None or reset_s is None:
        return None
    return Quota(int(remaining), reset, reset_s)


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
    return next((min(max(far, 0.0), protocol.MAX_WAIT_S) for far in distances if -_ROUNDING_S <= far <= _FAR_S), None)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, a date in it measured from the answer's own.

    None where it asks for none.
    """
    now = next(_times(headers))
    return protocol.retry_after_s(headers.get("retry-after"), datetime.fromtimestamp(now, UTC))


def _times(headers: Mapping[str, str]) -> Iterator[float]:
    """Yield when the answer was made, in Unix seconds: by its own date, then by this machine's clock."""
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
        yield date.replace(tzinfo=date.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        pass
    yield time.time()


def _number(headers: Mapping[str, str], name: str) -> float | None:
    text = headers.get(name, "")
    return float(text) if _NUMBER.fullmatch(text) else None
