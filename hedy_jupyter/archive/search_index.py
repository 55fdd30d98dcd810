"""The index of the words: which sessions changed in a transaction, and how the words follow their texts."""

from __future__ import annotations

import sqlite3

from hedy_jupyter.archive import fulltext, session_texts
from hedy_jupyter.archive.typed_rows import note, noted, select, select_one, select_required

_VERSION = "index_version"
_TOUCHED_AT_MOST = 200  # documents in memory during one transaction


class SearchIndex:
    """The words of one open archive; its user holds the connection's lock.

    Every change is announced by ``touch`` before it is made, and ``update`` then replaces the words: the table of the
    words must get the old texts to delete theirs.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._touched: dict[int, dict[str, str] | None] = {}

    @property
    def is_current(self) -> bool:
        """Whether the words in the file were made by this version."""
        return noted(self._connection, _VERSION) == str(fulltext.VERSION)

    @property
    def is_in_memory(self) -> bool:
        """Whether ``make_in_memory`` has made the words."""
        return select_one(self._connection, "SELECT 1 FROM temp.sqlite_master WHERE name = 'words'") is not None

    def touch(self, key: int) -> None:
        """Remember the texts of a session before they change."""
        if key in self._touched:
            return
        if len(self._touched) >= _TOUCHED_AT_MOST:
            self.update()
        indexed = select_required(self._connection, "SELECT indexed FROM sessions WHERE key = ?", key)[0]
        self._touched[key] = self.document(key) if indexed else None

    def touch_session(self, session_id: str | None) -> None:
        """Remember the texts of the session with this id, if it is held."""
        row = select_one(self._connection, "SELECT key FROM sessions WHERE session_id = ?", session_id)
        if row:
            self.touch(row[0])

    def update(self) -> None:
        """Replace the words of the sessions that were touched."""
        for key, old in self._touched.items():
            new = self.document(key)
            if new != old:
                fulltext.replace(self._connection, key, old, new)
                self._connection.execute("UPDATE sessions SET indexed = 1 WHERE key = ?", (key,))
        self.forget()

    def forget(self) -> None:
        """Forget what was touched: the transaction is over."""
        self._touched.clear()

    def document(self, key: int) -> dict[str, str]:
        """Return the texts of a session that are searched, by field."""
        title, session_id = select_required(
            self._connection, "SELECT title, session_id FROM sessions WHERE key = ?", key
        )
        return fulltext.document(
            title,
            session_texts.texts(self._connection, key),
            session_texts.items(self._connection, "highlights", session_id),
            session_texts.items(self._connection, "todos", session_id),
        )

    def rebuild(self) -> None:
        """Make all words again from the texts; the caller holds a transaction."""
        fulltext.drop(self._connection)
        fulltext.create(self._connection)
        self._connection.execute("UPDATE sessions SET indexed = 0")
        for (key,) in select(self._connection, "SELECT key FROM sessions"):
            self.touch(key)
        note(self._connection, _VERSION, str(fulltext.VERSION))

    def is_repairable(self) -> bool:
        """Return whether nothing but the words is damaged; else pages of others might be freed with them."""
        faults = [str(fault) for (fault,) in self._connection.execute("PRAGMA quick_check")]
        return faults == ["ok"] or all("words" in fault for fault in faults)

    def make_in_memory(self) -> None:
        """Make the words in memory, for a read-only file with those of another version: about 5 ms a session."""
        if self.is_current or self.is_in_memory:
            return
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._connection.execute("BEGIN")
        try:
            fulltext.create(self._connection, database="temp")
            for (key,) in select(self._connection, "SELECT key FROM sessions"):
                fulltext.replace(self._connection, key, None, self.document(key))
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
