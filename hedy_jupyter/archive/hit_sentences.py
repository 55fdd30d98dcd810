"""Every place of a search: the sentences that hold its words, with who says them, session by session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hedy_jupyter.analysis import transcripts
from hedy_jupyter.archive import search
from hedy_jupyter.archive.search import Asked, Found, Hit
from hedy_jupyter.archive.search_query import Term
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.typed_rows import select_required
from hedy_jupyter.text import tokens
from hedy_jupyter.text.clean import without_surrogates
from hedy_jupyter.text.sentences import Sentences

_TRANSCRIPTS = frozenset({"cleaned_transcript", "transcript"})


class Place(NamedTuple):
    """One sentence, or as many as a phrase takes, with a hit.

    Attributes:
        start_time: ISO, UTC.
        field: the field that it is in.
        speaker: who says it, in a transcript that names speakers; else None.
        position: where in the field it begins, in characters from 0.
    """

    session_id: str
    title: str | None
    start_time: str | None
    field: str
    speaker: str | None
    position: int
    text: str


def find(store: Store, asked: Asked, hits: Sequence[Hit], *, limit: int) -> list[Place]:
    """Return the places of *asked* in the sessions of *hits*, in their order, then that of fields and texts."""
    found: list[Place] = []
    with store.reading():
        for hit in hits:
            key = select_required(store.connection, "SELECT key FROM sessions WHERE session_id = ?", hit.session_id)[0]
            for place in _in_session(Found(store, key, hit.session_id, hit.title), hit, asked):
                found.append(place)
                if len(found) == limit:
                    return found
    return found


def _in_session(session: Found, hit: Hit, asked: Asked) -> Iterator[Place]:
    for column in asked.columns:
        terms = [term for term in asked.terms if column in term.columns]
        for field, text in search.texts(session, column) if terms else ():
            if asked.fields is None or not asked.fields.isdisjoint((column, field)):
                for speaker, start, end in _in_text(field, text, terms):
                    words = without_surrogates(text[start:end])
                    yield Place(hit.session_id, hit.title, hit.start_time, field, speaker, start, words)


def _in_text(field: str, text: str, terms: Sequence[Term]) -> Iterator[tuple[str | None, int, int]]:
    """Yield who says each sentence with a hit, and where it begins and ends."""
    spans = tokens.found(text, terms)
    if not spans:
        return
    turns = transcripts.placed_lines(text) if field in _TRANSCRIPTS else []
    sentences, last = Sentences(text), -1
    for span in spans:
        start, end = sentences.around(span)
        speaker, line = next(((one, at) for one, at, after in reversed(turns) if at <= span[0] < after), (None, start))
        start = max(start, line)  # without the label of the speaker
        if end > last:
            yield speaker, start, end
        last = max(last, end)
