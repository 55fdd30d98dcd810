"""Meetings on the calendar: on a day, between two days, the load of a week, busy days, and gaps.

Days, weeks and months are those of the display zone, or of the zone that ``localize`` gave the frame; hours are real
ones, also where the clock changes. A meeting counts whole for the day on which it starts. One without a duration
counts, with no hours; one without a start is in no period.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import groups
from hedy_jupyter.dates import ranges
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.column_lookup import column
from hedy_jupyter.frames.timezones import instants, local_times, utc, zone_of

_INSTANT = timedelta(microseconds=1)
_HOUR = np.timedelta64(1, "h")
_DAY = timedelta(days=1)
_WORK_BEGINS, _WORK_ENDS = timedelta(hours=8), timedelta(hours=18)  # from Monday to Friday
_SATURDAY = 5
_PAUSE = timedelta(minutes=5)  # a meeting that begins so soon after another is back to back with it

_FREQUENCIES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("d", "day"), "day"),
        **dict.fromkeys(("w", "week", "w-mon"), "week"),
        **dict.fromkeys(("m", "month", "ms", "me"), "month"),
    }
)
STEPS: Mapping[str, str] = MappingProxyType({"day": "D", "week": "7D", "month": "MS"})
FIRST_DAYS: Mapping[str, Callable[[pd.Series], pd.Series]] = MappingProxyType(
    {
        "day": lambda days: days,
        "week": lambda days: days - pd.to_timedelta(days.dt.day_of_week, unit="D").dt.as_unit("us"),
        "month": lambda days: days - pd.to_timedelta(days.dt.day - 1, unit="D").dt.as_unit("us"),
    }
)
_GROUPS: Mapping[str, str] = MappingProxyType(
    {**dict.fromkeys(("topic", "topic_id", "topic_name"), "topic"), **dict.fromkeys(("type", "session_type"), "type")}
)
_GROUP_COLUMNS: Mapping[str | None, tuple[str, ...]] = MappingProxyType(
    {None: (), "topic": ("topic_id", "topic_name"), "type": ("session_type",)}
)
_GROUP_KEYS: Mapping[str | None, tuple[str, ...]] = MappingProxyType(
    {None: (), "topic": ("topic_id", "_nameless_id"), "type": ("session_type",)}
)
_TOTALS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("count", "hours", "evening_hours", "weekend_hours", "back_to_back"), "sum")
)
_SPAN: Mapping[str, str] = MappingProxyType({"first": "min", "last": "max"})


# Filters ---------------------------------------------------------------------


def on(df: pd.DataFrame, day: object, *, zone: tzinfo, now: datetime | None = None) -> pd.DataFrame:
    """Return the sessions that start on *day*: ``"yesterday"``, ``"2026-03-15"``, ``"last tuesday"``, a date.

    Needs ``start_time``.

    A week, month or year (``"last week"``, ``"2026-03"``) is that whole span, a time of day or ``"7d"`` the day around
    it.

    Raises:
        UsageError: *day* cannot be read as a date.
    """
    zone, now = zone_of(column(df, "start_time"), zone), now or datetime.now(UTC)
    first, end = (ranges.instant(day, zone=zone, now=now, end=which) for which in (False, True))
    if end - first == _INSTANT:
        date = first.tz_convert(zone).date()
        first, end = (ranges.instant(date, zone=zone, now=now, end=which) for which in (False, True))
    return _starting(df, first, end, zone)


def between(
    df: pd.DataFrame,
    since: object | None = None,
    until: object | None = None,
    *,
    zone: tzinfo,
    now: datetime | None = None,
) -> pd.DataFrame:
    """Return the sessions that start from *since* to *until*, read as by ``hedy.sessions``; None is open.

    Needs ``start_time``.

    A bare day or month as *until* is included whole. With either end a session without a start is left out.

    Raises:
        UsageError: *since* or *until* cannot be read as a date, or *since* is after *until*.
    """
    zone = zone_of(column(df, "start_time"), zone)
    return _starting(df, *ranges.window(since, until, zone=zone, now=now), zone)


def _starting(df: pd.DataFrame, first: pd.Timestamp | None, end: pd.Timestamp | None, zone: tzinfo) -> pd.DataFrame:
    starts = local_times(column(df, "start_time"), zone)
    kept = np.ones(len(df), dtype=bool)
    if first is not None:
        kept &= starts.ge(first).to_numpy()
    if end is not None:
        kept &= starts.lt(end).to_numpy()
    return df[kept]


# Load ------------------------------------------------------------------------


def load(df: pd.DataFrame, freq: str = "W", *, by: str | None = None, zone: tzinfo) -> pd.DataFrame:
    """Return the meetings and their hours, a row per day, week or month; needs ``start_time`` and ``duration_min``.

    Gives ``period`` (its first day, naive, in the zone), ``topic_id topic_name`` or ``session_type`` where *by* asks
    for them, and

    - ``count``: the meetings that start in the period,
    - ``hours``: how long they last, all of it, also what runs on into the next period,
    - ``evening_hours``: the part of it before 8:00 or after 18:00 from Monday to Friday,
    - ``weekend_hours``: the part of it on a Saturday or Sunday,
    - ``back_to_back``: how many of them began before an earlier one had ended, or at most 5 minutes later, whatever its
      topic or type.

    Periods without meetings between the first and the last are rows of zeros; with *by* they are left out, and the
    longest come first within a period.

    Args:
        df: sessions.
        freq: ``"D"``, ``"W"`` (from Monday) or ``"M"``, or as a word.
        by: ``"topic"`` or ``"type"``.
        zone: the display zone.

    Raises:
        UsageError: *freq* or *by* is neither, or the columns for *by* are not there.
    """
    step, group = frequency(freq), _group(df, by)
    rows = _with_group(_measured(df, step, zone), df, group)
    if group is None:
        return _every_period(_grouped(rows, ["period"], _TOTALS), step)
    columns = _GROUP_COLUMNS[group]
    names = {name: "first" for name in columns if name not in _GROUP_KEYS[group]}
    found = _grouped(rows, ["period", *_GROUP_KEYS[group]], names | dict(_TOTALS))
    found = found.sort_values(["period", "hours"], ascending=[True, False], kind="stable", ignore_index=True)
    return found[["period", *columns, *_TOTALS]]


def load_table(df: pd.DataFrame, freq: str = "W", *, by: str | None = None, zone: tzinfo) -> pd.DataFrame:
    """Return the hours of meetings with one decimal, a row per period and a column per topic, or per type.

    Needs ``start_time``, ``duration_min`` and the columns of *by*. Gives ``period`` (its first day, naive, in the
    zone), a column for each topic (most hours first), ``(no topic)`` and ``total``, which is rounded after it is added
    up. Topics of one name have their ids behind it. A topic without meetings in a period has 0.0 there; one with
    meetings whose lengths are all missing has NaN. Periods without meetings between the first and the last are rows of
    zeros.

    Raises:
        UsageError: *freq* or *by* is neither, or the columns for *by* are not there.
    """
    step, group = frequency(freq), _group(df, by or "topic")
    if group == "topic":
        labels, last = groups.topic_labels(df, ("period", "total")), groups.NO_TOPIC
    else:
        labels, last = normalize.ids(df["session_type"]), "(no type)"
    rows = _measured(df, step, zone)
    rows = rows.assign(label=labels.fillna(last).iloc[rows["place"]].array, hours=rows["hours"].where(rows["is_timed"]))
    cells = rows.groupby(["period", "label"], observed=True)["hours"]
    found = cells.sum(min_count=1).unstack().mask(cells.size().unstack().isna(), 0.0)
    order = found.sum().drop(last, errors="ignore").sort_values(ascending=False, kind="stable").index
    found = found.reindex(columns=[*order, last], fill_value=0.0)
    found = found.assign(total=rows.groupby("period")["hours"].sum(min_count=1)).round(1)
    return _every_period(found.rename_axis(columns=None).reset_index(), step)


def busiest(df: pd.DataFrame, n: int = 10, *, freq: str = "D", zone: tzinfo) -> pd.DataFrame:
    """Return the *n* days (or weeks, months) with the most hours of meetings, the fullest first.

    Needs ``start_time`` and ``duration_min``.

    Gives the columns of ``load`` and ``first`` and ``last``: when the first of its meetings began and the last one to
    end was over, in the zone. Of two with equal hours the one with more meetings is first, then the newer one.

    Raises:
        UsageError: *freq* is no day, week or month.
    """
    found = _grouped(_measured(df, frequency(freq), zone), ["period"], {**_TOTALS, **_SPAN})
    return found.sort_values(["hours", "count", "period"], ascending=False, ignore_index=True).head(n)


def _chosen(value: str, known: Mapping[str, str], name: str, advice: str) -> str:
    try:
        return known[value.strip().lower()]
    except (AttributeError, KeyError):
        raise UsageError(f"{name} cannot be {value!r}.", advice=advice) from None


def frequency(freq: str) -> str:
    """Return the step that *freq* names, ``"day"``, ``"week"`` or ``"month"``: ``"D"``, ``"W"``, ``"M"`` or the word.

    Raises:
        UsageError: it names none.
    """
    return _chosen(freq, _FREQUENCIES, "freq", 'Give "D" for days, "W" for weeks or "M" for months.')


def _group(df: pd.DataFrame, by: str | None) -> str | None:
    if by is None:
        return None
    group = _chosen(by, _GROUPS, "by", 'Give "topic" or "type", or leave it out.')
    missing = [name for name in _GROUP_COLUMNS[group] if name not in df.columns]
    if missing:
        raise UsageError(
            f"by={by!r} needs the column {', '.join(missing)}.", advice="Take a frame that has it, or leave by out."
        )
    return group


def _with_group(rows: pd.DataFrame, df: pd.DataFrame, group: str | None) -> pd.DataFrame:
    """Return *rows* of ``_timed`` with the columns of *df* of the *group*."""
    columns = groups.topics_of(df) if group == "topic" else df[list(_GROUP_COLUMNS[group])]
    return pd.concat([rows, columns.iloc[rows["place"]].set_axis(rows.index)], axis=1)


def _grouped(rows: pd.DataFrame, keys: list[str], totals: Mapping[str, str]) -> pd.DataFrame:
    wanted: Any = dict(totals)  # pandas takes a dict only, and its annotation no dict of text
    found: pd.DataFrame = rows.groupby(keys, dropna=False, observed=True).agg(wanted)
    return found.reset_index()


def _every_period(found: pd.DataFrame, step: str) -> pd.DataFrame:
    """Return *found* with a row of zeros for each period that it leaves out."""
    if found.empty:
        return found
    first, last = found["period"].iloc[[0, -1]]
    periods = pd.date_range(first, last, freq=STEPS[step], unit="us", name="period")
    return found.set_index("period").reindex(periods, fill_value=0).reset_index()


# Meetings in time ------------------------------------------------------------


def _timed(df: pd.DataFrame, zone: tzinfo) -> pd.DataFrame:
    """Return ``place start end day hours`` of the sessions that have a start, the earliest first.

    ``place`` is the row's number in *df*.
    """
    minutes = normalize.minutes(df).reset_index(drop=True)
    start = local_times(df["start_time"].reset_index(drop=True), zone)
    end = start + pd.to_timedelta(minutes.fillna(0), unit="min").dt.as_unit("us")
    day = start.dt.tz_localize(None).dt.normalize()
    rows = pd.DataFrame(
        {"place": np.arange(len(df)), "start": start, "end": end, "day": day, "hours": minutes.fillna(0) / 60}
    )
    return rows.assign(is_timed=minutes.notna())[start.notna()].sort_values("start", kind="stable", ignore_index=True)


def _measured(df: pd.DataFrame, step: str, zone: tzinfo) -> pd.DataFrame:
    """Return ``_timed`` with what ``load`` adds up for each meeting, and its period of *step*."""
    rows = _timed(df, zone)
    evening, weekend = _late_hours(rows, zone_of(rows["start"], zone))
    return rows.assign(
        period=FIRST_DAYS[step](rows["day"]),
        count=1,
        evening_hours=evening,
        weekend_hours=weekend,
        back_to_back=_follows(rows).astype("int64"),
        first=rows["start"],
        last=rows["end"],
    )


def _late_hours(rows: pd.DataFrame, zone: tzinfo) -> tuple[Any, Any]:
    """Return the hours of each meeting outside working hours and at the weekend, day by day also over midnight."""
    span = utc(rows["start"]), utc(rows["end"])
    nights = (rows["end"].dt.tz_localize(None).dt.normalize() - rows["day"]).dt.days
    evening, weekend = np.zeros(len(rows)), np.zeros(len(rows))
    for ahead in range(int(nights.max()) + 1 if len(rows) else 0):
        day = rows["day"] + ahead * _DAY
        is_weekend = day.dt.day_of_week.to_numpy() >= _SATURDAY
        whole = _shared_hours(span, (instants(day, zone), instants(day + _DAY, zone)))
        work = _shared_hours(span, (instants(day + _WORK_BEGINS, zone), instants(day + _WORK_ENDS, zone)))
        weekend += np.where(is_weekend, whole, 0)
        evening += np.where(is_weekend, 0, whole - work)
    return evening, weekend


def _shared_hours(one: tuple[Any, Any], other: tuple[Any, Any]) -> Any:
    shared = np.minimum(one[1], other[1]) - np.maximum(one[0], other[0])
    return np.maximum(shared, np.timedelta64(0, "us")) / _HOUR


def _follows(rows: pd.DataFrame) -> pd.Series:
    """Return which of *rows*, in the order of their starts, are back to back with an earlier one whose end is known."""
    latest = rows["end"].where(rows["is_timed"]).cummax().ffill().shift()
    return rows["start"] <= latest + _PAUSE


# Gaps ------------------------------------------------------------------------


def gaps(df: pd.DataFrame, *, zone: tzinfo, min_days: float = 1, by: str | None = None) -> pd.DataFrame:
    """Return the times without a meeting, the longest first; needs ``session_id``, ``start_time`` and ``duration_min``.

    Gives ``since`` (the end of one meeting) and ``until`` (the start of the next), both in the zone, ``hours`` (real
    ones), ``days`` (whole days of the calendar without a meeting), ``workdays`` (those from Monday to Friday; holidays
    are not known), ``session_id_before`` and ``session_id_after``. A meeting inside a longer one makes no gap; one
    without a duration ends when it starts. The time after the last meeting is no gap.

    Args:
        df: sessions.
        zone: the display zone.
        min_days: only gaps of so many ``days``; 0 gives also the nights, and the pauses between the meetings of a day.
        by: ``"topic"`` or ``"type"``: the gaps within each topic or type, with its columns in front.

    Raises:
        UsageError: *by* is neither, or the columns for it are not there.
    """
    group = _group(df, by)
    rows = _with_group(_timed(df, zone), df, group)
    keys = list(_GROUP_KEYS[group])
    part = rows.groupby(keys, dropna=False, observed=True).ngroup() if keys else pd.Series(0, index=rows.index)
    found = _pauses(rows, part)
    ids = df["session_id"].reset_index(drop=True)
    found = found.assign(
        session_id_before=ids.iloc[found["before"]].array, session_id_after=ids.iloc[found["place"]].array
    )
    found = found[found["days"] >= min_days].sort_values("hours", ascending=False, kind="stable", ignore_index=True)
    return found[
        [*_GROUP_COLUMNS[group], "since", "until", "hours", "days", "workdays", "session_id_before", "session_id_after"]
    ]


def _pauses(rows: pd.DataFrame, part: pd.Series) -> pd.DataFrame:
    """Return the meetings of *rows* that begin after all earlier ones of their *part* ended, with the gap before them.

    ``before`` is the place of the meeting that ended last.
    """
    latest = rows["end"].groupby(part).cummax()
    before = rows["place"].where(rows["end"] == latest).groupby(part).ffill()
    found = rows.assign(since=latest.groupby(part).shift(), until=rows["start"], before=before.groupby(part).shift())
    found = found[found["since"] < found["until"]]
    first_free = found["since"].dt.tz_localize(None).dt.ceil("D").to_numpy().astype("datetime64[D]")
    next_busy = found["until"].dt.tz_localize(None).dt.floor("D").to_numpy().astype("datetime64[D]")
    return found.assign(
        before=found["before"].astype("int64"),
        hours=(utc(found["until"]) - utc(found["since"])) / _HOUR,
        days=np.maximum((next_busy - first_free).astype("int64"), 0),
        workdays=np.maximum(np.busday_count(first_free, next_busy), 0),
    )
