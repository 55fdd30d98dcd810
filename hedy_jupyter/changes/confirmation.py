"""What has to be typed to confirm a write."""

from __future__ import annotations

from hedy_jupyter.changes.change import Change
from hedy_jupyter.text.clean import one_line

CANCELLED = "Cancelled, nothing was sent."


def typeable(change: Change) -> str:
    """What is to be typed to confirm *change*: its words, or where no keyboard can type those what is seen of them, or the id."""
    exact = change.words or ""
    return exact if exact.strip() and exact.isprintable() else one_line(exact) or change.target or ""
