"""The manager: topics, contexts and webhooks in three tabs, each with a list and the form of the chosen action."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.account import list_columns, list_view
from hedy_jupyter.account.current import current
from hedy_jupyter.changes.change import LABELS, Action, Kind
from hedy_jupyter.changes.confirmation import CANCELLED
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.display import render
from hedy_jupyter.display.page import Page
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.kinds import BY_NAME
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.widgets import builders, controls
from hedy_jupyter.widgets.button_text_field import NextStep, Step, Steps, button_steps
from hedy_jupyter.widgets.controls import Message, Output, Panel, Widget
from hedy_jupyter.widgets.focus import Focus
from hedy_jupyter.widgets.form import Form
from hedy_jupyter.widgets.key_capture import unknown

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy

_COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    "topic": ("name", "color", "session_count", "last_session_date"),
    "context": ("title", "is_default", "updated_at"),
    "webhook": ("host", "events", "url"),
}
_TITLES: Mapping[Kind, str] = {"topic": "Topics", "context": "Contexts", "webhook": "Webhooks"}
_NOTHING_YET = "No changes yet."


def manager(hedy: Hedy | None = None) -> Panel:
    """Open the widget that lists, creates, edits and deletes topics, contexts and webhooks.

    Args:
        hedy: the account; None is the current one.
    """
    return Manager(hedy or current()) if controls.is_interactive() else controls.placeholder("manager")


class Manager(Panel):
    """Three tabs, and below them what was written, as ordinary output."""

    def __init__(self, hedy: Hedy) -> None:
        super().__init__("manager")
        self.add_class("hedy-manager")
        self._lines: list[str] = []
        self._report = Output()
        self._lists = [_List(hedy, kind, self._written, self._go_to) for kind in _TITLES]
        self._tabs = controls.tabs(tuple(_TITLES.values()), [one.box for one in self._lists], self._select)
        self.children = (self._tabs, controls.style())
        self._lists[0].show(True)

    def _ipython_display_(self) -> None:
        super()._ipython_display_()
        self._report.show(self._bundle())

    def _bundle(self) -> dict[str, str]:
        return {"text/plain": "\n".join(self._lines) or _NOTHING_YET}

    def _written(self, line: str) -> None:
        self._lines.append(one_line(line))
        self._report.change(self._bundle())

    def _select(self, index: int | None) -> None:
        """Fill only the selected tab, so that labels are unique and no list is read that is not shown."""
        for position, one in enumerate(self._lists):
            one.show(position == index)
            if position == index:
                one.take_focus()

    def _go_to(self, index: int) -> None:
        self._tabs.selected_index = index


class _List:
    """One tab."""

    def __init__(self, hedy: Hedy, kind: Kind, written: Callable[[str], None], go_to: Callable[[int], None]) -> None:
        self._hedy = hedy
        self._kind = kind
        self._written = written
        self._go_to = go_to
        self._frame: pd.DataFrame | None = None
        self._rows: list[tuple[str, str]] = []
        self._filter = controls.entry("Filter")
        self._filter.observe(lambda _: self._narrow(), "value")
        self._select = controls.combo(BY_NAME[kind].plural.capitalize(), (), hint="type or choose one")
        self._count = controls.note(muted=True)
        self._table = controls.html("")
        self._message = Message()
        self._slot = controls.column()
        self._focus = Focus()
        acts = {"New": self._new, "Edit": self._edit, "Delete": self._delete, "Refresh": self._refresh}
        if kind == "webhook":
            del acts["Edit"]  # the API has no way to change one
        self._buttons = [self._button(text, act) for text, act in acts.items()]
        self._action = NextStep("Action", self._actions)
        self._parts = (
            controls.row(self._filter, self._count),
            self._select,
            controls.row(*self._buttons, self._action.box),
            self._message.widget,
            self._slot,
            self._table,
        )
        self.box = controls.column()

    def show(self, shown: bool) -> None:
        """Fill the tab or empty it; read its list when it is first shown."""
        self.box.children = self._parts if shown else ()
        if shown and self._frame is None:
            self._attempt(lambda: self._read(refresh=False))

    def take_focus(self) -> None:
        """Put the keyboard's focus on the first field."""
        self._focus.move_to(self._filter)

    def _actions(self) -> Steps:
        """Return what the field of the action offers: the buttons and the other tabs."""
        others = {
            f"Show {title}": Step(partial(self._show_tab, index))
            for index, (kind, title) in enumerate(_TITLES.items())
            if kind != self._kind
        }
        return {**button_steps(self._buttons), **others}

    def _show_tab(self, index: int) -> str:
        self._go_to(index)
        return ""

    def _button(self, text: str, act: Callable[[], None]) -> Widget:
        return controls.button(text, lambda _: self._on_click(act))

    def _on_click(self, act: Callable[[], None]) -> None:
        """Run *act*; then focus the list, unless a form was opened, which has the focus."""
        before = self._slot.children
        self._attempt(act)
        if self._slot.children == before:
            self._focus.move_to(self._select)

    def _attempt(self, act: Callable[[], None]) -> None:
        with controls.FORM_LOCK:
            for button in self._buttons:
                button.disabled = True
            controls.attempt(self._hedy, self._message, act)
            for button in self._buttons:
                button.disabled = False

    # -- the list -----------------------------------------------------------------------------------------------------

    def _read(self, *, refresh: bool) -> None:
        read = {"topic": self._hedy.topics, "context": self._hedy.contexts, "webhook": self._hedy.webhooks}[self._kind]
        frame = read(refresh=refresh)
        frame = frame.dropna(subset=[f"{self._kind}_id"])
        with controls.FORM_LOCK:
            self._frame, self._rows = frame, _rows(self._kind, frame)
            self._narrow()

    def _narrow(self) -> None:
        """Show the rows that contain all words of the filter, and keep the choice if it is among them."""
        with controls.FORM_LOCK:
            words, chosen = self._filter.value.casefold().split(), self._select.value
            is_found = [all(word in label.casefold() for word in words) for label, _ in self._rows]
            found = [label for (label, _), is_in in zip(self._rows, is_found, strict=True) if is_in]
            self._select.options = found
            self._select.value = chosen if chosen in found else ""
            controls.write(self._count, _counts(self._kind, len(found), len(self._rows)), muted=True)
            self._table.value = "" if self._frame is None else self._table_html(self._frame[is_found])

    def _table_html(self, frame: pd.DataFrame) -> str:
        """Return the rows as a table: titles, colours, counts and dates."""
        shown, known = frame[list(_COLUMNS[self._kind])], list_columns.Known(self._hedy.zone)
        seen = list_view.view(f"{self._kind}s", shown, known, names_next=False)
        if seen is None or not seen.table.rows:
            return ""
        left = len(frame) - list_columns.ROWS
        more = f"… {left:,} more: narrow the list with the filter." if left > 0 else ""
        return render.html(Page("", "", sections=[("", replace(seen.table, more=more, is_focusable=False))]))

    @property
    def _chosen(self) -> str:
        typed, labels = self._select.value, dict(self._rows)
        if not typed:
            raise UsageError(f"No {self._kind} is selected.", advice="Select one in the list.")
        if typed not in labels:
            raise unknown(self._kind, typed, labels, "Choose one of the list.")
        return labels[typed]

    # -- actions -----------------------------------------------------------------------------------------------------

    def _new(self) -> None:
        self._open("create")

    def _edit(self) -> None:
        self._open("update", self._chosen)

    def _delete(self) -> None:
        self._open("delete", self._chosen)

    def _refresh(self) -> None:
        self._read(refresh=True)

    def _open(self, action: Action, which: str | None = None) -> None:
        form = builders.open_form(self._hedy, WriteRequest(self._kind, action, which), on_end=self._on_end)
        for old in self._slot.children:
            old.end(CANCELLED)
            old.close()
        self._slot.children = (form,)
        self._table.layout.display = "none"
        if isinstance(form, Form):
            form.take_focus()

    def _on_end(self, line: str, wrote: bool) -> None:
        self._table.layout.display = None
        if wrote:
            self._written(line)
            self._attempt(self._refresh)
            self._choose_written()
        self._focus.move_to(self._select)

    def _choose_written(self) -> None:
        """Select what the form created or changed, also if the filter hid it."""
        form = next(iter(self._slot.children), None)
        label = next((label for label, ident in self._rows if form is not None and ident == form.written), None)
        if label is not None:
            if label not in self._select.options:
                self._filter.value = ""
            self._select.value = label


def _counts(kind: Kind, found: int, every: int) -> str:
    return counted(found, kind) + (f" ({every:,} in all)" if found != every else "")


def _rows(kind: Kind, frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (label, id) of each row; a label that occurs twice includes its id."""
    idents = [str(ident) for ident in frame[f"{kind}_id"]]
    labels = [
        one_line(text) or UNTITLED.get(kind, "(without a name)") for text in frame[LABELS[kind]].fillna("").astype(str)
    ]
    if kind == "context":
        marks = [" (default)" if mark else "" for mark in frame["is_default"].fillna(value=False)]
        labels = [label + mark for label, mark in zip(labels, marks, strict=True)]
    often = Counter(labels)
    return [
        (f"{label} ({ident})" if often[label] > 1 else label, ident)
        for label, ident in zip(labels, idents, strict=True)
    ]
