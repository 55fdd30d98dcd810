"""The forms of a person's name: its parts, its spellings without accents, its inflected forms, short names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from hedy_jupyter.analysis import name_vocabulary, speaker_labels
from hedy_jupyter.text.fold import ignore_case, without_accents
from hedy_jupyter.text.script_ranges import HAN, HANGUL, UNSPACED, is_cased, word_marks
from hedy_jupyter.text.stop_words import FUNCTION_WORDS, NAMES

UNSPACED_NAME = re.compile(rf"[{UNSPACED}\s・·]+")
EASTERN_NAME = re.compile(f"[{HAN}]{{3,5}}|[{HANGUL}]{{3,4}}")
HONORIFICS = "さん|さま|様|氏|君|くん|ちゃん|殿|先生|先輩|老师|老師|女士|小姐|同学|同學|님|씨"

_HONORIFIC = re.compile(f"(?:{HONORIFICS})$")
_WORD = re.compile(rf"[^\W\d_](?:[^\W_]|[{word_marks()}'’])*")
_BRACKETS = re.compile(r"[(\[（].*?(?:[)\]）]|$)")
_OPTIONAL_MARKS = re.compile("[\u0591-\u05c7\u064b-\u065f\u0670\u200c\u200d]")  # vowels in Hebrew and Arabic, joiners
_DOUBLED = re.compile("([kpt])\\1(?=[aeiouyäö]$)")
_SPECIAL_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
# After a vowel a name does not take the endings of a name with a consonant.
_VOWELS = tuple("aeiouyäöáéíóúýěůàèìòùąęаеёиоуыэюяійьїєαεηιουωοσ")

_TITLES = (
    "doctor dr herr frau madame monsieur mme mlle mr mrs ms miss prof professor señor señora signor signora sir dame "
    "lady lord"
)
_ROLES = (
    "speaker sprecher sprecherin guest gast host moderator moderatorin interviewer participant unknown user customer "
    "client"
)
_SMALL = (
    "the der die das den dem des el la le les los il lo of and und et y e von van vom de da di du dos del della zu zum "
    "zur für for"
)
# Particles and titles in scripts without capitals.
_UNCASED = "بن ابن بنت عبد أبو ابو أم آل السيد السيدة الدكتور الدكتورة בן בת אבו מר גברת श्री श्रीमती डॉ जी"
_NO_PART = frozenset(f"{_TITLES} {_ROLES} {_SMALL} {_UNCASED}".split())
_NO_PART_IN_SMALL_LETTERS = speaker_labels.PARTICLES | (FUNCTION_WORDS - NAMES)
_NO_INFLECTED_FORM = FUNCTION_WORDS.union(*name_vocabulary.ORDINARY.values())


def identity(name: str) -> str:
    """Return what the spellings of a name have in common: without case, numbers of spaces and forms of apostrophes."""
    one = " ".join(ignore_case(name).split()).replace("’", "'")
    return one.replace(" ", "") if UNSPACED_NAME.fullmatch(one) else one


@lru_cache(maxsize=10_000)
def word_key(word: str) -> str:
    """Return what *word* is looked up by: without what people leave out, such as the dots of ё and accents in Greek."""
    key = ignore_case(word).replace("i\u0307", "i").replace("ı", "i").replace("ё", "е")
    if re.search("[\u0370-\u03ff]", key):
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFD", key).replace("\u0301", ""))
    return _OPTIONAL_MARKS.sub("", key)


def parts(name: str) -> list[str]:
    """Return the words of *name* that name a person alone; beside capitals a small word may be a particle."""
    if any(character.isdigit() for character in name):  # "Speaker 1"
        return []
    words = [_HONORIFIC.sub("", word) for word in _WORD.findall(_BRACKETS.sub(" ", name))]
    found = [
        word
        for word in words
        if word.casefold() not in _NO_PART
        and (not word[:1].islower() or word.casefold() not in _NO_PART_IN_SMALL_LETTERS)
    ]
    return [part for part in found if len(ignore_case(part)) > 1]


def short_names(names: Iterable[str]) -> frozenset[str]:
    """Return the short forms of Chinese, Japanese and Korean *names*, which may be ordinary words as well."""
    found: set[str] = set()
    for name in (_HONORIFIC.sub("", name) for name in names):
        if EASTERN_NAME.fullmatch(name):
            found.add(name[-2:])
        if re.fullmatch(f"[{HAN}]{{2,5}}", name):
            found |= {f"{before}{name[0]}" for before in "小老阿"}
            found |= {f"{name[0]}{after}" for after in ("总", "總", "哥", "姐", "工", "经理")}
            found |= {name[:2]} if len(name) > 3 else set()  # two characters are a family name in Japanese
    return frozenset(found)


def unaccented(key: str) -> str:
    """Return *key* as it is written on a keyboard without accents: "zoe"."""
    return without_accents(key.translate(_SPECIAL_LETTERS))


@lru_cache(maxsize=1_000)
def inflected(key: str) -> Sequence[tuple[str, str]]:
    """Return the other forms of the word *key*, each with its kind: "plain", "inflected" or "shared" (see ``Form``)."""
    if re.search("[\u0900-\u097f]", key):
        return [(key + "जी", "inflected")]
    if not is_cased(key) or len(key) < 2:
        return ()
    found = _other_forms(key) if re.search("[\u0370-\u052f]", key) else _latin_forms(key)
    return [
        (form, kind)
        for form, kind in dict.fromkeys(found)
        if form != key and len(form) > 2 and form not in _NO_INFLECTED_FORM
    ]


def _other_forms(key: str) -> Iterator[tuple[str, str]]:
    """Yield the forms of a word in Cyrillic or Greek letters."""
    for end, endings in name_vocabulary.OTHER.items():
        yield from ((form, "inflected") for form in _with_endings(key, word_key(end), endings))


def _latin_forms(key: str) -> Iterator[tuple[str, str]]:
    """Yield the forms of a word in Latin letters."""
    yield from ((unaccented(plain), "plain") for plain in (key, key.translate(_UMLAUTS)))  # "zoe", "joerg"
    for end, (own, shared) in name_vocabulary.LATIN.items():
        yield from ((form, "inflected") for form in _with_endings(key, end, own))
        yield from ((form, "shared") for form in _with_endings(key, end, shared))
    for end, endings in name_vocabulary.HUNGARIAN.items():
        yield from ((form, "inflected") for form in _with_endings(key, end, endings))
    own, shared = name_vocabulary.ADDED.get(key[-1], ((), ()))
    for stem in (key, _DOUBLED.sub(r"\1", key)):  # Finnish "Pekka", "Pekalle"
        yield from ((stem + end, "inflected") for end in own)
        yield from ((stem + end, "shared") for end in shared)


def _with_endings(key: str, end: str, endings: Iterable[str]) -> Iterator[str]:
    """Yield *key* with each of *endings* in the place of *end*, or behind a consonant."""
    if key.endswith(end) if end else not key.endswith(_VOWELS):
        yield from (key[: len(key) - len(end)] + word_key(ending) for ending in endings)
