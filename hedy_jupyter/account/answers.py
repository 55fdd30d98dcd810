"""``AnswerMethods``: the methods of ``Hedy`` that answer questions: what was decided, what is open, what is to do."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hedy_jupyter.account import several_topics
from hedy_jupyter.account.reading import ReadMethods, check_limit
from hedy_jupyter.account.several_topics import Topics
from hedy_jupyter.dates.ranges import When
from hedy_jupyter.minutes import lists
from hedy_jupyter.minutes.labels import EntryKind
from hedy_jupyter.settings import Source


@dataclass(frozen=True)
class Chosen:
    """Which meetings to read: those of topics, without those of others, from one time to another, and from where."""

    topic: Topics | None = None
    not_topic: Topics | None = None
    since: When | None = None
    until: When | None = None
    source: Source = "live"
    refresh: bool = False

    def sessions(self, hedy: ReadMethods, *, details: bool = False) -> pd.DataFrame:
        """Return the sessions, of the complete history."""
        frame = hedy.sessions(
            None,
            topic=self.topic,
            since=self.since,
            until=self.until,
            details=details,
            source=self.source,
            refresh=self.refresh,
        )
        return self.without_others(hedy, frame)

    def without_others(self, hedy: ReadMethods, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of *frame* that have none of the topics *not_topic*.

        Raises:
            NotFound: there is no such topic.
        """
        names = several_topics.as_list(self.not_topic)
        if names is None:
            return frame
        idents = {hedy.topic(name, source=self.source).topic_id for name in names}
        kept: pd.DataFrame = frame[~frame["topic_id"].isin(idents).to_numpy()].reset_index(drop=True)
        return kept


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
        return self._listed("decision", text, Chosen(topic, not_topic, since, until, source, refresh), limit)

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
        return self._listed("question", text, Chosen(topic, not_topic, since, until, source, refresh), limit)

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
        return self._listed("action", text, Chosen(topic, not_topic, since, until, source, refresh), limit)

    def _listed(self, kind: EntryKind, text: str | None, chosen: Chosen, limit: int | None) -> pd.DataFrame:
        check_limit(limit)
        found = lists.listed(chosen.sessions(self, details=True), kind, text)
        return found if limit is None else found.head(limit)
