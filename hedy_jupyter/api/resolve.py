"""Resolve what a user typed (an id, the start of one, ``last``, ``last~2``, a title or name) to one id."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from hedy_jupyter.api import routes
from hedy_jupyter.api.protocol import Record
from hedy_jupyter.api.reader import Reader, read_to_the_end
from hedy_jupyter.errors import InvalidRequest, NotFound, UsageError
from hedy_jupyter.kinds import Kind
from hedy_jupyter.text.phrasing import did_you_mean

T = TypeVar("T")

_LOOKS_LIKE_ID = re.compile(r"(?=.*[\d_])[\w.~-]{6,}")
_START_OF_ID = re.compile(r"[a-z]+_\w*")  # no name is like it
_LAST = re.compile(r"last(?:~(\d{1,9}))?", re.IGNORECASE)
_NO_SUCH_ID = (NotFound, InvalidRequest)
"""How Hedy answers an id that does not exist: 404 for one that is unknown, 400 for one that is malformed."""
_MIN_PREFIX_LENGTH = 6
_MAX_NAMED = 5


async def pick(reader: Reader, kind: Kind, which: str, read: Callable[[str], Awaitable[T]]) -> T:
    """Return ``read(id)`` for the one of *kind* that *which* means.

    What looks like an id is read at once, so that a known id costs one request; all else is looked up in the list.

    Raises:
        NotFound: nothing matches.
        UsageError: more than one does; they are listed.
    """
    if not isinstance(which, str) or not which.strip():
        raise UsageError(
            f"{which!r} does not name a {kind.name}.",
            advice=f"Give an id, the start of one, a {kind.label}, or last.",
        )
    which = which.strip()
    answer: T | None = None
    refused: NotFound | InvalidRequest | None = None
    if _LOOKS_LIKE_ID.fullmatch(which) and not _LAST.fullmatch(which):
        try:
            answer = await read(which)
        except _NO_SUCH_ID as error:
            refused = error
        if answer:
            return answer
    try:
        ident = await identify(reader, kind, which)
    except NotFound as error:
        if answer is not None:
            return answer  # an empty answer about something that the list does not name
        if refused is None and not _LAST.fullmatch(which) and not re.search(r"\s", which):
            with suppress(*_NO_SUCH_ID):  # ids are opaque: one may look like a word
                return await read(which)
        raise (refused or error) from None
    return await read(ident)


async def identify(reader: Reader, kind: Kind, which: str) -> str:
    """Return the id of the one of *kind* that *which* means, by the list alone.

    Raises:
        NotFound: nothing matches.
        UsageError: more than one does; they are listed.
    """
    route, last = routes.LISTS[kind], _LAST.fullmatch(which)
    if not route.cursor:
        return choose(kind, await reader.rows(kind.plural, route), which)
    position = int(last[1] or 0) if last else None

    def is_enough(records: list[Record]) -> bool:
        return read_to_the_end(records) if position is None else len(records) > position

    return choose(kind, (await reader.read_pages(kind.plural, route, is_enough=is_enough)).records, which)


def choose(kind: Kind, listed: Sequence[Record], which: str) -> str:
    """Return the id of the one of *listed* (newest first) that *which* means.

    Raises:
        NotFound: nothing matches.
        UsageError: more than one does; they are listed.
    """
    last = _LAST.fullmatch(which)
    if last:
        position = int(last[1] or 0)
        if position >= len(listed):
            raise NotFound(f"{which} is out of range: there are {len(listed)} {kind.plural}.")
        records = listed[position : position + 1]
    else:
        records = matches(kind, listed, which)
    if not records:
        raise _not_found(kind, which, listed)
    if len(records) > 1:
        raise UsageError(
            f"{len(records)} {kind.plural} match {which!r}: {_named(kind, records)}.",
            advice="Give the id of the one you mean.",
        )
    ident = kind.identity(records[0])
    if ident is None:
        raise NotFound(f"The {kind.name} {which!r} has no id.")
    return ident


def matches(kind: Kind, records: Sequence[Record], which: str) -> list[Record]:
    """Return the records that *which* may mean, by the strictest rule that any of them passes."""
    rules: list[Callable[[Record], bool]] = [
        lambda record: kind.identity(record) == which,
        lambda record: record.get(kind.label) == which,
        lambda record: len(which) >= _MIN_PREFIX_LENGTH and (kind.identity(record) or "").startswith(which),
        lambda record: str(record.get(kind.label) or "").casefold() == which.casefold(),
    ]
    return next((found for rule in rules if (found := [record for record in records if rule(record)])), [])


def _not_found(kind: Kind, which: str, listed: Sequence[Record]) -> NotFound:
    labels = (str(record.get(kind.label) or "") for record in listed)
    hint = "" if _START_OF_ID.fullmatch(which) else did_you_mean(which, labels, show=repr)
    hint = hint or f"See %hedy {kind.plural} for the list."
    return NotFound(f"No {kind.name} is called {which!r}.", advice=hint)


def _named(kind: Kind, records: Sequence[Record]) -> str:
    names = [
        f"{kind.identity(record)} ({record.get('startTime') or record.get(kind.label)})"
        for record in records[:_MAX_NAMED]
    ]
    more = len(records) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
