"""The similarity of two short texts: the share of words that both have, whatever their order.

In scripts without spaces characters, and pairs of them, count as words. A misspelled word is the one that it was meant
to be, and a text is also compared by its first clause ("Review the contract and report back"). It is made for todos,
where a wrong "the same" is worse than a missed one: numbers, names and a "not" have to agree.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hedy_jupyter.analysis import transcripts
from hedy_jupyter.text import clauses, fold, mistyped_words
from hedy_jupyter.text.clean import without_surrogates
from hedy_jupyter.text.script_ranges import HAN, HIRAGANA, KATAKANA, SOUTHEAST_ASIAN, in_word
from hedy_jupyter.text.stop_words import FUNCTION_WORDS

_REPLACED_WEIGHT = 4  # a word in place of another one weighs so much more than one that is only added
_GRAMMAR_WEIGHT = 0.2  # what a pair of hiragana weighs, which is mostly grammar, and "please" in Chinese
_PAIR_WEIGHT = 0.5  # what a pair of Chinese characters weighs, each of which counts alone, too
_SHORTEST_STEM = 4
_FEWEST_WORDS = 2  # of a clause that says what is promised
_PART = 0.95  # what the same words count where they are only the first clause of one of the texts
_ROUNDING = 1e-9
_LONGEST_TEXT = 2_000  # characters; no todo is longer, and a page of text is none
_ENDINGS = ("ing", "ed", "es", "en", "er", "em", "s", "e", "n")  # longest first; of English, German, French, Spanish

# Words that only say that a todo is an old one: dropped everywhere.
_POLITE = (
    "please kindly still again finally bitte endlich nochmal nochmals erneut weiterhin encore toujours enfin svp favor "
    "favore"
)
# The same, but only where nothing else is in brackets, after a comma at the end, or before a colon.
_REMARKS = """
    carried over open still missing since last time meeting week pending outstanding overdue unfinished reminder
    continued follow up todo to do from at as discussed before yet moved not done noch offen übertrag übertragen
    verschoben letzten letztes mal erinnerung immer wie besprochen fehlt report reporté reportée rappel suite en
    attente pendiente recordatorio todavía aún sospeso promemoria ancora pendente ainda lembrete nog steeds
    herinnering
"""
_UNSPACED_REMARKS = (
    "継続|持ち?越し|再掲?|未完了?|前回(?:から|の続き)|リマインド|"
    "未完成|延[续續]|[继繼][续續]|仍?未完成|待[办辦]|上次未完成|提醒|再次"
)
_NEGATIONS = """
    not no never cannot without don doesn won nicht kein keine keinen keiner nie niemals ohne pas jamais sans non
    nunca jamás sin mai senza não nem sem niet geen nooit zonder
"""

_UNSPACED_RUN = re.compile(f"(?:{transcripts.UNSPACED.pattern})+")
_WORD = re.compile(rf"\d+(?:[.,:/-]\d+)*[^\W\d_]*|[^\W_][{in_word()}]*")
_UNSPACED_NEGATION = re.compile("[不别勿未]|ない|ません")
_NUMERALS = re.compile("[二三四五六七八九十百千]")
_GRAMMAR = re.compile(f"[{HIRAGANA}]+|[请請]")
_KANA = re.compile(f"[{HIRAGANA}{KATAKANA}]")
_HAN = re.compile(f"[{HAN}]")
_HAN_PAIR = re.compile(f"[{HAN}]{{2}}")
_CONTENT = re.compile(f"[{HAN}{KATAKANA}]")  # beside these, hiragana is grammar
_PIECE = re.compile(f"[{HAN}]+|[{KATAKANA}]+|[{SOUTHEAST_ASIAN}]+")
_CHINESE_PIECE = re.compile(
    f"[请請]|(?:(?!一下|(?<=一)下|(?<=[备備做写寫办辦定买買弄])好|[的了把吧呢帮幫与與和跟请請])[{HAN}])+|[{SOUTHEAST_ASIAN}]+"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")
_REMARK_AT_END = re.compile(r"\s*(?:[(\[【]([^()\[\]【】]+)[)\]】]|(?:,|;|\s[-–—])\s*([^,;()]{1,60}?))\s*[.!]*$")
_REMARK_IN_FRONT = re.compile(r"\s*(?:[(\[【]([^()\[\]【】]+)[)\]】]|([^:]{1,30}):)\s*(?=\S)")

_STOP = frozenset(map(fold.fold, FUNCTION_WORDS.union(_POLITE.split())))
_REMARK_WORDS = frozenset(_REMARKS.split()) | frozenset(_POLITE.split())
_NEGATION_WORDS = frozenset(map(fold.fold, _NEGATIONS.split()))


class TextFeatures(NamedTuple):
    """What a text is compared by.

    Attributes:
        words: its words without endings and function words, its numbers, and the pairs of characters of scripts without
            spaces.
        numbers: numbers, and what is used as one ("Q3", "Plan B").
        names: words with a capital that do not begin the text.
        surface_forms: all words, with and without endings, to see whether a name is among them.
        is_negated: whether it says "not".
        main: the words of its first clause, without when it is due; those of the whole text where it is one.
        spellings: its words with their keys in ``words``.
    """

    words: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    surface_forms: frozenset[str]
    is_negated: bool
    main: frozenset[str]
    spellings: frozenset[tuple[str, str]]


class _Word(NamedTuple):
    """One word of a text, with its place."""

    key: str
    start: int
    end: int


# Reading one text ------------------------------------------------------------


def features_of(text: str) -> TextFeatures:
    """Return the features of *text*; without ``words`` where it says nothing."""
    plain = _plain(text)
    tokens = list(_tokens(plain))
    found = list(_words(plain, tokens))
    numbers = {
        _number_key(token) for token, start in tokens if _is_number(token, _is_inside(plain, token, start))
    } | set(_NUMERALS.findall(plain))
    folded = {token: _folded(token) for token, _ in tokens}
    surface_forms = frozenset().union(*map(_surface_forms, folded.values()))
    names = {folded[token] for token, start in tokens if start and _is_name(token)}
    is_negated = not _NEGATION_WORDS.isdisjoint(folded.values()) or bool(_UNSPACED_NEGATION.search(plain))
    words = frozenset(word.key for word in found)
    beside = clauses.beside_main(plain)
    main = frozenset(word.key for word in found if all(word.end <= start or word.start >= end for start, end in beside))
    return TextFeatures(
        words,
        frozenset(numbers),
        frozenset(names),
        surface_forms,
        is_negated,
        main if _FEWEST_WORDS <= len(main) < len(words) else words,
        frozenset(filter(None, (_spelling(token, _is_inside(plain, token, start)) for token, start in tokens))),
    )


def shared(texts: Sequence[str]) -> str:
    """Return the words that all of *texts* have, as the last one writes them."""
    plains = [_plain(text) for text in texts]
    common = frozenset.intersection(
        *(frozenset(word.key for word in _words(plain, _tokens(plain))) for plain in plains)
    )
    plain, spans = plains[-1], list[tuple[int, int]]()
    for word in sorted(_words(plain, _tokens(plain)), key=lambda word: word.start):
        if word.key not in common:
            continue
        if spans and _is_one_piece(plains, spans[-1], word):
            spans[-1] = spans[-1][0], max(word.end, spans[-1][1])
        else:
            spans.append((word.start, word.end))
    return ", ".join(dict.fromkeys(plain[start:end] for start, end in spans))


def _is_one_piece(plains: Sequence[str], span: tuple[int, int], word: _Word) -> bool:
    """Return whether *word* goes on where *span* of the last text ends, or all texts have what is between them, too."""
    start, end = span
    between = plains[-1][end : word.start]
    return word.start < end or (
        bool(_UNSPACED_RUN.fullmatch(between)) and all(plains[-1][start : word.end] in plain for plain in plains)
    )


def _plain(text: str) -> str:
    """Return *text* in one form of each character, without remarks that only say that it is an old one."""
    plain = " ".join(unicodedata.normalize("NFKC", without_surrogates(text[:_LONGEST_TEXT])).split())
    is_shouted = plain.isupper() and sum(map(str.isupper, plain)) > 1
    plain = (plain.lower() if is_shouted else plain).replace("ё", "е").replace("Ё", "Е")
    while (match := _REMARK_AT_END.search(plain)) and match.start() and _is_remark(match):
        plain = plain[: match.start()]
    while (match := _REMARK_IN_FRONT.match(plain)) and _is_remark(match):
        plain = plain[match.end() :]
    return plain


def _is_remark(match: re.Match[str]) -> bool:
    inside = match[1] or match[2]
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", inside)]
    return bool(re.fullmatch(_UNSPACED_REMARKS, inside.strip())) or (
        bool(words) and all(word in _REMARK_WORDS for word in words)
    )


def _tokens(plain: str) -> Iterator[tuple[str, int]]:
    """Return the words of scripts with spaces, and where they begin."""
    spaced = _UNSPACED_RUN.sub(lambda run: " " * len(run[0]), plain)
    return ((match[0], match.start()) for match in _WORD.finditer(spaced))


def _words(plain: str, tokens: Iterable[tuple[str, int]]) -> Iterator[_Word]:
    pieces = _PIECE if _KANA.search(plain) else _CHINESE_PIECE
    for run in _UNSPACED_RUN.finditer(plain):
        found = list(pieces.finditer(plain, run.start(), run.end())) if _CONTENT.search(run[0]) else [run]
        for piece in found:
            yield from _characters(plain, *piece.span())
    for token, start in tokens:
        if key := _word_key(token, _is_inside(plain, token, start)):
            yield _Word(key, start, start + len(token))


def _characters(plain: str, start: int, end: int) -> Iterator[_Word]:
    """Return the pairs of characters of a piece of text, and of Chinese ones each alone, too."""
    for place in range(start, max(end - 1, start + 1)):
        yield _Word(plain[place : min(place + 2, end)], place, min(place + 2, end))
    if end - start > 1 and _HAN.match(plain, start):
        for place in range(start, end):
            yield _Word(plain[place], place, place + 1)


@functools.lru_cache(maxsize=20_000)
def _folded(token: str) -> str:
    return fold.fold(token)


@functools.lru_cache(maxsize=20_000)
def _word_key(token: str, is_inside: bool) -> str | None:
    """Return what *token*, the first word or one inside a text, is compared by, or None for a function word."""
    if _is_number(token, is_inside):
        return _number_key(token)
    folded = fold.fold(token)
    if len(folded) < 2 or folded in _STOP:
        return None
    return next(
        (
            folded.removesuffix(end)
            for end in _ENDINGS
            if folded.endswith(end) and len(folded) - len(end) >= _SHORTEST_STEM
        ),
        folded,
    )


@functools.lru_cache(maxsize=20_000)
def _spelling(token: str, is_inside: bool) -> tuple[str, str] | None:
    key = _word_key(token, is_inside) if token.isalpha() else None
    return (_folded(token), key) if key else None


def _is_inside(plain: str, token: str, start: int) -> bool:
    """Return whether *token* is no first word of a sentence: "A company", and "A社" in Japanese."""
    return start > 0 or bool(_UNSPACED_RUN.match(plain, len(token)))


def _is_number(word: str, is_inside: bool) -> bool:
    """Return whether *word* is a number or used as one: "12", "Q3", the B of "Plan B"."""
    return any(map(str.isdigit, word)) or bool(is_inside and len(word) == 1 and word.isupper() and word != "I")


def _number_key(token: str) -> str:
    return _ORDINAL.sub("", _THOUSANDS.sub("", token.casefold()))


def _is_name(token: str) -> bool:
    return len(token) > 1 and token[0].isupper()


@functools.lru_cache(maxsize=20_000)
def _surface_forms(folded: str) -> frozenset[str]:
    """Return a name as it is and without endings, so that "Filialen" and "Filiale" have one in common."""
    ends = (end for end in ("en", "s", "n") if folded.endswith(end) and len(folded) > _SHORTEST_STEM)
    return frozenset({folded, *(folded.removesuffix(end) for end in ends)})


# Comparing many --------------------------------------------------------------


class Comparison:
    """Compare texts with each other; words of few texts weigh more than words of many.

    Args:
        texts: all texts.
        min_score: the least score of ``candidates``, above 0 and up to 1.
    """

    def __init__(self, texts: Iterable[TextFeatures], min_score: float) -> None:
        ordered = sorted(set(texts), key=lambda one: sorted(one.words))
        self._meant = mistyped_words.same_words(
            (word for one in ordered for word, _ in one.spellings),
            frozenset[str]().union(*(one.names for one in ordered)),
        )
        self._keys = _same_keys(ordered, self._meant)
        self._views = {one: self._views_of(one) for one in ordered}
        self._forms = {one: _replaced(one.surface_forms, self._meant) for one in ordered}
        counts = Counter(word for whole, _ in self._views.values() for word in whole)
        self._weights = {word: _weight(word, len(ordered), count) for word, count in counts.items()}
        self._totals = {words: self._weight(words) for views in self._views.values() for words in views}
        self._rarest_first = {words: self._sorted(words) for words in self._totals}
        self._min_score = min_score
        # Of two similar texts each shares the first part of its words with the other; one of them, as an exchange costs
        # more, the second.
        exchanged = min_score * (2 + _REPLACED_WEIGHT)
        self._shares = min_score, exchanged / (exchanged + 1 - min_score)
        self._by_word = {share: self._index(ordered, share) for share in self._shares}

    def candidates(self, one: TextFeatures) -> list[TextFeatures]:
        """Return the texts that are like *one* with at least the least score, itself among them."""
        each, either = self._shares
        others = dict.fromkeys(
            other
            for share, index in ((each, self._by_word[either]), (either, self._by_word[each]))
            for view in set(self._views[one])
            for word in self._rarest_words(view, share)
            for other in index[word]
        )
        similar = (other for other in others if self._similarity(one, other) >= self._min_score)
        return [other for other in similar if not self._contradict(one, other)]

    def score(self, one: TextFeatures, other: TextFeatures) -> float:
        """Return from 0 for nothing in common, or a different number, name or "not", to 1 for the same words."""
        return 0.0 if self._contradict(one, other) else self._similarity(one, other)

    def _similarity(self, one: TextFeatures, other: TextFeatures) -> float:
        """Return the score of two texts that do not contradict each other."""
        (whole, main), (other_whole, other_main) = self._views[one], self._views[other]
        found = self._alike(whole, other_whole)
        if (main is whole) == (other_main is other_whole):  # two that say more have to say the same
            return found
        return max(found, _PART * self._alike(main, other_main))

    def _alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Return the share of words that are the same."""
        both = self._weight(one & other)
        if not both:
            return 0.0
        left, right = (self._totals[words] - both for words in (one, other))
        return 1.0 if one == other else both / (both + left + right + _REPLACED_WEIGHT * min(left, right))

    def _views_of(self, one: TextFeatures) -> tuple[frozenset[str], frozenset[str]]:
        """Return the words of a text, and of its first clause, as they were meant."""
        whole, main = (_replaced(words, self._keys) for words in (one.words, one.main))
        return whole, whole if main == whole else main

    def _contradict(self, one: TextFeatures, other: TextFeatures) -> bool:
        """Return whether the two name different things, or one says what the other denies."""
        if one.is_negated != other.is_negated or (one.numbers and other.numbers and one.numbers != other.numbers):
            return True
        return self._names_another(one, other) and self._names_another(other, one)

    def _names_another(self, one: TextFeatures, other: TextFeatures) -> bool:
        known = self._forms[other]
        return any(known.isdisjoint(self._meant.get(form, form) for form in _surface_forms(name)) for name in one.names)

    def _weight(self, words: Iterable[str]) -> float:
        return sum(map(self._weights.__getitem__, words))

    def _sorted(self, words: frozenset[str]) -> list[str]:
        return sorted(words, key=lambda word: (-self._weights[word], word))

    def _index(self, ordered: Iterable[TextFeatures], share: float) -> Mapping[str, list[TextFeatures]]:
        found: Mapping[str, list[TextFeatures]] = defaultdict(list)
        for one in ordered:
            views = set(self._views[one])
            for word in dict.fromkeys(word for view in views for word in self._rarest_words(view, share)):
                found[word].append(one)
        return found

    def _rarest_words(self, words: frozenset[str], share: float) -> list[str]:
        """Return the rarest of *words*, so many that what is left without them weighs less than *share* of all.

        A text that has so much in common with them has one of these words; in one order of all words, the first word
        that the two share is among these of both.
        """
        left = self._totals[words]
        least = left * share - _ROUNDING
        found = []
        for word in self._rarest_first[words]:
            if left < least:
                break
            found.append(word)
            left -= self._weights[word]
        return found


def _replaced(words: frozenset[str], meant: Mapping[str, str]) -> frozenset[str]:
    return words if meant.keys().isdisjoint(words) else frozenset(meant.get(word, word) for word in words)


def _same_keys(texts: Iterable[TextFeatures], meant: Mapping[str, str]) -> Mapping[str, str]:
    """Return key of a misspelled word → key of the word that is meant."""
    keys = dict(pair for one in texts for pair in one.spellings)
    found: dict[str, str] = {}

    def root_of(key: str) -> str:
        while key in found:
            key = found[key]
        return key

    for word, right in sorted(meant.items()):
        one, two = sorted((root_of(keys[word]), root_of(keys[right])))
        if one != two:
            found[two] = one
    return {key: root_of(key) for key in found}


def _weight(word: str, texts: int, count: int) -> float:
    weight = 1 + math.log(texts / count)
    if _GRAMMAR.fullmatch(word):
        return weight * _GRAMMAR_WEIGHT
    return weight * _PAIR_WEIGHT if _HAN_PAIR.fullmatch(word) else weight
