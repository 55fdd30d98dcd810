"""What a command of ``%hedy`` is given: the account, the shell, and ways to ask and tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hedy_jupyter.account import current
from hedy_jupyter.account.hedy import Hedy

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy

Place = Literal["form", "terminal", "nobody"]
Display = Literal["view", "pandas"]


@dataclass
class CommandContext:
    """What commands work with: the account in use, and the ways to the user.

    Attributes:
        ask_hidden: a prompt that does not show what is typed.
        ask: one that does.
        say: shows text before the command has ended.
        sent_by_digest: account and digest → what ``--confirm`` has sent, so that a cell that is run again sends
            nothing.
        display: how lists are shown.
        review_mode: where a write can be reviewed: in a form, at the terminal's prompt, or nowhere because nobody is
            there.
    """

    ask_hidden: Callable[[str], str]
    ask: Callable[[str], str] = input
    say: Callable[[str], None] = print
    review_mode: Callable[[], Place] = lambda: "nobody"
    display: Display = "view"
    sent_by_digest: dict[tuple[int, str | None], SentWrite] = field(default_factory=dict, repr=False)
    live: Hedy | None = field(default=None, repr=False)
    demo: Hedy | None = field(default=None, repr=False)

    @property
    def hedy(self) -> Hedy:
        """The current account."""
        return current.current()


@dataclass(frozen=True)
class SentWrite:
    """A write that ``--confirm`` has sent.

    Attributes:
        line: what the line asked for.
        result: None while it is not known how it went.
    """

    line: tuple[object, ...]
    write: Write
    result: object = None
