"""Confirmation: what has to be typed to confirm a write."""

from __future__ import annotations

from hedy_jupyter.changes.change import Change
from hedy_jupyter.text.clean import one_line

CANCELLED = "Cancelled, nothing was sent."


def typeable(change: Change) -> str:
    """Return what has to be typed to confirm *change*.

    These are its words; where no keyboard can type those, what is seen of them, else the id of the target.
    """
    exact = change.words or ""
    return exact if exact.strip() and exact.isprintable() else one_line(exact) or change.target or ""
