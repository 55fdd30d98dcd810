"""Topics in a plot: which rows are drawn, the rows of each topic, and the topics beyond those with a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.analysis import groups
from hedy_jupyter.analysis.groups import NO_TOPIC
from hedy_jupyter.analysis.plots.axes import label
from hedy_jupyter.analysis.plots.colors import GREY, Style, own_colors, styles
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.column_lookup import has
from hedy_jupyter.text import fold
from hedy_jupyter.text.suggestions import did_you_mean

_MOST_IN_TITLE = 3
_MOST_LISTED = 10
REST_HATCH = "////"  # of the grey of "… 12 more" beside the grey of "(no topic)"
Topics = pd.DataFrame | str | Iterable[str] | None
"""A frame of topics for their colours, or names or ids of the topics to draw."""


@dataclass(frozen=True)
class Group:
    """The rows of one topic, type or speaker, or of the rest.

    Attributes:
        name: as it is in the frame, not shortened.
        style: how its marks are drawn.
        rows: which rows of the frame belong to it.
    """

    name: object
    style: Style
    rows: np.ndarray[Any, Any]


def select(df: pd.DataFrame, topics: Topics, known: Mapping[str, str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the rows of *df* to draw, and topic id → colour.

    Args:
        df: the frame that is drawn; its own column ``color`` counts, too.
        topics: a frame of topics gives their colours; names or ids leave only the rows of these topics.
        known: topic id → colour, as the account in use knows them.

    Raises:
        UsageError: a name or id is of no topic in *df*, or *topics* has no colours.
    """
    colors = own_colors(pd.DataFrame({"topic_id": list(known), "color": list(known.values())}))
    if has(df, "topic_id") and has(df, "color"):
        colors |= own_colors(normalize.tidy(df))
    if isinstance(topics, pd.DataFrame):
        frame = normalize.tidy(topics)
        if not {"topic_id", "color"} <= set(frame.columns):
            raise UsageError(
                "topics has no columns topic_id and color.", advice="Pass topics=hedy.topics(), or names of topics."
            )
        return df, colors | own_colors(frame)
    return (df if topics is None else _of_topics(df, _listed(topics))), colors


def _listed(topics: object) -> list[str]:
    """Return the names and ids that *topics* is or holds.

    Raises:
        UsageError: it is or holds something else.
    """
    found = [topics] if isinstance(topics, str) else list(topics) if isinstance(topics, Iterable) else [topics]
    wrong = [one for one in found if not isinstance(one, str)]
    if wrong:
        raise UsageError(
            f"topics cannot be {wrong[0]!r}.", advice=f"Give names or ids of topics, {NO_TOPIC!r}, or hedy.topics()."
        )
    return [str(one) for one in found]


def named_topics(chosen: pd.DataFrame, topics: Topics) -> list[str]:
    """Return the names of the topics of *chosen*, the rows that *topics* leaves; none where it leaves all."""
    if topics is None or isinstance(topics, pd.DataFrame):
        return []
    return [label(group.name) for group in by_topic(chosen, {}, most=len(chosen))]


def with_topics(title: str, names: Sequence[str]) -> str:
    """Return *title* with the names of the topics that are drawn."""
    if not names:
        return title
    more = f" and {len(names) - _MOST_IN_TITLE:,} more" if len(names) > _MOST_IN_TITLE else ""
    return f"{title}: {', '.join(names[:_MOST_IN_TITLE])}{more}"


def _of_topics(df: pd.DataFrame, wanted: list[str]) -> pd.DataFrame:
    """Return the rows of the topics *wanted*: ids, names without regard to case and accents, or ``(no topic)``."""
    topics = groups.topics_of(df)
    ids = topics["topic_id"].fillna("").to_numpy(dtype=object)
    names = np.array([fold.fold(name) for name in topics["topic_name"].fillna("")], dtype=object)
    kept = np.zeros(len(df), dtype=bool)
    for topic in wanted:
        is_named = (ids == topic) | (names == fold.fold(topic))
        found = (ids == "") & (names == "") if topic in {"", NO_TOPIC} else is_named
        if not found.any():
            known = topics["topic_name"].dropna().unique()
            more = f" … and {len(known) - _MOST_LISTED:,} more" if len(known) > _MOST_LISTED else ""
            raise UsageError(
                f"No row has the topic {topic!r}.",
                advice=did_you_mean(topic, known) or f"Topics here: {', '.join(known[:_MOST_LISTED]) or 'none'}{more}.",
            )
        kept |= found
    return df[kept]


def by_topic(
    df: pd.DataFrame, colors: Mapping[str, str], *, most: int, weight: str | None = None, hatched: bool = True
) -> list[Group]:
    """Return the rows of each topic: most rows (or *weight*) first, then ``… 12 more``, then those without a topic."""
    topics = groups.topics_of(df)
    keys = topics["topic_id"].fillna(topics["_nameless_id"]).fillna("").to_numpy(dtype=object)
    return _grouped(keys, topics["topic_name"], df, colors, most=most, weight=weight, hatched=hatched)


def by_column(
    df: pd.DataFrame, name: str, colors: Mapping[str, str], *, most: int, weight: str | None = None, empty: str
) -> list[Group]:
    """Return the rows of each value of the column *name*, as ``by_topic`` does; *empty* names those without one."""
    values = normalize.texts(df[name])
    keys = values.fillna("").to_numpy(dtype=object)
    return _grouped(keys, values, df, colors, most=most, weight=weight, hatched=True, empty=empty)


def _grouped(
    keys: np.ndarray[Any, Any],
    names: pd.Series,
    df: pd.DataFrame,
    colors: Mapping[str, str],
    *,
    most: int,
    weight: str | None,
    hatched: bool,
    empty: str = NO_TOPIC,
) -> list[Group]:
    weights = np.ones(len(df)) if weight is None else df[weight].to_numpy(dtype="float64")
    sizes = pd.Series(weights).groupby(keys).sum()
    ranked = sorted((key for key in sizes.index if key), key=lambda key: (-sizes[key], key))
    most = most + 1 if len(ranked) == most + 1 else most  # "… 1 more" saves nothing
    named, rest = ranked[:most], ranked[most:]
    drawn = styles(named, colors)
    first_names = pd.Series(names.to_numpy(dtype=object)).groupby(keys).first()
    found = [
        Group(first_names.get(key), drawn[key] if hatched else Style(drawn[key].color), keys == key) for key in named
    ]
    if rest:
        hatch = REST_HATCH if hatched and "" in sizes.index else ""
        found.append(Group(f"… {len(rest):,} more", Style(GREY, hatch), np.isin(keys, rest)))
    if "" in sizes.index:
        found.append(Group(empty, Style(GREY), keys == ""))
    return found
