"""The table of kinds: which columns hold ids."""

from __future__ import annotations

import pandas as pd
import pytest

from hedy_jupyter.analysis import filters
from hedy_jupyter.kinds import ID_COLUMN


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
