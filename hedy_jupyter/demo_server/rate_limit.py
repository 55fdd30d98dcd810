"""The rate limit, as the live API seems to count: fixed windows, and headers that tell what is left.

The headers of the live API are those of express-rate-limit: a window begins with the first request of a key, lasts a
minute whatever comes in it, and ends at once for all its requests. A request that is refused counts too, but prolongs
nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable

WINDOW_S = 60.0


class Window:
    """Counts up to *size* requests in a minute that begins with the first one after the minute before.

    Attributes:
        left: how many more are admitted in this minute.
        reset: the Unix time at which it ends, in whole seconds, rounded up.
    """

    def __init__(self, size: int, *, clock: Callable[[], float], wall: Callable[[], float]) -> None:
        self._size = size
        self._clock = clock
        self._wall = wall
        self._ends_s = -math.inf
        self.left = size
        self.reset = 0

    @property
    def ended(self) -> bool:
        """Whether the minute is over."""
        return self._clock() >= self._ends_s

    def take(self) -> bool:
        """Count a request; False where there was no place for it."""
        if self.ended:
            self._ends_s, self.left = self._clock() + WINDOW_S, self._size
            self.reset = math.ceil(self._wall() + WINDOW_S)
        free = self.left > 0
        self.left = max(0, self.left - 1)
        return free


class Limiter:
    """One window a key.

    Args:
        size: requests a minute; None admits all of them and counts none.
        clock: gives seconds that only grow.
        wall: gives the Unix time.
    """

    def __init__(self, size: int | None, *, clock: Callable[[], float], wall: Callable[[], float]) -> None:
        self._size = size
        self._clock = clock
        self._wall = wall
        self._windows: dict[str, Window] = {}

    def take(self, key: str) -> tuple[bool, dict[str, str]]:
        """Count a request of *key*: whether it is admitted, and the headers of its answer."""
        if self._size is None:
            return True, {}
        if key not in self._windows:
            self._windows = {name: window for name, window in self._windows.items() if not window.ended}
            self._windows[key] = Window(self._size, clock=self._clock, wall=self._wall)
        window = self._windows[key]
        admitted = window.take()
        return admitted, {
            "x-ratelimit-limit": str(self._size),
            "x-ratelimit-remaining": str(window.left),
            "x-ratelimit-reset": str(window.reset),
        }
