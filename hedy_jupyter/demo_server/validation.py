"""Validation of requests: what the API refuses, and with which status, code and message."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from hedy_jupyter.demo_server.schedule import Record

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
EVENTS = (
    "session.created",
    "session.ended",
    "session.exported",
    "highlight.created",
    "todo.exported",
    "suggestion.created",
)


class Refusal(Exception):
    """A response in the error envelope."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


class Rule(NamedTuple):
    """The type and size of a field of a body; ``clearable`` where a PATCH may set it to null."""

    kind: type
    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None
    clearable: bool = False


TOPIC = {
    "name": Rule(str, 1, 100),
    "description": Rule(str, 0, 500),
    "color": Rule(str, pattern=r"#[0-9A-Fa-f]{6}"),
    "iconName": Rule(str),
    "topicContext": Rule(str, 0, 20_000, clearable=True),
}
CONTEXT = {"title": Rule(str, 1, 200), "content": Rule(str, 0, 20_000), "isDefault": Rule(bool)}


def page(records: list[Record], name: str, query: Mapping[str, str], cursor: str) -> tuple[list[Record], bool]:
    """Return the page that *query* names, and whether another follows.

    The cursor is the id (*name*) of the last record before the page.
    """
    size = _page_size(query.get("limit", str(DEFAULT_PAGE_SIZE)))
    start = 0
    if after := query.get(cursor):
        start = next((place for place, record in enumerate(records, 1) if record[name] == after), 0)
        if not start:
            raise Refusal(400, "invalid_parameter", f"{cursor} is not a known cursor")
    return records[start : start + size], start + size < len(records)


def _page_size(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise Refusal(400, "invalid_parameter", "limit must be a whole number")
    if not 1 <= int(text) <= MAX_PAGE_SIZE:
        raise Refusal(400, "invalid_page_size", f"limit must be between 1 and {MAX_PAGE_SIZE}")
    return int(text)


def fields(body: bytes, rules: Mapping[str, Rule], *, required: str | None = None) -> Record:
    """Return the known fields of a body, each checked; with *required* it is a creation, without it a change.

    Other fields are ignored.
    """
    given = {name: value for name, value in _object(body).items() if name in rules}
    if required and required not in given:
        raise _invalid(f"{required} is required")
    if not given:
        raise _invalid("At least one field is required")
    for name, value in given.items():
        if not (value is None and rules[name].clearable and not required):
            _check(name, value, rules[name])
    return given


def _check(name: str, value: Any, rule: Rule) -> None:
    if not isinstance(value, rule.kind):
        raise _invalid(f"{name} must be a {'boolean' if rule.kind is bool else 'string'}")
    text = str(value)
    if rule.max_length is not None and not rule.min_length <= len(text) <= rule.max_length:
        raise _invalid(f"{name} must have {rule.min_length} to {rule.max_length} characters")
    if rule.pattern and not re.fullmatch(rule.pattern, text):
        raise _invalid(f"{name} must have the form #RRGGBB")


def webhook(body: bytes) -> Record:
    """Return ``url`` and ``events`` of a new webhook, checked."""
    given = _object(body)
    if not isinstance(given.get("url"), str):
        raise _invalid("url is required")
    if not _is_https(given["url"]):
        raise Refusal(400, "invalid_webhook_url", "The webhook URL must be a valid HTTPS URL")
    return {"url": given["url"], "events": _events(given)}


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "https"
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
            and not re.search(r"\s", url)
        )
    except ValueError:
        return False


def _events(given: Record) -> list[str]:
    single, several = given.get("event"), given.get("events")
    if not single and not several:
        raise Refusal(400, "missing_event", f"event or events is required, of: {', '.join(EVENTS)}")
    if single and single not in EVENTS:
        raise Refusal(400, "invalid_event", f"event must be one of: {', '.join(EVENTS)}")
    if several and not (isinstance(several, list) and all(event in EVENTS for event in several)):
        raise Refusal(400, "invalid_events", f"events must be of: {', '.join(EVENTS)}")
    return list(dict.fromkeys([*([single] if single else []), *(several or [])]))


def _object(body: bytes) -> Record:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise _invalid("The body is not JSON") from None
    if not isinstance(value, dict):
        raise _invalid("The body must be a JSON object")
    return value


def _invalid(message: str) -> Refusal:
    return Refusal(400, "validation_error", message)
