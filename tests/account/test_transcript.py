"""Transcripts line by line, with speakers and the hits of a search."""

from __future__ import annotations

import pickle
import re

import pytest
from IPython.lib.pretty import pretty

from hedy_jupyter.account.transcript import Transcript
from hedy_jupyter.display.table import Table

TEXT = "Ada: The budget is open.\nBram: Which budget?\nAda: The budget for Straße 5, the Café.\n\nBram: Right."


def numbers(html: str) -> list[str]:
    """The places in a page that links may lead to."""
    return re.findall(r'<td class="hedy-number" id="([^"]+)"', html)


def test_it_is_a_text() -> None:
    """It is the text, with or without words to mark, also when it comes from another process."""
    one = Transcript(TEXT, "budget")

    assert one == TEXT
    assert one.find("Bram") == TEXT.find("Bram")
    copy = pickle.loads(pickle.dumps(one))  # noqa: S301
    assert (copy, copy.query, type(copy)) == (TEXT, "budget", Transcript)


def test_lines_have_numbers_and_speakers() -> None:
    """Lines are counted without the empty ones, and the speaker is separate from what is said."""
    lines = Transcript(TEXT).lines()

    assert [(line.number, line.speaker, line.text) for line in lines] == [
        (1, "Ada", "The budget is open."),
        (2, "Bram", "Which budget?"),
        (3, "Ada", "The budget for Straße 5, the Café."),
        (4, "Bram", "Right."),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("budget", ["budget", "budget", "budget"]),
        ("BUDGET", ["budget", "budget", "budget"]),
        ("cafe", ["Café"]),
        ('"which budget"', ["Which budget"]),
        ("budget open", ["budget", "open", "budget", "budget"]),
        ("get", []),
        ("nothing", []),
    ],
)
def test_hits_are_found_as_search_finds_them(query: str, expected: list[str]) -> None:
    """Case, accents and sharp s do not matter, phrases hold together, and parts of words are no hits."""
    one = Transcript(TEXT, query)

    found = [line.text[start:end] for line in one.lines() for start, end in line.hits]
    assert found == expected
    assert one.hits() == (len(expected), len([line for line in one.lines() if line.hits]))


def test_links_lead_to_lines() -> None:
    """Above the folded text each line with a hit is listed, and its number leads to it."""
    html = Transcript(TEXT, "budget")._repr_html_()

    links = re.findall(r'<a href="#([^"]+)"', html)
    assert len(links) == 3
    assert set(links) <= set(numbers(html))
    assert html.index("<details>") > html.index(links[-1])
    assert html.count("<mark>budget</mark>") == 6


def test_of_very_many_lines_with_hits_the_first_are_listed() -> None:
    """The list above the text ends after a hundred lines, says how many are left and where they are."""
    one = Transcript("\n".join(f"Ada: lamp {place}, another lamp" for place in range(250)), "lamp")

    html, found = one._repr_html_(), one.page().sections[0][1]
    assert isinstance(found, Table)
    assert [row[0].text for row in found.rows] == [str(number) for number in range(1, 101)]
    assert "500 hits of lamp in 250 lines" in html
    assert "… 150 more lines with hits. _.lines() holds all lines with their hits." in html
    assert html.count("<mark>") == 2 * (100 + 250)


def test_a_transcript_is_folded() -> None:
    """A notebook shows how long it is; all lines are there, in a fold."""
    html = Transcript(TEXT)._repr_html_()

    assert re.search(r"<details><summary>Transcript, \d+ words</summary>", html)
    assert len(numbers(html)) == 4


def test_without_speakers() -> None:
    """A text that names no speakers has no column for them."""
    text = pretty(Transcript("so the pilot starts monday\nand then we see"))

    assert "Speaker" not in text
    assert "so the pilot starts monday" in text


def test_no_hit_says_so() -> None:
    """Words that do not occur are named."""
    assert "No hit of harbour" in pretty(Transcript(TEXT, "harbour"))


@pytest.mark.parametrize("text", ["", "  \n\n"])
def test_no_transcript(text: str) -> None:
    """A meeting without a transcript says that."""
    assert "No transcript yet" in pretty(Transcript(text))


def test_hostile_words_stay_words() -> None:
    """Neither what was said nor what is searched for becomes a tag."""
    html = Transcript("Ada: <script>alert(1)</script> budget\nAda: two\nBram: x", "<b>budget</b>")._repr_html_()

    assert "<script" not in html
    assert "<b>" not in html


def test_a_terminal_shows_the_first_lines() -> None:
    """Text and Markdown show twenty lines and say how to get the others; a short transcript is whole."""
    long = Transcript("\n".join(f"Ada: this is line {number} of it" for number in range(1, 51)))

    for shown in (str(long.to_text()), str(long.to_markdown())):
        assert "this is line 20 of it" in shown
        assert "this is line 21 of it" not in shown
        assert "The first 20 of 50 lines. print(" in shown
    assert long.to_html().count("this is line") == 50
    assert "print(" not in Transcript(TEXT).to_text()
    assert "**Ada**" in Transcript(TEXT).to_markdown()


def test_with_hits_a_terminal_shows_the_lines_that_have_them() -> None:
    """Below the lines with hits there is how to get the whole text, not its beginning."""
    said = [f"line {number}" for number in range(1, 101)]
    said[41] = "the budget"
    shown = Transcript("\n".join(said), "budget").to_text()

    assert "42  the *budget*" in shown
    assert "line 1" not in shown
    assert shown.endswith("print(_) shows the whole text.")


@pytest.mark.parametrize(
    ("sentence", "gap"),
    [("So the pilot starts on Monday, and the budget stays open.", " "), ("試験運用は月曜日に始まります。", "")],
)
def test_one_long_text_is_counted_in_pieces(sentence: str, gap: str) -> None:
    """A raw transcript without line ends has lines too, which end with sentences; no word gets lost."""
    text = gap.join([sentence] * 400)

    lines = Transcript(text).lines()

    assert gap.join(line.text for line in lines) == text
    assert len(lines) > 5
    assert all(len(line.text) <= 1_200 and line.text.endswith(sentence[-1]) for line in lines)


def test_one_endless_word_is_counted_in_pieces() -> None:
    """A text without blanks and without sentences is whole too."""
    lines = Transcript("x" * 5_000).lines()

    assert "".join(line.text for line in lines) == "x" * 5_000
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]


def test_a_meeting_is_named_above_its_transcript() -> None:
    """With a meeting the card says which and when, in every form, also when it comes from another process."""
    one = Transcript(TEXT, "budget", "Budget & rent", "Tue 24 Nov 2026 16:00–16:30 CET")
    copy = pickle.loads(pickle.dumps(one))  # noqa: S301

    for shown in (one, copy):
        assert "Budget &amp; rent" in shown.to_html()
        assert "### Transcript: Budget" in shown.to_markdown()
        assert shown.to_text(80).startswith("Transcript: Budget & rent\n")
        assert "Tue 24 Nov 2026 16:00–16:30 CET" in shown.to_text(80)
    assert "No transcript yet" in Transcript("", "", "Open round").to_text(80)
