"""Suggestions: which names are like what was typed."""

from __future__ import annotations

import pytest

from hedy_jupyter.text import suggestions

NAMES = (
    "Harbour Lamp launch",
    "Bäckerei: Lieferkette",
    "Coaching",
    "Project Alpha",
    "Hiring",
    "社区图书馆",
    "Hiring 2",
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hiring", ["Hiring"]),  # the same in other letters: alone
        ("Hir", ["Hiring", "Hiring 2"]),  # beginnings, the shorter first
        ("alpha", ["Project Alpha"]),  # the beginning of a word
        ("社区", ["社区图书馆"]),
        ("图书馆", ["社区图书馆"]),  # inside
        ("Hiring meetings", ["Hiring"]),  # the other way round
        ("backerei", ["Bäckerei: Lieferkette"]),
        ("Lieferkete", ["Bäckerei: Lieferkette"]),  # similar to a part
        ("harbor lamp", ["Harbour Lamp launch"]),
        ("Coching", ["Coaching"]),
        ("all", []),
        ("x", []),
        ("", []),
        ("zzzz", []),
        ("Coaching" * 1000, []),
    ],
)
def test_close_names(typed: str, expected: list[str]) -> None:
    """The same name first, then beginnings, then parts, then similar ones; nothing where nothing is near."""
    assert suggestions.close_names(typed, NAMES) == expected


def test_did_you_mean() -> None:
    """A question has each suggestion once, at most three of them; without any there is no question."""
    assert suggestions.did_you_mean("weekly", ["Weekly", "Weekly", "Other"]) == "Did you mean Weekly?"
    assert suggestions.did_you_mean("week", [f"week {n}" for n in range(9)]).count(" or ") == 2
    assert suggestions.did_you_mean("opne", ["open"], prefix="--") == "Did you mean --open?"
    assert suggestions.did_you_mean("hirng", ["Hiring"], show=repr) == "Did you mean 'Hiring'?"
    assert suggestions.did_you_mean("zzzz", ["Hiring"]) == ""
