"""The card of a change that was not sent yet."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator

from hedy_jupyter.account import card_parts
from hedy_jupyter.changes.change import Change
from hedy_jupyter.display.page import Body, Item, Items, Page, Prose


def change_page(thing: Change) -> Page:
    """Return the page of a change as code shows it: with the call that confirms it."""
    facts = card_parts.facts(
        ("Sends", "nothing" if thing.changes_nothing else f"{thing.method} {thing.host}{thing.path}"),
        ("Target", thing.target),
        ("Confirmed by", f"change.confirm({thing.words!r})" if thing.words else "change.confirm()"),
        ("Digest", thing.digest),
    )
    return Page("Not sent yet", thing.sentence, facts, changed_sections(thing))


def changed_sections(change: Change) -> list[tuple[str, Body]]:
    """Return what *change* sends and does: its JSON, what differs from before, its effects and warnings."""
    sections = (
        card_parts.sections(("JSON", Prose(json.dumps(change.body, indent=2, ensure_ascii=False))))
        if change.body
        else []
    )
    if change.action == "update" and change.body:
        sections += card_parts.sections(("Before and after", Prose("\n".join(_differences(change)))))
    sections += card_parts.sections(("Effects", Items(tuple(Item("•", line) for line in change.effects))))
    return sections + (
        card_parts.sections(("Please check", Items(tuple(Item("⚠", line) for line in change.warnings))))
        if change.warnings
        else []
    )


def _differences(change: Change) -> Iterator[str]:
    """Yield each field of the body with its old (-) and its new (+) lines."""
    for name, value in change.body.items():
        old, new = (_plain(one) for one in ((change.before or {}).get(name), value))
        yield f"{name}:"
        yield from (line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if not line.startswith("? "))


def _plain(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
