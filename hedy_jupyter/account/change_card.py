"""The card of a change that was not sent yet."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator

from hedy_jupyter.account import card_parts
from hedy_jupyter.changes.change import Change
from hedy_jupyter.display.page import Body, Code, Item, Items, Page

CODE_CALL = "Confirmed by"
"""The label of the call that confirms a change in code; a review in ``%hedy`` names its options instead."""
_AROUND = 3  # lines that are shown before and after a difference
_MARKS = str.maketrans({"\t": "⇥\t", "\u00a0": "⍽"})


def change_page(thing: Change) -> Page:
    """Return the page of a change as code shows it: with the call that confirms it."""
    facts = card_parts.facts(
        ("Sends", "nothing" if thing.changes_nothing else f"{thing.method} {thing.host}{thing.path}"),
        ("Target", thing.target),
        (CODE_CALL, f"change.confirm({thing.words!r})" if thing.words else "change.confirm()"),
        ("Digest", thing.digest),
    )
    return Page("Not sent yet", thing.sentence, facts, changed_sections(thing))


def changed_sections(change: Change) -> list[tuple[str, Body]]:
    """Return what *change* sends and does: its JSON, what differs from before, its effects and warnings."""
    sections = (
        card_parts.sections(("JSON", Code(json.dumps(change.body, indent=2, ensure_ascii=False))))
        if change.body
        else []
    )
    if change.action == "update" and change.body:
        sections += card_parts.sections(("Before and after", Code("\n".join(_differences(change)), is_diff=True)))
    sections += card_parts.sections(("Effects", Items(tuple(Item("•", line) for line in change.effects))))
    return sections + (
        card_parts.sections(("Please check", Items(tuple(Item("⚠", line) for line in change.warnings))))
        if change.warnings
        else []
    )


def _differences(change: Change) -> Iterator[str]:
    """Yield each field of the body with its old (-) and its new (+) lines, and the lines around them."""
    for name, value in change.body.items():
        old, new = (_plain(one).splitlines() for one in ((change.before or {}).get(name), value))
        yield f"{name}:"
        shown = 0
        for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND):
            if group[0][1] > shown:
                yield "  …"
            shown = group[-1][2]
            for kind, start, end, new_start, new_end in group:
                if kind == "equal":
                    yield from (f"  {line}" for line in old[start:end])
                else:
                    yield from (f"- {_with_visible_blanks(line)}" for line in old[start:end])
                    yield from (f"+ {_with_visible_blanks(line)}" for line in new[new_start:new_end])
        if shown < len(old):
            yield "  …"


def _with_visible_blanks(line: str) -> str:
    """Return *line* with marks for tabs, no-break spaces and blanks at its end, which could not be seen."""
    text = line.rstrip(" ")
    return text.translate(_MARKS) + "·" * (len(line) - len(text))


def _plain(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
