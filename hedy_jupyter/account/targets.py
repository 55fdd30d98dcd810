"""Find the topic, context or webhook that a write is about, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from hedy_jupyter.api import error_responses, routes
from hedy_jupyter.changes.change import LABELS, Kind
from hedy_jupyter.errors import HedyError, NotFound, UsageError
from hedy_jupyter.kinds import BY_NAME
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from hedy_jupyter.account.connection import Connection
    from hedy_jupyter.api.reader import Reader
    from hedy_jupyter.api.routes import Route
    from hedy_jupyter.api.wire_format import Record


_SINGLE: Mapping[Kind, Route] = {"topic": routes.TOPIC, "context": routes.CONTEXT}

SECRET_FIELDS = ("signingSecret", "signing_secret", "secret")
"""The fields of a webhook that reach neither a review nor any other output."""


def list_all(connection: Connection, kind: Kind) -> list[Record] | None:
    """Return all records of *kind*, requested again; None where that fails: a write also works without them."""
    return list_or_error(connection, kind)[0]


def list_or_error(connection: Connection, kind: Kind) -> tuple[list[Record] | None, HedyError | None]:
    """Return all records of *kind*, or the error of the request."""
    try:
        return connection.ask(lambda reader: reader.rows(BY_NAME[kind].plural, routes.LISTS[BY_NAME[kind]]), True), None
    except HedyError as error:
        return None, error


class Target(NamedTuple):
    """What a write is about, as it was when it was read.

    *listed* is the list that it was found in, where that was kept.
    """

    record: Record
    ident: str
    listed: list[Record] | None = None


def target(connection: Connection, kind: Kind, which: str) -> Target:
    """Return the target that *which*, an id or exact name, names; it is read again.

    Raises:
        NotFound: nothing has that id or name.
        UsageError: two have that name.
    """

    async def flow(reader: Reader) -> Target:
        _, ident = await _in_list(reader, kind, which)
        return Target(await read_single(reader, kind, ident), ident)

    return connection.ask(flow, True)


def listed_target(connection: Connection, kind: Kind, which: str) -> Target:
    """Return what *which* names as its list shows it, by one request.

    That is enough to fill a form, whose review reads it again. It raises what ``target`` raises.
    """

    async def flow(reader: Reader) -> Target:
        rows, ident = await _in_list(reader, kind, which)
        return Target(next(row for row in rows if BY_NAME[kind].identity(row) == ident), ident, rows)

    return connection.ask(flow, True)


async def _in_list(reader: Reader, kind: Kind, which: str) -> tuple[list[Record], str]:
    """Return the list of *kind*, and the id of the one in it that *which* names."""
    rows = await reader.rows(BY_NAME[kind].plural, routes.LISTS[BY_NAME[kind]])
    return rows, _exact(kind, rows, which)


def read_again(connection: Connection, kind: Kind, ident: str) -> Target:
    """Return the record with the id *ident*, by one request.

    Raises:
        NotFound: it is gone.
    """
    return Target(connection.ask(lambda reader: read_single(reader, kind, ident), True), ident)


def _exact(kind: Kind, rows: list[Record], which: str) -> str:
    """Return the id of the one that has *which* as its id or its exact name, title or URL.

    Raises:
        NotFound: nothing has that id or name.
        UsageError: two have that name, or *which* is not text.
    """
    if not isinstance(which, str) or not which:
        raise UsageError(f"{which!r} does not name a {kind}.", advice=f"Give its id or its exact {LABELS[kind]}.")
    ids = [BY_NAME[kind].identity(row) for row in rows]
    if which in ids:
        return which
    found = [ident for ident, row in zip(ids, rows, strict=True) if ident and row.get(LABELS[kind]) == which]
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} {BY_NAME[kind].plural} are called {which!r}: {', '.join(found)}.",
            advice="Give the id of the one you mean.",
        )
    if not found:
        hint = did_you_mean(which, (str(row.get(LABELS[kind]) or "") for row in rows), show=repr)
        raise NotFound(
            f"No {kind} has the id or the exact {LABELS[kind]} {which!r}.",
            advice=f"{hint} A write needs the exact name, in the same upper and lower case.".lstrip(),
        )
    return found[0]


async def read_single(reader: Reader, kind: Kind, ident: str, *, once: bool = False) -> Record:
    """Return one record, read again; webhooks have no endpoint for one.

    Raises:
        NotFound: it is gone.
    """
    if kind in _SINGLE:
        try:
            return await reader.read_uncached(_SINGLE[kind], ident, once=once)
        except NotFound as error:
            if error.code in error_responses.TOPIC_OR_CONTEXT_NOT_FOUND:
                raise
            raise error_responses.not_the_api(
                error.status or HTTPStatus.NOT_FOUND, error.code
            ) from None  # the code is that of another kind
    rows = await reader.list_uncached(BY_NAME[kind].plural, routes.LISTS[BY_NAME[kind]], once=once)
    found = next((row for row in rows if BY_NAME[kind].identity(row) == ident), None)
    if found is None:
        raise NotFound(f"The {kind} {ident} is gone.")
    return {name: value for name, value in found.items() if name not in SECRET_FIELDS}
