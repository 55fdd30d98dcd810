"""The forms of ``--as``: a card, or its HTML, Markdown or text to copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from hedy_jupyter.errors import UsageError
from hedy_jupyter.magics.command import Call
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from hedy_jupyter.display.display_mixin import Shown

_FORMS: Mapping[str, Callable[[Shown], object]] = MappingProxyType(
    {
        "card": lambda card: card,
        "html": lambda card: card.to_html(),
        "markdown": lambda card: card.to_markdown(),
        "text": lambda card: card.to_text(),
    }
)
_SHORT: Mapping[str, str] = MappingProxyType({"md": "markdown", "txt": "text", "plain": "text", "htm": "html"})


def in_form(card: Shown, call: Call) -> object:
    """Return *card* in the form that ``--as`` asks for.

    Raises:
        UsageError: there is no such form.
    """
    form = (call.get("--as") or "card").casefold()
    if form not in _FORMS:
        raise UsageError(
            f"--as must be one of: {', '.join(_FORMS)}, not {form!r}.",
            advice=did_you_mean(_SHORT.get(form, form), _FORMS) or f"Usage: {call.command.usage}",
        )
    return _FORMS[form](card)
