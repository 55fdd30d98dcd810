"""Todos over several meetings: the same promise made again, and how many were open when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any, NamedTuple

import pandas as pd

from hedy_jupyter.analysis import filters
from hedy_jupyter.analysis import similarity as wordings
from hedy_jupyter.analysis import todos as due
from hedy_jupyter.analysis.similarity import TextFeatures
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.columns import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import frame_zone, local_days, local_times, zone_of
from hedy_jupyter.kinds import id_text

MIN_SCORE = 0.6
"""How much of what two todos say has to be the same."""
_TEXTS = ("todo_id", "session_id", "topic_id", "topic_name")
_OTHER_TOPIC = 0.5  # what the words of a todo of another topic count


class _Todo(NamedTuple):
    """One todo; *place* is its row in the frame, *meeting* an id or a time."""

    place: int
    wording: TextFeatures
    meeting: object
    time: Any
    topic: str | None
    is_done: bool
    done_at: Any


@dataclass
class _Chain:
    """A promise and the meetings in which it was made, oldest first."""

    todos: list[_Todo]
    wordings: list[TextFeatures]
    topic: str | None
    score: float = 1.0
    done_before: int = 0

    def add(self, todo: _Todo, score: float) -> None:
        """Go on with *todo*, which is that much like the others."""
        self.todos.append(todo)
        self.topic = todo.topic or self.topic
        self.score = min(self.score, score)
        if todo.wording not in self.wordings:
            self.wordings.append(todo.wording)


# The same promise again ----------------------------------------------------------


def carried_over(
    todos: pd.DataFrame, sessions: pd.DataFrame | None = None, *, zone: tzinfo, min_score: float = MIN_SCORE
) -> pd.DataFrame:
    """The promises that were made again in a later meeting while they were open, a row each, the most often made first.

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
    if not 0 < min_score <= 1:
        raise UsageError(
            f"min_score cannot be {min_score!r}.", advice=f"Give a number above 0 and up to 1; {MIN_SCORE} is usual."
        )
    times = meeting_times(todos, sessions, zone=zone)
    ordered = _ordered(todos, times)
    chains = [chain for chain in _chains(ordered, min_score) if len(chain.todos) > 1]
    chains.sort(key=lambda chain: (len(chain.todos), _span(chain)), reverse=True)
    found = _table(todos, times, chains)
    found.attrs = {"carried_over": {"unknown_meetings": int(times.isna().sum()) if times.notna().any() else 0}}
    return found


def meeting_times(todos: pd.DataFrame, sessions: pd.DataFrame | None, *, zone: tzinfo) -> pd.Series:
    """When the meeting of each todo began, in the zone: from *sessions*, else from ``start_time`` of *todos*, else NaT.

    Raises:
        UsageError: *sessions* is no frame of meetings.
    """
    merged = "start_time" in todos.columns
    own = local_times(
        todos["start_time"] if merged else pd.Series(pd.NaT, index=todos.index, dtype=DTYPES["time"]), zone
    )
    if sessions is None or not has(todos, "session_id"):
        return own
    starts = local_times(column(sessions, "start_time"), frame_zone(sessions, zone_of(own, zone) if merged else zone))
    found = due.of_meetings(todos, sessions, starts)
    return found.where(found.notna(), own.dt.tz_convert(starts.dt.tz))


def _ordered(todos: pd.DataFrame, times: pd.Series) -> list[_Todo]:
    """The todos that say something in a meeting that is known, oldest first, each text once a meeting."""
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
            wording = read.setdefault(said, wordings.read(said))
            todo = _Todo(place, wording, meeting, *rest)
            key = (meeting, wording, todo.topic)
            if wording.words and (key not in found or not todo.is_done):  # of two in one meeting the open one
                found[key] = todo
    return list(found.values())


def _meetings(todos: pd.DataFrame, times: pd.Series) -> list[object]:
    """What tells the meetings of the todos apart."""
    if not has(todos, "session_id"):
        if "start_time" not in todos.columns:
            raise UsageError("The column session_id is missing.", advice="Pass todos as hedy.todos() returns them.")
        return [None if pd.isna(time) else time for time in times]
    ids = due.meeting_ids(todos)
    return [ident or (None if pd.isna(time) else time) for ident, time in zip(ids, times, strict=True)]


def _topics(todos: pd.DataFrame) -> list[str | None]:
    """The id of each todo's topic, else its name: names repeat."""
    columns = [todos[name].tolist() for name in ("topic_id", "topic_name") if name in todos.columns]
    rows = zip(*columns, strict=True) if columns else iter([()] * len(todos))
    return [next((text for cell in row if (text := id_text(cell))), None) for row in rows]


def _completion(todos: pd.DataFrame) -> tuple[list[bool], list[Any]]:
    """Whether each todo is done, and when that was seen, or NaT."""
    done = filters.is_completed(todos).tolist() if "completed" in todos.columns else [False] * len(todos)
    if "completed_at" not in todos.columns:
        return done, [pd.NaT] * len(todos)
    return done, local_times(todos["completed_at"], UTC).tolist()


def _chains(todos: list[_Todo], min_score: float) -> list[_Chain]:
    """The todos put together to promises."""
    compare = wordings.Comparison({todo.wording for todo in todos}, min_score)
    going: dict[TextFeatures, list[_Chain]] = defaultdict(list)  # those that a later todo can go on
    chains: list[_Chain] = []
    for todo in todos:
        score, chain = _best(todo, going, compare)
        known = chain if score >= min_score else None
        if known is not None and not _was_done(known.todos[-1], todo):
            known.add(todo, score)
        else:
            chain = _Chain([todo], [todo.wording], todo.topic, done_before=known.done_before + 1 if known else 0)
            chains.append(chain)
            for wording in known.wordings if known else ():
                going[wording] = _without(going[wording], known)
            known = chain
        going[todo.wording] = [*_without(going[todo.wording], known), known]
    return chains


def _without(chains: list[_Chain], left_out: _Chain | None) -> list[_Chain]:
    return [chain for chain in chains if chain is not left_out]


def _best(
    todo: _Todo, going: Mapping[TextFeatures, list[_Chain]], compare: wordings.Comparison
) -> tuple[float, _Chain | None]:
    """The promise of another meeting that *todo* is most like, and how much: as much as the one of its wordings that is least alike."""
    near = (chain for wording in compare.near(todo.wording) for chain in going.get(wording, ()))
    others = (chain for chain in near if chain.todos[-1].meeting != todo.meeting)
    return max(((_score(chain, todo, compare), chain) for chain in others), key=lambda one: one[0], default=(0.0, None))


def _score(chain: _Chain, todo: _Todo, compare: wordings.Comparison) -> float:
    score = min(compare.score(wording, todo.wording) for wording in chain.wordings)
    return score * _OTHER_TOPIC if chain.topic and todo.topic and chain.topic != todo.topic else score


def _was_done(before: _Todo, later: _Todo) -> bool:
    """Whether *before* was done when *later* was made."""
    return before.is_done and (pd.isna(before.done_at) or pd.isna(later.time) or before.done_at <= later.time)


def _span(chain: _Chain) -> float:
    first, last = chain.todos[0].time, chain.todos[-1].time
    return 0.0 if pd.isna(first) else (last - first).total_seconds()


def _table(todos: pd.DataFrame, times: pd.Series, chains: list[_Chain]) -> pd.DataFrame:
    """A row for each of *chains*."""
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
            "evidence": _text([wordings.shared([said[place] or "" for place in row]) for row in places]),
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
