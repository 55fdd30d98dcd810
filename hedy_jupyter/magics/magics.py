"""``%hedy`` in IPython: reads the line, runs the command, gives the value and prints the status line after it."""

from __future__ import annotations

import getpass
import linecache
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any

from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, needs_local_scope, no_var_expand

from hedy_jupyter.account import current
from hedy_jupyter.changes.change import Kind
from hedy_jupyter.magics import completion, dispatch, question_lines
from hedy_jupyter.magics import status as magics_status
from hedy_jupyter.magics.command import Call, Reply, explain, read
from hedy_jupyter.magics.commands import writing
from hedy_jupyter.magics.commands.writing import CELLS
from hedy_jupyter.magics.context import CommandContext, Place
from hedy_jupyter.magics.frame_formats import FrameFormats
from hedy_jupyter.magics.line import refuse_keys, words
from hedy_jupyter.widgets.front_end import has_buttons

_STATEMENTS = (
    "get_ipython().run_line_magic('hedy'",
    "get_ipython().run_cell_magic('hedy', ",
    "get_ipython().run_cell_magic('hedy_",
)
"""What IPython makes of a line that is only ``%hedy …``, and of our cells.

In an assignment something stands before it.
"""


@magics_class
class HedyMagics(Magics):
    """One shell's ``%hedy``."""

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
        self.formats = FrameFormats(shell)

    @line_magic
    @no_var_expand
    @needs_local_scope
    def hedy(self, line: str, local_ns: Mapping[str, Any] | None = None) -> object:  # noqa: D102  the docstring is made from the table
        found, silent = words(line, {**self._shell.user_ns, **(local_ns or {})})
        call, reply = dispatch.dispatch(self._ctx, found)
        return self._given(call, reply, silent=silent)

    hedy.__doc__ = dispatch.overview()

    @cell_magic("hedy")  # type: ignore[arg-type]  # IPython's annotation knows methods without a name of their own only
    @no_var_expand
    def hedy_cell(self, line: str, cell: str) -> object:
        """``%%hedy search [OPTIONS]``: what to search for stands in the cell, and is never expanded."""
        body = self._literal("hedy", line, cell)
        refuse_keys(body)
        found, silent = words(line, self._shell.user_ns)
        call, reply = dispatch.dispatch(self._ctx, found, body)
        return self._given(call, reply, silent=silent)

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
            return self._given(call, Reply(status=explain(CELLS[kind])), silent=silent)
        return self._given(call, writing.cell(kind, self._ctx, call, body), silent=silent)

    def _literal(self, name: str, line: str, body: str) -> str:
        """*body* as it was typed: IPython takes what looks like a prompt out of it, such as the ``>>>`` of a quoted mail."""
        transformed = self._shell.transform_cell(self._raw)  # type: ignore[no-untyped-call]
        if transformed != f"get_ipython().run_cell_magic({name!r}, {line!r}, {body!r})\n":
            return body  # the magic does not stand at the top of the cell
        lines = self._raw.splitlines(keepends=True)
        first = next(place for place, text in enumerate(lines) if text.strip())
        return "".join(lines[first + 1 :]) if lines[first].startswith("%%") else body

    def _review_mode(self) -> Place:
        """Where a write can be reviewed: a front end that can answer shows forms, a terminal prompts."""
        kernel = getattr(self._shell, "kernel", None)
        if kernel is not None:
            return "form" if has_buttons(kernel) else "nobody"
        return "terminal" if sys.stdin.isatty() else "nobody"

    def _given(self, call: Call | None, reply: Reply, *, silent: bool) -> object:
        name = call.get("-o") if call else None
        if name is not None:
            self._shell.user_ns[name] = reply.value
            return None
        if reply.status and not (call and call.has("-q")):
            self._say(reply.status)
        alone = _alone(sys._getframe(1))
        if silent and alone:
            return None
        if alone and reply.view and self._ctx.display == "view":
            from hedy_jupyter.account import list_view

            known = list_view.known(self._ctx.hedy, reply.value)
            self.formats.show_as(
                reply.value, list_view.view(reply.view, reply.value, known, query=reply.query, fts=reply.fts)
            )
        return reply.value

    def _say(self, status: str) -> None:
        """Print *status* after the value: at the end of the cell that runs, at once outside of one."""
        if self._stdout is sys.stdout:
            self._lines.append(status)
        else:  # no cell runs, or its output goes elsewhere by now (%%capture)
            print(status)  # noqa: T201

    def reads(self, info: ExecutionInfo) -> None:
        """A cell is about to run."""
        self._raw = info.raw_cell or ""

    def begin(self) -> None:
        """A cell begins, maybe inside of another one."""
        self._stdout = sys.stdout

    def end(self) -> None:
        """A cell has shown its value."""
        self._stdout = None
        self._raw = ""
        self.formats.show_as(None, None)
        for line in self._lines:
            print(line)  # noqa: T201
        self._lines.clear()


def _alone(frame: FrameType | None) -> bool:
    """Whether the magic stands alone in its line, its value going nowhere but to the screen."""
    while frame is not None:
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        if any(statement in line for statement in _STATEMENTS):
            return line.lstrip().startswith(_STATEMENTS)
        frame = frame.f_back
    return False


def load(shell: InteractiveShell) -> None:
    """Register ``%hedy`` and its completion, and say in one line which account it is; loading twice changes nothing."""
    if _loaded(shell) is not None:
        return
    magics = HedyMagics(shell)
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.reads)
    shell.events.register("pre_execute", magics.begin)
    shell.events.register("post_execute", magics.end)
    magics.formats.register()
    question_lines.register(shell)
    completion.register(shell, lambda: magics_status.names(current.in_use()))
    print(magics_status.account_line())  # noqa: T201


def unload(shell: InteractiveShell) -> None:
    """Take all of it out again."""
    magics = _loaded(shell)
    if magics is None:
        return
    shell.magics_manager.magics["line"].pop("hedy", None)
    for name in ("hedy", *(f"hedy_{kind}" for kind in CELLS)):
        shell.magics_manager.magics["cell"].pop(name, None)
    shell.magics_manager.registry.pop("HedyMagics", None)
    shell.events.unregister("pre_run_cell", magics.reads)
    shell.events.unregister("pre_execute", magics.begin)
    shell.events.unregister("post_execute", magics.end)
    magics.formats.unregister()
    question_lines.unregister(shell)
    magics.end()  # what this cell has still to say
    completion.unregister(shell)


def _loaded(shell: InteractiveShell) -> HedyMagics | None:
    magic = shell.magics_manager.magics["line"].get("hedy")
    owner = getattr(magic, "__self__", None)
    return owner if type(owner).__name__ == "HedyMagics" else None
