"""Frames of several accounts: which account a frame is from, and ``concat``, which says it in a column."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import pandas as pd

from hedy_jupyter.account.connection import Connection
from hedy_jupyter.account.frame_coverage import joined_coverage
from hedy_jupyter.account.records import Account
from hedy_jupyter.analysis.filters import kind_of
from hedy_jupyter.api import routes
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import tabular
from hedy_jupyter.frames.schema import DTYPES

COLUMN = "account"
"""The column that ``concat`` adds, and the name of the note in ``attrs``."""


class _Reads(Protocol):
    """What reads lists of one account."""

    connection: Connection


A = TypeVar("A", bound=_Reads)
P = ParamSpec("P")


def says_account(
    method: Callable[Concatenate[A, P], pd.DataFrame],
) -> Callable[Concatenate[A, P], pd.DataFrame]:
    """Return *method*, which reads a list, so that ``attrs["account"]`` of the list says which account it is from."""

    @functools.wraps(method)
    def read(self: A, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        frame = method(self, *args, **kwargs)
        note_account(frame, self.connection)
        return frame

    return read


def note_account(frame: pd.DataFrame, connection: Connection) -> None:
    """Note in ``attrs["account"]`` of *frame* which account it is from."""
    name = connection.settings.profile or connection.account_id
    frame.attrs[COLUMN] = {"name": name, "number": connection.number}


def concat(frames: Iterable[pd.DataFrame] | Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return frames of several accounts as one, with a column ``account``: the profile's name, else the account's id.

    Args:
        frames: lists of one kind as ``hedy`` returned them, or filtered; or account → list, to name them yourself. A
            frame that has the column already keeps it.

    Returns:
        The rows of all frames, those of the first one first, with their dtypes; columns that only some have are missing
        in the others. ``attrs["coverage"]`` counts what all of them cover.

    Raises:
        UsageError: there are no frames, they are of several kinds, or one does not say which account it is from.

    Example:
        >>> both = hj.concat([work.todos("open"), home.todos("open")])  # doctest: +SKIP
    """
    pairs = frames.items() if isinstance(frames, Mapping) else (("", frame) for frame in frames)
    parts = [(str(name), frame) for name, frame in pairs]
    if not parts:
        raise UsageError("There is nothing to join.", advice="Give frames: hj.concat([work.todos(), home.todos()]).")
    _check_kinds([frame for _, frame in parts])
    found = [_with_account(tabular.flat(frame), name, place) for place, (name, frame) in enumerate(parts, start=1)]
    joined = pd.concat(_aligned(found), ignore_index=True)
    joined.attrs = _attrs([frame.attrs for _, frame in parts])
    return joined


def _check_kinds(frames: Sequence[pd.DataFrame]) -> None:
    if not all(isinstance(frame, pd.DataFrame) for frame in frames):
        raise UsageError("hj.concat() joins DataFrames.", advice="Give the lists that hedy returned.")
    kinds = list(dict.fromkeys(kind_of(frame) or "another kind" for frame in frames))
    if len(kinds) > 1:
        raise UsageError(f"These frames are of several kinds: {', '.join(kinds)}.", advice="Join each kind by itself.")


def _with_account(frame: pd.DataFrame, name: str, place: int) -> pd.DataFrame:
    """Return *frame* with the column; *name* is the account's, where the caller has named it."""
    if COLUMN in frame.columns and not name:
        return frame
    label = name or _account(frame.attrs.get(COLUMN))
    if not label:
        raise UsageError(
            f"Frame {place} does not say which account it is from.",
            advice='Name the accounts: hj.concat({"work": frame, "home": other}).',
        )
    return frame.assign(**{COLUMN: pd.Series(label, index=frame.index, dtype=DTYPES["text"])})


def _account(note: Any) -> str:
    """Return the name or id of the account that *note* is of; Hedy is asked for an id that is not known yet."""
    if not isinstance(note, dict):
        return ""
    connection = Connection.by_number.get(note.get("number", 0))
    if note.get("name") or connection is None:
        return str(note.get("name") or "")
    if connection.account_id is None and not connection.closed:
        found = Account.from_record(connection.ask(lambda reader: reader.record(routes.ME)))
        connection.account_id = found.id
    return connection.account_id or ""


def _aligned(frames: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Return *frames* with the same columns in the same dtypes; times of several zones become UTC."""
    dtypes: dict[Any, Any] = {}
    for frame in frames:
        for name, dtype in frame.dtypes.items():
            dtypes[name] = _common(dtypes.get(name, dtype), dtype)
    order = [name for name in dtypes if name != COLUMN] + [COLUMN]
    return [
        pd.DataFrame(
            {
                name: frame[name].astype(dtypes[name])
                if name in frame
                else pd.Series([None] * len(frame), index=frame.index, dtype=_nullable(dtypes[name]))
                for name in order
            }
        )
        for frame in frames
    ]


def _common(one: Any, other: Any) -> Any:
    if one == other:
        return one
    if isinstance(one, pd.DatetimeTZDtype) and isinstance(other, pd.DatetimeTZDtype):
        return pd.DatetimeTZDtype("us", "UTC")
    return object


def _nullable(dtype: Any) -> Any:
    """Return *dtype*, or one that takes missing values."""
    return object if dtype in ("bool", "int64") else dtype


def _attrs(attrs: Sequence[Mapping[Any, Any]]) -> dict[Any, Any]:
    """Return what holds for all frames, and the coverage of all."""
    same = {
        key: value
        for key, value in attrs[0].items()
        if key not in {"coverage", COLUMN} and all(one.get(key) == value for one in attrs)
    }
    if all("coverage" in one for one in attrs):
        same["coverage"] = joined_coverage([one["coverage"] for one in attrs])
    return same
