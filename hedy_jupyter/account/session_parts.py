"""``session_parts``: the sessions of an account with their texts in parts, for answers that need each text once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from hedy_jupyter.account.filtered_sessions import read_session_parts
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.account.read_methods import ReadMethods, lists_of
from hedy_jupyter.account.several_accounts import note_account
from hedy_jupyter.frames.schema import TABLES
from hedy_jupyter.settings import Source


def session_parts(
    hedy: ReadMethods, chosen: Filters, fields: Collection[str] | None, *, source: Source, refresh: bool
) -> Iterator[pd.DataFrame]:
    """Yield the sessions that *chosen* leaves with the texts *fields*, None for all, as ``read_session_parts`` does."""
    for part in read_session_parts(lists_of(hedy, source, refresh), hedy.durations, chosen, fields):
        note_account(part, hedy.connection)
        yield part


def without_texts(part: pd.DataFrame) -> pd.DataFrame:
    """Return *part* with the columns of sessions that a list has."""
    return part[[column.name for column in TABLES["sessions"]]]


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return *parts* of one frame, one or more, with the ``attrs`` that each of them has."""
    frame = pd.concat(parts, ignore_index=True)
    frame.attrs = parts[0].attrs
    return frame
