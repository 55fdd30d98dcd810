"""Parts that plots share: axes to draw in, axes of dates, legends beside the data, and names as labels."""

from __future__ import annotations

import bisect
import itertools
import textwrap
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import pandas as pd

from hedy_jupyter.analysis.plots.fonts import draw_literally
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.timezones import zone_name
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import day_span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Size = tuple[float, float]
"""Width and height of a figure in inches."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not by strftime, which would speak the machine's language."""

_LABEL_LENGTH = 28
_SHORTEST_LABEL = 6
_LABEL_SHARE = 0.3  # of the width of the figure
_CHARACTER_IN = 0.085  # how wide a character of a label is
_TITLE_CHARACTER_IN = 0.13
_ABOVE_PT, _CAPTION_LINE_PT = 6.0, 12.0  # from the axes to what is above them, and how high a line of a caption is
_LEAST_ROWS = 3
_ROW_IN = 0.2  # how high a row with a name is at least
_DATA_SHARE = 0.77  # of the height or width of a figure
_ENTRY_IN = 0.25  # how high an entry of a legend is
_WIDE_IN = 5.0  # from this width on the legend is beside the data, else below
_BESIDE: Mapping[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)}
_BELOW: Mapping[str, Any] = {
    "loc": "upper center",
    "bbox_to_anchor": (0.5, 0.0),
    "handlelength": 1.2,
    "columnspacing": 1.0,
}
_BELOW_IN = 0.55  # room for ticks and the name of the axis
_OUTSIDE_IN = 0.3  # how far a legend below reaches out of the axes' place, where their ticks were
_LEAST_SHARE = 0.3  # of the place of axes that is left for the data beside a legend
_BELOW_SHARE, _BELOW_HEIGHT = 0.6, 0.4  # of the figure's width and of the height of the data
_LEAST_DAYS = 10.0  # an axis of dates is never shorter, so that its ticks are days


def new_axes(ax: Axes | None, size: Size | None, default: Size) -> Axes:
    """Return *ax*, else the axes of a new figure of *size* in inches, by default *default*.

    As with pandas, *size* also changes the figure of *ax*.

    Raises:
        UsageError: matplotlib is not installed, or *ax* is no ``Axes``.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise UsageError("Plots need matplotlib.", advice="pip install matplotlib") from None
    _check_axes(ax)
    if ax is None:
        from hedy_jupyter.analysis.plots.page_figure import figure_class

        axes: Axes = plt.subplots(figsize=size or default, layout="constrained", FigureClass=figure_class())[1]
        return axes
    if size is not None:
        figure_of(ax).set_size_inches(size)
    return ax


def _check_axes(ax: object) -> None:
    from matplotlib.axes import Axes

    if ax is not None and not isinstance(ax, Axes):
        raise UsageError(
            f"ax must be one matplotlib Axes, not {type(ax).__name__}.",
            advice="Give one of them, such as axes[0] after figure, axes = plt.subplots(2).",
        )


def figure_of(axes: Axes) -> Figure:
    """Return the whole figure that *axes* are in, also those of a subfigure."""
    return axes.figure.figure  # in matplotlib before 3.10, too


def set_title(axes: Axes, title: str, caption: str = "") -> None:
    """Set the title and a smaller *caption* below it, each in several lines where the figure is narrow."""
    width_in = size_in(axes)[0]
    small = textwrap.wrap(caption, max(16, int(width_in / _CHARACTER_IN)))
    most = max(12, int(width_in / _TITLE_CHARACTER_IN))
    axes.set_title("\n".join(textwrap.wrap(title, most)), pad=_ABOVE_PT + len(small) * _CAPTION_LINE_PT)
    draw_literally([axes.title])
    if small:
        above: dict[str, Any] = {"xytext": (0, _ABOVE_PT), "textcoords": "offset points", "ha": "center"}
        axes.annotate("\n".join(small), (0.5, 1.0), xycoords="axes fraction", size="small", **above)


def days_in(days: pd.Series | pd.DatetimeIndex, zone: tzinfo | None = None) -> str:
    """Return the first and the last of local *days* with their year, and the *zone* if it is not named elsewhere."""
    known = days.dropna()
    if known.empty:
        return ""
    return day_span(known.min().date(), known.max().date()) + (f", {zone_name(zone)}" if zone is not None else "")


def name_zone(axes: Axes, zone: tzinfo) -> None:
    """Name below the axis of dates the zone that its days are of, at the left, where no title of other axes is."""
    axes.set_xlabel(f"days in {zone_name(zone)}", fontsize="small", loc="left")


def draw_placeholder(axes: Axes, words: str) -> Axes:
    """Return *axes* with *words* in place of data and of ticks."""
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center")
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


# Names -----------------------------------------------------------------------


def label(name: object, most: int = _LABEL_LENGTH) -> str:
    """Return a name as a label: in one line, and as wide as at most *most* Latin characters."""
    text = one_line(name) if isinstance(name, str) else ""
    widths = list(itertools.accumulate(2 if east_asian_width(one) in "WF" else 1 for one in text))
    if not text or widths[-1] <= most:
        return text or UNTITLED["topic"]
    return f"{text[: bisect.bisect_right(widths, most - 1)].rstrip()}…"


def labels(axes: Axes, names: Sequence[object], share: float = _LABEL_SHARE) -> list[str]:
    """Return *names* as labels that take at most *share* of the width of the figure; equal ones are numbered."""
    most = max(_SHORTEST_LABEL, min(_LABEL_LENGTH, int(_width_in(axes) * share / _CHARACTER_IN)))
    found = [label(name, most) for name in names]
    counts = dict[str, int]()
    for place, text in enumerate(found):
        counts[text] = counts.get(text, 0) + 1
        if counts[text] > 1:
            number = f" ({counts[text]})"
            found[place] = f"{label(text, most - len(number))}{number}"
    return found


def most_rows(ax: Axes | None, size: Size | None, most: int, *, has_legend: bool = False) -> int:
    """Return how many rows with names, at most *most*, have a place in *ax* or in a figure of *size*."""
    if ax is None and size is None:
        return most
    _check_axes(ax)
    width_in, height_in = size_in(ax) if ax is not None else (0.0, 0.0)
    if size is not None:
        width_in, height_in = (_DATA_SHARE * side for side in size)
    if has_legend and width_in / _DATA_SHARE < _WIDE_IN:
        height_in *= 1 - _BELOW_HEIGHT
    return max(2, min(most, int(height_in / _ROW_IN) - 1))


def name_rows(axes: Axes, names: Sequence[object]) -> None:
    """Name the rows of a plot of horizontal bars, the first one above."""
    axes.set_yticks(range(len(names)), labels(axes, names))
    draw_literally(axes.get_yticklabels())
    margin = max(0.0, (_LEAST_ROWS - len(names)) / 2) + 0.5  # one bar does not fill the figure
    axes.set_ylim(len(names) - 1 + margin, -margin)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


# Legends ---------------------------------------------------------------------


def is_narrow(axes: Axes) -> bool:
    """Return whether the legend of *axes* is below the data, because there is no room beside them."""
    return _width_in(axes) < _WIDE_IN


def most_names(axes: Axes, most: int) -> int:
    """Return how many names, at most *most*, a legend of *axes* has room for beside its two entries in grey."""
    height_in = size_in(axes)[1]
    entries = 2 * int(height_in * _BELOW_HEIGHT / _ENTRY_IN) if is_narrow(axes) else int(height_in / _ENTRY_IN)
    return max(1, min(most, entries - 2))


def add_legend(axes: Axes, handles: Sequence[Any], names: Sequence[object]) -> None:
    """Add a legend of *handles* beside the data, in a narrow figure below them."""
    from matplotlib.transforms import ScaledTranslation

    share, where = _LABEL_SHARE, _BESIDE
    if is_narrow(axes):
        columns = 2 if len(handles) > 3 else 1
        share = _BELOW_SHARE / columns
        down = ScaledTranslation(0, -_BELOW_IN, figure_of(axes).dpi_scale_trans)
        where = {**_BELOW, "ncols": columns, "bbox_transform": axes.transAxes + down}
    # A label that begins with an underscore would be left out, so the texts are set afterwards.
    legend = axes.legend(list(handles), ["x"] * len(handles), frameon=False, borderaxespad=0.0, **where)
    for text, name in zip(legend.get_texts(), labels(axes, names, share), strict=True):
        text.set_text(name)
    draw_literally(legend.get_texts())
    if figure_of(axes).get_layout_engine() is None:
        _make_room(axes, legend)


def _make_room(axes: Axes, legend: Any) -> None:
    """Make the data of *axes* smaller, so that *legend* is where they were: no layout does it when they are drawn."""
    figure, box, extent = figure_of(axes), axes.get_position(), legend.get_window_extent()
    if is_narrow(axes) and extent.width > axes.bbox.width:  # two side by side would touch
        for text in legend.get_texts():
            text.set_fontsize(text.get_fontsize() * axes.bbox.width / extent.width)
        extent = legend.get_window_extent()
    height_in = float(figure.get_figheight())
    if is_narrow(axes):
        bottom_in = max(0.0, min(_OUTSIDE_IN, box.y0 * height_in))
        taken = extent.height / figure.bbox.height + (_BELOW_IN - bottom_in) / height_in
        taken = min(taken, (1 - _LEAST_SHARE) * box.height)
        axes.set_position((box.x0, box.y0 + taken, box.width, box.height - taken))
    else:
        taken = min(extent.width / figure.bbox.width + 0.01 * box.width, (1 - _LEAST_SHARE) * box.width)
        axes.set_position((box.x0, box.y0, box.width - taken, box.height))
    axes.set_in_layout(True)  # a layout that is chosen later counts them


def size_in(axes: Axes) -> Size:
    """Return the width and height of the data in inches, as far as they are known before the figure is drawn."""
    figure, box = figure_of(axes), axes.get_position()
    return float(box.width * figure.get_figwidth()), float(box.height * figure.get_figheight())


def _width_in(axes: Axes) -> float:
    """Return the width of the data and of what is beside them."""
    return size_in(axes)[0] / _DATA_SHARE


# Axes of values --------------------------------------------------------------


def date_axis(axes: Axes, first: pd.Timestamp, last: pd.Timestamp) -> None:
    """Show the days from *first* to *last*, and ticks of whole days, months or years."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

    locator = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    begin, end = (float(date2num(day)) for day in (first, last))  # type: ignore[no-untyped-call]
    margin = max(0.03 * (end - begin), (_LEAST_DAYS - (end - begin)) / 2)
    axes.set_xlim(begin - margin, end + margin)


def grid_below(axes: Axes) -> None:
    """Draw pale lines across, behind the data."""
    axes.grid(axis="y", alpha=0.25)
    axes.set_axisbelow(True)


def whole_numbers(axis: Any) -> None:
    """Let *axis* have ticks at whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins="auto", integer=True))
