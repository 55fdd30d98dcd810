"""Confirmation: what has to be typed to confirm a write, and the check without which it is not sent."""

from __future__ import annotations

from dataclasses import dataclass

from hedy_jupyter.changes.change import LABEL_WORDS, Change
from hedy_jupyter.errors import NotConfirmed
from hedy_jupyter.text.clean import one_line

CANCELLED = "Cancelled, nothing was sent."
_TOKEN = object()


@dataclass(frozen=True, init=False)
class Confirmed:
    """A change that was confirmed; only ``confirm()`` can make it."""

    change: Change

    def __init__(self, change: Change, token: object) -> None:
        if token is not _TOKEN:
            raise TypeError("A change is confirmed by confirm().")
        object.__setattr__(self, "change", change)


def confirm(change: Change, words: str | None = None) -> Confirmed:
    """Return *change* as confirmed.

    Raises:
        NotConfirmed: *words* are not those that confirm it.
    """
    if change.words is not None and words != change.words:
        what = "the destination host" if change.action == "create" else f"the exact {LABEL_WORDS[change.kind]}"
        typed = "nothing was typed" if words is None else f"you typed {words!r}"
        raise NotConfirmed(
            f'Not {change.action}d: type {what} "{change.words}" ({typed}). Nothing was sent.',
            advice=f"change.confirm({change.words!r})",
        )
    return Confirmed(change, _TOKEN)


def typeable(change: Change) -> str:
    """Return what has to be typed to confirm *change*.

    These are its words; where no keyboard can type those, what is seen of them, else the id of the target.
    """
    exact = change.words or ""
    return exact if exact.strip() and exact.isprintable() else one_line(exact) or change.target or ""
