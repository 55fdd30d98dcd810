"""HTML page: meetings, and what belongs to them, as one page that works offline, prints well and loads nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import sha256
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.analysis.transcripts import spoken_length
from hedy_jupyter.display.html_tags import Safe, escaped, tag
from hedy_jupyter.display.render import markdown_html, prose_html
from hedy_jupyter.export import markdown_documents
from hedy_jupyter.export.tabular import flat
from hedy_jupyter.export.vault import notes
from hedy_jupyter.frames import timezones
from hedy_jupyter.frames.api_text import UNTITLED, WITHOUT_TOPIC
from hedy_jupyter.frames.plain_rows import Row, grouped, rows
from hedy_jupyter.kinds import KINDS
from hedy_jupyter.text.clean import lines, one_line
from hedy_jupyter.text.fold import ignore_case
from hedy_jupyter.text.phrasing import counted, position

_STYLE = Safe(
    """:root{color-scheme:light dark}
body{font:16px/1.55 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}
h1{font-size:1.7em;line-height:1.2}h2{font-size:1.35em;line-height:1.25;margin:2em 0 .3em;\
border-bottom:1px solid #8886;padding-bottom:.2em}
h3{font-size:1.05em;margin:1.2em 0 .3em}h4,h5,h6{font-size:1em;margin:1em 0 .2em}
.facts,.note{opacity:.75;margin:.2em 0 1em}nav ol,nav ul{padding-left:1.4em}nav li{margin:.15em 0}
ul.todos{list-style:none;padding-left:0}ul.todos li{padding-left:1.6em;text-indent:-1.6em}.done{opacity:.65}
blockquote{margin:.3em 0 .8em;padding-left:.9em;border-left:3px solid #8886}
summary{cursor:pointer}table{border-collapse:collapse}th,td{border:1px solid #8886;padding:.2em .5em;\
vertical-align:top;text-align:left}pre{white-space:pre-wrap}
@media print{:root{color-scheme:light}body{font-size:10.5pt;max-width:none;margin:0}a{color:inherit;\
text-decoration:none}h2,h3,h4,summary{break-after:avoid}li,blockquote,tr{break-inside:avoid}\
nav{break-after:page}.top{display:none}}
"""
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_TEXTS: Sequence[tuple[str, str, Callable[[str], Safe]]] = (
    ("Recap", "recap", markdown_html),
    ("Minutes", "meeting_minutes", markdown_html),
    ("Notes", "session_notes", prose_html),
    ("Questions and answers", "conversations", prose_html),
)


@dataclass(frozen=True)
class _Part:
    """A part of the page: its heading, its anchor, its contents, and the lines of it for the table of contents."""

    heading: str
    anchor: str
    contents: Iterable[str]
    entries: Sequence[Safe] = ()


@dataclass(frozen=True)
class _Content:
    """The rows of the frames by kind, meeting id → title, and the rows of meetings with their texts."""

    found: Mapping[str, Sequence[Row]]
    titles: Mapping[str, str]
    meetings: Iterable[Row]

    def of_meeting(self, kind: str) -> Mapping[str, Sequence[Row]]:
        """Return meeting id → its rows of *kind*."""
        return grouped(self.found.get(kind, ()), "session_id")

    def meeting_link(self, ident: str | None) -> Safe:
        """Return a link to the meeting *ident*, or nothing where the page has none of that id."""
        title = self.titles.get(ident or "")
        return tag("a", title, href=f"#{_anchor('session', ident or '')}") if title else Safe()


def to_html(frames: Mapping[str, pd.DataFrame], *, zone: tzinfo) -> str:
    """Return *frames*, by kind, as one HTML page with contents and anchors; times are in *zone*.

    Meetings have their texts, todos and highlights; the transcript is folded. All text is escaped, Markdown of the API
    keeps its form without HTML and pictures, and the page loads nothing, not even where its text would ask for it.

    Raises:
        UsageError: a frame has no column of ids.
    """
    return "".join(page_pieces(frames, zone=zone))


def page_pieces(
    frames: Mapping[str, pd.DataFrame], parts: Iterable[pd.DataFrame] | None = None, *, zone: tzinfo
) -> Iterator[str]:
    """Yield the same page, a meeting at a time.

    Where the sessions come with their texts in *parts*, which are not kept, the frame of them needs no texts.
    """
    zones = [timezones.frame_zone(df, zone) for df in frames.values()]
    shown = zones[0] if zones else zone
    found = {kind: _rows(kind, df, shown) for kind, df in frames.items()}
    sessions = found.get("sessions", ())
    meetings = sessions if parts is None else (row for df in parts for row in _rows("sessions", df, shown))
    content = _Content(found, {row["session_id"]: _title(row) for row in sessions}, meetings)
    sections = [part for kind, make in _PARTS.items() if kind in frames for part in make(content)]
    others = [kind for kind in frames if kind not in _PARTS]
    sections += [_of_document(kind, frames[kind], shown) for kind in others]
    counts = ", ".join(counted(len(found[kind]), KINDS[kind].name) for kind in frames)
    return _page(counts, f"Times in {timezones.zone_name(shown)}.", sections)


def _rows(kind: str, df: pd.DataFrame, zone: tzinfo) -> list[Row]:
    if kind == "todos":
        return markdown_documents.dated(flat(df), zone)
    table = df.drop(columns="events", errors="ignore")
    return list(rows(table, kind, zone).values())


def _page(title: str, note: str, parts: Sequence[_Part]) -> Iterator[str]:
    entries = [
        tag("li", tag("a", part.heading, href=f"#{part.anchor}"), *([tag("ol", *part.entries)] if part.entries else []))
        for part in parts
    ]
    head = (
        Safe('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">')
        + Safe(f'<meta http-equiv="Content-Security-Policy" content="{escaped(_POLICY)}">')
        + tag("title", f"Hedy: {title}")
        + tag("style", _STYLE)
    )
    yield f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>'
    yield tag("h1", title, id="top") + tag("p", note, class_="note")
    yield tag("nav", tag("h2", "Contents"), tag("ul", *entries), aria_label="Contents") + "<main>"
    for part in parts:
        section = tag("section", tag("h2", part.heading), id=part.anchor)
        yield section.removesuffix("</section>")
        yield from part.contents
        yield "</section>"
    yield "</main></body></html>\n"


# Parts ------------------------------------------------------------------------


def _meetings(content: _Content) -> Iterable[_Part]:
    todos, highlights = content.of_meeting("todos"), content.of_meeting("highlights")
    articles = (
        _meeting(row, todos.get(row["session_id"], ()), highlights.get(row["session_id"], ()))
        for row in content.meetings
    )
    entries = [
        tag("li", tag("a", _title(row), href=f"#{_anchor('session', row['session_id'])}"), f" {_day(row)}")
        for row in content.found["sessions"]
    ]
    yield _Part("Meetings", "meetings", articles, entries)


def _meeting(row: Row, todos: Sequence[Row], highlights: Sequence[Row]) -> Safe:
    facts = (_when(row), one_line(row.get("session_type") or ""), one_line(row.get("topic_name") or ""))
    parts = [tag("h3", _title(row), dir="auto")]
    if any(facts):
        parts.append(tag("p", " · ".join(filter(None, facts)), class_="facts", dir="auto"))
    parts += [_section(name, write(lines(row[column]).strip())) for name, column, write in _TEXTS if row.get(column)]
    if todos:
        parts.append(_section("Todos", _checklist([(todo, Safe()) for todo in todos])))
    if highlights:
        order = sorted(highlights, key=lambda one: one.get("time_index_ms") or 0)
        parts.append(_section("Highlights", Safe("".join(map(_highlight, order)))))
    said = row.get("cleaned_transcript") or row.get("transcript")
    if said:
        summary = tag("summary", f"Transcript, {spoken_length(said)}")
        parts.append(tag("details", summary, prose_html(lines(said).strip())))
    parts.append(tag("p", tag("a", "Contents", href="#top"), class_="note top"))
    return tag("article", *parts, id=_anchor("session", row["session_id"]))


def _section(heading: str, contents: Safe) -> Safe:
    return Safe(tag("h4", heading) + tag("div", contents, dir="auto"))


def _todos(content: _Content) -> Iterable[_Part]:
    todos = content.found["todos"]
    groups = grouped(todos, "topic_id")
    names = {
        ident: next((one["topic_name"] for one in of if one.get("topic_name")), "") for ident, of in groups.items()
    }
    order = sorted(groups, key=lambda ident: (not names[ident], ignore_case(names[ident]), ident))
    lists = [
        tag("h3", one_line(names[ident]) or WITHOUT_TOPIC, dir="auto")
        + _checklist([(todo, content.meeting_link(todo.get("session_id"))) for todo in groups[ident]])
        for ident in order
    ]
    is_open = sum(not notes.is_done(todo) for todo in todos)
    yield _Part(f"Todos: {is_open} open, {len(todos) - is_open} done", "todos", lists)


def _checklist(todos: Sequence[tuple[Row, Safe]]) -> Safe:
    """Return todos, each with the link to its meeting, the open ones first."""
    return tag("ul", *(_todo(*pair) for pair in sorted(todos, key=lambda pair: notes.is_done(pair[0]))), class_="todos")


def _todo(todo: Row, meeting: Safe) -> Safe:
    done = notes.is_done(todo)
    words = one_line(todo.get("text") or "") or UNTITLED["todo"]
    due = f" (due: {one_line(todo['due_date'])})" if todo.get("due_date") else ""
    mark = tag("span", "☑" if done else "☐", aria_label="done" if done else "open", role="img")
    link = Safe(f" · {meeting}") if meeting else Safe()
    return tag("li", mark, " ", tag("span", words, dir="auto"), due, link, class_="done" if done else "open")


def _highlights(content: _Content) -> Iterable[_Part]:
    if "sessions" in content.found:  # they are with their meetings
        return
    yield _Part("Highlights", "highlights", map(_highlight, content.found["highlights"]))


def _highlight(row: Row) -> Safe:
    title, at = one_line(row.get("title") or ""), position(row.get("time_index_ms"))
    said = row.get("cleaned_quote") or row.get("raw_quote")
    thoughts = (row.get("main_idea"), row.get("ai_insight"))
    return Safe(
        tag("p", tag("strong", " · ".join(filter(None, (title, at))) or UNTITLED["highlight"], dir="auto"))
        + (tag("blockquote", prose_html(lines(said).strip())) if said else "")
        + "".join(prose_html(lines(text).strip()) for text in thoughts if text)
    )


def _of_document(kind: str, df: pd.DataFrame, zone: tzinfo) -> _Part:
    """Return the part of topics, contexts or webhooks: what their Markdown document says."""
    return _Part(kind.capitalize(), kind, [markdown_html(markdown_documents.to_markdown(df, kind, zone=zone))])


_PARTS: Mapping[str, Callable[[_Content], Iterable[_Part]]] = MappingProxyType(
    {"sessions": _meetings, "todos": _todos, "highlights": _highlights}
)


def _title(row: Row) -> str:
    return one_line(row.get("title") or "") or UNTITLED["session"]


def _day(row: Row) -> str:
    start = row.get("start_time")
    return "" if start is None else start.date().isoformat()


def _when(row: Row) -> str:
    start, end, minutes = row.get("start_time"), row.get("end_time"), row.get("duration_min")
    span = "" if start is None else f"{_day(row)} {timezones.clock_span(start, end)}"
    return " · ".join(filter(None, (span, f"{minutes:,.0f} min" if minutes is not None else "")))


def _anchor(kind: str, ident: str) -> str:
    """Return the anchor of a record, the same in every page."""
    return f"{kind}-{sha256(ident.encode(errors='replace')).hexdigest()[:10]}"
