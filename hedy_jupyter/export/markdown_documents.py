"""Documents: a frame as one Markdown document or checklist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import Any

import pandas as pd

from hedy_jupyter.export.tabular import flat, listed
from hedy_jupyter.export.vault import notes
from hedy_jupyter.export.vault.front_matter import NoteUpdate
from hedy_jupyter.frames.api_text import UNTITLED, WITHOUT_TOPIC
from hedy_jupyter.frames.plain_rows import Row, grouped, rows
from hedy_jupyter.kinds import KINDS, id_text
from hedy_jupyter.text.markdown import escape, paragraphs
from hedy_jupyter.text.phrasing import counted

_HEADING = re.compile(r"^( {0,3}#{1,5})(?=[ \t]|$)", re.MULTILINE)
_ZONE_NAME = re.compile(r"[A-Z][\w+:/-]*")


# Markdown --------------------------------------------------------------------


def to_markdown(df: pd.DataFrame, kind: str, *, zone: tzinfo) -> str:
    """Return the rows of *df*, a frame of *kind*, as one Markdown document; times are in *zone*.

    A meeting, topic or context is a section with what the frame has of it; todos are a checklist for each topic,
    highlights are quotes for each meeting. Plain texts are escaped. Markdown from the API keeps its form below our
    headings, without HTML and pictures, and with links to the web and to mail only. Rows without an id and repeated
    ones are left out.

    Raises:
        UsageError: *df* has no column of ids.
    """
    count, sections = _DOCUMENTS[kind](flat(df), zone)
    return "".join(_pieces(f"# {counted(count, KINDS[kind].name)}", sections, is_one=len(sections) == 1))


def sessions_document(parts: Iterable[pd.DataFrame], count: int, *, zone: tzinfo) -> Iterator[str]:
    """Yield the same document of *count* sessions, piece by piece; they come in *parts*, which are not kept."""
    sections = (section for df in parts for section in _sessions(flat(df), zone)[1])
    return _pieces(f"# {counted(count, KINDS['sessions'].name)}", sections, is_one=count == 1)


def _pieces(heading: str, sections: Iterable[str], *, is_one: bool) -> Iterator[str]:
    if is_one:
        yield from sections
    else:
        yield heading
        for section in sections:
            yield f"\n\n{_lower(section)}"
    yield "\n"


def _sessions(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    parts = [
        _document(notes.session_note(row, None, None, _no_link), _session_facts(row))
        for row in rows(df, "sessions", zone).values()
    ]
    return len(parts), parts


def _session_facts(row: Row) -> str:
    counts = (("highlight", row.get("highlight_count")), ("todo", row.get("todo_count")))
    facts = [counted(int(number), name) for name, number in counts if number is not None]
    start = row.get("start_time")
    return " · ".join([*facts, *([f"time zone {_zone_name(start)}"] if start is not None else [])])


def _topics(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    parts = [
        _document(notes.topic_note(row, (), _no_link), _topic_facts(row)) for row in rows(df, "topics", zone).values()
    ]
    return len(parts), parts


def _topic_facts(row: Row) -> str:
    number, last = row.get("session_count"), row.get("last_session_date")
    facts = [counted(int(number), "meeting")] if number is not None else []
    return " · ".join([*facts, *([f"the last on {last.date().isoformat()}"] if last is not None else [])])


def _todos(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    found = dated(df, zone)
    groups = grouped([{**item, "topic": item.get("topic_id") or item.get("topic_name")} for item in found], "topic")
    return len(found), [
        f"# {_topic_heading(items)}\n\n{chr(10).join(map(notes.checkbox, items))}" for items in groups.values()
    ]


def _topic_heading(items: Sequence[Row]) -> str:
    if not {"topic_id", "topic_name"} & items[0].keys():
        return "Todos"
    return next((escape(item["topic_name"]) for item in items if item.get("topic_name")), WITHOUT_TOPIC)


def _highlights(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    found = list(rows(df, "highlights", zone).values())
    return len(found), [_meeting_highlights(items) for items in grouped(found, "session_id").values()]


def _meeting_highlights(items: Sequence[Row]) -> str:
    listed = notes.with_highlights(NoteUpdate({}, "", {}), items).sections["Highlights"]
    days = [item["timestamp"].date().isoformat() for item in items if item.get("timestamp") is not None]
    heading = f"Highlights of {min(days)}" if days else "Highlights"
    return f"# {heading}\n\n" + re.sub("^###", "##", listed, flags=re.MULTILINE)


def _contexts(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    parts = [_context(row) for row in rows(df, "contexts", zone).values()]
    return len(parts), parts


def _context(row: Row) -> str:
    default = "The default context." if row.get("is_default") else ""
    return _joined(
        f"# {escape(row.get('title') or '') or UNTITLED['context']}", default, paragraphs(row.get("content") or "")
    )


def _webhooks(df: pd.DataFrame, zone: tzinfo) -> tuple[int, list[str]]:
    found = rows(df.drop(columns="events", errors="ignore"), "webhooks", zone)
    events = _by_id(df, "webhook_id", "events")
    lines = [
        f"- {escape(': '.join(filter(None, (row.get('url'), listed(events.get(ident))))))}"
        for ident, row in found.items()
    ]
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


def _document(note: NoteUpdate, facts: str) -> str:
    sections = (f"## {name}\n\n{text}" for name, text in note.sections.items() if text)
    return _joined(note.head or "", facts, *sections)


def _lower(part: str) -> str:
    return _HEADING.sub(r"\1#", part)


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _zone_name(moment: datetime) -> str:
    name = str(moment.tzinfo)
    return name if _ZONE_NAME.fullmatch(name) else moment.tzname() or name


def _no_link(card: notes.NoteCard | None) -> str:
    return card.label if card is not None else ""


def to_checklist(df: pd.DataFrame, *, zone: tzinfo) -> str:
    """Return todos as a Markdown checklist, the open ones first, each with its due date and its topic.

    If the frame has ``due_on``, the day follows Hedy's own words for it; if it has ``overdue_days``, the days since
    then follow.

    Raises:
        UsageError: *df* has no column of ids.
    """
    return "".join(f"{notes.checkbox(item, escape(item.get('topic_name') or ''))}\n" for item in dated(flat(df), zone))


def dated(df: pd.DataFrame, zone: tzinfo) -> list[Row]:
    """Return the todos, open ones first, with their day and how late they are in ``due_date``."""
    days, late_days = _by_id(df, "todo_id", "due_on"), _by_id(df, "todo_id", "overdue_days")
    found = [
        {**row, "due_date": _due(row.get("due_date") or "", days.get(ident), late_days.get(ident))}
        for ident, row in rows(df, "todos", zone).items()
    ]
    return sorted(found, key=notes.is_done)


def days_of(df: pd.DataFrame) -> dict[str | None, date]:
    """Return todo id → its day in ``due_on``, of those that have one."""
    days = ((ident, _day(value)) for ident, value in _by_id(df, "todo_id", "due_on").items())
    return {ident: date.fromisoformat(day) for ident, day in days if day}


def _due(words: str, day: object, late_days: object) -> str:
    on = _day(day)
    due = " → ".join(dict.fromkeys(filter(None, (words, on))))
    late = pd.to_numeric(str(late_days), errors="coerce")
    return ", ".join(filter(None, (due, f"{counted(int(late), 'day')} late" if late > 0 else "")))


def _day(value: object) -> str:
    day = pd.to_datetime(str(value), errors="coerce", format="ISO8601")
    return "" if pd.isna(day) else str(day.date().isoformat())


def _by_id(df: pd.DataFrame, ids: str, column: str) -> dict[str | None, Any]:
    """Return id → the value of its first row in *column*; empty where there is no such column."""
    flat = df.loc[:, ~df.columns.duplicated()]
    if not {ids, column} <= set(flat.columns):
        return {}
    found: dict[str | None, Any] = {}
    for ident, value in zip(flat[ids].tolist(), flat[column].tolist(), strict=True):
        found.setdefault(id_text(ident), value)
    return found
