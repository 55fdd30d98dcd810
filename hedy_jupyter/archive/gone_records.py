"""What is no longer in Hedy: who may say so, and how much of it is believed at once.

Only Hedy's own "not found" for an id makes a session or highlight gone; todos, topics and contexts are gone when their
lists, which are complete, leave them out. A server that loses half of an account at once is more likely broken than
right, and a mark hides a meeting from every frame: so nothing is marked before all answers are there, and then all of
it in one transaction or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hedy_jupyter.archive.store import Run, Store
from hedy_jupyter.errors import ArchiveError, HedyError, NotFound

COMPLETE_LISTS = ("todos", "topics", "contexts")
"""The kinds whose lists have no pages: what they leave out is not there."""
_CODES = frozenset({"session_not_found", "highlight_not_found", "not_found", "resource_not_found"})
_MANY = 10
"""Up to so many of a kind may vanish at once without a question, however few are held."""


def says_gone(error: HedyError) -> bool:
    """Whether *error* is Hedy's own word that what was asked for does not exist; a gateway's page with a 404 is not."""
    return isinstance(error, NotFound) and error.code in _CODES


def check(store: Store, run: Run, answered: Mapping[str, Sequence[str]]) -> None:
    """Refuse to believe that more than half of a kind, and more than ten, vanished at once.

    Args:
        store: the archive.
        run: the sync that noticed it.
        answered: kind → ids for which Hedy said so; what the complete lists leave out is counted too.

    Raises:
        ArchiveError: that many did.
    """
    lost = {kind: store.lost(kind, run, ids) for kind, ids in answered.items()}
    lost |= {kind: store.lost(kind, run) for kind in COMPLETE_LISTS}
    told = {
        kind: f"{gone:,} of {of:,} {kind}"
        for kind, counts in lost.items()
        for gone, of in counts
        if gone > _MANY and 2 * gone > of
    }
    if told:
        raise ArchiveError(
            f"Suddenly {' and '.join(told.values())} in the archive are no longer in Hedy; nothing was marked as gone.",
            advice="Sync again later. If they were really deleted: %hedy sync --accept-gone, or hedy.archive.sync(accept_gone=True).",
        )


def mark(store: Store, run: Run, answered: Mapping[str, Sequence[str]], *, accepted: bool) -> int:
    """Note what is no longer in Hedy, all of it in one transaction; how many sessions that are.

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
        before = store.counts()["gone"]
        for kind, ids in answered.items():
            store.gone(kind, ids)
        for ident in answered.get("sessions", ()):
            store.refused(ident)
        for kind in COMPLETE_LISTS:
            store.gone_unless_seen(kind, run)
        return store.counts()["gone"] - before
