"""Notices: what is no error but should be said at once, such as a wait, in one grey line of a notebook's output."""

from __future__ import annotations

import sys
from typing import Any

from hedy_jupyter.display.html_tags import tag
from hedy_jupyter.text.clean import one_line


def in_notebook() -> bool:
    """Return whether a front end shows the output of this process, where standard error looks like a failure."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and getattr(ipython.get_ipython(), "kernel", None) is not None


def write(text: str) -> None:
    """Show *text* in a separate line."""
    NoticeLine().show(text)


class NoticeLine:
    """One line of which each text replaces the one before; in terminals and logs each is a line of standard error."""

    def __init__(self) -> None:
        self._shown: Any = None

    def show(self, text: str) -> None:
        """Show *text* in place of what the line says."""
        if not in_notebook():
            print(text, file=sys.stderr, flush=True)  # noqa: T201
            return
        from IPython.display import display

        grey = tag("div", one_line(text), style="opacity:.75", class_="mathjax_ignore tex2jax_ignore")
        bundle = {"text/plain": one_line(text), "text/html": grey}
        if self._shown is None:
            self._shown = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._shown.update(bundle, raw=True)

    def clear(self) -> None:
        """Empty the line where it can be."""
        if self._shown is not None:
            self._shown.update({"text/plain": ""}, raw=True)
