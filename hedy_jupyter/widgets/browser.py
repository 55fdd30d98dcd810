"""The browser: a widget that lists, filters, searches and reads meetings; it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import get_args

from hedy_jupyter import kinds
from hedy_jupyter.account import card_parts
from hedy_jupyter.account.current import current
from hedy_jupyter.account.hedy import Hedy
from hedy_jupyter.account.meeting_list import HITS_AT_MOST, Meeting, MeetingList, Order, Selection
from hedy_jupyter.api import resolve
from hedy_jupyter.archive import search_query
from hedy_jupyter.display.html_tags import Safe, dot, tag
from hedy_jupyter.display.table import Cell, marked
from hedy_jupyter.errors import NotFound, UsageError
from hedy_jupyter.settings import Source
from hedy_jupyter.text import tokens
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Message, Panel, Widget
from hedy_jupyter.widgets.focus import Focus
from hedy_jupyter.widgets.key_capture import Choice, EnterField, Number, mouse_button
from hedy_jupyter.widgets.reader import Reader
from hedy_jupyter.widgets.style import BROWSER_STYLE

INSTEAD = "Type instead: %hedy sessions, then %hedy session last or %hedy transcript last."
_ROWS = 8
_OFFERED = 200  # meetings that the field offers
_ALL_TOPICS = "(all topics)"
_ORDERS: Sequence[Order] = get_args(Order)
_REFRESH, _LOAD_ALL, _TRY_AGAIN = "Refresh", "Load all", "Try again"
_ACTIONS = (_REFRESH, _LOAD_ALL, _TRY_AGAIN)


def browser(hedy: Hedy | None = None, *, source: Source | None = None) -> Panel:
    """Open the widget that lists, filters, searches and reads meetings; it writes nothing.

    Args:
        hedy: the account; None is the current one.
        source: ``"live"`` or ``"archive"``; None is the archive where it holds a meeting, else Hedy.
    """
    if controls.is_interactive():
        return Browser(hedy or current(), source)
    return controls.placeholder("browser", INSTEAD)


class Browser(Panel):
    """Filters, the list of meetings, and the chosen one."""

    def __init__(self, hedy: Hedy, source: Source | None) -> None:
        super().__init__("browser")
        self._repr = f"<hedy browser> shows in a notebook with widgets. {INSTEAD}"
        self.add_class("hedy-browser")
        self._hedy = hedy
        self._list = MeetingList(hedy, source)
        self._selection = Selection()
        self._found: Sequence[Meeting] = ()
        self._page = 1
        self._chosen = ""
        self._failed: Callable[[], None] | None = None  # the reading or opening to try again
        self._is_complete = False  # whether the whole history was read
        self._labels: Mapping[str, Meeting] = {}
        self._message, self._failure = Message(), Message()
        self._focus = Focus()
        self._reader = Reader(self._run)
        self._make_fields()
        self._rows = [_Row(self._click) for _ in range(_ROWS)]
        self._row_box = controls.column()
        self._lay_out()
        self._fetch(self._read)

    def _make_fields(self) -> None:
        self._filter = controls.entry("Filter", hint="words of titles and topics")
        self._filter.observe(
            lambda change: self._run(lambda: self._select(replace(self._selection, words=change["new"]))), "value"
        )
        self._search = controls.entry("Search", hint="words in all texts, then Enter")
        EnterField(self._search, self._search_texts)
        self._topic = Choice("Topic", lambda text: self._run(lambda: self._choose_topic(text)))
        self._order = Choice("Order", lambda text: self._run(lambda: self._choose_order(text)))
        self._pages = Number("Page", lambda number: self._run(lambda: self._turn_to(number)))
        self._meeting = Choice("Meeting", self._choose_meeting)
        self._topic.offer((_ALL_TOPICS,), _ALL_TOPICS)
        self._order.offer(_ORDERS, self._selection.order)
        self._meeting.widget.placeholder = "type a title, an id or last, or choose one"
        self._action = Choice("Action", self._act)
        self._actions = {
            name: mouse_button(name, partial(self._act, name, focus=self._meeting.widget)) for name in _ACTIONS
        }
        self._count = controls.note(muted=True, beside=True)
        self._last = controls.note(muted=True)
        for field in (self._filter, self._search):
            field.style.description_width = "initial"
            field.layout.flex, field.layout.width = "1 1 18em", "auto"

    def _lay_out(self) -> None:
        self._newer = mouse_button(
            "Newer", lambda: self._run(lambda: self._turn_to(self._page - 1), self._meeting.widget)
        )
        self._older = mouse_button(
            "Older", lambda: self._run(lambda: self._turn_to(self._page + 1), self._meeting.widget)
        )
        self._count_row = controls.row(self._count)
        self.children = (
            controls.style(BROWSER_STYLE),
            controls.row(self._filter, self._search),
            controls.row(self._topic.widget, self._order.widget, self._action.widget),
            self._count_row,
            self._row_box,
            controls.row(self._newer, self._older, self._pages.widget, self._last, self._meeting.widget),
            self._failure.widget,
            self._message.widget,
            self._reader.box,
        )

    def _run(self, act: Callable[[], None], focus: Widget | None = None, on_error: Widget | None = None) -> bool:
        """Run *act*, show its waits and its error, then focus *focus*, or *on_error*; return whether it succeeded.

        Where the focus is in the right field already it stays: a user may have moved on when this answers.
        """
        with controls.FORM_LOCK:
            return self._run_with(self._message, act, focus, on_error)

    def _fetch(self, act: Callable[[], None], focus: Widget | None = None, on_error: Widget | None = None) -> None:
        """Run *act*, which reads or opens, like ``_run``; its error stays until another one succeeds."""
        with controls.FORM_LOCK:
            self._message.clear()
            self._failed = None if self._run_with(self._failure, act, focus, on_error) else act
            self._offer_actions()

    def _run_with(
        self, message: Message, act: Callable[[], None], focus: Widget | None, on_error: Widget | None
    ) -> bool:
        succeeded = controls.attempt(self._hedy, message, act)
        following = focus if succeeded else on_error or focus
        if following is not None:
            self._focus.move_to(following)
        return succeeded

    # The list -------------------------------------------------------------------

    def _read(self, *, complete: bool = False, refresh: bool = False) -> None:
        controls.write(self._count, "Reading the list of meetings …", muted=True)
        try:
            self._list.read(complete=complete or self._is_complete, refresh=refresh)
            self._is_complete |= complete
            topics = self._list.topics
            selection = replace(self._selection, topic=self._selection.topic if self._selection.topic in topics else "")
            self._topic.offer((_ALL_TOPICS, *topics), selection.topic or _ALL_TOPICS)
            self._select(selection)
        except BaseException:
            self._show_rows()  # those of before
            raise

    def _select(self, selection: Selection) -> None:
        """Show the meetings of *selection* from its first page on."""
        self._found = self._list.select(selection)
        self._selection, self._page = selection, 1
        self._show_rows()

    def _search_texts(self, text: str) -> bool:
        if text.strip() != self._selection.search:
            self._run(lambda: self._select(replace(self._selection, search=text.strip())))
        return False  # the words may have been incomplete

    def _choose_topic(self, text: str) -> None:
        topic = self._topic.check(text)
        self._select(replace(self._selection, topic="" if topic == _ALL_TOPICS else topic))
        self._topic.widget.placeholder = topic

    def _choose_order(self, text: str) -> None:
        order = next(one for one in _ORDERS if one == self._order.check(text))
        self._select(replace(self._selection, order=order))
        self._order.widget.placeholder = order

    def _turn_to(self, page: int) -> None:
        self._page = max(1, min(page, self._last_page))
        self._show_rows()

    @property
    def _last_page(self) -> int:
        return max(1, -(-len(self._found) // _ROWS))

    def _show_rows(self) -> None:
        first = (self._page - 1) * _ROWS
        offered = self._list.labels(self._found[first : first + _OFFERED])
        self._labels = {label: meeting for meeting, label in offered}
        self._meeting.offer(tuple(self._labels), self._meeting.widget.placeholder)
        search = self._selection.search
        terms = search_query.literal(search).shown if search.strip() else ()
        shown = self._found[first : first + _ROWS]
        for row, meeting in zip(self._rows, shown, strict=False):
            color = card_parts.color(self._list.colors.get(meeting.topic_id))
            row.show(meeting, self._list.when(meeting), color, terms, is_chosen=meeting.session_id == self._chosen)
        self._row_box.children = tuple(row.box for row in self._rows[: len(shown)])
        self._pages.show(self._page, self._last_page)
        controls.write(self._last, f"of {self._last_page:,}", muted=True)
        self._newer.disabled, self._older.disabled = self._page == 1, self._page == self._last_page
        controls.write(self._count, self._counts(), muted=True)

    def _counts(self) -> str:
        if not self._list.note:
            return "No meetings were read yet."
        if not self._list.meetings:
            return f"No meetings yet · {self._list.note}"
        if not self._found:
            return f"No meeting matches: clear Filter, Search or Topic · {self._list.note}"
        if len(self._found) == len(self._list.meetings):
            return self._list.note
        best = "best " if self._selection.search.strip() and len(self._found) >= HITS_AT_MOST else ""
        match = f"{counted(len(self._found), f'{best}meeting')} match{'es' if len(self._found) == 1 else ''}"
        return f"{match} ({self._list.total:,} in all) · {self._list.origin}"

    def _offer_actions(self) -> None:
        offered = [_REFRESH]
        offered += [_LOAD_ALL] * self._list.has_more + [_TRY_AGAIN] * (self._failed is not None)
        self._action.offer(offered, ", ".join(offered))
        self._count_row.children = (self._count, *(self._actions[name] for name in offered))

    def _act(self, text: str, focus: Widget | None = None) -> None:
        if text == _TRY_AGAIN and self._failed is not None:
            self._fetch(self._failed, focus)
        elif self._run(partial(self._check_action, text), focus):
            self._fetch(lambda: self._read(complete=text == _LOAD_ALL, refresh=True), focus)

    def _check_action(self, text: str) -> None:
        self._action.check(text)

    # One meeting ----------------------------------------------------------------

    def _click(self, meeting: Meeting) -> None:
        self._fetch(lambda: self._open(meeting), self._reader.show.widget, on_error=self._action.widget)

    def _choose_meeting(self, text: str) -> None:
        found: list[Meeting] = []
        if self._run(lambda: found.append(self._named(text)), on_error=self._meeting.widget):
            self._fetch(lambda: self._open(found[0]), self._reader.show.widget, on_error=self._meeting.widget)

    def _named(self, text: str) -> Meeting:
        """Return the meeting that *text* means: one that is offered, an id, ``last``, a title, or words of one."""
        if text in self._labels:
            return self._labels[text]
        records = [{"sessionId": one.session_id, "title": one.title} for one in self._list.meetings]
        try:
            ident = resolve.choose(kinds.SESSION, records, text)
        except NotFound:
            matching = self._list.select(Selection(words=text))
            if not matching:
                raise
            if len(matching) > 1:
                raise UsageError(
                    f"{len(matching):,} meetings match {text!r}.",
                    advice="Type more of the title, or type it into Filter and choose from the list.",
                ) from None
            return matching[0]
        return next(meeting for meeting in self._list.meetings if meeting.session_id == ident)

    def _open(self, meeting: Meeting) -> None:
        self._chosen = meeting.session_id
        self._show_rows()
        try:
            session = self._list.open(
                meeting.session_id,
                fetching=lambda: self._reader.wait(meeting.title, "Reading this meeting from Hedy …"),
            )
        except BaseException:
            self._reader.wait(meeting.title, "This meeting was not read.")
            raise
        kind = "Session, no longer in Hedy" if meeting.is_gone else "Session"
        self._reader.open(session, kind, self._selection.search if meeting.snippet else "", meeting.field)


class _Row:
    """One meeting of the list: a button to click, and when it was beside it."""

    def __init__(self, press: Callable[[Meeting], None]) -> None:
        self._meeting: Meeting | None = None
        self._button = mouse_button("", lambda: None if self._meeting is None else press(self._meeting))
        self._button.add_class("hedy-pick")
        self._info = controls.html("")
        self._info.add_class("hedy-info")
        self.box = controls.row(self._button, self._info)

    def show(
        self, meeting: Meeting, when: str, color: str | None, terms: Sequence[tokens.Term], *, is_chosen: bool
    ) -> None:
        """Show *meeting*, with the hits of a search in bold."""
        self._meeting = meeting
        self._button.description = meeting.title
        self._button.tooltip = meeting.title
        self._button.button_style = "primary" if is_chosen else ""
        facts = [when, card_parts.duration(meeting.minutes), "no longer in Hedy" if meeting.is_gone else None]
        topic = tag("span", dot(color), meeting.topic, dir="auto") if meeting.topic else Safe()
        snippet = Cell(meeting.snippet, bold=tuple(tokens.found(meeting.snippet, terms)))
        self._info.value = tag(
            "div",
            tag("p", " · ".join(filter(None, facts)), Safe(" · ") if topic else Safe(), topic, class_="hedy-muted"),
            tag("p", marked(snippet), dir="auto") if meeting.snippet else Safe(),
            class_="mathjax_ignore tex2jax_ignore",
        )
