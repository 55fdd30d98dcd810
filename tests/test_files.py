"""Files: an atomic write, and errors of the file system in one line."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

import hedy_jupyter as hj
from hedy_jupyter import files


def test_put_replaces_whole_files(tmp_path: Path) -> None:
    """A new file replaces the old one, keeps its permissions, and leaves nothing else behind."""
    file = tmp_path / "notes.md"
    file.write_text("old")
    file.chmod(0o640)

    files.put(file, b"new")

    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_put_leaves_the_old_file_on_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full the old file stays, and no spare one."""

    def refuse(path: Path, mode: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    file = tmp_path / "notes.md"
    file.write_text("old")
    with monkeypatch.context() as full:
        full.setattr(Path, "open", refuse)
        with pytest.raises(OSError, match="No space left"):
            files.put(file, b"new")

    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("old", [None, "old"])
def test_replacing_leaves_no_half_file(tmp_path: Path, old: str | None) -> None:
    """What stops half-way leaves the old file, or none, and no spare one."""
    file = tmp_path / "notes.md"
    if old is not None:
        file.write_text(old)

    def stop() -> None:
        with files.replacing(file) as half:
            half.write(b"a half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()

    assert [(one, one.read_text()) for one in tmp_path.iterdir()] == ([] if old is None else [(file, old)])


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "Permission denied"),
        (ValueError("embedded null byte"), "embedded null byte"),
    ],
)
@pytest.mark.parametrize("error", [hj.UsageError, hj.ArchiveError])
def test_errors_of_the_file_system(refused: Exception, why: str, error: type[hj.HedyError]) -> None:
    """They become one line that says what could not be done, why, and what to do next."""
    with (
        pytest.raises(error) as caught,
        files.os_errors("meetings.md cannot be written", advice="Name another file.", error=error),
    ):
        raise refused

    assert str(caught.value) == f"meetings.md cannot be written: {why}. Name another file."


def test_other_errors_pass() -> None:
    """An error of another kind stays as it is."""
    with pytest.raises(hj.Conflict, match="busy"), files.os_errors("meetings.md cannot be written"):
        raise hj.Conflict("busy")
