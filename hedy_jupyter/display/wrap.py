"""Wrap text for terminals: ``wcwidth.wrap`` on pieces, for its time grows with the square of a run without blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import wcwidth

_PIECE = 300  # characters
_LONG_RUN = re.compile(rf"\S{{{2 * _PIECE},}}")


def wrap(text: str, width: int, indent: str = "", first: str | None = None) -> list[str]:
    """Return *text* in lines of at most *width* columns: at least one line.

    Args:
        text: one line, of any length.
        width: with the indent.
        indent: what each line begins with.
        first: what the first line begins with instead.
    """
    start = indent if first is None else first
    whole: list[str] = []
    last = ""
    for piece in _pieces(text):
        lines = wcwidth.wrap(last + piece, width, initial_indent=start, subsequent_indent=indent)
        if len(lines) > 1:
            start = indent
        whole += lines[:-1]
        last = lines[-1][len(start) :] if lines else ""
    return [*whole, start + last] if last else [start.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """Yield *text* cut inside of its long runs without blanks, and nowhere else."""
    begin = 0
    for run in _LONG_RUN.finditer(text):
        for cut in range(run.start() + _PIECE, run.end(), _PIECE):
            yield text[begin:cut]
            begin = cut
    yield text[begin:]
