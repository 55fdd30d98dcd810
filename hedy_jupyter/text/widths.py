"""Columns that text takes in a terminal, and lines of at most so many of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcwidth import wcswidth, wcwidth

_CLOSING = frozenset(
    "。、，．！？：；）］｝」』】〉》”’・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)  # never first in a line
_PIECE = re.compile(r"\s+|\S+")


def width_of(text: str) -> int:
    """Return how many columns of a terminal *text* takes; a Chinese or Japanese character takes two."""
    if text.isascii():
        return len(text)
    width = wcswidth(text)
    return width if width >= 0 else sum(max(wcwidth(character), 0) for character in text)


def wrap(text: str, width: int) -> list[str]:
    """Return *text* in lines of at most *width* columns, broken between words, else inside of one; at least one line."""
    lines, line = [], ""
    for piece in _pieces(text.strip(), max(width, 2)):
        if width_of(line + piece.rstrip()) <= max(width, 2):
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
    return [*lines, line.rstrip()]


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield words and blanks; a word wider than *width*, or written without blanks, character by character."""
    for piece in _PIECE.findall(text):
        if width_of(piece) <= width and width_of(piece) < 1.5 * len(piece):
            yield piece
            continue
        part = ""
        for character in piece:
            if part and width_of(part + character) > 2 and wcwidth(character) > 0 and character not in _CLOSING:
                yield part
                part = ""
            part += character
        yield part
