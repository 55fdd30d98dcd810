"""The formats of frames in IPython while the extension is loaded: no mathematics, no control characters.

Titles and texts come from others: ``from $50 to $100`` is no formula, and a title may contain an escape sequence that
writes to the clipboard. A frame that was grouped or counted does not show where it came from, so this applies to all
frames, columns, indexes and arrays of pandas. In HTML it switches the pandas option ``display.html.use_mathjax`` off,
which a user may set again. A ``Styler`` is shown unchanged. Unloading restores everything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

from hedy_jupyter.display.terminal import terminal_width
from hedy_jupyter.text.clean import visible

if TYPE_CHECKING:
    from hedy_jupyter.account.list_view import ListView

_TEXT = "text/plain"
_KINDS: tuple[type, ...] = (pd.DataFrame, pd.Series, pd.Index, pd.api.extensions.ExtensionArray)
_WIDEST = 140  # columns of a view in a terminal; longer lines are hard to follow
_MATHJAX = "display.html.use_mathjax"
_HTML = "display.notebook_repr_html"
Printer = Callable[..., Any]


class FrameFormats:
    """Replaces what shows frames in one shell, and restores it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._before: dict[tuple[str, type], tuple[Printer | None, Printer]] = {}
        self._viewed: tuple[pd.DataFrame, ListView] | None = None
        self._is_mathjax_ours = False

    def show_as(self, frame: pd.DataFrame | None, view: ListView | None) -> None:
        """Show *frame* as *view* until this is called again; without a view as pandas does."""
        self._viewed = None if frame is None or view is None else (frame, view)

    def register(self) -> None:
        """Replace what shows frames."""
        for kind in _KINDS:
            self._install(_TEXT, kind, self._text)
        self._install("text/html", pd.DataFrame, partial(self._rich, _view_html, _pandas_html))
        self._install("text/markdown", pd.DataFrame, partial(self._rich, _view_markdown, lambda _: None))
        if pd.get_option(_MATHJAX):
            pd.set_option(_MATHJAX, False)  # pandas then writes the class that MathJax skips
            self._is_mathjax_ours = True

    def unregister(self) -> None:
        """Restore what was there before, except a format or an option that was changed since then."""
        for (mime, kind), (before, ours) in self._before.items():
            if self._formatter(mime).type_printers.get(kind) is not ours:
                continue
            self._formatter(mime).type_printers.pop(kind)
            if before is not None:
                self._formatter(mime).for_type(kind, before)
        self._before.clear()
        if self._is_mathjax_ours:
            pd.set_option(_MATHJAX, True)
            self._is_mathjax_ours = False

    def _install(self, mime: str, kind: type, make: Callable[[Printer | None], Printer]) -> None:
        before = self._formatter(mime).type_printers.get(kind)
        ours = make(before)
        self._formatter(mime).for_type(kind, ours)
        self._before[mime, kind] = before, ours

    def _formatter(self, mime: str) -> Any:
        formatter = self._shell.display_formatter
        assert formatter is not None  # noqa: S101  every shell has one
        return formatter.formatters[mime]

    def _view(self, value: object, *, rich: bool = True) -> ListView | None:
        """Return the view of *value*; for a *rich* format None too where pandas is set to show text alone."""
        if self._viewed is None or self._viewed[0] is not value or (rich and not pd.get_option(_HTML)):
            return None
        return self._viewed[1]

    def _text(self, before: Printer | None) -> Printer:
        def show(value: Any, printer: Any, cycle: bool) -> None:
            view = self._view(value, rich=False)
            if view is not None and len(printer.stack) <= 1:
                _write(printer, view.to_text(terminal_width(_WIDEST)))
            elif before is not None:
                before(value, printer, cycle)
            else:
                _write(printer, visible(repr(value)))

        return show

    def _rich(self, of_view: Callable[[ListView], str], of_pandas: Printer, before: Printer | None) -> Printer:
        def show(value: pd.DataFrame) -> object:
            view = self._view(value)
            return (before or of_pandas)(value) if view is None else of_view(view)

        return show


def _pandas_html(frame: pd.DataFrame) -> object:
    return frame._repr_html_()  # type: ignore[operator]


def _view_html(view: ListView) -> str:
    return view._repr_html_()


def _view_markdown(view: ListView) -> str:
    return view._repr_markdown_()


def _write(printer: Any, text: str) -> None:
    """Write *text* as IPython itself writes a repr of several lines."""
    with printer.group():
        for place, line in enumerate(text.splitlines()):
            if place:
                printer.break_()
            printer.text(line)
