"""Lines for terminals are those of ``wcwidth``, also where a text has thousands of characters without a blank."""

from __future__ import annotations

import pytest
import wcwidth

from hedy_jupyter.display.wrap import wrap

TEXTS = {
    "words": "a few words of a sentence " * 8,
    "run": "x" * 1_700,
    "run in words": f"before {'abc' * 500} after it, and {'-de' * 300} at the end",
    "wide": "会議の議事録" * 180,
    "marks": "e\u0301" * 700,
    "emoji": "👩‍👩‍👧🇩🇪" * 90,
    "empty": "",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("width", [7, 80])
def test_the_lines_are_those_of_the_whole_text(text: str, width: int) -> None:
    """Cutting a long run into pieces changes no line."""
    assert wrap(text, width) == (wcwidth.wrap(text, width) or [""])


@pytest.mark.parametrize("text", [TEXTS["run in words"], "x" * 650, "short"])
def test_indents_are_kept(text: str) -> None:
    """The first line has its own beginning, the others have the indent."""
    assert wrap(text, 40, "    ", "Label ") == wcwidth.wrap(text, 40, initial_indent="Label ", subsequent_indent="    ")


def test_no_line_is_longer_than_the_width() -> None:
    """A text of 20,000 characters without a blank is wrapped, and none of it is lost."""
    lines = wrap("漢字" * 10_000, 79)
    assert max(map(wcwidth.width, lines)) <= 79
    assert "".join(lines) == "漢字" * 10_000
