"""What differs on Windows and macOS, forced here: open files, names, consoles, time zones, folders, ways to start."""

from __future__ import annotations

import errno
import importlib.metadata
import io
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs.macos
import platformdirs.windows
import pytest
from packaging.requirements import Requirement

import hedy_jupyter as hj
from hedy_jupyter import files
from hedy_jupyter.__main__ import main
from hedy_jupyter.archive import location
from hedy_jupyter.text.fold import path_key
from tests.__main__ import ROOT
from tests.kernels import environment

OPEN_FILES = Path("/proc/self/fd")
only_with_proc = pytest.mark.skipif(not OPEN_FILES.exists(), reason="this system does not list the open files")


def _is_open(path: Any) -> bool:
    """Return whether this process has the file at *path* open."""
    targets = []
    for link in OPEN_FILES.iterdir():
        try:
            targets.append(os.stat(link))  # noqa: PTH116  follows links of files that are already deleted
        except OSError:
            continue
    return os.path.exists(path) and any(os.path.samestat(os.stat(path), one) for one in targets)  # noqa: PTH110, PTH116


@pytest.fixture(name="windows_files")
def fixture_windows_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A file system that removes, replaces and renames no open file, as on Windows; the list says what it refused."""
    refused: list[str] = []

    def checked(name: str, real: Any) -> Any:
        def call(*paths: Any, **options: Any) -> None:
            for path in paths:
                if _is_open(path):
                    refused.append(f"{name} {Path(path).name}")
                    raise PermissionError(errno.EACCES, "The process cannot access the file", str(path))
            real(*paths, **options)

        return call

    for name in ("unlink", "remove", "replace", "rename"):
        monkeypatch.setattr(os, name, checked(name, getattr(os, name)))
    return refused


@pytest.fixture(name="hedy")
def fixture_hedy(few_meetings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hj.Hedy]:
    """A demo account of few meetings, with an archive in the temporary folder."""
    monkeypatch.setenv("HEDY_ARCHIVE", str(tmp_path / "demo.sqlite"))
    with hj.demo() as hedy:
        yield hedy


# Open files ------------------------------------------------------------------


@only_with_proc
def test_the_forced_file_system_refuses(tmp_path: Path, windows_files: list[str]) -> None:
    """The file system of these tests refuses what Windows does."""
    file = tmp_path / "file"
    with file.open("w"), pytest.raises(PermissionError):
        file.unlink()
    file.unlink()

    assert windows_files == ["unlink file"]


@only_with_proc
def test_archive_from_sync_to_deletion(hedy: hj.Hedy, tmp_path: Path, windows_files: list[str]) -> None:
    """Sync, search and deletion need no open file to be removed, and the deletion leaves none, the lock included."""
    hedy.archive.sync()
    assert len(hedy.archive.search("budget")) > 0

    hedy.archive.delete().confirm(hedy.archive.path)

    assert list(tmp_path.glob("demo.sqlite*")) == []
    assert windows_files in ([], ["unlink demo.sqlite.lock"])


@only_with_proc
def test_exports_twice(hedy: hj.Hedy, tmp_path: Path, windows_files: list[str]) -> None:
    """Every export writes over its own files without an open one among them."""
    hedy.archive.sync()
    for _ in range(2):
        hedy.export("md", tmp_path / "meetings.md", since="7d")
        hedy.export("csv", tmp_path / "tables", since="7d")
        hedy.export("vault", tmp_path / "vault", since="7d")
        hedy.export("parquet", tmp_path / "parquet")

    assert windows_files == []


@only_with_proc
def test_a_target_that_another_program_has_open(tmp_path: Path, windows_files: list[str]) -> None:
    """An export over a table that is open in Excel is one line; the old table stays, and no spare file."""
    table = tmp_path / "todos.csv"
    table.write_text("old", encoding="utf-8")

    with hj.demo() as hedy, table.open(encoding="utf-8"), pytest.raises(hj.UsageError, match=r"todos\.csv"):
        hedy.export("csv", table, kinds="todos")

    assert table.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["todos.csv"]
    assert windows_files == ["replace todos.csv"]


# Names -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("notes.md", ""),
        (r"C:\Users\me\notes.md", ""),
        (r"\\server\share\folder", ""),
        ("folder/conference.md", ""),
        ("Überblick 2026 (1).md", ""),
        ("nul", "device"),
        ("folder/AUX.csv", "device"),
        (r"C:\con\notes.md", "device"),
        ("lpt1.txt", "device"),
        ("Q1: plan.md", "':'"),
        ("what?.md", "'?'"),
        ("a<b>.md", "'<'"),
        ("line\nbreak.md", "not allow '"),
    ],
)
def test_names_that_windows_refuses(path: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows such a path is refused before anything is written: it would be a device or a hidden stream."""
    assert (why in files.refused_by_windows(path)) if why else not files.refused_by_windows(path)
    assert files.path_of(path) == Path(path)
    monkeypatch.setattr(files, "ON_WINDOWS", True)

    if why:
        with pytest.raises(hj.UsageError, match="cannot be written"):
            files.path_of(path)
    else:
        assert files.path_of(path) == Path(path)


def test_names_that_macos_takes_for_one() -> None:
    """Names that differ in case or in the Unicode form count as one in a vault, as on APFS and NTFS."""
    assert len({path_key(name) for name in ("Caf\u00e9.md", "CAFE\u0301.MD", "cafe\u0301.md")}) == 1


# Console, time zones, folders ------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "cp932", "ascii"])
def test_tour_in_a_console_without_all_characters(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first command prints its tour into a pipe of an old encoding; what it lacks becomes a question mark."""
    pipe = io.BytesIO()
    monkeypatch.setenv("HEDY_DEMO", "")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding))

    assert main([]) == 0

    shown = pipe.getvalue().decode(encoding)
    assert ">>> %hedy session last" in shown
    assert "?" in shown


def test_no_file_depends_on_the_encoding_of_the_machine(tmp_path: Path) -> None:
    """Nothing opens a text file without an encoding, which would be cp1252 on Windows; ruff finds what does."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text('from pathlib import Path\n\nPath("x").read_text()\n', encoding="utf-8")
    found = []
    for place in (wrong, ROOT / "hedy_jupyter"):
        line = [sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--select", "PLW1514", "--no-cache"]
        found.append(subprocess.run([*line, str(place)], capture_output=True, check=False).returncode)

    assert found == [1, 0]


def test_windows_gets_a_database_of_time_zones() -> None:
    """Windows has none, so a dependency of this package installs ``tzdata`` there."""
    windows = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}
    needed = [Requirement(text) for name in ("tzlocal", "pandas") for text in importlib.metadata.requires(name) or ()]

    assert any(
        one.name == "tzdata" and (one.marker is None or one.marker.evaluate({"extra": "", **windows})) for one in needed
    )


def test_a_zone_without_a_database(tmp_path: Path) -> None:
    """Where there is no database of time zones the error names the zone, and UTC works."""
    code = """
import sys
sys.modules["tzdata"] = None
import hedy_jupyter as hj
with hj.demo(timezone="UTC") as hedy:
    print(len(hedy.sessions(3)))
try:
    hj.demo(timezone="Europe/Berlin")
except hj.HedyError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path, PYTHONTZPATH="", PYTHONPATH=os.pathsep.join(sys.path)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("3\n"), done.stderr
    assert "Europe/Berlin" in done.stdout


def test_folder_of_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The archive is in the user's data folder; on Windows the local one, which is not copied between machines."""
    monkeypatch.setattr(platformdirs.windows, "get_win_folder", lambda name: f"/{name}")
    folders = {}
    for system in (platformdirs.windows.Windows, platformdirs.macos.MacOS):
        monkeypatch.setattr(platformdirs, "PlatformDirs", system)
        folders[system.__name__] = location.folder().as_posix()

    assert folders["Windows"] == "/CSIDL_LOCAL_APPDATA/hedy-jupyter"
    assert folders["MacOS"].endswith("/Library/Application Support/hedy-jupyter")


# Ways to start a process -----------------------------------------------------


def test_a_process_that_is_spawned(hedy: hj.Hedy) -> None:
    """A new process, as Windows and macOS start it, gets a frame by pickle, and opens an account after it."""
    code = """
import pickle, sys
import hedy_jupyter as hj
df = pickle.load(sys.stdin.buffer)
with hj.demo() as hedy:
    print(df.hedy.by_topic().shape[0] > 0, len(hedy.sessions(3)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(hedy.todos("open")),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stdout.split()) == (0, [b"True", b"3"]), done.stderr
