"""A planted key, every kind of trouble, and then a look into everything that could show it."""

from __future__ import annotations

import html
import json
import logging
import pickle
import re
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter.account.connection import BRIDGE, LIMITS
from hedy_jupyter.api.cache import ResponseCache
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.api.transport import KeyAuth
from hedy_jupyter.credentials import KEYS, Secret
from hedy_jupyter.errors import HedyError
from hedy_jupyter.settings import Settings
from hedy_jupyter.text.api_keys import scrub
from tests.conftest import KEY
from tests.waiting import pace, without_waits

Trouble = Callable[[httpx.Request], httpx.Response]


def refusal(status: int, **headers: str) -> Trouble:
    """A server that answers with *status*, and repeats the key in its words."""
    error = {"code": f"bad_{KEY}", "message": f"The key {KEY} ('Bearer {KEY}') is not good enough."}
    return lambda request: httpx.Response(
        status, json={"success": False, "error": error, "sent": request.headers["authorization"]}, headers=headers
    )


def broken(error: Exception) -> Trouble:
    """A connection that breaks with *error*."""

    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


TROUBLES: dict[str, Trouble] = {
    **{str(status): refusal(status) for status in (200, 400, 401, 403, 404, 409, 418, 429, 500, 503)},
    "redirect": lambda request: httpx.Response(
        302, headers={"Location": f"https://evil.example/?{request.headers['authorization']}"}
    ),
    "html": lambda request: httpx.Response(200, text=f"<html>{request.headers['authorization']}"),
    "words": lambda _: httpx.Response(401, json={"error": f"No such key: {KEY}"}),
    "time-out": broken(httpx.ReadTimeout(f"slow {KEY}")),
    "lost": broken(httpx.RemoteProtocolError(f"gone {KEY}")),
    "unreachable": broken(httpx.ConnectError(f"no {KEY}")),
    "socket": broken(OSError(f"odd {KEY}")),
}


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Iterator[hj.Hedy]:
    """An account whose server is in trouble."""
    with hj.connect(api_key=KEY, transport=httpx.MockTransport(TROUBLES[request.param])) as made:
        yield without_waits(made, pace())


def shown(error: BaseException) -> str:
    """All that can be shown of *error*: its forms, its attributes, and its traceback with the locals of every frame."""
    forms = [repr(error), str(error), repr(error.args), repr(vars(error))]
    seen: list[BaseException] = []
    behind: BaseException | None = error
    while behind is not None and behind not in seen:
        seen.append(behind)
        for frame, _ in traceback.walk_tb(behind.__traceback__):
            if frame.f_code.co_filename != __file__:  # the locals of the test hold the server
                forms += [repr(value) for value in frame.f_locals.values()]
        behind = behind.__cause__ or behind.__context__
    return "\n".join(forms)


@pytest.mark.parametrize("account", TROUBLES, indirect=True)
def test_errors_never_show_the_key(
    account: hj.Hedy, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """No error shows the key: not in its traceback with locals, a log at DEBUG, on the screen, or in a pickle."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "hedy_jupyter", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    reads: list[Callable[[], object]] = [
        account.me,
        lambda: account.sessions(None),
        lambda: account.session("sess_1"),
        account.todos,
    ]
    caught = []
    for read in reads:
        with pytest.raises(HedyError) as error:
            read()
        caught.append(error.value)

    for error_seen in caught:
        assert "planted" not in shown(error_seen)
        assert b"planted" not in pickle.dumps(error_seen)
        assert "planted" not in "".join(error_seen._render_traceback_())
    assert "planted" not in caplog.text
    assert "planted" not in "".join(map(repr, (vars(record) for record in caplog.records)))
    assert "planted" not in "".join(capfd.readouterr())
    assert "planted" not in account.requests.to_csv()


def test_objects_never_show_the_key(api: Any, hedy: hj.Hedy, key: str) -> None:
    """No object of ours shows the key, nor does any that one of them holds, however deep."""
    api.answers = {"/me": {"id": "u"}}
    hedy.me()
    objects = list(held_by(hedy, KEYS, LIMITS, BRIDGE, api.requests[0]))
    forms = [repr(one) + str(one) + repr(getattr(one, "__dict__", "")) for one in objects]
    forms += [repr(dict(one.headers)) for one in objects if isinstance(one, httpx.AsyncClient)]

    assert {type(one) for one in objects} >= {hj.Hedy, Secret, Settings, Client, KeyAuth, RateLimiter, ResponseCache}
    assert any(isinstance(one, httpx.AsyncClient) for one in objects)
    assert not [form for form in [*forms, repr(hedy.requests)] if key in form]


def held_by(*roots: object) -> Iterator[object]:
    """The objects, and all of this package and of httpx that they hold, in containers too."""
    waiting, seen = list(roots), dict[int, object]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        if isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set | frozenset | deque):
            waiting += one
        elif type(one).__module__.partition(".")[0] in {"hedy_jupyter", "httpx"}:
            yield one
            waiting += getattr(one, "__dict__", {}).values()


def test_accounts_are_not_pickled(api: Any, hedy: hj.Hedy) -> None:
    """What holds the key is not pickled."""
    api.answers = {"/me": {"id": "u"}}
    hedy.me()
    holders = [one for one in held_by(hedy) if isinstance(one, Secret | Settings | KeyAuth)]
    assert {type(one) for one in holders} == {Secret, Settings, KeyAuth}
    for one in holders:
        with pytest.raises(TypeError):
            pickle.dumps(one)


def test_data_is_not_altered(api: Any, hedy: hj.Hedy) -> None:
    """Words that look like a key are left alone in the account's own data."""
    title = "Rotate hedy_live_abc123 today"
    api.answers = {
        "/topics": {"success": True, "data": [{"id": "topic_1", "name": title}]},
        "/me": {"id": "u", "name": title},
    }

    assert hedy.topics()["name"][0] == title
    assert hedy.me().name == title


def test_the_key_is_in_no_address(api: Any, hedy: hj.Hedy, key: str, caplog: pytest.LogCaptureFixture) -> None:
    """A key given in the place of an id or a parameter is refused, and neither sent nor logged."""
    caplog.set_level(logging.DEBUG)
    for read in (
        lambda: hedy.session(key),
        lambda: hedy.highlight(key),
        lambda: hedy.get("/sessions", after=key),
        lambda: hedy.get(f"/{key}"),
    ):
        with pytest.raises(hj.UsageError) as caught:
            read()
        assert key not in str(caught.value)

    assert [request for request in api.requests if key in str(request.url)] == []
    assert key not in caplog.text


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        (f"Bad key {KEY}.", "Bad key hedy_live_****"),
        (f'"{KEY}" and {KEY}x', '"hedy_live_**** and hedy_live_****'),
        ("hedy_live_ alone", "hedy_live_ alone"),
        ("nothing", "nothing"),
    ],
)
def test_scrub(text: str, shown_as: str) -> None:
    """What looks like a key is masked, wherever it is."""
    assert scrub(text) == shown_as


BODY = KEY.removeprefix("hedy_live_")
HARD = "hedy_live_a\"b\\c/d&e<f>'g%h+i~j_k"
"""A key with every character that URLs, JSON and HTML write in another way."""


def percent(text: str) -> str:
    """*text* with each of its characters percent-encoded."""
    return "".join(f"%{ord(character):02X}" for character in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "without its prefix": lambda key: key.removeprefix("hedy_live_"),
    "without half its prefix": lambda key: key.removeprefix("hedy_"),
    "upper case": str.upper,
    "title case, without its prefix": lambda key: key.removeprefix("hedy_live_").title(),
    "in a URL": lambda key: quote(key, safe=""),
    "percent-encoded": percent,
    "percent-encoded twice": lambda key: quote(percent(key)),
    "percent-encoded, lower case": lambda key: percent(key).lower(),
    "one character percent-encoded": lambda key: key[:14] + percent(key[14]) + key[15:],
    "JSON": lambda key: json.dumps(key)[1:-1],
    "JSON in JSON": lambda key: json.dumps(json.dumps(key)),
    "JSON, every character": lambda key: "".join(f"\\u{ord(character):04x}" for character in key),
    "JSON with escaped slashes": lambda key: json.dumps(key).replace("/", "\\/"),
    "JavaScript": lambda key: "".join(f"\\u{{{ord(character):04x}}}" for character in key),
    "Python": lambda key: "".join(f"\\x{ord(character):02x}" for character in key),
    "HTML": lambda key: html.escape(key),
    "HTML, decimal": lambda key: "".join(f"&#{ord(character)};" for character in key),
    "HTML, hexadecimal": lambda key: "".join(f"&#X{ord(character):X};" for character in key),
    "HTML, without semicolons": lambda key: "".join(f"&#x{ord(character):06x}" for character in key),
    "HTML, by name": lambda key: key.replace("_", "&lowbar;"),
    "HTML in JSON": lambda key: json.dumps(html.escape(key)),
    "JSON in a URL": lambda key: quote(json.dumps(key)),
    "twice": lambda key: f"{key}{key[10:]}",
    "with soft hyphens": "\u00ad".join,
    "with zero-width spaces, without its prefix": lambda key: "\u200b".join(key[10:]),
    "full-width": lambda key: "".join(chr(ord(character) + 0xFEE0) for character in key),
    "with one soft hyphen": lambda key: f"{key[:17]}\u00ad{key[17:]}",
    "with soft hyphens in HTML": "&shy;".join,
    "zero-width spaces in a URL": lambda key: quote("\u200b".join(key)),
    "cut short": lambda key: key[:-4],
    "its end": lambda key: key[14:],
}


def undone(text: str) -> str:
    """*text* with all escapes undone, in lower case: what a reader of it could find."""
    for _ in range(4):
        text = html.unescape(unquote(text))
        text = re.sub(
            r"\\\\u\{?([0-9a-fA-F]{4})\}?|\\\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1] or found[2], 16)), text
        )
        text = re.sub(r"\\\\([^ux])", r"\1", text)
    return text.lower()


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("key", [KEY, HARD], ids=["plain", "hard"])
def test_the_own_key_in_disguise(disguise: str, key: str) -> None:
    """A server's message with the own key in another spelling shows it masked: in message, advice and code."""
    disguised = DISGUISES[disguise](key)
    text = f"Refused: <{disguised}> is no key."
    error = {"code": f"bad_{disguised}", "message": text}
    notices: list[str] = []
    answers = iter([httpx.Response(status, json={"success": False, "error": error}) for status in (401, 400, 200, 409)])
    account = hj.connect(api_key=key, transport=httpx.MockTransport(lambda _: next(answers)))
    with without_waits(account), account.connection.notices_to(lambda event: notices.append(str(event))):
        for read in (account.me, account.topics, account.todos):
            with pytest.raises(HedyError) as caught:
                read()
            copied = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
            seen = "\n".join([shown(caught.value), *caught.value._render_traceback_(), repr(copied)])
            for form in (seen, undone(seen)):
                assert key[10:20].lower() not in form.lower()
                assert key[-8:].lower() not in form.lower()
            assert caught.value.message.startswith("Refused: <")
            assert caught.value.message.endswith(" is no key.")

    assert key[10:20].lower() not in undone("\n".join(notices))


SPREAD: dict[str, Callable[[str], str]] = {
    "over two lines": lambda key: f"{key[:16]}\n{key[16:]}",
    "over two lines, without its prefix": lambda key: f"{key[10:16]}\n{key[16:]}",
    "with blanks": " ".join,
    "with blanks, without its prefix": lambda key: " ".join(key[10:]),
}


@pytest.mark.parametrize("disguise", [*sorted({*DISGUISES} - {"cut short", "its end"}), *SPREAD])
def test_the_own_key_is_in_no_write(api: Any, hedy: hj.Hedy, disguise: str) -> None:
    """The own key in any spelling is taken by no field, event or URL of a write, by no question, and is not echoed."""
    api.answers = {"/topics": {"success": True, "data": [{"id": "topic_1", "name": "Plans"}]}}
    api.answers["/topics/topic_1"] = {"success": True, "data": {"id": "topic_1", "name": "Plans"}}
    disguised = (DISGUISES | SPREAD)[disguise](KEY)
    for write in (
        lambda: hedy.create_topic(f"See {disguised} there"),
        lambda: hedy.create_topic("Plans", description=disguised),
        lambda: hedy.update_topic("Plans", topic_context=disguised),
        lambda: hedy.create_context("Plans", content=f"{disguised}."),
        lambda: hedy.create_webhook(f"https://a.example/{disguised}", "session.ended"),
        lambda: hedy.create_webhook(f"https://a.example/?token={disguised}", "session.ended"),
        lambda: hedy.create_webhook("https://a.example/", f"session.{disguised}"),
        lambda: hedy.get("/sessions", after=disguised),
    ):
        with pytest.raises(hj.UsageError, match="looks like an API key") as caught:
            write()
        assert KEY[10:20] not in undone(str(caught.value))

    assert api.requests == []


@pytest.mark.parametrize(
    "text",
    [
        "The plan 0123456789 was planted on 2026-03-01.",
        "50%25 of &lt;b&gt; and \\u0041 stay as they are",
        "hedy_live_",
        "",
        "\ud800 and 🌱",
    ],
)
def test_innocent_text_stays(text: str) -> None:
    """A text without the key stays as it is, with its escapes; short parts of the key are words like others."""
    assert Secret(KEY).hide(text) == text


@pytest.mark.parametrize(
    ("key", "text"),
    [("hedy_live_other", "No other meeting."), ("hedy_live_a", "a an A"), ("hedy_live_pro", "Hedy Pro")],
)
def test_a_short_key_is_masked_as_a_whole_only(key: str, text: str) -> None:
    """What is behind the prefix of a short key may be a word: it is masked only together with it."""
    assert Secret(key).hide(text) == text
    assert Secret(key).hide(f"{text} {key} {percent(key)}") == f"{text} **** ****"


def test_the_own_key_is_in_no_address(api: Any, hedy: hj.Hedy, caplog: pytest.LogCaptureFixture) -> None:
    """The own key in another spelling is refused in the place of an id or a parameter, as the key itself is."""
    caplog.set_level(logging.DEBUG)
    for read in (
        lambda: hedy.session(BODY),
        lambda: hedy.highlight(percent(KEY)),
        lambda: hedy.get("/sessions", after=KEY.upper()),
        lambda: hedy.get("/sessions", **{BODY: "1"}),
    ):
        with pytest.raises(hj.UsageError, match="looks like an API key"):
            read()

    assert api.requests == []
    assert "planted" not in undone(caplog.text)


def test_data_that_shows_the_own_key_is_not_altered(api: Any, hedy: hj.Hedy) -> None:
    """The account's own data stays as it is, even if it holds the key."""
    api.answers = {"/topics": {"success": True, "data": [{"id": "topic_1", "name": f"About {BODY}"}]}}

    assert hedy.topics()["name"][0] == f"About {BODY}"
    assert hedy.get("/topics")["data"][0]["name"] == f"About {BODY}"


def test_a_long_message_is_cut() -> None:
    """A server's message of any length is a message of some lines."""
    answer = httpx.Response(
        400, json={"success": False, "error": {"code": "validation_error", "message": "No. " * 1_000_000}}
    )
    with (
        hj.connect(api_key=KEY, transport=httpx.MockTransport(lambda _: answer)) as account,
        pytest.raises(hj.InvalidRequest) as caught,
    ):
        account.me()

    assert len(str(caught.value)) < 3_000


def test_no_traceback_mode_shows_the_key() -> None:
    """With any ``%xmode``, errors of connecting and reading, and a stop in the middle, show no key.

    Errors are two lines.
    """
    modes = ["Plain", "Context", "Verbose", "Minimal"]
    code = f"""
import os
os.environ["HEDY_API_KEY"] = {KEY!r}
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.history_manager.enabled = False
shell.run_cell('''
import httpx, hedy_jupyter as hj
def answer(request):
    if request.url.path == "/todos":
        raise KeyboardInterrupt
    if request.url.path == "/topics":
        raise ZeroDivisionError("a transport with a mistake")
    error = {{"code": "invalid_api_key", "message": request.headers["authorization"]}}
    return httpx.Response(401, json={{"error": error}})
hedy = hj.connect(transport=httpx.MockTransport(answer))
''')
wrong = ("hj.connect(region=7)", "hj.connect(base_url='http://evil.example')")
for mode in {modes!r}:
    print("with xmode", mode)
    shell.run_line_magic("xmode", mode)
    for cell in (*wrong, "hedy.me()", "hedy.topics()", "hedy.session('last')"):
        print("cell:", cell)
        shell.run_cell(cell)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    shown = done.stdout.split("with xmode ")[1:]
    assert [text.splitlines()[0] for text in shown] == modes
    for text in shown:
        assert "AuthError: " in text
        assert "ZeroDivisionError" in text
    assert "planted" not in done.stdout + done.stderr


def test_json_of_settings() -> None:
    """Where each setting came from can be written as JSON, and the key is not among it."""
    account = hj.connect(api_key=KEY)

    assert json.loads(json.dumps(dict(account.settings.sources)))["key"] == "argument"
