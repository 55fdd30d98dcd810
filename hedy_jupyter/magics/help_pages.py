"""The help of ``%hedy`` as a notebook shows it: the overview and each command as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hedy_jupyter.display.copyable_text import Document
from hedy_jupyter.display.display_mixin import Shown
from hedy_jupyter.display.page import Body, Fact, Page, Prose
from hedy_jupyter.display.table import Cell, Column, Table
from hedy_jupyter.magics.command import Command
from hedy_jupyter.magics.help import EXAMPLE, NEXT_STEP, NOTES, WIDTH, example_of, explain, facts, grouped, overview


@dataclass(frozen=True)
class _Help(Shown):
    """Help that a terminal shows as the lines of ``overview`` and ``explain``, a notebook as a table."""

    shown: Page
    lines: str

    _repr_pretty_ = Shown._repr_pretty_  # IPython takes a class's own `__repr__` before the `_repr_pretty_` of its base

    def page(self) -> Page:
        """Return the help for notebooks."""
        return self.shown

    def to_text(self, width: int = WIDTH) -> Document:  # noqa: ARG002  the lines are made for any terminal
        """Return the help for terminals."""
        return Document(self.lines)


def overview_help(commands: Sequence[Command]) -> Shown:
    """Return the overview as a table for notebooks, and as text for terminals."""
    rows = [
        [Cell(group, is_repeated=place > 0), Cell(usage), Cell(summary)]
        for group, rows in grouped(commands)
        for place, (usage, summary) in enumerate(rows)
    ]
    columns = (Column("Group"), Column("Command", "name"), Column("What it does", "text"))
    table = Table(columns, rows, note=" ".join(NOTES), next_step=NEXT_STEP)
    return _Help(Page("", "%hedy: your Hedy meetings as DataFrames", sections=[("", table)]), overview(commands))


def explain_help(command: Command) -> Shown:
    """Return the help of one command as a table for notebooks, and as text for terminals."""
    rows = [[Cell(label), Cell(text)] for label, text in facts(command)]
    table = Table((Column("Option", "fact"), Column("What it does", "text")), rows)
    example = example_of(command)
    sections: list[tuple[str, Body]] = [
        ("", Prose(command.help)),
        ("", table),
        *([(EXAMPLE, Prose(example))] if example else []),
    ]
    return _Help(Page("", command.name, [Fact("Usage", command.usage)], sections), explain(command))
