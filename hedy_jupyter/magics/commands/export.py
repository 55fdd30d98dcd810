"""``%hedy export``: meetings as documents, tables and notes on this machine. Nothing leaves it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.account.details import highlights_of
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import output, tabular
from hedy_jupyter.files import path_of
from hedy_jupyter.frames.cells import failed, incomplete
from hedy_jupyter.magics.command import SINCE, UNTIL, Argument, Call, Command, Option, Reply, did_you_mean

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.magics.context import CommandContext

_KINDS = ("sessions", "highlights", "todos", "topics", "contexts", "webhooks")
_OF_SESSIONS = ("sessions", "highlights", "todos", "topics")
"""The kinds that follow a selection of sessions, and that a vault holds."""
_FILTERS = ("--topic", "--since", "--until")
_STDOUT = "-"


def _export(ctx: CommandContext, call: Call) -> Reply:
    form, kinds = call.arguments["FORM"], list(dict.fromkeys(call.arguments.get("KIND", "").split()))
    if form not in _FORMS:
        raise UsageError(
            f"Unknown format {form!r} for %hedy export.",
            advice=did_you_mean(form, _FORMS) or f"Formats: {', '.join(_FORMS)}.",
        )
    if kinds and form not in {"csv", "json"}:
        raise UsageError(f"%hedy export {form} takes no kinds.", advice=f"Usage: {call.command.usage}")
    for kind in kinds:
        if kind not in _KINDS:
            raise UsageError(
                f"There is no kind {kind!r}.", advice=did_you_mean(kind, _KINDS) or f"There are {', '.join(_KINDS)}."
            )
    path_of(call.arguments["PATH"])
    return _FORMS[form](_Selection(ctx.hedy, call), call.arguments["PATH"], kinds)


@dataclass
class _Selection:
    """The sessions that the options leave, and what belongs to them."""

    hedy: Hedy
    call: Call

    @property
    def is_partial(self) -> bool:
        """Whether an option leaves sessions out."""
        return any(self.call.has(name) for name in _FILTERS)

    @cached_property
    def detailed(self) -> pd.DataFrame:
        """The sessions with their texts."""
        return self._sessions(details=True)

    @cached_property
    def _listed(self) -> pd.DataFrame:
        return self._sessions(details=False)

    def _sessions(self, *, details: bool) -> pd.DataFrame:
        topics, since, until = self.call.every("--topic") or None, self.call.get("--since"), self.call.get("--until")
        return self.hedy.sessions(
            limit=None,
            topic=topics,
            since=since,
            until=until,
            details=details,
            source=self.call.source,
            refresh=self.call.refresh,
        )

    def frame(self, kind: str) -> pd.DataFrame:
        """Return everything of one *kind*, with its details, that belongs to the sessions.

        Raises:
            UsageError: a kind that belongs to no session, while options leave sessions out.
        """
        return self.frames([kind])[kind]

    def frames(self, kinds: Collection[str]) -> dict[str, pd.DataFrame]:
        """Return the frames of *kinds*; see ``frame``."""
        others = [kind for kind in kinds if kind not in _OF_SESSIONS]
        if others and self.is_partial:
            given = ", ".join(name for name in _FILTERS if self.call.has(name))
            raise UsageError(
                f"{' and '.join(others)} cannot be narrowed by {given}.",
                advice=f"These follow it: {', '.join(_OF_SESSIONS)}.",
            )
        source, refresh, hedy = self.call.source, self.call.refresh, self.hedy
        if source == "archive" and "webhooks" in kinds:
            raise UsageError(
                "The archive holds no webhooks.", advice="Leave --source archive out to write those of the account."
            )
        read: Mapping[str, Callable[[], pd.DataFrame]] = {
            "sessions": lambda: self.detailed,
            "highlights": lambda: self._highlights("sessions" in kinds),
            "todos": lambda: self._of_sessions(hedy.todos(source=source, refresh=refresh)),
            "topics": lambda: self._topics(hedy.topics(source=source, refresh=refresh)),
            "contexts": lambda: hedy.contexts(source=source, refresh=refresh),
            "webhooks": lambda: hedy.webhooks(refresh=refresh),
        }
        order = sorted(kinds, key=_KINDS.index)  # sessions first: their details hold the highlights
        found = {kind: read[kind]() for kind in order}
        if lists := self._failed:  # what belongs to sessions that did not come did not come either
            following = set(_OF_SESSIONS) if self.is_partial else {"highlights"}
            for kind in following & found.keys():
                coverage = {**found[kind].attrs.get("coverage", {})}
                coverage["failed"] = list(dict.fromkeys([*coverage.get("failed", ()), *lists]))
                found[kind].attrs["coverage"] = coverage
        return {kind: found[kind] for kind in kinds}

    @property
    def _failed(self) -> tuple[str, ...]:
        """The lists of sessions that could not be read, as far as sessions were asked for."""
        asked = (self.__dict__.get(name) for name in ("detailed", "_listed"))
        return tuple(dict.fromkeys(name for frame in asked if frame is not None for name in failed(frame)))

    def _highlights(self, with_sessions: bool) -> pd.DataFrame:
        source, refresh = self.call.source, self.call.refresh
        if source == "archive":
            return self._of_sessions(self.hedy.highlights(limit=None, details=True, source=source))
        if with_sessions or self.is_partial:  # they stand in the details of the sessions
            sessions = self.detailed if with_sessions else self._listed
            return highlights_of(self.hedy, sessions["session_id"], without=incomplete(sessions))
        return self.hedy.highlights(limit=None, details=True, refresh=refresh)

    def _of_sessions(self, frame: pd.DataFrame) -> pd.DataFrame:
        if not self.is_partial:
            return frame
        return frame[frame["session_id"].isin(self._ids("session_id"))].reset_index(drop=True)

    def _topics(self, frame: pd.DataFrame) -> pd.DataFrame:
        if not self.is_partial:
            return frame
        return frame[frame["topic_id"].isin(self._ids("topic_id"))].reset_index(drop=True)

    def _ids(self, column: str) -> pd.Series:
        known = self.__dict__.get("detailed")
        return (self._listed if known is None else known)[column].dropna()


# Documents -------------------------------------------------------------------


def _md(selection: _Selection, path: str, kinds: list[str]) -> Reply:
    from hedy_jupyter.export import documents

    sessions, zone = selection.detailed, selection.hedy.zone
    text = documents.to_markdown(sessions, "sessions", zone=zone)
    return _document(text, path, sessions)


def _ics(selection: _Selection, path: str, kinds: list[str]) -> Reply:
    from hedy_jupyter.export import ics

    sessions = selection.detailed
    return _document(ics.to_ics(sessions, zone=selection.hedy.zone), path, sessions)


def _document(text: str, path: str, sessions: pd.DataFrame) -> Reply:

    if path == _STDOUT:
        return _printed(text, sessions)
    file = output.save_document(text, path, sessions)
    return Reply(status=_written(file, len(sessions), "session") + _missing(sessions))


# Data ------------------------------------------------------------------------


def _data(form: str) -> Callable[[_Selection, str, list[str]], Reply]:
    """Return the writer of *form*: one kind is a file; several, or none named, are a folder with a file a kind."""

    def write(selection: _Selection, path: str, kinds: list[str]) -> Reply:

        if len(kinds) == 1:
            frame = selection.frame(kinds[0])
            if path == _STDOUT:
                return _printed(tabular.to_data(frame, form), frame)
            file = tabular.save_data(frame, form, path)
            return Reply(status=_written(file, len(frame), kinds[0].removesuffix("s")) + _missing(frame))
        folder = _folder(path, kinds, form)
        frames = selection.frames(kinds or _all_kinds(selection))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder} cannot be made: {error.strerror}.", advice="Name another folder.") from None
        for kind, frame in frames.items():
            tabular.save_data(frame, form, folder / f"{kind}.{form}")
        names = ", ".join(f"{kind}.{form} ({len(frame):,})" for kind, frame in frames.items())
        missing = next((text for frame in frames.values() if (text := _missing(frame))), "")
        return Reply(status=f"{len(frames)} files written to {folder}: {names}{missing}{_left_out(selection, kinds)}")

    return write


def _folder(path: str, kinds: list[str], form: str) -> Path:
    """Return the folder that *path* names.

    Raises:
        UsageError: it names a file.
    """
    folder = path_of(path)
    if path == _STDOUT:
        raise UsageError(
            "Several kinds go into a folder, not to the standard output.", advice=f"Name one kind: {', '.join(_KINDS)}."
        )
    if not kinds and folder.suffix and not folder.is_dir():
        raise UsageError(
            f"{path} names a file, and no kind is given.",
            advice=f"Name the kind, such as %hedy export {form} {path} sessions, or a folder for all kinds.",
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"{folder} is a file.", advice="Several kinds go into a folder; name one kind to write one file."
        )
    return folder


def _all_kinds(selection: _Selection) -> list[str]:
    kinds = _OF_SESSIONS if selection.is_partial else _KINDS
    return [kind for kind in kinds if selection.call.source == "live" or kind != "webhooks"]


def _left_out(selection: _Selection, kinds: list[str]) -> str:
    left = [] if kinds or not selection.is_partial else [kind for kind in _KINDS if kind not in _OF_SESSIONS]
    return f" · {' and '.join(left)} left out: they belong to no meeting" if left else ""


# Folders ---------------------------------------------------------------------


def _vault(selection: _Selection, path: str, kinds: list[str]) -> Reply:
    from hedy_jupyter.export.vault import writer

    _refuse_stdout(path)
    frames = selection.frames(_OF_SESSIONS)
    return Reply(status=repr(writer.write(path, **frames, zone=selection.hedy.zone, partial=selection.is_partial)))


def _parquet(selection: _Selection, path: str, kinds: list[str]) -> Reply:
    _refuse_stdout(path)
    if selection.is_partial:
        given = ", ".join(name for name in _FILTERS if selection.call.has(name))
        raise UsageError(
            f"%hedy export parquet writes the whole archive and cannot be narrowed by {given}.",
            advice="Leave it out, or write one kind as csv or json.",
        )
    if selection.call.get("--source") == "live":
        raise UsageError(
            "%hedy export parquet writes the archive, so --source live cannot be used with it.", advice="Leave it out."
        )
    return Reply(status=str(selection.hedy.archive.to_parquet(path_of(path))))


def _refuse_stdout(path: str) -> None:
    if path == _STDOUT:
        raise UsageError("This writes a folder, not to the standard output.", advice="Name the folder.")


# What is said ----------------------------------------------------------------


def _printed(text: str, frame: pd.DataFrame) -> Reply:
    from hedy_jupyter.account.transcript import Transcript

    return Reply(Transcript(text), _missing(frame).removeprefix(" · "))


def _written(path: Path, count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'} written to {path}"


def _missing(frame: pd.DataFrame) -> str:
    """Return what to say of details and lists that could not be read; empty where none is missing."""
    count = len(incomplete(frame))
    missing = f" · the details of {count:,} are missing; --refresh asks for them again" if count else ""
    lists = failed(frame)
    return missing + (f" · could not be read: {', '.join(lists)}" if lists else "")


_FORMS: Mapping[str, Callable[[_Selection, str, list[str]], Reply]] = MappingProxyType(
    {"md": _md, "ics": _ics, "csv": _data("csv"), "json": _data("json"), "vault": _vault, "parquet": _parquet}
)

EXPORT_COMMANDS = (
    Command(
        "export",
        _export,
        "writes md or ics (one document), csv or json (a file for one KIND, else a folder), vault or parquet (a folder)",
        (
            Argument("FORM", source="|".join(_FORMS)),
            Argument("PATH"),
            Argument("KIND", optional=True, source="|".join(_KINDS), rest=True),
        ),
        (
            Option(
                "--topic",
                "only sessions of this topic, and what belongs to them; may be repeated",
                "T",
                source="topics",
                many=True,
            ),
            SINCE,
            UNTIL,
        ),
        archived=True,
    ),
)
