"""Person names in texts: find them whole and by their words, in any case, inflected, in handles.

A name that is a word too ("will", "mark") counts as one only where it is written as one: with a capital, after an
``@``, before digits. Other words that may be names are reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter

from hedy_jupyter.analysis import speaker_labels
from hedy_jupyter.analysis.name_forms import short_names, word_key
from hedy_jupyter.analysis.name_index import LAST_NAME_FIRST_GAP, NOTHING, Entry, Form, NameIndex, WordSequence
from hedy_jupyter.analysis.name_patterns import pattern_of, possible_names
from hedy_jupyter.analysis.names_or_words import TextWords, WordUse, find_word, find_words
from hedy_jupyter.text.fold import ignore_case
from hedy_jupyter.text.pieces import PieceFinder
from hedy_jupyter.text.script_ranges import is_cased

_HUMP = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_MOST_PAIRS = 50_000  # of words whose names are kept: most turns begin with a name that was there before
_LONG = 8  # letters of two names in one, from which on no word is both by chance


@dataclass(frozen=True, slots=True)
class _Match:
    """A name in a text: how many words it takes, and how many letters of the first and the last are no part of it."""

    name: str
    words: int
    prefix: int
    suffix: int


class PersonNames:
    """Find the people of *names* in texts; *texts* are all of them, whose use of words shows which may be names.

    Attributes:
        names: the names, each whole and by its words.
        candidates: the words of the texts read so far that may be names and stayed.
        known: the texts.
    """

    def __init__(self, names: Iterable[str], texts: Iterable[str]) -> None:
        given = {" ".join(unicodedata.normalize("NFC", name).split()) for name in names}
        self.names = frozenset(ignore_case(word) for name in given for word in (name, *name.split()))
        self._use = WordUse(texts, frozenset(word_key(word) for name in given for word in name.split()))
        self._index = NameIndex(given, self._use.languages)
        self._letterwise = pattern_of(self._index.letterwise)
        self._short_names = short_names(given)
        self.candidates = set[str]()
        self._by_pair: dict[str, _Match | None] = {}
        self._may_name = PieceFinder(self.may_be_in)
        self.known = self._use.known

    def replace(
        self, text: str, pseudonym: Callable[[str], str], places: Iterable[tuple[int, int]] | None = None
    ) -> str:
        """Return *text* with ``pseudonym(name)`` in the place of each name.

        *places* are where each piece begins and ends, in order, of which ``may_be_in`` returns true; others may be
        among them.
        """
        parts, end = [], 0
        for found in self._letterwise.finditer(text) if self._letterwise else ():
            parts += [self._replace_words(text[end : found.start()], pseudonym), pseudonym(found[0])]
            end = found.end()
        return "".join([*parts, self._replace_words(text[end:], pseudonym, None if parts else places)])

    def _replace_words(
        self, text: str, pseudonym: Callable[[str], str], places: Iterable[tuple[int, int]] | None = None
    ) -> str:
        words = TextWords(text, self._use)
        parts, end = [], 0
        for start, stop in self._may_name.places(text) if places is None else places:
            if end > start and not find_word(text, end, stop):
                continue
            index = 0
            words.begin(max(start, end))
            while words.has(index) and words.start(index) < stop:
                word = words.word(index)
                entry = self._index.entry(word)
                is_other = entry is NOTHING and word.islower()  # it has nothing in common with any name
                match = None if entry is NOTHING else self._match(words, index, entry)
                if match is not None:
                    parts += [text[end : words.start(index) + match.prefix], pseudonym(match.name)]
                    end = words.end(index + match.words - 1) - match.suffix
                elif not is_other and self._is_new_candidate(words, index):
                    self.candidates.add(word_key(word))
                index += match.words if match is not None else 1
        self.candidates |= possible_names(text, self._short_names)
        return "".join([*parts, text[end:]])

    def may_be_in(self, piece: str) -> bool:
        """Return whether a piece of text holds a word that is looked at: it may name somebody, or be a candidate."""
        return any(self._is_possible_word(token[1]) for token in find_words(piece))

    def _is_possible_word(self, word: str) -> bool:
        entry = self._index.entry(word)
        if entry.forms or entry.sequences:
            return True
        if word.islower():
            return False
        is_camel = any(self._index.is_exact(word_key(hump)) for hump in _HUMP.split(word))
        return is_camel or self._use.may_be_name_somewhere(word) or self._index.has_stem(word)

    def _match(self, words: TextWords, index: int, entry: Entry) -> _Match | None:
        """Return the name that begins with a word of a text, which has *entry*."""
        if entry.sequences and words.has(index + 1) and (match := self._match_of_several(words, index, entry)):
            return match
        found = next((form for form in entry.forms if form.name and self._is_form(form, words, index)), None)
        return _Match(found.name, 1, entry.prefix, self._suffix(words, index)) if found else None

    def _match_of_several(self, words: TextWords, index: int, entry: Entry) -> _Match | None:
        """Return the name of several words that begins with a word of a text, which is not the last one."""
        pair = words.pair(index)
        if pair in self._by_pair:
            return self._by_pair[pair]
        sequences = self._sequences(words, index, entry)
        match = None
        for sequence in sequences:
            if self._has_sequence(words, index, sequence):
                last = index + len(sequence.keys) - 1
                match = _Match(sequence.name, len(sequence.keys), entry.prefix, self._suffix(words, last))
                break
        if sequences and all(len(one.keys) == 2 for one in sequences) and self._is_alike_everywhere(words, index):
            if len(self._by_pair) >= _MOST_PAIRS:
                self._by_pair.clear()
            self._by_pair[pair] = match
        return match

    def _is_alike_everywhere(self, words: TextWords, index: int) -> bool:
        """Return whether two words in a row are a name, or none, whatever the language of the text is."""
        both = words.word(index), words.word(index + 1)
        return not any(word[0].islower() or self._index.entry(word).shared_keys for word in both)

    def _sequences(self, words: TextWords, index: int, entry: Entry) -> list[WordSequence]:
        """Return the sequences of *entry* whose second word follows, in their order."""
        keys = self._keys_of(words, index + 1)
        found = [one for key in keys & entry.sequences.keys() for one in entry.sequences[key]]
        return [sequence for _, sequence in sorted(found, key=itemgetter(0))]

    def _suffix(self, words: TextWords, index: int) -> int:
        """Return 1 where a word ends in the s of a genitive ("Adas"), else 0."""
        return int(not words.digits(index) and self._index.is_genitive(word_key(words.word(index))))

    def _has_sequence(self, words: TextWords, index: int, sequence: WordSequence) -> bool:
        """Return whether the words of *sequence* follow each other here.

        In small letters too, if one of them is no ordinary word.
        """
        last = index + len(sequence.keys) - 1
        if not words.has(last) or words.rest(last):
            return False
        has_small = False
        for at, key in enumerate(sequence.keys, index):
            if (at < last and words.digits(at)) or key not in self._keys_of(words, at):
                return False
            if at > index and not sequence.gap.fullmatch(words.between(at)):
                return False
            has_small = has_small or words.word(at)[0].islower()
        is_swapped = sequence.gap is LAST_NAME_FIRST_GAP and "," in words.between(index + 1)
        if is_swapped and words.word(last).islower():
            return False
        if not has_small:
            return True
        return any(len(key) > 1 and self._use.is_only_a_name(key, words.languages) for key in sequence.keys)

    def _keys_of(self, words: TextWords, index: int) -> frozenset[str]:
        """Return the key of a word, and those of the words that it may be a form of."""
        entry = self._index.entry(words.word(index))
        if not entry.keys:
            return frozenset([word_key(words.word(index))])
        if entry.shared_keys and "other" in words.languages:
            return entry.keys | entry.shared_keys
        return entry.keys

    def _is_form(self, form: Form, words: TextWords, index: int) -> bool:
        """Return whether a word is *form* and no other word, by how it is written."""
        word, is_handle = words.word(index), words.is_handle(index)
        if (
            words.rest(index)
            or (words.digits(index) and not is_handle)
            or (form.kind == "shared" and "other" not in words.languages)
        ):
            return False
        if form.kind == "joined":
            return is_handle or len(form.base) >= _LONG or bool(_HUMP.search(word))
        if form.kind == "initial":
            return is_handle
        if is_handle or not is_cased(word):
            return True
        written = word_key(word) if form.kind == "genitive" else form.base
        if word[0].isupper():
            return not words.is_function_word(index) and not (
                form.kind == "genitive" and words.has_function_word(written)
            )
        is_distinct = form.kind in {"exact", "plain", "genitive"} or len(form.base) > 3
        return self._index.is_as_given(word) or (
            is_distinct and all(self._use.is_only_a_name(one, words.languages) for one in (form.base, written))
        )

    def _is_new_candidate(self, words: TextWords, index: int) -> bool:
        return word_key(words.word(index)) not in self.candidates and self._is_candidate(words, index)

    def _is_candidate(self, words: TextWords, index: int) -> bool:
        """Return whether a word that stays may be a name: a form of a given one, or a word written as names are."""
        word = words.word(index)
        if words.is_contraction(index) or speaker_labels.is_role(word):
            return False
        kinds = {form.kind for form in self._index.entry(word).forms if form.name}
        if kinds - {"shared", "joined", "genitive"} or (
            "genitive" in kinds and not words.has_function_word(word_key(word))
        ):
            return True
        humps = _HUMP.split(word)
        if len(humps) > 1 and any(len(hump) > 2 and self._index.is_exact(word_key(hump)) for hump in humps):
            return True
        if words.digits(index) or words.rest(index):
            return False
        return self._use.may_be_name(words, index) or (self._index.has_stem(word) and self._use.is_unknown(word))
