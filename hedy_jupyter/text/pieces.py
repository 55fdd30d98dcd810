"""Pieces of texts, as blanks separate them: texts repeat them, so what is read in one is kept for the next time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_LONGEST = 40  # characters of a piece that may come back; in scripts without spaces a line is a piece
_MOST = 50_000


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


class PieceFinder:
    """Find the pieces of texts, between spaces and line ends, of which *is_wanted* returns true."""

    def __init__(self, is_wanted: Callable[[str], bool]) -> None:
        self._is_wanted = Pieces(is_wanted)
        self._others: set[str] = set()

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where each of them begins and ends in *text*."""
        pieces = text.replace("\n", " ").split(" ")
        new = set(pieces) - self._others
        wanted = {piece for piece in new if self._is_wanted[piece]}
        if len(self._others) >= _MOST:
            self._others.clear()
        self._others |= {piece for piece in new - wanted if len(piece) <= _LONGEST}
        start = 0
        for piece in pieces if wanted else ():
            end = start + len(piece)
            if piece in wanted:
                yield start, end
            start = end + 1
