"""Read records, versions and counts from the archive."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from hedy_jupyter import kinds
from hedy_jupyter.archive import encoding, merge, session_texts, sync_runs
from hedy_jupyter.archive.encoding import Given, Record
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import iso, select, select_one, select_required
from hedy_jupyter.frames import durations
from hedy_jupyter.frames.durations import Facts, Votes
from hedy_jupyter.text.clean import without_surrogates

Topics = str | Collection[str]
"""One topic or several: an id, the start of one, or a name each."""
R = TypeVar("R")
SessionRow = tuple[int, str, str | None, bytes | None, int]
"""Key, id, listing and details of a session, and whether these are newer."""
Texts = dict[str, list[bytes | None]]

_VOTES = 50  # sessions that tell an account's units of durations
_MOMENT = timedelta(minutes=10)
YOUNG = timedelta(days=14)
"""Details of meetings that start less long ago, or are less far ahead, may still change. So may those of a meeting
that was first seen less long ago and has no text.
"""
_PLAIN_TEXTS = ("recap", "meeting_minutes", "transcript", "cleaned_transcript")
"""The long texts that a frame shows as they are stored."""
AT_ONCE = 200
"""So many sessions are read together."""
_IS_NEWER = "detail_run > listed_run"


class Covered(NamedTuple):
    """One session that is in Hedy: its start, whether its details are held, and whether those have no text at all."""

    start: str | None
    held: bool
    without_text: bool


class State(NamedTuple):
    """What the archive holds, and when the last sync that ran to its end did so (UTC); None before the first."""

    counts: Mapping[str, int]
    synced_at: datetime | None


class Beyond(NamedTuple):
    """What the archive adds to a live list.

    Attributes:
        records: the sessions that the list lacks.
        without_details: the ids of all sessions whose details were never fetched: their texts are missing, not empty.
        votes: what the archive says of the units of durations.
    """

    records: Sequence[Record]
    without_details: set[str]
    votes: Votes


class Window(NamedTuple):
    """Sessions from *since* up to, not including, *until* (UTC), of the topics *topic_ids*; None is no bound.

    Those of the topics *without* are left out.
    """

    since: datetime | None = None
    until: datetime | None = None
    topic_ids: Collection[str] | None = None
    without: Collection[str] | None = None

    @property
    def bounds(self) -> dict[str, object]:
        """The values of the parameters of ``SESSIONS_WITHIN``."""
        return {
            "since": self.since and iso(self.since),
            "until": self.until and iso(self.until),
            "topics": _listed(self.topic_ids),
            "without": _listed(self.without),
        }


def _listed(idents: Collection[str] | None) -> str | None:
    return None if idents is None else json.dumps(list(map(without_surrogates, idents)))


ALWAYS = Window()
SESSIONS_WITHIN = """(:since IS NULL OR start_time >= :since) AND (:until IS NULL OR start_time < :until)
    AND (:topics IS NULL OR topic_id IN (SELECT value FROM json_each(:topics)))
    AND (:without IS NULL OR topic_id IS NULL OR topic_id NOT IN (SELECT value FROM json_each(:without)))"""
"""The sessions of a ``Window``, as a condition in SQL."""


# Records ---------------------------------------------------------------------


def sessions_and_texts(
    store: Store, window: Window = ALWAYS, *, gone: bool = False, limit: int | None = None
) -> tuple[list[Record], Texts]:
    """Return the whole records of sessions as ``sessions`` does, without their plain texts, and column → those.

    The texts are in UTF-8, one for each record: a frame takes them as they are, which saves time and memory.
    """
    rows = rows_of_sessions(store, window, gone=gone, limit=limit)
    records, texts = list[Record](), {field: list[bytes | None]() for field in _PLAIN_TEXTS}
    for part, columns in parts_of_sessions(store, rows):
        records += part
        for field, column in texts.items():
            column.extend(columns[field])
    return records, texts


def rows_of_sessions(
    store: Store, window: Window = ALWAYS, *, gone: bool = False, limit: int | None = None, detail: str = "detail"
) -> list[SessionRow]:
    """Return the rows of sessions, without their texts, newest first; arguments as for ``sessions``."""
    bounds = window.bounds | {"limit": -1 if limit is None else limit}
    query = f"""SELECT key, session_id, listing, {detail}, {_IS_NEWER} FROM sessions
        WHERE {SESSIONS_WITHIN} {"" if gone else "AND gone_at IS NULL"}
        ORDER BY start_time IS NULL, start_time DESC, key LIMIT :limit"""  # noqa: S608
    with store.reading() as connection:
        return select(connection, query, bounds)


def parts_of_sessions(
    store: Store, rows: Sequence[SessionRow], fields: Collection[str] | None = None
) -> Iterator[tuple[list[Record], Texts]]:
    """Yield the records and texts of *rows* as ``sessions_and_texts`` returns them, some hundred at a time.

    With *fields* other texts are not read.
    """
    with store.reading():
        names, votes = _topic_names(store), duration_votes(store)
    for part in _parts(rows):
        with store.reading():
            records, texts = _records_and_texts(store, votes, part, fields)
        yield [merge.with_topic_name(record, names) for record in records], texts


def _records_and_texts(
    store: Store, votes: Votes, rows: Sequence[SessionRow], fields: Collection[str] | None
) -> tuple[list[Record], Texts]:
    def unpack(field: str, body: bytes) -> bytes | str:
        return encoding.unpacked_bytes(body) if field in _PLAIN_TEXTS else encoding.unpacked(body)

    keys = [key for key, *_ in rows]
    found = session_texts.texts_of(store.connection, keys, unpack, fields)
    texts = {
        field: [body if isinstance(body := found[key].pop(field, None), bytes) else None for key in keys]
        for field in _PLAIN_TEXTS
    }
    others = {key: {name: text for name, text in one.items() if isinstance(text, str)} for key, one in found.items()}
    return _whole_sessions(votes, rows, others), texts


def sessions(
    store: Store, window: Window = ALWAYS, *, texts: bool = False, gone: bool = False, limit: int | None = None
) -> list[Record]:
    """Return the records of sessions, newest first; their ``duration`` is in minutes, whatever unit it came in.

    Args:
        store: the archive.
        window: only sessions in this range, of this topic.
        texts: with their details.
        gone: also those that are no longer in Hedy.
        limit: at most so many.
    """
    detail = "detail" if texts else f"CASE WHEN listing IS NULL OR {_IS_NEWER} THEN detail END AS detail"
    with store.reading():
        names, votes = _topic_names(store), duration_votes(store)
        rows = rows_of_sessions(store, window, gone=gone, limit=limit, detail=detail)
        if texts:
            whole = (record for part in _parts(rows) for record in _whole_sessions(votes, part, _texts(store, part)))
            return [merge.with_topic_name(record, names) for record in whole]
        listed = iter(encoding.loaded_all([listing for _, _, listing, *_ in rows if listing]))
        records = [
            _short_session(store, votes, key, ident, next(listed) if listing else None, detail, is_newer)
            for key, ident, listing, detail, is_newer in rows
        ]
        return [merge.with_topic_name(record, names) for record in records]


def records(store: Store, kind: str, *, gone: bool = False) -> list[Record]:
    """Return all records of *kind*, newest first; with *gone* also what is no longer in Hedy.

    Todos are sorted by their meeting's start, topics and contexts by their last update.
    """
    if kind == "sessions":
        return sessions(store, gone=gone)
    where = "" if gone else "WHERE t.gone_at IS NULL"
    order = f"{where} ORDER BY t.time IS NULL, t.time DESC, t.key"
    if kind == "todos":
        order = f"""LEFT JOIN sessions AS s USING (session_id) {where}
            ORDER BY s.start_time IS NULL, s.start_time DESC, t.key"""
    with store.reading() as connection:
        rows = select(connection, f"SELECT t.record FROM {kind} AS t {order}")  # noqa: S608
        found = encoding.loaded_all([record for (record,) in rows])
        names = _topic_names(store) if kind == "todos" else {}
        return [merge.with_topic_name(record, names) for record in found] if names else found


def record(store: Store, kind: str, ident: str) -> Record | None:
    """Return one record, whole; None where it is not held."""
    with store.reading() as connection:
        names = _topic_names(store) if kind in {"sessions", "todos"} else {}
        if kind == "sessions":
            query = f"SELECT key, session_id, listing, detail, {_IS_NEWER} FROM sessions WHERE session_id = ?"  # noqa: S608
            row = select_one(connection, query, without_surrogates(ident))
            found = _whole_sessions(duration_votes(store), [row], _texts(store, [row]))[0] if row else None
        else:
            query = f"SELECT record FROM {kind} WHERE {kinds.KINDS[kind].id_column} = ?"  # noqa: S608
            row = select_one(connection, query, without_surrogates(ident))
            found = encoding.loaded(*row) if row else None
        return None if found is None else merge.with_topic_name(found, names)


def settled_details(store: Store, listed: Iterable[Given]) -> dict[str, Record]:
    """Return id → the details as the API gave them, of sessions that are *listed* as they were when those came.

    After a sync that ended a moment ago, of all of them; else of those that have all their texts and are not young.
    """
    marks = {kinds.identity("sessions", record): merge.listing_fingerprint(record) for record in listed}
    now, synced_at = store.now(), sync_runs.last_finished(store)
    is_just_synced = synced_at is not None and timedelta() <= now - synced_at < _MOMENT
    query = """SELECT key, session_id, detail, basis, start_time, has_cleaned FROM sessions
        WHERE detail IS NOT NULL AND gone_at IS NULL AND NOT refused"""
    found: dict[str, Record] = {}
    with store.reading() as connection:
        rows = [
            (key, ident, detail)
            for key, ident, detail, basis, start, cleaned in select(connection, query)
            if basis == marks.get(ident)
            and (is_just_synced or (cleaned and start is not None and start < iso(now - YOUNG)))
        ]
        for part in _parts(rows):
            texts = _texts(store, part)
            details = merge.details([detail for *_, detail in part])
            for (key, ident, _), held in zip(part, details, strict=True):
                found[ident] = merge.join_texts(held["record"], texts[key], held["names"])
    return found


def holds(store: Store, kind: str, ident: str) -> bool:
    """Return whether a record of *kind* with exactly this id is held, also one that is no longer in Hedy."""
    query = f"SELECT 1 FROM {kind} WHERE {kinds.KINDS[kind].id_column} = ?"  # noqa: S608
    with store.reading() as connection:
        return select_one(connection, query, without_surrogates(ident)) is not None


def _parts(rows: Sequence[R]) -> Iterator[Sequence[R]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def _texts(store: Store, rows: Sequence[tuple[Any, ...]]) -> dict[int, dict[str, str]]:
    """Return the texts of the sessions of *rows*, whose first column is the key."""
    keys = [key for key, *_ in rows]
    return session_texts.texts_of(store.connection, keys, lambda _, body: encoding.unpacked(body))


def _whole_sessions(
    votes: Votes,
    rows: Sequence[SessionRow],
    texts: Mapping[int, Mapping[str, str]],
) -> list[Record]:
    """Return the records of *rows* (key, id, listing, details, and whether these are newer) with *texts*, by key."""
    listings = iter(encoding.loaded_all([listing for _, _, listing, *_ in rows if listing]))
    details = merge.details([detail for *_, detail, _ in rows])
    found = []
    for (key, ident, listing, detail, is_newer), held in zip(rows, details, strict=True):
        full = merge.join_texts(held["record"], texts[key], held["names"])
        shown, full = _in_minutes(votes, next(listings) if listing else {}, full)
        if not detail:
            found.append({"sessionId": ident, **shown, **texts[key]})  # texts that a webhook has delivered
        else:
            found.append(merge.session(shown, full, detail_is_newer=bool(is_newer)) if listing else full)
    return found


def _short_session(
    store: Store,
    votes: Votes,
    key: int,
    ident: str,
    listing: Record | None,
    detail: bytes | None,
    detail_is_newer: int,
) -> Record:
    if listing is not None and Facts.of(listing, None).listed is None:  # the details may have it
        detail = select_required(store.connection, "SELECT detail FROM sessions WHERE key = ?", key)[0]
    shown, newest = _in_minutes(votes, listing or {}, merge.detail(detail)["record"])
    if listing is None:
        return newest if detail else {"sessionId": ident}
    return merge.short(shown, newest, detail_is_newer=bool(detail_is_newer))


def _topic_names(store: Store) -> dict[str, str]:
    """Return id → name of the topics that are in Hedy, as their list last said it."""
    return dict(select(store.connection, "SELECT topic_id, name FROM topics WHERE gone_at IS NULL AND name != ''"))


# Units of durations ----------------------------------------------------------


def duration_votes(store: Store) -> Votes:
    """Return what the newest details, and the lists of the same sessions, say of the units of durations.

    Raises:
        ArchiveError: the file is damaged, or cannot be read.
    """
    query = "SELECT key FROM sessions WHERE detail IS NOT NULL ORDER BY start_time IS NULL, start_time DESC, key"
    with store.reading() as connection:
        if store.votes is None or connection.in_transaction:
            keys = [key for (key,) in select(connection, query)]
            facts = (_duration_facts(store, key) for key in keys)
            store.votes = durations.count(durations.newest(facts, _VOTES))
        return store.votes


def _duration_facts(store: Store, key: int) -> Facts:
    listing, detail = select_required(store.connection, "SELECT listing, detail FROM sessions WHERE key = ?", key)
    return Facts.of(encoding.loaded(listing) if listing else None, merge.detail(detail)["record"])


def _in_minutes(votes: Votes, listing: Given, detail: Given) -> tuple[Record, Record]:
    """Return *listing* and *detail* of one session, each with its duration in minutes."""
    facts = Facts.of(listing, detail)
    shown = durations.with_minutes(listing, durations.listed_min(facts, votes))
    full = (
        durations.with_minutes(detail, durations.detailed_min(facts, votes)) if facts.detailed is not None else detail
    )
    return dict(shown), dict(full)


# Versions, times, counts -----------------------------------------------------


def history(store: Store, session_id: str) -> list[tuple[str, str, str, str | None]]:
    """Return every version of the texts of a session, the newest first.

    Each is field, text, when first seen, when replaced (None: it is the text of today).
    """
    with store.reading() as connection:
        versions = session_texts.history(connection, session_id)
    return [(field, merge.readable(field, text), seen, replaced) for field, text, seen, replaced in versions]


def times(store: Store, kind: str) -> dict[str, dict[str, str | None]]:
    """Return id → ``first_seen_at``, ``gone_at`` and, for todos, ``completed_at``."""
    done = ", completed_at" if kind == "todos" else ""
    names = ("first_seen_at", "gone_at", "completed_at")
    query = f"SELECT {kinds.KINDS[kind].id_column}, first_seen_at, gone_at{done} FROM {kind}"  # noqa: S608
    with store.reading() as connection:
        return {ident: dict(zip(names, found, strict=False)) for ident, *found in select(connection, query)}


def without_details(store: Store) -> set[str]:
    """Return the ids of the sessions whose details were never fetched."""
    with store.reading() as connection:
        return {ident for (ident,) in select(connection, "SELECT session_id FROM sessions WHERE detail IS NULL")}


def counts(store: Store) -> dict[str, int]:
    """Count what is held and in Hedy, by kind; of sessions also those with details, and those that are gone."""
    of_sessions = {"with_details": "gone_at IS NULL AND detail IS NOT NULL", "gone": "gone_at IS NOT NULL"}
    queries = {plural: f"{plural} WHERE gone_at IS NULL" for plural, kind in kinds.KINDS.items() if kind.is_archived}
    queries |= {name: f"sessions WHERE {condition}" for name, condition in of_sessions.items()}
    with store.reading() as connection:
        return {
            name: select_required(connection, f"SELECT count(*) FROM {query}")[0]  # noqa: S608
            for name, query in queries.items()
        }


def state(store: Store) -> State:
    """Return what the archive holds, and when the last whole sync ended."""
    return State(counts(store), sync_runs.last_finished(store))


def session_count(store: Store) -> int:
    """Return how many sessions are held and in Hedy."""
    with store.reading() as connection:
        return int(select_required(connection, "SELECT count(*) FROM sessions WHERE gone_at IS NULL")[0])


def covered(store: Store) -> list[Covered]:
    """Return every session that is in Hedy, as far as the API listed it."""
    query = """SELECT start_time, detail IS NOT NULL, detail IS NOT NULL AND NOT has_text FROM sessions
        WHERE gone_at IS NULL"""
    with store.reading() as connection:
        rows: list[tuple[Any, ...]] = select(connection, query)
    return [Covered(start, bool(held), bool(bare)) for start, held, bare in rows]
