"""Files of the archive on the disk: permissions, side files, links, and what is in its place that is no file."""

from __future__ import annotations

import gc
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from hedy_jupyter import ArchiveError, Hedy, NotConfirmed, SettingsError
from hedy_jupyter.archive import files as disk
from hedy_jupyter.archive import ingest, location, ownership, queries
from hedy_jupyter.archive.store import Store
from hedy_jupyter.magics import status
from tests.archives import detail
from tests.histories import History

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions, links and pipes of POSIX")
SIDE = ("", "-wal", "-shm", ".lock")


@pytest.fixture
def umask() -> Iterator[Callable[[int], object]]:
    """Sets the umask until the test ends."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def filled(path: Path, count: int = 3) -> Path:
    """An archive with some sessions, closed."""
    with Store.open(path, create=True) as store:
        ownership.claim(store, "us", "uid_1")
        for number in range(count):
            ingest.put_detail(store, f"sess_{number:06}", detail(number))
    return path


def account(path: Path | None = None) -> Hedy:
    """The account that the archives here belong to."""
    return History(3).account_of(archive=path)


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.lstat().st_mode)


# Permissions -----------------------------------------------------------------


@pytest.mark.parametrize("wrong", [0o644, 0o666, 0o640, 0o660, 0o604, 0o622, 0o777, 0o755, 0o700], ids=oct)
def test_permissions_are_repaired(wrong: int, tmp_path: Path, umask: Callable[[int], object]) -> None:
    """Opened, whatever it had, the archive is its owner's alone, and so is what SQLite puts beside it."""
    umask(0)
    path = filled(tmp_path / "a.sqlite")
    path.chmod(wrong)
    with Store.open(path) as store:
        store.note("x", "y")
        assert {end: mode(Path(f"{path}{end}")) for end in ("", "-wal", "-shm")} == {
            "": 0o600,
            "-wal": 0o600,
            "-shm": 0o600,
        }
        assert not store.exposed


@pytest.mark.parametrize("wrong", [0o644, 0o666, 0o640], ids=oct)
def test_permissions_of_what_stands_beside_it(wrong: int, tmp_path: Path) -> None:
    """What a running program has beside the archive is repaired too, and that program goes on."""
    path = filled(tmp_path / "a.sqlite")
    with Store.open(path) as first:
        first.note("x", "y")
        Path(f"{path}.lock").touch()
        for end in SIDE:
            Path(f"{path}{end}").chmod(wrong)
        with Store.open(path) as second:
            assert [mode(Path(f"{path}{end}")) for end in SIDE] == [0o600] * 4
            assert second.noted("x") == "y"
        first.note("x", "z")
        assert first.noted("x") == "z"


def test_read_only_stays_read_only(tmp_path: Path) -> None:
    """An archive that its owner made read-only loses what others had, and no more."""
    path = filled(tmp_path / "a.sqlite")
    path.chmod(0o444)
    with Store.open(path) as store:
        assert len(queries.records(store, "sessions")) == 3
    assert mode(path) == 0o400


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o002, 0o077], ids=oct)
def test_everything_that_is_made(mask: int, umask: Callable[[int], object]) -> None:
    """Whatever the umask, the archive, its lock, the list of accounts and new folders are only the user's."""
    umask(mask)
    with account() as hedy:
        hedy.archive.sync()
        made = location.folder()
        with hedy.archive.store() as store:
            store.note("x", "y")
            files = {file.name: mode(file) for file in made.iterdir()}
    assert files.pop("accounts.json") == 0o600
    assert set(files) == {f"us-uid_1.sqlite{end}" for end in SIDE}
    assert set(files.values()) == {0o600}
    while made != Path.home():
        assert mode(made) == 0o700, made
        made = made.parent


def test_list_of_accounts_is_repaired(umask: Callable[[int], object]) -> None:
    """A list of accounts that others may read is repaired when it is read.

    A folder that was there keeps its permissions.
    """
    with account() as hedy:
        hedy.archive.sync()
    (location.folder() / "accounts.json").chmod(0o644)
    location.folder().chmod(0o755)
    with account() as hedy:
        assert len(hedy.archive.sessions()) == 3
    assert mode(location.folder() / "accounts.json") == 0o600
    assert mode(location.folder()) == 0o755


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize(
    ("name", "fake"),
    [("geteuid", lambda: 4711), ("chmod", _refuse), ("chmod", lambda *_, **__: None)],
    ids=["of another user", "refused", "without effect"],
)
@pytest.mark.parametrize(("wrong", "exposed"), [(0o644, True), (0o640, True), (0o622, False), (0o600, False)])
def test_permissions_that_cannot_be_repaired(
    name: str,
    fake: Callable[..., object],
    wrong: int,
    exposed: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It works on; that others can read it is said in one line, once, and never by completion or the card."""
    path = filled(tmp_path / "a.sqlite")
    path.chmod(wrong)
    monkeypatch.setattr(f"os.{name}", fake)
    with account(path) as hedy:
        hedy.me()
        status.names(hedy)
        status.archive_line(hedy)
        assert capsys.readouterr().err == ""
        for _ in range(3):
            assert len(hedy.archive.sessions()) == 3
    told = capsys.readouterr().err.splitlines()
    assert len(told) == exposed
    assert all(str(path) in line for line in told)
    assert mode(path) == wrong


def test_many_open_it_while_it_is_repaired(tmp_path: Path) -> None:
    """Programs that open it at the same time all read and write, and leave it private."""
    path = filled(tmp_path / "a.sqlite")
    path.chmod(0o666)
    start, failed = threading.Barrier(8), list[BaseException]()

    def work(number: int) -> None:
        try:
            start.wait(30)
            for turn in range(5):
                with Store.open(path) as store:
                    store.note(f"n{number}", str(turn))
                    assert len(queries.records(store, "sessions")) == 3
        except BaseException as error:  # noqa: BLE001  shown below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with Store.open(path) as store:
        assert [store.noted(f"n{number}") for number in range(8)] == ["4"] * 8
    assert mode(path) == 0o600


def test_opening_it_again_keeps_the_locks(tmp_path: Path) -> None:
    """A second opening in the same program leaves the first one its locks; else another program removes its log.

    POSIX drops all locks that a process has on a file when it closes any descriptor of it.
    """
    path = filled(tmp_path / "a.sqlite")
    with Store.open(path) as store:
        store.note("x", "1")
        Store.open(path).close()
        code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1])"
        code += "; c.execute('SELECT count(*) FROM meta').fetchone(); c.close()"
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)
        assert Path(f"{path}-wal").exists()
        store.note("x", "2")
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT value FROM meta WHERE name = 'x'").fetchone() == ("2",)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors are counted in /proc")
def test_a_failed_read_lets_go_of_the_file(tmp_path: Path) -> None:
    """After an error nothing holds the file open, even while the error is kept: its owner can move it away."""
    path = filled(tmp_path / "a.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE sessions SET listing = CAST(x'66ff' AS TEXT)")
        connection.commit()
    remembered = []
    gc.disable()
    try:
        with account(path) as hedy:
            for read in (hedy.archive.sessions, hedy.archive.sync):
                try:
                    read()
                except ArchiveError as error:
                    remembered.append(error)
        held = [str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    finally:
        gc.enable()
    assert len(remembered) == 2
    assert [name for name in held if str(path) in name] == []


# Links -----------------------------------------------------------------------


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """An archive in its own folder, with what may be beside it and a foreign file."""
    (tmp_path / "disk").mkdir()
    path = filled(tmp_path / "disk" / "real.sqlite")
    for end in ("-journal", ".lock"):
        Path(f"{path}{end}").touch()
    (tmp_path / "disk" / "diary.txt").write_text("mine")
    return path


def link(path: Path, target: Path | str) -> Path:
    """A symbolic link at *path*."""
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target)
    return path


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("confirmed", ["link", "file"])
def test_delete_behind_a_link(relative: bool, confirmed: str, tmp_path: Path, real: Path) -> None:
    """The review names the link and the file; the file, what is beside it and the link go, and nothing else."""
    named = link(tmp_path / "home" / "a.sqlite", "../disk/real.sqlite" if relative else real)
    Path(f"{named}.lock").touch()  # of an older version
    with account(named) as hedy:
        deletion = hedy.archive.delete()
        for path in (named, real):
            assert str(path) in deletion.review
            assert str(path) in repr(deletion)
        for wrong in ("", named.name, named.parent, real.parent, "~nobody_of_that_name/x"):
            with pytest.raises(NotConfirmed):
                deletion.confirm(wrong)
        assert named.is_symlink()
        deletion.confirm(named if confirmed == "link" else real)

        assert not hedy.archive.exists
    assert list((tmp_path / "home").iterdir()) == []
    assert [file.name for file in real.parent.iterdir()] == ["diary.txt"]


def test_delete_behind_several_links(tmp_path: Path, real: Path) -> None:
    """A link to a link is named as such, and all of them go."""
    named = link(tmp_path / "a.sqlite", link(tmp_path / "b.sqlite", real))
    with account(named) as hedy:
        deletion = hedy.archive.delete()
        assert all(str(path) in deletion.review for path in (named, tmp_path / "b.sqlite", real))
        deletion.confirm(named)
    assert not named.is_symlink()
    assert not (tmp_path / "b.sqlite").is_symlink()
    assert not real.exists()


def test_delete_below_a_linked_folder(tmp_path: Path, real: Path) -> None:
    """A link among the folders above is followed and named, and stays."""
    folder = link(tmp_path / "home", real.parent)
    with account(folder / "real.sqlite") as hedy:
        assert str(real) in hedy.archive.delete().review
        hedy.archive.delete(folder / "real.sqlite")
    assert folder.is_symlink()
    assert [file.name for file in real.parent.iterdir()] == ["diary.txt"]


def test_delete_without_a_link_says_no_word_of_links(real: Path) -> None:
    """The review of a plain file is as short as it was."""
    with account(real) as hedy:
        assert hedy.archive.delete().review.startswith(f"Delete the archive {real} (0.")


def test_dangling_link(tmp_path: Path, real: Path) -> None:
    """A link to nothing is reported as such, and is neither removed nor taken for an archive."""
    real.unlink()
    named = link(tmp_path / "a.sqlite", real)
    with account(named) as hedy:
        assert not hedy.archive.exists
        for read in (hedy.archive.delete, hedy.archive.sessions):
            with pytest.raises(ArchiveError, match=f"symbolic link to {real}"):
                read()
        hedy.archive.sync()
        assert len(hedy.archive.sessions()) == 3
    assert named.is_symlink()
    assert real.is_file()


@pytest.mark.parametrize("folder", [False, True])
def test_link_to_a_disk_that_is_not_there(folder: bool, tmp_path: Path) -> None:
    """A link into a folder that is missing makes no archive there: the disk may come back with the real one."""
    away = tmp_path / "away" / "disk"
    path = link(tmp_path / "home", away) / "a.sqlite" if folder else link(tmp_path / "a.sqlite", away / "a.sqlite")
    history = History(3)
    with history.account_of(archive=path) as hedy:
        for read in (hedy.archive.sync, hedy.archive.sessions, hedy.archive.delete):
            with pytest.raises(ArchiveError, match=r"a\.sqlite|no archive"):
                read()
    assert history.asked == []
    assert not away.parent.exists()


def test_link_loop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Links that lead in a circle are one clear line for every method."""
    path = link(tmp_path / "a.sqlite", link(tmp_path / "b.sqlite", tmp_path / "a.sqlite"))
    history = History(3)
    with history.account_of(archive=path) as hedy:
        for read in (hedy.archive.sessions, hedy.archive.sync, hedy.archive.delete, lambda: hedy.archive.delete(path)):
            with pytest.raises(ArchiveError, match="symbolic links"):
                read()
        assert history.asked == []
        assert len(hedy.sessions(limit=None)) == 3
    assert "symbolic links" in capsys.readouterr().err


def test_changed_since_the_review(tmp_path: Path, real: Path) -> None:
    """What is not the file that was shown any more is not deleted: another target, another file, or none."""
    named, other = link(tmp_path / "a.sqlite", real), filled(tmp_path / "other.sqlite")
    with account(named) as hedy:
        deletion = hedy.archive.delete()
        named.unlink()
        with pytest.raises(ArchiveError, match="nothing was deleted"):
            deletion.confirm(named)
        link(named, other)
        with pytest.raises(ArchiveError, match="nothing was deleted"):
            deletion.confirm(named)
        named.unlink()
        other.rename(named)
        with pytest.raises(ArchiveError, match="nothing was deleted"):
            deletion.confirm(named)
    assert named.is_file()
    assert real.is_file()


def test_file_that_is_gone_with_a_link_that_stays(tmp_path: Path, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the link cannot be removed, the error says that the archive is deleted."""
    named = link(tmp_path / "a.sqlite", real)
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == named:
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    with account(named) as hedy:
        deletion = hedy.archive.delete()
        monkeypatch.setattr(Path, "unlink", refuse)
        with pytest.raises(ArchiveError, match="archive is deleted") as caught:
            deletion.confirm(named)
    assert str(named) in caught.value.message
    assert not real.exists()


def test_two_names_have_one_lock(tmp_path: Path, real: Path) -> None:
    """A sync through a link locks the file, so that one through another name waits; the link gets no side files."""
    named = link(tmp_path / "home" / "a.sqlite", real)
    with account(named) as hedy:
        hedy.archive.sync()
        assert [file.name for file in named.parent.iterdir()] == ["a.sqlite"]
        with FileLock(f"{real}.lock"), pytest.raises(ArchiveError, match="sync of the archive is running"):
            hedy.archive.delete(named)


def test_link_in_a_folder_that_is_read_only(tmp_path: Path, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the archive may be written is asked of the file's folder, not of the link's."""
    named = link(tmp_path / "home" / "a.sqlite", real)
    access = os.access
    monkeypatch.setattr("os.access", lambda path, wanted: Path(path) != named.parent and access(path, wanted))
    with Store.open(named) as store:
        assert store.writable


# What is no file -------------------------------------------------------------


def _socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the paths of sockets must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


NO_FILES: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(0o750),
    "a named pipe": lambda path: os.mkfifo(path, 0o644),
    "a socket": _socket,
    "a device": lambda path: path.symlink_to(os.devnull),
}


@pytest.mark.parametrize("kind", NO_FILES)
def test_no_file(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, pipe, socket or device is refused at once by every method, named as what it is, and left as it was."""
    path = tmp_path / "place" / "a.sqlite"
    path.parent.mkdir()
    NO_FILES[kind](path)
    before, history = path.stat().st_mode, History(3)
    with history.account_of(archive=path) as hedy:
        for read in (hedy.archive.sessions, hedy.archive.sync, hedy.archive.delete, lambda: hedy.archive.delete(path)):
            with pytest.raises(ArchiveError, match=f"is {kind}"):
                read()
        assert history.asked == []
        assert status.names(hedy)["sessions"] == {}
        assert f"is {kind}" in status.archive_line(hedy)
        assert len(hedy.sessions(limit=None)) == 3
        assert hedy.me().id == "uid_1"
    assert f"is {kind}" in capsys.readouterr().err
    assert path.stat().st_mode == before
    assert [file.name for file in path.parent.iterdir()] == ["a.sqlite"]


def test_null_character(tmp_path: Path) -> None:
    """A path with a null character is refused with the settings, in one clear line."""
    with pytest.raises(SettingsError, match="usable path"):
        account(tmp_path / "a\x00b").__enter__()


@pytest.mark.parametrize("name", ["x" * 300], ids=["too long"])
def test_no_path(name: str, tmp_path: Path) -> None:
    """A path that no file can have is one clear line."""
    with account(tmp_path / name) as hedy:
        for read in (hedy.archive.sessions, hedy.archive.sync, hedy.archive.delete, hedy.archive.counts):
            with pytest.raises(ArchiveError):
                read()
        assert len(hedy.sessions(limit=None)) == 3


def test_diary_is_not_deleted(tmp_path: Path) -> None:
    """A named file that is no archive, or cannot be read any more, is not deleted.

    In its usual place a damaged one is.
    """
    (tmp_path / "diary").write_text("Dear diary, " * 100)
    with account(tmp_path / "diary") as hedy, pytest.raises(ArchiveError, match="nothing was deleted"):
        hedy.archive.delete(tmp_path / "diary")
    assert (tmp_path / "diary").exists()
    with account() as hedy:
        hedy.archive.sync()
        hedy.archive.path.write_bytes(b"x" * 5000)
        hedy.archive.delete(hedy.archive.path)
        assert not hedy.archive.exists


def test_make_folder_makes_what_is_missing_alone(tmp_path: Path, umask: Callable[[int], object]) -> None:
    """Folders above that were there keep their permissions."""
    umask(0)
    (tmp_path / "old").mkdir(0o755)
    disk.make_folder(tmp_path / "old" / "a" / "b")
    assert [mode(tmp_path / "old" / part) for part in ("", "a", "a/b")] == [0o755, 0o700, 0o700]
