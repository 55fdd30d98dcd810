"""Every place of a search, and the sessions that are like one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import NotFound, UsageError
from tests.commands import run
from tests.histories import History

ADA = """Ada: The gasket leaked again. We order ten. Ada said so.
Bo: Which gasket? The keyed one.
It was folded. A folded gasket leaks."""


@pytest.fixture
def history() -> Iterator[History]:
    """Seven meetings of the account in use, with texts that are set by hand, in an archive."""
    history = History(7)
    texts = {
        1: {"transcript": ADA, "recap": "The gasket. It leaked, worse.\nThan the dark."},
        2: {"transcript": "No speaker here. The gasket held! 浜風倉庫。次の会議", "recap": "quiet"},
        3: {"transcript": "Quixotic plans of Pellworth Print about varnish", "recap": "Pellworth"},
        4: {"transcript": "Varnish again, Pellworth Print says", "recap": "quixotic"},
        5: {"transcript": "浜風倉庫の在庫を数えた", "recap": "nothing"},
        6: {"transcript": "Nothing at all", "recap": "nothing"},
    }
    for number, fields in texts.items():
        record = history.details[f"sess_{number:06}"]
        for name in ("cleaned_transcript", "meeting_minutes", "conversations", "session_notes"):
            record.pop(name, None)
        record.update(fields)
    with history.account_of() as account:
        account.archive.sync()
        yield history


def places(text: str, **options: Any) -> pd.DataFrame:
    """The sentences with a hit."""
    return hj.current().archive.search(text, by="sentence", **options)


def test_each_place_with_its_speaker(history: History) -> None:
    """Each sentence with a hit is a row, in the order of the text, with who says it and where it begins."""
    found = places("gasket", fields="transcript")
    first = found[found["session_id"] == "sess_000001"]

    assert list(found) == ["session_id", "title", "start_time", "field", "speaker", "position", "text"]
    assert first[["speaker", "text"]].values.tolist() == [
        ["Ada", "The gasket leaked again."],
        ["Bo", "Which gasket?"],
        ["Bo", "A folded gasket leaks."],
    ]
    assert all(ADA[row.position :].startswith(row.text) for row in first.itertuples())
    assert found[found["session_id"] == "sess_000002"]["speaker"].isna().all()
    assert str(found["position"].dtype) == "Int64"


@pytest.mark.parametrize(
    ("query", "options", "texts"),
    [
        (
            "leaked folded",
            {"fields": "transcript"},
            ["The gasket leaked again.", "It was folded.", "A folded gasket leaks."],
        ),
        ('"worse than"', {}, ["It leaked, worse.\nThan the dark."]),
        ("浜風 -在庫", {}, ["浜風倉庫。"]),
        ("fold* -held", {"limit": 1}, ["It was folded."]),
        ("NEAR(folded leaks, 2)", {"fts": True}, ["A folded gasket leaks."]),
        ("gasket NOT leaked", {"fts": True}, ["The gasket held!"]),
        ("nowhere", {}, []),
    ],
)
def test_places_of_searches(history: History, query: str, options: dict[str, Any], texts: list[str]) -> None:
    """All that a search takes holds by sentence too; the limit counts sentences; without hits all columns are there."""
    found = places(query, **options)

    assert found["text"].tolist() == texts
    assert len(found.columns) == 7


def test_places_are_in_the_order_of_the_sessions(history: History) -> None:
    """The best session comes first, as without ``by``."""
    hits = hj.current().archive.search("gasket")

    assert list(dict.fromkeys(places("gasket")["session_id"])) == hits["session_id"].tolist()


def test_by_is_one_of_two(history: History) -> None:
    """Another word is one clear error."""
    with pytest.raises(UsageError, match="by='word' must be one of: session, sentence"):
        hj.current().archive.search("gasket", by="word")  # type: ignore[arg-type]


def test_related(history: History) -> None:
    """The meetings that share the rarest words come first, with those words; without any there is none."""
    account = hj.current()
    found = account.related("sess_000003")

    assert list(found) == ["session_id", "title", "start_time", "words", "score"]
    assert found["session_id"][0] == "sess_000004"
    assert {"pellworth", "varnish", "quixotic"} <= set(found["words"][0].split(", "))
    assert (
        account.related("sess_000005")["words"][0][0] == "倉庫" or "浜風" in account.related("sess_000005")["words"][0]
    )
    assert found["score"].is_monotonic_decreasing
    assert "sess_000003" not in found["session_id"].tolist()
    assert len(account.related("last", 1)) <= 1
    with pytest.raises(NotFound):
        account.related("no such meeting")
    with pytest.raises(UsageError, match="limit"):
        account.archive.related("last", limit=0)


def test_related_as_typed(history: History) -> None:
    """``%hedy related WHICH`` counts them and shows the words in common."""
    reply = run("related sess_000003 --limit 1")

    assert reply.value["session_id"].tolist() == ["sess_000004"]
    assert reply.status.startswith("1 session with the same rare words · archive, synced ")
