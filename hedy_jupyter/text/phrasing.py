"""Phrases of messages: counts with their nouns, durations, places in a recording, "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST_MS = 366 * 24 * 3_600_000.0  # beyond it a number is no place in a recording


def plural(name: str, number: int) -> str:
    """Return *name*, with an s unless *number* is one."""
    return name if number == 1 else f"{name}s"


def counted(number: int, name: str) -> str:
    """Return a number and its noun: ``1 todo``, ``1,200 todos``."""
    return f"{number:,} {plural(name, number)}"


def text_length(text: str) -> str:
    """Return how long *text* is: ``1,200 words``, or in characters where it is written without spaces."""
    words = len(text.split())
    return counted(len(text), "character") if len(text) > 15 * words else counted(words, "word")


def duration(seconds: float) -> str:
    """Return how long a job will take: ``about 45 s``, ``about 2 min``."""
    if seconds < 1:
        return "a moment"
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"


def hours_and_minutes(minutes: float) -> str:
    """Return the length of a meeting: ``1 h 15 min``."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def position(time_index_ms: float | None) -> str:
    """Return a place in a recording: ``05:07``, from one hour on ``1:15:12``; empty where it is missing or negative."""
    if time_index_ms is None or not 0 <= time_index_ms <= _LONGEST_MS:
        return ""
    minutes, seconds = divmod(int(time_index_ms // 1000), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes:02}:{seconds:02}"


def close_names(typed: str, names: Iterable[str]) -> list[str]:
    """Return the names that *typed* may be a misspelling of, best first."""
    return difflib.get_close_matches(typed, list(names), n=3, cutoff=0.6)


def did_you_mean(typed: str, names: Iterable[str], *, prefix: str = "") -> str:
    """Return a question that suggests the names like *typed*, each after *prefix*; empty if there are none."""
    close = close_names(typed, names)
    return f"Did you mean {' or '.join(f'{prefix}{name}' for name in close)}?" if close else ""
