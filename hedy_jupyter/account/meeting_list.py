"""``MeetingList``: the meetings of an account to choose from, filtered, searched and ordered, and any of them whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import pandas as pd

from hedy_jupyter.account import card_parts
from hedy_jupyter.account.frame_coverage import count_text, known_count
from hedy_jupyter.account.session import Session
from hedy_jupyter.analysis.groups import NO_TOPIC
from hedy_jupyter.choices import LIMIT
from hedy_jupyter.errors import ArchiveError, NotFound
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.timezones import zone_name
from hedy_jupyter.settings import Source
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.fold import fold
from hedy_jupyter.text.phrasing import short_time

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy

HITS_AT_MOST = 250
"""So many meetings a search finds, the best ones."""
_ALL_HITS = 1_000_000

Order = Literal["Newest first", "By topic", "Best match"]


@dataclass(frozen=True)
class Meeting:
    """One meeting of the list.

    Attributes:
        session_id: its id.
        title: in one line; the words for a missing title where it has none.
        start: in the display zone; None where the API names none.
        minutes: its length.
        topic_id: of its topic; empty where it has none.
        topic: the name of its topic, in one line.
        is_gone: only the archive still has it.
        snippet: the text around the best hit of a search.
        field: the column in which that hit is.
    """

    session_id: str
    title: str
    start: pd.Timestamp | None = None
    minutes: float | None = None
    topic_id: str = ""
    topic: str = ""
    is_gone: bool = False
    snippet: str = ""
    field: str = ""

    @cached_property
    def _folded(self) -> str:
        return fold(f"{self.title} {self.topic}")

    def has(self, words: Iterable[str]) -> bool:
        """Return whether each of *words*, which are folded, occurs in its title or topic, also inside a word."""
        return all(word in self._folded for word in words)


@dataclass(frozen=True)
class Selection:
    """Which meetings to show, and in which order.

    Attributes:
        words: must all occur in the title or topic.
        search: what to look for in all texts, as ``archive.search`` reads it; empty is everything.
        topic: a name of ``MeetingList.topics``; empty is every topic.
        order: the best match first only for a search; else as ``Newest first``.
    """

    words: str = ""
    search: str = ""
    topic: str = ""
    order: Order = "Newest first"


class MeetingList:
    """The meetings of an account, from its archive or from Hedy.

    Args:
        hedy: the account.
        source: ``"live"`` or ``"archive"``; None is the archive where it holds a meeting, else Hedy.

    Attributes:
        meetings: newest first; empty before ``read``.
        topics: name → id of the topics that occur; a name that several topics have includes the id.
        colors: topic id → its colour, as Hedy says it.
        note: how many there are, and where they come from.
        origin: where they come from alone.
        total: how many meetings Hedy or the archive has, also those that were not read.
        has_more: whether Hedy has older meetings than these.
    """

    def __init__(self, hedy: Hedy, source: Source | None = None) -> None:
        self._hedy = hedy
        self._source = source
        self._is_archive = False
        self._hits: tuple[tuple[str, str | None], list[Meeting]] | None = None
        self.meetings: Sequence[Meeting] = ()
        self.topics: Mapping[str, str] = {}
        self.colors: Mapping[str, str] = {}
        self.note = self.origin = ""
        self.total = 0
        self.has_more = False

    def read(self, *, complete: bool = False, refresh: bool = False) -> None:
        """Read the list; *complete* reads Hedy's whole history, not only the newest meetings.

        Raises:
            HedyError: it can't be read; what was read before stays.
        """
        frame, left_out = self._archived()
        is_archive = frame is not None
        if frame is None:
            frame = self._hedy.sessions(None if complete else LIMIT, refresh=refresh)
        meetings = [meeting for meeting in self._meetings(frame) if meeting.session_id]
        self._is_archive, self.meetings, self._hits = is_archive, meetings, None
        self.topics = _topics(meetings)
        self.colors = self._archived_colors() if is_archive else self._hedy.connection.topic_colors
        self.has_more = not is_archive and not complete and known_count(frame) > len(meetings)
        zone = f"times in {zone_name(self._hedy.zone)}"
        self.total = max(known_count(frame), len(meetings))
        self.origin = " · ".join(filter(None, (self._origin(frame), left_out, zone)))
        self.note = f"{count_text(frame, 'meeting')} · {self.origin}"

    def _archived(self) -> tuple[pd.DataFrame | None, str]:
        """Return the sessions of the archive, where they are to be shown, and else why they can't be."""
        if self._source == "live" or (self._source is None and not self._hedy.archive.exists):
            return None, ""
        try:
            frame = self._hedy.archive.sessions()
        except ArchiveError as error:
            if self._source is not None:
                raise
            return None, f"the archive is left out: {error.message}"
        return (None, "") if frame.empty and self._source is None else (frame, "")

    def _archived_colors(self) -> dict[str, str]:
        topics = self._hedy.archive.topics()
        return dict(zip(topics["topic_id"], topics["color"].fillna(""), strict=True))

    def _origin(self, frame: pd.DataFrame) -> str:
        if not self._is_archive:
            return "demo account" if self._hedy.settings.demo else f"live, {self._hedy.settings.host}"
        at = frame.attrs["archive"]["synced_at"]
        synced = card_parts.time(pd.Timestamp(datetime.fromisoformat(at)), self._hedy.zone) if at else None
        return f"archive, {f'synced {synced}' if synced else 'no sync has ended yet'}"

    def _meetings(self, frame: pd.DataFrame) -> list[Meeting]:
        """Return the rows of *frame*, which has the columns of sessions or of hits."""

        def column(name: str) -> Iterable[object]:
            values = frame[name] if name in frame else pd.Series(pd.NA, frame.index)
            return values.astype(object).where(values.notna(), None)

        starts = frame["start_time"].dt.tz_convert(self._hedy.zone)
        names = ("session_id", "title", "topic_id", "topic_name", "duration_min", "snippet", "field")
        rows = zip(*map(column, names), starts, strict=True)
        return [
            Meeting(
                session_id=str(ident or ""),
                title=_in_one_line(title) or UNTITLED["session"],
                start=None if pd.isna(start) else start,
                minutes=minutes if isinstance(minutes, float) else None,
                topic_id=str(topic_id or ""),
                topic=_in_one_line(topic),
                snippet=str(snippet or ""),
                field=str(field or ""),
            )
            for ident, title, topic_id, topic, minutes, snippet, field, start in rows
        ]

    # Choosing -------------------------------------------------------------------

    def select(self, wanted: Selection) -> list[Meeting]:
        """Return the meetings that *wanted* describes, in its order.

        Raises:
            UsageError: no word to search for.
            ArchiveError: a search without an archive.
            NotFound: a search in a topic that the archive does not have yet.
        """
        topic = self.topics.get(wanted.topic) if wanted.topic else None
        found: Iterable[Meeting] = self._searched(wanted.search, topic) if wanted.search.strip() else self.meetings
        words = fold(wanted.words).split()
        chosen = [meeting for meeting in found if topic in (None, meeting.topic_id) and meeting.has(words)]
        if wanted.search.strip() and wanted.order != "Best match":
            chosen.sort(key=_newest_first)
        if wanted.order == "By topic":
            chosen.sort(key=lambda meeting: (not meeting.topic, fold(meeting.topic)))
        return chosen

    def _searched(self, text: str, topic: str | None) -> list[Meeting]:
        """Return the meetings with the words of *text*, the best first, each with the text around its best hit.

        The archive also finds those that are no longer in Hedy, which are not listed.
        """
        if self._hits is None or self._hits[0] != (text, topic):
            known = {meeting.session_id: meeting for meeting in self.meetings}
            # the archive can't search the meetings without a topic alone, so of all hits the others are left out below
            most = HITS_AT_MOST if topic != "" else _ALL_HITS
            hits = self._hits_in(text, topic, most)
            found = [
                replace(known[hit.session_id], snippet=hit.snippet, field=hit.field)
                if hit.session_id in known
                else replace(hit, is_gone=self._is_archive)
                for hit in self._meetings(hits)
            ]
            if topic == "":
                found = [meeting for meeting in found if not meeting.topic_id][:HITS_AT_MOST]
            self._hits = ((text, topic), found)
        return self._hits[1]

    def _hits_in(self, text: str, topic: str | None, most: int) -> pd.DataFrame:
        try:
            return self._hedy.archive.search(text, limit=most, topic=topic or None)
        except NotFound:
            name = next(name for name, ident in self.topics.items() if ident == topic)
            raise NotFound(
                f'The topic "{name}" is not in the archive yet, so its meetings can\'t be searched.',
                advice="%hedy sync brings it.",
            ) from None

    # In words -------------------------------------------------------------------

    def when(self, meeting: Meeting) -> str:
        """Return when a meeting was, ``Tue 24 Nov 16:00``."""
        year = datetime.now(self._hedy.zone).year
        return "" if meeting.start is None else short_time(meeting.start, year)

    def labels(self, meetings: Iterable[Meeting]) -> list[tuple[Meeting, str]]:
        """Return *meetings*, each with its time and title; those of one time and title with their ids."""
        labelled = [(meeting, f"{self.when(meeting) or '–'} · {meeting.title}") for meeting in meetings]
        often = Counter(label for _, label in labelled)
        return [
            (meeting, label if often[label] == 1 else f"{label} ({meeting.session_id})") for meeting, label in labelled
        ]

    # One meeting ----------------------------------------------------------------

    def open(self, session_id: str, *, fetching: Callable[[], None] = lambda: None) -> Session:
        """Return one meeting with all its texts.

        Args:
            session_id: its id.
            fetching: called before a request to Hedy.

        Raises:
            NotFound: it is not in Hedy, or only in its list in the archive.
            HedyError: it could not be read: that says nothing of what it holds.
        """
        archive = self._hedy.archive
        if self._is_archive:
            if session_id not in archive.without_details():
                return self._hedy.session(session_id, source="archive")
            if self._source == "archive":
                raise NotFound(
                    "The archive holds the list entry of this meeting, not its texts.",
                    advice=f"%hedy sync --session {session_id} brings them.",
                )
        fetching()
        return self._hedy.session(session_id)


def _in_one_line(text: object) -> str:
    written = str(text or "").strip()
    is_plain = written.isprintable() and "  " not in written  # as nearly all are
    return written if is_plain else one_line(written)


def _newest_first(meeting: Meeting) -> tuple[bool, float]:
    return meeting.start is None, -meeting.start.timestamp() if meeting.start is not None else 0.0


def _topics(meetings: Iterable[Meeting]) -> dict[str, str]:
    """Return name → id of the topics of *meetings*, by name; meetings without a topic have an empty id."""
    names = {meeting.topic_id: meeting.topic or meeting.topic_id for meeting in reversed([*meetings])}
    often = Counter([*names.values(), NO_TOPIC])
    labels = {
        ident: NO_TOPIC if not ident else f"{name} ({ident})" if often[name] > 1 else name
        for ident, name in names.items()
    }
    return {label: ident for ident, label in sorted(labels.items(), key=lambda one: (not one[0], fold(one[1])))}
