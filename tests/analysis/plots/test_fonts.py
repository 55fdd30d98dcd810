"""Fonts: those that have the characters are found, whatever they are called, and what none has is told once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager

from hedy_jupyter.accessor import base
from hedy_jupyter.analysis.plots import fonts, meetings
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.timezones import UTC

YI = "ꀀꀁ"  # letters for which hardly a machine has a font
LAST = "Last Resort High-Efficiency"


def font(path: Path, family: str, characters: str) -> None:
    """Write a font of that name in which each of *characters* is a square."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"u{ord(one):X}" for one in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(one): f"u{ord(one):X}" for one in characters})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    builder.save(path)


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The fonts of matplotlib alone, and nothing told yet."""
    mpl.use("Agg")
    own = [one for one in font_manager.fontManager.ttflist if "mpl-data" in one.fname]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    monkeypatch.setattr(base, "REPORTED_SCRIPTS", set())
    fonts.add_new_fonts.cache_clear()
    yield
    fonts.add_new_fonts.cache_clear()
    plt.close("all")


def families(text: str) -> list[str]:
    """The families in which a label with *text* is drawn, after those of the style."""
    label = plt.figure().text(0, 0, text)
    fonts.draw_literally([label])
    return label.get_fontfamily()[len(mpl.rcParams["font.family"]) :]


def test_latin_needs_no_other_font() -> None:
    """Text that the style's font has is drawn in it."""
    assert families("Größe $5_x$") == [LAST]


def test_the_font_that_has_the_characters(tmp_path: Path) -> None:
    """A font counts by what it has, not by its name, and only as many fonts are taken as are needed."""
    font(tmp_path / "one.ttf", "Noto Sans CJK JP", "A")
    font(tmp_path / "two.ttf", "Zz Unheard Of", YI + "浜")
    font(tmp_path / "three.ttf", "Zzz Later", YI)
    for path in sorted(tmp_path.iterdir()):
        font_manager.fontManager.addfont(path)

    assert families(f"{YI} 浜") == ["Zz Unheard Of", LAST]
    assert families("abc") == [LAST]


def test_a_new_font_is_found_without_deleting_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts installed since matplotlib's list was written are added to it; a damaged file does not matter."""
    font(tmp_path / "new.ttf", "Newly Installed", YI)
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(path) for path in tmp_path.iterdir()])

    assert families(YI) == ["Newly Installed", LAST]


def test_what_no_font_has_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Boxes are drawn without matplotlib's warnings, and one line names the package; the name itself stays whole."""
    topic = {"id": "t", "name": "浜風 ไทย"}
    df = build("sessions", [{"sessionId": "s", "startTime": "2026-03-01T10:00:00Z", "duration": 30, "topic": topic}])

    for _ in range(2):
        axes = df.hedy.plot_timeline()
        axes.figure.canvas.draw()

    assert axes.get_legend().get_texts()[0].get_text() == "浜風 ไทย"
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "No installed font has these characters: Thai; Chinese, Japanese or Korean. Boxes are drawn in their place. "
        "Install a font (Debian, Ubuntu: apt install fonts-noto-core fonts-noto-cjk) and restart the kernel.\n"
    )


def test_nothing_is_told_where_a_font_has_all(capsys: pytest.CaptureFixture[str]) -> None:
    """Latin, Greek, Arabic and invisible characters are in the font that comes with matplotlib."""
    topic = {"id": "t", "name": "Größe Ω سلام\u200d\ufe0f"}
    df = build("sessions", [{"sessionId": "s", "startTime": "2026-03-01T10:00:00Z", "duration": 30, "topic": topic}])

    assert fonts.lacking(meetings.timeline(df, zone=UTC)) == {}
    df.hedy.plot_load(by="topic")
    assert capsys.readouterr().err == ""
