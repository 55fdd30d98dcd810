"""Deliveries as Hedy sends them, for the tests of the receiver."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

SECRET = "whsec_planted_4711"


def signature(body: bytes, secret: str = SECRET) -> str:
    """What Hedy puts into ``X-Hedy-Signature``; made without the package."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes, secret: str = SECRET, event: str = "") -> dict[str, str]:
    """The headers of a genuine delivery."""
    return {"X-Hedy-Signature": signature(body, secret), "X-Hedy-Event": event, "Content-Type": "application/json"}


def ended(number: int = 1, **more: Any) -> dict[str, Any]:
    """A flat ``session.ended``, with the keys that live ones have."""
    return {
        "event": "session.ended",
        "sessionId": f"sess_{number:06}",
        "title": f"Harbour meeting {number}",
        "startTime": "2026-03-01T10:00:00Z",
        "endTime": "2026-03-01T10:30:00Z",
        "duration": 30,
        "sessionType": "meeting",
        "transcript": f"Ada: the gasket number{number} leaks. Noor: order another.",
        "conversations": "Q: Who orders?\nA: Noor.",
        "structured_conversations": [
            {"type": "suggestion", "question": None, "answer": "Order two.", "timestamp": 1772359200000}
        ],
        "meeting_minutes": "## Key Decisions\n- Order a gasket",
        "recap": "A gasket leaks.",
        "session_notes": '[{"insert":"Ask first\\n"}]',
        "highlights": [{"highlightId": f"high_{number}", "title": "It leaks", "timeIndex": 1000}],
    } | more


def highlight(number: int = 1, **more: Any) -> dict[str, Any]:
    """A wrapped ``highlight.created``."""
    data = {
        "id": f"high_{number}",
        "sessionId": f"sess_{number:06}",
        "timestamp": "2026-03-01T10:05:00Z",
        "timeIndex": 300_000,
        "title": f"Lantern idea {number}",
        "rawQuote": "we should buy a lantern",
        "mainIdea": "Buy a lantern",
    }
    return {"event": "highlight.created", "timestamp": "2026-03-01T10:05:01Z", "data": data | more}


def todo(number: int = 1, **more: Any) -> dict[str, Any]:
    """A flat ``todo.exported``."""
    return {
        "event": "todo.exported",
        "id": f"todo_{number}",
        "sessionId": f"sess_{number:06}",
        "text": f"Order the gasket {number}",
        "dueDate": "Tomorrow",
    } | more


def ping(message: str = "This is a test webhook") -> dict[str, Any]:
    """What the button "Test Webhook" sends."""
    return {"event": "session.ended", "data": {"message": message, "timestamp": "2026-03-01T09:00:00Z"}}


def raw(event: dict[str, Any]) -> bytes:
    """The body of *event*."""
    return json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass")
