"""Error responses: which exception the status and body of an answer mean, as pure functions without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from hedy_jupyter import errors
from hedy_jupyter.errors import HedyError

NOT_FOUND = frozenset(
    {
        "session_not_found",
        "highlight_not_found",
        "todo_not_found",
        "webhook_not_found",
        "not_found",
        "resource_not_found",
    }
)
"""The codes with which Hedy says that something does not exist."""

TOPIC_OR_CONTEXT_NOT_FOUND = frozenset({"not_found", "resource_not_found"})
"""Those of them that may be about a topic or a context; the others name another kind."""

_BY_STATUS: Mapping[int, type[HedyError]] = {
    401: errors.AuthError,
    403: errors.TierError,
    404: errors.NotFound,
    409: errors.Conflict,
    429: errors.RateLimited,
}
_STATUS_OF_CODE: Mapping[str, int] = {
    "validation_error": 400,
    "invalid_page_size": 400,
    "invalid_parameter": 400,
    "invalid_webhook_url": 400,
    "missing_event": 400,
    "invalid_event": 400,
    "invalid_events": 400,
    "webhook_limit_exceeded": 400,
    "deletion_limit_exceeded": 400,
    "missing_api_key": 401,
    "invalid_api_key": 401,
    "authentication_failed": 401,
    "tier_limit_exceeded": 403,
    "context_limit_exceeded": 403,
    **dict.fromkeys(NOT_FOUND, 404),
    "deletion_in_progress": 409,
    "rate_limit_exceeded": 429,
    "internal_error": 500,
}
_ADVICE_OF_CODE: Mapping[str, str] = {
    "webhook_limit_exceeded": "Delete a webhook that is no longer used, then try again.",
    "deletion_limit_exceeded": "Some sessions were unlinked, the topic is still there: finish in the Hedy app.",
    "context_limit_exceeded": "The free plan holds one context: edit that one, or move to Hedy Pro.",
    "session_not_found": "See %hedy sessions for the sessions there are.",
    "highlight_not_found": "See %hedy highlights for the highlights there are.",
    "todo_not_found": "See %hedy todos for the todos there are.",
    "webhook_not_found": "See %hedy webhooks for the webhooks there are.",
}
_ADVICE_OF_STATUS: Mapping[int, str] = {
    400: "Check the values of the request.",
    401: "Check the key and its region in the Hedy app (Settings > API): "
    "the API needs a Pro plan with cloud sync, and a new key replaces the old one.",
    403: "The API needs a Hedy Pro plan with cloud sync.",
    404: "To list what exists: %hedy sessions, %hedy topics, %hedy contexts.",
    409: "Wait until it has finished, then try again.",
    429: "Wait a minute, then try again.",
}


def error_for(status: int, body: object) -> HedyError:
    """Return the error that an answer means; *body* is its JSON, or None where it has none."""
    code, message = _code_and_message(body) if _is_refusal(body) else (None, "")
    if status == HTTPStatus.TOO_MANY_REQUESTS:  # also a gateway's: the limit is reached, whoever counts
        return rate_limited(code)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return errors.ServerError(
            f"The server redirects elsewhere (HTTP {status}); redirects are not followed.",
            advice="Check the base URL.",
            status=status,
            code=code,
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _server_error(status, code)
    intended = _intended_status(status, code, body)
    if intended is None:
        return not_the_api(status, code, message)
    if intended >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _server_error(status, code)
    advice = _ADVICE_OF_CODE.get(code or "", _ADVICE_OF_STATUS.get(intended, ""))
    kind = _BY_STATUS.get(intended, errors.InvalidRequest)
    return kind(message or f"Hedy refuses the request (HTTP {status}).", advice=advice, status=status, code=code)


def rate_limited(code: str | None = None) -> HedyError:
    """Return the error for a 429, whoever sent it."""
    status = HTTPStatus.TOO_MANY_REQUESTS.value
    return errors.RateLimited(
        "Hedy is busy: too many requests in a minute.", advice=_ADVICE_OF_STATUS[status], status=status, code=code
    )


def not_the_api(status: int, code: str | None = None, message: str = "") -> HedyError:
    """Return the error for an answer that is not the API's, with the code and message that it carries."""
    said = f", {code}" if code else ""
    text = f' It says "{message}".' if message else ""
    advice = (
        "Check the base URL"
        if status == HTTPStatus.NOT_FOUND
        else "Check the base URL and whether a proxy or a login page answers"
    )
    return errors.ServerError(
        f"The answer is not from the Hedy API (HTTP {status}{said}).{text}",
        advice=f"{advice}, or try again in a moment.",
        status=status,
        code=code,
    )


def _server_error(status: int, code: str | None) -> HedyError:
    reason = f"HTTP {status}" if code is None else code
    return errors.ServerError(
        f"Hedy's server reported an error ({reason}).", advice="Try again in a moment.", status=status, code=code
    )


def is_success(status: int) -> bool:
    """Return whether an HTTP status means success."""
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _intended_status(status: int, code: str | None, body: object) -> int | None:
    """Return the status that a refusal means; None where it is not Hedy's.

    A code that is not in the tables above is Hedy's if it is in the whole envelope, but never means "not found".
    """
    if code in NOT_FOUND:
        return HTTPStatus.NOT_FOUND
    if code is not None and code in _STATUS_OF_CODE:
        return _STATUS_OF_CODE[code] if is_success(status) or status == HTTPStatus.NOT_FOUND else status
    unclear = is_success(status) or status == HTTPStatus.NOT_FOUND
    return None if unclear or not _is_whole_envelope(body) else status


def _is_refusal(body: object) -> bool:
    """Return whether *body* has one of the shapes of Hedy's refusals."""
    return isinstance(body, dict) and (
        body.get("success") is False or "error" in body or {"status", "code", "message"} <= body.keys()
    )


def _is_whole_envelope(body: object) -> bool:
    """Return whether *body* is ``{"success": false, "error": {"code", "message"}}``, as no gateway writes by chance."""
    if not isinstance(body, dict) or body.get("success") is not False:
        return False
    error = body.get("error")
    return isinstance(error, dict) and isinstance(error.get("code"), str) and isinstance(error.get("message"), str)


def _code_and_message(body: object) -> tuple[str | None, str]:
    """Return code and message of an error body.

    Its shape is ``{error: {code, message}}``, ``{error: "text"}`` or ``{code, message}``.
    """
    if not isinstance(body, dict):
        return None, ""
    found = body.get("error")
    source = found if isinstance(found, dict) else body
    code, message = source.get("code"), source.get("message") or body.get("message")
    if isinstance(found, str):
        code = found if code is None and found in _STATUS_OF_CODE else code
        message = message if isinstance(message, str) else found
    return (code if isinstance(code, str) else None), (" ".join(message.split()) if isinstance(message, str) else "")
