"""Frames that can be shown to others: names, addresses and ids replaced by pseudonyms.

A pseudonym is a keyed digest (HMAC-SHA256) of what it stands for: it is the same in every row and frame, no table of
names is kept, and without the key nobody finds a name by trying all names. It hides who is meant, not what was said.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import speaker_labels, transcripts
from hedy_jupyter.analysis.person_names import UNSPACED_NAME, Names, folded, same
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.kinds import id_text
from hedy_jupyter.text.scripts import UNSPACED, is_cased
from hedy_jupyter.text.stop_words import BEGINNINGS, LABELS, NAMES, PRONOUNS, STOP_WORDS

_TRANSCRIPTS = ("transcript", "cleaned_transcript")
_PEOPLE = ("speaker", "person")  # columns of frames that are made from transcripts and todos
_FIXED = frozenset(
    {"color", "icon_name", "session_type", "dominant_session_type", "due_kind", "events"}
)  # words of a list, not of people
_ID_COLUMN = re.compile(r"(?:(?P<kind>\w+)_)?ids?(?:_\w)?")  # a merge of frames adds _x and _y
_STOP = frozenset().union(*STOP_WORDS.values())
_FIXED_ATTRS = frozenset({"source", "zone"})  # "live", the name of a timezone
_QUOTED = re.compile(r'(\w+) "(.*)"', re.DOTALL)  # 'topic "Hiring"', a list that could not be read
_MARK_DIGITS = {"names": 8, "ids": 12}  # of ids there are many, and two that fell together would join the wrong rows

# Addresses -------------------------------------------------------------------

_LETTERS = rf"(?:[^\W{UNSPACED}]|-)"
_LABEL_OF_HOST = rf"(?:{_LETTERS}{{1,63}}|[{UNSPACED}]{{1,63}})"
_HYPHEN = r"[ ./\u00a0\u2010-\u2013-]"
_ADDRESS = re.compile(
    rf"""
      (?P<link>(?:[a-z][a-z0-9+.-]{{1,15}}://|www\.)(?:[^\s<>"`()\[\]{{}}|、。，「」『』（）]|\([^\s<>"()]*\))+(?<![.,;:!?*_']))
    | (?P<mail>(?:(?:{_LETTERS}|[.+%]){{1,64}}|[{UNSPACED}]{{1,64}})[@＠]{_LABEL_OF_HOST}(?:\.{_LABEL_OF_HOST})*)
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
_LABEL = re.compile(
    r"^[ \t]*(?P<item>(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?(?P<name>[^\W\d_][^:：\n]{0,39}?)[ \t]*(?::(?=\s)|：)",
    re.MULTILINE,
)
_MOST_WORDS_OF_LABEL, _MOST_CHARACTERS_OF_LABEL = 3, 4


def redact(df: pd.DataFrame, *, names: Iterable[object] | None = None, key: str | None = None) -> pd.DataFrame:
    """Return *df* with pseudonyms for people's names, e-mail addresses, telephone numbers, web addresses and ids, in every column of text.

    Names are the speakers of the transcripts of *df* (``Ada: …``) and of its column ``speaker``, those before a colon in todos and in
    the lists of minutes (``- Ada: checklist``), and *names*; each of them whole, and each word of it. They are found as words in any
    case, inflected ("Adas", "Анне", "Anną"), and in handles (``lovelace_ada``, ``AdaLovelace2026``, ``@ada``). A name that is an ordinary
    word too ("will", "mark") stays in small letters. All forms of a name get one pseudonym, the same one in every frame: ids
    ``session-5f0c…``, names ``Person-91b2…``, addresses ``person-07aa…@example.com``. A full name has its own, because a first name alone
    may be another's.

    This hides who is meant from those who do not know the key. It does not hide a name that nobody gave and that stands nowhere as a
    speaker, a nickname or a misspelt name; nor what was said, and when, by which somebody who was there knows the meeting. Times, numbers,
    titles and names of topics stay, but for the names in them. Read the result before you share it: ``candidates`` says how many
    different words may be names and are left.

    Args:
        df: any frame; ids and texts in its index are replaced too, names of columns are not.
        names: further names: of people who are only spoken of, of companies, of the owner of the account. A frame without transcripts
            knows the speakers of another one by ``names=sessions.hedy.utterances()["speaker"]``.
        key: with the same text the pseudonyms are the same tomorrow and on another machine. Make it long, and keep it to yourself: with
            it, or with a short one that can be guessed, names can be found by trial. Without it a random key holds for this process.

    Returns:
        A new frame; the ids and names in its ``attrs``, such as ``coverage``, are replaced too. ``attrs["redacted"]`` counts the different
        values that were replaced: ``names``, ``emails``, ``phones``, ``links``, ``hosts``, ``ids``; and ``candidates``, the words that may
        be names and were not: names that are ordinary words, in small letters; known names in longer words; unknown words with a capital
        in the middle of a sentence, which in German may be many.

    Raises:
        UsageError: the key is empty.
    """
    if key is not None and not key.strip():
        raise UsageError("The key is empty.", advice="Give a long text that is hard to guess, or omit it.")
    stands = _Pseudonyms(key.encode("utf-8", "replace") if key is not None else _key_of_this_process())
    given = [names] if isinstance(names, str) else names if names is not None else ()
    known = Names({*_found(df), *(name for name in given if isinstance(name, str))}, list(_texts(df)))
    change = _Change(stands, known)
    shown = df.copy()
    for place, name in enumerate(df.columns):
        shown.isetitem(place, change.column(df.iloc[:, place], str(name)))
    shown.index = _index(df.index, change)
    for label in _doubtful(df) - known.names:
        stands.leave(label)
    shown.attrs = {**change.attr("", df.attrs, _id_kinds(df)), "redacted": stands.counts()}
    return shown


def speakers(texts: Iterable[object]) -> set[str]:
    """Return the names of those who speak in *texts*, which are transcripts, as ``speech.utterances`` reads them.

    Skip what is no text.
    """
    return {speaker for text in texts if isinstance(text, str) for speaker in transcripts.speakers(text)}


@cache
def _key_of_this_process() -> bytes:
    return secrets.token_bytes(32)


class _Pseudonyms:
    """Gives pseudonyms, and counts them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._given: dict[str, set[str]] = {
            kind: set() for kind in ("names", "emails", "phones", "links", "hosts", "ids")
        }
        self._left: set[str] = set()

    def mark(self, kind: str, value: str) -> str:
        """The hexadecimal digits that stand for *value*, one of *kind*."""
        self._given[kind].add(value)
        digest = hmac.new(self._key, f"{kind}\0{value}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
        return digest[: _MARK_DIGITS.get(kind, 8)]

    def leave(self, word: str) -> None:
        """Count *word*, which may be a name and stays."""
        self._left.add(word)

    def counts(self) -> dict[str, int]:
        """How many different values were replaced, by kind, and how many words that may be names were not."""
        return {**{kind: len(values) for kind, values in self._given.items()}, "candidates": len(self._left)}


class _Change:
    """Replaces what names people in columns and texts."""

    def __init__(self, stands: _Pseudonyms, names: Names) -> None:
        self._stands = stands
        self._names = names

    def column(self, values: pd.Series, name: str) -> Any:
        """*values*, the column called *name*, as a Series with pseudonyms."""
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

    def attr(self, key: object, value: Any, kinds: Mapping[str, str]) -> Any:
        """Return *value*, which is under *key* in ``attrs`` or deeper, with pseudonyms.

        *kinds* has the kind of each id of the frame.
        """
        if isinstance(value, Mapping):
            return {
                self._id(kinds[name], name) if name in kinds else name: self.attr(name, inner, kinds)
                for name, inner in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset | np.ndarray):
            items = [self.attr(key, inner, kinds) for inner in value]
            return next((kind(items) for kind in (tuple, set, frozenset) if isinstance(value, kind)), items)
        if not isinstance(value, str) or key in _FIXED_ATTRS:
            return value
        if value in kinds or key == "incomplete":
            return self._id(kinds.get(value) or _kind_by_prefix(value), value)
        if key == "failed":
            value = _QUOTED.sub(lambda found: f"{found[1]}-{self._stands.mark('names', same(found[2]))}", value)
        return self._text(value)

    def _text(self, text: str) -> str:
        parts, end = [], 0
        for found in _ADDRESS.finditer(text):
            parts += [self._without_names(text[end : found.start()]), self._address(found)]
            end = found.end()
        return "".join([*parts, self._without_names(text[end:])])

    def _without_names(self, text: str) -> str:
        return self._names.replace(
            text, lambda name: f"Person-{self._stands.mark('names', same(name))}", self._stands.leave
        )

    def _address(self, found: re.Match[str]) -> str:
        kind, text = str(found.lastgroup), found[0]
        if kind == "mail":
            return f"person-{self._stands.mark('emails', folded(text))}@example.com"
        if kind == "phone":
            return f"phone-{self._stands.mark('phones', re.sub('[^0-9+]', '', unicodedata.normalize('NFKC', text)))}"
        return self._link(text) if kind == "link" else str(self._id(_PREFIXES[found["prefix"].lower()], text))

    def _link(self, text: str) -> str:
        host = (
            re.sub(r"^[a-z0-9+.-]*://|[/?#].*", "", text.strip(), flags=re.IGNORECASE | re.DOTALL)
            .rpartition("@")[2]
            .partition(":")[0]
        )
        return f"https://{self._host(host)}/{self._stands.mark('links', text)}" if text.strip() else text

    def _host(self, text: str) -> str:
        return f"host-{self._stands.mark('hosts', folded(text))}.example" if text.strip() else text

    def _id(self, kind: str, ident: object) -> object:
        text = id_text(ident)  # a CSV file may have made numbers of ids
        return f"{kind}-{self._stands.mark('ids', text)}" if text else ident


def _id_kinds(df: pd.DataFrame) -> dict[str, str]:
    """Return the kind of each id in the columns and the index of *df*, as it stands in the pseudonym."""
    columns: list[tuple[str, Iterable[Any]]] = [(str(name), df.iloc[:, place]) for place, name in enumerate(df.columns)]
    columns += [(str(name or ""), df.index.get_level_values(place)) for place, name in enumerate(df.index.names)]
    kinds: dict[str, str] = {}
    for name, values in columns:
        if ids := _ID_COLUMN.fullmatch(name):
            cells = (
                one for cell in values for one in (cell if isinstance(cell, list | tuple | np.ndarray) else [cell])
            )
            kinds |= {text: ids["kind"] or "id" for text in map(id_text, cells) if text and text not in kinds}
    return kinds


def _kind_by_prefix(ident: str) -> str:
    """Return the kind that the prefix of *ident* tells, for an id that is in no row."""
    return _PREFIXES.get(ident.partition("_")[0].lower(), "id")


def _each(cell: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(cell, list | tuple | np.ndarray):  # lists come back from Parquet as arrays
        return [change(one) for one in cell]
    return change(cell)


def _holds_text(dtype: Any) -> bool:
    return (
        pd.api.types.is_string_dtype(dtype)
        or pd.api.types.is_object_dtype(dtype)
        or isinstance(dtype, pd.CategoricalDtype)
    )


def _dtype_of_ids(dtype: Any) -> Any:
    if isinstance(dtype, pd.CategoricalDtype):
        return "category"
    return dtype if _holds_text(dtype) else DTYPES["text"]


def _index(index: pd.Index, change: _Change) -> pd.Index:
    levels = [
        change.column(index.get_level_values(place).to_series(), str(name or ""))
        for place, name in enumerate(index.names)
    ]
    if isinstance(index, pd.MultiIndex):
        return pd.MultiIndex.from_arrays(levels, names=index.names)
    return pd.Index(levels[0], name=index.name) if _is_changed(index, levels[0]) else index


def _is_changed(index: pd.Index, values: pd.Series) -> bool:
    return bool(_holds_text(index.dtype) or values.dtype != index.dtype)


# Who is named ----------------------------------------------------------------


def _found(df: pd.DataFrame) -> set[str]:
    """Return the people whom *df* shows as speakers, or before a colon as those who have something to do."""
    told = [(str(name), df.iloc[:, place]) for place, name in enumerate(df.columns)]
    found = speakers(text for name, values in told if name in _TRANSCRIPTS for text in values)
    found |= {cell for name, values in told if name in _PEOPLE for cell in values if isinstance(cell, str)}
    if "todo_id" in df.columns:
        found |= _labels([text for name, values in told if name == "text" for text in values], lists_only=False)
    return found | _labels(
        [text for name, values in told if name == "meeting_minutes" for text in values], lists_only=True
    )


def _doubtful(df: pd.DataFrame) -> set[str]:
    """Return the words of labels in transcripts that may be names and are no speakers."""
    texts = (text for place, name in enumerate(df.columns) if str(name) in _TRANSCRIPTS for text in df.iloc[:, place])
    labels = {label for text in texts if isinstance(text, str) for label in transcripts.doubtful_speakers(text)}
    words = {word for label in labels for word in (folded(label).split() if is_cased(label) else [label])}
    return words - (_STOP | PRONOUNS - NAMES) - LABELS | (words & NAMES)


def _labels(texts: Iterable[object], *, lists_only: bool) -> set[str]:
    """Return the people before a colon at the beginning of a line of *texts*."""
    read = [text for text in texts if isinstance(text, str)]
    heads = {found["name"] for text in read for found in _LABEL.finditer(text) if found["item"] or not lists_only}
    if not heads:
        return set()
    own = frozenset().union(*(STOP_WORDS[language] for language in speaker_labels.languages(read)))
    return {head for head in heads if _is_person(head, BEGINNINGS & own)}


def _is_person(label: str, beginnings: frozenset[str]) -> bool:
    """Return whether *label*, which stands before a colon, may be a name: a few words with capitals, or few characters without spaces.

    A function word may be one if people are called so, and if no sentence of the language begins with it: it is not in *beginnings*.
    """
    if label.casefold() in LABELS or speaker_labels.is_role(label):
        return False
    if UNSPACED_NAME.fullmatch(label):
        return len(label) <= _MOST_CHARACTERS_OF_LABEL
    words = re.split(r"[\s-]+", label)
    no_names = _STOP - NAMES | beginnings
    return len(words) <= _MOST_WORDS_OF_LABEL and all(
        _WORD.fullmatch(word.rstrip(".")) and word[0].isupper() and word.casefold() not in no_names for word in words
    )


def _texts(df: pd.DataFrame) -> Iterator[str]:
    """Yield all texts of *df* in which names are replaced."""
    columns: list[tuple[str, Any]] = [(str(name), df.iloc[:, place]) for place, name in enumerate(df.columns)]
    columns += [
        (str(name or ""), df.index.get_level_values(place).to_series()) for place, name in enumerate(df.index.names)
    ]
    for name, values in columns:
        if _holds_text(values.dtype) and name not in _FIXED | {"host", "url"} and not _ID_COLUMN.fullmatch(name):
            for cell in values:
                yield from (
                    text
                    for text in (cell if isinstance(cell, list | tuple | np.ndarray) else [cell])
                    if isinstance(text, str)
                )
