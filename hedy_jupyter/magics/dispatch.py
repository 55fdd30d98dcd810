"""Dispatch a line of ``%hedy`` to its command, by one table that help and completion also read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hedy_jupyter.errors import NotFound, UsageError
from hedy_jupyter.magics import help as help_texts
from hedy_jupyter.magics.command import Argument, Call, Command, Reply, read
from hedy_jupyter.magics.commands.account import ACCOUNT_COMMANDS, DISPLAY, LOG, STATUS
from hedy_jupyter.magics.commands.archive import ARCHIVE_COMMANDS
from hedy_jupyter.magics.commands.brief import ANALYSIS_COMMANDS
from hedy_jupyter.magics.commands.cells import CELLS
from hedy_jupyter.magics.commands.export import EXPORT_COMMANDS
from hedy_jupyter.magics.commands.reading import READING_COMMANDS
from hedy_jupyter.magics.commands.writing import WRITE_COMMANDS
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.line import Word
from hedy_jupyter.text.phrasing import did_you_mean


def dispatch(ctx: CommandContext, words: Sequence[Word], body: str | None = None) -> tuple[Call | None, Reply]:
    """Run the command that *words* name.

    Args:
        ctx: what the command works with.
        words: the expanded words of the line.
        body: the text of a ``%%hedy`` cell.

    Returns:
        The call, which is None for help, and its reply.

    Raises:
        HedyError: what the command raises; `UsageError` if the words are no command.
    """
    options = [word for word in words if word.plain and word.startswith("-")]
    if not [word for word in words if word not in options] and not {"--help", "-h"} & set(options):
        call = read(STATUS, words, body)
        return call, STATUS.run(ctx, call)
    if words[0] in {"--help", "-h"}:
        return None, _overview()
    asked = BY_WORD.get(" ".join(words).rstrip("?")) if words[-1].endswith("?") else None
    if str(words[0]) == "?":
        return None, _overview()
    if asked is not None:  # %hedy todos?
        return None, explained(asked)
    command, length = named(words)
    if {"--help", "-h"} & set(options):
        return None, explained(command)
    try:
        call = read(command, words[length:], body)
        return call, command.run(ctx, call)
    except (UsageError, NotFound) as error:
        hint = _second_word(words) if length == 1 else ""
        error.advice = " ".join(filter(None, (hint, error.advice)))
        raise


def named(words: Sequence[Word]) -> tuple[Command, int]:
    """Return the command that *words* begin with, and the number of words of its name.

    Raises:
        UsageError: there is no such command; the advice suggests similar ones.
    """
    for length in (2, 1):
        found = BY_WORD.get(" ".join(words[:length]))
        # %hedy topic "new", in quotes, is the topic of that name
        if found is not None and all(word.plain for word in words[:length]):
            return found, length
    advice = _second_word(words) or did_you_mean(words[0], BY_WORD) or _COMMAND_FIRST
    raise UsageError(f"Unknown command {str(words[0])!r}.", advice=advice)


def _second_word(words: Sequence[Word]) -> str:
    """Return a question that suggests ``topic edit`` for ``topic edti``; empty if no such command is similar."""
    if len(words) < 2 or not words[1].plain:
        return ""
    prefix = f"{words[0]} "
    second = [word.removeprefix(prefix) for word in BY_WORD if word.startswith(prefix)]
    return did_you_mean(words[1], second, prefix=prefix)


def overview() -> str:
    """Return the help text of all commands."""
    return help_texts.overview((*COMMANDS, *CELLS.values()))


def explained(command: Command) -> Reply:
    """Return the help of one command."""
    return Reply(status=help_texts.explain(command), page=help_texts.explain_help(command))


def _overview() -> Reply:
    return Reply(status=overview(), page=help_texts.overview_help((*COMMANDS, *CELLS.values())))


# -- the commands ------------------------------------------------------------------------------------------------------


def _help(ctx: CommandContext, call: Call) -> Reply:
    word = call.arguments.get("COMMAND")
    if not word:
        return _overview()
    cell = next((command for command in CELLS.values() if command.word == word.lstrip("%")), None)
    return explained(cell or named([Word(part, plain=True) for part in word.split()])[0])


# -- the table ---------------------------------------------------------------------------------------------------------

_COMMAND_FIRST = "Put the command first, then its options; %hedy help lists them."
COMMANDS = (
    Command(
        "help",
        _help,
        "this list, or one command",
        (Argument("COMMAND", optional=True, source="commands", rest=True),),
        reads=False,
    ),
    *ACCOUNT_COMMANDS,
    *READING_COMMANDS,
    *WRITE_COMMANDS,
    *ARCHIVE_COMMANDS,
    *ANALYSIS_COMMANDS,
    *EXPORT_COMMANDS,
    DISPLAY,
    LOG,
)
BY_WORD: Mapping[str, Command] = {command.word: command for command in COMMANDS}
