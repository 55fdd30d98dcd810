"""Searches the words of the archive, ranks what it finds, and shows where it is."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from hedy_jupyter.archive import index, merging, snippets
from hedy_jupyter.archive.index import FIELDS, WEIGHTS
from hedy_jupyter.errors import UsageError
from hedy_jupyter.tables import texts

if TYPE_CHECKING:
    from hedy_jupyter.archive.store import Store

_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
_LONGEST = 2000  # characters of a query; a pasted page has no meeting that holds all its words
_RUN_OF_LETTERS = re.compile(r"[^\W_]+")
_FTS_WORDS = frozenset({"AND", "OR", "NOT", "NEAR"})
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
    """What is looked for in its texts: each phrase as tokens, and what finds any of them."""

    phrases: Sequence[Sequence[str]]
    pattern: re.Pattern[str]


class _Place(NamedTuple):
    """Where something was found, and how many of the phrases."""

    field: str
    snippet: str
    phrases: int


Places = Iterable[_Place]


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
    wanted = None if fields is None else tuple(fields)
    columns = None if wanted is None else list(dict.fromkeys(_column(name) for name in wanted))
    phrases = _fts_words(text) if fts else _phrases(text)
    query = index.unaccented(text) if fts else " ".join(_quoted(tokens) for tokens in phrases)
    if columns is not None:
        query = f"{{{' '.join(columns)}}} : ({query})"
    bounds = {"query": query, "since": since and iso(since), "until": until and iso(until), "topic": topic_id}
    # A hit in a column may be one that was not asked for (raw quotes, where cleaned ones were): more are read than shown.
    narrow = wanted is not None and any(name not in FIELDS for name in wanted)
    seek = _Wanted(phrases, snippets.pattern(phrases, beginnings=fts)) if phrases else None
    hits: list[Hit] = []
    with store.reading():
        rows = _rows(store, {**bounds, "limit": -1 if narrow else limit}, fts=fts)
        for key, ident, title, start, rank in rows:
            place = _best(_Session(store, key, ident, title), seek, columns or FIELDS, wanted)
            if place is None and not narrow:  # the index folds a letter that the snippet does not
                place = _Place("title", title or "", 0)
            if place is not None:
                hits.append(Hit(ident, title, start, place.field, place.snippet, -rank))
            if len(hits) == limit:
                break
    return hits


def _rows(store: Store, bounds: Mapping[str, object], *, fts: bool) -> list[tuple[int, str, str | None, str | None, float]]:
    weights = ", ".join(str(WEIGHTS[field]) for field in FIELDS)
    filtered = any(bounds[name] is not None for name in ("since", "until", "topic"))
    # Ranked in the index alone, then joined: a word that every meeting has would else read every session's row.
    inner = f"SELECT rowid AS key, bm25(words, {weights}) AS rank FROM words WHERE words MATCH :query"  # noqa: S608  numbers of ours
    shown = "SELECT s.key, s.session_id, s.title, s.start_time, w.rank"
    if filtered:
        statement = f"""{shown} FROM ({inner}) AS w JOIN sessions AS s USING (key)
            WHERE (:since IS NULL OR s.start_time >= :since) AND (:until IS NULL OR s.start_time < :until)
              AND (:topic IS NULL OR s.topic_id = :topic) ORDER BY w.rank, s.start_time DESC LIMIT :limit"""
    else:
        statement = f"""{shown} FROM ({inner} ORDER BY rank LIMIT :limit) AS w JOIN sessions AS s USING (key)
            ORDER BY w.rank, s.start_time DESC"""
    try:
        return store.connection.execute(statement, bounds).fetchall()
    except sqlite3.OperationalError as error:
        if not fts:
            raise
        raise UsageError(
            f"FTS5 cannot read this query: {error}.", advice="Leave fts=True (--fts) out to search for the words as they are."
        ) from None


# The query -------------------------------------------------------------------


def _column(name: str) -> str:
    if name not in _GROUP:
        close = difflib.get_close_matches(str(name), _GROUP, n=2)
        hint = f"Did you mean {' or '.join(close)}?" if close else f"There are {', '.join(FIELDS)}."
        raise UsageError(f"There is no field {name!r} to search in.", advice=hint)
    return _GROUP[name]


def _phrases(text: str) -> list[list[str]]:
    """The words and the phrases between double quotes of *text*, each as the tokens that the index has."""
    if len(text) > _LONGEST:
        raise UsageError(f"This is too long to search for: {len(text):,} characters.", advice=f"Give at most {_LONGEST:,}.")
    found = [tokens for phrase, word in _PHRASE_OR_WORD.findall(text) if (tokens := _tokens(phrase or word))]
    if not found:
        raise UsageError("There is nothing to search for.", advice="Give one or more words.")
    return found


def _tokens(text: str) -> list[str]:
    return _RUN_OF_LETTERS.findall(index.spaced(text))


def _quoted(tokens: Sequence[str]) -> str:
    return '"{}"'.format(" ".join(tokens))


def _fts_words(query: str) -> list[list[str]]:
    """The words of an FTS5 query, for the snippet; its operators are none."""
    return [tokens for word in re.findall(r"[^\s\"():*^+{}]+", query) if word not in _FTS_WORDS and (tokens := _tokens(word))]


# The place -------------------------------------------------------------------


def _best(session: _Session, seek: _Wanted | None, columns: Iterable[str], wanted: Sequence[str] | None) -> _Place | None:
    """The place in which most of the phrases occur; of several, that in the field that counts for most."""
    best: _Place | None = None
    for column in columns if seek else ():
        for place in _READ[column](session, seek):
            if wanted is not None and place.field not in wanted and column not in wanted:
                continue
            if best is None or place.phrases > best.phrases:
                best = place
            if seek and place.phrases == len(seek.phrases):
                return place
    return best


def _in_text(field: str, text: object, seek: _Wanted) -> Places:
    hit = snippets.found(text, seek.pattern) if isinstance(text, str) else None
    if isinstance(text, str) and hit:
        yield _Place(field, snippets.around(text, hit), _count(text, seek.phrases))


def _count(text: str, phrases: Sequence[Sequence[str]]) -> int:
    if len(phrases) == 1:
        return 1
    plain = index.folded(text)
    return sum(1 for tokens in phrases if any(snippets.hits(plain, snippets.pattern([tokens]))))


def _in_title(session: _Session, seek: _Wanted) -> Places:
    return _in_text("title", session.title, seek)


def _in_highlights(session: _Session, seek: _Wanted) -> Places:
    for highlight in session.store.of_session("highlights", session.ident):
        for field, text in index.parts(highlight):
            yield from _in_text(field, text, seek)


def _in_todos(session: _Session, seek: _Wanted) -> Places:
    for todo in session.store.of_session("todos", session.ident):
        yield from _in_text("text", todo.get("text"), seek)


def _in_stored(*names: str) -> Callable[[_Session, _Wanted], Places]:
    """Looks in the first of the texts *names* that the session has."""

    def read(session: _Session, seek: _Wanted) -> Places:
        for name in names:
            body = session.store.packed(session.key, name)
            if body is None:
                continue
            if name == "session_notes":
                yield from _in_text(name, texts.notes(merging.unpacked(body)), seek)
            elif len(seek.phrases) > 1:
                yield from _in_text(name, merging.unpacked(body), seek)
            elif found := snippets.found_packed(body, seek.pattern):
                yield _Place(name, snippets.around(*found), 1)
            return

    return read


_READ: Mapping[str, Callable[..., Places]] = MappingProxyType(
    {
        "title": _in_title,
        "highlights": _in_highlights,
        "todos": _in_todos,
        **{name: _in_stored(name) for name in ("recap", "meeting_minutes", "session_notes", "conversations")},
        "transcript": _in_stored("cleaned_transcript", "transcript"),
    }
)
