"""Search the words of the archive, rank the hits, and show where they are."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hedy_jupyter.analysis.filters import check_limit
from hedy_jupyter.archive import encoding, fulltext, merge, session_texts, snippets, typed_rows
from hedy_jupyter.archive import search_query as query
from hedy_jupyter.archive.fulltext import FIELDS, WEIGHTS
from hedy_jupyter.archive.queries import ALWAYS, SESSIONS_WITHIN, Window
from hedy_jupyter.archive.search_query import Query, Term
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError, UsageError
from hedy_jupyter.text.suggestions import did_you_mean

_LONGEST = 2000  # characters of a query; a pasted page has no meeting that holds all its words
_LOOKED_UP = 12  # of so many terms, the longest, it is asked in which columns they are
_GROUP: Mapping[str, str] = MappingProxyType(
    {name: name for name in FIELDS}
    | dict.fromkeys(fulltext.HIGHLIGHT_FIELDS, "highlights")
    | {"text": "todos", "cleaned_transcript": "transcript"}
)
"""What ``fields=`` takes → the column of the index."""
_PACKED = frozenset({"recap", "meeting_minutes", "conversations", "transcript"})
"""Columns of one compressed text each."""


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


class Asked(NamedTuple):
    """Hold what a search looks for.

    Attributes:
        terms: the terms that have to occur.
        columns: the columns of the index that are searched.
        fields: the names that were asked for; None is all.
    """

    terms: Sequence[Term]
    columns: Sequence[str]
    fields: frozenset[str] | None


class Found(NamedTuple):
    """A session that the index has found."""

    store: Store
    key: int
    ident: str
    title: str | None


class _Wanted(NamedTuple):
    """Hold what is looked for in the texts.

    Attributes:
        query: its terms, and which of them a session must have.
        held: session → column → numbers of the terms that the index has there, the rarest first.
        unknown: the numbers of the terms of which that is not known.
        columns: those that are searched.
        fields: the names that were asked for; None is all.
        strict: the texts decide, not the index: of a column only some texts count.
    """

    query: Query
    held: Mapping[int, Mapping[str, Sequence[int]]]
    unknown: frozenset[int]
    columns: Sequence[str]
    fields: Sequence[str] | None
    strict: bool

    def counts(self, column: str, field: str) -> bool:
        """Tell whether *field* of *column* was asked for."""
        return self.fields is None or field in self.fields or column in self.fields

    def terms(self, numbers: Iterable[int], column: str) -> list[tuple[int, Term]]:
        """Return the terms of *numbers* that count in *column*."""
        return [(number, term) for number in numbers if column in (term := self.query.terms[number]).columns]


class _Text(NamedTuple):
    """Hold a text that was asked for.

    Attributes:
        seen: the terms that occur in it.
    """

    column: str
    field: str
    text: str
    seen: frozenset[int]


class _Place(NamedTuple):
    """Hold where something was found, and how many terms are there."""

    field: str
    snippet: str
    terms: int


def find(
    store: Store,
    text: str,
    window: Window = ALWAYS,
    *,
    fields: Iterable[str] | None = None,
    limit: int = 50,
    fts: bool = False,
) -> list[Hit]:
    """Find the sessions that hold every word of *text*, best first; one row each.

    Args:
        fields: only these: names of ``fulltext.FIELDS``, of the columns behind them, or both.
        fts: *text* is a query in the language of FTS5.

    Raises:
        UsageError: no word in *text*, no such field, a limit below 1, or a query that FTS5 cannot read.
        ArchiveError: the file is damaged.
    """
    check_limit(limit)
    if len(text) > _LONGEST:
        raise UsageError(
            f"This is too long to search for: {len(text):,} characters.", advice=f"Give at most {_LONGEST:,}."
        )
    wanted = None if fields is None else tuple(fields)
    columns = FIELDS if wanted is None else _columns(wanted)
    # A hit in a column may be one that was not asked for (raw quotes, where cleaned ones were): the texts tell.
    strict = wanted is not None and any(name not in FIELDS for name in wanted)
    hits: list[Hit] = []
    with store.reading():
        if not store.writable:
            store.index.make_in_memory()
        bounds = window.bounds | {"limit": min(limit, sys.maxsize)}
        asked, rows = _candidates(store, text, columns, bounds, fts=fts, strict=strict)
        seek = _Wanted(asked, *_held(store, asked, columns, {row[0] for row in rows}), columns, wanted, strict)
        for key, ident, title, start, rank in rows:
            place = _best(Found(store, key, ident, title), seek)
            if place is not None:
                hits.append(Hit(ident, title, start, place.field, place.snippet, -rank))
            if len(hits) == limit:
                break
    return hits


def read_search(text: str, fields: Iterable[str] | None, *, fts: bool) -> Asked:
    """Read *text*, a search that ``find`` accepts."""
    wanted = None if fields is None else frozenset(fields)
    read = query.fts(query.fts_words(text)) if fts else query.literal(text)
    return Asked(read.shown, FIELDS if wanted is None else _columns(tuple(wanted)), wanted)


def find_repaired(
    store: Store, text: str, window: Window, *, fields: Iterable[str] | None, limit: int, fts: bool
) -> list[Hit]:
    """Find as ``find`` does; where the words are damaged and their texts are not, make the words again first."""
    wanted = None if fields is None else tuple(fields)
    try:
        return find(store, text, window, fields=wanted, limit=limit, fts=fts)
    except ArchiveError:
        if not store.repair_index():
            raise
        return find(store, text, window, fields=wanted, limit=limit, fts=fts)


Row = tuple[int, str, str | None, str | None, float]
"""Key, id, title, start and rank of a session; a smaller rank is better."""


def _candidates(
    store: Store, text: str, columns: Sequence[str], bounds: Mapping[str, object], *, fts: bool, strict: bool
) -> tuple[Query, list[Row]]:
    """Read *text*, and return it with the sessions that match it in the index, best first."""
    asked = _fts(store, query.fts_words(text)) if fts else query.literal(text)
    match = asked.wider() if strict else asked.match
    if len(columns) < len(FIELDS) and match:
        match = f"{{{' '.join(columns)}}} : ({match})"
    # The index does not tell whether words near each other are in one todo: the texts do, so more are read than shown.
    limit = -1 if strict or not all(term.is_plain for term in asked.terms) else bounds["limit"]
    return asked, ranked(store, {**bounds, "query": match, "limit": limit}) if match else []


def _fts(store: Store, match: str) -> Query:
    try:
        store.connection.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT 1", (match,)).fetchone()
    except sqlite3.OperationalError as error:
        # Where this fails too, it is not the query.
        store.connection.execute("SELECT rowid FROM words WHERE words MATCH 'x' LIMIT 1")
        raise UsageError(
            f"FTS5 cannot read this query: {error}.",
            advice="Leave fts=True (--fts) out to search for the words as they are.",
        ) from None
    return query.fts(match)


def ranked(store: Store, bounds: Mapping[str, object]) -> list[Row]:
    """Return the sessions that match in the index, best first.

    *bounds* holds ``query``, ``limit``, and those of a window.
    """
    weights = ", ".join(str(WEIGHTS[field]) for field in FIELDS)
    inner = f"SELECT rowid AS key, bm25(words, {weights}) AS rank FROM words WHERE words MATCH :query"  # noqa: S608  numbers of ours
    # Cut off after the join: sessions without texts have equal ranks by the dozen, and of those the newest count.
    statement = f"""SELECT s.key, s.session_id, s.title, s.start_time, w.rank
        FROM ({inner}) AS w JOIN sessions AS s USING (key)
        WHERE {SESSIONS_WITHIN} ORDER BY w.rank, s.start_time DESC, s.session_id LIMIT :limit"""  # noqa: S608
    return typed_rows.select(store.connection, statement, bounds)


def _held(
    store: Store, asked: Query, columns: Sequence[str], keys: set[int]
) -> tuple[dict[int, dict[str, list[int]]], frozenset[int]]:
    """Return session → column → terms there, the rarest first, and the terms that were not looked up."""
    found: dict[int, dict[str, list[int]]] = {key: {} for key in keys}
    frequency: dict[int, int] = {}
    numbers = sorted(asked.positive(), key=lambda number: -asked.terms[number].size)
    for number in numbers[:_LOOKED_UP] if keys else ():
        term = asked.terms[number]
        waiting = [[column] for column in columns if column in term.columns and column == "transcript"]
        waiting.append([column for column in columns if column in term.columns and column != "transcript"])
        while waiting:  # of all but the transcript together first: most words were merely said
            group = waiting.pop()
            rows = matching(store, f"{{{' '.join(group)}}} : ({term.match})") if group else set()
            if len(group) > 1:
                waiting += [[column] for column in group] if rows & keys else []
                continue
            frequency[number] = frequency.get(number, 0) + len(rows)
            for key in rows & keys:
                found[key].setdefault(group[0], []).append(number)
    for held in found.values():
        for there in held.values():
            there.sort(key=frequency.__getitem__)
    return found, frozenset(numbers[_LOOKED_UP:])


def matching(store: Store, match: str) -> set[int]:
    """Return the keys of the sessions that *match* finds."""
    return {key for (key,) in store.connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (match,))}


# The fields ------------------------------------------------------------------


def _columns(wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of the index behind the fields *wanted*, in the order in which they count."""
    if not wanted:
        raise UsageError(
            "No field is named to search in.", advice=f"There are {', '.join(FIELDS)}; leave fields= out for all."
        )
    asked = {_column(name) for name in wanted}
    return tuple(field for field in FIELDS if field in asked)


def _column(name: str) -> str:
    if name not in _GROUP:
        hint = did_you_mean(str(name), _GROUP) or f"There are {', '.join(FIELDS)}."
        raise UsageError(f"There is no field {name!r} to search in.", advice=hint)
    return _GROUP[name]


# The place -------------------------------------------------------------------


def _best(session: Found, wanted: _Wanted) -> _Place | None:
    """Return the place in the column that has most of the terms, of several in the most important one.

    None if it is no hit.
    """
    held = _held_in_texts(session, wanted)
    read = [text for column in wanted.columns for text in _read(session, wanted, column)] if wanted.strict else []
    seen = (
        frozenset[int]().union(*(text.seen for text in read)) if wanted.strict else wanted.unknown.union(*held.values())
    )
    reasons = wanted.query.reasons(seen)
    others = reasons if wanted.strict or wanted.unknown.issuperset(reasons) else ()
    best: _Place | None = None
    for column in sorted(wanted.columns, key=lambda column: -len(held.get(column, ()))):
        known = [number for number in held.get(column, ()) if number in reasons]
        terms = wanted.terms(dict.fromkeys([*known, *others]), column)
        if wanted.strict:
            places = _shown((text for text in read if text.column == column), terms)
        else:
            places = _places(session, wanted, column, terms)
        for place in places:
            if best is None or place.terms > best.terms:
                best = place
        if best and not wanted.strict:
            break
    return best


def _held_in_texts(session: Found, wanted: _Wanted) -> Mapping[str, Sequence[int]]:
    """Return what the index has of a session, without NEAR terms whose phrases are in different todos."""
    held, terms = wanted.held[session.key], wanted.query.terms
    if all(term.is_plain for term in terms):
        return held

    def is_held(number: int, column: str) -> bool:
        if terms[number].is_plain or column not in fulltext.ITEM_COLUMNS:
            return True
        return any(snippets.which(text, [(number, terms[number])]) for _, text in texts(session, column))

    return {column: [number for number in numbers if is_held(number, column)] for column, numbers in held.items()}


def _places(session: Found, wanted: _Wanted, column: str, terms: Sequence[tuple[int, Term]]) -> Iterator[_Place]:
    """Yield the places in *column* that have one of *terms*."""
    if not terms:
        return
    if column not in _PACKED:
        yield from _shown(_read(session, wanted, column), terms)
        return
    for name, body in _stored(session, column):  # it is the one text of its column, and read only as far as needed
        found = next((place for _, term in terms if (place := snippets.found_packed(body, term))), None)
        if found:
            yield _Place(name, snippets.around(*found), len(terms))


def _shown(read: Iterable[_Text], terms: Sequence[tuple[int, Term]]) -> Iterator[_Place]:
    """Yield the places in the texts *read* that have one of *terms*; each shows the first of *terms* that is there."""
    for text in read:
        there = [term for number, term in terms if number in text.seen]
        if there and (hit := snippets.found(text.text, there[0])):
            yield _Place(text.field, snippets.around(text.text, hit), len(there))


def _read(session: Found, wanted: _Wanted, column: str) -> Iterator[_Text]:
    """Yield the texts of *column* that were asked for, with the terms that occur in them."""
    terms = wanted.terms(range(len(wanted.query.terms)), column)
    for field, text in texts(session, column):
        if wanted.counts(column, field):
            yield _Text(column, field, text, snippets.which(text, terms))


def texts(session: Found, column: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a column of the index, each with the name of its field."""
    if column == "title":
        yield from [("title", session.title)] if session.title else ()
    elif column == "highlights":
        for highlight in session_texts.items(session.store.connection, "highlights", session.ident):
            yield from fulltext.parts(highlight)
    elif column == "todos":
        todos = session_texts.items(session.store.connection, "todos", session.ident)
        yield from (("text", text) for todo in todos if isinstance(text := todo.get("text"), str))
    else:
        for name, body in _stored(session, column):
            yield name, merge.readable(name, encoding.unpacked(body))


def _stored(session: Found, column: str) -> Iterator[tuple[str, bytes]]:
    """Yield the compressed text of a column: of two transcripts the cleaned one."""
    names = ("cleaned_transcript", "transcript") if column == "transcript" else (column,)
    yield from session_texts.packed_texts(session.store.connection, session.key, names)[:1]
