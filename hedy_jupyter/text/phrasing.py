"""Phrases of messages: counts with their nouns, short times, durations, places in a recording, "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from datetime import date, datetime

from hedy_jupyter.text.fold import name_form

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # strftime would speak the machine's language
_SUGGESTIONS = 3
_COMPARED = 120  # characters; no name that is typed by hand is longer
_SAME, _BEGINS, _BEGINS_WORD, _HOLDS_NAME, _INSIDE_WORD = 5.0, 4.0, 3.0, 2.0, 0.7
_SIMILAR_PART = 0.75  # with some words of a longer name, more letters have to be the same
_NEXT_BEST = 0.12  # what is so much less like it is left out
_LONGEST_MS = 366 * 24 * 3_600_000.0  # beyond it a number is no place in a recording


def plural(name: str, number: int) -> str:
    """Return *name*, with an s unless *number* is one."""
    return name if number == 1 else f"{name}s"


def counted(number: int, name: str, several: str = "") -> str:
    """Return a number and its noun: ``1 todo``, ``1,200 todos``; *several* is a plural that needs more than an s."""
    return f"{number:,} {several if several and number != 1 else plural(name, number)}"


def options_in(words: Iterable[str]) -> str:
    """Return the options among *words*, without their values: what else was typed may be a secret."""
    return " ".join(word.partition("=")[0] for word in words if word.startswith("-")) or "words that are no option"


def ago(seconds: float) -> str:
    """Return how long something is past: ``just now``, ``3 min ago``, ``2 h ago``, ``5 days ago``."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def text_length(text: str) -> str:
    """Return how long *text* is: ``1,200 words``, or in characters where it is written without spaces."""
    words = len(text.split())
    return counted(len(text), "character") if len(text) > 15 * words else counted(words, "word")


def duration(seconds: float) -> str:
    """Return how long a job will take: ``about 45 s``, ``about 2 min``."""
    if seconds < 1:
        return "a moment"
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"


def short_time(local: datetime, year: int) -> str:
    """Return a local time as ``Tue 24 Nov 16:00``, with its year where that is not *year*."""
    return f"{short_day(local, year)} {local:%H:%M}"


def short_day(local: date, year: int) -> str:
    """Return a day as ``Tue 24 Nov``, with its year where that is not *year*."""
    day = f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"
    return day if local.year == year else f"{day} {local.year}"


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


def close_names(typed: str, names: Iterable[str], *, least: float = 0.6) -> list[str]:
    """Return up to three names that *typed* may stand for, each once.

    The same name in other letters comes first and alone, then names that begin with *typed*, then those with a
    word that does or that are a part of it, then similar ones, with at least the share *least* of letters in common, or
    with *typed* inside a word. Case, accents and widths do not count.
    """
    wanted = name_form(typed[:_COMPARED])
    if not wanted:
        return []
    scores = {name: _likeness(wanted, name_form(name[:_COMPARED])) for name in dict.fromkeys(names)}
    best = max(scores.values(), default=0.0)
    least = max(least, min(best, _SAME if best == _SAME else 1.0) - _NEXT_BEST)
    near = [name for name, score in scores.items() if score >= least]
    return sorted(near, key=lambda name: (-scores[name], len(name)))[:_SUGGESTIONS]


def did_you_mean(
    typed: str, names: Iterable[str], *, prefix: str = "", show: Callable[[str], str] = str, least: float = 0.6
) -> str:
    """Return a question that suggests the names like *typed*, each after *prefix*; empty if there are none.

    *show* gives the form of a name in the question, such as ``repr``; *least* is as for ``close_names``.
    """
    return question(f"{prefix}{show(name)}" for name in close_names(typed, names, least=least))


def question(suggestions: Iterable[str]) -> str:
    """Return "Did you mean …?" with each of *suggestions* once; empty if there are none."""
    each_once = list(dict.fromkeys(suggestions))
    return f"Did you mean {' or '.join(each_once)}?" if each_once else ""


def _likeness(wanted: str, name: str) -> float:
    """Return how like *wanted* a name is, both folded: above 1 where one has the other in it, else their similarity."""
    if not name:
        return 0.0
    if name == wanted:
        return _SAME
    enough = 4 if wanted.isascii() else 2  # "all" is in "call"
    if len(wanted) > 1 and name.startswith(wanted):
        return _BEGINS
    if len(wanted) >= enough - 1 and f" {wanted}" in name:
        return _BEGINS_WORD
    if len(name) > 2 and f" {name} " in f" {wanted} ":
        return _HOLDS_NAME
    inside = _INSIDE_WORD if len(wanted) >= enough and wanted in name else 0.0
    same_letters = sorted(wanted) == sorted(name)
    count, words = len(wanted.split()), name.split()
    parts = (" ".join(words[start : start + count]) for start in range(len(words) - count + 1))
    in_part = max((_ratio(wanted, part) for part in parts if len(wanted) >= enough and part != name), default=0.0)
    return max(_ratio(wanted, name) + 0.05 * same_letters, in_part if in_part >= _SIMILAR_PART else 0.0, inside)


def _ratio(one: str, other: str) -> float:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return 0.0 if matcher.real_quick_ratio() < 0.5 or matcher.quick_ratio() < 0.5 else matcher.ratio()
