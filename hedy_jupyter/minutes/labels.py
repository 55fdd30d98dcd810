"""Labels: what a heading of minutes announces, and whether an entry only says that there is nothing."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from hedy_jupyter.minutes import vocabulary
from hedy_jupyter.text.fold import ignore_case, without_marks
from hedy_jupyter.text.punctuation import plain_marks
from hedy_jupyter.text.script_ranges import CJK, HANGUL, SOUTHEAST_ASIAN

EntryKind: TypeAlias = Literal["decision", "question", "action"]
"""What an entry of minutes is."""
OTHER = "other"
"""What a heading announces that is known, and lists none of these."""
_PARTNER = "partner"  # what is joined with another one, and then announces the same

LONGEST_LABEL = 80  # characters; a longer text is a sentence
_UNSPACED = f"{CJK}{HANGUL}{SOUTHEAST_ASIAN}"


class _Patterns(NamedTuple):
    """Patterns of labels, which are compiled at the first use: ``%load_ext`` waits for none of them."""

    gap_inside: re.Pattern[str]
    number: re.Pattern[str]
    number_behind: re.Pattern[str]
    remark: re.Pattern[str]
    plural: re.Pattern[str]
    framed: re.Pattern[str]
    joint: re.Pattern[str]
    word: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    numeral = r"(?:[ivx]{1,4}|[a-h]|[一二三四五六七八九十]{1,3})[).、．）:]"
    joint = r"and|und|et|y|e|ed|en|i|и|та|och|og|ja|ve|và|dan|și|a|és|og|και|ו"
    unspaced_joint = rf"(?<=[{_UNSPACED}])(?:と|及び|および|和|及|与|與|및|และ)(?=[{_UNSPACED}])"
    return _Patterns(
        gap_inside=re.compile(rf"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])"),
        number=re.compile(rf"^(?:[(（]?\d{{1,2}}(?:[.)]\d{{1,2}})*[^\w]+|[(（]?{numeral}\s*|\d{{1,2}}(?=[{CJK}]))"),
        number_behind=re.compile(r"\s*(?:#|nr\.?|no\.?|№)?\s*\d{1,3}$"),
        remark=re.compile(r"\s*[(（\[【]([^()（）\[\]【】]*)[)）\]】]\s*$"),
        plural=re.compile(r"(?<=\w)\((?:s|es|n|en)\)"),
        framed=re.compile(r"\W*[(（\[【「『〈《]([^()（）\[\]【】]+)[)）\]】」』〉》]\W*"),
        joint=re.compile(rf"\s*(?:[/+&、,，・]|\s(?:{joint})\s|{unspaced_joint})\s*"),
        word=re.compile(r"[^\s,;:.!?…。、，؛؟।()\[\]]+"),
    )


def plain_label(text: str) -> str:
    """Return *text* folded for comparing with the vocabulary, without marks of Markdown, emoji and punctuation."""
    folded = without_marks(plain_marks(ignore_case(text))).replace("ı", "i")
    if (framed := _patterns().framed.fullmatch(folded)) is not None:
        folded = framed[1]
    folded = _patterns().plural.sub("", folded)
    shown = folded if folded.isascii() else "".join(filter(_is_shown, folded))
    whole = unicodedata.normalize("NFC", _trimmed(re.sub(r"[*_`~]", "", shown)))
    return _patterns().gap_inside.sub("", " ".join(whole.split()))


def _is_shown(letter: str) -> bool:
    """Return whether *letter* is neither invisible nor a mark around another one."""
    return unicodedata.category(letter) not in {"Cf", "Me"}


def _trimmed(text: str) -> str:
    """Return *text* without what is neither letter nor digit at its ends; a closing bracket stays."""
    start, end = 0, len(text)
    while start < end and not (text[start].isalnum() or text[start] in "(（"):
        start += 1
    while end > start and not (_is_of_word(text[end - 1]) or text[end - 1] in ")）]】"):
        end -= 1
    return text[start:end]


def _is_of_word(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


@functools.lru_cache(maxsize=4096)
def announced(label: str) -> frozenset[str]:
    """Return what the heading *label* announces: kinds of entries, or ``OTHER``; nothing where it is not known.

    A heading that joins several, "Decisions and action items", announces all of them.
    """
    if len(label) > LONGEST_LABEL:
        return frozenset()
    found = _without_remark(plain_label(label))
    if found is None:
        return frozenset()
    for text in dict.fromkeys(
        (found, _patterns().number.sub("", found, count=1), _patterns().number_behind.sub("", found))
    ):
        if kind := _kind(_bare_edges(text)):
            return frozenset({OTHER if kind == _PARTNER else kind})
        kinds = {
            _kind(_bare_edges(part)) for part in _patterns().joint.split(_patterns().number.sub("", text, count=1))
        } - {_PARTNER}
        if not kinds & {None, OTHER}:
            return frozenset(filter(None, kinds))
    return frozenset()


def is_numbered(label: str) -> bool:
    """Return whether *label* names one entry by its number: "Decision 2"."""
    return bool(_patterns().number_behind.search(plain_label(label)))


def _without_remark(label: str) -> str | None:
    """Return *label* without a number, a date or a known word in brackets behind it; None where others are there."""
    remark = _patterns().remark.search(label)
    if remark is None:
        return label
    inner = _trimmed(remark[1])
    is_harmless = not any(letter.isalpha() for letter in inner) or bool(_kind(inner)) or inner in _phrases("AFTER")
    return label[: remark.start()] if is_harmless or inner in _phrases("BEFORE") else None


def _bare_edges(text: str) -> str:
    return re.sub(r"^\W+|\s+$", "", text)


def _kind(label: str) -> str | None:
    """Return the kind of a folded label, tried without the words that may be before and behind its noun."""
    nouns, before, after = _nouns(), _phrases("BEFORE"), _phrases("AFTER")
    beginnings = list(_stripped(label, before, from_end=False))
    for shorter in beginnings:
        for bare in _stripped(shorter, after, from_end=True):
            if (kind := nouns.get(bare)) is not None:
                return kind
    return None


def _stripped(label: str, words: frozenset[str], *, from_end: bool) -> Iterator[str]:
    """Yield *label*, then what is left of it without one, two or three of *words* at its beginning or end."""
    left = [label]
    for _ in range(3):
        yield from left
        left = [rest for text in left for rest in _without_one(text, words, from_end=from_end)]
    yield from left


def _without_one(text: str, words: frozenset[str], *, from_end: bool) -> Iterator[str]:
    for end in range(1, len(text)):
        word, rest = (text[-end:], text[:-end]) if from_end else (text[:end], text[end:])
        if word in words:
            edge, border = (rest[-1], word[0]) if from_end else (rest[0], word[-1])
            if edge == " " or (_is_unspaced(border) and _is_unspaced(edge)):
                yield rest.strip()


def _is_unspaced(letter: str) -> bool:
    return re.match(f"[{_UNSPACED}]", letter) is not None


@functools.cache
def _nouns() -> Mapping[str, str]:
    """Return folded label → kind; what announces two kinds in two languages is the first of them."""
    found = dict.fromkeys(_folded(vocabulary.OTHERS), OTHER) | dict.fromkeys(_folded(vocabulary.PARTNERS), _PARTNER)
    tables = (("action", vocabulary.ACTIONS), ("question", vocabulary.QUESTIONS), ("decision", vocabulary.DECISIONS))
    for kind, table in tables:
        for phrases in table.values():
            found |= dict.fromkeys(_folded(phrases), kind)
    return found


@functools.cache
def _phrases(name: str) -> frozenset[str]:
    return frozenset(_folded(getattr(vocabulary, name)))


def _folded(phrases: str) -> Iterable[str]:
    return (plain_label(phrase) or phrase for phrase in phrases.split("|"))


# Entries that say "none" ------------------------------------------------------


def is_nothing(text: str) -> bool:
    """Return whether an entry only says that there is none: "No decisions were made", "Keine", "特になし"."""
    label = _patterns().remark.sub("", plain_label(text))
    if not any(letter.isalnum() for letter in label):
        return True
    if len(label) > LONGEST_LABEL:
        return False
    if any(pattern.fullmatch(re.sub(r"\W", "", label)) for pattern in _nothing_unspaced()):
        return True
    words = _patterns().word.findall(label)
    negations = _phrases("NEGATIONS")
    if not any(word in negations for word in words) or not all(word in _none_words() for word in words):
        return False
    return len(words) == 1 or any(word in _telling_words() for word in words)


@functools.cache
def _nothing_unspaced() -> tuple[re.Pattern[str], ...]:
    patterns = (unicodedata.normalize("NFC", without_marks(pattern)) for pattern in vocabulary.NOTHING_UNSPACED)
    return tuple(map(re.compile, patterns))


@functools.cache
def _telling_words() -> frozenset[str]:
    """Return the words that say of what there is none: nouns of headings, and the verbs that go with them."""
    nouns = {word for label, kind in _nouns().items() if kind != OTHER for word in label.split()}
    too_common = {"the", "meeting", "in", "this", "s", "a", "n", "de", "reunion"}
    return (frozenset(nouns) | _phrases("INFLECTED") | _phrases("FILLERS")) - too_common


@functools.cache
def _none_words() -> frozenset[str]:
    return _telling_words() | _phrases("FILLERS") | _phrases("NEGATIONS")
