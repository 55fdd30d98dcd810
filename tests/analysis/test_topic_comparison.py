"""Two topics side by side, and the table of their hours: each number agrees with plain pandas."""

from __future__ import annotations

import math
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from hedy_jupyter import Hedy
from hedy_jupyter.analysis.meetings import load_table
from hedy_jupyter.analysis.topic_comparison import MEASURES, compare
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.build import build

BERLIN, UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
TOPICS = {"a": "Hiring", "b": "Coaching", "b2": "coaching", "t": "total", "n": None}


def sessions(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """A frame of sessions of (topic, start, minutes[, transcript])."""
    return build(
        "sessions_detailed",
        [
            {
                "sessionId": f"s{place}",
                "startTime": start,
                "duration": minutes,
                "topic": {"id": topic, "name": TOPICS[topic]} if topic else None,
                "transcript": rest[0] if rest else None,
            }
            for place, (topic, start, minutes, *rest) in enumerate(rows)
        ],
    )


def todos(*rows: tuple[str | None, str, bool | None]) -> pd.DataFrame:
    """A frame of todos of (topic, session, completed)."""
    return build(
        "todos",
        [
            {"id": f"d{place}", "topic": {"id": topic} if topic else None, "sessionId": session, "completed": done}
            for place, (topic, session, done) in enumerate(rows)
        ],
    )


def column(found: pd.DataFrame, topic: str) -> dict[str, object]:
    """Measure → value of *topic*, None for a missing one."""
    return {
        measure: None if pd.isna(value) else value
        for measure, value in zip(found["measure"], found[topic], strict=True)
    }


# The table of hours -------------------------------------------------------------


@pytest.mark.parametrize(
    ("freq", "zone"),
    [("D", "Asia/Kathmandu"), ("W", "America/New_York"), ("W", "Europe/Berlin"), ("M", "Asia/Kathmandu")],
)
def test_hours_agree_with_a_pivot(demo: Hedy, freq: str, zone: str) -> None:
    """Each cell of the demo account's table is the sum that a pivot of pandas gives."""
    df = demo.sessions(limit=None)
    found = df.hedy.localize(zone).hedy.load(freq, wide=True)
    days = df["start_time"].dt.tz_convert(zone).dt.tz_localize(None)
    period = days.dt.to_period({"D": "D", "W": "W-SUN", "M": "M"}[freq]).dt.start_time
    table = df.assign(period=period, hours=df["duration_min"] / 60, topic_name=df["topic_name"].fillna("(no topic)"))
    expected = table.pivot_table(index="period", columns="topic_name", values="hours", aggfunc="sum", fill_value=0)
    held = found.set_index("period")

    assert list(held.columns[-2:]) == ["(no topic)", "total"]
    assert set(held.columns[:-1]) == set(expected.columns)
    for name in expected:
        assert held.loc[expected.index, name].to_numpy() == pytest.approx(expected[name].round(1).to_numpy(), abs=0.051)
    assert held["total"].sum() == pytest.approx(df["duration_min"].sum() / 60, abs=0.051 * len(held))
    assert held.drop(expected.index).to_numpy().sum() == 0
    assert list(held.columns[:-2]) == list(
        expected.drop(columns="(no topic)").sum().sort_values(ascending=False, kind="stable").index
    )


def test_missing_lengths_are_not_nothing() -> None:
    """A cell is missing where the lengths of all of its meetings are; where one is known, that is the sum."""
    df = sessions(
        ("a", "2026-03-02T10:00Z", None),
        ("a", "2026-03-10T10:00Z", 90),
        ("a", "2026-03-11T10:00Z", None),
        (None, "2026-03-03T10:00Z", 6),
        ("b", None, 60),
    )
    found = load_table(df, "W", zone=UTC)

    assert found.columns.tolist() == ["period", "Hiring", "(no topic)", "total"]
    assert found["Hiring"].isna().tolist() == [True, False]
    assert found["Hiring"][1] == 1.5
    assert found["(no topic)"].tolist() == [0.1, 0.0]
    assert found["total"].tolist() == [0.1, 1.5]
    assert load_table(df.head(1), "W", zone=UTC)["total"].isna().all()


def test_topics_of_one_name_and_names_of_columns() -> None:
    """Topics of one name have their ids behind it, and a topic called "total" is not the sum."""
    df = sessions(("a", "2026-03-02T10:00Z", 60), ("t", "2026-03-02T12:00Z", 30), ("n", "2026-03-02T14:00Z", 30))
    twin = df.head(1).assign(topic_id="a2", session_id="s9")
    found = load_table(pd.concat([df, twin], ignore_index=True), "W", zone=UTC)

    assert found.columns.tolist() == [
        "period",
        "Hiring (a)",
        "Hiring (a2)",
        "Untitled topic",
        "total (t)",
        "(no topic)",
        "total",
    ]
    assert found.iloc[0, 1:].tolist() == [1.0, 1.0, 0.5, 0.5, 0.0, 3.0]


def test_weeks_of_two_zones_and_of_the_clock_change() -> None:
    """A meeting on Sunday night is in the next week further east; a week of the clock change is one row."""
    df = sessions(("a", "2026-03-29T22:30Z", 60), ("a", "2026-03-22T10:00Z", 60), ("a", "2026-04-05T10:00Z", 60))

    assert load_table(df, "W", zone=UTC)["period"].dt.strftime("%m-%d").tolist() == ["03-16", "03-23", "03-30"]
    assert load_table(df, "W", zone=BERLIN)["Hiring"].tolist() == [1.0, 0.0, 2.0]


def test_an_empty_table() -> None:
    """Without meetings there are the same three columns, with their dtypes; types can be columns as well."""
    empty, full = (load_table(df, zone=UTC) for df in (sessions(), sessions((None, "2026-03-02T10:00Z", 60))))

    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert load_table(sessions(("a", "2026-03-02T10:00Z", 60)), by="type", zone=UTC).columns.tolist() == [
        "period",
        "(no type)",
        "total",
    ]
    with pytest.raises(UsageError, match="'person'"):
        load_table(sessions(), by="person", zone=UTC)


# Two topics ---------------------------------------------------------------------


def test_the_demo_agrees_with_plain_pandas(demo: Hedy) -> None:
    """Meetings, hours, rhythm and open todos are what pandas gives, by the accessor and by the account alike."""
    df, all_todos = demo.sessions(limit=None, details=True), demo.todos()
    found = df.hedy.compare("Clinic software", "coaching", todos=all_todos)

    assert found.columns.tolist() == ["measure", "Clinic software", "Coaching"]
    assert tuple(found["measure"]) == MEASURES
    for name in found.columns[1:]:
        part = df[df["topic_name"].eq(name).fillna(False)]
        days = part["start_time"].dt.tz_convert(demo.zone).dt.normalize().dt.tz_localize(None).sort_values()
        held = column(found, name)
        mine = all_todos[all_todos["topic_name"].eq(name).fillna(False)]
        assert held["meetings"] == len(part)
        assert held["hours"] == round(part["duration_min"].sum() / 60, 1)
        assert held["rhythm_days"] == days.diff().median().days
        assert held["open_todos"] == (~mine["completed"]).sum()
    pd.testing.assert_frame_equal(demo.compare("Clinic software", "Coaching"), found)


def test_words_that_mark_a_topic() -> None:
    """Words are without stop words and speakers, in their usual spelling, in Chinese as pairs of characters."""
    one = "Ada: The Gasket and the harbour, the Gasket again.\nBo: The Gasket leaks in the harbour.\n"
    other = "Ada: The candidate and the harbour.\nBo: The candidate, the interview, the candidate.\n"
    df = sessions(("a", None, None, one * 20), ("b", None, None, other * 20), (None, None, None, one * 50))
    found = compare(df, "Hiring", "Coaching", zone=UTC)
    chinese = compare(
        df.assign(transcript=["林：预算和供应商。\n王：预算很紧。" * 9, "林：展览的照片。\n王：照片很多。" * 9, ""]),
        "a",
        "b",
        zone=UTC,
    )

    assert column(found, "Hiring")["words"] == "Gasket, leaks"
    assert column(found, "Coaching")["words"] == "candidate, interview"
    assert str(column(chinese, "Hiring")["words"]).startswith("预算")
    assert str(column(chinese, "Coaching")["words"]).startswith("照片")


def test_what_is_not_known_is_missing() -> None:
    """No todos, transcripts, lengths or starts: such measures are missing, not nought."""
    df = sessions(("a", None, None), ("b", "2026-03-02T10:00Z", 0), ("b", "2026-03-02T12:00Z", 30))
    found = compare(df, "Hiring", "Coaching", zone=UTC)

    assert column(found, "Hiring") == dict.fromkeys(MEASURES) | {"meetings": 1}
    assert column(found, "Coaching") == dict.fromkeys(MEASURES) | {"meetings": 2, "hours": 0.5, "rhythm_days": 0.0}
    assert (
        column(compare(df.drop(columns=["transcript", "cleaned_transcript"]), "a", "b", zone=UTC), "Hiring")["words"]
        is None
    )


def test_meetings_without_a_topic_and_their_todos() -> None:
    """``(no topic)`` can be compared as well: open todos are then those of its meetings; unknown states are open."""
    df = sessions(("a", "2026-03-02T10:00Z", 60), (None, "2026-03-03T10:00Z", 30))
    mine = todos(("a", "s0", False), ("a", "s9", None), ("a", "s0", True), (None, "s1", False), ("b", "s0", False))
    found = compare(df, "(no topic)", "Hiring", todos=mine, zone=UTC)

    assert column(found, "(no topic)")["open_todos"] == 1
    assert column(found, "Hiring")["open_todos"] == 2


def test_rhythm_is_in_days_of_the_zone() -> None:
    """A weekly meeting is weekly over a change of the clock; the median is of the gaps between meetings."""
    weekly = [
        ("a", f"2026-{day}:30+0{offset}:00", 30) for day, offset in (("03-22T10", 1), ("03-29T10", 2), ("04-05T10", 2))
    ]
    df = sessions(*weekly, ("b", "2026-03-01T10:00Z", 30))

    assert column(compare(df, "Hiring", "Coaching", zone=BERLIN), "Hiring")["rhythm_days"] == 7.0


def test_what_cannot_be_compared() -> None:
    """A topic that is not there, one name for two topics, and a topic with itself are errors that say so."""
    df = sessions(("a", None, 30), ("b", None, 30), ("b2", None, 30))

    with pytest.raises(UsageError, match=r"No meeting has the topic 'Hirring'\. Did you mean Hiring\?"):
        compare(df, "Hirring", "a", zone=UTC)
    with pytest.raises(UsageError, match="2 topics are called 'COACHING'"):
        compare(df, "a", "COACHING", zone=UTC)
    assert compare(df, "coaching", "Coaching", zone=UTC).columns.tolist() == ["measure", "coaching", "Coaching"]
    with pytest.raises(UsageError, match="the same topic"):
        compare(df, "a", "hiring", zone=UTC)


def test_a_value_is_plain(demo: Hedy) -> None:
    """Numbers of a comparison are Python's, so that they can be written anywhere."""
    found = demo.compare("Hiring", "(no topic)")
    values = [value for name in found.columns[1:] for value in found[name]]

    assert {type(value) for value in values} == {int, float, str}
    assert not any(isinstance(value, float) and math.isnan(value) for value in values)
