"""Snippets: the place in a text where a search has hit, as one short line.

FTS5 has a function for this, but it costs 0.5 ms a hit and needs the text in its own table.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable
from functools import cached_property, lru_cache

from hedy_jupyter.archive import encoding
from hedy_jupyter.archive.encoding import CorruptArchive
from hedy_jupyter.archive.search_query import Term
from hedy_jupyter.text import fold, tokens
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.tokens import Span

LENGTH = 160
"""About so many characters."""
_BEFORE = 50
_KEPT = 100
"""So many texts of the last searches stay unpacked, in 10 MB of memory or so."""
_KEPT_BYTES = 65_536  # compressed; a longer text is not kept, and read only as far as needed
_FIRST_BYTES = 8192
_OVERLAP = 1000  # characters of what was read already that are looked at again, for a hit across the border


class Unpacked:
    """A text that is searched, with its forms for comparing, each made once.

    Attributes:
        text: as it was written.
        lower: in small letters; None where it has another length then.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        lower = text.lower()
        self.lower = lower if len(lower) == len(text) else None

    @cached_property
    def folded(self) -> str:
        """In the form in which words are compared."""
        return fold.search_form(self.text)

    def place(self, term: Term) -> Span | None:
        """Return where a hit begins and ends: the first written as searched for, else the first."""
        hit = None if self.lower is None else term.as_written(self.lower)
        if hit is None and (span := next(term.spans(self.folded), None)):
            hit = tokens.original(self.text, span)
        return hit


def found(text: str, term: Term) -> Span | None:
    """Return where in *text* a hit begins and ends: the first written as searched for, else the first."""
    return Unpacked(text).place(term)


def which(text: str, terms: Iterable[tuple[int, Term]]) -> frozenset[int]:
    """Return the numbers of those *terms* that occur in *text*."""
    read, seen = Unpacked(text), set[int]()
    for number, term in terms:
        if (read.lower is not None and term.as_written(read.lower)) or any(True for _ in term.spans(read.folded)):
            seen.add(number)
    return frozenset(seen)


def found_packed(body: bytes, term: Term) -> tuple[str, Span] | None:
    """Return a hit in a compressed text, with as much of the text as had to be read for it.

    Raises:
        CorruptArchive: the file is.
    """
    try:
        if len(body) > _KEPT_BYTES:
            return _found_packed(body, term)
        read = _unpacked(body)
        hit = read.place(term)
        return hit and (read.text, hit)
    except (zlib.error, TypeError):
        raise CorruptArchive from None


@lru_cache(maxsize=_KEPT)
def _unpacked(body: bytes) -> Unpacked:
    """Return the text in *body*; the next search often finds the same meetings, and unpacking is most of its work."""
    return Unpacked(encoding.unpacked(body))


def _found_packed(body: bytes, term: Term) -> tuple[str, Span] | None:
    reader, decoder = zlib.decompressobj(), codecs.getincrementaldecoder("utf-8")("replace")
    text, rest, size = "", body, _FIRST_BYTES
    while True:
        begin = max(0, len(text) - _OVERLAP)
        content = reader.decompress(rest, size)
        rest = reader.unconsumed_tail
        if not rest and not reader.eof:
            raise CorruptArchive  # it ends before its end
        text += decoder.decode(content, final=not rest)
        hit = _as_written(text, term, begin)
        if hit and (not rest or hit[1] + LENGTH < len(text)):
            return text, hit
        if not rest:
            hit = found(text, term)
            return hit and (text, hit)
        size *= 2


def _as_written(text: str, term: Term, begin: int) -> Span | None:
    begin = max(0, begin - 1)  # the letter before may show that this is inside a longer word
    lower = text[begin:].lower()
    if len(lower) != len(text) - begin:
        return None
    hit = term.as_written(lower, min(begin, 1))
    return hit and (begin + hit[0], begin + hit[1])


def around(text: str, hit: tuple[int, int]) -> str:
    """Return about 160 characters of *text* round *hit*, in one line, cut between words."""
    start = max(0, min(hit[0] - _BEFORE, len(text) - LENGTH))
    end = min(len(text), max(hit[1], start + LENGTH))
    before, after = text[start : hit[0]], text[hit[1] : end]
    if start > 0:
        before = "…" + (before.split(maxsplit=1)[-1] if re.search(r"\s\S", before) else before)
    if end < len(text):
        after = (after.rsplit(maxsplit=1)[0] if re.search(r"\S\s", after) else after) + "…"
    return one_line(before + text[hit[0] : hit[1]] + after, keep_words=True)
