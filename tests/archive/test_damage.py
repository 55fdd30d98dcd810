"""Damaged archives: every read of one gives rows or one clear ArchiveError, whatever is in the file."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pandas as pd
import pytest

from hedy_jupyter import ArchiveError, Hedy, NotFound, UsageError, kinds
from hedy_jupyter.accessor import fetch
from hedy_jupyter.archive import typed_rows
from hedy_jupyter.archive.encoding import packed
from hedy_jupyter.archive.search import find
from hedy_jupyter.magics import status
from tests.histories import History

CASES = int(os.environ.get("HEDY_TEST_DAMAGE", "72"))
"""How many files are damaged at random, and how many of the wrong values are tried; 5,000 for a night."""
PAGE = 4096
KINDS = (kinds.SESSION, kinds.TOPIC, kinds.CONTEXT)
TABLES = {
    "sessions": "session_id title start_time topic_id listing listed detail detail_at basis indexed "
    "first_seen_at seen_at gone_at",
    "texts": "session_key field body first_seen_at replaced_at",
    "todos": "todo_id session_id record first_seen_at seen_at completed_at gone_at",
    "highlights": "highlight_id session_id time record first_seen_at seen_at gone_at",
    "topics": "topic_id time record first_seen_at seen_at gone_at",
    "contexts": "context_id time record first_seen_at seen_at gone_at",
    "runs": "key started_at finished_at full requests",
    "meta": "name value",
}
DEEP = '{"a":' * 100_000 + "1" + "}" * 100_000
VALUES: dict[str, object] = {
    "null": None,
    "number": 5,
    "negative": -3,
    "large": 2**62,
    "fraction": 2.5,
    "infinite": float("inf"),
    "empty": "",
    "blob": b"\x00\xff\xfe",
    "empty blob": b"",
    "not UTF-8": "CAST(x'66ff00fe' AS TEXT)",
    "word": "yesterday",
    "no time": "9999-99-99T99:99:99Z",
    "naive time": "2026-03-01T10:00:00",
    "JSON list": "[1, 2]",
    "JSON number": "5",
    "JSON null": "null",
    "JSON text": '"x"',
    "JSON two": '{"a": 1}, {"b": 2}',
    "JSON odd values": '{"sessionId": {"a": 1}, "id": [1], "title": 5, "startTime": [], "topic": 7, "highlights": {}, '
    '"timestamp": {}}',
    "JSON deep": DEEP,
    "JSON large number": '{"id": ' + "9" * 5000 + "}",
    "zlib of nonsense": zlib.compress(b"\xff\xfe nonsense"),
    "zlib of a list": packed("[1]"),
    "zlib of an object": packed("{}"),
    "zlib without a record": packed('{"record": 5, "names": []}'),
    "zlib of odd names": packed('{"record": {}, "names": {"recap": ["x"], "transcript": 7}}'),
    "zlib deep": packed(DEEP),
    "zlib cut": packed("a text of some length that is cut")[:-6],
}
READS: dict[str, Callable[[Hedy, Path], object]] = {
    "sessions": lambda hedy, _: hedy.archive.sessions(history=True),
    "sessions, filtered": lambda hedy, _: hedy.archive.sessions(topic="Alpha", since="2001", details=True),
    "details": lambda hedy, _: hedy.archive.sessions(details=True, history=True),
    "highlights": lambda hedy, _: hedy.archive.highlights(details=True, history=True),
    "highlights of one": lambda hedy, _: hedy.archive.highlights(session="last"),
    "todos": lambda hedy, _: hedy.archive.todos(history=True),
    "todos of a topic": lambda hedy, _: hedy.archive.todos(topic="Alpha"),
    "topics": lambda hedy, _: hedy.archive.topics(history=True),
    "contexts": lambda hedy, _: hedy.archive.contexts(history=True),
    "record": lambda hedy, _: hedy.archive.record(kinds.SESSION, "sess_000001"),
    "topic": lambda hedy, _: hedy.topic("Beta", source="archive"),
    "session": lambda hedy, _: repr(hedy.session("last", source="archive")),
    "highlight": lambda hedy, _: hedy.archive.highlight("high_000001"),
    "todo": lambda hedy, _: hedy.archive.todo("last", "todo_000000"),
    "beyond": lambda hedy, _: hedy.archive.beyond({"sess_000001"}, details=True),
    "search": lambda hedy, _: hedy.archive.search("harbour"),
    "search, two words": lambda hedy, _: hedy.archive.search('lamp "we talk"', fields=["transcript", "raw_quote"]),
    "search, FTS5": lambda hedy, _: hedy.archive.search("harb* OR lamp", fts=True),
    "coverage": lambda hedy, _: hedy.archive.coverage(),
    "history": lambda hedy, _: hedy.archive.history("sess_000001"),
    "counts": lambda hedy, _: hedy.archive.counts(),
    "synced_at": lambda hedy, _: hedy.archive.synced_at(),
    "names": lambda hedy, _: hedy.archive.names(KINDS),
    "completion": lambda hedy, _: status.names(hedy),
    "card": lambda hedy, _: status.archive_line(hedy),
    "known meetings": lambda *_: fetch.known("sessions"),
    "Parquet": lambda hedy, folder: hedy.archive.to_parquet(folder / "out"),
    "delete": lambda hedy, _: hedy.archive.delete(),
    "live": lambda hedy, _: hedy.sessions(limit=None, details=True),
    "sync": lambda hedy, _: hedy.archive.sync(),
}
OFTEN = [name for name in READS if name not in {"live", "sync", "Parquet"}]  # those are slow, and take their turns


def history() -> History:
    """Six meetings with everything that an archive can hold."""
    made = History(6)
    made.topics[0] |= {"overview": {"summary": "Ports"}, "topicContext": "x", "updatedAt": "2026-03-01T10:00:00Z"}
    made.details["sess_000002"] |= {
        "conversations": [{"question": "Why?", "answer": "So."}],
        "cleaned_transcript": None,
    }
    made.details["sess_000003"] |= {"session_notes": json.dumps({"ops": [{"insert": "Notes\n"}]}), "startTime": None}
    return made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small archive with older versions of texts, something gone and something done, as it lies on the disk."""
    path, made = tmp_path_factory.mktemp("whole") / "a.sqlite", history()
    with made.account_of(archive=path) as hedy:
        hedy.archive.sync()
        del made.details["sess_000005"]
        made.details["sess_000001"] |= {"title": "Renamed", "recap": "Another recap"}
        made.details["sess_000000"]["user_todos"][0]["completed"] = True
        hedy.archive.sync(full=True)
    return path.read_bytes()


@pytest.fixture
def hedy(tmp_path: Path) -> Hedy:
    """An account whose archive is ``tmp_path / "a.sqlite"``."""
    return history().account_of(archive=tmp_path / "a.sqlite")


def put(path: Path, content: bytes) -> None:
    """Put an archive there, and nothing beside it."""
    for end in ("-wal", "-shm", "-journal"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    path.write_bytes(content)


def failures(hedy: Hedy, folder: Path, names: list[str]) -> list[str]:
    """Which of the reads *names* fail with anything but a clear error."""
    found = []
    for name in names:
        try:
            READS[name](hedy, folder)
        except ArchiveError as error:
            if str(folder) not in error.message:
                found.append(f"{name}: does not name the file: {error.message}")
        except (NotFound, UsageError):  # what was looked for is lost with the damage
            pass
        except Exception as error:  # noqa: BLE001  everything else is what is looked for
            found.append(f"{name}: {type(error).__name__}: {error}")
        hedy.forget()
    return found


def turns(number: int) -> list[str]:
    """The reads of one case: every second one, and in every second case one of the slow ones."""
    slow = ("live", "sync", "Parquet")[number // 2 % 3]
    return [*OFTEN[number // 8 % 2 :: 2], *([slow] if number % 2 else [])]


# Bytes -----------------------------------------------------------------------


def damaged(content: bytes, rng: random.Random) -> bytes:
    """*content* with one to three faults of the kinds that disks, copies and editors make."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        place = rng.randrange(100, len(content))  # what has no header of ours is refused before anything is read
        length = rng.choice((1, 1, 4, 30, 500, PAGE))
        pages = len(content) // PAGE
        one, other = rng.randrange(pages) * PAGE, rng.randrange(1, pages) * PAGE
        content = {
            "flip": content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :],
            "noise": content[:place] + rng.randbytes(length) + content[place + length :],
            "zeros": content[:place] + bytes(length) + content[place + length :],
            "insert": content[:place] + rng.randbytes(length) + content[place:],
            "lose": content[:place] + content[place + length :],
            "truncate": content[: max(place, 2 * PAGE)],
            "copy a page": content[:other] + content[one : one + PAGE] + content[other + PAGE :],
            "swap pages": _swapped(content, max(one, PAGE), other),
        }[rng.choice(("flip", "flip", "noise", "zeros", "insert", "lose", "truncate", "copy a page", "swap pages"))]
    return content


def _swapped(content: bytes, one: int, other: int) -> bytes:
    first, second = sorted((one, other))
    between = content[first + PAGE : second]
    if first == second:
        return content
    return (
        content[:first]
        + content[second : second + PAGE]
        + between
        + content[first : first + PAGE]
        + content[second + PAGE :]
    )


@pytest.mark.parametrize("batch", range(8))
def test_random_damage(whole: bytes, hedy: Hedy, tmp_path: Path, batch: int) -> None:
    """Bits flipped, bytes lost or put in, pages swapped, the end cut off: rows or an ArchiveError."""
    found = {}
    with hedy:
        for number in range(batch, CASES, 8):
            put(tmp_path / "a.sqlite", damaged(whole, random.Random(number)))  # noqa: S311  the same damage in each run
            if failed := failures(hedy, tmp_path, turns(number)):
                found[number] = failed
    assert found == {}


def test_every_page_lost(whole: bytes, hedy: Hedy, tmp_path: Path) -> None:
    """Each page in turn is zeros: rows or an ArchiveError, and some of them do fail."""
    found, refused = {}, 0
    with hedy:
        for number, place in enumerate(range(PAGE, len(whole), PAGE)):
            put(tmp_path / "a.sqlite", whole[:place] + bytes(PAGE) + whole[place + PAGE :])
            if failed := failures(hedy, tmp_path, OFTEN[number % 2 :: 2]):
                found[place] = failed
            try:
                hedy.archive.sessions(details=True)
            except ArchiveError:
                refused += 1
    assert found == {}
    assert refused > 3


# Values ----------------------------------------------------------------------


def loose(content: bytes, path: Path) -> bytes:
    """The archive with tables that take any value into any column."""
    put(path, content)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for name in TABLES:
            (text,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
            plain = re.sub(
                r"(?<!KEY)(?<!PRIMARY) NOT NULL| TEXT\b| BLOB\b|(?<=full) INTEGER|(?<=indexed) INTEGER", "", text
            )
            connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (plain, name))
        connection.commit()
    return path.read_bytes()


def changed(path: Path, table: str, column: str, value: object, where: str) -> None:
    """Put *value* into a column."""
    with closing(sqlite3.connect(path)) as connection:
        text, values = (value, ()) if isinstance(value, str) and value.startswith("CAST(") else ("?", (value,))
        with suppress(sqlite3.IntegrityError):  # the one column that takes integers alone
            connection.execute(f"UPDATE OR IGNORE {table} SET {column} = {text} {where}", values)  # noqa: S608
        connection.commit()


WRONG = [(table, column, value) for table, columns in TABLES.items() for column in columns.split() for value in VALUES]


@pytest.mark.parametrize("batch", range(8))
def test_wrong_values(whole: bytes, hedy: Hedy, tmp_path: Path, batch: int) -> None:
    """Values of a wrong type, text that is none, JSON of another shape: rows or an ArchiveError."""
    content, found = loose(whole, tmp_path / "a.sqlite"), {}
    wrong = random.Random(1).sample(WRONG, min(CASES, len(WRONG)))  # noqa: S311
    with hedy:
        for number, (table, column, value) in enumerate(wrong):
            if number % 8 != batch:
                continue
            put(tmp_path / "a.sqlite", content)
            last = f"WHERE rowid = (SELECT max(rowid) FROM {table})" if table != "meta" else "WHERE name > 'm'"  # noqa: S608
            where = "" if number % 2 else last
            changed(tmp_path / "a.sqlite", table, column, VALUES[value], where)
            if failed := failures(hedy, tmp_path, turns(number)):
                found[table, column, value] = failed
    assert found == {}


# The index, and nothing at all -----------------------------------------------

FAULTS = [
    "DROP TABLE words",
    "DROP TABLE words_data",
    "DELETE FROM words_data",
    "UPDATE words_data SET block = x'0001ff' WHERE id > 10",
    "DELETE FROM words_config",
    "DELETE FROM words_docsize",
    "DROP TABLE words_idx",
]


@pytest.mark.parametrize("fts", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_damaged_index(fault: str, fts: bool, whole: bytes, hedy: Hedy, tmp_path: Path) -> None:
    """Where the words alone are damaged a search makes them again from the texts, once, and a sync works on."""
    put(tmp_path / "a.sqlite", whole)
    with hedy:
        before = hedy.archive.search("harbour")
        spoil(tmp_path / "a.sqlite", fault)
        pd.testing.assert_frame_equal(
            hedy.archive.search("harbour", fts=fts).drop(columns="score"), before.drop(columns="score")
        )
        with hedy.archive.store() as store:
            assert [hit.session_id for hit in find(store, "harbour")] == before["session_id"].tolist()
            assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        hedy.archive.sync(full=True)


def test_damaged_index_that_may_only_be_read(
    whole: bytes, hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be written a damaged index is the clear error, also for a query in the language of FTS5.

    The texts are read.
    """
    put(tmp_path / "a.sqlite", whole)
    spoil(tmp_path / "a.sqlite", "DROP TABLE words")
    monkeypatch.setattr("os.access", lambda *_: False)
    with hedy:
        for fts in (False, True):
            with pytest.raises(ArchiveError, match="cannot be used"):
                hedy.archive.search("harbour", fts=fts)
        assert len(hedy.archive.sessions(details=True)) == 5


def test_damaged_texts_are_not_indexed(whole: bytes, hedy: Hedy, tmp_path: Path) -> None:
    """A search does not make words again from texts that are damaged, and leaves the file as it is."""
    put(tmp_path / "a.sqlite", whole)
    spoil(tmp_path / "a.sqlite", "UPDATE texts SET body = x'00'")
    before = (tmp_path / "a.sqlite").read_bytes()
    with hedy:
        with pytest.raises(ArchiveError, match="damaged"):
            hedy.archive.search("harbour")
        with pytest.raises(UsageError, match="FTS5"):
            hedy.archive.search("harbour AND", fts=True)
    assert (tmp_path / "a.sqlite").read_bytes() == before


def spoil(path: Path, statement: str) -> None:
    """Change the file behind the package's back."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement)
        connection.commit()


def test_every_read_of_an_empty_archive(hedy: Hedy, tmp_path: Path) -> None:
    """An archive of an account without anything is read like any other."""
    empty = History(0)
    empty.topics, empty.contexts = [], []
    with empty.account_of(archive=tmp_path / "a.sqlite") as other:
        other.archive.sync()
    with hedy:
        assert failures(hedy, tmp_path, [name for name in READS if name != "sync"]) == []
        for kind in ("sessions", "highlights", "todos", "topics", "contexts"):
            assert getattr(hedy.archive, kind)(history=True).empty
        assert hedy.archive.coverage().empty


def test_types_are_those_of_the_tables() -> None:
    """Every column of every table that is read is checked, also those that later migrations add."""
    known = typed_rows.column_types()

    assert {column for columns in TABLES.values() for column in columns.split()} <= set(known)
    assert known["session_id"] == {str}
    assert known["title"] == {str, type(None)}
    assert known["body"] == {bytes}
    assert known["key"] == {int}
