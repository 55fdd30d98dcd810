"""Ambiguity of names: is a name an ordinary word too, and may an unknown word be a name, as texts use them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from hedy_jupyter.analysis.name_vocabulary import (
    ARTICLES_BEFORE_NOUNS,
    CALENDAR,
    GERMAN_DETERMINERS,
    GERMAN_NOUN,
    ORDINARY,
    SUBJECTS,
)
from hedy_jupyter.text.scripts import UNSPACED, is_cased, word_marks
from hedy_jupyter.text.stop_words import FUNCTION_WORDS, LABELS, NAMES, ROLES, STOP_WORDS

LETTERS = rf"[^\W\d_{UNSPACED}](?:[^\W\d_{UNSPACED}]|[{word_marks()}])*"  # of a word, in a script with spaces

_WORD_OR_MARK = re.compile(rf"(?<![^\W_{UNSPACED}])({LETTERS})(\d*)([^\W_{UNSPACED}]*)")
_PAIR = re.compile(rf"(?<![^\W_{UNSPACED}])({LETTERS})[ \t]+(?=({LETTERS}))")
_CONTRACTION = re.compile(r"['’]t\b")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…\n\u3002])[^\w,;.!?:…\n\u3002]*$")
_SENTENCE_CAPITALS = re.compile(r"[.!?]\s+([^\W\d_])")
_ANY_LANGUAGE = frozenset(ORDINARY)
_SHARE_OF_STOP_WORDS = 0.18  # a text in one of the seven languages has more of them
_FEW = 6  # words show no language
_WINDOW = 16  # characters in which a sentence begins


class WordUse:
    """Count how *texts* together use words, which are looked up in small letters.

    *names* do not count for the language.
    """

    def __init__(self, texts: Sequence[str], names: frozenset[str]) -> None:
        self.names = names
        self._small: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        self._things: set[str] = set()
        self._german_things: set[str] = set()
        capitals: list[bool] = []
        for text in texts:
            words = re.findall(LETTERS, text)
            self._small.update(word for word in words if word.islower())
            self._capital.update(word.lower() for word in words if word[0].isupper())
            self._find_things(text)
            capitals += [letter.isupper() for letter in _SENTENCE_CAPITALS.findall(text)]
        self._has_capitals = len(capitals) >= _FEW and sum(capitals) > 0.7 * len(capitals)
        self.languages = self.languages_of(self._small + self._capital, _ANY_LANGUAGE)

    def languages_of(self, words: Mapping[str, int], otherwise: frozenset[str]) -> frozenset[str]:
        """Return the languages that *words* may be of; "other" is for all languages without a list of stop words."""
        hits = {
            language: sum(words.get(word, 0) for word in table - self.names) for language, table in STOP_WORDS.items()
        }
        count, most = sum(words.values()), max(hits.values())
        best = frozenset(language for language, number in hits.items() if number == most)
        if count < _FEW:
            return best | {"other"} if most else otherwise
        return best if most >= _SHARE_OF_STOP_WORDS * count else frozenset({"other"})

    def _find_things(self, text: str) -> None:
        for before, word in _PAIR.findall(text):
            if word.islower() and before.lower() in ARTICLES_BEFORE_NOUNS:
                self._things.add(word)
            elif word[0].isupper() and before.lower() in GERMAN_DETERMINERS:
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

    def may_be_name(self, words: TextWords, index: int) -> bool:
        """Return whether an unknown word is written as a name: with a capital inside a sentence, or before a colon."""
        word = words.word(index)
        small = word.lower()
        if not is_cased(word):
            begins = words.begins_sentence(index) or (index > 0 and words.begins_sentence(index - 1))
            return len(word) > 1 and begins and words.is_label(index) and small not in LABELS
        if len(word) < 2 or not word[0].isupper() or word[1:] != small[1:] or small in CALENDAR or self._small[small]:
            return False
        if words.begins_sentence(index):
            return (
                words.is_label(index)
                and small not in LABELS | ROLES
                and (small not in FUNCTION_WORDS or small in NAMES)
            )
        is_thing = words.languages == {"german"} and (small in self._german_things or GERMAN_NOUN.fullmatch(small))
        return small not in FUNCTION_WORDS and not is_thing


class TextWords:
    """Read a text word by word."""

    def __init__(self, text: str, use: WordUse) -> None:
        self._text = text
        self._use = use
        self._tokens = list(_WORD_OR_MARK.finditer(text))

    def __len__(self) -> int:
        return len(self._tokens)

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
        start = self.start(index)
        return _SENTENCE_START.search(self._text[max(0, start - _WINDOW) : start]) is not None

    def is_contraction(self, index: int) -> bool:
        """Return whether a token is the first part of a word such as "Don't"."""
        return (
            self.word(index).lower() in FUNCTION_WORDS and _CONTRACTION.match(self._text, self.end(index)) is not None
        )

    def is_function_word(self, index: int) -> bool:
        """Return whether a token with a capital is no name: "Don't", and the first word of "Will you come?"."""
        if self.is_contraction(index):
            return True
        has_next = index + 1 < len(self)
        follows = has_next and self.between(index + 1).isspace() and self.word(index + 1) in SUBJECTS
        return follows and self.has_function_word(self.word(index).lower()) and self.begins_sentence(index)

    def has_function_word(self, word: str) -> bool:
        """Return whether *word* is a function word of the language of the text."""
        return any(word in STOP_WORDS.get(language, ()) for language in self.languages)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Return the language of the text; that of all texts where it is short."""
        if len(self) < _FEW:
            return self._use.languages
        return self._use.languages_of(Counter(token[1].lower() for token in self._tokens), self._use.languages)
