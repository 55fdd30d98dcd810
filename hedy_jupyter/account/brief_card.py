"""``Briefing``: the card of a brief for notebooks, terminals and mails; ``display.render`` escapes its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hedy_jupyter.account import card_parts
from hedy_jupyter.analysis.brief import Brief, Mark, Part, Promise
from hedy_jupyter.display.display_mixin import Shown
from hedy_jupyter.display.page import Body, Fact, Item, Items, Minutes, Page, Prose
from hedy_jupyter.frames.api_text import UNTITLED, WITHOUT_TOPIC
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import counted, short_day

_NAMELESS = frozenset({WITHOUT_TOPIC, UNTITLED["topic"]})
_NEEDS_ESCAPES = re.compile(r"""["{}$\\]""")  # in a line of %hedy


@dataclass(frozen=True)
class Briefing(Shown):
    """The brief before the next meeting: a card in a notebook, text in a terminal, ``to_markdown()`` to paste.

    Attributes:
        brief: the same as plain data.
    """

    brief: Brief

    _repr_pretty_ = Shown._repr_pretty_  # IPython takes a class's own `__repr__` before the `_repr_pretty_` of its base

    def __repr__(self) -> str:
        return f"<Briefing {self.brief.title!r} since {self.brief.since}: {len(self.brief.parts)} topics>"

    def __str__(self) -> str:
        return self.to_text()

    def page(self) -> Page:
        """Return what the brief shows."""
        brief = self.brief
        single = len(brief.parts) == 1
        sections = [
            section
            for part in brief.parts
            for section in _sections(part, "" if single else f"{part.title}: ", brief.since.year)
        ]
        facts = [Fact("Since", card_parts.day(brief.since) + (f" ({brief.zone})" if brief.zone else ""))]
        if single:
            facts += [Fact("Meetings since", _meetings(brief.parts[0])), Fact("Open todos", _open(brief.parts[0]))]
        else:
            facts += [Fact("All open todos", _counted(brief.open, brief.late, brief.undated))]
            facts += [Fact(part.title, f"{_meetings(part)}; open todos: {_open(part)}") for part in brief.parts]
        return Page("Brief", brief.title, facts, sections, () if brief.parts else ("no meetings since then",))

    @property
    def html(self) -> str:
        """The card as HTML, the same as ``to_html()``."""
        return self.to_html()

    @property
    def markdown(self) -> str:
        """The brief as Markdown, the same as ``to_markdown()``."""
        return self.to_markdown()

    @property
    def text(self) -> str:
        """The brief as plain text, the same as ``to_text()``."""
        return self.to_text()


def _meetings(part: Part) -> str:
    return f"{part.meetings} ({part.hours:g} hours)" if part.meetings else "none"


def _open(part: Part) -> str:
    promised = len(part.todos) + part.left_out
    shown = f"{len(part.todos)} of {promised}" if part.left_out else str(promised)
    folded = ", each repeated one listed once" if promised < part.open else ""
    without = f", without {part.done_later} that a later meeting has as done" if part.done_later else ""
    below = f"; {shown} below{folded}{without}" if part.left_out or folded else ""
    return _counted(part.open, part.late, part.undated) + below


def _more(part: Part) -> str:
    """Return how many promises are left out below the list, and the command that lists them, where there is one."""
    if part.left_out and not part.is_topic:
        return f"{part.left_out} more"
    is_topic = part.title not in _NAMELESS and not _NEEDS_ESCAPES.search(part.title)
    topic = f' --topic "{one_line(part.title)}"' * is_topic
    return f"{part.left_out} more: %hedy todos --open{topic}" if part.left_out else ""


def _counted(count: int, late: int, undated: int) -> str:
    parts = [
        str(count),
        f"{late} of them late" if late else "",
        f"{undated} without an exact due day" if undated else "",
    ]
    return ", ".join(filter(None, parts))


def _sections(part: Part, before: str, year: int) -> Iterator[tuple[str, Body]]:
    if part.about:
        yield f"{before}About", Prose(part.about)
    if part.recap:
        yield f"{before}Last recap ({part.recap_of})", Minutes(part.recap)
    if part.todos:
        yield f"{before}Open todos", Items(tuple(_todo(one, year) for one in part.todos), _more(part))
    if part.highlights:
        yield f"{before}Highlights", Items(tuple(_mark(one, year) for one in part.highlights))
    if part.changes:
        yield f"{before}What is new", Items(tuple(Item("", change) for change in part.changes))


def _todo(one: Promise, year: int) -> Item:
    due = card_parts.due(one.due, one.due_text, year)
    late = f"{counted(one.late_days, 'day')} late" if one.due and one.late_days > 0 else ""
    again = f"in {one.times} meetings" if one.times > 1 else ""
    return Item("☐", one.text or UNTITLED["todo"], ", ".join(filter(None, (due, late, again))))


def _mark(one: Mark, year: int) -> Item:
    return Item("★", one.title or UNTITLED["highlight"], short_day(one.day, year) if one.day else "", one.quote)
