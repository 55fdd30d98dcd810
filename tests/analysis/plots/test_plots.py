"""Plots: what is drawn is what the frame says, in the colours of the topics, and no name can break a picture."""

from __future__ import annotations

import io
import itertools
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib import colors
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.dates import num2date
from matplotlib.text import Text

import hedy_jupyter as hj
from hedy_jupyter import UsageError
from hedy_jupyter.analysis import burn_down as burn_downs
from hedy_jupyter.analysis import meetings
from hedy_jupyter.analysis.plots import meetings as plots
from hedy_jupyter.analysis.plots.colors import contrast, own_colors
from hedy_jupyter.analysis.plots.speakers import NO_SPEAKERS, plot_speakers
from hedy_jupyter.analysis.plots.todos import burn_down, open_todos
from hedy_jupyter.frames.build import build

ZONE = ZoneInfo("Europe/Berlin")
EVIL = [
    "$x^2$",
    "$50 to $100",
    "سلام عليكم",
    "हिन्दी ไทย",
    "😀",
    "_hidden",
    "a\nb",
    "浜風 ロボット",
    "x" * 200,
    "<b>",
    "",
    "\u202eright",
    "100 % {x} \\frac",
]


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


def lay_out(axes: Axes) -> None:
    """Give every artist its place, and every text its glyphs, as in a picture, but paint nothing."""
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]


def give_glyphs(axes: Axes) -> None:
    """Give every text its glyphs, as in a picture, but no place."""
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for text in axes.figure.findobj(Text):
        text.get_window_extent(renderer)  # type: ignore[attr-defined]


def drawn(axes: Axes) -> bytes:
    """The picture."""
    target = io.BytesIO()
    axes.figure.savefig(target, format="png")
    return target.getvalue()


def test_timeline(demo: hj.Hedy) -> None:
    """A bar a meeting, from its local start, as long as it lasts, in its topic's colour; midnight is above."""
    sessions = demo.sessions()
    axes = plots.timeline(sessions, colors=own_colors(demo.topics()), zone=ZONE)

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
    own = own_colors(demo.topics())
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


@pytest.mark.parametrize(("freq", "by"), [("D", "topic"), ("W", None), ("W", "type"), ("M", "type")])
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
    plain = open_todos(todos, zone=ZONE)
    dated = open_todos(
        todos.assign(due_on=pd.Timestamp("2026-01-05").as_unit("us")), zone=ZONE, now=datetime(2026, 1, 6, tzinfo=UTC)
    )
    future = open_todos(
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


@pytest.mark.parametrize("names", [EVIL[:7], EVIL[7:]], ids=ascii)
def test_names_are_only_names(names: list[str]) -> None:
    """Whatever topics are called, they are drawn without a warning, each in one short line, and in the legend."""
    topics = [{"id": f"t{place}", "name": name} for place, name in enumerate(names)]
    meeting = {"startTime": "2026-03-01T10:00:00Z", "duration": 30, "transcript": "Ada: yes\nBob: no\nAda: yes"}
    sessions = build(
        "sessions_detailed",
        [meeting | {"sessionId": topic["id"], "title": topic["name"], "topic": topic} for topic in topics],
    )
    todos = build("todos", [{"id": topic["id"], "text": "x", "completed": False, "topic": topic} for topic in topics])

    for axes in (
        plots.timeline(sessions, zone=ZONE),
        plots.load(sessions, by="topic", zone=ZONE),
        open_todos(todos, zone=ZONE),
        plot_speakers(sessions, "topic", zone=ZONE),
        plot_speakers(sessions, "session", zone=ZONE),
    ):
        give_glyphs(axes)
        is_named_by_legend = axes.get_legend() is not None and axes.get_title() not in {"2 speakers"}
        shown = axes.get_legend().get_texts() if is_named_by_legend else axes.get_yticklabels()
        assert len(shown) == len(names)
        assert [text.get_text() for text in shown if len(text.get_text()) > 28 or "\n" in text.get_text()] == []
        assert [text.get_text() for text in shown if text.get_parse_math()] == []


PLOTS: dict[str, Callable[..., Axes]] = {
    "timeline": plots.timeline,
    "heatmap": plots.heatmap,
    "load": plots.load,
    "load by topic": partial(plots.load, by="topic"),
    "load by type": partial(plots.load, freq="M", by="type"),
    "open todos": open_todos,
    "burn down": burn_down,
    "speakers": plot_speakers,
    "speakers by session": partial(plot_speakers, by="session", measure="share"),
    "speakers by topic": partial(plot_speakers, by="topic", measure="turns"),
    "speakers by month": partial(plot_speakers, by="month", measure="questions"),
}
OF_TODOS = {"open todos", "burn down"}
SAID = "Ada: What of $5?\nBob: That is $7.\nAda: Fine, then.\nBob: Good."


def frame(plot: str, number: int, topics: Sequence[dict[str, str] | None]) -> pd.DataFrame:
    """So many meetings, or todos, of these topics in turn; every seventh meeting has no start, every fifth no end."""
    chosen = [topics[place % len(topics)] for place in range(number)]
    starts = [f"2026-{1 + place % 9:02}-{1 + place % 28:02}T{place % 24:02}:30:00Z" for place in range(number)]
    if plot in OF_TODOS:
        records = [
            {"id": f"t{place}", "text": "x", "completed": place % 3 == 0, "sessionId": f"s{place}", "topic": topic}
            for place, topic in enumerate(chosen)
        ]
        done = ["2026-10-01T00:00:00Z" if place % 6 == 0 else None for place in range(number)]
        read = partial(pd.to_datetime, utc=True)
        times = pd.DataFrame({"start_time": read(starts), "completed_at": read(done)})
        return build("todos", records).join(times)
    return build(
        "sessions_detailed",
        [
            {
                "sessionId": f"s{place}",
                "title": "" if topic is None else topic["name"],
                "startTime": None if place % 7 == 6 else start,
                "duration": None if place % 5 == 4 else 30 + place % 60,
                "session_type": [None, "meeting", "lecture"][place % 3],
                "topic": topic,
                "cleaned_transcript": SAID,
            }
            for place, (start, topic) in enumerate(zip(starts, chosen, strict=True))
        ],
    )


HOSTILE = [None, *({"id": f"t{place}", "name": name} for place, name in enumerate(EVIL))]
MANY = [{"id": f"t{place}", "name": f"The topic number {place} of five hundred"} for place in range(500)]


@pytest.mark.parametrize("plot", PLOTS)
def test_nothing_to_draw(plot: str) -> None:
    """An empty frame is a picture that says so, with neither ticks nor a legend."""
    axes = PLOTS[plot](frame(plot, 0, HOSTILE), zone=ZONE)

    assert axes.texts[0].get_text() in {"no meetings", "nothing is open", "no todos with a known date", NO_SPEAKERS}
    assert (list(axes.get_xticks()), list(axes.get_yticks()), axes.get_legend()) == ([], [], None)
    lay_out(axes)


@pytest.mark.parametrize(
    ("number", "topics", "size"),
    [(1, HOSTILE[1:], (3.5, 2.5)), (60, HOSTILE, (3.5, 2.5)), (100, MANY, (3.5, 2.5))],
    ids=["1, small", "60, small", "100, small"],
)
@pytest.mark.parametrize("plot", PLOTS)
def test_everything_has_its_place(
    plot: str, number: int, topics: Sequence[dict[str, str]], size: tuple[float, float]
) -> None:
    """Few, many and hostile names: the legend is beside the data, nothing is cut off, and nothing warns."""
    axes = PLOTS[plot](frame(plot, number, topics), zone=ZONE, figsize=size)
    lay_out(axes)

    assert tuple(axes.figure.get_size_inches()) == size
    assert_everything_has_its_place(axes)


def assert_everything_has_its_place(axes: Axes) -> None:
    """Check a figure that is laid out: nothing is cut off, and neither the legend nor names lie on something else."""
    figure = axes.figure
    renderer = figure.canvas.get_renderer()
    inside = figure.get_tightbbox(renderer)
    width, height = figure.get_size_inches()
    assert inside.x0 > -0.1
    assert inside.y0 > -0.1
    assert inside.x1 < width + 0.1
    assert inside.y1 < height + 0.1
    if (legend := axes.get_legend()) is not None:
        assert not legend.get_window_extent(renderer).overlaps(axes.bbox)
        assert len(legend.get_texts()) <= 11
    names = [label.get_window_extent(renderer) for label in axes.get_yticklabels() if label.get_text()]
    assert not any(one.y0 + 1 < other.y1 and other.y0 + 1 < one.y1 for one, other in itertools.combinations(names, 2))


@pytest.mark.parametrize("plot", PLOTS)
def test_days_and_zone_are_named_once(plot: str) -> None:
    """Below the title are the days with their year, and one text of the plot names the zone."""
    rows = frame(plot, 9, MANY[:2])
    now: dict[str, Any] = {"now": datetime(2026, 12, 24, 23, 30, tzinfo=UTC)} if plot in OF_TODOS else {}
    axes = PLOTS[plot](rows, zone=ZONE, **now)

    caption = next(text.get_text() for text in axes.texts if "2026" in text.get_text())
    if plot == "open todos":
        assert caption == "Fri 25 Dec 2026, Europe/Berlin"
    elif plot == "burn down":
        assert re.fullmatch(r"\w{3} \d+ Dec 2025 – Fri 25 Dec 2026, Europe/Berlin", caption)
    else:
        assert caption.removesuffix(", Europe/Berlin") == "Thu 1 Jan – Wed 9 Sep 2026"
    named = [text.get_text() for text in axes.findobj(Text) if "Europe/Berlin" in text.get_text()]  # type: ignore[attr-defined]
    assert len(named) == 1


@pytest.mark.parametrize("plot", PLOTS)
def test_given_axes(plot: str) -> None:
    """The picture goes into axes that are given, and no figure is made; as in pandas figsize changes theirs."""
    axes = plt.subplots(layout="constrained")[1]
    before = plt.get_fignums()

    assert PLOTS[plot](frame(plot, 20, HOSTILE), zone=ZONE, ax=axes, figsize=(7, 3)) is axes
    assert plt.get_fignums() == before
    assert tuple(axes.figure.get_size_inches()) == (7, 3)


@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_texts_are_legible(plot: str, style: str) -> None:
    """Every text has its place, and the contrast that the style in use gives, on a background that covers the page.

    The plot changes neither matplotlib's settings nor the filters of warnings, nor the frame.
    """
    given = frame(plot, 20, HOSTILE)
    with plt.style.context(style):
        before = dict(mpl.rcParams), list(warnings.filters), given.copy()
        axes = PLOTS[plot](given, zone=ZONE)
        if style != "default":
            axes.figure.set_layout_engine("none")  # type: ignore[union-attr]  # its place is looked at once
        lay_out(axes)

        assert (dict(mpl.rcParams), list(warnings.filters)) == before[:2]
        pd.testing.assert_frame_equal(given, before[2])
        ground = axes.figure.get_facecolor()
        assert ground[3] == 1
        shown = [text for text in axes.figure.findobj(Text) if text.get_text() and text.get_visible()]
        assert len(shown) > 3
        assert min(contrast(colors.to_hex(text.get_color()), colors.to_hex(ground)) for text in shown) >= 4.5
        if style == "default":
            assert_everything_has_its_place(axes)


def test_meetings_without_a_start_are_counted() -> None:
    """The title says how many meetings are not in the picture."""
    axes = plots.timeline(frame("timeline", 14, HOSTILE), zone=ZONE)

    assert axes.get_title() == "12 meetings (2 without a start)"
    assert len(axes.patches) == 12


@pytest.mark.parametrize(("zone", "day", "hour"), [("Asia/Tokyo", 2, 8.5), ("America/Los_Angeles", 1, 15.5)])
def test_days_are_local(zone: str, day: int, hour: float) -> None:
    """A meeting is on the day and at the hour of the zone, and the axis names the zone."""
    record = {"sessionId": "s", "startTime": "2026-03-01T23:30:00Z", "duration": 30}
    axes = plots.timeline(build("sessions", [record]), zone=ZoneInfo(zone))
    bar = axes.patches[0]

    assert (num2date(bar.get_x() + bar.get_width() / 2).day, bar.get_y()) == (day, hour)
    assert zone in axes.get_ylabel()


def test_many_topics() -> None:
    """Topics beyond those that can be distinguished are one grey with one name; one more than that keeps its name."""
    topics = [{"id": f"t{n}", "name": f"T{n}"} for n in range(12)]
    axes = plots.timeline(frame("timeline", 12, topics), zone=ZONE)
    nine = plots.timeline(frame("timeline", 9, topics[:9]), zone=ZONE)

    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert (len(names), names[-1]) == (9, "… 3 more")  # one of the twelve has no start
    assert "… 1 more" not in [text.get_text() for text in nine.get_legend().get_texts()]


def test_topics_to_draw(demo: hj.Hedy) -> None:
    """``topics=`` takes names in any case, and ids; of one that does not occur it says what there is."""
    sessions = demo.sessions(limit=None)
    hiring = sessions[sessions["topic_name"].eq("Hiring")]

    assert len(plots.timeline(sessions, topics="hiring", zone=ZONE).patches) == len(hiring)
    both = plots.load(sessions, by="topic", topics=["HIRING", sessions["topic_id"].dropna()[0]], zone=ZONE)
    assert len(both.get_legend().get_texts()) == 2
    without = plots.timeline(sessions, topics="(no topic)", zone=ZONE)
    assert len(without.patches) == sessions["topic_id"].isna().sum()
    assert open_todos(demo.todos(), topics=["Hiring"], zone=ZONE).get_title() == "15 open todos"
    with pytest.raises(UsageError, match="'Hirin'") as caught:
        plots.heatmap(sessions, topics="Hirin", zone=ZONE)
    assert caught.value.advice == "Did you mean Hiring?"


def test_colours_of_a_frame_of_topics() -> None:
    """``topics=`` takes a frame of topics, whose colours count before those that the account knows."""
    sessions = frame("timeline", 1, [{"id": "t", "name": "T"}])
    topics = build("topics", [{"id": "t", "name": "T", "color": "#aabb00"}])

    axes = plots.timeline(sessions, topics=topics, colors={"t": "#112233"}, zone=ZONE)
    merged = plots.timeline(sessions.merge(topics[["topic_id", "color"]], on="topic_id"), zone=ZONE)

    assert [colors.to_hex(one.patches[0].get_facecolor()) for one in (axes, merged)] == ["#aabb00"] * 2
    with pytest.raises(UsageError, match="topic_id and color"):
        plots.timeline(sessions, topics=sessions, zone=ZONE)


def test_one_colour_in_every_plot() -> None:
    """A topic has the same colour in plots of meetings and todos, in parts of a frame, and in any order."""
    topics = [{"id": f"topic_{n}", "name": f"T{n}"} for n in range(8)]
    sessions, todos = frame("load", 80, topics), frame("open todos", 80, topics)

    whole = drawn_colors(plots.timeline(sessions, zone=ZONE))
    assert len(set(whole.values())) == 8
    for axes in (
        plots.timeline(sessions[::-1], zone=ZONE),
        plots.load(sessions.head(3), by="topic", zone=ZONE),
        plots.load(sessions, "M", by="topic", zone=ZONE),
        plots.timeline(sessions, topics=["T3", "T5"], zone=ZONE),
    ):
        found = drawn_colors(axes)
        assert found == {name: whole[name] for name in found}
    bars = open_todos(todos, zone=ZONE)
    names = [label.get_text() for label in bars.get_yticklabels()]
    assert {name: colors.to_hex(bar.get_facecolor()) for name, bar in zip(names, bars.patches, strict=True)} == whole


def drawn_colors(axes: Axes) -> dict[str, str]:
    """Name → colour of the legend."""
    legend = axes.get_legend()
    return {
        text.get_text(): colors.to_hex(handle.get_facecolor())
        for text, handle in zip(legend.get_texts(), legend.get_patches(), strict=True)
    }


def test_burn_down() -> None:
    """The line is what is open at the end of each week, the bars what was made, done and deleted in it."""
    gone_at = [pd.Timestamp("2026-10-05", tz="UTC") if place == 1 else pd.NaT for place in range(40)]
    todos = frame("burn down", 40, HOSTILE[1:]).assign(gone_at=gone_at)
    now = datetime(2026, 10, 20, tzinfo=UTC)
    rows = burn_downs.burn_down(todos, zone=ZONE, now=now)
    axes = burn_down(todos, zone=ZONE, now=now)

    made, done, gone = (container for container in axes.containers if isinstance(container, BarContainer))
    assert [bar.get_height() for bar in made] == rows["made"].tolist()
    assert [bar.get_height() for bar in done] == (-rows["done"]).tolist()
    assert [bar.get_height() for bar in gone] == (-rows["gone"]).tolist()
    assert axes.lines[0].get_ydata()[1:].tolist() == rows["open"].tolist()
    left_out = sum(rows.attrs["burn_down"].values())
    assert axes.get_title() == f"{rows['open'].iloc[-1]} open todos ({left_out} left out: unknown dates)"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["open", "made", "done", "deleted"]


def test_speakers(demo: hj.Hedy) -> None:
    """The bars are the words of the speakers, the most first; those beyond ``n`` are one bar."""
    sessions = demo.sessions(limit=40, details=True)
    counts = sessions.hedy.speakers()
    axes = plot_speakers(sessions, n=5, zone=ZONE)

    widths = [bar.get_width() for bar in axes.patches]
    assert widths[:5] == counts["words"].head(5).tolist()
    assert sum(widths) == counts["words"].sum()
    assert [label.get_text() for label in axes.get_yticklabels()][5] == f"… {len(counts) - 5} more"


@pytest.mark.parametrize("by", ["session", "topic", "month"])
def test_shares_add_up(demo: hj.Hedy, by: str) -> None:
    """Each bar of shares is as long as the whole."""
    axes = plot_speakers(demo.sessions(limit=15, details=True), by, measure="share", zone=ZONE)

    ends = pd.Series({bar: bar.get_x() + bar.get_width() for bar in axes.patches})
    assert ends.groupby([round(bar.get_y(), 1) for bar in ends.index]).max().round(6).eq(1).all()


@pytest.mark.parametrize("options", [{"measure": "wrods"}, {"n": 0}, {"by": "weekday"}])
def test_what_speakers_cannot_be_drawn_by(options: dict[str, object]) -> None:
    """A word that is none of the options is an error that names it."""
    with pytest.raises(UsageError, match=str(next(iter(options.values())))):
        plot_speakers(frame("speakers", 2, HOSTILE), zone=ZONE, **options)


def test_without_matplotlib(demo: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without matplotlib one line says what to install."""
    for name in [name for name in sys.modules if name.startswith("matplotlib")]:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(UsageError, match="matplotlib") as caught:
        demo.sessions().hedy.plot_heatmap()

    assert "pip install matplotlib" in caught.value.advice


@pytest.mark.parametrize("plot", PLOTS)
def test_what_no_plot_takes(plot: str) -> None:
    """Axes and topics of a wrong type are an error of one sentence, not one of Python."""
    given = frame(plot, 20, HOSTILE)
    refused: list[tuple[dict[str, object], str]] = [
        ({"ax": 3}, "ax must be one matplotlib Axes, not int."),
        ({"ax": [1, 2]}, "ax must be one matplotlib Axes, not list."),
        ({"topics": 3}, "topics cannot be 3."),
        ({"topics": [None]}, "topics cannot be None."),
        ({"topics": ["(no topic)", 2.5]}, "topics cannot be 2.5."),
    ]
    for options, told in refused:
        with pytest.raises(UsageError) as caught:
            PLOTS[plot](given, zone=ZONE, **options)

        assert caught.value.message == told


def test_topics_that_are_there(demo: hj.Hedy) -> None:
    """A topic that does not occur lists up to ten that do, and says how many more there are."""
    sessions = demo.sessions(limit=None)
    names = sessions["topic_name"].dropna().unique()
    with pytest.raises(UsageError) as caught:
        plots.load(sessions, topics=["Qqq"], zone=ZONE)
    assert all(name in str(caught.value.advice) for name in names)

    with pytest.raises(UsageError, match="Qqq") as caught:
        plots.load(frame("load", 40, MANY[:15]), topics=["Qqq"], zone=ZONE)
    assert str(caught.value.advice).count("The topic number") == 10
    assert " more." in str(caught.value.advice)


def test_one_topic(demo: hj.Hedy) -> None:
    """The hours of one topic are in its colour, and titles name the topics that are drawn."""
    sessions, own = demo.sessions(limit=None), own_colors(demo.topics())
    axes = plots.load(sessions, topics=["coaching"], colors=own, zone=ZONE)
    expected = sessions[sessions["topic_name"].eq("Coaching")]

    assert axes.get_title() == "Hours of meetings per week: Coaching"
    assert {colors.to_hex(bar.get_facecolor()) for bar in axes.patches} == {own[expected["topic_id"].iloc[0]].lower()}
    assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(expected["duration_min"].sum() / 60)
    assert plots.heatmap(sessions, topics="Coaching", zone=ZONE).get_title() == "Hours of meetings a day: Coaching"
    both = plots.load(sessions, topics=["Coaching", "Hiring"], zone=ZONE).get_title()
    assert sorted(both.removeprefix("Hours of meetings per week: ").split(", ")) == ["Coaching", "Hiring"]


@pytest.mark.parametrize("draw", [plots.load, plots.heatmap, plots.timeline])
def test_plots_name_their_zone(draw: Callable[..., Axes], demo: hj.Hedy) -> None:
    """Whose days they are is written beside an axis."""
    axes = draw(demo.sessions(), zone=ZoneInfo("Asia/Tokyo"))

    assert "Asia/Tokyo" in axes.get_xlabel() + axes.get_ylabel()


def test_meetings_that_cannot_be_drawn(demo: hj.Hedy) -> None:
    """A plot without anything to draw says what the meetings lack; some of them are counted in the title."""
    sessions = demo.sessions(limit=None)
    for draw in (plots.load, plots.heatmap):
        assert draw(sessions.assign(duration_min=float("nan")), zone=ZONE).texts[0].get_text() == (
            "154 meetings without a length"
        )
        partly = sessions.assign(duration_min=sessions["duration_min"].where(sessions.index > 2))
        assert draw(partly, zone=ZONE).get_title().endswith(" (3 without a length)")
    for draw in (plots.load, plots.heatmap, plots.timeline):
        undated = sessions.assign(start_time=pd.Series(pd.NaT, index=sessions.index, dtype="datetime64[us, UTC]"))
        assert draw(undated, zone=ZONE).texts[0].get_text() == "154 meetings without a start"


@pytest.mark.parametrize(
    ("shape", "size"), [((1, 1), (6.4, 4.8)), ((1, 2), (12, 5)), ((2, 1), (6.4, 4.8)), ((1, 2), (6.4, 4.8))], ids=str
)
@pytest.mark.parametrize("topics", [HOSTILE, MANY], ids=["hostile", "many"])
def test_legends_in_axes_without_a_layout(
    topics: Sequence[dict[str, str]], size: tuple[float, float], shape: tuple[int, int]
) -> None:
    """In a user's own axes a legend is inside the picture, and covers neither data nor other axes."""
    figure, every = plt.subplots(*shape, figsize=size, squeeze=False)
    for axes, plot in zip(every.flat, ["load by topic", "timeline"], strict=False):
        PLOTS[plot](frame(plot, 60, topics), zone=ZONE, ax=axes)
    figure.draw_without_rendering()

    legends = [axes.get_legend().get_window_extent() for axes in every.flat]
    for legend in legends:
        assert figure.bbox.x0 <= legend.x0 < legend.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= legend.y0 < legend.y1 <= figure.bbox.y1
        assert not any(legend.overlaps(axes.bbox) for axes in every.flat)
        assert sum(legend.overlaps(other) for other in legends) == 1
