"""Labels of speakers: which of the words before a colon at the beginning of a line are names.

No list of words decides that alone: "Will", "Dan" and "Mia" are names and function words, "A" is a speaker beside "B"
and an answer beside "Q". What counts is the text around a label:

- Its language: "Dan: …" begins a sentence in Dutch ("then: …"), and in no other.
- Turns: a name begins two lines, or most lines begin with one. Letters speak beside other letters, pronouns ("Me")
  beside other pronouns.
- Form: all speakers have a time, or bold type, or capitals, and so has this one.
- What follows: a turn begins as the other turns do, mostly with a capital; the rest of a sentence begins with a small
  letter.
- The same word in the middle of a line: "Thanks, Will."
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from hedy_jupyter.text.clean import DIRECTION_OVERRIDES, INVISIBLE
from hedy_jupyter.text.languages import languages
from hedy_jupyter.text.script_ranges import CJK, HAN, HIRAGANA, in_word, is_cased
from hedy_jupyter.text.stop_words import (
    ARTICLES,
    BEGINNINGS,
    FUNCTION_WORDS,
    LABELS,
    NAMES,
    PRONOUNS,
    ROLES,
    STOP_WORDS,
)
from hedy_jupyter.text.transcript_forms import CLOCK

_MOST_WORDS, _MOST_CHARACTERS = 5, 40  # of a name
_MOST_WORDS_UNCASED, _MOST_IDEOGRAPHS = 3, 4  # without capitals only shortness tells a name from a clause
_LEAST_SHARE = 4  # one line in so many has to begin with a speaker
_MARKS_OF_FORM = 5
_LEAST_SPEAKERS, _FEW_OTHERS = 2, 8  # of a text in which lines name who speaks, all but one in so many
_MOST_NAMES = 20_000  # that are kept, because nearly every line begins with one that was there before
_OFTEN = 3  # lines that a word begins which is no name elsewhere

# with marks of direction; few, so that no text takes long
_SPACE = rf"[\s{INVISIBLE}{DIRECTION_OVERRIDES}]{{0,5}}"
_CLOCK = rf"[\[(]?{CLOCK}[\])]?"
_LINE = re.compile(
    rf"{_SPACE}(?P<before>{_CLOCK}[\s–—-]{{0,5}})?(?P<bold>\*{{0,2}})"  # a time in front; bold as in Markdown
    rf"(?P<name>[^\W\d_][^:：*]{{0,{_MOST_CHARACTERS - 1}}}?)\*{{0,2}}{_SPACE}(?P<after>{_CLOCK})?{_SPACE}"
    rf"(?:：|:(?=[\s*{CJK}]|$))\*{{0,2}}{_SPACE}(?P<text>.*)",
    re.DOTALL,
)
_NAME = re.compile(rf"[{in_word()}\u0f0b .'’()&·・/@#-]+")  # with the point between syllables of Tibetan
_SENTENCE_END = re.compile(r"[^\W\d_]{5,}\.")  # "Dr." and "Prof." end no sentence
_SMALL_IN_NAMES = "af al av bin da dal de dei del della den der des di do dos du e el ibn la le of ten ter van von y zu"
PARTICLES = frozenset(_SMALL_IN_NAMES.split())
# What the beginning of a sentence has before a colon, and hardly a name: five characters in a row, or a particle.
_LONG_OR_CLAUSE = re.compile(
    f"[{HAN}{HIRAGANA}]{{{_MOST_IDEOGRAPHS + 1}}}|[的了是我们們这這那個个吗嗎呢を]|[はがにで]$"
)
_ROLE = re.compile(r"(?:(?:unknown|unidentified) )?([^\W\d_]+(?:-[^\W\d_]+)?)(?:[ _#-]{0,2}(?:\d{1,3}|[a-z]))?")
_DEVICE = re.compile(
    r"i(?:phone|pad|mac|pod)(?:-?\w+)?", re.IGNORECASE
)  # meetings name who joins by the device: "Ada's iPhone"
_HOST_NAME = re.compile(r"(?=.*[.:])[a-z0-9.:/_-]+(?<!\.)")
_IN_A_LINE = re.compile(rf"(?:(?<=[^\W\d_] )|(?<=, ))[^\W\d_][{in_word()}]*")
_CALLED = re.compile(rf"(?<=, )[^\W\d_][{in_word()}]*(?=[.,!?])")
# words of names
_NO_FIRST = "the a an this that these those our my your his her its their one two next first last in on at for"
_NO_FIRST_WORDS = frozenset(_NO_FIRST.split())
# Question and answer, by the first letters of the two words in several languages.
_QUESTIONS = frozenset(map(frozenset, ("qa", "fa", "qr", "pr", "dr", "va", "sc", "sv", "во", "зв", "ερ", "سج", "שת")))


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a line, which may name who speaks.

    Attributes:
        name: the text before the colon.
        text: the text after it.
        form: whether there is a time in front, a time behind and bold type, and whether the name is in capitals or in
            small letters.
        after_gap: whether the line comes first, or after an empty one.
    """

    name: str
    text: str
    form: tuple[bool, ...]
    after_gap: bool

    @property
    def begins_small(self) -> bool:
        """Return whether the text begins with a small letter."""
        return next((letter for letter in self.text if letter.isalnum()), "").islower()


@dataclass(frozen=True, slots=True)
class _Sums:
    """Count lines: all, those with each mark of form, those whose text begins small, those after an empty line."""

    lines: int
    form: tuple[int, ...]
    small: int
    gaps: int

    @classmethod
    def of(cls, heads: Sequence[Head]) -> _Sums:
        """Return the sums of *heads*."""
        form = tuple(sum(one.form[place] for one in heads) for place in range(_MARKS_OF_FORM))
        return cls(len(heads), form, sum(one.begins_small for one in heads), sum(one.after_gap for one in heads))

    def __sub__(self, other: _Sums) -> _Sums:
        form = tuple(mine - theirs for mine, theirs in zip(self.form, other.form, strict=True))
        return _Sums(self.lines - other.lines, form, self.small - other.small, self.gaps - other.gaps)


def head(line: str, *, after_gap: bool = False) -> Head | None:
    """Return the head of *line*; None where nothing in it could name a speaker."""
    match = _LINE.fullmatch(line.strip()) if ":" in line or "：" in line else None
    name = " ".join(unicodedata.normalize("NFC", match["name"]).split()) if match else ""
    if match is None or not _may_be_name(name) or (is_role(name) and _HOST_NAME.fullmatch(match["text"].strip())):
        return None
    form = (
        bool(match["before"]),
        bool(match["after"]),
        bool(match["bold"]),
        len(name) > 1 and name.isupper(),
        name.islower(),
    )
    return Head(name, match["text"], form, after_gap)


def speakers(heads: Sequence[Head], said: Sequence[str], *, paragraphs: int = 0) -> set[str]:
    """Return the names of *heads* that speak in a text.

    Args:
        heads: of the lines that have one, in order.
        said: the lines without their heads.
        paragraphs: how many of the lines come first or after an empty one.
    """
    evidence = _Evidence(heads, said, paragraphs)
    found = {name for name in evidence.counts if evidence.speaks(name)}
    return found if _LEAST_SHARE * sum(evidence.counts[name] for name in found) >= len(said) else set()


def doubtful(heads: Sequence[Head], names: Set[str], said: Sequence[str]) -> set[str]:
    """Return the names of *heads* that may speak and are not in *names*: "dan", "Me", "So Young".

    *said* as for ``speakers``.
    """
    labels = {one.name for one in heads if one.name not in names}
    found = {label for label in labels if _may_speak(label, is_german=False)}
    is_german = bool(found) and "german" in languages(said)  # where any noun has a capital
    return {label for label in found if _may_speak(label, is_german=True)} if is_german else found


def is_label_form(heads: Sequence[Head], names: Set[str], others: Set[str], lines: int) -> bool:
    """Return whether nearly all *lines* begin with one of *names* or *others*, and most of them with several *names*.

    What follows one of *others* is then no part of the turn before it.
    """
    named = sum(one.name in names for one in heads)
    labelled = named + sum(one.name in others for one in heads)
    return (
        len({one.name for one in heads} & names) >= _LEAST_SPEAKERS
        and _FEW_OTHERS * (lines - labelled) <= lines < 2 * named
    )


def _may_speak(name: str, *, is_german: bool) -> bool:
    """Return whether *name* is no label ("Note"), letter ("Q") or beginning of a sentence ("So", "Mein Vorschlag")."""
    if name.casefold() in LABELS or _letter(name) or (not is_cased(name) and _LONG_OR_CLAUSE.search(name)):
        return False
    first, *others = name.casefold().split()
    if first.rstrip(".") not in FUNCTION_WORDS:
        return not _is_small_phrase(name)
    if not others:
        return first in NAMES or first in PRONOUNS
    return not first.endswith(".") and name[0].isupper() and not is_german and first not in _NO_FIRST_WORDS


def may_name(name: str) -> bool:
    """Return whether *name* may name a speaker where the form of the text says so: no label, and no clause."""
    return _may_be_name(name) and (is_role(name) or _may_speak(name, is_german=False))


@lru_cache(maxsize=_MOST_NAMES)
def is_role(name: str) -> bool:
    """Return whether *name* is a role in a conversation and not a person: "Host", "Speaker 1"."""
    match = _ROLE.fullmatch(name.casefold())
    return match is not None and match[1] in ROLES


@lru_cache(maxsize=_MOST_NAMES)
def _may_be_name(name: str) -> bool:
    words = name.split()
    if len(words) > _MOST_WORDS or not _NAME.fullmatch(name) or _SENTENCE_END.search(name):
        return False
    if not is_cased(name):
        return len(words) <= _MOST_WORDS_UNCASED
    if _is_small_phrase(name):
        return len(words) <= _MOST_WORDS_UNCASED and FUNCTION_WORDS.isdisjoint(words)
    small = [word for word in words if word[0].islower() and word not in PARTICLES]
    return len(words) == 1 or is_role(name) or not small or (_has_device(name) and len(words) <= _MOST_WORDS_UNCASED)


def _has_device(name: str) -> bool:
    return any(map(_DEVICE.fullmatch, name.split()))


def _is_small_phrase(name: str) -> bool:
    """Return whether *name* is several words without capitals: a name only where no label has capitals."""
    return " " in name and name.islower() and not is_role(name) and not _has_device(name)


def _letter(name: str) -> str:
    """Return the single letter that *name* is, or nothing."""
    letter = name.casefold().rstrip(".")
    return letter if len(letter) == 1 and is_cased(letter) else ""


class _Evidence:
    """Weigh what a text shows about the labels of its lines."""

    def __init__(self, heads: Sequence[Head], said: Sequence[str], paragraphs: int) -> None:
        self._heads: dict[str, list[Head]] = {}
        for one in heads:
            self._heads.setdefault(one.name, []).append(one)
        self._order = [one.name for one in heads]
        self._said = said
        self._has_paragraphs = 0 < paragraphs < len(said)
        self.counts = Counter(self._order)

    def speaks(self, name: str) -> bool:
        """Return whether *name* speaks: it is neither a label nor the beginning of a sentence."""
        often = self.counts[name] > 1
        if self._is_label(name):
            return self._label_speaks(name)
        if _is_small_phrase(name):
            return self._all_small and self._is_dialogue
        if _letter(name):
            return self._letter_speaks(name)
        if name.casefold() in PRONOUNS and (often or (self._is_dialogue and self._has_other_pronoun(name))):
            return True
        if often:
            return not self._is_beginning(name) or self.counts[name] >= _OFTEN or self._is_confirmed(name)
        return (self._is_dialogue or self._is_placed_as_others(name)) and (
            not self._is_doubtful(name) or self._is_confirmed(name)
        )

    def _is_label(self, name: str) -> bool:
        """Return whether *name* is a label: "Ora" is one in Italian, and a name in other languages."""
        word = name.casefold().rstrip(".")
        return word in LABELS and (word not in NAMES or word in self._function_words)

    def _label_speaks(self, name: str) -> bool:
        """Return whether a label speaks after all: a letter beside others, or a name that takes turns and is called."""
        if len(self._letters) > 1 and _letter(name):
            return self._letter_speaks(name)
        if self.counts[name] == 1 or any(name == one == other for one, other in pairwise(self._order)):
            return False
        others = [one for one in self.counts if one != name]
        if _letter(name) == "a":
            return bool(others) and not any(map(self._is_label, others))
        return name in self._called

    def _letter_speaks(self, name: str) -> bool:
        """Return whether a letter is a speaker, and not a question, an answer or an item of a list."""
        if self._letters in _QUESTIONS:
            return False
        if len(self._letters) > 1:
            alone = all(_letter(one) or self._is_label(one) for one in self.counts)
            return alone or any(number > 1 for one, number in self.counts.items() if _letter(one))
        return self.counts[name] > 1 or self._is_dialogue

    def _has_other_pronoun(self, name: str) -> bool:
        return any(one.casefold() in PRONOUNS for one in self.counts if one != name)

    def _is_doubtful(self, name: str) -> bool:
        """Return whether *name* could as well begin a sentence, so that once is not enough: "Und", "ada"."""
        if not is_cased(name):
            return bool(_LONG_OR_CLAUSE.search(name))
        return not is_role(name) and (name.split()[0].islower() or self._is_beginning(name))

    def _is_beginning(self, name: str) -> bool:
        """Return whether *name* begins with a function word that is no name, or that begins sentences here."""
        first, *others = name.casefold().split()
        first = first.rstrip(".")
        if not is_cased(name) or first not in FUNCTION_WORDS:
            return False
        return first not in NAMES or (first in (ARTICLES if others else BEGINNINGS) and first in self._function_words)

    def _is_confirmed(self, name: str) -> bool:
        """Return whether the other lines show that a doubtful *name* is one."""
        first = name.casefold().split()[0]
        is_beginning = self._is_beginning(name)
        if name in (self._in_lines if first in NAMES else self._called) or self._has_form_of_others(
            name, is_beginning=is_beginning
        ):
            return True
        is_small_word = name.islower() and " " not in name
        first_names = self._first_names if " " in name else NAMES
        return first in first_names and not is_small_word and self._begins_as_others(name)

    def _has_form_of_others(self, name: str, *, is_beginning: bool) -> bool:
        """Return whether *name* has what all other speakers have: a time, bold type, capitals, small letters."""
        others, own = self._others(name), _Sums.of(self._heads[name])
        marks = [
            theirs == others.lines and mine == own.lines for theirs, mine in zip(others.form, own.form, strict=True)
        ]
        return others.lines > 0 and any(marks[:-1] if is_beginning else marks)

    def _is_placed_as_others(self, name: str) -> bool:
        """Return whether *name* has the form of several others, or begins a paragraph as all of them do."""
        others, own = self._others(name), _Sums.of(self._heads[name])
        begin_paragraphs = self._has_paragraphs and others.gaps == others.lines and own.gaps == own.lines
        return others.lines >= _OFTEN and (begin_paragraphs or self._has_form_of_others(name, is_beginning=True))

    def _begins_as_others(self, name: str) -> bool:
        """Return whether what follows *name* begins as the turns of others do; in German a capital shows nothing."""
        if self._languages == {"german"} and self._is_beginning(name):
            return False
        others, own = self._others(name), _Sums.of(self._heads[name])
        if others.lines > 1 and others.gaps == others.lines and own.gaps < own.lines:
            return False
        return 2 * others.small > others.lines or not own.small

    def _others(self, name: str) -> _Sums:
        """Return the sums of the heads that surely name other speakers."""
        return self._sure - _Sums.of(self._heads[name]) if self._is_sure(name) else self._sure

    def _is_sure(self, name: str) -> bool:
        return (
            not self._is_label(name)
            and not self._is_beginning(name)
            and (self._all_small or not _is_small_phrase(name))
        )

    def _may_be_turn(self, name: str) -> bool:
        if _is_small_phrase(name):
            return self._all_small
        return not self._is_label(name) or self._label_speaks(name)

    @cached_property
    def _all_small(self) -> bool:
        return all(name.islower() for name in self.counts)

    @cached_property
    def _sure(self) -> _Sums:
        return _Sums.of([one for name, heads in self._heads.items() if self._is_sure(name) for one in heads])

    @cached_property
    def _is_dialogue(self) -> bool:
        named = sum(number for name, number in self.counts.items() if self._may_be_turn(name))
        return 2 * named > len(self._said)

    @cached_property
    def _letters(self) -> set[str]:
        return set(filter(None, map(_letter, self.counts)))

    @cached_property
    def _function_words(self) -> frozenset[str]:
        return frozenset().union(*(STOP_WORDS[language] for language in self._languages))

    @cached_property
    def _first_names(self) -> frozenset[str]:
        """Return the function words and particles with which names begin; "Der Plan" is no name."""
        return NAMES | (PARTICLES - STOP_WORDS["german"] if "german" in self._languages else PARTICLES)

    @cached_property
    def _languages(self) -> set[str]:
        return languages(self._said)

    @cached_property
    def _in_lines(self) -> set[str]:
        return {word for line in self._said for word in _IN_A_LINE.findall(line)}

    @cached_property
    def _called(self) -> set[str]:
        return {word for line in self._said for word in _CALLED.findall(line)}
