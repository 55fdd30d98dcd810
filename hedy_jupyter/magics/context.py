"""The context of a command of ``%hedy``: the account in use, prompts, output, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hedy_jupyter.account import current

if TYPE_CHECKING:
    from hedy_jupyter.account.changes import Write
    from hedy_jupyter.account.hedy import Hedy

ReviewMode = Literal["form", "terminal", "none"]
"""How a write can be reviewed; ``"none"`` in a session that is not interactive."""
Display = Literal["view", "pandas"]
"""How lists are shown."""


@dataclass
class CommandContext:
    """What commands work with.

    Attributes:
        ask_hidden: a prompt that does not show what is typed.
        ask: a prompt that shows it.
        say: prints text before the command ends.
        review_mode: returns how a write can be reviewed.
        display: how lists are shown.
        sent_by_digest: (account, digest) → what ``--confirm`` has sent, so that a cell that is run again sends nothing.
        live: the account to go back to from the demo account.
        demo: the demo account.
        shown_ids: the ids of the lists that were shown: shortened → whole.
    """

    ask_hidden: Callable[[str], str]
    ask: Callable[[str], str] = input
    say: Callable[[str], None] = print
    review_mode: Callable[[], ReviewMode] = lambda: "none"
    display: Display = "view"
    sent_by_digest: dict[tuple[int, str | None], SentWrite] = field(default_factory=dict, repr=False)
    live: Hedy | None = field(default=None, repr=False)
    demo: Hedy | None = field(default=None, repr=False)
    shown_ids: dict[str, str] = field(default_factory=dict, repr=False)

    def whole_id(self, ident: str) -> str:
        """Return the id that a list has shown as *ident*; else *ident* itself."""
        return self.shown_ids.get(ident, ident)

    @property
    def hedy(self) -> Hedy:
        """The current account."""
        return current.current()


@dataclass(frozen=True)
class SentWrite:
    """A write that ``--confirm`` has sent.

    Attributes:
        line: what the line requested.
        write: what was sent.
        result: None while the outcome is unknown.
    """

    line: tuple[object, ...]
    write: Write
    result: object = None
