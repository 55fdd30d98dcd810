"""The controls of forms: fields, buttons, messages, and a panel that leaves one line of output in the notebook.

Every text is escaped here, or shown by a widget that does not read it as HTML. ``ipywidgets.HTML`` escapes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import RLock
from typing import TYPE_CHECKING, Any

import ipywidgets
from IPython.core.getipython import get_ipython
from IPython.display import display as _untyped_display
from traitlets import Unicode

from hedy_jupyter.api.client_events import ClientEvent, Notice
from hedy_jupyter.display.html_tags import Safe, tag
from hedy_jupyter.errors import HedyError
from hedy_jupyter.text.api_keys import scrub
from hedy_jupyter.text.clean import lines, one_line
from hedy_jupyter.widgets.front_end import has_buttons
from hedy_jupyter.widgets.style import STYLE

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy

Widget = Any
"""A widget of ipywidgets, which has no types."""

FORM_LOCK = RLock()
"""Held by each step of a form: front ends may run callbacks of widgets in parallel threads (subshells)."""
STOPPED = "Stopped. If it was just being sent, the outcome is unknown: check before you create it again."
_display: Any = _untyped_display
_ERROR = "color:var(--jp-error-color1,#c62828)"
_MUTED = "opacity:.75"
_WIDE, _SHORT = (f"min({width}em, calc(100% - 4px))" for width in (36, 22))  # a widget has a margin of 2 px


def note(text: str = "", *, error: bool = False, muted: bool = False, beside: bool = False) -> Widget:
    """Return a line of plain text; *beside* a field it fills the rest of the row."""
    made = ipywidgets.HTML(layout={"flex": "1 1 9em", "min_width": "0"} if beside else {})
    if beside:
        made.add_class("hedy-beside")
    write(made, text, error=error, muted=muted)
    return made


def write(made: Widget, text: str, *, error: bool = False, muted: bool = False) -> None:
    """Put *text* into a line that ``note`` returned."""
    style = _ERROR if error else _MUTED if muted else ""
    shape = "line-height:1.4;padding:.3em 0;overflow-wrap:anywhere;white-space:pre-wrap;" + style
    role = {"role": "alert"} if error else {}
    made.value = (
        tag("div", lines(text), class_="mathjax_ignore tex2jax_ignore", dir="auto", style=shape, **role) if text else ""
    )


def mark_invalid(field: Widget, is_invalid: bool) -> None:
    """Draw *field* as invalid or not; ipywidgets has no way to set ``aria-invalid``, the note beside it is an alert."""
    (field.add_class if is_invalid else field.remove_class)("hedy-invalid")


def style(sheet: str = STYLE) -> Widget:
    """Return a style sheet, that of forms, as a widget without extent."""
    return ipywidgets.HTML(tag("style", Safe(sheet)), layout={"display": "none"})


def html(safe: str) -> Widget:
    """Return a widget for HTML of ``display.render``, where text from the API is escaped already."""
    return ipywidgets.HTML(safe)


def entry(
    label: str,
    value: str = "",
    *,
    rows: int = 1,
    hint: str = "",
    wide_label: bool = False,
    is_short: bool = False,
) -> Widget:
    """Return a labelled text field of one line or more; Enter sends nothing."""
    common = _text_traits(label, value, hint, "initial" if wide_label else "7em", _SHORT if is_short else _WIDE)
    return ipywidgets.Textarea(**common, rows=rows) if rows > 1 else ipywidgets.Text(**common)


def combo(
    label: str,
    options: Iterable[str],
    value: str = "",
    *,
    hint: str = "",
    wide_label: bool = False,
    is_short: bool = False,
) -> Widget:
    """Return a labelled text field with suggestions.

    In JupyterLab a list (``Select``) or radio buttons would pass their keys to the notebook.
    """
    common = _text_traits(label, value, hint, "initial" if wide_label else "7em", _SHORT if is_short else _WIDE)
    return ipywidgets.Combobox(**common, options=tuple(options))


def _text_traits(label: str, value: str, hint: str, label_width: str, width: str) -> dict[str, Any]:
    return {
        "description": label,
        "value": value,
        "placeholder": hint,
        "continuous_update": True,
        "style": {"description_width": label_width},
        "layout": {"width": width, "flex": "0 1 auto"},
        "_view_count": 0,  # makes the browser report when it has drawn the field
    }


class ColorPicker(ipywidgets.ColorPicker):  # type: ignore[misc]  # ipywidgets has no types
    """The browser's colour picker, which may also hold no colour yet."""

    value = Unicode().tag(sync=True)


def color_picker(value: str) -> Widget:
    """Return a colour picker for the mouse; it can get no name, so it is hidden from Tab and from screen readers."""
    made = ColorPicker(concise=True, value=value, layout={"width": "2.4em", "min_width": "2.4em", "flex": "0 0 auto"})
    made.add_class("hedy-picker")
    return made


def tick(label: str, value: bool = False, *, aligned: bool = False, width: str = "auto") -> Widget:
    """Return a labelled checkbox; *aligned* with the fields above it."""
    style = {"description_width": "7em" if aligned else "0"}
    return ipywidgets.Checkbox(
        description=label, value=value, indent=aligned, style=style, layout={"width": width, "max_width": "100%"}
    )


def tabs(titles: tuple[str, ...], pages: list[Widget], selected: Callable[[int | None], None]) -> Widget:
    """Return tabs; *selected* is called with the index of the tab that is selected."""
    made = ipywidgets.Tab(pages, titles=titles)
    made.observe(lambda change: selected(change["new"]), "selected_index")
    return made


def button(label: str, press: Callable[[Widget], object], *, look: str = "", is_counting: bool = False) -> Widget:
    """Return a button as wide as its text; *look* is ``"primary"``, ``"danger"`` or empty.

    With *is_counting* the browser reports when it has drawn it.
    """
    made = ipywidgets.Button(
        description=one_line(label),
        button_style=look,
        layout={"width": "auto", "max_width": "100%"},
        _view_count=0 if is_counting else None,
    )
    made.on_click(press)
    return made


def row(*children: Widget) -> Widget:
    """Return a row of widgets, wrapped if it is too wide."""
    return ipywidgets.HBox(
        children, layout={"flex_flow": "row wrap", "align_items": "flex-start", "grid_gap": "0 .5em"}
    )


def column(*children: Widget) -> Widget:
    """Return a column of widgets."""
    return ipywidgets.VBox(children)


def descendants(root: Widget) -> Iterator[Widget]:
    """Yield *root* and all widgets in it."""
    yield root
    for child in getattr(root, "children", ()):
        yield from descendants(child)


def wipe(root: Widget) -> None:
    """Clear all that was typed or shown in *root*, so that no saved notebook holds it, and close it."""
    for one in list(descendants(root)):
        one.unobserve_all()
        if one.has_trait("options"):
            one.options = ()
        if one.has_trait("value") and isinstance(one.value, str | bool):
            one.value = type(one.value)()
        if one.has_trait("description"):
            one.description = ""
        one.close()


class Message:
    """The line of a form for waits and errors, because what a callback prints or raises is not shown."""

    def __init__(self) -> None:
        self.widget = note()

    def clear(self) -> None:
        """Empty the line."""
        self.widget.value = ""

    def show_wait(self, event: ClientEvent) -> None:
        """Show what is being waited for."""
        if isinstance(event, Notice):
            write(self.widget, event.text)

    def show_error(self, text: str) -> None:
        """Show an error."""
        write(self.widget, scrub(text), error=True)


def attempt(hedy: Hedy, message: Message, act: Callable[[], None]) -> bool:
    """Run *act*, show its waits and its error in *message*, and return whether it succeeded."""
    message.clear()
    try:
        with hedy.connection.notices_to(message.show_wait):
            act()
    except HedyError as error:
        message.show_error("\n".join(filter(None, (error.message, error.advice))))
    except KeyboardInterrupt:
        message.show_error(STOPPED)
    except Exception as error:  # noqa: BLE001  what a callback raises is not shown
        message.show_error(f"{type(error).__name__}: {error}")
    else:
        message.clear()
        return True
    return False


class Output:
    """An output that can change later, in every cell where it was shown."""

    def __init__(self) -> None:
        self._handles: list[Any] = []

    def show(self, bundle: Mapping[str, object]) -> None:
        """Show *bundle* in the cell that runs."""
        handle = _display(bundle, raw=True, display_id=True)
        if handle is not None:
            self._handles.append(handle)

    def change(self, bundle: Mapping[str, object]) -> None:
        """Replace what is shown by *bundle*, also in the saved notebook, but not after the page was reloaded."""
        for handle in self._handles:
            handle.update(bundle, raw=True)


class Panel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A box whose saved output holds no text of its fields, and which ends as one line of ordinary output."""

    children: Any

    def __init__(self, name: str) -> None:
        super().__init__()
        self._repr = f"<hedy {name}>"
        self._output = Output()
        self._last_line: str | None = None
        self.add_class("hedy-form")

    def __repr__(self) -> str:
        return self._repr

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        if self._last_line is not None:
            return {"text/plain": self._last_line}
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": self._repr, "application/vnd.jupyter.widget-view+json": view}

    def _ipython_display_(self) -> None:
        self._output.show(self._repr_mimebundle_())

    def end(self, line: str, kept: str | None = None) -> None:
        """Replace the panel by *line* as ordinary output; an output that can't be reached shows *kept*, else *line*."""
        old: tuple[Widget, ...] = self.children
        self._last_line = one_line(line)
        self.children = (note(one_line(line if kept is None else kept)),)
        for child in old:
            wipe(child)
        self._output.change(self._repr_mimebundle_())


def is_interactive() -> bool:
    """Return whether a user can press a button; in nbconvert and papermill none can, and they save what fields hold."""
    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is None or has_buttons(kernel)


def placeholder(name: str, instead: str = "") -> Panel:
    """Return a panel that says why no widget of that *name* is shown, and what to do *instead*."""
    made = Panel(name)
    opens = f"The Hedy {name} opens here when this cell runs in JupyterLab; this session is not interactive."
    made.end(" ".join(filter(None, (opens, instead))))
    return made
