"""Pieces of texts, as blanks separate them: texts repeat them, so what is read in one is kept for the next time.

Most of a text is then looked up, at the speed of a dictionary, and not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from itertools import compress, count
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_LONGEST = 40  # characters of a piece that may come back; in scripts without spaces a line is a piece
_MOST = 150_000  # more than a language has in 5,000 meetings: to read them all again takes a second


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

    def chosen(self, pieces: Collection[str]) -> set[str]:
        """Return those of different *pieces* of which *read* returns something that is true."""
        return set(compress(pieces, map(self.__getitem__, pieces)))


class PieceFinder:
    """Find the pieces of texts, between spaces and line ends, of which *is_wanted* returns true."""

    def __init__(self, is_wanted: Callable[[str], bool]) -> None:
        self._is_wanted = Pieces(is_wanted)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where each of them begins and ends in *text*."""
        pieces = text.replace("\n", " ").split(" ")
        wanted = self._is_wanted.chosen(set(pieces))
        start = before = 0
        for index in compress(count(), map(wanted.__contains__, pieces)) if wanted else ():
            start += sum(map(len, pieces[before:index])) + index - before
            yield start, start + len(pieces[index])
            before = index
