"""Colours of topics: one for each topic in every plot, and a pattern where two of one plot look alike.

A topic's own colour is drawn as the API gives it. Without one the colour is computed from the topic's id alone, so it
is the same for every frame, order, subset and process; it is visible on white and on black. Two topics whose colours
look alike keep them: the second one is hatched. What is too pale or too dark for a page gets a grey outline.
"""

from __future__ import annotations

import colorsys
import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

GREY = "#868C95"
"""The colour of what has no topic, and of the topics beyond those with a name."""
CYCLE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6BB1", "#B8A000")
"""Colours after Okabe and Ito, which people who see fewer of them tell apart too."""

_COLOR = re.compile(r"#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_LUMINANCES = (0.14, 0.28)  # from one to the other; all have a contrast of 3 or more with white and with #111
_SATURATIONS = (0.5, 0.85)
_HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo", "+++", "---")
_ALIKE = 0.06  # the distance in Oklab below which two colours side by side are taken for one
_OUTLINE = "#808080"
_LEAST_CONTRAST = 1.6
_PAGES = ("#FFFFFF", "#111111")


@dataclass(frozen=True)
class Style:
    """How the marks of one topic are drawn.

    Attributes:
        color: ``#RRGGBB``.
        hatch: matplotlib's pattern, empty for none.
    """

    color: str
    hatch: str = ""

    def bar_arguments(self) -> dict[str, Any]:
        """Return the arguments of matplotlib's ``bar`` and ``barh``."""
        if self.hatch:
            line = "#FFFFFF" if luminance(self.color) < 0.4 else "#333333"
            return {"color": self.color, "hatch": self.hatch, "edgecolor": line, "linewidth": 0}
        if min(contrast(self.color, page) for page in _PAGES) < _LEAST_CONTRAST:
            return {"color": self.color, "edgecolor": _OUTLINE, "linewidth": 0.8}
        return {"color": self.color, "linewidth": 0}


def own_colors(topics: pd.DataFrame) -> dict[str, str]:
    """Return topic id → ``#RRGGBB`` of a frame with ``topic_id`` and ``color``; topics without a colour are left out.

    ``#RGB``, small letters and a missing ``#`` are read too.
    """
    found = dict[str, str]()
    for ident, color in zip(topics["topic_id"], topics["color"], strict=True):
        normal = normalized(color)
        if isinstance(ident, str) and normal is not None:
            found[ident] = normal
    return found


def normalized(color: object) -> str | None:
    """Return *color* as ``#RRGGBB`` in capitals; None where it is no colour."""
    digits = _COLOR.fullmatch(color.strip()) if isinstance(color, str) else None
    if digits is None:
        return None
    text = digits[1].upper()
    return f"#{text}" if len(text) == 6 else "#" + "".join(2 * digit for digit in text)


def color_of(key: str) -> str:
    """Return the colour of a topic without one, or of a type: always the same for the same *key*."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    hue, bright, strong = (int.from_bytes(digest[place : place + 2]) / 0xFFFF for place in (0, 2, 4))
    target = _between(_LUMINANCES, bright)
    saturation = _between(_SATURATIONS, strong)
    low, high = 0.0, 1.0
    for _ in range(16):  # the lightness with the luminance that is looked for
        middle = (low + high) / 2
        if _luminance(colorsys.hls_to_rgb(hue, middle, saturation)) < target:
            low = middle
        else:
            high = middle
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in colorsys.hls_to_rgb(hue, low, saturation))


def styles(keys: Iterable[str], own: Mapping[str, str]) -> dict[str, Style]:
    """Return the style of each of *keys*, which are drawn side by side; *own* are the colours that topics have.

    Where two colours look alike, the topic with an own colour is plain, then the one whose id is first in order.
    """
    colors = {key: own.get(key) or color_of(key) for key in keys}
    taken = [(_oklab(GREY), _HATCHES[0])]
    found = dict[str, Style]()
    for key in sorted(colors, key=lambda key: (key not in own, key)):
        place = _oklab(colors[key])
        used = {hatch for other, hatch in taken if _distance(place, other) < _ALIKE}
        hatch = next((hatch for hatch in _HATCHES if hatch not in used), _HATCHES[len(used) % len(_HATCHES)])
        taken.append((place, hatch))
        found[key] = Style(colors[key], hatch)
    return found


def _between(ends: tuple[float, float], part: float) -> float:
    return ends[0] + part * (ends[1] - ends[0])


# Colours as numbers ----------------------------------------------------------


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, from 0 for black to 1 for white."""
    return _luminance(_channels(color))


def _channels(color: str) -> tuple[float, ...]:
    return tuple(int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))


def _linear(channels: Iterable[float]) -> tuple[float, ...]:
    return tuple(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)


def _luminance(channels: Iterable[float]) -> float:
    red, green, blue = _linear(channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab(color: str) -> tuple[float, float, float]:
    """Return *color* in Oklab, where equal distances look equally large."""
    red, green, blue = _linear(_channels(color))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _distance(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    return math.dist(one, other)
