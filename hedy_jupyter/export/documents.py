"""Frames as one document: Markdown, a checklist, CSV, JSON; and the writing of a file that is there whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter import files
from hedy_jupyter.errors import ServerError, UsageError
from hedy_jupyter.export.vault import notes
from hedy_jupyter.export.vault.front_matter import Note
from hedy_jupyter.frames import build
from hedy_jupyter.frames.api_text import NO_TOPIC, UNTITLED
from hedy_jupyter.frames.cells import Row, grouped, incomplete, rows
from hedy_jupyter.frames.schema import TABLES, Column
from hedy_jupyter.kinds import id_text
from hedy_jupyter.text.clean import without_surrogates

_HEADING = re.compile(r"^( {0,3}#{1,5})(?=[ \t]|$)", re.MULTILINE)
_ZONE_NAME = re.compile(r"[A-Z][\w+:/-]*")

# What a spreadsheet takes for a formula. It may drop white space and marks that nobody sees, and know other widths of the sign.
_FORMULA = re.compile(
    "[\\s\x00-\x20\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|[\t\r\n]"
)


# Markdown --------------------------------------------------------------------


def to_markdown(df: pd.DataFrame, kind: str, *, zone: tzinfo) -> str:
    """The rows of *df*, a frame of *kind*, as one Markdown document; times are in *zone*.

    A meeting, topic or context is a section with what the frame has of it; todos are a checklist a topic, highlights quotes a meeting.
    Texts are escaped, so that a title stays a title. What the API writes in Markdown keeps its form below our headings, without HTML,
    without pictures, and with links to the web and to mail only. Rows without an id are left out, and so are repeated ones.

    Raises:
        UsageError: *df* has no column of ids.
    """
    count, parts = _DOCUMENTS[kind](_flat(df), zone)
    if len(parts) == 1:
        return f"{parts[0]}\n"
    return "\n\n".join([f"# {_counted(count, kind.removesuffix('s'))}", *map(_lower, parts)]) + "\n"


def _sessions(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    parts = [_document(notes.session_note(row, None, None, _no_link), _session_facts(row)) for row in rows(df, "sessions", zone).values()]
    return len(parts), parts


def _session_facts(row: Row) -> str:
    counted = (("highlight", row.get("highlight_count")), ("todo", row.get("todo_count")))
    facts = [_counted(int(number), name) for name, number in counted if number is not None]
    start = row.get("start_time")
    return " · ".join([*facts, *([f"time zone {_zone_name(start)}"] if start is not None else [])])


def _topics(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    parts = [_document(notes.topic_note(row, (), _no_link), _topic_facts(row)) for row in rows(df, "topics", zone).values()]
    return len(parts), parts


def _topic_facts(row: Row) -> str:
    number, last = row.get("session_count"), row.get("last_session_date")
    facts = [_counted(int(number), "meeting")] if number is not None else []
    return " · ".join([*facts, *([f"the last on {last.date().isoformat()}"] if last is not None else [])])


def _todos(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    found = _dated(df, zone)
    groups = grouped([{**item, "topic": item.get("topic_id") or item.get("topic_name")} for item in found], "topic")
    return len(found), [f"# {_topic_heading(items)}\n\n{chr(10).join(map(notes.checkbox, items))}" for items in groups.values()]


def _topic_heading(items: Sequence[Row]) -> str:
    if not {"topic_id", "topic_name"} & items[0].keys():
        return "Todos"
    return next((notes.line(item["topic_name"]) for item in items if item.get("topic_name")), NO_TOPIC)


def _highlights(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    found = list(rows(df, "highlights", zone).values())
    return len(found), [_meeting_highlights(items) for items in grouped(found, "session_id").values()]


def _meeting_highlights(items: Sequence[Row]) -> str:
    listed = notes.with_highlights(Note({}, "", {}), items).sections["Highlights"]
    days = [item["timestamp"].date().isoformat() for item in items if item.get("timestamp") is not None]
    heading = f"Highlights of {min(days)}" if days else "Highlights"
    return f"# {heading}\n\n" + re.sub("^###", "##", listed, flags=re.MULTILINE)


def _contexts(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    parts = [_context(row) for row in rows(df, "contexts", zone).values()]
    return len(parts), parts


def _context(row: Row) -> str:
    default = "The default context." if row.get("is_default") else ""
    return _joined(f"# {notes.line(row.get('title') or '') or UNTITLED['context']}", default, notes.plain(row.get("content") or ""))


def _webhooks(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    found = rows(df.drop(columns="events", errors="ignore"), "webhooks", zone)
    events = _by_id(df, "webhook_id", "events")
    lines = [f"- {notes.line(': '.join(filter(None, (row.get('url'), _listed(events.get(ident))))))}" for ident, row in found.items()]
    return len(found), [f"# Webhooks\n\n{chr(10).join(lines)}"] if lines else []


_DOCUMENTS: Mapping[str, Callable[[pd.DataFrame, tzinfo], tuple[int, list[str]]]] = MappingProxyType(
    {
        "sessions": _sessions,
        "topics": _topics,
        "todos": _todos,
        "highlights": _highlights,
        "contexts": _contexts,
        "webhooks": _webhooks,
    }
)


def _document(note: Note, facts: str) -> str:
    sections = (f"## {name}\n\n{text}" for name, text in note.sections.items() if text)
    return _joined(note.head or "", facts, *sections)


def _lower(part: str) -> str:
    return _HEADING.sub(r"\1#", part)


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _zone_name(moment: datetime) -> str:
    name = str(moment.tzinfo)
    return name if _ZONE_NAME.fullmatch(name) else moment.tzname() or name


def _no_link(card: notes.Card | None) -> str:
    return card.label if card is not None else ""


def to_checklist(df: pd.DataFrame, *, zone: tzinfo) -> str:
    """Todos as a Markdown checklist, the open ones first, each with its due date and its topic.

    Where the frame has ``due_on`` the day stands behind Hedy's own words for it; where it has ``overdue_days``, how late it is.

    Raises:
        UsageError: *df* has no column of ids.
    """
    return "".join(f"{notes.checkbox(item, notes.line(item.get('topic_name') or ''))}\n" for item in _dated(_flat(df), zone))


def _dated(df: pd.DataFrame, zone: tzinfo) -> list[Row]:
    """The todos, open ones first, with all that is known of their day in ``due_date``."""
    days, late_days = _by_id(df, "todo_id", "due_on"), _by_id(df, "todo_id", "overdue_days")
    found = [
        {**row, "due_date": _due(row.get("due_date") or "", days.get(ident), late_days.get(ident))}
        for ident, row in rows(df, "todos", zone).items()
    ]
    return sorted(found, key=notes.is_done)


def _due(words: str, day: object, late_days: object) -> str:
    on = _day(day)
    told = " → ".join(dict.fromkeys(filter(None, (words, on))))
    late = pd.to_numeric(str(late_days), errors="coerce")
    return ", ".join(filter(None, (told, f"{_counted(int(late), 'day')} late" if late > 0 else "")))


def _day(value: object) -> str:
    day = pd.to_datetime(str(value), errors="coerce", format="ISO8601")
    return "" if pd.isna(day) else str(day.date().isoformat())


def _by_id(df: pd.DataFrame, ids: str, column: str) -> dict[str | None, Any]:
    """What the first row of each id has in *column*; nothing where there is no such column."""
    flat = df.loc[:, ~df.columns.duplicated()]
    if not {ids, column} <= set(flat.columns):
        return {}
    found: dict[str | None, Any] = {}
    for ident, value in zip(flat[ids].tolist(), flat[column].tolist(), strict=True):
        found.setdefault(id_text(ident), value)
    return found


# Data ------------------------------------------------------------------------


def to_csv(df: pd.DataFrame) -> str:
    """*df* as CSV (RFC 4180): a header, a line a row, times in ISO 8601, lists joined by ``"; "``, nothing for what is missing.

    Text that a spreadsheet would run as a formula gets an apostrophe in front: text that begins with ``=``, ``+``, ``-`` or ``@``, also
    after white space or in full width, and text that begins with a tab or a line break. Numbers stay numbers. That holds for cells that
    are cut at commas; a spreadsheet that is told to cut elsewhere sees other cells. Names of the index become columns, the rest of it
    is left out, and so are NUL characters.
    """
    flat = _flat(df)
    columns = [list(map(_cell, _values(flat.iloc[:, place]))) for place in range(flat.shape[1])]
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # its line end is \r\n: with another one Python 3.11 leaves a \r in a text without quotes
    writer.writerow(map(_cell, _names(flat)))
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = _listed(value)
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        value = value.replace("\x00", "")  # some readers end the cell there
        return f"'{value}" if _FORMULA.match(value) else value
    return value


def _listed(value: object) -> str:
    items = _plain(value)
    return "; ".join(str(one) for one in items if one is not None) if isinstance(items, list) else str(items or "")


def to_json(df: pd.DataFrame) -> str:
    """*df* as a JSON list of objects in the order of rows and columns: times in ISO 8601, null for what is missing, texts as they are.

    Names of the index become keys, the rest of it is left out. A name that comes again gets a number (``title.1``).
    """
    flat = _flat(df)
    names = _names(flat)
    columns = [_values(flat.iloc[:, place]) for place in range(flat.shape[1])]
    found = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _flat(df: pd.DataFrame) -> pd.DataFrame:
    """*df* with the named levels of its index as columns in front, unless there are such columns."""
    levels = [name for name in dict.fromkeys(df.index.names) if name is not None and name not in df.columns]
    return df.reset_index(level=levels) if levels else df


def _names(df: pd.DataFrame) -> list[str]:
    """The names of the columns as text, each once."""
    found: dict[str, None] = {}
    for name in (without_surrogates(str(column)) for column in df.columns):
        free = (f"{name}.{number}" if number else name for number in range(len(found) + 1))
        found[next(one for one in free if one not in found)] = None
    return list(found)


def _values(values: pd.Series) -> list[Any]:
    """The cells as what JSON can hold; a column of naive midnights holds days."""
    plain = [_plain(value) for value in values]
    midnight = "T00:00:00"
    if pd.api.types.is_datetime64_dtype(values.dtype) and all(one is None or one.endswith(midnight) for one in plain):
        return [one and one.removesuffix(midnight) for one in plain]
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list | tuple | np.ndarray):  # lists come back from Parquet as arrays
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {without_surrogates(str(name)): _plain(one) for name, one in value.items()}
    if pd.isna(value):
        return None
    if isinstance(value, date | time):  # a datetime and a pandas Timestamp are dates too
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return pd.Timedelta(value).isoformat()
    return _number_or_text(value.item() if isinstance(value, np.generic) else value)


def _number_or_text(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, bool | int | float) else without_surrogates(str(value))


# Files -----------------------------------------------------------------------


def given(text: str, path: str | Path | None) -> str:
    """*text*, written to *path* too where one is given."""
    if path is not None:
        save(text, path)
    return text


def save_document(text: str, path: str | Path, df: pd.DataFrame) -> Path:
    """Write *text*, a document about the rows of *df*, to *path*, but not over a file that may say more.

    Raises:
        ServerError: details of *df* are missing and the file is there; it stays as it is.
        UsageError: as for ``save``.
    """
    missing = len(incomplete(df))
    if missing and _file(path).exists():
        raise ServerError(
            f"The details of {_counted(missing, 'meeting')} could not be fetched; {path} was left as it is.",
            advice="Run it again in a moment, or name a new file.",
        )
    return save(text, path)


def to_data(df: pd.DataFrame, form: str) -> str:
    """Return *df* as *form*, ``"csv"`` or ``"json"``."""
    return to_csv(df) if form == "csv" else to_json(df)


def save_data(df: pd.DataFrame, form: str, path: str | Path) -> Path:
    """Write *df* to *path* as *form*. Where details of *df* are missing, those rows keep what the file says of them now.

    Raises:
        UsageError: as for ``save``.
    """
    return save(to_data(_with_held(df, _file(path), form), form), path)


def _with_held(df: pd.DataFrame, path: Path, form: str) -> pd.DataFrame:
    """Return *df* with the details that it misses taken from the file at *path*, where that is an earlier export."""
    missing = incomplete(df)
    table = next((TABLES[name] for name in ("highlights_detailed", "sessions_detailed") if TABLES[name][0].name in df.columns), ())
    held = _held_rows(path, form, table[0].name) if missing and table else {}
    columns = [column for column in table if column.name in df.columns]
    known = [held.get(ident, {}) if (ident := id_text(value)) in missing else {} for value in df[table[0].name]] if held else []
    return df.assign(**{column.name: _filled(df[column.name], column, known) for column in columns}) if known else df


def _filled(values: pd.Series, column: Column, known: Sequence[Row]) -> pd.Series:
    """Return *values* with each missing one taken from its row of *known*."""
    found = build.column(column.kind, [row.get(column.name) or None for row in known], values.index)
    return values.where(values.notna(), found.astype(values.dtype))


def _held_rows(path: Path, form: str, key: str) -> dict[str, Row]:
    """Return the rows of an earlier export by their ids; nothing where there is none that can be read."""
    try:
        if form == "csv":
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig").to_dict("records")
        else:
            table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # a CSV file that cannot be parsed is a ValueError too
        return {}
    rows_held = [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []
    found: dict[str, Any] = {ident: row for row in rows_held if (ident := id_text(row.get(key)))}
    return found


def save(text: str, path: str | Path) -> Path:
    """Write *text* to *path* as UTF-8, line ends as they are, over what is there; a stop leaves the old file or the new one.

    A leading ``~`` is the home folder. A link is replaced, and what it leads to stays.

    Raises:
        UsageError: the path is a folder or a device, its folder is not there, or it cannot be written.
    """
    try:
        target = _file(path)
        files.put(target, without_surrogates(text).encode())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", advice="Name a file in a folder that is there.") from error
    return target


def _file(path: str | Path) -> Path:
    """The path as one that a file can have."""
    target = files.path_of(path)
    if not str(path).strip() or target.name in {"", ".."}:
        raise UsageError(f"{str(path)!r} names no file.", advice='Name the file to write: "meetings.md".')
    if str(path).endswith(("/", "\\")) or target.is_dir():
        raise UsageError(f"{target} is a folder.", advice="Name a file in it.")
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is no file.", advice="Name a file: a device would be replaced by one.")
    return target
