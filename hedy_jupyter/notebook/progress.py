"""Shows a job that takes longer than a second, and every wait, while they happen. The only user of tqdm."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Never, Self

from hedy_jupyter.api.client import Event, Notice, Planned, Sent
from hedy_jupyter.reads import duration

if TYPE_CHECKING:
    from tqdm import tqdm

_SHOW_AFTER_S = 1.0


class Progress:
    """Takes the events of one call; a bar appears once the call is a second old and has more than one request."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._planned = 0
        self._seconds = 0.0
        self._sent = 0
        self._bar: tqdm[Never] | None = None
        self._wipe: Callable[[], None] = _nothing
        self._told: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()
            self._wipe()

    def __call__(self, event: Event) -> None:
        """Show *event*, if it is time to."""
        match event:
            case Notice():
                self._tell(event)
            case Planned(requests, seconds):
                self._planned += requests
                self._seconds = max(self._seconds, seconds)
                if requests > 1 and seconds > _SHOW_AFTER_S:
                    self._show()  # the cost is known before the first of them is sent
            case Sent():
                self._sent += 1
        if self._bar is not None or (self._planned > 1 and self._clock() - self._started > _SHOW_AFTER_S):
            self._show()

    def _tell(self, notice: Notice) -> None:
        if self._clock() < self._told.get(notice.kind, 0.0):
            return
        self._told[notice.kind] = self._clock() + notice.wait_s
        print(notice.text, file=sys.stderr, flush=True)  # noqa: T201

    def _show(self) -> None:
        cost = f", {duration(self._seconds)}" if self._seconds > _SHOW_AFTER_S else ""
        text = f"Hedy: {self._planned} requests{cost}"
        if self._bar is None:
            self._bar, self._wipe = _bar(text, self._planned)
            self._bar.start_t -= self._clock() - self._started  # it counts from the first request, not from when it is seen
        self._bar.total = self._planned
        self._bar.n = self._sent
        self._bar.set_description_str(text, refresh=False)
        self._bar.refresh()


def _bar(text: str, total: int) -> tuple[tqdm[Never], Callable[[], None]]:
    """A bar that is on the screen, and how to wipe what it leaves there."""
    from tqdm.auto import tqdm as auto
    from tqdm.notebook import tqdm_notebook

    if not issubclass(auto, tqdm_notebook):
        return auto(desc=text, total=total, leave=False, unit="request"), _nothing
    from IPython.display import display

    bar: Any = auto(desc=text, total=total, leave=False, unit="request", display=False)
    shown = display(bar.container, display_id=True)  # type: ignore[no-untyped-call]
    return bar, lambda: shown.update({"text/plain": ""}, raw=True)  # else a saved notebook waits for this widget for ever


def _nothing() -> None:
    pass
