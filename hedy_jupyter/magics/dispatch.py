"""Dispatch a line of ``%hedy`` to its command, by one table that help and completion also read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import dropwhile
from typing import TYPE_CHECKING

from hedy_jupyter.account import current
from hedy_jupyter.errors import HedyError, NotFound, UsageError
from hedy_jupyter.lazy import at_first_use
from hedy_jupyter.magics import error_steps, hints, line_hints, next_steps, status
from hedy_jupyter.magics import help as help_texts
from hedy_jupyter.magics.command import Argument, Call, Command, Reply
from hedy_jupyter.magics.commands.account import ACCOUNT_COMMANDS, DISPLAY, LOG, STATUS
from hedy_jupyter.magics.commands.archive import ARCHIVE_COMMANDS
from hedy_jupyter.magics.commands.brief import ANALYSIS_COMMANDS
from hedy_jupyter.magics.commands.cells import CELLS
from hedy_jupyter.magics.commands.decisions_report import ANSWER_COMMANDS
from hedy_jupyter.magics.commands.events import EVENT_COMMANDS
from hedy_jupyter.magics.commands.export import EXPORT_COMMANDS
from hedy_jupyter.magics.commands.people import PEOPLE_COMMANDS
from hedy_jupyter.magics.commands.reading import READING_COMMANDS
from hedy_jupyter.magics.commands.writing import WRITE_COMMANDS
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.hints import Vocabulary
from hedy_jupyter.magics.line import Word
from hedy_jupyter.magics.parser import read
from hedy_jupyter.text.punctuation import plain_form

if TYPE_CHECKING:
    from hedy_jupyter.magics import help_pages
else:
    help_pages = at_first_use("hedy_jupyter.magics.help_pages")


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
    words = _without_magic(words)
    try:
        return _dispatch(ctx, words, body)
    except HedyError as error:
        error.next_step = error_steps.after_error(error, words, BY_WORD)
        raise


def _dispatch(ctx: CommandContext, words: Sequence[Word], body: str | None) -> tuple[Call | None, Reply]:
    options = [word for word in words if word.plain and word.startswith("-")]
    if not [word for word in words if word not in options] and not {"--help", "-h"} & set(options):
        call = read(STATUS, words, body, VOCABULARY)
        return call, next_steps.with_next(ctx, call, STATUS.run(ctx, call), BY_WORD)
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
    rest = words[length:]
    if command.word == "help":  # of todos --open
        rest = [word for word in _without_magic(rest) if not word.startswith("--")]
    try:
        call = read(command, rest, body, VOCABULARY)
        reply = next_steps.with_next(ctx, call, command.run(ctx, call), BY_WORD)
        is_of_a_time = reply.status and (call.has("--since") or call.has("--until"))
        return call, status.with_days(reply, call, ctx.hedy.zone) if is_of_a_time else reply
    except (UsageError, NotFound) as error:
        if meant := line_hints.whole_line(command, rest, BY_WORD):
            error.advice = meant
            raise
        hint = hints.second_word(words, BY_WORD) if length == 1 else ""
        if not hint and isinstance(error, NotFound):
            hint = _not_found(command, rest)
        error.advice = hints.merged(hint, error.advice)
        if isinstance(error, NotFound) and "Did you mean" not in error.advice:
            error.advice += line_hints.known_topics(rest, VOCABULARY)
        raise


def _without_magic(words: Sequence[Word]) -> Sequence[Word]:
    """Return *words* without the ``%hedy`` that was pasted before them."""
    return list(dropwhile(lambda word: word.plain and word == "%hedy", words))


def _not_found(command: Command, rest: Sequence[Word]) -> str:
    """Return advice on *rest*, words after *command* that name what is not there."""
    hint = hints.in_name(command, rest)
    if not hint and command.word in {"session", "transcript"}:
        hint = hints.which_session(" ".join(rest))
    return hint


def named(words: Sequence[Word]) -> tuple[Command, int]:
    """Return the command that *words* begin with, and the number of words of its name; case does not count.

    Raises:
        UsageError: there is no such command; the advice suggests similar ones.
    """
    for length in (2, 1):
        typed = " ".join(words[:length])
        found = BY_WORD.get(typed) or BY_WORD.get(plain_form(typed))
        # %hedy topic "new", in quotes, is the topic of that name
        if found is not None and all(word.plain for word in words[:length]):
            return found, length
    advice = hints.second_word(words, BY_WORD) or hints.unknown_command(words, BY_WORD) or _COMMAND_FIRST
    raise UsageError(f"Unknown command {str(words[0])!r}.", advice=advice)


def overview() -> str:
    """Return the help text of all commands."""
    return help_texts.overview((*COMMANDS, *CELLS.values()))


def explained(command: Command) -> Reply:
    """Return the help of one command."""
    return Reply(status=help_texts.explain(command), page=help_pages.explain_help(command))


def _overview() -> Reply:
    return Reply(status=overview(), page=help_pages.overview_help((*COMMANDS, *CELLS.values())))


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
        "Show this list, or explain one command.",
        (Argument("COMMAND", optional=True, source="commands", rest=True),),
        reads=False,
    ),
    *ACCOUNT_COMMANDS,
    *READING_COMMANDS,
    *WRITE_COMMANDS,
    *ARCHIVE_COMMANDS,
    *EVENT_COMMANDS,
    *ANALYSIS_COMMANDS,
    *PEOPLE_COMMANDS,
    *ANSWER_COMMANDS,
    *EXPORT_COMMANDS,
    DISPLAY,
    LOG,
)
BY_WORD: Mapping[str, Command] = {command.word: command for command in COMMANDS}
VOCABULARY = Vocabulary(BY_WORD, lambda: status.names(current.in_use()))
"""What suggestions are made from: the commands, and the names that the account in use has read or archived."""
