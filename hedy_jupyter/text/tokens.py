"""Split text into words: the one definition for the archive's index, its queries and snippets, and ``df.hedy.search``.

A text is folded first (``fold.search_form``): case, accents, vowel marks of Arabic and Hebrew, compatibility forms and
invisible characters are removed, and every other character outside ASCII that belongs to no word becomes a space. A
word is then either a single letter, or a run of other letters, digits and marks. Single letters are a Chinese or
Japanese character with its voicing mark, a Korean syllable, and a letter of Thai, Lao, Burmese or Khmer with its marks:
these scripts write words without spaces, or join others to them. So what is inside of such words is found, the vowel
marks of Hindi are letters of their words, and a Latin word ends where a Chinese character begins.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from hedy_jupyter.text.fold import DROPPED_IN_SEARCH, search_form
from hedy_jupyter.text.script_ranges import JAMO, SINGLE_CHARACTER_WORDS, VOICING_MARKS, marks, southeast_asian

Span = tuple[int, int]


class Term(Protocol):
    """What is looked for in folded text."""

    def spans(self, folded: str) -> Iterator[Span]:
        """Yield where it occurs in *folded*."""


_ASCII_BORDERS = "\x00-/:-@\\[-`{-\x7f"
_ASCII_WORD = re.compile("[0-9a-z]+")
_FOLDED_TO_MARKS = "\u200c\uff9e\uff9f\u0e33\u0eb3\ufcf2-\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f"
_PIECE = 1000  # characters that ``_Places`` folds at once


class CharacterClasses(NamedTuple):
    """The patterns that only text outside ASCII needs.

    Attributes:
        word: one word of a folded text.
        inside: a character of a word that is not a single letter.
        single: a single letter, without its marks.
        southeast_asian: one of Thai, Lao, Burmese or Khmer.
        marks_of_it: a mark of these scripts.
        extends: a character that may change the one before it.
    """

    word: re.Pattern[str]
    inside: re.Pattern[str]
    single: re.Pattern[str]
    southeast_asian: re.Pattern[str]
    marks_of_it: re.Pattern[str]
    extends: re.Pattern[str]


@functools.cache
def classes() -> CharacterClasses:
    """Return the patterns of words and their characters, which are compiled at their first use."""
    letters, of_letters = southeast_asian(), southeast_asian(of_marks=True)
    inside = f"[^{_ASCII_BORDERS}{SINGLE_CHARACTER_WORDS}{letters}]"
    return CharacterClasses(
        word=re.compile(f"[{SINGLE_CHARACTER_WORDS}][{VOICING_MARKS}]?|[{letters}][{of_letters}]*|{inside}+"),
        inside=re.compile(inside),
        single=re.compile(f"[{SINGLE_CHARACTER_WORDS}{letters}]"),
        southeast_asian=re.compile(f"[{letters}]"),
        marks_of_it=re.compile(f"[{of_letters}]"),
        extends=re.compile(f"[{marks(enclosing=True)}{DROPPED_IN_SEARCH}{JAMO}{_FOLDED_TO_MARKS}]"),
    )


def words(text: str) -> list[str]:
    """Return the words of *text*, folded, in order."""
    return split(search_form(text))


def split(folded: str) -> list[str]:
    """Return the words of a text that is folded already."""
    return _ASCII_WORD.findall(folded) if folded.isascii() else classes().word.findall(folded)


def has_single(folded: str) -> bool:
    """Return whether folded text has single letters, such as Chinese characters or Korean syllables."""
    return not folded.isascii() and classes().single.search(folded) is not None


def starts(folded: str) -> list[int]:
    """Return where the words of folded text begin."""
    return [word.start() for word in classes().word.finditer(folded)]


# Index -----------------------------------------------------------------------

PAIRED = "\x80"
"""Follows a single letter in the index; what is beside it in folded text is never this character."""


def index_words(words: Sequence[str]) -> list[str]:
    """Return what an index holds for *words*, one for each.

    A single letter is held with the one after it, if that is one too: a pair is rare, where a letter is in every text.
    """
    singles = [word if has_single(word[0]) else "" for word in words]
    pairs = zip(words, singles, [*singles[1:], ""], strict=False)
    return [f"{word}{PAIRED}{following}" if single else word for word, single, following in pairs]


def index_phrase(phrase: Phrase, *, same_length: bool = False) -> tuple[list[str], bool]:
    """Return what to look for in the index for *phrase*, and whether the last one of it is a beginning.

    Args:
        phrase: the words.
        same_length: return as many words as the phrase has, where their number counts.
    """
    found, last = index_words(phrase.words), phrase.words[-1]
    if not has_single(last[0]):
        return found, phrase.prefix
    if len(found) > 1 and found[-2].endswith(f"{PAIRED}{last}") and not same_length:
        return found[:-1], phrase.prefix
    return [*found[:-1], last if phrase.prefix else f"{last}{PAIRED}"], True


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
        self._starts_single, self._ends_single = has_single(words[0][0]), has_single(words[-1][0])
        self._plain = not any(extends(word[0]) for word in words)
        self._pattern = re.compile(self._source())

    def _source(self) -> str:
        """Return the pattern of the words.

        ``_is_apart`` checks the letters beside them: a class of all letters is slow to compile.
        """
        after = "" if self._ends_single or self.prefix else "(?![0-9a-z])"
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
        if start and not self._starts_single and not _begins(folded, start):
            return False
        if end == len(folded) or self.prefix:
            return True
        return not (_takes(self.words[-1], folded[end]) if self._ends_single else _is_inside(folded[end]))

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
        if not _are_borders(hit) or (start and not self._starts_single and not _separates_words(lower[start - 1])):
            return False
        if end == len(lower):
            return True
        return not extends(lower[end]) if self.prefix or self._ends_single else _separates_words(lower[end])


def _may_touch(left: str, right: str) -> bool:
    """Return whether the two words can follow each other without anything between them."""
    return has_single(right[0]) or (has_single(left[0]) and not _takes(left, right[0]))


def _are_borders(hit: re.Match[str]) -> bool:
    return all(gap.isascii() or all(map(_is_border, gap)) for gap in hit.groups())


def _is_inside(character: str) -> bool:
    """Return whether it belongs to a word that is not a single letter, if it is not a mark of one."""
    return character.isalnum() if character.isascii() else classes().inside.match(character) is not None


def _is_voicing(character: str) -> bool:
    return "\u302a" <= character <= "\u302f" or character in "\u3099\u309a"


def _is_southeast_asian_mark(character: str) -> bool:
    return not character.isascii() and classes().marks_of_it.match(character) is not None


def _takes(word: str, character: str) -> bool:
    """Return whether *character*, right after *word*, which is a single letter, is a mark of it."""
    if classes().southeast_asian.match(word):
        return _is_southeast_asian_mark(character)
    return len(word) == 1 and _is_voicing(character)


def _is_taken(folded: str, place: int) -> bool:
    """Return whether the character at *place* is a mark of a single letter before it."""
    character, before = folded[place], place - 1
    if _is_voicing(character):
        return before >= 0 and not classes().southeast_asian.match(folded, before) and has_single(folded[before])
    if not _is_southeast_asian_mark(character):
        return False
    while before >= 0 and _is_southeast_asian_mark(folded[before]):
        before -= 1
    return before >= 0 and classes().southeast_asian.match(folded, before) is not None


def _begins(folded: str, start: int) -> bool:
    """Return whether a word that is not a single letter can begin at *start*, which is not 0."""
    if _is_taken(folded, start):
        return False
    return not _is_inside(folded[start - 1]) or _is_taken(folded, start - 1)


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
    places = _Places(text)
    merged: list[Span] = []
    for start, end in sorted(places.original(span) for term in terms for span in term.spans(folded)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def original(text: str, span: Span) -> Span:
    """Return the part of *text* that became *span* of the folded text, with all marks of its last letter."""
    return _Places(text).original(span)


class _Places:
    """Where the characters of a folded text come from: each part of the text is folded once, for any number of hits."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._letters: dict[int, _Cuts] = {}

    def original(self, span: Span) -> Span:
        """Return the part of the text that became *span* of the folded text."""
        return span if self._text.isascii() else (self._letter(span[0])[0], self._letter(span[1] - 1)[1])

    @functools.cached_property
    def _pieces(self) -> _Cuts:
        return _Cuts(self._text, 0, len(self._text), _PIECE)

    def _letter(self, place: int) -> Span:
        """Return the letter of the text, with its marks, that became the character at *place* of the folded text."""
        begin, end, rest = self._pieces.at(place)
        if begin not in self._letters:
            self._letters[begin] = _Cuts(self._text, begin, end, 1)
        return self._letters[begin].at(rest)[:2]


class _Cuts:
    """A part of a text in pieces of some characters, none of which begins with a mark, and their folded lengths."""

    def __init__(self, text: str, begin: int, end: int, size: int) -> None:
        extends, folded = classes().extends, 0
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._folded_ends: list[int] = []
        while begin < end:
            cut = min(begin + size, end)
            while cut < end and extends.match(text, cut):
                cut += 1
            folded += _folded_length(text[begin:cut]) if size == 1 else len(search_form(text[begin:cut]))
            self._begins.append(begin)
            self._ends.append(cut)
            self._folded_ends.append(folded)
            begin = cut

    def at(self, place: int) -> tuple[int, int, int]:
        """Return the piece that *place* of the folded part is in: its begin, its end, and the place inside of it."""
        at = min(bisect.bisect_right(self._folded_ends, place), len(self._ends) - 1)
        return self._begins[at], self._ends[at], place - (self._folded_ends[at - 1] if at else 0)


@functools.lru_cache(maxsize=4096)
def _folded_length(letter: str) -> int:
    return len(search_form(letter))
