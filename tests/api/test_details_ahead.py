"""Details are requested as soon as the page that names them is known, and no others than before."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter.api.client import Client
from tests.api.answers import paged, sessions
from tests.waiting import no_wait, pace, set_defaults

BROKEN = httpx.Response(500, json={"error": {"code": "internal_error", "message": "Oops"}})


@pytest.fixture
def rows(api: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """250 sessions in pages of 100, each with its details."""
    set_defaults(monkeypatch, Client, sleep=no_wait)
    found: list[dict[str, Any]] = sessions(250)
    api.answers = {"/sessions": paged(found)} | {
        f"/sessions/{row['sessionId']}": {**row, "transcript": f"said in {row['sessionId']}"} for row in found
    }
    return found


def opened(key: str, answer: Callable[[httpx.Request], Any]) -> hj.Hedy:
    """An account of a Hedy that answers so, without waits."""
    account = hj.connect(api_key=key, transport=httpx.MockTransport(answer))
    account.connection.limiter = pace()
    return account


def details_of(api: Any) -> Counter[str]:
    """How often the details of each session were requested."""
    return Counter(path.removeprefix("/sessions/") for path in api.asked if path.startswith("/sessions/"))


@pytest.mark.parametrize("limit", [250, None])
def test_before_the_next_page(api: Any, key: str, rows: list[dict[str, Any]], limit: int | None) -> None:
    """The details of the first page come while the second one is awaited; the frame is that of the list."""
    first = {row["sessionId"] for row in rows[:100]}

    async def answer(request: httpx.Request) -> httpx.Response:
        turns = 0
        while "after" in request.url.params and not first <= details_of(api).keys():
            await asyncio.sleep(0)
            assert (turns := turns + 1) < 100_000, "the page waits for details that nobody requests"
        return api(request)

    with opened(key, answer) as hedy:
        frame = hedy.sessions(limit, details=True)

    assert frame["session_id"].tolist() == [row["sessionId"] for row in rows]
    assert frame["transcript"].tolist() == [f"said in {row['sessionId']}" for row in rows]
    assert frame.attrs["coverage"]["incomplete"] == []
    assert details_of(api) == dict.fromkeys(frame["session_id"], 1)


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({"limit": 130}, slice(0, 130)),
        ({"limit": 250, "since": 99}, slice(0, 100)),
        ({"limit": None, "until": 120}, slice(120, 250)),
        ({"limit": 100, "until": 60}, slice(60, 160)),
        ({"limit": 7, "text": "said in sess_0003"}, slice(0, 250)),
    ],
    ids=str,
)
def test_no_more_than_needed(
    api: Any, key: str, rows: list[dict[str, Any]], options: dict[str, Any], kept: slice
) -> None:
    """Limits and times choose what is requested; only words need the details of all."""
    times = {name: rows[options[name]]["startTime"] for name in ("since", "until") if name in options}

    with opened(key, api) as hedy:
        frame = hedy.sessions(**{**options, **times}, details=True)

    assert details_of(api) == dict.fromkeys([row["sessionId"] for row in rows[kept]], 1)
    if "text" not in options:
        assert frame["session_id"].tolist() == [row["sessionId"] for row in rows[kept]]


def test_a_list_that_fails_keeps_what_came(api: Any, key: str, rows: list[dict[str, Any]]) -> None:
    """The error of a later page ends the call; a second one requests only what did not come."""
    list_of, is_broken = api.answers["/sessions"], True

    async def answer(request: httpx.Request) -> httpx.Response:
        if is_broken and "after" in request.url.params:
            while not details_of(api):
                await asyncio.sleep(0)
            return BROKEN
        return api(request)

    with opened(key, answer) as hedy:
        with pytest.raises(hj.ServerError, match="Hedy"):
            hedy.sessions(250, details=True)
        came = details_of(api)
        is_broken = False
        frame = hedy.sessions(250, details=True)

    assert list_of is api.answers["/sessions"]
    assert 0 < len(came) <= 100
    assert len(frame) == 250
    assert frame["transcript"].notna().all()
    assert sum(details_of(api).values()) <= 250 + 8  # those that were on their way when the list failed


@pytest.mark.parametrize(("among", "lost"), [(100, 60), (250, None)])
def test_half_of_all_decides(api: Any, key: str, rows: list[dict[str, Any]], among: int, lost: int | None) -> None:
    """Three of five of the first page may fail, where that is less than half of all."""
    fine = {row["sessionId"] for number, row in enumerate(rows) if number >= among or number % 5 < 2}

    def answer(request: httpx.Request) -> httpx.Response:
        found: httpx.Response = api(request)
        ident = request.url.path.removeprefix("/sessions/")
        return found if ident in fine or not ident.startswith("sess_") else BROKEN

    with opened(key, answer) as hedy:
        if lost is None:
            with pytest.raises(hj.ServerError):
                hedy.sessions(250, details=True)
            return
        frame = hedy.sessions(250, details=True)

    assert frame["transcript"].isna().sum() == lost
    assert sorted(frame.attrs["coverage"]["incomplete"]) == sorted(set(frame["session_id"]) - fine)


def test_an_error_for_all_ends_the_list(api: Any, key: str, rows: list[dict[str, Any]]) -> None:
    """A key that is refused for a detail ends the call at once."""
    api.answers[f"/sessions/{rows[3]['sessionId']}"] = httpx.Response(
        401, json={"success": False, "error": {"code": "invalid_api_key", "message": "No."}}
    )
    with opened(key, api) as hedy, pytest.raises(hj.AuthError):
        hedy.sessions(250, details=True)
