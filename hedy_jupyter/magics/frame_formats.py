"""The formats of frames in IPython while the extension is loaded: no mathematics, no control characters.

Titles and texts come from others: ``from $50 to $100`` is no formula, and a title may contain an escape sequence that
writes to the clipboard. A frame that was grouped or counted does not show where it came from, so this applies to all
frames, columns, indexes and arrays of pandas. In HTML it switches the pandas option ``display.html.use_mathjax`` off,
which a user may set again. A ``Styler`` is shown unchanged. Unloading restores everything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

from hedy_jupyter.text.clean import visible

_TEXT = "text/plain"
_KINDS: tuple[type, ...] = (pd.DataFrame, pd.Series, pd.Index, pd.api.extensions.ExtensionArray)
_MATHJAX = "display.html.use_mathjax"
Printer = Callable[[Any, Any, bool], object]


class FrameFormats:
    """Replaces what shows frames in one shell, and restores it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._before: dict[type, Callable[..., Any] | None] = {}
        self._is_mathjax_ours = False

    @property
    def _formatter(self) -> Any:
        shown = self._shell.display_formatter
        assert shown is not None  # noqa: S101  every shell has one
        return shown.formatters[_TEXT]

    def register(self) -> None:
        """Replace what shows frames."""
        for kind in _KINDS:
            before = self._formatter.type_printers.get(kind)
            self._formatter.for_type(kind, _text(before))
            self._before[kind] = before
        if pd.get_option(_MATHJAX):
            pd.set_option(_MATHJAX, False)  # pandas then writes the class that MathJax skips
            self._is_mathjax_ours = True

    def unregister(self) -> None:
        """Restore what was there before, except an option that was changed since then."""
        for kind, before in self._before.items():
            self._formatter.type_printers.pop(kind, None)
            if before is not None:
                self._formatter.for_type(kind, before)
        self._before.clear()
        if self._is_mathjax_ours:
            pd.set_option(_MATHJAX, True)
            self._is_mathjax_ours = False


def _text(before: Callable[..., Any] | None) -> Printer:
    def show(value: Any, printer: Any, cycle: bool) -> None:
        if before is not None:
            before(value, printer, cycle)
            return
        text = visible(repr(value))
        with printer.group():  # as IPython itself writes a repr of several lines
            for place, line in enumerate(text.splitlines()):
                if place:
                    printer.break_()
                printer.text(line)

    return show
