"""Sessions up to a limit or complete, merged from every list of the API."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter import errors
from tests.api.answers import EMPTY, NAMED, NOT_FOUND, ids, of_topic, paged, sessions, wrapped


def test_filters_come_before_the_limit(api: Any, hedy: hj.Hedy) -> None:
    """``until`` is looked for over all pages, and the limit counts what is kept."""
    api.answers = {"/sessions": paged(sessions(260))}

    frame = hedy.sessions(2, until="2026-07-01")

    assert list(frame["start_time"].dt.strftime("%m-%d")) == ["07-01", "06-30"]


def test_since_ends_the_search(api: Any, hedy: hj.Hedy) -> None:
    """``since`` stops at the first whole page before it, and what was not requested is not called unreachable."""
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
    """The sessions of a topic follow ``startAfter`` and have their topic, also where the API leaves it out."""
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


def test_every_list(api: Any, hedy: hj.Hedy) -> None:
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


def test_topics_do_not_wait_for_the_pages_of_other_lists(api: Any, key: str) -> None:
    """The sessions of a topic are requested as soon as the topic is known, while pages of sessions are to come."""
    of_one = [{**row, "title": "As the topic has it"} for row in sessions(2)]
    api.answers = {
        **EMPTY,
        "/sessions": paged(sessions(260)),
        "/topics": wrapped([{"id": "t", "name": "One"}]),
        "/topics/t/sessions": of_topic(of_one, hasMore=False),
    }
    requested = asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/topics/t/sessions":
            requested.set()
        if "after" in request.url.params:
            await asyncio.wait_for(requested.wait(), 5)
        return api(request)

    with hj.connect(key, transport=httpx.MockTransport(answer)) as hedy:
        frame = hedy.sessions(None)

    assert ids(frame) == [row["sessionId"] for row in sessions(260)]
    assert list(frame["title"][:2]) == ["Meeting 0", "Meeting 1"]
    assert list(frame["topic_name"].dropna()) == ["One", "One"]


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


def test_of_one_session(api: Any, hedy: hj.Hedy) -> None:
    """Highlights and todos of one session come whole, from every shape, and have their session."""
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
