"""Other people's text without the characters that do harm wherever they are shown."""

from __future__ import annotations

import re

_ESCAPE_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|\x1b[\]P_^X][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # window titles, links, clipboard; only where they are closed
    r"|\x1b[ -/]*[0-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def lines(text: str) -> str:
    """*text* with its line ends as newlines, and without terminal sequences and control characters."""
    plain = _CONTROLS.sub("", _LINE_ENDS.sub("\n", _ESCAPE_SEQUENCES.sub("", text)))
    return _SURROGATES.sub("\ufffd", plain)


def one_line(text: str) -> str:
    """*text* in one line, as ``lines`` gives it and without the characters that turn the direction of what follows."""
    return " ".join(_BIDI_CONTROLS.sub("", lines(text)).split())


def visible(text: str) -> str:
    """Return *text* with U+FFFD for each character that a terminal would obey or that turns the direction.

    Line ends stay.

    No character is left out, so that the columns of a table stay aligned.
    """
    return _OBEYED.sub("\ufffd", text)


def length(text: str) -> str:
    """How long *text* is, in words; in characters where it is written without spaces."""
    words = len(text.split())
    return f"{len(text):,} characters" if len(text) > 15 * words else f"{words:,} word{'s' if words != 1 else ''}"


_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """*text* with lone surrogates replaced by U+FFFD; neither UTF-8 nor Arrow can hold them.

    Control characters stay.
    """
    return _SURROGATE.sub("\ufffd", text)
