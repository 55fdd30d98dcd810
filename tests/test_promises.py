"""The same promise in later meetings, and how many todos were open when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import UsageError
from hedy_jupyter.tables import promises
from hedy_jupyter.tables.frames import build

ZONE = ZoneInfo("Europe/Berlin")


def frames(
    *texts: str, every_days: int = 7, topics: tuple[str | None, ...] = (), done: tuple[int, ...] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A todo a meeting, the oldest first, and the meetings."""
    starts = [pd.Timestamp("2026-03-02T10:00:00Z") + pd.Timedelta(days=every_days * number) for number in range(len(texts))]
    sessions = build("sessions", [{"sessionId": f"s{n}", "startTime": start.isoformat()} for n, start in enumerate(starts)])
    records: list[dict[str, Any]] = [
        {
            "id": f"t{n}",
            "text": text,
            "sessionId": f"s{n}",
            "completed": n in done,
            "topic": {"id": topics[n]} if topics and topics[n] else None,
        }
        for n, text in enumerate(texts)
    ]
    return build("todos", records[::-1]), sessions


SAME = [
    ("Send gasket samples to Corvane", "Please send the gasket samples to Corvane"),
    ("Update the price list for marinas", "Update the price list for marinas, still missing"),
    ("Check the audit log of the clinic", "Check the clinic's audit log"),
    ("Den Reinigungsplan für den Ofen aushängen", "Reinigungsplan für den Ofen endlich aushängen"),
    ("Préparer le budget de l'été", "preparer le budget de l ete"),
    ("報告書を二列に直す", "報告書を二列に直す(続き)"),
    ("给剩下的照片编号并录音", "给剩下的照片编号并录音"),
]
DIFFERENT = [
    ("Pay invoice 12 of the harbour", "Pay invoice 13 of the harbour"),
    ("Ask the harbour master of Eskholm for a quote", "Ask the harbour master of Dunmarrow for a quote"),
    ("Send the samples", "Order the keyed mould"),
    ("the and of to", "the and of to a"),
    ("", ""),
    ("Update the list", "Print the rules"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_same_promise(first: str, second: str) -> None:
    """Other wordings of one promise are joined, with evidence, score and both wordings, oldest first."""
    todos, sessions = frames(first, "Something wholly else about boats", second)
    found = promises.carried_over(todos, sessions, zone=ZONE)

    assert found["texts"].tolist() == [[first, second]]
    assert found["todo_ids"].tolist() == [["t0", "t2"]]
    row = found.iloc[0]
    assert (row["promise"], row["times"], row["days"], row["open"]) == (second, 2, 14, True)
    assert 0.75 <= row["score"] <= 1
    assert row["evidence"]
    assert row["first_time"] == pd.Timestamp("2026-03-02T10:00:00Z")


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different_promises(first: str, second: str) -> None:
    """Other numbers, other names, or only stop words in common are no repetition."""
    todos, sessions = frames(first, "Something wholly else about boats", second)

    assert promises.carried_over(todos, sessions, zone=ZONE).empty


def test_topics_and_meetings() -> None:
    """A todo of another topic, of the same meeting, or after a long time is another promise; one without a topic may be the same."""
    text = "Send gasket samples to Corvane"
    other_topic = frames(text, text, topics=("a", "b"))
    no_topic = frames(text, text, topics=("a", None))
    long_after = frames(text, text, every_days=90)
    same_meeting = frames(text, text)
    same_meeting = same_meeting[0].assign(session_id="s0"), same_meeting[1]

    assert [len(promises.carried_over(*pair, zone=ZONE)) for pair in (other_topic, no_topic, long_after, same_meeting)] == [0, 1, 0, 0]
    assert len(promises.carried_over(*long_after, zone=ZONE, max_days=100)) == 1


def test_chain() -> None:
    """What comes up again and again is one row; whether it is open is what the newest one says; the most often repeated first."""
    text = "Send gasket samples to Corvane"
    todos, sessions = frames(text, "Print the leaflet", text, "Print the leaflet", text, done=(0, 2, 4))

    found = promises.carried_over(todos, sessions, zone=ZONE)

    assert found["times"].tolist() == [3, 2]
    assert found["open"].tolist() == [False, True]
    assert found["todo_ids"][0] == ["t0", "t2", "t4"]


def test_order_without_times() -> None:
    """Without any time the frame is taken to be newest first; merged times count too."""
    todos, sessions = frames("Send gasket samples to Corvane", "Please send the gasket samples to Corvane")

    assert promises.carried_over(todos, zone=ZONE)["todo_ids"].tolist() == [["t0", "t1"]]
    merged = todos.merge(sessions[["session_id", "start_time"]], on="session_id")
    assert promises.carried_over(merged.iloc[::-1], zone=ZONE)["todo_ids"].tolist() == [["t0", "t1"]]
    assert promises.carried_over(todos.iloc[::-1], sessions, zone=ZONE)["todo_ids"].tolist() == [["t0", "t1"]]


def test_empty_and_wrong() -> None:
    """An empty frame gives the same columns and dtypes; a score that is none is an error."""
    todos, sessions = frames("Send gasket samples to Corvane", "Please send the gasket samples to Corvane")

    assert promises.carried_over(todos.head(0), sessions, zone=ZONE).dtypes.equals(promises.carried_over(todos, sessions, zone=ZONE).dtypes)
    for score in (0, 1.5):
        with pytest.raises(UsageError, match="between 0 and 1"):
            promises.carried_over(todos, sessions, zone=ZONE, min_score=score)


def test_demo_account() -> None:
    """The three promises that the demo carries over are found, each with another wording, and every pair shares most of its words."""
    with hj.demo() as hedy:
        found = promises.carried_over(hedy.todos(), hedy.sessions(limit=None), zone=ZONE)

    reworded = found[[len(set(texts)) > 1 for texts in found["texts"]]]
    for words in ("gasket samples", "price list", "audit log"):
        assert reworded["promise"].str.contains(words).any()
    assert found["score"].ge(promises.MIN_SCORE).all()


def test_many_todos() -> None:
    """Five thousand todos are compared without every pair."""
    texts = [f"Write word{number % 700} and word{number % 611} for word{number % 13}" for number in range(5000)]
    todos, sessions = frames(*texts, every_days=0)

    assert len(promises.carried_over(todos, sessions, zone=ZONE)) > 0


# Burn-down -------------------------------------------------------------------


def test_burn_down() -> None:
    """Each period has what was made, what was done, and what is open at its end, up to now."""
    todos, sessions = frames("a", "b", "c", "d", done=(0, 1))
    done_at = {"t0": pd.Timestamp("2026-03-10T10:00:00Z")}
    rows = promises.burn_down(
        todos.assign(completed_at=pd.to_datetime(todos["todo_id"].map(done_at), utc=True)),
        sessions,
        zone=ZONE,
        now=datetime(2026, 4, 1, tzinfo=UTC),
    )

    assert rows["period"].dt.strftime("%m-%d").tolist() == ["03-02", "03-09", "03-16", "03-23", "03-30"]
    assert rows["made"].tolist() == [1, 1, 1, 1, 0]
    assert rows["done"].tolist() == [0, 2, 0, 0, 0]
    assert rows["open"].tolist() == [1, 0, 1, 2, 2]


@pytest.mark.parametrize("freq", ["D", "W", "M"])
def test_burn_down_of_nothing(freq: str) -> None:
    """Without todos, or without a known meeting, there are no rows, with the same columns."""
    todos, sessions = frames("a")
    dated = todos.assign(completed_at=pd.NaT)

    for rows in (promises.burn_down(dated.head(0), sessions, zone=ZONE, freq=freq), promises.burn_down(dated, None, zone=ZONE, freq=freq)):
        assert (list(rows.columns), len(rows)) == (["period", "made", "done", "open"], 0)


def test_burn_down_needs_the_history() -> None:
    """Without the archive's column, or with an unknown period, the error says what to do."""
    todos, sessions = frames("a")

    with pytest.raises(UsageError, match=r"completed_at.*history=True"):
        promises.burn_down(todos, sessions, zone=ZONE)
    with pytest.raises(UsageError, match="none of D, W, M"):
        promises.burn_down(todos.assign(completed_at=pd.NaT), sessions, zone=ZONE, freq="Q")
