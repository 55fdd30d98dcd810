"""The commands of ``%hedy`` as one table: words, options, function, help.

Dispatch, help, completion and the docs test read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hedy_jupyter.errors import NotFound, UsageError
from hedy_jupyter.magics.command import (
    EVERYWHERE,
    REFRESH,
    Argument,
    Call,
    Command,
    Reply,
    did_you_mean,
    explain,
    read,
    shown_flag,
)
from hedy_jupyter.magics.commands.account import ACCOUNT_COMMANDS, DISPLAY, LOG, STATUS
from hedy_jupyter.magics.commands.archive import ARCHIVE_COMMANDS
from hedy_jupyter.magics.commands.brief import ANALYSIS_COMMANDS
from hedy_jupyter.magics.commands.export import EXPORT_COMMANDS
from hedy_jupyter.magics.commands.reading import (
    READING_COMMANDS,
)
from hedy_jupyter.magics.commands.writing import CELLS, WRITE_COMMANDS
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.line import Word


def dispatch(ctx: CommandContext, words: Sequence[Word], body: str | None = None) -> tuple[Call | None, Reply]:
    """Run the command that *words* name; the call is None for the bare ``%hedy``.

    *body* is the text of a ``%%hedy`` cell.

    Raises:
        HedyError: what the command raises; UsageError where the words are no command.
    """
    options = [word for word in words if word.plain and word.startswith("-")]
    if not [word for word in words if word not in options] and not {"--help", "-h"} & set(options):
        call = read(STATUS, words, body)
        return call, STATUS.run(ctx, call)
    if words[0] in {"--help", "-h"}:
        return None, Reply(status=overview())
    asked = BY_WORD.get(" ".join(words).rstrip("?")) if words[-1].endswith("?") else None
    if str(words[0]) == "?":
        return None, Reply(status=overview())
    if asked is not None:  # %hedy todos?
        return None, Reply(status=explain(asked))
    command, length = named(words)
    if {"--help", "-h"} & set(options):
        return None, Reply(status=explain(command))
    try:
        call = read(command, words[length:], body)
        return call, command.run(ctx, call)
    except (UsageError, NotFound) as error:
        hint = _second_word(words) if length == 1 else ""
        error.advice = " ".join(filter(None, (hint, error.advice)))
        raise


def named(words: Sequence[Word]) -> tuple[Command, int]:
    """The command that *words* begin with, and of how many words its name is.

    Raises:
        UsageError: there is none; names the ones that it may be a slip of.
    """
    for length in (2, 1):
        found = BY_WORD.get(" ".join(words[:length]))
        if found is not None and all(
            word.plain for word in words[:length]
        ):  # %hedy topic "new" is the topic of that name
            return found, length
    advice = _second_word(words) or did_you_mean(words[0], BY_WORD) or _COMMAND_FIRST
    raise UsageError(f"Unknown command {str(words[0])!r}.", advice=advice)


def _second_word(words: Sequence[Word]) -> str:
    """A hint at the command of two words that *words* may be a slip of: ``topic edti`` of ``topic edit``.

    Empty where there is none.
    """
    family = [word for word in BY_WORD if word.startswith(f"{words[0]} ")]
    close = (
        did_you_mean(words[1], [word.partition(" ")[2] for word in family]) if len(words) > 1 and words[1].plain else ""
    )
    return close.replace("mean ", f"mean {words[0]} ", 1).replace(" or ", f" or {words[0]} ") if close else ""


def overview() -> str:
    """All commands, a line each."""
    width = max(len(command.usage) for command in COMMANDS if len(command.usage) < 60)
    lines = [f"{command.usage:<{width}}  {command.help}" for command in (*COMMANDS, *CELLS.values())]
    shared = [f"{shown_flag(option):<{width}}  {option.help}" for option in (REFRESH, *EVERYWHERE)]
    return "\n".join(["%hedy: your Hedy meetings as DataFrames", "", *lines, "", "Everywhere:", *shared, "", _SPELLING])


# -- the commands ------------------------------------------------------------------------------------------------------


def _help(ctx: CommandContext, call: Call) -> Reply:
    word = call.arguments.get("COMMAND")
    if not word:
        return Reply(status=overview())
    cell = next((command for command in CELLS.values() if command.word == word.lstrip("%")), None)
    return Reply(status=explain(cell or named([Word(part, plain=True) for part in word.split()])[0]))


# -- the table ---------------------------------------------------------------------------------------------------------

_COMMAND_FIRST = "A command comes first, then its options; %hedy help lists them."
_SPELLING = (
    "WHICH is an id, the first six or more characters of one, a title or name, last, or last~2 (two before the last).\n"
    "Values with spaces stand between quotes; {expression} and $name give the value of Python names; a ; at the end hides the result."
)

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
