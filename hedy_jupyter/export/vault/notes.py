"""Notes of a vault as Markdown: a meeting, a topic, or all todos.

Plain text from the API is escaped. Markdown from the API keeps its form, but without HTML (so it cannot hold our marks
either), pictures, code that runs and open blocks of code (``text.markdown``), and with headings below ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hedy_jupyter.export.vault.front_matter import SECTIONS, NoteUpdate, quoted
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.plain_rows import Row
from hedy_jupyter.frames.timezones import clock_span
from hedy_jupyter.text import fold
from hedy_jupyter.text.markdown import escape, escape_start, inert_section, paragraphs, quote
from hedy_jupyter.text.phrasing import position

_LAYOUT = "1"
_DAY_MIN = 24 * 60
_TASK_SIGNS = re.compile("[📅📆🗓⏳⌛🛫➕✅❌🔁🏁⛔🆔🔺⏫🔼🔽⏬]\ufe0f?")
"""What plugins for tasks take for the start of a date, a priority and the like."""


# Notes -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteCard:
    """The identity of a note: what links to it and the name of its file are made of.

    Attributes:
        kind: ``"session"``, ``"transcript"`` (of a session), ``"topic"`` or ``"todos"``.
        day: the day of a session as ``2026-03-15``, or "".
        start: the start of a session, with a zone.
        topic_id: of a session.
        topic: the name of that topic.
        session_type: of a session.
    """

    kind: str
    id: str
    title: str | None = None
    day: str = ""
    start: datetime | None = None
    topic_id: str | None = None
    topic: str | None = None
    session_type: str | None = None

    @property
    def label(self) -> str:
        """The text of a link to it, as Markdown."""
        return escape(f"{self.day} {self.title or UNTITLED['session' if self.kind == 'transcript' else self.kind]}")


Link = Callable[[NoteCard | None], str]
"""Turns a card into a link from the note that is written: its label alone where it has no note, "" for None."""


def session_note(
    row: Row, previous: NoteCard | None, topic: NoteCard | None, link: Link, transcript: str | None = None
) -> NoteUpdate:
    """Return the note of the meeting *row*, without its todos and highlights.

    *transcript* is Markdown in place of the transcript; None is the transcript itself.
    """
    minutes = row.get("duration_min")
    facts = (
        _when(row.get("start_time"), row.get("end_time"), minutes),
        f"{_number(minutes)} min" if minutes is not None else "",
        escape(row.get("session_type") or ""),
        link(topic) or escape(row.get("topic_name") or ""),
    )
    before = f"Before: {link(previous)}" if previous else ""
    sections = _written(row, _SESSION_TEXTS)
    if not row.keys().isdisjoint(("transcript", "cleaned_transcript")):
        said = row.get("cleaned_transcript") or row.get("transcript") or ""
        sections["Transcript"] = paragraphs(said) if transcript is None else transcript
    head = _head("session", row.get("title"), escape_start(" · ".join(filter(None, facts))), before)
    counts = {name: _number(row[name]) for name in ("highlight_count", "todo_count") if row.get(name) is not None}
    return NoteUpdate(_front("session", row, _SESSION_FIELDS) | counts, head, sections)


def with_people(note: NoteUpdate, people: Sequence[str]) -> NoteUpdate:
    """Return the note of a meeting with who speaks in it, as a list of the front matter."""
    return NoteUpdate(
        {**note.fields, "people": f"[{', '.join(map(quoted, people))}]"}, note.head, note.sections, note.outlines
    )


def transcript_note(row: Row, meeting: str) -> NoteUpdate:
    """Return the note with the transcript of the meeting *row*; *meeting* is a link to its note."""
    said = row.get("cleaned_transcript") or row.get("transcript") or ""
    front = {**_front("session", row, _TRANSCRIPT_FIELDS), "type": quoted("transcript")}
    head = _head("session", row.get("title"), f"Meeting: {meeting}")
    return NoteUpdate(front, head, {"Transcript": paragraphs(said)})


def tags(card: NoteCard) -> str:
    """Return the tags of a note as YAML: what it is, and its topic."""
    topic = card.title if card.kind == "topic" else card.topic
    words = "-".join(re.findall(r"\w+", fold.ignore_case(topic or "")))
    names = ["meeting" if card.kind == "session" else card.kind]
    return f"[{', '.join(map(quoted, names + [words] * bool(words and not words.isdecimal())))}]"


def with_todos(note: NoteUpdate, todos: Iterable[Row]) -> NoteUpdate:
    """Return the note of a meeting with its todos as a checklist."""
    items = list(todos)
    counts = {"todo_count": str(len(items)), "open_todo_count": str(sum(not is_done(item) for item in items))}
    return NoteUpdate(
        {**note.fields, **counts}, note.head, {**note.sections, "Todos": "\n".join(map(checkbox, items))}, note.outlines
    )


def with_highlights(note: NoteUpdate, highlights: Iterable[Row]) -> NoteUpdate:
    """Return the note of a meeting with its highlights as quotes, in the order of the meeting."""
    rows = sorted(highlights, key=lambda row: (row.get("time_index_ms") or 0, str(row.get("timestamp") or "")))
    known = all({"raw_quote", "cleaned_quote"} & row.keys() for row in rows)
    fields = {**note.fields, "highlight_count": str(len(rows))}
    sections = {**note.sections, "Highlights": "\n\n".join(map(_highlight, rows))}
    return NoteUpdate(fields, note.head, sections, note.outlines if known else note.outlines | {"Highlights"})


def topic_note(row: Row, meetings: Sequence[NoteCard], link: Link) -> NoteUpdate:
    """Return the note of the topic *row* with links to its *meetings*, without its todos."""
    sections = _written(row, _TOPIC_TEXTS) | {"Meetings": "\n".join(f"- {link(meeting)}" for meeting in meetings)}
    return NoteUpdate(_front("topic", row, _TOPIC_FIELDS), _head("topic", row.get("name")), sections)


def todos_note(groups: Sequence[tuple[str, Sequence[str]]], *, open_count: int, count: int) -> NoteUpdate:
    """Return the note of all todos: a checklist under each heading of *groups*, which are Markdown."""
    fields = {
        "hedy": _LAYOUT,
        "type": quoted("todos"),
        "id": quoted("todos"),
        "todo_count": str(count),
        "open_todo_count": str(open_count),
    }
    lists = [f"## {heading}\n\n{chr(10).join(items)}" for heading, items in groups]
    head = "\n\n".join([_head("todos", None, f"{open_count} open, {count - open_count} done"), *lists])
    return NoteUpdate(fields, head, dict.fromkeys(SECTIONS, ""))


def is_done(todo: Row) -> bool:
    """Return whether a todo is completed; one whose state is missing is not."""
    return todo.get("completed") is True


def checkbox(todo: Row, meeting: str = "") -> str:
    """Return a todo as a checklist item, with its due date in the API's words and *meeting*, which is Markdown.

    A day in ``due_on`` is at the end, as plugins for tasks read it: ``📅 2026-03-15``.
    """
    due = f"(due: {_no_task(escape(todo['due_date']))})" if todo.get("due_date") else ""
    words = _no_task(escape(todo.get("text") or "")) or UNTITLED["todo"]
    day = f"📅 {todo['due_on'].isoformat()}" if todo.get("due_on") else ""
    parts = (words, due, meeting and f"· {meeting}", day)
    return f"- [{'x' if is_done(todo) else ' '}] {' '.join(filter(None, parts))}"


def _no_task(words: str) -> str:
    """Return *words* so that plugins for tasks read no date, priority or repetition in them."""
    return _TASK_SIGNS.sub("\\g<0>\u2060", words)


def _highlight(row: Row) -> str:
    title, at = escape(row.get("title") or ""), position(row.get("time_index_ms"))
    said = row.get("cleaned_quote") or row.get("raw_quote")
    insight = paragraphs(row.get("ai_insight") or "")
    parts = (
        f"### {' · '.join(filter(None, (title, at))) or UNTITLED['highlight']}",
        quote(said) if said else "",
        paragraphs(row.get("main_idea") or ""),
        f"Insight: {insight}" if insight else "",
    )
    return "\n\n".join(filter(None, parts))


def _head(kind: str, title: str | None, *parts: str) -> str:
    return "\n\n".join(filter(None, (f"# {escape(title or '') or UNTITLED[kind]}", *parts)))


def _when(start: datetime | None, end: datetime | None, minutes: float | None) -> str:
    if start is None:
        return ""
    if end is None and minutes is not None and 0 < minutes < _DAY_MIN:  # a frame without details has no end
        end = start + timedelta(minutes=minutes)
    end = end if end is not None and end.date() == start.date() else None
    return f"{start.date().isoformat()} {clock_span(start, end)}"


def _written(row: Row, texts: Texts) -> dict[str, str]:
    return {name: write(row[column] or "") for name, column, write in texts if column in row}


def _front(kind: str, row: Row, fields: Fields) -> dict[str, str | None]:
    own = {"hedy": _LAYOUT, "type": quoted(kind), "id": quoted(row[f"{kind}_id"])}
    return own | {
        name: None if row[column] is None else write(row[column]) for name, column, write in fields if column in row
    }


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _daily_note(moment: datetime) -> str:
    """Return a link to the note of the day, as programs for notes name it."""
    return f'"[[{_day(moment)}]]"'


def _second(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _number(number: float) -> str:
    return f"{round(number, 1):g}" if abs(number) < 1e6 else f"{number:.0f}"


Texts = tuple[tuple[str, str, Callable[[str], str]], ...]
Fields = tuple[tuple[str, str, Callable[[Any], str]], ...]

_SESSION_TEXTS: Texts = (
    ("Recap", "recap", inert_section),
    ("Minutes", "meeting_minutes", inert_section),
    ("Notes", "session_notes", paragraphs),
    ("Questions and answers", "conversations", paragraphs),
)
LONG_TEXTS = frozenset({"transcript", "cleaned_transcript", *(column for _, column, _ in _SESSION_TEXTS)})
"""The columns of sessions that only the note of a meeting needs."""
_TOPIC_TEXTS: Texts = (
    ("About", "description", paragraphs),
    ("Overview", "overview", inert_section),
    ("Instructions", "topic_context", paragraphs),
)
_SESSION_FIELDS: Fields = (
    ("title", "title", quoted),
    ("date", "start_time", _day),
    ("daily", "start_time", _daily_note),
    ("start", "start_time", _second),
    ("end", "end_time", _second),
    ("duration_min", "duration_min", _number),
    ("session_type", "session_type", quoted),
    ("topic", "topic_name", quoted),
    ("topic_id", "topic_id", quoted),
)
_TRANSCRIPT_FIELDS: Fields = (
    ("title", "title", quoted),
    ("date", "start_time", _day),
    ("start", "start_time", _second),
    ("topic", "topic_name", quoted),
)
_TOPIC_FIELDS: Fields = (
    ("title", "name", quoted),
    ("color", "color", quoted),
    ("created", "created_at", _day),
    ("session_count", "session_count", _number),
    ("last_session", "last_session_date", _day),
)
