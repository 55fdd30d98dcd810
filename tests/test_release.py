"""The release command, in a scratch repository: what it refuses, what a dry run leaves, what a release makes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests import release
from tests.__main__ import ROOT

pytestmark = pytest.mark.outside

TODAY = date.today().isoformat()  # as the command itself does
VERSION = "7.0.0"
MACHINE = dict(os.environ)
"""The environment as it was before any test: the proxy and the cache of downloads are the machine's."""
_FILES = ("pyproject.toml", "README.md", "LICENSE", "CITATION.cff", ".gitignore")


def git(folder: Path, *words: str) -> str:
    """Run git and return what it prints."""
    line = ["git", *words]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def change(root: Path, name: str, text: str) -> None:
    """Write *text* to a file and commit it."""
    (root / name).write_text(text, encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Change")


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the package and a changelog that is ready for 7.0.0."""
    for name, value in {"NAME": "A", "EMAIL": "a@example.com"}.items():
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    root = tmp_path / "repository"
    root.mkdir()
    for name in _FILES:
        shutil.copy(ROOT / name, root / name)
    for name in ("hedy_jupyter", "notebooks"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    git(root, "init", "-q", "-b", "main")
    change(
        root, "CHANGELOG.md", f"# Changelog\n\n## [Unreleased]\n\n## [{VERSION}] - {TODAY}\n\n### Added\n\n- A thing.\n"
    )
    return root


@pytest.fixture(name="fake_build")
def fixture_fake_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that only writes two files."""

    def build(copy: Path) -> list[Path]:
        (copy / "dist").mkdir()
        built = [copy / "dist" / f"hedy_jupyter-{VERSION}{end}" for end in ("-py3-none-any.whl", ".tar.gz")]
        for path in built:
            path.write_text((copy / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
        return built

    monkeypatch.setattr(release, "build", build)


def test_dry_run(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run builds and checks both files with the new version, and changes nothing."""
    for name, value in MACHINE.items():
        monkeypatch.setenv(name, value)
    before = git(root, "rev-parse", "HEAD")

    assert release.main([VERSION, "--dry-run"], root) == 0

    said = capsys.readouterr().out
    assert f"hedy_jupyter-{VERSION}-py3-none-any.whl, hedy_jupyter-{VERSION}.tar.gz were built and checked" in said
    assert (git(root, "rev-parse", "HEAD"), git(root, "tag"), git(root, "status", "--porcelain")) == (before, "", "")
    assert not (root / "dist").exists()


@pytest.mark.usefixtures("fake_build")
def test_a_release(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A release is one commit that sets the version everywhere, its tag, and the two files."""
    assert release.main([VERSION], root) == 0

    assert git(root, "log", "-1", "--format=%s") == f"Release {VERSION}"
    assert git(root, "show", "--name-only", "--format=", "HEAD").splitlines() == ["CITATION.cff", "pyproject.toml"]
    assert git(root, "rev-parse", f"v{VERSION}^{{commit}}") == git(root, "rev-parse", "HEAD")
    assert git(root, "status", "--porcelain") == ""
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf"^date-released: {TODAY}\nversion: {re.escape(VERSION)}$", citation, re.MULTILINE)
    built = sorted((root / "dist").iterdir())
    assert len(built) == 2
    assert f'version = "{VERSION}"' in built[0].read_text(encoding="utf-8")
    assert "git push --follow-tags" in capsys.readouterr().out


@pytest.mark.usefixtures("fake_build")
def test_a_second_release_sets_the_date_again(root: Path) -> None:
    """The next release replaces version and date; each is there once."""
    release.main([VERSION], root)
    change(root, "CHANGELOG.md", f"## [7.0.1rc1] - {TODAY}\n\n- A fix.\n")

    assert release.main(["7.0.1rc1"], root) == 0

    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert (citation.count("\nversion: 7.0.1rc1\n"), citation.count("date-released")) == (1, 1)


def _add_tag(root: Path) -> None:
    git(root, "tag", f"v{VERSION}")


def _leave_a_change(root: Path) -> None:
    (root / "README.md").write_text("changed", encoding="utf-8")


def _changelog(text: str) -> Callable[[Path], None]:
    return lambda root: change(root, "CHANGELOG.md", text)


@pytest.mark.usefixtures("fake_build")
@pytest.mark.parametrize(
    ("version", "prepare", "reason"),
    [
        ("7", None, "is not a version"),
        ("v7.0.0", None, "is not a version"),
        ("7.0.0.dev1", None, "is not a version"),
        ("7.0.0+local", None, "is not a version"),
        ("seven", None, "is not a version"),
        ("0.0.1", None, "older than"),
        (VERSION, _add_tag, "is there already"),
        (VERSION, _leave_a_change, "not committed"),
        (VERSION, _changelog("## [Unreleased]\n\n- A thing.\n"), "has no section"),
        (VERSION, _changelog(f"## [{VERSION}] - 2020-01-01\n\n- A thing.\n"), "has no section"),
        (VERSION, _changelog(f"## [{VERSION}] - {TODAY}\n\n## [6.0.0] - 2020-01-01\n\n- A thing.\n"), "is empty"),
        (VERSION, lambda root: change(root, "CITATION.cff", "title: no version here\n"), "CITATION.cff has no line"),
    ],
)
def test_what_is_refused(
    root: Path,
    version: str,
    prepare: Callable[[Path], None] | None,
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is not ready is said in a line; there is no commit, no tag and no file."""
    if prepare:
        prepare(root)
    before = (git(root, "rev-parse", "HEAD"), git(root, "tag"), git(root, "status", "--porcelain"))

    assert release.main([version], root) == 1

    assert reason in capsys.readouterr().err
    assert (git(root, "rev-parse", "HEAD"), git(root, "tag"), git(root, "status", "--porcelain")) == before
    assert not (root / "dist").exists()


def test_a_build_that_fails(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the build fails its words are shown, and nothing is changed."""
    before = git(root, "rev-parse", "HEAD")
    monkeypatch.setattr(release.sys, "executable", "false")

    assert release.main([VERSION], root) == 1

    assert "build" in capsys.readouterr().err
    assert (git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain")) == (before, "")
