"""Lines of ``%hedy`` without a shell."""

from __future__ import annotations

from hedy_jupyter.magics.command import Reply
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.dispatch import dispatch
from hedy_jupyter.magics.line import words


def run(line: str, *, ctx: CommandContext | None = None, body: str | None = None) -> Reply:
    """Return the reply to ``%hedy line`` on the account in use.

    Args:
        line: what follows ``%hedy``.
        ctx: what the command gets; by default that of a user who answers nothing.
        body: the lines of a cell magic.
    """
    return dispatch(ctx or CommandContext(ask_hidden=lambda _: ""), words(line, {})[0], body)[1]
