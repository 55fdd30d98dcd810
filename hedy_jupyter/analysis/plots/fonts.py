"""Fonts of labels: those installed ones that have the characters of other people's names, whatever the script.

The fonts are chosen for each plot by the characters that they really have. What none has is drawn as a box, and
``advice`` says which package brings a font. matplotlib's settings stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hedy_jupyter.text.clean import is_invisible
from hedy_jupyter.text.script_ranges import CJK, HANGUL, JAMO

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

_PREFERRED = (
    *("Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans SC", "Noto Sans KR", "Source Han Sans"),
    *("Hiragino Sans", "PingFang SC", "Apple SD Gothic Neo", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic"),
    *("IPAexGothic", "WenQuanYi Zen Hei", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Thai", "Segoe UI"),
)
"""Families that look right beside matplotlib's own; others come after them, in the order of their names."""
_LAST_RESORT = "Last Resort High-Efficiency"  # comes with matplotlib; has a box for each character that exists
_NO_TEXT_FONTS = re.compile(r"last ?resort|adobe ?blank|cm[a-z]{1,2}10$|stix(size|nonuni)", re.IGNORECASE)
"""Families whose glyphs are boxes, nothing, or parts of formulas."""
_PACKAGES = (
    (re.compile(f"[{CJK}{HANGUL}{JAMO}\u3000-\u303f\uff00-\uffef]"), "Chinese, Japanese or Korean", "fonts-noto-cjk"),
    (re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]"), "emoji or other symbols", "fonts-symbola"),
    (re.compile("."), "", "fonts-noto-core"),
)
"""What the characters are → how to call them, else by their script, and the Debian package with a font for them."""


def draw_literally(labels: Iterable[Text]) -> None:
    """Draw *labels* without mathematics, in the fonts of the style in use and then in those that have the rest."""
    from matplotlib import font_manager, rcParams

    labels = list(labels)
    families, _ = _chosen(_characters(labels))
    known = {font.name for font in font_manager.fontManager.ttflist}
    last = [_LAST_RESORT] if _LAST_RESORT in known else []
    for label in labels:
        label.set_parse_math(False)
        label.set_fontfamily([*rcParams["font.family"], *families, *last])


def lacking(axes: Axes) -> dict[str, str]:
    """Return what the characters of *axes* that no installed font has are called → the Debian package with a font."""
    texts = [*axes.get_xticklabels(), *axes.get_yticklabels()]
    if (legend := axes.get_legend()) is not None:
        texts += legend.get_texts()
    _, missing = _chosen(_characters(texts))
    found = dict[str, str]()
    for character in sorted(missing):
        name, package = next(row[1:] for row in _PACKAGES if row[0].match(character))
        found[name or unicodedata.name(character, "unknown").split()[0].capitalize()] = package
    return found


def advice(lacking: Mapping[str, str]) -> str:
    """Return in one line what is drawn as boxes, and what to install."""
    packages = " ".join(dict.fromkeys(lacking.values()))
    return (
        f"No installed font has these characters: {'; '.join(lacking)}. Boxes are drawn in their place. "
        f"Install a font (Debian, Ubuntu: apt install {packages}) and restart the kernel."
    )


def _characters(labels: Iterable[Text]) -> frozenset[str]:
    """Return the characters of *labels* that a font has to have."""
    text = "".join(label.get_text() for label in labels)
    return frozenset(one for one in set(text) if not one.isspace() and not is_invisible(one))


def _chosen(characters: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the families that have what the style's fonts lack of *characters*, and what no font has."""
    from matplotlib import rcParams

    base = tuple(rcParams["font.family"])
    families, missing = _search(characters, base, _installed())
    if missing and add_new_fonts():
        families, missing = _search(characters, base, _installed())
    return families, missing


@lru_cache(maxsize=256)
def _search(
    characters: frozenset[str], base: tuple[str, ...], installed: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, ...], frozenset[str]]:
    from matplotlib import font_manager

    left = characters
    for family in base:
        if left:
            left -= _drawn(font_manager.findfont(font_manager.FontProperties(family=[family])), left)
    families = list[str]()
    for family, path in installed:
        if not left:
            break
        if found := _drawn(path, left):
            families.append(family)
            left -= found
    return tuple(families), left


def _installed() -> tuple[tuple[str, str], ...]:
    """Return each installed family with a file of it: the preferred ones first, then those with an upright regular."""
    from matplotlib import font_manager

    ranks = {name: place for place, name in enumerate(_PREFERRED)}
    found = dict[str, tuple[tuple[int, bool, str], str]]()
    for font in font_manager.fontManager.ttflist:
        if not _NO_TEXT_FONTS.search(font.name):
            is_irregular = (font.weight, font.style) not in {
                (400, "normal"),
                ("normal", "normal"),
                ("regular", "normal"),
            }
            rank = (ranks.get(font.name, len(ranks)), is_irregular, font.name)
            found[font.name] = min((rank, font.fname), found.get(font.name, (rank, font.fname)))
    return tuple((rank[-1], path) for rank, path in sorted(found.values()))


def _drawn(path: str, characters: frozenset[str]) -> frozenset[str]:
    """Return those of *characters* that the font in the file *path* can draw."""
    codes = _codes(path)
    return frozenset(one for one in characters if ord(one) in codes)


@cache
def _codes(path: str) -> frozenset[int]:
    """Return the code points that the font file *path* has; none of a font of pictures, which is not drawn."""
    from matplotlib import font_manager

    try:
        font = font_manager.get_font(path)
        return frozenset(font.get_charmap()) if font.scalable else frozenset()
    except (OSError, RuntimeError):  # a file that is gone or damaged
        return frozenset()


@cache
def add_new_fonts() -> bool:
    """Add to matplotlib's list of fonts those installed since it was written, once; return whether there are any.

    Without that a new font would count only after matplotlib's cache is deleted.
    """
    from matplotlib import font_manager

    listed = {font.fname for font in font_manager.fontManager.ttflist}
    added = False
    for path in sorted(set(font_manager.findSystemFonts()) - listed):
        with suppress(OSError, RuntimeError, ValueError, KeyError):  # a file that matplotlib cannot read
            font_manager.fontManager.addfont(path)
            added = True
    return added
