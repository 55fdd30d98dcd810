"""``df.hedy`` for Dask frames, registered by ``import hedy_jupyter.dask``.

Members that work row by row run on each partition, and ``by_topic()`` adds up the results of the partitions; both stay
lazy until ``.compute()``. Members that need all rows at once raise an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
from dask.dataframe.extensions import register_dataframe_accessor

from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.analysis import groups

ROW_BY_ROW = frozenset({"age", "at", "between", "done", "due", "localize", "on", "open", "quotes", "search"})
"""The members that give the same rows for a whole frame as for its partitions."""


@register_dataframe_accessor("hedy")  # type: ignore[no-untyped-call]  # dask has no annotations
class DaskFrame:
    """The members of ``df.hedy`` for a Dask frame.

    Attributes:
        kind: the kind of frame, as for a pandas frame.

    Raises:
        AttributeError: the columns are not those of a Hedy frame, or a member needs all rows at once.
    """

    def __init__(self, df: Any) -> None:
        self._df = df
        self._meta_frame = HedyFrame(df._meta)
        self.kind = self._meta_frame.kind

    def __dir__(self) -> list[str]:
        return [
            *(name for name in super().__dir__() if not re.match("_[^_]", name)),
            *(name for name in dir(self._meta_frame) if name in ROW_BY_ROW or name == "by_topic"),
        ]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        member = getattr(self._meta_frame, name)  # raises if the frame does not have the columns
        if name == "by_topic":
            return self._by_topic
        if name not in ROW_BY_ROW:
            raise AttributeError(f"{name}() needs all rows at once: take df.compute().hedy.{name}(), or filter first.")

        def run(*values: Any, **options: Any) -> Any:
            return self._df.map_partitions(_on_partition, name, values, options, meta=member(*values, **options))

        return run

    def _by_topic(self) -> Any:
        return self._df.reduction(
            chunk=_on_partition,
            aggregate=groups.added_up,
            meta=self._meta_frame.by_topic(),
            chunk_kwargs={"name": "by_topic", "values": (), "options": {}},
        )


def _on_partition(part: pd.DataFrame, name: str, values: tuple[Any, ...], options: dict[str, Any]) -> Any:
    return getattr(HedyFrame(part), name)(*values, **options)
