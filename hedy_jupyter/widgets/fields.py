"""The fields of a topic, a context or a webhook while they are typed: counters, limits, and the write that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, Protocol

from hedy_jupyter.changes import fields, webhook_url
from hedy_jupyter.display.html import tag
from hedy_jupyter.errors import HedyError, UsageError
from hedy_jupyter.text.clean import lines
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Widget

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write

_ROWS = {"description": 3, "topic_context": 8, "content": 8}
_HINTS = {"color": "#RRGGBB", "icon_name": "the name of a Material icon"}


class Draft(Protocol):
    """What is typed before the review."""

    box: Widget

    def watch(self, changed: Callable[[], None]) -> None:
        """Have *changed* called whenever something is typed or ticked."""

    def check(self) -> None:
        """Show beside each field what is wrong with it."""

    def write(self) -> Write:
        """The write that it makes; raises HedyError for what cannot be sent."""


class _Line:
    """One field of a topic or context, with its counter and what is wrong with it beside it.

    What cannot be shown in a field (a control character) stays as it was as long as nobody edits the field.
    """

    def __init__(self, kind: str, field: fields.Field, first: object, start: object) -> None:
        self.field = field
        self._kind = kind
        self._first, self._start = (self._plain(one) for one in (first, start))
        self._beside = controls.note(beside=True)
        if field.flag:
            self.entry = controls.tick(field.label, bool(start), aligned=True)
        else:
            rows, hint = _ROWS.get(field.name, 1), _HINTS.get(field.name, "")
            self.entry = controls.entry(field.label, str(self._entered(self._start)), rows=rows, hint=hint)
        self.box = controls.row(self.entry, self._beside)
        self.entry.observe(lambda _: self.check(), "value")
        self._show(self.problem if self.value else "")

    def _plain(self, value: object) -> object:
        return bool(value) if self.field.flag else "" if value is None else value

    @property
    def value(self) -> object:
        """What is in it."""
        found = self.entry.value
        return next((known for known in (self._first, self._start) if found == self._entered(known)), found)

    def _entered(self, known: object) -> object:
        """*known* as it stands in the field; the API may have given a number for a text."""
        return known if self.field.flag else lines(str(known))

    @property
    def changed(self) -> bool:
        """Whether it is not what was there at first."""
        return self.value != self._first

    @property
    def problem(self) -> str:
        """What is wrong with it, in one line."""
        return (
            fields.problem(self._kind, self.field.name, self.value)
            if self.changed or (self.field.least and self._first == "")
            else ""
        )

    def check(self) -> None:
        """Show what is wrong with it."""
        self._show(self.problem)

    def _show(self, problem: str) -> None:
        count = f"{len(str(self.value)):,}/{self.field.most:,}" if self.field.most else ""
        spot = self.field.name == "color" and self.value and not fields.problem(self._kind, "color", self.value)
        if spot:
            self._beside.value = tag(
                "span", style=f"display:inline-block;width:1.2em;height:1.2em;border-radius:50%;background:{self.value}"
            )
        else:
            controls.write(self._beside, "  ".join(filter(None, (count, problem))), error=bool(problem), muted=True)


class Fields:
    """The fields of a topic or context.

    Args:
        kind: which of the two.
        first: what is there now, by our names; empty for a new one.
        draft: what the fields shall hold in its place, by our names; None is nothing.
        make: makes the write of the fields that are given.
    """

    def __init__(
        self,
        kind: Literal["topic", "context"],
        first: Mapping[str, object],
        draft: Mapping[str, object | None],
        make: Callable[[dict[str, object]], Write],
    ) -> None:
        given = {name: value for name, value in draft.items() if value is not None}
        names = [field.name for field in fields.FIELDS[kind]]
        unknown = [name for name in given if name not in names]
        if unknown:
            raise UsageError(f"A {kind} has no {unknown[0]!r}.", advice=f"It has: {', '.join(names)}.")
        self._make = make
        self._new = not first
        self._lines = [
            _Line(kind, field, first.get(field.name), given.get(field.name, first.get(field.name)))
            for field in fields.FIELDS[kind]
        ]
        self.box = controls.column(*(line.box for line in self._lines))

    def watch(self, changed: Callable[[], None]) -> None:
        """Have *changed* called whenever something is typed or ticked."""
        for line in self._lines:
            line.entry.observe(lambda _: changed(), "value")

    def check(self) -> None:
        """Show beside each field what is wrong with it."""
        for line in self._lines:
            line.check()

    def write(self) -> Write:
        """The write of what was changed, of a new one with all that it needs; what nobody touched is never sent."""
        changed = {line.field.name: line.value for line in self._lines if line.changed}
        required = {line.field.name: line.value for line in self._lines if line.field.least}
        return self._make(required | changed if self._new else changed)


class WebhookFields:
    """The fields of a new webhook.

    Args:
        url: what its field shall hold.
        events: which boxes shall be ticked.
        make: makes the write of a URL and events.
    """

    def __init__(
        self, url: str | None, events: str | Iterable[str] | None, make: Callable[[str, list[str]], Write]
    ) -> None:
        ticked = fields.checked_events(events) if events else []
        others = [event for event in ticked if event not in fields.EVENTS]
        self._make = make
        self._url = controls.entry("URL", url or "", hint="https://api.example.com/hedy")
        self._beside = controls.note(beside=True)
        self._boxes = {
            event: controls.tick(event, event in ticked, width="11em") for event in (*fields.EVENTS, *others)
        }
        self._below = controls.note()
        self.box = controls.column(
            controls.row(self._url, self._beside),
            controls.note("Events"),
            *(
                controls.row(box, controls.note(fields.carries(event), muted=True, beside=True))
                for event, box in self._boxes.items()
            ),
            self._below,
        )
        self._url.observe(lambda _: self._check_url(), "value")
        for box in self._boxes.values():
            box.observe(lambda _: self._check_events(), "value")
        if url:
            self._check_url()

    @property
    def _events(self) -> list[str]:
        return [event for event, box in self._boxes.items() if box.value]

    def watch(self, changed: Callable[[], None]) -> None:
        """Have *changed* called whenever something is typed or ticked."""
        for one in (self._url, *self._boxes.values()):
            one.observe(lambda _: changed(), "value")

    def check(self) -> None:
        """Show beside the fields what is wrong with them."""
        self._check_url()
        self._check_events()

    def write(self) -> Write:
        """The creation of the webhook."""
        return self._make(self._url.value, self._events)

    def _check_url(self) -> None:
        controls.write(self._beside, _refusal(lambda: webhook_url.destination(self._url.value)), error=True)

    def _check_events(self) -> None:
        controls.write(self._below, _refusal(lambda: fields.checked_events(self._events)), error=True)


def _refusal(check: Callable[[], object]) -> str:
    """What *check* raises, in one line; empty where it raises nothing."""
    try:
        check()
    except HedyError as error:
        return error.message
    return ""
