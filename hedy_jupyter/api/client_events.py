"""Events that the client reports while it works: waits, requests to come, requests made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Notice:
    """A wait that the user should see while it happens.

    Attributes:
        text: one line: why, and for how long.
        kind: what it is about; a second notice of one kind adds nothing while the first wait lasts.
        wait_s: how long the wait lasts, in seconds.
    """

    text: str
    kind: str
    wait_s: float


@dataclass(frozen=True)
class Sent:
    """One request has been answered."""


@dataclass(frozen=True)
class Planned:
    """So many requests follow, and the rate limit makes them take so many seconds."""

    requests: int
    seconds: float


ClientEvent = Notice | Sent | Planned
"""What the client reports; ``signatures.Event`` is what a webhook delivers."""

Emit = Callable[[ClientEvent], None]


@dataclass(frozen=True)
class Logged:
    """One request that was made.

    Attributes:
        time: when it started, UTC.
        method: GET, POST, PATCH or DELETE.
        path: without its query.
        status: None where no answer came.
        ms: milliseconds from start to the last byte.
        bytes: the size of the body on the wire.
    """

    time: datetime
    method: str
    path: str
    status: int | None
    ms: float
    bytes: int


Check = Callable[[object], object]
"""Raises a HedyError where an answer does not have the shape that it should have."""


def accept_any(value: object) -> object:
    """Return *value*: the check that accepts every answer."""
    return value
