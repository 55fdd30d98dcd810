"""What is shown of each record, laid out as a ``Page`` of plain values; ``notebook.display`` writes it as HTML, Markdown or text."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import singledispatch
from typing import TYPE_CHECKING, TypeAlias

from hedy_jupyter.account.records import (
    Account,
    Context,
    Highlight,
    Session,
    Shown,
    Todo,
    Topic,
    Transcript,
    Webhook,
    highlights_of,
    todos_of,
)
from hedy_jupyter.changes.change import Change
from hedy_jupyter.display.page import Fact, Folded, Item, Items, Minutes, Page, Prose
from hedy_jupyter.frames.api_text import UNTITLED, position
from hedy_jupyter.frames.timezones import clock_span
from hedy_jupyter.text.clean import length, one_line

if TYPE_CHECKING:
    import pandas as pd

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # strftime would speak the machine's language


# --- What is on a page ------------------------------------------------------------------------------------------------------


Body: TypeAlias = Prose | Minutes | Folded | Items


@dataclass(frozen=True)
class Card(Shown):
    """A title over labelled values, in the three forms of a record (the status of ``%hedy``)."""

    title: str
    rows: Sequence[tuple[str, str]]

    _repr_pretty_ = Shown._repr_pretty_  # IPython takes a class's own `__repr__` before the ``_repr_pretty_`` of its base


def card(title: str, rows: Sequence[tuple[str, str]]) -> Card:
    """A card with *title* over *rows* of (label, value), all of them plain text."""
    return Card(title, tuple(rows))


# --- Which page a thing has -------------------------------------------------------------------------------------------------


@singledispatch
def page(thing: object) -> Page:
    """The page of *thing*; ``TypeError`` for what has none."""
    raise TypeError(f"no display for {type(thing).__name__}")


@page.register
def _(thing: Card) -> Page:
    return Page("", thing.title, [Fact(label, value) for label, value in thing.rows])


@page.register
def _(thing: Account) -> Page:
    return Page("Account", _first(thing.name, thing.email, "Account without a name"), _facts(("Email", thing.email), ("ID", thing.id)))


@page.register
def _(thing: Session) -> Page:
    sections = _sections(
        ("Recap", Minutes(thing.recap or "")),
        ("Minutes", Minutes(thing.meeting_minutes or "")),
        ("Highlights", Items(tuple(map(_highlight_item, highlights_of(thing))))),
        ("Todos", Items(tuple(map(_todo_item, todos_of(thing))))),
        ("Notes", Prose(thing.session_notes or "")),
        ("Questions and answers", Folded(thing.conversations or "", "conversations")),
        ("Transcript", Folded(thing.text, "text")),
    )
    facts = [
        *_facts(("When", _span(thing)), ("Duration", _duration(thing.duration_min)), ("Type", _words(thing.session_type))),
        *([Fact("Topic", thing.topic_name, _topic_color(thing.raw))] if thing.topic_name else []),
        *_facts(("ID", thing.session_id)),
    ]
    shown = [heading for heading, _ in sections]
    missing = [f"No {word.lower()} yet" for word in ("Recap", "Minutes", "Transcript") if word not in shown]
    missing += [f"No {word.lower()}" for word in ("Highlights", "Todos", "Notes") if word not in shown]
    return Page("Session", _first(thing.title, UNTITLED["session"]), facts, sections, missing)


@page.register
def _(thing: Highlight) -> Page:
    facts = _facts(
        ("When", _time(thing.timestamp, thing.zone)),
        ("In the session at", position(thing.time_index_ms)),
        ("Session", thing.session_id),
        ("ID", thing.highlight_id),
    )
    sections = _sections(
        ("Quote", Prose(thing.cleaned_quote or thing.raw_quote or "")),
        ("Main idea", Prose(thing.main_idea or "")),
        ("Insight", Prose(thing.ai_insight or "")),
    )
    missing = [] if sections else ["No quote and no insight yet"]
    return Page("Highlight", _first(thing.title, UNTITLED["highlight"]), facts, sections, missing)


@page.register
def _(thing: Todo) -> Page:
    facts = _facts(
        ("Status", {True: "☑ done", False: "☐ open", None: None}[thing.completed]),
        ("Due", thing.due_date),
        ("Topic", thing.topic_name),
        ("Session", thing.session_id),
        ("ID", thing.todo_id),
    )
    return Page("Todo", _first(thing.text, "Todo without a text"), facts, missing=[] if thing.due_date else ["No due date"])


@page.register
def _(thing: Topic) -> Page:
    facts = _facts(
        ("Sessions", None if thing.session_count is None else str(thing.session_count)),
        ("Last session", _time(thing.last_session_date, thing.zone)),
        ("Mostly", _words(thing.dominant_session_type)),
        ("Updated", _time(thing.updated_at, thing.zone)),
        ("Created", _time(thing.created_at, thing.zone)),
        ("ID", thing.topic_id),
    )
    sections = _sections(
        ("Description", Prose(thing.description or "")),
        ("Overview", Prose(thing.overview or "")),
        ("Instructions", Prose(thing.topic_context or "")),
    )
    missing = [f"No {heading.lower()}" for heading in ("Description", "Overview", "Instructions") if heading not in dict(sections)]
    return Page("Topic", _first(thing.name, "Topic without a name"), facts, sections, missing, _color(thing.color))


@page.register
def _(thing: Context) -> Page:
    facts = _facts(
        ("Default", {True: "yes", False: "no", None: None}[thing.is_default]),
        ("Updated", _time(thing.updated_at, thing.zone)),
        ("Created", _time(thing.created_at, thing.zone)),
        ("ID", thing.context_id),
    )
    sections = _sections(("Content", Prose(thing.content or "")))
    return Page("Context", _first(thing.title, UNTITLED["context"]), facts, sections, [] if sections else ["No content"])


@page.register
def _(thing: Webhook) -> Page:
    facts = _facts(("URL", thing.url), ("Created", _time(thing.created_at, thing.zone)), ("ID", thing.webhook_id))
    events = Items(tuple(Item("•", event) for event in thing.events))
    return Page("Webhook", _first(thing.host, "Without host"), facts, _sections(("Events", events)))


@page.register
def _(thing: Change) -> Page:
    facts = _facts(
        ("Sends", "nothing" if thing.changes_nothing else f"{thing.method} {thing.host}{thing.path}"),
        ("Target", thing.target),
        ("Confirmed by", f"change.confirm({thing.words!r})" if thing.words else "change.confirm()"),
        ("Digest", thing.digest),
    )
    return Page("Not sent yet", thing.sentence, facts, changed_sections(thing))


def changed_sections(change: Change) -> list[tuple[str, Body]]:
    """What *change* sends and does: its JSON, what differs from before, its effects and warnings."""
    sections = _sections(("JSON", Prose(json.dumps(change.body, indent=2, ensure_ascii=False)))) if change.body else []
    if change.action == "update" and change.body:
        sections += _sections(("Before and after", Prose("\n".join(_differences(change)))))
    sections += _sections(("Effects", Items(tuple(Item("•", line) for line in change.effects))))
    return sections + (_sections(("Look twice", Items(tuple(Item("⚠", line) for line in change.warnings)))) if change.warnings else [])


def _differences(change: Change) -> Iterator[str]:
    """Each field of the body with its old (-) and its new (+) lines."""
    for name, value in change.body.items():
        old, new = (_plain(one) for one in ((change.before or {}).get(name), value))
        yield f"{name}:"
        yield from (line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if not line.startswith("? "))


def _plain(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@page.register
def _(thing: Transcript) -> Page:
    text = str(thing)
    return Page("", f"Transcript, {length(text)}", sections=[("", Prose(text))]) if text.strip() else Page("", "No transcript yet")


def _first(*titles: str | None) -> str:
    """The first of *titles* in which there is anything to see."""
    return next((line for title in titles if title and (line := one_line(title))), "")


def _facts(*rows: tuple[str, str | None]) -> list[Fact]:
    return [Fact(label, value) for label, value in rows if value]


def _sections(*rows: tuple[str, Body]) -> list[tuple[str, Body]]:
    """Those of *rows* that hold something."""
    return [(heading, body) for heading, body in rows if (body.entries if isinstance(body, Items) else body.text.strip())]


def _highlight_item(one: Highlight) -> Item:
    return Item(
        mark=position(one.time_index_ms) or "–",
        title=_first(one.title, one.main_idea, UNTITLED["highlight"]),
        quote=one.cleaned_quote or one.raw_quote or "",
        thought=one.ai_insight or "",
    )


def _todo_item(one: Todo) -> Item:
    return Item("☑" if one.completed else "☐", _first(one.text, "Todo without a text"), f"due: {one.due_date}" if one.due_date else "")


def _topic_color(raw: Mapping[str, object]) -> str | None:
    """The colour of the topic nested in a session, which no column of the frame has."""
    topic = raw.get("topic") or raw.get("topicInfo")
    return _color(topic.get("color")) if isinstance(topic, Mapping) else None


def _color(value: object) -> str | None:
    """*value* where it is ``#RRGGBB`` and nothing else, so that it may stand in a style."""
    return value if isinstance(value, str) and _COLOR.fullmatch(value) else None


def _words(name: str | None) -> str | None:
    return name.replace("_", " ") if name else None


# --- Times and lengths in words ---------------------------------------------------------------------------------------------


def _time(time: pd.Timestamp | None, zone: tzinfo) -> str | None:
    if time is None:
        return None
    local = time.tz_convert(zone)
    return f"{_WEEKDAYS[local.weekday()]} {local:%Y-%m-%d} {clock_span(local, is_named=True)}"


def _span(session: Session) -> str | None:
    """Start to end in the display zone; the end with its day only where that is another one."""
    if session.start_time is None or session.end_time is None:
        return _time(session.start_time, session.zone)
    start, end = session.start_time.tz_convert(session.zone), session.end_time.tz_convert(session.zone)
    return f"{_WEEKDAYS[start.weekday()]} {start:%Y-%m-%d} {clock_span(start, end, is_named=True)}"


def _duration(minutes: float | None) -> str | None:
    if minutes is None:
        return None
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"
