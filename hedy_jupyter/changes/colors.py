"""Colours as people write them: CSS names and three-digit forms, as the API's ``#RRGGBB``."""

from __future__ import annotations

import re
from functools import cache

_SIX_DIGITS = re.compile(r"#[0-9A-Fa-f]{6}")
_SINCE_CSS_4 = {"rebeccapurple": "#663399"}  # webcolors has the names of CSS 3


@cache
def names() -> tuple[str, ...]:
    """Return the colour names of CSS: ``aliceblue`` … ``yellowgreen``."""
    import webcolors  # its tables are for colours that were typed

    return (*webcolors.names(), *_SINCE_CSS_4)


def is_hex(text: str) -> bool:
    """Return whether *text* is of the form ``#RRGGBB``."""
    return bool(_SIX_DIGITS.fullmatch(text))


def to_hex(text: str) -> str | None:
    """Return a CSS name (``teal``), ``#RGB`` or ``#RRGGBB`` as ``#RRGGBB``; None where *text* is no colour."""
    text = text.strip()
    if is_hex(text):
        return text
    if text.casefold() in _SINCE_CSS_4:
        return _SINCE_CSS_4[text.casefold()]
    import webcolors  # its tables are for colours that were typed

    try:
        return str(webcolors.normalize_hex(text) if text.startswith("#") else webcolors.name_to_hex(text))
    except ValueError:
        return None
