"""The schedule of a sync: the details that it asks for, missing or perhaps changed, and some that may still come.

Hedy writes texts after the meeting, some days later, some never. A meeting without a cleaned transcript is asked for
again after 1, 2, 4 … days, at most monthly, and never more than ``REPEATS`` of all of them in one sync, those first
that were asked longest ago.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hedy_jupyter.archive import typed_rows
from hedy_jupyter.archive.queries import YOUNG
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.sync_runs import Run
from hedy_jupyter.archive.typed_rows import iso

REPEATS = 20
"""How many meetings are asked for again in one sync because something of them may still come, beside the young ones."""
_URGENT = REPEATS // 2
"""So many of them may be meetings without a transcript that were first seen lately: those are due at every sync."""
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=30)
_EARLY = timedelta(hours=2)  # a sync that runs daily does not run at the same second every day


class _Row(NamedTuple):
    ident: str
    start: str | None
    first_seen: str
    detail_at: str | None
    asked_at: str | None
    tried_at: str | None
    text_at: str | None
    detail_run: int
    gone: int
    refused: int
    relisted: int
    spoken: int
    cleaned: int
    named: int

    @property
    def answered(self) -> str | None:
        """When Hedy last answered for it."""
        return self.asked_at or self.detail_at


_QUERY = """
SELECT session_id, start_time, first_seen_at, detail_at, asked_at, tried_at, text_at, detail_run, gone_at IS NOT NULL,
  refused, listed IS NOT NULL AND basis IS NOT listed, has_transcript, has_cleaned, seen_run = ?
FROM sessions ORDER BY start_time DESC, key
"""


def pending(store: Store, run: Run, *, now: datetime, full: bool = False, absent: Container[str] = ()) -> list[str]:
    """Return the sessions whose details the sync *run* asks for, newest first, then those that are asked for again.

    Asked for are those that never came; those of meetings that start less than 14 days from now, before or after; those
    that are listed with another title, topic or duration; with *full* all of them, also of what is gone. Beside them,
    ``REPEATS`` at most: meetings without a cleaned transcript, without a start or with one that is to come, that no
    list names (*absent*), that Hedy refused, or that are gone and still named by a todo or highlight.
    """
    with store.reading() as connection:
        rows = [_Row(*row) for row in typed_rows.select(connection, _QUERY, (run.key,))]
        wanted = [row for row in rows if (full and row.detail_run < run.since) or _is_wanted(row, run, now)]
        wanted.sort(key=lambda row: row.tried_at is not None)  # what the server failed on must not stop the others
        known = {row.ident for row in wanted}
        rest = [row for row in rows if row.ident not in known and _may_change(row, now, absent)]
        return [row.ident for row in (*wanted, *_repeats(rest, run, now))]


def _is_wanted(row: _Row, run: Run, now: datetime) -> bool:
    if row.gone:
        return False
    if row.detail_at is None:
        return not row.refused
    # After now too: a clock may be wrong by some days.
    young = row.start is not None and iso(now - YOUNG) < row.start < iso(now + YOUNG)
    return bool(row.relisted) or (young and not _just_asked(row, run, now))


def _just_asked(row: _Row, run: Run, now: datetime) -> bool:
    """Return whether the sync that *run* continues has asked for it; one that was stopped long ago does not count."""
    return (
        row.detail_run >= run.since and row.answered is not None and abs(now - typed_rows.moment(row.answered)) <= _DAY
    )


def _may_change(row: _Row, now: datetime, absent: Container[str]) -> bool:
    if row.gone:
        return bool(row.named)
    return not row.cleaned or row.start is None or row.start > iso(now) or row.ident in absent


def _repeats(rows: Sequence[_Row], run: Run, now: datetime) -> list[_Row]:
    """Return at most ``REPEATS`` of *rows*, those first that were tried longest ago."""
    today = iso(now)

    def tried(row: _Row) -> str:
        last = row.tried_at or row.answered or ""
        return last if last <= today else ""  # the clock was set back: due

    fresh = {row.ident for row in rows if _is_fresh(row, now) and not _just_asked(row, run, now)}
    urgent = sorted((row for row in rows if row.ident in fresh), key=tried)
    due = sorted((row for row in rows if row.ident not in fresh and _is_due(row, now)), key=tried)
    chosen = urgent[:_URGENT] + due[: REPEATS - min(_URGENT, len(urgent))]
    return chosen + urgent[_URGENT:][: REPEATS - len(chosen)]


def _is_fresh(row: _Row, now: datetime) -> bool:
    """Return whether it came without a transcript or a start, and is known for a short time only."""
    return not row.gone and not row.refused and not (row.spoken and row.start) and row.first_seen > iso(now - YOUNG)


def _is_due(row: _Row, now: datetime) -> bool:
    """Return whether the time since its last answer is a day longer than that between its last text and the answer."""
    if row.answered is None:
        return True
    answered = typed_rows.moment(row.answered)
    waited = answered - typed_rows.moment(row.text_at or row.answered)
    distance = min(max(waited, timedelta()) + _DAY, _LONGEST)
    return not timedelta() <= now - answered < distance - _EARLY
