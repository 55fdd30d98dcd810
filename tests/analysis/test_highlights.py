"""Highlights and topics: quotes, places in a meeting, highlights per meeting, quiet topics."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from hedy_jupyter.analysis import highlights, stale_topics
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import localize

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
HIGHLIGHTS = build(
    "highlights_detailed",
    [
        {
            "highlightId": "h0",
            "sessionId": "s1",
            "timestamp": "2026-03-04T10:11:37Z",
            "timeIndex": 697_999,
            "cleanedQuote": " Clean\u2028\u200f. ",
            "rawQuote": "raw",
        },
        {
            "highlightId": "h1",
            "sessionId": "s2",
            "timestamp": "2026-03-03T10:00:00Z",
            "timeIndex": 0,
            "cleanedQuote": " \n",
            "rawQuote": "raw um",
        },
        {
            "highlightId": "h2",
            "sessionId": "s1",
            "timestamp": "2026-03-04T10:02:00Z",
            "timeIndex": 36_061_000,
            "cleanedQuote": None,
            "rawQuote": "",
        },
        {"highlightId": "h3", "sessionId": None, "timestamp": None, "timeIndex": None, "rawQuote": "=cmd"},
        {"highlightId": "h4", "sessionId": "s1", "timestamp": None, "timeIndex": -1},
    ],
)
TOPICS = build(
    "topics",
    [
        {"id": "t0", "name": "Now", "lastSessionDate": "2026-03-31T11:00:00Z"},
        {"id": "t1", "name": "Never", "lastSessionDate": None},
        {"id": "t2", "name": "At the line", "lastSessionDate": "2026-03-01T12:00:00Z"},
        {"id": "t3", "name": "Just over it", "lastSessionDate": "2026-03-01T11:59:59Z"},
        {"id": "t4", "name": "Old", "lastSessionDate": "2025-03-31T12:00:00Z"},
        {"id": "t5", "name": "To come", "lastSessionDate": "2026-05-31T12:00:00Z"},
    ],
)


def from_csv(df: pd.DataFrame) -> pd.DataFrame:
    """*df* after a round through a CSV file."""
    return pd.read_csv(io.StringIO(df.to_csv(index=False)))


SHAPES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "as it is": lambda df: df,
    "csv": from_csv,
    "objects": lambda df: df.astype("object"),
    "one index": lambda df: df.set_axis([7] * len(df)),
    "more columns": lambda df: df.assign(count=5, first=1, last=2, quote="old", at="old", days_since=1),
    "localised": lambda df: localize(df, "Asia/Kathmandu"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_quotes_are_the_best_ones_there_are(shape: str) -> None:
    """The cleaned quote is taken, else the raw one; what has neither is left out.

    Index, order and attrs stay, the frame is untouched.
    """
    df = SHAPES[shape](HIGHLIGHTS)
    df.attrs["coverage"] = {"found": 5}
    before = df.copy(deep=True)
    found = highlights.quotes(df)

    assert found.columns.tolist() == ["highlight_id", "session_id", "timestamp", "title", "quote"]
    assert found["highlight_id"].tolist() == ["h0", "h1", "h3"]
    assert found["quote"].tolist() == ["Clean\u2028\u200f.", "raw um", "=cmd"]
    assert found.index.tolist() == df.index[[0, 1, 3]].tolist()
    assert found["quote"].dtype == DTYPES["text"]
    assert found.attrs == {"coverage": {"found": 5}}
    pd.testing.assert_frame_equal(df, before)


@pytest.mark.parametrize(
    ("column", "expected"), [("raw_quote", ["Clean\u2028\u200f."]), ("cleaned_quote", ["raw", "raw um", "=cmd"])]
)
def test_quotes_of_one_kind_are_enough(column: str, expected: list[str]) -> None:
    """One of the two columns is enough, without both there are no quotes."""
    assert highlights.quotes(HIGHLIGHTS.drop(columns=[column, "title"]))["quote"].tolist() == expected
    with pytest.raises(UsageError, match="no quotes"):
        highlights.quotes(build("highlights", []))


@pytest.mark.parametrize("shape", SHAPES)
def test_at_says_where_in_the_meeting(shape: str) -> None:
    """The time from the start is minutes and seconds, from one hour on hours too, cut to whole seconds.

    Missing or negative is missing.
    """
    df = SHAPES[shape](HIGHLIGHTS)
    before = df.copy(deep=True)
    found = highlights.at(df)

    assert found["at"].astype("object").where(found["at"].notna(), None).tolist() == [
        "11:37",
        "00:00",
        "10:01:01",
        None,
        None,
    ]
    assert found["at"].dtype == DTYPES["text"]
    pd.testing.assert_frame_equal(found.drop(columns="at"), df.drop(columns="at", errors="ignore"))
    pd.testing.assert_frame_equal(df, before)


@pytest.mark.parametrize("value", ["x", float("inf"), 1e300, None])
def test_at_of_what_is_no_time_is_missing(value: Any) -> None:
    """What is no number of milliseconds is missing."""
    assert highlights.at(HIGHLIGHTS.iloc[:1].assign(time_index_ms=[value]))["at"].isna().all()


@pytest.mark.parametrize("shape", SHAPES)
def test_by_session_counts_the_highlights(shape: str) -> None:
    """A row per meeting with the first and last time, most first, then in the order of the frame.

    Without a meeting is a row too.
    """
    found = highlights.by_session(SHAPES[shape](HIGHLIGHTS))

    assert found.columns.tolist() == ["session_id", "count", "first", "last"]
    assert found["session_id"].astype("object").fillna("-").tolist() == ["s1", "s2", "-"]
    assert found["count"].tolist() == [3, 1, 1]
    assert found["first"].tolist()[:2] == [pd.Timestamp("2026-03-04T10:02Z"), pd.Timestamp("2026-03-03T10:00Z")]
    assert found["last"].tolist()[:2] == [pd.Timestamp("2026-03-04T10:11:37Z"), pd.Timestamp("2026-03-03T10:00Z")]
    assert found.loc[2, ["first", "last"]].isna().all()
    assert str(found["first"].dtype) == f"datetime64[us, {'Asia/Kathmandu' if shape == 'localised' else 'UTC'}]"


def test_equal_meetings_stay_in_the_order_of_the_frame() -> None:
    """Between meetings with as many highlights the one that the frame names first comes first."""
    df = build("highlights", [{"highlightId": str(place), "sessionId": name} for place, name in enumerate("cabb")])

    assert highlights.by_session(df)["session_id"].tolist() == ["b", "c", "a"]


@pytest.mark.parametrize("shape", SHAPES)
def test_stale_topics_are_quiet_for_longer_than_so_many_days(shape: str) -> None:
    """Topics whose last meeting is more than so many days of 24 hours back come longest first, and without one last."""
    df = SHAPES[shape](TOPICS)
    df.attrs["coverage"] = {"found": 6}
    before = df.copy(deep=True)
    found = stale_topics.stale(df, now=NOW)

    assert found["topic_id"].tolist() == ["t4", "t3", "t1"]
    assert found["days_since"].fillna(-1).tolist() == [365, 30, -1]
    assert found["days_since"].dtype == "Int64"
    assert found.index.tolist() == df.index[[4, 3, 1]].tolist()
    assert found.attrs == df.attrs
    pd.testing.assert_frame_equal(df, before)


def test_stale_takes_other_days_and_the_present() -> None:
    """Other days move the line; a present without a zone is UTC, without one it is the clock's."""
    naive, elsewhere = NOW.replace(tzinfo=None), NOW.astimezone(ZoneInfo("America/New_York"))

    assert stale_topics.stale(TOPICS, 0, now=NOW)["topic_id"].tolist() == ["t4", "t3", "t2", "t0", "t1"]
    assert stale_topics.stale(TOPICS, 30.1, now=NOW)["topic_id"].tolist() == ["t4", "t1"]
    pd.testing.assert_frame_equal(stale_topics.stale(TOPICS, now=naive), stale_topics.stale(TOPICS, now=elsewhere))
    recent = TOPICS.iloc[:1].assign(last_session_date=pd.Timestamp(datetime.now(UTC) - timedelta(days=2, minutes=1)))
    assert stale_topics.stale(recent, 1)["days_since"].tolist() == [2]
    assert stale_topics.stale(recent, 3).empty


@pytest.mark.parametrize(
    ("call", "df"),
    [
        (highlights.quotes, HIGHLIGHTS),
        (highlights.at, HIGHLIGHTS),
        (highlights.by_session, HIGHLIGHTS),
        (stale_topics.stale, TOPICS),
    ],
    ids=["quotes", "at", "by_session", "stale"],
)
def test_nothing_gives_the_same_columns(call: Callable[[pd.DataFrame], pd.DataFrame], df: pd.DataFrame) -> None:
    """An empty frame gives an empty one with the same columns and dtypes."""
    found = call(df.iloc[:0])

    assert found.empty
    pd.testing.assert_series_equal(found.dtypes, call(df).dtypes)
