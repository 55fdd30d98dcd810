"""The time of a report, and the time before that it is compared with, as local days."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

import pandas as pd

from hedy_jupyter.dates import periods, ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.timezones import zone_name
from hedy_jupyter.text.phrasing import counted, day_span, short_time

DAYS = {"week": 7, "month": 30}
"""Periods up to today → their days, today included."""
_LONGER_THAN_A_DAY = timedelta(hours=26)  # a day has 25 hours where the clock goes back
_INSTANT = timedelta(microseconds=1)


class Period(NamedTuple):
    """From the first instant up to, not including, the end, and the same before; in the display zone.

    Attributes:
        zone: the display zone.
        is_running: it is not over, so that only as much of the time before counts as has passed of it.
    """

    first: pd.Timestamp
    end: pd.Timestamp
    before_first: pd.Timestamp
    before_end: pd.Timestamp
    zone: tzinfo
    is_running: bool

    @property
    def last(self) -> pd.Timestamp:
        """The last instant that counts, with the microseconds of the frames."""
        return self.end - pd.Timedelta(1, "us")

    def holds(self, times: pd.Series) -> pd.Series:
        """Return which of *times* are in it."""
        return times.ge(self.first) & times.lt(self.end)

    def held_before(self, times: pd.Series) -> pd.Series:
        """Return which of *times* are in the time before."""
        return times.ge(self.before_first) & times.lt(self.before_end)

    def words(self) -> str:
        """Return its days, their number and its zone: ``Fri 20 Nov – Thu 26 Nov 2026 (7 days, Europe/Berlin)``."""
        length = _wall(self.end) - _wall(self.first)
        days = f"{counted(length.days, 'day')}, " if length.days and length == timedelta(days=length.days) else ""
        still = ", not over yet" * self.is_running
        return f"{_span(self.first, self.end)} ({days}{zone_name(self.zone)}{still})"

    def words_before(self) -> str:
        """Return the days before that it is compared with."""
        return _span(self.before_first, self.before_end)


def read(since: When, until: When | None, *, zone: tzinfo, now: datetime) -> Period:
    """Return the time from *since* to *until*.

    ``"week"`` and ``"month"`` are the 7 and 30 days up to *until*, or to today. Other words of a week, month, quarter
    or year without *until* are all of that ("last week", "2026-11"); a day without *until* is from then to today, an
    instant from then to now.

    Whole months are compared with as many months before, else with as many days before.

    Raises:
        UsageError: a time cannot be read, *since* is after *until*, or it is in the future.
    """
    present = periods.present(now, zone)
    tomorrow = _at(periods.first_of(present.replace(tzinfo=None) + timedelta(days=1), "day"), zone)
    first, end = _ends(since, until, zone, present, tomorrow)
    if first >= min(end, tomorrow):
        raise UsageError(f"since={since!r} is in the future.", advice='Give a past time, such as "last week".')
    before_first = _before(first, end, zone)
    passed = _wall(min(end, tomorrow)) - _wall(first)
    before_end = min(first, _at(_wall(before_first) + passed, zone)) if tomorrow < end else first
    return Period(first, end, before_first, before_end, zone, is_running=tomorrow < end)


def _ends(
    since: When, until: When | None, zone: tzinfo, present: datetime, tomorrow: pd.Timestamp
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first instant and the end; *tomorrow* is the end of today."""

    def local(value: When, *, end: bool) -> pd.Timestamp:
        return ranges.instant(value, zone=zone, now=present, end=end).tz_convert(zone)

    if since in DAYS:
        end = tomorrow if until is None else local(until, end=True)
        return _at(_wall(end) - timedelta(days=DAYS[str(since)]), zone), end
    if until is not None:
        ranges.window(since, until, zone=zone, now=present)  # raises where it is upside down
        return local(since, end=False), local(until, end=True)
    first, end = local(since, end=False), local(since, end=True)
    if end - first == _INSTANT:
        return first, periods.utc(present, zone).tz_convert(zone)
    return first, tomorrow if end - first < _LONGER_THAN_A_DAY else end


def _before(first: pd.Timestamp, end: pd.Timestamp, zone: tzinfo) -> pd.Timestamp:
    """Return where as many months or days before *first* begin as there are from there to *end*."""
    wall, wall_end = _wall(first), _wall(end)
    if wall == periods.first_of(wall, "month") and wall_end == periods.first_of(wall_end, "month"):
        months = (wall_end.year - wall.year) * 12 + wall_end.month - wall.month
        return _at(periods.moved(wall, -months, "month"), zone)
    return _at(wall - (wall_end - wall), zone)


def _wall(moment: pd.Timestamp) -> datetime:
    wall: datetime = moment.tz_localize(None).to_pydatetime()
    return wall


def _at(wall: datetime, zone: tzinfo) -> pd.Timestamp:
    return periods.utc(wall, zone).tz_convert(zone)


def _span(first: pd.Timestamp, end: pd.Timestamp) -> str:
    """Return the first and the last local day, or two times of day; the year once where it is the same."""
    if any(_wall(moment) != periods.first_of(_wall(moment), "day") for moment in (first, end)):
        return f"{short_time(first, end.year)} – {short_time(end, 0)}"
    return day_span(_wall(first), _wall(end) - timedelta(days=1))
