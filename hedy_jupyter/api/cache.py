"""``ResponseCache``: the answers of the last minute, so that reading them again costs no request."""

from __future__ import annotations

import time
from collections.abc import Callable

KEEP_S = 60.0

Request = tuple[str, tuple[tuple[str, str], ...]]
"""A path and its query."""


class ResponseCache:
    """Answers by request: complete ones for *keep_s* seconds, those of a call that was stopped until it is repeated."""

    def __init__(self, keep_s: float = KEEP_S, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._keep_s = keep_s
        self._clock = clock
        self._answers: dict[Request, tuple[float, object]] = {}
        self._partial: dict[Request, object] = {}

    def get(self, request: Request) -> object | None:
        """Return the answer to *request* if it is young enough, else None (no answer of the API is null)."""
        at, answer = self._answers.get(request, (0.0, None))
        return answer if answer is not None and self._clock() - at < self._keep_s else None

    def put(self, request: Request, answer: object) -> None:
        """Keep *answer*, and drop the answers that are too old."""
        now = self._clock()
        for old in [known for known, (at, _) in self._answers.items() if now - at >= self._keep_s]:
            del self._answers[old]
        self._answers[request] = now, answer

    def partial(self, request: Request) -> object | None:
        """Return the answer to *request* that a stopped call left, or None."""
        return self._partial.get(request)

    def keep_partial(self, answers: dict[Request, object]) -> None:
        """Keep what a stopped call has so far."""
        self._partial.update(answers)

    def complete(self, answers: dict[Request, object]) -> None:
        """Keep all *answers* of a finished call, the partial ones of earlier calls among them, as if they came now."""
        for request, answer in answers.items():
            self._partial.pop(request, None)
            self.put(request, answer)

    def forget(self) -> None:
        """Forget everything."""
        self._answers.clear()
        self._partial.clear()
