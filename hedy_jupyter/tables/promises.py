"""Todos over several meetings: the same promise made again, and how many were open when."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.tables import select
from hedy_jupyter.tables.local import local_days, local_times
from hedy_jupyter.tables.schema import DTYPES
from hedy_jupyter.tables.stop_words import STOP_WORDS

MIN_SCORE = 0.75
"""Two wordings that share less of what they are about are two promises."""
MAX_DAYS = 45
"""What comes again after a longer time is a new promise."""
_NAME = re.compile(r"(?<=\w\W)[^\W\d_a-z]\w+")  # a word with a capital that does not begin the text
_WORD = re.compile(r"[^\W_]+")
_IDEOGRAPHS = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_STOP = frozenset().union(*STOP_WORDS.values())
_COMMON = 0.2  # a word of more than this share of the todos is no reason to compare two of them
_ALWAYS = 100  # so few are always compared
_STEM = 5  # letters that tell a word from another one where only the ending differs ("samples", "sample")


def carried_over(
    todos: pd.DataFrame, sessions: pd.DataFrame | None = None, *, zone: tzinfo, min_score: float = MIN_SCORE, max_days: float = MAX_DAYS
) -> pd.DataFrame:
    """The promises that were made again in a later meeting, the most often repeated first.

    Two todos of different meetings are one promise where the words that they share weigh at least *min_score* of all their words. Rare
    words weigh more, stop words nothing; todos that name different numbers or people and places, and todos of two different topics, are
    never one.

    Args:
        todos: with ``text``; the meetings' times come from a column ``start_time``, else from *sessions* (``session_id``, ``start_time``).
            Without any time the order is that of the frame, newest first.
        sessions: the meetings.
        zone: the display time zone.
        min_score: between 0 and 1.
        max_days: from one meeting to the next mention.

    Returns:
        ``promise`` (the newest wording) ``times`` ``first_time`` ``last_time`` ``days`` (between them) ``open`` (whether the newest one
        is) ``topic_id`` ``topic_name`` ``score`` (of the weakest link) ``evidence`` (the words in common) ``todo_ids`` ``texts`` (lists,
        oldest first).

    Raises:
        UsageError: *min_score* is not between 0 and 1.
    """
    if not 0 < min_score <= 1:
        raise UsageError(f"min_score={min_score!r} is not between 0 and 1.", advice=f"The usual one is {MIN_SCORE}.")
    rows = _ordered(todos, sessions, zone)
    words = [_words(text) for text in rows["text"]]
    weights = _weights(words)
    chains = _chains(rows, words, weights, min_score, pd.Timedelta(days=max_days))
    found = [_promise(rows, chain, words, score) for chain, score in chains]
    frame = pd.DataFrame(found, columns=list(_COLUMNS)).astype(_COLUMNS)
    return frame.sort_values(["times", "last_time"], ascending=False, kind="stable", ignore_index=True)


_TEXT = DTYPES["text"]
_COLUMNS: dict[str, Any] = {
    "promise": _TEXT,
    "times": "int64",
    "first_time": "datetime64[us, UTC]",
    "last_time": "datetime64[us, UTC]",
    "days": "Int64",
    "open": "boolean",
    "topic_id": _TEXT,
    "topic_name": _TEXT,
    "score": "float64",
    "evidence": _TEXT,
    "todo_ids": "object",
    "texts": "object",
}


def _ordered(todos: pd.DataFrame, sessions: pd.DataFrame | None, zone: tzinfo) -> pd.DataFrame:
    """The todos that say something, oldest meeting first."""
    rows = pd.DataFrame({name: todos[name].to_numpy() if name in todos.columns else None for name in _NEEDED}, index=range(len(todos)))
    rows["open"] = ~select.is_completed(todos).to_numpy() if "completed" in todos.columns else True
    rows["time"] = _meeting_times(todos, sessions, zone).to_numpy()
    told = np.array([isinstance(text, str) and bool(text.strip()) for text in rows["text"]], dtype=bool)
    rows = rows[told].iloc[::-1]
    return rows.sort_values("time", kind="stable", na_position="first").reset_index(drop=True)


_NEEDED = ("todo_id", "text", "session_id", "topic_id", "topic_name")


def _meeting_times(todos: pd.DataFrame, sessions: pd.DataFrame | None, zone: tzinfo) -> pd.Series:
    """When the meeting of each todo began, as naive UTC; NaT where that is not known."""
    if "start_time" in todos.columns:
        return _naive(todos["start_time"], zone)
    if sessions is not None and "session_id" in todos.columns:
        known = pd.Series(_naive(sessions["start_time"], zone).to_numpy(), index=sessions["session_id"].to_numpy())
        times: pd.Series = todos["session_id"].map(known[~known.index.duplicated()])
        return times
    return pd.Series(np.full(len(todos), np.datetime64("NaT", "us")), index=todos.index)


def _naive(times: pd.Series, zone: tzinfo) -> pd.Series:
    moments: pd.Series = local_times(times, zone).dt.tz_convert("UTC").dt.tz_localize(None)
    return moments


def _words(text: str) -> frozenset[str]:
    """What a todo is about: its words without stop words and endings, numbers, and pairs of Chinese or Japanese characters."""
    folded = select.fold(text)
    pairs = {run[place : place + 2] for run in _IDEOGRAPHS.findall(folded) for place in range(max(1, len(run) - 1))}
    spaced = (word for word in _WORD.findall(_IDEOGRAPHS.sub(" ", folded)) if word not in _STOP)
    return frozenset(pairs | {word if word.isdigit() else word[:_STEM] for word in spaced})


def _numbers(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(map(str.isdigit, word)))


def _weights(words: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much each word tells: less, the more todos have it."""
    counts = Counter(word for one in words for word in one)
    return {word: math.log(1 + len(words) / count) for word, count in counts.items()}


def _score(one: frozenset[str], other: frozenset[str], weights: dict[str, float]) -> float:
    """The weight of the words in common, as a share of that of the shorter todo and of both (their mean)."""
    shared = sum(weights[word] for word in one & other)
    first, second = (sum(weights[word] for word in words) for words in (one, other))
    if not shared:
        return 0.0
    return (shared / min(first, second) + shared / (first + second - shared)) / 2


def _chains(
    rows: pd.DataFrame, words: Sequence[frozenset[str]], weights: dict[str, float], min_score: float, longest: pd.Timedelta
) -> list[tuple[list[int], float]]:
    """Groups of places in *rows*, oldest first, each with the score of its weakest link."""
    by_word: dict[str, list[int]] = defaultdict(list)
    most = max(_ALWAYS, _COMMON * len(words))
    often = Counter(word for one in words for word in one)
    chain_of: dict[int, int] = {}
    chains: dict[int, tuple[list[int], float]] = {}
    names = [frozenset(select.fold(name) for name in _NAME.findall(text)) for text in rows["text"]]
    for place, own in enumerate(words):
        known = {other for word in own if often[word] <= most for other in by_word[word]}
        best = max(
            (
                (_score(own, words[other], weights), other)
                for other in known
                if _numbers(own) == _numbers(words[other])
                and not (names[place] - names[other] and names[other] - names[place])
                and _may_follow(rows.iloc[other], rows.iloc[place], longest)
            ),
            default=(0.0, -1),
        )
        if best[0] >= min_score:
            chain = chain_of.setdefault(best[1], best[1])
            places, weakest = chains.get(chain, ([best[1]], 1.0))
            chains[chain] = [*places, place], min(weakest, best[0])
            chain_of[place] = chain
        for word in own:
            by_word[word].append(place)
    return list(chains.values())


def _may_follow(first: pd.Series, second: pd.Series, longest: pd.Timedelta) -> bool:
    """Whether *second* may be what was promised in *first*: in another meeting, soon enough, and not about another topic."""
    same_meeting = first["session_id"] == second["session_id"] and isinstance(first["session_id"], str)
    topics = [topic for topic in (first["topic_id"], second["topic_id"]) if isinstance(topic, str)]
    return not same_meeting and len(set(topics)) < 2 and not second["time"] - first["time"] > longest


def _promise(rows: pd.DataFrame, chain: list[int], words: Sequence[frozenset[str]], score: float) -> dict[str, Any]:
    told = rows.loc[chain]
    last = told.iloc[-1]
    first_time, last_time = told["time"].min(), told["time"].max()
    common = frozenset.intersection(*(words[place] for place in chain))
    shown = [word for word in _spoken(last["text"]) if _words(word) & common]
    return {
        "promise": last["text"],
        "times": len(chain),
        "first_time": _utc(first_time),
        "last_time": _utc(last_time),
        "days": None if pd.isna(first_time) else (last_time - first_time).days,
        "open": bool(last["open"]),
        "topic_id": last["topic_id"],
        "topic_name": last["topic_name"],
        "score": round(score, 3),
        "evidence": " ".join(dict.fromkeys(shown)),
        "todo_ids": told["todo_id"].tolist(),
        "texts": told["text"].tolist(),
    }


def _spoken(text: str) -> list[str]:
    """The words of *text* as they were written; runs of Chinese or Japanese characters whole."""
    return [word for word in re.findall(r"[^\W_]+", text) if word]


_COUNTS = dict.fromkeys(("made", "done", "open"), "int64")


def _utc(time: Any) -> pd.Timestamp | None:
    return None if pd.isna(time) else pd.Timestamp(time, tz="UTC")


# Over time -------------------------------------------------------------------


def burn_down(
    todos: pd.DataFrame, sessions: pd.DataFrame | None = None, *, zone: tzinfo, now: datetime | None = None, freq: str = "W"
) -> pd.DataFrame:
    """How many todos were made, done and open, period by period.

    Args:
        todos: with ``completed_at``, which ``archive.todos(history=True)`` has. One that is done but has none counts as done from its
            meeting on: when that was is not known.
        sessions: the meetings (``session_id``, ``start_time``), where *todos* has no ``start_time``.
        freq: ``"D"``, ``"W"`` or ``"M"``.

    Returns:
        ``period`` (its first day, on the wall clock) ``made`` ``done`` ``open`` (at its end).

    Raises:
        UsageError: there is no ``completed_at``.
    """
    if "completed_at" not in todos.columns:
        raise UsageError("The todos have no column completed_at.", advice="Take them from hedy.archive.todos(history=True).")
    step = {"D": "D", "W": "W-SUN", "M": "M"}.get(freq)
    if step is None:
        raise UsageError(f"freq={freq!r} is none of D, W, M.")
    made = _meeting_times(todos, sessions, zone).dt.tz_localize("UTC")
    finished = local_times(todos["completed_at"], zone).dt.tz_convert("UTC")
    finished = finished.where(finished.notna() | ~select.is_completed(todos), made)
    dates = pd.DataFrame({"made": local_days(made, zone), "done": local_days(finished, zone)})[made.notna().to_numpy()]
    end = pd.Timestamp.now(tz=zone) if now is None else pd.Timestamp(now).tz_convert(zone)
    if dates.empty:
        return pd.DataFrame({"period": [], "made": [], "done": [], "open": []}).astype({"period": "datetime64[us]"} | _COUNTS)
    periods = pd.period_range(dates["made"].min(), max(dates.max().max(), end.tz_localize(None)), freq=step)
    counts = {name: dates[name].dropna().dt.to_period(step).value_counts().reindex(periods, fill_value=0) for name in ("made", "done")}
    frame = pd.DataFrame({"period": periods.start_time.as_unit("us"), **{name: count.to_numpy() for name, count in counts.items()}})
    return frame.assign(open=(frame["made"] - frame["done"]).cumsum())
