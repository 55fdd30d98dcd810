"""Controls that keep every key to themselves in JupyterLab.

A button, a list or a checkbox that has the focus passes its keys on to the notebook, where ``x`` cuts a cell. A text or
number field does not. So a choice is a text field that offers its options, and a button is for the mouse alone: the tab
key skips it as it skips links, something typed does the same, and after a click the focus is in a text field again.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import ipywidgets

from hedy_jupyter.errors import UsageError
from hedy_jupyter.text.api_keys import scrub
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.fold import fold
from hedy_jupyter.text.suggestions import did_you_mean
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Widget

_SHOWN = 8  # options that an error names
_SAME_KEY_S = 1.0  # seconds in which a text that follows Enter belongs to it
_FOLLOWS_S = 0.3  # seconds in which that text arrives
_NEVER = -math.inf


class EnterField:
    """A text field that is acted on when Enter is pressed there, and not when it is left.

    A browser reports the key before a text that was typed just now, so after Enter one text may follow. What arrives
    otherwise was typed and left, or picked from the options.

    Args:
        field: the field.
        act: called with its text for Enter; returns whether that was all, or the text that follows is to be waited for.
        arrived: called with a text that arrives without Enter.
        is_careful: whether a text that was there before Enter is acted on only once no other has followed.
    """

    def __init__(
        self,
        field: Widget,
        act: Callable[[str], bool],
        arrived: Callable[[str], None] = lambda _: None,
        *,
        is_careful: bool = False,
    ) -> None:
        field.continuous_update = False  # else what is typed after Enter may arrive with what was typed before it
        self.widget = field
        self._is_careful = is_careful
        self._do = act
        self._arrived = arrived
        self._pressed_at = _NEVER
        self._may_follow = False
        self._waits = False  # for a text that may follow
        field.on_msg(self._on_message)
        field.observe(lambda change: self._on_text(change["new"]), "value")

    def set(self, text: str) -> None:
        """Show *text*, which nobody typed; what is typed next needs another Enter."""
        self._pressed_at = _NEVER
        self.widget.value = text

    def try_again(self) -> None:
        """Act once more if Enter was pressed just now, and has led to nothing yet."""
        if self._is_same_key and not self._waits:
            self._act()

    @property
    def _is_same_key(self) -> bool:
        return time.monotonic() - self._pressed_at < _SAME_KEY_S

    def _on_message(self, _: Widget, content: Mapping[str, object], __: object) -> None:
        if content.get("event") == "submit":
            with controls.FORM_LOCK:
                self._pressed_at, self._may_follow = time.monotonic(), True
                loop = _running_loop() if self._is_careful and self.widget.value else None
                if loop is None:
                    self._act()
                else:
                    self._waits = True
                    loop.call_later(_FOLLOWS_S, self._act_unless_followed, self._pressed_at)

    def _act_unless_followed(self, pressed_at: float) -> None:
        with controls.FORM_LOCK:
            if self._pressed_at == pressed_at and self._may_follow:
                self._act()

    def _on_text(self, text: str) -> None:
        with controls.FORM_LOCK:
            if self._is_same_key and self._may_follow:
                self._may_follow = False
                self._act()
            else:
                self._pressed_at = _NEVER
                self._arrived(text)

    def _act(self) -> None:
        self._waits = False
        pressed_at, self._pressed_at = self._pressed_at, _NEVER  # one key acts once, also if this sets the text
        if not self._do(self.widget.value):
            self._pressed_at = pressed_at


class Choice:
    """A text field that offers options: picking one chooses it, and Enter chooses what was typed.

    The field is empty again afterwards, so that all options are offered, and also when it is left with another text.

    Args:
        label: its label.
        choose: called with the option that was chosen, or with the words that were typed where they are none.
        what: what its options are, in one word.
    """

    def __init__(self, label: str, choose: Callable[[str], object], *, what: str = "") -> None:
        self._what = what or label.lower()
        self._choose = choose
        self.widget = ipywidgets.Combobox(
            description=label,
            _view_count=0,  # makes the browser report when it has drawn the field, for Focus
            style={"description_width": "initial"},
            layout={"width": "auto", "flex": "1 1 14em", "min_width": "0"},
        )
        self._entered = EnterField(self.widget, self._on_enter, self._on_arrival)

    def offer(self, options: Sequence[str], hint: str) -> None:
        """Offer *options*; *hint* is shown while nothing is typed."""
        self.widget.options = tuple(options)
        self.widget.placeholder = hint

    def _on_enter(self, text: str) -> bool:
        if not text.strip():
            return False
        self._entered.set("")
        self._choose(meant(text, self.widget.options, is_whole=False) or text.strip())
        return True

    def _on_arrival(self, text: str) -> None:
        """Choose an option that was picked; remove a text that was left, so that a later Enter does not choose it."""
        if text:
            self._entered.set("")
        if text in self.widget.options:
            self._choose(text)

    def check(self, text: str) -> str:
        """Return *text*, which was chosen.

        Raises:
            UsageError: it is no option.
        """
        options = self.widget.options
        if text not in options:
            some = ", ".join(options[:_SHOWN]) + " …" * (len(options) > _SHOWN)
            raise unknown(self._what, text, options, f"Possible: {some}.")
        return text


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop of the kernel, which calls this; None where there is none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def meant(text: str, options: Iterable[str], *, is_whole: bool) -> str | None:
    """Return the option that *text* is; unless it has to be whole, also the only one that begins with or has it."""
    names = list(options)
    if text in names:
        return text
    typed, folded = fold(one_line(text)), {name: fold(one_line(name)) for name in names}
    for matches in (
        [name for name in names if folded[name] == typed],
        [name for name in names if not is_whole and folded[name].startswith(typed)],
        [name for name in names if not is_whole and typed in folded[name]],
    ):
        if len(matches) == 1:
            return matches[0]
    return None


def unknown(what: str, text: str, options: Iterable[str], otherwise: str) -> UsageError:
    """Return the error for *text*, which is none of *options*: it names those like it, or else says *otherwise*."""
    typed = scrub(one_line(text))
    return UsageError(f"Unknown {what} {typed!r}.", advice=did_you_mean(typed, options) or otherwise)


class Number:
    """A field for a whole number from 1 on, which arrow keys count up and down; ``focus()`` does not reach it.

    Args:
        label: its label.
        changed: called with the number that was typed or counted to.
    """

    def __init__(self, label: str, changed: Callable[[int], object]) -> None:
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


def mouse_button(label: str, press: Callable[[], object], *, look: str = "") -> Widget:
    """Return a button that the tab key skips."""
    made = controls.button(label, lambda _: press(), look=look)
    made.tabbable = False
    return made


def skipped(page: str) -> str:
    """Return *page*, HTML of ``display.render``, with links that the tab key skips."""
    return page.replace("<a ", '<a tabindex="-1" ')  # what people wrote is escaped: each is a tag of ours
