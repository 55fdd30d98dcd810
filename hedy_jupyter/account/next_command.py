"""What to type next: the command of ``%hedy`` that leads on from a list, or from what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.kinds import BY_NAME
from hedy_jupyter.minutes import frame_lists
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.fold import name_form
from hedy_jupyter.text.quoting import as_word


def command(name: str, *words: str | None) -> str:
    """Return ``%hedy NAME WORD…``, each word as it is typed; empty where one of *words* is missing."""
    return " ".join(["%hedy", name, *(as_word(one_line(word)) for word in words if word)]) if all(words) else ""


def of_list(name: str, frame: pd.DataFrame) -> str:
    """Return what to type after the list *name*: mostly for the whole of its first row; empty for an empty list."""
    if frame.empty:
        return ""
    if name in _OTHERS:
        return _OTHERS[name](frame)
    found, columns = _FIRST_ROW.get(name, ("", ()))
    return command(found, *(_first(frame, column) for column in columns)) if found else ""


def of_written(kind: str, ident: str | None) -> str:
    """Return what to type to see the *kind* with the id *ident* that was written; without an id all of that kind."""
    return command(kind, ident) if ident and kind != "webhook" else command(BY_NAME[kind].plural)


def brief(frame: pd.DataFrame) -> str:
    """Return the command for the brief of the first of some topics: by its id where others have the same name."""
    names = [name_form(str(name)) for name in frame["name"].fillna("")] if "name" in frame else [""]
    is_unique = names.count(names[0]) == 1
    return command("brief", _first(frame, "name" if is_unique and names[0] else "topic_id"))


def _first(frame: pd.DataFrame, column: str) -> str:
    value = frame[column].iloc[0] if column in frame else None
    return "" if pd.isna(value) else str(value)


def _speakers(frame: pd.DataFrame) -> str:
    ident = _first(frame, "session_id")
    return command("transcript", ident) if ident else command("speakers last")


def _coverage(frame: pd.DataFrame) -> str:
    return command("sync" if frame["missing"].sum() else "report last month")


_FIRST_ROW: Mapping[str, tuple[str, Sequence[str]]] = MappingProxyType(
    {
        "highlights": ("highlight", ("highlight_id",)),
        **dict.fromkeys(("todos", "overdue"), ("todo", ("todo_id",))),
        "contexts": ("context", ("context_id",)),
        "search": ("related", ("session_id",)),
        "speaker_names": ("speakers", ()),
        "log": ("me", ()),
        **dict.fromkeys(("sessions", "related", "events", *frame_lists.KINDS.values()), ("session", ("session_id",))),
    }
)
"""List → the command that shows the whole of a row, and the columns of what it takes."""
_OTHERS: Mapping[str, Callable[[pd.DataFrame], str]] = MappingProxyType(
    {
        "topics": brief,
        "speakers": _speakers,
        "coverage": _coverage,
        "history": lambda frame: command("session", frame.attrs.get("meeting", {}).get("session_id")),
        "compare": lambda frame: command("brief", str(frame.columns[1])),
    }
)
