"""Numbers, durations and near misses in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def duration(seconds: float) -> str:
    """How long a job will take, in words."""
    if seconds < 1:
        return "a moment"
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"


def close_names(wanted: str, names: Iterable[str]) -> list[str]:
    """Names that *wanted* may be a slip of, best first."""
    return difflib.get_close_matches(wanted, list(names), n=3, cutoff=0.6)


def counted(number: int, name: str) -> str:
    """Return a number and its noun, in the plural where it is not one: ``1 todo``, ``1,200 todos``."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def text_length(text: str) -> str:
    """Return how long *text* is: ``1,200 words``, or in characters where it is written without spaces."""
    words = len(text.split())
    return counted(len(text), "character") if len(text) > 15 * words else counted(words, "word")
