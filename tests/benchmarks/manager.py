"""How long the manager takes for what a user does in it, with 500 topics and 500 contexts.

``python -m tests.benchmarks.manager`` (``--small``: 20). Each step is given in milliseconds of the processor, the
slowest of several times, beside what making the plain frame of the topics takes. The server answers in this process.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from hedy_jupyter import forms
from tests.benchmarks.rows import Row, main, reactions, slowest_ms
from tests.forming import enter, fields, press, seen, steps
from tests.histories import History, answer


class Large(History):
    """An account with many topics and contexts."""

    def __init__(self, count: int) -> None:
        super().__init__(3)
        words = ("Hiring", "Harbour", "Lamp", "Launch", "Review")
        self.topics = [
            {
                "id": f"topic_{number:04}",
                "name": f"{words[number % 5]} {number}",
                "description": f"What we say about it {number} times",
                "color": f"#{number * 7919 % 0xFFFFFF:06X}",
                "iconName": "lightbulb_outline",
                "session_count": number % 17,
                "lastSessionDate": "2026-11-20T10:00:00Z",
            }
            for number in range(count)
        ]
        self.contexts = [
            {"id": f"ctx_{number:04}", "title": f"Context {number}", "content": "x" * 2_000, "isDefault": number == 0}
            for number in range(count)
        ]

    def reply(self, steps: list[str], query: dict[str, str]) -> httpx.Response:
        match steps:
            case ["topics", ident]:
                return answer(200, {"success": True, "data": next(one for one in self.topics if one["id"] == ident)})
        return super().reply(steps, query)


def actions(manager: Any) -> dict[str, Callable[[], object]]:
    """What a user does, in an order in which each step changes something each time."""
    turn = itertools.count()

    def show(*indices: int) -> Callable[[], None]:
        return lambda: setattr(manager.children[0], "selected_index", indices[next(turn) % len(indices)])

    def fill(label: str, *texts: str) -> Callable[[], None]:
        return lambda: setattr(fields(manager)[label], "value", texts[next(turn) % len(texts)])

    def edit() -> None:
        fill("Topics", "Hiring 5", "Lamp 7")()
        press(manager, "Edit")

    return {
        "contexts, and back": lambda: (show(1)(), show(0)()),
        "filter by a word": fill("Filter", "hir", "harb", "lau"),
        "no filter": fill("Filter", "", "1"),
        "choose a topic": fill("Topics", "Hiring 5", "Lamp 7", "Harbour 1"),
        "refresh": lambda: press(manager, "Refresh"),
        "open the form of a topic": edit,
        "type into the form": fill("Name", "A lamp", "A harbour", "A launch"),
        "review": lambda: enter(steps(manager), "Review"),
    }


def rows(small: bool) -> list[Row]:
    """Measure each step."""
    count = 20 if small else 500
    with (
        tempfile.TemporaryDirectory() as folder,
        Large(count).account_of(archive=Path(folder) / "archive.sqlite") as hedy,
    ):
        list_ms = slowest_ms(lambda: hedy.topics(refresh=True))
        numbers = {"open": slowest_ms(lambda: forms.manager(hedy))}
        manager = forms.manager(hedy)
        for name, act in actions(manager).items():
            numbers[name] = slowest_ms(act)
        assert "PATCH" in seen(manager), "the review was not shown"
    return reactions("manager", numbers, f"reading the list of {count:,} topics", list_ms)


if __name__ == "__main__":
    main(rows, __doc__)
