"""What a request looks like and what an answer means: pure functions, no I/O.

Shapes, error codes and waits are those of the API notes, sections 1 to 3.

An answer counts only if it is Hedy's own. Proxies, login pages and servers under maintenance answer too, with any
status and any body:

- A refusal stands in the error envelope: ``{"success": false, …}``, ``{"error": …}`` or, in the old API, ``{"status",
  "code", "message"}``.
- "Not found" needs one of the codes of ``NOT_FOUND``, whatever the status is: what depends on it (a deletion that is
  done, a meeting that is gone) cannot be taken back.
- A record carries the id that was asked for.
- A list stands in one of the shapes of its endpoint, without an error beside it, and its rows have ids of its kind.

Everything else is a ``ServerError`` and says nothing about the account.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from hedy_jupyter import errors, kinds
from hedy_jupyter.api.routes import Envelope, Route
from hedy_jupyter.errors import HedyError

Record = Mapping[str, Any]

MAX_WAIT_S = 60.0
"""A ``Retry-After`` longer than this is not waited for; the error comes at once."""
RATE_WAIT_S = 60.0
"""What to wait after a 429 that names no time: the documented minute."""
FAULT_WAIT_S = 2.0

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
"""Those of them that may speak of a topic or a context; the others name another kind."""

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
    401: "Check the key and its region in the Hedy app (Settings > API): the API needs a Pro plan with cloud sync, and a new key "
    "replaces the old one.",
    403: "The API needs a Hedy Pro plan with cloud sync.",
    404: "To list what exists: %hedy sessions, %hedy topics, %hedy contexts.",
    409: "Wait until it has finished, then try again.",
    429: "Wait a minute, then try again.",
}


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        records: the rows as the API gave them.
        cursor: what the next page is asked with; None where there is no next page or no way to it.
        more: whether the API says that there is more.
        total: how many there are in all, where the API names it.
    """

    records: list[Record]
    cursor: str | None = None
    more: bool = False
    total: int | None = None


def path(route: Route, *ids: str) -> str:
    """The path of *route* with *ids* quoted into it; see ``filled``."""
    return filled(route.path, *ids)


def filled(template: str, *ids: str) -> str:
    """*template* with *ids* quoted into it, where its ``{}`` are.

    Raises:
        UsageError: an id that is empty or would step out of its place (``.``, ``..``).
    """
    for ident in ids:
        if not isinstance(ident, str) or ident.strip() in {"", ".", ".."}:
            raise errors.UsageError(f"{ident!r} is not an id.", advice="Give the id as a list shows it.")
    return template.format(*(quote(ident.encode("utf-8", "replace"), safe="") for ident in ids))


def query(route: Route, wanted: Mapping[str, object]) -> dict[str, str]:
    """The query of *route*: *wanted* without what is None, as text.

    Raises:
        UsageError: a name that the endpoint does not know.
    """
    unknown = set(wanted) - set(route.query)
    if unknown:
        raise errors.UsageError(f"{route.path} takes no {', '.join(sorted(unknown))}.")
    return params(wanted)


def params(wanted: Mapping[str, object]) -> dict[str, str]:
    """Return *wanted* as query text: None left out, booleans in JSON's spelling.

    Raises:
        UsageError: half of a character (a lone surrogate), which no URL can hold.
    """
    found = {
        name: json.dumps(value) if isinstance(value, bool) else str(value)
        for name, value in wanted.items()
        if value is not None
    }
    for name, text in found.items():
        if any("\ud800" <= sign <= "\udfff" for sign in name + text):
            raise errors.UsageError(
                f"The parameter {name!a} holds half of a character (a lone surrogate): {text!a}.",
                advice="Give it as whole text.",
            )
    return found


def decode(status: int, body: bytes) -> object:
    """Return the JSON of an answer.

    Raises:
        HedyError: the class that *status* and the code in the error envelope stand for.
        ServerError: the answer is not JSON, or a refusal that is not Hedy's.
    """
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        raise failure(status, None) from None
    if not _good(status) or (isinstance(value, dict) and value.get("success") is False):
        raise failure(status, value)
    return value


def failure(status: int, body: object) -> HedyError:
    """Return the error that an answer stands for; *body* is its JSON, or None where it has none."""
    code, message = _code_and_message(body) if _is_refusal(body) else (None, "")
    if status == HTTPStatus.TOO_MANY_REQUESTS:  # also a gateway's: the limit is met, whoever counts
        return errors.RateLimited(
            "Hedy is busy: too many requests in a minute.", advice=_ADVICE_OF_STATUS[status], status=status, code=code
        )
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return errors.ServerError(
            f"The server redirects elsewhere (HTTP {status}); redirects are not followed.",
            advice="Check the base URL.",
            status=status,
            code=code,
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _server_error(status, code)
    meant = _meant(status, code, body)
    if meant is None:
        return not_the_api(status, code, message)
    if meant >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _server_error(status, code)
    advice = _ADVICE_OF_CODE.get(code or "", _ADVICE_OF_STATUS.get(meant, ""))
    kind = _BY_STATUS.get(meant, errors.InvalidRequest)
    return kind(message or f"Hedy refuses the request (HTTP {status}).", advice=advice, status=status, code=code)


def not_the_api(status: int, code: str | None = None, message: str = "") -> HedyError:
    """Return the error for an answer that is not the API's, with what it says of itself."""
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


def _good(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _meant(status: int, code: str | None, body: object) -> int | None:
    """Return the status that a refusal stands for; None where it is not Hedy's.

    A code that this package does not know yet is Hedy's if it stands in the whole envelope, but never says "not found".
    """
    if code in NOT_FOUND:
        return HTTPStatus.NOT_FOUND
    if code is not None and code in _STATUS_OF_CODE:
        return _STATUS_OF_CODE[code] if _good(status) or status == HTTPStatus.NOT_FOUND else status
    unclear = _good(status) or status == HTTPStatus.NOT_FOUND
    return None if unclear or not _is_whole_envelope(body) else status


def _is_refusal(body: object) -> bool:
    """Whether *body* has one of the shapes in which Hedy refuses."""
    return isinstance(body, dict) and (
        body.get("success") is False or "error" in body or {"status", "code", "message"} <= body.keys()
    )


def _is_whole_envelope(body: object) -> bool:
    """Whether *body* is ``{"success": false, "error": {"code", "message"}}``, which no gateway writes by chance."""
    if not isinstance(body, dict) or body.get("success") is not False:
        return False
    error = body.get("error")
    return isinstance(error, dict) and isinstance(error.get("code"), str) and isinstance(error.get("message"), str)


def _code_and_message(body: object) -> tuple[str | None, str]:
    """Return code and message of an error body: ``{error: {code, message}}``, ``{error: "text"}`` or ``{code, message}``."""
    if not isinstance(body, dict):
        return None, ""
    found = body.get("error")
    source = found if isinstance(found, dict) else body
    code, message = source.get("code"), source.get("message") or body.get("message")
    if isinstance(found, str):
        code = found if code is None and found in _STATUS_OF_CODE else code
        message = message if isinstance(message, str) else found
    return (code if isinstance(code, str) else None), (" ".join(message.split()) if isinstance(message, str) else "")


def unwrap(envelope: Envelope, value: object) -> object:
    """The record or list inside an answer; an answer in another of the known shapes is taken as well."""
    if envelope == "topic_sessions" or not isinstance(value, dict):
        return value
    wrapped = "data" in value and ("success" in value or "pagination" in value or set(value) == {"data"})
    return value["data"] if wrapped else value


def record(envelope: Envelope, value: object) -> Record:
    """Return the one record of an answer.

    Raises:
        ServerError: the answer holds none.
    """
    found = unwrap(envelope, value)
    refused = isinstance(value, dict) and bool({"data", "success"} & value.keys()) and _reports_error(value)
    if refused or not isinstance(found, dict):
        raise not_the_api(HTTPStatus.OK)
    return found


def detail(route: Route, value: object, ident: str | None = None) -> Record:
    """Return the record of *route* that an answer holds.

    Args:
        ident: the id that was asked for; None where the endpoint takes none, and any of the names of *route* will do.

    Raises:
        ServerError: the answer holds no record, or one without the id that was asked for.
    """
    found = record(route.envelope, value)
    ids = [text for name in route.ids if (text := _id_text(found.get(name)))]
    if not ids or (ident is not None and ident.strip() not in ids):
        raise not_the_api(HTTPStatus.OK)
    return found


def confirmed_deletion(value: object) -> None:
    """Check that the answer to a DELETE is Hedy's: ``{"success": true, …}``.

    Raises:
        ServerError: it is not.
    """
    if not isinstance(value, dict) or value.get("success") is not True:
        raise not_the_api(HTTPStatus.OK)


def _id_text(value: object) -> str:
    """Return an id as text; empty where *value* is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def page(route: Route, value: object) -> Page:
    """Return the rows of a list answer of *route*, whichever of its documented shapes it has.

    Raises:
        ServerError: there is no list of that kind in it, it reports an error, or none of its rows is a record of that
            kind.
    """
    rows, facts = _rows_and_facts(route.lists, value)
    records: list[Record] = [row for row in rows if isinstance(row, dict)]
    if rows and not any(kinds.identity(route.lists, record) for record in records):
        raise not_the_api(HTTPStatus.OK)
    cursor = facts.get("nextCursor") or facts.get("next")
    total = facts.get("total")
    return Page(
        records=records,
        cursor=str(cursor).encode("utf-8", "replace").decode()
        if cursor and facts.get("hasMore") is not False
        else None,
        more=bool(facts.get("hasMore")),
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def _rows_and_facts(name: str, value: object) -> tuple[list[object], Mapping[str, Any]]:
    """Return the rows of a list answer and its pagination.

    The shapes are a bare array, ``{"data": […]}``, ``{name: […]}`` and ``{"data": {name: […]}}``, each with ``success``
    or ``pagination`` beside it or without. Other members may only stand beside a ``success`` that is true.

    Raises:
        ServerError: it has none of these shapes.
    """
    if isinstance(value, list):
        return value, {}
    if isinstance(value, dict) and not _reports_error(value):
        key = "data" if "data" in value else name
        is_ours = value.get("success") is True or value.keys() <= {key, "pagination"}
        inner = value.get(key)
        holder, rows = (
            (inner, inner.get(name)) if isinstance(inner, dict) and not _reports_error(inner) else (value, inner)
        )
        if is_ours and isinstance(rows, list):
            facts = holder.get("pagination", value.get("pagination"))
            return rows, facts if isinstance(facts, dict) else {}
    raise not_the_api(HTTPStatus.OK)


def _reports_error(value: Mapping[str, object]) -> bool:
    """Whether an envelope says that something went wrong, whatever else is in it."""
    return bool(value.get("error") or value.get("errors")) or value.get("success", True) is not True


def retry_after_s(header: str | None, now: datetime | None = None) -> float | None:
    """The seconds that a ``Retry-After`` header asks for, in either of its forms; None where it has none that reads."""
    if not header:
        return None
    try:
        return max(0.0, float(header)) if float(header) < float("inf") else None
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - (now or datetime.now(UTC))).total_seconds())


def wait_before_retry_s(
    error: HedyError, attempt: int, asked_s: float | None, reset_s: float | None = None
) -> float | None:
    """How long to wait before a GET is sent again; None where it is not.

    A GET that failed with 429, 5xx, no answer or an answer that is not the API's is sent once more: after what
    ``Retry-After`` says (*asked_s*), else after a 429 when the limit is reset (*reset_s*) or a minute is over, and
    after 2 s for the rest. What asks for more than a minute is not waited for, and an error that is final is not
    repeated.
    """
    if attempt > 1 or error.final or not isinstance(error, errors.RateLimited | errors.ServerError | errors.Offline):
        return None
    if asked_s is not None:
        return asked_s if asked_s <= MAX_WAIT_S else None
    if isinstance(error, errors.RateLimited):
        return RATE_WAIT_S if reset_s is None else reset_s
    return FAULT_WAIT_S
