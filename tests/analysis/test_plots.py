"""Plots: what is drawn is what the frame says, in the colours of the topics, and no name can break a picture."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib import colors
from matplotlib.axes import Axes

import hedy_jupyter as hj
from hedy_jupyter import UsageError
from hedy_jupyter.analysis import meetings, plots
from hedy_jupyter.frames.build import build

ZONE = ZoneInfo("Europe/Berlin")
EVIL = ["$x^2$", "_hidden", "a\nb", "浜風 ロボット", "x" * 200, "<b>", "", "\u202eright", "100 % {x} \\frac"]


@pytest.fixture(autouse=True)
def agg() -> Iterator[None]:
    """No screen, and no figure left over."""
    mpl.use("Agg")
    yield
    plt.close("all")


@pytest.fixture
def demo() -> Iterator[hj.Hedy]:
    """The demo account."""
    with hj.demo() as hedy:
        yield hedy


def drawn(axes: Axes) -> bytes:
    """The picture."""
    target = io.BytesIO()
    axes.figure.savefig(target, format="png")
    return target.getvalue()


def test_timeline(demo: hj.Hedy) -> None:
    """A bar a meeting, from its local start, as long as it lasts, in its topic's colour; midnight is above."""
    sessions = demo.sessions()
    axes = plots.timeline(sessions, colors=plots.topic_colors(demo.topics()), zone=ZONE)

    bars = axes.patches
    starts = sessions["start_time"].dt.tz_convert(ZONE)
    assert len(bars) == len(sessions)
    assert sorted(round(bar.get_y(), 2) for bar in bars) == sorted(
        round(start.hour + start.minute / 60, 2) for start in starts
    )
    assert sorted(round(bar.get_height(), 2) for bar in bars) == sorted(
        round(max(0.25, minutes / 60), 2) for minutes in sessions["duration_min"]
    )
    assert axes.get_ylim() == (24, 0)
    own = plots.topic_colors(demo.topics())
    expected = sessions["topic_id"].map(own).dropna().str.lower().value_counts()
    found = pd.Series([colors.to_hex(bar.get_facecolor()) for bar in bars]).value_counts()
    assert (
        found[found.index.intersection(expected.index)]
        .sort_index()
        .equals(expected[found.index.intersection(expected.index)].sort_index())
    )


def test_heatmap(demo: hj.Hedy) -> None:
    """The cells hold the hours of each day, Monday above, with a colour bar that names the unit."""
    sessions = demo.sessions(limit=None)
    axes = plots.heatmap(sessions, zone=ZONE)

    (mesh,) = axes.collections
    days = meetings.load(sessions, "D", zone=ZONE)
    assert float(mesh.get_array().sum()) == pytest.approx(days["hours"].sum())
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert axes.figure.axes[1].get_ylabel() == "hours"


@pytest.mark.parametrize("by", [None, "topic", "type"])
@pytest.mark.parametrize("freq", ["D", "W", "M"])
def test_load(demo: hj.Hedy, freq: str, by: str | None) -> None:
    """The bars add up to the hours of the frame, whatever the period and the stacking."""
    sessions = demo.sessions(limit=None)
    axes = plots.load(sessions, freq, by=by, zone=ZONE)

    assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(sessions["duration_min"].sum() / 60)
    assert axes.get_ylabel() == "hours"
    assert (axes.get_legend() is None) == (by is None)


def test_open_todos(demo: hj.Hedy) -> None:
    """The bars are the open todos of each topic, the largest above; with days they are parted by what is late."""
    todos = demo.todos()
    plain = plots.open_todos(todos, zone=ZONE)
    dated = plots.open_todos(
        todos.assign(due_on=pd.Timestamp("2026-01-05").as_unit("us")), zone=ZONE, now=datetime(2026, 1, 6, tzinfo=UTC)
    )
    future = plots.open_todos(
        todos.assign(due_on=pd.Timestamp("2026-01-05").as_unit("us")), zone=ZONE, now=datetime(2026, 1, 5, tzinfo=UTC)
    )

    widths = [bar.get_width() for bar in plain.patches]
    assert (sum(widths), widths[:-1]) == (129, sorted(widths[:-1], reverse=True))
    assert plain.get_title() == "129 open todos"
    assert {bar.get_alpha() for bar in dated.patches} == {None}
    assert {bar.get_alpha() for bar in future.patches} == {0.5}


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_styles(demo: hj.Hedy, style: str) -> None:
    """Texts take the colour of the style in use."""
    with plt.style.context(style):
        axes = plots.load(demo.sessions(), by="topic", zone=ZONE)
        expected = colors.to_hex(mpl.rcParams["text.color"])

        assert colors.to_hex(axes.title.get_color()) == expected
        assert {colors.to_hex(text.get_color()) for text in axes.get_legend().get_texts()} == {expected}
        assert drawn(axes).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", EVIL, ids=ascii)
def test_names_are_only_names(name: str) -> None:
    """Whatever a topic is called, it is drawn without a warning, in one short line, and in the legend."""
    topic = {"id": "t1", "name": name}
    sessions = build(
        "sessions", [{"sessionId": "s", "startTime": "2026-03-01T10:00:00Z", "duration": 30, "topic": topic}]
    )
    todos = build("todos", [{"id": "t", "text": "x", "completed": False, "topic": topic}])

    for axes in (
        plots.timeline(sessions, zone=ZONE),
        plots.load(sessions, by="topic", zone=ZONE),
        plots.open_todos(todos, zone=ZONE),
    ):
        drawn(axes)
        shown = axes.get_legend().get_texts() if axes.get_legend() else axes.get_yticklabels()
        assert len(shown) == 1
        assert len(shown[0].get_text()) <= 29
        assert "\n" not in shown[0].get_text()
        assert not shown[0].get_parse_math()


@pytest.mark.parametrize("make", [plots.timeline, plots.heatmap, plots.load, plots.open_todos])
def test_nothing_to_draw(make: object) -> None:
    """An empty frame is a picture that says so."""
    kind = "todos" if make is plots.open_todos else "sessions"
    axes = make(build(kind, []), zone=ZONE)  # type: ignore[operator]

    assert axes.texts[0].get_text() in {"no meetings", "nothing is open"}
    drawn(axes)


def test_given_axes(demo: hj.Hedy) -> None:
    """The picture goes into axes that are given, and no figure is made."""
    axes = plt.subplots()[1]
    before = plt.get_fignums()

    assert plots.load(demo.sessions(), zone=ZONE, ax=axes) is axes
    assert plt.get_fignums() == before


def test_many_topics() -> None:
    """Topics beyond those that can be distinguished are one colour with one name."""
    topics = [{"id": f"t{n}", "name": f"T{n}"} for n in range(12)]
    start = "2026-03-01T10:00:00Z"
    records = [{"sessionId": topic["id"], "startTime": start, "duration": 30, "topic": topic} for topic in topics]
    axes = plots.timeline(build("sessions", records), zone=ZONE)

    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert (len(names), names[-1]) == (9, plots.OTHERS)


@pytest.mark.parametrize(
    ("given", "shown"),
    [("#000000", "#404040"), ("#FFFFFF", "#BFBFBF"), ("#AA3311", "#AA3311"), ("red", None), (None, None)],
)
def test_colours_are_legible(given: str | None, shown: str | None) -> None:
    """Colours too dark or too bright are moved, what is no colour is replaced by one of the cycle."""
    found = plots._colors(["t"], {"t": given} if given else {})

    assert found == {"t": shown or "#0072B2"}


def test_topic_colours() -> None:
    """Only colours of the API's form are taken from the topics."""
    topics = build("topics", [{"id": "a", "color": "#12ab9F"}, {"id": "b", "color": "red"}, {"id": "c"}])

    assert plots.topic_colors(topics) == {"a": "#12ab9F"}


def test_without_matplotlib(demo: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without matplotlib one line says what to install."""
    for name in [name for name in sys.modules if name.startswith("matplotlib")]:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(UsageError, match="matplotlib") as caught:
        plots.heatmap(demo.sessions(), zone=ZONE)

    assert "pip install matplotlib" in caught.value.advice
