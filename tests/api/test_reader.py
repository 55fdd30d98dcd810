"""One GET, pages and whole lists."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter import errors
from hedy_jupyter.api import wire_format
from hedy_jupyter.api.reader import Reader
from tests.api.answers import EMPTY, Row, ids, paged, sessions, wrapped
from tests.waiting import set_defaults


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


def test_an_answer_is_read_once(api: Any, hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is one of the API is checked by the same reading that its rows are taken from."""
    read = list[object]()
    for name in ("page", "detail"):
        whole = getattr(wire_format, name)

        def counted(*values: Any, whole: Any = whole, **named: Any) -> Any:
            read.append(values)
            return whole(*values, **named)

        monkeypatch.setattr(wire_format, name, counted)
    api.answers = {
        "/sessions": paged(sessions(260)),
        "/todos": [{"id": "t"}],
        "/topics": wrapped([{"id": "a", "name": "One"}]),
        "/me": {"id": "u", "email": "a@b.c"},
    }

    hedy.sessions(250)
    hedy.todos()
    hedy.topics()
    hedy.me()

    assert len(read) == len(api.requests) == 6


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
    """Paging ends on every kind of server, and the coverage counts what is missing: one where it only says "more"."""
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
    set_defaults(monkeypatch, Reader, max_pages=20)
    numbers = iter(range(0, 10**6, 100))

    def page(_: httpx.Request) -> Row:
        start = next(numbers)
        return wrapped(sessions(100, start), hasMore=True, next=f"c{start}", total=start + 200 if grows else total)

    api.answers = {"/sessions": page}

    with pytest.raises(errors.ServerError, match="does not end"):
        hedy.sessions(10**6)

    assert len(api.requests) <= 20


def test_odd_lists_are_asked_twice(api: Any, hedy: hj.Hedy) -> None:
    """A list that is not of the API's shape is asked for once more.

    So is one behind a redirect, which is not followed.
    """

    api.answers = {
        "/topics": {"success": True, "data": {"items": [1]}},
        "/contexts": httpx.Response(302, headers={"location": "/x"}),
    }

    with pytest.raises(hj.ServerError, match="not from the Hedy API"):
        hedy.topics()
    with pytest.raises(hj.ServerError, match="redirects"):
        hedy.contexts()

    assert list(hedy.requests["path"]) == ["/topics", "/topics", "/contexts", "/contexts"]


def test_redirects_without_end(hedy: hj.Hedy, api: Any) -> None:
    """A transport that follows redirects and gives up is one of our errors."""

    def circle(request: httpx.Request) -> Row:
        raise httpx.TooManyRedirects("Exceeded maximum allowed redirects.", request=request)

    api.answers = {"/me": circle}

    with pytest.raises(errors.ServerError, match="redirects in a loop"):
        hedy.me()


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


@pytest.mark.parametrize("path", ["/me?x=\ud800", "/me?\udfff=1", "/me?a=1&x=a\udc00b", "/me?x=%41\ud800"])
def test_half_of_a_character_in_a_query(api: Any, hedy: hj.Hedy, path: str) -> None:
    """A lone surrogate in the query of a path is refused before anything is sent."""
    with pytest.raises(errors.UsageError, match="half of a character"):
        hedy.get(path)

    assert api.requests == []


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


@pytest.mark.parametrize("limit", [0, -1, True, 1.5, "5"])
def test_limits_that_are_none(hedy: hj.Hedy, limit: Any) -> None:
    """A limit is a whole number of one or more."""
    for read in (hedy.sessions, hedy.highlights):
        with pytest.raises(hj.UsageError, match="limit"):
            read(limit)


def test_a_closed_account(api: Any, key: str) -> None:
    """A closed account refuses to read, also what it remembers; closing twice is no matter."""
    api.answers = {"/topics": wrapped([])}
    with hj.connect(api_key=key, transport=api.transport) as account:
        account.topics()
    account.close()

    with pytest.raises(hj.UsageError, match="closed"):
        account.topics()
