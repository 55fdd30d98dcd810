"""``Shown``: the mixin of classes that are shown as a card in notebooks, as text in terminals, and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hedy_jupyter.display import render
from hedy_jupyter.display.copyable_text import Document, Printer
from hedy_jupyter.display.page import Fact, Page
from hedy_jupyter.display.terminal import WIDTH, terminal_width


class Shown:
    """An object with rich displays in notebooks: a subclass defines ``page()``, and ``display.render`` writes it."""

    def page(self) -> Page:
        """Return what is shown, as plain values."""
        raise NotImplementedError

    def to_html(self) -> Document:
        """Return the card as HTML without scripts, pictures or other resources; all text in it is escaped."""
        return Document(render.html(self.page()))

    def to_markdown(self) -> Document:
        """Return what is shown as Markdown; text from the API is escaped."""
        return Document(render.markdown(self.page()))

    def to_text(self, width: int = WIDTH) -> Document:
        """Return what is shown as plain text of at most *width* columns, as a terminal shows it."""
        return Document(render.text(self.page(), width))

    def _repr_html_(self) -> str:
        return str(self.to_html())  # exactly str: some front ends take no subclass of it

    def _repr_markdown_(self) -> str:
        return str(self.to_markdown())

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        inside_something = cycle or len(printer.stack) > 1  # a list of ten sessions is ten lines, not ten pages
        printer.text(repr(self) if inside_something else str(self.to_text(terminal_width())))


@dataclass(frozen=True)
class Card(Shown):
    """A title over rows of (label, value), all of them plain text, such as the status of ``%hedy``."""

    title: str
    rows: Sequence[tuple[str, str]]

    # IPython takes a class's own ``__repr__`` before the ``_repr_pretty_`` of its base.
    _repr_pretty_ = Shown._repr_pretty_

    def page(self) -> Page:
        """Return the title and the rows."""
        return Page("", self.title, [Fact(label, value) for label, value in self.rows])
