"""Split text into words: the one definition for the archive's index, its queries and snippets, and ``df.hedy.search``.

A text is folded first (``fold.search_form``): case, accents, compatibility forms and invisible characters are removed,
and every other character outside ASCII that belongs to no word becomes a space. A word is then
either one Chinese or Japanese character with its voicing mark, or a run of other letters, digits and marks. So the
vowel marks of Hindi, Thai, Arabic and Hebrew are letters of their words, and a Latin word ends where a Chinese
character begins. Hangul, Thai and Lao words are what is between spaces or punctuation.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from hedy_jupyter.text.fold import DROPPED_IN_SEARCH, search_form
from hedy_jupyter.text.scripts import JAMO, SINGLE_CHARACTER_WORDS, VOICING_MARKS, marks

Span = tuple[int, int]


class Term(Protocol):
    """What is looked for in folded text."""

    def spans(self, folded: str) -> Iterator[Span]:
        """Yield where it occurs in *folded*."""


_ASCII_BORDERS = "\x00-/:-@\\[-`{-\x7f"
_ASCII_WORD = re.compile("[0-9a-z]+")
_PIECES = (1000, 30, 1)  # numbers of characters in which ``_cluster`` narrows down a place
_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')


class CharacterClasses(NamedTuple):
    """The patterns that only text outside ASCII needs.

    Attributes:
        word: one word of a folded text.
        inside: a character of a word that is not Chinese or Japanese.
        cjk: a Chinese or Japanese character.
        extends: a character that may change the one before it.
    """

    word: re.Pattern[str]
    inside: re.Pattern[str]
    cjk: re.Pattern[str]
    extends: re.Pattern[str]


@functools.cache
def classes() -> CharacterClasses:
    """Return the patterns of words and their characters, which are compiled at their first use."""
    inside = f"[^{_ASCII_BORDERS}{SINGLE_CHARACTER_WORDS}]"
    return CharacterClasses(
        word=re.compile(f"[{SINGLE_CHARACTER_WORDS}][{VOICING_MARKS}]?|{inside}+"),
        inside=re.compile(inside),
        cjk=re.compile(f"[{SINGLE_CHARACTER_WORDS}]"),
        extends=re.compile(f"[{marks(enclosing=True)}{DROPPED_IN_SEARCH}{JAMO}\u200c\uff9e\uff9f]"),
    )


def words(text: str) -> list[str]:
    """Return the words of *text*, folded, in order."""
    return split(search_form(text))


def split(folded: str) -> list[str]:
    """Return the words of a text that is folded already."""
    return _ASCII_WORD.findall(folded) if folded.isascii() else classes().word.findall(folded)


def phrases(query: str) -> list[tuple[str, ...]]:
    """Return the words of *query* and the phrases in double quotes, each as the list of its words, without repeats."""
    found = (tuple(words(phrase or word)) for phrase, word in _PHRASE_OR_WORD.findall(query))
    return list(dict.fromkeys(phrase for phrase in found if phrase))


def has_cjk(folded: str) -> bool:
    """Return whether folded text has Chinese or Japanese characters."""
    return not folded.isascii() and classes().cjk.search(folded) is not None


def starts(folded: str) -> list[int]:
    """Return where the words of folded text begin."""
    return [word.start() for word in classes().word.finditer(folded)]


# Phrases ---------------------------------------------------------------------


class Phrase:
    """Words that follow each other in a text.

    Attributes:
        words: folded, at least one.
        prefix: whether the last one may be the beginning of a longer word.
    """

    def __init__(self, words: Sequence[str], *, prefix: bool = False) -> None:
        self.words = tuple(words)
        self.prefix = prefix
        self._starts_cjk, self._ends_cjk = has_cjk(words[0][0]), has_cjk(words[-1][0])
        self._may_be_voiced = self._ends_cjk and len(words[-1]) == 1
        self._plain = not any(extends(word[0]) for word in words)
        self._pattern = re.compile(self._source())

    def _source(self) -> str:
        """Return the pattern of the words.

        ``_is_apart`` checks the letters beside them: a class of all letters is slow to compile.
        """
        after = "" if self._ends_cjk or self.prefix else "(?![0-9a-z])"
        body = re.escape(self.words[0])
        for left, right in zip(self.words, self.words[1:], strict=False):
            body += rf"([\W_]{'*' if _may_touch(left, right) else '+'}?){re.escape(right)}"
        return f"{body}{after}"

    def spans(self, folded: str) -> Iterator[Span]:
        """Yield where the phrase begins and ends in folded text, each time."""
        hit = self._pattern.search(folded)
        while hit:
            if self._is_apart(folded, hit):
                yield hit.span()
            hit = self._pattern.search(folded, hit.start() + 1)  # a hit may begin inside a rejected one

    def is_in(self, folded: str) -> bool:
        """Return whether the phrase occurs in folded text."""
        return any(True for _ in self.spans(folded))

    def _is_apart(self, folded: str, hit: re.Match[str]) -> bool:
        start, end = hit.span()
        if not _are_borders(hit):
            return False
        if start and not self._starts_cjk and not _begins(folded, start):
            return False
        if end == len(folded) or self.prefix:
            return True
        if self._ends_cjk:
            return not (self._may_be_voiced and _is_voicing(folded[end]))
        return not _is_inside(folded[end])

    def as_written(self, lower: str, begin: int = 0) -> Span | None:
        """Return where the phrase occurs, from *begin* on, in a text of which only the case is folded.

        Quick, and never wrong, but None may be: only ``spans`` finds words with accents, joiners or compatibility forms
        in or beside them.
        """
        hit = self._pattern.search(lower, begin) if self._plain else None
        while hit and not self._is_apart_as_written(lower, hit):
            hit = self._pattern.search(lower, hit.start() + 1)
        return hit and hit.span()

    def _is_apart_as_written(self, lower: str, hit: re.Match[str]) -> bool:
        start, end = hit.span()
        if not _are_borders(hit) or (start and not self._starts_cjk and not _separates_words(lower[start - 1])):
            return False
        if end == len(lower):
            return True
        return not extends(lower[end]) if self.prefix or self._ends_cjk else _separates_words(lower[end])


def _may_touch(left: str, right: str) -> bool:
    """Return whether the two words can follow each other without anything between them."""
    return has_cjk(right[0]) or (has_cjk(left[0]) and (len(left) > 1 or not _is_voicing(right[0])))


def _are_borders(hit: re.Match[str]) -> bool:
    return all(gap.isascii() or all(map(_is_border, gap)) for gap in hit.groups())


def _is_inside(character: str) -> bool:
    """Return whether it belongs to a word that is not Chinese or Japanese."""
    return character.isalnum() if character.isascii() else classes().inside.match(character) is not None


def _is_voicing(character: str) -> bool:
    return "\u302a" <= character <= "\u302f" or character in "\u3099\u309a"


def _begins(folded: str, start: int) -> bool:
    """Return whether a word that is not Chinese or Japanese can begin at *start*, which is not 0."""
    before = folded[start - 1]
    if _is_inside(before):
        return start > 1 and _is_voicing(before) and has_cjk(folded[start - 2])
    return not (_is_voicing(folded[start]) and has_cjk(before))


def extends(character: str) -> bool:
    """Return whether *character* may change the one before it."""
    return not character.isascii() and classes().extends.match(character) is not None


@functools.lru_cache(maxsize=4096)
def _is_border(character: str) -> bool:
    """Return whether it belongs to no word, whatever is beside it."""
    return not extends(character) and not words(character)


@functools.lru_cache(maxsize=4096)
def _separates_words(character: str) -> bool:
    """Return whether a word of letters ends before it and begins after it, whatever is beside it."""
    if extends(character):
        return False
    folded = search_form(character)
    return not (_is_inside(folded[0]) or _is_inside(folded[-1]))


# Places ----------------------------------------------------------------------


def found(text: str, terms: Sequence[Term]) -> list[Span]:
    """Return where in *text* any of *terms* occurs, in order; spans that touch are one."""
    if not terms:
        return []
    folded = search_form(text)
    merged: list[Span] = []
    for start, end in sorted(original(text, span) for term in terms for span in term.spans(folded)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def original(text: str, span: Span) -> Span:
    """Return the part of *text* that became *span* of the folded text, with all marks of its last letter."""
    return span if text.isascii() else (_cluster(text, span[0])[0], _cluster(text, span[1] - 1)[1])


def _cluster(text: str, place: int) -> Span:
    """Return the letter of *text*, with its marks, that became the character at *place* of the folded text."""
    extends, begin, end = classes().extends, 0, len(text)
    for size in _PIECES:
        while True:
            cut = min(begin + size, end)
            while cut < end and extends.match(text, cut):
                cut += 1
            length = len(search_form(text[begin:cut]))
            if place < length or cut == end:
                end = cut
                break
            begin, place = cut, place - length
    return begin, end
