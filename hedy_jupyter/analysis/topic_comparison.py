"""Comparison: two topics side by side: their meetings, hours, rhythm, open todos, and the words that mark each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

import pandas as pd

from hedy_jupyter.analysis import filters, groups, transcripts
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.column_lookup import has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import local_days
from hedy_jupyter.text import fold
from hedy_jupyter.text.script_ranges import is_cased
from hedy_jupyter.text.suggestions import did_you_mean
from hedy_jupyter.text.word_odds import marking_words

MEASURES = ("meetings", "hours", "rhythm_days", "open_todos", "words")
RESERVED = ("measure",)
"""The names that no column of a topic may have."""
_MOST_WORDS = 10
_MOST_LISTED = 10


@dataclass(frozen=True)
class Side:
    """One topic of a comparison.

    Attributes:
        label: the name of its column.
        rows: its sessions.
        topic_id: its id; None for the meetings without a topic.
        words: how often each word is said in them; None where nothing is known of what was said.
    """

    label: str
    rows: pd.DataFrame
    topic_id: str | None
    words: Counter[str] | None


def compare(df: pd.DataFrame, one: str, other: str, *, todos: pd.DataFrame | None = None, zone: tzinfo) -> pd.DataFrame:
    """Return two topics side by side: ``measure`` and a column for each topic.

    The rows are

    - ``meetings``: how many,
    - ``hours``: how long they took together, with one decimal; missing where the lengths of all are missing,
    - ``rhythm_days``: the median number of days from one meeting to the next, on the calendar of the zone; missing
      where fewer than two have a start,
    - ``open_todos``: todos of the topic that are not done; missing without *todos*,
    - ``words``: up to ten words that mark the topic against the other, the clearest first, with a comma between them
      (``text.word_odds``); missing where no word does, or where the transcripts of one of them are not known.

    Args:
        df: sessions with ``topic_id``, ``topic_name``, ``start_time`` and ``duration_min``; for the words with
            ``transcript`` or ``cleaned_transcript``.
        one: the name or id of a topic, or ``(no topic)``.
        other: the same of another topic.
        todos: todos of any topics.
        zone: the display zone.

    Raises:
        UsageError: no meeting is of such a topic, several topics have that name, or both are the same one.
    """
    labels = groups.topic_labels(df, RESERVED)
    keys = [_key(df, labels, topic) for topic in (one, other)]
    if keys[0] == keys[1]:
        raise UsageError(f"{one!r} and {other!r} are the same topic.", advice="Name two topics.")
    sides = [_side(df, label, labels) for label in keys]
    return beside(sides, todos=todos, zone=zone)


def _side(df: pd.DataFrame, label: str, labels: pd.Series) -> Side:
    rows = df[labels.eq(label).to_numpy(dtype=bool)]
    ids = groups.topics_of(rows)["topic_id"].dropna()
    return Side(label, rows, ids.iloc[0] if len(ids) else None, word_counts(rows))


def beside(sides: Sequence[Side], *, todos: pd.DataFrame | None, zone: tzinfo) -> pd.DataFrame:
    """Return two topics side by side, as ``compare`` does; one of them may have no meetings."""
    counts = [side.words for side in sides]
    columns = {
        side.label: [
            len(side.rows),
            _hours(side.rows),
            _rhythm(side.rows, zone),
            _open_todos(side, todos),
            None if words is None or rest is None else _marking(words, rest),
        ]
        for side, words, rest in zip(sides, counts, counts[::-1], strict=True)
    }
    found = {"measure": pd.Series(MEASURES, dtype=DTYPES["text"])}
    return pd.DataFrame(found | {label: pd.Series(cells, dtype="object") for label, cells in columns.items()})


def _key(df: pd.DataFrame, labels: pd.Series, wanted: str) -> str:
    """Return the label of the topic *wanted*: an id, a label, or a name in any case.

    Raises:
        UsageError: there is no such topic, or several have that name.
    """
    topics = groups.topics_of(df)
    is_wanted = topics["topic_id"].eq(wanted).fillna(False) | labels.eq(wanted)
    if not is_wanted.any():
        folded = fold.name_form(wanted)
        is_wanted = topics["topic_name"].map(lambda name: isinstance(name, str) and fold.name_form(name) == folded)
    found = labels[is_wanted.to_numpy(dtype=bool)].unique()
    if len(found) == 1:
        return str(found[0])
    if len(found):
        raise UsageError(f"{len(found)} topics are called {wanted!r}: {', '.join(found)}.", advice="Give an id.")
    known = labels.unique().tolist()
    more = f" … and {len(known) - _MOST_LISTED:,} more" if len(known) > _MOST_LISTED else ""
    raise UsageError(
        f"No meeting has the topic {wanted!r}.",
        advice=did_you_mean(wanted, known) or f"Topics here: {', '.join(known[:_MOST_LISTED]) or 'none'}{more}.",
    )


def _hours(part: pd.DataFrame) -> float | None:
    minutes = normalize.minutes(part).dropna()
    return round(float(minutes.sum()) / 60, 1) if len(minutes) or part.empty else None


def _rhythm(part: pd.DataFrame, zone: tzinfo) -> float | None:
    days = local_days(part["start_time"], zone).dropna().sort_values().diff().dropna().dt.days
    return float(days.median()) if len(days) else None


def _open_todos(side: Side, todos: pd.DataFrame | None) -> int | None:
    """Return how many of *todos* are open, of the topic; of meetings without a topic, those of these meetings."""
    if todos is None:
        return None
    left = normalize.tidy(filters.still_open(todos))
    if side.topic_id is not None:
        return int(groups.topics_of(left)["topic_id"].eq(side.topic_id).sum())
    return int(left["session_id"].isin(normalize.ids(side.rows["session_id"]).dropna()).sum())


def word_counts(part: pd.DataFrame) -> Counter[str] | None:
    """Return how often each word is said in *part*; None where nothing is known of what was said."""
    if not any(has(part, name) for name in ("transcript", "cleaned_transcript")):
        return None
    texts = [text for text in transcripts.said(part) if text]
    found = Counter[str]()
    for text in texts:
        found.update(transcripts.marking_forms(text))
    return found if texts else None


def _marking(words: Counter[str], others: Counter[str]) -> str | None:
    """Return the words that mark one text against another one, in their usual spelling."""
    spelled = {word.casefold(): word for word, _ in reversed(words.most_common())}
    found: list[str] = []
    for key in marking_words(_any_case(words), _any_case(others)):
        if len(found) < _MOST_WORDS and not any(_overlap(key, longer) for longer in found):
            found.append(key)
    return ", ".join(spelled[key] for key in found) or None


def _any_case(words: Counter[str]) -> Counter[str]:
    found = Counter[str]()
    for word, count in words.items():
        found[word.casefold()] += count
    return found


def _overlap(one: str, other: str) -> bool:
    """Return whether two pairs of Chinese characters overlap, as the pairs of one word of three characters do."""
    return len(one) == len(other) == 2 and not is_cased(one) and (one[0] == other[1] or one[1] == other[0])
