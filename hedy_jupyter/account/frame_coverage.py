"""Coverage of a frame: what it covers, as plain values in its ``attrs["coverage"]``, and its counts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedy_jupyter.text.phrasing import counted

if TYPE_CHECKING:
    from hedy_jupyter.api.reader import Listing


def covered(frame: pd.DataFrame, listing: Listing, source: str = "live", *, details: bool = False) -> pd.DataFrame:
    """Return *frame* with what it covers in its attrs: plain numbers and text, because pandas copies them often."""
    coverage: dict[str, object] = {
        "found": listing.found or len(listing.records),
        "total": listing.total,
        "unreachable": listing.unreachable,
        "source": source,
    }
    if details:
        coverage["incomplete"] = listing.incomplete
    if listing.failed:
        coverage["failed"] = listing.failed
    frame.attrs["coverage"] = coverage
    return frame


def known_count(frame: pd.DataFrame) -> int:
    """Return how many records *frame* was taken from: those found, or the API's total if it is larger."""
    coverage = frame.attrs["coverage"]
    return max(int(coverage["total"] or 0), int(coverage["found"]))


def count_text(frame: pd.DataFrame, noun: str) -> str:
    """Return the rows of *frame* counted in words: ``129 open todos (425 in all)`` where *noun* is ``open todo``.

    Where a limit leaves some out: ``3 of 129 open todos (425 in all)``.
    """
    known, shown = known_count(frame), matching_text(frame, noun)
    return f"{shown} ({known:,} in all)" if known > frame.attrs.get("matching", len(frame)) else shown


def matching_text(frame: pd.DataFrame, noun: str) -> str:
    """Return the rows of *frame* counted in words, and how many there are without the limit of the call."""
    matching = max(int(frame.attrs.get("matching", 0)), len(frame))
    return counted(matching, noun) if matching == len(frame) else f"{len(frame):,} of {counted(matching, noun)}"


def joined_coverage(parts: Sequence[Mapping[str, Any]], again: int = 0) -> dict[str, Any]:
    """Return what several frames cover together, of which *again* records are in more than one."""
    sources = list(dict.fromkeys(part["source"] for part in parts))
    totals = [part["total"] for part in parts]
    lists = {
        name: list(dict.fromkeys(one for part in parts for one in part.get(name, ())))
        for name in ("incomplete", "failed")
        if any(name in part for part in parts)
    }
    return {
        "found": sum(part["found"] for part in parts) - again,
        "total": None if None in totals or again else sum(totals),
        "unreachable": sum(part["unreachable"] for part in parts),
        "source": sources[0] if len(sources) == 1 else "live and archive",
        **lists,
    }
