"""``session_parts``: the sessions of an account with their texts in parts, for answers that need each text once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from hedy_jupyter.account.filtered_sessions import read_session_parts
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.account.read_methods import ReadMethods, lists_of
from hedy_jupyter.account.several_accounts import note_account
from hedy_jupyter.settings import Source


def session_parts(
    hedy: ReadMethods, chosen: Filters, fields: Collection[str], *, source: Source, refresh: bool
) -> Iterator[pd.DataFrame]:
    """Yield the sessions that *chosen* leaves with the texts *fields*, as ``read_session_parts`` does."""
    for part in read_session_parts(lists_of(hedy, source, refresh), hedy.durations, chosen, fields):
        note_account(part, hedy.connection)
        yield part
