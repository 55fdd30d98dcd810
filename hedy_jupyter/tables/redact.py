"""Frames that can be shown to others: names, addresses and ids replaced by stand-ins.

A stand-in is a keyed digest (HMAC-SHA256) of what it stands for: it is the same in every row and frame, no table of names is kept, and
without the key nobody finds a name by trying all names. It hides who is meant, not what was said.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.tables import speech
from hedy_jupyter.tables.schema import DTYPES, id_text
from hedy_jupyter.tables.stop_words import LABELS, STOP_WORDS

_TRANSCRIPTS = ("transcript", "cleaned_transcript")
_FIXED = frozenset({"color", "icon_name", "session_type", "dominant_session_type", "due_kind", "events"})  # words of a list, not of people
_ID_COLUMN = re.compile(r"(?:(?P<kind>\w+)_)?ids?(?:_\w)?")  # a merge of frames adds _x and _y
_MARK_DIGITS = {"names": 8, "ids": 12}  # of ids there are many, and two that fell together would join the wrong rows

# Addresses -------------------------------------------------------------------

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
_LETTERS = rf"(?:[^\W{_UNSPACED}]|-)"
_LABEL_OF_HOST = rf"(?:{_LETTERS}{{1,63}}|[{_UNSPACED}]{{1,63}})"
_HYPHEN = r"[ ./\u00a0\u2010-\u2013-]"
_ADDRESS = re.compile(
    rf"""
      (?P<link>(?:[a-z][a-z0-9+.-]{{1,15}}://|www\.)(?:[^\s<>"`()\[\]{{}}|、。，「」『』（）]|\([^\s<>"()]*\))+(?<![.,;:!?*_']))
    | (?P<mail>(?:(?:{_LETTERS}|[.+%]){{1,64}}|[{_UNSPACED}]{{1,64}})[@＠]{_LABEL_OF_HOST}(?:\.{_LABEL_OF_HOST})*)
    | (?P<phone>(?<![\w.])(?!\d\d[/.-]\d\d[/.-]\d{{4}})(?:\+\d|\(?0\d)(?:[ ./()\u00a0\u2010-\u2013-]{{0,3}}\d){{7,13}}(?!\w)
              | (?<![\w.])(?:\(\d{{3}}\){_HYPHEN}?|\d{{3}}{_HYPHEN})\d{{3}}[.\u2010-\u2013-]\d{{4}}(?!\w))
    | (?P<id>\b(?P<prefix>sess?|topic|high|hl|ctx|wh)_(?=[A-Za-z]*\d)[0-9A-Za-z]{{6,64}}\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PREFIXES = {
    "ses": "session",
    "sess": "session",
    "topic": "topic",
    "high": "highlight",
    "hl": "highlight",
    "ctx": "context",
    "wh": "webhook",
}

# Names -----------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[\u0300-\u036f'’])*")
_BRACKETS = re.compile(r"[(\[（].*?(?:[)\]）]|$)")
_TITLES = "doctor dr herr frau madame monsieur mme mlle mr mrs ms miss prof professor señor señora signor signora sir dame lady lord"
_ROLES = "speaker sprecher sprecherin guest gast host moderator moderatorin interviewer participant unknown user customer client"
_SMALL = "the der die das den dem des el la le les los il lo of and und et y e von van vom de da di du dos del della zu zum zur für for"
_NOBODY = frozenset(f"{_TITLES} {_ROLES} {_SMALL}".split())
_LABEL = re.compile(
    r"^[ \t]*(?P<item>(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?(?P<name>[^\W\d_][^:：\n]{0,39}?)[ \t]*(?::(?=\s)|：)", re.MULTILINE
)
_HONORIFIC = re.compile("(?:さん|さま|様|氏|君|くん|ちゃん|先生|老师|老師|女士|님|씨)$")
_UNSPACED_NAME = re.compile(rf"[{_UNSPACED}\s・·]+")
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"
_MOST_WORDS_OF_LABEL, _MOST_CHARACTERS_OF_LABEL = 3, 4


def redact(df: pd.DataFrame, *, names: Iterable[object] | None = None, key: str | None = None) -> pd.DataFrame:
    """*df* with stand-ins for people's names, e-mail addresses, telephone numbers, web addresses and ids, in every column of text.

    Names are the speakers of the transcripts of *df* (``Ada: …``), those before a colon in todos and in the lists of minutes
    (``- Ada: checklist``), and *names*; each of them whole, and each word of it. They are found as words, as they are written, with a
    capital and in capitals; those of several words in any case. The same text gets the same stand-in in every frame: ids
    ``session-5f0c…``, names ``Person-91b2…``, addresses ``person-07aa…@example.com``.

    This hides who is meant from those who do not know the key. It does not hide a name that nobody gave and that stands nowhere as a
    speaker, a nickname or a misspelt name; nor what was said, and when, by which somebody who was there knows the meeting. Times, numbers,
    titles and names of topics stay, but for the names in them. Read the result before you share it.

    Args:
        df: any frame; ids and texts in its index are replaced too, names of columns are not.
        names: further names: of people who are only spoken of, of companies, of the owner of the account. A frame without transcripts
            knows the speakers of another one by ``names=sessions.hedy.utterances()["speaker"]``.
        key: with the same text the stand-ins are the same tomorrow and on another machine. Make it long, and keep it to yourself: with
            it, or with a short one that can be guessed, names can be found by trial. Without it a random key holds for this process.

    Returns:
        A new frame; ``attrs["redacted"]`` counts the different values that were replaced: ``names``, ``emails``, ``phones``, ``links``,
        ``hosts``, ``ids``.

    Raises:
        UsageError: the key is empty.
    """
    if key is not None and not key.strip():
        raise UsageError("The key is empty.", advice="Give a long text that nobody guesses, or leave it out.")
    stands = _Stands(key.encode("utf-8", "replace") if key is not None else _key_of_this_process())
    given = [names] if isinstance(names, str) else names if names is not None else ()
    change = _Change(stands, _pattern(_forms({*_found(df), *(name for name in given if isinstance(name, str))})))
    shown = df.copy()
    for place, name in enumerate(df.columns):
        shown.isetitem(place, change.column(df.iloc[:, place], str(name)))
    shown.index = _index(df.index, change)
    shown.attrs = {**df.attrs, "redacted": stands.counts()}
    return shown


def speakers(texts: Iterable[object]) -> set[str]:
    """The names of those who speak in *texts*, which are transcripts, by the rule of ``speech.utterances``; what is no text is skipped."""
    found = [text for text in texts if isinstance(text, str)]
    frame = pd.DataFrame({"session_id": range(len(found)), "transcript": found})
    return set(speech.utterances(frame)["speaker"].dropna())


@cache
def _key_of_this_process() -> bytes:
    return secrets.token_bytes(32)


class _Stands:
    """Gives stand-ins, and counts them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._given: dict[str, set[str]] = {kind: set() for kind in ("names", "emails", "phones", "links", "hosts", "ids")}

    def mark(self, kind: str, value: str) -> str:
        """The hexadecimal digits that stand for *value*, one of *kind*."""
        self._given[kind].add(value)
        digest = hmac.new(self._key, f"{kind}\0{value}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
        return digest[: _MARK_DIGITS.get(kind, 8)]

    def counts(self) -> dict[str, int]:
        """How many different values were replaced, by kind."""
        return {kind: len(values) for kind, values in self._given.items()}


class _Change:
    """Replaces what names people in columns and texts."""

    def __init__(self, stands: _Stands, names: re.Pattern[str] | None) -> None:
        self._stands = stands
        self._names = names

    def column(self, values: pd.Series, name: str) -> Any:
        """*values*, the column called *name*, as a Series with stand-ins."""
        ids = _ID_COLUMN.fullmatch(name)
        if name in _FIXED or not (ids or _holds_text(values.dtype)):
            return values
        if ids:
            kind = ids["kind"] or "id"
            cells: list[Any] = [_each(cell, lambda ident: self._id(kind, ident)) for cell in values]
            return pd.Series(cells, index=values.index, dtype=_dtype_of_ids(values.dtype), name=values.name)
        change = {"host": self._host, "url": self._link}.get(name, self._text)
        cells = [_each(cell, lambda text: change(text) if isinstance(text, str) else text) for cell in values]
        dtype = "category" if isinstance(values.dtype, pd.CategoricalDtype) else values.dtype
        return pd.Series(cells, index=values.index, dtype=dtype, name=values.name)

    def _text(self, text: str) -> str:
        parts, end = [], 0
        for found in _ADDRESS.finditer(text):
            parts += [self._without_names(text[end : found.start()]), self._address(found)]
            end = found.end()
        return "".join([*parts, self._without_names(text[end:])])

    def _without_names(self, text: str) -> str:
        return self._names.sub(lambda found: f"Person-{self._stands.mark('names', _same(found[0]))}", text) if self._names else text

    def _address(self, found: re.Match[str]) -> str:
        kind, text = str(found.lastgroup), found[0]
        if kind == "mail":
            return f"person-{self._stands.mark('emails', _folded(text))}@example.com"
        if kind == "phone":
            return f"phone-{self._stands.mark('phones', re.sub('[^0-9+]', '', unicodedata.normalize('NFKC', text)))}"
        return self._link(text) if kind == "link" else str(self._id(_PREFIXES[found["prefix"].lower()], text))

    def _link(self, text: str) -> str:
        host = re.sub(r"^[a-z0-9+.-]*://|[/?#].*", "", text.strip(), flags=re.IGNORECASE | re.DOTALL).rpartition("@")[2].partition(":")[0]
        return f"https://{self._host(host)}/{self._stands.mark('links', text)}" if text.strip() else text

    def _host(self, text: str) -> str:
        return f"host-{self._stands.mark('hosts', _folded(text))}.example" if text.strip() else text

    def _id(self, kind: str, ident: object) -> object:
        text = id_text(ident)  # a CSV file may have made numbers of ids
        return f"{kind}-{self._stands.mark('ids', text)}" if text else ident


def _each(cell: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(cell, list | tuple | np.ndarray):  # lists come back from Parquet as arrays
        return [change(one) for one in cell]
    return change(cell)


def _holds_text(dtype: Any) -> bool:
    return pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype) or isinstance(dtype, pd.CategoricalDtype)


def _dtype_of_ids(dtype: Any) -> Any:
    if isinstance(dtype, pd.CategoricalDtype):
        return "category"
    return dtype if _holds_text(dtype) else DTYPES["text"]


def _index(index: pd.Index, change: _Change) -> pd.Index:
    levels = [change.column(index.get_level_values(place).to_series(), str(name or "")) for place, name in enumerate(index.names)]
    if isinstance(index, pd.MultiIndex):
        return pd.MultiIndex.from_arrays(levels, names=index.names)
    return pd.Index(levels[0], name=index.name) if _is_changed(index, levels[0]) else index


def _is_changed(index: pd.Index, values: pd.Series) -> bool:
    return bool(_holds_text(index.dtype) or values.dtype != index.dtype)


# Who is named ----------------------------------------------------------------


def _found(df: pd.DataFrame) -> set[str]:
    """The people whom *df* shows as speakers, or before a colon as those who have something to do."""
    told = [(str(name), df.iloc[:, place]) for place, name in enumerate(df.columns)]
    found = speakers(text for name, values in told if name in _TRANSCRIPTS for text in values)
    if "todo_id" in df.columns:
        found |= {label for name, values in told if name == "text" for text in values for label in _labels(text, lists_only=False)}
    return found | {
        label for name, values in told if name == "meeting_minutes" for text in values for label in _labels(text, lists_only=True)
    }


def _labels(text: object, *, lists_only: bool) -> Iterator[str]:
    if isinstance(text, str):
        heads = (found for found in _LABEL.finditer(text) if found["item"] or not lists_only)
        yield from (found["name"] for found in heads if _is_person(found["name"]))


def _is_person(label: str) -> bool:
    """Whether *label*, which stands before a colon, may well be a name: a few words with capitals, or few characters without spaces."""
    if label.casefold() in LABELS:
        return False
    if _UNSPACED_NAME.fullmatch(label):
        return len(label) <= _MOST_CHARACTERS_OF_LABEL
    words = re.split(r"[\s-]+", label)
    return len(words) <= _MOST_WORDS_OF_LABEL and all(_WORD.fullmatch(word.rstrip(".")) and _is_capital(word) for word in words)


def _is_capital(word: str) -> bool:
    return word[0].isupper() and not any(word.casefold() in words for words in STOP_WORDS.values())


# How names are found ---------------------------------------------------------


def _forms(names: set[str]) -> list[str]:
    """*names* and the words of them that name somebody too, the longest first."""
    found = {form for name in names for form in (" ".join(name.split()), *_parts(name)) if len(_folded(form)) > 1}
    return sorted(found, key=lambda form: (-len(form), form))


def _parts(name: str) -> list[str]:
    if any(character.isdigit() for character in name):  # "Speaker 1"
        return []
    words = [_HONORIFIC.sub("", word) for word in _WORD.findall(_BRACKETS.sub(" ", unicodedata.normalize("NFC", name)))]
    return [word for word in words if word.casefold() not in _NOBODY and (word[:1].isupper() or _UNSPACED_NAME.fullmatch(word))]


def _pattern(names: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(_found_as, names))) if names else None


def _found_as(name: str) -> str:
    """What finds *name* in a text: as a word of its own, where its script has spaces between words."""
    if _UNSPACED_NAME.fullmatch(name):
        return _bordered(r"\s*".join(map(re.escape, name.split())), _KATAKANA if re.fullmatch(f"[{_KATAKANA} ・]+", name) else "")
    written = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in name.split())
    forms = {unicodedata.normalize(form, written) for form in ("NFC", "NFD")}
    if " " not in name:
        forms |= {one for form in forms for one in (form.upper(), form[0].upper() + form[1:])}
    flags = "(?i:" if " " in name else "(?:"
    return rf"(?<![^\W_]){flags}{'|'.join(sorted(forms))})(?=s?(?![^\W_]|[\u0300-\u036f]))"  # "Adas Liste"


def _bordered(pattern: str, letters: str) -> str:
    return f"(?<![{letters}]){pattern}(?![{letters}])" if letters else pattern


def _same(name: str) -> str:
    """What the forms of a name have in common: case, width, accents' coding, spaces."""
    folded = " ".join(_folded(name).split()).replace("’", "'")
    return folded.replace(" ", "") if _UNSPACED_NAME.fullmatch(folded) else folded


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
