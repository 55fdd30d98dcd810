"""The flows behind the reads: pages, the complete history, details side by side, and what a name means."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import errors
from hedy_jupyter.api.cache import KEEP_S, ResponseCache
from hedy_jupyter.api.rate_limit import IN_FLIGHT

Row = dict[str, Any]


def sessions(count: int, first: int = 0) -> list[Row]:
    """*count* sessions a day apart, newest first, ``sess_000`` being the newest."""
    newest = pd.Timestamp("2026-11-20T12:00Z")
    return [
        {
            "sessionId": f"sess_{n:04}",
            "title": f"Meeting {n}",
            "startTime": (newest - pd.Timedelta(days=n)).isoformat(),
            "duration": 30,
        }
        for n in range(first, first + count)
    ]


def paged(rows: Sequence[Row], *, key: str = "sessionId", most: int = 100) -> Callable[[httpx.Request], Any]:
    """A list with a cursor, as the API has it: more than 100 are refused, an unknown cursor is a 400."""

    def answer(request: httpx.Request) -> Any:
        limit, after = int(request.url.params.get("limit", 50)), request.url.params.get("after")
        if limit > 100:
            return httpx.Response(
                400, json={"success": False, "error": {"code": "invalid_page_size", "message": "Too many."}}
            )
        ids = [row[key] for row in rows]
        start = ids.index(after) + 1 if after else 0
        page = rows[start : start + min(limit, most)]
        more = start + len(page) < len(rows)
        return {
            "success": True,
            "data": page,
            "pagination": {"hasMore": more, "next": page[-1][key] if more else None, "total": len(rows)},
        }

    return answer


def wrapped(rows: Sequence[Row], **pagination: Any) -> Row:
    """A list in its wrapper."""
    return {"success": True, "data": rows, "pagination": pagination}


def of_topic(rows: Sequence[Row], **pagination: Any) -> Row:
    """The sessions of a topic in their wrapper."""
    return {"success": True, "data": {"sessions": rows, "pagination": pagination}}


EMPTY: Row = {"/sessions": wrapped([]), "/topics": wrapped([]), "/todos": [], "/highlights": wrapped([])}


def ids(frame: pd.DataFrame) -> list[str]:
    """The session ids of *frame*."""
    return list(frame["session_id"])


# Pages -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "asked"),
    [
        (1, ["/sessions?limit=1"]),
        (100, ["/sessions?limit=100"]),
        (101, ["/sessions?limit=100", "/sessions?limit=100&after=sess_0099"]),
        (250, ["/sessions?limit=100", "/sessions?limit=100&after=sess_0099", "/sessions?limit=100&after=sess_0199"]),
    ],
)
def test_limit(api: Any, hedy: hj.Hedy, limit: int, asked: list[str]) -> None:
    """A limit asks for no more pages than it needs, never for more than 100 rows a page, and gives exactly as many."""
    api.answers = {"/sessions": paged(sessions(260))}

    frame = hedy.sessions(limit)

    assert ids(frame) == [row["sessionId"] for row in sessions(limit)]
    assert api.asked == asked


def test_default_limit(api: Any, hedy: hj.Hedy) -> None:
    """Without a limit there are 100 rows in one request."""
    api.answers = {
        "/sessions": paged(sessions(260)),
        "/highlights": paged([{"highlightId": f"h{n}"} for n in range(150)], key="highlightId"),
    }

    assert (len(hedy.sessions()), len(hedy.highlights())) == (100, 100)
    assert api.asked == ["/sessions?limit=100", "/highlights?limit=100"]


def test_pages_that_overlap(api: Any, hedy: hj.Hedy) -> None:
    """A meeting that moves to the next page, because a new one came in between, is there once."""
    pages = iter([wrapped(sessions(100), hasMore=True, next="c"), wrapped(sessions(100, 99), hasMore=False)])
    api.answers = {"/sessions": lambda _: next(pages)}

    frame = hedy.sessions(300)

    assert len(frame) == 199
    assert frame["session_id"].is_unique


ENDLESS = {
    "ignores the cursor": (lambda _: wrapped(sessions(100), hasMore=True, next="sess_0099", total=260), 100, 160),
    "ignores it, no total": (lambda _: wrapped(sessions(100), hasMore=True, next="sess_0099"), 100, 1),
    "no cursor": (lambda _: wrapped(sessions(100), hasMore=True, next=None, total=260), 100, 160),
    "empty pages": (
        lambda request: wrapped([] if "after" in request.url.params else sessions(3), hasMore=True, next="x"),
        3,
        1,
    ),
    "repeated, with rows without ids": (
        lambda _: wrapped([*sessions(2), {"title": "no id"}], hasMore=True, next="x"),
        3,
        1,
    ),
    "said to be the end": (lambda _: wrapped(sessions(5), hasMore=False, next="x", total=5), 5, 0),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_it_ends(api: Any, hedy: hj.Hedy, name: str) -> None:
    """Paging ends on every kind of server, and the coverage says how many are missing: at least one where "more" is all it says."""
    answer, found, unreachable = ENDLESS[name]

    def highlights(request: httpx.Request) -> Row:
        found = answer(request)
        return {
            **found,
            "data": [
                {"highlightId" if name == "sessionId" else name: row[name] for name in row} for row in found["data"]
            ],
        }

    api.answers = {"/highlights": highlights, "/sessions": answer}

    frame = hedy.sessions(1000)

    assert len(frame) == found
    assert frame.attrs["coverage"]["unreachable"] == unreachable
    assert len(api.requests) <= 2
    assert len(hedy.highlights(None)) == found


@pytest.mark.parametrize("grows", [True, False])
@pytest.mark.parametrize("total", [None, 10**12])
def test_a_list_without_end(
    api: Any, hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch, total: int | None, grows: bool
) -> None:
    """A list that always has more ends in an error, whatever total it claims and however that grows."""
    monkeypatch.setattr("hedy_jupyter.api.reader._PAGES_AT_MOST", 20)
    numbers = iter(range(0, 10**6, 100))

    def page(_: httpx.Request) -> Row:
        start = next(numbers)
        return wrapped(sessions(100, start), hasMore=True, next=f"c{start}", total=start + 200 if grows else total)

    api.answers = {"/sessions": page}

    with pytest.raises(errors.ServerError, match="does not end"):
        hedy.sessions(10**6)

    assert len(api.requests) <= 20


NOT_FOUND = {"success": False, "error": {"code": "not_found", "message": "No such thing"}}


def test_hedys_404_for_lists(api: Any, hedy: hj.Hedy) -> None:
    """Only the list of a topic can be gone: a 404 for the other lists is no empty account."""
    with pytest.raises(errors.NotFound):
        hedy.sessions(None)

    api.answers = EMPTY | {"/sessions": wrapped(sessions(3)), "/todos": httpx.Response(404, json=NOT_FOUND)}
    assert hedy.sessions(None, refresh=True).attrs["coverage"]["failed"] == ["todos"]


@pytest.mark.parametrize(
    ("code", "failed"), [("not_found", None), ("resource_not_found", None), ("todo_not_found", ['topic "A"'])]
)
def test_a_topic_that_is_gone(api: Any, hedy: hj.Hedy, code: str, failed: list[str] | None) -> None:
    """A topic that was deleted a moment ago costs nothing; a 404 that speaks of another kind is a fault."""
    gone = httpx.Response(404, json={"success": False, "error": {"code": code, "message": "?"}})
    api.answers = EMPTY | {
        "/sessions": wrapped(sessions(3)),
        "/topics": wrapped([{"id": "t", "name": "A"}]),
        "/topics/t/sessions": gone,
    }

    assert hedy.sessions(None).attrs["coverage"].get("failed") == failed


@pytest.mark.parametrize("code", ["todo_not_found", "session_not_found", "highlight_not_found", "webhook_not_found"])
def test_a_deletion_that_was_lost_needs_the_right_word(api: Any, hedy: hj.Hedy, code: str) -> None:
    """The look after a lost deletion takes a 404 that speaks of another kind for no answer: the outcome is unknown."""
    topic = {"id": "t", "name": "A"}
    api.answers = EMPTY | {"/topics": wrapped([topic]), "/topics/t": {"success": True, "data": topic}}
    change = hedy.delete_topic("t")
    other = httpx.Response(404, json={"success": False, "error": {"code": code, "message": "?"}})

    def answer(request: httpx.Request) -> Any:
        if request.method == "DELETE":
            api.answers["/topics/t"] = other
            return httpx.Response(502, text="<html>")
        return {"success": True, "data": topic}

    api.answers["/topics/t"] = answer
    with pytest.raises(errors.Offline, match="outcome is unknown"):
        change.confirm("A")


@pytest.mark.parametrize("path", ["/me?x=\ud800", "/me?\udfff=1", "/me?a=1&x=a\udc00b", "/me?x=%41\ud800"])
def test_half_of_a_character_in_a_query(api: Any, hedy: hj.Hedy, path: str) -> None:
    """A lone surrogate in the query of a path is refused before anything is sent."""
    with pytest.raises(errors.UsageError, match="half of a character"):
        hedy.get(path)

    assert api.requests == []


def test_redirects_without_end(hedy: hj.Hedy, api: Any) -> None:
    """A transport that follows redirects and gives up is one of our errors."""

    def circle(request: httpx.Request) -> Row:
        raise httpx.TooManyRedirects("Exceeded maximum allowed redirects.", request=request)

    api.answers = {"/me": circle}

    with pytest.raises(errors.ServerError, match="redirects in a loop"):
        hedy.me()


# Filters -----------------------------------------------------------------------


def test_filters_come_before_the_limit(api: Any, hedy: hj.Hedy) -> None:
    """``until`` is looked for over all pages, and the limit counts what is kept."""
    api.answers = {"/sessions": paged(sessions(260))}

    frame = hedy.sessions(2, until="2026-07-01")

    assert list(frame["start_time"].dt.strftime("%m-%d")) == ["07-01", "06-30"]


def test_since_ends_the_search(api: Any, hedy: hj.Hedy) -> None:
    """``since`` stops at the first whole page that lies before it, and what was not asked for is not called unreachable."""
    api.answers = {"/sessions": paged(sessions(560))}

    frame = hedy.sessions(since="2026-11-18")

    assert ids(frame) == ["sess_0000", "sess_0001", "sess_0002"]
    assert len(api.requests) == 2
    assert frame.attrs["coverage"] == {"found": 200, "total": 560, "unreachable": 0, "source": "live"}


def test_sessions_without_a_time_are_not_in_a_span(api: Any, hedy: hj.Hedy) -> None:
    """A meeting that says no time is in no span, and does not end the search."""
    rows = sessions(3)
    del rows[1]["startTime"]
    api.answers = {"/sessions": wrapped(rows, hasMore=False)}

    assert ids(hedy.sessions(since="2026-01-01")) == ["sess_0000", "sess_0002"]
    assert ids(hedy.sessions()) == ["sess_0000", "sess_0001", "sess_0002"]


def test_sessions_of_a_topic(api: Any, hedy: hj.Hedy) -> None:
    """The sessions of a topic follow ``startAfter`` and know their topic, also where the API leaves it out."""
    rows = [{**row, "topicInfo": {"id": "topic_1", "name": "Pilot"}} for row in sessions(1)] + sessions(1, 1)

    def answer(request: httpx.Request) -> Any:
        if request.url.params.get("startAfter") == "sess_0000":
            return of_topic(rows[1:], count=1, hasMore=False, nextCursor=None)
        return of_topic(rows[:1], count=1, hasMore=True, nextCursor="sess_0000")

    api.answers = {"/topics": wrapped([{"id": "topic_1", "name": "Pilot"}]), "/topics/topic_1/sessions": answer}

    frame = hedy.sessions(topic="Pilot")

    assert ids(frame) == ["sess_0000", "sess_0001"]
    assert list(frame["topic_id"]) == ["topic_1"] * 2
    assert api.asked[1:] == [
        "/topics/topic_1/sessions?limit=100",
        "/topics/topic_1/sessions?limit=100&startAfter=sess_0000",
    ]


def test_a_topic_that_is_cut(api: Any, hedy: hj.Hedy) -> None:
    """Where a topic has more sessions and no way to them, the coverage says so."""
    api.answers = {"/topics/topic_1/sessions": of_topic(sessions(2), hasMore=True, nextCursor=None)}

    frame = hedy.sessions(None, topic="topic_1")

    assert frame.attrs["coverage"] == {"found": 2, "total": None, "unreachable": 1, "source": "live"}


@pytest.mark.parametrize("status", [400, 404])
def test_a_topic_that_is_not_there(api: Any, hedy: hj.Hedy, status: int) -> None:
    """An unknown topic is an error, not an empty frame."""
    refused = httpx.Response(status, json={"success": False, "error": {"code": "not_found", "message": "No."}})
    api.answers = {"/topics": wrapped([]), "/topics/topic_9/sessions": refused}

    with pytest.raises((hj.NotFound, hj.InvalidRequest)):
        hedy.sessions(topic="topic_9")


def test_an_empty_topic_is_empty(api: Any, hedy: hj.Hedy) -> None:
    """A topic without sessions gives an empty frame."""
    api.answers = {
        "/topics": wrapped([{"id": "topic_1", "name": "Pilot"}]),
        "/topics/topic_1/sessions": of_topic([], hasMore=False),
    }

    assert hedy.sessions(topic="topic_1").empty


# The complete history ----------------------------------------------------------


def test_every_road(api: Any, hedy: hj.Hedy) -> None:
    """The complete history has what only a topic, a todo or a highlight leads to, each once, newest first.

    The rest is counted.
    """
    rows = sessions(7)
    api.answers = {
        "/sessions": wrapped(rows[:2], hasMore=True, next=None, total=7),
        "/topics": wrapped([{"id": "topic_1", "name": "Pilot"}, {"id": "topic_2", "name": "Gone"}, {"name": "no id"}]),
        "/topics/topic_1/sessions": of_topic([rows[1], rows[3]], hasMore=False),
        "/todos": [
            {"id": "t1", "sessionId": "sess_0002"},
            {"id": "t2", "sessionId": "sess_0000"},
            {"id": "t3"},
            {"id": "t4", "sessionId": "sess_0099"},
        ],
        "/highlights": wrapped(
            [{"highlightId": "h1", "sessionId": "sess_0004"}, {"highlightId": "h2", "sessionId": "sess_0098"}],
            hasMore=False,
        ),
        "/sessions/sess_0002": rows[2],
        "/sessions/sess_0004": rows[4],
        "/sessions/sess_0098": httpx.Response(
            400, json={"error": {"code": "validation_error", "message": "Unknown id."}}
        ),
    }

    frame = hedy.sessions(None)

    assert ids(frame) == [row["sessionId"] for row in rows[:5]]
    assert list(frame["topic_name"].fillna("")) == ["", "Pilot", "", "Pilot", ""]
    assert frame.attrs["coverage"] == {"found": 5, "total": 7, "unreachable": 2, "source": "live"}
    assert len(api.asked) == len(set(api.asked))


def test_complete_without_a_total(api: Any, hedy: hj.Hedy) -> None:
    """Where the API names no total, it stays None, and only what is known to be missing is counted."""
    api.answers = {
        **EMPTY,
        "/sessions": wrapped(sessions(2), hasMore=False),
        "/todos": [{"id": "t", "sessionId": "sess_9999"}],
    }

    assert hedy.sessions(None).attrs["coverage"] == {"found": 2, "total": None, "unreachable": 1, "source": "live"}


def test_the_complete_history_with_details(api: Any, hedy: hj.Hedy) -> None:
    """A session that was fetched to find it is not fetched again for its details."""
    row = {**sessions(1)[0], "transcript": "So the pilot starts Monday."}
    api.answers = {**EMPTY, "/todos": [{"id": "t", "sessionId": "sess_0000"}], "/sessions/sess_0000": row}

    frame = hedy.sessions(None, details=True)

    assert list(frame["transcript"]) == ["So the pilot starts Monday."]
    assert api.asked.count("/sessions/sess_0000") == 1
    hedy.sessions(None, details=True, refresh=True)
    assert api.asked.count("/sessions/sess_0000") == 2


def test_an_empty_account(api: Any, hedy: hj.Hedy) -> None:
    """An account without meetings is an empty frame that covers all there is."""
    api.answers = EMPTY

    frame = hedy.sessions(None)

    assert (len(frame), frame.attrs["coverage"]["unreachable"]) == (0, 0)


# Details -----------------------------------------------------------------------


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
def test_a_stop_keeps_what_came(
    api: Any, hedy: hj.Hedy, stop: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a stop or an error the same call asks only for what is missing, even minutes later."""
    now = [0.0]
    monkeypatch.setattr(hedy.connection.cache, "_clock", lambda: now[0])
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

    hedy.connection.client()._transport = httpx.MockTransport(answer)
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


# Names -------------------------------------------------------------------------

NAMED = [
    {"sessionId": "sess_abc111", "title": "Weekly Sync", "startTime": "2026-03-03T10:00:00Z"},
    {"sessionId": "sess_abc222", "title": "weekly sync", "startTime": "2026-03-02T10:00:00Z"},
    {"sessionId": "sess_xyz333", "title": "Board Meeting", "startTime": "2026-03-01T10:00:00Z"},
    {"sessionId": "short", "title": None},
    {"sessionId": "sess_q", "title": "sess_abc111x"},
]
DETAILS = {f"/sessions/{row['sessionId']}": row for row in NAMED}


@pytest.mark.parametrize(
    ("which", "ident", "requests"),
    [
        ("sess_abc111", "sess_abc111", 1),
        (" sess_abc111\n", "sess_abc111", 1),
        ("sess_x", "sess_xyz333", 3),
        ("sess_abc2", "sess_abc222", 3),
        ("last", "sess_abc111", 2),
        ("LAST", "sess_abc111", 2),
        ("last~2", "sess_xyz333", 2),
        ("last~0", "sess_abc111", 2),
        ("Weekly Sync", "sess_abc111", 2),
        ("weekly sync", "sess_abc222", 2),
        ("board meeting", "sess_xyz333", 2),
        ("short", "short", 2),
        ("sess_abc111x", "sess_q", 3),
    ],
)
def test_which(api: Any, hedy: hj.Hedy, which: str, ident: str, requests: int) -> None:
    """An id costs one request; a prefix, a place or a name is looked up in the list; the strictest rule wins."""
    api.answers = {"/sessions": wrapped(NAMED, hasMore=False), **DETAILS}

    session = hedy.session(which)

    assert session.session_id == ident
    assert len(api.requests) == requests


@pytest.mark.parametrize("which", ["sess_abc", "WEEKLY SYNC"])
def test_two_matches(api: Any, hedy: hj.Hedy, which: str) -> None:
    """Two matches are an error that lists them with their times."""
    api.answers = {"/sessions": wrapped(NAMED, hasMore=False), **DETAILS}

    with pytest.raises(hj.UsageError) as caught:
        hedy.session(which)

    assert all(word in str(caught.value) for word in ("2 sessions", "sess_abc111", "sess_abc222", "2026-03-02"))


@pytest.mark.parametrize(
    ("which", "hint"),
    [
        ("Bord Meeting", "Board Meeting"),
        ("nothing like it", "%hedy sessions"),
        ("last~5", "5 sessions"),
        ("sess_", "%hedy sessions"),
        ("abc", "%hedy sessions"),
    ],
)
def test_no_match(api: Any, hedy: hj.Hedy, which: str, hint: str) -> None:
    """Nothing found is an error that says what may have been meant, or where to look."""
    api.answers = {"/sessions": wrapped(NAMED, hasMore=False)}

    with pytest.raises(hj.NotFound, match=hint):
        hedy.session(which)


@pytest.mark.parametrize("which", ["", "  ", None, 7])
def test_no_name(hedy: hj.Hedy, which: Any) -> None:
    """What names nothing is refused before any request."""
    with pytest.raises(hj.UsageError):
        hedy.session(which)


def test_topics_and_contexts_by_name(api: Any, hedy: hj.Hedy) -> None:
    """Topics and contexts go by name and title like sessions do."""
    api.answers = {
        "/topics": wrapped([{"id": "topic_1", "name": "Pilot"}]),
        "/topics/topic_1": {"success": True, "data": {"id": "topic_1", "name": "Pilot"}},
        "/contexts": wrapped([{"id": "ctx_1", "title": "Sales"}]),
        "/contexts/ctx_1": {"success": True, "data": {"id": "ctx_1", "title": "Sales"}},
    }

    assert (hedy.topic("pilot").topic_id, hedy.context("last").context_id) == ("topic_1", "ctx_1")


def test_of_one_session(api: Any, hedy: hj.Hedy) -> None:
    """Highlights and todos of one session come whole, from every shape, and know their session."""
    api.answers = {
        "/sessions": wrapped(NAMED, hasMore=False),
        "/sessions/sess_xyz333/highlights": {"success": True, "data": [{"id": "h1", "rawQuote": "Quote"}]},
        "/sessions/sess_xyz333/todos": {"todos": [{"id": "t1", "text": "Call"}]},
        "/sessions/sess_xyz333/todos/t1": {"success": True, "data": {"id": "t1", "text": "Call"}},
    }

    highlights = hedy.highlights(session="Board Meeting", details=True)
    todos = hedy.todos(session="Board Meeting")
    todo = hedy.todo("Board Meeting", "t1")

    assert highlights.loc[0, ["highlight_id", "session_id", "raw_quote"]].tolist() == ["h1", "sess_xyz333", "Quote"]
    assert ids(todos) == ["sess_xyz333"]
    assert (todo.session_id, todo.text) == ("sess_xyz333", "Call")


# Memory ------------------------------------------------------------------------


def test_memory_of_a_minute(api: Any, hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read repeated inside 60 s costs no request, a later one or ``refresh=True`` asks again."""
    now = [0.0]
    monkeypatch.setattr(hedy.connection.cache, "_clock", lambda: now[0])
    api.answers = {"/topics": wrapped([])}
    asked = []
    for at_s, refresh in [(0, False), (59.9, False), (59.9, True), (119.8, False), (119.95, False)]:
        now[0] = at_s
        hedy.topics(refresh=refresh)
        asked.append(len(api.requests))

    assert asked == [1, 1, 2, 2, 3]


def test_details_do_not_stay_young(api: Any, hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Details that are read again and again come anew after 60 s all the same."""
    now = [0.0]
    monkeypatch.setattr(hedy.connection.cache, "_clock", lambda: now[0])
    versions = iter(range(9))
    api.answers = {
        "/sessions": wrapped(sessions(1), hasMore=False),
        "/sessions/sess_0000": lambda _: {"sessionId": "sess_0000", "recap": f"v{next(versions)}"},
    }
    seen = []
    for now[0] in (0, 50, 100):
        seen += list(hedy.sessions(details=True)["recap"])

    assert seen == ["v0", "v0", "v1"]


def test_refresh_asks_for_everything(api: Any, hedy: hj.Hedy) -> None:
    """``refresh=True`` asks for the list, the topic's name and every detail again, each once."""
    api.answers = {
        "/topics": wrapped([{"id": "topic_1", "name": "Pilot"}]),
        "/topics/topic_1/sessions": of_topic(sessions(1), hasMore=False),
        "/sessions/sess_0000": sessions(1)[0],
    }
    hedy.sessions(topic="Pilot", details=True)
    first = list(api.asked)
    api.requests.clear()

    hedy.sessions(topic="Pilot", details=True, refresh=True)

    assert api.asked == first


def test_memory_keeps_no_errors(api: Any, hedy: hj.Hedy) -> None:
    """An error is not remembered."""
    answers = iter([None, wrapped([])])
    api.answers = {"/topics": lambda _: next(answers)}
    with pytest.raises(hj.NotFound):
        hedy.topics()

    assert hedy.topics().empty


def test_old_answers_are_dropped() -> None:
    """Memory does not grow with answers that are too old to be used."""
    now = [0.0]
    memory = ResponseCache(clock=lambda: now[0])
    for now[0] in range(0, 1000, 10):
        memory.put((f"/{now[0]}", ()), [])

    assert len(memory._answers) <= KEEP_S / 10 + 1


# The way out -------------------------------------------------------------------


def test_get(api: Any, hedy: hj.Hedy) -> None:
    """``get`` gives the raw JSON of any path below the base URL, and a copy of it each time."""
    api.answers = {"/new/thing": {"a": [1]}}

    first = hedy.get("new/thing", limit=5, after=None, deep=True)
    first["a"].append(2)

    assert hedy.get("/new/thing", limit=5, deep=True) == {"a": [1]}
    assert api.asked == ["/new/thing?limit=5&deep=true"]


def test_get_with_a_query_in_the_path(api: Any, hedy: hj.Hedy) -> None:
    """A query in the path is taken as one."""
    api.answers = {"/sessions": []}

    hedy.get("/sessions?limit=5&format=zapier")

    assert api.asked == ["/sessions?limit=5&format=zapier"]
    assert list(hedy.requests["path"]) == ["/sessions"]


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/me",
        "http://127.0.0.1/me",
        "//evil.example/me",
        "/\t/evil.example/me",
        "\\\\evil.example\\me",
        "/me/../../x",
        "/me/%2e%2e/x",
        "..",
        "/me/./x",
        "javascript:alert(1)",
        "/me#part",
    ],
)
def test_get_refuses_addresses(api: Any, hedy: hj.Hedy, path: str) -> None:
    """An absolute URL, or a path that leads elsewhere, is refused and not sent."""
    with pytest.raises(hj.UsageError):
        hedy.get(path)

    assert api.requests == []


# Closing -----------------------------------------------------------------------


def test_a_closed_account(api: Any, key: str) -> None:
    """A closed account refuses to read, also what it remembers; closing twice is no matter."""
    api.answers = {"/topics": wrapped([])}
    with hj.connect(api_key=key, transport=api.transport) as account:
        account.topics()
    account.close()

    with pytest.raises(hj.UsageError, match="closed"):
        account.topics()


@pytest.mark.parametrize("limit", [0, -1, True, 1.5, "5"])
def test_limits_that_are_none(hedy: hj.Hedy, limit: Any) -> None:
    """A limit is a whole number of one or more."""
    for read in (hedy.sessions, hedy.highlights):
        with pytest.raises(hj.UsageError, match="limit"):
            read(limit)


@pytest.mark.parametrize(("broken", "lost"), [(1, 1), (4, 4), (10, 10), (11, None), (12, None)])
def test_broken_details(
    api: Any, hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch, broken: int, lost: int | None
) -> None:
    """Meetings that the server always fails on lose their details and no others.

    More than ten and than half are a broken server.
    """

    async def no_wait(_: float) -> None:
        return

    rows = sessions(12)
    api.answers = {"/sessions": paged(rows)}
    for place, row in enumerate(rows):
        fine = {**row, "transcript": "said"}
        api.answers[f"/sessions/{row['sessionId']}"] = (
            fine if place < 12 - broken else httpx.Response(500, json={"error": {"code": "internal_error"}})
        )
    monkeypatch.setattr(hedy.connection.client(), "_sleep", no_wait)

    if lost is None:
        with pytest.raises(hj.ServerError):
            hedy.sessions(12, details=True)
        return
    frame = hedy.sessions(12, details=True)

    assert len(frame) == 12
    assert frame["transcript"].isna().sum() == lost


@pytest.mark.parametrize("odd", [[], "x", None, {"success": True, "data": None}])
def test_odd_details(api: Any, hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch, odd: object) -> None:
    """A detail that is not of the API's shape is asked for once more, and then costs only its own details."""

    async def no_wait(_: float) -> None:
        return

    monkeypatch.setattr(hedy.connection.client(), "_sleep", no_wait)
    rows = sessions(3)
    api.answers = {
        "/sessions": paged(rows),
        **{f"/sessions/{row['sessionId']}": {**row, "transcript": "said"} for row in rows},
    }
    api.answers["/sessions/sess_0001"] = httpx.Response(200, json=odd)

    frame = hedy.sessions(details=True)

    assert frame["transcript"].isna().to_list() == [False, True, False]
    assert list(hedy.requests["path"]).count("/sessions/sess_0001") == 2


def test_odd_lists_are_asked_twice(api: Any, hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is not of the API's shape is asked for once more.

    So is one behind a redirect, which is not followed.
    """

    async def no_wait(_: float) -> None:
        return

    monkeypatch.setattr(hedy.connection.client(), "_sleep", no_wait)
    api.answers = {
        "/topics": {"success": True, "data": {"items": [1]}},
        "/contexts": httpx.Response(302, headers={"location": "/x"}),
    }

    with pytest.raises(hj.ServerError, match="not from the Hedy API"):
        hedy.topics()
    with pytest.raises(hj.ServerError, match="redirects"):
        hedy.contexts()

    assert list(hedy.requests["path"]) == ["/topics", "/topics", "/contexts", "/contexts"]


def test_an_id_like_a_word(api: Any, hedy: hj.Hedy) -> None:
    """Ids are opaque: one that looks like a word and is in no list is asked for after all."""
    api.answers = {"/sessions": paged(sessions(3)), "/sessions/deadbeef": {"sessionId": "deadbeef", "title": "Old"}}

    assert hedy.session("deadbeef").title == "Old"
