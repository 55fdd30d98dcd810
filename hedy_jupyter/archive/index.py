"""What is searched: the texts of a session by field, and the FTS5 table of their words.

The table keeps words, not texts: those stand compressed in the archive already. SQLite 3.40 cannot delete from such a table by itself,
so it is told the old texts when a session changes. Case and accents are folded here, because SQLite folds fewer of them than Unicode
knows. Chinese and Japanese have no word borders; their characters are set apart by spaces here and in what is searched, and runs of
them are searched as a phrase. Hangul is searched by what stands between spaces. Thai, Lao and other scripts without spaces are not taken
apart: what stands between two of their vowel signs or tone marks is a word. ß stays ß, and is not found by ss.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hedy_jupyter.tables import schema, texts

WEIGHTS: Mapping[str, float] = {
    "title": 8.0,  # a word in the title is what the meeting was about,
    "highlights": 4.0,  # one that somebody marked or promised comes next,
    "todos": 4.0,
    "recap": 3.0,  # then one in a summary,
    "meeting_minutes": 2.0,
    "session_notes": 2.0,
    "conversations": 1.0,
    "transcript": 1.0,  # and last one that was merely said
}
"""The fields, and how much a word in each counts for the rank."""

FIELDS: tuple[str, ...] = tuple(WEIGHTS)
VERSION = 1
"""Goes up when the same texts would give other words; the archive is then indexed anew."""

_KEYS = schema.keys("highlights_detailed")
HIGHLIGHT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "highlights": _KEYS["title"],
    **{column: _KEYS[column] for column in ("cleaned_quote", "raw_quote", "main_idea", "ai_insight")},
}
"""What of a highlight is searched: field of a hit → names in the JSON."""

BETWEEN = "\n\x1e\n"
"""Stands between two todos or highlights of one text."""
_WALL = " hedyjupyterwall "  # a token between them in the index, so that no phrase reaches from one to the next
_APART = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_APART_ONE = re.compile(f"([{_APART}])")
_MARKS = re.compile("[\u0300-\u036f]")
_NO_WORD = re.compile(r"[\W_]+")


def create(connection: sqlite3.Connection) -> None:
    """Make the empty table."""
    columns = ", ".join(FIELDS)
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5({columns}, content='', tokenize='unicode61 remove_diacritics 2')")


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
    title: str | None, long_texts: Mapping[str, str], highlights: Sequence[Mapping[str, Any]], todos: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """The texts of one session by field; of the two transcripts the cleaned one."""
    found = {
        "title": title,
        "transcript": long_texts.get("cleaned_transcript") or long_texts.get("transcript"),
        "session_notes": texts.notes(long_texts.get("session_notes")),
        **{field: long_texts.get(field) for field in ("recap", "meeting_minutes", "conversations")},
        "highlights": BETWEEN.join(text for highlight in highlights for _, text in parts(highlight)),
        "todos": BETWEEN.join(text for todo in todos if isinstance(text := todo.get("text"), str) and text),
    }
    return {field: text for field, text in found.items() if text}


def parts(highlight: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The texts of one highlight, each with the field that a hit in it is reported as."""
    for field, names in HIGHLIGHT_FIELDS.items():
        text = next((value for name in names if isinstance(value := highlight.get(name), str) and value), None)
        if text:
            yield field, text


def replace(connection: sqlite3.Connection, key: int, old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> None:
    """Put the words of *new* in the place of those of *old* for the session *key*; None is nothing."""
    names, places = ", ".join(FIELDS), ", ".join("?" * len(FIELDS))
    if old is not None:
        connection.execute(f"INSERT INTO words (words, rowid, {names}) VALUES ('delete', ?, {places})", (key, *_row(old)))  # noqa: S608
    if new is not None:
        connection.execute(f"INSERT INTO words (rowid, {names}) VALUES (?, {places})", (key, *_row(new)))  # noqa: S608


def _row(found: Mapping[str, str]) -> list[str]:
    return [spaced(found.get(field, "").replace(BETWEEN, _WALL)) for field in FIELDS]


def spaced(text: str) -> str:
    """*text* as the table takes it: folded, its words apart, Chinese and Japanese characters too."""
    if text.isascii():
        return text.replace("\x00", " ").lower()
    return _NO_WORD.sub(" ", _APART_ONE.sub(r" \1 ", folded(text)))  # SQLite's own idea of a letter is older than Python's


def runs_on(text: str) -> bool:
    """Whether *text* has characters that are set apart in the index: Chinese or Japanese ones."""
    return _APART_ONE.search(text) is not None


def folded(text: str) -> str:
    """*text* without case, accents and compatibility forms. Its length may be another one."""
    return text.lower() if text.isascii() else unaccented(text).lower()


def unaccented(text: str) -> str:
    """*text* without accents and compatibility forms.

    Only the accents of the block U+0300 go: the marks that make a kana voiced, or syllables out of Hangul letters, are letters.
    """
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", texts.clean(text))))
