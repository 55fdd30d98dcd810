"""The parts of a ``%hedy`` command: its arguments and options, the ``Call`` of a line, and the ``Reply``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast, get_args

from hedy_jupyter.errors import UsageError
from hedy_jupyter.settings import Source
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from hedy_jupyter.display.display_mixin import Shown
    from hedy_jupyter.magics.context import CommandContext


@dataclass(frozen=True)
class Argument:
    """An argument of a command: a word without a dash.

    Attributes:
        name: its name in the help.
        optional: whether it may be omitted.
        source: the values for completion: a kind, such as ``sessions``, or the values themselves, separated by ``|``.
        rest: takes all remaining words, so that a title needs no quotes.
        phrases: keeps double quotes around words that were typed in quotes.
        implied: may be left out where the one before it is an id, which then is enough alone; the help shows it.
    """

    name: str
    optional: bool = False
    source: str = ""
    rest: bool = False
    phrases: bool = False
    implied: bool = False


@dataclass(frozen=True)
class Option:
    """An option of a command: a word with a dash.

    Attributes:
        flag: the option, such as ``--limit``.
        help: one line for the help.
        value: the name of its value in the help; empty for a switch.
        source: the values for completion, as in ``Argument``.
        many: whether it may be given more than once.
        phrases: keeps double quotes around words that were typed in quotes, as in ``Argument``.
    """

    flag: str
    help: str
    value: str = ""
    source: str = ""
    many: bool = False
    phrases: bool = False


REFRESH = Option("--refresh", "Read again, even what was read within the last minute.")
SOURCE = Option(
    "--source", "Read live, or from the archive: the last sync, without any request.", "SOURCE", "live|archive"
)
AS = Option("--as", "Show a card, or a text to copy.", "FORM", source="card|html|markdown|text")
EVERYWHERE = (
    Option("-o", "Store the result in the variable NAME and show nothing.", "NAME"),
    Option("-q", "Print no status line."),
    Option("--help", "Explain the command."),
)


SINCE = Option(
    "--since",
    "Keep only what starts then or later: 2026-03-15, 2026-03, 7d, last tuesday.",
    "D",
    source="7d|today|yesterday|last week|last month",
)
UNTIL = Option(
    "--until",
    "Keep only what starts then or before; a bare day or month counts whole.",
    "D",
    source="today|yesterday|last week|last month",
)


@dataclass(frozen=True)
class Reply:
    """What a command returns.

    Attributes:
        value: what the magic returns; None if there is only a status.
        status: the text to print after it.
        view: the list that *value* is shown as, such as ``todos``; empty for what shows itself.
        query: what was searched for, to show its hits.
        fts: *query* is in the language of FTS5.
        page: what shows the same as *status* in a notebook, without being the value.
        next_step: what to type next, in a line ``Next: …`` below all of it.
    """

    value: Any = None
    status: str = ""
    view: str = ""
    query: str = ""
    fts: bool = False
    page: Shown | None = None
    next_step: str = ""


@dataclass(frozen=True)
class Call:
    """One command line as it was read."""

    command: Command
    arguments: Mapping[str, str]
    options: Mapping[str, str]
    repeated: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def every(self, flag: str) -> Sequence[str]:
        """Return the values of *flag*, which may be given more than once."""
        return self.repeated.get(flag, ())

    def has(self, flag: str) -> bool:
        """Return whether the switch *flag* was given."""
        return flag in self.options

    def get(self, flag: str) -> str | None:
        """Return the value of *flag*, or None."""
        return self.options.get(flag)

    def number(self, flag: str, default: int) -> int:
        """Return the value of *flag* as a number of 1 or more.

        Raises:
            UsageError: it is no such number.
        """
        text = self.options.get(flag, str(default))
        if not text.isdecimal() or int(text) < 1:
            all_of_them = did_you_mean(f"--{text}", [one.flag for one in self.command.options if not one.value])
            raise UsageError(
                f"{flag} must be a number of 1 or more, not {text!r}.",
                advice=all_of_them or f"Usage: {self.command.usage}",
            )
        return int(text)

    @property
    def source(self) -> Source:
        """The source to read from.

        Raises:
            UsageError: it is neither ``live`` nor ``archive``.
        """
        source = self.options.get("--source", "live")
        if source not in get_args(Source):
            raise UsageError(
                f"--source must be live or archive, not {source!r}.",
                advice=did_you_mean(source, get_args(Source)) or f"Usage: {self.command.usage}",
            )
        return cast("Source", source)

    @property
    def refresh(self) -> bool:
        """Whether to read again what was read a moment ago."""
        return self.has("--refresh")


@dataclass(frozen=True)
class Command:
    """One command, from which its parser, help and completion are made.

    Attributes:
        word: its name after ``%hedy``.
        run: the function behind it.
        help: one line for the help.
        arguments: its arguments.
        options: its options, without the shared ones.
        reads: whether it reads from the API, so that it takes ``--refresh``.
        archived: whether it can read from the archive, so that it takes ``--source``.
        body: the argument that the text of a ``%%hedy`` cell is for.
        hint: returns advice on the words of a line that cannot be read; empty without any.
        cell: whether it is a separate cell magic, not a command of ``%hedy``.
    """

    word: str
    run: Callable[[CommandContext, Call], Reply]
    help: str
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    reads: bool = True
    archived: bool = False
    body: str = ""
    hint: Callable[[Sequence[str]], str] = lambda _: ""
    cell: bool = False

    @property
    def name(self) -> str:
        """The words that run it."""
        return f"%%{self.word}" if self.cell else f"%hedy {self.word}".rstrip()

    @property
    def all_options(self) -> tuple[Option, ...]:
        """Its options, including those that it shares with other commands."""
        return self.options + (SOURCE,) * self.archived + (REFRESH,) * self.reads + EVERYWHERE

    @property
    def writes(self) -> bool:
        """Whether it changes something in Hedy."""
        return any(option.flag == "--confirm" for option in self.options)

    @property
    def usage(self) -> str:
        """Its command line in the help."""
        parts = [self.name]
        parts += [f"[{one.name}]" if one.optional else one.name for one in self.arguments]
        parts += [f"[{one.flag} {one.value}]" if one.value else f"[{one.flag}]" for one in self.options]
        return " ".join(parts)
