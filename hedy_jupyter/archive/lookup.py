"""Look up records of the archive by what users type: an id, the start of one, ``last``, a title or a name."""

from __future__ import annotations

from datetime import tzinfo

from hedy_jupyter import kinds
from hedy_jupyter.api import resolve
from hedy_jupyter.archive import queries
from hedy_jupyter.archive.encoding import Record
from hedy_jupyter.archive.queries import Topics, Window
from hedy_jupyter.archive.store import Store
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import NotFound


def identify(store: Store, kind: kinds.Kind, which: str, zone: tzinfo) -> str:
    """Return the id of the session, topic or context that *which* means, also of one that is gone.

    Errors name times in *zone*.
    """
    if queries.holds(store, kind.plural, which):  # without reading the others
        return which
    return resolve.choose(kind, queries.records(store, kind.plural, gone=True), which, zone)


def window(
    store: Store,
    zone: tzinfo,
    topic: Topics | None,
    since: When | None,
    until: When | None,
    not_topic: Topics | None = None,
) -> Window:
    """Return the sessions that the filters of a call choose; times are read in *zone*."""

    def idents(topics: Topics | None) -> frozenset[str] | None:
        if topics is None:
            return None
        names = [topics] if isinstance(topics, str) else topics
        return frozenset(identify(store, kinds.TOPIC, one, zone) for one in names)

    return Window(*ranges.window(since, until, zone=zone), idents(topic), idents(not_topic))


def shared_title(store: Store, which: str) -> str:
    """Return which of the sessions that share a title *which* means, in words; empty where it is no such title."""
    return resolve.which_of_several(queries.records(store, "sessions", gone=True), which)


def of_session(store: Store, found: list[Record], session: str | None, zone: tzinfo) -> list[Record]:
    """Return those of *found* that belong to *session*; None is no condition."""
    if session is None:
        return found
    ident = identify(store, kinds.SESSION, session, zone)
    return [record for record in found if kinds.id_of(record.get("sessionId")) == ident]


def required(store: Store, kind: str, ident: str) -> Record:
    """Return the record of *kind* with the id *ident*.

    Raises:
        NotFound: it is not held.
    """
    record = queries.record(store, kind, ident)
    if record is None:
        name = kinds.KINDS[kind].name
        raise NotFound(f"The archive holds no {name} {ident!r}.", advice="%hedy sync brings the archive up to date.")
    return record


def required_todo(store: Store, session: str, todo_id: str, zone: tzinfo) -> Record:
    """Return the todo *todo_id* of *session*.

    Raises:
        NotFound: it is not held.
    """
    found = of_session(store, queries.records(store, "todos", gone=True), session, zone)
    record = next((record for record in found if kinds.identity("todos", record) == todo_id), None)
    if record is None:
        raise NotFound(
            f"The archive holds no todo {todo_id!r} of that session.", advice="See %hedy todos --source archive."
        )
    return record
