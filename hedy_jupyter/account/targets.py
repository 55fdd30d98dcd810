"""Find the topic, context or webhook that a write is about, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from hedy_jupyter import kinds
from hedy_jupyter.api import protocol, routes
from hedy_jupyter.changes.change import LABELS, Kind
from hedy_jupyter.errors import HedyError, NotFound, UsageError
from hedy_jupyter.text.phrasing import close_names

if TYPE_CHECKING:
    from hedy_jupyter.account.connection import Connection
    from hedy_jupyter.api.protocol import Record
    from hedy_jupyter.api.reader import Reader
    from hedy_jupyter.api.routes import Route


PLURAL: Mapping[Kind, str] = {
    "topic": kinds.TOPIC.plural,
    "context": kinds.CONTEXT.plural,
    "webhook": kinds.WEBHOOK.plural,
}

LISTS: Mapping[Kind, Route] = {"topic": routes.TOPICS, "context": routes.CONTEXTS, "webhook": routes.WEBHOOKS}

_SINGLE: Mapping[Kind, Route] = {"topic": routes.TOPIC, "context": routes.CONTEXT}


def others_of(connection: Connection, kind: Kind) -> list[Record] | None:
    """Return what there is of *kind*, asked for again.

    None where it cannot be had, since no effect is worth failing for.
    """
    return looked_up(connection, kind)[0]


def looked_up(connection: Connection, kind: Kind) -> tuple[list[Record] | None, HedyError | None]:
    """Return what there is of *kind*, or why that cannot be had."""
    try:
        return connection.ask(lambda reader: reader.rows(PLURAL[kind], LISTS[kind]), True), None
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
    """Return what *which*, an id or exact name, names, read again.

    Raises:
        NotFound: there is none.
        UsageError: two have that name.
    """

    async def flow(reader: Reader) -> Target:
        rows = await reader.rows(PLURAL[kind], LISTS[kind])
        ident = _exact(kind, rows, which)
        return Target(await read_single(reader, kind, ident), ident)

    return connection.ask(flow, True)


def listed_target(connection: Connection, kind: Kind, which: str) -> Target:
    """Return what *which* names as its list shows it, by one request: enough to fill a form, whose review reads it again.

    Raises:
        NotFound: there is none.
        UsageError: two have that name.
    """

    async def flow(reader: Reader) -> Target:
        rows = await reader.rows(PLURAL[kind], LISTS[kind])
        ident = _exact(kind, rows, which)
        return Target(next(row for row in rows if kinds.identity(PLURAL[kind], row) == ident), ident, rows)

    return connection.ask(flow, True)


def read_again(connection: Connection, kind: Kind, ident: str) -> Target:
    """Return what has the id *ident*, by one request.

    Raises:
        NotFound: it is gone.
    """
    return Target(connection.ask(lambda reader: read_single(reader, kind, ident), True), ident)


def _exact(kind: Kind, rows: list[Record], which: str) -> str:
    """The id of the one that has *which* as its id or its exact name, title or URL.

    Raises:
        NotFound: none has.
        UsageError: two have, or *which* is no name at all.
    """
    if not isinstance(which, str) or not which:
        raise UsageError(f"{which!r} does not name a {kind}.", advice=f"Give its id or its exact {LABELS[kind]}.")
    ids = [kinds.identity(PLURAL[kind], row) for row in rows]
    if which in ids:
        return which
    found = [ident for ident, row in zip(ids, rows, strict=True) if ident and row.get(LABELS[kind]) == which]
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} {PLURAL[kind]} are called {which!r}: {', '.join(found)}.",
            advice="Give the id of the one you mean.",
        )
    if not found:
        close = close_names(which, (str(row.get(LABELS[kind]) or "") for row in rows))
        hint = f"Did you mean {' or '.join(map(repr, close))}? " if close else ""
        raise NotFound(
            f"No {kind} has the id or the exact {LABELS[kind]} {which!r}.",
            advice=f"{hint}A write needs the exact name, in the same upper and lower case.",
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
            if error.code in protocol.TOPIC_OR_CONTEXT_NOT_FOUND:
                raise
            raise protocol.not_the_api(
                error.status or HTTPStatus.NOT_FOUND, error.code
            ) from None  # it speaks of another kind
    rows = await reader.list_uncached(PLURAL[kind], LISTS[kind], once=once)
    found = next((row for row in rows if kinds.identity(PLURAL[kind], row) == ident), None)
    if found is None:
        raise NotFound(f"The {kind} {ident} is gone.")
    return {
        name: value for name, value in found.items() if name not in SECRET_FIELDS
    }  # not into a review, nor into any output


SECRET_FIELDS = ("signingSecret", "signing_secret", "secret")
