"""``python -m tests.release 0.2.0 [--dry-run]``: make a release of the current commit, in one command.

It checks the version and that CHANGELOG.md has a section for it with today's date, sets the version, builds sdist and
wheel from a clean copy, checks them with twine, and then commits and tags. Whatever fails, fails before the commit.
Nothing is pushed or uploaded: the last lines say how. ``--dry-run`` does all of it in the copy, and changes nothing
here.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from packaging.version import InvalidVersion, Version

from tests.__main__ import ROOT

_PLACES = {  # file → the lines to set; each must be there, but for the date, which the first release adds
    "pyproject.toml": {r'^version = ".*"$': 'version = "{version}"'},
    "CITATION.cff": {r"^(?:date-released: .*\n)?version: .*$": "date-released: {today}\nversion: {version}"},
}


class ReleaseError(Exception):
    """Why there is no release, and what to do."""


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line for the repository at *root*; return 1 if there is no release."""
    parser = argparse.ArgumentParser(prog="python -m tests.release", description="Make a release in one command.")
    parser.add_argument("version", help="such as 0.2.0")
    parser.add_argument("--dry-run", action="store_true", help="do everything in a copy; change nothing here")
    given = parser.parse_args(arguments)
    try:
        release(root, given.version, date.today().isoformat(), dry_run=given.dry_run)
    except ReleaseError as error:
        print(f"No release: {error}", file=sys.stderr)
        return 1
    return 0


def release(root: Path, version: str, today: str, *, dry_run: bool) -> None:
    """Release *version* of the repository at *root*.

    Raises:
        ReleaseError: something is missing or fails; nothing was changed.
    """
    check(root, version, today)
    with tempfile.TemporaryDirectory(prefix="hedy-release-") as folder:
        copy = Path(folder, "copy")
        _run(root, "git", "clone", "-q", "--no-hardlinks", str(root), str(copy))
        set_version(copy, version, today)
        built = build(copy)
        if dry_run:
            print(f"Dry run: {', '.join(path.name for path in built)} were built and checked. Nothing was changed.")
            return
        (root / "dist").mkdir(exist_ok=True)
        for path in built:
            shutil.copy(path, root / "dist" / path.name)
    set_version(root, version, today)
    _run(root, "git", "commit", "-q", "-m", f"Release {version}", "--", *_PLACES)
    _run(root, "git", "tag", "-a", f"v{version}", "-m", f"Release {version}")
    files = " ".join(f"dist/{path.name}" for path in built)
    print(f"Committed and tagged v{version}. To publish it:\n    git push --follow-tags\n    twine upload {files}")


def check(root: Path, version: str, today: str) -> None:
    """Check everything that can be checked before the build.

    Raises:
        ReleaseError: what is not ready.
    """
    try:
        new = Version(version)
    except InvalidVersion:
        new = None
    if new is None or str(new) != version or len(new.release) != 3 or new.is_devrelease or new.local:
        raise ReleaseError(f"{version!r} is not a version such as 0.2.0 or 1.0.0rc1.")
    current = _found(root / "pyproject.toml", r'^version = "(.*)"$')
    if new < Version(current):
        raise ReleaseError(f"{version} is older than {current}, the version in pyproject.toml.")
    if _run(root, "git", "tag", "--list", f"v{version}"):
        raise ReleaseError(f"the tag v{version} is there already. Choose the next version.")
    if changed := _run(root, "git", "status", "--porcelain"):
        raise ReleaseError(f"there are changes that are not committed:\n{changed}")
    heading = f"## [{version}] - {today}"
    section = re.search(
        rf"^{re.escape(heading)}\n(.*?)(?=^## |\Z)",
        (root / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    if section is None:
        raise ReleaseError(f"CHANGELOG.md has no section {heading!r}. Rename '## [Unreleased]', and commit that.")
    if not re.search(r"^- \S", section[1], re.MULTILINE):
        raise ReleaseError(f"the section {heading!r} of CHANGELOG.md is empty. Say what changes for users.")


def set_version(root: Path, version: str, today: str) -> None:
    """Write *version* and the day *today* into the files that hold them."""
    for name, lines in _PLACES.items():
        path = root / name
        text = path.read_text(encoding="utf-8")
        for pattern, line in lines.items():
            _found(path, pattern)
            text = re.sub(pattern, line.format(version=version, today=today), text, count=1, flags=re.MULTILINE)
        path.write_bytes(text.encode())


def build(copy: Path) -> list[Path]:
    """Build sdist and wheel of *copy*, the wheel from the sdist, check both with twine, and return them."""
    _run(copy, sys.executable, "-m", "build", "--installer", "uv", "--outdir", "dist")
    built = sorted((copy / "dist").iterdir())
    _run(copy, sys.executable, "-m", "twine", "check", "--strict", *map(str, built))
    return built


def _found(path: Path, pattern: str) -> str:
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ReleaseError(f"{path.name} has no line like {pattern}.")
    return found[found.lastindex or 0]


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command[:4])} … failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
