"""The table of kinds: which columns hold ids."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hedy_jupyter.analysis import filters
from hedy_jupyter.kinds import HIGHLIGHT, ID_COLUMN, TODO, Kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [("session_id", "session"), ("topic_id_x", "topic"), ("session_ids", "session"), ("my todo_id", "my todo")],
)
def test_columns_of_ids(name: str, kind: str) -> None:
    """A column of ids is recognized by its name, also after a merge of frames."""
    found = ID_COLUMN.fullmatch(name)

    assert found
    assert found["kind"] == kind


@pytest.mark.parametrize("name", ["idea", "covid", "paid", "title", "identity", "_id_xy"])
def test_other_columns(name: str) -> None:
    """A name that only holds the letters is none."""
    assert not ID_COLUMN.fullmatch(name)


def test_a_search_leaves_ids_out() -> None:
    """Search and redaction take the same columns for ids."""
    frame = pd.DataFrame({"todo_id": ["t"], "id": ["alpha"], "session_ids": ["alpha"], "text": ["beta"]})

    assert len(filters.search(frame, "beta")) == 1
    assert len(filters.search(frame, "alpha")) == 0


@pytest.mark.parametrize("kind", [TODO, HIGHLIGHT])
@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"id": ""},
        {"id": " \t", "todoId": "b", "highlightId": "c"},
        {"id": None, "todoId": 7, "highlightId": 8.0},
        {"id": "d\ud800", "highlightId": "\ud800"},
        {"id": ["e"], "todoId": True, "highlightId": {}},
    ],
)
def test_ids_of_many_are_those_of_each(kind: Kind, odd: dict[str, Any]) -> None:
    """One record with an odd id changes nothing for the others, wherever it is."""
    plain = [{"id": f"i{number}", "highlightId": f"h{number}"} for number in range(1_001)]
    for records in ([odd], [odd, *plain], [*plain, odd], plain):
        assert kind.identities(records) == [kind.identity(record) for record in records]
