"""The protocol of the API: how requests are written and answers are read, as pure functions without I/O.

Shapes and error codes are those of the API notes, sections 1 to 3.

An answer counts only if it is Hedy's. Proxies, login pages and servers under maintenance answer too, with any status
and any body:

- A refusal has the error envelope: ``{"success": false, …}``, ``{"error": …}`` or, in the old API, ``{"status", "code",
  "message"}``.
- "Not found" needs one of the codes of ``error_responses.NOT_FOUND``, whatever the status is: what depends on it (a
  deletion that is done, a meeting that is gone) cannot be undone.
- A record carries the id that was requested.
- A list has one of the shapes of its endpoint, without an error beside it, and its rows have ids of its kind.

Everything else is a ``ServerError`` and says nothing about the account.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from hedy_jupyter import errors, kinds
from hedy_jupyter.api.error_responses import error_for, is_success, not_the_api
from hedy_jupyter.api.routes import Envelope, Route
from hedy_jupyter.text import json_decoder
from hedy_jupyter.text.clean import has_surrogates

Record = Mapping[str, Any]


@dataclass(frozen=True)
class ListPage:
    """One page of a list.

    Attributes:
        records: the rows as the API gave them.
        cursor: the parameter of the request for the next page; None where the API gives none.
        more: whether the API says that there is more.
        total: how many there are in all, where the API names it.
    """

    records: list[Record]
    cursor: str | None = None
    more: bool = False
    total: int | None = None


def path(route: Route, *ids: str) -> str:
    """Return the path of *route* with *ids* quoted into it; see ``fill_path``."""
    return fill_path(route.path, *ids)


def fill_path(template: str, *ids: str) -> str:
    """Return *template* with *ids* quoted into it, where its ``{}`` are.

    Raises:
        UsageError: an id that is empty or would change the path (``.``, ``..``).
    """
    for ident in ids:
        if not isinstance(ident, str) or ident.strip() in {"", ".", ".."}:
            raise errors.UsageError(f"{ident!r} is not an id.", advice="Give the id as a list shows it.")
    return template.format(*(quote(ident.encode("utf-8", "replace"), safe="") for ident in ids))


def query(route: Route, wanted: Mapping[str, object]) -> dict[str, str]:
    """Return the query of *route*: *wanted* without what is None, as text.

    Raises:
        UsageError: a name that the endpoint does not take.
    """
    unknown = set(wanted) - set(route.query)
    if unknown:
        raise errors.UsageError(f"{route.path} takes no {', '.join(sorted(unknown))}.")
    return params(wanted)


def params(wanted: Mapping[str, object]) -> dict[str, str]:
    """Return *wanted* as query text: None left out, booleans in JSON's spelling.

    Raises:
        UsageError: half of a character (a lone surrogate), which no URL can contain.
    """
    found = {
        name: json.dumps(value) if isinstance(value, bool) else str(value)
        for name, value in wanted.items()
        if value is not None
    }
    for name, text in found.items():
        if has_surrogates(name + text):
            raise errors.UsageError(
                f"The parameter {name!a} contains half of a character (a lone surrogate): {text!a}.",
                advice="Give it as whole text.",
            )
    return found


def decode(status: int, body: bytes) -> object:
    """Return the JSON of an answer.

    Raises:
        HedyError: of the class that *status* and the code in the error envelope mean.
        ServerError: the answer is not JSON, or a refusal that is not Hedy's.
    """
    try:
        value = json_decoder.decode(body)
    except (ValueError, RecursionError):
        raise error_for(status, None) from None
    if not is_success(status) or (isinstance(value, dict) and value.get("success") is False):
        raise error_for(status, value)
    return value


def unwrap(envelope: Envelope, value: object) -> object:
    """Return the record or list inside an answer, whichever of the known shapes it has."""
    if envelope == "topic_sessions" or not isinstance(value, dict):
        return value
    wrapped = "data" in value and ("success" in value or "pagination" in value or set(value) == {"data"})
    return value["data"] if wrapped else value


def record(envelope: Envelope, value: object) -> Record:
    """Return the one record of an answer.

    Raises:
        ServerError: the answer contains none.
    """
    found = unwrap(envelope, value)
    refused = isinstance(value, dict) and bool({"data", "success"} & value.keys()) and _reports_error(value)
    if refused or not isinstance(found, dict):
        raise not_the_api(HTTPStatus.OK)
    return found


def detail(route: Route, value: object, ident: str | None = None) -> Record:
    """Return the record of *route* in an answer.

    Args:
        ident: the id that was requested; None where the endpoint takes none, and any id of the record will do.

    Raises:
        ServerError: the answer contains no record, or one without the id that was requested.
    """
    found = record(route.envelope, value)
    ids = [text.strip() for name in route.ids if (text := kinds.id_of(found.get(name)))]
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


def page(route: Route, value: object) -> ListPage:
    """Return the rows of a list answer of *route*, whichever of its documented shapes it has.

    Raises:
        ServerError: there is no list of that kind in it, it reports an error, or none of its rows is a record of that
            kind.
    """
    rows, pagination = _rows_and_pagination(route.lists, value)
    records: list[Record] = [row for row in rows if isinstance(row, dict)]
    if rows and not any(kinds.identity(route.lists, record) for record in records):
        raise not_the_api(HTTPStatus.OK)
    cursor = pagination.get("nextCursor") or pagination.get("next")
    has_next = cursor and pagination.get("hasMore") is not False
    total = pagination.get("total")
    return ListPage(
        records=records,
        cursor=str(cursor).encode("utf-8", "replace").decode() if has_next else None,
        more=bool(pagination.get("hasMore")),
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def _rows_and_pagination(name: str, value: object) -> tuple[list[object], Mapping[str, Any]]:
    """Return the rows of a list answer and its pagination.

    The shapes are a bare array, ``{"data": […]}``, ``{name: […]}`` and ``{"data": {name: […]}}``, each with ``success``
    or ``pagination`` beside it or without. Other members are allowed only beside a ``success`` that is true.

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
            pagination = holder.get("pagination", value.get("pagination"))
            return rows, pagination if isinstance(pagination, dict) else {}
    raise not_the_api(HTTPStatus.OK)


def _reports_error(value: Mapping[str, object]) -> bool:
    """Return whether an envelope reports an error, whatever else is in it."""
    return bool(value.get("error") or value.get("errors")) or value.get("success", True) is not True
