"""The place in a text where a search has hit, as one short line.

FTS5 has a function for this, but it costs 0.5 ms a hit and needs the text in its own table.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence

from hedy_jupyter.archive.index import folded
from hedy_jupyter.archive.merging import Damaged
from hedy_jupyter.tables import texts

LENGTH = 160
"""About so many characters."""
_BEFORE = 50
_FIRST_BYTES = 8192
_OVERLAP = 1000  # characters of what was read already that are looked at again, for a hit across the border
_PIECE = 1000  # characters whose places are told apart one by one
_LETTER = re.compile(r"[^\W_]")


def pattern(phrases: Sequence[Sequence[str]], *, beginnings: bool = False) -> re.Pattern[str]:
    """What finds any of *phrases*, each as the tokens that the index has, in folded text; ``hits`` sees to the letter before.

    Args:
        beginnings: the last word may be the beginning of a longer one.
    """
    ordered = sorted(phrases, key=lambda tokens: -len("".join(tokens)))
    return re.compile("|".join(_phrase(tokens, beginnings) for tokens in ordered))


def _phrase(tokens: Sequence[str], beginnings: bool) -> str:
    body = r"[\W_]*".join(re.escape(token) for token in tokens)
    return body if beginnings or _stands_alone(tokens[-1][-1]) else f"{body}(?![^\\W_])"


def _stands_alone(character: str) -> bool:
    """Whether it is a word by itself, whatever stands beside it: a Chinese or Japanese character."""
    return unicodedata.east_asian_width(character) in "WF"


def hits(text: str, wanted: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Where *wanted* stands in folded *text*, not in the middle of a word."""
    for hit in wanted.finditer(text):
        start = hit.start()
        if start == 0 or _stands_alone(text[start]) or _stands_alone(text[start - 1]) or not _LETTER.match(text[start - 1]):
            yield hit


def found(text: str, wanted: re.Pattern[str]) -> tuple[int, int] | None:
    """Where in *text* a hit begins and ends, or None: the first one that is written as it was searched for, else the first of all."""
    return _as_written(text, wanted) or (None if text.isascii() else _folded(text, wanted))


def which(text: str, wanted: Sequence[re.Pattern[str]]) -> frozenset[int]:
    """The numbers of those of *wanted* that occur in *text*."""
    seen = _numbers(text.lower(), wanted)
    return seen if len(seen) == len(wanted) or text.isascii() else seen | _numbers(folded(text), wanted)


def _numbers(text: str, wanted: Sequence[re.Pattern[str]]) -> frozenset[int]:
    return frozenset(number for number, one in enumerate(wanted) if any(hits(text, one)))


def _as_written(text: str, wanted: re.Pattern[str], begin: int = 0) -> tuple[int, int] | None:
    lower = text[begin:].lower()
    if len(lower) != len(text) - begin:
        return None
    hit = next((hit for hit in hits(lower, wanted) if hit.start() > 0 or not begin), None)  # at the cut nobody knows the letter before
    return hit and (begin + hit.start(), begin + hit.end())


def _folded(text: str, wanted: re.Pattern[str]) -> tuple[int, int] | None:
    hit = next(hits(folded(text), wanted), None)
    return hit and (_place(text, hit.start()), _place(text, hit.end() - 1) + 1)


def _place(text: str, wanted: int) -> int:
    """Where in *text* the character stands that is at *wanted* in the folded text."""
    passed = 0
    for start in range(0, len(text), _PIECE):
        piece = text[start : start + _PIECE]
        length = len(folded(piece))
        if passed + length > wanted:
            for place, character in enumerate(piece, start):
                passed += len(folded(character))
                if passed > wanted:
                    return place
        passed = passed + length if passed <= wanted else passed
    return len(text) - 1


def found_packed(body: bytes, wanted: re.Pattern[str]) -> tuple[str, tuple[int, int]] | None:
    """A hit in a compressed text, with as much of the text as had to be read for it.

    Raises:
        Damaged: the file is.
    """
    try:
        return _found_packed(body, wanted)
    except (zlib.error, TypeError):
        raise Damaged("it is damaged") from None


def _found_packed(body: bytes, wanted: re.Pattern[str]) -> tuple[str, tuple[int, int]] | None:
    reader, decoder = zlib.decompressobj(), codecs.getincrementaldecoder("utf-8")("replace")
    text, rest, size = "", body, _FIRST_BYTES
    while True:
        begin = max(0, len(text) - _OVERLAP)
        content = reader.decompress(rest, size)
        rest = reader.unconsumed_tail
        if not rest and not reader.eof:
            raise Damaged("it is damaged")  # it ends before its end
        text += decoder.decode(content, final=not rest)
        hit = _as_written(text, wanted, begin)
        if hit and (not rest or hit[1] + LENGTH < len(text)):
            return text, hit
        if not rest:
            hit = found(text, wanted)
            return hit and (text, hit)
        size *= 2


def around(text: str, hit: tuple[int, int]) -> str:
    """About 160 characters of *text* round *hit*, in one line, cut between words."""
    start = max(0, min(hit[0] - _BEFORE, len(text) - LENGTH))
    end = min(len(text), max(hit[1], start + LENGTH))
    before, after = text[start : hit[0]], text[hit[1] : end]
    if start > 0:
        before = "…" + (before.split(maxsplit=1)[-1] if re.search(r"\s\S", before) else before)
    if end < len(text):
        after = (after.rsplit(maxsplit=1)[0] if re.search(r"\S\s", after) else after) + "…"
    return texts.one_line(before + text[hit[0] : hit[1]] + after)
