"""What the client reports while it works: waits, requests to come, requests made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Notice:
    """A wait that the user should see while it happens.

    Attributes:
        text: one line: why, and for how long.
        kind: what it is about; a second notice of one kind says nothing new before the first has run out.
        wait_s: how long it holds, in seconds.
    """

    text: str
    kind: str
    wait_s: float


@dataclass(frozen=True)
class Sent:
    """One request has been answered."""


@dataclass(frozen=True)
class Planned:
    """This many requests are to come, and the time the limit makes them take, in seconds."""

    requests: int
    seconds: float


Event = Notice | Sent | Planned

Emit = Callable[[Event], None]


@dataclass(frozen=True)
class Logged:
    """One request that was made.

    Attributes:
        time: when it started, UTC.
        path: without its query.
        status: None where no answer came.
        ms: milliseconds from start to the last byte.
        bytes: of the body, as it came over the wire.
    """

    time: datetime
    method: str
    path: str
    status: int | None
    ms: float
    bytes: int


Check = Callable[[object], object]
"""Raises a HedyError where an answer is not of the shape that it should be."""


def accept_any(value: object) -> object:
    """The check that lets every answer through."""
    return value
