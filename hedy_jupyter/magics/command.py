"""What a ``%hedy`` command line may look like: arguments and options as rows, and how words become a ``Call``."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast, get_args

from hedy_jupyter.errors import UsageError
from hedy_jupyter.magics.line import Word
from hedy_jupyter.settings import Source

if TYPE_CHECKING:
    from hedy_jupyter.magics.context import CommandContext


@dataclass(frozen=True)
class Argument:
    """A word without a dash in front.

    Attributes:
        name: as the help shows it.
        optional: whether it may be left out.
        source: where completion finds its values: a kind of ``Hedy.seen``, or the values themselves, parted by ``|``.
        rest: takes all words that are left, so that a title needs no quotes.
        phrases: words that were typed between quotes come between double quotes.
    """

    name: str
    optional: bool = False
    source: str = ""
    rest: bool = False
    phrases: bool = False


@dataclass(frozen=True)
class Option:
    """A word with a dash in front.

    Attributes:
        value: the name of its value in the help; empty for a switch.
        source: as in ``Argument``.
        many: it may be given more than once.
    """

    flag: str
    help: str
    value: str = ""
    source: str = ""
    many: bool = False


REFRESH = Option("--refresh", "ask again, even what was read within the last minute")
SOURCE = Option(
    "--source", "live, or archive: what the last sync brought, without any request", "SOURCE", "live|archive"
)
EVERYWHERE = (
    Option("-o", "put the result into the variable NAME and show nothing", "NAME"),
    Option("-q", "no status line"),
    Option("--help", "what the command does"),
)


_FILTERS = frozenset({"--topic", "--since", "--until", "--session"})
"""What chooses rows: two of one, where they do not add up, are an error. Of other options the last counts."""

SINCE = Option(
    "--since", "only sessions that start then or later", "D", source="7d|today|yesterday|last week|last month"
)
UNTIL = Option("--until", "only sessions that start then or before", "D", source="today|yesterday|last week|last month")


@dataclass(frozen=True)
class Reply:
    """What a command gives.

    Attributes:
        value: what the magic returns; None where there is only something to say.
        status: one line to print after it.
        view: the list that *value* is shown as, such as ``todos``; empty for what shows itself.
        query: what was searched for, to show its hits.
        fts: *query* is in the language of FTS5.
    """

    value: Any = None
    status: str = ""
    view: str = ""
    query: str = ""
    fts: bool = False


@dataclass(frozen=True)
class Call:
    """One command line, read."""

    command: Command
    arguments: Mapping[str, str]
    options: Mapping[str, str]
    repeated: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def every(self, flag: str) -> Sequence[str]:
        """The values of *flag*, which may be given more than once."""
        return self.repeated.get(flag, ())

    def has(self, flag: str) -> bool:
        """Whether the switch *flag* was given."""
        return flag in self.options

    def get(self, flag: str) -> str | None:
        """The value of *flag*, or None."""
        return self.options.get(flag)

    def number(self, flag: str, default: int) -> int:
        """The value of *flag* as a number of 1 or more.

        Raises:
            UsageError: it is none.
        """
        text = self.options.get(flag, str(default))
        if not text.isdecimal() or int(text) < 1:
            raise UsageError(
                f"{flag} takes a number of 1 or more, not {text!r}.", advice=f"Usage: {self.command.usage}"
            )
        return int(text)

    @property
    def source(self) -> Source:
        """Where to read from.

        Raises:
            UsageError: it is neither ``live`` nor ``archive``.
        """
        wanted = self.options.get("--source", "live")
        if wanted not in get_args(Source):
            raise UsageError(f"--source is live or archive, not {wanted!r}.", advice=f"Usage: {self.command.usage}")
        return cast("Source", wanted)

    @property
    def refresh(self) -> bool:
        """Whether to ask again what was read a moment ago."""
        return self.has("--refresh")


@dataclass(frozen=True)
class Command:
    """One command: the row that everything else is made from.

    Attributes:
        reads: it asks the API for something that may come from memory.
        archived: the archive can answer it too.
        body: the argument that a cell's text is put into: ``%%hedy`` in front of it.
        cell: a magic of its own for whole cells, not a command of ``%hedy``.
    """

    word: str
    run: Callable[[CommandContext, Call], Reply]
    help: str
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    reads: bool = True
    archived: bool = False
    body: str = ""
    cell: bool = False

    @property
    def name(self) -> str:
        """The words that call it."""
        return f"%%{self.word}" if self.cell else f"%hedy {self.word}".rstrip()

    @property
    def all_options(self) -> tuple[Option, ...]:
        """Its own options and those that it shares."""
        return self.options + (SOURCE,) * self.archived + (REFRESH,) * self.reads + EVERYWHERE

    @property
    def usage(self) -> str:
        """The command line, as the help shows it."""
        parts = [self.name]
        parts += [f"[{one.name}]" if one.optional else one.name for one in self.arguments]
        parts += [f"[{one.flag} {one.value}]" if one.value else f"[{one.flag}]" for one in self.options]
        return " ".join(parts)


def read(command: Command, words: Sequence[Word], body: str | None = None) -> Call:
    """The arguments and options in *words*; *body* is the text of the cell, where one is given.

    Raises:
        UsageError: a word that does not fit, with what it may have meant.
    """
    flags = {option.flag: option for option in command.all_options}
    loose: list[Word] = []
    options: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    rest = iter(words)
    for word in rest:
        if not (word.plain and word.startswith("-") and len(word) > 1):
            loose.append(word)
            continue
        flag, equals, value = word.partition("=")
        option = flags.get(flag)
        if option is None:
            raise UsageError(
                f"Unknown option {flag} for {command.name}.",
                advice=did_you_mean(flag, flags) or f"Usage: {command.usage}",
            )
        if bool(equals) and not option.value:
            raise UsageError(f"{flag} takes no value.", advice=f"Usage: {command.usage}")
        if option.value and not equals:
            following = next(rest, None)
            if following is None or (following.plain and following in flags):
                raise UsageError(f"{flag} needs a value: {flag} {option.value}.", advice=f"Usage: {command.usage}")
            value = following
        if flag in _FILTERS and flag in options and not option.many:
            raise UsageError(f"{flag} was given more than once.", advice=f"Give it once. Usage: {command.usage}")
        options[flag] = value
        repeated.setdefault(flag, []).append(value)
    _check_variable(options.get("-o"))
    return Call(
        command, _arguments(command, loose) if body is None else _from_body(command, loose, body), options, repeated
    )


def _from_body(command: Command, loose: list[Word], body: str) -> dict[str, str]:
    if not command.body:
        raise UsageError(f"{command.name} takes no cell body.", advice=f"Usage: {command.usage}")
    if loose:
        raise UsageError(
            f"%%hedy {command.word} takes its {command.body} from the cell, not from the line.",
            advice="Only options go there.",
        )
    return {command.body: body.strip()}


def _check_variable(name: str | None) -> None:
    if name is not None and (not name.isidentifier() or keyword.iskeyword(name)):
        raise UsageError(f"-o takes the name of a variable, not {name!r}.", advice="For example: -o todos")


def _arguments(command: Command, loose: list[Word]) -> dict[str, str]:
    found: dict[str, str] = {}
    for argument in command.arguments:
        if argument.rest and loose:
            found[argument.name], loose = " ".join(_phrase(word) if argument.phrases else word for word in loose), []
        elif loose:
            found[argument.name], loose = str(loose[0]), loose[1:]
        elif not argument.optional:
            raise UsageError(f"{command.name} needs {argument.name}.", advice=f"Usage: {command.usage}")
    if loose:
        raise UsageError(f"Unexpected argument {str(loose[0])!r} for {command.name}.", advice=f"Usage: {command.usage}")
    return found


def _phrase(word: Word) -> str:
    """*word*, between double quotes where its white space was typed between quotes."""
    return word if word.plain or not re.search(r"\s", word) else '"{}"'.format(word.replace('"', " "))


def explain(command: Command) -> str:
    """One command with the words that may follow it and its options."""
    choices = [f"  {one.name:<20} {', '.join(one.source.split('|'))}" for one in command.arguments if "|" in one.source]
    options = [f"  {shown_flag(option):<20} {option.help}" for option in command.all_options]
    return "\n".join([command.usage, f"  {command.help}", "", *choices, *options])


def shown_flag(option: Option) -> str:
    """*option* as the help shows it."""
    return f"{option.flag} {option.value}".rstrip()


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint at the names that *word* may be a slip of; empty where there is none."""
    close = difflib.get_close_matches(word, list(known), n=3)
    return f"Did you mean {' or '.join(close)}?" if close else ""
