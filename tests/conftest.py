"""Fixtures for every test: no settings of this machine, nothing left over from the test before, no real server."""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

import hedy_jupyter
from hedy_jupyter import Hedy, connect
from hedy_jupyter import demo as make_demo
from hedy_jupyter.account import current
from hedy_jupyter.account.connection import LIMITS
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.credentials import KEYS
from hedy_jupyter.demo_server import service
from hedy_jupyter.demo_server.account import build
from tests import outside
from tests.covering import Tracing, is_covering, some_cases
from tests.waiting import pace, short_wait, without_waits

KEY = "hedy_live_planted0123456789"
Json = Any

outside.watch()


class Api:
    """A Hedy of a few lines: the path of a request leads to its answer (JSON, a response, or a function)."""

    def __init__(self) -> None:
        self.answers: dict[str, Json | httpx.Response | Callable[[httpx.Request], Json]] = {}
        self.requests: list[httpx.Request] = []

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for, with their queries."""
        return [request.url.raw_path.decode() for request in self.requests]

    @property
    def transport(self) -> httpx.MockTransport:
        """The way to it."""
        return httpx.MockTransport(self)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.get(request.url.path)
        if callable(answer):
            answer = answer(request)
        if answer is None:
            return httpx.Response(
                404, json={"success": False, "error": {"code": "not_found", "message": "There is no such thing."}}
            )
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the test command."""
    parser.addoption("--cases", type=int, help="run only so many cases of each test, evenly spread over them")
    parser.addoption("--built-site", action="store_true", help="test the docs site as it is, without building it again")
    parser.addoption("--trace-covering", action="store_true", help="with --cov, trace the covering tests alone")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Choose what is traced, where the option ``--trace-covering`` says so; xdist's controller runs no test."""
    config = session.config
    controller = getattr(config.pluginmanager.get_plugin("_cov"), "cov_controller", None)
    if config.getoption("--trace-covering") and controller is not None:
        coverage = importlib.import_module("coverage").Coverage  # the environments of other Pythons do not have it
        is_alone = not config.getoption("numprocesses", None)
        worker = getattr(config, "workerinput", {}).get("workerid")
        traces_imports = worker == "gw0" or (worker is None and is_alone)
        config.pluginmanager.register(Tracing(controller, hedy_jupyter if traces_imports else None))
        while (other := coverage.current()) is not None:  # in a worker pytest-cov begins one before that of the worker
            other.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a browser or the built site, and leave out cases where the option ``--cases`` says so.

    Browser tests come last: the browser lives to the end of the process, and with it a running event loop in this
    thread. A test that clicks and types in it has a second try, in a new kernel: where the machine is busy, a front end
    may report the text of a field long after the key that was pressed in it.
    """
    items.sort(key=lambda item: "browser" in item.path.name)
    if config.getoption("--trace-covering"):  # before others have filled what a process keeps
        items.sort(key=lambda item: not is_covering(item.nodeid))
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "browser" in item.path.name:
            item.add_marker(pytest.mark.browser)
        if "site" in fixtures:
            item.add_marker(pytest.mark.site)
        if "jupyter" in fixtures:
            item.add_marker(pytest.mark.flaky(reruns=1))
    if (most := config.getoption("--cases")) is not None:
        kept = some_cases(items, most)
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
        items[:] = [item for item in items if item.nodeid in kept]


def settle() -> None:
    """Keep what is in memory now out of later garbage collections, each of which would look at all of it."""
    gc.collect()
    gc.freeze()


def pytest_collection_finish() -> None:
    """Settle when all tests are collected."""
    settle()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Empty home folders, one for each test without a temporary folder."""
    folder = tmp_path_factory.mktemp("homes")
    return map(_made, (folder / str(number) for number in itertools.count()))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, homes: Iterator[Path]) -> Iterator[None]:
    """No setting, proxy, keyring or OpenClaw file of this machine, a process as at its start, and no long wait."""
    has_folder = "tmp_path" in request.fixturenames
    home: Path = request.getfixturevalue("tmp_path") if has_folder else next(homes)
    for name in list(os.environ):
        if name.startswith("HEDY_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))  # the home folder on Windows
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)  # as if it were not installed
    KEYS.forget()
    current.leave()
    LIMITS.forget()
    for waits in (Client, RateLimiter):
        monkeypatch.setitem(waits.__init__.__kwdefaults__, "sleep", short_wait)
    yield
    if (hedy := current.in_use()) is not None:
        hedy.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin to watch what leaves the process, before the fixtures of the test."""
    outside.LEFT.clear()


@pytest.fixture(autouse=True)
def inside(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test without the marker ``outside`` leaves the process, nor do its fixtures."""
    yield
    if fault := outside.fault(is_marked="outside" in request.keywords):
        pytest.fail(fault)


@pytest.fixture
def api() -> Api:
    """An API without any answers yet."""
    return Api()


@pytest.fixture
def hedy(api: Api) -> Iterator[Hedy]:
    """An account on ``api`` that never really waits."""
    with connect(api_key=KEY, transport=api.transport, timezone="UTC") as account:
        yield without_waits(account, pace())


@pytest.fixture
def demo() -> Iterator[Hedy]:
    """A fresh demo account, in use, in UTC."""
    with make_demo(timezone="UTC") as account:
        yield account


@pytest.fixture
def few_meetings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each demo account has 34 of its 154 meetings: the newest twenty, and each tenth before them."""
    monkeypatch.setattr(service, "build", lambda today: pickle.loads(_few(today)))  # noqa: S301  ours


@cache
def _few(today: date) -> bytes:
    data = build(today)
    return pickle.dumps(data._replace(sessions=[*data.sessions[:20], *data.sessions[20::10]]))


@pytest.fixture
def key() -> str:
    """The key of ``hedy``."""
    return KEY


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No account in use, no settings of this machine, no keyring."""
    for name in ("HEDY_API_KEY", "HEDY_REGION", "HEDY_BASE_URL", "HEDY_TIMEZONE", "HEDY_DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    current.leave()
    monkeypatch.setitem(sys.modules, "keyring", None)
    KEYS.forget()
