"""What a user says for a time becomes an instant of the display zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from hedy_jupyter.errors import SettingsError, UsageError
from hedy_jupyter.tables import dates

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 8, 19, 13, 20, 5, tzinfo=UTC)  # a Wednesday, 15:20:05 in Berlin


def span(value: object, *, zone: tzinfo = BERLIN, now: datetime = NOW) -> tuple[str, str]:
    """Start and exclusive end on the wall clock of *zone*."""
    ends = (dates.instant(value, zone=zone, now=now, end=end).tz_convert(zone) for end in (False, True))
    start, stop = (end.tz_localize(None).isoformat() for end in ends)
    return start.removesuffix("T00:00:00"), stop.removesuffix("T00:00:00")


@pytest.mark.parametrize(
    ("words", "start", "stop"),
    [
        ("2026-03-15", "2026-03-15", "2026-03-16"),
        ("2026-3-5", "2026-03-05", "2026-03-06"),
        ("20260315", "2026-03-15", "2026-03-16"),
        ("15.03.2026", "2026-03-15", "2026-03-16"),
        ("5. 3. 2026", "2026-03-05", "2026-03-06"),
        ("2026-03", "2026-03-01", "2026-04-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-W11", "2026-03-09", "2026-03-16"),
        ("today", "2026-08-19", "2026-08-20"),
        ("  Yesterday ", "2026-08-18", "2026-08-19"),
        ("tomorrow", "2026-08-20", "2026-08-21"),
        ("last tuesday", "2026-08-18", "2026-08-19"),
        ("last wednesday", "2026-08-12", "2026-08-13"),
        ("Last  Thursday", "2026-08-13", "2026-08-14"),
        ("tuesday", "2026-08-18", "2026-08-19"),
        ("this tuesday", "2026-08-18", "2026-08-19"),
        ("wednesday", "2026-08-19", "2026-08-20"),
        ("thu", "2026-08-13", "2026-08-14"),
        ("next wednesday", "2026-08-26", "2026-08-27"),
        ("next friday", "2026-08-21", "2026-08-22"),
        ("last week", "2026-08-10", "2026-08-17"),
        ("this week", "2026-08-17", "2026-08-24"),
        ("next week", "2026-08-24", "2026-08-31"),
        ("last month", "2026-07-01", "2026-08-01"),
        ("this month", "2026-08-01", "2026-09-01"),
        ("last quarter", "2026-04-01", "2026-07-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("march", "2026-03-01", "2026-04-01"),
        ("august", "2026-08-01", "2026-09-01"),
        ("last august", "2025-08-01", "2025-09-01"),
        ("last march", "2026-03-01", "2026-04-01"),
        ("next march", "2027-03-01", "2027-04-01"),
        ("sept", "2025-09-01", "2025-10-01"),
        ("March 2026", "2026-03-01", "2026-04-01"),
        ("3 days ago", "2026-08-16", "2026-08-17"),
        ("two weeks ago", "2026-08-05", "2026-08-06"),
        ("a month ago", "2026-07-19", "2026-07-20"),
        ("last 7 days", "2026-08-12", "2026-08-13"),
    ],
)
def test_words_are_whole_local_periods(words: str, start: str, stop: str) -> None:
    """A bare day, week, month or year is all of it, from its first local midnight to the one after it."""
    assert span(words) == (start, stop)


@pytest.mark.parametrize(
    ("words", "start", "stop"),
    [
        ("gestern", "2026-08-18", "2026-08-19"),
        ("vor 3 Tagen", "2026-08-16", "2026-08-17"),
        ("vor zwei Wochen", "2026-08-05", "2026-08-06"),
        ("letzte Woche", "2026-08-10", "2026-08-17"),
        ("Mittwoch", "2026-08-19", "2026-08-20"),
        ("Dienstag", "2026-08-18", "2026-08-19"),
        ("März", "2026-03-01", "2026-04-01"),
        ("昨日", "2026-08-18", "2026-08-19"),
        ("先月", "2026-07-01", "2026-08-01"),
        ("2026年3月", "2026-03-01", "2026-04-01"),
        ("3月15日", "2026-03-15", "2026-03-16"),
        ("hier", "2026-08-18", "2026-08-19"),
        ("dec 25", "2025-12-25", "2025-12-26"),
        ("5 march", "2026-03-05", "2026-03-06"),
        ("Q1 2026", "2026-01-01", "2026-04-01"),
    ],
)
def test_other_words_and_languages_are_read_in_the_past(words: str, start: str, stop: str) -> None:
    """Words of other languages give the same periods, and a day without a year is the last one there was."""
    assert span(words) == (start, stop)


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("7d", NOW - timedelta(hours=168)),
        ("24h", NOW - timedelta(hours=24)),
        ("2 W", NOW - timedelta(days=14)),
        ("90m", NOW - timedelta(minutes=90)),
        ("2 hours ago", NOW - timedelta(hours=2)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("now", NOW),
        ("2026-03-15T14:30", datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        ("2026-03-15 14:30", datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        ("2026-03-15t14:30:00z", datetime(2026, 3, 15, 14, 30, tzinfo=UTC)),
        ("2026-03-15T14:30:00.5-05:00", datetime(2026, 3, 15, 19, 30, 0, 500000, tzinfo=UTC)),
        ("yesterday 14:00", datetime(2026, 8, 18, 12, tzinfo=UTC)),
        ("last tuesday 3pm", datetime(2026, 8, 18, 13, tzinfo=UTC)),
        ("vor 2 Stunden", NOW - timedelta(hours=2) + timedelta(microseconds=1)),
        (datetime(2026, 3, 15, 14, 30), datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        (datetime(2026, 3, 15, 14, 30, tzinfo=timezone(timedelta(hours=9))), datetime(2026, 3, 15, 5, 30, tzinfo=UTC)),
        (pd.Timestamp("2026-03-15T14:30:00.123456789Z"), datetime(2026, 3, 15, 14, 30, 0, 123456, tzinfo=UTC)),
        (np.datetime64("2026-03-15T14:30"), datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        (np.datetime64("2026-03-15T14:30:00.123456789"), datetime(2026, 3, 15, 13, 30, 0, 123456, tzinfo=UTC)),
    ],
)
def test_an_exact_time_is_one_instant(value: object, start: datetime) -> None:
    """An exact time is itself as a start, and the next microsecond as an exclusive end."""
    found = dates.instant(value, zone=BERLIN, now=NOW), dates.instant(value, zone=BERLIN, now=NOW, end=True)

    assert found == (pd.Timestamp(start), pd.Timestamp(start) + timedelta(microseconds=1))
    assert {(str(one.tz), one.unit) for one in found} == {("UTC", "us")}


@pytest.mark.parametrize(
    ("value", "start", "stop"),
    [
        (date(2026, 3, 15), "2026-03-15", "2026-03-16"),
        (np.datetime64("2026-03-15"), "2026-03-15", "2026-03-16"),
        (np.datetime64("2026-03"), "2026-03-01", "2026-04-01"),
        (np.datetime64("2026"), "2026-01-01", "2027-01-01"),
    ],
)
def test_dates_without_a_time_are_periods(value: object, start: str, stop: str) -> None:
    """Objects that name a day, month or year are all of it, as their text is."""
    assert span(value) == (start, stop)


def test_last_tuesday_is_the_tuesday_of_the_zone() -> None:
    """Where it is already Wednesday, last Tuesday is another instant than where it is still Tuesday."""
    now = datetime(2026, 8, 19, 2, tzinfo=UTC)

    assert span("last tuesday", zone=ZoneInfo("Asia/Tokyo"), now=now) == ("2026-08-18", "2026-08-19")
    assert span("last tuesday", zone=ZoneInfo("America/Los_Angeles"), now=now) == ("2026-08-11", "2026-08-12")
    assert dates.instant("2026-08-18", zone=ZoneInfo("Asia/Tokyo")) == pd.Timestamp("2026-08-17T15:00Z")


@pytest.mark.parametrize("place", range(7), ids=lambda place: f"day {place}")
@pytest.mark.parametrize("name", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
def test_weekdays_are_right_on_every_day(name: str, place: int) -> None:
    """``last`` is one to seven days back, the bare name up to six, ``next`` one to seven ahead, and the day has that name."""
    now = NOW + timedelta(days=place)
    found = {which: dates.instant(f"{which} {name}".strip(), zone=UTC, now=now) for which in ("last", "", "next")}
    today = pd.Timestamp(now).normalize()

    assert {one.day_name().lower() for one in found.values()} == {name}
    assert 1 <= (today - found["last"]).days <= 7
    assert 0 <= (today - found[""]).days <= 6
    assert 1 <= (found["next"] - today).days <= 7


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z", 23),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00Z", 25),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00Z", 23),  # 00:00 to 01:00 did not exist
        ("America/Havana", "2024-11-03", "2024-11-03T04:00Z", 25),  # 00:00 to 01:00 came twice
        ("Asia/Kathmandu", "2026-03-15", "2026-03-14T18:15Z", 24),
    ],
)
def test_days_begin_at_their_first_instant(zone: str, day: str, start: str, hours: int) -> None:
    """A day begins at its first instant, also where a clock change leaves midnight out or brings it twice."""
    found = dates.instant(day, zone=ZoneInfo(zone))

    assert found == pd.Timestamp(start)
    assert dates.instant(day, zone=ZoneInfo(zone), end=True) - found == timedelta(hours=hours)


def test_seven_days_are_168_hours_over_a_clock_change() -> None:
    """``7d`` counts hours, not days of the calendar."""
    now = datetime(2026, 3, 31, 12, tzinfo=BERLIN)

    assert dates.instant("7d", zone=BERLIN, now=now) == pd.Timestamp(now) - timedelta(hours=168)


@pytest.mark.parametrize(
    ("moment", "utc"),
    [
        (datetime(2026, 3, 29, 2, 30), "2026-03-29T01:00Z"),
        (datetime(2026, 10, 25, 2, 30), "2026-10-25T00:30Z"),
        (datetime(2026, 10, 25, 2, 30, fold=1), "2026-10-25T01:30Z"),
    ],
)
def test_wall_clock_times_round_a_clock_change(moment: datetime, utc: str) -> None:
    """A time that does not exist is the first after it; of two the first is meant, or the one that ``fold`` says."""
    assert dates.instant(moment, zone=BERLIN) == pd.Timestamp(utc)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "banana",
        "12",
        "5th",
        "the 5th",
        "03/04/2026",
        "3/4",
        "2026-13-01",
        "2026-02-30",
        "9999",
        "0000",
        "99999999d",
        "last 99999 years",
        "last",
        "week",
        "x" * 5000,
        "\x00",
        None,
        5,
        1.5,
        True,
        pd.NaT,
        np.datetime64("NaT", "us"),
        [],
        b"2026",
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_is_no_time_is_refused_in_one_short_line(value: object) -> None:
    """What cannot be read, or means two things, is an error that names the value and says how to write it."""
    with pytest.raises(UsageError) as caught:
        dates.instant(value, zone=BERLIN, now=NOW)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 220
    assert caught.value.message.startswith(repr(value)[:50])
    assert "2026-03-15" in caught.value.advice


def test_the_present_is_the_clock() -> None:
    """Without ``now`` the clock says what today is."""
    before = datetime.now(UTC)
    found = dates.instant("now", zone=BERLIN)

    assert pd.Timestamp(before) <= found <= pd.Timestamp(datetime.now(UTC))


def test_a_zone_is_found_by_name_or_is_the_machines() -> None:
    """A name gives its zone, a tzinfo itself, nothing the machine's own."""
    assert dates.zone(" Europe/Berlin ") == BERLIN
    assert dates.zone(UTC) is UTC
    assert isinstance(dates.zone(None), tzinfo)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "Europe", "/etc/passwd", "../../etc/passwd", "a\0b"])
def test_an_unknown_zone_is_a_settings_error(name: str) -> None:
    """A name that is no zone is an error of one line that names it."""
    with pytest.raises(SettingsError, match="There is no time zone") as caught:
        dates.zone(name)

    assert repr(name) in caught.value.message
