"""What a delivery says: from the raw body, whose signature was verified, to the values that the archive keeps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from hedy_jupyter import kinds
from hedy_jupyter.api import signatures
from hedy_jupyter.archive.events import Delivered
from hedy_jupyter.errors import UsageError
from hedy_jupyter.text.clean import without_surrogates

TEST = "test"
"""The status of a delivery of the button "Test Webhook", which is about no meeting."""
HIGHLIGHT, TODO = "highlight.created", "todo.exported"
SESSION_EVENTS = ("session.created", "session.ended", "session.exported")
"""The events whose fields are those of a session; ``HIGHLIGHT`` and ``TODO`` are about one item of one."""
_ITEMS: Mapping[str, kinds.Kind] = {HIGHLIGHT: kinds.HIGHLIGHT, TODO: kinds.TODO}
_NAME_LENGTH, _TITLE_LENGTH = 200, 500


class _Parsed:
    """The JSON of a body, and whether an object in it names a field twice."""

    def __init__(self, body: bytes) -> None:
        self.repeats_a_field = False
        self.value = json.loads(body, object_pairs_hook=self._object, parse_constant=lambda _: None)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        self.repeats_a_field |= len(found) < len(pairs)
        return found


def read(body: bytes, header: str | None) -> Delivered:
    """Return what the archive keeps of the delivery *body*.

    Args:
        body: the raw body.
        header: ``X-Hedy-Event``, for a body that names no event.

    Raises:
        UsageError: the body is not a JSON object, or nothing names the event.
    """
    parsed = _parsed(body)
    event = signatures.read_event(parsed.value, header=header)
    name, payload = without_surrogates(event.name)[:_NAME_LENGTH], event.payload
    item = _ITEMS.get(name)
    is_session = name in SESSION_EVENTS
    found = kinds.SESSION.identity(payload) if is_session else kinds.id_of(payload.get("sessionId"))
    return Delivered(
        digest=_digest(name, payload, body, exactly=parsed.repeats_a_field),
        event=name,
        session_id=found or "",
        item_id=(item.identity(payload) or "") if item else "",
        title=_title(payload),
        body=body,
    )


def payload_of(body: bytes, event: str) -> signatures.Event:
    """Return the event of a body that ``read`` has accepted."""
    return signatures.read_event(_parsed(body).value, header=event)


def _parsed(body: bytes) -> _Parsed:
    try:
        parsed = _Parsed(body)
    except (ValueError, RecursionError):
        parsed = None
    if parsed is None or not isinstance(parsed.value, dict):
        raise UsageError("The body of the delivery is not a JSON object.")
    return parsed


def _digest(name: str, payload: Mapping[str, Any], body: bytes, *, exactly: bool) -> str:
    """Return what is the same for a delivery that comes again: Hedy sends no id, so event and content decide.

    With *exactly* every byte counts: which of two values of one field is meant cannot be told.
    """
    try:
        content = {field: value for field, value in payload.items() if field != "event"}
        text = json.dumps([name, content], sort_keys=True, separators=(",", ":")).encode()
    except RecursionError:
        exactly = True
    return hashlib.sha256(body if exactly else text).hexdigest()


def _title(payload: Mapping[str, Any]) -> str | None:
    """Return what people call the subject of the delivery by."""
    texts = (payload.get(field) for field in ("title", "text", "message"))
    found = next((text for text in texts if isinstance(text, str) and text.strip()), None)
    return found and without_surrogates(found)[:_TITLE_LENGTH]
