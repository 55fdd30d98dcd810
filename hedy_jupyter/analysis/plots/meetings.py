"""Plots of meetings: when they were, how many hours a day, and the load of days, weeks and months by topic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import meetings
from hedy_jupyter.analysis.plots import axes as parts
from hedy_jupyter.analysis.plots.colors import luminance
from hedy_jupyter.analysis.plots.topic_rows import (
    Group,
    Topics,
    by_column,
    by_topic,
    named_topics,
    select,
    with_topics,
)
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.timezones import local_times, zone_name
from hedy_jupyter.text.phrasing import WEEKDAYS, counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_TYPE = "(no type)"
_MOST_TOPICS = 8  # in a legend; more cannot be distinguished
_DAY_H = 24
_LOW_IN = 2.0
_SHORTEST_H = 0.25  # as long as a meeting is drawn at least, so that it is seen
_BAR_DAYS: Mapping[str, float] = {"day": 0.9, "week": 6.0, "month": 25.0}
_LEAST_WEEKS = 8
_SHADES = (0.25, 0.85)  # of viridis: all of them are visible on white and on black
_WEEK_IN, _SIDES_IN = 0.19, 1.6  # how wide a week of the calendar is, and all that is beside the weeks


def timeline(
    df: pd.DataFrame,
    *,
    zone: tzinfo,
    colors: Mapping[str, str] | None = None,
    topics: Topics = None,
    ax: Axes | None = None,
    figsize: parts.Size | None = None,
) -> Axes:
    """Draw each meeting as a bar on its local day, from start to end in hours, in the colour of its topic.

    Needs ``start_time``, ``duration_min``, ``topic_id`` and ``topic_name``. Meetings without a start are counted in
    the title.
    """
    chosen, own = select(df, topics, colors or {})
    axes = parts.new_axes(ax, figsize, (10, 4.5))
    starts = local_times(chosen["start_time"], zone)
    is_dated = starts.notna().to_numpy()
    rows, starts = chosen[is_dated], starts[is_dated]
    undated = f" ({len(chosen) - len(rows):,} without a start)" if len(rows) < len(chosen) else ""
    parts.set_title(axes, f"{counted(len(rows), 'meeting')}{undated}", _days(rows, zone))
    if rows.empty:
        return parts.draw_placeholder(axes, _missing(chosen, zone))
    axes.set_ylabel(f"time of day\n({zone_name(zone)})")
    axes.set_ylim(_DAY_H, 0)
    ticks = range(0, _DAY_H + 1, 6 if parts.is_narrow(axes) or parts.size_in(axes)[1] < _LOW_IN else 3)
    axes.set_yticks(ticks, [f"{hour}:00" for hour in ticks])
    hours = (starts.dt.hour + starts.dt.minute / 60).to_numpy()
    lengths = (normalize.minutes(rows).fillna(0) / 60).clip(lower=_SHORTEST_H).to_numpy()
    days = pd.DatetimeIndex(starts.dt.tz_localize(None).dt.normalize())
    width = max(0.9, (days.max() - days.min()).days / 150)  # over a year a bar of one day would be a hair
    found = by_topic(rows, own, most=parts.most_names(axes, _MOST_TOPICS))
    bars = [
        axes.bar(
            days[group.rows], lengths[group.rows], bottom=hours[group.rows], width=width, **group.style.bar_arguments()
        )
        for group in found
    ]
    parts.date_axis(axes, days.min(), days.max())
    parts.grid_below(axes)
    parts.add_legend(axes, bars, [group.name for group in found])
    return axes


def heatmap(
    df: pd.DataFrame,
    *,
    zone: tzinfo,
    topics: Topics = None,
    ax: Axes | None = None,
    figsize: parts.Size | None = None,
) -> Axes:
    """Draw a calendar of weeks with the hours of meetings of each local day.

    Needs ``start_time`` and ``duration_min``.
    """
    chosen, _ = select(df, topics, {})
    days = meetings.load(chosen, "D", zone=zone)
    title = with_topics("Hours of meetings a day", named_topics(chosen, topics)) + _without_length(chosen, zone)
    if missing := _missing(chosen, zone):
        axes = parts.new_axes(ax, figsize, (6, 2.6))
        parts.set_title(axes, title)
        return parts.draw_placeholder(axes, missing)
    first = days["period"].iloc[0] - pd.Timedelta(days=int(days["period"].iloc[0].weekday()))
    place = (days["period"] - first).dt.days
    grid = np.full((7, max(int(place.max()) // 7 + 1, _LEAST_WEEKS)), np.nan)
    grid[place % 7, place // 7] = days["hours"].where(days["hours"] > 0)
    weeks = grid.shape[1]
    axes = parts.new_axes(ax, figsize, (min(max(weeks * _WEEK_IN + _SIDES_IN, 4.0), 24.0), 2.6))
    parts.set_title(axes, title, _days(chosen, zone))
    parts.name_zone(axes, zone)
    _draw_calendar(axes, grid)
    months = [first + pd.Timedelta(weeks=week) for week in range(weeks)]
    begins = [week for week in range(weeks) if week == 0 or months[week].month != months[week - 1].month]
    if len(begins) > 1 and begins[1] < 3:  # the name of a first month of a few days would touch the next one
        begins = begins[1:]
    names = [_month(months[week], week == begins[0]) for week in begins]
    axes.set_xticks([week + 0.5 for week in begins], names)
    return axes


def _draw_calendar(axes: Axes, grid: np.ndarray[Any, Any]) -> None:
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap, PowerNorm, to_hex

    # One long day must not make all others pale; on a dark page many hours are the bright ones.
    shades = PowerNorm(0.5, vmin=0, vmax=float(np.nanmax(grid, initial=1.0)))
    is_dark = luminance(to_hex(axes.title.get_color())) > 0.5  # the page is, where texts are bright
    ends = _SHADES if is_dark else _SHADES[::-1]
    hours = LinearSegmentedColormap.from_list("hours", colormaps["viridis"](np.linspace(*ends, 64)))
    mesh = axes.pcolormesh(grid, cmap=hours, edgecolors="none", linewidth=0, norm=shades)
    size_in = parts.size_in(axes)  # before the aspect makes them smaller
    axes.set_aspect("equal")
    axes.set_ylim(7, 0)
    cell_in = min(side / cells for side, cells in zip(size_in, reversed(grid.shape), strict=True))
    step = 1 if cell_in > 0.14 else 2 if cell_in > 0.08 else 3
    axes.set_yticks([row + 0.5 for row in range(0, 7, step)], WEEKDAYS[::step])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    bar = parts.figure_of(axes).colorbar(mesh, ax=axes, shrink=min(0.9, len(grid) * cell_in / size_in[1]), pad=0.02)
    bar.set_label("hours")


def _month(day: pd.Timestamp, with_year: bool) -> str:
    name = parts.MONTHS[day.month - 1]
    return f"{name}\n{day.year}" if with_year or day.month == 1 else name


def load(
    df: pd.DataFrame,
    freq: str = "W",
    *,
    zone: tzinfo,
    by: str | None = None,
    colors: Mapping[str, str] | None = None,
    topics: Topics = None,
    ax: Axes | None = None,
    figsize: parts.Size | None = None,
) -> Axes:
    """Draw hours of meetings per day, week or month as bars, stacked by topic or type where *by* asks for it.

    Needs ``start_time`` and ``duration_min``, and the columns of *by*.
    """
    chosen, own = select(df, topics, colors or {})
    names = named_topics(chosen, topics)
    found = meetings.load(chosen, freq, by=by or ("topic" if len(names) == 1 else None), zone=zone)
    unit = meetings.frequency(freq)
    axes = parts.new_axes(ax, figsize, (10, 3.8))
    title = with_topics(f"Hours of meetings per {unit}", [] if by == "topic" else names)
    missing = _missing(chosen, zone)
    parts.set_title(axes, title + _without_length(chosen, zone), "" if missing else _days(chosen, zone))
    axes.set_ylabel("hours")
    if missing:
        return parts.draw_placeholder(axes, missing)
    parts.name_zone(axes, zone)
    width = _BAR_DAYS[unit]
    if by is None and len(names) != 1:
        axes.bar(found["period"], found["hours"], width=width, align="edge", linewidth=0)
    else:
        most = parts.most_names(axes, _MOST_TOPICS)
        stacks = (
            by_topic(found, own, most=most, weight="hours")
            if "topic_id" in found.columns
            else by_column(found, "session_type", {}, most=most, weight="hours", empty=NO_TYPE)
        )
        _draw_stacks(axes, found, stacks, width, with_legend=by is not None)
    parts.date_axis(axes, found["period"].min(), found["period"].max() + pd.Timedelta(days=width))
    parts.grid_below(axes)
    return axes


def _days(chosen: pd.DataFrame, zone: tzinfo) -> str:
    """Return the first and the last local day of meetings; the plots of this module name their zone beside an axis."""
    return parts.days_in(local_times(chosen["start_time"], zone))


def _missing(chosen: pd.DataFrame, zone: tzinfo) -> str:
    """Return why none of the meetings can be drawn; empty where one can."""
    if chosen.empty:
        return "no meetings"
    is_dated = local_times(chosen["start_time"], zone).notna()
    if not is_dated.any():
        return f"{counted(len(chosen), 'meeting')} without a start"
    if normalize.minutes(chosen[is_dated]).notna().any():
        return ""
    return f"{counted(int(is_dated.sum()), 'meeting')} without a length"


def _without_length(chosen: pd.DataFrame, zone: tzinfo) -> str:
    """Return for the title how many meetings add no hours, because their length is missing."""
    is_missing = local_times(chosen["start_time"], zone).notna() & normalize.minutes(chosen).isna()
    return f" ({int(is_missing.sum()):,} without a length)" if is_missing.any() and not _missing(chosen, zone) else ""


def _draw_stacks(axes: Axes, found: pd.DataFrame, stacks: list[Group], width: float, *, with_legend: bool) -> None:
    """Draw the hours of each period, one group upon the other, with a legend in the order of the groups."""
    below = pd.Series(0.0, index=found["period"].unique())
    bars = []
    for group in stacks:
        part = found[group.rows].groupby("period")["hours"].sum()
        bottom = below[part.index].to_numpy()
        bars.append(axes.bar(part.index, part, bottom=bottom, width=width, align="edge", **group.style.bar_arguments()))
        below[part.index] += part
    if with_legend:
        parts.add_legend(axes, bars, [group.name for group in stacks])
