"""Phrases of messages: counts, lengths and durations."""

from __future__ import annotations

import pytest

from hedy_jupyter.text import phrasing


@pytest.mark.parametrize(("number", "expected"), [(0, "0 todos"), (1, "1 todo"), (2, "2 todos"), (1200, "1,200 todos")])
def test_counts(number: int, expected: str) -> None:
    """A number has thousands separators, and its noun an s unless it is one."""
    assert phrasing.counted(number, "todo") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "0 words"), ("one", "1 word"), ("two words", "2 words"), ("会" * 16, "16 characters"), ("x" * 15, "1 word")],
)
def test_lengths(text: str, expected: str) -> None:
    """A text is counted in words, and in characters where it has no spaces."""
    assert phrasing.text_length(text) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, "0 min"), (59.4, "59 min"), (59.6, "1 h 0 min"), (75, "1 h 15 min")]
)
def test_lengths_of_meetings(minutes: float, expected: str) -> None:
    """The length of a meeting is in whole minutes, from sixty on in hours."""
    assert phrasing.hours_and_minutes(minutes) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.4, "a moment"), (45, "about 45 s"), (89, "about 89 s"), (150, "about 2 min")]
)
def test_durations_of_jobs(seconds: float, expected: str) -> None:
    """How long a job takes is said roughly."""
    assert phrasing.duration(seconds) == expected
