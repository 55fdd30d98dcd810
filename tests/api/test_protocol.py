"""What a request looks like and what an answer means, row by row of the API notes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hedy_jupyter import errors
from hedy_jupyter.api import protocol, routes
from hedy_jupyter.api.retry import FAULT_WAIT_S, wait_before_retry_s
from hedy_jupyter.api.routes import Route
from hedy_jupyter.errors import HedyError

OWN = "The server's own words."

# Errors ------------------------------------------------------------------------

CODES = [
    (400, "validation_error", errors.InvalidRequest),
    (400, "invalid_page_size", errors.InvalidRequest),
    (400, "invalid_parameter", errors.InvalidRequest),
    (400, "invalid_webhook_url", errors.InvalidRequest),
    (400, "missing_event", errors.InvalidRequest),
    (400, "invalid_event", errors.InvalidRequest),
    (400, "invalid_events", errors.InvalidRequest),
    (400, "webhook_limit_exceeded", errors.InvalidRequest),
    (400, "deletion_limit_exceeded", errors.InvalidRequest),
    (401, "missing_api_key", errors.AuthError),
    (401, "invalid_api_key", errors.AuthError),
    (401, "authentication_failed", errors.AuthError),
    (403, "tier_limit_exceeded", errors.TierError),
    (403, "context_limit_exceeded", errors.TierError),
    (404, "session_not_found", errors.NotFound),
    (404, "highlight_not_found", errors.NotFound),
    (404, "todo_not_found", errors.NotFound),
    (404, "webhook_not_found", errors.NotFound),
    (404, "not_found", errors.NotFound),
    (404, "resource_not_found", errors.NotFound),
    (409, "deletion_in_progress", errors.Conflict),
    (429, "rate_limit_exceeded", errors.RateLimited),
    (500, "internal_error", errors.ServerError),
]
UNKNOWN = [
    (400, "brand_new_code", errors.InvalidRequest),
    (401, "brand_new_code", errors.AuthError),
    (404, "validation_error", errors.InvalidRequest),  # "not found" needs a code that says so
    (400, "session_not_found", errors.NotFound),  # and such a code is enough
    (410, "resource_not_found", errors.NotFound),
    (418, "brand_new_code", errors.InvalidRequest),
    (422, "brand_new_code", errors.InvalidRequest),
    (502, "brand_new_code", errors.ServerError),
    (599, "brand_new_code", errors.ServerError),
]


def refused(status: int, body: bytes) -> HedyError:
    """The error that an answer is decoded to."""
    with pytest.raises(HedyError) as caught:
        protocol.decode(status, body)
    return caught.value


def answer(code: str) -> bytes:
    """An error of the API."""
    return json.dumps({"success": False, "error": {"code": code, "message": OWN}}).encode()


@pytest.mark.parametrize(("status", "code", "kind"), CODES + UNKNOWN)
def test_error_codes(status: int, code: str, kind: type[HedyError]) -> None:
    """Each status and code is one class; 4xx show the server's words, 429 and 5xx a friendly line.

    All say what to do.
    """
    error = refused(status, answer(code))

    assert type(error) is kind
    assert (error.status, error.code) == (status, code)
    assert (error.message == OWN) is (status < 500 and status != 429)
    assert (OWN in str(error)) is (status < 500 and status != 429)
    assert error.advice or status in {418, 422}


@pytest.mark.parametrize(("status", "code", "kind"), CODES)
def test_refusal_with_status_200(status: int, code: str, kind: type[HedyError]) -> None:
    """``success: false`` with status 200 is the error that its code names."""
    error = refused(200, answer(code))

    assert (type(error), error.code) == (kind, code)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"success": False, "error": {"code": "not_found", "message": OWN}}, OWN),
        ({"error": {"code": "not_found", "message": OWN}}, OWN),
        ({"error": {"code": "not_found"}, "message": OWN}, OWN),
        ({"error": "not_found", "message": OWN}, OWN),
        ({"success": False, "code": "not_found", "message": OWN}, OWN),
        ({"status": "error", "code": "not_found", "message": OWN}, OWN),
        ({"error": {"code": "not_found", "message": "two\nlines  \u2028of words"}}, "two lines of words"),
        ({"error": {"code": "not_found", "message": {"deep": 1}}}, None),
        ({"error": "not_found"}, "not_found"),
        ({"success": False, "code": "not_found"}, None),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 404, 410])
def test_error_shapes(status: int, body: dict[str, object], message: str | None) -> None:
    """The code and the message are found in every shape of the envelope.

    Without a message the line still says what happened.
    """
    error = refused(status, json.dumps({"success": False, **body} if status == 200 else body).encode())

    assert (type(error), error.code) == (errors.NotFound, "not_found")
    assert error.message == (message or f"Hedy refuses the request (HTTP {status}).")


FOREIGN = [
    {"success": False, "error": OWN},
    {"success": False},
    {"success": False, "error": {"message": OWN}},
    {"success": False, "error": {"code": "route_missing", "message": OWN}},
    {"error": OWN},
    {"error": "Not Found"},
    {"error": {"code": 404, "message": OWN}},
    {"error": {"code": "NoSuchKey", "message": OWN}},
    {"error": {"message": {"deep": 1}}},
    {"error": None, "message": None},
    {"error": [OWN]},
    {"message": "Not Found"},
    {"message": "Not Found", "code": "not_found"},  # not the envelope
    {"status": 404, "error": "Not Found", "path": "/sessions/x"},
    {"detail": "Not Found"},
    {"errors": [{"code": "session_not_found"}]},
    {},
    [],
    [{"code": "session_not_found"}],
    "session_not_found",
    404,
    None,
]


@pytest.mark.parametrize("body", FOREIGN, ids=json.dumps)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 410, 451])
def test_refusals_of_others(status: int, body: object) -> None:
    """What a proxy or another service refuses says nothing of the account: never "not found", and tried again."""
    whole = isinstance(body, dict) and body.get("error") == {"code": "route_missing", "message": OWN}
    error = refused(status, json.dumps(body).encode())

    if whole and status != 404:  # Hedy's own envelope with a code of tomorrow: its words are shown
        assert type(error) in {errors.InvalidRequest, errors.AuthError, errors.TierError}
        assert (error.code, error.message) == ("route_missing", OWN)
        return
    assert (type(error), error.status) == (errors.ServerError, status)
    assert "not from the Hedy API" in error.message
    assert "base URL" in error.advice
    assert wait_before_retry_s(error, 1, {}) == FAULT_WAIT_S == 2


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"\xff\xfe\x00", b"{", b"[" * 100_000, b"1" * 5000])
@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 408, 409, 410, 429, 500, 502, 503])
def test_answers_that_are_no_json(status: int, body: bytes) -> None:
    """HTML, an empty or a broken body is not the API's; only 429 and 5xx are told by their status."""
    error = refused(status, body)

    assert (type(error), error.status) == (errors.RateLimited if status == 429 else errors.ServerError, status)
    assert ("not from the Hedy API" in error.message) is (status < 429)


@pytest.mark.parametrize(
    ("route", "body", "ident", "good"),
    [
        (routes.SESSION, {"sessionId": "s"}, "s", True),
        (routes.SESSION, {"id": "s"}, "s", True),
        (routes.SESSION, {"sessionId": "", "id": "s"}, "s", True),
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
        assert protocol.detail(route, body, ident)
        return
    with pytest.raises(errors.ServerError, match="not from the Hedy API"):
        protocol.detail(route, body, ident)


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
        protocol.confirmed_deletion(body)
        return
    with pytest.raises(errors.ServerError):
        protocol.confirmed_deletion(body)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 308])
def test_redirects_are_errors(status: int) -> None:
    """A redirect is an error that says that it is not followed."""
    error = refused(status, b"")

    assert (type(error), error.status) == (errors.ServerError, status)
    assert "not followed" in error.message


def test_a_key_in_the_servers_words_is_masked() -> None:
    """A key-like word in message or code of the server is masked, and data is left as it is."""
    planted = "hedy_live_planted0123"

    error = refused(401, json.dumps({"error": {"code": planted, "message": f"Bad key '{planted}'."}}).encode())

    assert planted not in f"{error!r} {error} {error.code} {error.args} {vars(error)}"
    assert protocol.decode(200, json.dumps({"title": planted}).encode()) == {"title": planted}


# Values ------------------------------------------------------------------------

RECORD = {"id": "x", "email": "a@b.c"}


@pytest.mark.parametrize(
    "route", [routes.ME, routes.SESSION, routes.HIGHLIGHT, routes.TOPIC, routes.CONTEXT, routes.SESSION_TODO]
)
@pytest.mark.parametrize("body", [RECORD, {"success": True, "data": RECORD}, {"data": RECORD}])
def test_one_record(route: Route, body: object) -> None:
    """A record is found bare and wrapped, whichever of the two the endpoint is known for."""
    assert protocol.record(route.envelope, body) == RECORD


def test_a_record_with_a_field_called_data() -> None:
    """A bare record that has a field ``data`` is not taken for a wrapper."""
    record = {"id": "x", "data": {"id": "y"}}

    assert protocol.record("bare", record) == record


@pytest.mark.parametrize("body", [[], "text", None, 7, {"success": True, "data": None}, {"success": True, "data": []}])
def test_no_record(body: object) -> None:
    """An answer without a record is not the API's."""
    with pytest.raises(errors.ServerError):
        protocol.record("data", body)


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
    page = protocol.page(route, _named(body, route.lists))

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
        protocol.page(route, _named(around(rows), route.lists))


@pytest.mark.parametrize("name", ["sessions", "highlights", "topics", "contexts", "webhooks"])
def test_a_list_of_another_kind(name: str) -> None:
    """The list of another kind is not taken for the todos."""
    for body in ({name: []}, {"success": True, "data": {name: []}}):
        with pytest.raises(errors.ServerError):
            protocol.page(routes.TODOS, body)


@pytest.mark.parametrize("body", [{"error": REPORT, "data": {"id": "1"}}, {"success": "false", "data": {"id": "1"}}])
def test_a_record_beside_an_error(body: object) -> None:
    """A record in an envelope that reports an error is none."""
    with pytest.raises(errors.ServerError):
        protocol.record("data", body)


def test_rows_that_are_no_objects() -> None:
    """What is no object in a list is dropped, and the rest stays."""
    page = protocol.page(routes.SESSIONS, [None, "x", ROWS[0], [ROWS[1]], 7])

    assert page.records == ROWS[:1]


@pytest.mark.parametrize("body", ["text", 7, {}, {"data": "text"}, {"data": {"id": "x"}}, {"todos": None}])
def test_no_list(body: object) -> None:
    """An answer without a list is not the API's."""
    with pytest.raises(errors.ServerError):
        protocol.page(routes.SESSIONS, body)


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
    """Cursor, "more" and total are read from both kinds of pagination, where each of them stands."""
    plain = protocol.page(routes.SESSIONS, {"success": True, "data": ROWS, "pagination": pagination})
    of_topic = protocol.page(
        routes.TOPIC_SESSIONS, {"success": True, "data": {"sessions": ROWS, "pagination": pagination}}
    )

    for page in (plain, of_topic):
        assert (page.records, page.cursor, page.more, page.total) == (ROWS, cursor, more, total)


# Requests ----------------------------------------------------------------------


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
    assert protocol.path(routes.SESSION, ident) == path


@pytest.mark.parametrize("ident", ["", " ", ".", "..", " .. ", None, 7])
def test_ids_that_are_none(ident: Any) -> None:
    """What would step out of its place, or is no text, is refused."""
    with pytest.raises(errors.UsageError):
        protocol.path(routes.SESSION, ident)


def test_two_ids() -> None:
    """A path with two places takes two ids."""
    assert protocol.path(routes.SESSION_TODO, "s/1", "t 1") == "/sessions/s%2F1/todos/t%201"


def test_query() -> None:
    """A query holds no None, spells booleans as JSON does, and only names that the endpoint knows."""
    assert protocol.query(routes.SESSIONS, {"limit": 5, "after": None}) == {"limit": "5"}
    assert protocol.params({"a": True, "b": None, "c": 0, "d": ""}) == {"a": "true", "c": "0", "d": ""}
    with pytest.raises(errors.UsageError, match="startAfter"):
        protocol.query(routes.SESSIONS, {"startAfter": "x"})
