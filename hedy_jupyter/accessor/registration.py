"""Register ``df.hedy`` in pandas; the members are loaded at their first use, which is after ``import hedy_jupyter``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from hedy_jupyter.accessor.accessor import HedyFrame


class _Accessor:
    """What ``pd.DataFrame`` has as ``hedy``: the class of the members, and of a frame its members."""

    def __get__(self, df: pd.DataFrame | None, owner: type[pd.DataFrame]) -> HedyFrame | type[HedyFrame]:
        from hedy_jupyter.accessor.accessor import HedyFrame  # with the analyses and the exports: 150 ms

        return HedyFrame if df is None else HedyFrame(df)


def register() -> None:
    """Register ``df.hedy`` on every DataFrame; a second call changes nothing."""
    if "hedy" not in vars(pd.DataFrame):
        pd.DataFrame.hedy = _Accessor()  # type: ignore[attr-defined]
        pd.DataFrame._accessors.add("hedy")  # type: ignore[attr-defined]  # as pandas registers a class, which this is not yet


def unregister() -> None:
    """Remove ``df.hedy``; do nothing where it is not registered."""
    if "hedy" in vars(pd.DataFrame):
        delattr(pd.DataFrame, "hedy")
        pd.DataFrame._accessors.discard("hedy")  # type: ignore[attr-defined]  # pandas has no public way back
