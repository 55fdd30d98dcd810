"""The selection of an export: its sessions, and the highlights, todos and topics that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.account.fetch_details import highlights_of
from hedy_jupyter.account.filtered_sessions import read_session_parts, read_sessions
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.account.read_methods import ReadMethods, lists_of
from hedy_jupyter.account.session_list import ArchivedDetails
from hedy_jupyter.account.session_parts import joined, without_texts
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export.output import refuse_less
from hedy_jupyter.frames.plain_rows import failed, incomplete, row_parts
from hedy_jupyter.kinds import KINDS, SESSION, TODO, TOPIC

if TYPE_CHECKING:
    from hedy_jupyter.archive.archive import Archive
    from hedy_jupyter.settings import Source


@dataclass
class Selection:
    """Chosen sessions of an account, and what belongs to them.

    Attributes:
        account: the account to read.
        filters: which sessions; their words may be in any text.
        source: where to read from; None is the format's own way.
        refresh: ask again even what was read within the last minute.
    """

    account: ReadMethods
    filters: Filters
    source: Source | None = None
    refresh: bool = False

    @property
    def zone(self) -> tzinfo:
        """The display time zone."""
        return self.account.zone

    @property
    def archive(self) -> Archive:
        """The archive of the account."""
        return self.account.archive

    @property
    def is_partial(self) -> bool:
        """Whether a filter leaves sessions out."""
        return bool(self.filters.given)

    @property
    def kinds(self) -> list[str]:
        """All kinds that can be written."""
        return [
            name
            for name, kind in KINDS.items()
            if (kind.follows_sessions or not self.is_partial) and (kind.is_archived or self._source == "live")
        ]

    @property
    def _source(self) -> Source:
        return self.source or "live"

    @cached_property
    def detailed(self) -> pd.DataFrame:
        """The sessions with their texts."""
        return self._sessions(details=True)

    def parts(self, fields: Collection[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the same in parts, at least one: the texts of an archive are never in memory together.

        With *fields* the other long texts need not be there.
        """
        if self._source == "archive":
            lists = lists_of(self.account, self._source, self.refresh)
            needed = fields if self.filters.text is None else None
            yield from read_session_parts(lists, self.account.durations, self.filters, needed)
        else:
            yield from row_parts(self.detailed)

    @property
    def sessions(self) -> pd.DataFrame:
        """The sessions, of an archive without their texts."""
        return self.listed if self._source == "archive" else self.detailed

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The sessions without their texts."""
        if self.filters.text is None:
            return self._sessions(details=False)
        return joined([without_texts(part) for part in self.parts()])

    def _sessions(self, *, details: bool) -> pd.DataFrame:
        lists = lists_of(self.account, self._source, self.refresh)
        archived = None if self.refresh else self._archived
        return read_sessions(lists, self.account.durations, self.filters, details=details, archived=archived)

    @cached_property
    def _archived(self) -> ArchivedDetails:
        return ArchivedDetails(self.archive)

    def frame(self, kind: str) -> pd.DataFrame:
        """Return one *kind*, with its details: what belongs to the sessions of the topics and time that were chosen.

        Sessions are without their texts where they are those of an archive.

        Words and the limit choose among the rows of *kind*, as in the list that a command shows.

        Raises:
            UsageError: as for ``frames``.
        """
        if kind == SESSION.plural or not self.is_partial:
            return self.frames([kind])[kind]
        if kind == TODO.plural:
            return self.account.todos(**self.filters.options, source=self._source, refresh=self.refresh)
        of_meetings = replace(self, filters=self.filters.of_meetings)
        return self.filters.rows(of_meetings.frames([kind])[kind])

    def frames(self, kinds: Collection[str]) -> dict[str, pd.DataFrame]:
        """Return kind → its frame, for each of *kinds*, in their order; sessions of an archive without their texts.

        Raises:
            UsageError: a kind that belongs to no session, while a filter leaves sessions out; or webhooks of the
                archive, which has none.
        """
        self._check(kinds)
        source, refresh, account = self._source, self.refresh, self.account
        read: Mapping[str, Callable[[], pd.DataFrame]] = {
            "sessions": lambda: self.sessions,
            "highlights": lambda: self._highlights("sessions" in kinds),
            "todos": lambda: self._having(SESSION.id_column, account.todos(source=source, refresh=refresh)),
            "topics": lambda: self._having(TOPIC.id_column, account.topics(source=source, refresh=refresh)),
            "contexts": lambda: account.contexts(source=source, refresh=refresh),
            "webhooks": lambda: account.webhooks(refresh=refresh),
        }
        # In the order of KINDS, sessions first: their details hold the highlights.
        found = {kind: read[kind]() for kind in KINDS if kind in kinds}
        self._note_failed(found)
        return {kind: found[kind] for kind in kinds}

    def _check(self, kinds: Collection[str]) -> None:
        if others := [kind for kind in kinds if not KINDS[kind].follows_sessions]:
            can = f"These can: {', '.join(name for name, kind in KINDS.items() if kind.follows_sessions)}."
            self.filters.refuse(" and ".join(others), self.filters.given, can)
        if self._source == "archive" and not all(KINDS[kind].is_archived for kind in kinds):
            raise UsageError(
                "The archive holds no webhooks.",
                advice="Leave --source archive out to write those of the account.",
            )

    def _note_failed(self, found: Mapping[str, pd.DataFrame]) -> None:
        """Note in *found* the lists of sessions that could not be read: what belongs to those did not come either."""
        asked = (self.__dict__.get(name) for name in ("detailed", "listed"))
        lists = [name for frame in asked if frame is not None for name in failed(frame)]
        for kind, frame in found.items() if lists else ():
            if KINDS[kind].follows_sessions if self.is_partial else kind == "highlights":
                coverage = {**frame.attrs.get("coverage", {})}
                coverage["failed"] = list(dict.fromkeys([*coverage.get("failed", ()), *lists]))
                frame.attrs["coverage"] = coverage

    def _highlights(self, with_sessions: bool) -> pd.DataFrame:
        if self._source == "archive":
            highlights = self.account.highlights(limit=None, details=True, source="archive")
            return self._having(SESSION.id_column, highlights)
        if with_sessions or self.is_partial:  # they come with the details of the sessions
            sessions = self.detailed if with_sessions else self.listed
            known = self._archived.records
            return highlights_of(self.account, sessions["session_id"], without=incomplete(sessions), known=known)
        return self.account.highlights(limit=None, details=True, refresh=self.refresh)

    def _having(self, column: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of *frame* that have in *column* what one of the sessions has."""
        if not self.is_partial:
            return frame
        sessions = self.__dict__.get("detailed")
        sessions = self.listed if sessions is None else sessions
        return frame[frame[column].isin(sessions[column].dropna())].reset_index(drop=True)


@dataclass
class SessionParts:
    """The sessions of a selection with their texts, in parts; the last reading of them says what they lacked.

    Attributes:
        selection: the sessions.
        fields: the long texts that are needed; None stands for all.
        replaced: the document that they are written to, which must not lose what it has of them.
        incomplete: the ids of those without their details.
        failed: the lists that could not be read.
    """

    selection: Selection
    fields: Collection[str] | None = None
    replaced: str | Path | None = None
    incomplete: frozenset[str] = frozenset()
    failed: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Yield them.

        Raises:
            ServerError: details are missing, or a list could not be read, and there is a document.
        """
        self.incomplete, self.failed = frozenset(), ()
        for part in self.selection.parts(self.fields):
            if self.replaced is not None:
                refuse_less(self.replaced, part)
            self.incomplete |= incomplete(part)
            self.failed = failed(part)
            yield part
