"""Speakers: words, turns, questions, meetings and shares, in all and by topic, month or meeting."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from hedy_jupyter.analysis.plots.speakers import plot_speakers
from hedy_jupyter.analysis.speakers import speakers
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.build import build

ZONE = ZoneInfo("Europe/Berlin")
TEAM, TWIN = {"id": "t1", "name": "Team"}, {"id": "t2", "name": "Team"}
TEXTS = [
    "Ada: Are we ready?? And he?\nBob: Yes.\nAda: Good.\nBob: Go on.",
    "Ada: One two three.\nCy: Four?\nAda: Five.\nCy: Six.",
    "No speaker is named here.",
    "Bob: A whole sentence of words.\nAda: Right.\nBob: So be it.\nAda: Done.",
]


def frame() -> pd.DataFrame:
    """Four meetings in two months, the last on New Year's night, of two topics with one name, and of none."""
    starts = ["2026-02-03T10:00:00Z", "2026-01-20T10:00:00Z", "2026-01-10T10:00:00Z", "2025-12-31T23:30:00Z"]
    return build(
        "sessions_detailed",
        [
            {"sessionId": f"s{place}", "startTime": start, "topic": topic, "transcript": text}
            for place, (start, topic, text) in enumerate(zip(starts, [TEAM, TWIN, TEAM, None], TEXTS, strict=True))
        ],
    )


def test_in_all() -> None:
    """Most words first; question marks in a row count once; the shares add up to one."""
    found = speakers(frame(), zone=ZONE)

    assert found.columns.tolist() == ["speaker", "words", "turns", "questions", "meetings", "share"]
    assert found.drop(columns="share").to_numpy().tolist() == [
        ["Ada", 12, 6, 2, 3],
        ["Bob", 11, 4, 0, 2],
        ["Cy", 2, 2, 1, 1],
    ]
    assert found["share"].tolist() == [12 / 25, 11 / 25, 2 / 25]
    assert found.attrs["utterances"]["with_speakers"] == 3


def test_by_topic() -> None:
    """Topics of one name stay apart, meetings without a topic are a group, and shares are of the topic."""
    found = speakers(frame(), "topic", zone=ZONE)

    rows = found[["topic_name", "speaker", "words"]].fillna("-").to_numpy().tolist()
    assert found.columns[0] == "topic_name"
    assert rows == [
        ["-", "Bob", 8],
        ["-", "Ada", 2],
        ["Team", "Ada", 6],
        ["Team", "Bob", 3],
        ["Team", "Ada", 4],
        ["Team", "Cy", 2],
    ]
    assert [round(share, 3) for share in found["share"]] == [0.8, 0.2, 0.667, 0.333, 0.667, 0.333]


def test_by_month() -> None:
    """Months are those of the zone, and in order."""
    found = speakers(frame(), "month", zone=ZONE)

    assert found["period"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2026-01-01", "2026-02-01"]
    assert found.columns[0] == "period"
    assert found.groupby("period")["share"].sum().round(9).eq(1).all()


def test_by_session() -> None:
    """The newest meeting is first, whatever the order of the frame."""
    found = speakers(frame()[::-1], "session", zone=ZONE)

    assert found["session_id"].unique().tolist() == ["s0", "s1", "s3"]
    assert found["meetings"].eq(1).all()
    pd.testing.assert_frame_equal(found, speakers(frame(), "meeting", zone=ZONE))


@pytest.mark.parametrize("by", [None, "topic", "month", "session"])
def test_nobody(by: str | None) -> None:
    """A frame without meetings, and one whose texts name nobody, give no rows and the same columns and dtypes."""
    full = speakers(frame(), by, zone=ZONE)
    for df in (frame().head(0), frame().iloc[[2]]):
        found = speakers(df, by, zone=ZONE)
        assert found.empty
        assert found.dtypes.to_dict() == full.dtypes.to_dict()


def test_what_is_refused() -> None:
    """An unknown *by* and a missing column are errors that name them."""
    with pytest.raises(UsageError, match="'weekday'"):
        speakers(frame(), "weekday", zone=ZONE)
    with pytest.raises(UsageError, match="topic_id"):
        speakers(frame().drop(columns="topic_id"), "topic", zone=ZONE)
    with pytest.raises(UsageError, match="no transcripts"):
        speakers(frame().drop(columns=["transcript", "cleaned_transcript"]), zone=ZONE)


def test_unknown_words_are_named_with_what_is_meant() -> None:
    """A column or a measure that does not exist is one line, with the ones that do and the nearest."""
    frame = pd.DataFrame({"session_id": ["s1"], "transcript": ["Ada: Yes.\nBo: No."]})

    with pytest.raises(UsageError, match=r"by='topics' must be one of: topic, month, session\. Did you mean topic\?"):
        speakers(frame, "topics", zone=ZONE)
    with pytest.raises(UsageError, match=r"measure='word' must be one of: .*turns.* Did you mean words\?"):
        plot_speakers(frame, measure="word", zone=ZONE)
