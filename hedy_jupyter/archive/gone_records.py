"""Gone records: decide which records are no longer in Hedy, refuse very many at once, and mark them.

Only Hedy's own "not found" for an id makes a session or highlight gone; todos, topics and contexts are gone when their
lists, which are complete, leave them out. A server that loses half of an account at once is more likely broken than
right, and a mark hides a meeting from every frame: so nothing is marked before all answers are there, and then all of
it in one transaction or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hedy_jupyter import kinds
from hedy_jupyter.archive import ingest, queries
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.sync_runs import Run
from hedy_jupyter.archive.typed_rows import iso, select, select_required
from hedy_jupyter.errors import ArchiveError, HedyError, NotFound

COMPLETE_LISTS = ("todos", "topics", "contexts")
"""The kinds whose lists have no pages: what they leave out is not there."""
_CODES = frozenset({"session_not_found", "highlight_not_found", "not_found", "resource_not_found"})
_JUST_DELIVERED = "(listing IS NOT NULL AND listed IS NULL AND detail IS NULL AND NOT refused)"
_MANY = 10
"""Up to so many of a kind may vanish at once without a question, however few are held."""


def says_gone(error: HedyError) -> bool:
    """Return whether *error* is Hedy's own "not found"; a gateway's page with a 404 is not."""
    return isinstance(error, NotFound) and error.code in _CODES


def check(store: Store, run: Run, answered: Mapping[str, Sequence[str]]) -> None:
    """Raise `ArchiveError` if more than half of a kind, and more than ten, vanished at once.

    Args:
        store: the archive.
        run: the sync that noticed it.
        answered: kind → ids for which Hedy said so; what the complete lists leave out is counted too.

    Raises:
        ArchiveError: that many did.
    """
    counts = {kind: lost(store, kind, run, ids) for kind, ids in answered.items()}
    counts |= {kind: lost(store, kind, run) for kind in COMPLETE_LISTS}
    suspicious = {
        kind: f"{gone:,} of {of:,} {kind}"
        for kind, pairs in counts.items()
        for gone, of in pairs
        if gone > _MANY and 2 * gone > of
    }
    if suspicious:
        raise ArchiveError(
            f"{' and '.join(suspicious.values())} of the archive are suddenly missing in Hedy; nothing was marked.",
            advice="Sync again later. If they were deleted, use %hedy sync --accept-gone or sync(accept_gone=True).",
        )


def mark(store: Store, run: Run, answered: Mapping[str, Sequence[str]], *, accepted: bool) -> int:
    """Mark what is no longer in Hedy, all of it in one transaction; return how many sessions that are.

    Args:
        store: the archive.
        run: the sync that noticed it.
        answered: kind → ids for which Hedy said so.
        accepted: the user has said that it may be any number.

    Raises:
        ArchiveError: it is more than half of a kind, and more than ten, and was not accepted. Nothing is marked then.
    """
    with store.writing():
        if not accepted:
            check(store, run, answered)
        before = queries.counts(store)["gone"]
        for kind, ids in answered.items():
            mark_gone(store, kind, ids)
        for ident in answered.get("sessions", ()):
            ingest.put_refusal(store, ident)
        for kind in COMPLETE_LISTS:
            _mark(store, kind, f"seen_run < ?{_listed_only(kind)}", run.key)
        return queries.counts(store)["gone"] - before


def mark_gone(store: Store, kind: str, ids: Iterable[str]) -> None:
    """Note that these are no longer in Hedy; nothing is deleted.

    A session that only a webhook has delivered may not be in Hedy's lists yet: it is gone at the second refusal.
    """
    delivered = f" AND NOT {_JUST_DELIVERED}"
    with store.writing():
        for ident in ids:
            _mark(store, kind, f"{kinds.KINDS[kind].id_column} = ?{delivered if kind == 'sessions' else ''}", ident)


def _mark(store: Store, kind: str, condition: str, value: object) -> None:
    where = f"WHERE gone_at IS NULL AND {condition}"
    if kind in ingest.OF_SESSION:  # their words are searched with their session's
        for (ident,) in select(store.connection, f"SELECT DISTINCT session_id FROM {kind} {where}", (value,)):  # noqa: S608
            store.index.touch_session(ident)
    store.connection.execute(f"UPDATE {kind} SET gone_at = ? {where}", (iso(store.now()), value))  # noqa: S608


def _listed_only(kind: str) -> str:
    """Return the condition that a list, and not only the details of its session, contained a row of *kind*."""
    return " AND listed_run >= 0" if kind == "todos" else ""


def listed_count(store: Store, kind: str) -> int:
    """Return how many of *kind* a list has contained that are not gone."""
    query = f"SELECT count(*) FROM {kind} WHERE gone_at IS NULL{_listed_only(kind)}"  # noqa: S608
    with store.reading() as connection:
        return int(select_required(connection, query)[0])


def gone_ids(store: Store, kind: str) -> list[str]:
    """Return the ids of what is held and gone."""
    query = f"SELECT {kinds.KINDS[kind].id_column} FROM {kind} WHERE gone_at IS NOT NULL ORDER BY key"  # noqa: S608
    with store.reading() as connection:
        return [ident for (ident,) in select(connection, query)]


def unseen(store: Store, kind: str, run: Run, *, news: bool = False) -> list[str]:
    """Return the ids of what is held, is not gone, and was not seen in the sync *run*.

    With *news* only what a list contained since Hedy last returned it.
    """
    since = {"sessions": " AND seen_run > unlisted_run", "highlights": " AND listed_run >= seen_run"}
    query = f"""SELECT {kinds.KINDS[kind].id_column} FROM {kind}
        WHERE gone_at IS NULL AND seen_run < ?{since[kind] if news else ""} ORDER BY key"""  # noqa: S608
    with store.reading() as connection:
        return [ident for (ident,) in select(connection, query, (run.key,))]


def lost(store: Store, kind: str, run: Run, ids: Iterable[str] | None = None) -> tuple[tuple[int, int], ...]:
    """Count how many of *ids* (None: of what *run* did not see) are not gone yet, and of how many.

    A session that is only mentioned by a todo or highlight is not held.

    Returns:
        The two counts for all that is held, then for what was held before *run*.
    """
    held = f"FROM {kind} WHERE gone_at IS NULL"
    if kind == "sessions":
        held += f" AND (listing IS NOT NULL OR detail IS NOT NULL) AND NOT {_JUST_DELIVERED}"
    counts = f"SELECT count(*), count(CASE WHEN first_run < ? THEN 1 END) {held}"
    with store.reading() as connection:
        if ids is None:
            rows = [select_required(connection, f"{counts} AND seen_run < ?{_listed_only(kind)}", run.key, run.key)]
        else:
            one = f"{counts} AND {kinds.KINDS[kind].id_column} = ?"
            rows = [select_required(connection, one, run.key, ident) for ident in set(ids)]
        return tuple(zip(map(sum, zip(*rows, strict=True)), select_required(connection, counts, run.key), strict=False))
