"""``df.hedy`` for Dask frames, registered by ``import hedy_jupyter.dask``.

Every member stays lazy until ``.compute()``. Members that work row by row run on each partition. ``by_topic()``,
``speakers()`` and ``words()`` count each partition and add up the counts. Others, such as ``load()``, run once on the
columns without long texts. What is left raises an error that says how to get it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any

import pandas as pd
from dask.dataframe.extensions import register_dataframe_accessor

from hedy_jupyter.accessor import fetch
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.analysis import groups, speakers, transcripts
from hedy_jupyter.analysis.transcripts import SpeakerNames
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize, schema, timezones

ROW_BY_ROW = frozenset(
    {"action_items", "age", "at", "between", "decisions", "done", "due", "localize", "on", "open", "open_questions"}
    | {"quotes", "search", "to_whom", "with_meeting"}
)
"""The members that give the same rows for a whole frame as for its partitions."""
COUNTED = frozenset({"by_topic", "speakers", "utterances", "words"})
"""The members of transcripts, and those whose results for partitions add up to the result for the whole frame."""
AT_ONCE = frozenset(
    {"burn_down", "busiest", "by_session", "by_urgency", "gaps", "load", "overdue", "series", "stale", "summary"}
)
"""The members that run once on all rows, without the columns of long texts."""

_MEETING_COLUMNS = ("session_id", "start_time", "title", "topic_id", "topic_name")
_TEXT_MEMBERS = frozenset({"redact", "to_excel", "to_html", "to_markdown", "to_vault", "fetch_details"})
_LONG = frozenset(
    column.name
    for kind in ("sessions", "highlights")
    for column in schema.TABLES[f"{kind}_detailed"]
    if column.kind == "text" and column not in schema.TABLES[kind]
)
_MOST_WORDS = 10**6  # of a partition: all of them


@register_dataframe_accessor("hedy")  # type: ignore[no-untyped-call]  # dask has no annotations
class DaskFrame:
    """The members of ``df.hedy`` for a Dask frame.

    Attributes:
        kind: the kind of frame, as for a pandas frame.

    Raises:
        AttributeError: the columns are not those of a Hedy frame, or a member needs all rows at once.
    """

    def __init__(self, df: Any) -> None:
        self._df = df
        self._zone = timezones.frame_zone(df._meta, fetch.display_zone())
        self.kind = HedyFrame(df._meta).kind

    def __dir__(self) -> list[str]:
        return [
            *(name for name in super().__dir__() if not re.match("_[^_]", name)),
            *(name for name in dir(HedyFrame(self._df._meta)) if name in ROW_BY_ROW | COUNTED | AT_ONCE),
        ]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        getattr(HedyFrame(self._df._meta), name)  # raises if the frame does not have the columns
        if name in COUNTED:
            made: Callable[..., Any] = getattr(self, f"_{name}")
            return made
        if name in ROW_BY_ROW:
            return partial(self._by_row, name)
        if name in AT_ONCE:
            return partial(self._at_once, name)
        raise AttributeError(f"{name}() needs all rows at once. {self._way(name)}")

    def _by_row(self, name: str, *values: Any, **options: Any) -> Any:
        return _run(self._df, self._zone, name, *self._with_meetings(name, values, options))

    def _at_once(self, name: str, *values: Any, **options: Any) -> Any:
        if options.get("wide"):
            message = f"{name}(wide=True) needs all rows at once, because the topics are its columns."
            raise UsageError(message, advice=self._way(name))
        values, options = self._with_meetings(name, values, options)
        df = self._df[self._short_columns()]
        if name in {"overdue", "by_urgency"} and "due_on" not in df.columns:
            given = {"sessions": options.pop("sessions")} if "sessions" in options else {}
            df = _run(df, self._zone, "due", (), given or self._with_meetings("due", (), {})[1])
        if name == "overdue":
            df = _run(df, self._zone, name, values, options)  # few rows are left to sort
        return _run(df.repartition(npartitions=1), self._zone, name, values, options)

    def _by_topic(self) -> Any:
        return self._added_up(self._df[self._short_columns()], "by_topic", groups.added_up)

    def _words(self, n: int = 30) -> Any:
        return self._added_up(self._df, "words", partial(transcripts.added_up, n=n), _MOST_WORDS)

    def _speakers(self, by: str | None = None) -> Any:
        count = partial(_counted, by=by, zone=self._zone, names=fetch.speaker_names())
        counts = self._df.map_partitions(count, meta=count(self._df._meta))
        add = partial(speakers.added_up, by=by)
        return counts.repartition(npartitions=1).map_partitions(add, meta=add(counts._meta))

    def _utterances(self) -> Any:
        said = partial(_said, zone=self._zone, names=fetch.speaker_names())
        return self._df.map_partitions(said, meta=said(self._df._meta))

    def _added_up(self, df: Any, name: str, add: Callable[[pd.DataFrame], pd.DataFrame], *values: Any) -> Any:
        parts = _run(df, self._zone, name, values, {})
        return parts.repartition(npartitions=1).map_partitions(add, meta=add(parts._meta))

    def _with_meetings(
        self, name: str, values: tuple[Any, ...], options: Mapping[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments with the meetings that the member reads: a worker has no account to take them from."""
        signature = inspect.signature(getattr(HedyFrame, name))
        if "sessions" not in signature.parameters:
            return values, dict(options)
        given = signature.bind(None, *values, **options).arguments
        sessions = given.get("sessions")
        if sessions is None and "start_time" not in self._df.columns:
            sessions = fetch.known("sessions")
        if sessions is not None:
            sessions = sessions[[name for name in _MEETING_COLUMNS if name in sessions.columns]]
            sessions = sessions.compute() if hasattr(sessions, "compute") else sessions
            sessions = sessions.drop_duplicates("session_id").set_index("session_id")
        return (), {key: value for key, value in given.items() if key != "self"} | {"sessions": sessions}

    def _short_columns(self) -> list[str]:
        return [name for name in self._df.columns if name not in _LONG]

    def _way(self, name: str) -> str:
        """Return how to get what *name* gives."""
        if name in _TEXT_MEMBERS or not _LONG.intersection(self._df.columns):
            return f"Filter first, for example by topic_id, then take df.compute().hedy.{name}(…)."
        columns = ", ".join(map(repr, self._short_columns()))
        return f"Take the columns without long texts: df[[{columns}]].compute().hedy.{name}(…), or filter first."


class _Part(HedyFrame):
    """A partition, in the zone of the account that the user has: a worker has none."""

    def __init__(self, df: pd.DataFrame, zone: tzinfo) -> None:
        super().__init__(df)
        self._user_zone = zone

    @property
    def _zone(self) -> tzinfo:
        return self._user_zone


def _on_partition(
    df: pd.DataFrame, zone: tzinfo, name: str, values: tuple[Any, ...], options: Mapping[str, Any]
) -> Any:
    if options.get("sessions") is not None:
        options = {**options, "sessions": _meetings_of(df, options["sessions"])}
    return getattr(_Part(df, zone), name)(*values, **options)


def _meetings_of(df: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of *sessions*, by their ids, that *df* names: a look-up, so that all partitions take one pass."""
    if "session_id" not in df.columns:
        return sessions.reset_index()
    places = sessions.index.get_indexer(pd.Index(df["session_id"].dropna().unique()))
    return sessions.iloc[places[places >= 0]].reset_index()


def _counted(df: pd.DataFrame, *, by: str | None, zone: tzinfo, names: SpeakerNames) -> pd.DataFrame:
    return speakers.count([normalize.tidy(timezones.localize(df, zone))], by, zone=zone, names=names)


def _said(df: pd.DataFrame, *, zone: tzinfo, names: SpeakerNames) -> pd.DataFrame:
    return transcripts.utterances(normalize.tidy(timezones.localize(df, zone)), names)


def _run(df: Any, zone: tzinfo, name: str, values: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """Return the result of a member on each partition of *df*, which stays lazy."""
    meta = _on_partition(df._meta, zone, name, values, options)
    return df.map_partitions(_on_partition, zone, name, values, options, meta=meta)
