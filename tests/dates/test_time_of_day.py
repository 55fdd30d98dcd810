"""Weeks, days and parts of days in words: none of them is read as an instant, or as more than was said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hedy_jupyter.dates import ranges
from hedy_jupyter.errors import UsageError


def span(said: str) -> list[str]:
    """The first instant and the end of *said* at 15:30 on Wednesday, 4 March 2026, on the wall clock of Berlin."""
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 4, 15, 30, tzinfo=zone)
    return [
        f"{ranges.instant(said, zone=zone, now=now, end=end).tz_convert(zone):%m-%d %H:%M}" for end in (False, True)
    ]


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("2026W10", "03-02 00:00", "03-09 00:00"),
        ("2026-W10", "03-02 00:00", "03-09 00:00"),
        ("2026-w09", "02-23 00:00", "03-02 00:00"),
        ("2026W103", "03-04 00:00", "03-05 00:00"),
        ("2026-W10-3", "03-04 00:00", "03-05 00:00"),
        ("2026-w09-7", "03-01 00:00", "03-02 00:00"),
        ("20260304", "03-04 00:00", "03-05 00:00"),
        ("2026W103T10:00", "03-04 10:00", "03-04 10:00"),
    ],
)
def test_weeks_and_days_without_a_time_are_whole(said: str, first: str, end: str) -> None:
    """No form of ISO 8601 makes an instant of a week or a day."""
    assert span(said) == [first, end]


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-03-04T24:00", "03-05 00:00"),
        ("2026-03-04 24:00:00", "03-05 00:00"),
        ("20260304T2400", "03-05 00:00"),
        ("2026-02-28T24:00Z", "03-01 01:00"),
        ("2026-W09-7T24:00", "03-02 00:00"),
        ("yesterday 24:00", "03-04 00:00"),
        ("gestern 24 Uhr", "03-04 00:00"),
        ("hier \u00e0 24h", "03-04 00:00"),
        ("monday at 24:00", "03-03 00:00"),
        ("yesterday 0:00", "03-03 00:00"),
        ("24:00", "03-04 00:00"),
    ],
)
def test_24_is_the_end_of_the_day(said: str, moment: str) -> None:
    """24:00 is the midnight after the day that is named."""
    assert span(said) == [moment, moment]


@pytest.mark.parametrize("said", ["yesterday 24:30", "2026-03-04T24:30", "2026-03-04T24:00:01", "yesterday 24pm"])
def test_nothing_is_after_24(said: str) -> None:
    """There is no later time of day."""
    with pytest.raises(UsageError):
        span(said)


@pytest.mark.parametrize("said", ["3M", "90M", " 3 M ", "1.5M"])
def test_a_capital_m_is_asked_about(said: str) -> None:
    """For pandas it is months, for us minutes would be: neither is taken in silence."""
    number = said.strip().removesuffix("M").strip()

    with pytest.raises(UsageError, match="may be months or minutes") as caught:
        span(said)

    assert f"{number}mo for months" in str(caught.value)
    assert f"{number}m for minutes" in str(caught.value)


_MORNING, _AFTERNOON, _EVENING, _NIGHT = ("06:00", "12:00"), ("12:00", "18:00"), ("18:00", "00:00"), ("18:00", "06:00")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            _MORNING,
            "yesterday morning|gestern Vormittag|gestern fr\u00fch|"
            "gestern Morgen|hier matin|ayer por la ma\u00f1ana|ieri mattina",
        ),
        (
            _MORNING,
            "ontem de manh\u00e3|gisterochtend|昨日の朝|昨天上午|"
            "вчера утром|wczoraj rano|어제 아침|dün sabah|أمس صباحا",
        ),
        (
            _AFTERNOON,
            "yesterday afternoon|in the afternoon yesterday|gestern Nachmittag|"
            "hier apr\u00e8s-midi|ayer por la tarde|ieri pomeriggio",
        ),
        (
            _AFTERNOON,
            "ontem \u00e0 tarde|gisteren middag|gistermiddag|昨日の午後|"
            "昨天下午|어제 오후|igår eftermiddag|dienstagnachmittag",
        ),
        (
            _EVENING,
            "yesterday evening|gestern Abend|Dienstagabend|hier soir|ieri sera|"
            "gisteravond|昨天晚上|вчера вечером|dün akşam|igår kväll",
        ),
        (_NIGHT, "last night|gestern Nacht|anoche|ontem \u00e0 noite|昨日の夜|tuesday night"),
    ],
)
def test_a_part_of_a_day_is_no_whole_day(part: tuple[str, str], said: str) -> None:
    """Morning is from 6 to 12, afternoon to 18, evening to 24, and a night to 6 of the next day."""
    first, end = (f"03-03 {part[0]}", f"{'03-04' if part[1] < part[0] else '03-03'} {part[1]}")

    assert {one: span(one) for one in said.split("|")} == {one: [first, end] for one in said.split("|")}


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("morgen", "03-05 00:00", "03-06 00:00"),
        ("mañana", "03-05 00:00", "03-06 00:00"),
        ("Sonnabend", "02-28 00:00", "03-01 00:00"),
        ("this morning", "03-04 06:00", "03-04 12:00"),
        ("heute Morgen", "03-04 06:00", "03-04 12:00"),
        ("yesterday morning at 9", "03-03 09:00", "03-03 09:00"),
        ("gestern Abend um 8", "03-03 20:00", "03-03 20:00"),
        ("gestern Mittag", "03-03 12:00", "03-03 12:00"),
    ],
)
def test_beside_the_parts_of_a_day(said: str, first: str, end: str) -> None:
    """Tomorrow is no morning, and a time of day counts before its part."""
    assert span(said) == [first, end]


@pytest.mark.parametrize("said", ["last week in the morning", "march afternoon", "last month at night"])
def test_a_part_of_no_day(said: str) -> None:
    """Only a day has parts, and one of them is meant."""
    with pytest.raises(UsageError, match="as a date"):
        span(said)
