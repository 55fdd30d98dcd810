"""What frames may ask of the account in use: the display zone, and the meetings and topics that are known without a request.

This room knows no account. The door puts one there (``accessor.register``), so that ``df.hedy.due()`` finds the meetings by itself.
"""

from __future__ import annotations

from datetime import tzinfo
from typing import Any, Protocol

import pandas as pd

from hedy_jupyter.dates import periods
from hedy_jupyter.frames import build


class Around(Protocol):
    """An account, as far as frames may see it."""

    @property
    def zone(self) -> tzinfo:
        """The display time zone."""

    def known(self, kind: str) -> pd.DataFrame:
        """The sessions or topics that were read or archived, as their frame; makes no request."""

    def fetch(self, what: str, df: pd.DataFrame, account: Any) -> pd.DataFrame:
        """Ask the account (None: the one in use) for what belongs to the rows of *df*."""


class Nobody:
    """There is no account: the machine's own zone, and nothing is known."""

    @property
    def zone(self) -> tzinfo:
        """The machine's own zone."""
        return periods.zone(None)

    def known(self, kind: str) -> pd.DataFrame:
        """An empty frame."""
        return build.build(kind, [])

    def fetch(self, what: str, df: pd.DataFrame, account: Any) -> pd.DataFrame:
        """Needs an account."""
        raise NotImplementedError(what)
