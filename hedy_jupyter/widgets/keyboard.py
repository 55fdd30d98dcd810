"""Controls that keep every key to themselves in JupyterLab.

A button, a list or a checkbox that has the focus passes its keys on to the notebook, where ``x`` cuts a cell. A text or
number field does not. So a choice is a text field that offers its options, and a button is for the mouse alone: the tab
key skips it as it skips links, something typed does the same, and after a click the focus is in a text field again.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence

import ipywidgets

from hedy_jupyter.errors import UsageError
from hedy_jupyter.text.fold import fold
from hedy_jupyter.text.phrasing import did_you_mean
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Widget

_SHOWN = 8  # options that an error names
_SAME_KEY_S = 1.0  # seconds in which a text that follows Enter belongs to it


class Choice:
    """A text field that offers options: picking one chooses it, and Enter chooses what was typed.

    The field is empty again afterwards, so that all options are offered; its hint is what was chosen.

    Args:
        label: its label.
        choose: called with the option that was chosen, or with the words that were typed where they are none.
        only: whether words that are no option are an error.
    """

    def __init__(self, label: str, choose: Callable[[str], None], *, only: bool = True) -> None:
        self._label = label
        self._choose = choose
        self._only = only
        self.widget = ipywidgets.Combobox(
            description=label,
            continuous_update=False,
            _view_count=0,  # makes the browser report when it has drawn the field, for Focus
            style={"description_width": "initial"},
            layout={"width": "auto", "flex": "1 1 14em", "min_width": "0"},
        )
        self.widget.observe(lambda change: self._on_value(change["new"]), "value")
        on_enter(self.widget, self._on_enter)

    def offer(self, options: Sequence[str], chosen: str = "") -> None:
        """Offer *options*, of which *chosen* is the hint."""
        self.widget.options = tuple(options)
        self.widget.placeholder = chosen

    def _on_value(self, text: str) -> None:
        if text in self.widget.options:
            self._take(text)

    def _on_enter(self, text: str) -> None:
        if text.strip() and text not in self.widget.options:
            self._take(_meant(text, self.widget.options) or text.strip())

    def _take(self, text: str) -> None:
        self.widget.value = ""
        self._choose(text)

    def check(self, text: str) -> str:
        """Return *text*, which was chosen.

        Raises:
            UsageError: it is no option, and nothing else may be typed.
        """
        options = self.widget.options
        if self._only and text not in options:
            some = ", ".join(options[:_SHOWN]) + " …" * (len(options) > _SHOWN)
            raise UsageError(f"{self._label}: {text!r} is not offered.", advice=did_you_mean(text, options) or some)
        return text


def _meant(text: str, options: Sequence[str]) -> str | None:
    """Return the option that *text* is, or that alone begins with it or contains it."""
    typed, folded = fold(text), {option: fold(option) for option in options}
    for matches in (
        [option for option in options if folded[option] == typed],
        [option for option in options if folded[option].startswith(typed)],
        [option for option in options if typed in folded[option]],
    ):
        if len(matches) == 1:
            return matches[0]
    return None


def on_enter(field: Widget, act: Callable[[str], None]) -> None:
    """Call *act* with the text of *field* when Enter is pressed there.

    A browser reports the key first and a new text after it, so *act* may be called with the old text, then with the
    new one. Leaving the field does not call it.
    """
    field.continuous_update = False
    pressed_at = -math.inf

    def on_message(_field: Widget, content: Mapping[str, object], _buffers: object) -> None:
        nonlocal pressed_at
        if content.get("event") == "submit":
            pressed_at = time.monotonic()
            act(field.value)

    def on_value(change: Mapping[str, str]) -> None:
        if time.monotonic() - pressed_at < _SAME_KEY_S:
            act(change["new"])

    field.on_msg(on_message)
    field.observe(on_value, "value")


class Number:
    """A field for a whole number from 1 on, which arrow keys count up and down; ``focus()`` does not reach it.

    Args:
        label: its label.
        changed: called with the number that was typed or counted to.
    """

    def __init__(self, label: str, changed: Callable[[int], None]) -> None:
        self._changed = changed
        self._is_typed = True
        self.widget = ipywidgets.BoundedIntText(
            value=1,
            min=1,
            max=1,
            description=label,
            style={"description_width": "initial"},
            layout={"width": "8em", "flex": "0 0 auto"},
        )
        self.widget.observe(lambda change: self._on_value(change["new"]), "value")

    def show(self, value: int, last: int) -> None:
        """Show *value*, of 1 to *last*."""
        self._is_typed = False
        try:
            with self.widget.hold_sync():
                self.widget.value = 1
                self.widget.max = max(last, 1)
                self.widget.value = value
        finally:
            self._is_typed = True

    def _on_value(self, value: int) -> None:
        if self._is_typed:
            self._changed(value)


def mouse_button(label: str, press: Callable[[], None], *, look: str = "") -> Widget:
    """Return a button that the tab key skips."""
    made = controls.button(label, lambda _: press(), look=look)
    made.tabbable = False
    return made


def skipped(page: str) -> str:
    """Return *page*, HTML of ``display.render``, with links that the tab key skips."""
    return page.replace("<a ", '<a tabindex="-1" ')  # what people wrote is escaped: each is a tag of ours
