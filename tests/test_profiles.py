"""Profiles: which one is used, what comes first, what the file may hold, and that no key is in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter import profiles
from hedy_jupyter.account import current
from hedy_jupyter.credentials import KEYS, SERVICE
from hedy_jupyter.errors import NoKey, SettingsError, UsageError
from hedy_jupyter.magics.completion import complete
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.shell_commands import main
from tests.commands import run
from tests.test_settings import OPENCLAW, Keyring, use_keyring, write_openclaw

KEY, OTHER = "hedy_live_ProfileWork001", "hedy_live_ProfileHome002"
BOTH = """
default = "home"

[profiles.work]
region = "eu"
timezone = "Europe/Berlin"
archive = "~/work.sqlite"
key = "env:HEDY_KEY_WORK"

[profiles.home]
base_url = "https://proxy.example/hedy"
"""
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """A function that writes the file that ``HEDY_CONFIG`` names."""
    file = tmp_path / "config" / "mine.toml"
    file.parent.mkdir()
    monkeypatch.setenv("HEDY_CONFIG", str(file))

    def put(text: str) -> Path:
        file.write_text(text, encoding="utf-8")
        return file

    return put


def sent_key(**arguments: str) -> str:
    """The key that ``connect()`` sends."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"].removeprefix("Bearer "))
        return httpx.Response(200, json={"success": True, "data": {"id": "uid_1", "email": "a@b.example", "name": "A"}})

    with hj.connect(transport=httpx.MockTransport(answer), **arguments) as hedy:
        hedy.me()
    return seen[0]


def test_a_profile_gives_the_settings(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile that is named comes before the environment and after the arguments."""
    write(BOTH)
    monkeypatch.setenv("HEDY_KEY_WORK", f" {KEY}\n")
    monkeypatch.setenv("HEDY_API_KEY", OTHER)
    monkeypatch.setenv("HEDY_REGION", "us")
    with hj.connect(profile="work") as hedy:
        found = hedy.settings
    with hj.connect(profile="work", region="us", timezone="Asia/Tokyo") as hedy:
        given = hedy.settings

    assert (found.profile, found.region, found.host) == ("work", "eu", "eu-api.hedy.bot")
    assert (str(found.timezone), found.archive) == ("Europe/Berlin", tmp_path / "work.sqlite")
    assert found.sources["region"] == "profile work"
    assert found.sources["key"] == "the environment variable HEDY_KEY_WORK"
    assert (given.region, str(given.timezone)) == ("us", "Asia/Tokyo")
    assert sent_key(profile="work") == KEY


def test_the_variable_and_the_default(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """HEDY_PROFILE names a profile; without it the default counts, which comes after the environment."""
    write(BOTH)
    monkeypatch.setenv("HEDY_API_KEY", OTHER)
    monkeypatch.setenv("HEDY_KEY_WORK", KEY)
    with hj.connect() as hedy:
        by_default = hedy.settings
    monkeypatch.setenv("HEDY_BASE_URL", "https://other.example")
    with hj.connect() as hedy:
        beside_variable = hedy.settings
    monkeypatch.setenv("HEDY_PROFILE", "work")
    with hj.connect() as hedy:
        by_variable = hedy.settings

    assert (by_default.profile, by_default.base_url) == ("home", "https://proxy.example/hedy")
    assert by_default.sources["key"] == "HEDY_API_KEY"
    assert beside_variable.base_url == "https://other.example"
    assert (by_variable.profile, by_variable.region) == ("work", "eu")


def test_the_usual_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without HEDY_CONFIG the file is in the configuration folder of the user; without a file nothing changes."""
    monkeypatch.setenv("HEDY_API_KEY", KEY)
    path = profiles.file_path({})
    with hj.connect() as hedy:
        assert hedy.settings.profile is None
    path.parent.mkdir(parents=True)
    path.write_text('[profiles.lab]\nregion = "eu"\n', encoding="utf-8")
    with hj.connect(profile="lab") as hedy:
        assert (hedy.settings.profile, hedy.settings.region) == ("lab", "eu")

    assert tmp_path in path.parents
    assert path.name == "profiles.toml"


def test_sources_of_keys(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key comes from where the profile says, and from nowhere else."""
    write('[profiles.a]\nkey = "keyring:job"\n[profiles.b]\nkey = "openclaw"\n[profiles.c]\nkey = "env:NOT_THERE"\n')
    monkeypatch.setenv("HEDY_API_KEY", OTHER)
    write_openclaw(tmp_path, OPENCLAW)
    use_keyring(monkeypatch, Keyring({(SERVICE, "job"): KEY}))

    assert sent_key(profile="a") == KEY
    assert sent_key(profile="b") == OPENCLAW["skills"]["entries"]["hedy"]["apiKey"]
    with pytest.raises(NoKey, match="profile c takes its key from the environment variable NOT_THERE"):
        hj.connect(profile="c")
    use_keyring(monkeypatch, Keyring({}))
    with pytest.raises(NoKey, match="keyring entry job") as error:
        hj.connect(profile="a")
    assert error.value.advice == "Run %hedy login --profile a."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[profiles.work]\nregoin = "eu"', "unknown field 'regoin' in profile 'work'.*region"),
        ('[profile.work]\nregion = "eu"', "unknown field 'profile' in the file.*profiles"),
        ("[profiles.work]\nregion = 3", "region of profile 'work' is empty or no text"),
        ('[profiles.work]\nkey = "env:"', "key of profile 'work' names no source"),
        ('[profiles.work]\nkey = "vault:x"', "key of profile 'work' names no source"),
        ("profiles = 3", "profiles holds something else than tables"),
        ("default = 3\n[profiles.work]", "default is not text"),
        ("[profiles.work\n", r"is not valid TOML: .*line 1"),
        ('default = "wrok"\n[profiles.work]\nregion = "eu"', "has no profile 'wrok'.*work"),
        ('[profiles.work]\nregion = "mars"', "'mars' .from profile work. is not one of: us, eu"),
    ],
)
def test_mistakes_in_the_file(write: Write, monkeypatch: pytest.MonkeyPatch, text: str, told: str) -> None:
    """A mistake is a SettingsError that names what is wrong and what there is."""
    file = write(text)
    monkeypatch.setenv("HEDY_API_KEY", KEY)
    named = None if "default" in text or "profiles = 3" in text else "work"
    with pytest.raises(SettingsError) as error:
        hj.connect(profile=named)

    assert re.search(told, str(error.value))
    assert str(file) in str(error.value) or "from profile work" in str(error.value)


@pytest.mark.parametrize("place", ['key = "{}"', 'region = "eu" # {}', 'base_url = "https://{}.example"'])
def test_a_key_in_the_file_is_refused(write: Write, place: str) -> None:
    """A key anywhere in the file is refused, and not repeated."""
    file = write(f"[profiles.work]\n{place.format(KEY)}\n")
    with pytest.raises(SettingsError) as error:
        hj.connect(profile="work")

    assert str(file) in error.value.message
    assert KEY[12:] not in str(error.value)


def test_an_unknown_profile(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown profile is an error that names the file and the profiles that it has."""
    file = write(BOTH)
    monkeypatch.setenv("HEDY_API_KEY", KEY)
    with pytest.raises(SettingsError) as error:
        hj.connect(profile="wrk")

    assert error.value.message == f"{file} has no profile 'wrk' (from argument)."
    assert error.value.advice == "Did you mean work? Profiles there: work, home."
    file.unlink()
    with pytest.raises(SettingsError, match=r"Profiles there: none yet\. %hedy login --profile work creates one"):
        hj.connect(profile="work")


# Commands ----------------------------------------------------------------------


def test_use(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """``%hedy use NAME`` switches, without NAME the profiles are listed, and Tab completes the names."""
    write(BOTH)
    monkeypatch.setenv("HEDY_API_KEY", OTHER)
    monkeypatch.setenv("HEDY_KEY_WORK", KEY)
    reply = run("use work")
    listed = run("use").value.to_text()

    assert reply.status == "LIVE account, profile work, region eu (eu-api.hedy.bot)."
    assert current.current().settings.profile == "work"
    assert "Profile" in run("").value.to_text()
    assert all(text in listed for text in ("mine.toml", "in use", "default", "env:HEDY_KEY_WORK"))
    assert complete("%hedy use w", {}) == ("w", ["work"])
    with pytest.raises(SettingsError, match="Did you mean home"):
        run("use hom")
    assert current.current().settings.profile == "work"


def test_use_while_the_demo_account_is_set(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """HEDY_DEMO wins, and says so."""
    write(BOTH)
    monkeypatch.setenv("HEDY_DEMO", "1")
    with pytest.raises(UsageError, match="HEDY_DEMO is set"):
        run("use work")


def test_login_makes_a_profile(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``%hedy login --profile`` puts the key into the keyring and the profile into the file, which keeps its text."""
    file = write("# mine\n[profiles.home]\n")
    kept: dict[tuple[str, str], str] = {}
    use_keyring(monkeypatch, Keyring(kept))
    ctx = CommandContext(ask_hidden=lambda _: KEY)
    line = run("login --profile work", ctx=ctx).status

    assert kept == {(SERVICE, "work"): KEY}
    assert file.read_text(encoding="utf-8") == '# mine\n[profiles.home]\n\n[profiles.work]\nkey = "keyring:work"\n'
    assert "The profile work is new" in line
    assert KEY not in line
    assert sent_key(profile="work") == KEY
    assert "is new" not in run("login --profile work", ctx=ctx).status
    assert run("logout --profile work", ctx=ctx).status == "The stored key was deleted."
    assert kept == {}


def test_login_where_the_key_is_elsewhere(write: Write) -> None:
    """A profile with another source gets no key in the keyring; a name that TOML would have to quote is refused."""
    write(BOTH)
    with pytest.raises(UsageError, match="takes its key from env:HEDY_KEY_WORK"):
        run("login --profile work")
    with pytest.raises(UsageError, match="cannot be the name of a new profile"):
        run('login --profile "a]b"')
    assert KEYS.read("work") is None


def test_profiles_in_the_shell(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--profile NAME`` before or after the command; an unknown one is an error, exit code 1."""
    write(BOTH)
    monkeypatch.setenv("HEDY_KEY_WORK", KEY)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)

    assert main(["--profile", "work", "status"]) == 0
    assert "eu-api.hedy.bot" in capsys.readouterr().out
    assert main(["status", "--profile=work"]) == 0
    assert main(["use"]) == 0
    assert "Europe/Berlin" in capsys.readouterr().out
    assert main(["use", "work"]) == 2
    assert main(["todos", "--profile"]) == 2
    capsys.readouterr()
    assert main(["todos", "--profile", "wrk"]) == 1
    assert "Did you mean work?" in capsys.readouterr().err
