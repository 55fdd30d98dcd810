"""Plots of speakers: how much each of them says, in all or by meeting, topic or month."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.analysis.groups import NO_TOPIC
from hedy_jupyter.analysis.plots import axes as parts
from hedy_jupyter.analysis.plots.colors import CYCLE, GREY
from hedy_jupyter.analysis.plots.topic_rows import Topics, by_column, select
from hedy_jupyter.analysis.speakers import count
from hedy_jupyter.analysis.transcripts import NO_NAMES, SpeakerNames
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.timezones import local_times
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEASURES = ("words", "share", "turns", "questions")
NO_SPEAKERS = "no transcript names its speakers"
_MOST_ROWS = 20
_MOST_STACKED = 8


def plot_speakers(
    df: pd.DataFrame,
    by: str | None = None,
    *,
    zone: tzinfo,
    measure: str = "words",
    n: int = 10,
    topics: Topics = None,
    names: SpeakerNames = NO_NAMES,
    ax: Axes | None = None,
    figsize: parts.Size | None = None,
) -> Axes:
    """Draw how much each speaker says: a bar a speaker, or a bar a meeting, topic or month with its speakers.

    Needs a transcript column.

    Args:
        df: sessions with transcripts.
        by: ``"session"``, ``"topic"`` or ``"month"``; by default in all.
        zone: the display zone.
        measure: ``"words"``, ``"share"`` (of the words), ``"turns"`` or ``"questions"``.
        n: so many speakers have a name, those with the most; the others are one bar, ``… 12 more``.
        topics: names or ids of topics; only their meetings count.
        names: names to show in place of labels.
        ax: where to draw.
        figsize: width and height in inches.

    Raises:
        UsageError: *measure*, *by* or *n* is none of these, or columns are missing.
    """
    if measure not in MEASURES:
        raise UsageError(
            f"measure={measure!r} must be one of: {', '.join(MEASURES)}.", advice=did_you_mean(str(measure), MEASURES)
        )
    if n < 1:
        raise UsageError(f"n={n} must be 1 or more.", advice="It is how many speakers have a name.")
    chosen, _ = select(df, topics, {})
    chosen = chosen.reset_index(drop=True)
    found = count([chosen], by, zone=zone, names=names)
    if by is None:
        axes = _draw_totals(found, measure, n, ax, figsize)
    else:
        axes = _draw_rows(found, _row_names(found, chosen, by, zone), measure, min(n, _MOST_STACKED), ax, figsize)
    if not found.empty and has(chosen, "start_time"):
        parts.set_title(axes, axes.get_title(), parts.days_in(local_times(column(chosen, "start_time"), zone), zone))
    return axes


def _draw_totals(found: pd.DataFrame, measure: str, n: int, ax: Axes | None, figsize: parts.Size | None) -> Axes:
    """Draw a bar for each of the *n* first speakers, and one for the others."""
    n = parts.most_rows(ax, figsize, n)
    groups = by_column(found, "speaker", {}, most=n, weight=measure, empty=NO_SPEAKERS)
    axes = parts.new_axes(ax, figsize, (9, max(1.8, 0.38 * len(groups) + 1.2)))
    parts.set_title(axes, counted(found["speaker"].nunique(), "speaker"))
    _name_values(axes, measure)
    if found.empty:
        return parts.draw_placeholder(axes, NO_SPEAKERS)
    for place, group in enumerate(groups):
        value = float(found[measure][group.rows].sum())
        axes.barh(place, value, linewidth=0, color=GREY if group.style.color == GREY else CYCLE[0])
        text = f"{value:.0%}" if measure == "share" else f"{value:,.0f}"
        axes.annotate(text, (value, place), xytext=(4, 0), textcoords="offset points", va="center")
    parts.name_rows(axes, [group.name for group in groups])
    axes.margins(x=0.1)
    return axes


def _draw_rows(
    found: pd.DataFrame,
    names: dict[int, str],
    measure: str,
    n: int,
    ax: Axes | None,
    figsize: parts.Size | None,
) -> Axes:
    """Draw a bar for each meeting, topic or month with its speakers, one after the other."""
    shown = list(names)[: parts.most_rows(ax, figsize, _MOST_ROWS, has_legend=True)]
    axes = parts.new_axes(ax, figsize, (10, max(2.2, 0.34 * len(shown) + 1.2)))
    left_out = f" ({len(shown)} of {len(names)} rows)" if len(shown) < len(names) else ""
    parts.set_title(axes, f"{counted(found['speaker'].nunique(), 'speaker')}{left_out}")
    _name_values(axes, measure)
    if found.empty:
        return parts.draw_placeholder(axes, NO_SPEAKERS)
    rows = found[found["group"].isin(shown)].reset_index(drop=True)
    most_first = found.groupby("speaker", sort=False)[measure].sum().sort_values(ascending=False, kind="stable").index
    colors = dict(zip(most_first, CYCLE, strict=False))
    groups = by_column(rows, "speaker", colors, most=parts.most_names(axes, n), weight=measure, empty=NO_SPEAKERS)
    left = pd.Series(0.0, index=shown)
    places = {row: place for place, row in enumerate(shown)}
    bars = []
    for group in groups:
        part = rows[group.rows].groupby("group", sort=False)[measure].sum()
        at = [places[row] for row in part.index]
        bars.append(axes.barh(at, part.to_numpy(dtype="float64"), left=left[part.index], **group.style.bar_arguments()))
        left[part.index] += part.to_numpy(dtype="float64")
    parts.name_rows(axes, [names[row] for row in shown])
    parts.add_legend(axes, bars, [group.name for group in groups])
    return axes


def _row_names(found: pd.DataFrame, df: pd.DataFrame, by: str, zone: tzinfo) -> dict[int, str]:
    """Return the groups of *found*, in order, with the names to show for them."""
    firsts = found.drop_duplicates("group")
    if by == "month":
        names = ["no date" if pd.isna(day) else f"{day:%Y-%m}" for day in firsts["period"]]
    elif by == "topic":
        topics = zip(firsts["topic_id"].isna() & firsts["_nameless_id"].isna(), firsts["topic_name"], strict=True)
        names = [NO_TOPIC if has_none else parts.label(name) for has_none, name in topics]
    else:
        titles = _titles(df, zone)
        names = [titles[ident] for ident in firsts["session_id"]]
    return dict(zip(firsts["group"], names, strict=True))


def _titles(df: pd.DataFrame, zone: tzinfo) -> dict[object, str]:
    """Return session id → day and title."""
    missing = pd.Series(None, index=df.index, dtype="object")
    starts = local_times(column(df, "start_time"), zone) if has(df, "start_time") else missing
    titles = column(df, "title") if has(df, "title") else missing
    days = ["" if pd.isna(day) else f"{day.day} {parts.MONTHS[day.month - 1]} " for day in starts]
    return {
        ident: f"{day}{title if isinstance(title, str) and title.strip() else UNTITLED['session']}"
        for ident, day, title in zip(column(df, "session_id"), days, titles, strict=True)
    }


def _name_values(axes: Axes, measure: str) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.set_xlabel("share of the words" if measure == "share" else measure)
    if measure == "share":
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
