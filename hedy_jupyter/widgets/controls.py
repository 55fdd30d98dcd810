"""What forms are built of: labelled fields, buttons, messages, and a panel that leaves nothing but one line in the notebook.

Every text is escaped here or shown by a widget that takes it as text. ``ipywidgets.HTML`` escapes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import RLock
from typing import TYPE_CHECKING, Any

import ipywidgets
from IPython.core.getipython import get_ipython
from IPython.display import display as _untyped_display

from hedy_jupyter.api.events import Event, Notice
from hedy_jupyter.display.html import tag
from hedy_jupyter.errors import HedyError, scrub
from hedy_jupyter.text.clean import lines, one_line
from hedy_jupyter.widgets.front_end import has_buttons

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy

Widget = Any
"""A widget of ipywidgets, which has no types."""

FORM_LOCK = RLock()
"""One step of one form at a time: front ends may run the callbacks of widgets in threads beside each other (subshells)."""
STOPPED = "Stopped. If it was being sent just then, the outcome is unknown: look before you create it again."
_display: Any = _untyped_display
_NOBODY = "A form of Hedy opens here when somebody runs this cell in JupyterLab; nobody can be asked now."
_ERROR = "color:var(--jp-error-color1,#c62828)"
_MUTED = "opacity:.75"
_WIDE = "min(36em, 100%)"


def note(text: str = "", *, error: bool = False, muted: bool = False, beside: bool = False) -> Widget:
    """A line of plain text; *beside* a field it takes what room is left in the row."""
    made = ipywidgets.HTML(layout={"flex": "1 1 9em", "min_width": "0"} if beside else {})
    write(made, text, error=error, muted=muted)
    return made


def write(made: Widget, text: str, *, error: bool = False, muted: bool = False) -> None:
    """Put *text* into a line that ``note`` made."""
    style = _ERROR if error else _MUTED if muted else ""
    shape = "line-height:1.4;padding:.3em 0;overflow-wrap:anywhere;white-space:pre-wrap;" + style
    role = {"role": "alert"} if error else {}
    made.value = (
        tag("div", lines(text), class_="mathjax_ignore tex2jax_ignore", dir="auto", style=shape, **role) if text else ""
    )


def html(safe: str) -> Widget:
    """HTML that ``display.render`` wrote: whatever is other people's words in it is escaped already."""
    return ipywidgets.HTML(safe)


def entry(label: str, value: str = "", *, rows: int = 1, hint: str = "", wide_label: bool = False) -> Widget:
    """A labelled field for text, of one line or more. Enter does nothing in it but what it does in any text."""
    style = {"description_width": "initial" if wide_label else "7em"}
    common = {"description": label, "value": value, "placeholder": hint, "continuous_update": True, "style": style}
    if rows > 1:
        return ipywidgets.Textarea(**common, rows=rows, layout={"width": _WIDE, "flex": "0 1 auto"})
    return ipywidgets.Text(**common, layout={"width": _WIDE, "flex": "0 1 auto"})


def tick(label: str, value: bool = False, *, aligned: bool = False, width: str = "auto") -> Widget:
    """A labelled box to tick; *aligned* with the fields above it."""
    style = {"description_width": "7em" if aligned else "0"}
    return ipywidgets.Checkbox(
        description=label, value=value, indent=aligned, style=style, layout={"width": width, "max_width": "100%"}
    )


def choice(label: str, rows: int) -> Widget:
    """A labelled list to choose one of."""
    return ipywidgets.Select(description=label, rows=rows, style={"description_width": "7em"}, layout={"width": _WIDE})


def tabs(titles: tuple[str, ...], pages: list[Widget], selected: Callable[[int | None], None]) -> Widget:
    """Tabs; *selected* hears which one is looked at."""
    made = ipywidgets.Tab(pages, titles=titles)
    made.observe(lambda change: selected(change["new"]), "selected_index")
    return made


def button(label: str, press: Callable[[Widget], None], *, look: str = "") -> Widget:
    """A button as wide as its text; *look* is ``"primary"``, ``"danger"`` or nothing."""
    made = ipywidgets.Button(
        description=one_line(label), button_style=look, layout={"width": "auto", "max_width": "100%"}
    )
    made.on_click(press)
    return made


def row(*children: Widget) -> Widget:
    """Widgets beside each other, that wrap where there is no room."""
    return ipywidgets.HBox(
        children, layout={"flex_flow": "row wrap", "align_items": "flex-start", "grid_gap": "0 .5em"}
    )


def column(*children: Widget) -> Widget:
    """Widgets under each other."""
    return ipywidgets.VBox(children)


def descendants(root: Widget) -> Iterator[Widget]:
    """*root* and all that is in it."""
    yield root
    for child in getattr(root, "children", ()):
        yield from descendants(child)


def wipe(root: Widget) -> None:
    """Clear all that was typed or shown in *root*, so that no saved state holds it, and close it."""
    for one in list(descendants(root)):
        one.unobserve_all()
        if one.has_trait("value") and isinstance(one.value, str | bool):
            one.value = type(one.value)()
        if one.has_trait("description"):
            one.description = ""
        one.close()


class Message:
    """Where a form says what it waits for and what went wrong: what a callback prints or raises is seen by nobody."""

    def __init__(self) -> None:
        self.widget = note()

    def clear(self) -> None:
        """Say nothing."""
        self.widget.value = ""

    def tell(self, event: Event) -> None:
        """Show a wait."""
        if isinstance(event, Notice):
            write(self.widget, event.text)

    def complain(self, text: str) -> None:
        """Show an error."""
        write(self.widget, scrub(text), error=True)


def attempt(hedy: Hedy, message: Message, act: Callable[[], None]) -> bool:
    """Whether *act* went well; what went wrong, and what it waits for meanwhile, stands in *message*."""
    message.clear()
    try:
        with hedy.connection.notices_to(message.tell):
            act()
    except HedyError as error:
        message.complain("\n".join(filter(None, (error.message, error.advice))))
    except KeyboardInterrupt:
        message.complain(STOPPED)
    except Exception as error:  # noqa: BLE001  nobody sees what a callback raises
        message.complain(f"{type(error).__name__}: {error}")
    else:
        message.clear()
        return True
    return False


class Output:
    """One output of the cells that it is shown in, which can change later on."""

    def __init__(self) -> None:
        self._handles: list[Any] = []

    def show(self, bundle: Mapping[str, object]) -> None:
        """Show *bundle* in the cell that runs."""
        handle = _display(bundle, raw=True, display_id=True)
        if handle is not None:
            self._handles.append(handle)

    def change(self, bundle: Mapping[str, object]) -> None:
        """Show *bundle* in place of what stands there, in the saved notebook too.

        After a reload of the page no message finds its way to an output of the time before.
        """
        for handle in self._handles:
            handle.update(bundle, raw=True)


class Panel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A box that shows itself without its fields' text, and that one line of ordinary output takes the place of."""

    children: Any

    def __init__(self, name: str) -> None:
        super().__init__()
        self._neutral = f"<hedy {name}>"
        self._output = Output()
        self._last_line: str | None = None
        self.add_class("hedy-form")

    def __repr__(self) -> str:
        return self._neutral

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        if self._last_line is not None:
            return {"text/plain": self._last_line}
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": self._neutral, "application/vnd.jupyter.widget-view+json": view}

    def _ipython_display_(self) -> None:
        self._output.show(self._repr_mimebundle_())

    def end(self, line: str, kept: str | None = None) -> None:
        """Leave *line* as ordinary output wherever this was shown, and *kept* (or *line*) in the widget for where that is not reached."""
        old: tuple[Widget, ...] = self.children
        self._last_line = one_line(line)
        self.children = (note(one_line(line if kept is None else kept)),)
        for child in old:
            wipe(child)
        self._output.change(self._repr_mimebundle_())


def is_interactive() -> bool:
    """Whether anybody can press a button: nbconvert and papermill run cells that may not ask, and save what is in the fields."""
    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is None or has_buttons(kernel)


def placeholder() -> Panel:
    """What stands in place of a form where nobody can use it."""
    made = Panel("form")
    made.end(_NOBODY)
    return made
