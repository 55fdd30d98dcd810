"""``NextStep``: a text field that does what a step's buttons do.

JupyterLab runs its notebook commands for keys that are pressed on a button, a box or a list (``x`` cuts a cell); the
keys of a text field are the field's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Widget
from hedy_jupyter.widgets.key_capture import EnterField, meant, unknown

_HINT = "a button's name + Enter"


@dataclass(frozen=True)
class Step:
    """A step that can be chosen.

    Attributes:
        act: does it, and returns what there is to say about it, or nothing.
        is_ready: whether it can be done now.
    """

    act: Callable[[], str]
    is_ready: Callable[[], bool] = lambda: True


Steps = Mapping[str, Step]
"""What can be chosen, by its name."""


class NextStep:
    """A field in which a step is chosen by its whole name, and done by Enter.

    Args:
        label: of the field.
        steps: called for the steps that are possible now.
    """

    def __init__(self, label: str, steps: Callable[[], Steps]) -> None:
        self._steps = steps
        self.field = controls.combo(label, steps(), hint=_HINT, wide_label=True, is_short=True)
        self._entered = EnterField(self.field, self._act, is_careful=True)
        self._beside = controls.note(beside=True)
        self.box = controls.row(self.field, self._beside)
        self.box.add_class("hedy-step")

    def begin(self) -> None:
        """Begin a step: with nothing chosen, and offering what can be chosen now."""
        self._entered.set("")
        controls.write(self._beside, "")
        self.field.options = tuple(self._steps())

    def update(self) -> None:
        """Offer what can be chosen now, and do what was entered before it was ready."""
        self.field.options = tuple(self._steps())
        if self.field.value:
            self._entered.try_again()

    def _act(self, text: str) -> bool:
        """Do the step with that name, and return whether there is one and it is ready."""
        steps = self._steps()
        name = meant(text, steps, is_whole=True)
        if name is None:
            self._show_steps(text, steps)
        elif not steps[name].is_ready():
            controls.write(self._beside, "Not yet: first fill in and tick what is asked for above.")
        else:
            self._entered.set("")
            controls.write(self._beside, "")
            said = steps[name].act()
            if said:
                controls.write(self._beside, said)
                self.update()
            return True
        return False

    def _show_steps(self, text: str, names: Iterable[str]) -> None:
        possible = f"Possible: {', '.join(names)}."
        if text.strip():
            error = unknown("step", text, names, possible)
            controls.write(self._beside, f"{error.message} {error.advice}", error=True)
        else:
            controls.write(self._beside, f"Nothing is chosen. {possible}")


def button_steps(buttons: Iterable[Widget]) -> Steps:
    """Return the steps that click one of *buttons*."""
    return {button.description: _click(button) for button in buttons}


def box_steps(boxes: Iterable[Widget]) -> Steps:
    """Return the steps that tick or untick one of *boxes*."""
    return {f"{'Untick' if box.value else 'Tick'} {box.description}": _toggle(box) for box in boxes}


def _click(button: Widget) -> Step:
    def act() -> str:
        button.click()
        return ""

    return Step(act, lambda: not button.disabled)


def _toggle(box: Widget) -> Step:
    def act() -> str:
        box.value = not box.value
        return f"{'Ticked' if box.value else 'Unticked'}: {box.description}"

    return Step(act)
