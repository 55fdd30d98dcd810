"""``/docs``: an OpenAPI document made from the table of routes."""

from __future__ import annotations

import re
from typing import Any

from hedy_jupyter.demo.checks import CONTEXT, EVENTS, PAGE_DEFAULT, PAGE_MOST, TOPIC, Rule
from hedy_jupyter.demo.endpoints import ROUTES, Route

Json = dict[str, Any]
_QUERY: dict[str, Json] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": PAGE_DEFAULT},
    "after": {"type": "string"},
    "startAfter": {"type": "string"},
    "format": {"type": "string", "enum": ["zapier"]},
}


def openapi() -> Json:
    """The document."""
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault(route.pattern, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Hedy API (demo)", "version": "1.0.0"},
        "servers": [{"url": "/"}, {"url": "/v1"}],
        "paths": paths,
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}],
    }


def _operation(route: Route) -> Json:
    names = re.findall(r"{(\w+)}", route.pattern)
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    parameters += [{"name": name, "in": "query", "schema": _QUERY[name]} for name in route.query]
    status = "201" if route.answer.__name__ in {"create_topic", "create_context"} else "200"
    operation: Json = {
        "summary": (route.answer.__doc__ or "").strip(),
        "parameters": parameters,
        "responses": {status: {"description": "OK"}},
    }
    if route.method in {"POST", "PATCH"}:
        operation["requestBody"] = {"content": {"application/json": {"schema": _body(route)}}}
    return operation


def _body(route: Route) -> Json:
    if route.pattern == "/webhooks":
        event = {"type": "string", "enum": list(EVENTS)}
        properties: Json = {"url": {"type": "string", "format": "uri"}, "event": event, "events": {"type": "array", "items": event}}
        return {"type": "object", "properties": properties, "required": ["url"]}
    rules = TOPIC if route.pattern.startswith("/topics") else CONTEXT
    schema: Json = {"type": "object", "properties": {name: _schema(rule) for name, rule in rules.items()}}
    return schema | ({"required": [next(iter(rules))]} if route.method == "POST" else {})


def _schema(rule: Rule) -> Json:
    schema: Json = {"type": "boolean" if rule.kind is bool else "string"}
    if rule.most is not None:
        schema |= {"minLength": rule.least, "maxLength": rule.most}
    if rule.pattern:
        schema["pattern"] = f"^{rule.pattern}$"
    return schema | ({"nullable": True} if rule.clearable else {})
