"""``Focus``: the keyboard's focus in a form."""

from __future__ import annotations

from hedy_jupyter.widgets.controls import Widget


class Focus:
    """Moves the keyboard's focus to a text control, also to one that the browser has not drawn yet.

    A message to a widget without a view is lost. A control counts its views (``_view_count``), so the browser reports
    when it has drawn it.
    """

    def __init__(self) -> None:
        self._target: Widget | None = None

    def move_to(self, control: Widget) -> None:
        """Focus *control*, at once if it is shown, and once when it is shown next."""
        self._target = control
        control.observe(self._on_view, "_view_count")
        control.focus()

    def _on_view(self, change: dict[str, Widget]) -> None:
        target = self._target
        if target is not None and change["owner"] is target and (change["new"] or 0) > (change["old"] or 0):
            self._target = None
            target.focus()
