"""``Searchable``: the methods of the archive that find sessions: search, sentences, related ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Literal

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.analysis.filters import check_limit
from hedy_jupyter.archive import hit_sentences, lookup, related, search, vocabulary
from hedy_jupyter.archive.frames import plain_state
from hedy_jupyter.archive.queries import Topics
from hedy_jupyter.archive.store import Store
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import build


class Searchable:
    """An archive that can be searched; ``Archive`` says where its file is."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def store(self) -> Store:
        """Open the file; a context manager."""
        raise NotImplementedError

    def search(
        self,
        text: str,
        *,
        fields: str | Iterable[str] | None = None,
        limit: int = 50,
        fts: bool = False,
        by: Literal["session", "sentence"] = "session",
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
    ) -> pd.DataFrame:
        """Find the sessions in whose texts every word of *text* occurs, best first.

        Words are taken literally, with or without accents and case. Words in double quotes are one phrase, ``harb*`` is
        any word that begins so, and ``-boat`` leaves out the sessions with that word. Scripts without spaces are
        searched inside words. Titles, transcripts (the cleaned one where there is one), recaps, minutes, notes,
        conversations, highlights and todos are searched, also those of sessions that are no longer in Hedy.

        Args:
            text: what to look for.
            fields: only these, by column name (``"title"``, ``"transcript"``), or ``"highlights"``, ``"todos"``.
            limit: at most so many rows.
            fts: *text* is a query in SQLite's FTS5 language (``pilot NEAR start``, ``harb*``).
            by: ``"sentence"`` gives every sentence with a hit, a sentence a row.
            topic: only in sessions of this topic, or of these.
            not_topic: not in sessions of this topic, or of these.
            since: only in sessions that start then or later.
            until: only in sessions that start then or before.

        Returns:
            ``session_id title start_time field snippet score``: a session a row; *field* is where it was found best,
            *score* is larger for a better match and compares only within one search. By sentence ``session_id title
            start_time field speaker position text``: *speaker* is who says it, where the transcript tells, *position*
            where it begins in its field, in characters from 0; sessions are in the same order.

        Raises:
            UsageError: there is no word to find in *text*, no such field or *by*, or the FTS5 query cannot be read.
        """
        if by not in {"session", "sentence"}:
            raise UsageError(f"by={by!r} must be one of: session, sentence.")
        wanted = None if fields is None else [fields] if isinstance(fields, str) else list(fields)
        with self.store() as store:
            window = lookup.window(store, self._zone, topic, since, until, not_topic)
            hits = search.find_repaired(store, text, window, fields=wanted, limit=limit, fts=fts)
            found: Sequence[search.Hit | hit_sentences.Place] = hits
            if by == "sentence":
                found = hit_sentences.find(store, search.read_search(text, wanted, fts=fts), hits, limit=limit)
            frame = build.build("hits" if by == "session" else "places", [one._asdict() for one in found])
            frame.attrs["archive"] = plain_state(store)
            return frame

    def related(self, which: str, *, limit: int = 10) -> pd.DataFrame:
        """Return the sessions that are most like one, by the rarest words that they share; the most alike first.

        Args:
            which: the session, as for the reads, for example ``last`` or a title.
            limit: at most so many.

        Returns:
            ``session_id title start_time words score``: *words* holds the rarest of the shared words, with commas
            between them, *score* is larger for more alike and compares only within one list.

        Raises:
            NotFound: the archive has no such session.
            UsageError: *limit* is below 1.
        """
        check_limit(limit)
        with self.store() as store:
            ident = lookup.identify(store, kinds.SESSION, which, self._zone)
            frame = build.build("related", [one._asdict() for one in related.find(store, ident, limit=limit)])
            frame.attrs["archive"] = plain_state(store)
            return frame

    def similar_words(self, word: str) -> list[str]:
        """Return up to three words of the archive, in small letters, that are like *word*; the nearest first."""
        with self.store() as store:
            return vocabulary.similar(store, word)
