"""How IPython shows frames of ours: as pandas does, but never as mathematics, and without characters that a terminal obeys.

Titles and texts are other people's words: ``from $50 to $100`` is no formula, and a title may hold an escape sequence that writes to
the clipboard. Frames of others are shown as before, and so are ours once the extension is unloaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

from hedy_jupyter.frames.schema import TABLES
from hedy_jupyter.text.clean import visible

_HTML, _TEXT = "text/html", "text/plain"
_IDS = frozenset(table[0].name for name, table in TABLES.items() if table[0].name.endswith("_id") or name == "hits")
_TITLES = frozenset({"title", "text", "name", "content", "snippet", "topic_name", "url"})
Printer = Callable[[Any, Any, bool], object]


class FrameFormats:
    """Takes the place of what shows frames and columns in one shell, and gives it back."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._before: list[tuple[str, type, Callable[..., Any] | None]] = []

    def _formatter(self, mime: str) -> Any:
        shown = self._shell.display_formatter
        assert shown is not None  # noqa: S101  every shell has one
        return shown.formatters[mime]

    def register(self) -> None:
        """Show frames and columns of ours in this way from now on."""
        for mime, kind, make in ((_HTML, pd.DataFrame, _html), (_TEXT, pd.DataFrame, _text), (_TEXT, pd.Series, _text)):
            formatter = self._formatter(mime)
            before = formatter.type_printers.get(kind)
            formatter.for_type(kind, make(before))
            self._before.append((mime, kind, before))

    def unregister(self) -> None:
        """Put back what was there before."""
        for mime, kind, before in self._before:
            formatter = self._formatter(mime)
            formatter.type_printers.pop(kind, None)
            if before is not None:
                formatter.for_type(kind, before)
        self._before.clear()


def is_ours(shown: pd.DataFrame | pd.Series) -> bool:
    """Whether *shown* comes from an account: by its attrs, which most steps keep, else by the columns of our frames."""
    if "coverage" in shown.attrs:
        return True
    if isinstance(shown, pd.Series):
        return False
    names = {name for name in shown.columns if isinstance(name, str)}
    return not _IDS.isdisjoint(names) and not _TITLES.isdisjoint(names)


def _html(before: Callable[..., Any] | None) -> Callable[[Any], Any]:
    show = before or (lambda df: df._repr_html_())

    def without_mathematics(df: pd.DataFrame) -> Any:
        if not is_ours(df):
            return show(df)
        with pd.option_context("display.html.use_mathjax", False):  # pandas then writes the class that MathJax skips
            return show(df)

    return without_mathematics


def _text(before: Callable[..., Any] | None) -> Printer:
    def show(value: Any, printer: Any, cycle: bool) -> None:
        if before is not None:
            before(value, printer, cycle)
            return
        text = visible(repr(value)) if is_ours(value) else repr(value)
        with printer.group():  # as IPython itself writes a repr of several lines
            for place, line in enumerate(text.splitlines()):
                if place:
                    printer.break_()
                printer.text(line)

    return show
