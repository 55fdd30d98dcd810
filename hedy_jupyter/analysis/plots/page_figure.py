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
_AROUND_LETTERS, _AFTER_MARKS = re.compile(r" ?([A-Za-z]) ?"), re.compile(r"([:;]) ")
_UNSEEN = re.compile(r'<path d="[^"]*"(?: clip-path="[^"]*")? style="fill:none"/>')
_LONE_GROUP = re.compile(r"<g>(<path [^<]*/>)</g>")
_MOVED = re.compile(r'transform="translate\(([\d.]+) 0\)"(?=/>)')  # of one character, a use
_NAMED, _NAMES = re.compile(r'\bid="([^"]+)"'), re.compile(r'(\bid="|href="#|url\(#)([^")]+)')
_NUMBERS = itertools.count(1)


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
            Safe(f'<img alt="{escaped(name)}" src="data:image/webp;base64,{self._picture()}">'),
            class_="hedy-plot mathjax_ignore tex2jax_ignore",
        )

    def _picture(self) -> str:
        """Return the picture for notebooks that are not trusted, as WebP: a third of a PNG."""
        target = io.BytesIO()
        lossless: dict[str, object] = {"lossless": True}
        self.savefig(target, format="webp", dpi=_FALLBACK_DPI, bbox_inches="tight", pil_kwargs=lossless)
        return base64.b64encode(target.getvalue()).decode()

    def _svg(self, name: str) -> Safe:
        """Return the SVG with a transparent background, called *name* for screen readers."""
        target = io.StringIO()
        levels = [(axes, axes.get_rasterization_zorder()) for axes in self.axes if len(axes.patches) > _MOST_MARKS]
        for axes, _ in levels:
            axes.set_rasterization_zorder(_ABOVE_MARKS)
        try:
            with rc_context({"svg.hashsalt": "hedy", "svg.fonttype": "path"}):
                self.savefig(target, format="svg", dpi=_MARKS_DPI, bbox_inches="tight", transparent=True)
        finally:
            for axes, level in levels:
                axes.set_rasterization_zorder(level)
        # Patterns and characters are looked up by their names in the whole page, so those of two plots must differ.
        return _for_pages(target.getvalue(), name, f"hedy{next(_NUMBERS)}-")


def _for_pages(svg: str, name: str, prefix: str) -> Safe:
    """Return *svg* of matplotlib as a part of a page: black is the page's colour, and nothing acts on the page."""
    head, body = _DROPPED.sub("", svg[svg.index("<svg") :]).split(">", 1)
    size: Any = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    body = _TEXTS.sub('<g fill="currentColor"', body).replace(f"stroke: {_INK}", "stroke: currentColor")
    body = _shortened(_GROUPS.sub("<g", body), prefix)
    style = f"width:{float(size[1]) / 72:.2f}in;max-width:100%;height:auto;stroke-linejoin:round;stroke-linecap:butt"
    return Safe(f'<svg role="img" aria-label="{escaped(name)}" {size[0]} style="{style}">{body}')


def _shortened(body: str, prefix: str) -> str:
    """Return the same picture in fewer characters, since a notebook keeps it; its names begin with *prefix*."""
    body = _DIGITS.sub(r"\1", re.sub(r"\s*\n\s*", " ", body).replace("base64, ", "base64,"))
    body = re.sub(r' d="[^"]*"', lambda path: " d" + _AROUND_LETTERS.sub(r"\1", path[0][2:]).replace(' "', '"'), body)
    body = re.sub(r' style="[^"]*"', lambda style: _AFTER_MARKS.sub(r"\1", style[0]), body)
    body = _UNSEEN.sub("", body).replace("xlink:href", "href").replace("> <", "><")
    body = _MOVED.sub(r'x="\1"', _LONE_GROUP.sub(r"\1", body))
    short = {ident: f"{prefix}{place}" for place, ident in enumerate(dict.fromkeys(_NAMED.findall(body)))}
    body = _NAMES.sub(lambda found: found[1] + short[found[2]] if found[2] in short else found[0], body)
    return body.strip().replace('"', "'")  # which JSON need not escape
