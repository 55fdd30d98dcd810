"""Plots of meetings and todos: matplotlib ``Axes``, which users can change as they do those of pandas.

Colours of text and grid are left to the style in use, so that a dark one stays legible. Names of topics are other
people's words: they are drawn as they are, never read as mathematics, and shortened. A letter that no font of the
machine has is drawn as a box.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import filters, meetings
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.api_text import NO_TOPIC, UNTITLED
from hedy_jupyter.frames.timezones import local_times
from hedy_jupyter.text.clean import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

OTHERS = "other topics"
_MOST_TOPICS = 8  # in a legend; more cannot be distinguished
_LABEL_LENGTH = 28
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
# Okabe and Ito's colours, which people who see fewer of them tell apart too; the grey is for what has no topic.
_CYCLE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6BB1", "#B8A000")
_GREY = "#8A8F98"
_DARKEST, _LIGHTEST = 0.25, 0.75  # how bright a colour may be to be visible on white and on black
_FREQUENCIES = {"D": "day", "W": "week", "M": "month"}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # strftime would speak the machine's language
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_H = 24
_FONTS_WITH_CJK = (
    "Noto Sans CJK JP, Noto Sans CJK SC, Noto Sans JP, Noto Sans SC, Source Han Sans, WenQuanYi Zen Hei, IPAexGothic, "
    "Hiragino Sans, PingFang SC, Arial Unicode MS, Yu Gothic, Microsoft YaHei, Malgun Gothic, Droid Sans Fallback"
)
_CJK_FONTS = _FONTS_WITH_CJK.split(", ")


def topic_colors(topics: pd.DataFrame) -> dict[str, str]:
    """Return topic id → colour of a frame of topics; those without a colour are left out."""
    pairs = zip(topics["topic_id"], topics["color"], strict=True)
    return {ident: color for ident, color in pairs if isinstance(color, str) and _COLOR.fullmatch(color)}


def timeline(
    df: pd.DataFrame, *, colors: Mapping[str, str] | None = None, zone: tzinfo, ax: Axes | None = None
) -> Axes:
    """Draw each meeting as a bar on its day from start to end, in the colour of its topic.

    Needs ``start_time``, ``duration_min``, ``topic_id`` and ``topic_name``.
    """
    axes = _axes(ax, (10, 4.5))
    starts = local_times(df["start_time"], zone)
    rows = df.assign(_start=starts.to_numpy(dtype=object), _hour=_hours_of_day(starts), _long=_duration_h(df))[
        starts.notna().to_numpy()
    ]
    axes.set_title(f"{len(rows):,} meetings")
    axes.set_ylabel(f"time of day ({_zone_name(zone)})")
    axes.set_ylim(_DAY_H, 0)
    axes.set_yticks(range(0, _DAY_H + 1, 3), [f"{hour}:00" for hour in range(0, _DAY_H + 1, 3)])
    if rows.empty:
        return _empty(axes, "no meetings")
    days = pd.DatetimeIndex([start.tz_localize(None).normalize() for start in rows["_start"]])
    width = max(0.9, (days.max() - days.min()).days / 150)  # over a year a bar of one day would be a hair
    for name, color, chosen in _by_topic(rows, colors):
        length = rows["_long"][chosen].clip(lower=0.25)  # a short one must be seen
        axes.bar(days[chosen], length, bottom=rows["_hour"][chosen], width=width, color=color, label=name, linewidth=0)
    _date_axis(axes)
    axes.grid(axis="y", alpha=0.25)
    return _with_legend(axes)


def heatmap(df: pd.DataFrame, *, zone: tzinfo, ax: Axes | None = None) -> Axes:
    """Draw a calendar of weeks with the hours of meetings of each day; needs ``start_time`` and ``duration_min``."""
    axes = _axes(ax, (11, 2.6))
    days = meetings.load(df, "D", zone=zone)
    axes.set_title("Hours of meetings a day")
    if days.empty:
        return _empty(axes, "no meetings")
    from matplotlib.colors import PowerNorm

    first = days["period"].iloc[0] - pd.Timedelta(days=int(days["period"].iloc[0].weekday()))
    place = (days["period"] - first).dt.days
    grid = np.full((7, int(place.max()) // 7 + 1), np.nan)
    grid[place % 7, place // 7] = days["hours"].where(days["hours"] > 0)
    # One long day must not make all others pale.
    shades = PowerNorm(0.5, vmin=0, vmax=float(np.nanmax(grid, initial=1.0)))
    mesh = axes.pcolormesh(grid, cmap="viridis_r", edgecolors="none", linewidth=0, norm=shades)
    axes.set_aspect("equal")
    axes.set_ylim(7, 0)
    axes.set_yticks([row + 0.5 for row in range(7)], _WEEKDAYS)
    months = pd.Series([first + pd.Timedelta(weeks=week) for week in range(grid.shape[1])])
    begins = [week for week in range(len(months)) if week == 0 or months[week].month != months[week - 1].month]
    if len(begins) > 1 and begins[1] < 3:  # the name of a first month of a few days would touch the next one
        begins = begins[1:]
    axes.set_xticks([week + 0.5 for week in begins], [_month(months[week], week == begins[0]) for week in begins])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    bar = axes.figure.colorbar(mesh, ax=axes, shrink=0.9, pad=0.02)
    bar.set_label("hours")
    return axes


def load(
    df: pd.DataFrame,
    freq: str = "W",
    *,
    by: str | None = None,
    colors: Mapping[str, str] | None = None,
    zone: tzinfo,
    ax: Axes | None = None,
) -> Axes:
    """Draw hours of meetings per day, week or month as bars, stacked by topic or type where *by* asks for it."""
    axes = _axes(ax, (10, 3.8))
    found = meetings.load(df, freq, by=by, zone=zone)
    unit = _FREQUENCIES.get(freq[:1].upper(), freq)
    axes.set_title(f"Hours of meetings per {unit}")
    axes.set_ylabel("hours")
    if found.empty:
        return _empty(axes, "no meetings")
    width = {"day": 0.9, "week": 6.0, "month": 25.0}.get(unit, 0.9)
    if by is None:
        axes.bar(found["period"], found["hours"], width=width, align="edge", linewidth=0)
    else:
        below = pd.Series(0.0, index=found["period"].unique())
        key = "topic_id" if "topic_id" in found.columns else "session_type"
        grouped = found if key == "topic_id" else found.assign(topic_id=found[key], topic_name=found[key])
        for name, color, chosen in _by_topic(grouped, colors, weight="hours"):
            part = found[chosen].groupby("period")["hours"].sum()
            axes.bar(
                part.index,
                part,
                bottom=below[part.index],
                width=width,
                align="edge",
                color=color,
                label=name,
                linewidth=0,
            )
            below[part.index] += part
        _with_legend(axes)
    _date_axis(axes)
    axes.grid(axis="y", alpha=0.25)
    axes.set_axisbelow(True)
    return axes


def open_todos(
    df: pd.DataFrame,
    *,
    colors: Mapping[str, str] | None = None,
    zone: tzinfo,
    now: datetime | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the open todos by topic; needs ``completed``, ``topic_id`` and ``topic_name``.

    Where the frame has ``due_on``, late todos are solid, those due later pale, and those without a day hatched.
    """
    rows = filters.still_open(df)
    groups = list(_by_topic(rows, colors, most=12))
    axes = _axes(ax, (9, max(1.8, 0.42 * len(groups) + 1.2)))
    axes.set_title(f"{len(rows):,} open todos")
    axes.set_xlabel("todos")
    if rows.empty:
        return _empty(axes, "nothing is open")
    from matplotlib.ticker import MaxNLocator

    today = (
        (pd.Timestamp.now(tz=zone) if now is None else pd.Timestamp(now).tz_convert(zone)).tz_localize(None).normalize()
    )
    days = rows["due_on"] if "due_on" in rows.columns else None
    for place, (_, color, chosen) in enumerate(groups):
        left = 0
        for how, count in _states(days[chosen] if days is not None else None, int(chosen.sum()), today):
            if count:
                axes.barh(place, count, left=left, color=color, linewidth=0.8, edgecolor=color, **_STATES[how])
                left += count
        axes.annotate(str(left), (left, place), xytext=(4, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(groups)), [name for name, _, _ in groups])
    _draw_literally(axes.get_yticklabels())
    axes.invert_yaxis()
    axes.margins(x=0.08)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if days is not None:
        _state_legend(axes)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes


_STATES: dict[str, dict[str, Any]] = {
    "late": {},
    "due later": {"alpha": 0.5},
    "no day": {"fill": False, "hatch": "//"},
    "open": {},
}


def _states(days: pd.Series | None, count: int, today: pd.Timestamp) -> list[tuple[str, int]]:
    if days is None:
        return [("open", count)]
    late = int((days < today).sum())
    undated = int(days.isna().sum())
    return [("late", late), ("due later", count - late - undated), ("no day", undated)]


def _state_legend(axes: Axes) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=_GREY, edgecolor=_GREY, label=how, **style) for how, style in _STATES.items() if how != "open"
    ]
    axes.legend(handles=patches, frameon=False, loc="lower right")


# Shared ----------------------------------------------------------------------


def _axes(ax: Axes | None, size_in: tuple[float, float]) -> Axes:
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise UsageError("Plots need matplotlib.", advice="Install it: pip install matplotlib") from None
    # Of a character in a name; the box in its place shows it too.
    warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
    if ax is not None:
        return ax
    axes: Axes = plt.subplots(figsize=size_in, layout="constrained")[1]
    return axes


def _empty(axes: Axes, words: str) -> Axes:
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center")
    axes.set_xticks([])
    return axes


def _by_topic(
    df: pd.DataFrame, colors: Mapping[str, str] | None, *, weight: str | None = None, most: int = _MOST_TOPICS
) -> list[tuple[str, str, np.ndarray[Any, Any]]]:
    """Return name, colour and rows of each topic, most rows (or *weight*) first and those without a topic last."""
    ids = df["topic_id"].fillna("").to_numpy()
    sizes = (
        pd.Series(1.0 if weight is None else df[weight].to_numpy(), index=range(len(df)))
        .groupby(ids)
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    ranked = [ident for ident in sizes.index if ident]
    own, rest = ranked[:most], ranked[most:]
    names = df["topic_name"].groupby(ids).first()
    taken = _colors(own, colors or {})
    found = [(_label(names.get(ident)), taken[ident], ids == ident) for ident in own]
    if rest:
        found.append((OTHERS, _GREY, np.isin(ids, rest)))
    if "" in sizes.index:
        found.append((NO_TOPIC, _GREY if not rest else "#B9BDC4", ids == ""))
    return found


def _colors(ids: Sequence[str], own: Mapping[str, str]) -> dict[str, str]:
    free = [color for color in _CYCLE if color.lower() not in {value.lower() for value in own.values()}] or list(_CYCLE)
    found, place = {}, 0
    for ident in ids:
        given = own.get(ident)
        if isinstance(given, str) and _COLOR.fullmatch(given):
            found[ident] = _legible(given)
        else:
            found[ident] = free[place % len(free)]
            place += 1
    return found


def _legible(color: str) -> str:
    """Return *color*, brighter or darker where it would vanish on black or white."""
    channels = np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    bright = float(channels @ (0.299, 0.587, 0.114))
    if bright > _LIGHTEST:
        channels *= _LIGHTEST / bright
    elif bright < _DARKEST:
        channels += (1 - channels) * (_DARKEST - bright) / (1 - bright)
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in channels)


def _label(name: object) -> str:
    """Return a name as a label: one line, short, and without the underscore in front that would hide it."""
    text = one_line(name) if isinstance(name, str) else ""
    text = text if len(text) <= _LABEL_LENGTH else f"{text[: _LABEL_LENGTH - 1].rstrip()}…"
    return f"\u200b{text}" if text.startswith("_") else text or UNTITLED["topic"]


def _with_legend(axes: Axes) -> Axes:
    legend = axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    _draw_literally(legend.get_texts())
    return axes


def _draw_literally(labels: Iterable[Text]) -> None:
    """Draw *labels* without mathematics, and Chinese, Japanese and Korean in a font of the machine that has them."""
    from matplotlib import font_manager, rcParams

    known = {font.name for font in font_manager.fontManager.ttflist}
    families = [*rcParams["font.family"], *(name for name in _CJK_FONTS if name in known)]
    for label in labels:
        label.set_parse_math(False)
        label.set_fontfamily(families)


def _date_axis(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _hours_of_day(starts: pd.Series) -> pd.Series:
    hours: pd.Series = starts.dt.hour + starts.dt.minute / 60
    return hours


def _duration_h(df: pd.DataFrame) -> pd.Series:
    return normalize.minutes(df).fillna(0) / 60


def _zone_name(zone: tzinfo) -> str:
    return getattr(zone, "key", None) or str(zone)


def _month(day: pd.Timestamp, with_year: bool) -> str:
    name = _MONTHS[day.month - 1]
    return f"{name}\n{day.year}" if with_year or day.month == 1 else name
