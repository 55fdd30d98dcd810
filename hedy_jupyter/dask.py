"""``df.hedy`` on Dask's frames: ``import hedy_jupyter.dask`` puts it there.

What looks at one row at a time runs partition by partition, and ``by_topic()`` adds up what the partitions give; both
stay lazy until ``.compute()``. What needs all rows at once says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from dask.dataframe.extensions import register_dataframe_accessor

from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.analysis import groups

ROW_BY_ROW = frozenset({"age", "at", "between", "done", "due", "localize", "on", "open", "quotes", "search"})
"""The members that give the same rows whether the frame is whole or in parts."""


@register_dataframe_accessor("hedy")  # type: ignore[no-untyped-call]  # dask has no annotations
class DaskFrame:
    """The members of ``df.hedy`` that fit a frame in parts.

    Attributes:
        kind: as for a pandas frame.

    Raises:
        AttributeError: the columns are not those of a frame of Hedy, or a member needs all rows at once.
    """

    def __init__(self, df: Any) -> None:
        self._df = df
        self._whole = HedyFrame(df._meta)
        self.kind = self._whole.kind

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in dir(self._whole) if name in ROW_BY_ROW or name == "by_topic")]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        member = getattr(self._whole, name)  # says what is missing where the frame does not fit
        if name == "by_topic":
            return self._by_topic
        if name not in ROW_BY_ROW:
            raise AttributeError(f"{name}() needs all rows at once: take df.compute().hedy.{name}(), or filter first.")

        def run(*values: Any, **options: Any) -> Any:
            return self._df.map_partitions(_on_part, name, values, options, meta=member(*values, **options))

        return run

    def _by_topic(self) -> Any:
        return self._df.reduction(
            chunk=_on_part,
            aggregate=groups.added_up,
            meta=self._whole.by_topic(),
            chunk_kwargs={"name": "by_topic", "values": (), "options": {}},
        )


def _on_part(part: pd.DataFrame, name: str, values: tuple[Any, ...], options: dict[str, Any]) -> Any:
    return getattr(HedyFrame(part), name)(*values, **options)
