"""The magics ``%hedy``, ``%%hedy_topic`` and ``%%hedy_context`` of IPython, and how they are loaded and unloaded."""

from __future__ import annotations

import getpass
import linecache
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any

from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, needs_local_scope, no_var_expand
from IPython.display import display

from hedy_jupyter.account import current, list_view
from hedy_jupyter.changes.change import Kind
from hedy_jupyter.magics import completion, dispatch, pasted_lines, question_marks
from hedy_jupyter.magics import status as magics_status
from hedy_jupyter.magics.command import Call, Reply
from hedy_jupyter.magics.commands.cells import CELLS, write_cell
from hedy_jupyter.magics.context import CommandContext, ReviewMode
from hedy_jupyter.magics.frame_formats import FrameFormats
from hedy_jupyter.magics.help import explain
from hedy_jupyter.magics.line import refuse_keys, words
from hedy_jupyter.magics.parser import read
from hedy_jupyter.text.quoting import as_word
from hedy_jupyter.widgets.front_end import has_buttons

_TIMED = frozenset({"<timed eval>", "<timed exec>"})
"""The files of what ``%time`` and ``%%time`` run, whose lines IPython does not keep."""
_STATEMENTS = (
    "get_ipython().run_line_magic('hedy'",
    "get_ipython().run_cell_magic('hedy', ",
    "get_ipython().run_cell_magic('hedy_",
)
"""How a line begins that IPython made from ``%hedy …`` alone or from one of our cells; in an assignment it does not."""


@magics_class
class HedyMagics(Magics):
    """The magics of one shell."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._shell = shell
        # Looked up late: a kernel puts its own prompts there for each cell.
        self._ctx = CommandContext(
            lambda prompt: getpass.getpass(prompt), lambda prompt: input(prompt), review_mode=self._review_mode
        )
        self._lines: list[str] = []
        self._raw = ""
        self._stdout: object = None
        self._greets = False
        self.formats = FrameFormats(shell)

    @line_magic
    @no_var_expand
    @needs_local_scope
    def hedy(self, line: str, local_ns: Mapping[str, Any] | None = None) -> object:  # noqa: D102  the docstring is made from the table
        found, silent = words(line, {**self._shell.user_ns, **(local_ns or {})})
        if found[:1] != ["demo"]:
            self._print_greeting()
        call, reply = dispatch.dispatch(self._ctx, found)
        return self._result(call, reply, silent=silent)

    hedy.__doc__ = dispatch.overview()

    @cell_magic("hedy")  # type: ignore[arg-type]  # IPython's annotation is for magics named after their method
    @no_var_expand
    def hedy_cell(self, line: str, cell: str) -> object:
        """Run ``%%hedy search [OPTIONS]``: the cell is the text to search for, and is never expanded."""
        body = self._literal("hedy", line, cell)
        refuse_keys(body)
        found, silent = words(line, self._shell.user_ns)
        call, reply = dispatch.dispatch(self._ctx, found, body)
        return self._result(call, reply, silent=silent)

    @cell_magic
    @no_var_expand
    def hedy_topic(self, line: str, cell: str) -> object:  # noqa: D102  as above
        return self._cell("topic", line, cell)

    hedy_topic.__doc__ = explain(CELLS["topic"])

    @cell_magic
    @no_var_expand
    def hedy_context(self, line: str, cell: str) -> object:  # noqa: D102  as above
        return self._cell("context", line, cell)

    hedy_context.__doc__ = explain(CELLS["context"])

    def _cell(self, kind: Kind, line: str, body: str) -> object:
        body = self._literal(f"hedy_{kind}", line, body)
        refuse_keys(body)
        found, silent = words(line, self._shell.user_ns)
        call = read(CELLS[kind], found)
        if call.has("--help"):
            return self._result(call, dispatch.explained(CELLS[kind]), silent=silent)
        return self._result(call, write_cell(kind, self._ctx, call, body), silent=silent)

    def _literal(self, name: str, line: str, body: str) -> str:
        """Return *body* as it was typed: IPython strips what looks like a prompt, such as ``>>>`` in a quoted mail."""
        transformed = self._shell.transform_cell(self._raw)  # type: ignore[no-untyped-call]
        if transformed != f"get_ipython().run_cell_magic({name!r}, {line!r}, {body!r})\n":
            return body  # the magic is not at the top of the cell
        lines = self._raw.splitlines(keepends=True)
        first = next(place for place, text in enumerate(lines) if text.strip())
        return "".join(lines[first + 1 :]) if lines[first].startswith("%%") else body

    def _review_mode(self) -> ReviewMode:
        """Return how a write can be reviewed: by forms in a front end that can answer, by prompts in a terminal."""
        kernel = getattr(self._shell, "kernel", None)
        if kernel is not None:
            return "form" if has_buttons(kernel) else "none"
        return "terminal" if sys.stdin.isatty() else "none"

    def _result(self, call: Call | None, reply: Reply, *, silent: bool) -> object:
        name = call.get("-o") if call else None
        if name is not None:
            self._shell.user_ns[name] = reply.value
            return None
        if reply.page is not None:
            display(reply.page)  # type: ignore[no-untyped-call]
        elif reply.status and not (call and call.has("-q")):
            self._say(reply.status)
        is_statement = _is_statement(sys._getframe(1))
        if silent and is_statement:
            return None
        if is_statement and reply.view and self._ctx.display == "view":
            known = list_view.known(self._ctx.hedy, reply.value)
            typed = as_word(reply.query)
            view = list_view.view(reply.view, reply.value, known, query=reply.query, fts=reply.fts, typed=typed)
            self.formats.show_as(reply.value, view)
            self._ctx.shown_ids.update(view.short_ids() if view else {})
        return reply.value

    def _say(self, status: str) -> None:
        """Print *status* after the value: at the end of the running cell, or at once outside of one."""
        if self._stdout is sys.stdout:
            self._lines.append(status)
        else:  # no cell is running, or its output was redirected (%%capture)
            print(status)  # noqa: T201

    def greet(self) -> None:
        """Print a line on the account, in a cell not before the next command: that may be ``%hedy demo``."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code is not InteractiveShell.run_code.__code__:
            frame = frame.f_back
        if frame is None:
            print(magics_status.account_line())  # noqa: T201
        else:
            self._stdout = sys.stdout
            self._greets = True

    def _print_greeting(self) -> None:
        if self._greets and (line := magics_status.account_line()) not in self._lines:
            print(line)  # noqa: T201
        self._greets = False

    def on_pre_run(self, info: ExecutionInfo) -> None:
        """Keep the text of the cell that is about to run."""
        self._raw = info.raw_cell or ""

    def on_begin(self) -> None:
        """Remember where the output of the cell goes that begins, which may be inside another one."""
        self._stdout = sys.stdout

    def on_end(self) -> None:
        """Print the status lines of the cell that has shown its value."""
        self._stdout = None
        self._raw = ""
        self.formats.show_as(None, None)
        self._print_greeting()
        for line in self._lines:
            print(line)  # noqa: T201
        self._lines.clear()


def _is_statement(frame: FrameType | None) -> bool:
    """Return whether the magic is a statement by itself, so that its value is only shown."""
    while frame is not None:
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        if any(statement in line for statement in _STATEMENTS):
            return line.lstrip().startswith(_STATEMENTS)
        if frame.f_code.co_filename in _TIMED:
            return frame.f_code.co_names == ("get_ipython", "run_line_magic")  # nothing but the magic
        frame = frame.f_back
    return False


def load(shell: InteractiveShell) -> None:
    """Register the magics and their completion, and print a line on the account; loading twice changes nothing."""
    if _loaded(shell) is not None:
        return
    magics = HedyMagics(shell)
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.on_pre_run)
    shell.events.register("pre_execute", magics.on_begin)
    shell.events.register("post_execute", magics.on_end)
    magics.formats.register()
    question_marks.register(shell)
    pasted_lines.register(shell)
    completion.register(shell, lambda: magics_status.names(current.in_use()))
    magics.greet()


def unload(shell: InteractiveShell) -> None:
    """Remove everything that ``load`` registered."""
    magics = _loaded(shell)
    if magics is None:
        return
    shell.magics_manager.magics["line"].pop("hedy", None)
    for name in ("hedy", *(f"hedy_{kind}" for kind in CELLS)):
        shell.magics_manager.magics["cell"].pop(name, None)
    shell.magics_manager.registry.pop("HedyMagics", None)
    shell.events.unregister("pre_run_cell", magics.on_pre_run)
    shell.events.unregister("pre_execute", magics.on_begin)
    shell.events.unregister("post_execute", magics.on_end)
    magics.formats.unregister()
    question_marks.unregister(shell)
    pasted_lines.unregister(shell)
    magics.on_end()  # prints the status lines of this cell
    completion.unregister(shell)


def _loaded(shell: InteractiveShell) -> HedyMagics | None:
    magic = shell.magics_manager.magics["line"].get("hedy")
    owner = getattr(magic, "__self__", None)
    return owner if type(owner).__name__ == "HedyMagics" else None
