"""``%hedy decisions`` and ``hedy.decisions()``: the same filters everywhere, live and archived."""

from __future__ import annotations

import pandas as pd
import pytest

from hedy_jupyter import Hedy, NotFound, UsageError
from hedy_jupyter.account import list_view
from tests.commands import run

pytestmark = pytest.mark.usefixtures("few_meetings")


def test_decisions(demo: Hedy) -> None:
    """The newest meeting first, and of how many meetings minutes were read."""
    reply = run("decisions")

    found = reply.value
    meetings = found["session_id"].nunique()
    read = found.attrs["minutes"]
    assert found["start_time"].is_monotonic_decreasing
    assert reply.status == (
        f"{len(found)} decisions in {meetings} meetings"
        f" · minutes of {read['minutes']} of {read['sessions']} meetings · demo account"
    )


def expected(rows: pd.DataFrame, word: str, days: int = 0, *, until_yesterday: bool = False) -> pd.DataFrame:
    """The rows with a word in their text, of the last *days*, in plain pandas."""
    now = pd.Timestamp.now(tz="UTC")
    kept = rows[rows.columns[-2]].str.contains(rf"\b{word}\b", case=False)
    kept &= rows["start_time"] >= (now - pd.Timedelta(days=days) if days else rows["start_time"].min())
    return rows[kept & (rows["start_time"] < (now.normalize() if until_yesterday else now))]


@pytest.mark.parametrize("source", ["live", "archive"])
def test_filters(demo: Hedy, source: str) -> None:
    """A filter of the whole list in plain pandas agrees, live and from the archive."""
    if source == "archive":
        run("sync")
    decisions, actions = demo.decisions(), demo.action_items()
    firmware = expected(decisions, "firmware")
    two = firmware[firmware["topic_name"].isin(["Hiring", "Harbour Lamp launch"])]
    lately = expected(decisions, "firmware", 60, until_yesterday=True)
    cases = {
        "decisions firmware": firmware,
        "decisions --text firmware --limit 3": firmware.head(3),
        'decisions firmware --topic Hiring --topic "Harbour Lamp launch"': two,
        "decisions firmware --not-topic Hiring --since 60d --until yesterday": lately[lately["topic_name"] != "Hiring"],
        "decisions --kind actions guest list --since 90d": expected(actions, "guest list", 90),
    }

    for line, wanted in cases.items():
        found = run(f"{line} --source {source}").value
        assert len(found) > 0
        assert found.iloc[:, -2].tolist() == wanted.iloc[:, -2].tolist()
        assert found["session_id"].tolist() == wanted["session_id"].tolist()


def test_no_decision(demo: Hedy) -> None:
    """The status says what was read."""
    reply = run("decisions gasket --topic Hiring")

    assert reply.value.empty
    assert reply.status.startswith('No decisions with "gasket" · minutes of ')


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("decisions --limit 0", "--limit must be a number of 1 or more"),
        ("decisions --kind desicions", "--kind must be one of: decisions, questions, actions"),
        ("decisions --since yesterday --until 2026-01", "is after"),
    ],
)
def test_errors(demo: Hedy, line: str, message: str) -> None:
    """A value that does not fit is an error that names it."""
    with pytest.raises(UsageError, match=message):
        run(line)


def test_errors_in_code(demo: Hedy) -> None:
    """The methods check the same."""
    with pytest.raises(UsageError, match="limit=0"):
        demo.decisions(limit=0)
    with pytest.raises(NotFound):
        demo.open_questions(not_topic="Nowhere")


def test_view(demo: Hedy) -> None:
    """The decision first, its hits in bold, when and where it was made; the id last."""
    reply = run("decisions gasket --limit 2")

    view = list_view.view(reply.view, reply.value, list_view.known(demo, reply.value), query=reply.query)

    assert view is not None
    assert [column.title for column in view.table.columns] == ["Decision", "When", "Meeting", "Topic", "Id"]
    first = view.table.rows[0][0]
    assert [first.text[start:end].lower() for start, end in first.bold] == ["gasket"]
