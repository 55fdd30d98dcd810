"""Speaking: how much each person says in the meetings of an account, and two topics side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from hedy_jupyter.account import speaker_names
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.account.read_methods import ReadMethods
from hedy_jupyter.account.session_parts import session_parts
from hedy_jupyter.analysis import groups, speakers, topic_comparison, transcripts
from hedy_jupyter.archive.queries import Topics
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import build, normalize, timezones
from hedy_jupyter.settings import Source

_OF_MEETINGS = ("topic", "not_topic", "since", "until")


class SpeakingMethods(ReadMethods):
    """The methods of one account that are about speakers, and about topics side by side."""

    def speakers(
        self,
        which: str | None = None,
        by: str | None = None,
        *,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        text: str | None = None,
        limit: int | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return how much each speaker says: ``speaker words turns questions meetings share``, most words first.

        It needs the transcripts, so one request a meeting; from the archive none.

        Args:
            which: only this session; without it all that the filters leave.
            by: ``"topic"``, ``"month"`` or ``"session"``: first a column ``topic_name``, ``period`` or ``session_id``.
            topic: only sessions of this topic, or of these.
            not_topic: no sessions of this topic, or of these.
            since: only sessions that start then or later.
            until: only sessions that start then or before.
            text: only speakers in whose names these words occur; shares stay those of all.
            limit: so many rows; None is all.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Returns:
            ``share`` is that of the words of all speakers of the topic, month or session, from 0 to 1.
            ``attrs["utterances"]`` says how many sessions there are and how many name their speakers.
        """
        chosen = Filters(topic, not_topic, since, until, text, limit)
        return speakers_of(self, which, by, chosen, source=source, refresh=refresh)

    def rename_speaker(self, label: str, name: str | None = None, *, session: str | None = None) -> pd.DataFrame:
        """Keep a name for the speaker whom transcripts call *label*, such as ``"Speaker 1"``; nothing is sent.

        The name is kept in a file beside the archive, and is used wherever speakers are counted.

        Args:
            label: as the transcript has it.
            name: the name to show; None takes an earlier one back.
            session: only in this session; without it in all.

        Returns:
            All names that are kept: ``speaker name session_id`` (missing for a name in all sessions).

        Raises:
            ArchiveError: the file cannot be read or written.
        """
        session_id = None if session is None else self.session(session).session_id
        return speaker_names.rename(self, label, name, session_id)

    def compare(
        self,
        one: str,
        other: str,
        *,
        since: When | None = None,
        until: When | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return two topics side by side: ``measure`` and a column for each topic.

        The measures are those of ``df.hedy.compare``: ``meetings hours rhythm_days open_todos words``.

        Args:
            one: a topic, or ``"(no topic)"``.
            other: another one.
            since: only sessions that start then or later; open todos are counted whatever their meeting.
            until: only sessions that start then or before.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.
        """
        return compared(self, one, other, since=since, until=until, source=source, refresh=refresh)


def speakers_of(
    hedy: ReadMethods, which: str | None, by: str | None, chosen: Filters, *, source: Source, refresh: bool
) -> pd.DataFrame:
    """Return how much each speaker says in the session *which*, or in all that *chosen* leaves.

    Args:
        hedy: the account.
        which: a session, or None.
        by: as for ``analysis.speakers``.
        chosen: the meetings, the words in names, and how many rows.
        source: where to read from.
        refresh: ask again even what was read within the last minute.

    Raises:
        UsageError: *which* together with a filter of meetings.
    """
    names, attrs = speaker_names.read(hedy), dict[Any, Any]()
    starts: list[pd.Timestamp] = []
    if which is None:
        parts = session_parts(hedy, chosen.of_meetings, transcripts.TRANSCRIPTS, source=source, refresh=refresh)
    else:
        chosen.refuse("One session", _OF_MEETINGS, "They choose among sessions: leave either out.")
        session = hedy.session(which, source=source, refresh=refresh)
        sessions = build.build("sessions_detailed", [session.raw])
        sessions.attrs["coverage"] = {"found": 1, "total": 1, "unreachable": 0, "source": source}
        parts = iter([sessions])

    def read() -> Iterator[pd.DataFrame]:
        for part in parts:
            attrs.update(part.attrs)
            starts.extend(part["start_time"].dropna())
            yield part

    found = speakers.of_parts(read(), by, zone=hedy.zone, names=names)
    attrs = timezones.noted(attrs | found.attrs | _between(starts), hedy.zone)
    attrs["utterances"] = {**attrs["utterances"], "speakers": int(found["speaker"].nunique())}
    found = chosen.rows(found)
    found.attrs = attrs
    return found


def compared(
    hedy: ReadMethods,
    one: str,
    other: str,
    *,
    since: When | None,
    until: When | None,
    source: Source,
    refresh: bool,
) -> pd.DataFrame:
    """Return two topics, or one and the meetings without any, side by side; a topic may have no meetings.

    Raises:
        UsageError: both are the same one.
    """
    topics = [_identified(hedy, topic, source, refresh=refresh) for topic in (one, other)]
    if topics[0] == topics[1]:
        raise UsageError(f"{one!r} and {other!r} are the same topic.", advice="Name two topics.")
    known = pd.DataFrame(topics, columns=["topic_id", "topic_name"])
    labels = groups.topic_labels(known, topic_comparison.RESERVED)
    ids = known["topic_id"].dropna().tolist()
    topic = ids if len(ids) == len(topics) else None
    parts: list[pd.DataFrame] = []
    words: dict[str | None, Counter[str] | None] = dict.fromkeys(ident for ident, _ in topics)
    chosen = Filters(topic=topic, since=since, until=until)
    for part in session_parts(hedy, chosen, transcripts.TRANSCRIPTS, source=source, refresh=refresh):
        for ident in words:
            if (of_part := topic_comparison.word_counts(_of_topic(part, ident))) is not None:
                words[ident] = of_topic = words[ident] or Counter()
                of_topic.update(of_part)
        parts.append(part.drop(columns=[*transcripts.TRANSCRIPTS]))
    sessions = pd.concat(parts, ignore_index=True)
    sides = [
        topic_comparison.Side(label, _of_topic(sessions, ident), ident, words[ident])
        for label, (ident, _) in zip(labels, topics, strict=True)
    ]
    found = topic_comparison.beside(sides, todos=hedy.todos(source=source, refresh=refresh), zone=hedy.zone)
    kept = {name: parts[0].attrs[name] for name in ("coverage", "archive") if name in parts[0].attrs}
    found.attrs = timezones.noted(kept | _between(sessions["start_time"].dropna()), hedy.zone)
    return found


def _between(starts: Iterable[pd.Timestamp]) -> dict[str, list[str]]:
    """Return the first and the last of *starts* as text, which pandas can write; nothing where there are none."""
    found = list(starts)
    return {"between": [min(found).isoformat(), max(found).isoformat()]} if found else {}


def _of_topic(sessions: pd.DataFrame, ident: str | None) -> pd.DataFrame:
    """Return the rows of the topic *ident*, or those without any."""
    held = normalize.ids(sessions["topic_id"])
    return sessions[held.isna() if ident is None else held.eq(ident).fillna(False)]


def _identified(hedy: ReadMethods, which: str, source: Source, *, refresh: bool) -> tuple[str | None, str | None]:
    """Return the id and the name of the topic *which*; both None for ``(no topic)``."""
    if which == groups.NO_TOPIC:
        return None, None
    topic = hedy.topic(which, source=source, refresh=refresh)
    return topic.topic_id or which, topic.name
