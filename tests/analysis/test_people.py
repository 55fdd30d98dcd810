"""People by name: who is meant, who is named in a text, who speaks in a meeting."""

from __future__ import annotations

import pandas as pd
import pytest

from hedy_jupyter.analysis.people import by_session, matching, named_in


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("ada", ["Ada"]),
        ("Lovelace", ["Ada Lovelace"]),
        ("lovelace ada", ["Ada Lovelace"]),
        ("zoe", ["Zoë"]),
        ("田中", ["田中"]),
        ("Ad", []),
        ("Ada Miller", []),
        ("", []),
        ("speaker", ["Speaker 1", "Speaker 2"]),
    ],
)
def test_who_is_meant(person: str, expected: list[str]) -> None:
    """A whole name comes first, else words of it; case and accents do not count, beginnings of words are no names."""
    assert matching(person, ["Ada", "Ada Lovelace", "Zoë", "田中", "Speaker 1", "Speaker 2"]) == expected


def test_who_is_named() -> None:
    """Names are whole words, in any case and form, and in Japanese anywhere."""
    texts = pd.Series(
        ["Call ADA.", "Adapt the plan", "Zoe\u0308's draft", "Ask 田中さん", "Send to ada-lovelace", None],
        index=list("abcdef"),
    )

    assert named_in(texts, ["Ada"]).to_dict() == dict(
        zip("abcdef", [True, False, False, False, True, False], strict=True)
    )
    assert named_in(texts, ["Zoë", "田中"]).tolist() == [False, False, True, True, False, False]
    assert not named_in(texts, ["", "-"]).any()
    assert named_in(texts.head(0), ["Ada"]).dtype == "bool"


def test_who_speaks_in_a_meeting() -> None:
    """Most words first; given names count; meetings that name nobody, or have no id, are left out."""
    df = pd.DataFrame(
        {
            "session_id": ["s1", "s2", None, "s1"],
            "transcript": ["Bo: No.\nAda: One two three.\nBo: No.\nCy: A b c d.", "No names.", "Ada: a\nBo: b", None],
        }
    )

    assert by_session(df) == {"s1": ["Cy", "Ada", "Bo"]}
    assert by_session(df, {"": {"Cy": "Bo"}, "s1": {"Ada": "Eve"}}) == {"s1": ["Bo", "Eve"]}
