"""``PageFigure``: a figure that notebooks show in the text colour of their page, so that it is legible on dark ones.

It is HTML with an SVG inside, whose texts and lines are ``currentColor``: it needs no script and no style of the page,
and a change of the theme shows at once. Where a notebook is not trusted, tags of SVG are dropped: then the picture
after it, else hidden, is shown. Files, and front ends without HTML, get what matplotlib draws.
"""

from __future__ import annotations

import base64
import io
import itertools
import re
from collections.abc import Mapping
from typing import Any, cast

from matplotlib import rc_context, rcParams
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from hedy_jupyter.display.html_tags import Safe, escaped, tag

_INK, _PAPER = "#000000", "#ffffff"
_INKS = ("text.color", "axes.edgecolor", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color")
_PAPERS = ("figure.facecolor", "axes.facecolor")
_FALLBACK_DPI = 72
_MARKS_DPI = 150
_MOST_MARKS = 600  # of one plot; more are a picture inside the SVG, which would be large
_ABOVE_MARKS = 1.5  # bars are drawn below that level, lines and texts above it
_DROPPED = re.compile(r"<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>|<!--.*?-->", re.DOTALL)
_TEXTS, _GROUPS = re.compile(r'<g id="text_\d+"'), re.compile(r'<g id="[^"]*"')
_DIGITS = re.compile(r"([1-9]\d*\.\d)\d+")  # beyond a tenth of a point; a scale, which is below 1, keeps all
_SALTS = itertools.count(1)


def _is_default_style() -> bool:
    """Return whether the style in use is black on white, as matplotlib's default is."""
    values = cast("Mapping[str, Any]", rcParams)  # its keys are literals for type checkers
    inks, papers = ([values[name] for name in names] for names in (_INKS, _PAPERS))
    return all(one == "auto" or to_hex(one) == _INK for one in inks) and {*map(to_hex, papers)} == {_PAPER}


def figure_class() -> type[Figure]:
    """Return the class of a new figure: a user's own style is shown as it is."""
    return PageFigure if _is_default_style() else Figure


class PageFigure(Figure):
    """A figure in matplotlib's default style, which has the colours of the page where it is shown as HTML."""

    def _repr_html_(self) -> str | None:
        """Return the figure as HTML, or what matplotlib gives where its background is no longer white."""
        grounds = [self.get_facecolor(), *(axes.get_facecolor() for axes in self.axes)]
        if not self.axes or any(to_hex(ground) != _PAPER for ground in grounds):
            return super()._repr_html_()
        name = "; ".join(filter(None, (" ".join(axes.get_title().split()) for axes in self.axes))) or "plot"
        return tag(
            "div",
            tag("style", Safe(".hedy-plot>svg~img{display:none}")),
            self._svg(name),
            Safe(f'<img alt="{escaped(name)}" src="data:image/png;base64,{self._png()}">'),
            class_="hedy-plot mathjax_ignore tex2jax_ignore",
        )

    def _png(self) -> str:
        """Return the picture for notebooks that are not trusted."""
        target = io.BytesIO()
        self.savefig(target, format="png", dpi=_FALLBACK_DPI, bbox_inches="tight")
        return base64.b64encode(target.getvalue()).decode()

    def _svg(self, name: str) -> Safe:
        """Return the SVG with a transparent background, called *name* for screen readers."""
        target = io.StringIO()
        levels = [(axes, axes.get_rasterization_zorder()) for axes in self.axes if len(axes.patches) > _MOST_MARKS]
        for axes, _ in levels:
            axes.set_rasterization_zorder(_ABOVE_MARKS)
        try:
            # Patterns are looked up by their names in the whole page, so those of two plots must differ.
            with rc_context({"svg.hashsalt": f"hedy {next(_SALTS)}", "svg.fonttype": "path"}):
                self.savefig(target, format="svg", dpi=_MARKS_DPI, bbox_inches="tight", transparent=True)
        finally:
            for axes, level in levels:
                axes.set_rasterization_zorder(level)
        return _for_pages(target.getvalue(), name)


def _for_pages(svg: str, name: str) -> Safe:
    """Return *svg* of matplotlib as a part of a page: black is the page's colour, and nothing acts on the page."""
    head, body = _DROPPED.sub("", svg[svg.index("<svg") :]).split(">", 1)
    size: Any = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    body = _TEXTS.sub('<g fill="currentColor"', body).replace(f"stroke: {_INK}", "stroke: currentColor")
    body = _DIGITS.sub(r"\1", _GROUPS.sub("<g", body)).replace("base64,\n", "base64,")
    style = f"width:{float(size[1]) / 72:.2f}in;max-width:100%;height:auto;stroke-linejoin:round;stroke-linecap:butt"
    start = f'<svg role="img" aria-label="{escaped(name)}" viewBox="{size[0][9:-1]}" style="{style}">'
    return Safe(start + re.sub(r"\s*\n\s*", " ", body).strip())
