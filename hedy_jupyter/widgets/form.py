"""The forms for topics, contexts and webhooks: draft, review, result over one ``Change``.

Nothing is sent before its button.

Python decides about every step: a button works once and only while it is shown live, so that a second click finds
nothing to do, whether it comes while the first one is at work, in another thread even, or waits for it in the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from hedy_jupyter.account import changes
from hedy_jupyter.changes.confirmation import CANCELLED
from hedy_jupyter.changes.request import WriteRequest
from hedy_jupyter.display import render
from hedy_jupyter.errors import HedyError, Offline, TargetChanged, UsageError
from hedy_jupyter.frames import api_text
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.controls import Message, Panel, Widget
from hedy_jupyter.widgets.fields import Draft
from hedy_jupyter.widgets.review import Confirmation, consent, review_page

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.api.protocol import Record

_Step = Literal["draft", "review", "confirm_delete", "secret"]
OnEnd = Callable[[str, bool], None]
"""Called at the end of a form, with its last line and whether something was or may have been written."""


class Form(Panel):
    """One write in the making.

    Args:
        hedy: the account.
        request: what to write.
        draft: the fields, which come first; None for a deletion, which begins with its review.
        listed: for an update, the list that its target was found in.
        on_end: called at the end.
    """

    def __init__(
        self,
        hedy: Hedy,
        request: WriteRequest,
        draft: Draft | None = None,
        *,
        listed: list[Record] | None = None,
        on_end: OnEnd | None = None,
    ) -> None:
        super().__init__("form")
        self._hedy = hedy
        self._request = request
        self._draft = draft
        self._listed = listed
        self._on_end = on_end
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
        self._unknown_outcome = ""
        if draft is not None:
            draft.watch(self._update_review)
        else:
            change = self._prepare()
            self._request = replace(request, target=change.target)
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
        if self._step == "confirm_delete":
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
        self._update_send_button()

    def _body(self) -> list[Widget]:
        if self._step == "draft":
            return [self._draft.box] if self._draft else []
        if self._step == "secret":
            return [
                controls.note(self._outcome),
                controls.note("Hedy shows this secret once; it is not kept here."),
                self._secret,
            ]
        asks = self._step == "confirm_delete" or self._shown.action == "create"
        box = self._consent.box if self._consent and asks else None
        return [self._card, *([box] if box is not None else [])]

    def _update_send_button(self) -> None:
        """Let the button that sends live only while all that it wants is given."""
        if (
            self._live
            and self._consent
            and (self._step == "confirm_delete" or (self._step == "review" and self._shown.action != "delete"))
        ):
            self._live[0].disabled = not self._consent.ready()

    # -- steps --------------------------------------------------------------------------------------------------------

    def _review(self) -> None:
        if self._draft is not None:
            self._draft.check()
        self._begin_review(self._prepare())

    def _prepare(self) -> Write:
        request = self._request if self._draft is None else self._draft.request()
        return changes.prepare(self._hedy.connection, request, listed=self._listed)

    def _update_review(self) -> None:
        """Make the review again: a browser sends what was typed fast after the click that followed it."""
        with controls.FORM_LOCK:
            if self._step == "review" and self._live:
                self._do(self._review)

    def _begin_review(self, change: Write) -> None:
        self._wipe_review()
        self._change = change
        self._card = controls.html(render.html(review_page(change)))
        self._consent = consent(change, self._update_send_button)
        self._step = "review"

    def _back(self) -> None:
        self._wipe_review()
        self._step = "draft"

    def _ask_again(self) -> None:
        self._step = "confirm_delete"

    def _confirm(self) -> None:
        change, asked = self._shown, self._consent
        if asked is None or not asked.ready():
            return
        self._unknown_outcome = f"{change.sentence}: {controls.STOPPED}"
        try:
            result = change.confirm(asked.words())
        except TargetChanged:
            self._unknown_outcome = ""
            self._begin_review(self._prepare())
            raise
        except HedyError as error:
            self._unknown_outcome = (
                error.message if isinstance(error, Offline) else ""
            )  # whatever else it is, it was refused
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
        self._finish(self._unknown_outcome or CANCELLED, wrote=bool(self._unknown_outcome))

    def _finish(self, line: str, *, wrote: bool) -> None:
        self.end(line)
        if self._on_end is not None:
            self._on_end(line, wrote)

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
        host = api_text.host(self._change.name) or ""
        return line.replace(f' "{self._change.name}"', "").replace(f" to {host} ", " ")

    def _wipe_review(self) -> None:
        """Take away the card and what was ticked and typed under it."""
        self.children = ()
        controls.wipe(self._card)
        if self._consent is not None and self._consent.box is not None:
            controls.wipe(self._consent.box)
        self._consent = None
