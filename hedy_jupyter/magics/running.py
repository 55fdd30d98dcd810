"""Run the lines and cells of the magics: words, command, reply, and the view that a list is shown as."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from hedy_jupyter.account import next_command
from hedy_jupyter.errors import HedyError
from hedy_jupyter.lazy import at_first_use
from hedy_jupyter.magics import dispatch, line
from hedy_jupyter.magics.command import Call, Reply
from hedy_jupyter.magics.commands.cells import CELLS, write_cell
from hedy_jupyter.magics.context import CommandContext, ReviewMode
from hedy_jupyter.magics.help import explain
from hedy_jupyter.magics.parser import read
from hedy_jupyter.text.quoting import as_word

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from hedy_jupyter.account import list_view
    from hedy_jupyter.changes.change import Kind
else:
    list_view = at_first_use("hedy_jupyter.account.list_view")


class Words(NamedTuple):
    """The words of a line, and whether a ``;`` after them hides the output."""

    words: Sequence[line.Word]
    is_silent: bool

    @property
    def first(self) -> str:
        """The first word; empty without any."""
        return self.words[0] if self.words else ""


class Outcome(NamedTuple):
    """What a line or cell returned.

    Attributes:
        reply: what the command returned.
        variable: the name of ``-o``, or None.
        is_quiet: whether the status line was unwanted.
        is_silent: whether a ``;`` hides the output.
    """

    reply: Reply
    variable: str | None
    is_quiet: bool
    is_silent: bool


class Runner:
    """Runs the lines and cells of one shell."""

    def __init__(self, shell: InteractiveShell, review_mode: Callable[[], ReviewMode]) -> None:
        self._shell = shell
        # Looked up late: a kernel puts its own prompts there for each cell.
        self._ctx = CommandContext(
            lambda prompt: getpass.getpass(prompt), lambda prompt: input(prompt), review_mode=review_mode
        )

    def words(self, text: str, local_names: Mapping[str, Any]) -> Words:
        """Return the words of the line *text*, its values of Python inserted; local names come first."""
        return Words(*line.words(text, {**self._shell.user_ns, **local_names}))

    def run(self, words: Words, body: str | None = None) -> Outcome:
        """Run the line of *words*, which may be the first of a cell with this *body*."""
        return _outcome(*dispatch.dispatch(self._ctx, words.words, body), words)

    def search(self, text: str, body: str) -> Outcome:
        """Run the line *text* of a ``%%hedy`` cell with this *body*."""
        line.refuse_keys(body)
        return self.run(self.words(text, {}), body)

    def write(self, kind: Kind, text: str, body: str) -> Outcome:
        """Write *body* as the line *text* of a cell magic says."""
        line.refuse_keys(body)
        words = self.words(text, {})
        try:
            call = read(CELLS[kind], words.words)
            is_help = call.has("--help")
            reply = dispatch.explained(CELLS[kind]) if is_help else write_cell(kind, self._ctx, call, body)
        except HedyError as error:
            error.next_step = next_command.command("help", CELLS[kind].word)
            raise
        return _outcome(call, reply, words)

    def view(self, reply: Reply) -> list_view.ListView | None:
        """Return the view of the list of *reply*; None where it has none, or pandas shows the lists."""
        if not reply.view or self._ctx.display != "view":
            return None
        known = list_view.known(self._ctx.hedy, reply.value)
        typed = as_word(reply.query)
        view = list_view.view(
            reply.view,
            reply.value,
            known,
            query=reply.query,
            fts=reply.fts,
            typed=typed,
            next_step=reply.next_step,
        )
        self._ctx.shown_ids.update(view.short_ids() if view else {})
        return view


def _outcome(call: Call | None, reply: Reply, words: Words) -> Outcome:
    """Return *reply* with what the line says of its output; without a *call* it was a request for help."""
    if call is None:
        return Outcome(reply, None, is_quiet=False, is_silent=words.is_silent)
    return Outcome(reply, call.get("-o"), is_quiet=call.has("-q"), is_silent=words.is_silent)


def help_of(cell: str) -> str:
    """Return the help of ``%hedy``, or of the *cell* magic of this kind."""
    command = next((command for kind, command in CELLS.items() if kind == cell), None)
    return explain(command) if command else dispatch.overview()
