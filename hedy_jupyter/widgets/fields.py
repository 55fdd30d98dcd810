"""The fields of topics, contexts and webhooks in a form: counters, limits, and the request that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, cast

from hedy_jupyter.changes import colors, fields, webhook_url
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.display.html_tags import tag
from hedy_jupyter.errors import HedyError, UsageError
from hedy_jupyter.text.clean import lines
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Widget
from hedy_jupyter.widgets.icons import ICONS

_ROWS = {"description": 3, "topic_context": 8, "content": 8}
_SWATCH = "display:inline-block;width:1.2em;height:1.2em;border-radius:50%;margin-right:.4em;vertical-align:middle;"


class Draft(Protocol):
    """The fields before the review."""

    box: Widget

    @property
    def boxes(self) -> Sequence[Widget]:
        """The boxes to tick."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Call *changed* whenever something is typed or ticked."""

    def check(self) -> None:
        """Show the problem of each field beside it."""

    def first_field(self) -> Widget:
        """Return the first text field."""

    def wrong_field(self) -> Widget | None:
        """Return the first text field with a problem; None where there is none."""

    def to_request(self) -> WriteRequest:
        """Return the write as the fields describe it."""


class _Line:
    """One field of a topic or context, with its counter and its problem beside it.

    A character that a field can't show (a control character) is kept unless the field is edited.
    """

    def __init__(self, kind: str, field: fields.Field, current: object, start: object) -> None:
        self.field = field
        self._kind = kind
        self._current, self._start = self._plain(current), self._plain(start)
        self._beside = controls.note(beside=True)
        self.entry = self._make_entry()
        self.box = self._make_box()
        self.entry.observe(lambda _: self.check(), "value")
        self._show(self.problem if self.value else "")

    def _make_entry(self) -> Widget:
        shown = self._entered(self._start)
        return controls.entry(self.field.label, str(shown), rows=_ROWS.get(self.field.name, 1))

    def _make_box(self) -> Widget:
        return controls.row(self.entry, self._beside)

    def _plain(self, value: object) -> object:
        return "" if value is None else value

    @property
    def value(self) -> object:
        """The value of the field."""
        found = self.entry.value
        return next((known for known in (self._current, self._start) if found == self._entered(known)), found)

    def _entered(self, known: object) -> object:
        """Return *known* as the field shows it; the API may have sent a number for a text."""
        return lines(str(known))

    @property
    def changed(self) -> bool:
        """Whether the value differs from the current one."""
        return self.value != self._current

    @property
    def problem(self) -> str:
        """The problem of the value, in one line; empty for a valid value."""
        return (
            fields.problem(self._kind, self.field.name, self.value)
            if self.changed or (self.field.least and self._current == "")
            else ""
        )

    def check(self) -> None:
        """Show the problem beside the field."""
        self._show(self.problem)

    def _show(self, problem: str) -> None:
        count = f"{len(str(self.value)):,}/{self.field.most:,}" if self.field.most else ""
        controls.mark_invalid(self.entry, bool(problem))
        controls.write(self._beside, "  ".join(filter(None, (count, problem))), error=bool(problem), muted=True)
        if not problem and self.value:
            self._beside.value = self._preview() or self._beside.value

    def _preview(self) -> str:
        """Return HTML that shows a valid value; empty where its text says it all."""
        return ""


class _FlagLine(_Line):
    """A box to tick."""

    def _make_entry(self) -> Widget:
        return controls.tick(self.field.label, bool(self._start), aligned=True)

    def _plain(self, value: object) -> object:
        return bool(value)

    def _entered(self, known: object) -> object:
        return known


class _ColorLine(_Line):
    """A colour: ``#RRGGBB``, ``#RGB`` or a name of CSS, with a picker for the mouse."""

    def _make_entry(self) -> Widget:
        shown = str(self._entered(self._start))
        return controls.entry(self.field.label, shown, hint="#RRGGBB or teal", is_short=True)

    def _make_box(self) -> Widget:
        self._picker = controls.color_picker(colors.to_hex(self.entry.value) or "")
        self._picker.observe(lambda _: self._on_pick(), "value")
        return controls.row(self.entry, self._picker, self._beside)

    def _on_pick(self) -> None:
        picked = self._picker.value
        if picked and picked != (colors.to_hex(self.entry.value) or "").lower():
            self.entry.value = picked

    @property
    def value(self) -> object:
        """The colour as ``#RRGGBB``; as it is written where it is none."""
        found = super().value
        return found if found == self._current else colors.to_hex(str(found)) or found

    def _show(self, problem: str) -> None:
        super()._show(problem)
        known = colors.to_hex(str(self.value))
        if known:
            self._picker.value = known.lower()

    def _preview(self) -> str:
        known = colors.to_hex(str(self.value)) or ""
        return tag("span", tag("span", style=f"{_SWATCH}background:{known}"), known) if known else ""


class _IconLine(_Line):
    """The name of a Material icon, with suggestions."""

    def _make_entry(self) -> Widget:
        shown = str(self._entered(self._start))
        return controls.combo(self.field.label, ICONS, shown, hint="star, groups …", is_short=True)

    def _preview(self) -> str:
        name = str(self.value)
        symbol = ICONS.get(name)
        if symbol:
            return tag("span", symbol, style="font-size:1.4em;line-height:1.4", aria_hidden="true")
        return tag("span", "No preview of this name; Hedy takes any name of a Material icon.", style="opacity:.8")


_LINES: Mapping[str, type[_Line]] = {"color": _ColorLine, "icon_name": _IconLine, "is_default": _FlagLine}


class Fields:
    """The fields of a topic or context.

    Args:
        request: the creation or update; its values are what the fields show at first, None is nothing.
        current: the values that the target of an update has now, by our names.
    """

    def __init__(self, request: WriteRequest, current: Mapping[str, object]) -> None:
        kind = request.kind
        given = {name: value for name, value in request.values.items() if value is not None}
        names = [field.name for field in fields.FIELDS[kind]]
        unknown = [name for name in given if name not in names]
        if unknown:
            raise UsageError(f"A {kind} has no {unknown[0]!r}.", advice=f"It has: {', '.join(names)}.")
        self._request = request
        self._lines = [
            _LINES.get(field.name, _Line)(
                kind, field, current.get(field.name), given.get(field.name, current.get(field.name))
            )
            for field in fields.FIELDS[kind]
        ]
        self.box = controls.column(*(line.box for line in self._lines))
        self.boxes = [line.entry for line in self._lines if line.field.flag]

    def watch(self, changed: Callable[[], None]) -> None:
        """Call *changed* whenever something is typed or ticked."""
        for line in self._lines:
            line.entry.observe(lambda _: changed(), "value")

    def check(self) -> None:
        """Show the problem of each field beside it."""
        for line in self._lines:
            line.check()

    def first_field(self) -> Widget:
        """Return the first text field."""
        return self._lines[0].entry

    def wrong_field(self) -> Widget | None:
        """Return the first text field with a problem; None where there is none."""
        return next((line.entry for line in self._lines if line.problem), None)

    def to_request(self) -> WriteRequest:
        """Return the request with the values that were changed, for a creation also the required ones."""
        changed = {line.field.name: line.value for line in self._lines if line.changed}
        required = {line.field.name: line.value for line in self._lines if line.field.least}
        return replace(self._request, values=required | changed if self._request.action == "create" else changed)


class WebhookFields:
    """The fields of a new webhook.

    Args:
        request: the creation; its values ``url`` and ``events`` fill the field and tick the boxes.
    """

    def __init__(self, request: WriteRequest) -> None:
        url, events = str(request.values.get("url") or ""), cast("Iterable[str]", request.values.get("events"))
        ticked = fields.checked_events(events) if events else []
        others = [event for event in ticked if event not in fields.EVENTS]
        self._request = request
        self._url = controls.entry("URL", url, hint="https://api.example.com/hedy")
        self._beside = controls.note(beside=True)
        self._boxes = {
            event: controls.tick(event, event in ticked, width="13em") for event in (*fields.EVENTS, *others)
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
        self.boxes = list(self._boxes.values())
        self._url.observe(lambda _: self._check_url(), "value")
        for box in self.boxes:
            box.observe(lambda _: self._check_events(), "value")
        if url:
            self._check_url()

    @property
    def _events(self) -> list[str]:
        return [event for event, box in self._boxes.items() if box.value]

    def watch(self, changed: Callable[[], None]) -> None:
        """Call *changed* whenever something is typed or ticked."""
        for one in (self._url, *self.boxes):
            one.observe(lambda _: changed(), "value")

    def check(self) -> None:
        """Show the problems of the URL and the events beside them."""
        self._check_url()
        self._check_events()

    def first_field(self) -> Widget:
        """Return the field of the URL."""
        return self._url

    def wrong_field(self) -> Widget | None:
        """Return the field of the URL where that has a problem."""
        return self._url if self._url_problem() else None

    def to_request(self) -> WriteRequest:
        """Return the request with the URL and events of the fields."""
        return replace(self._request, values={"url": self._url.value, "events": self._events})

    def _check_url(self) -> None:
        problem = self._url_problem()
        controls.mark_invalid(self._url, bool(problem))
        controls.write(self._beside, problem, error=True)

    def _url_problem(self) -> str:
        return _refusal(lambda: webhook_url.destination(self._url.value))

    def _check_events(self) -> None:
        controls.write(self._below, _refusal(lambda: fields.checked_events(self._events)), error=True)


def _refusal(check: Callable[[], object]) -> str:
    """Return the message of the error that *check* raises; empty if it raises none."""
    try:
        check()
    except HedyError as error:
        return error.message
    return ""
