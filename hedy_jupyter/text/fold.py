"""Compare names as people do: without case, accents, widths and runs of white space."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """*text* without case, accents, widths and runs of white space.

    Only the accents of the block U+0300 go: the marks that make a kana voiced, or syllables out of Hangul letters, are
    letters.
    """
    folded = (
        text.lower() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    )
    return " ".join((folded if folded.isascii() else unicodedata.normalize("NFC", folded)).split())
