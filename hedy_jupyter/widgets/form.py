"""The forms for topics, contexts and webhooks: draft, review, result over one ``Change``.

Nothing is sent before its button.

Python decides about every step: a button works once and only while it is shown live, so that a second click finds
nothing to do, whether it comes while the first one is at work, in another thread even, or waits for it in the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from hedy_jupyter.changes.confirmation import CANCELLED
from hedy_jupyter.display import render
from hedy_jupyter.errors import HedyError, Offline, TargetChanged, UsageError
from hedy_jupyter.text.host_names import host_of
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Message, Panel, Widget
from hedy_jupyter.widgets.fields import Draft
from hedy_jupyter.widgets.review import Confirmation, consent, review_page

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy

_Step = Literal["draft", "review", "sure", "secret"]
Ended = Callable[[str, bool], None]
"""Hears of the end of a form: its line, and whether it came to a write."""


class Form(Panel):
    """One write in the making.

    Args:
        hedy: the account.
        make: makes the write again, with its target read again.
        draft: the fields; None for a deletion.
        change: the write to begin the review with; without it the form begins with its draft.
        ended: hears of the end.
    """

    def __init__(
        self,
        hedy: Hedy,
        make: Callable[[], Write],
        draft: Draft | None = None,
        *,
        change: Write | None = None,
        ended: Ended | None = None,
    ) -> None:
        super().__init__("form")
        self._hedy = hedy
        self._make = make
        self._draft = draft
        self._told = ended
        self._step: _Step = "draft"
        self._change: Write | None = None
        self._consent: Confirmation | None = None
        self._card = controls.html("")
        self._secret = controls.entry("Signing secret", wide_label=True)
        self._message = Message()
        self._row = controls.row()
        self._live: tuple[Widget, ...] = ()
        self._used: list[Widget] = []
        self._outcome = ""
        self._doubt = ""
        if draft is not None:
            draft.watch(self._typed_late)
        if change is not None:
            self._begin_review(change)
        self._render()

    def review(self) -> None:
        """Go on to the review, as the button Review does."""
        with controls.FORM_LOCK:
            self._do(self._review)

    # -- buttons ------------------------------------------------------------------------------------------------------

    def _buttons(self) -> tuple[Widget, ...]:
        """New buttons for the step that is shown: an old one that is clicked once more does nothing."""
        cancel = self._button("Cancel", self._cancel)
        if self._step == "draft":
            return self._button("Review", self._review, "primary"), cancel
        if self._step == "secret":
            return (self._button("I have copied it", self._copied, "primary"),)
        if self._step == "sure":
            return self._button("Yes, delete", self._confirm, "danger"), cancel
        change = self._shown
        if change.action == "delete":
            return self._button(change.sentence, self._ask_again, "danger"), cancel
        if change.changes_nothing:
            return self._button("Back", self._back), cancel
        text = "Create webhook" if change.kind == "webhook" else change.sentence
        return self._button(text, self._confirm, "primary"), self._button("Back", self._back), cancel

    def _button(self, text: str, act: Callable[[], None], look: str = "") -> Widget:
        return controls.button(text, lambda pressed: self._pressed(pressed, act), look=look)

    def _pressed(self, button: Widget, act: Callable[[], None]) -> None:
        with controls.FORM_LOCK:
            if any(button is live for live in self._live) and not button.disabled:
                self._do(act)

    def _do(self, act: Callable[[], None]) -> None:
        """Run *act* with all buttons dead, then show where it has led to."""
        self._used += self._live
        self._live = ()
        for button in self._row.children:  # not the fields: a browser loses what was typed fast into one that goes dead
            button.disabled = True
        controls.attempt(self._hedy, self._message, act)
        if self._last_line is None:
            self._render()

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def _shown(self) -> Write:
        if self._change is None:
            raise UsageError("There is nothing to review yet.")
        return self._change

    def _render(self) -> None:
        self._live = self._buttons()
        self._row.children = self._live
        self.children = (*self._body(), self._message.widget, self._row)
        self._heed()

    def _body(self) -> list[Widget]:
        if self._step == "draft":
            return [self._draft.box] if self._draft else []
        if self._step == "secret":
            return [
                controls.note(self._outcome),
                controls.note("Hedy shows this secret once; it is not kept here."),
                self._secret,
            ]
        asks = self._step == "sure" or self._shown.action == "create"
        box = self._consent.box if self._consent and asks else None
        return [self._card, *([box] if box is not None else [])]

    def _heed(self) -> None:
        """Let the button that sends live only while all that it wants is given."""
        if (
            self._live
            and self._consent
            and (self._step == "sure" or (self._step == "review" and self._shown.action != "delete"))
        ):
            self._live[0].disabled = not self._consent.ready()

    # -- steps --------------------------------------------------------------------------------------------------------

    def _review(self) -> None:
        if self._draft is not None:
            self._draft.check()
        self._begin_review(self._make())

    def _typed_late(self) -> None:
        """Make the review again: a browser sends what was typed fast after the click that followed it."""
        with controls.FORM_LOCK:
            if self._step == "review" and self._live:
                self._do(self._review)

    def _begin_review(self, change: Write) -> None:
        self._wipe_review()
        self._change = change
        self._card = controls.html(render.html(review_page(change)))
        self._consent = consent(change, self._heed)
        self._step = "review"

    def _back(self) -> None:
        self._wipe_review()
        self._step = "draft"

    def _ask_again(self) -> None:
        self._step = "sure"

    def _confirm(self) -> None:
        change, asked = self._shown, self._consent
        if asked is None or not asked.ready():
            return
        self._doubt = f"{change.sentence}: {controls.STOPPED}"
        try:
            result = change.confirm(asked.words())
        except TargetChanged:
            self._doubt = ""
            self._begin_review(self._make())
            raise
        except HedyError as error:
            self._doubt = error.message if isinstance(error, Offline) else ""  # whatever else it is, it was refused
            raise
        self._outcome = " ".join(filter(None, (change.outcome(result), change.note)))
        secret = change.take_secret()
        if secret is None:
            self._finish(self._outcome, wrote=True)
        else:
            self._secret.value = secret
            self._step = "secret"

    def _copied(self) -> None:
        self._finish(self._outcome, wrote=True)

    def _cancel(self) -> None:
        self._finish(self._doubt or CANCELLED, wrote=bool(self._doubt))

    def _finish(self, line: str, *, wrote: bool) -> None:
        self.end(line)
        if self._told is not None:
            self._told(line, wrote)

    def end(self, line: str, kept: str | None = None) -> None:
        """Leave *line* as output and *kept* in the widget.

        Clear and close all else, what is not shown at the moment too.

        Without *kept* it is *line* without the name and host that were typed: the widget stays in the kernel.
        """
        self._live = ()
        self._wipe_review()
        super().end(line, self._without_name(line) if kept is None else kept)
        hidden = [
            self._message.widget,
            self._row,
            self._secret,
            *self._used,
            *([self._draft.box] if self._draft else []),
        ]
        for one in hidden:
            controls.wipe(one)

    def _without_name(self, line: str) -> str:
        if self._change is None:
            return line
        host = host_of(self._change.name) or ""
        return line.replace(f' "{self._change.name}"', "").replace(f" to {host} ", " ")

    def _wipe_review(self) -> None:
        """Take away the card and what was ticked and typed under it."""
        self.children = ()
        controls.wipe(self._card)
        if self._consent is not None and self._consent.box is not None:
            controls.wipe(self._consent.box)
        self._consent = None
