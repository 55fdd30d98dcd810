"""``Filters``: the filters that every list, count and export takes, checked once and applied in one way.

They choose by the meeting: its topic, and when it starts (a highlight has its own time). ``text`` and ``limit``
choose rows; every other filter comes before ``limit``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, tzinfo
from typing import Any

import pandas as pd

from hedy_jupyter.analysis import filters
from hedy_jupyter.archive.queries import Topics
from hedy_jupyter.dates import ranges
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import UsageError

Values = Mapping[str, Any]
"""One row: column → value."""


@dataclass(frozen=True)
class Filters:
    """The filters of one call, as they were given.

    Attributes:
        topic: only what belongs to this topic, or to one of these.
        not_topic: nothing that belongs to this topic, or to one of these; what has no topic stays.
        since: only what starts then or later.
        until: only what starts then or before; a bare day or month counts whole.
        text: only rows in whose texts all these words occur, as ``df.hedy.search()`` finds them.
        limit: at most so many rows; None is all.

    Raises:
        UsageError: no topic is named, *text* has no word, or *limit* is below 1.
    """

    topic: Topics | None = None
    not_topic: Topics | None = None
    since: When | None = None
    until: When | None = None
    text: str | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        as_list(self.topic)
        as_list(self.not_topic, "not_topic")
        if self.limit is not None:
            filters.check_limit(self.limit, "limit=None is the complete history.")
        if self.text is not None:
            filters.read_words(self.text)

    @property
    def given(self) -> list[str]:
        """The names of the filters that are set."""
        return [field.name for field in fields(self) if getattr(self, field.name) is not None]

    @property
    def of_meetings(self) -> Filters:
        """The filters that choose meetings whatever their texts and number: all but ``text`` and ``limit``."""
        return replace(self, text=None, limit=None)

    @property
    def options(self) -> dict[str, Any]:
        """The filters as keyword arguments, such as those of ``hedy.sessions()``."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def window(self, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """Return the first instant of ``since`` and the exclusive end of ``until`` (UTC), read in *zone*.

        Raises:
            UsageError: one of them is not a time, or ``until`` is over when ``since`` begins.
        """
        return ranges.window(self.since, self.until, zone=zone)

    def refuse(self, what: str, names: Iterable[str], can: str = "") -> None:
        """Raise if one of *names* is set, which *what* cannot honour.

        Args:
            what: in the plural, such as ``"contexts and webhooks"``.
            names: of filters.
            can: the advice.

        Raises:
            UsageError: one is.
        """
        if refused := [name for name in self.given if name in set(names)]:
            raise UsageError(f"{what} cannot be narrowed by {', '.join(refused)}.", advice=can)

    def rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of *frame* that have the words of ``text``, at most ``limit``, numbered from 0.

        ``attrs["matching"]`` counts them without the limit, where it leaves some out.
        """
        found = frame if self.text is None else filters.search(frame, self.text)
        kept = (found if self.limit is None else found.head(self.limit)).reset_index(drop=True)
        if len(kept) < len(found):
            kept.attrs = {**frame.attrs, "matching": len(found)}
        return kept


def as_list(topics: Topics | None, name: str = "topic") -> list[str] | None:
    """Return *topics*, the argument *name*, as a list, each once; None where *topics* is None.

    Raises:
        UsageError: the collection is empty or holds something that is no text or blank.
    """
    if topics is None:
        return None
    found = [topics] if isinstance(topics, str) else list(dict.fromkeys(topics))
    if not found or not all(isinstance(one, str) and one.strip() for one in found):
        raise UsageError(f"{name}={topics!r} names no topic.", advice="Give a name or an id, or a list of them.")
    return found


@dataclass(frozen=True)
class RowFilter:
    """Which rows of a list to keep, with topics as ids and times as instants: for rows as they are read, one by one.

    Attributes:
        time: the column of the rows' time.
        since: the earliest time (UTC).
        until: the time that is too late already (UTC).
        key: the column that *among* and *without* are about.
        among: the values that are kept; None is all.
        without: the values that are not.
        text: the words that must occur in the row's texts; None is no condition.
    """

    time: str = "start_time"
    since: datetime | None = None
    until: datetime | None = None
    key: str = "topic_id"
    among: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    text: str | None = None

    @property
    def is_active(self) -> bool:
        """Whether it leaves anything out."""
        return self != RowFilter(time=self.time, key=self.key)

    @property
    def without_text(self) -> RowFilter:
        """The same without the words: what can be decided before the texts are read."""
        return replace(self, text=None)

    def includes(self, row: Values) -> bool:
        """Return whether *row* is kept."""
        return self._is_in_time(row) and self._has_key(row) and self.has_words(row)

    def has_words(self, row: Values) -> bool:
        """Return whether the texts of *row* have all words asked for."""
        return self.text is None or filters.row_fits(row, filters.read_words(self.text))

    def is_past(self, row: Values) -> bool:
        """Return whether *row* is older than all that are kept, as all that follow it in a list then are."""
        moment = row[self.time]
        return self.since is not None and isinstance(moment, pd.Timestamp) and moment < self.since

    def rows(self, frame: pd.DataFrame, limit: int | None = None) -> pd.DataFrame:
        """Return the rows of *frame* that are kept, at most *limit*, numbered from 0."""
        names, cells = list(map(str, frame.columns)), frame.itertuples(index=False, name=None)
        found = frame[self.mask(dict(zip(names, row, strict=True)) for row in cells)] if self.is_active else frame
        return (found if limit is None else found.head(limit)).reset_index(drop=True)

    def mask(self, rows: Iterable[Values]) -> Any:
        """Return which of *rows* are kept, as an array of bools."""
        return pd.Series(list(map(self.includes, rows)), dtype=bool).to_numpy()

    def _is_in_time(self, row: Values) -> bool:
        if self.since is None and self.until is None:
            return True
        moment = row[self.time]
        return (
            isinstance(moment, pd.Timestamp)
            and (self.since is None or self.since <= moment)
            and (self.until is None or moment < self.until)
        )

    def _has_key(self, row: Values) -> bool:
        ident = row[self.key]
        known = ident if isinstance(ident, str) else None
        return (self.among is None or known in self.among) and known not in self.without
