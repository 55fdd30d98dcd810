"""Where the archive lies: one file per account, found again without a request, and nothing of the key beside it."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from hedy_jupyter import settings
from hedy_jupyter.archive import location
from hedy_jupyter.credentials import Secret
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.settings import Settings


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user data folder that is not there yet."""
    monkeypatch.setattr(location, "folder", lambda: tmp_path / "data")
    return tmp_path / "data"


def found(key: str = "hedy_live_one", **other: object) -> Settings:
    """The settings of an account."""
    given = {"region": None, "base_url": None, "timezone": "UTC", "archive": None} | other
    return settings.resolve(api_key=Secret(key), environ={}, home=Path("/nowhere"), **given)  # type: ignore[arg-type]


def test_unknown_account_has_no_file() -> None:
    """Before Hedy has named the account there is no path, and nothing is made."""
    assert location.known_path(found()) is None
    assert not location.folder().exists()


def test_named_file_wins(tmp_path: Path) -> None:
    """A file that the settings name is used as it is, whatever the account."""
    named = found(archive=tmp_path / "mine.sqlite")

    assert location.known_path(named) == tmp_path / "mine.sqlite"
    assert location.assign_path(named, "uid_1") == tmp_path / "mine.sqlite"
    assert not location.folder().exists()


def test_account_is_found_again(data: Path) -> None:
    """Once Hedy has named the account, its file is known without asking, for this key and scope only."""
    path = location.assign_path(found(), "uid_1")

    assert path == data / "us-uid_1.sqlite"
    assert location.known_path(found()) == path
    assert location.known_path(found("hedy_live_two")) is None
    assert location.known_path(found(region="eu")) is None


def test_new_key_of_the_account_finds_the_same_file() -> None:
    """A key that was created again leads to the file of the old one."""
    assert location.assign_path(found("hedy_live_two"), "uid_1") == location.assign_path(found(), "uid_1")


def test_key_is_not_written(data: Path) -> None:
    """Neither the key nor a plain digest of it is beside the archives, and others cannot read what is."""
    location.assign_path(found("hedy_live_verysecret"), "uid_1")

    written = (data / "accounts.json").read_text()
    assert "verysecret" not in written
    assert list(json.loads(written).values()) == ["us-uid_1.sqlite"]
    assert stat.S_IMODE((data / "accounts.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("other", "realm"),
    [
        ({"region": "eu"}, "eu"),
        ({"base_url": "https://api.hedy.bot/v1"}, "us"),
        ({"base_url": "http://127.0.0.1:8080"}, "127.0.0.1:8080"),
    ],
)
def test_realm(other: dict[str, object], realm: str) -> None:
    """Ids are unique in a region; another host is another scope."""
    assert location.account_scope(found(**other)) == realm


@pytest.mark.parametrize("ident", ["../../etc/passwd", "a/b", "a\\b", "C:x", "ü", "", "x" * 300, "a\n", "con"])
def test_file_name_is_safe(data: Path, ident: str) -> None:
    """Whatever the account is called, the file lies in the folder under a name that every system takes."""
    path = location.assign_path(found(), ident)

    assert path.parent == data
    assert path.name.isascii()
    assert len(path.name) < 100
    assert not set(path.name) & set('/\\:*?"<>|\n')
    assert location.known_path(found()) == path


def test_different_accounts_have_different_files() -> None:
    """Two ids that look alike after cleaning do not share a file."""
    assert location.assign_path(found(), "a/b") != location.assign_path(found("hedy_live_two"), "a-b")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"x": 5}', '{"x": "../../evil.sqlite"}', "\x00\xff"])
def test_broken_note_is_asked_again(data: Path, text: str) -> None:
    """A damaged list of accounts costs one request, never a wrong file."""
    location.assign_path(found(), "uid_1")
    mark = next(iter(json.loads((data / "accounts.json").read_text())))
    (data / "accounts.json").write_text(text.replace('"x"', f'"{mark}"'), encoding="latin-1")

    assert location.known_path(found()) is None
    assert location.assign_path(found(), "uid_1").name == "us-uid_1.sqlite"


def test_folder_that_cannot_be_made(data: Path) -> None:
    """A data folder that cannot be written is one clear error."""
    data.write_text("a file")

    with pytest.raises(ArchiveError, match="cannot be written"):
        location.assign_path(found(), "uid_1")


def test_demo_has_its_own_file(data: Path) -> None:
    """The demo account never shares a file with a live one."""
    demo = replace(found(), demo=True)

    assert location.known_path(demo) == data / "demo.sqlite"
    assert location.assign_path(demo, "uid_1") == data / "demo.sqlite"
