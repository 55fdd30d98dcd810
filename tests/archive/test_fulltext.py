"""Words made by another version of the index: made again, interrupted, and where the file is read-only."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hedy_jupyter.archive import fulltext, ingest, queries
from hedy_jupyter.archive.database import Opened
from hedy_jupyter.archive.search import find
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError


def with_old_words(path: Path) -> Path:
    """An archive whose words were made by the first version of the index."""
    with Store.open(path, create=True) as store:
        ingest.put_detail(
            store, "sess_1", {"sessionId": "sess_1", "title": "Weekly", "transcript": "दान, Q3の会議", "recap": "lamp"}
        )
        ingest.put_detail(
            store,
            "sess_2",
            {"sessionId": "sess_2", "title": "Weekly", "transcript": "दिन", "user_todos": [{"id": "t", "text": "x"}]},
        )
        columns = ", ".join(fulltext.FIELDS)
        store.connection.execute("DROP TABLE words")
        store.connection.execute(
            # the names are ours
            f"CREATE VIRTUAL TABLE words USING fts5({columns}, content='', tokenize='unicode61 remove_diacritics 2')"
        )
        store.connection.execute("INSERT INTO words (rowid, transcript) VALUES (1, 'द न q3 の 会 議')")
        store.connection.execute("INSERT INTO words (rowid, transcript) VALUES (2, 'द न')")
        store.note("index_version", "1")
    return path


def has_new_words(store: Store) -> bool:
    """Whether the words are those of the texts, by today's definition."""
    found = [sorted(hit.session_id for hit in find(store, text)) for text in ("दिन", "q3", "lamp", "weekly", "द")]
    return found == [["sess_2"], ["sess_1"], ["sess_1"], ["sess_1", "sess_2"], []]


def test_old_words_are_made_again(tmp_path: Path) -> None:
    """An archive with the words of an older version is indexed again where it is opened, once, and stays sound."""
    path = with_old_words(tmp_path / "a.sqlite")
    for _ in range(2):
        with Store.open(path) as store:
            assert has_new_words(store)
            ingest.put_detail(store, "sess_2", {"sessionId": "sess_2", "recap": "boat"})
            assert [hit.session_id for hit in find(store, "boat दिन")] == ["sess_2"]
            store.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
            assert store.noted("index_version") == str(fulltext.VERSION)


@pytest.mark.parametrize("call", [1, 2])
def test_indexing_again_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """Interrupted while it is indexed again, the archive stays as it was, and the next opening does it."""
    path, replace, calls = with_old_words(tmp_path / "a.sqlite"), fulltext.replace, iter(range(1, 10))

    def interrupted(*args: Any) -> None:
        if next(calls) == call:
            raise KeyboardInterrupt
        replace(*args)

    monkeypatch.setattr(fulltext, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Store.open(path)
    monkeypatch.undo()

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT value FROM meta WHERE name = 'index_version'").fetchone() == ("1",)
        assert connection.execute("SELECT count(*) FROM words WHERE words MATCH '会'").fetchone() == (1,)
    with Store.open(path) as store:
        assert has_new_words(store)


def test_indexing_again_is_announced(tmp_path: Path) -> None:
    """What is about to be indexed is counted before; a store that needs no words leaves the old ones."""
    path, told = with_old_words(tmp_path / "a.sqlite"), list[int]()

    with Store.open(path, before_indexing=None) as store:
        assert not store.index.is_current
        assert len(queries.sessions(store)) == 2
    for _ in range(2):
        with Store.open(path, before_indexing=told.append) as store:
            assert has_new_words(store)

    assert told == [2]


def test_indexing_again_is_killed(tmp_path: Path) -> None:
    """Killed while it is indexed again, the archive has its old words, and the next opening makes all of the new."""
    path = with_old_words(tmp_path / "a.sqlite")

    done = subprocess.run([sys.executable, "-m", "tests.archives", "killed", str(path), "2"], check=False)

    assert done.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT value FROM meta WHERE name = 'index_version'").fetchone() == ("1",)
    with Store.open(path) as store:
        assert has_new_words(store)
        store.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


@contextmanager
def read_only(path: Path) -> Iterator[Store]:
    """The archive at *path*, opened so that nothing can write to it."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    with Store(
        path, Opened(connection, writable=False, exposed=False), wait_s=1, now=lambda: datetime.now(UTC)
    ) as store:
        yield store


def test_old_words_in_a_file_that_may_only_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file cannot be indexed again, the words are made in memory at the first search, once.

    The file stays as it is.
    """
    path, made = with_old_words(tmp_path / "a.sqlite"), list[int]()
    replace = fulltext.replace
    monkeypatch.setattr(
        fulltext, "replace", lambda connection, key, *texts: (made.append(key), replace(connection, key, *texts))
    )
    before = path.read_bytes()

    with read_only(path) as store:
        assert has_new_words(store)
        assert [hit.field for hit in find(store, "x OR q3", fts=True, fields=["text", "cleaned_quote"])] == ["text"]

    assert made == [1, 2]
    assert path.read_bytes() == before
    with read_only(path) as store, pytest.raises(ArchiveError):
        store.note("a", "b")


def test_words_in_memory_are_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted while they are made in memory, they are made at the next search.

    Those of the file are never half used.
    """
    path, replace = with_old_words(tmp_path / "a.sqlite"), fulltext.replace
    with read_only(path) as store:
        monkeypatch.setattr(fulltext, "replace", lambda _, key, *texts: replace(_, key, *texts) if key == 1 else [][0])
        with pytest.raises(IndexError):
            find(store, "lamp")
        monkeypatch.undo()

        assert has_new_words(store)


def test_new_words_are_read_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may only be read and has today's words is searched as it is."""
    path = with_old_words(tmp_path / "a.sqlite")
    Store.open(path).close()
    monkeypatch.setattr(fulltext, "replace", lambda *_: [][0])

    with read_only(path) as store:
        assert has_new_words(store)
