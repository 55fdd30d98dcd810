"""Pieces of texts, as blanks separate them: texts repeat them, so what is read in one is kept for the next time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_LONGEST = 40  # characters of a piece that may come back; in scripts without spaces a line is a piece
_MOST = 200_000


class Pieces(dict[str, T]):
    """What *read* returns for pieces of text, by piece: ``map(pieces.__getitem__, text.split())``.

    That gives what *read* finds in the whole text where it never reads across a blank, and many times as fast.
    """

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, piece: str) -> T:
        found = self._read(piece)
        if len(piece) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = found
        return found
