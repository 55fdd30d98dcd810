"""Several programs with one key: restarted kernels, two notebooks, a sync beside them.

On a clock that only the test moves.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hedy_jupyter as hj
from hedy_jupyter.api import routes
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.client_events import ClientEvent, Notice
from hedy_jupyter.api.rate_limit import IN_FLIGHT, LIMIT, RESET_SLACK_S, WINDOW_S, RateLimiter
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.sync import sync
from hedy_jupyter.errors import HedyError
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.dispatch import dispatch
from hedy_jupyter.magics.line import words
from tests.conftest import KEY
from tests.histories import History
from tests.rated import (
    EPOCH_S,
    FixedWindow,
    Program,
    RatedServer,
    ServerLimit,
    SlidingWindow,
    World,
    after,
    at_once,
    jitter,
)
from tests.waiting import set_defaults

MODELS: list[Callable[[], ServerLimit]] = [FixedWindow, SlidingWindow]
TOLD = re.compile(r"Rate limit reached \(200 requests a minute\); continuing in \d+ s\.")
both_models = pytest.mark.parametrize("model", MODELS, ids=["fixed window", "sliding window"])


def served(model: Callable[[], ServerLimit], *, sessions: int = 170, **how: Any) -> RatedServer:
    """A server of a fresh world with a long history behind that limit."""
    return RatedServer(World(), model(), History(sessions), **how)


def waits_told(program: Program) -> list[str]:
    """The waits for the limit that *program* reported."""
    return [notice.text for _, notice in program.notices if TOLD.match(notice.text)]


# The runs of the everyday ------------------------------------------------------


@both_models
@pytest.mark.parametrize("headers", ["reset", "retry-after", "nothing"])
def test_restart_and_run_all(model: Callable[[], ServerLimit], headers: str) -> None:
    """A second process that starts when the first has used up the minute ends with all rows, and says that it waits."""
    server = served(model, headers=headers)
    first, second = Program(server), Program(server)

    async def one_after_the_other() -> list[list[str]]:
        return [await first.everything(), await second.everything()]

    rows = server.world.run(one_after_the_other())

    assert [len(one) for one in rows] == [170, 170]
    assert waits_told(second)
    assert server.refused <= IN_FLIGHT
    assert server.world.now - 1000 <= (80 if headers == "reset" else 250)


@both_models
@pytest.mark.parametrize("headers", ["reset", "nothing"])
@pytest.mark.parametrize("programs", [2, 3])
def test_notebooks_at_once(model: Callable[[], ServerLimit], headers: str, programs: int) -> None:
    """Two or three processes at once, 175 requests each, all end with all rows, and each says that it waits.

    Near and far servers take turns, so that any three of the four conditions are tried in every combination.
    """
    is_far = (model is FixedWindow) ^ (headers == "reset") ^ (programs == 3)
    delay_s = (0.05, 0.6) if is_far else (0.001, 0.003)
    server = served(model, headers=headers, delay_s=jitter(programs, *delay_s))
    notebooks = [Program(server) for _ in range(programs)]

    rows = at_once(server.world, *(notebook.everything() for notebook in notebooks))

    assert [len(one) for one in rows] == [170] * programs
    assert all(map(waits_told, notebooks))
    ideal_s = WINDOW_S * ((175 * programs - 1) // LIMIT)
    assert server.world.now - 1000 <= ideal_s + (75 if headers == "reset" else 250)
    if headers == "reset":
        assert server.refused <= (programs - 2) * IN_FLIGHT


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    model=st.sampled_from(MODELS),
    headers=st.sampled_from(["reset", "reset", "nothing"]),
    starts=st.lists(st.floats(0, 70), min_size=1, max_size=2),
    seed=st.integers(0, 99),
    far=st.booleans(),
)
def test_any_schedule(
    model: Callable[[], ServerLimit], headers: str, starts: list[float], seed: int, far: bool
) -> None:
    """Whenever two or three processes start, however long requests take, none ends in an error or lacks a row."""
    server = served(model, sessions=110, headers=headers, delay_s=jitter(seed, 0.005, 1.0 if far else 0.1))

    rows = at_once(
        server.world, *(after(server.world, start, Program(server).everything()) for start in [0.0, *starts])
    )

    assert [len(one) for one in rows] == [110] * len(rows)


@both_models
@pytest.mark.parametrize("headers", ["reset", "nothing"])
def test_a_stricter_server(model: Callable[[int], ServerLimit], headers: str) -> None:
    """A server that lets in 60 a minute, whether it says so or not, costs one or two programs time and no row."""
    programs = 1 + ((model is FixedWindow) ^ (headers == "reset"))
    server = served(lambda: model(60), sessions=90, headers=headers, delay_s=jitter(1, 0.01, 0.2))

    rows = at_once(server.world, *(Program(server).everything() for _ in range(programs)))

    assert [len(one) for one in rows] == [90] * programs


@pytest.mark.parametrize(
    ("model", "start_s"),
    [(FixedWindow, 3), (FixedWindow, 59), (FixedWindow, 110), (SlidingWindow, 20), (SlidingWindow, 75)],
)
def test_a_short_job_beside_a_long_one(model: Callable[[], ServerLimit], start_s: float) -> None:
    """A program that is refused while a long job of another has used up every minute gets in all the same."""
    server = served(model, sessions=500, delay_s=jitter(int(start_s), 0.001, 0.05))
    job, other = Program(server), Program(server)

    async def little() -> int:
        reader, found = other.reader(), 0
        for _ in range(4):
            found += len(await reader.rows("topics", routes.TOPICS))
            await server.world.sleep(5)
        return found

    rows, topics = at_once(server.world, job.everything(), after(server.world, start_s, little()))

    assert (len(rows), topics) == (500, 8)


@pytest.mark.parametrize(("model", "headers"), [(FixedWindow, "reset"), (SlidingWindow, "nothing")])
def test_two_syncs(model: Callable[[], ServerLimit], headers: str, tmp_path: Path) -> None:
    """Two archives that sync at once, and a notebook beside them, all end with every session."""
    server = served(model, sessions=80, headers=headers)
    world = server.world
    stores = [Store.open(tmp_path / f"{name}.db", create=True) for name in "ab"]

    async def archived(store: Store) -> int:
        with store:
            return (await sync(Program(server).reader(), store, full=False, details=True)).fetched

    fetched = at_once(world, *map(archived, stores), Program(server).everything())

    assert fetched[:2] == [80, 80]
    assert len(fetched[2]) == 80


@both_models
@pytest.mark.parametrize("headers", ["reset", "nothing"])
def test_a_program_that_is_alone(model: Callable[[], ServerLimit], headers: str) -> None:
    """A long job that is alone is never refused, and takes no more than 1.01 of what the limit makes it take."""
    server = served(model, sessions=420, headers=headers, delay_s=jitter(7, 0.02, 0.06))

    rows = server.world.run(Program(server).everything())

    assert len(rows) == 420
    assert server.refused == 0
    ideal_s = WINDOW_S * ((len(server.arrivals) - 1) // LIMIT)
    assert server.world.now - 1000 <= 1.01 * ideal_s + 6


# What goes over the wire -------------------------------------------------------


@both_models
def test_one_goes_ahead(model: Callable[[], ServerLimit]) -> None:
    """After the wait one request goes, and no other before its answer is there."""
    server = served(model, delay_s=lambda: 0.3)
    first, second = Program(server), Program(server)

    async def both() -> None:
        await first.everything()
        await second.everything()

    server.world.run(both())

    resumed = (
        next(
            place
            for place, ((one, _), (other, _)) in enumerate(itertools.pairwise(server.arrivals))
            if other - one > 30
        )
        + 1
    )
    ahead, following = server.arrivals[resumed], server.arrivals[resumed + 1]
    assert ahead[1] == 200
    assert following[0] - ahead[0] == pytest.approx(0.6)


def test_no_request_more_than_twice() -> None:
    """A server that refuses everything sees each request twice, and then there is the error."""
    server = served(lambda: FixedWindow(0))
    program = Program(server)

    with pytest.raises(hj.RateLimited):
        server.world.run(program.reader().rows("topics", routes.TOPICS))

    assert server.history.asked == []
    assert [status for _, status in server.arrivals] == [429, 429]


def test_after_the_second_429() -> None:
    """A request that was refused twice is an error, and the next one waits for the reset all the same."""
    answers = iter([says(0, 10, status=429), says(0, 30, status=429)])
    account = Account(lambda _: next(answers, None) or says(150, 60))
    with pytest.raises(hj.RateLimited):
        account.hedy.me()

    account.hedy.me()

    assert sum(account.waited) == pytest.approx(10 + 30 + 2 * RESET_SLACK_S)
    assert len(account.sent) == 3


class Account:
    """One live account on answers of the test, with its own clock for its waits."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.waited: list[float] = []
        self.notices: list[Notice] = []
        self.sent: list[tuple[str, str]] = []
        self._answer = answer
        self._shown = ExitStack()
        self.hedy = self.another()

    def another(self) -> hj.Hedy:
        """One more object of the same account."""
        with pytest.MonkeyPatch.context() as patch:
            set_defaults(patch, RateLimiter, clock=self._clock, sleep=self._sleep)
            set_defaults(patch, Client, sleep=self._sleep)
            hedy = hj.connect(api_key=KEY, transport=httpx.MockTransport(self._serve), timezone="UTC")
            hedy.connection.client()
        self._shown.enter_context(hedy.connection.notices_to(self._show))
        return hedy

    def _show(self, event: ClientEvent) -> None:
        if isinstance(event, Notice):
            self.notices.append(event)

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self.sent.append((request.method, request.url.path))
        return self._answer(request)

    def _clock(self) -> float:
        return sum(self.waited)

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        await asyncio.sleep(0)


def says(
    remaining: object, in_s: float, *, limit: object = 200, status: int = 200, body: object = None, **more: str
) -> httpx.Response:
    """An answer with the headers of the live API, by a clock that is not this machine's."""
    headers = {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(int(EPOCH_S + in_s)),
        "date": "Sat, 22 Nov 2025 08:26:40 GMT",  # EPOCH_S
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    content = (
        {"json": {"id": "u"} if body is None else body}
        if status != 429
        else {"text": "Too many requests, please try again later."}
    )
    return httpx.Response(status, headers=headers, **content)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("refusal", "waited_s"),
    [
        (says(0, 45, status=429), 45 + RESET_SLACK_S),
        (says(0, 0, status=429), RESET_SLACK_S),
        (says(0, 60, status=429), 60 + RESET_SLACK_S),
        (says(0, 62, status=429), 60 + RESET_SLACK_S),
        (says(0, 45, status=429, retry_after="7"), 7),
        (says(0, 45, status=429, retry_after="Sat, 22 Nov 2025 08:26:52 GMT"), 12),
        (says(0, -2, status=429), RESET_SLACK_S),
        (says(0, -7200, status=429), 60),
        (says(0, 10**9, status=429), 60),
        (says("soon", 45, status=429), 45 + RESET_SLACK_S),
        (says(0, 45, status=429, x_ratelimit_reset="45 seconds"), 60),
        (says(0, 45, status=429, date="yesterday"), 60),
        (httpx.Response(429, text="<html>Slow down"), 60),
        (httpx.Response(429, json={"success": False, "error": {"code": "rate_limit_exceeded", "message": "no"}}), 60),
        (httpx.Response(429, json={"message": "from a gateway"}), 60),
        (httpx.Response(429), 60),
        (httpx.Response(200, json={"success": False, "error": {"code": "rate_limit_exceeded", "message": "no"}}), 60),
    ],
)
def test_the_wait_after_a_429(refusal: httpx.Response, waited_s: float) -> None:
    """A 429 is waited out: ``Retry-After``, else until the reset by the answer's date, else the rest of the minute."""
    answers = iter([refusal])
    account = Account(lambda _: next(answers, httpx.Response(200, json={"id": "u"})))

    assert account.hedy.me().id == "u"

    assert sum(account.waited) == pytest.approx(waited_s)
    assert len(account.sent) == 2
    assert TOLD.match(account.notices[0].text)


def test_requests_left() -> None:
    """What an answer says is left counts in every object of the key and on the card; after a 429 it is nothing."""
    answers = iter([says(120, 50), says(119, 50), says(0, 45, status=429), says(150, 60)])
    account = Account(lambda _: next(answers))
    other = account.another()

    account.hedy.me()

    assert account.hedy.requests_left == other.requests_left == 112
    other.me()
    assert account.hedy.requests_left == 111
    assert re.search(
        r"Requests left this minute\W+111\b", str(dispatch(CommandContext(ask_hidden=input), words("", {})[0])[1].value)
    )
    assert (
        hj.connect(api_key="hedy_live_another", transport=httpx.MockTransport(lambda _: says(1, 1))).requests_left
        == 200
    )


def test_nothing_left_is_waited_for() -> None:
    """Where an answer says that nothing is left, the next request goes out after the reset, and draws no 429."""
    account = Account(lambda _: says(0 if not account.waited else 190, 40))

    account.hedy.me()
    account.another().me()

    assert sum(account.waited) == pytest.approx(40 + RESET_SLACK_S)
    assert [notice.text[:60] for notice in account.notices] == [
        "Rate limit reached (200 requests a minute); continuing in 42"
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-remaining": "0"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "later"},
        {"x-ratelimit-remaining": "-5", "x-ratelimit-reset": "1763800030"},
        {"x-ratelimit-remaining": "many", "x-ratelimit-reset": "1763800030"},
        {"x-ratelimit-remaining": "0x0", "x-ratelimit-reset": "1763800030"},
        {"x-ratelimit-remaining": "٠", "x-ratelimit-reset": "1763800030"},
        {"x-ratelimit-remaining": "", "x-ratelimit-reset": ""},
        {"x-ratelimit-remaining": "9" * 5000, "x-ratelimit-reset": "9" * 5000},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e400"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1763800030000"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"},
        {"x-ratelimit-remaining": "0, 199", "x-ratelimit-reset": "1763800030"},
        {"x-ratelimit-remaining": "nan", "x-ratelimit-reset": "inf"},
        {"x-ratelimit-limit": "200"},
    ],
)
def test_headers_that_say_nothing(headers: dict[str, str]) -> None:
    """A number that is not there, not whole, negative, or in another unit changes nothing."""
    date = {"date": "Sat, 22 Nov 2025 08:26:40 GMT"}
    encoded = {name: value.encode() for name, value in {**headers, **date}.items()}
    account = Account(lambda _: httpx.Response(200, headers=list(encoded.items()), json={"id": "u"}))

    account.hedy.me()

    assert account.hedy.requests_left == 199
    account.hedy.me(refresh=True)
    assert account.waited == []


# Writes ------------------------------------------------------------------------


def refused_once(refusal: httpx.Response) -> Account:
    """An account whose first write is refused like that."""
    refusals = iter([refusal])

    def answer(request: httpx.Request) -> httpx.Response:
        made = {
            "data": {"id": "x_1", "name": "Plans", "url": "https://hooks.example.com/a", "events": ["session.ended"]}
        }
        if request.method == "POST":
            return next(refusals, None) or httpx.Response(200, json=made)
        return httpx.Response(200, json={"success": True, "data": []})

    return Account(answer)


def webhook(account: Account, name: str = "a") -> None:
    """Make a webhook."""
    account.hedy.create_webhook(f"https://hooks.example.com/{name}", "session.ended").confirm("hooks.example.com")


def test_a_refused_write() -> None:
    """A write that draws a 429 is not sent again, and what follows it waits until the reset."""
    account = refused_once(says(0, 20, status=429))

    with pytest.raises(hj.RateLimited):
        account.hedy.create_topic("Plans").confirm()

    assert [method for method, _ in account.sent].count("POST") == 1
    assert (account.hedy.requests_left, account.waited) == (0, [])
    account.hedy.topics(refresh=True)
    assert sum(account.waited) == pytest.approx(20 + RESET_SLACK_S)


@pytest.mark.parametrize(
    ("refusal", "read_s", "webhook_s"),
    [
        (says(0, 20, limit=5, status=429), 0, 20 + RESET_SLACK_S),
        (says(150, 20, limit=200, status=429), 0, 60),
        (says(150, 20, limit=200, status=429, retry_after="8"), 0, 8),
        (says(0, 20, limit=200, status=429), 20 + RESET_SLACK_S, 20 + RESET_SLACK_S),
        (httpx.Response(429), 60, 60),
    ],
)
def test_a_refused_webhook(refusal: httpx.Response, read_s: float, webhook_s: float) -> None:
    """New webhooks have a minute of their own: a 429 that is about it lets reads go on, and the next webhook waits."""
    account = refused_once(refusal)
    with pytest.raises(hj.RateLimited):
        webhook(account)

    account.hedy.topics(refresh=True)

    assert sum(account.waited) == pytest.approx(read_s)
    webhook(account, "b")
    assert sum(account.waited) == pytest.approx(webhook_s, abs=0.5)


def test_the_numbers_of_webhooks_are_not_those_of_requests() -> None:
    """``x-ratelimit-remaining: 3`` of the limit of five is about new webhooks: it leaves reads alone."""
    made = {"data": {"id": "x_1", "url": "https://hooks.example.com/a", "events": ["session.ended"]}}
    account = Account(
        lambda request: says(0, 30, limit=5, body=made) if request.method == "POST" else httpx.Response(200, json=[])
    )

    webhook(account)

    before = len(account.sent)
    assert account.hedy.requests_left == 200 - before
    account.hedy.topics(refresh=True)
    assert account.waited == []
    webhook(account, "b")
    assert sum(account.waited) == pytest.approx(30 + RESET_SLACK_S)


def test_the_look_after_a_lost_write_holds_too() -> None:
    """A 429 to the one look after a lost answer is not repeated, and what follows waits."""
    answers: dict[str, Any] = {"lost": True}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadError("lost")
        return (
            says(0, 20, status=429)
            if answers.pop("lost", None) is None and "after" in answers
            else httpx.Response(200, json=[])
        )

    account = Account(answer)
    write = account.hedy.create_topic("Plans")
    answers["after"] = True
    with pytest.raises(HedyError):
        write.confirm()

    assert account.hedy.requests_left == 0
    assert account.waited == []
