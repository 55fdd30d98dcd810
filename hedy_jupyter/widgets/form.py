"""The form of one write, with its steps draft, review and result and the buttons of each.

Nothing is sent before its button is clicked. Each button works once, and only while it is shown: a second click does
nothing, whether it comes during the first one, from another thread, or later from the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from hedy_jupyter.account import changes
from hedy_jupyter.account.next_command import of_written
from hedy_jupyter.changes.confirmation import CANCELLED
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.display import render
from hedy_jupyter.errors import HedyError, Offline, TargetChanged, UsageError
from hedy_jupyter.text.host_names import host_of
from hedy_jupyter.widgets import controls
from hedy_jupyter.widgets.button_text_field import NextStep, box_steps, button_steps
from hedy_jupyter.widgets.controls import Message, Panel, Widget
from hedy_jupyter.widgets.fields import Draft
from hedy_jupyter.widgets.focus import Focus
from hedy_jupyter.widgets.review import Confirmation, confirmation, review_page

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.api.wire_format import Record

_Step = Literal["draft", "review", "confirm_delete", "secret"]
OnEnd = Callable[[str, bool], None]
"""Called at the end of a form, with its last line and whether something was or may have been written."""


class Form(Panel):
    """A form for one write.

    Args:
        hedy: the account.
        request: what to write.
        draft: the fields, which come first; None for a deletion, which begins with its review.
        listed: for an update, the list that its target was found in.
        on_end: called at the end.

    Attributes:
        written: the id of what was created, changed or deleted; None before.
    """

    _following = ""  # the command to type when it is done

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
        self._confirmation: Confirmation | None = None
        self._card = controls.html("")
        self._secret = controls.entry("Signing secret", wide_label=True)
        self._message = Message()
        self._body = controls.column()
        self._row_above, self._row_below = controls.row(), controls.row()
        self._enabled: tuple[Widget, ...] = ()
        self._next_step = NextStep("Next step", lambda: {**box_steps(self._boxes()), **button_steps(self._enabled)})
        self._style = controls.style()
        self._focus = Focus()
        self._is_in_use = False
        self._old_buttons: list[Widget] = []
        self.written: str | None = None
        self._outcome = ""
        self._unknown_outcome = ""
        if draft is not None:
            draft.watch(self._on_edit)
            for box in draft.boxes:
                box.observe(lambda _: self._update_confirmed(), "value")
        else:
            change = self._prepare()
            self._request = replace(request, target=change.target)
            self._begin_review(change)
        # these stay, so that the browser keeps what it has drawn of the next step, which can take the focus at once
        self.children = (
            self._body,
            self._message.widget,
            controls.row(self._row_above, self._next_step.box, self._row_below),
            self._style,
        )
        self._render()

    def review(self) -> None:
        """Show the review, like the button Review."""
        with controls.FORM_LOCK:
            self._run(self._review)

    # -- buttons ------------------------------------------------------------------------------------------------------

    def _buttons(self) -> tuple[Widget, ...]:
        """Return new buttons for the current step, so that a click on an old one does nothing."""
        cancel = self._button("Cancel", self._cancel)
        if self._step == "draft":
            return self._button("Review", self._review, "primary", is_counting=True), cancel
        if self._step == "secret":
            return (self._button("I have copied it", self._copied, "primary"),)
        if self._step == "confirm_delete":
            return self._button("Yes, delete", self._confirm, "danger"), cancel
        change = self._reviewed
        if change.action == "delete":
            return self._button(change.sentence, self._ask_again, "danger"), cancel
        if change.changes_nothing:
            return self._button("Back", self._back), cancel
        text = "Create webhook" if change.kind == "webhook" else change.sentence
        return self._button(text, self._confirm, "primary"), self._button("Back", self._back), cancel

    def _button(self, text: str, act: Callable[[], None], look: str = "", *, is_counting: bool = False) -> Widget:
        return controls.button(text, lambda pressed: self._on_click(pressed, act), look=look, is_counting=is_counting)

    def _on_click(self, button: Widget, act: Callable[[], None]) -> None:
        with controls.FORM_LOCK:
            if any(button is one for one in self._enabled) and not button.disabled:
                self._is_in_use = True
                self._run(act)

    def _run(self, act: Callable[[], None]) -> None:
        """Run *act* with all buttons disabled, then show the step that it led to."""
        self._old_buttons += self._enabled
        self._enabled = ()
        # not the fields: a browser loses what was typed fast into a field that gets disabled
        for button in self._old_buttons:
            button.disabled = True
        controls.attempt(self._hedy, self._message, act)
        if self._last_line is None:
            self._render()

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def _reviewed(self) -> Write:
        if self._change is None:
            raise UsageError("There is nothing to review yet.")
        return self._change

    def _render(self) -> None:
        self._enabled = self._buttons()
        # where there is no field the focus is on the next step, and Tab leads on to the buttons
        has_field = self._field() is not None
        self._row_above.children = self._enabled if has_field else ()
        self._row_below.children = () if has_field else self._enabled
        self._body.children = self._parts()
        self._next_step.begin()
        self._update_send_button()
        if self._is_in_use:
            self._move_focus()

    def take_focus(self) -> None:
        """Put the keyboard's focus on the first field.

        A form that a cell shows leaves the focus where it is, so that a user can go on running cells.
        """
        self._is_in_use = True
        self._move_focus()

    def _move_focus(self) -> None:
        field = None if self._has_failed() else self._field()
        self._focus.move_to(self._wrong_field() if field is None else field)

    def _has_failed(self) -> bool:
        return bool(self._message.widget.value)

    def _wrong_field(self) -> Widget:
        """Return the field to correct after an error; where it is not known, the one of the next step."""
        wrong = self._draft.wrong_field() if self._step == "draft" and self._draft else None
        return self._next_step.field if wrong is None else wrong

    def _field(self) -> Widget | None:
        """Return the first text field of the step; None where it has none."""
        if self._step == "draft":
            return self._draft.first_field() if self._draft else None
        if self._step == "secret":
            return self._secret
        shown = self._shown_confirmation()
        return shown.field if shown else None

    def _boxes(self) -> Sequence[Widget]:
        """Return the boxes of the step that can be ticked."""
        if self._step == "draft":
            return self._draft.boxes if self._draft else ()
        shown = self._shown_confirmation()
        return shown.boxes if shown else ()

    def _shown_confirmation(self) -> Confirmation | None:
        """Return what confirms the change, in the step that shows it."""
        is_shown = self._step == "confirm_delete" or (self._step == "review" and self._reviewed.action == "create")
        return self._confirmation if is_shown else None

    def _parts(self) -> list[Widget]:
        if self._step == "draft":
            return [self._draft.box] if self._draft else []
        if self._step == "secret":
            return [
                controls.note(self._outcome),
                controls.note("Hedy shows this secret once; it is not stored here."),
                self._secret,
            ]
        shown = self._shown_confirmation()
        box = shown.box if shown else None
        return [self._card, *([box] if box is not None else [])]

    def _update_send_button(self) -> None:
        """Enable the button that sends only while everything is ticked and typed."""
        enabled = self._enabled
        if (
            enabled
            and self._confirmation
            and (self._step == "confirm_delete" or (self._step == "review" and self._reviewed.action != "delete"))
        ):
            enabled[0].disabled = not self._confirmation.ready()

    def _update_confirmed(self) -> None:
        with controls.FORM_LOCK:
            self._update_send_button()
            self._next_step.update()

    # -- steps --------------------------------------------------------------------------------------------------------

    def _review(self) -> None:
        if self._draft is not None:
            self._draft.check()
        self._begin_review(self._prepare())

    def _prepare(self) -> Write:
        request = self._request if self._draft is None else self._draft.to_request()
        return changes.prepare(self._hedy.connection, request, listed=self._listed)

    def _on_edit(self) -> None:
        """Make the review again if it was typed before: a browser may send the click on Review before the text.

        Otherwise the error of the last review is obsolete.
        """
        with controls.FORM_LOCK:
            if self._enabled and (self._step == "review" or self._is_error_unseen()):
                self._run(self._review)
            elif self._step == "draft":
                self._message.clear()

    def _is_error_unseen(self) -> bool:
        """Return whether a review has failed, and the browser has not drawn the new button Review yet.

        A browser that waits for the kernel sends what was typed before the click before it draws what the click did.
        """
        if self._step != "draft" or self._draft is None or not self._has_failed():
            return False
        has_reported = bool(self._draft.first_field()._view_count)
        return has_reported and not self._enabled[0]._view_count

    def _begin_review(self, change: Write) -> None:
        self._wipe_review()
        self._change = change
        self._card = controls.html(render.html(review_page(change)))
        self._confirmation = confirmation(change, self._update_confirmed)
        self._step = "review"

    def _back(self) -> None:
        self._wipe_review()
        self._step = "draft"

    def _ask_again(self) -> None:
        self._step = "confirm_delete"

    def _confirm(self) -> None:
        change, confirmed_by = self._reviewed, self._confirmation
        if confirmed_by is None or not confirmed_by.ready():
            return
        self._unknown_outcome = f"{change.sentence}: {controls.STOPPED}"
        try:
            result = change.confirm(confirmed_by.words())
        except TargetChanged:
            self._unknown_outcome = ""
            self._begin_review(self._prepare())
            raise
        except HedyError as error:
            # any other error means that the API refused it
            self._unknown_outcome = error.message if isinstance(error, Offline) else ""
            raise
        self.written = getattr(result, f"{change.kind}_id", None)
        self._following = of_written(change.kind, None if change.action == "delete" else self.written)
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
        following = f" Next: {self._following}" * bool(
            self._following and self._on_end is None
        )  # else no cell shows it
        self.end(line + following, self._without_name(line))
        if self._on_end is not None:
            self._on_end(line, wrote)

    def end(self, line: str, kept: str | None = None) -> None:
        """Replace the form by *line* as output, and clear and close all its widgets, also those not shown now.

        The widget, which stays in the kernel, shows *kept*, or else *line* without the name and host that were typed.
        """
        self._enabled = ()
        self._wipe_review()
        super().end(line, self._without_name(line) if kept is None else kept)
        hidden = [
            self._message.widget,
            self._row_above,
            self._row_below,
            self._body,
            self._secret,
            self._style,
            self._next_step.box,
            *self._old_buttons,
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
        """Remove the page of the review, and what was ticked and typed below it."""
        self._body.children = ()
        controls.wipe(self._card)
        if self._confirmation is not None and self._confirmation.box is not None:
            controls.wipe(self._confirmation.box)
        self._confirmation = None
