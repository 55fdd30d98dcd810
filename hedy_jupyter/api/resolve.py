"""Resolve what a user typed (an id, the start of one, ``last``, ``last~2``, a title or name) to one id.

Meetings recur: a title that several sessions share is the newest of them, and ``TITLE~1`` the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple, TypeVar

from hedy_jupyter import kinds
from hedy_jupyter.api import routes
from hedy_jupyter.api.reader import Reader, read_to_the_end
from hedy_jupyter.api.wire_format import Record
from hedy_jupyter.errors import HedyError, InvalidRequest, NotFound, UsageError
from hedy_jupyter.kinds import Kind
from hedy_jupyter.text.fold import name_form
from hedy_jupyter.text.phrasing import counted, short_time
from hedy_jupyter.text.punctuation import DASHES
from hedy_jupyter.text.suggestions import did_you_mean, question

T = TypeVar("T")
E = TypeVar("E", bound=HedyError)

_LOOKS_LIKE_ID = re.compile(r"(?=.*[\d_])[\w.~-]{6,}")
_START_OF_ID = re.compile(r"[a-z]+_\w*")  # no name is like it
_LAST = re.compile(r"last(?:~(\d{1,9}))?", re.IGNORECASE)
_LIKE_LAST = re.compile(rf"last[{DASHES}~_\s]*(\d{{1,9}})", re.IGNORECASE)
_TITLE_BEFORE = re.compile(r"(?P<title>.*\S)~(?P<position>\d{1,9})", re.DOTALL)
_NO_SUCH_ID = (NotFound, InvalidRequest)
"""How Hedy answers an id that does not exist: 404 for one that is unknown, 400 for one that is malformed."""
MIN_PREFIX_LENGTH = 6
_MAX_NAMED = 5


class Meant(NamedTuple):
    """What a user's words may mean.

    Attributes:
        records: newest first.
        position: which of them is meant; None where the words mean all of them alike.
        title: what they are all called, for sessions that share a title; else empty.
    """

    records: Sequence[Record]
    position: int | None = None
    title: str = ""


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
    if _LOOKS_LIKE_ID.fullmatch(which) and not (_LAST.fullmatch(which) or _TITLE_BEFORE.fullmatch(which)):
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
        raise (error if refused is None else naming(refused, which, error.advice)) from None
    return await read(ident)


def naming(error: E, which: str, advice: str) -> E:
    """Return *error*, an answer of Hedy, with *which* was asked for in its message, and with *advice*."""
    message = error.message if which in error.message else f"{error.message.rstrip('.')}: {which!r}."
    return type(error)(message, advice=advice or error.advice, status=error.status, code=error.code)


async def identify(reader: Reader, kind: Kind, which: str) -> str:
    """Return the id of the one of *kind* that *which* means, by the list alone.

    Raises:
        NotFound: nothing matches.
        UsageError: more than one does; they are listed.
    """
    return choose(kind, await _listed(reader, kind, which), which, reader.zone)


async def shared_title(reader: Reader, which: str) -> str:
    """Return which of the sessions that share a title *which* means, in words; empty where it is no such title."""
    return "" if _LAST.fullmatch(which) else which_of_several(await _listed(reader, kinds.SESSION, which), which)


async def _listed(reader: Reader, kind: Kind, which: str) -> Sequence[Record]:
    """Return the list of *kind*, as far as *which* needs it."""
    route, last = routes.LISTS[kind], _LAST.fullmatch(which)
    if not route.cursor:
        return await reader.rows(kind.plural, route)
    position = int(last[1] or 0) if last else None

    def is_enough(records: list[Record]) -> bool:
        return read_to_the_end(records) if position is None else len(records) > position

    return (await reader.read_pages(kind.plural, route, is_enough=is_enough)).records


def choose(kind: Kind, listed: Sequence[Record], which: str, zone: tzinfo = UTC) -> str:
    """Return the id of the one of *listed* (newest first) that *which* means; errors show times in *zone*.

    Raises:
        NotFound: nothing matches.
        UsageError: more than one does; they are listed.
    """
    records, position, title = meant(kind, listed, which)
    if not records and position is None:
        raise _not_found(kind, which, listed)
    if position is None and len(records) > 1:
        raise UsageError(
            f"{len(records)} {kind.plural} match {which!r}: {_named(kind, records, zone)}.",
            advice="Give the id of the one you mean.",
        )
    position = position or 0
    if position >= len(records):
        verb, end = "is" if len(records) == 1 else "are", f" called {title!r}" if title else ""
        raise NotFound(
            f"{which} is out of range: there {verb} {counted(len(records), kind.name)}{end}.",
            advice=f"See %hedy {kind.plural} for the list.",
        )
    ident = kind.identity(records[position])
    if ident is None:
        raise NotFound(f"The {kind.name} {which!r} has no id.")
    return ident


def meant(kind: Kind, listed: Sequence[Record], which: str) -> Meant:
    """Return which of *listed* (newest first) *which* means."""
    last = _LAST.fullmatch(which)
    if last:
        return Meant(listed, int(last[1] or 0))
    found = matches(kind, listed, which)
    if kind is not kinds.SESSION:
        return Meant(found)
    before = None if found else _TITLE_BEFORE.fullmatch(which)
    title, position = (before["title"].rstrip(), int(before["position"])) if before else (which, 0)
    found = found or matches(kind, listed, title)
    if found and all(name_form(str(record.get(kind.label) or "")) == name_form(title) for record in found):
        return Meant(found, position, str(found[0].get(kind.label)))
    return Meant([] if before else found)


def is_last(which: str) -> bool:
    """Return whether *which* counts from the newest: ``last``, ``last~2``."""
    return _LAST.fullmatch(which.strip()) is not None


def which_of_several(listed: Sequence[Record], which: str) -> str:
    """Return which of the sessions that share a title *which* means: ``newest of 40 called 'Weekly'``; else nothing."""
    records, position, title = meant(kinds.SESSION, listed, which)
    if not title or position is None or not position < len(records) > 1:
        return ""
    place = "newest" if not position else f"{position} before the newest"
    return f'{place} of {len(records):,} called "{title}"'


def matches(kind: Kind, records: Sequence[Record], which: str) -> list[Record]:
    """Return the records that *which* may mean, by the strictest rule that any of them passes."""
    folded, is_series = name_form(which), kind is kinds.SESSION  # all spellings of a title are one series of meetings
    rules: list[Callable[[Record], bool]] = [
        lambda record: kind.identity(record) == which,
        lambda record: record.get(kind.label) == which,
        lambda record: len(which) >= MIN_PREFIX_LENGTH and (kind.identity(record) or "").startswith(which),
        lambda record: not is_series and str(record.get(kind.label) or "").casefold() == which.casefold(),
        lambda record: bool(folded) and name_form(str(record.get(kind.label) or "")) == folded,
    ]
    return next((found for rule in rules if (found := [record for record in records if rule(record)])), [])


def _not_found(kind: Kind, which: str, listed: Sequence[Record]) -> NotFound:
    labels = (str(record.get(kind.label) or "") for record in listed)
    like_last = _LIKE_LAST.fullmatch(which)
    hint = question([f"last~{like_last[1]}"]) if like_last else ""
    if not hint and not _START_OF_ID.fullmatch(which):
        hint = did_you_mean(which, labels, show=repr)
    hint = hint or f"See %hedy {kind.plural} for the list."
    return NotFound(f"No {kind.name} is called {which!r}.", advice=hint)


def _named(kind: Kind, records: Sequence[Record], zone: tzinfo) -> str:
    names = [
        f"{kind.identity(record)} ({_start(record, zone) or record.get(kind.label)})" for record in records[:_MAX_NAMED]
    ]
    more = len(records) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _start(record: Record, zone: tzinfo) -> str:
    """Return the start of a session as a day and time of *zone*; empty where the record has none that can be read."""
    try:
        start = datetime.fromisoformat(str(record.get("startTime")))
        local = (start if start.tzinfo else start.replace(tzinfo=UTC)).astimezone(zone)
    except (ValueError, OverflowError):
        return ""
    return short_time(local, datetime.now(zone).year)
