"""A planted key, every kind of trouble, and then a look into everything that could show it."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter.errors import HedyError, scrub
from hedy_jupyter.process import PROCESS

KEY = "hedy_live_planted0123456789"
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
    "redirect": lambda request: httpx.Response(302, headers={"Location": f"https://evil.example/?{request.headers['authorization']}"}),
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

    async def no_wait(_: float) -> None:
        await asyncio.sleep(0)

    with hj.connect(api_key=KEY, transport=httpx.MockTransport(TROUBLES[request.param])) as made:
        made._made_client()._sleep = no_wait
        made._pace._sleep = no_wait
        made._pace.hold = lambda _: None  # type: ignore[method-assign]  # waiting is another test's matter
        yield made


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
def test_errors_never_show_the_key(account: hj.Hedy, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """No error shows the key in any form, in its traceback with locals, in a log at DEBUG, on the screen, or in a pickle."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "hedy_jupyter", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    reads: list[Callable[[], object]] = [account.me, lambda: account.sessions(None), lambda: account.session("sess_1"), account.todos]
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
    """No object of ours shows the key: not the account, its settings, client, pace or memory, nor those of the process."""
    api.answers = {"/me": {"id": "u"}}
    hedy.me()
    client = hedy._made_client()
    assert client._http is not None
    objects = [
        hedy,
        hedy.settings,
        client,
        client._http,
        client._auth,
        client._http.auth,
        hedy._pace,
        hedy._memory,
        hedy._key,
        PROCESS,
        PROCESS.keystore,
    ]
    objects += [api.requests[0], PROCESS._paces]

    forms = [repr(one) + str(one) + repr(getattr(one, "__dict__", "")) for one in objects]
    forms += [repr(dict(client._http.headers)), repr(client._http.base_url), repr(hedy.settings.sources), repr(hedy.requests)]

    assert not [form for form in forms if key in form]


def test_accounts_are_not_pickled(hedy: hj.Hedy) -> None:
    """What holds the key is not pickled."""
    for one in (hedy._key, hedy.settings, hedy._made_client()._auth):
        with pytest.raises(TypeError):
            pickle.dumps(one)


def test_data_is_not_altered(api: Any, hedy: hj.Hedy) -> None:
    """Words that look like a key are left alone in the account's own data."""
    title = "Rotate hedy_live_abc123 today"
    api.answers = {"/topics": {"success": True, "data": [{"id": "topic_1", "name": title}]}, "/me": {"id": "u", "name": title}}

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
    """What looks like a key is masked, wherever it stands."""
    assert scrub(text) == shown_as


@pytest.mark.parametrize("mode", ["Plain", "Context", "Verbose", "Minimal"])
def test_no_traceback_mode_shows_the_key(mode: str) -> None:
    """With any ``%xmode``, errors of connecting and reading, and a stop in the middle, show no key; errors are two lines."""
    code = f"""
import os
os.environ["HEDY_API_KEY"] = {KEY!r}
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.history_manager.enabled = False
shell.run_line_magic("xmode", {mode!r})
shell.run_cell('''
import httpx, hedy_jupyter as hj
def answer(request):
    if request.url.path == "/todos":
        raise KeyboardInterrupt
    if request.url.path == "/topics":
        raise ZeroDivisionError("a transport with a mistake")
    return httpx.Response(401, json={{"error": {{"code": "invalid_api_key", "message": request.headers["authorization"]}}}})
hedy = hj.connect(transport=httpx.MockTransport(answer))
''')
for cell in ("hj.connect(region=7)", "hj.connect(base_url='http://evil.example')", "hedy.me()", "hedy.topics()", "hedy.session('last')"):
    print("cell:", cell)
    shell.run_cell(cell)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert "AuthError: " in done.stdout
    assert "ZeroDivisionError" in done.stdout
    assert "planted" not in done.stdout + done.stderr


def test_json_of_settings() -> None:
    """Where each setting came from can be written as JSON, and the key is not among it."""
    account = hj.connect(api_key=KEY)

    assert json.loads(json.dumps(dict(account.settings.sources)))["key"] == "argument"
