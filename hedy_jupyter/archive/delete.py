"""The deletion of an archive: described first, done once its path is named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hedy_jupyter.archive import files
from hedy_jupyter.errors import ArchiveError, NotConfirmed
from hedy_jupyter.files import os_errors
from hedy_jupyter.text.phrasing import counted


@dataclass(frozen=True)
class Deletion:
    """The deletion of an archive file, described before it is done.

    Attributes:
        path: the archive, as the settings name it.
        size_bytes: how large the file and those beside it are together.
        file: the file that goes, with those that SQLite keeps beside it; another one than *path* where symbolic links
            lead to it.
        links: the symbolic links from *path* to *file*, which go too; links among the folders above stay.
        other_names: how many more names (hard links) the file has; the meetings stay under those.
    """

    path: Path
    size_bytes: int
    file: Path
    links: tuple[Path, ...]
    other_names: int
    _identity: tuple[int, int]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return the deletion of the archive at *path*.

        Raises:
            ArchiveError: it does not exist, or cannot be read.
        """
        info = files.look(path)
        with os_errors(f"The archive {path} cannot be looked at", error=ArchiveError):
            links, file = files.links(path), files.real(path)
            if info is None and links:
                raise ArchiveError(
                    f"The archive {path} is a symbolic link to {file}, and there is no file: nothing to delete.",
                    advice="Remove the link yourself, or connect the disk that it leads to.",
                )
            if info is None:
                raise ArchiveError("There is no archive to delete.", advice="%hedy sync makes one.")
            size = sum(one.stat().st_size for one in files.beside(file))
        return cls(path, size, file, links, info.st_nlink - 1, (info.st_dev, info.st_ino))

    @property
    def review(self) -> str:
        """What would be deleted, in one line."""
        size = f"{self.size_bytes / 1e6:,.1f} MB"
        if self.links:
            others = "".join(f", {link}" for link in self.links[1:])
            what = f"the archive {self.path}{others}, a symbolic link to {self.file} ({size}): the file and the link"
        elif self.file != self.path.absolute():
            what = f"the archive {self.path}, which is the file {self.file} ({size})"
        else:
            what = f"the archive {self.path} ({size})"
        return f"Delete {what}. {self._kept or 'What is no longer in Hedy is lost with it.'}"

    @property
    def result(self) -> str:
        """What was done, in one line."""
        return f"The archive {self.path} is deleted. {self._kept}".rstrip()

    @property
    def _kept(self) -> str:
        """What stays of the file under other names, in one line; empty where it has none."""
        if not self.other_names:
            return ""
        names = "another name" if self.other_names == 1 else counted(self.other_names, "other name")
        return f"The same file has {names} (hard links): the meetings stay there until you delete those too."

    def __repr__(self) -> str:
        return f"{self.review} Nothing is deleted before .confirm({str(self.path)!r})."

    def confirm(self, path: str | Path) -> None:
        """Delete it; *path* must be that of the archive, or of the file behind a link.

        Raises:
            NotConfirmed: it is another one; nothing was deleted.
            ArchiveError: it has changed since it was shown, a sync of it is running, or it cannot be deleted.
        """
        from filelock import FileLock, Timeout

        if not str(path).strip() or _expanded(path) not in {self.path, self.file}:
            raise NotConfirmed(
                f"{str(path)!r} is not the path of the archive: nothing was deleted.", advice=f"It is {self.path}"
            )
        self._require_unchanged()
        try:
            with FileLock(self._lock, mode=0o600).acquire(blocking=False):
                self._require_unchanged()
                is_lock_left = self._delete()
            if is_lock_left:
                self._lock.unlink(missing_ok=True)
        except Timeout:
            raise ArchiveError(
                "A sync of the archive is running: nothing was deleted.", advice="Stop it first."
            ) from None
        except OSError as error:
            if self.file.exists():
                raise ArchiveError(f"The archive {self.path} cannot be deleted: {error.strerror}.") from None
            raise ArchiveError(
                f"The archive is deleted, but {error.filename or 'its link'} is not: {error.strerror}."
            ) from None

    @property
    def _lock(self) -> Path:
        return Path(f"{self.file}.lock")

    def _delete(self) -> bool:
        """Delete every file and link; return whether the lock is left, because Windows deletes no open file."""
        locks = [
            lock for link in self.links if (lock := Path(f"{link}.lock")).is_file() and not lock.stat().st_size
        ]  # of older versions
        is_lock_left = False
        for file in (*files.beside(self.file), *self.links, *locks):
            try:
                file.unlink(missing_ok=True)
            except PermissionError:
                if file != self._lock:
                    raise
                is_lock_left = True
        return is_lock_left

    def _require_unchanged(self) -> None:
        now = files.look(self.path)
        same = now is not None and (now.st_dev, now.st_ino, now.st_nlink - 1) == (*self._identity, self.other_names)
        if not same or files.links(self.path) != self.links:
            raise ArchiveError(
                f"The archive {self.path} is not the file that was shown any more: nothing was deleted.",
                advice="Review it again: hedy.archive.delete().",
            )


def _expanded(path: str | Path) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:  # the home of a user that is not there
        return Path(path)
