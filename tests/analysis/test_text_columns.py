"""Which columns hold text and which hold ids is one rule for search and redaction."""

from __future__ import annotations

import pandas as pd
import pytest

from hedy_jupyter.analysis.filters import search
from hedy_jupyter.analysis.redaction import redact
from hedy_jupyter.analysis.text_columns import columns_and_levels, id_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("todo_id", "todo"),
        ("todo_ids", "todo"),
        ("session_id_x", "session"),
        ("id", "id"),
        ("ids_y", "id"),
        ("my own_id", "my own"),
        ("text", None),
        ("rapids", None),
        ("identity", None),
    ],
)
def test_columns_of_ids_are_known_by_their_names(name: str, kind: str | None) -> None:
    """Columns of ids are those of the API, lists of them, and what a merge of frames makes of both."""
    assert id_kind(name) == kind


@pytest.mark.parametrize("name", ["id", "todo_id_x", "my own_id"])
def test_an_id_is_no_text_for_search_and_an_id_for_redaction(name: str) -> None:
    """A column that one of the two takes for ids is one for the other, too."""
    df = pd.DataFrame({name: ["alpha", "beta"], "text": ["beta", "gamma"]})

    assert search(df, "beta")["text"].tolist() == ["beta"]
    assert redact(df, key="k")[name].str.fullmatch(r"[\w ]+-[0-9a-f]{12}").all()


def test_levels_of_the_index_come_after_the_columns() -> None:
    """Each column and each level is there once, with its name if it has one."""
    df = pd.DataFrame({"text": ["a"]}, index=pd.MultiIndex.from_tuples([("b", "c")], names=["title", None]))

    assert [(name, values.tolist()) for name, values in columns_and_levels(df)] == [
        ("text", ["a"]),
        ("title", ["b"]),
        (None, ["c"]),
    ]
