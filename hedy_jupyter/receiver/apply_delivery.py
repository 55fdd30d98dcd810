"""Use a kept delivery: put what it carries into the archive, where searches and frames find it."""

from __future__ import annotations

from datetime import timedelta

from hedy_jupyter.archive import events, ingest
from hedy_jupyter.archive.events import Held
from hedy_jupyter.archive.store import Store
from hedy_jupyter.receiver import delivery

USED, KEPT = "used", "kept"
"""The status of a delivery whose contents are in the archive, and of one that carries nothing for it."""

_ITEMS_WAIT = timedelta(
    seconds=3
)  # the highlights and todos of a meeting come one after the other: one request for all


def use(store: Store, held: Held, *, fetch: bool) -> bool:
    """Put what *held* carries into the archive, in one transaction; return whether details are to be asked for.

    Args:
        store: the archive.
        held: the delivery.
        fetch: whether the details of its session are asked for.
    """
    event = delivery.payload_of(held.body, held.event)
    with store.writing():
        status = KEPT
        if event.test:
            status = delivery.TEST
        elif held.session_id and held.event in delivery.SESSION_EVENTS:
            ingest.put_delivered_session(store, held.session_id, event.payload)
            status = USED
        elif held.event == delivery.HIGHLIGHT:
            ingest.put_delivered(store, "highlights", [event.payload])
            status = USED
        elif held.event == delivery.TODO:
            ingest.put_delivered(store, "todos", [event.payload])
            status = USED
        asks = fetch and status == USED and bool(held.session_id) and held.event != "session.created"
        wait = timedelta() if held.event in delivery.SESSION_EVENTS else _ITEMS_WAIT
        events.mark_used(store, held.key, status, fetch_in=wait if asks else None)
    return asks
