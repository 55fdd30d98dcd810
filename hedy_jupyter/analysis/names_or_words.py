"""Ambiguity of names: is a name an ordinary word too, and may an unknown word be a name, as texts use them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import compress, islice, pairwise

from hedy_jupyter.analysis.name_vocabulary import (
    ARTICLES_BEFORE_NOUNS,
    CALENDAR,
    GERMAN_DETERMINERS,
    GERMAN_NOUN,
    ORDINARY,
    SUBJECTS,
)
from hedy_jupyter.text.pieces import KnownTexts, Pieces
from hedy_jupyter.text.script_ranges import UNSPACED, is_cased, word_marks
from hedy_jupyter.text.stop_words import FUNCTION_WORDS, LABELS, NAMES, ROLES, STOP_WORDS

LETTERS = rf"[^\W\d_{UNSPACED}](?:[^\W\d_{UNSPACED}]|[{word_marks()}])*"  # of a word, in a script with spaces

_WORD_OR_MARK = re.compile(rf"(?<![^\W_{UNSPACED}])({LETTERS})(\d*)([^\W_{UNSPACED}]*)")
_LETTERS = re.compile(LETTERS)
_PAIR = re.compile(rf"(?<![^\W_{UNSPACED}])({LETTERS})[ \t]+(?=({LETTERS}))")
_LAST_WORD = re.compile(rf"(?<![^\W_{UNSPACED}])({LETTERS})\t*\Z")
_CONTRACTION = re.compile(r"['’]t\b")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…\n\u3002])[^\w,;.!?:…\n\u3002]*$")
_SENTENCE_CAPITALS = re.compile(r"[.!?]\s+([^\W\d_])")
_ANY_LANGUAGE = frozenset(ORDINARY)
_SHARE_OF_STOP_WORDS = 0.18  # a text in one of the seven languages has more of them
_ARTICLES = ARTICLES_BEFORE_NOUNS | GERMAN_DETERMINERS
_FEW = 6  # words show no language
_WINDOW = 16  # characters in which a sentence begins
_MOST_PIECES = 200_000


def _last_word(piece: str) -> str:
    """Return the word that *piece* ends with, in small letters."""
    return last[1].lower() if (last := _LAST_WORD.search(piece)) else ""


def _ends_with_article(piece: str) -> bool:
    """Return whether *piece* ends with an article, or a German determiner."""
    return _last_word(piece) in _ARTICLES


def _is_filled(piece: str) -> bool:
    return bool(piece.strip("\t"))


def _pairs(pieces: Sequence[str], articles: Set[str]) -> set[tuple[str, str]]:
    """Return what follows *articles* in *pieces*, in the order of a text, each with its article."""
    return set(compress(pairwise(pieces), map(articles.__contains__, pieces)))


def find_words(text: str, place: int = 0) -> Iterator[re.Match[str]]:
    """Yield the words of *text* from *place* on, which is in no word: letters, digits behind them, what follows."""
    return _WORD_OR_MARK.finditer(text, place)


def find_word(text: str, place: int, end: int) -> bool:
    """Return whether a word may begin in *text* from *place* on and before *end*."""
    return _LETTERS.search(text, place, end) is not None


def _stop_words(piece: str) -> tuple[int, tuple[str, ...]]:
    """Return how many words a piece of text has, and the stop words of any language among them."""
    words = [token[1].lower() for token in find_words(piece)]
    return len(words), tuple(word for word in words if word in FUNCTION_WORDS)


_STOP_WORDS_OF = Pieces(_stop_words)
_ONE_WORD = (1, ())  # what most pieces have


class WordUse:
    """Count how *texts* together use words, which are looked up in small letters.

    *names* do not count for the language.

    Attributes:
        languages: those that the texts may be of.
        known: the texts.
    """

    def __init__(self, texts: Iterable[str], names: frozenset[str]) -> None:
        self._stop_words = {language: table - names for language, table in STOP_WORDS.items()}
        self._small: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        self._things: set[str] = set()
        self._german_things: set[str] = set()
        capitals: list[bool] = []
        pieces: Counter[str] = Counter()
        self.known = KnownTexts()
        articles: set[str] = set()
        after_articles: set[tuple[str, str]] = set()
        for text in texts:
            capitals += [letter.isupper() for letter in _SENTENCE_CAPITALS.findall(text)]
            found, known = text.replace("\n", " \n ").split(" "), len(pieces)
            pieces.update(found)
            articles.update(filter(_ends_with_article, islice(reversed(pieces), len(pieces) - known)))
            filled = list(filter(_is_filled if "\t" in text else None, found))
            after_articles |= _pairs(filled, articles) if articles else set()
            self.known.add([text], ())
            if len(pieces) + len(after_articles) > _MOST_PIECES:
                self._count(pieces, after_articles)
        self._count(pieces, after_articles)
        self._has_capitals = len(capitals) >= _FEW and sum(capitals) > 0.7 * len(capitals)
        words = self._small + self._capital
        self.languages = self.languages_of(words, words.total(), _ANY_LANGUAGE)

    def _count(self, pieces: Counter[str], after_articles: set[tuple[str, str]]) -> None:
        """Count the words of *pieces*, note the things *after_articles*, and empty both."""
        self.known.add((), pieces)
        for piece, number in pieces.items():
            for word in _LETTERS.findall(piece):
                if word.islower():
                    self._small[word] += number
                if word[0].isupper():
                    self._capital[word.lower()] += number
            if "\t" in piece:
                self._note_things((before.lower(), word) for before, word in _PAIR.findall(piece))
        self._note_things(
            (_last_word(article), word[0])
            for article, follows in after_articles
            if (word := _LETTERS.match(follows.lstrip("\t")))
        )
        pieces.clear()
        after_articles.clear()

    @cached_property
    def telling(self) -> Set[str]:
        """The pieces of the known texts that hold a stop word, or not exactly one word: few, and most of a text."""
        return {piece for piece in ("", *self.known.pieces) if _STOP_WORDS_OF[piece] != _ONE_WORD}

    def languages_of(self, words: Mapping[str, int], count: int, otherwise: frozenset[str]) -> frozenset[str]:
        """Return the languages that *count* words may be of, among which *words* are; it need not hold others.

        "other" is for all languages without a list of stop words.
        """
        hits = {language: sum(words.get(word, 0) for word in table) for language, table in self._stop_words.items()}
        most = max(hits.values())
        best = frozenset(language for language, number in hits.items() if number == most)
        if count < _FEW:
            return best | {"other"} if most else otherwise
        return best if most >= _SHARE_OF_STOP_WORDS * count else frozenset({"other"})

    def _note_things(self, pairs: Iterable[tuple[str, str]]) -> None:
        for before, word in pairs:
            if word.islower() and before in ARTICLES_BEFORE_NOUNS:
                self._things.add(word)
            elif word[0].isupper() and before in GERMAN_DETERMINERS:
                self._german_things.add(word.lower())

    def is_only_a_name(self, word: str, languages: frozenset[str]) -> bool:
        """Return whether *word*, which is a name, is no ordinary word of *languages*, and is not used as one."""
        own = languages - {"other"} or languages
        if (
            word in ROLES
            or word in self._things
            or any(word in STOP_WORDS.get(one, FUNCTION_WORDS) | ORDINARY[one] for one in own)
        ):
            return False
        small = self._small[word]
        return not (self._has_capitals and small >= _FEW and small > 3 * self._capital[word])

    def is_unknown(self, word: str) -> bool:
        """Return whether *word* is no function word or day, and is nowhere in small letters."""
        small = word.lower()
        return small not in FUNCTION_WORDS and small not in CALENDAR and (word == small or not self._small[small])

    def may_be_name_somewhere(self, word: str) -> bool:
        """Return whether ``may_be_name`` can be true of *word* in some place."""
        small = word.lower()
        if not is_cased(word):
            return len(word) > 1 and small not in LABELS
        is_capitalised = len(word) > 1 and word[0].isupper() and word[1:] == small[1:]
        return is_capitalised and small not in CALENDAR and not self._small[small]

    def may_be_name(self, words: TextWords, index: int) -> bool:
        """Return whether an unknown word is written as a name: with a capital inside a sentence, or before a colon."""
        word = words.word(index)
        small = word.lower()
        if not is_cased(word):
            may_label = len(word) > 1 and small not in LABELS and words.is_label(index)
            return may_label and (words.begins_sentence(index) or words.begins_second(index))
        if not self.may_be_name_somewhere(word):
            return False
        if words.begins_sentence(index):
            return (
                words.is_label(index)
                and small not in LABELS | ROLES
                and (small not in FUNCTION_WORDS or small in NAMES)
            )
        if small in FUNCTION_WORDS:
            return False
        may_be_thing = small in self._german_things or GERMAN_NOUN.fullmatch(small)
        return not (may_be_thing and words.languages == {"german"})


class TextWords:
    """Read a text word by word, from the place of ``begin`` on, from which words are counted."""

    def __init__(self, text: str, use: WordUse) -> None:
        self._text = text
        self._use = use
        self.begin(0)

    def begin(self, place: int) -> None:
        """Read from *place* on, which is in no word."""
        self._tokens: list[re.Match[str]] = []
        self._others = find_words(self._text, place)

    def has(self, index: int) -> bool:
        """Return whether there is a word *index*."""
        while len(self._tokens) <= index:
            token = next(self._others, None)
            if token is None:
                return False
            self._tokens.append(token)
        return True

    def word(self, index: int) -> str:
        """Return the letters of a token."""
        return self._tokens[index][1]

    def digits(self, index: int) -> str:
        """Return the digits after the letters."""
        return self._tokens[index][2]

    def rest(self, index: int) -> str:
        """Return the letters after those digits."""
        return self._tokens[index][3]

    def start(self, index: int) -> int:
        """Return where a token begins."""
        return self._tokens[index].start()

    def end(self, index: int) -> int:
        """Return where its digits end."""
        return self._tokens[index].end(2)

    def pair(self, index: int) -> str:
        """Return the text from a token to the end of the next one."""
        return self._text[self._tokens[index].start() : self._tokens[index + 1].end()]

    def between(self, index: int) -> str:
        """Return the text between the token before and this one."""
        return self._text[self._tokens[index - 1].end() : self.start(index)]

    def is_handle(self, index: int) -> bool:
        """Return whether a token is written as a handle: ``@ada``, ``ada42``."""
        start = self.start(index)
        return len(self.digits(index)) > 1 or self._text[max(0, start - 1) : start] in {"@", "＠"}

    def is_label(self, index: int) -> bool:
        """Return whether a colon follows that is not part of an address."""
        return re.match(r"\*{0,2}\s?[:：](?!//)", self._text[self.end(index) : self.end(index) + 4]) is not None

    def begins_sentence(self, index: int) -> bool:
        """Return whether a token is where any word has a capital."""
        return self._begins_sentence_at(self.start(index))

    def _begins_sentence_at(self, start: int) -> bool:
        return _SENTENCE_START.search(self._text[max(0, start - _WINDOW) : start]) is not None

    def begins_second(self, index: int) -> bool:
        """Return whether the word before a token, if there is one, begins a sentence."""
        place = bisect_left(self._starts, self.start(index))
        return place > 0 and self._begins_sentence_at(self._starts[place - 1])

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start() for token in find_words(self._text)]

    def is_contraction(self, index: int) -> bool:
        """Return whether a token is the first part of a word such as "Don't"."""
        return (
            self.word(index).lower() in FUNCTION_WORDS and _CONTRACTION.match(self._text, self.end(index)) is not None
        )

    def is_function_word(self, index: int) -> bool:
        """Return whether a token with a capital is no name: "Don't", and the first word of "Will you come?"."""
        if self.is_contraction(index):
            return True
        follows = self.has(index + 1) and self.between(index + 1).isspace() and self.word(index + 1) in SUBJECTS
        return follows and self.has_function_word(self.word(index).lower()) and self.begins_sentence(index)

    def has_function_word(self, word: str) -> bool:
        """Return whether *word* is a function word of the language of the text."""
        return any(word in STOP_WORDS.get(language, ()) for language in self.languages)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Return the language of the text; that of all texts where it is short."""
        pieces = self._text.replace("\n", " ").split(" ")
        others = Counter(filter(self._use.telling.__contains__, pieces) if self._text in self._use.known else pieces)
        count, words = len(pieces) - others.total(), Counter[str]()
        for piece, number in others.items():
            count_of_it, stop_words = _STOP_WORDS_OF[piece]
            count += number * count_of_it
            for word in stop_words:
                words[word] += number
        return self._use.languages if count < _FEW else self._use.languages_of(words, count, self._use.languages)
