"""``Report``: the card of a report for notebooks and terminals, and its text for mails; lists are cut with a count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hedy_jupyter.account import card_parts
from hedy_jupyter.account.list_cells import percent
from hedy_jupyter.display import mail, render
from hedy_jupyter.display.copyable_text import Document
from hedy_jupyter.display.display_mixin import Shown
from hedy_jupyter.display.page import Body, Fact, Item, Items, Page
from hedy_jupyter.display.table import Cell, Column, Table
from hedy_jupyter.reports.numbers import Note, Numbers, Task, TopicLoad
from hedy_jupyter.settings import Source
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import beginning, counted, short_day, short_time
from hedy_jupyter.text.quoting import as_word

_MOST_TOPICS = 10
_MOST_DECISIONS = 10
_MOST_TODOS = 6
_MOST_HIGHLIGHTS = 4
_MOST_PEOPLE = 8
_ROUNDED = "Each number of hours is rounded; the total is that of the exact ones."
_LONGEST = 180  # characters of one text; a week fits on two pages


@dataclass(frozen=True)
class Report(Shown):
    """The report of a time: a card in a notebook, text in a terminal, ``to_html()`` for a mail, ``to_markdown()``.

    Attributes:
        numbers: the same as plain data, with all rows of the lists.
        topics: the topics that it is about; none are all.
        other_topics: those that are left out.
        source: where it was read from.
        colors: topic id → ``#RRGGBB``.
        words: that all of it has; empty is no condition.
        limit: how many rows of each list are shown; None is what fits on two pages.
    """

    numbers: Numbers
    topics: Sequence[str] = ()
    other_topics: Sequence[str] = ()
    source: Source = "live"
    colors: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    limit: int | None = None

    _repr_pretty_ = Shown._repr_pretty_  # IPython takes a class's own `__repr__` before the `_repr_pretty_` of its base

    def __repr__(self) -> str:
        return f"<Report of {self.numbers.period.words()}: {counted(self.numbers.meetings, 'meeting')}>"

    def __str__(self) -> str:
        return self.to_text()

    def to_html(self) -> Document:
        """Return the report as one HTML file for a mail: styles within the tags, nothing that is loaded."""
        return Document(mail.html(self.page()))

    def _repr_html_(self) -> str:
        return str(render.html(self.page()))

    def page(self) -> Page:
        """Return what the report shows."""
        found = self.numbers
        facts = [
            *card_parts.facts(("Topics", ", ".join(self.topics)), ("Without topics", ", ".join(self.other_topics))),
            *card_parts.facts(("With the words", self.words)),
            Fact("Compared with", found.period.words_before()),
            Fact("Meetings", f"{_load(found.meetings, found.hours)}; before: {_load_before(found)}"),
            Fact("Decisions", f"{len(found.decisions)}, in the minutes of {_of(found.minutes, found.meetings)}"),
            Fact("New todos", f"{found.new}, {found.new_done} of them done"),
            *card_parts.facts(("Todos done", self._done())),
            Fact("Open todos today", _open(found)),
        ]
        rows: list[tuple[str, Body]] = [
            ("Meetings and hours by topic", self._by_topic()),
            ("Decisions", self._decisions()),
            ("New todos", self._tasks(found.new_todos, f"todos{self._when()}")),
            ("Late todos", self._tasks(found.late_todos, "todos --overdue")),
            ("Highlights", self._highlights()),
            ("Who spoke", self._people()),
        ]
        return Page("Report", found.period.words(), facts, card_parts.sections(*rows), list(_missing(found)))

    def _done(self) -> str | None:
        found = self.numbers
        if found.done is None or found.synced_at is None:
            return None
        return f"{found.done} seen by syncs, the last one {short_time(found.synced_at, found.synced_at.year)}"

    def _by_topic(self) -> Table:
        topics = self.numbers.topics
        most = self.limit or _MOST_TOPICS
        shown, others = topics[:most], topics[most:]
        rows = [_topic_row(one, self.colors.get(one.topic_id)) for one in shown]
        if others:
            rows.append(_topic_row(_added_up(f"{counted(len(others), 'more topic')}", others)))
        if len(topics) > 1:
            rows.append(_topic_row(_added_up("Total", topics)))
        heads = [Column("Topic", "text"), *(Column(title, "number") for title in ("Meetings", "Hours"))]
        heads += [Column(title, "number") for title in ("Meetings before", "Hours before", "Change")]
        return Table(heads, rows, note=_ROUNDED if len(topics) > 1 and not _adds_up(topics) else "")

    def _decisions(self) -> Items:
        found = self.numbers.decisions
        most = self.limit or _MOST_DECISIONS
        items = (Item("", _short(one.text), _from(one)) for one in found[:most])
        return Items(tuple(items), self._more(len(found) - most, f"decisions{self._when()}"))

    def _tasks(self, found: Sequence[Task], command: str) -> Items:
        most = self.limit or _MOST_TODOS
        items = tuple(_task_item(one, self.numbers.period.first.year) for one in found[:most])
        return Items(items, self._more(len(found) - most, command))

    def _highlights(self) -> Items:
        found = self.numbers.highlights
        most = self.limit or _MOST_HIGHLIGHTS
        items = (Item("★", _short(one.text), _from(one), _short(one.quote)) for one in found[:most])
        command = f"highlights --all{' --details' * bool(self.words)}{self._when()}"
        return Items(tuple(items), self._more(len(found) - most, command))

    def _people(self) -> Table:
        found, most = self.numbers.people, self.limit or _MOST_PEOPLE
        rows = [
            [Cell(one.name), Cell(str(one.meetings)), Cell(f"{one.words:,}"), Cell(percent(one.share))]
            for one in found[:most]
        ]
        heads = [Column("Speaker", "text"), *(Column(title, "number") for title in ("Meetings", "Words", "Share"))]
        return Table(heads, rows, more=self._more(len(found) - most, f"speakers{self._when()}"))

    def _more(self, left: int, command: str) -> str:
        """Return how many are left out, and the command that lists them all."""
        if left <= 0:
            return ""
        topics = _options("--topic", self.topics) + _options("--not-topic", self.other_topics)
        topics += _options("--text", [self.words] if self.words else [])
        archived = " --source archive" * (self.source == "archive")
        return f"{left} more: %hedy {command}{topics}{archived}"

    def _when(self) -> str:
        period = self.numbers.period
        is_days = all(end == end.normalize() for end in (period.first, period.end))
        written = "%Y-%m-%d" if is_days else "%Y-%m-%dT%H:%M"
        since, until = (period.first, period.last) if is_days else (period.first.floor("min"), period.last.ceil("min"))
        return f" --since {since:{written}} --until {until:{written}}"


def _options(flag: str, topics: Sequence[str]) -> str:
    return "".join(f" {flag} {as_word(one)}" for one in topics)


def _adds_up(topics: Sequence[TopicLoad]) -> bool:
    """Return whether the hours of *topics*, as they are shown, make the total that is shown."""
    total = _added_up("", topics)
    pairs = ([one.hours for one in topics], total.hours), ([one.hours_before for one in topics], total.hours_before)
    return all(round(sum(round(hours, 1) for hours in parts), 1) == round(whole, 1) for parts, whole in pairs)


def _topic_row(one: TopicLoad, color: str | None = None) -> list[Cell]:
    change = round(one.hours, 1) - round(one.hours_before, 1)  # of what is shown
    before = [str(one.meetings_before), f"{one.hours_before:.1f}", f"{change:+.1f}"]
    return [
        Cell(one.title, color=card_parts.color(color)),
        *map(Cell, (str(one.meetings), f"{one.hours:.1f}", *before)),
    ]


def _added_up(title: str, topics: Sequence[TopicLoad]) -> TopicLoad:
    return TopicLoad(
        topic_id="",
        title=title,
        meetings=sum(one.meetings for one in topics),
        hours=sum(one.hours for one in topics),
        meetings_before=sum(one.meetings_before for one in topics),
        hours_before=sum(one.hours_before for one in topics),
    )


def _load(meetings: int, hours: float) -> str:
    return f"{meetings} ({hours:.1f} hours)" if meetings else "none"


def _load_before(found: Numbers) -> str:
    return _load(found.meetings_before, found.hours_before)


def _of(part: int, meetings: int) -> str:
    return f"{part} of {counted(meetings, 'meeting')}" if part < meetings else counted(meetings, "meeting")


def _open(found: Numbers) -> str:
    late = f", {found.late} of them late" if found.late else ""
    undated = f", {found.undated} without an exact due day" if found.undated else ""
    return f"{found.open}{late}{undated}"


def _from(one: Note) -> str:
    return ", ".join(filter(None, (one.meeting, short_day(one.day, one.day.year) if one.day is not None else "")))


def _task_item(one: Task, year: int) -> Item:
    due = card_parts.due(one.due, one.due_text, year)
    late = f"{counted(one.late_days, 'day')} late" if one.late_days else ""
    return Item("☑" if one.is_done else "☐", _short(one.text), ", ".join(filter(None, (due, late))))


def _short(text: str) -> str:
    return beginning(one_line(text), _LONGEST)


def _missing(found: Numbers) -> Iterator[str]:
    """Yield what the report could not read."""
    if found.incomplete:
        yield f"the texts of {counted(found.incomplete, 'meeting')} could not be read"
    if found.named < found.meetings:
        yield f"speakers are named in the transcripts of {_of(found.named, found.meetings)}"
    if found.unmeasured:
        yield f"{counted(found.unmeasured, 'meeting')} without a duration"
    if found.done is None:
        yield "when todos were done is known only from an archive: %hedy sync"
