"""Suggestions: which names are like what was typed, and "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

from hedy_jupyter.text.fold import name_form

_SUGGESTIONS = 3
_COMPARED = 120  # characters; no name that is typed by hand is longer
_SAME, _BEGINS, _BEGINS_WORD, _HOLDS_NAME, _INSIDE_WORD = 5.0, 4.0, 3.0, 2.0, 0.7
_SIMILAR_PART = 0.75  # with some words of a longer name, more letters have to be the same
_NEXT_BEST = 0.12  # what is so much less like it is left out


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
