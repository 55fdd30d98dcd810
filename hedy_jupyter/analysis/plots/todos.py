"""Plots of todos: what is open by topic, and how many were open over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedy_jupyter.analysis import burn_down as burn_downs
from hedy_jupyter.analysis import filters, meetings
from hedy_jupyter.analysis.plots import axes as parts
from hedy_jupyter.analysis.plots.colors import GREY
from hedy_jupyter.analysis.plots.topic_rows import Topics, by_topic, select
from hedy_jupyter.dates.periods import present
from hedy_jupyter.frames.column_lookup import has
from hedy_jupyter.text.phrasing import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TOPICS = 12
_STATES: dict[str, dict[str, Any]] = {
    "late": {},
    "due later": {"alpha": 0.5},
    "no day": {"fill": False, "hatch": "//"},
    "open": {},
}
_OPEN, _MADE, _DONE, _GONE = "#0072B2", "#C77700", "#009E73", GREY
_BAR_SHARE = 0.8


def open_todos(
    df: pd.DataFrame,
    *,
    zone: tzinfo,
    colors: Mapping[str, str] | None = None,
    topics: Topics = None,
    now: datetime | None = None,
    ax: Axes | None = None,
    figsize: parts.Size | None = None,
) -> Axes:
    """Draw the open todos by topic; needs ``completed``, ``topic_id`` and ``topic_name``.

    Where the frame has ``due_on``, late todos are solid, those due later pale, and those without a day hatched.
    """
    chosen, own = select(df, topics, colors or {})
    rows = filters.still_open(chosen)
    days = rows["due_on"] if "due_on" in rows.columns else None
    most = parts.most_rows(ax, figsize, _MOST_TOPICS, has_legend=days is not None)
    found = by_topic(rows, own, most=most, hatched=False)
    axes = parts.new_axes(ax, figsize, (9, max(1.8, 0.42 * len(found) + 1.2)))
    midnight = _today(now, zone)
    when = "" if rows.empty else parts.days_in(pd.DatetimeIndex([midnight]), zone)
    parts.set_title(axes, counted(len(rows), "open todo"), when)
    axes.set_xlabel("todos")
    if rows.empty:
        return parts.draw_placeholder(axes, "nothing is open")
    for place, group in enumerate(found):
        left = 0
        states = _states(days[group.rows] if days is not None else None, int(group.rows.sum()), midnight)
        marks = {"edgecolor": group.style.color, **group.style.bar_arguments(), "linewidth": 0.8}
        for state, count in states:
            if count:
                axes.barh(place, count, left=left, **marks, **_STATES[state])
                left += count
        axes.annotate(str(left), (left, place), xytext=(4, 0), textcoords="offset points", va="center")
    parts.name_rows(axes, [group.name for group in found])
    axes.margins(x=0.08)
    parts.whole_numbers(axes.xaxis)
    if days is not None:
        _add_state_legend(axes)
    return axes


def _today(now: datetime | None, zone: tzinfo) -> pd.Timestamp:
    return pd.Timestamp(present(now, zone)).tz_localize(None).normalize()


def _states(days: pd.Series | None, count: int, today: pd.Timestamp) -> list[tuple[str, int]]:
    if days is None:
        return [("open", count)]
    late = int((days < today).sum())
    undated = int(days.isna().sum())
    return [("late", late), ("due later", count - late - undated), ("no day", undated)]


def _add_state_legend(axes: Axes) -> None:
    from matplotlib.patches import Patch

    named = [state for state in _STATES if state != "open"]
    grey: dict[str, Any] = {"facecolor": GREY, "edgecolor": GREY}
    parts.add_legend(axes, [Patch(**grey, **_STATES[state]) for state in named], named)


def burn_down(
    df: pd.DataFrame,
    sessions: pd.DataFrame | None = None,
    *,
    zone: tzinfo,
    freq: str = "W",
    topics: Topics = None,
    now: datetime | None = None,
    ax: Axes | None = None,
    figsize: parts.Size | None = None,
) -> Axes:
    """Draw how many todos were open at the end of each period, and how many were made and done in it.

    Needs ``completed_at``, and the meetings as ``analysis.burn_down`` does. What is done or deleted is below the line
    of zero. The title counts the todos that are left out because no one knows when they were made or done.
    """
    chosen, _ = select(df, topics, {})
    found = burn_downs.burn_down(chosen, sessions, zone=zone, now=now, freq=freq)
    axes = parts.new_axes(ax, figsize, (10, 3.8))
    left_out = sum(found.attrs["burn_down"].values())
    still_open = int(found["open"].iloc[-1]) if len(found) else 0
    unknown = f" ({left_out:,} left out: unknown dates)" if left_out else ""
    ends = _ends(found["period"], freq)
    last = [] if found.empty else [min(ends.iloc[-1] - pd.Timedelta(days=1), _today(now, zone))]
    days = parts.days_in(pd.DatetimeIndex([*found["period"][:1], *last]), zone)
    parts.set_title(axes, f"{counted(still_open, 'open todo')}{unknown}", days)
    axes.set_ylabel("todos")
    if found.empty:
        return parts.draw_placeholder(axes, "no todos with a known date")
    lengths = (ends - found["period"]) * _BAR_SHARE
    bars: dict[str, Any] = {"width": lengths, "align": "edge", "linewidth": 0}
    handles = [
        axes.step([found["period"].iloc[0], *ends], [found["open"].iloc[0], *found["open"]], color=_OPEN, linewidth=2)[
            0
        ],
        axes.bar(found["period"], found["made"], color=_MADE, **bars),
        axes.bar(found["period"], -found["done"], color=_DONE, **bars),
    ]
    if has(found, "gone") and found["gone"].any():
        handles.append(axes.bar(found["period"], -found["gone"], bottom=-found["done"], color=_GONE, **bars))
    axes.axhline(0, color=axes.spines["bottom"].get_edgecolor(), linewidth=0.8)
    parts.whole_numbers(axes.yaxis)
    parts.date_axis(axes, found["period"].min(), ends.max())
    parts.grid_below(axes)
    parts.add_legend(axes, handles, ["open", "made", "done", "deleted"][: len(handles)])
    return axes


def _ends(periods: pd.Series, freq: str) -> pd.Series:
    """Return the end of each of *periods*, which follow one another."""
    if periods.empty:
        return periods
    last = periods.iloc[-1]
    days = {"day": 1, "week": 7, "month": int(last.days_in_month)}[meetings.frequency(freq)]
    return periods.shift(-1).fillna(last + pd.Timedelta(days=days))
