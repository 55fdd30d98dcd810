"""Helpers for the tests of forms: find a button or a field by its label, click or fill it, read what is shown."""

from __future__ import annotations

import html
import re
from typing import Any

from hedy_jupyter.widgets import controls

WRITES = ("POST", "PATCH", "DELETE")
STEPS = ("Next step", "Action")


def buttons(form: Any) -> dict[str, Any]:
    """The buttons that are shown, by their text."""
    return {one.description: one for one in controls.descendants(form) if type(one).__name__ == "Button"}


def press(form: Any, text: str) -> None:
    """Click the button with that text."""
    buttons(form)[text].click()


def fields(form: Any) -> dict[str, Any]:
    """The fields and boxes that are shown, by their label, without those that choose a step."""
    kinds = ("Text", "Textarea", "Checkbox", "Combobox")
    found = {one.description: one for one in controls.descendants(form) if type(one).__name__ in kinds}
    return {label: one for label, one in found.items() if label not in STEPS}


def steps(form: Any, label: str = "Next step") -> Any:
    """The field in which a step is chosen."""
    return next(one for one in controls.descendants(form) if getattr(one, "description", "") == label)


def enter(field: Any, text: str | None = None, *, is_late: bool = False) -> None:
    """Type *text*, if any, into a field and press Enter; *is_late*: the browser sends Enter before the text."""
    if text is not None and not is_late:
        field.value = text
    field._handle_custom_msg({"event": "submit"}, [])
    if text is not None and is_late:
        field.value = text


def fill(form: Any, **values: object) -> None:
    """Put values into fields; an underscore in a label is a space."""
    for label, value in values.items():
        fields(form)[label.replace("_", " ")].value = value


def markup(form: Any) -> str:
    """The HTML that is shown, without the style sheets."""
    found = " ".join(one.value for one in controls.descendants(form) if type(one).__name__ == "HTML")
    return re.sub(r"<style>.*?</style>", "", found, flags=re.DOTALL)


def seen(form: Any) -> str:
    """The text that is shown outside of fields and buttons."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup(form))).split())


def sent(hedy: Any) -> list[str]:
    """The writes that went out, as ``POST /topics``."""
    return [f"{row.method} {row.path}" for row in hedy.requests.itertuples() if row.method in WRITES]


def labelled(form: Any) -> dict[str, Any]:
    """The text and number fields of the browser that are shown, by their label."""
    kinds = ("Text", "Combobox", "BoundedIntText")
    return {one.description: one for one in controls.descendants(form) if type(one).__name__ in kinds}


def type_in(form: Any, label: str, text: str | None = None) -> None:
    """Type *text* into the field with that label and press Enter, of which a browser tells before the text."""
    enter(labelled(form)[label], text, is_late=True)
