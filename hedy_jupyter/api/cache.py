"""What was read a moment ago, so that reading it again costs no request."""

from __future__ import annotations

import time
from collections.abc import Callable

KEEP_S = 60.0

Question = tuple[str, tuple[tuple[str, str], ...]]
"""A path and its query."""


class ResponseCache:
    """Answers by question, for *keep_s* seconds.

    And, without a limit of time, those of a job that was stopped half-way.
    """

    def __init__(self, keep_s: float = KEEP_S, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._keep_s = keep_s
        self._clock = clock
        self._answers: dict[Question, tuple[float, object]] = {}
        self._unfinished: dict[Question, object] = {}

    def get(self, question: Question) -> object | None:
        """The answer to *question* if it is young enough, else None (no answer of the API is null)."""
        at, answer = self._answers.get(question, (0.0, None))
        return answer if answer is not None and self._clock() - at < self._keep_s else None

    def put(self, question: Question, answer: object) -> None:
        """Keep *answer*, and drop what has grown old."""
        now = self._clock()
        for old in [known for known, (at, _) in self._answers.items() if now - at >= self._keep_s]:
            del self._answers[old]
        self._answers[question] = now, answer

    def unfinished(self, question: Question) -> object | None:
        """The answer to *question* that a stopped job left, or None."""
        return self._unfinished.get(question)

    def keep_unfinished(self, answers: dict[Question, object]) -> None:
        """Keep what a stopped job has so far."""
        self._unfinished.update(answers)

    def finish(self, answers: dict[Question, object]) -> None:
        """A job is done: all of *answers* are as young as its end, and nothing of them is unfinished."""
        for question, answer in answers.items():
            self._unfinished.pop(question, None)
            self.put(question, answer)

    def forget(self) -> None:
        """Forget everything."""
        self._answers.clear()
        self._unfinished.clear()
