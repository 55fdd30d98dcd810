"""Clean text of characters that do harm where it is shown: control characters, terminal escapes, surrogates.

The constants are inner parts of a character class of ``re``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from types import NoneType
from typing import TypeGuard

CONTROLS = r"\x00-\x1f\x7f-\x9f"
DIRECTION_OVERRIDES = "\u202a-\u202e\u2066-\u2069"
"""Characters that turn the direction of all text behind them."""
DIRECTION_MARKS = "\u061c\u200e\u200f"
SURROGATES = "\ud800-\udfff"
INVISIBLE = f"\u00ad\u034f{DIRECTION_MARKS}\u180b-\u180f\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff"
"""Characters without width that prose may hold: soft hyphens, joiners, variation selectors, marks of direction."""

_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that show nothing, although Unicode does not count them among the invisible ones."""
_ESCAPE_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|\x1b[\]P_^X][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # window titles, links, clipboard; only where they are closed
    r"|\x1b[ -/]*[0-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS_IN_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CHANGED_IN_LINES = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{SURROGATES}]")
"""The characters without which a text is its own ``lines``."""
_DIRECTION_OVERRIDES = re.compile(f"[{DIRECTION_OVERRIDES}]")
_SEPARATING = re.compile(rf"[{CONTROLS}{DIRECTION_OVERRIDES}]")
_OBEYED = re.compile(rf"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029{DIRECTION_MARKS}{DIRECTION_OVERRIDES}{SURROGATES}]")
_SURROGATES = re.compile(f"[{SURROGATES}]")
_TEXT_OR_NONE = frozenset({str, NoneType})
_JOINED = 200
"""How many texts are looked at together."""


def lines(text: str) -> str:
    """Return *text* for a document: each line break is a newline, without terminal escapes and control characters.

    Tabs stay; lone surrogates become U+FFFD.
    """
    if text.replace("\n", "").isprintable() or not _CHANGED_IN_LINES.search(text):
        return text
    plain = _CONTROLS_IN_LINES.sub("", _LINE_BREAKS.sub("\n", _ESCAPE_SEQUENCES.sub("", text)))
    return without_surrogates(plain)


def printable(text: str) -> str:
    """Return *text* for a terminal: its ``lines`` without the characters that turn the direction of what follows."""
    return _DIRECTION_OVERRIDES.sub("", lines(text))


def one_line(text: str, *, keep_words: bool = False) -> str:
    """Return *text* for a terminal in one line, with single spaces.

    With *keep_words* the words stay those that a search finds: each control character becomes a space, and what is
    left of a terminal escape stays.
    """
    plain = without_surrogates(_SEPARATING.sub(" ", text)) if keep_words else printable(text)
    return " ".join(plain.split())


def visible(text: str) -> str:
    """Return *text* with U+FFFD for each character that a terminal would obey or that changes the direction.

    Newlines stay. No character is left out, so that the columns of a table stay aligned.
    """
    return _OBEYED.sub("\ufffd", text)


def without_surrogates(text: str) -> str:
    """Return *text* with U+FFFD for each lone surrogate: neither UTF-8 nor Arrow can hold those.

    Control characters stay.
    """
    return _SURROGATES.sub("\ufffd", text) if has_surrogates(text) else text


def has_surrogates(text: str) -> bool:
    """Return whether *text* has a lone surrogate, which cannot be encoded in UTF-8; faster than a search."""
    try:
        return not text.isascii() and not text.encode()
    except UnicodeEncodeError:
        return True


def are_texts(values: Sequence[object]) -> TypeGuard[Sequence[str | None]]:
    """Return whether each of *values* is text without a lone surrogate, or None."""
    if not _TEXT_OR_NONE.issuperset(map(type, values)):
        return False
    parts = range(0, len(values), _JOINED)  # long texts are not joined to one as large as all of them
    return not any(has_surrogates("".join(filter(None, values[start : start + _JOINED]))) for start in parts)  # type: ignore[arg-type]  # the check above


def is_format(character: str) -> bool:
    """Return whether *character* only changes how others are shown: joiners, marks and overrides of direction."""
    return unicodedata.category(character) == "Cf"


def is_invisible(character: str) -> bool:
    """Return whether *character* shows nothing and is no white space."""
    category = unicodedata.category(character)
    is_mark = category == "Mn" and not unicodedata.combining(character)  # variation selectors among them
    return category == "Cf" or is_mark or character in _FILLERS or (category == "Cc" and not character.isspace())
