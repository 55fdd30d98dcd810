"""``AnswerMethods``: the methods of ``Hedy`` that answer questions: what was decided, is open or to do, and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.account import reporting
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.account.read_methods import ReadMethods
from hedy_jupyter.account.session_parts import session_parts
from hedy_jupyter.archive.queries import Topics
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.minutes import frame_lists
from hedy_jupyter.settings import Source

if TYPE_CHECKING:
    from hedy_jupyter.account.report_card import Report
    from hedy_jupyter.minutes.labels import EntryKind


class AnswerMethods(ReadMethods):
    """The methods of one account that answer questions from its complete history."""

    def decisions(
        self,
        text: str | None = None,
        *,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        limit: int | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return what the minutes list under "Decisions", newest meeting first, of the complete history.

        Args:
            text: only decisions with all these words; double quotes match a phrase.
            topic: only meetings of this topic, or of these.
            not_topic: no meetings of this topic, or of these.
            since: only meetings that start then or later, as for ``sessions``.
            until: only meetings that start then or before.
            limit: only the newest so many decisions.
            source: ``"archive"`` makes no request; live there is one request a meeting.
            refresh: ask again even what was read within the last minute.

        Returns:
            ``session_id start_time title topic_id topic_name decision heading``, as ``df.hedy.decisions()`` reads them.
            ``attrs["minutes"]`` counts the ``sessions``, those with ``minutes``, and those that ``list`` decisions;
            ``attrs["coverage"]`` is that of the sessions.

        Raises:
            UsageError: *text* holds no word, *limit* is below 1, or a time cannot be read.
            NotFound: no topic has that name.
        """
        chosen = Filters(topic, not_topic, since, until, limit=limit)
        return self._listed("decision", text, chosen, source=source, refresh=refresh)

    def open_questions(
        self,
        text: str | None = None,
        *,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        limit: int | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return what the minutes list under "Open Questions"; arguments and columns as for ``decisions``.

        The text is in the column ``question``.
        """
        chosen = Filters(topic, not_topic, since, until, limit=limit)
        return self._listed("question", text, chosen, source=source, refresh=refresh)

    def action_items(
        self,
        text: str | None = None,
        *,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        since: When | None = None,
        until: When | None = None,
        limit: int | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> pd.DataFrame:
        """Return what the minutes list under "Action Items"; arguments and columns as for ``decisions``.

        The text is in the column ``action``. Hedy's todos are another list: ``todos()``.
        """
        chosen = Filters(topic, not_topic, since, until, limit=limit)
        return self._listed("action", text, chosen, source=source, refresh=refresh)

    def report(
        self,
        since: When = "week",
        until: When | None = None,
        *,
        topic: Topics | None = None,
        not_topic: Topics | None = None,
        text: str | None = None,
        limit: int | None = None,
        source: Source = "live",
        refresh: bool = False,
    ) -> Report:
        """Return the report of a time: meetings and hours by topic, decisions, todos, highlights, who spoke.

        It is computed locally, without AI. Hours and meetings are compared with the time before: as many days, or
        months where the time is whole months; of a time that is not over, only as much of it as has passed. Todos are
        new where their meeting is in the time; open and late ones are those of today.

        Args:
            since: ``"week"`` or ``"month"`` are the 7 or 30 days up to *until*, or today; ``"last week"`` or
                ``"2026-11"`` is all of that; of a day or an instant, from then on.
            until: the last day, or instant, that counts; None as *since* says.
            topic: only this topic, or these.
            not_topic: all but this topic, or these.
            text: only meetings, decisions, todos and highlights in whose own texts all these words occur.
            limit: at most so many rows of each list are shown; ``numbers`` has all.
            source: ``"archive"`` makes no request and reads what the last sync brought.
            refresh: ask again even what was read within the last minute.

        Raises:
            UsageError: a time cannot be read, *since* is after *until*, or in the future, *text* holds no word, or
                *limit* is below 1.
            NotFound: no topic has that name.
        """
        chosen = Filters(topic, not_topic, since, until, text, limit)
        return reporting.report(self, chosen, source=source, refresh=refresh)

    def _listed(
        self, kind: EntryKind, text: str | None, chosen: Filters, *, source: Source, refresh: bool
    ) -> pd.DataFrame:
        parts = session_parts(self, chosen.of_meetings, frame_lists.TEXTS, source=source, refresh=refresh)
        return chosen.rows(frame_lists.joined([frame_lists.listed(part, kind, text) for part in parts]))
