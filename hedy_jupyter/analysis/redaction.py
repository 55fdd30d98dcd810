"""Redaction of frames: names, addresses and ids replaced by pseudonyms, so that a frame can be shown to others.

A pseudonym is a keyed digest (HMAC-SHA256) of what it replaces: it is the same in every row and frame, no table of
names is kept, and without the key a name can't be found by trying all names. It hides who is meant, not what was said.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import speaker_labels, transcripts
from hedy_jupyter.analysis.name_forms import UNSPACED_NAME, identity
from hedy_jupyter.analysis.person_names import PersonNames
from hedy_jupyter.analysis.text_columns import columns_and_levels, id_kind, may_hold_text
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.plain_rows import row_parts
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.kinds import id_text
from hedy_jupyter.text.fold import ignore_case
from hedy_jupyter.text.languages import languages
from hedy_jupyter.text.pieces import PieceFinder
from hedy_jupyter.text.script_ranges import UNSPACED, is_cased
from hedy_jupyter.text.stop_words import BEGINNINGS, FUNCTION_WORDS, LABELS, NAMES, PRONOUNS, STOP_WORDS

_PEOPLE = ("speaker", "person")  # columns of frames that are made from transcripts and todos
# Words of a list, not of people.
_FIXED = frozenset({"color", "icon_name", "session_type", "dominant_session_type", "due_kind", "events"})
_FIXED_ATTRS = frozenset({"source", "zone"})  # "live", the name of a timezone
_QUOTED = re.compile(r'(\w+) "(.*)"', re.DOTALL)  # 'topic "Hiring"', a list that could not be read
_DIGITS = {"names": 8, "ids": 12}  # of ids there are many, and two with one pseudonym would join the wrong rows

# Addresses -------------------------------------------------------------------

_LETTERS = rf"(?:[^\W{UNSPACED}]|-)"
_LABEL_OF_HOST = rf"(?:{_LETTERS}{{1,63}}|[{UNSPACED}]{{1,63}})"
_HYPHEN = r"[ ./\u00a0\u2010-\u2013-]"
_ADDRESS = re.compile(
    rf"""
      (?P<link>(?:[a-z][a-z0-9+.-]{{1,15}}://|www\.)
          (?:[^\s<>"`()\[\]{{}}|、。，「」『』（）]|\([^\s<>"()]*\))+(?<![.,;:!?*_']))
    | (?P<mail>(?:(?:{_LETTERS}|[.+%]){{1,64}}|[{UNSPACED}]{{1,64}})[@＠]{_LABEL_OF_HOST}(?:\.{_LABEL_OF_HOST})*)
    | (?P<phone>(?<![\w.])(?!\d\d[/.-]\d\d[/.-]\d{{4}})(?:\+\d|\(?0\d)
              (?:[ ./()\u00a0\u2010-\u2013-]{{0,3}}\d){{7,13}}(?!\w)
              | (?<![\w.])(?:\(\d{{3}}\){_HYPHEN}?|\d{{3}}{_HYPHEN})\d{{3}}[.\u2010-\u2013-]\d{{4}}(?!\w))
    | (?P<id>\b(?P<prefix>sess?|topic|high|hl|ctx|wh)_(?=[A-Za-z]*\d)[0-9A-Za-z]{{6,64}}\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KIND_BY_PREFIX = {
    "ses": "session",
    "sess": "session",
    "topic": "topic",
    "high": "highlight",
    "hl": "highlight",
    "ctx": "context",
    "wh": "webhook",
}

_SIGN_OF_ADDRESS = re.compile(r"[@＠_\d]|://|www\.", re.IGNORECASE)
_LONGEST_PHONE = 64


def _may_hold_address(piece: str) -> bool:
    return _SIGN_OF_ADDRESS.search(piece) is not None


def _addresses(text: str, places: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield what ``_ADDRESS`` finds in *text*.

    It is read only at *places*, where pieces between spaces begin and end, and where one may hold the start of an
    address.
    """
    end = 0
    for start, stop in places:
        if not _SIGN_OF_ADDRESS.search(text, start, stop):
            continue
        while found := _ADDRESS.search(text, max(start, end), stop + _LONGEST_PHONE):
            if found.start() >= stop:
                break
            yield found
            end = found.end()


# Names -----------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[\u0300-\u036f'’])*")
_LABEL = re.compile(
    r"^[ \t]*(?P<item>(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?"
    r"(?P<name>[^\W\d_][^:：\n]{0,39}?)[ \t]*(?::(?=\s)|：)",
    re.MULTILINE,
)
_MOST_WORDS_OF_LABEL, _MOST_CHARACTERS_OF_LABEL = 3, 4


def redact(df: pd.DataFrame, *, names: Iterable[object] | None = None, key: str | None = None) -> pd.DataFrame:
    """Return *df* with pseudonyms for names, e-mail addresses, telephone numbers, web addresses and ids in its texts.

    Names are the speakers of the transcripts of *df* (``Ada: …``) and of its column ``speaker``, those before a colon
    in todos and in the lists of minutes (``- Ada: checklist``), and *names*; each of them whole, and each word of it.
    They are found as words in any case, inflected ("Adas", "Анне", "Anną"), and in handles (``lovelace_ada``,
    ``AdaLovelace2026``, ``@ada``). A name that is an ordinary word too ("will", "mark") stays in small letters. All
    forms of a name get one pseudonym, the same one in every frame: ids ``session-5f0c…``, names ``Person-91b2…``,
    addresses ``person-07aa…@example.com``. A full name has another pseudonym than a first name alone, which may be that
    of another person.

    This hides who is meant from those who do not have the key. It does not hide a name that was not given and that is
    nowhere a speaker, a nickname or a misspelt name; nor what was said, and when, by which a participant
    recognises the meeting. Times, numbers, titles and names of topics stay, except for the names in them. Read the
    result before you share it: ``candidates`` says how many different words may be names and are left.

    Args:
        df: any frame; ids and texts in its index are replaced too, names of columns are not.
        names: further names: of people who are only spoken of, of companies, of the owner of the account. For a frame
            without transcripts take the speakers of another one: ``names=sessions.hedy.utterances()["speaker"]``.
        key: with the same text the pseudonyms are the same tomorrow and on another machine. Make it long, and keep it
            to yourself: with it, or with a short one that can be guessed, names can be found by trial. Without it a
            random key is used until this process ends.

    Returns:
        A new frame; the ids and names in its ``attrs``, such as ``coverage``, are replaced too. ``attrs["redacted"]``
        counts the different values that were replaced: ``names``, ``emails``, ``phones``, ``links``, ``hosts``,
        ``ids``; and ``candidates``, the words that may be names and were not: names that are ordinary words, in small
        letters; known names in longer words; unknown words with a capital in the middle of a sentence, which in German
        may be many.

    Raises:
        UsageError: the key is empty.
    """
    if key is not None and not key.strip():
        raise UsageError("The key is empty.", advice="Give a long text that is hard to guess, or omit it.")
    pseudonyms = _Pseudonyms(key.encode("utf-8", "replace") if key is not None else _key_of_this_process())
    given = [names] if isinstance(names, str) else names if names is not None else ()
    in_transcripts, doubtful = _labels_of_transcripts(df)
    people = {*in_transcripts, *_people(df), *(name for name in given if isinstance(name, str))}
    person_names = PersonNames(people, _texts_of(df))
    change = _Replacement(pseudonyms, person_names)
    found = df.copy()
    for place, name in enumerate(df.columns):
        found.isetitem(place, change.column(df.iloc[:, place], str(name)))
    found.index = _index(df.index, change)
    attrs = change.attr("", df.attrs, _id_kinds(df))
    candidates = person_names.candidates | doubtful - person_names.names
    found.attrs = {**attrs, "redacted": {**pseudonyms.counts(), "candidates": len(candidates)}}
    return found


def speakers(texts: Iterable[object]) -> set[str]:
    """Return the names of those who speak in *texts*, which are transcripts; what is no text is skipped."""
    return {speaker for text in texts if isinstance(text, str) for speaker in transcripts.speakers(text)}


@functools.cache
def _key_of_this_process() -> bytes:
    return secrets.token_bytes(32)


class _Pseudonyms:
    """Give pseudonyms, and count them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._given: dict[str, dict[str, str]] = {
            kind: {} for kind in ("names", "emails", "phones", "links", "hosts", "ids")
        }

    def digest(self, kind: str, value: str) -> str:
        """Return the hexadecimal digits in the pseudonym of *value*, one of *kind*."""
        known = self._given[kind]
        if value not in known:
            digest = hmac.new(self._key, f"{kind}\0{value}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
            known[value] = digest[: _DIGITS.get(kind, 8)]
        return known[value]

    def counts(self) -> dict[str, int]:
        """Return how many different values were replaced, by kind."""
        return {kind: len(values) for kind, values in self._given.items()}


class _Replacement:
    """Replace what names people in columns and texts."""

    def __init__(self, pseudonyms: _Pseudonyms, names: PersonNames) -> None:
        self._pseudonyms = pseudonyms
        self._names = names
        self._people: dict[str, str] = {}
        self._finder = PieceFinder(lambda piece: names.may_be_in(piece) or _may_hold_address(piece), names.known)

    def column(self, values: pd.Series, name: str) -> Any:
        """Return *values*, the column called *name*, as a Series with pseudonyms."""
        kind = id_kind(name)
        if name in _FIXED or not (kind or may_hold_text(values.dtype)):
            return values
        if kind:
            cells: list[Any] = [_each(cell, functools.partial(self._id, kind)) for cell in values]
            return pd.Series(cells, index=values.index, dtype=_dtype_of_ids(values.dtype), name=values.name)
        change = {"host": self._host, "url": self._link}.get(name, self._text)

        def changed(part: pd.Series, dtype: Any) -> Any:
            cells = [_each(cell, lambda text: change(text) if isinstance(text, str) else text) for cell in part]
            return pd.Series(cells, index=part.index, dtype=dtype, name=part.name)

        if isinstance(values.dtype, pd.CategoricalDtype):
            return changed(values, "category")
        return pd.concat([changed(part, values.dtype) for part in row_parts(values)])  # new texts are packed soon

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
            value = _QUOTED.sub(
                lambda found: f"{found[1]}-{self._pseudonyms.digest('names', identity(found[2]))}", value
            )
        return self._text(value)

    def _text(self, text: str) -> str:
        places = list(self._finder.places(text))
        parts, end = [], 0
        for found in _addresses(text, places):
            parts += [self._names.replace(text[end : found.start()], self._person), self._address(found)]
            end = found.end()
        return "".join([*parts, self._names.replace(text[end:], self._person, None if parts else places)])

    def _person(self, name: str) -> str:
        if name not in self._people:
            self._people[name] = f"Person-{self._pseudonyms.digest('names', identity(name))}"
        return self._people[name]

    def _address(self, found: re.Match[str]) -> str:
        kind, text = str(found.lastgroup), found[0]
        if kind == "mail":
            return f"person-{self._pseudonyms.digest('emails', ignore_case(text))}@example.com"
        if kind == "phone":
            return (
                f"phone-{self._pseudonyms.digest('phones', re.sub('[^0-9+]', '', unicodedata.normalize('NFKC', text)))}"
            )
        return self._link(text) if kind == "link" else str(self._id(_KIND_BY_PREFIX[found["prefix"].lower()], text))

    def _link(self, text: str) -> str:
        host = (
            re.sub(r"^[a-z0-9+.-]*://|[/?#].*", "", text.strip(), flags=re.IGNORECASE | re.DOTALL)
            .rpartition("@")[2]
            .partition(":")[0]
        )
        return f"https://{self._host(host)}/{self._pseudonyms.digest('links', text)}" if text.strip() else text

    def _host(self, text: str) -> str:
        return f"host-{self._pseudonyms.digest('hosts', ignore_case(text))}.example" if text.strip() else text

    def _id(self, kind: str, ident: object) -> object:
        text = id_text(ident)  # a CSV file may have made numbers of ids
        return f"{kind}-{self._pseudonyms.digest('ids', text)}" if text else ident


def _id_kinds(df: pd.DataFrame) -> dict[str, str]:
    """Return the kind of each id in the columns and the index of *df*, as the pseudonym shows it."""
    kinds: dict[str, str] = {}
    for name, values in columns_and_levels(df):
        if kind := id_kind(name or ""):
            idents = (id_text(one) for cell in values for one in _cell_values(cell))
            kinds |= {text: kind for text in idents if text and text not in kinds}
    return kinds


def _kind_by_prefix(ident: str) -> str:
    """Return the kind by the prefix of *ident*, an id that is in no row."""
    return _KIND_BY_PREFIX.get(ident.partition("_")[0].lower(), "id")


def _cell_values(cell: Any) -> Iterable[Any]:
    """Return the values of a list in *cell*, which comes back from Parquet as an array; else *cell* alone."""
    return cell if isinstance(cell, list | tuple | np.ndarray) else [cell]


def _each(cell: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(cell, list | tuple | np.ndarray):
        return [change(one) for one in cell]
    return change(cell)


def _dtype_of_ids(dtype: Any) -> Any:
    if isinstance(dtype, pd.CategoricalDtype):
        return "category"
    return dtype if may_hold_text(dtype) else DTYPES["text"]


def _index(index: pd.Index, change: _Replacement) -> pd.Index:
    levels = [
        change.column(index.get_level_values(place).to_series(), str(name or ""))
        for place, name in enumerate(index.names)
    ]
    if isinstance(index, pd.MultiIndex):
        return pd.MultiIndex.from_arrays(levels, names=index.names)
    return pd.Index(levels[0], name=index.name) if _is_changed(index, levels[0]) else index


def _is_changed(index: pd.Index, values: pd.Series) -> bool:
    return bool(may_hold_text(index.dtype) or values.dtype != index.dtype)


# Who is named ----------------------------------------------------------------


def _people(df: pd.DataFrame) -> set[str]:
    """Return the people whom *df* has in a column, or before a colon as those who have something to do."""
    columns = [(str(name), df.iloc[:, place]) for place, name in enumerate(df.columns)]
    found = {cell for name, values in columns if name in _PEOPLE for cell in values if isinstance(cell, str)}
    if "todo_id" in df.columns:
        found |= _labels([text for name, values in columns if name == "text" for text in values], lists_only=False)
    return found | _labels(
        [text for name, values in columns if name == "meeting_minutes" for text in values], lists_only=True
    )


def _labels_of_transcripts(df: pd.DataFrame) -> tuple[set[str], set[str]]:
    """Return the speakers of the transcripts, and the words of other labels that may be names."""
    names, labels = set[str](), set[str]()
    for place, name in enumerate(df.columns):
        for text in df.iloc[:, place] if str(name) in transcripts.TRANSCRIPTS else ():
            if isinstance(text, str):
                speaking, doubtful = transcripts.labels(text)
                names |= speaking
                labels |= doubtful
    words = {word for label in labels for word in (ignore_case(label).split() if is_cased(label) else [label])}
    return names, words - (FUNCTION_WORDS | PRONOUNS - NAMES) - LABELS | (words & NAMES)


def _labels(texts: Iterable[object], *, lists_only: bool) -> set[str]:
    """Return the people before a colon at the beginning of a line of *texts*."""
    read = [text for text in texts if isinstance(text, str)]
    heads = {found["name"] for text in read for found in _LABEL.finditer(text) if found["item"] or not lists_only}
    if not heads:
        return set()
    own = frozenset().union(*(STOP_WORDS[language] for language in languages(read)))
    return {head for head in heads if _is_person(head, BEGINNINGS & own)}


def _is_person(label: str, beginnings: frozenset[str]) -> bool:
    """Return whether *label*, before a colon, may be a name: few words with capitals, or few characters without spaces.

    A function word may be one if people are called so, and if no sentence of the language begins with it: it is not in
    *beginnings*.
    """
    if label.casefold() in LABELS or speaker_labels.is_role(label):
        return False
    if UNSPACED_NAME.fullmatch(label):
        return len(label) <= _MOST_CHARACTERS_OF_LABEL
    words = re.split(r"[\s-]+", label)
    no_names = FUNCTION_WORDS - NAMES | beginnings
    return len(words) <= _MOST_WORDS_OF_LABEL and all(
        _WORD.fullmatch(word.rstrip(".")) and word[0].isupper() and word.casefold() not in no_names for word in words
    )


def _texts_of(df: pd.DataFrame) -> Iterator[str]:
    """Yield all texts of *df* in which names are replaced."""
    for name, values in columns_and_levels(df):
        is_text = may_hold_text(values.dtype) and (name or "") not in _FIXED | {"host", "url"}
        if is_text and id_kind(name or "") is None:
            for cell in values:
                yield from (text for text in _cell_values(cell) if isinstance(text, str))
