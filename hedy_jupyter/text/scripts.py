"""Characters by script, as the inner part of a character class of ``re``."""

from __future__ import annotations

import unicodedata

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HIRAGANA = "\u3041-\u309f"
# Scripts without spaces between words, and those that may have them anywhere.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
CJK = f"{HAN}{KATAKANA}{HIRAGANA}"


def _marks() -> str:
    """Return the ranges of all characters that Unicode has as marks with or without width of their own, and the two joiners."""
    found: list[list[int]] = []
    for code in range(0x300, 0x1E950):  # the last block with marks of letters ends there
        if unicodedata.category(chr(code)) in {"Mn", "Mc"} or code in _JOINERS:
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)


_JOINERS = (0x200C, 0x200D)  # in words of Persian and of the scripts of India
# Marks above, below and beside letters are no letters to ``re``; without them words in Arabic, Hebrew, Thai and Hindi
# would be cut.
MARKS = _marks()
IN_WORD = rf"\w{MARKS}"


def is_cased(text: str) -> bool:
    """Return whether *text* has letters of a script with capitals."""
    return text.lower() != text.upper()
