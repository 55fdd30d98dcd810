"""The time of a report and the time before: local days, whole months, times that are not over, clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hedy_jupyter import UsageError
from hedy_jupyter.reports.period import Period, read

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 11, 30, tzinfo=UTC)  # a Thursday, 12:30 in Berlin


def period(since: object, until: object = None, *, now: datetime = NOW) -> Period:
    """The time from *since* to *until*, read in Berlin."""
    return read(since, until, zone=BERLIN, now=now)  # type: ignore[arg-type]


def days(found: Period) -> tuple[str, str, str, str]:
    """The four ends in local time."""
    ends = (found.first, found.end, found.before_first, found.before_end)
    first, end, before_first, before_end = (f"{moment.tz_convert(BERLIN):%m-%d %H:%M}" for moment in ends)
    return first, end, before_first, before_end


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        ("week", None, "11-20 11-27 11-13 11-20"),
        ("month", None, "10-28 11-27 09-28 10-28"),
        ("last week", None, "11-16 11-23 11-09 11-16"),
        ("2026-10", None, "10-01 11-01 09-01 10-01"),
        ("2026-02", None, "02-01 03-01 01-01 02-01"),
        ("2026-07-01", "2026-09-30", "07-01 10-01 04-01 07-01"),
        ("2026-11-03", "2026-11-05", "11-03 11-06 10-31 11-03"),
        (date(2026, 3, 28), date(2026, 3, 29), "03-28 03-30 03-26 03-28"),
        ("yesterday", None, "11-25 11-27 11-23 11-25"),
        ("today", None, "11-26 11-27 11-25 11-26"),
        ("week", "2026-11-01", "10-26 11-02 10-19 10-26"),
        ("month", "2026-04-10", "03-12 04-11 02-10 03-12"),
    ],
)
def test_whole_days(since: object, until: object, wanted: str) -> None:
    """Both times begin at local midnights, also where the clock changes."""
    assert days(period(since, until)) == tuple(f"{day} 00:00" for day in wanted.split())


def test_a_time_that_is_not_over() -> None:
    """It is compared with as many days of the time before as have passed of it."""
    found = period("2026-11-01", "2026-11-30")

    assert days(found) == ("11-01 00:00", "12-01 00:00", "10-01 00:00", "10-27 00:00")
    assert found.words() == "Sun 1 Nov – Mon 30 Nov 2026 (30 days, Europe/Berlin, not over yet)"
    assert found.words_before() == "Thu 1 Oct – Mon 26 Oct 2026"
    # 31 March has no day like it in February.
    late = period("2026-03", now=datetime(2026, 3, 31, 12, tzinfo=UTC))
    assert days(late)[2:] == ("02-01 00:00", "03-01 00:00")


def test_instants() -> None:
    """Exactly seven times 24 hours, up to now; the words have times of day."""
    found = period("7d")

    assert days(found) == ("11-19 12:30", "11-26 12:30", "11-12 12:30", "11-19 12:30")
    assert found.words() == "Thu 19 Nov 12:30 – Thu 26 Nov 2026 12:30 (7 days, Europe/Berlin)"


def test_words() -> None:
    """One day is one day, and a year is named where it differs."""
    assert period("2026-11-25", "2026-11-25").words() == "Wed 25 Nov 2026 (1 day, Europe/Berlin)"
    new_year = period("2025-12-29", "2026-01-04")
    assert new_year.words() == "Mon 29 Dec 2025 – Sun 4 Jan 2026 (7 days, Europe/Berlin)"


@pytest.mark.parametrize(
    ("since", "until"), [("2026-11-30", "2026-11-01"), ("2027-01", None), ("2027-01-01", "2027-02-01")]
)
def test_upside_down_and_future(since: str, until: str | None) -> None:
    """Such times are errors that name the value."""
    with pytest.raises(UsageError, match=since):
        period(since, until)
