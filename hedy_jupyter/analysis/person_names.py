"""Find people's names in texts: whole and by their words, in any case, inflected, in handles.

And count what else may be a name.

A name that is a word too ("will", "mark") counts as one only where it is written as one: with a capital, after an
``@``, before digits. Whatever may be a name and stays, known or not, is reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hedy_jupyter.analysis import name_vocabulary, speaker_labels
from hedy_jupyter.analysis.name_ambiguity import LETTERS, Place, Use
from hedy_jupyter.text.scripts import HAN, HIRAGANA, KATAKANA, MARKS, UNSPACED, is_cased
from hedy_jupyter.text.stop_words import NAMES, PRONOUNS, STOP_WORDS

UNSPACED_NAME = re.compile(rf"[{UNSPACED}\s・·]+")
_HONORIFICS = "さん|さま|様|氏|君|くん|ちゃん|殿|先生|先輩|老师|老師|女士|小姐|同学|同學|님|씨"
_HONORIFIC = re.compile(f"(?:{_HONORIFICS})$")

_WORD = re.compile(rf"[^\W\d_](?:[^\W_]|[{MARKS}'’])*")
_BRACKETS = re.compile(r"[(\[（].*?(?:[)\]）]|$)")
_PLAIN_NAME = re.compile(rf"{LETTERS}(?:(?:\.? |[.'’-]){LETTERS})*\.?")
_GAP, _TIGHT_GAP, _GAP_BACKWARDS = (
    re.compile(r"\.?\s+|[._-]|['’ʼ]"),
    re.compile(r"[._-]"),
    re.compile(r",\s*|\s+|[._-]"),
)
_HUMP = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_KIN = "(?<!たく)(?<!みな)(?<!とう)(?<!かあ)(?<!にい)(?<!ねえ)(?<!おじ)(?<!おば)(?<!じい)(?<!ばあ)(?<!きゃく)"
_HONOURED = re.compile(
    "(?:(?![的了是在和跟与與请請对對给給])[\u3400-\u9fff々]){1,4}(?=(?:さん|さま|様|氏|くん|ちゃん|先生|先輩|老师|老師|女士|同学|同學))"
    f"|(?:[{KATAKANA}]{{2,8}}|(?<![{HAN}])[{HIRAGANA}]{{2,4}}{_NOT_KIN})(?=さん|さま|様|くん|ちゃん)"
    "|[\uac00-\ud7a3]{2,4}(?=\\s?(?:님|씨)(?![\uac00-\ud7a3]{3}))"
)
_UNSPACED_LABEL = re.compile(
    r"^[ \t]*(?:[-*•][ \t]+)?([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{2,20})[:：]", re.MULTILINE
)
_EASTERN_NAME = re.compile(f"[{HAN}]{{3,5}}|[\uac00-\ud7a3]{{3,4}}")
_EVERYBODY = frozenset(["皆", "客", "大家", "各位"])
_PREFIXES = re.compile(
    "[ולבשהמכ]{1,2}(?=[\u05d0-\u05ea]{3})|[وفبلك]{1,2}(?=[\u0621-\u064a]{3})"
)  # "and", "to", "in" in Hebrew, Arabic
_DOUBLED = re.compile("([kpt])\\1(?=[aeiouyäö]$)")
_SPECIAL_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_VOWELS = tuple(
    "aeiouyäöáéíóúýěůàèìòùąęаеёиоуыэюяійьїєαεηιουωοσ"
)  # after which a name takes no ending of a name with a consonant

_TITLES = "doctor dr herr frau madame monsieur mme mlle mr mrs ms miss prof professor señor señora signor signora sir dame lady lord"
_ROLES = "speaker sprecher sprecherin guest gast host moderator moderatorin interviewer participant unknown user customer client"
_SMALL = "the der die das den dem des el la le les los il lo of and und et y e von van vom de da di du dos del della zu zum zur für for"
# particles and titles
_NO_CAPITALS = "بن ابن بنت عبد أبو ابو أم آل السيد السيدة الدكتور الدكتورة בן בת אבו מר גברת श्री श्रीमती डॉ जी"
_NOBODY = frozenset(f"{_TITLES} {_ROLES} {_SMALL} {_NO_CAPITALS}".split())
_STOP = frozenset().union(*STOP_WORDS.values())
_NO_PARTS = speaker_labels.PARTICLES | (_STOP - NAMES)
_NO_INFLECTED = _STOP.union(*name_vocabulary.ORDINARY.values())
_STEM, _ENDING = 3, 4  # letters that forms of a name share at least, and that an ending has at most
_LONG = 8  # letters of two names in one, from which on no word is both by chance


def folded(text: str) -> str:
    """Return *text* without differences of case, width and Unicode form."""
    return unicodedata.normalize("NFKC", text).casefold()


def same(name: str) -> str:
    """Return what the spellings of a name have in common: the number of spaces and the form of apostrophes do not count either."""
    one = " ".join(folded(name).split()).replace("’", "'")
    return one.replace(" ", "") if UNSPACED_NAME.fullmatch(one) else one


@lru_cache(maxsize=10_000)
def _key(word: str) -> str:
    """Return what is looked up for *word*: without what people leave out, such as the dots of ё and the accents of Greek."""
    key = folded(word).replace("i\u0307", "i").replace("ı", "i").replace("ё", "е")
    if re.search("[\u0370-\u03ff]", key):
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFD", key).replace("\u0301", ""))
    return re.sub("[\u0591-\u05c7\u064b-\u065f\u0670\u200c\u200d]", "", key)


@dataclass(frozen=True, slots=True)
class _Form:
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
class _Row:
    """A name of several words: their keys, and what may stand between them."""

    keys: tuple[str, ...]
    gap: re.Pattern[str]
    name: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What names say about a word: its forms, the names of several words that begin with it, and the letters before the name in it."""

    forms: Sequence[_Form]
    rows: Sequence[_Row]
    head: int


@dataclass(frozen=True, slots=True)
class _Hit:
    """A name in a text: how many words it takes, and how many letters of the first and the last are no part of it."""

    name: str
    words: int = 1
    head: int = 0
    tail: int = 0


class Names:
    """Find the people of *names* in texts; *texts* are all of them, whose use of words shows which may be names."""

    def __init__(self, names: Iterable[str], texts: Sequence[str]) -> None:
        known = {" ".join(unicodedata.normalize("NFC", name).split()) for name in names}
        self.names = frozenset(folded(word) for name in known for word in (name, *name.split()))
        self._use = Use(texts, frozenset(_key(part) for name in known for part in name.split()))
        self._given: set[str] = set()
        self._forms: dict[str, list[_Form]] = {}
        self._rows: dict[str, list[_Row]] = {}
        self._words: dict[str, _Known] = {}
        self._stems: dict[str, int] = {}
        self._given_names = _given_names(known)
        self._odd = _pattern(odd for name in sorted(known) if self._is_somebody(name) for odd in self._add(name))
        for forms in self._forms.values():
            forms.sort(key=lambda form: (form.kind != "exact", form.kind == "shared", not form.name, -len(form.base)))
        for rows in self._rows.values():
            rows.sort(key=lambda row: -len(row.keys))

    def replace(self, text: str, mark: Callable[[str], str], left: Callable[[str], None]) -> str:
        """Return *text* with ``mark(name)`` in the place of each name.

        Call *left* with what may be a name and stays.
        """
        parts, end = [], 0
        for found in self._odd.finditer(text) if self._odd else ():
            parts += [self._without_words(text[end : found.start()], mark, left), mark(found[0])]
            end = found.end()
        return "".join([*parts, self._without_words(text[end:], mark, left)])

    def _without_words(self, text: str, mark: Callable[[str], str], left: Callable[[str], None]) -> str:
        place = Place(text, self._use)
        parts, end, index = [], 0, 0
        while index < len(place):
            hit = None if self._is_nothing(place.word(index)) else self._hit(place, index)
            if hit is not None:
                parts += [text[end : place.start(index) + hit.head], mark(hit.name)]
                end = place.end(index + hit.words - 1) - hit.tail
            elif not self._is_nothing(place.word(index)) and self._is_candidate(place, index):
                left(_key(place.word(index)))
            index += hit.words if hit is not None else 1
        unspaced = {
            *_HONOURED.findall(text),
            *_UNSPACED_LABEL.findall(text),
            *(name for name in self._given_names if name in text),
        }
        for candidate in unspaced - _EVERYBODY:
            left(candidate)
        return "".join([*parts, text[end:]])

    # What a word is ----------------------------------------------------------

    def _hit(self, place: Place, index: int) -> _Hit | None:
        """Return the name that begins with a word of *place*."""
        word = place.word(index)
        known = self._known(word)
        for row in known.rows:
            if self._has_row(place, index, row):
                return _Hit(row.name, len(row.keys), known.head, self._tail(place, index + len(row.keys) - 1))
        found = next((form for form in known.forms if form.name and self._fits(form, place, index)), None)
        return _Hit(found.name, 1, known.head, self._tail(place, index)) if found else None

    def _known(self, word: str) -> _Known:
        """Return what names say about *word*; the same words come again and again."""
        if word not in self._words:
            head, forms = self._head(word), self._looked_up(word)
            keys = dict.fromkeys([*(form.base for form in forms), _key(word)])
            self._words[word] = _Known(forms, [row for key in keys for row in self._rows.get(key, ())], head)
        return self._words[word]

    def _looked_up(self, word: str) -> Sequence[_Form]:
        key = _key(word)
        forms = self._forms.get(key, [])
        if self._is_genitive(key):
            return [
                *(_Form(form.base, form.name, "genitive") for form in self._forms[key[:-1]] if form.kind == "exact"),
                *forms,
            ]
        return forms or self._forms.get(_key(word[self._head(word) :]), [])

    def _is_nothing(self, word: str) -> bool:
        """Return whether *word*, in small letters, has nothing in common with any name."""
        return word.islower() and not self._known(word).forms and not self._known(word).rows

    def _is_exact(self, key: str) -> bool:
        return any(form.kind == "exact" for form in self._forms.get(key, ()))

    def _is_genitive(self, key: str) -> bool:
        is_short_word = len(key) < 4 and key in _STOP  # "Yes", "Das"
        return (
            len(key) > 2
            and key[-1] == "s"
            and not is_short_word
            and self._is_exact(key[:-1])
            and not self._is_exact(key)
        )

    def _head(self, word: str) -> int:
        """Return how many letters of *word* are a prefix before a name."""
        prefix = _PREFIXES.match(word)
        lengths = range(1, len(prefix[0]) + 1) if prefix and word not in self._forms else ()
        return next((length for length in lengths if self._is_exact(_key(word[length:]))), 0)

    def _tail(self, place: Place, index: int) -> int:
        """Return 1 where a word ends in the s of a genitive ("Adas"), else 0."""
        key = _key(place.word(index))
        return int(not place.digits(index) and self._is_genitive(key))

    def _has_row(self, place: Place, index: int, row: _Row) -> bool:
        """Return whether the words of *row* follow each other here.

        In small letters too, if one of them is no ordinary word.
        """
        last = index + len(row.keys) - 1
        if last >= len(place) or place.rest(last) or any(place.digits(at) for at in range(index, last)):
            return False
        for at, key in enumerate(row.keys, index):
            word = place.word(at)
            bases = {
                form.base for form in self._known(word).forms if form.kind != "shared" or "other" in place.languages
            }
            if key not in {_key(word), *bases} or (at > index and not row.gap.fullmatch(place.between(at))):
                return False
        if row.gap is _GAP_BACKWARDS and "," in place.between(index + 1) and place.word(last).islower():
            return False
        if any(len(key) > 1 and self._use.is_only_a_name(key, place.languages) for key in row.keys):
            return True
        return not any(place.word(at)[0].islower() for at in range(index, last + 1))

    def _fits(self, form: _Form, place: Place, index: int) -> bool:
        """Return whether a word is *form* and no other word, by how it is written."""
        word, is_handle = place.word(index), place.is_handle(index)
        if (
            place.rest(index)
            or (place.digits(index) and not is_handle)
            or (form.kind == "shared" and "other" not in place.languages)
        ):
            return False
        if form.kind == "joined":
            return is_handle or len(form.base) >= _LONG or bool(_HUMP.search(word))
        if form.kind == "initial":
            return is_handle
        if is_handle or not is_cased(word):
            return True
        written = _key(word) if form.kind == "genitive" else form.base
        if word[0].isupper():
            return not place.is_function_word(index) and not (
                form.kind == "genitive" and place.has_function_word(written)
            )
        is_told_apart = form.kind in {"exact", "plain", "genitive"} or len(form.base) > 3
        return word in self._given or (
            is_told_apart and all(self._use.is_only_a_name(one, place.languages) for one in (form.base, written))
        )

    def _is_candidate(self, place: Place, index: int) -> bool:
        """Return whether a word that stays may be a name: a form of a known one, or a word that is written as names are."""
        word = place.word(index)
        if place.is_contraction(index) or speaker_labels.is_role(word):
            return False
        kinds = {form.kind for form in self._known(word).forms if form.name}
        if kinds - {"shared", "joined", "genitive"} or (
            "genitive" in kinds and not place.has_function_word(_key(word))
        ):
            return True
        humps = _HUMP.split(word)
        if len(humps) > 1 and any(len(hump) > 2 and self._is_exact(_key(hump)) for hump in humps):
            return True
        if place.digits(index) or place.rest(index):
            return False
        return self._use.may_be_name(place, index) or (self._has_stem(word) and self._use.is_unknown(word))

    # What names there are ----------------------------------------------------

    def _is_somebody(self, name: str) -> bool:
        """Return whether *name* is more than a letter, and no pronoun.

        "Du" is a name where the texts are not German.
        """
        own = frozenset().union(*(STOP_WORDS.get(language, ()) for language in self._use.languages))
        key = _key(name)
        return (len(folded(name)) > 1 or bool(UNSPACED_NAME.fullmatch(name))) and not (
            key in PRONOUNS and (key in own or key not in NAMES)
        )

    def _add(self, name: str) -> Iterator[str]:
        """Add *name*; yield what has to be found letter by letter."""
        parts = _parts(name)
        yield from (part for part in parts if UNSPACED_NAME.fullmatch(part))
        spaced = [part for part in parts if not UNSPACED_NAME.fullmatch(part)]
        for part in spaced:
            self._add_words(part, is_given=part == name)
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
        keys = tuple(map(_key, re.findall(LETTERS, name)))
        if len(keys) > 1:
            self._add_row(_Row(keys, _GAP, name))
            if " " not in name and "-" not in name:  # "oneil" of "O'Neil"
                self._put("".join(keys), _Form("".join(keys), name, "plain"))
        else:
            if is_given:
                self._given.add(name)
            self._put(keys[0], _Form(keys[0], name))
        for key in keys:
            self._add_stem(key)
            for form, kind in _inflected(key):
                self._put(form, _Form(key, "" if len(keys) > 1 else name, kind))

    def _add_stem(self, key: str) -> None:
        """Add what all inflected forms of the word *key* begin with."""
        plain = _unaccented(key)
        if is_cased(key) and len(plain) >= _STEM:
            stem = plain[: max(_STEM, len(plain) - _STEM)]
            self._stems[stem] = max(len(plain), self._stems.get(stem, 0))

    def _has_stem(self, word: str) -> bool:
        """Return whether the unknown *word* may be an inflected form of a name, or a longer word that begins with one."""
        key = _key(word)
        if not is_cased(word):
            return any(self._is_exact(key[:length]) for length in range(2, len(key)))
        plain = _unaccented(key)
        lengths = range(_STEM, len(plain) + 1)
        return word[0].isupper() and any(
            len(plain) <= self._stems.get(plain[:length], -_ENDING) + _ENDING for length in lengths
        )

    def _add_handles(self, words: Sequence[str], name: str) -> None:
        """Add first and last name in either order, also as one word, and one of them with the other's first letter: "a.lovelace"."""
        first, last = (tuple(map(_key, re.findall(LETTERS, word))) for word in (words[0], words[-1]))
        whole = "".join(map(_key, re.findall(LETTERS, name)))
        self._put(whole, _Form(whole, name, "joined"))
        self._add_row(_Row(tuple(_key(key) for word in words for key in re.findall(LETTERS, word)), _GAP, name))
        self._add_row(_Row(first + last, _GAP, name))
        self._add_row(_Row(last + first, _GAP_BACKWARDS, name))
        for short, long in ((first, last), (last, first)):
            self._add_row(_Row((short[0][0], *long), _TIGHT_GAP, name))
            self._add_row(_Row((*long, short[0][0]), _TIGHT_GAP, name))
            self._put("".join(short + long), _Form("".join(short + long), name, "joined"))
            for joined in (short[0][0] + "".join(long), "".join(long) + short[0][0]):
                self._put(joined, _Form(joined, name, "initial"))

    def _add_row(self, row: _Row) -> None:
        self._rows.setdefault(row.keys[0], []).append(row)

    def _put(self, key: str, form: _Form) -> None:
        forms = self._forms.setdefault(key, [])
        if form not in forms:
            forms.append(form)


def _parts(name: str) -> list[str]:
    """Return the words of *name* that name somebody too; in a name that has capitals a small word may be a particle."""
    if any(character.isdigit() for character in name):  # "Speaker 1"
        return []
    words = [_HONORIFIC.sub("", word) for word in _WORD.findall(_BRACKETS.sub(" ", name))]
    parts = [
        word
        for word in words
        if word.casefold() not in _NOBODY and (not word[:1].islower() or word.casefold() not in _NO_PARTS)
    ]
    return [part for part in parts if len(folded(part)) > 1]


def _given_names(names: Iterable[str]) -> frozenset[str]:
    """Return what people call each other by a part of a name in Chinese, Japanese or Korean, and what may be a word as well."""
    found: set[str] = set()
    for name in (_HONORIFIC.sub("", name) for name in names):
        if _EASTERN_NAME.fullmatch(name):
            found.add(name[-2:])
        if re.fullmatch(f"[{HAN}]{{2,5}}", name):
            found |= {f"{before}{name[0]}" for before in "小老阿"} | {
                f"{name[0]}{after}" for after in ("总", "總", "哥", "姐", "工", "经理")
            }
            found |= {name[:2]} if len(name) > 3 else set()  # two characters are a family name in Japanese
    return frozenset(found)


def _unaccented(key: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", key.translate(_SPECIAL_LETTERS)))


@lru_cache(maxsize=1_000)
def _inflected(key: str) -> Sequence[tuple[str, str]]:
    """Return the other forms of the word *key*, each with its kind."""
    if re.search("[\u0900-\u097f]", key):
        return [(key + "जी", "inflected")]
    if not is_cased(key) or len(key) < 2:
        return ()
    if re.search("[\u0370-\u052f]", key):
        found = [
            (form, "inflected")
            for end, endings in name_vocabulary.OTHER.items()
            for form in _ended(key, _key(end), endings)
        ]
    else:
        found = [(plain, "plain") for plain in _without_accents(key)]
        for end, (own, shared) in name_vocabulary.LATIN.items():
            found += [(form, "inflected") for form in _ended(key, end, own)] + [
                (form, "shared") for form in _ended(key, end, shared)
            ]
        for end, endings in name_vocabulary.HUNGARIAN.items():
            found += [(form, "inflected") for form in _ended(key, end, endings)]
        own, shared = name_vocabulary.ADDED.get(key[-1], ((), ()))
        for stem in (key, _DOUBLED.sub(r"\1", key)):  # Finnish "Pekka", "Pekalle"
            found += [(stem + end, "inflected") for end in own] + [(stem + end, "shared") for end in shared]
    return [
        (form, kind)
        for form, kind in dict.fromkeys(found)
        if form != key and len(form) > 2 and form not in _NO_INFLECTED
    ]


def _ended(key: str, end: str, endings: Iterable[str]) -> Iterator[str]:
    """Yield *key* with each of *endings* in the place of *end*, or behind a consonant."""
    if key.endswith(end) if end else not key.endswith(_VOWELS):
        yield from (key[: len(key) - len(end)] + _key(ending) for ending in endings)


def _without_accents(key: str) -> Iterator[str]:
    """Yield *key* as it is written on a keyboard without accents: "zoe", "joerg"."""
    for plain in (key, key.translate(_UMLAUTS)):
        yield re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", plain.translate(_SPECIAL_LETTERS)))


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    found = sorted(set(names), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_found_as, found))) if found else None


def _found_as(name: str) -> str:
    """Return a pattern that finds *name* letter by letter, as a whole word where its script has spaces between words."""
    if UNSPACED_NAME.fullmatch(name) and len(name) == 1:  # in most words a letter is no name
        return rf"(?<![{UNSPACED}]){name}(?=\s*[:：])|{name}(?={_HONORIFICS})|\A{name}\Z"
    if UNSPACED_NAME.fullmatch(name):
        return _bordered(_spaced(name), KATAKANA if re.fullmatch(f"[{KATAKANA} ・]+", name) else "")
    written = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in name.split())
    forms = {unicodedata.normalize(form, written) for form in ("NFC", "NFD")}
    if " " not in name:
        forms |= {one for form in forms for one in (form.upper(), form[0].upper() + form[1:])}
    flags = "(?i:" if " " in name else "(?:"
    return rf"(?<![^\W_]){flags}{'|'.join(sorted(forms))})(?=s?(?![^\W_]|[\u0300-\u036f]))"


def _spaced(name: str) -> str:
    """Return a pattern for *name*, in a script without spaces, with a space where it has one, or behind a family name."""
    whole = r"\s*".join(map(re.escape, name.split()))
    if re.fullmatch(f"[{HAN}]{{2}}", name):
        return rf"{name[0]}\s?{name[1]}"
    if not _EASTERN_NAME.fullmatch(name):
        return whole
    cuts = (1,) if re.match("[\uac00-\ud7a3]", name) else range(1, len(name))
    given = rf"{name[-2:]}(?=\s?(?:{_HONORIFICS}))"  # "太郎くん"
    return "|".join([whole, *(rf"{name[:cut]}\s{name[cut:]}" for cut in cuts), given])


def _bordered(pattern: str, letters: str) -> str:
    return f"(?<![{letters}]){pattern}(?![{letters}])" if letters else pattern
