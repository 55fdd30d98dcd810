"""``EventReads``: what users see of the deliveries of Hedy's webhooks in the archive."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import pandas as pd

from hedy_jupyter.archive import events
from hedy_jupyter.archive.account_file import AccountFile
from hedy_jupyter.archive.frames import described
from hedy_jupyter.changes import fields
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import NotFound, UsageError
from hedy_jupyter.frames import build
from hedy_jupyter.text.suggestions import did_you_mean

LOOK_S = 1.0
"""How often ``watch`` looks at the file, in seconds."""


class LastDelivery(NamedTuple):
    """The delivery that came last: its event, and when it came (UTC)."""

    event: str
    received_at: datetime


class Arrival(NamedTuple):
    """A delivery that has just come: its event, and the title or text of what it is about."""

    event: str
    title: str | None


class EventReads:
    """The reads of ``Archive`` that are about deliveries; none makes a request."""

    _file: AccountFile
    _zone: tzinfo

    def events(
        self,
        limit: int | None = None,
        *,
        event: str | Sequence[str] | None = None,
        since: When | None = None,
        until: When | None = None,
    ) -> pd.DataFrame:
        """Return the deliveries of Hedy's webhooks that ``hedy-jupyter receive`` has kept, newest first.

        Args:
            limit: how many; None is all.
            event: only those of this event, or of one of these: ``"session.ended"``.
            since: only those that came then or later, worded as for ``Hedy.sessions``.
            until: only those that came then or before.

        Returns:
            ``event_id event received_at session_id title status``: a delivery a row, each once, however often it came.
            *received_at* is UTC; *title* is that of the meeting or highlight, or the text of the todo; *status* is
            ``received`` (not used yet), ``used`` (its contents are in the archive), ``fetched`` (the details of its
            meeting too), ``kept`` (an event that has no place in the archive), ``test``, or ``failed``.

        Raises:
            UsageError: there is no such event, *limit* is no number, or *since* is after *until*.
        """
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
            raise UsageError(f"limit={limit!r} is not a number.", advice="limit=None gives all.")
        names = [event] if isinstance(event, str) else list(event or ())
        lower, upper = ranges.window(since, until, zone=self._zone)
        with self._file.open() as store:
            found = events.rows(store, names=names, since=lower, until=upper, limit=limit)
            if not found and names:
                _check_names(names, events.distinct_names(store))
            frame = build.build("events", [{**row, "session_id": row["session_id"] or None} for row in found])
            return described(store, frame, len(frame))

    def event(self, event_id: str) -> dict[str, Any]:
        """Return the JSON of one delivery, as Hedy sent it.

        Raises:
            NotFound: there is none with this id.
        """
        with self._file.open() as store:
            body = events.body(store, event_id)
        if body is None:
            raise NotFound(f"No delivery {event_id!r} is in the archive.", advice="hedy.archive.events() lists them.")
        found: dict[str, Any] = json.loads(body)
        return found

    def last_delivery(self) -> LastDelivery | None:
        """Return the delivery that came last; None before the first."""
        with self._file.open() as store:
            found = events.last_received(store)
            return found and LastDelivery(*found)

    def watch(
        self,
        *,
        event: str | None = None,
        seconds: float | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> Iterator[list[Arrival]]:
        """Yield the deliveries that come from now on, at each look those that are new; Ctrl-C ends it.

        It looks at the file on this machine once a second and makes no request.

        Args:
            event: only those of this event.
            seconds: end after so many; None does not end.
            sleep, clock: wait and measure.
        """
        until = None if seconds is None else clock() + seconds
        with self._file.open() as store:
            last = events.last_key(store)
            while until is None or clock() < until:
                sleep(LOOK_S if until is None else max(min(LOOK_S, until - clock()), 0.0))
                if new := events.newer(store, last):
                    last = new[-1][0]
                yield [Arrival(name, title) for _, name, title in new if event in (None, name)]


def _check_names(names: Sequence[str], held: Sequence[str]) -> None:
    """Refuse a name that is neither documented nor in the archive."""
    for name in names:
        if name not in held and name not in fields.EVENTS:
            raise UsageError(
                f"No event {name!r} is in the archive, and Hedy documents none.",
                advice=did_you_mean(name, {**fields.EVENTS, **dict.fromkeys(held)})
                or f"Events: {', '.join({**fields.EVENTS, **dict.fromkeys(held)})}.",
            )
