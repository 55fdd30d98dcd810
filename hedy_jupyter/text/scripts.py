"""Characters by script, as the inner part of a character class of ``re``."""

from __future__ import annotations

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HIRAGANA = "\u3041-\u309f"
# Scripts without spaces between words, and those that may have them anywhere.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
CJK = f"{HAN}{KATAKANA}{HIRAGANA}"
# Marks above and below letters are no letters to ``re``; without them words in Arabic, Hebrew and the scripts of India would be cut.
MARKS = r"\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
IN_WORD = rf"\w{MARKS}"


def is_cased(text: str) -> bool:
    """Return whether *text* has letters of a script with capitals."""
    return text.lower() != text.upper()
