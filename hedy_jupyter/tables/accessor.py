"""``df.hedy``: what can be asked of a frame of sessions, todos, highlights, topics, contexts or webhooks.

One-line methods over the functions of ``select``. The frame is told by its columns, so it may be filtered, sorted, merged or have more.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd

from hedy_jupyter.tables import select

_P = ParamSpec("_P")
_R = TypeVar("_R")


class _Member:
    """A method that is there only on the kinds of frame that it fits, so that ``hasattr`` and completion tell the truth."""

    def __init__(self, function: Callable[..., Any], needs: Mapping[str, tuple[str, ...]]) -> None:
        functools.update_wrapper(cast("Callable[..., Any]", self), function)
        self._function = function
        self._needs = needs

    def misses(self, frame: HedyFrame) -> str | None:
        """Why *frame* has no such member, or None."""
        needs = self._needs.get(frame.kind)
        name = self._function.__name__
        if needs is None:
            return f"{name}() needs a frame of {' or '.join(self._needs)}; this is one of {frame.kind}."
        missing = [column for column in needs if column not in frame._df.columns]
        return f"{name}() needs the {_columns(missing)}." if missing else None

    def __get__(self, frame: HedyFrame | None, owner: type) -> Any:
        if frame is None:
            return self._function
        if why := self.misses(frame):
            raise AttributeError(why)
        return self._function.__get__(frame, owner)


def _only(
    **needs: tuple[str, ...],
) -> Callable[[Callable[Concatenate[HedyFrame, _P], _R]], Callable[Concatenate[HedyFrame, _P], _R]]:
    """Say for which kinds of frame a method is, and which columns it needs there. To editors it stays the method that it is."""

    def mark(function: Callable[Concatenate[HedyFrame, _P], _R]) -> Callable[Concatenate[HedyFrame, _P], _R]:
        return cast("Callable[Concatenate[HedyFrame, _P], _R]", _Member(function, needs))

    return mark


def _columns(names: list[str]) -> str:
    return f"column{'s' * (len(names) > 1)} {', '.join(names)}"


class HedyFrame:
    """The members of ``df.hedy``, spelt so that editors know them: ``HedyFrame(df).open()``.

    Every member gives a new object; the frame stays as it is.

    Attributes:
        kind: ``"sessions"``, ``"todos"``, ``"highlights"``, ``"topics"``, ``"contexts"`` or ``"webhooks"``.

    Raises:
        AttributeError: the columns are not those of a frame of Hedy.
    """

    def __init__(self, df: pd.DataFrame) -> None:
        kind = select.kind_of(df)
        if kind is None:
            known = "; ".join(f"{' + '.join(columns)} ({kind})" for kind, columns in select.KINDS.items())
            raise AttributeError(f"This is not a frame of Hedy; the columns of one are missing: {known}.")
        self._df = df
        self.kind: str = kind

    def __dir__(self) -> list[str]:
        members = vars(type(self))
        return [name for name in super().__dir__() if not (isinstance(member := members.get(name), _Member) and member.misses(self))]

    def __repr__(self) -> str:
        members = ", ".join(name for name in dir(self) if not name.startswith("_"))
        return f"<df.hedy of {len(self._df)} {self.kind}: {members}>"

    def summary(self) -> pd.Series:
        """The frame in a few facts: how many, from when to when, hours, open and done, as fits its kind; one fact a row.

        ``days`` counts the calendar days from first to last, ``hours`` the meetings' time, ``median_min`` is in minutes; times are in UTC.
        """
        return select.summary(self._df, self.kind)

    def search(self, text: str) -> pd.DataFrame:
        """The rows in whose texts every word of *text* occurs, anywhere in the row and also inside longer words.

        Case and accents do not matter, words in double quotes stand together, ids are not searched.

        Raises:
            UsageError: *text* holds no word.
        """
        return select.search(self._df, text)

    @_only(todos=("completed",))
    def open(self) -> pd.DataFrame:
        """The todos that are not done; one whose state is missing counts as open."""
        return select.still_open(self._df)

    @_only(todos=("completed",))
    def done(self) -> pd.DataFrame:
        """The todos that are done."""
        return select.done(self._df)

    @_only(sessions=("topic_id", "topic_name", "duration_min", "start_time"), todos=("topic_id", "topic_name", "completed"))
    def by_topic(self) -> pd.DataFrame:
        """A row per topic, the largest first; what has no topic is a row of its own.

        Sessions: ``topic_id topic_name count hours last``. Todos: ``topic_id topic_name open done total``, most open ones first.
        """
        return select.sessions_by_topic(self._df) if self.kind == "sessions" else select.todos_by_topic(self._df)


HedyAccessor = HedyFrame


def register() -> None:
    """Put ``df.hedy`` on every DataFrame; doing so again changes nothing."""
    if "hedy" not in vars(pd.DataFrame):  # pandas warns when a name is taken, be it by us
        pd.api.extensions.register_dataframe_accessor("hedy")(HedyAccessor)


def unregister() -> None:
    """Take ``df.hedy`` away again; without it nothing happens."""
    if "hedy" in vars(pd.DataFrame):
        delattr(pd.DataFrame, "hedy")
        pd.DataFrame._accessors.discard("hedy")  # type: ignore[attr-defined]  # pandas has no public way back
