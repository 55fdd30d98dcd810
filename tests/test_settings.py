"""Where each setting comes from, what is refused, and that the key is never shown."""

from __future__ import annotations

import codecs
import copy
import json
import pickle
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter import credentials, settings
from hedy_jupyter.api.client import Client
from hedy_jupyter.credentials import KEYS, SERVICE, USER, KeyStore, Secret
from hedy_jupyter.errors import SettingsError
from hedy_jupyter.settings import Settings, resolve

KEY = "hedy_live_planted0123456789"
OTHER = "hedy_live_other9876543210"
OPENCLAW = {"skills": {"entries": {"hedy": {"enabled": True, "apiKey": KEY, "config": {"region": "eu"}}}}}


class Keyring(ModuleType):
    """A keyring in memory, with the three functions of the real one."""

    def __init__(
        self, kept: dict[tuple[str, str], str] | None = None, *, fails: bool = False, forgets: bool = False
    ) -> None:
        super().__init__("keyring")
        self.kept = {} if kept is None else kept
        self.fails = fails
        self.forgets = forgets

    def _check(self) -> None:
        if self.fails:
            raise RuntimeError(f"locked, and it says {KEY}")

    def get_password(self, service: str, user: str) -> str | None:
        self._check()
        return self.kept.get((service, user))

    def set_password(self, service: str, user: str, password: str) -> None:
        self._check()
        if not self.forgets:
            self.kept[service, user] = password

    def delete_password(self, service: str, user: str) -> None:
        self._check()
        del self.kept[service, user]


def found(home: Path, environ: Mapping[str, str] | None = None, **arguments: Any) -> Settings:
    """The settings that *environ*, *home* and *arguments* make."""
    return resolve(environ=environ or {}, home=home, **arguments)


def write_openclaw(home: Path, content: object) -> None:
    """Put *content* where OpenClaw keeps its settings."""
    file = home / ".openclaw" / "openclaw.json"
    file.parent.mkdir()
    file.write_text(content if isinstance(content, str) else json.dumps(content))


def use_keyring(monkeypatch: pytest.MonkeyPatch, keyring: Keyring) -> None:
    """Install *keyring*."""
    monkeypatch.setitem(sys.modules, "keyring", keyring)


# Sources -----------------------------------------------------------------------


def login() -> tuple[Secret, str]:
    """What a keyring with a key in it gives."""
    return Secret(OTHER), "system keyring"


@pytest.mark.parametrize(
    ("argument", "environ", "stored", "file", "key", "source"),
    [
        (KEY, {"HEDY_API_KEY": OTHER}, login, None, KEY, "argument"),
        (None, {"HEDY_API_KEY": KEY}, login, None, KEY, "HEDY_API_KEY"),
        (None, {"HEDY_API_KEY": " \n"}, login, OPENCLAW, OTHER, "system keyring"),
        (None, {}, lambda: None, OPENCLAW, KEY, "~/.openclaw/openclaw.json"),
        (None, {}, lambda: None, None, None, "none"),
    ],
)
def test_key_sources(
    tmp_path: Path,
    argument: str | None,
    environ: Mapping[str, str],
    stored: Callable[[], tuple[Secret, str] | None],
    file: object,
    key: str | None,
    source: str,
) -> None:
    """The key is the first of argument, environment, what login stored, and OpenClaw file; and it is reported which."""
    if file:
        write_openclaw(tmp_path, file)

    result = found(tmp_path, environ, api_key=Secret(argument) if argument else None, login=stored)

    assert (result.key.reveal() if result.key else None) == key
    assert result.sources["key"] == source


@pytest.mark.parametrize(
    ("argument", "environ", "file", "region", "source"),
    [
        ("us", {"HEDY_REGION": "eu"}, OPENCLAW, "us", "argument"),
        (None, {"HEDY_REGION": " EU\n"}, None, "eu", "HEDY_REGION"),
        ("", {"HEDY_REGION": ""}, OPENCLAW, "eu", "~/.openclaw/openclaw.json"),
        (None, {}, {"skills": {"entries": {"hedy": {"config": {"region": 7}}}}}, "us", "default"),
        (None, {}, {"skills": []}, "us", "default"),
        (None, {}, None, "us", "default"),
    ],
)
def test_region_sources(
    tmp_path: Path, argument: str | None, environ: Mapping[str, str], file: object, region: str, source: str
) -> None:
    """The region is the first of argument, environment, OpenClaw file and us, and decides the host."""
    if file:
        write_openclaw(tmp_path, file)

    result = found(tmp_path, environ, region=argument)

    assert (result.region, result.sources["region"]) == (region, source)
    assert result.base_url == {"us": "https://api.hedy.bot", "eu": "https://eu-api.hedy.bot"}[region]


@pytest.mark.parametrize(
    ("name", "variable", "argument", "variable_value", "default"),
    [
        ("base_url", "HEDY_BASE_URL", "https://one.example", "https://two.example", "https://api.hedy.bot"),
        ("timezone", "HEDY_TIMEZONE", "Asia/Tokyo", "Europe/Berlin", None),
        ("archive", "HEDY_ARCHIVE", "one.db", "two.db", None),
    ],
)
def test_other_sources(
    tmp_path: Path, name: str, variable: str, argument: str, variable_value: str, default: str | None
) -> None:
    """Base URL, time zone and archive are the first of argument, environment and default."""
    environ = {variable: f" {variable_value}\n"}

    by_argument, by_variable, by_default = (
        found(tmp_path, environ, **{name: argument}),
        found(tmp_path, environ),
        found(tmp_path),
    )

    assert [str(getattr(result, name)) for result in (by_argument, by_variable)] == [argument, variable_value]
    assert getattr(by_default, name) == default
    assert [result.sources[name] for result in (by_argument, by_variable, by_default)] == [
        "argument",
        variable,
        "default",
    ]


def test_tzinfo_and_home_are_taken(tmp_path: Path) -> None:
    """A tzinfo serves as a time zone, and ``~`` in the archive's name is the home folder."""
    result = found(tmp_path, timezone=UTC, archive="~/meetings.db")

    assert (result.timezone, result.sources["timezone"]) == (UTC, "argument")
    assert result.archive == tmp_path / "meetings.db"


@pytest.mark.parametrize("path", ["a\0b", "~\0/b", "a\ud800", "~nobody-here/b"], ids=ascii)
@pytest.mark.parametrize("source", ["argument", "HEDY_ARCHIVE"])
def test_an_archive_that_cannot_be(tmp_path: Path, path: str, source: str) -> None:
    """A path that no file can have, or below a missing home folder, is one line that says where it came from."""
    with pytest.raises(SettingsError, match=f"{source}.* is not a usable path") as caught:
        found(tmp_path, {"HEDY_ARCHIVE": path}) if source == "HEDY_ARCHIVE" else found(tmp_path, archive=path)

    assert str(caught.value).isprintable()


def test_openclaw_with_byte_order_mark(tmp_path: Path) -> None:
    """An OpenClaw file that a Windows editor saved with a byte order mark is read."""
    write_openclaw(tmp_path, "\ufeff" + json.dumps(OPENCLAW))

    result = found(tmp_path)

    assert result.sources["key"] == "~/.openclaw/openclaw.json"


@pytest.mark.parametrize(
    "content", ["{not json", "[" * 100_000, '{"a": "\ud800"'.encode("utf-8", "surrogatepass").decode("latin-1")]
)
def test_broken_openclaw(tmp_path: Path, content: str) -> None:
    """A broken OpenClaw file is an error that names it where the key should come from it, and no matter elsewhere."""
    write_openclaw(tmp_path, content)

    with pytest.raises(SettingsError, match=r"openclaw\.json"):
        found(tmp_path)
    assert found(tmp_path, {"HEDY_API_KEY": KEY}).region == "us"


def test_openclaw_that_is_a_folder(tmp_path: Path) -> None:
    """Something unreadable in the place of the OpenClaw file is named."""
    (tmp_path / ".openclaw" / "openclaw.json").mkdir(parents=True)

    with pytest.raises(SettingsError, match="cannot be read"):
        found(tmp_path)


@pytest.mark.parametrize("value", ["1", "true", " Yes\n", "ON"])
def test_demo_variable(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str) -> None:
    """``HEDY_DEMO`` makes ``connect()`` give the demo account, and say so."""
    monkeypatch.setenv("HEDY_DEMO", value)

    account = hj.connect()

    assert account.settings.demo
    assert "demo account" in capsys.readouterr().out


def test_demo_variable_off(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """``HEDY_DEMO=0`` is off, and an explicit key is not overruled."""
    monkeypatch.setenv("HEDY_DEMO", "0")
    off = settings.demo_asked(settings.environment())
    monkeypatch.setenv("HEDY_DEMO", "1")

    account = hj.connect(api_key=key)

    assert not off
    assert not account.settings.demo


# Refusals ----------------------------------------------------------------------


@pytest.mark.parametrize("round_it", [" {}", "{}\n", "\t{}\r\n", "\u00a0{}\u2028"])
def test_whitespace_round_a_key(tmp_path: Path, round_it: str) -> None:
    """White space and newlines round a key are stripped."""
    result = found(tmp_path, {"HEDY_API_KEY": round_it.format(KEY)})

    assert result.key is not None
    assert result.key.reveal() == KEY


@pytest.mark.parametrize(
    "key",
    [
        "planted0123",
        "hedy_live_",
        "hedy_live_plan ted",
        "hedy_live_plan\nted",
        "hedy_live_plan\x00ted",
        "hedy_live_plantéd",
        "Bearer hedy_live_planted",
        "",
        b"hedy_live_planted",
        7,
    ],
)
def test_malformed_keys(key: Any) -> None:
    """A key that is not ``hedy_live_`` and printable ASCII is refused before any request, and is not echoed."""
    with pytest.raises(SettingsError, match="api_key argument") as caught:
        hj.connect(api_key=key)

    assert "plant" not in "".join(traceback.TracebackException.from_exception(caught.value).format())
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://host.example", "https://host.example"),
        ("https://host.example/", "https://host.example"),
        ("https://host.example/v1", "https://host.example/v1"),
        ("https://host.example/v1/", "https://host.example/v1"),
        ("https://host.example/v1?", "https://host.example/v1"),
        ("https://host.example/hedy/v1#", "https://host.example/hedy/v1"),
        ("HTTPS://host.example:8443", "https://host.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://LOCALHOST", "http://LOCALHOST"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://bücher.example", "https://bücher.example"),
    ],
)
def test_base_urls(tmp_path: Path, given: str, used: str) -> None:
    """A base URL is https, or http to this machine, with or without ``/v1``."""
    result = found(tmp_path, base_url=given)

    assert result.base_url == used


@pytest.mark.parametrize(
    "value",
    [
        "http://api.hedy.bot",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://0.0.0.0",
        "http://127.0.0.1@evil.example",
        "http://evil.example\\@127.0.0.1",
        "http://127.0.0.1\\.evil.example",
        "http://evil.example#@127.0.0.1",
        "https://user@host.example",
        "https://user:word@host.example",
        "https://host.example?x=1",
        "https://host.example#x",
        "https://host.example:port",
        "https://host.example:99999",
        "https://[::1",
        "https://two words.example",
        "https://",
        "ftp://host.example",
        "file:///etc/passwd",
        "host.example",
        "//host.example",
    ],
)
def test_refused_base_urls(tmp_path: Path, value: str) -> None:
    """A base URL that would send the key in the clear, or is none, is refused, whichever source it has."""
    with pytest.raises(SettingsError, match="base URL from argument"):
        found(tmp_path, base_url=value)
    with pytest.raises(SettingsError, match="base URL from HEDY_BASE_URL"):
        found(tmp_path, {"HEDY_BASE_URL": value})


@pytest.mark.parametrize("argument", ["region", "base_url", "timezone"])
def test_arguments_that_are_no_text(tmp_path: Path, argument: str) -> None:
    """An argument of another type is an error of ours, not one from deep inside."""
    with pytest.raises(SettingsError, match="int"):
        found(tmp_path, **{argument: 7})


def test_unknown_region_and_zone(tmp_path: Path, key: str) -> None:
    """An unknown region or time zone is refused, and a key that slipped into it is not echoed."""
    with pytest.raises(SettingsError, match="us, eu") as caught:
        found(tmp_path, {"HEDY_REGION": key})
    with pytest.raises(SettingsError, match="Nowhere/Land"):
        hj.connect(api_key=key, timezone="Nowhere/Land")

    assert key not in str(caught.value)


def test_no_key() -> None:
    """Without a key one error names the three places for it and the demo."""
    with pytest.raises(SettingsError) as caught:
        hj.connect()

    assert all(
        place in str(caught.value)
        for place in ("HEDY_API_KEY", "%hedy login", "~/.openclaw/openclaw.json", "%hedy demo")
    )


# Effects -----------------------------------------------------------------------


def test_connect_opens_one_file_and_no_connection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """``connect()`` reads the OpenClaw file and nothing else, makes no client and sends nothing."""
    write_openclaw(tmp_path, OPENCLAW)
    opened: list[str] = []
    codecs.lookup("utf-8-sig")  # Python reads the module of it at the first use
    events = {"open": opened, "socket.connect": opened, "socket.getaddrinfo": opened}
    made: list[object] = []
    monkeypatch.setattr(Client, "__init__", lambda client, *_: made.append(client))
    watching = True
    sys.addaudithook(lambda event, args: events[event].append(str(args[0])) if watching and event in events else None)

    account = hj.connect(timezone=UTC)
    watching = False

    assert opened == [str(tmp_path / ".openclaw" / "openclaw.json")]
    assert made == []
    assert account.requests.empty


# The key store -----------------------------------------------------------------


def test_keyring_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the keyring holds is used by ``connect()``."""
    use_keyring(monkeypatch, Keyring({(SERVICE, USER): KEY}))

    account = hj.connect()

    assert account.settings.sources["key"] == "system keyring"


def test_login_into_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stored key is in the keyring, is found again, and is gone once forgotten."""
    keyring, store = Keyring(), KeyStore()
    use_keyring(monkeypatch, keyring)

    took = store.store(Secret(KEY))
    stored = store.read()
    forgot, again = store.forget(), store.forget()

    assert took
    assert stored is not None
    assert (stored[0].reveal(), stored[1]) == (KEY, "system keyring")
    assert (forgot, again, keyring.kept) == (True, False, {})


@pytest.mark.parametrize(
    "keyring", [None, Keyring(fails=True), Keyring(forgets=True)], ids=["none", "locked", "disabled"]
)
def test_login_without_a_keyring(monkeypatch: pytest.MonkeyPatch, keyring: Keyring | None) -> None:
    """Where no keyring keeps the key, this process does, until it is forgotten."""
    if keyring:
        use_keyring(monkeypatch, keyring)

    took = KEYS.store(Secret(KEY))
    source = hj.connect().settings.sources["key"]
    forgot = KEYS.forget()

    assert (took, source, forgot) == (False, "%hedy login (this kernel)", True)
    assert KEYS.read() is None


# Secrecy -----------------------------------------------------------------------


def test_secret_has_no_readable_form(tmp_path: Path) -> None:
    """A key, and settings that hold it, show it in no text form, and are not pickled or copied."""
    secret = Secret(KEY)
    result = found(tmp_path, {"HEDY_API_KEY": KEY})
    forms = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>30}",
        repr([secret]),
        repr(result),
        str(result),
        repr(vars(result)),
    ]

    assert not [form for form in forms if KEY in form]
    for hidden in (secret, result):
        with pytest.raises(TypeError):
            pickle.dumps(hidden)
        with pytest.raises(TypeError):
            copy.deepcopy(hidden)
    with pytest.raises(TypeError):
        json.dumps({"key": secret})


@pytest.mark.parametrize("trouble", [{"region": "mars"}, {"region": 7}, {"base_url": "http://evil.example"}])
def test_traceback_with_locals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trouble: dict[str, Any]) -> None:
    """No frame of ours has a local in whose text form the key of environment, file or argument is."""
    write_openclaw(tmp_path, OPENCLAW)
    environ = {"HEDY_API_KEY": KEY}
    with pytest.raises(SettingsError) as caught:
        found(tmp_path, environ, login=lambda: (Secret(KEY), "keyring"), **trouble)

    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    files = {settings.__file__, credentials.__file__}
    ours = [text for frame in shown.stack if frame.filename in files for text in (frame.locals or {}).values()]
    assert ours
    assert not [text for text in ours if KEY in text]


def test_verbose_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``%xmode Verbose`` shows neither key nor environment when settings are wrong."""
    from IPython.core.ultratb import VerboseTB

    monkeypatch.setenv("HEDY_API_KEY", KEY)
    try:
        found(Path("nowhere"), settings.environment(), region=7)
    except SettingsError:
        text = VerboseTB().text(*sys.exc_info())

    assert "resolve" in text
    assert KEY not in text


def test_transport_must_be_one(key: str) -> None:
    """What is no async transport is refused as such when it is first used."""
    account = hj.connect(api_key=key, transport=object())  # type: ignore[arg-type]

    with pytest.raises(hj.UsageError, match="async httpx transport"):
        account.me()


def test_base_url_of_an_account(api: Any, key: str) -> None:
    """Requests go below the base URL, whose ``/v1`` is never doubled."""
    api.answers = {"/v1/me": {"id": "u", "email": "a@b.c", "name": "A"}}
    with hj.connect(api_key=key, base_url="https://host.example/v1/", transport=api.transport) as account:
        account.me()
        account.get("/v1/me", refresh=True)

    assert [str(request.url) for request in api.requests] == ["https://host.example/v1/me"] * 2
    assert isinstance(api.requests[0], httpx.Request)
