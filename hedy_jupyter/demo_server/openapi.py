"""The OpenAPI document of ``/docs``, made from the table of routes; its head is that of the live API's document."""

from __future__ import annotations

import re
from typing import Any

from hedy_jupyter.demo_server.endpoints import ROUTES, Route
from hedy_jupyter.demo_server.validation import CONTEXT, DEFAULT_PAGE_SIZE, EVENTS, MAX_PAGE_SIZE, TOPIC, Rule

Json = dict[str, Any]
_TAGS = {
    "/sessions": "Sessions",
    "/highlights": "Highlights",
    "/webhooks": "Webhooks",
    "/todos": "Todos",
    "/topics": "Topics",
    "/contexts": "Session Contexts",
}
_PARAMETERS: dict[str, Json] = {
    "paginationLimit": {
        "name": "limit",
        "in": "query",
        "description": "How many items a page has",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
    },
    "paginationAfter": {
        "name": "after",
        "in": "query",
        "description": "The cursor of the page before, from pagination.next",
        "schema": {"type": "string"},
    },
    "formatParam": {
        "name": "format",
        "in": "query",
        "description": "zapier gives a list without its envelope",
        "schema": {"type": "string", "enum": ["zapier"]},
    },
}
_SHARED = {parameter["name"]: {"$ref": f"#/components/parameters/{key}"} for key, parameter in _PARAMETERS.items()}
_START_AFTER = {
    "name": "startAfter",
    "in": "query",
    "description": "The cursor of the page before, from data.pagination.nextCursor",
    "schema": {"type": "string"},
}
_ERROR = {
    "type": "object",
    "required": ["success", "error"],
    "properties": {
        "success": {"type": "boolean", "enum": [False]},
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        },
    },
}


def openapi() -> Json:
    """Return the OpenAPI document."""
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault(route.pattern, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.0.4",
        "info": {
            "title": "Hedy API",
            "version": "1.5.0",
            "description": "A model of the Hedy API: the demo account of hedy_jupyter.",
        },
        "servers": [
            {"url": "https://api.hedy.bot/", "description": "Production server (US)"},
            {"url": "https://eu-api.hedy.bot/", "description": "Production server (EU)"},
        ],
        "tags": [{"name": name} for name in _TAGS.values()],
        "paths": paths,
        "components": {
            "parameters": _PARAMETERS,
            "responses": {"Error": {"description": "An error", "content": {"application/json": {"schema": _ERROR}}}},
            "securitySchemes": {"ApiKeyAuth": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"ApiKeyAuth": []}],
    }


def _operation(route: Route) -> Json:
    names = re.findall(r"{(\w+)}", route.pattern)
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    parameters += [_SHARED.get(name, _START_AFTER) for name in route.query]
    status = "201" if route.answer.__name__ in {"create_topic", "create_context"} else "200"
    operation: Json = {
        "operationId": route.answer.__name__,
        "summary": (route.answer.__doc__ or "").strip(),
        "tags": [tag for path, tag in _TAGS.items() if route.pattern.startswith(path)],
        "parameters": parameters,
        "responses": {status: {"description": "OK"}, "default": {"$ref": "#/components/responses/Error"}},
    }
    if route.method in {"POST", "PATCH"}:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _body(route)}}}
    return operation


def _body(route: Route) -> Json:
    if route.pattern == "/webhooks":
        event = {"type": "string", "enum": list(EVENTS)}
        properties: Json = {
            "url": {"type": "string", "format": "uri"},
            "event": event,
            "events": {"type": "array", "items": event},
        }
        return {"type": "object", "properties": properties, "required": ["url"]}
    rules = TOPIC if route.pattern.startswith("/topics") else CONTEXT
    schema: Json = {"type": "object", "properties": {name: _schema(rule) for name, rule in rules.items()}}
    return schema | ({"required": [next(iter(rules))]} if route.method == "POST" else {})


def _schema(rule: Rule) -> Json:
    schema: Json = {"type": "boolean" if rule.kind is bool else "string"}
    if rule.max_length is not None:
        schema |= {"minLength": rule.min_length, "maxLength": rule.max_length}
    if rule.pattern:
        schema["pattern"] = f"^{rule.pattern}$"
    return schema | ({"nullable": True} if rule.clearable else {})
