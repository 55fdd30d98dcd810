"""Full records, read side by side."""

from __future__ import annotations

import asyncio
import signal
import threading
from typing import Any

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter.api.cache import KEEP_S, ResponseCache
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.rate_limit import IN_FLIGHT
from tests.api.answers import paged, sessions, wrapped
from tests.waiting import no_wait, pace, set_defaults


def test_details_are_merged(api: Any, hedy: hj.Hedy) -> None:
    """Details fill a row up; where they say null the list's value stays.

    A session that is gone meanwhile keeps its row.
    """
    rows = sessions(3)
    rows[0]["topic"] = {"id": "topic_1", "name": "Pilot"}
    api.answers = {
        "/sessions": wrapped(rows, hasMore=False),
        "/sessions/sess_0000": {
            "sessionId": "sess_0000",
            "title": None,
            "recap": "Short.",
            "endTime": "2026-11-20T12:30:00Z",
        },
        "/sessions/sess_0001": {"success": True, "data": {"id": "sess_0001", "recap": "Wrapped."}},
    }

    frame = hedy.sessions(details=True)

    assert list(frame["title"]) == ["Meeting 0", "Meeting 1", "Meeting 2"]
    assert list(frame["recap"].fillna("gone")) == ["Short.", "Wrapped.", "gone"]
    assert frame["topic_name"][0] == "Pilot"
    assert len(hedy.sessions(details=True, refresh=False)) == 3


def test_highlight_details(api: Any, hedy: hj.Hedy) -> None:
    """The details of highlights are one request each."""
    api.answers = {
        "/highlights": wrapped([{"highlightId": "h/1", "sessionId": "s", "title": "A"}], hasMore=False),
        "/highlights/h/1": {"highlightId": "h/1", "rawQuote": "Quote", "timeIndex": 5},
    }

    frame = hedy.highlights(details=True)

    assert frame.loc[0, ["highlight_id", "session_id", "raw_quote", "time_index_ms"]].tolist() == [
        "h/1",
        "s",
        "Quote",
        5,
    ]
    assert api.asked == ["/highlights?limit=100", "/highlights/h%2F1"]


def test_several_in_flight(api: Any, key: str) -> None:
    """Details are asked for side by side, as many as help and no more."""
    running, most = 0, 0
    lock = threading.Lock()

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        for _ in range(20):
            await asyncio.sleep(0)
        running -= 1
        return api(request)

    api.answers = {"/sessions": wrapped(sessions(40), hasMore=False)} | {
        f"/sessions/sess_{n:04}": {"sessionId": f"sess_{n:04}"} for n in range(40)
    }
    with hj.connect(api_key=key, transport=httpx.MockTransport(answer)) as account:
        assert len(account.sessions(details=True)) == 40

    assert most == IN_FLIGHT


@pytest.mark.parametrize("stop", [KeyboardInterrupt, hj.ServerError])
def test_a_stop_keeps_what_came(api: Any, key: str, stop: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    """After a stop or an error the same call asks only for what is missing, even minutes later."""
    now = [0.0]
    working = False

    async def answer(request: httpx.Request) -> httpx.Response:
        ident = api(request).json().get("sessionId", "")
        if ident >= ("sess_0009" if stop is hj.ServerError else "sess_0019") and not working:
            if stop is hj.ServerError:
                return httpx.Response(500)
            if ident == "sess_0019":
                signal.raise_signal(signal.SIGINT)  # raised here, on the thread of the loop, heard on the main one
            await asyncio.Event().wait()
        return api(request)

    set_defaults(monkeypatch, Client, sleep=no_wait)
    hedy = hj.connect(api_key=key, transport=httpx.MockTransport(answer))
    hedy.connection.limiter = pace()
    hedy.connection.cache = ResponseCache(clock=lambda: now[0])
    api.answers = {"/sessions": wrapped(sessions(30), hasMore=False)} | {
        f"/sessions/{row['sessionId']}": row for row in sessions(30)
    }
    with pytest.raises(stop):
        hedy.sessions(details=True)
    api.requests.clear()
    working, now[0] = True, 4 * KEEP_S

    frame = hedy.sessions(details=True)

    asked = {path for path in api.asked if path != "/sessions?limit=100"}
    assert len(frame) == 30
    assert asked == {f"/sessions/sess_{number:04}" for number in range(9 if stop is hj.ServerError else 19, 30)}


@pytest.mark.parametrize(("broken", "lost"), [(1, 1), (4, 4), (10, 10), (11, None), (12, None)])
def test_broken_details(api: Any, hedy: hj.Hedy, broken: int, lost: int | None) -> None:
    """Meetings that the server always fails on lose their details and no others.

    More than ten and than half are a broken server.
    """

    rows = sessions(12)
    api.answers = {"/sessions": paged(rows)}
    for place, row in enumerate(rows):
        fine = {**row, "transcript": "said"}
        api.answers[f"/sessions/{row['sessionId']}"] = (
            fine if place < 12 - broken else httpx.Response(500, json={"error": {"code": "internal_error"}})
        )

    if lost is None:
        with pytest.raises(hj.ServerError):
            hedy.sessions(12, details=True)
        return
    frame = hedy.sessions(12, details=True)

    assert len(frame) == 12
    assert frame["transcript"].isna().sum() == lost


@pytest.mark.parametrize("odd", [[], "x", None, {"success": True, "data": None}])
def test_odd_details(api: Any, hedy: hj.Hedy, odd: object) -> None:
    """A detail that is not of the API's shape is asked for once more, and then costs only its own details."""

    rows = sessions(3)
    api.answers = {
        "/sessions": paged(rows),
        **{f"/sessions/{row['sessionId']}": {**row, "transcript": "said"} for row in rows},
    }
    api.answers["/sessions/sess_0001"] = httpx.Response(200, json=odd)

    frame = hedy.sessions(details=True)

    assert frame["transcript"].isna().to_list() == [False, True, False]
    assert list(hedy.requests["path"]).count("/sessions/sess_0001") == 2
