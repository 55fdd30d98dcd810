"""Plots look as their committed pictures do, light and dark.

A picture that is to change is deleted, drawn by this test, looked at, and committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.testing.compare import compare_images

from hedy_jupyter.analysis.plots import meetings
from hedy_jupyter.analysis.plots.speakers import plot_speakers
from hedy_jupyter.analysis.plots.todos import burn_down, open_todos
from hedy_jupyter.frames.build import build

PICTURES = Path(__file__).parent / "pictures"
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 20, tzinfo=UTC)
DOTS_PER_INCH = 50
TOLERANCE = 3.0  # root mean square of the differences of the channels, which go up to 255

TOPICS = [
    {"id": "t1", "name": "Harbour"},
    {"id": "t2", "name": "Costs: $50 to $100"},
    {"id": "t3", "name": "_drafts_"},
    {"id": "t4", "name": "Größe, سلام, Ωmega"},
    {"id": "t5", "name": "A name that is much too long for any legend of a plot"},
    {"id": "t6", "name": "White"},
    {"id": "t7", "name": "Like Harbour"},
    None,
    *({"id": f"u{place}", "name": f"Small {place}"} for place in range(4)),
]
COLORS = {"t1": "#0F6E84", "t2": "#C2571A", "t6": "#FFFFFF", "t7": "#0F6E84"}
SAID = "\n".join(
    [
        *(f"{name}: {'word ' * count}" for name, count in [("Ada", 9), ("Bob", 6), ("Cy", 4), ("Dee", 3)]),
        *("Ada: Is it?", "Bob: Yes.", "Cy: No.", "Dee: Well."),
    ]
)


def _topic(place: int) -> dict[str, str] | None:
    """A topic; the first ones come more often than the last."""
    return TOPICS[place % 9 if place % 4 else place // 4 % len(TOPICS)]


def sessions() -> pd.DataFrame:
    """Sixty meetings of half a year, and one without a start."""
    records = [
        {
            "sessionId": f"s{place:02}",
            "title": f"Meeting {place}",
            "startTime": None
            if place == 59
            else f"2026-{1 + place // 10:02}-{1 + (place * 7) % 28:02}T{7 + place % 9:02}:00:00Z",
            "duration": 20 + 10 * (place % 6),
            "session_type": ["meeting", "lecture", None][place % 3],
            "topic": _topic(place),
            "cleaned_transcript": SAID,
        }
        for place in range(60)
    ]
    return build("sessions_detailed", records)


def todos() -> pd.DataFrame:
    """Two todos of each meeting, a third of them done three weeks later."""
    held = sessions()
    records = [
        {"id": f"d{place}", "text": "x", "completed": place % 3 == 0, "sessionId": f"s{place % 60:02}"}
        | {"topic": _topic(place % 60)}
        for place in range(120)
    ]
    starts = pd.concat([held["start_time"]] * 2, ignore_index=True)
    days = [None, *map(pd.Timestamp, ("2026-06-01", "2026-07-01", "2026-07-02"))]
    due = pd.Series(days * 30, dtype="datetime64[us]")
    done = (starts + pd.Timedelta(days=21)).where(pd.Series(range(120)) % 3 == 0)
    return build("todos", records).assign(start_time=starts, due_on=due, completed_at=done)


DRAWN: dict[str, Callable[[], Axes]] = {
    "timeline": lambda: meetings.timeline(sessions(), zone=ZONE, colors=COLORS),
    "heatmap": lambda: meetings.heatmap(sessions(), zone=ZONE),
    "load": lambda: meetings.load(sessions(), "M", by="topic", zone=ZONE, colors=COLORS),
    "load_narrow": lambda: meetings.load(sessions(), by="topic", zone=ZONE, colors=COLORS, figsize=(4.5, 4)),
    "open": lambda: open_todos(todos(), zone=ZONE, colors=COLORS, now=NOW),
    "burn_down": lambda: burn_down(todos(), zone=ZONE, now=NOW),
    "speakers": partial(plot_speakers, sessions(), n=2, zone=ZONE),
    "speakers_by_month": lambda: plot_speakers(sessions(), "month", measure="share", zone=ZONE),
}


@pytest.fixture
def style(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One of two styles of matplotlib, with the fonts that come with it."""
    mpl.use("Agg")
    own = [font for font in font_manager.fontManager.ttflist if "mpl-data" in font.fname]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)
    with plt.style.context(["default", *([] if request.param == "light" else ["dark_background"])]):
        yield request.param
    plt.close("all")


@pytest.mark.skipif(
    not mpl.__version__.startswith("3.11."), reason="other versions of matplotlib lay out text differently"
)
@pytest.mark.parametrize("style", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("name", DRAWN)
def test_picture(name: str, style: str, tmp_path: Path) -> None:
    """The plot is the committed picture, within a small tolerance."""
    expected, actual = PICTURES / f"{name}_{style}.png", tmp_path / "actual.png"

    DRAWN[name]().figure.savefig(actual, dpi=DOTS_PER_INCH, metadata={"Software": None})

    if not expected.exists():
        expected.write_bytes(actual.read_bytes())
        pytest.fail(f"{expected.name} is new: look at it and commit it.")
    assert compare_images(str(expected), str(actual), tol=TOLERANCE) is None


def test_a_difference_is_found(tmp_path: Path) -> None:
    """The tolerance is small enough to see one bar in another colour."""
    mpl.use("Agg")
    for number, color in enumerate(["#AA3311", "#11AA33"]):
        axes = meetings.load(sessions(), "M", by="topic", zone=ZONE, colors={**COLORS, "t3": color})
        axes.figure.savefig(tmp_path / f"{number}.png", dpi=DOTS_PER_INCH)
    plt.close("all")

    assert compare_images(str(tmp_path / "0.png"), str(tmp_path / "1.png"), tol=TOLERANCE) is not None
