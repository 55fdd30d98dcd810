"""Entries of minutes: in every form of headings, lists, paragraphs and tables."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedy_jupyter.minutes.entries import Entry, entries

FORMS = {
    "hashes": "## Key Decisions\n- one\n- two\n\n## Discussion\n- other",
    "underlines": "Decisions\n---------\n1. one\n2. two\n\nNotes\n=====\nother",
    "bold": "**Decisions:**\n- one\n- two\n**Weather**\n- other",
    "bold alone": "**Decisions**\n\none\n\ntwo\n\n**Next**\n\nother",
    "colons": "Decisions:\n- one\n- two\nAttendees:\n- other",
    "capitals": "DECISIONS\n* one\n* two\n\nNOTES\n* other",
    "numbers": "1. Discussion\n- other\n2. Decisions\n- one\n- two\n3. Budget\n- other",
    "numbers and lists inside": "1. **Talk**\n   - other\n2. **Decisions**\n   - one\n   - two\n3. **A**\n   - b",
    "items": "* Decisions\n  * one\n  * two\n* Discussion\n  * other",
    "flat items": "• Decisions:\n• one\n• two\n• Notes:\n• other",
    "emoji": "### 📌 3.1) Decisions ✅\n1) one\n2) two\n\n### 💬 Talk\n1) other",
    "indented": "Decisions:\n    - one\n    - two\nTalk:\n    - other",
    "indented by tabs": "Decisions:\n\n\t- one\n\t- two\n\nTalk:\n\n\t- other",
    "subject": "## Decisions – Budget\n- one\n- two\n## Talk – Budget\n- other",
    "footer": "## Decisions\n- one\n\n---\n\n- two\n\n---\n\nGenerated from the transcript",
    "quotation": "> ## Decisions\n> - one\n> - two\n\n# Talk\n- other",
    "paragraphs": "## Decisions\none\n\ntwo\n\n# Talk\nother",
    "deeper headings": "# Decisions\n## Costs\n- one\n### People\n- two\n# Talk\n- other",
    "deeper, but another": "## Decisions\n- one\n- two\n### Rationale\n- other\n### Action items\n- other",
    "table": "## Decisions\n\n| # | Decision | Who |\n|-|-|-|\n| 1 | one | Ada |\n| 2 | two | Ben |\n\n## Talk\nother",
    "table elsewhere": "## Talk\n\n| Topic | Decision |\n|---|---|\n| a | one |\n| b | two |",
    "in the text": "## Talk\n- Decision: one\n- other\n\nother\n\n**Decision:** two\n\nother",
    "numbered decisions": "### Decision 1: one\nother, because\n### Decision #2: two\n## Talk\nother",
    "introduced": "## Decisions\nThe team has agreed on these points:\n- one\n- two",
    "labels of groups": "## Decisions\n- **Costs**\n  - one\n- People:\n  - two",
    "checkboxes": "## Decisions\n- [x] **one**\n- [ ] [two](https://example.com/)",
    "again": "## Decisions\n- one\n- two\n## Summary of decisions\n- One.\n- two",
    "a rule between": "## Decisions\n- one\n\n---\n\n- two",
    "bold sentences": "## Decisions\n**one**\n\n**two**\n\n## Talk\nother",
    "line ends of Windows": "## Decisions\r\n- one\r\n- two\r\n\r\n## Talk\r\n- other\r\n",
    "Chinese": "一、讨论\n- 其他\n二、决议\n1、one\n2、two\n三、行动项\n- 其他",
    "Japanese": "【決定事項】\n・one\n・two\n【次回】\n・その他",
    "Arabic": "## القرارات:\n- one\n- two\n## المناقشة\n- other",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_forms(text: str) -> None:
    """However the minutes are laid out, they list the same two decisions."""
    assert [entry.text for entry in entries(text, "decision")] == ["one", "two"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "We talked about decisions. Decisions are hard.",
        "```\n## Decisions\n- one\n```",
        "    ## Decisions\n    - one",
        "## Decision-making process\n- one\n\n## Undecided\n- two\n\n## Open decisions\n- three",
        "## Decisions\n\n## Talk\n- one",
        "## Decisions\n- None\n\n## Talk\n- one",
        "**Decisions:** none\n\nWe talked.",
        "## Entscheidungen\nEs wurden keine Entscheidungen getroffen.",
        "Decisions:",
        "## Decisions – pending\n- one\n## Decisions - None\n- two",
    ],
)
def test_no_decision(text: str) -> None:
    """Words about decisions, code, and "none" are no decisions."""
    assert entries(text, "decision") == []


def test_headings_and_what_is_nested() -> None:
    """The heading is that of the minutes with those between; what is nested belongs to its item."""
    text = dedent(
        """\
        ## 2. Key Decisions
        - Approve the budget
          - 5,000 for tools
          - from March
            - not earlier
          - Action: Ada tells the bank
        ### People
        Hire Grete.
        - **Travel**:
          - One trip a month
        """
    )

    assert entries(text, "decision") == [
        Entry("Approve the budget: 5,000 for tools; from March: not earlier", "2. Key Decisions"),
        Entry("Hire Grete.", "2. Key Decisions › People"),
        Entry("One trip a month", "2. Key Decisions › People › Travel"),
    ]
    assert entries(text, "action") == [Entry("Ada tells the bank", "Action")]


def test_kinds() -> None:
    """Each kind has its own headings; one heading may announce two."""
    text = "## Decisions and next steps\n- Ship it\n\n## Open questions\n- Who pays?\n\n## To-dos\n- Ada: ask"

    assert [one.text for one in entries(text, "decision")] == ["Ship it"]
    assert [one.text for one in entries(text, "question")] == ["Who pays?"]
    assert [one.text for one in entries(text, "action")] == ["Ship it", "Ada: ask"]


def test_wrapped_lines() -> None:
    """A line that goes on belongs to the one before; one that begins anew does not."""
    long = "The keyed gasket of the first supplier is bought for all lamps of the year,"
    text = f"Decisions:\nShip in\nmay\n{long}\nTwo spare ones for each\n\nHire Ada"

    assert [one.text for one in entries(text, "decision")] == [
        "Ship in may",
        f"{long} Two spare ones for each",
        "Hire Ada",
    ]


@given(
    st.lists(
        st.sampled_from([*"#-*>|:1.· \n\tא字e`[]<", "Decisions", "**", "Decision: x", "None", "| --- |"]), max_size=40
    )
)
def test_any_text(parts: list[str]) -> None:
    """No text is too broken to be read, and no entry is empty or has a line end."""
    for entry in entries("".join(parts), "decision"):
        assert entry.text.strip()
        assert "\n" not in entry.text + entry.heading
