"""The rate limit as the live API seems to count: fixed windows, and headers that say what is left.

The headers of the live API are those of express-rate-limit: a window begins with the first request of a key, lasts a
minute whatever comes in it, and ends at once for all its requests. A request that is refused counts too, but does not
prolong the window.
"""

from __future__ import annotations

import math
from collections.abc import Callable

WINDOW_S = 60.0


class FixedWindow:
    """Counts up to *size* requests in a minute that begins with the first one after the minute before.

    Attributes:
        remaining: how many more are admitted in this minute.
        reset: the Unix time at which it ends, in whole seconds, rounded up.
    """

    def __init__(self, size: int, *, clock: Callable[[], float], wall: Callable[[], float]) -> None:
        self._size = size
        self._clock = clock
        self._wall = wall
        self._ends_s = -math.inf
        self.remaining = size
        self.reset = 0

    @property
    def is_over(self) -> bool:
        """Whether the minute is over."""
        return self._clock() >= self._ends_s

    def take(self) -> bool:
        """Count a request; return whether it is admitted."""
        if self.is_over:
            self._ends_s, self.remaining = self._clock() + WINDOW_S, self._size
            self.reset = math.ceil(self._wall() + WINDOW_S)
        is_admitted = self.remaining > 0
        self.remaining = max(0, self.remaining - 1)
        return is_admitted


class Limiter:
    """One window for each key.

    Args:
        size: requests a minute; None admits all of them and counts none.
        clock: returns seconds that only grow.
        wall: returns the Unix time.
    """

    def __init__(self, size: int | None, *, clock: Callable[[], float], wall: Callable[[], float]) -> None:
        self._size = size
        self._clock = clock
        self._wall = wall
        self._windows: dict[str, FixedWindow] = {}

    def take(self, key: str) -> tuple[bool, dict[str, str]]:
        """Count a request of *key*; return whether it is admitted, and the headers of its response."""
        if self._size is None:
            return True, {}
        if key not in self._windows:
            self._windows = {name: window for name, window in self._windows.items() if not window.is_over}
            self._windows[key] = FixedWindow(self._size, clock=self._clock, wall=self._wall)
        window = self._windows[key]
        admitted = window.take()
        return admitted, {
            "x-ratelimit-limit": str(self._size),
            "x-ratelimit-remaining": str(window.remaining),
            "x-ratelimit-reset": str(window.reset),
        }
