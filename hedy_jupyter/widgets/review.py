"""The review of a write in a form: its page, and the boxes and text that confirm it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from hedy_jupyter.account.change_card import changed_sections
from hedy_jupyter.changes.change import Change
from hedy_jupyter.changes.confirmation import typeable
from hedy_jupyter.changes.fields import carries
from hedy_jupyter.display.html_tags import tag
from hedy_jupyter.display.page import Fact, Page
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Widget

TYPE_THE_HOST = "Type the host"


def review_page(change: Change) -> Page:
    """Return the page of a change in a form, without the call that would confirm it: a form has buttons."""
    sends = "nothing" if change.changes_nothing else f"{change.method} {change.host}{change.path}"
    facts = [Fact("Sends", sends), *([Fact("Target", change.target)] if change.target else [])]
    return Page("Not sent yet", change.sentence, facts, changed_sections(change))


class Confirmation(Protocol):
    """What a user ticks and types to confirm a change, besides the button."""

    box: Widget | None
    field: Widget | None

    @property
    def boxes(self) -> Sequence[Widget]:
        """The boxes to tick."""

    def ready(self) -> bool:
        """Return whether the button may be enabled."""

    def words(self) -> str | None:
        """Return the words for ``change.confirm``."""


def confirmation(change: Change, changed: Callable[[], None]) -> Confirmation:
    """Return what confirms *change*; *changed* is called whenever something is ticked or typed."""
    if change.action == "delete":
        return _TypedName(change, changed)
    return _TypedHost(change, changed) if change.words is not None else _ClickOnly()


class _ClickOnly:
    """Confirmed by the button alone."""

    box = None
    field = None
    boxes = ()

    def ready(self) -> bool:
        return True

    def words(self) -> None:
        return None


class _TypedName:
    """Confirmed by typing the exact name of what is deleted."""

    boxes = ()

    def __init__(self, change: Change, changed: Callable[[], None]) -> None:
        self._change = change
        what = "URL" if change.kind == "webhook" else "name"
        self.field = controls.entry(f"Type the {what} to delete", wide_label=True)
        self.field.observe(lambda _: changed(), "value")
        self._expected = typeable(change)
        advice = () if self._expected == change.words else (controls.note(f"Type: {self._expected}", muted=True),)
        self.box = controls.column(controls.note("Are you sure?"), *advice, self.field)

    def ready(self) -> bool:
        return bool(self.field.value == self._expected)

    def words(self) -> str | None:
        return self._change.words if self.ready() else self.field.value


class _TypedHost:
    """Confirmed by ticking three boxes and typing the host of a new webhook."""

    def __init__(self, change: Change, changed: Callable[[], None]) -> None:
        self._change = change
        events = change.body.get("events")
        named = [str(event) for event in events] if isinstance(events, list) else []
        host = change.words or ""
        contents = (tag("li", f"{event}: {carries(event)}") for event in named)
        self.boxes = [
            controls.tick(f"This host: {host}"),
            controls.tick(f"These events: {', '.join(named)}"),
            controls.tick("Meeting data will leave Hedy"),
        ]
        self.field = controls.entry(TYPE_THE_HOST, wide_label=True)
        for one in (*self.boxes, self.field):
            one.observe(lambda _: changed(), "value")
        self.box = controls.column(
            controls.note("Sends to"),
            controls.html(
                tag(
                    "code",
                    host,
                    class_="hedy-host mathjax_ignore tex2jax_ignore",
                    style="font-size:1.3em;font-weight:600",
                )
            ),
            *self.boxes[:2],
            controls.html(tag("ul", *contents, style="margin:0 0 .3em 2.2em;padding:0;line-height:1.5")),
            self.boxes[2],
            self.field,
        )

    def ready(self) -> bool:
        return all(box.value for box in self.boxes) and self.field.value == self._change.words

    def words(self) -> str | None:
        typed: str = self.field.value
        return typed
