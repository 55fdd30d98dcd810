"""One archive, one account: with another account's key every method refuses the file, without a request."""

from __future__ import annotations

import copy
import json
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter import ArchiveError, Hedy, kinds
from hedy_jupyter.accessor import fetch
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.archive import location
from hedy_jupyter.magics import status
from tests.commands import run
from tests.conftest import KEY
from tests.histories import History
from tests.waiting import without_waits

OTHER_KEY = "hedy_live_another_account_1"
NEW_KEY = "hedy_live_made_after_the_old_one"
FOREIGN = "belongs to another account"


def account(history: History, path: Path | None = None, key: str = KEY, **settings: str) -> Hedy:
    """An account of *history* that never really waits."""
    made = hj.connect(key, transport=httpx.MockTransport(history), archive=path, timezone="UTC", **settings)
    return without_waits(made, RateLimiter(limit=1_000_000))


@cache
def filled() -> tuple[History, bytes]:
    """Three meetings, and their archive."""
    history = History(3, account="uid_mine")
    with tempfile.TemporaryDirectory() as folder, account(history, Path(folder) / "shared.sqlite") as hedy:
        hedy.archive.sync()
        hedy.archive.store().close()  # the last connection puts everything into the one file
        content = hedy.archive.path.read_bytes()
    history.asked.clear()
    return history, content


@pytest.fixture
def mine() -> History:
    """Three meetings of the account to which the archive belongs."""
    return copy.deepcopy(filled()[0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Its archive, in a file that was named."""
    file = tmp_path / "shared.sqlite"
    file.touch(mode=0o600)
    file.write_bytes(filled()[1])
    return file


@pytest.fixture
def theirs() -> History:
    """Two meetings of another account."""
    made = History(2, account="uid_theirs")
    made.details = {
        f"other_{number}": {**one, "sessionId": f"other_{number}"} for number, one in enumerate(made.details.values())
    }
    return made


@pytest.fixture
def other(theirs: History, path: Path) -> Iterator[Hedy]:
    """The other account, with the same file named."""
    with account(theirs, path, OTHER_KEY) as hedy:
        yield hedy


def forget_keys(path: Path) -> None:
    """Make the archive one of an older version, which holds no digest of a key."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("DELETE FROM meta WHERE name LIKE 'key:%'").rowcount == 1
        connection.commit()


READS: dict[str, Callable[[Hedy], object]] = {
    "sessions": lambda hedy: hedy.archive.sessions(),
    "details": lambda hedy: hedy.archive.sessions(details=True, history=True),
    "highlights": lambda hedy: hedy.archive.highlights(),
    "todos": lambda hedy: hedy.archive.todos(),
    "topics": lambda hedy: hedy.archive.topics(),
    "contexts": lambda hedy: hedy.archive.contexts(),
    "record": lambda hedy: hedy.archive.record(kinds.SESSION, "last"),
    "highlight": lambda hedy: hedy.archive.highlight("high_000001"),
    "todo": lambda hedy: hedy.archive.todo("last", "todo_000000"),
    "beyond": lambda hedy: hedy.archive.beyond(set()),
    "search": lambda hedy: hedy.archive.search("harbour"),
    "coverage": lambda hedy: hedy.archive.coverage(),
    "history": lambda hedy: hedy.archive.history("last"),
    "counts": lambda hedy: hedy.archive.counts(),
    "synced_at": lambda hedy: hedy.archive.synced_at(),
    "to_parquet": lambda hedy: hedy.archive.to_parquet(hedy.archive.path.parent / "out"),
    "delete": lambda hedy: hedy.archive.delete(),
    "delete, confirmed": lambda hedy: hedy.archive.delete(hedy.archive.path),
    "source sessions": lambda hedy: hedy.sessions(source="archive"),
    "source highlights": lambda hedy: hedy.highlights(source="archive"),
    "source todos": lambda hedy: hedy.todos(source="archive"),
    "source topics": lambda hedy: hedy.topics(source="archive"),
    "source contexts": lambda hedy: hedy.contexts(source="archive"),
    "source session": lambda hedy: hedy.session("last", source="archive"),
    "source highlight": lambda hedy: hedy.highlight("high_000001", source="archive"),
    "source todo": lambda hedy: hedy.todo("last", "todo_000000", source="archive"),
    "source topic": lambda hedy: hedy.topic("Alpha", source="archive"),
    "source context": lambda hedy: hedy.context("Default", source="archive"),
    "%hedy search": lambda _: run("search harbour"),
    "%hedy coverage": lambda _: run("coverage"),
    "%hedy archive": lambda _: run("archive"),
    "%hedy archive history": lambda _: run("archive history last"),
    "%hedy archive delete": lambda _: run("archive delete"),
    "%hedy sessions": lambda _: run("sessions --source archive"),
    "%hedy transcript": lambda _: run("transcript last --source archive"),
    "%hedy export parquet": lambda hedy: run(f'export parquet "{hedy.archive.path.parent / "out"}"'),
}


@pytest.mark.parametrize("name", READS)
def test_another_account_is_refused(name: str, other: Hedy, theirs: History, path: Path) -> None:
    """Each method refuses in one line that names the file and what to do, asks nothing and writes nothing."""
    before = path.read_bytes()
    with pytest.raises(ArchiveError) as caught:
        READS[name](other)

    assert str(path) in caught.value.message
    assert FOREIGN in caught.value.message
    assert "HEDY_ARCHIVE" in caught.value.advice
    assert "archive=" in caught.value.advice
    assert theirs.asked == []
    assert path.read_bytes() == before
    assert not (path.parent / "out").exists()


@pytest.mark.parametrize("name", [name for name in READS if "delete" not in name])
def test_the_owner_reads_it(name: str, mine: History, path: Path) -> None:
    """The owner's key opens it, in a new process too, without a request."""
    with account(mine, path) as hedy:
        READS[name](hedy)

    assert mine.asked == []


def test_nothing_of_it_shows_elsewhere(
    other: Hedy, theirs: History, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Completion, the card and the meetings that frames use hold nothing of the file, and ask nothing."""
    assert other.archive.names((kinds.SESSION, kinds.TOPIC, kinds.CONTEXT)) == {}
    assert not any(status.names(other).values())
    assert FOREIGN in status.archive_line(other)
    assert fetch.known("sessions").empty
    assert fetch.known("topics").empty
    assert status.held(other, "sessions") is None
    assert theirs.asked == []

    found = other.sessions(limit=None)
    assert found["session_id"].tolist() == ["other_0", "other_1"]
    assert found.attrs["coverage"]["source"] == "live"
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith(f"The archive is left out: The archive {path} {FOREIGN}")
    assert "in the archive" not in run("sessions --refresh").status  # type: ignore[attr-defined]


def test_sync_of_another_account(other: Hedy, theirs: History, path: Path, mine: History) -> None:
    """A sync asks who it is, refuses, and puts nothing in."""
    with pytest.raises(ArchiveError, match=FOREIGN):
        other.archive.sync()

    assert theirs.asked == ["/me"]
    theirs.asked.clear()
    for read in (other.archive.sync, other.archive.sessions):  # now it is known
        with pytest.raises(ArchiveError, match=re.escape(f"{path} {FOREIGN}.")):
            read()
    assert theirs.asked == []
    with account(mine, path) as hedy:
        assert len(hedy.archive.sessions()) == 3


def test_sync_of_an_account_that_is_known(theirs: History, path: Path) -> None:
    """The key shows that an account has another archive: its sync into someone else's file makes no request."""
    with account(theirs, None, OTHER_KEY) as hedy:
        hedy.archive.sync()
    theirs.asked.clear()

    with account(theirs, path, OTHER_KEY) as hedy, pytest.raises(ArchiveError, match=re.escape(f"{path} {FOREIGN}.")):
        hedy.archive.sync()
    assert theirs.asked == []


@pytest.mark.parametrize("teach", [lambda hedy: hedy.me(), lambda hedy: hedy.archive.sync()], ids=["me", "sync"])
def test_new_key_of_the_owner(teach: Callable[[Hedy], object], mine: History, path: Path) -> None:
    """A new key is refused with a line that says how to confirm it.

    Then it opens the file, in a new process too, and so does the old.
    """
    with account(mine, path, NEW_KEY) as hedy:
        with pytest.raises(ArchiveError, match="or this API key is a new one") as caught:
            hedy.archive.sessions()
        assert "hedy.me()" in caught.value.advice
        assert "sync" in caught.value.advice
        assert mine.asked == []
        teach(hedy)
        assert len(hedy.archive.sessions()) == 3
    mine.asked.clear()
    for key in (NEW_KEY, KEY):
        with account(mine, path, key) as hedy:
            assert len(hedy.archive.sessions()) == 3
    assert mine.asked == []


def test_new_key_finds_the_usual_file(mine: History) -> None:
    """Without a named file a new key finds the account's archive once Hedy has said who it is."""
    with account(mine) as hedy:
        hedy.archive.sync()
    with account(mine, None, NEW_KEY) as hedy:
        assert not hedy.archive.exists
        hedy.me()
        assert len(hedy.archive.sessions()) == 3
    with account(mine, None, NEW_KEY) as hedy:
        mine.asked.clear()
        assert len(hedy.archive.sessions()) == 3
    assert mine.asked == []


def test_me_teaches_nothing_about_a_file_of_others(other: Hedy, theirs: History, path: Path) -> None:
    """``me()`` of another account changes neither the file nor what is refused."""
    before = path.read_bytes()
    other.me()

    with pytest.raises(ArchiveError, match=FOREIGN):
        other.archive.sessions()
    assert path.read_bytes() == before
    assert theirs.asked == ["/me"]


@pytest.mark.parametrize("broken", [b"x" * 5000, b"", b"SQLite format 3\x00" + bytes(5000)])
def test_me_with_a_broken_archive(broken: bytes, mine: History, tmp_path: Path) -> None:
    """What is wrong with the archive is no matter of ``me()``, and no file is made or changed by it."""
    with account(mine, tmp_path / "none.sqlite") as hedy:
        assert hedy.me().id == "uid_mine"
    (tmp_path / "a.sqlite").write_bytes(broken)
    with account(mine, tmp_path / "a.sqlite") as hedy:
        assert hedy.me().id == "uid_mine"
    assert not (tmp_path / "none.sqlite").exists()
    assert (tmp_path / "a.sqlite").read_bytes() == broken


@pytest.mark.parametrize(
    "settings",
    [{"region": "eu"}, {"base_url": "http://127.0.0.1:8080"}, {"base_url": "https://eu-api.hedy.bot/v1"}],
    ids=str,
)
def test_another_hedy(settings: dict[str, str], mine: History, path: Path) -> None:
    """Ids are unique in one Hedy only: the same key and id elsewhere is another account, found without a request."""
    with account(mine, path, **settings) as hedy:
        for read in [*READS.values(), lambda hedy: hedy.archive.sync()]:
            with pytest.raises(ArchiveError, match=FOREIGN):
                read(hedy)
    assert mine.asked == []


def test_demo_and_live_do_not_mix(mine: History, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo account does not read a live archive, nor a live account the demo's."""
    monkeypatch.setenv("HEDY_ARCHIVE", str(path))
    with hj.demo() as demo:
        assert demo.archive.known_path != path  # the variable is not for it
        demo.archive.sync()
        held = demo.archive.path
        assert len(demo.archive.sessions()) > 100
        demo.settings = replace(demo.settings, archive=path)
        for read in (demo.archive.sessions, demo.archive.delete, demo.archive.sync):
            with pytest.raises(ArchiveError, match=FOREIGN):
                read()
    with account(mine, held) as hedy:
        for read in (hedy.archive.sessions, hedy.archive.delete, hedy.archive.sync):
            with pytest.raises(ArchiveError, match=FOREIGN):
                read()
    assert mine.asked == []


def test_copied_over_the_own_file(mine: History, theirs: History, path: Path) -> None:
    """A file of another account that was put where the own one lies is refused, and is not deleted."""
    with account(theirs, None, OTHER_KEY) as hedy:
        hedy.archive.sync()
        own = hedy.archive.path
        own.write_bytes(path.read_bytes())
    theirs.asked.clear()
    with account(theirs, None, OTHER_KEY) as hedy:
        for read in (hedy.archive.sessions, hedy.archive.sync, lambda: hedy.archive.delete(own)):
            with pytest.raises(ArchiveError, match=FOREIGN):
                read()
    assert theirs.asked == []
    assert own.exists()


# Archives of an older version ------------------------------------------------


def test_old_archive_of_the_owner(mine: History, path: Path) -> None:
    """A named file that holds no digests costs its owner one request, once."""
    forget_keys(path)
    with account(mine, path) as hedy:
        assert len(hedy.archive.sessions()) == 3
        hedy.archive.search("harbour")
    assert mine.asked == ["/me"]
    with account(mine, path) as hedy:
        assert len(hedy.archive.sessions()) == 3
    assert mine.asked == ["/me"]


def test_old_archive_of_another_account(other: Hedy, theirs: History, path: Path) -> None:
    """It is refused to others, who are asked for once, and nothing is noted in it."""
    forget_keys(path)
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(ArchiveError, match=FOREIGN):
            other.archive.sessions()
    with pytest.raises(ArchiveError, match=FOREIGN):
        other.archive.delete(path)

    assert theirs.asked == ["/me"]
    assert path.read_bytes() == before


def test_old_archive_in_its_usual_place(mine: History) -> None:
    """A file beside the archives says whose key it is: the owner reads on without any request."""
    with account(mine) as hedy:
        hedy.archive.sync()
        forget_keys(hedy.archive.path)
    mine.asked.clear()
    with account(mine) as hedy:
        assert len(hedy.archive.sessions()) == 3
    assert mine.asked == []


def test_old_archive_without_a_network(mine: History, path: Path) -> None:
    """Offline it is not read, and the line says what would help."""
    forget_keys(path)

    def offline(_: int) -> None:
        raise httpx.ConnectError("no network")

    mine.before = offline
    with (
        account(mine, path) as hedy,
        pytest.raises(ArchiveError, match=re.escape(f"whose archive {path} is")) as caught,
    ):
        hedy.archive.sessions()
    assert "hedy.me()" in caught.value.advice


def test_old_archive_asks_nothing_by_the_way(mine: History, path: Path) -> None:
    """Completion, the card and the meetings that frames use never make the request."""
    forget_keys(path)
    with account(mine, path) as hedy:
        assert hedy.archive.names([kinds.SESSION]) == {}
        assert FOREIGN in status.archive_line(hedy)
        assert fetch.known("sessions").empty
        run("")
    assert mine.asked == []


def test_old_archive_that_may_only_be_read(mine: History, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be noted, one request a process is enough."""
    forget_keys(path)
    monkeypatch.setattr("os.access", lambda *_: False)
    with account(mine, path) as hedy:
        assert len(hedy.archive.sessions()) == 3
        hedy.forget()
        assert len(hedy.archive.sessions()) == 3
    assert mine.asked == ["/me"]


def test_first_version(mine: History, tmp_path: Path) -> None:
    """The oldest file there is, kept as SQL, is read by its owner and refused to others."""
    sql = (Path(__file__).parents[1] / "archives_v1.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as connection:
        connection.executescript(sql)
    for who, allowed in (("uid_1", True), ("uid_2", False)):
        history = History(1, account=who)
        with account(history, tmp_path / "old.sqlite", f"hedy_live_of_{who}") as hedy:
            if allowed:
                assert len(hedy.archive.sessions()) == 3
            else:
                with pytest.raises(ArchiveError, match=FOREIGN):
                    hedy.archive.sessions()


# What is kept ----------------------------------------------------------------


def test_keys_are_not_in_the_file(mine: History, path: Path) -> None:
    """The file holds digests that are no plain hash of the key, and a damaged owner is no owner."""
    import hashlib

    content = path.read_bytes()
    assert KEY.encode() not in content
    assert hashlib.sha256(KEY.encode()).hexdigest()[:32].encode() not in content
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM meta WHERE name = 'realm'")
        connection.commit()
    with account(mine, path) as hedy, pytest.raises(ArchiveError, match="damaged"):
        hedy.archive.sessions()


def test_a_reader_does_not_wait_to_note_a_key(mine: History, path: Path) -> None:
    """Another program that writes does not stop the owner with a new key from reading."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with account(mine, path, NEW_KEY) as hedy:
            hedy.me()
            assert len(hedy.archive.sessions()) == 3


def test_damaged_accounts_file(mine: History) -> None:
    """A list of accounts that cannot be read costs a request, never an error."""
    with account(mine) as hedy:
        hedy.archive.sync()
    (location.folder() / "accounts.json").write_text('{"a":' * 100_000)
    with account(mine) as hedy:
        assert not hedy.archive.exists
        hedy.me()
        assert len(hedy.archive.sessions()) == 3
    assert len(json.loads((location.folder() / "accounts.json").read_text())) == 1
