"""Lists of what the minutes of a frame of sessions name: decisions, open questions, action items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.analysis import filters
from hedy_jupyter.frames import build, normalize
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.minutes.entries import Entry, entries
from hedy_jupyter.minutes.labels import EntryKind, plain_label

MINUTES = "meeting_minutes"
KINDS: Mapping[EntryKind, str] = MappingProxyType(
    {"decision": "decisions", "question": "open_questions", "action": "action_items"}
)
"""What an entry is, which names its column too → the list of it."""

_SESSION = ("session_id", "start_time", "title", "topic_id", "topic_name")
TEXTS = (MINUTES, "recap", "session_notes")
"""The texts that are read, the minutes first: of two equal entries the first one counts."""
_LINE_END = re.compile(r"(?<=\S)\n(?=\S)")
_LIST = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s", re.MULTILINE)


def listed(sessions: pd.DataFrame, kind: EntryKind, text: str | None = None) -> pd.DataFrame:
    """Return what the minutes of *sessions* list as *kind*, a row an entry, in the order of the sessions.

    Needs ``session_id`` and ``meeting_minutes``. Read are the minutes, and the recap and the notes where these have
    such a heading and say something else.

    Args:
        sessions: with their texts.
        kind: what to list; its name is the column of the text.
        text: only entries with all these words, as ``df.hedy.search`` compares them.

    Returns:
        ``session_id start_time title topic_id topic_name``, the text in a column called *kind*, and ``heading``, the
        words above it. ``attrs["minutes"]`` counts the ``sessions``, those with ``minutes``, and those that ``list``
        an entry.

    Raises:
        UsageError: a column is missing, or *text* holds no word.
    """
    frame = normalize.tidy(sessions)
    texts = {name: column(frame, name).tolist() for name in TEXTS if name == MINUTES or has(frame, name)}
    rows = (dict(zip(texts, cells, strict=True)) for cells in zip(*texts.values(), strict=True))
    found = [list(_of_session(row, kind)) for row in rows]
    places = [place for place, entries_of_it in enumerate(found) for _ in entries_of_it]
    meetings = build.build("sessions", []).reindex(columns=list(_SESSION), index=range(len(places)))
    listing = meetings.assign(**{name: frame[name].array[places] for name in _SESSION if has(frame, name)})
    flat = [entry for entries_of_it in found for entry in entries_of_it]
    listing[kind] = pd.Series([entry.text for entry in flat], dtype=DTYPES["text"])
    listing["heading"] = pd.Series([entry.heading for entry in flat], dtype=DTYPES["text"])
    if text is not None:
        listing = listing.loc[filters.search(listing[[kind]], text).index].reset_index(drop=True)
    listing.attrs = dict(sessions.attrs) | {
        "minutes": {
            "sessions": len(frame),
            "minutes": sum(map(_is_text, texts[MINUTES])),
            "list": sum(map(bool, found)),
        }
    }
    return listing


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the lists of several parts of a frame, one or more, as ``listed`` returns that of the whole frame."""
    listing = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    counts = [part.attrs["minutes"] for part in parts]
    listing.attrs = parts[-1].attrs | {"minutes": {name: sum(one[name] for one in counts) for name in counts[-1]}}
    return listing


def _of_session(texts: Mapping[str, object], kind: EntryKind) -> Iterator[Entry]:
    """Yield the entries of the texts of one meeting; what an earlier text lists is left out of the later ones."""
    seen = set[str]()
    for name, text in texts.items():
        if not isinstance(text, str) or not _is_text(text):
            continue
        # Notes are plain text, in which each line is a paragraph.
        read = _LINE_END.sub("\n\n", text) if name == "session_notes" and not _LIST.search(text) else text
        found = [entry for entry in entries(read, kind) if plain_label(entry.text) not in seen]
        seen.update(plain_label(entry.text) for entry in found)
        yield from found


def _is_text(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell.strip())
