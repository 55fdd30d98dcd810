"""``hedy.export()``: sessions, and what belongs to them, as documents, tables and notes on this machine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Self, TypeAlias

import pandas as pd

from hedy_jupyter.account import speaker_names
from hedy_jupyter.account.export_selection import Selection, SessionParts
from hedy_jupyter.analysis import todo_due_dates as due
from hedy_jupyter.choices import FORMS
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import html_page, ics, markdown_documents, output, tabular, workbook
from hedy_jupyter.export.vault import writer
from hedy_jupyter.export.vault.options import DEFAULT, VaultOptions
from hedy_jupyter.files import os_errors, path_of
from hedy_jupyter.frames.plain_rows import failed, incomplete, rows
from hedy_jupyter.kinds import KINDS, SESSION
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.text.suggestions import did_you_mean

_NAMED_TOPICS = 3
"""So many topics are in the name of a calendar of meetings of these only."""
Target: TypeAlias = str | Path | None
"""The file or folder to write; None asks for the text."""


@dataclass(frozen=True, repr=False)
class Exported:
    """What an export wrote; ``str()`` says it in a line.

    Attributes:
        path: the file or folder; None where nothing was written and ``text`` has all.
        summary: the line.
        rows: kind → how many rows were written.
        text: the document itself where no path was given, else None.
        incomplete: the ids of what lacks its details; files keep what they had for these.
        failed: the lists that could not be read.
    """

    path: Path | None
    summary: str
    rows: Mapping[str, int] = field(default_factory=dict)
    text: str | None = None
    incomplete: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.summary

    def __repr__(self) -> str:
        return f"<Exported: {self.summary or 'see .text'}>"


def export(
    selection: Selection,
    form: str,
    path: Target,
    kinds: Sequence[str],
    *,
    bom: bool | None = None,
    vault: VaultOptions = DEFAULT,
) -> Exported:
    """Write *selection* in the format *form* to *path*, or return it as text where *path* is None.

    Args:
        selection: the sessions, and how to read them.
        form: one of ``FORMS``.
        path: the file or folder.
        kinds: for csv and json the kinds to write, in the plural; none stands for all.
        bom: whether a CSV file begins with a byte order mark, by which spreadsheets see that it is UTF-8; None is yes.
        vault: the names and transcripts of a vault.

    Raises:
        UsageError: an unknown format or kind, a choice of sessions that a kind cannot follow, or a path that does not
            fit.
        ServerError: a document would replace one that has more.
    """
    kinds = list(dict.fromkeys(kinds))
    if form not in FORMS:
        kind = f' For one kind: hedy.export("csv", path, "{form}").' if form in KINDS else ""
        raise UsageError(f"Unknown format {form!r} for an export.", advice=_suggestion(form, FORMS, "Formats") + kind)
    if kinds and form not in _TABLES:
        raise UsageError(f"An export as {form} takes no kinds.", advice="csv and json take them.")
    if bom is not None and form != "csv":
        raise UsageError(f"An export as {form} has no byte order mark.", advice="Only csv files begin with one.")
    if vault != DEFAULT and form != "vault":
        raise UsageError(
            f"An export as {form} takes no name, folder or transcript.", advice="They are for a vault; leave them out."
        )
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"Unknown kind {kind!r}.", advice=_suggestion(kind, KINDS, "Kinds"))
    if path is not None:  # before anything is read
        if not str(path).strip():
            raise UsageError(f"{path!r} names no file or folder.", advice="Name the one to write.")
        path_of(path)
    if form == "vault":
        return _vault(selection, path, vault)
    if form in _TABLES:
        style = tabular.Style(form, selection.zone, bom=bom is not False)
        return _tables(style, selection, path, kinds)
    return _WRITERS[form](selection, path)


# One document ----------------------------------------------------------------


def _markdown(selection: Selection, path: Target) -> Exported:
    sessions, parts = selection.sessions, SessionParts(selection, replaced=path)
    count = len(rows(sessions, "sessions", selection.zone))
    return _document(markdown_documents.sessions_document(parts, count, zone=selection.zone), path, sessions, parts)


def _calendar(selection: Selection, path: Target) -> Exported:
    sessions, parts = selection.sessions, SessionParts(selection, ["recap"], replaced=path)
    todos = due.due(selection.frames(["todos"])["todos"], sessions, zone=selection.zone)
    topics = sessions["topic_name"].unique().tolist() if selection.is_partial else []
    is_named = 0 < len(topics) <= _NAMED_TOPICS and sessions["topic_name"].notna().all()
    name = f"Hedy: {', '.join(topics)}" if is_named else ics.NAME
    pieces = ics.calendar_pieces(parts, zone=selection.zone, todos=todos, name=name)
    return _document(pieces, path, sessions, parts)


def _html(selection: Selection, path: Target) -> Exported:
    frames = selection.frames([name for name, kind in KINDS.items() if kind.follows_sessions])
    parts = SessionParts(selection, replaced=path)
    return _document(html_page.page_pieces(frames, parts, zone=selection.zone), path, frames["sessions"], parts)


def _document(pieces: Iterable[str], path: Target, sessions: pd.DataFrame, parts: SessionParts) -> Exported:
    """Write a document about *sessions*, which come in *parts* as its *pieces* are read."""
    if path is None:
        return _one_file(None, "".join(pieces), "sessions", sessions, parts)
    return _one_file(output.save_pieces(pieces, path), None, "sessions", sessions, parts)


def _one_file(
    file: Path | None, text: str | None, kind: str, frame: pd.DataFrame, read: SessionParts | _Missing
) -> Exported:
    missing = _in_words(read)
    return Exported(
        file,
        f"{counted(len(frame), KINDS[kind].name)} written to {file}{missing}" if file else missing.removeprefix(" · "),
        {kind: len(frame)},
        text,
        tuple(read.incomplete),
        read.failed,
    )


def _workbook(selection: Selection, path: Target) -> Exported:
    """Write all kinds to one workbook."""
    if path is None:
        raise UsageError("A workbook goes into a file, not to the standard output.", advice="Name it: meetings.xlsx.")
    output.file_of(path)
    frames, parts = selection.frames(selection.kinds), SessionParts(selection, replaced=path)
    file = workbook.save(frames, path, lambda: parts, zone=selection.zone)
    names = ", ".join(f"{kind} ({len(frame):,})" for kind, frame in frames.items())
    return _several(frames, parts, file, lambda missing: f"{names} written to {file}{missing}")


# Tables ----------------------------------------------------------------------


def _tables(style: tabular.Style, selection: Selection, path: Target, kinds: Sequence[str]) -> Exported:
    """Write one kind to a file; several, or none named, to a folder with a file a kind."""
    sessions = SessionParts(selection)

    def parts_of(kind: str, frame: pd.DataFrame) -> Iterable[pd.DataFrame]:
        return sessions if kind == SESSION.plural else [frame]

    if len(kinds) == 1:
        kind, frame = kinds[0], selection.frame(kinds[0])
        parts = parts_of(kind, frame)
        text = "".join(tabular.to_data(parts, style)) if path is None else None
        file = tabular.save_data(parts, style, path) if path is not None else None
        return _one_file(file, text, kind, frame, sessions if parts is sessions else _Missing.of(frame))
    folder = _folder(path, kinds, style.form)
    frames = selection.frames(kinds or selection.kinds)
    with os_errors(f"{folder} cannot be made", advice="Name another folder."):
        folder.mkdir(parents=True, exist_ok=True)
    for kind, frame in frames.items():
        tabular.save_data(parts_of(kind, frame), style, folder / f"{kind}.{style.form}")
    names = ", ".join(f"{kind}.{style.form} ({len(frame):,})" for kind, frame in frames.items())
    left_out = (
        [] if kinds or not selection.is_partial else [name for name, kind in KINDS.items() if not kind.follows_sessions]
    )
    others = f" · {' and '.join(left_out)} left out: they belong to no meeting" if left_out else ""
    files = counted(len(frames), "file")
    return _several(frames, sessions, folder, lambda missing: f"{files} written to {folder}: {names}{missing}{others}")


class _Missing(NamedTuple):
    """What could not be read: the ids of what lacks its details, and lists."""

    incomplete: frozenset[str]
    failed: tuple[str, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Self:
        """Return what *frame* lacks."""
        return cls(incomplete(frame), failed(frame))


def _several(
    frames: Mapping[str, pd.DataFrame], sessions: SessionParts, path: Path, summary: Callable[[str], str]
) -> Exported:
    """Return what was written of several kinds; *summary* says it, with what to say of details that are missing."""
    missing = [sessions if kind == SESSION.plural else _Missing.of(frame) for kind, frame in frames.items()]
    return Exported(
        path,
        summary(next((words for one in missing if (words := _in_words(one))), "")),
        {kind: len(frame) for kind, frame in frames.items()},
        incomplete=tuple(dict.fromkeys(ident for one in missing for ident in one.incomplete)),
        failed=tuple(dict.fromkeys(name for one in missing for name in one.failed)),
    )


def _folder(path: Target, kinds: Sequence[str], form: str) -> Path:
    """Return the folder that *path* names.

    Raises:
        UsageError: it names a file.
    """
    if path is None:
        raise UsageError(
            "Several kinds go into a folder, not to the standard output.", advice=f"Name one kind: {', '.join(KINDS)}."
        )
    folder = path_of(path)
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


# Folders ---------------------------------------------------------------------


def _vault(selection: Selection, path: Target, options: VaultOptions) -> Exported:
    folder = _named(path)
    names = [name for name, kind in KINDS.items() if kind.follows_sessions]
    frames = selection.frames(names)
    sessions = frames.pop("sessions")
    frames["todos"] = due.due(frames["todos"], sessions, zone=selection.zone)
    done = writer.write(
        folder,
        sessions=selection.parts,
        todos=frames["todos"],
        highlights=frames["highlights"],
        topics=frames["topics"],
        zone=selection.zone,
        partial=selection.is_partial,
        options=options,
        names=speaker_names.read(selection.account),
    )
    written = {"sessions": len(sessions)} | {kind: len(frame) for kind, frame in frames.items()}
    return Exported(done.folder, repr(done), written, incomplete=done.incomplete, failed=done.failed)


def _parquet(selection: Selection, path: Target) -> Exported:
    folder = _named(path)
    if selection.source == "live":
        raise UsageError(
            'A Parquet export is written from the archive: --source live cannot be used with it (source="live").',
            advice="Leave it out.",
        )
    archived = replace(selection, source="archive")
    chosen = archived.listed["session_id"] if selection.is_partial else None
    done = selection.archive.to_parquet(path_of(folder), sessions=chosen)
    return Exported(done.folder, str(done))


def _named(path: Target) -> str | Path:
    if path is None:
        raise UsageError("This writes a folder, not to the standard output.", advice="Name the folder.")
    return path


def _in_words(missing: SessionParts | _Missing) -> str:
    """Return what to say of details and lists that could not be read; empty where nothing is missing."""
    count, lists = len(missing.incomplete), missing.failed
    words = f" · the details of {count:,} are missing; --refresh asks for them again" if count else ""
    return words + (f" · could not be read: {', '.join(lists)}" if lists else "")


def _suggestion(word: str, choices: Collection[str], name: str) -> str:
    return did_you_mean(word, choices) or f"{name}: {', '.join(choices)}."


_TABLES = ("csv", "json")
_WRITERS: Mapping[str, Callable[[Selection, Target], Exported]] = MappingProxyType(
    {"md": _markdown, "html": _html, "ics": _calendar, "xlsx": _workbook, "parquet": _parquet}
)
