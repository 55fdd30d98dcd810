"""Quotes, dashes and blanks as chats, word processors and East Asian keyboards write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

DASHES = "-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
"""Hyphens, dashes and minus signs, as the inner part of a character class of ``re``."""
INVISIBLE = frozenset("\u200b\u200e\u200f\u2060\ufeff")
"""Characters without a width, which copied text may begin or end with."""
CLOSING_QUOTES: Mapping[str, str] = MappingProxyType(
    {
        '"': '"”“',
        "'": "'’‘",
        "“": '”“"',
        "”": '”"',
        "„": '“”"',
        "«": "»",
        "»": "«»",
        "‘": "’‘'",
        "’": "’'",
        "‚": "‘’'",
        "‹": "›",
        "›": "‹›",
        "＂": "＂",
        "＇": "＇",
    }
)
"""Opening quote → what may close it."""
APOSTROPHES = frozenset("‘’‚＇")
"""Opening quotes that may also be an apostrophe at the start of a word."""

_DASH = re.compile(f"[{DASHES}]")
_KEYBOARD_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛‹›＇ʼ′`´", "'") | dict.fromkeys("“”„‟«»＂″", '"') | dict.fromkeys([*INVISIBLE, "\u00ad"], "")
)


def plain_marks(text: str) -> str:
    """Return *text* with hyphens and straight quotes for all their kinds, and without invisible characters."""
    return text if text.isascii() else _DASH.sub("-", text.translate(_KEYBOARD_MARKS))


def plain_form(word: str) -> str:
    """Return *word* in small letters of the usual width, with hyphens for dashes and underscores."""
    return _DASH.sub("-", unicodedata.normalize("NFKC", word)).casefold().replace("_", "-")
