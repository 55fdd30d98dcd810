"""The archive as a file: who may read it, what is refused, what a kill, a full disk and other processes do to it."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedy_jupyter.archive import ingest, migrations, ownership, queries
from hedy_jupyter.archive.search import find
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError
from tests.archives import detail
from tests.histories import History

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("HEDY_TEST_KILLS", "2"))
"""How often each kill test kills, at other moments in each run; 50 and more for a night."""


def start(*words: object) -> subprocess.Popen[str]:
    """A process of ``tests.archives``."""
    line = [sys.executable, "-W", "error", "-m", "tests.archives", *map(str, words)]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def filled(path: Path, count: int = 5) -> Path:
    """An archive with some sessions, closed."""
    with Store.open(path, create=True) as store:
        for number in range(count):
            ingest.put_detail(store, f"sess_{number:06}", detail(number))
    return path


def digest(path: Path) -> str:
    """What the file holds, in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def use(path: Path) -> None:
    """Read everything in the archive, and write to it."""
    with Store.open(path) as store:
        queries.sessions(store, texts=True)
        find(store, "harbour")
        ingest.put_detail(store, "sess_9", detail(9))


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_may_read_it(tmp_path: Path, umask: int) -> None:
    """The file, what SQLite puts beside it and a folder made for it are the owner's alone, whatever the umask."""
    before = os.umask(umask)
    try:
        with Store.open(tmp_path / "new" / "a.sqlite", create=True) as store:
            ingest.put_detail(store, "sess_1", detail(1))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").iterdir()}
    finally:
        os.umask(before)

    assert modes == {"a.sqlite": 0o600, "a.sqlite-wal": 0o600, "a.sqlite-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700 & ~umask


def test_folder_that_was_there_is_left_alone(tmp_path: Path) -> None:
    """The permissions of an existing folder do not change."""
    tmp_path.chmod(0o755)

    filled(tmp_path / "a.sqlite")

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_any_tool_opens_it(tmp_path: Path) -> None:
    """It is a SQLite file in WAL mode whose tables any tool can read."""
    with sqlite3.connect(filled(tmp_path / "a.sqlite")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*), max(title) FROM sessions").fetchone() == (5, "Meeting 4")
        assert json.loads(connection.execute("SELECT record FROM todos LIMIT 1").fetchone()[0])["text"] == "thing0"
    connection.close()


def test_missing(tmp_path: Path) -> None:
    """Without an archive the error says how to make one, and makes nothing."""
    with pytest.raises(ArchiveError, match="There is no archive") as caught:
        Store.open(tmp_path / "a.sqlite")

    assert "sync" in caught.value.advice
    assert list(tmp_path.iterdir()) == []


def foreign(path: Path) -> Path:
    """A SQLite file of another program."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE sessions (x)")
    connection.commit()
    connection.close()
    return path


FILES = {
    "text": b"hello, I am a diary\n" * 50,
    "short": b"x",
    "pdf": b"%PDF-1.7\n" + bytes(range(256)) * 20,
    "header only": b"SQLite format 3\x00",
    "zeros": bytes(5000),
}


@pytest.mark.parametrize("kind", [*FILES, "sqlite"])
def test_foreign_file_is_refused(tmp_path: Path, kind: str) -> None:
    """A file that is not an archive is refused in one line and keeps every byte, for reading and for a sync."""
    path = tmp_path / "a.sqlite"
    if kind == "sqlite":
        foreign(path)
    else:
        path.write_bytes(FILES[kind])
    before = digest(path)

    for create in (False, True):
        with pytest.raises(ArchiveError, match=r"not an archive|another program"):
            Store.open(path, create=create)

    assert digest(path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.sqlite"]


def test_folder_in_its_place(tmp_path: Path) -> None:
    """A folder where the file should be is one clear line."""
    (tmp_path / "a.sqlite").mkdir()

    with pytest.raises(ArchiveError):
        Store.open(tmp_path / "a.sqlite", create=True)


def test_empty_file_is_taken_over(tmp_path: Path) -> None:
    """A file that a kill left empty at its creation is used."""
    (tmp_path / "a.sqlite").touch()

    with Store.open(tmp_path / "a.sqlite", create=True) as store:
        ingest.put_detail(store, "sess_1", detail(1))
        assert queries.counts(store)["sessions"] == 1


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.98])
def test_truncated_archive(tmp_path: Path, cut: float) -> None:
    """An archive that lost its end gives one clear error, and what is left of it is not overwritten."""
    path = filled(tmp_path / "a.sqlite", 40)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * cut)])
    before = digest(path)

    with pytest.raises(ArchiveError, match="damaged"):
        use(path)

    assert digest(path) == before


def test_garbage_in_the_middle(tmp_path: Path) -> None:
    """Damage that shows only on reading is the same clear error."""
    path = filled(tmp_path / "a.sqlite", 40)
    content = bytearray(path.read_bytes())
    content[8192:-4096] = os.urandom(len(content) - 8192 - 4096)
    path.write_bytes(content)

    with pytest.raises(ArchiveError, match=r"damaged|cannot be used"):
        use(path)


def test_newer_version(tmp_path: Path) -> None:
    """A file of a newer version of this package is left alone."""
    path = filled(tmp_path / "a.sqlite")
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(migrations.MIGRATIONS) + 1}")
    connection.close()

    with pytest.raises(ArchiveError, match="newer version"):
        Store.open(path)


def test_oldest_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    """A file of the first version, kept as SQL, opens, is migrated, and has its meetings, texts and words."""
    path = tmp_path / "a.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript((ROOT / "tests" / "archives_v1.sql").read_text(encoding="utf-8"))
    connection.close()

    with Store.open(path) as store:
        record = queries.record(store, "sessions", "sess_000001")
        assert record is not None
        assert record["recap"] == "recap1 version1"
        assert [hit.session_id for hit in find(store, "number1 version1")] == ["sess_000001"]
        assert [row[1] for row in queries.history(store, "sess_000001") if row[0] == "recap"] == [
            "recap1 version1",
            "recap1 version0",
        ]
        assert ownership.owner_of(store) == ("us", "uid_1")
        ingest.put_detail(store, "sess_000001", detail(1, version=2))
        assert [hit.session_id for hit in find(store, "version2")] == ["sess_000001"]
        assert find(store, "version1") == []


def _first_version(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.executescript((ROOT / "tests" / "archives_v1.sql").read_text(encoding="utf-8"))
    return connection


@pytest.mark.parametrize("full", [False, True])
def test_first_version_is_synced_in_place(tmp_path: Path, full: bool) -> None:
    """A sync brings an archive of the first version up to date: nothing new, nothing lost, lists only the next time."""
    _first_version(tmp_path / "a.sqlite").close()
    history = History(40)
    for record in history.details.values():
        record["cleaned_transcript"] = None
    with history.account_of(archive=tmp_path / "a.sqlite") as hedy:
        done = hedy.archive.sync(full=full)
        assert (done.new, done.changed, done.gone, done.fetched) == (37, 3, 0, 40)
        assert hedy.archive.history("sess_000001").query("field == 'recap'")["text"].tolist() == [
            "Recap of number1.",
            "recap1 version1",
            "recap1 version0",
        ]
        history.asked.clear()
        assert hedy.archive.sync().fetched == 0


@pytest.mark.parametrize("record", ["{", "[]", "null", '{"name":5}', ""])
def test_damaged_topic_of_the_first_version(tmp_path: Path, record: str) -> None:
    """A topic whose record is damaged does not keep an older archive from being opened; what is whole has its name."""
    with _first_version(tmp_path / "a.sqlite") as connection:
        times = ("2026-03-02T08:00:00.000000Z",) * 2
        for ident, text in (("bad", record), ("good", '{"id":"good","name":"Alpha \\ud800"}')):
            connection.execute(
                "INSERT INTO topics (topic_id, record, first_seen_at, seen_at) VALUES (?, ?, ?, ?)",
                (ident, text, *times),
            )
    connection.close()

    with Store.open(tmp_path / "a.sqlite") as store:
        ingest.put_sessions(store, [{"sessionId": "a", "topic": {"id": "good", "name": "Old"}}])

        found = queries.record(store, "sessions", "a")
        assert found is not None
        assert found["topic"] == {"id": "good", "name": "Alpha \ufffd"}


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Two processes that make and fill one archive both wait, neither fails, and nothing is lost."""
    writers = [start("write", tmp_path / "a.sqlite", first, 40) for first in (0, 1000)]
    outcomes = [writer.communicate(timeout=120) for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0], outcomes
    with Store.open(tmp_path / "a.sqlite") as store:
        assert queries.counts(store)["sessions"] == 80
        assert len(find(store, "harbour", limit=100)) == 80


def test_readers_do_not_wait(tmp_path: Path) -> None:
    """While a write is open a reader sees what was committed before it; one that waited for the end would fail."""
    path = filled(tmp_path / "a.sqlite")
    with Store.open(path) as writer, Store.open(path) as reader, writer.writing():
        ingest.put_detail(writer, "sess_000099", detail(99))

        assert len(queries.sessions(reader)) == 5
        assert find(reader, "number99") == []


def test_writer_waits(tmp_path: Path) -> None:
    """A write that finds another one open goes through when that ends; one that waits too long says why."""
    path = filled(tmp_path / "a.sqlite")
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with Store.open(path) as other, other.writing():
            entered.set()
            assert leave.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert entered.wait(30)
    with Store.open(path, wait_s=0.1) as store, pytest.raises(ArchiveError, match="another program holds it"):
        store.note("x", "y")
    threading.Timer(0.3, leave.set).start()
    with Store.open(path) as store:
        store.note("x", "y")
        assert store.noted("x") == "y"
    holder.join()


def test_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    """What an error interrupts is not in the file, and the store works on."""
    with Store.open(tmp_path / "a.sqlite", create=True) as store:
        with pytest.raises(ZeroDivisionError), store.writing():
            _put_and_fail(store)
        assert queries.counts(store)["sessions"] == 0
        ingest.put_detail(store, "sess_2", detail(2))
        assert len(find(store, "harbour")) == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become somebody who may not write")
@pytest.mark.parametrize("folder_too", [True, False])
def test_read_only(tmp_path: Path, folder_too: bool) -> None:
    """An archive that may only be read is read, and a write is one clear line."""
    place = Path(tempfile.mkdtemp(dir="/var/tmp"))
    place.chmod(0o755)
    try:
        path = filled(place / "a.sqlite")
        path.chmod(0o444)
        place.chmod(0o555 if folder_too else 0o777)
        child = start("unprivileged", path)
        out, err = child.communicate(timeout=60)
    finally:
        shutil.rmtree(place)

    assert out.splitlines()[:1] == ["5 False"], err
    assert "may only be read" in out


def test_full_disk(tmp_path: Path) -> None:
    """When nothing more fits, the error says so in one line, and everything that was committed is there."""
    child = start("limited", tmp_path / "a.sqlite", 400_000)
    out, err = child.communicate(timeout=120)
    *committed, last = out.splitlines()

    assert child.returncode == 0, err
    assert last.startswith("ERROR The archive")
    assert committed
    with Store.open(tmp_path / "a.sqlite") as store:
        assert [f"sess_{int(number):06}" for number in committed] == sorted(ident for ident in _ids(store))
        assert len(find(store, "harbour", limit=1000)) == len(committed)


def _put_and_fail(store: Store) -> None:
    ingest.put_detail(store, "sess_1", detail(1))
    raise ZeroDivisionError


def _ids(store: Store) -> list[str]:
    return [str(record["sessionId"]) for record in queries.records(store, "sessions")]


@pytest.mark.outside
@pytest.mark.parametrize("round_", range(KILLS))
def test_killed_writer(tmp_path: Path, round_: int) -> None:
    """Killed at any moment, the archive opens and holds every commit, and its words agree with its texts."""
    rng = random.Random(f"{round_} {datetime.now(UTC)}")  # noqa: S311  another moment in each run
    child = start("write", tmp_path / "a.sqlite", 0, 100_000)
    assert child.stdout is not None
    for _ in range(rng.randint(1, 40)):
        child.stdout.readline()
    time.sleep(rng.random() * 0.02)
    child.send_signal(signal.SIGKILL)
    rest, _ = child.communicate()

    with Store.open(tmp_path / "a.sqlite") as store:
        held = {str(record["sessionId"]) for record in queries.sessions(store, texts=True) if record.get("recap")}
        assert {f"sess_{int(number):06}" for number in rest.split()} <= held
        assert {hit.session_id for hit in find(store, "harbour", limit=100_000)} == held
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        store.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


@pytest.mark.outside
@pytest.mark.parametrize("round_", range(KILLS))
def test_killed_sync(tmp_path: Path, round_: int) -> None:
    """A sync killed at any moment is continued: no committed detail is asked for again, and at the end all is there."""
    rng = random.Random(f"{round_} {datetime.now(UTC)}")  # noqa: S311  another moment in each run
    path, sessions = tmp_path / "a.sqlite", 60
    child = start("sync", path, sessions)
    assert child.stdout is not None
    for _ in range(rng.randint(0, 50)):
        child.stdout.readline()
    time.sleep(rng.random() * 0.01)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    held: set[str] = set()
    if path.exists() and path.stat().st_size:
        with Store.open(path, create=True) as store:
            held = {str(record["sessionId"]) for record in queries.sessions(store, texts=True) if record.get("recap")}
    history = History(sessions)

    with history.account_of(archive=path) as hedy:
        hedy.archive.sync()

        assert set(history.fetched) == set(history.details) - held
        assert hedy.archive.counts()["with_details"] == sessions
        assert len(hedy.archive.search("harbour", limit=1000)) == sessions
