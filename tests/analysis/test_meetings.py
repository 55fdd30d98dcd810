"""Meetings in time: days, loads, busy days and gaps on the user's wall clock."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from hedy_jupyter.analysis import meetings
from hedy_jupyter.errors import SettingsError, UsageError
from hedy_jupyter.frames import timezones
from hedy_jupyter.frames.build import build

BERLIN, NEW_YORK, KATHMANDU = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)  # a Wednesday
TOPICS = {"t1": {"id": "t1", "name": "Team"}, "t2": {"id": "t2", "name": "Team"}, None: None}


def sessions(*rows: tuple[object, ...]) -> pd.DataFrame:
    """A frame of sessions of (start, minutes[, topic[, type]]), called s0, s1, …"""
    records = []
    for place, (start, minutes, *rest) in enumerate(rows):
        topic, kind = [*rest, None, None][:2]
        records.append(
            {
                "sessionId": f"s{place}",
                "startTime": start,
                "duration": minutes,
                "topic": TOPICS[topic],
                "session_type": kind,
            }
        )  # type: ignore[index]
    return build("sessions", records)


def ids(df: pd.DataFrame) -> list[str]:
    """The sessions of *df*, by their numbers."""
    return [name.removeprefix("s") for name in df["session_id"]]


def cells(df: pd.DataFrame) -> list[list[object]]:
    """The cells of *df* row by row, "-" for a missing one."""
    return [["-" if pd.isna(cell) else cell for cell in row] for row in df.itertuples(index=False)]


def from_csv(df: pd.DataFrame) -> pd.DataFrame:
    """*df* after a round through a CSV file: times are text."""
    return pd.read_csv(io.StringIO(df.to_csv(index=False)))


SHAPES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "as it is": lambda df: df,
    "csv": from_csv,
    "naive": lambda df: df.assign(start_time=df["start_time"].dt.tz_localize(None)),
    "nanoseconds": lambda df: df.assign(start_time=df["start_time"].dt.as_unit("ns")),
    "text minutes": lambda df: df.assign(duration_min=df["duration_min"].astype("object").map(str)),
    "nullable minutes": lambda df: df.assign(duration_min=df["duration_min"].astype("Float64")),
    "one index": lambda df: df.set_axis([7] * len(df)),
    "upside down": lambda df: df.iloc[::-1],
    "more columns": lambda df: df.assign(note="x", end=1, count=2, place=3, period=4),
}


# On a day and between two -----------------------------------------------------

EVENING = sessions(
    ("2026-03-17T03:59:59Z", 30),  # still Monday in New York
    ("2026-03-17T04:00:00Z", 30),
    ("2026-03-18T03:59:59Z", 30),
    ("2026-03-18T04:00:00Z", 30),
    (None, 30),
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("yesterday", "12"),
        ("2026-03-17", "12"),
        ("last tuesday", "12"),
        (date(2026, 3, 17), "12"),
        (pd.Timestamp("2026-03-17"), "12"),
        (datetime(2026, 3, 17, 23), "12"),
        (pd.Timestamp("2026-03-17T03:00Z"), "0"),
        ("2026-03-17T09:30", "12"),
        ("24h", "12"),
        ("now", "3"),
        ("2026-03-16", "0"),
        ("this week", "0123"),
        ("2026-03", "0123"),
        ("2026", "0123"),
        ("2025", ""),
    ],
)
def test_on_a_day_is_the_users_day(day: object, expected: str) -> None:
    """A day is that of the zone, a longer period is taken whole, a moment means its day."""
    found = meetings.on(EVENING, day, zone=NEW_YORK, now=NOW)

    assert ids(found) == list(expected)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, "01234"),
        ("2026-03-17", None, "123"),
        (None, "2026-03-17", "012"),
        ("2026-03-17", "2026-03-17", "12"),
        (pd.Timestamp("2026-03-17T04:00Z"), pd.Timestamp("2026-03-17T04:00Z"), "1"),
        ("24h", "today", "23"),
        ("yesterday", "now", "123"),
    ],
)
def test_between_takes_both_ends_in(since: object, until: object, expected: str) -> None:
    """A bare day as the end is included whole, a moment holds what starts then, None is open."""
    found = meetings.between(EVENING, since, until, zone=NEW_YORK, now=NOW)

    assert ids(found) == list(expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_filters_keep_the_rows_as_they_are(shape: str) -> None:
    """Index, dtypes, columns and attrs stay, whatever the frame was through, and the frame is untouched."""
    df = SHAPES[shape](EVENING)
    df.attrs["coverage"] = {"found": 5}
    before = df.copy(deep=True)

    for found in (
        meetings.on(df, "2026-03-17", zone=NEW_YORK),
        meetings.between(df, "2026-03-17", "2026-03-17", zone=NEW_YORK),
    ):
        assert sorted(ids(found)) == ["1", "2"]
        assert found.attrs == {"coverage": {"found": 5}}
        pd.testing.assert_frame_equal(found, df[df["session_id"].isin(["s1", "s2"])])
    pd.testing.assert_frame_equal(df, before)


def test_a_localised_frame_keeps_its_zone() -> None:
    """After ``localize`` days, weeks and clock times are those of that zone."""
    df = timezones.localize(EVENING, "America/New_York")

    assert ids(meetings.on(df, "2026-03-17", zone=BERLIN)) == ["1", "2"]
    assert ids(meetings.between(df, until="2026-03-16", zone=BERLIN)) == ["0"]
    pd.testing.assert_frame_equal(meetings.load(df, "D", zone=BERLIN), meetings.load(EVENING, "D", zone=NEW_YORK))
    assert str(meetings.busiest(df, zone=BERLIN)["first"].dtype) == "datetime64[us, America/New_York]"


@pytest.mark.parametrize("call", [meetings.on, meetings.between])
def test_what_is_no_day_is_refused(call: Callable[..., pd.DataFrame]) -> None:
    """Words that are no time are an error."""
    with pytest.raises(UsageError, match="Can't read 'banana' as a date"):
        call(EVENING, "banana", zone=BERLIN)


# Load -------------------------------------------------------------------------

WEEKS = sessions(
    ("2026-03-09T09:00:00Z", 60, "t1", "meeting"),
    ("2026-03-15T22:59:00Z", 30, "t2", "meeting"),  # 23:59 on Sunday in Berlin
    ("2026-03-30T08:00:00Z", 45, None, "coaching"),
    ("2026-03-31T08:00:00Z", 90, "t1", "coaching"),
    ("2026-04-01T08:00:00Z", None, "t1", None),
    (None, 600, "t1", "meeting"),
)


@pytest.mark.parametrize("shape", SHAPES)
def test_load_by_week(shape: str) -> None:
    """Weeks begin on Monday, empty ones zeros; a meeting without a duration counts, one without a start does not."""
    df = SHAPES[shape](WEEKS)
    before = df.copy(deep=True)
    found = meetings.load(df, zone=BERLIN)

    assert found.columns.tolist() == ["period", "count", "hours", "evening_hours", "weekend_hours", "back_to_back"]
    assert found["period"].astype("str").tolist() == ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]
    assert found["count"].tolist() == [2, 0, 0, 3]
    assert found["hours"].tolist() == [1.5, 0.0, 0.0, 2.25]
    assert found["period"].dtype == "datetime64[us]"
    pd.testing.assert_frame_equal(df, before)


@pytest.mark.parametrize(
    ("spellings", "periods"),
    [
        ("D day d", 24),
        ("W week w W-MON", 4),
        ("M month ME MS", 2),
    ],
)
def test_frequencies_have_several_names(spellings: str, periods: int) -> None:
    """A period is named by a letter, a word, or as pandas does."""
    for name in spellings.split():
        found = meetings.load(WEEKS, name, zone=BERLIN)

        assert len(found) == periods
        assert found["count"].sum() == 5
        assert found["period"].is_monotonic_increasing


def test_load_by_month_begins_on_the_first() -> None:
    """A month is named by its first day."""
    found = meetings.load(WEEKS, "M", zone=BERLIN)

    assert found["period"].astype("str").tolist() == ["2026-03-01", "2026-04-01"]
    assert found["count"].tolist() == [4, 1]


@pytest.mark.parametrize("by", ["topic", "topic_id", "topic_name", " Topic "])
def test_load_by_topic(by: str) -> None:
    """Topics of one name stay apart, no topic is a row, the longest come first in a period, empty ones are left out."""
    found = meetings.load(WEEKS, by=by, zone=BERLIN)

    assert found.columns.tolist()[:5] == ["period", "topic_id", "topic_name", "count", "hours"]
    assert cells(found[["topic_id", "topic_name", "count", "hours"]]) == [
        ["t1", "Team", 1, 1.0],
        ["t2", "Team", 1, 0.5],
        ["t1", "Team", 2, 1.5],
        ["-", "-", 1, 0.75],
    ]
    assert found["period"].dt.day.tolist() == [9, 9, 30, 30]


def test_topics_without_an_id_go_by_name() -> None:
    """Where there are only names, two names are two topics, in load and in gaps."""
    df = sessions(*((f"2026-03-{day:02}T09:00:00Z", 60) for day in (2, 3, 5, 9)))
    df = df.assign(topic_name=pd.Series(["A", "B", "A", "B"], dtype=df["topic_name"].dtype))

    assert cells(meetings.load(df, "M", by="topic", zone=BERLIN)[["topic_id", "topic_name", "count"]]) == [
        ["-", "A", 2],
        ["-", "B", 2],
    ]
    assert cells(meetings.gaps(df, by="topic", zone=BERLIN)[["topic_name", "days"]]) == [["B", 5], ["A", 2]]


@pytest.mark.parametrize("by", ["type", "session_type"])
def test_load_by_type(by: str) -> None:
    """A type that is missing is a separate row."""
    found = meetings.load(WEEKS, "M", by=by, zone=BERLIN)

    assert cells(found[["session_type", "count", "hours"]]) == [
        ["coaching", 2, 2.25],
        ["meeting", 2, 1.5],
        ["-", 1, 0.0],
    ]


def test_load_by_a_category() -> None:
    """A column of categories shows only what occurs."""
    df = WEEKS.assign(session_type=pd.Categorical(["a", "a", "b", "b", "b", "a"], categories=["a", "b", "c"]))

    assert meetings.load(df, "M", by="type", zone=BERLIN)["session_type"].tolist() == ["b", "a", "b"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"freq": "Y"}, "freq cannot be 'Y'"),
        ({"freq": 7}, "freq cannot be 7"),
        ({"by": "title"}, "by cannot be 'title'"),
        ({"by": 1}, "by cannot be 1"),
    ],
)
def test_load_refuses_what_it_does_not_know(options: dict[str, object], message: str) -> None:
    """An unknown period or group is an error of one line."""
    with pytest.raises(UsageError, match=message):
        meetings.load(WEEKS, **options, zone=BERLIN)  # type: ignore[arg-type]


@pytest.mark.parametrize("call", [meetings.load, meetings.gaps])
def test_a_group_needs_its_columns(call: Callable[..., pd.DataFrame]) -> None:
    """By topic a frame without the topics' columns is an error that names them."""
    with pytest.raises(UsageError, match="needs the column topic_name"):
        call(WEEKS.drop(columns="topic_name"), by="topic", zone=BERLIN)


@pytest.mark.parametrize(
    ("start", "minutes", "zone", "evening", "weekend"),
    [
        ("2026-03-18T16:30:00Z", 60, BERLIN, 0.5, 0),  # 17:30 to 18:30
        ("2026-03-18T17:00:00Z", 60, BERLIN, 1, 0),
        ("2026-03-18T16:00:00Z", 60, BERLIN, 0, 0),  # to 18:00
        ("2026-03-18T06:45:00Z", 60, BERLIN, 0.25, 0),  # from 7:45
        ("2026-03-18T06:00:00Z", 14 * 60, BERLIN, 4, 0),  # 7:00 to 21:00
        ("2026-03-18T21:00:00Z", 12 * 60, BERLIN, 10, 0),  # 22:00 to 10:00
        ("2026-03-20T22:00:00Z", 120, BERLIN, 1, 1),  # 23:00 on Friday to 1:00 on Saturday
        ("2026-03-22T22:00:00Z", 120, BERLIN, 1, 1),  # 23:00 on Sunday to 1:00 on Monday
        ("2026-03-21T10:00:00Z", 60, BERLIN, 0, 1),
        ("2026-03-20T09:00:00Z", 72 * 60, BERLIN, 6 + 8 + 0, 48),  # Friday 10:00 to Monday 10:00
        ("2026-03-29T00:30:00Z", 60, BERLIN, 0, 1),  # 1:30 to 3:30 by the clock
        (
            "2026-03-27T22:30:00Z",
            48 * 60,
            BERLIN,
            1,
            47,
        ),  # Friday 23:30 to Monday 0:30 by the clock, a weekend of 47 hours
        ("2026-10-23T21:30:00Z", 50 * 60, BERLIN, 1, 49),  # the same over a weekend of 49 hours
        ("2026-03-08T04:30:00Z", 60, NEW_YORK, 0, 1),  # 23:30 on Saturday to 0:30 on the Sunday of the clock change
        ("2026-03-09T12:00:00Z", 60, NEW_YORK, 0, 0),  # 8:00, the Monday after the clock change
        ("2026-03-06T12:00:00Z", 60, NEW_YORK, 1, 0),  # 7:00, the Friday before it
        ("2026-03-18T01:45:00Z", 60, KATHMANDU, 0.5, 0),  # 7:30 to 8:30
        ("2026-03-20T18:00:00Z", 60, KATHMANDU, 0.25, 0.75),  # Friday 23:45
        ("2018-11-04T02:30:00Z", 60, ZoneInfo("America/Sao_Paulo"), 0, 1),  # a Sunday that begins at 1:00
        ("2018-11-03T02:00:00Z", 26 * 60, ZoneInfo("America/Sao_Paulo"), 1, 25),
    ],
)
def test_evenings_and_weekends_are_counted_by_the_minute(
    start: str, minutes: int, zone: tzinfo, evening: float, weekend: float
) -> None:
    """Hours outside 8:00 to 18:00 and on weekends are counted exactly, over midnight and clock changes too."""
    found = meetings.load(sessions((start, minutes)), zone=zone).iloc[0]

    assert found["hours"] == minutes / 60
    assert found["evening_hours"] == pytest.approx(evening)
    assert found["weekend_hours"] == pytest.approx(weekend)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(0, 30), (30, 30)], 1),
        ([(0, 30), (35, 30)], 1),
        ([(0, 30), (35.1, 30)], 0),
        ([(0, 30), (15, 30)], 1),
        ([(0, 120), (15, 15), (60, 15)], 2),  # within a longer one, also after another one
        ([(0, 120), (15, 15), (126, 15)], 1),
        ([(0, 30), (0, 30)], 1),
        ([(0, None), (3, 30)], 0),  # when the first ended is not known
        ([(0, 30), (20, None), (34, 30)], 2),
        ([(35, 30), (0, 30)], 1),
        ([(0, 30)], 0),
    ],
)
def test_back_to_back(rows: list[tuple[float, float | None]], expected: int) -> None:
    """A meeting is back to back that begins before an earlier one ends, or at most five minutes later."""
    start = datetime(2026, 3, 18, 9, tzinfo=UTC)
    df = sessions(*(((start + timedelta(minutes=after)).isoformat(), minutes) for after, minutes in rows))

    assert meetings.load(df, zone=BERLIN)["back_to_back"].tolist() == [expected]


def test_back_to_back_does_not_stop_at_a_topic() -> None:
    """By topic a meeting is also back to back with one of another topic."""
    df = sessions(("2026-03-18T09:00:00Z", 30, "t1"), ("2026-03-18T09:30:00Z", 60, "t2"))

    found = meetings.load(df, by="topic", zone=BERLIN)

    assert dict(zip(found["topic_id"], found["back_to_back"], strict=True)) == {"t1": 0, "t2": 1}


@pytest.mark.parametrize("minutes", [-30, 1e15, float("inf"), "x"])
def test_an_impossible_duration_counts_as_none(minutes: object) -> None:
    """A negative or endless duration is no duration, and no error."""
    df = sessions(("2026-03-18T09:00:00Z", 30)).assign(duration_min=[minutes])

    assert meetings.load(df, zone=BERLIN)["hours"].tolist() == [0.0]


def test_load_at_the_ends_of_the_calendar() -> None:
    """Times that do not fit nanoseconds are no obstacle."""
    df = sessions(("0002-03-01T10:00:00Z", 60), ("9998-12-30T22:00:00Z", 600))

    assert meetings.load(df, "M", by="type", zone=BERLIN)["hours"].tolist() == [1.0, 10.0]
    assert meetings.load(df.iloc[1:], "W", zone=BERLIN)["period"].dt.year.tolist() == [9998]


def test_load_is_the_same_however_the_hours_are_cut() -> None:
    """Over random meetings the hours by day, week, month, topic and type add up; no hour is evening and weekend."""
    random = np.random.default_rng(5)
    starts = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(random.integers(0, 300 * 1440, 300), unit="min")
    df = sessions(
        *(
            (start.isoformat(), float(minutes), "t1")
            for start, minutes in zip(starts, random.integers(0, 900, 300), strict=True)
        )
    )
    hours = df["duration_min"].sum() / 60

    for freq in "DWM":
        for by in (None, "topic", "type"):
            found = meetings.load(df, freq, by=by, zone=NEW_YORK)

            assert found["hours"].sum() == pytest.approx(hours)
            assert found["count"].sum() == 300
            assert (found["evening_hours"] + found["weekend_hours"] <= found["hours"] + 1e-9).all()
    minutes = [
        pd.date_range(start, periods=int(n), freq="min") for start, n in zip(starts, df["duration_min"], strict=True)
    ]
    wall = minutes[0].append(minutes[1:]).tz_convert(NEW_YORK)
    weekend = wall.day_of_week >= 5
    evening = ~weekend & ((wall.hour < 8) | (wall.hour >= 18))
    assert found["weekend_hours"].sum() == pytest.approx(weekend.sum() / 60)
    assert found["evening_hours"].sum() == pytest.approx(evening.sum() / 60)


# Busy days --------------------------------------------------------------------


def test_busiest_days_come_first() -> None:
    """The fullest day is first, of equal hours the one with more meetings, then the newer one.

    First and last are its ends.
    """
    df = sessions(
        ("2026-03-16T09:00:00Z", 60),
        ("2026-03-17T09:00:00Z", 30),
        ("2026-03-17T11:00:00Z", 30),
        ("2026-03-18T09:00:00Z", 60),
        ("2026-03-19T08:00:00Z", 180),
        ("2026-03-19T08:30:00Z", 15),
        ("2026-03-19T23:30:00Z", 600),  # 0:30 on the 20th in Berlin
        (None, 6000),
    )
    found = meetings.busiest(df, zone=BERLIN)

    assert found.columns.tolist() == [*meetings.load(df, zone=BERLIN).columns, "first", "last"]
    assert found["period"].dt.day.tolist() == [20, 19, 17, 18, 16]
    assert found["hours"].tolist() == [10.0, 3.25, 1.0, 1.0, 1.0]
    assert found.index.tolist() == [0, 1, 2, 3, 4]
    assert found["first"][1] == pd.Timestamp("2026-03-19T09:00", tz=BERLIN)
    assert found["last"][1] == pd.Timestamp("2026-03-19T12:00", tz=BERLIN)
    assert meetings.busiest(df, 2, zone=BERLIN)["period"].dt.day.tolist() == [20, 19]
    assert meetings.busiest(df, freq="week", zone=BERLIN)["count"].tolist() == [7]


# Gaps -------------------------------------------------------------------------


def test_gaps_are_longest_first() -> None:
    """A gap goes from the end of one meeting to the start of the next, with real hours, free days and free workdays."""
    df = sessions(
        ("2026-03-23T09:00:00Z", 60),
        ("2026-03-27T14:00:00Z", 60),  # Friday to Monday over the clock change
        ("2026-03-30T07:00:00Z", 60),
        ("2026-03-30T10:00:00Z", None),
        ("2026-03-31T10:00:00Z", 60),
        (None, 60),
    )
    found = meetings.gaps(df, zone=BERLIN)

    assert found.columns.tolist() == [
        "since",
        "until",
        "hours",
        "days",
        "workdays",
        "session_id_before",
        "session_id_after",
    ]
    assert found["since"].tolist() == [
        pd.Timestamp("2026-03-23T11:00", tz=BERLIN),
        pd.Timestamp("2026-03-27T16:00", tz=BERLIN),
    ]
    assert found["until"].tolist() == [
        pd.Timestamp("2026-03-27T15:00", tz=BERLIN),
        pd.Timestamp("2026-03-30T09:00", tz=BERLIN),
    ]
    assert found[["hours", "days", "workdays"]].to_numpy().tolist() == [[100, 3, 3], [64, 2, 0]]
    assert found["session_id_before"].tolist() == ["s0", "s1"]
    assert found["session_id_after"].tolist() == ["s1", "s2"]
    assert meetings.gaps(df, min_days=3, zone=BERLIN)["days"].tolist() == [3]
    assert meetings.gaps(df, min_days=0, zone=BERLIN)["hours"].tolist() == [100, 64, 24, 2]


@pytest.mark.parametrize(
    ("end", "start", "days"),
    [
        ("2026-03-17T23:00:00Z", "2026-03-18T23:00:00Z", 1),  # midnight to midnight in Berlin
        ("2026-03-17T23:00:01Z", "2026-03-18T23:00:00Z", 0),
        ("2026-03-17T23:00:00Z", "2026-03-18T22:59:59Z", 0),
        ("2026-03-17T22:00:00Z", "2026-03-19T00:00:00Z", 1),
        ("2026-03-18T08:00:00Z", "2026-03-18T10:00:00Z", 0),
        ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 1),  # a day of 23 hours
    ],
)
def test_free_days_are_whole_days(end: str, start: str, days: int) -> None:
    """Only a day without any minute of a meeting is free."""
    begin = pd.Timestamp(end) - timedelta(minutes=30)
    df = sessions((begin.isoformat(), 30), (start, 30))

    assert meetings.gaps(df, min_days=0, zone=BERLIN)["days"].tolist() == [days]


def test_a_meeting_within_another_makes_no_gap() -> None:
    """Overlapping meetings are one stretch, which ends with the one that ends last; meetings on end leave no gap."""
    df = sessions(
        ("2026-03-18T09:00:00Z", 180),
        ("2026-03-18T09:30:00Z", 30),
        ("2026-03-18T12:00:00Z", 30),
        ("2026-03-18T12:15:00Z", 5),
        ("2026-03-18T14:00:00Z", 30),
    ).iloc[::-1]
    found = meetings.gaps(df, min_days=0, zone=BERLIN)

    assert found[["hours", "session_id_before", "session_id_after"]].to_numpy().tolist() == [[1.5, "s2", "s4"]]


@pytest.mark.parametrize("shape", SHAPES)
def test_gaps_of_each_topic(shape: str) -> None:
    """By topic a gap is one between two meetings of the topic.

    Topics of one name stay apart, meetings without one are a group.
    """
    df = SHAPES[shape](
        sessions(
            ("2026-03-02T09:00:00Z", 60, "t1"),
            ("2026-03-03T09:00:00Z", 60, "t2"),
            ("2026-03-05T09:00:00Z", 60, None),
            ("2026-03-09T09:00:00Z", 60, "t2"),
            ("2026-03-12T09:00:00Z", 60, "t1"),
            ("2026-03-14T09:00:00Z", 60, None),
        )
    )
    found = meetings.gaps(df, by="topic", zone=BERLIN)

    assert found["topic_id"].astype("object").fillna("-").tolist() == ["t1", "-", "t2"]
    assert found["days"].tolist() == [9, 8, 5]
    assert ["".join(pair) for pair in zip(found["session_id_before"], found["session_id_after"], strict=True)] == [
        "s0s4",
        "s2s5",
        "s1s3",
    ]


# Nothing ----------------------------------------------------------------------

CALLS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "on": lambda df: meetings.on(df, "today", zone=BERLIN),
    "between": lambda df: meetings.between(df, "2026", "2026", zone=BERLIN),
    "load": lambda df: meetings.load(df, zone=BERLIN),
    "load by topic": lambda df: meetings.load(df, by="topic", zone=BERLIN),
    "load by type": lambda df: meetings.load(df, by="type", zone=BERLIN),
    "busiest": lambda df: meetings.busiest(df, zone=BERLIN),
    "gaps": lambda df: meetings.gaps(df, zone=BERLIN),
    "gaps by topic": lambda df: meetings.gaps(df, by="topic", zone=BERLIN),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "df", [WEEKS.iloc[:0], WEEKS.iloc[[5]], build("sessions_detailed", [])], ids=["rows", "no start", "details"]
)
def test_nothing_gives_the_same_columns(call: str, df: pd.DataFrame) -> None:
    """Without a meeting that has a start the result is empty, with the columns and dtypes that it has otherwise."""
    found, full = CALLS[call](df), CALLS[call](WEEKS)

    assert found.empty
    if call not in ("on", "between"):
        pd.testing.assert_series_equal(found.dtypes, full.dtypes)


# Zones ------------------------------------------------------------------------


def test_localize_moves_every_aware_time() -> None:
    """Every column of aware times is in the zone, also of two of one name.

    The instants, the rest and the frame itself stay.
    """
    df = build("sessions_detailed", [{"id": "s", "startTime": "2026-07-01T10:00:00Z", "endTime": None, "duration": 30}])
    df = df.assign(naive=df["start_time"].dt.tz_localize(None), text="2026-07-01T10:00:00Z")
    df = pd.concat([df, df[["start_time"]]], axis=1).set_axis(["x"])
    df.attrs["coverage"] = {"found": 1}
    before = df.copy(deep=True)
    found = timezones.localize(df, "Asia/Kathmandu")

    moved = found.dtypes.astype("str").str.endswith("Asia/Kathmandu]").to_numpy()
    assert found.columns[moved].tolist() == ["start_time", "end_time", "cleaned_at", "start_time"]
    assert found.iloc[0, 2] == before.iloc[0, 2]
    assert found.iloc[0, 2].hour == 15
    assert found.attrs == df.attrs
    pd.testing.assert_frame_equal(found.loc[:, ~moved], before.loc[:, ~moved])
    pd.testing.assert_frame_equal(df, before)
    pd.testing.assert_frame_equal(timezones.localize(found, UTC), before)
    assert timezones.localize(EVENING, KATHMANDU)["start_time"].dt.tz is KATHMANDU


def test_localize_refuses_what_is_no_zone() -> None:
    """An unknown zone is a settings error."""
    with pytest.raises(SettingsError, match="Unknown time zone"):
        timezones.localize(EVENING, "Mars/Olympus")


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00"),
        ("America/Havana", "2024-11-03", "2024-11-03T04:00"),
        ("Asia/Kathmandu", "2026-03-18", "2026-03-17T18:15"),
    ],
)
def test_instants_of_the_wall_clock(zone: str, wall: str, expected: str) -> None:
    """A time that a clock change leaves out is the first after it, of one that comes twice the first is meant."""
    assert timezones.instants(pd.Series([pd.Timestamp(wall)]), ZoneInfo(zone)).tolist() == [
        datetime.fromisoformat(expected)
    ]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (pd.Series(["2026-03-17T23:30:00Z"]), "2026-03-18T00:30"),
        (pd.Series(["2026-03-17 23:30:00+00:00", "2026-03-17T23:30:00.5Z", "x", None]), "2026-03-18T00:30"),
        (pd.Series([pd.Timestamp("2026-03-17T23:30")]), "2026-03-18T00:30"),
        (pd.Series([pd.Timestamp("2026-03-17T23:30Z")]), "2026-03-18T00:30"),
        (pd.Series([pd.Timestamp("2026-03-17T23:30", tz=NEW_YORK)]), "2026-03-17T23:30"),
    ],
)
def test_local_times_are_those_of_the_wall_clock(times: pd.Series, expected: str) -> None:
    """Text, naive and UTC times come to the zone, others stay in theirs; what is no time is missing."""
    found = timezones.local_times(times, BERLIN)

    assert found[0].tz_localize(None) == pd.Timestamp(expected)
    assert found.dt.unit == "us"
    assert found.isna().tolist() == [False, False, True, True][: len(times)]
    assert timezones.local_days(times, BERLIN)[0] == pd.Timestamp(expected[:10])
