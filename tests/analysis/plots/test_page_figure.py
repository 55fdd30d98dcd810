"""A plot as HTML: in the text colour of its page, whatever the names in it, and a picture where HTML is cleaned."""

from __future__ import annotations

import base64
import io
import pickle
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib.figure import Figure
from nbconvert import HTMLExporter, MarkdownExporter
from PIL import Image
from traitlets.config import Config

from hedy_jupyter.analysis.plots import meetings as plots
from hedy_jupyter.analysis.plots.page_figure import PageFigure
from hedy_jupyter.frames.build import build

ZONE = ZoneInfo("Europe/Berlin")
EVIL = "--><script>alert(1)</script> \"' onload=alert(1) $x^2$ & more"


@pytest.fixture(autouse=True)
def agg() -> Iterator[None]:
    """No screen, and no figure left over."""
    mpl.use("Agg")
    yield
    plt.close("all")


def sessions(number: int = 3, name: str = "Harbour", color: str = "#0F6E84") -> pd.DataFrame:
    """Meetings of one topic, a day each."""
    topic = {"id": "t", "name": name}
    days = pd.date_range("2026-03-01T10:00:00Z", periods=number, freq="D")
    records = [
        {"sessionId": f"s{place}", "startTime": day.isoformat(), "duration": 30, "topic": topic}
        for place, day in enumerate(days)
    ]
    return build("sessions", records).assign(color=color)


def shown(frame: pd.DataFrame) -> str:
    """The HTML of a plot of *frame*."""
    html = plots.load(frame, by="topic", zone=ZONE).figure._repr_html_()  # type: ignore[union-attr]
    assert isinstance(html, str)
    return html


def test_the_ink_is_that_of_the_page() -> None:
    """Texts and lines have the page's colour, bars that of their topic, and nothing covers the page's background."""
    html = shown(sessions())

    colors = {value.lower() for value in re.findall(r"\b(?:fill|stroke):([^;']+)", html)}
    assert "currentcolor" in colors
    assert "#0f6e84" in colors
    assert not colors & {"#000000", "#ffffff", "black", "white"}
    assert html.count("<g fill='currentColor'>") > 8  # title, days, axes, legend, ticks
    assert 'aria-label="Hours of meetings per week"' in html


def test_nothing_of_it_reaches_the_page() -> None:
    """No style but that of the hidden picture, no comment, and names of no element that another plot could have."""
    html = shown(sessions())

    assert re.findall(r"<style>(.*?)</style>", html) == [".hedy-plot>svg~img{display:none}"]
    assert "<!--" not in html
    assert "<metadata" not in html
    assert not re.search(r"<g[^>]* id=", html)
    assert "mathjax_ignore" in html.split(">")[0]


def test_two_plots_share_no_name() -> None:
    """What has a name is looked up in the whole page."""
    frame = pd.concat([sessions(), sessions().assign(topic_id="u", topic_name="Like Harbour")], ignore_index=True)
    first, second = shown(frame), shown(frame)
    one, other = (set(re.findall(r" id='([^']+)'", html)) for html in (first, second))

    assert "<pattern id=" in first
    assert len(one) == len(other) > 20
    assert not one & other


@pytest.mark.parametrize("name", [EVIL, "]]>", "<g id=\"text_1\" onclick='x'>"])
def test_names_stay_text(name: str) -> None:
    """What a topic is called is drawn, and is never a tag or an attribute."""
    axes = plots.load(sessions(name=name), by="topic", topics=[name], zone=ZONE)
    axes.set_title(name)
    html = axes.figure._repr_html_()  # type: ignore[union-attr]

    assert isinstance(html, str)
    tags = {found.split()[0] for found in re.findall(r"<([a-z][^>]*)", html)}
    assert tags <= {"div", "style", "svg", "g", "path", "use", "defs", "clipPath", "rect", "pattern", "img"}
    assert not re.search(r"\son\w+=", re.sub(r"\"[^\"]*\"|'[^']*'", "", html))


def test_without_svg_there_is_a_picture() -> None:
    """A notebook that is not trusted drops the tags of SVG and the style; what is left is a picture, and no text."""
    html = shown(sessions())
    left = re.sub(r"<style>.*?</style>|<(?!img)[^>]*>", "", html)

    found = re.fullmatch(r'\s*<img alt="Hours of meetings per week" src="data:image/webp;base64,([^"]+)">\s*', left)
    assert found
    picture = Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGB")
    assert picture.getpixel((2, 2)) == (255, 255, 255)


def test_notebooks_get_html_beside_what_they_had() -> None:
    """IPython finds the HTML; files are white with black text as before."""
    figure = plots.timeline(sessions(), zone=ZONE).figure
    target = io.BytesIO()
    figure.savefig(target)  # type: ignore[union-attr]

    data, _ = DisplayFormatter().format(figure)
    assert data["text/html"].startswith('<div class="hedy-plot')
    assert Image.open(target).convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    assert figure.get_facecolor() == (1, 1, 1, 1)  # type: ignore[union-attr]


def test_nbconvert_has_the_form_that_fits() -> None:
    """A page in HTML has the SVG, also in the dark theme, and Markdown that prefers PNG has a file."""
    data, _ = DisplayFormatter().format(plots.load(sessions(), by="topic", zone=ZONE).figure)
    data["image/png"] = base64.b64encode(b"picture").decode()  # which IPython adds once matplotlib is set up
    output = nbformat.v4.new_output("display_data", data=data)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("plot", outputs=[output])])
    first = Config({"NbConvertBase": {"display_data_priority": ["text/markdown", "image/png", "text/plain"]}})

    page, _ = HTMLExporter(theme="dark").from_notebook_node(book)
    text, resources = MarkdownExporter(config=first).from_notebook_node(book)

    assert "currentColor" in page
    assert "<svg" not in text
    assert [*resources["outputs"].values()] == [b"picture"]


@pytest.mark.parametrize("style", ["dark_background", "ggplot", {"text.color": "#333333"}], ids=str)
def test_other_styles_are_shown_as_they_are(style: str | dict[str, str]) -> None:
    """Whoever chose colours gets them."""
    with plt.style.context(style):
        figure = plots.timeline(sessions(), zone=ZONE).figure

        assert not isinstance(figure, PageFigure)


def test_a_background_that_is_set_later_is_kept() -> None:
    """A figure with a background is shown by matplotlib, as is one of a user's own."""
    figure = plots.timeline(sessions(), zone=ZONE).figure
    assert isinstance(figure, PageFigure)
    figure.set_facecolor("#ddeeff")
    own, axes = plt.subplots()
    plots.timeline(sessions(), zone=ZONE, ax=axes)

    assert figure._repr_html_() is None
    assert type(own) is Figure


def test_many_marks_are_a_picture_in_it() -> None:
    """Thousands of meetings do not make a notebook large, and the figure is as it was."""
    axes = plots.timeline(sessions(610), zone=ZONE)
    html = axes.figure._repr_html_()  # type: ignore[union-attr]

    assert isinstance(html, str)
    assert "<image" in html
    assert len(html) < 200_000
    assert axes.get_rasterization_zorder() is None
    assert "<image" not in shown(sessions(20))


def test_figures_can_be_pickled() -> None:
    """As those of matplotlib can."""
    figure = plots.timeline(sessions(), zone=ZONE).figure

    again = pickle.loads(pickle.dumps(figure))  # noqa: S301  it was written here

    assert isinstance(again, PageFigure)
    assert again.axes[0].get_title() == "3 meetings"
