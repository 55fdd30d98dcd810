"""``Document``: a text to copy elsewhere; a notebook shows it in a text field, a terminal as it is."""

from __future__ import annotations

from typing import Protocol

from hedy_jupyter.display.html_tags import Safe, escaped, tag
from hedy_jupyter.text.clean import printable


class Printer(Protocol):
    """The members of IPython's pretty printer that are used here."""

    stack: list[int]

    def text(self, text: str) -> object:
        """Write *text*."""


_ROWS_AT_MOST = 30
_STYLE = Safe(
    "<style>.hedy-document textarea{width:100%;max-width:60em;box-sizing:border-box;"
    "font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,.9em);"
    "line-height:1.4;color:inherit;background:transparent;"
    "border:1px solid var(--jp-border-color2,rgba(128,128,128,.4));border-radius:4px;padding:.5em}</style>"
)


class Document(str):
    """A text in some format (Markdown, HTML, a checklist): a ``str`` in every respect that shows itself as text.

    A notebook shows it in a read-only field, from which all of it can be copied, a terminal line by line.
    """

    def _repr_html_(self) -> str:
        rows = min(self.count("\n") + 1, _ROWS_AT_MOST)
        # A first newline in a textarea is left out by the reader of HTML.
        field = Safe(f'<textarea readonly rows="{rows}" aria-label="text to copy">\n{escaped(str(self))}</textarea>')
        return str(tag("div", _STYLE, field, class_="hedy-document mathjax_ignore tex2jax_ignore"))

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        printer.text(repr(str(self)) if cycle or len(printer.stack) > 1 else printable(str(self)))
