"""Colours of topics: the same everywhere, legible on any page, and told apart where two look alike."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hedy_jupyter.analysis.plots.colors import GREY, Style, color_of, contrast, own_colors, styles
from hedy_jupyter.frames.build import build

PAGES = ("#FFFFFF", "#111111")


def test_own_colours() -> None:
    """Colours are normalised; what is no colour is left out."""
    records = [
        {"id": "a", "color": "#12ab9F"},
        {"id": "b", "color": "red"},
        {"id": "c"},
        {"id": "d", "color": " #abc "},
        {"id": "e", "color": "00ff00"},
        {"id": "f", "color": "#12345"},
    ]

    assert own_colors(build("topics", records)) == {"a": "#12AB9F", "d": "#AABBCC", "e": "#00FF00"}


@pytest.mark.parametrize("given", ["#000000", "#FFFFFF", "#AA3311", "#111111", "#FFFF00"])
def test_an_own_colour_stays(given: str) -> None:
    """It is drawn as it is; what a page would swallow has an outline that is visible on every page."""
    (style,) = styles(["t"], {"t": given}).values()
    bars = style.bar_arguments()

    assert bars["color"] == given
    is_lost = min(contrast(given, page) for page in PAGES) < 1.6
    assert ("edgecolor" in bars and bars["linewidth"] > 0) == is_lost
    assert all(contrast(bars.get("edgecolor", given), page) > 1.6 for page in PAGES)


def test_computed_colours_are_visible_and_differ() -> None:
    """Every colour that follows from an id is visible on white and on black, and hardly two are the same."""
    found = [color_of(f"topic_{place}") for place in range(500)]

    assert min(contrast(color, page) for color in found for page in PAGES) >= 3
    assert len(set(found)) > 490


@pytest.mark.outside
def test_another_process_has_the_same_colours() -> None:
    """The colour follows from the id alone."""
    code = "from hedy_jupyter.analysis.plots.colors import color_of; print(color_of('topic_ä'))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.strip() == color_of("topic_ä")


def test_equal_colours_are_hatched() -> None:
    """Topics of one colour keep it and differ in their patterns, in the order of their ids."""
    found = styles(["c", "a", "b"], {"a": "#AA3311", "b": "#AA3311", "c": "#AA3312"})
    grey = styles(["a"], {"a": GREY})

    assert [found[key].color for key in "abc"] == ["#AA3311", "#AA3311", "#AA3312"]
    assert found["a"].hatch == ""
    assert len({found[key].hatch for key in "abc"}) == 3
    assert grey["a"].hatch
    assert styles(["c", "a", "b"], {}) == styles(["b", "c", "a"], {})


def test_an_own_colour_is_plain_before_a_computed_one() -> None:
    """Where a computed colour is like an own one, the topic without a colour gets the pattern."""
    own = color_of("a")

    assert styles(["a", "z"], {"z": own}) == {"z": Style(own), "a": Style(own, "///")}


@pytest.mark.parametrize("color", ["#000000", "#FFFFFF", "#8899AA"])
def test_patterns_are_visible(color: str) -> None:
    """The lines of a pattern differ from what is below them."""
    assert contrast(Style(color, "///").bar_arguments()["edgecolor"], color) > 2
