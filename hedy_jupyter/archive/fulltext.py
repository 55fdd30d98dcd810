"""The full-text table (FTS5): which texts of a session are searched, and the table of their words.

The table keeps words, not texts: those are in the archive already, compressed. SQLite 3.40 cannot delete from such a
table by itself, so it gets the old texts when a session changes. ``text.tokens`` defines what a word is. The table
gets the folded words with spaces or ASCII punctuation between them; its tokenizer ``ascii`` neither splits nor folds
what is not ASCII.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hedy_jupyter.frames import api_text, schema
from hedy_jupyter.text import fold, tokens

WEIGHTS: Mapping[str, float] = {
    "title": 8.0,  # a word in the title is what the meeting was about,
    "highlights": 4.0,  # what was marked or promised comes next,
    "todos": 4.0,
    "recap": 3.0,  # then one in a summary,
    "meeting_minutes": 2.0,
    "session_notes": 2.0,
    "conversations": 1.0,
    "transcript": 1.0,  # and last one that was merely said
}
"""The fields, and how much a word in each counts for the rank."""

FIELDS: tuple[str, ...] = tuple(WEIGHTS)
VERSION = 3
"""Goes up when the same texts would give other words; the archive is then indexed again."""

_KEYS = schema.keys("highlights_detailed")
HIGHLIGHT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "highlights": _KEYS["title"],
    **{column: _KEYS[column] for column in ("cleaned_quote", "raw_quote", "main_idea", "ai_insight")},
}
"""What of a highlight is searched: field of a hit → names in the JSON."""

ITEM_COLUMNS = frozenset({"highlights", "todos"})
"""Columns of several texts each."""
ITEM_SEPARATOR = "\n\x1e\n"
"""Separates two todos or highlights in one text."""
_PHRASE_BARRIER = " \u2016 "  # a token between them that is in no text and no query: phrases do not cross it


def create(connection: sqlite3.Connection, *, database: str = "main") -> None:
    """Make the empty table, in the file or in *database* ``temp``, where SQLite looks first."""
    columns = ", ".join(FIELDS)
    connection.execute(f"CREATE VIRTUAL TABLE {database}.words USING fts5({columns}, content='', tokenize='ascii')")


def drop(connection: sqlite3.Connection) -> None:
    """Drop the table, also one that is so damaged that SQLite cannot open it; the caller holds a transaction."""
    try:
        connection.execute("DROP TABLE IF EXISTS words")
    except sqlite3.Error:
        connection.execute("PRAGMA writable_schema = ON")
        try:
            connection.execute("DELETE FROM sqlite_master WHERE name = 'words'")
        finally:
            connection.execute("PRAGMA writable_schema = RESET")
        for part in ("data", "idx", "content", "docsize", "config"):
            connection.execute(f"DROP TABLE IF EXISTS words_{part}")


def document(
    title: str | None,
    long_texts: Mapping[str, str],
    highlights: Sequence[Mapping[str, Any]],
    todos: Sequence[Mapping[str, Any]],
) -> dict[str, str]:
    """Return the texts of one session by field; of the two transcripts the cleaned one."""
    found = {
        "title": title,
        "transcript": long_texts.get("cleaned_transcript") or long_texts.get("transcript"),
        "session_notes": api_text.notes(long_texts.get("session_notes")),
        **{field: long_texts.get(field) for field in ("recap", "meeting_minutes", "conversations")},
        "highlights": _joined(text for highlight in highlights for _, text in parts(highlight)),
        "todos": _joined(text for todo in todos if isinstance(text := todo.get("text"), str) and text),
    }
    return {field: text for field, text in found.items() if text}


def _joined(items: Iterable[str]) -> str:
    return ITEM_SEPARATOR.join(item.replace("\x1e", " ") for item in items)


def parts(highlight: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Return the texts of one highlight, each with the field that a hit in it is reported as."""
    for field, names in HIGHLIGHT_FIELDS.items():
        text = next((value for name in names if isinstance(value := highlight.get(name), str) and value), None)
        if text:
            yield field, text


def replace(
    connection: sqlite3.Connection, key: int, old: Mapping[str, str] | None, new: Mapping[str, str] | None
) -> None:
    """Put the words of *new* in the place of those of *old* for the session *key*; None is nothing."""
    names, places = ", ".join(FIELDS), ", ".join("?" * len(FIELDS))
    if old is not None:
        deletion = f"INSERT INTO words (words, rowid, {names}) VALUES ('delete', ?, {places})"  # noqa: S608
        connection.execute(deletion, (key, *_row(old)))
    if new is not None:
        connection.execute(f"INSERT INTO words (rowid, {names}) VALUES (?, {places})", (key, *_row(new)))  # noqa: S608


def _row(found: Mapping[str, str]) -> list[str]:
    return [_index_form(field, found.get(field, "")) for field in FIELDS]


def _index_form(field: str, text: str) -> str:
    items = text.split(ITEM_SEPARATOR) if field in ITEM_COLUMNS else [text]
    return _PHRASE_BARRIER.join(map(to_index_form, items))


def to_index_form(text: str) -> str:
    """Return *text* as the table takes it: its words, folded, separated by ASCII that belongs to no word."""
    folded = fold.search_form(text)
    if not tokens.has_single(folded):
        return folded.replace("\x00", " ")
    return " ".join(tokens.index_words(tokens.split(folded)))
