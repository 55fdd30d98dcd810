"""Pieces of texts, as blanks separate them: texts repeat them, so what is read in one is kept for the next time.

Most of a text is then looked up, at the speed of a dictionary, and not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from itertools import compress, count
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_LONGEST = 40  # characters of a piece that may come back; in scripts without spaces a line is a piece
_MOST = 150_000  # more than a language has in 5,000 meetings: to read them all again takes a second
MOST_KNOWN = 400_000
"""How many pieces ``KnownTexts`` keeps; in scripts without spaces these are lines, and 100 MB."""


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


class KnownTexts:
    """Texts that were read once, and all their pieces; none where these would be too many to keep.

    Attributes:
        pieces: of all texts, between spaces and line ends.
    """

    def __init__(self) -> None:
        self.pieces: set[str] = set()
        self._hashes: set[int] = set()  # the texts themselves are long
        self._are_kept = True

    def add(self, texts: Iterable[str], pieces: Iterable[str]) -> None:
        """Add *texts* whose *pieces* are these, or were added before."""
        if self._are_kept:
            self._hashes.update(map(hash, texts))
            self.pieces.update(pieces)
        if len(self.pieces) > MOST_KNOWN:
            self._are_kept = False
            self._hashes.clear()
            self.pieces.clear()

    def __contains__(self, text: str) -> bool:
        return hash(text) in self._hashes


class PieceFinder:
    """Find the pieces of texts, between spaces and line ends, of which *is_wanted* returns something that is true.

    In *known* texts a look into a small set of the wanted ones is enough.
    """

    def __init__(self, is_wanted: Callable[[str], T], known: KnownTexts | None = None) -> None:
        self._is_wanted = Pieces(is_wanted)
        self._known = known or KnownTexts()
        self._wanted = self._is_wanted.chosen(self._known.pieces)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where each of them begins and ends in *text*."""
        pieces = text.replace("\n", " ").split(" ")
        wanted = self._wanted if text in self._known else self._is_wanted.chosen(set(pieces))
        start = before = 0
        for index in compress(count(), map(wanted.__contains__, pieces)) if wanted else ():
            start += sum(map(len, pieces[before:index])) + index - before
            yield start, start + len(pieces[index])
            before = index
