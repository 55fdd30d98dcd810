"""Recurring todos: the same promise made again in later meetings while it was open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any, NamedTuple

import pandas as pd

from hedy_jupyter.analysis import filters
from hedy_jupyter.analysis.meetings_of_todos import meeting_ids, meeting_times
from hedy_jupyter.analysis.similarity import Comparison, TextFeatures, features_of, shared
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import local_days, local_times
from hedy_jupyter.kinds import id_text

MIN_SCORE = 0.6
"""The similarity from which on two todos are the same promise."""
_TEXTS = ("todo_id", "session_id", "topic_id", "topic_name")
_OTHER_TOPIC = 0.5  # what the words of a todo of another topic count


class _Todo(NamedTuple):
    """One todo: *place* is its row in the frame, *meeting* an id or a time."""

    place: int
    features: TextFeatures
    meeting: object
    time: Any
    topic: str | None
    is_done: bool
    done_at: Any


@dataclass
class _Chain:
    """A promise: its todos, oldest first, and the features of their different texts."""

    todos: list[_Todo]
    features: list[TextFeatures]
    topic: str | None
    score: float = 1.0
    done_before: int = 0

    def extend(self, todo: _Todo, score: float) -> None:
        """Add *todo*, whose similarity to the others is *score*."""
        self.todos.append(todo)
        self.topic = todo.topic or self.topic
        self.score = min(self.score, score)
        if todo.features not in self.features:
            self.features.append(todo.features)


# The same promise again ----------------------------------------------------------


def carried_over(
    todos: pd.DataFrame, sessions: pd.DataFrame | None = None, *, zone: tzinfo, min_score: float = MIN_SCORE
) -> pd.DataFrame:
    """Return the promises that were made again in a later meeting while they were open, the most often made first.

    Two todos of different meetings are one promise where enough of their words are the same, whatever their order; rare
    words count more, function words nothing. Numbers, dates and names have to be the same. A todo of another topic
    counts half, so that at the usual *min_score* it is never the same promise. Once a todo is done, the same words are
    a new promise: a task that comes back every month is not carried over. ``completed_at``, where the frame has it,
    says when that was; else a todo that is done counts as done before the next meeting.

    The result has ``promise`` (the newest wording), ``times`` (in how many meetings), ``first_time`` and ``last_time``
    (of these meetings, in the zone), ``days`` (between them), ``open`` (whether the newest one is), ``topic_id``,
    ``topic_name``, ``done_before`` (how often the same was promised and done before that), ``score`` (of the two
    wordings that are least alike, from *min_score* to 1), ``evidence`` (what all wordings have in common) and the lists
    ``todo_ids``, ``session_ids`` and ``texts``, oldest first.

    Args:
        todos: with ``text`` and ``session_id`` or, merged with its meetings, ``start_time``.
        sessions: the meetings, with ``session_id`` and ``start_time``. Where no time is known, neither here nor in
            *todos*, the order is that of the frame, newest first. Where some are,
            ``attrs["carried_over"]["unknown_meetings"]`` says how many todos are left out because the time of their
            meeting is not among them.
        zone: the display time zone.
        min_score: from 0 to 1.

    Raises:
        UsageError: *min_score* is not above 0 and at most 1, or a column is missing.
    """
    times = meeting_times(todos, sessions, zone=zone)
    found = _table(todos, times, _carried_over(todos, times, min_score))
    found.attrs = {"carried_over": {"unknown_meetings": int(times.isna().sum()) if times.notna().any() else 0}}
    return found


def carried_over_ids(
    todos: pd.DataFrame, sessions: pd.DataFrame | None = None, *, zone: tzinfo, min_score: float = MIN_SCORE
) -> list[list[str | None]]:
    """Return the lists ``todo_ids`` of ``carried_over``, without its table, which takes most of the time."""
    ids = _cells(todos, "todo_id")
    chains = _carried_over(todos, meeting_times(todos, sessions, zone=zone), min_score)
    return [[ids[todo.place] for todo in chain.todos] for chain in chains]


def _carried_over(todos: pd.DataFrame, times: pd.Series, min_score: float) -> list[_Chain]:
    if not 0 < min_score <= 1:
        raise UsageError(
            f"min_score cannot be {min_score!r}.", advice=f"Give a number above 0 and up to 1; {MIN_SCORE} is usual."
        )
    chains = [chain for chain in _chains(_ordered(todos, times), min_score) if len(chain.todos) > 1]
    return sorted(chains, key=lambda chain: (len(chain.todos), _span(chain)), reverse=True)


def _ordered(todos: pd.DataFrame, times: pd.Series) -> list[_Todo]:
    """Return the todos with words in a meeting that is known, oldest first, each text once a meeting."""
    columns = [
        column(todos, "text").tolist(),
        _meetings(todos, times),
        times.tolist(),
        _topics(todos),
        *_completion(todos),
    ]
    # Newest first is the order of the API; the sort by time keeps it where two meetings begin at once.
    rows = [(place, *row) for place, row in reversed(list(enumerate(zip(*columns, strict=True))))]
    if times.notna().any():
        rows = sorted((row for row in rows if not pd.isna(row[3])), key=lambda row: row[3])
    read: dict[str, TextFeatures] = {}
    found: dict[object, _Todo] = {}
    for place, text, meeting, *rest in rows:
        said = id_text(text)
        if said and meeting is not None:
            features = read.get(said) or read.setdefault(said, features_of(said))
            todo = _Todo(place, features, meeting, *rest)
            key = (meeting, features, todo.topic)
            if features.words and (key not in found or not todo.is_done):  # of two in one meeting the open one
                found[key] = todo
    return list(found.values())


def _meetings(todos: pd.DataFrame, times: pd.Series) -> list[object]:
    """Return an id or a time for the meeting of each todo, or None."""
    if not has(todos, "session_id"):
        if "start_time" not in todos.columns:
            raise UsageError("The column session_id is missing.", advice="Pass todos as hedy.todos() returns them.")
        return [None if pd.isna(time) else time for time in times]
    ids = meeting_ids(todos)
    return [ident or (None if pd.isna(time) else time) for ident, time in zip(ids, times, strict=True)]


def _topics(todos: pd.DataFrame) -> list[str | None]:
    """Return the id of each todo's topic, else its name: names repeat."""
    columns = [todos[name].tolist() for name in ("topic_id", "topic_name") if name in todos.columns]
    rows = zip(*columns, strict=True) if columns else iter([()] * len(todos))
    return [next((text for cell in row if (text := id_text(cell))), None) for row in rows]


def _completion(todos: pd.DataFrame) -> tuple[list[bool], list[Any]]:
    """Return whether each todo is done, and when that was seen, or NaT."""
    done = filters.is_completed(todos).tolist() if "completed" in todos.columns else [False] * len(todos)
    if "completed_at" not in todos.columns:
        return done, [pd.NaT] * len(todos)
    return done, local_times(todos["completed_at"], UTC).tolist()


def _chains(todos: list[_Todo], min_score: float) -> list[_Chain]:
    """Return the promises that *todos* make, oldest first."""
    compare = Comparison({todo.features for todo in todos}, min_score)
    open_chains: dict[TextFeatures, list[_Chain]] = defaultdict(list)  # by the features of a todo in them
    chains: list[_Chain] = []
    for todo in todos:
        score, chain = _best(todo, open_chains, compare)
        known = chain if score >= min_score else None
        if known is not None and not _was_done(known.todos[-1], todo):
            known.extend(todo, score)
        else:
            chain = _Chain([todo], [todo.features], todo.topic, done_before=known.done_before + 1 if known else 0)
            chains.append(chain)
            for features in known.features if known else ():
                open_chains[features] = _without(open_chains[features], known)
            known = chain
        open_chains[todo.features] = [*_without(open_chains[todo.features], known), known]
    return chains


def _without(chains: list[_Chain], left_out: _Chain | None) -> list[_Chain]:
    return [chain for chain in chains if chain is not left_out]


def _best(
    todo: _Todo, open_chains: Mapping[TextFeatures, list[_Chain]], compare: Comparison
) -> tuple[float, _Chain | None]:
    """Return the promise of another meeting that is most similar to *todo*, and how much.

    That is the score of the text of the promise that is least similar.
    """
    similar = (chain for one in compare.candidates(todo.features) for chain in open_chains.get(one, ()))
    others = (chain for chain in similar if chain.todos[-1].meeting != todo.meeting)
    return max(((_score(chain, todo, compare), chain) for chain in others), key=lambda one: one[0], default=(0.0, None))


def _score(chain: _Chain, todo: _Todo, compare: Comparison) -> float:
    score = min(compare.score(features, todo.features) for features in chain.features)
    return score * _OTHER_TOPIC if chain.topic and todo.topic and chain.topic != todo.topic else score


def _was_done(before: _Todo, later: _Todo) -> bool:
    """Return whether *before* was done when *later* was made."""
    return before.is_done and (pd.isna(before.done_at) or pd.isna(later.time) or before.done_at <= later.time)


def _span(chain: _Chain) -> float:
    first, last = chain.todos[0].time, chain.todos[-1].time
    return 0.0 if pd.isna(first) else (last - first).total_seconds()


def _table(todos: pd.DataFrame, times: pd.Series, chains: list[_Chain]) -> pd.DataFrame:
    """Return a row for each of *chains*."""
    places = [[todo.place for todo in chain.todos] for chain in chains]
    newest, oldest = [row[-1] for row in places], [row[0] for row in places]
    cells = {name: _cells(todos, name) for name in _TEXTS}
    said = _cells(todos, "text")
    first, last = times.iloc[oldest].reset_index(drop=True), times.iloc[newest].reset_index(drop=True)
    days = local_days(last, times.dt.tz) - local_days(first, times.dt.tz)
    return pd.DataFrame(
        {
            "promise": _text([said[place] for place in newest]),
            "times": pd.Series([len(row) for row in places], dtype="int64"),
            "first_time": first,
            "last_time": last,
            "days": days.dt.days.astype("Int64"),
            "open": pd.Series([not chain.todos[-1].is_done for chain in chains], dtype="boolean"),
            "topic_id": _text([cells["topic_id"][place] for place in newest]),
            "topic_name": _text([cells["topic_name"][place] for place in newest]),
            "done_before": pd.Series([chain.done_before for chain in chains], dtype="int64"),
            "score": pd.Series([round(chain.score, 3) for chain in chains], dtype="float64"),
            "evidence": _text([shared([said[place] or "" for place in row]) for row in places]),
            "todo_ids": _lists(cells["todo_id"], places),
            "session_ids": _lists(cells["session_id"], places),
            "texts": _lists(said, places),
        }
    )


def _cells(todos: pd.DataFrame, name: str) -> list[str | None]:
    return [id_text(cell) for cell in column(todos, name).tolist()] if has(todos, name) else [None] * len(todos)


def _text(cells: list[str | None]) -> pd.Series:
    return pd.Series(cells, dtype=DTYPES["text"])


def _lists(cells: list[str | None], places: list[list[int]]) -> pd.Series:
    return pd.Series([[cells[place] for place in row] for row in places], dtype="object")
