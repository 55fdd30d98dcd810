"""``NextStep``: a text field that does what a step's buttons do.

JupyterLab runs its notebook commands for keys that are pressed on a button, a box or a list (``x`` cuts a cell); the
keys of a text field are the field's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import did_you_mean
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Widget

_NEVER = float("-inf")
_TOGETHER_S = 1.0  # Enter and the text that was typed before it are handled within this time


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen.

    Attributes:
        act: does it, and returns what there is to say about it, or nothing.
        is_ready: whether it can be done now.
    """

    act: Callable[[], str]
    is_ready: Callable[[], bool] = lambda: True


Choices = Mapping[str, Choice]
"""What can be chosen, by its name."""


class NextStep:
    """A field in which a step is chosen by its name, and done by Enter.

    Args:
        label: of the field.
        choices: called for what can be chosen now.
    """

    def __init__(self, label: str, choices: Callable[[], Choices]) -> None:
        self._choices = choices
        self._entered_at = _NEVER
        self.field = controls.combo(label, choices(), hint="type or choose, then Enter", continuous=False)
        self._beside = controls.note(beside=True)
        self.box = controls.row(self.field, self._beside)
        self.field.on_msg(self._on_message)
        self.field.observe(lambda _: self._on_text(), "value")

    def begin(self) -> None:
        """Begin a step: with nothing chosen, and offering what can be chosen now."""
        self._entered_at = _NEVER
        self.field.value = ""
        controls.write(self._beside, "")
        self.field.options = tuple(self._choices())

    def update(self) -> None:
        """Offer what can be chosen now, and do what was entered before it was ready."""
        self.field.options = tuple(self._choices())
        self._on_text()

    def _on_message(self, _: Widget, content: Mapping[str, object], __: object) -> None:
        """Act on Enter; the browser reports it before a text that was typed just now, here or in another field."""
        if content.get("event") == "submit":
            self._entered_at = monotonic()
            self._act()

    def _on_text(self) -> None:
        if self.field.value and monotonic() - self._entered_at < _TOGETHER_S:
            if self._find() is None:
                self._entered_at = _NEVER  # what is typed next needs another Enter
            self._act()

    def _find(self) -> Choice | None:
        typed = one_line(self.field.value).casefold()
        return next((found for name, found in self._choices().items() if one_line(name).casefold() == typed), None)

    def _act(self) -> None:
        choice = self._find()
        if choice is None:
            self._show_choices()
        elif not choice.is_ready():
            controls.write(self._beside, "Not yet: first fill in and tick what is asked for above.")
        else:
            self._entered_at = _NEVER
            self.field.value = ""
            controls.write(self._beside, "")
            said = choice.act()
            if said:
                controls.write(self._beside, said)
                self.update()

    def _show_choices(self) -> None:
        typed, names = one_line(self.field.value), list(self._choices())
        unknown = f"There is no step {typed!r}. {did_you_mean(typed, names)}".strip() if typed else "Nothing is chosen."
        controls.write(self._beside, f"{unknown} Possible: {', '.join(names)}.", error=bool(typed))


def button_choices(buttons: Iterable[Widget]) -> Choices:
    """Return the choices that click one of *buttons*."""
    return {button.description: _click(button) for button in buttons}


def box_choices(boxes: Iterable[Widget]) -> Choices:
    """Return the choices that tick or untick one of *boxes*."""
    return {f"{'Untick' if box.value else 'Tick'} {box.description}": _toggle(box) for box in boxes}


def _click(button: Widget) -> Choice:
    def act() -> str:
        button.click()
        return ""

    return Choice(act, lambda: not button.disabled)


def _toggle(box: Widget) -> Choice:
    def act() -> str:
        box.value = not box.value
        return f"{'Ticked' if box.value else 'Unticked'}: {box.description}"

    return Choice(act)
