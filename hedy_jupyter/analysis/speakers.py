"""Speakers: how much each of them says, in all or by meeting, topic or month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.analysis import groups, meetings, transcripts
from hedy_jupyter.analysis.transcripts import NO_NAMES, SpeakerNames
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.frames.timezones import local_days, local_times
from hedy_jupyter.text.suggestions import did_you_mean

COLUMNS = ("speaker", "words", "turns", "questions", "meetings", "share")
_GREEK = r"\u0370-\u03ff\u1f00-\u1fff"
_MARKS = "[?？؟⁇⁈⁉\u037e\u055e]"
_QUESTION_MARKS = re.compile(rf"{_MARKS}+")
_QUESTION = re.compile(rf"(?:{_MARKS}|(?<=[{_GREEK}]);)+")  # a semicolon asks in Greek
_SUMS = ("words", "turns", "questions")


@dataclass(frozen=True)
class _Basis:
    """What speakers are counted by.

    Attributes:
        name: the word that is used inside of this module.
        needed: the columns that a frame of sessions must have.
        column: the one that comes first in the result.
        keys: what tells the groups apart.
        order: what sorts them; times of meetings and sums of words with the largest first.
        also: what is the same in all rows of a group besides its keys.
    """

    name: str
    needed: tuple[str, ...]
    column: str
    keys: tuple[str, ...]
    order: tuple[str, ...]
    also: tuple[str, ...] = ()


_SESSION = _Basis(
    "session", ("session_id", "start_time"), "session_id", ("session_id",), ("_start", "session_id"), ("_start",)
)
_TOPIC_KEYS = ("topic_id", "_nameless_id")
BASES: Mapping[str, _Basis] = MappingProxyType(
    {
        "session": _SESSION,
        "meeting": _SESSION,
        "topic": _Basis(
            "topic", ("topic_id", "topic_name"), "topic_name", _TOPIC_KEYS, ("_all", *_TOPIC_KEYS), ("topic_name",)
        ),
        "month": _Basis("month", ("start_time",), "period", ("period",), ("period",)),
    }
)
"""What speakers can be counted by."""
_LARGEST_FIRST = frozenset({"_start", "_all", "words"})


def speakers(df: pd.DataFrame, by: str | None = None, *, zone: tzinfo, names: SpeakerNames = NO_NAMES) -> pd.DataFrame:
    """Return how much each speaker says, most words first; needs ``transcript`` or ``cleaned_transcript``.

    Gives ``speaker``, ``words``, ``turns``, ``questions`` (question marks of any script, several in a row count once),
    ``meetings`` and ``share`` (of all words, 0 to 1). With *by* there are rows for each topic (most words first), month
    or meeting (the newest first): ``topic_name``, ``period`` (the first day of the month in the zone) or ``session_id``
    comes first, and the share is that of the topic, month or meeting. *names* are shown in place of labels.
    ``attrs["utterances"]`` says how much could be read.

    Raises:
        UsageError: *by* is none of ``"topic"``, ``"month"``, ``"session"`` (or ``"meeting"``), or columns are missing.
    """
    return of_parts([df], by, zone=zone, names=names)


def of_parts(
    parts: Iterable[pd.DataFrame], by: str | None = None, *, zone: tzinfo, names: SpeakerNames = NO_NAMES
) -> pd.DataFrame:
    """Return ``speakers`` of a frame that comes in *parts*, one or more, of which each is read once.

    Raises:
        UsageError: as ``speakers`` does.
    """
    found = count(parts, by, zone=zone, names=names)
    trimmed = found[[*([BASES[by].column] if by else []), *COLUMNS]]
    trimmed.attrs = dict(found.attrs)
    return trimmed


def count(
    parts: Iterable[pd.DataFrame], by: str | None = None, *, zone: tzinfo, names: SpeakerNames = NO_NAMES
) -> pd.DataFrame:
    """Return ``speakers`` of *parts*, with all that tells groups apart: topics of one name have different ids.

    Raises:
        UsageError: as ``speakers`` does.
    """
    if by is not None and by not in BASES:
        raise UsageError(
            f"by={by!r} must be one of: topic, month, session.",
            advice=did_you_mean(str(by), BASES) or "Without it all meetings are counted together.",
        )
    basis, reading = BASES[by] if by else None, transcripts.Reading()
    keys, also = (list(basis.keys), basis.also) if basis else ([], ())
    counted = [_of_meetings(part, basis, reading, zone=zone, names=names) for part in parts]
    said = pd.concat([part for part in counted if len(part)] or counted[:1], ignore_index=True)
    found = said.groupby([*keys, "speaker"], dropna=False, sort=False, observed=True).agg(
        **{name: (name, "sum") for name in _SUMS}, meetings=("speaker", "size"), **{one: (one, "first") for one in also}
    )
    found = _shared(found.reset_index(), basis)
    found.attrs = {"utterances": reading.facts}
    return found


def added_up(counts: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Return ``speakers`` of a whole frame from what ``count`` gives for its parts, one below the other."""
    basis = BASES[by] if by else None
    keys, also = (basis.keys, basis.also) if basis else ((), ())
    totals = dict.fromkeys(("words", "turns", "questions", "meetings"), "sum") | dict.fromkeys(also, "first")
    found = counts.groupby([*keys, "speaker"], dropna=False, sort=False, observed=True).agg(totals)
    return _shared(found.reset_index(), basis)[[*([basis.column] if basis else []), *COLUMNS]]


def _shared(found: pd.DataFrame, basis: _Basis | None) -> pd.DataFrame:
    """Return the counts of speakers with their shares and groups, in order."""
    keys, order = (list(basis.keys), basis.order) if basis else ([], ())
    found["_all"] = found.groupby(keys, dropna=False)["words"].transform("sum") if keys else found["words"].sum()
    found["share"] = (found["words"] / found["_all"].where(found["_all"] > 0)).fillna(0.0).astype("float64")
    sorting = {name: name not in _LARGEST_FIRST for name in [*order, "words", "speaker"]}
    found = found.sort_values(list(sorting), ascending=list(sorting.values()), ignore_index=True)
    found = found.astype({"speaker": DTYPES["text"]})
    found["group"] = found.groupby(keys, dropna=False, sort=False).ngroup() if keys else 0
    return found


def _of_meetings(
    df: pd.DataFrame, basis: _Basis | None, reading: transcripts.Reading, *, zone: tzinfo, names: SpeakerNames
) -> pd.DataFrame:
    """Return ``words turns questions`` of each speaker in each meeting of *df*, with what *basis* counts by."""
    texts = transcripts.texts_by_speaker(df, names, reading)
    places = [place for place, _ in texts]
    sums = [(transcripts.length("\n".join(said)), len(said), sum(map(_questions, said))) for said in texts.values()]
    found = pd.DataFrame(sums, columns=list(_SUMS), dtype="int64")
    found["speaker"] = pd.Series([speaker for _, speaker in texts], dtype=DTYPES["text"])
    return found.assign(**{name: values.iloc[places].array for name, values in _columns(df, basis, zone).items()})


def _questions(text: str) -> int:
    """Return how many questions *text* asks."""
    return len((_QUESTION if ";" in text else _QUESTION_MARKS).findall(text))


def _columns(df: pd.DataFrame, basis: _Basis | None, zone: tzinfo) -> dict[str, pd.Series]:
    """Return the columns by which rows are counted, one value a meeting."""
    if basis is None:
        return {}
    missing = [name for name in basis.needed if not has(df, name)]
    if missing:
        raise UsageError(
            f"Speakers by {basis.name} need the column {', '.join(missing)}.", advice="Pass a frame that has it."
        )
    if basis.name == "topic":
        topics = groups.topics_of(df)
        return {name: topics[name] for name in topics.columns}
    starts = column(df, "start_time")
    if basis.name == "month":
        return {"period": meetings.FIRST_DAYS["month"](local_days(starts, zone))}
    return {"session_id": column(df, "session_id"), "_start": local_times(starts, zone)}
