"""The syncs that the archive has seen: when each began and ended, and what it brought."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from hedy_jupyter.archive import typed_rows
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import iso, select_one, select_required

_TOTAL = "sessions_total"


class Run(NamedTuple):
    """One sync.

    Attributes:
        key: its number; a later sync has a larger one, whatever the clock says.
        since: the number of the sync that it continues, else this one's. Details that came since then are not asked for
            again.
        resumed: whether it continues one that did not end.
    """

    key: int
    since: int
    resumed: bool


def begin(store: Store, *, full: bool = False, part: bool = False) -> Run:
    """Begin a sync, or continue one that did not end, if it asked for as much.

    Args:
        store: the archive.
        full: it asks for all details again.
        part: it asks for one session only: it continues none, and none continues it.
    """
    with store.writing() as connection:
        last = select_one(
            connection,
            "SELECT key, since, full FROM runs WHERE finished_at IS NULL AND NOT part ORDER BY key DESC LIMIT 1",
        )
        resumed = not part and last is not None and bool(last[2]) >= full
        since = (last[1] or last[0]) if resumed else None
        added = connection.execute(
            "INSERT INTO runs (started_at, full, since, part) VALUES (?, ?, ?, ?)",
            (iso(store.now()), int(full or (resumed and last[2])), since, int(part)),
        )
        store.sequence = key = added.lastrowid or 0
        return Run(key, since or key, resumed)


def finish(store: Store, run: Run, *, requests: int) -> None:
    """Note that the sync *run* came to its end; if it was a whole one, so did those before it that never did."""
    now = iso(store.now())
    with store.writing() as connection:
        connection.execute("UPDATE runs SET finished_at = ?, requests = ? WHERE key = ?", (now, requests, run.key))
        connection.execute(
            """UPDATE runs SET finished_at = ? WHERE finished_at IS NULL AND NOT part AND key < ?
               AND (SELECT NOT part FROM runs WHERE key = ?)""",
            (now, run.key, run.key),
        )


def last_finished(store: Store) -> datetime | None:
    """Return when the last whole sync ended."""
    query = "SELECT finished_at FROM runs WHERE finished_at IS NOT NULL AND NOT part ORDER BY key DESC LIMIT 1"
    with store.reading() as connection:
        row = select_one(connection, query)
        return typed_rows.moment(row[0]) if row else None


def note_total(store: Store, total: int | None) -> None:
    """Note how many sessions Hedy says that there are; None where it names no number."""
    store.note(_TOTAL, None if total is None else str(total))


def total(store: Store) -> int | None:
    """Return how many sessions Hedy said that there are at the last sync; None where it named no number."""
    with store.reading():
        number = store.noted(_TOTAL)
        return typed_rows.number(number) if number else None


def new_and_changed(store: Store, run: Run) -> tuple[int, int]:
    """Count the sessions that are new since *run* (or the one that it continues) began, and the others that changed."""
    new = "SELECT count(*) FROM sessions WHERE first_run >= ? AND (listing IS NOT NULL OR detail IS NOT NULL)"
    changed = "SELECT count(*) FROM sessions WHERE changed_run >= ? AND first_run < ?"
    with store.reading() as connection:
        return (
            select_required(connection, new, run.since)[0],
            select_required(connection, changed, run.since, run.since)[0],
        )
