"""Progress: a bar for a job of more than a second, and a line for every wait. The only user of tqdm."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Never, Self, cast

from hedy_jupyter.api.client_events import ClientEvent, Notice, Planned, Sent
from hedy_jupyter.display.notice import NoticeLine, in_notebook
from hedy_jupyter.text.phrasing import duration

if TYPE_CHECKING:
    from tqdm import tqdm

_SHOW_AFTER_S = 1.0
_LOG_STEPS = 4  # lines of a long job in a log, after the first
_LOG_WAITS = 5  # lines about waits in one call, where they do not disappear again


class Progress:
    """Show the events of one call; a bar appears once the call is a second old and has more than one request."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._planned = 0
        self._seconds = 0.0
        self._sent = 0
        self._bar: tqdm[Never] | None = None
        self._wipe: Callable[[], None] = _nothing
        self._quiet_until: dict[str, float] = {}
        self._waits = 0
        self._line = NoticeLine()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._line.clear()
        if self._bar is not None:
            self._bar.close()
            self._wipe()

    def __call__(self, event: ClientEvent) -> None:
        """Show *event*, if it is time to."""
        match event:
            case Notice():
                self._show_notice(event)
            case Planned(requests, seconds):
                self._planned += requests
                self._seconds = max(self._seconds, seconds)
                if requests > 1 and seconds > _SHOW_AFTER_S:
                    self._show_bar()  # the cost is known before the first of them is sent
            case Sent():
                self._sent += 1
        if self._bar is not None or (self._planned > 1 and self._clock() - self._started > _SHOW_AFTER_S):
            self._show_bar()

    def _show_notice(self, notice: Notice) -> None:
        if self._clock() < self._quiet_until.get(notice.kind, 0.0):
            return
        self._quiet_until[notice.kind] = self._clock() + notice.wait_s
        self._waits += 1
        if self._waits <= _LOG_WAITS or _is_terminal() or in_notebook():
            self._line.show(notice.text)

    def _show_bar(self) -> None:
        cost = f", {duration(self._seconds)}" if self._seconds > _SHOW_AFTER_S else ""
        text = f"Hedy: {self._planned} requests{cost}"
        if self._bar is None:
            self._bar, self._wipe = _bar(text, self._planned)
            self._bar.start_t -= self._clock() - self._started  # it counts from the first request
        self._bar.total = self._planned
        self._bar.n = self._sent
        self._bar.set_description_str(text, refresh=False)
        self._bar.refresh()


def _bar(text: str, total: int) -> tuple[tqdm[Never], Callable[[], None]]:
    """Return a bar that is on the screen, and how to wipe what it leaves there."""
    from tqdm.auto import tqdm as auto
    from tqdm.notebook import tqdm_notebook

    if not issubclass(auto, tqdm_notebook):
        if not _is_terminal():
            return cast("tqdm[Never]", _LogBar()), _nothing
        return auto(desc=text, total=total, leave=False, unit="request"), _nothing
    from IPython.display import display

    bar: Any = auto(desc=text, total=total, leave=False, unit="request", display=False)
    shown = display(bar.container, display_id=True)  # type: ignore[no-untyped-call]
    # Without this a saved notebook waits for the widget.
    return bar, lambda: shown.update({"text/plain": ""}, raw=True)


def _is_terminal() -> bool:
    return bool(getattr(sys.stderr, "isatty", bool)())


class _LogBar:
    """The bar in a log: a line at the beginning, and one for each quarter that is done."""

    def __init__(self) -> None:
        self.total = 0
        self.n = 0
        self.start_t = 0.0
        self._text = ""
        self._last_step = -1

    def set_description_str(self, text: str, *, refresh: bool) -> None:  # noqa: ARG002  as tqdm has it
        """Take *text* for the first line."""
        self._text = text

    def refresh(self) -> None:
        """Write a line if another quarter is done."""
        step = _LOG_STEPS * self.n // max(self.total, 1)
        if step > self._last_step:
            line = self._text if self._last_step < 0 else f"Hedy: {self.n} of {self.total} requests done"
            self._last_step = step
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    def close(self) -> None:
        """Do nothing: the lines stay."""


def _nothing() -> None:
    pass
