"""The manager: topics, contexts and webhooks in three tabs, each with a list and the form of the chosen action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.account.current import current
from hedy_jupyter.changes.change import LABELS, Action, Kind
from hedy_jupyter.changes.confirmation import CANCELLED
from hedy_jupyter.changes.request import WriteRequest
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.kinds import BY_NAME
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.widgets import builders, controls
from hedy_jupyter.widgets.controls import Message, Output, Panel, Widget

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy

_ROWS = 10
_TITLES: Mapping[Kind, str] = {"topic": "Topics", "context": "Contexts", "webhook": "Webhooks"}
_NOTHING_YET = "No changes yet."


def manager(hedy: Hedy | None = None) -> Panel:
    """Open the widget that lists, creates, edits and deletes topics, contexts and webhooks.

    Args:
        hedy: the account; None is the current one.
    """
    return Manager(hedy or current()) if controls.is_interactive() else controls.placeholder()


class Manager(Panel):
    """Three tabs, and below them what was written, as ordinary output."""

    def __init__(self, hedy: Hedy) -> None:
        super().__init__("manager")
        self.add_class("hedy-manager")
        self._lines: list[str] = []
        self._report = Output()
        self._tabs = [_List(hedy, kind, self._written) for kind in _TITLES]
        self.children = (controls.tabs(tuple(_TITLES.values()), [one.box for one in self._tabs], self._select),)
        self._select(0)

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
        for position, one in enumerate(self._tabs):
            one.show(position == index)


class _List:
    """One tab."""

    def __init__(self, hedy: Hedy, kind: Kind, written: Callable[[str], None]) -> None:
        self._hedy = hedy
        self._kind = kind
        self._written = written
        self._rows: list[tuple[str, str]] | None = None
        self._filter = controls.entry("Filter")
        self._filter.observe(lambda _: self._narrow(), "value")
        self._select = controls.choice(BY_NAME[kind].plural.capitalize(), _ROWS)
        self._count = controls.note(muted=True)
        self._message = Message()
        self._slot = controls.column()
        acts = {"New": self._new, "Edit": self._edit, "Delete": self._delete, "Refresh": self._refresh}
        if kind == "webhook":
            del acts["Edit"]  # the API has no way to change one
        self._buttons = [self._button(text, act) for text, act in acts.items()]
        self._parts = (
            self._filter,
            self._select,
            self._count,
            controls.row(*self._buttons),
            self._message.widget,
            self._slot,
        )
        self.box = controls.column()

    def show(self, shown: bool) -> None:
        """Fill the tab or empty it; read its list when it is first shown."""
        self.box.children = self._parts if shown else ()
        if shown and self._rows is None:
            self._attempt(lambda: self._read(refresh=False))

    def _button(self, text: str, act: Callable[[], None]) -> Widget:
        return controls.button(text, lambda _: self._attempt(act))

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
        self._rows = _rows(self._kind, read(refresh=refresh))
        self._narrow()

    def _narrow(self) -> None:
        """Show the rows that contain all words of the filter, and keep the choice if it is among them."""
        rows, words, chosen = self._rows or [], self._filter.value.casefold().split(), self._select.value
        found = [(label, ident) for label, ident in rows if all(word in label.casefold() for word in words)]
        self._select.options = found
        self._select.value = chosen if chosen in [ident for _, ident in found] else None
        controls.write(self._count, f"{len(found)} of {len(rows)}", muted=True)

    @property
    def _chosen(self) -> str:
        ident: str | None = self._select.value
        if ident is None:
            raise UsageError(f"No {self._kind} is selected.", advice="Select one in the list.")
        return ident

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

    def _on_end(self, line: str, wrote: bool) -> None:
        if wrote:
            self._written(line)
            self._attempt(self._refresh)


def _rows(kind: Kind, frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (label, id) of each row that has an id; a label that occurs twice includes its id."""
    known = frame.dropna(subset=[f"{kind}_id"])
    idents = [str(ident) for ident in known[f"{kind}_id"]]
    labels = [
        one_line(text) or UNTITLED.get(kind, "(without a name)") for text in known[LABELS[kind]].fillna("").astype(str)
    ]
    if kind == "context":
        marks = [" (default)" if mark else "" for mark in known["is_default"].fillna(value=False)]
        labels = [label + mark for label, mark in zip(labels, marks, strict=True)]
    twice = {label for label in labels if labels.count(label) > 1}
    return [
        (f"{label} ({ident})" if label in twice else label, ident) for label, ident in zip(labels, idents, strict=True)
    ]
