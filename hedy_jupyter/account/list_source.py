"""``ListReader``: what the lists of one call have in common: the account, the source, and topics as ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account.connection import Connection
from hedy_jupyter.account.filters import as_list
from hedy_jupyter.api import resolve
from hedy_jupyter.archive.archive import Archive
from hedy_jupyter.archive.queries import Topics

if TYPE_CHECKING:
    from hedy_jupyter.api.reader import Reader


@dataclass(frozen=True)
class ListReader:
    """Reads lists for one call.

    Attributes:
        connection: of the account.
        archive: of the account.
        from_archive: whether the lists are those of the archive, without any request.
        refresh: ask again even what was read within the last minute.
        all_sessions: reads the complete history of sessions, of the topic in the argument where one is given.
    """

    connection: Connection
    archive: Archive
    from_archive: bool
    refresh: bool
    all_sessions: Callable[..., pd.DataFrame]

    @property
    def zone(self) -> tzinfo:
        """The display time zone."""
        return self.connection.zone

    def topic_ids(self, topics: Topics | None, name: str = "topic") -> frozenset[str] | None:
        """Return the ids of *topics*, the argument *name*; None where *topics* is None.

        Raises:
            NotFound: no topic has that name.
            UsageError: several have it.
        """
        names = as_list(topics, name)
        if names is None:
            return None
        if self.from_archive:
            records = (self.archive.record(kinds.TOPIC, one) for one in names)
            return frozenset(ident for record in records if (ident := kinds.TOPIC.identity(record)))

        async def flow(reader: Reader) -> frozenset[str]:
            return frozenset([await resolve.identify(reader, kinds.TOPIC, one) for one in names])

        found: frozenset[str] = self.connection.ask(flow, self.refresh)
        return found

    def session_ids(self, topics: Topics | None, name: str = "topic") -> frozenset[str] | None:
        """Return the ids of all sessions of *topics*, the argument *name*; None where *topics* is None."""
        names = as_list(topics, name)
        return None if names is None else frozenset(self.all_sessions(topic=names)["session_id"].dropna())
