"""How IPython shows frames while the extension is loaded: as pandas does, but not as mathematics, and without control characters.

Titles and texts are other people's words: ``from $50 to $100`` is no formula, and a title may hold an escape sequence that writes to
the clipboard. Nothing tells where a frame comes from once it was grouped, counted or built again, so this holds for all frames, columns,
indexes and arrays of pandas. In HTML the option ``display.html.use_mathjax`` of pandas is off instead of on; who sets it after loading
decides. A ``Styler`` is shown as it is. Unloading puts everything back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

from hedy_jupyter.display.render import WIDTH
from hedy_jupyter.text.clean import visible

if TYPE_CHECKING:
    from hedy_jupyter.account.list_view import ListView

_TEXT = "text/plain"
_KINDS: tuple[type, ...] = (pd.DataFrame, pd.Series, pd.Index, pd.api.extensions.ExtensionArray)
_WIDEST = 140  # columns of a view in a terminal; longer lines are hard to follow
_MATHJAX = "display.html.use_mathjax"
Printer = Callable[[Any, Any, bool], object]


class FrameFormats:
    """Replace what shows frames in one shell, and put it back."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._before: dict[tuple[str, type], Callable[..., Any] | None] = {}
        self._is_mathjax_ours = False
        self._viewed: tuple[pd.DataFrame, ListView] | None = None

    def show_as(self, frame: pd.DataFrame | None, view: ListView | None) -> None:
        """Show *frame* as *view* until this is called again; as pandas does where there is no view."""
        self._viewed = None if frame is None or view is None else (frame, view)

    def _view(self, value: object) -> ListView | None:
        return self._viewed[1] if self._viewed is not None and self._viewed[0] is value else None

    def _formatter(self, mime: str) -> Any:
        shown = self._shell.display_formatter
        assert shown is not None  # noqa: S101  every shell has one
        return shown.formatters[mime]

    def register(self) -> None:
        """Show frames in this way from now on."""
        for kind in _KINDS:
            self._replace(_TEXT, kind, self._text)
        self._replace("text/html", pd.DataFrame, self._html)
        self._replace("text/markdown", pd.DataFrame, self._markdown)
        if pd.get_option(_MATHJAX):
            pd.set_option(_MATHJAX, False)  # pandas then writes the class that MathJax skips
            self._is_mathjax_ours = True

    def unregister(self) -> None:
        """Put back what was there before; an option that was changed since stays."""
        for (mime, kind), before in self._before.items():
            self._formatter(mime).type_printers.pop(kind, None)
            if before is not None:
                self._formatter(mime).for_type(kind, before)
        self._before.clear()
        if self._is_mathjax_ours:
            pd.set_option(_MATHJAX, True)
            self._is_mathjax_ours = False

    def _replace(self, mime: str, kind: type, make: Callable[[Callable[..., Any] | None], Callable[..., Any]]) -> None:
        before = self._formatter(mime).type_printers.get(kind)
        self._formatter(mime).for_type(kind, make(before))
        self._before[mime, kind] = before

    def _text(self, before: Callable[..., Any] | None) -> Printer:
        def show(value: Any, printer: Any, cycle: bool) -> None:
            view = self._view(value)
            if view is not None and len(printer.stack) <= 1:
                _write(printer, view.to_text(self._width()))
            elif before is not None:
                before(value, printer, cycle)
            else:
                _write(printer, visible(repr(value)))

        return show

    def _html(self, before: Callable[..., Any] | None) -> Callable[[pd.DataFrame], str | None]:
        def show(value: pd.DataFrame) -> str | None:
            view = self._view(value)
            if view is not None:
                return view._repr_html_()
            return before(value) if before is not None else value._repr_html_()  # type: ignore[operator, no-any-return]

        return show

    def _markdown(self, before: Callable[..., Any] | None) -> Callable[[pd.DataFrame], str | None]:
        def show(value: pd.DataFrame) -> str | None:
            view = self._view(value)
            if view is not None:
                return view._repr_markdown_()
            return None if before is None else before(value)

        return show

    def _width(self) -> int:
        """Return the columns of the terminal; in a kernel those of a page of text."""
        return WIDTH if hasattr(self._shell, "kernel") else min(shutil.get_terminal_size().columns, _WIDEST)


def _write(printer: Any, text: str) -> None:
    """Write *text* as IPython itself writes a repr of several lines."""
    with printer.group():
        for place, line in enumerate(text.splitlines()):
            if place:
                printer.break_()
            printer.text(line)
