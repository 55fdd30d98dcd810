"""``Members``: the base class of the members of ``df.hedy``, and ``only()``, which limits one to kinds of frames."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd

from hedy_jupyter.accessor import fetch
from hedy_jupyter.analysis import filters
from hedy_jupyter.analysis.plots import fonts
from hedy_jupyter.display import notice
from hedy_jupyter.frames import normalize, timezones
from hedy_jupyter.frames.column_lookup import has, renamed

if TYPE_CHECKING:
    from matplotlib.axes import Axes


P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound="Members")
Report = TypeVar("Report", pd.DataFrame, pd.Series)

REPORTED_SCRIPTS = set[str]()
"""The scripts without a font that a line was written about in this process."""


class Members:
    """A frame, its kind, and the zone and the colours that its members take from the account in use."""

    def __init__(self, df: pd.DataFrame) -> None:
        kind = filters.kind_of(df)
        if kind is None:
            known = "; ".join(f"{' + '.join(columns)} ({kind})" for kind, columns in filters.KINDS.items())
            raise AttributeError(f"This is not a frame of Hedy; the columns of one are missing: {known}.")
        self._df = df
        self.kind: str = kind

    def __dir__(self) -> list[str]:
        return [
            name
            for name in super().__dir__()
            if not re.match("_[^_]", name)
            and not (
                isinstance(member := inspect.getattr_static(type(self), name, None), Member) and member.misses(self)
            )
        ]

    def __repr__(self) -> str:
        members = ", ".join(name for name in dir(self) if not name.startswith("_"))
        return f"<df.hedy of {len(self._df)} {self.kind}: {members}>"

    @property
    def _zone(self) -> tzinfo:
        return timezones.frame_zone(self._df, fetch.display_zone())

    @property
    def _local(self) -> pd.DataFrame:
        """The frame with its times in its zone: reports are made of it, so that their times and days are local."""
        return timezones.localize(self._df, self._zone)

    @property
    def _tidy(self) -> pd.DataFrame:
        """The rows as the API gives them (its columns and dtypes), with local times as in ``_local``."""
        return normalize.tidy(self._local)

    def _drawn(self, draw: Callable[..., Axes], *values: Any, **options: Any) -> Axes:
        """Return the axes of a plot of this frame, and say once which characters no font has."""
        axes = draw(self._tidy, *values, zone=self._zone, **options)
        lacking = {name: package for name, package in fonts.lacking(axes).items() if name not in REPORTED_SCRIPTS}
        if lacking:
            REPORTED_SCRIPTS.update(lacking)
            notice.write(fonts.advice(lacking))
        return axes

    def _meetings(self, sessions: pd.DataFrame | None) -> pd.DataFrame | None:
        if sessions is not None:
            return normalize.tidy(sessions)
        return None if has(self._df, "start_time") else fetch.known("sessions")


class Member:
    """A method that exists only on frames that it supports, so that ``hasattr`` and completion are right."""

    def __init__(self, function: Callable[..., Any], needs: Mapping[str, tuple[str, ...]]) -> None:
        functools.update_wrapper(cast("Callable[..., Any]", self), function)
        self._function = function
        self._needs = needs

    def misses(self, frame: Members) -> str | None:
        """Return why *frame* has no such member, or None."""
        needs = self._needs.get(frame.kind)
        name = self._function.__name__
        if needs is None:
            return f"{name}() needs a frame of {' or '.join(self._needs)}; this is one of {frame.kind}."
        missing = [column for column in needs if not has(frame._df, column)]
        if not missing:
            return None
        text = f"{name}() needs the column{'s' * (len(missing) > 1)} {', '.join(missing)}. "
        return (text + renamed(frame._df, missing)).rstrip()

    def __get__(self, frame: Members | None, owner: type) -> Any:
        if frame is None:
            return self._function
        if why := self.misses(frame):
            raise AttributeError(why)
        return self._function.__get__(frame, owner)


def report(function: Callable[Concatenate[S, P], Report]) -> Callable[Concatenate[S, P], Report]:
    """Return *function*, a method that makes a report, so that the report's ``attrs["zone"]`` names its zone."""

    @functools.wraps(function)
    def made(self: S, /, *args: P.args, **kwargs: P.kwargs) -> Report:
        found = function(self, *args, **kwargs)
        found.attrs = timezones.noted(found.attrs, self._zone)
        return found

    return made


def only(
    **needs: tuple[str, ...],
) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Return a decorator that limits a method to kinds of frames and names its columns.

    Editors still see the method itself.
    """

    def mark(function: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        return cast("Callable[Concatenate[S, P], R]", Member(function, needs))

    return mark
