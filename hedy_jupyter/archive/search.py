"""Searches the words of the archive, ranks what it finds, and shows where it is."""

from __future__ import annotations

import difflib
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from hedy_jupyter.archive import index, merging, snippets, typed
from hedy_jupyter.archive.index import FIELDS, WEIGHTS
from hedy_jupyter.errors import UsageError
from hedy_jupyter.tables import texts

if TYPE_CHECKING:
    from hedy_jupyter.archive.store import Store

_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
_LONGEST = 2000  # characters of a query; a pasted page has no meeting that holds all its words
_LOOKED_UP = 12  # of so many phrases, the longest, it is asked in which fields they are
_RUN_OF_LETTERS = re.compile(r"[^\W_]+")
_FTS_WORDS = frozenset({"AND", "OR", "NOT", "NEAR"})
_FTS_TERM = re.compile(r'"(?:[^"]|"")*"|\w+')
_FTS_NO_WORD = re.compile(r",\s*\d+\s*\)|(?:\{[^}]*\}|\w+)\s*:")
_GROUP: Mapping[str, str] = MappingProxyType(
    {name: name for name in FIELDS}
    | dict.fromkeys(index.HIGHLIGHT_FIELDS, "highlights")
    | {"text": "todos", "cleaned_transcript": "transcript"}
)
"""What ``fields=`` takes → the column of the index."""


class Hit(NamedTuple):
    """One session in which the words were found.

    Attributes:
        start_time: ISO, UTC.
        field: where they were found best.
        score: larger is better; compares within one search only.
    """

    session_id: str
    title: str | None
    start_time: str | None
    field: str
    snippet: str
    score: float


class _Session(NamedTuple):
    """A session that the index has found."""

    store: Store
    key: int
    ident: str
    title: str | None


class _Wanted(NamedTuple):
    """What is looked for in the texts.

    Attributes:
        patterns: what finds each phrase.
        any: what finds any of them.
        held: session → column → numbers of the phrases that the index has there, the rarest first.
        strict: the texts are asked too, whether all phrases are in the columns that count.
    """

    patterns: Sequence[re.Pattern[str]]
    any: re.Pattern[str]
    held: Mapping[int, Mapping[str, Sequence[int]]]
    strict: bool


class _Place(NamedTuple):
    """Where something was found, and the numbers of the phrases that are there."""

    field: str
    snippet: str
    phrases: frozenset[int]


Places = Iterable[_Place]
Read = Callable[[_Session, _Wanted, re.Pattern[str]], Places]
"""Looks for a place in a field of a session; the pattern is what is best shown."""


def find(
    store: Store,
    text: str,
    *,
    fields: Iterable[str] | None = None,
    limit: int = 50,
    fts: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    topic_id: str | None = None,
) -> list[Hit]:
    """The sessions that hold every word of *text*, best first; one row each.

    Args:
        fields: only these: names of ``index.FIELDS``, of the columns behind them, or both.
        fts: *text* is a query in the language of FTS5.

    Raises:
        UsageError: no word in *text*, no such field, a limit below 1, or a query that FTS5 cannot read.
        ArchiveError: the file is damaged.
    """
    from hedy_jupyter.archive.store import iso

    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise UsageError(f"limit={limit!r} is not a number of 1 or more.")
    if len(text) > _LONGEST:
        raise UsageError(f"This is too long to search for: {len(text):,} characters.", advice=f"Give at most {_LONGEST:,}.")
    wanted = None if fields is None else tuple(fields)
    columns = FIELDS if wanted is None else _columns(wanted)
    phrases = _fts_words(text) if fts else _phrases(text)
    query = _fts_query(text) if fts else " ".join(_quoted(tokens) for tokens in phrases)
    if wanted is not None:
        query = f"{{{' '.join(columns)}}} : ({query})"
    # A hit in a column may be one that was not asked for (raw quotes, where cleaned ones were): more are read than shown.
    narrow = wanted is not None and any(name not in FIELDS for name in wanted)
    bounds = {"query": query, "since": since and iso(since), "until": until and iso(until), "topic": topic_id and texts.clean(topic_id)}
    hits: list[Hit] = []
    with store.reading():
        rows = _rows(store, {**bounds, "limit": -1 if narrow else min(limit, sys.maxsize)}, fts=fts)
        seek = _wanted(store, phrases, columns, {row[0] for row in rows}, fts=fts, narrow=narrow)
        for key, ident, title, start, rank in rows:
            place = _best(_Session(store, key, ident, title), seek, columns, wanted)
            if place is None and not narrow:  # the index folds a letter that the snippet does not
                place = _Place("title", texts.clean(title or ""), frozenset())
            if place is not None:
                hits.append(Hit(ident, title, start, place.field, place.snippet, -rank))
            if len(hits) == limit:
                break
    return hits


def _rows(store: Store, bounds: Mapping[str, object], *, fts: bool) -> list[tuple[int, str, str | None, str | None, float]]:
    weights = ", ".join(str(WEIGHTS[field]) for field in FIELDS)
    inner = f"SELECT rowid AS key, bm25(words, {weights}) AS rank FROM words WHERE words MATCH :query"  # noqa: S608  numbers of ours
    # Cut off after the join: sessions without texts have equal ranks by the dozen, and of those the newest count.
    statement = f"""SELECT s.key, s.session_id, s.title, s.start_time, w.rank FROM ({inner}) AS w JOIN sessions AS s USING (key)
        WHERE (:since IS NULL OR s.start_time >= :since) AND (:until IS NULL OR s.start_time < :until)
          AND (:topic IS NULL OR s.topic_id = :topic) ORDER BY w.rank, s.start_time DESC, s.session_id LIMIT :limit"""  # noqa: S608
    try:
        return typed.rows(store.connection.execute(statement, bounds))
    except sqlite3.OperationalError as error:
        if not fts:
            raise
        store.connection.execute("SELECT rowid FROM words WHERE words MATCH 'x' LIMIT 1")  # where that fails too, it is not the query
        raise UsageError(
            f"FTS5 cannot read this query: {error}.", advice="Leave fts=True (--fts) out to search for the words as they are."
        ) from None


def _wanted(
    store: Store, phrases: Sequence[Sequence[str]], columns: Sequence[str], keys: set[int], *, fts: bool, narrow: bool
) -> _Wanted | None:
    if not phrases or not keys:
        return None
    patterns = [snippets.pattern([tokens], beginnings=fts) for tokens in phrases]
    held = _held(store, phrases, columns, keys, beginnings=fts)
    return _Wanted(patterns, snippets.pattern(phrases, beginnings=fts), held, strict=narrow and not fts)


def _held(
    store: Store, phrases: Sequence[Sequence[str]], columns: Sequence[str], keys: set[int], *, beginnings: bool
) -> dict[int, dict[str, list[int]]]:
    """For each session of *keys* and each column the numbers of the phrases there, the rarest first."""
    found: dict[int, dict[str, list[int]]] = {key: {} for key in keys}
    frequency: dict[int, int] = {}
    for number in sorted(range(len(phrases)), key=lambda number: -len("".join(phrases[number])))[:_LOOKED_UP]:
        query = _quoted(phrases[number]) + (" *" if beginnings else "")
        for column in columns:
            rows = {key for (key,) in store.connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (f"{column} : {query}",))}
            frequency[number] = frequency.get(number, 0) + len(rows)
            for key in rows & keys:
                found[key].setdefault(column, []).append(number)
    for held in found.values():
        for numbers in held.values():
            numbers.sort(key=frequency.__getitem__)
    return found


# The query -------------------------------------------------------------------


def _columns(wanted: Sequence[str]) -> tuple[str, ...]:
    """The columns of the index behind the fields *wanted*, in the order in which they count."""
    if not wanted:
        raise UsageError("No field is named to search in.", advice=f"There are {', '.join(FIELDS)}; leave fields= out for all.")
    asked = {_column(name) for name in wanted}
    return tuple(field for field in FIELDS if field in asked)


def _column(name: str) -> str:
    if name not in _GROUP:
        close = difflib.get_close_matches(str(name), _GROUP, n=2)
        hint = f"Did you mean {' or '.join(close)}?" if close else f"There are {', '.join(FIELDS)}."
        raise UsageError(f"There is no field {name!r} to search in.", advice=hint)
    return _GROUP[name]


def _phrases(text: str) -> list[tuple[str, ...]]:
    """The words and the phrases between double quotes of *text*, each as the tokens that the index has."""
    found = dict.fromkeys(tokens for phrase, word in _PHRASE_OR_WORD.findall(text) if (tokens := _tokens(phrase or word)))
    if not found:
        raise UsageError("There is nothing to search for.", advice="Give one or more words.")
    return list(found)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_RUN_OF_LETTERS.findall(index.spaced(text)))


def _quoted(tokens: Sequence[str]) -> str:
    return '"{}"'.format(" ".join(tokens))


def _fts_query(text: str) -> str:
    """An FTS5 query as the index takes it: without accents, and Chinese and Japanese characters apart."""
    plain = index.unaccented(text.replace("\x00", " "))
    return _FTS_TERM.sub(lambda term: _quoted(_tokens(term[0])) if index.runs_on(term[0]) else term[0], plain)


def _fts_words(query: str) -> list[tuple[str, ...]]:
    """The words of an FTS5 query, for the snippet; its operators, columns and distances are none."""
    words = re.findall(r"[^\s\"():*^+{}]+", _FTS_NO_WORD.sub(" ", query))
    return list(dict.fromkeys(tokens for word in words if word not in _FTS_WORDS and (tokens := _tokens(word))))


# The place -------------------------------------------------------------------


def _best(session: _Session, seek: _Wanted | None, columns: Sequence[str], wanted: Sequence[str] | None) -> _Place | None:
    """The place in the field that holds most of the phrases; of several, in the one that counts for most."""
    if seek is None:
        return None
    held, best, seen = seek.held[session.key], None, frozenset[int]()
    for column in sorted(columns, key=lambda column: -len(held.get(column, ()))):
        shown = seek.patterns[held[column][0]] if column in held else seek.any
        for place in _READ[column](session, seek, shown):
            if wanted is not None and place.field not in wanted and column not in wanted:
                continue
            seen |= place.phrases
            if best is None or len(place.phrases) > len(best.phrases):
                best = place
        if best and not seek.strict:
            break
    return None if seek.strict and len(seen) < len(seek.patterns) else best


def _in_text(field: str, text: object, seek: _Wanted, shown: re.Pattern[str]) -> Places:
    if isinstance(text, str) and (hit := snippets.found(text, shown) or snippets.found(text, seek.any)):
        yield _Place(field, snippets.around(text, hit), snippets.which(text, seek.patterns))


def _in_title(session: _Session, seek: _Wanted, shown: re.Pattern[str]) -> Places:
    return _in_text("title", session.title, seek, shown)


def _in_highlights(session: _Session, seek: _Wanted, shown: re.Pattern[str]) -> Places:
    for highlight in session.store.of_session("highlights", session.ident):
        for field, text in index.parts(highlight):
            yield from _in_text(field, text, seek, shown)


def _in_todos(session: _Session, seek: _Wanted, shown: re.Pattern[str]) -> Places:
    for todo in session.store.of_session("todos", session.ident):
        yield from _in_text("text", todo.get("text"), seek, shown)


def _in_stored(*names: str) -> Read:
    """Looks in the first of the texts *names* that the session has."""

    def read(session: _Session, seek: _Wanted, shown: re.Pattern[str]) -> Places:
        for name in names:
            body = session.store.packed(session.key, name)
            if body is None:
                continue
            if name == "session_notes":
                yield from _in_text(name, texts.notes(merging.unpacked(body)), seek, shown)
            elif seek.strict:
                yield from _in_text(name, merging.unpacked(body), seek, shown)
            elif found := snippets.found_packed(body, shown):  # the one place of its field, so nobody counts its phrases
                yield _Place(name, snippets.around(*found), frozenset())
            return

    return read


_READ: Mapping[str, Read] = MappingProxyType(
    {
        "title": _in_title,
        "highlights": _in_highlights,
        "todos": _in_todos,
        **{name: _in_stored(name) for name in ("recap", "meeting_minutes", "session_notes", "conversations")},
        "transcript": _in_stored("cleaned_transcript", "transcript"),
    }
)
