"""Which error the status and body of an answer mean, row by row of the API notes."""

from __future__ import annotations

import json

import pytest

from hedy_jupyter import errors
from hedy_jupyter.api import wire_format
from hedy_jupyter.api.retry import FAULT_WAIT_S, wait_before_retry_s
from hedy_jupyter.errors import HedyError

OWN = "The server's own words."


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
        wire_format.decode(status, body)
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
    """HTML, an empty or a broken body is not the API's; only 429 and 5xx are recognized by their status."""
    error = refused(status, body)

    assert (type(error), error.status) == (errors.RateLimited if status == 429 else errors.ServerError, status)
    assert ("not from the Hedy API" in error.message) is (status < 429)


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
    assert wire_format.decode(200, json.dumps({"title": planted}).encode()) == {"title": planted}
