"""How requests are written and answers are read, row by row of the API notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hedy_jupyter import errors
from hedy_jupyter.api import routes, wire_format
from hedy_jupyter.api.routes import Route


@pytest.mark.parametrize(
    ("route", "body", "ident", "good"),
    [
        (routes.SESSION, {"sessionId": "s"}, "s", True),
        (routes.SESSION, {"id": "s"}, "s", True),
        (routes.SESSION, {"sessionId": "", "id": "s"}, "s", True),
        (routes.SESSION, {"sessionId": "s\ud800"}, "s\ufffd", True),
        (routes.SESSION, {"sessionId": float("nan")}, "nan", False),
        (routes.SESSION, {"data": {"sessionId": "s"}}, "s", True),
        (routes.SESSION, {"sessionId": 7}, "7", True),
        (routes.SESSION, {"sessionId": 7.0}, "7", True),
        (routes.SESSION, {"sessionId": "other"}, "s", False),
        (routes.SESSION, {"status": "maintenance"}, "s", False),
        (routes.SESSION, {"success": True}, "s", False),
        (routes.SESSION, {"success": True, "data": None}, "s", False),
        (routes.SESSION, {"success": True, "data": [{"sessionId": "s"}]}, "s", False),
        (routes.SESSION, {"sessionId": True}, "True", False),
        (routes.SESSION, {"sessionId": ["s"]}, "s", False),
        (routes.SESSION, {"title": "s"}, "s", False),
        (routes.SESSION, {}, "s", False),
        (routes.SESSION, [], "s", False),
        (routes.HIGHLIGHT, {"highlightId": "h"}, "h", True),
        (routes.HIGHLIGHT, {"sessionId": "h"}, "h", False),
        (routes.SESSION_TODO, {"success": True, "data": {"id": "t"}}, "t", True),
        (routes.SESSION_TODO, {"id": "u"}, "t", False),
        (routes.TOPIC, {"success": True, "data": {"id": "t"}}, "t", True),
        (routes.TOPIC, {"success": True, "data": {"id": "u"}}, "t", False),
        (routes.CONTEXT, {"success": True, "data": {"id": "c"}}, "c", True),
        (routes.ME, {"id": "u", "email": "a@b.c"}, None, True),
        (routes.ME, {"email": "a@b.c"}, None, True),
        (routes.ME, {"status": "maintenance"}, None, False),
        (routes.ME, {}, None, False),
        (routes.ME, {"id": None, "email": ""}, None, False),
    ],
)
def test_a_detail_carries_its_id(route: Route, body: object, ident: str | None, good: bool) -> None:
    """A detail is the record that was asked for, or the answer is not the API's."""
    if good:
        assert wire_format.detail(route, body, ident)
        return
    with pytest.raises(errors.ServerError, match="not from the Hedy API"):
        wire_format.detail(route, body, ident)


@pytest.mark.parametrize(
    ("body", "good"),
    [
        ({"success": True, "message": "Topic deleted"}, True),
        ({"success": True, "data": {"message": "Webhook deleted successfully"}}, True),
        ({"message": "Topic deleted"}, False),
        ({"status": "maintenance"}, False),
        ({"success": "true"}, False),
        ({}, False),
        ([], False),
        (None, False),
    ],
)
def test_a_deletion_is_confirmed_by_hedy(body: object, good: bool) -> None:
    """Only Hedy's own envelope says that something was deleted."""
    if good:
        wire_format.confirmed_deletion(body)
        return
    with pytest.raises(errors.ServerError):
        wire_format.confirmed_deletion(body)


RECORD = {"id": "x", "email": "a@b.c"}


@pytest.mark.parametrize(
    "route", [routes.ME, routes.SESSION, routes.HIGHLIGHT, routes.TOPIC, routes.CONTEXT, routes.SESSION_TODO]
)
@pytest.mark.parametrize("body", [RECORD, {"success": True, "data": RECORD}, {"data": RECORD}])
def test_one_record(route: Route, body: object) -> None:
    """A record is found bare and wrapped, whichever of the two the endpoint is known for."""
    assert wire_format.record(route.envelope, body) == RECORD


def test_a_record_with_a_field_called_data() -> None:
    """A bare record that has a field ``data`` is not taken for a wrapper."""
    record = {"id": "x", "data": {"id": "y"}}

    assert wire_format.record("bare", record) == record


@pytest.mark.parametrize("body", [[], "text", None, 7, {"success": True, "data": None}, {"success": True, "data": []}])
def test_no_record(body: object) -> None:
    """An answer without a record is not the API's."""
    with pytest.raises(errors.ServerError):
        wire_format.record("data", body)


ROWS = [{"id": "1"}, {"id": "2"}]


LISTED = "the plural of the route's own kind"


LISTS = [
    routes.SESSIONS,
    routes.SESSION_HIGHLIGHTS,
    routes.SESSION_TODOS,
    routes.HIGHLIGHTS,
    routes.TODOS,
    routes.TOPICS,
    routes.CONTEXTS,
    routes.WEBHOOKS,
]


@pytest.mark.parametrize("route", [*LISTS, routes.TOPIC_SESSIONS])
@pytest.mark.parametrize(
    "body",
    [
        ROWS,
        {"success": True, "data": ROWS},
        {"data": ROWS},
        {LISTED: ROWS},
        {"success": True, LISTED: ROWS},
        {"success": True, "data": {LISTED: ROWS}},
        {"success": True, "data": ROWS, "error": None, "errors": [], "message": "Fetched"},
        {"data": ROWS, "pagination": {}},
    ],
)
def test_lists(route: Route, body: object) -> None:
    """A list is found in every wrapper that was ever seen, on every endpoint."""
    page = wire_format.page(route, _named(body, route.lists))

    assert (page.records, page.cursor, page.more, page.total) == (ROWS, None, False, None)


def _named(body: object, own: str) -> object:
    """*body* with the name of the list in place of ``LISTED``."""
    if not isinstance(body, dict):
        return body
    return {own if name == LISTED else name: _named(value, own) for name, value in body.items()}


REPORT = {"code": "internal_error", "message": "x"}


@pytest.mark.parametrize("route", [*LISTS, routes.TOPIC_SESSIONS])
@pytest.mark.parametrize("rows", [[], ROWS], ids=["empty", "rows"])
@pytest.mark.parametrize(
    "around",
    [
        lambda rows: {"error": REPORT, "data": rows},
        lambda rows: {"success": True, "error": "Oops", "data": rows},
        lambda rows: {"status": "maintenance", "data": rows},
        lambda rows: {"status": "maintenance", LISTED: rows},
        lambda rows: {"success": "false", "data": rows},
        lambda rows: {"success": False, "data": rows},
        lambda rows: {"success": 0, LISTED: rows},
        lambda rows: {"success": None, "data": rows},
        lambda rows: {"data": rows, "errors": [REPORT]},
        lambda rows: {"success": True, "data": {LISTED: rows, "error": REPORT}},
        lambda rows: {"people": rows},
        lambda rows: {"success": True, "people": rows},
        lambda rows: {"success": True, "data": {"people": rows}},
        lambda rows: [rows],
        lambda rows: {"data": [rows, "a"]},
        lambda rows: [{"foo": rows}],
        lambda rows: {"success": True, "data": [{"id": None}, {"id": rows}]},
    ],
)
def test_a_list_that_is_not_hedys(route: Route, rows: list[object], around: Callable[[object], object]) -> None:
    """An error, another kind and rows without any id are no list of Hedy's, least of all an empty one."""
    with pytest.raises(errors.ServerError, match="not from the Hedy API"):
        wire_format.page(route, _named(around(rows), route.lists))


@pytest.mark.parametrize("name", ["sessions", "highlights", "topics", "contexts", "webhooks"])
def test_a_list_of_another_kind(name: str) -> None:
    """The list of another kind is not taken for the todos."""
    for body in ({name: []}, {"success": True, "data": {name: []}}):
        with pytest.raises(errors.ServerError):
            wire_format.page(routes.TODOS, body)


@pytest.mark.parametrize("body", [{"error": REPORT, "data": {"id": "1"}}, {"success": "false", "data": {"id": "1"}}])
def test_a_record_beside_an_error(body: object) -> None:
    """A record in an envelope that reports an error is none."""
    with pytest.raises(errors.ServerError):
        wire_format.record("data", body)


def test_rows_that_are_no_objects() -> None:
    """What is no object in a list is dropped, and the rest stays."""
    page = wire_format.page(routes.SESSIONS, [None, "x", ROWS[0], [ROWS[1]], 7])

    assert page.records == ROWS[:1]


@pytest.mark.parametrize("body", ["text", 7, {}, {"data": "text"}, {"data": {"id": "x"}}, {"todos": None}])
def test_no_list(body: object) -> None:
    """An answer without a list is not the API's."""
    with pytest.raises(errors.ServerError):
        wire_format.page(routes.SESSIONS, body)


@pytest.mark.parametrize(
    ("pagination", "cursor", "more", "total"),
    [
        ({"hasMore": True, "next": "c", "total": 7}, "c", True, 7),
        ({"hasMore": False, "next": "c", "total": 7}, None, False, 7),
        ({"hasMore": True, "next": None}, None, True, None),
        ({"hasMore": True, "next": ""}, None, True, None),
        ({"next": "c"}, "c", False, None),
        ({"hasMore": True, "nextCursor": "c", "count": 2}, "c", True, None),
        ({"hasMore": True, "nextCursor": 17}, "17", True, None),
        ({"total": True}, None, False, None),
        ({"total": "7"}, None, False, None),
        ({}, None, False, None),
        (None, None, False, None),
        ([], None, False, None),
    ],
)
def test_both_paginations(pagination: Any, cursor: str | None, more: bool, total: int | None) -> None:
    """Cursor, "more" and total are read from both kinds of pagination, where each of them is."""
    plain = wire_format.page(routes.SESSIONS, {"success": True, "data": ROWS, "pagination": pagination})
    of_topic = wire_format.page(
        routes.TOPIC_SESSIONS, {"success": True, "data": {"sessions": ROWS, "pagination": pagination}}
    )

    for page in (plain, of_topic):
        assert (page.records, page.cursor, page.more, page.total) == (ROWS, cursor, more, total)


@pytest.mark.parametrize(
    ("ident", "path"),
    [
        ("sess_1", "/sessions/sess_1"),
        ("a/b?c#d%e", "/sessions/a%2Fb%3Fc%23d%25e"),
        ("../me", "/sessions/..%2Fme"),
        ("日本", "/sessions/%E6%97%A5%E6%9C%AC"),
        ("a b\n\x00", "/sessions/a%20b%0A%00"),
        ("\ud800", "/sessions/%3F"),
        ("...", "/sessions/..."),
    ],
)
def test_ids_are_quoted(ident: str, path: str) -> None:
    """An id never leaves its place in the path."""
    assert wire_format.path(routes.SESSION, ident) == path


@pytest.mark.parametrize("ident", ["", " ", ".", "..", " .. ", None, 7])
def test_ids_that_are_none(ident: Any) -> None:
    """What would step out of its place, or is no text, is refused."""
    with pytest.raises(errors.UsageError):
        wire_format.path(routes.SESSION, ident)


def test_two_ids() -> None:
    """A path with two places takes two ids."""
    assert wire_format.path(routes.SESSION_TODO, "s/1", "t 1") == "/sessions/s%2F1/todos/t%201"


def test_query() -> None:
    """A query holds no None, spells booleans as JSON does, and only names that the endpoint has."""
    assert wire_format.query(routes.SESSIONS, {"limit": 5, "after": None}) == {"limit": "5"}
    assert wire_format.params({"a": True, "b": None, "c": 0, "d": ""}) == {"a": "true", "c": "0", "d": ""}
    with pytest.raises(errors.UsageError, match="startAfter"):
        wire_format.query(routes.SESSIONS, {"startAfter": "x"})
