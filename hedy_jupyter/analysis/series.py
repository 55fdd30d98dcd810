"""Series: recurring meetings, recognised by their titles and by the rhythm in which they come."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import groups
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import local_days, local_times
from hedy_jupyter.text import fold
from hedy_jupyter.text.phrasing import WEEKDAYS

_LEAST_IN_RHYTHM = 0.6  # of the gaps
_TOLERANCE = 0.2  # of the rhythm: a weekly meeting may be a day late
_MOST_LEFT_OUT = 4  # a gap may be so many times the rhythm: holidays
_LONGEST_RHYTHM = 200.0  # days
_SAME_WEEKDAY = 0.6
_WEEK = 7  # days
_FASTER = 0.75  # two weekly meetings of one title come more often than each of them
# What tells the meetings of a series apart: months, weeks, "#12", dates, and brackets that hold nothing else.
_MONTHS = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet "
    "août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre"
)
_COUNTED = "week calendar kw woche semaine semana episode folge no nr nº part teil session round runde vol st nd rd th"
_LEFT_OUT = frozenset(map(fold.fold, f"{_MONTHS} {_COUNTED} of".split()))
_WORD = re.compile(r"[^\W\d_]+|\d+|[年月日号号回第週周]")
_NAMED_RHYTHMS = ((1.0, 1.5, "daily"), (6.0, 8.0, "weekly"), (13.0, 15.0, "every 2 weeks"), (27.0, 32.0, "monthly"))


def series(df: pd.DataFrame, *, least: int = 3, zone: tzinfo) -> pd.DataFrame:
    """Return the recurring meetings of *df*, most hours first.

    Meetings are one series where their titles are the same but for case, accents, numbers and dates, where there are
    *least* or more of them, and where they keep a rhythm: of the gaps between their days, ``every_days`` is the median,
    and 60 % or more of the gaps are that long, or up to four times as long (meetings that did not take place), give or
    take 20 % and at least a day. Meetings without a title or without a start are in no series.

    Where the meetings of one title keep a rhythm only by topic, or a slower one, each topic is a series: two teams'
    "Weekly".

    Gives ``title topic_id topic_name meetings hours rhythm every_days weekday first last session_ids``; ``hours`` have
    one decimal and are missing where the lengths of all are missing; times are in the zone.

    Raises:
        UsageError: *least* is below 2.
    """
    if isinstance(least, bool) or least < 2:
        raise UsageError(f"least={least!r} must be 2 or more.", advice="It is how many meetings make a series.")
    titled = [part for _, part in _rows(df, zone).groupby("key", sort=False)]
    parts = [one for part in titled for one in _by_topic(part, least) if len(one) >= least]
    records = [record for part in parts if (record := _record(part)) is not None]
    found = pd.DataFrame(records, columns=list(_DTYPES)).astype(_DTYPES)
    found = found.assign(first=local_times(found["first"], zone), last=local_times(found["last"], zone))
    return found.sort_values(["hours", "meetings"], ascending=False, kind="stable", ignore_index=True)


_DTYPES: dict[str, Any] = {
    **dict.fromkeys(("title", "topic_id", "topic_name"), DTYPES["text"]),
    "meetings": "int64",
    "hours": "float64",
    "rhythm": DTYPES["text"],
    "every_days": "float64",
    "weekday": DTYPES["text"],
    **dict.fromkeys(("first", "last"), DTYPES["time"]),
    "session_ids": "object",
}


def _rows(df: pd.DataFrame, zone: tzinfo) -> pd.DataFrame:
    """Return the meetings with a title and a start, oldest first, each with the key of its title and its local day."""
    titles, starts = normalize.texts(df["title"]), local_times(df["start_time"], zone)
    rows = groups.topics_of(df).assign(
        title=titles,
        start=starts,
        day=local_days(df["start_time"], zone),
        minutes=normalize.minutes(df),
        ident=normalize.ids(df["session_id"]),
        key=[_key(title) if isinstance(title, str) else "" for title in titles],
    )
    return rows[rows["key"].ne("") & starts.notna()].sort_values("start", kind="stable", ignore_index=True)


def _key(title: str) -> str:
    """Return what all titles of a series have in common; of one that has nothing but numbers, the title itself."""
    folded = fold.name_form(title)
    words = [word for word in _WORD.findall(folded) if not word.isdigit() and word not in _LEFT_OUT]
    return " ".join(words) or folded


def _by_topic(part: pd.DataFrame, least: int) -> list[pd.DataFrame]:
    """Return the meetings of one title; apart by topic where they keep a rhythm only so, or a slower one."""
    topics = part["topic_id"].fillna(part["_nameless_id"])
    often = topics.value_counts().loc[lambda counts: counts >= least].index
    apart = [part[topics.eq(topic).fillna(False)] for topic in often]
    every = [_every_days(one) for one in apart]
    together = _every_days(part)
    if not apart or (together and together >= _FASTER * min(filter(None, every), default=0.0)):
        return [part]
    return apart


def _every_days(part: pd.DataFrame) -> float | None:
    """Return the median number of days between the days of meetings; None where they keep no rhythm."""
    gaps = part["day"].drop_duplicates().diff().dropna().dt.days.to_numpy(dtype="float64")
    every = float(np.median(gaps)) if len(gaps) else 0.0
    return every if 0 < every <= _LONGEST_RHYTHM and _is_rhythm(gaps, every) else None


def _record(part: pd.DataFrame) -> dict[str, object] | None:
    """Return the row of one series; None where its meetings keep no rhythm."""
    every = _every_days(part)
    if every is None:
        return None
    usual = part[["topic_id", "topic_name"]].value_counts(dropna=False).index[0]
    minutes = part["minutes"].dropna()
    return {
        "title": part["title"].iloc[-1],
        "topic_id": usual[0],
        "topic_name": usual[1],
        "meetings": len(part),
        "hours": round(float(minutes.sum()) / 60, 1) if len(minutes) else None,
        "rhythm": _rhythm_name(every),
        "every_days": every,
        "weekday": _weekday(part["day"].drop_duplicates()),
        "first": part["start"].iloc[0],
        "last": part["start"].iloc[-1],
        "session_ids": part["ident"].tolist(),
    }


def _is_rhythm(gaps: np.ndarray[Any, Any], every: float) -> bool:
    times = np.clip(np.round(gaps / every), 1, _MOST_LEFT_OUT)
    off = np.abs(gaps - times * every)
    return bool((off <= max(1.0, _TOLERANCE * every)).mean() >= _LEAST_IN_RHYTHM)


def _rhythm_name(every: float) -> str:
    named = next((name for first, last, name in _NAMED_RHYTHMS if first <= every <= last), None)
    return named or (f"every {every:g} days" if every % _WEEK else f"every {every / _WEEK:g} weeks")


def _weekday(days: pd.Series) -> str | None:
    counts = days.dt.day_of_week.value_counts(normalize=True)
    return WEEKDAYS[int(counts.index[0])] if counts.iloc[0] >= _SAME_WEEKDAY else None
