"""Signatures of Hedy's webhooks: whether a delivery is genuine, and what it says (section 4 of the API notes).

Verify first, then read; without a secret nothing is genuine::

    >>> from hedy_jupyter.api.signatures import read_event, sign, verify
    >>> secret = "whsec_from_the_app"
    >>> body = b'{"event": "highlight.created", "highlightId": "high_1", "title": "Ship on Monday"}'
    >>> headers = {"X-Hedy-Signature": sign(body, secret)}  # Hedy sends this one
    >>> def receive(body, headers, secret):
    ...     if not verify(body, headers.get("X-Hedy-Signature"), secret):
    ...         return 401
    ...     event = read_event(body)
    ...     print(event.name, "test" if event.test else event.payload["title"])
    ...     return 200
    >>> receive(body, headers, secret)
    highlight.created Ship on Monday
    200
    >>> receive(body + b" ", headers, secret), receive(body, {}, secret), receive(body, headers, "")
    (401, 401, 401)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hedy_jupyter.errors import UsageError

_HEX = re.compile(r"(?:sha256=)?([0-9a-f]{64})", re.IGNORECASE | re.ASCII)
_TEST_FIELDS = {"message", "timestamp"}


@dataclass(frozen=True)
class Event:
    """One delivery of a webhook.

    Attributes:
        name: such as ``"session.ended"``; undocumented names are kept as they are.
        payload: its fields by the API's names: the ``data`` of a wrapped delivery, the whole body of a flat one.
        timestamp: when it was sent, UTC; None where the delivery does not say.
        test: whether it comes from the button "Test Webhook" and is about no meeting.
    """

    name: str
    payload: Mapping[str, Any]
    timestamp: datetime | None = None
    test: bool = False


def sign(body: bytes, secret: str | bytes) -> str:
    """Return the ``X-Hedy-Signature`` of *body*: the HMAC-SHA256 of its raw bytes, in lowercase hex.

    Raises:
        UsageError: *body* is not bytes, or there is no secret.
    """
    if not isinstance(body, bytes | bytearray | memoryview):
        raise UsageError(
            "A signature is made from the raw bytes of the body.",
            advice="Pass the body before it is decoded or parsed.",
        )
    if not isinstance(secret, str | bytes) or not secret:
        raise UsageError(
            "There is no secret to sign with.", advice="The Hedy app shows it once, when the webhook is created there."
        )
    key = secret.encode("utf-8", "surrogatepass") if isinstance(secret, str) else secret
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def verify(body: bytes, signature: str | None, secret: str | bytes | None) -> bool:
    """Return whether *signature*, from ``X-Hedy-Signature``, is that of *body* under *secret*.

    Anything unusable is False, never an error.

    Args:
        body: the raw bytes as received; JSON that was parsed and written again has another signature.
        signature: the header; a prefix ``sha256=`` and upper case are accepted.
        secret: the secret of the webhook; without one nothing is genuine.
    """
    found = _HEX.fullmatch(signature.strip()) if isinstance(signature, str) else None
    if found is None or secret is None:
        return False
    try:
        return hmac.compare_digest(sign(body, secret), found[1].lower())
    except UsageError:
        return False


def read_event(body: bytes | str | Mapping[str, Any], *, header: str | None = None) -> Event:
    """Return what a delivery says, flat or wrapped, of a known event or another.

    Args:
        body: the body as received, or its JSON.
        header: ``X-Hedy-Event``, for a body that names no event; the body, which is signed, comes first.

    Raises:
        UsageError: the body is not a JSON object, or nothing names the event.
    """
    found = _object(body)
    name = next((name for name in (found.get("event"), header) if isinstance(name, str) and name), None)
    if name is None:
        raise UsageError(
            "The delivery names no event.", advice="Pass its header: read_event(body, header=headers['X-Hedy-Event'])."
        )
    data = found.get("data")
    wrapped = isinstance(data, Mapping)
    payload = dict(data) if isinstance(data, Mapping) else dict(found)
    test = "message" in payload and set(payload) - {"event"} <= _TEST_FIELDS
    # beside the fields of a flat highlight the timestamp is that of the highlight
    source = found if wrapped and found.get("timestamp") else payload if test else {}
    return Event(name, payload, _instant(source.get("timestamp")), test)


def _object(body: bytes | str | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(body, Mapping):
        return body
    try:
        found = json.loads(body)
    except (ValueError, TypeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UsageError("The body of the delivery is not a JSON object.")
    return found


def _instant(value: object) -> datetime | None:
    """Return *value*, ISO 8601 or epoch milliseconds, as a time in UTC; None where it is neither."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
