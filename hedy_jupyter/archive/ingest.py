"""Ingest the API's answers: put sessions, highlights, todos, topics and contexts into the archive.

Each call is one transaction, or a part of the one that its caller holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.archive import encoding, merge, session_texts
from hedy_jupyter.archive.encoding import Given, Record
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import iso, select, select_mapping, select_one, select_required
from hedy_jupyter.frames import build
from hedy_jupyter.text.clean import without_surrogates

OF_SESSION = frozenset({"todos", "highlights"})
_TIME = {"highlights": "timestamp", "topics": "updated_at", "contexts": "updated_at"}


# Sessions --------------------------------------------------------------------


def put_sessions(store: Store, records: Iterable[Given]) -> None:
    """Put in what a list says of sessions."""
    with store.writing():
        for record in records:
            ident = kinds.identity("sessions", record)
            if ident is not None:
                _put_listing(store, ident, record)


def put_mentioned_session(store: Store, session_id: str) -> None:
    """Put in a session that only a todo or a highlight mentions.

    One that is gone stays gone: only Hedy's answer for the session itself brings it back.
    """
    with store.writing() as connection:
        key = _session_key(store, without_surrogates(session_id), back=False)
        connection.execute("UPDATE sessions SET seen_run = ? WHERE key = ?", (store.sequence, key))


def put_detail(store: Store, session_id: str, record: Given, *, unlisted: bool = False) -> bool:
    """Put in the full record of a session, with its highlights and todos.

    Args:
        store: the archive.
        session_id: the session that was asked for.
        record: what came.
        unlisted: it was asked for because no list contained it.

    Returns:
        Whether a text of it is new or has changed.
    """
    session_id = without_surrogates(session_id)
    with store.writing():
        changed = _put_record(store, _session_key(store, session_id), record, unlisted=unlisted)
        origin = {"sessionId": session_id}
        put_highlights(store, ({**one, **origin} for one in merge.embedded(record, "highlight_count")), listed=False)
        todos = ({**one, **origin} for one in merge.embedded(record, "todo_count"))
        _put(store, "todos", todos, whole=False, listed=False)
        return changed


def put_delivered_session(store: Store, session_id: str, record: Given) -> None:
    """Put in what a webhook delivered of a session: it fills what is missing, and wins over nothing fuller.

    The session's details count as missing after it, so that the next sync asks for them.
    """
    session_id = without_surrogates(session_id)
    rest, found, _ = merge.split_texts(record)
    with store.writing() as connection:
        key = _session_key(store, session_id, back=False)
        row = select_mapping(
            connection,
            "SELECT title, start_time, listing, listed, listed_run, seen_run, detail FROM sessions WHERE key = ?",
            key,
        )
        if row["detail"] is None:
            _fill_listing(store, key, row, merge.delivered_facts(session_id, rest))
        known = session_texts.texts(connection, key)
        fuller = {
            field: text
            for field, text in found.items()
            if field not in known or (row["detail"] is None and len(text) > len(known[field]))
        }
        if fuller:
            store.index.touch(key)
            for field, text in fuller.items():
                session_texts.put_text(connection, key, field, text, store.stamp)
            _update(store, "sessions", key, {**merge.flags({**known, **fuller}), "text_at": store.stamp.time})
        origin = {"sessionId": session_id}
        for kind, column in (("highlights", "highlight_count"), ("todos", "todo_count")):
            put_delivered(store, kind, ({**one, **origin} for one in merge.embedded(record, column)))


def _fill_listing(store: Store, key: int, row: Mapping[str, Any], facts: Record) -> None:
    """Put the *facts* of a delivery into the listing of the session in *row*, whose details were never fetched."""
    held: Record = encoding.loaded(row["listing"]) if row["listing"] else {}
    is_newer = row["listed"] is None and merge.has_ended(facts) >= merge.has_ended(held)
    listing = merge.merge(held, facts, whole=False) if is_newer else merge.merge(facts, held, whole=False)
    shown = build.values("sessions", listing)
    if shown["title"] != row["title"]:
        store.index.touch(key)
        session_texts.replace_title(store.connection, key, row["title"], shown["title"], store.stamp)
    values = {
        "title": shown["title"],
        "start_time": _time(shown["start_time"]) or row["start_time"],
        "topic_id": shown["topic_id"],
        "listing": encoding.dumped(listing),
        "listed_run": -1 if row["listed"] is None else row["listed_run"],  # older than every answer of Hedy
        "seen_run": row["seen_run"] or -1,  # no list has named it
    }
    _update(store, "sessions", key, values)


def put_delivered(store: Store, kind: str, records: Iterable[Given]) -> None:
    """Put in the highlights or todos that a webhook delivered; each fills only what is missing of the one held."""
    with store.writing():
        for record in records:
            ident = kinds.identity(kind, record)
            if ident is None:
                continue
            held = _held(store, kind, ident, _session_of(record))
            old: Record = encoding.loaded(held["record"]) if held else {}
            filled = merge.merge(dict(record), old, whole=False)
            if not held:
                if session_id := _session_of(record):
                    put_delivered_session(store, session_id, {})
                _put_one(store, kind, ident, filled, whole=False, listed=False)
            elif filled != old and not held["gone_at"]:
                _put_one(store, kind, ident, filled, whole=False, listed=False)


def put_refusal(store: Store, session_id: str, *, unlisted: bool = False) -> None:
    """Note that Hedy answered for a session without its details: it is asked for again later, not at every sync."""
    with store.writing() as connection:
        now, run = store.stamp
        connection.execute(
            """UPDATE sessions SET refused = 1, asked_at = ?, tried_at = NULL, basis = listed,
                   text_at = coalesce(text_at, ?), unlisted_run = CASE WHEN ? THEN ? ELSE unlisted_run END
               WHERE session_id = ?""",
            (now, now, unlisted, run, session_id),
        )


def put_failure(store: Store, session_id: str) -> None:
    """Note that the server failed on a session: others go first next time."""
    with store.writing() as connection:
        connection.execute("UPDATE sessions SET tried_at = ? WHERE session_id = ?", (iso(store.now()), session_id))


def _put_listing(store: Store, ident: str, record: Given) -> None:
    key, run = _session_key(store, ident), store.sequence
    title, start, held, listed, listed_run, detail_run = select_required(
        store.connection,
        "SELECT title, start_time, listing, listed, listed_run, detail_run FROM sessions WHERE key = ?",
        key,
    )
    listing = merge.relisted(encoding.loaded(held), record) if held else record
    values: dict[str, Any] = {"seen_run": run, "listed_run": run}
    text = encoding.dumped(listing)
    if text != held or detail_run > listed_run:
        shown = build.values("sessions", listing)
        values |= {
            "title": shown["title"] or title,
            "start_time": _time(shown["start_time"]) or start,
            "topic_id": shown["topic_id"],
            "listing": text,
            "listed": merge.listing_fingerprint(listing),
        }
        if held and (values["title"] != title or values["listed"] != listed):
            values["changed_run"] = run
        if values["title"] != title:
            store.index.touch(key)
            session_texts.replace_title(store.connection, key, title, values["title"], store.stamp)
    _update(store, "sessions", key, values)


def _put_record(store: Store, key: int, record: Given, *, unlisted: bool) -> bool:
    """Put in the full record of the session in row *key*; return whether a text is new or has changed."""
    row = select_mapping(
        store.connection,
        "SELECT title, start_time, detail, listing, listed, listed_run, text_at FROM sessions WHERE key = ?",
        key,
    )
    now = store.stamp
    held = merge.detail(row["detail"])
    rest, found, names = merge.split_texts(record)
    rest = merge.merge(merge.without(held["record"], found), rest)
    known = session_texts.texts(store.connection, key)
    changed = {field: text for field, text in found.items() if known.get(field) != text}
    for field in known.keys() - found.keys():
        names[field] = held["names"].get(field, field)
    shown = _facts(row, rest, detail_is_newer=now.run > row["listed_run"])
    values: dict[str, object] = {
        "title": shown["title"],
        "start_time": _time(shown["start_time"]),
        "topic_id": shown["topic_id"],
        "detail": encoding.packed(json.dumps({"record": rest, "names": names})),
        "detail_at": now.time,
        "detail_run": now.run,
        "basis": row["listed"],
        **merge.flags({**known, **found}),
        "text_at": now.time if changed or not row["text_at"] else row["text_at"],
        "refused": 0,
        "asked_at": None,
        "tried_at": None,
    }
    if changed or shown["title"] != row["title"]:
        store.index.touch(key)
        values["changed_run"] = now.run
    if unlisted:
        values["unlisted_run"] = now.run
    session_texts.replace_title(store.connection, key, row["title"], shown["title"], now)
    for field, text in changed.items():
        session_texts.put_text(store.connection, key, field, text, now)
    _update(store, "sessions", key, values)
    return bool(changed)


def _facts(row: dict[str, Any], rest: Record, *, detail_is_newer: bool) -> dict[str, object]:
    """Return what is shown of the session in *row* whose details without texts are *rest*."""
    listing = encoding.loaded(row["listing"]) if row["listing"] else None
    detailed = build.values("sessions", rest)
    if listing is None:
        return detailed
    shown = build.values("sessions", merge.short(listing, rest, detail_is_newer=detail_is_newer))
    return shown | {name: shown[name] or detailed[name] for name in ("title", "start_time")}


def _session_key(store: Store, session_id: str, *, back: bool = True) -> int:
    """Return the row of a session, which is created if it is missing; with *back* it is no longer gone."""
    now, run = store.stamp
    row = select_one(store.connection, "SELECT key, gone_at FROM sessions WHERE session_id = ?", session_id)
    if row:
        key, gone_at = row
        values = {"seen_at": now, "gone_at": None if back else gone_at}
        if back and gone_at is not None:
            store.returned += 1
            values |= {"refused": 0, "basis": None}  # its details may be others now
        _update(store, "sessions", key, values)
        return int(key)
    key = _insert(store, "sessions", {"session_id": session_id, "first_seen_at": now, "seen_at": now, "first_run": run})
    store.index.touch(key)  # todos and highlights of it may have come before it
    return key


# Highlights, todos, topics, contexts -----------------------------------------


def put_todos(store: Store, records: Iterable[Given]) -> None:
    """Put in a list of todos; one that was open and is done gets ``completed_at``."""
    _put(store, "todos", records)


def put_highlights(store: Store, records: Iterable[Given], *, listed: bool = True) -> None:
    """Put in highlights, whole or as their list shows them; *listed* says that they come from that list."""
    _put(store, "highlights", records, whole=False, listed=listed)


def put_topics(store: Store, records: Iterable[Given]) -> None:
    """Put in the topics."""
    _put(store, "topics", records)


def put_contexts(store: Store, records: Iterable[Given]) -> None:
    """Put in the session contexts."""
    _put(store, "contexts", records)


def _put(store: Store, kind: str, records: Iterable[Given], *, whole: bool = True, listed: bool = True) -> None:
    if kind in OF_SESSION:  # those of one session in a row: its words are then made once
        records = sorted(records, key=_session_of)
    with store.writing():
        for record in records:
            ident = kinds.identity(kind, record)
            if ident is not None:
                _put_one(store, kind, ident, record, whole=whole, listed=listed)


def _put_one(store: Store, kind: str, ident: str, record: Given, *, whole: bool, listed: bool) -> None:
    now, run = store.stamp
    held = _held(store, kind, ident, _session_of(record))
    old: Record = encoding.loaded(held["record"]) if held else {}
    if kind in OF_SESSION and _session_of(old) and not _session_of(record):  # an id that cannot be read says nothing
        record = {name: value for name, value in record.items() if name != "sessionId"}
    merged = merge.merge(old, record, whole=whole)
    values: dict[str, Any] = {
        kinds.KINDS[kind].id_column: ident,
        "record": encoding.dumped(merged),
        "seen_at": now,
        "gone_at": None,
        "seen_run": run,
    }
    if kind == "topics":
        values["name"] = build.values(kind, merged)["name"]
    if kind in _TIME:
        values["time"] = _time(build.values(kind, merged)[_TIME[kind]])
    if kind == "todos":
        values["completed_at"] = merge.completion(old, merged, held.get("completed_at"), now)
    if kind in OF_SESSION:
        values |= {"listed_run": run} if listed else {} if held else {"listed_run": -1}
        values["session_id"] = _session_of(merged)
        if merged != old or held.get("gone_at"):
            for session_id in dict.fromkeys((values["session_id"], held.get("session_id"))):
                store.index.touch_session(session_id)
    if held:
        _update(store, kind, held["key"], values)
    else:
        _insert(store, kind, values | {"first_seen_at": now, "first_run": run})


def _held(store: Store, kind: str, ident: str, session_id: str) -> dict[str, Any]:
    """Return the row that a record with this id is about; empty where it is new.

    A todo belongs to its session: the same id in two sessions is two. Where it comes without its session, or came so
    before, the one row that it can be is it.
    """
    connection = store.connection
    if kind != "todos":
        of = ", session_id" if kind in OF_SESSION else ""
        column = kinds.KINDS[kind].id_column
        return select_mapping(connection, f"SELECT key, record, gone_at{of} FROM {kind} WHERE {column} = ?", ident)  # noqa: S608
    exact = "SELECT key, record, gone_at, session_id, completed_at FROM todos WHERE todo_id = ? AND session_id = ?"
    if session_id:
        return select_mapping(connection, exact, ident, session_id) or select_mapping(connection, exact, ident, "")
    rows = select(connection, "SELECT session_id FROM todos WHERE todo_id = ?", (ident,))
    return select_mapping(connection, exact, ident, rows[0][0] if len(rows) == 1 else "")


def _update(store: Store, table: str, key: int, values: Mapping[str, object]) -> None:
    changes = ", ".join(f"{name} = ?" for name in values)
    store.connection.execute(f"UPDATE {table} SET {changes} WHERE key = ?", (*values.values(), key))  # noqa: S608  the names are ours


def _insert(store: Store, table: str, values: Mapping[str, object]) -> int:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    added = store.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608
    return added.lastrowid or 0


def _time(value: object) -> str | None:
    return iso(value.to_pydatetime()) if isinstance(value, pd.Timestamp) else None


def _session_of(record: Given) -> str:
    return kinds.id_of(record.get("sessionId")) or ""
