"""An index of people's names: for each word of a text the names that it may be a form of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hedy_jupyter.analysis.name_forms import (
    UNSPACED_NAME,
    inflected,
    parts,
    unaccented,
    word_key,
)
from hedy_jupyter.analysis.names_or_words import LETTERS
from hedy_jupyter.text.fold import ignore_case
from hedy_jupyter.text.script_ranges import is_cased
from hedy_jupyter.text.stop_words import FUNCTION_WORDS, NAMES, PRONOUNS, STOP_WORDS

_PLAIN_NAME = re.compile(rf"{LETTERS}(?:(?:\.? |[.'’-]){LETTERS})*\.?")
_GAP = re.compile(r"\.?\s+|[._-]|['’ʼ]")
_TIGHT_GAP = re.compile(r"[._-]")
LAST_NAME_FIRST_GAP = re.compile(r",\s*|\s+|[._-]")
# "and", "to", "in" in Hebrew, Arabic
_PREFIXES = re.compile("[ולבשהמכ]{1,2}(?=[\u05d0-\u05ea]{3})|[وفبلك]{1,2}(?=[\u0621-\u064a]{3})")
_STEM, _ENDING = 3, 4  # letters that forms of a name share at least, and that an ending has at most


@dataclass(frozen=True, slots=True)
class Form:
    """What a word may be a form of.

    Attributes:
        base: the key of the uninflected word.
        name: the name that is meant; "" where the word is one only together with others.
        kind: "exact"; "genitive", with an s; "plain", without accents; "inflected"; "shared",
            inflected in a way that words of other languages are written; "joined", first and last name in one;
            "initial", one of the two with the first letter of the other.
    """

    base: str
    name: str
    kind: str = "exact"


@dataclass(frozen=True, slots=True)
class WordSequence:
    """A name of several words: their keys, and what may be between them."""

    keys: tuple[str, ...]
    gap: re.Pattern[str]
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index has for a word.

    Attributes:
        forms: what the word may be a form of.
        sequences: the names of several words that begin with it, in their order, by the second of their words.
        prefix: how many of its letters are a word such as "and" before the name.
        keys: the key of the word, and those of the words that it may be a form of.
        shared_keys: those of the words that it may be a form of in some languages only.
    """

    forms: Sequence[Form]
    sequences: Mapping[str, Sequence[tuple[int, WordSequence]]]
    prefix: int
    keys: frozenset[str]
    shared_keys: frozenset[str]


NOTHING = Entry((), {}, 0, frozenset(), frozenset())
"""The entry of a word that is in no name: most words are."""


class NameIndex:
    """Look up words among *names*; *languages* are those of the texts, as ``WordUse`` gives them."""

    def __init__(self, names: Iterable[str], languages: frozenset[str]) -> None:
        self._languages = languages
        self._as_given: set[str] = set()
        self._forms: dict[str, list[Form]] = {}
        self._sequences: dict[str, list[WordSequence]] = {}
        self._entries: dict[str, Entry] = {}
        self._stems: dict[str, int] = {}
        self.letterwise = [one for name in sorted(names) if self._is_person(name) for one in self._add(name)]
        """The names that have to be found letter by letter."""
        for forms in self._forms.values():
            forms.sort(key=lambda form: (form.kind != "exact", form.kind == "shared", not form.name, -len(form.base)))
        for sequences in self._sequences.values():
            sequences.sort(key=lambda sequence: -len(sequence.keys))

    # Looking up --------------------------------------------------------------

    def entry(self, word: str) -> Entry:
        """Return the entry of *word*, from a cache: texts repeat their words."""
        if word not in self._entries:
            self._entries[word] = self._new_entry(word)
        return self._entries[word]

    def _new_entry(self, word: str) -> Entry:
        forms, key = self._forms_of(word), word_key(word)
        found = [one for base in dict.fromkeys([*(form.base for form in forms), key]) for one in self._beginning(base)]
        if not forms and not found:
            return NOTHING
        sequences: dict[str, list[tuple[int, WordSequence]]] = {}
        for place, one in enumerate(found):
            sequences.setdefault(one.keys[1], []).append((place, one))
        shared = frozenset(form.base for form in forms if form.kind == "shared")
        own = frozenset([key, *(form.base for form in forms if form.kind != "shared")])
        return Entry(forms, sequences, self._prefix(word), own, shared)

    def _beginning(self, key: str) -> Sequence[WordSequence]:
        return self._sequences.get(key, ())

    def _forms_of(self, word: str) -> Sequence[Form]:
        key = word_key(word)
        forms = self._forms.get(key, [])
        if self.is_genitive(key):
            exact = (form for form in self._forms[key[:-1]] if form.kind == "exact")
            return [*(Form(form.base, form.name, "genitive") for form in exact), *forms]
        return forms or self._forms.get(word_key(word[self._prefix(word) :]), [])

    def is_exact(self, key: str) -> bool:
        """Return whether *key* is a word of a name as it was given."""
        return any(form.kind == "exact" for form in self._forms.get(key, ()))

    def is_genitive(self, key: str) -> bool:
        """Return whether *key* is a word of a name with the s of a genitive: "adas"."""
        is_short_word = len(key) < 4 and key in FUNCTION_WORDS  # "Yes", "Das"
        return (
            len(key) > 2 and key[-1] == "s" and not is_short_word and self.is_exact(key[:-1]) and not self.is_exact(key)
        )

    def is_as_given(self, word: str) -> bool:
        """Return whether *word* is a name of one word, in the letters in which it was given."""
        return word in self._as_given

    def has_stem(self, word: str) -> bool:
        """Return whether the unknown *word* may be a form of a name, or a longer word that begins with one."""
        key = word_key(word)
        if not is_cased(word):
            return any(self.is_exact(key[:length]) for length in range(2, len(key)))
        plain = unaccented(key)
        lengths = range(_STEM, len(plain) + 1)
        return word[0].isupper() and any(
            len(plain) <= self._stems.get(plain[:length], -_ENDING) + _ENDING for length in lengths
        )

    def _prefix(self, word: str) -> int:
        """Return how many letters of *word* are a prefix before a name."""
        prefix = _PREFIXES.match(word)
        lengths = range(1, len(prefix[0]) + 1) if prefix and word not in self._forms else ()
        return next((length for length in lengths if self.is_exact(word_key(word[length:]))), 0)

    # Filling -----------------------------------------------------------------

    def _is_person(self, name: str) -> bool:
        """Return whether *name* is more than a letter, and no pronoun.

        "Du" is a name where the texts are not German.
        """
        own = frozenset().union(*(STOP_WORDS.get(language, ()) for language in self._languages))
        key = word_key(name)
        return (len(ignore_case(name)) > 1 or bool(UNSPACED_NAME.fullmatch(name))) and not (
            key in PRONOUNS and (key in own or key not in NAMES)
        )

    def _add(self, name: str) -> Iterator[str]:
        """Add *name*; yield what has to be found letter by letter."""
        words = parts(name)
        yield from (word for word in words if UNSPACED_NAME.fullmatch(word))
        spaced = [word for word in words if not UNSPACED_NAME.fullmatch(word)]
        for word in spaced:
            self._add_words(word, is_given=word == name)
        if UNSPACED_NAME.fullmatch(name) or not _PLAIN_NAME.fullmatch(name):
            yield name
        else:
            self._add_words(name)
        if len(spaced) > 1:
            self._add_handles(spaced, name)

    def _add_words(self, name: str, *, is_given: bool = True) -> None:
        """Add *name*.

        In small letters it counts as it is written only if it *is_given* like this, and is no word of a longer name.
        """
        keys = tuple(map(word_key, re.findall(LETTERS, name)))
        if len(keys) > 1:
            self._add_sequence(WordSequence(keys, _GAP, name))
            if " " not in name and "-" not in name:  # "oneil" of "O'Neil"
                self._add_form("".join(keys), Form("".join(keys), name, "plain"))
        else:
            if is_given:
                self._as_given.add(name)
            self._add_form(keys[0], Form(keys[0], name))
        for key in keys:
            self._add_stem(key)
            for form, kind in inflected(key):
                self._add_form(form, Form(key, "" if len(keys) > 1 else name, kind))

    def _add_stem(self, key: str) -> None:
        """Add what all inflected forms of the word *key* begin with."""
        plain = unaccented(key)
        if is_cased(key) and len(plain) >= _STEM:
            stem = plain[: max(_STEM, len(plain) - _STEM)]
            self._stems[stem] = max(len(plain), self._stems.get(stem, 0))

    def _add_handles(self, words: Sequence[str], name: str) -> None:
        """Add first and last name in either order, also in one word, or with one of them as its first letter."""
        first, last = (tuple(map(word_key, re.findall(LETTERS, word))) for word in (words[0], words[-1]))
        whole = "".join(map(word_key, re.findall(LETTERS, name)))
        self._add_form(whole, Form(whole, name, "joined"))
        self._add_sequence(
            WordSequence(tuple(word_key(key) for word in words for key in re.findall(LETTERS, word)), _GAP, name)
        )
        self._add_sequence(WordSequence(first + last, _GAP, name))
        self._add_sequence(WordSequence(last + first, LAST_NAME_FIRST_GAP, name))
        for short, long in ((first, last), (last, first)):
            self._add_sequence(WordSequence((short[0][0], *long), _TIGHT_GAP, name))
            self._add_sequence(WordSequence((*long, short[0][0]), _TIGHT_GAP, name))
            self._add_form("".join(short + long), Form("".join(short + long), name, "joined"))
            for joined in (short[0][0] + "".join(long), "".join(long) + short[0][0]):  # "alovelace"
                self._add_form(joined, Form(joined, name, "initial"))

    def _add_sequence(self, sequence: WordSequence) -> None:
        self._sequences.setdefault(sequence.keys[0], []).append(sequence)

    def _add_form(self, key: str, form: Form) -> None:
        forms = self._forms.setdefault(key, [])
        if form not in forms:
            forms.append(form)
