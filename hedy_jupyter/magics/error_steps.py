"""What to type next after an error whose advice names nothing to type: the line again, a list, or help."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hedy_jupyter.account.next_command import command
from hedy_jupyter.errors import (
    ArchiveError,
    AuthError,
    HedyError,
    NotFound,
    Offline,
    RateLimited,
    ServerError,
    SettingsError,
    TierError,
)
from hedy_jupyter.kinds import BY_NAME
from hedy_jupyter.magics.command import Command
from hedy_jupyter.magics.hints import KINDS_OF
from hedy_jupyter.magics.line import Word
from hedy_jupyter.text.quoting import quoted

_NAMED = re.compile(r"Did you mean |%hedy [a-z]")
_USAGE = re.compile(r"Usage: %%?hedy[^.]*")
_AGAIN = (Offline, RateLimited, ServerError)
"""Errors after which the same line may work."""
_OTHERS: tuple[tuple[type[HedyError], str], ...] = (
    (ArchiveError, "archive"),
    (AuthError, "login"),
    (SettingsError, "help login"),
    (TierError, "me"),
)


def after_error(error: HedyError, words: Sequence[Word], commands: Mapping[str, Command]) -> str:
    """Return what to type next after *error*, which the line *words* raised; empty where its advice names that.

    Args:
        error: what is raised.
        words: the expanded words of the line.
        commands: every command by its words.
    """
    found = _named(words, commands)
    if found is not None and found.writes and "--dry-run" in error.advice:
        return f"{_line(_unconfirmed(words))} --dry-run"
    if _NAMED.search(_USAGE.sub("", error.advice)):
        return ""
    if found is None:
        return command("help")
    if isinstance(error, _AGAIN) and not found.writes:
        return _line(words)
    if isinstance(error, NotFound) and found.word.partition(" ")[0] in BY_NAME:
        return command(KINDS_OF[found.word.partition(" ")[0]])
    other = next((line for kind, line in _OTHERS if isinstance(error, kind)), "")
    return command(other or f"help {found.word}".rstrip())


def _named(words: Sequence[Word], commands: Mapping[str, Command]) -> Command | None:
    """Return the command that *words* begin with; None where they begin with none."""
    return next((commands[name] for count in (2, 1) if (name := " ".join(words[:count])) in commands), None)


def _unconfirmed(words: Sequence[Word]) -> list[Word]:
    """Return *words* without ``--confirm`` and its digest."""
    at = next((place for place, word in enumerate(words) if word == "--confirm"), len(words))
    return [word for word in (*words[:at], *words[at + 2 :]) if word != "--dry-run"]


def _line(words: Sequence[Word]) -> str:
    return " ".join(["%hedy", *(word if word.plain else quoted(word) for word in words)])
