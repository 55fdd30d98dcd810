"""The magics ``%hedy``, ``%%hedy_topic`` and ``%%hedy_context`` of IPython, and how they are loaded and unloaded.

What runs them, ``magics.running``, is loaded when the first one runs or is asked for help.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, needs_local_scope, no_var_expand
from IPython.display import display

from hedy_jupyter.magics import greeting, matcher, pasted_lines, question_marks
from hedy_jupyter.magics.frame_display import FrameFormats
from hedy_jupyter.widgets.front_end import has_buttons

if TYPE_CHECKING:
    from hedy_jupyter.changes.change import Kind
    from hedy_jupyter.magics.context import ReviewMode
    from hedy_jupyter.magics.running import Outcome, Runner

_TIMED = frozenset({"<timed eval>", "<timed exec>"})
"""The files of what ``%time`` and ``%%time`` run, whose lines IPython does not keep."""
_STATEMENTS = (
    "get_ipython().run_line_magic('hedy'",
    "get_ipython().run_cell_magic('hedy', ",
    "get_ipython().run_cell_magic('hedy_",
)
"""How a line begins that IPython made from ``%hedy …`` alone or from one of our cells; in an assignment it does not."""

Magic = TypeVar("Magic", bound=Callable[..., object])
_CELL_MAGICS = ("hedy", "hedy_topic", "hedy_context")


def _with_help(cell: str = "") -> Callable[[Magic], Magic]:
    """Give ``%hedy``, or the *cell* magic of this kind, the help of ``?``, which is made when it is asked for."""

    def getdoc() -> str:
        from hedy_jupyter.magics import running  # as below: with every command

        return running.help_of(cell)

    def decorated(magic: Magic) -> Magic:
        magic.getdoc = getdoc  # type: ignore[attr-defined]  # IPython asks for it before the docstring
        return magic

    return decorated


@magics_class
class HedyMagics(Magics):
    """The magics of one shell."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._lines: list[str] = []
        self._raw = ""
        self._stdout: object = None
        self._greets = False
        self.formats = FrameFormats(shell)

    @cached_property
    def _runner(self) -> Runner:
        from hedy_jupyter.magics.running import Runner  # with every command

        return Runner(self._shell, self._review_mode)

    @line_magic
    @no_var_expand
    @needs_local_scope
    @_with_help()
    def hedy(self, line: str, local_ns: Mapping[str, Any] | None = None) -> object:
        """Read, search, change and export your Hedy meetings: ``%hedy help`` lists the commands."""
        runner = self._runner
        words = runner.words(line, local_ns or {})
        if words.first != "demo":
            self._print_greeting()
        return self._result(runner.run(words))

    @cell_magic("hedy")  # type: ignore[arg-type]  # IPython's annotation is for magics named after their method
    @no_var_expand
    def hedy_cell(self, line: str, cell: str) -> object:
        """Run ``%%hedy search [OPTIONS]``: the cell is the text to search for, and is never expanded."""
        return self._result(self._runner.search(line, self._literal("hedy", line, cell)))

    @cell_magic
    @no_var_expand
    @_with_help("topic")
    def hedy_topic(self, line: str, cell: str) -> object:
        """Make the cell the instructions of a topic: ``%%hedy_topic --help`` lists the options."""
        return self._cell("topic", line, cell)

    @cell_magic
    @no_var_expand
    @_with_help("context")
    def hedy_context(self, line: str, cell: str) -> object:
        """Make the cell the content of a context: ``%%hedy_context --help`` lists the options."""
        return self._cell("context", line, cell)

    def _cell(self, kind: Kind, line: str, body: str) -> object:
        return self._result(self._runner.write(kind, line, self._literal(f"hedy_{kind}", line, body)))

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

    def _result(self, outcome: Outcome) -> object:
        reply = outcome.reply
        if outcome.variable is not None:
            self._shell.user_ns[outcome.variable] = reply.value
            return None
        if reply.page is not None:
            display(reply.page)  # type: ignore[no-untyped-call]
        elif reply.status and not outcome.is_quiet:
            self._say(reply.status)
        is_statement = _is_statement(sys._getframe(1))
        is_hidden = outcome.is_silent and is_statement
        view = self._runner.view(reply) if is_statement and not is_hidden else None
        is_said = bool(reply.view) and (not is_statement or (view is not None and view.names_next))
        if reply.next_step and not (is_said or is_hidden or outcome.is_quiet):  # below a list its view says it
            self._say(f"Next: {reply.next_step}")
        if view is not None:
            self.formats.show_as(reply.value, view)
        return None if is_hidden else reply.value

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
            print(greeting.account_line())  # noqa: T201
        else:
            self._stdout = sys.stdout
            self._greets = True

    def _print_greeting(self) -> None:
        if self._greets and (line := greeting.account_line()) not in self._lines:
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
    matcher.register(shell)
    magics.greet()


def unload(shell: InteractiveShell) -> None:
    """Remove everything that ``load`` registered."""
    magics = _loaded(shell)
    if magics is None:
        return
    shell.magics_manager.magics["line"].pop("hedy", None)
    for name in _CELL_MAGICS:
        shell.magics_manager.magics["cell"].pop(name, None)
    shell.magics_manager.registry.pop("HedyMagics", None)
    shell.events.unregister("pre_run_cell", magics.on_pre_run)
    shell.events.unregister("pre_execute", magics.on_begin)
    shell.events.unregister("post_execute", magics.on_end)
    magics.formats.unregister()
    question_marks.unregister(shell)
    pasted_lines.unregister(shell)
    magics.on_end()  # prints the status lines of this cell
    matcher.unregister(shell)


def _loaded(shell: InteractiveShell) -> HedyMagics | None:
    magic = shell.magics_manager.magics["line"].get("hedy")
    owner = getattr(magic, "__self__", None)
    return owner if type(owner).__name__ == "HedyMagics" else None
