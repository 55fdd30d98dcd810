"""``Reader``: one meeting in tabs, of which only the one that is shown is rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Protocol

from hedy_jupyter.account.session import Session
from hedy_jupyter.account.transcript import Transcript
from hedy_jupyter.archive.fulltext import HIGHLIGHT_FIELDS
from hedy_jupyter.display import render
from hedy_jupyter.display.page import Body, Items, Minutes, Page, Prose
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Widget
from hedy_jupyter.widgets.key_capture import Choice, EnterField, Number, mouse_button, skipped

TABS = ("Recap", "Minutes", "Transcript", "Todos", "Highlights")
TAB_OF_FIELD: Mapping[str, str] = MappingProxyType(
    {"recap": "Recap", "meeting_minutes": "Minutes", "text": "Todos"}
    | dict.fromkeys(("transcript", "cleaned_transcript"), "Transcript")
    | dict.fromkeys(HIGHLIGHT_FIELDS, "Highlights")
)
"""The field of a hit → the tab that shows it."""

_LINES = 20  # of a transcript that are shown at once
_ABOVE = 3  # lines of them above a hit
_LONGEST = 20_000  # characters of a recap or of minutes
_MOST = 200  # todos or highlights


class Run(Protocol):
    """Run an action, show its error, and put the focus into a field."""

    def __call__(self, act: Callable[[], None], focus: Widget | None = None) -> object:
        """Run *act*, then put the focus into *focus*."""


class Reader:
    """The chosen meeting.

    Args:
        run: runs what a click or a typed text asks for.

    Attributes:
        box: the widget.
        show: the field that chooses the tab.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._session: Session | None = None
        self._tab = TABS[0]
        self._transcript = Transcript("")
        self._line = 1
        self._searched_from = 1  # the line that was shown before the last Enter, which may come before its new words
        self._hit = 0
        self.show = Choice("Show", self._click, what="tab")
        self._buttons = {tab: mouse_button(tab, partial(self._click, tab)) for tab in TABS}
        self._find = controls.entry("Find", hint="words, then Enter: the next hit")
        self._find.style.description_width = "initial"
        self._find.layout.flex, self._find.layout.width = "1 1 12em", "auto"
        EnterField(self._find, self._find_words)
        self._hits = Number("Hit", lambda number: run(lambda: self._go_to_hit(number)))
        self._lines = Number("Line", lambda number: run(lambda: self._go_to_line(number)))
        self._place = controls.note(muted=True)
        self._head, self._body = controls.html(""), controls.html("")
        tabs = controls.row(*self._buttons.values(), self.show.widget)
        self._transcript_row = controls.column(
            controls.row(self._find, self._hits.widget, self._lines.widget),
            controls.row(
                mouse_button("Next hit", lambda: run(self._next_hit, self._find)),
                mouse_button("Earlier lines", lambda: run(lambda: self._scroll(-_LINES), self._find)),
                mouse_button("Later lines", lambda: run(lambda: self._scroll(_LINES), self._find)),
                self._place,
            ),
        )
        self._parts = (self._head, tabs, self._transcript_row, self._body)
        self.box = controls.column()

    # The meeting --------------------------------------------------------------

    def wait(self, title: str, text: str) -> None:
        """Show *title*, and *text* in the place of what is not read yet."""
        self._session = None
        self._head.value = render.html(Page("", title))
        self._body.value = render.html(Page("", "", sections=[("", Prose(text))]))
        self.box.children = (self._head, self._body)

    def open(self, session: Session, kind: str, find: str = "", field: str = "") -> None:
        """Show *session*.

        Args:
            session: the meeting.
            kind: the words above its title.
            find: the words to mark in the transcript.
            field: where a search has found them; the tab is that of the field.
        """
        self._session = session
        page = session.page()
        self._head.value = render.html(Page(kind, page.title, page.facts, color=page.color))
        self._transcript, self._line, self._hit = Transcript(session.text, find.strip()), 1, 0
        self._searched_from = 1
        self._find.value = find
        if find and self._transcript.hit_lines():
            self._go_to(1)
        self._switch(TAB_OF_FIELD.get(field, self._tab))

    # Tabs ---------------------------------------------------------------------

    def _click(self, tab: str) -> None:
        focus = self._find if self._has_lines(tab) else self.show.widget
        self._run(lambda: self._switch(self.show.check(tab)), focus)

    def _switch(self, tab: str) -> None:
        self._tab = tab
        self.show.offer(TABS, tab)
        for name, button in self._buttons.items():
            button.button_style = "primary" if name == tab else ""
        has_lines = self._has_lines(tab)
        self.box.children = tuple(part for part in self._parts if has_lines or part is not self._transcript_row)
        self._render()

    def _has_lines(self, tab: str) -> bool:
        return tab == "Transcript" and bool(self._transcript.lines())

    def _render(self) -> None:
        if self._session is None:
            return
        if self._tab == "Transcript":
            self._body.value = self._lines_html()
            return
        body = dict(self._session.page().sections).get(self._tab)
        missing = "" if self._tab in ("Todos", "Highlights") else " yet"
        shown, note = (Prose(f"No {self._tab.lower()}{missing}."), "") if body is None else _beginning(body)
        more = [f"{note} %hedy session {self._session.session_id} shows the rest."] if note else []
        self._body.value = skipped(render.html(Page("", "", sections=[(self._tab, shown)], missing=more)))

    # The transcript -------------------------------------------------------------

    def _lines_html(self) -> str:
        lines, at_hits = self._transcript.lines(), self._transcript.hit_lines()
        if not lines:
            return render.html(Page("", "", sections=[("Transcript", Prose("No transcript yet."))]))
        self._hits.show(max(self._hit, 1), len(at_hits))
        self._lines.show(self._line, len(lines))
        last = min(self._line + _LINES - 1, len(lines))
        place = f"lines {self._line:,}–{last:,} of {len(lines):,}"
        if self._transcript.query.strip():
            hit = f"hit {self._hit:,} of {len(at_hits):,}" if self._hit else counted(len(at_hits), "hit")
            place = f"{hit} · {place}"
        controls.write(self._place, place, muted=True)
        at = at_hits[self._hit - 1] if self._hit else 0
        table = self._transcript.window(self._line, _LINES, at)
        return render.html(Page("", "", sections=[("Transcript", table)]))

    def _find_words(self, _: str) -> bool:
        self._run(self._next_hit)
        return False  # the words may have been incomplete

    def _next_hit(self) -> None:
        """Go to the next hit, after the last one to the first; for new words to the first one from here on."""
        words = self._find.value.strip()
        if words == self._transcript.query:
            self._searched_from = self._line
            self._go_to_hit(self._hit + 1)
            return
        self._transcript, self._hit = Transcript(str(self._transcript), words), 0
        at_hits = self._transcript.hit_lines()
        following = (place for place, line in enumerate(at_hits, start=1) if line >= self._searched_from)
        self._go_to_hit(next(following, 1))

    def _go_to_hit(self, number: int) -> None:
        at_hits = self._transcript.hit_lines()
        if at_hits:
            self._go_to(number if number <= len(at_hits) else 1)
        self._render()

    def _go_to(self, hit: int) -> None:
        self._hit = hit
        self._line = self._within(self._transcript.hit_lines()[hit - 1] - _ABOVE)

    def _go_to_line(self, number: int) -> None:
        self._line = self._searched_from = self._within(number)
        self._render()

    def _scroll(self, lines: int) -> None:
        self._go_to_line(self._line + lines)

    def _within(self, line: int) -> int:
        return max(1, min(line, len(self._transcript.lines())))


def _beginning(body: Body) -> tuple[Body, str]:
    """Return as much of *body* as is rendered without a pause, and a note where that is not all."""
    if isinstance(body, Minutes) and len(body.text) > _LONGEST:
        return Minutes(body.text[:_LONGEST]), f"The first {_LONGEST:,} of {len(body.text):,} characters."
    if isinstance(body, Items) and len(body.entries) > _MOST:
        return replace(body, entries=body.entries[:_MOST]), f"The first {_MOST} of {len(body.entries):,}."
    return body, ""
