"""``Chosen``: which meetings a question is about: topics, a time, and where to read them from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from hedy_jupyter.account.filters import as_list
from hedy_jupyter.account.reading import ReadMethods
from hedy_jupyter.archive.queries import Topics
from hedy_jupyter.dates.ranges import When
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

    @property
    def topics(self) -> list[str] | None:
        """The topics as a list; None is all."""
        return as_list(self.topic)

    @property
    def other_topics(self) -> list[str] | None:
        """The topics that are left out."""
        return as_list(self.not_topic, "not_topic")

    def at(self, since: When, until: When) -> Chosen:
        """Return the same of another time."""
        return replace(self, since=since, until=until)

    def sessions(self, hedy: ReadMethods, *, details: bool = False) -> pd.DataFrame:
        """Return the sessions, of the complete history."""
        return hedy.sessions(
            None,
            topic=self.topic,
            not_topic=self.not_topic,
            since=self.since,
            until=self.until,
            details=details,
            source=self.source,
            refresh=self.refresh,
        )

    def without_others(self, hedy: ReadMethods, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of *frame* that have none of the topics *not_topic*.

        Raises:
            NotFound: there is no such topic.
        """
        if self.other_topics is None:
            return frame
        idents = {hedy.topic(name, source=self.source).topic_id for name in self.other_topics}
        kept: pd.DataFrame = frame[~frame["topic_id"].isin(idents).to_numpy()].reset_index(drop=True)
        return kept
