"""Hints: what a line of ``%hedy`` that cannot be read was probably meant to be. No request is made for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING

from hedy_jupyter.errors import UsageError
from hedy_jupyter.kinds import BY_NAME, KINDS
from hedy_jupyter.lazy import at_first_use
from hedy_jupyter.magics.command import Command, Option
from hedy_jupyter.magics.hint_words import ACTION_WORDS, COMMAND_WORDS, OPTION_WORDS, SETTINGS
from hedy_jupyter.magics.line import Word
from hedy_jupyter.text.fold import fold
from hedy_jupyter.text.punctuation import plain_form
from hedy_jupyter.text.quoting import as_word, quoted
from hedy_jupyter.text.suggestions import close_names, did_you_mean, question

if TYPE_CHECKING:
    from hedy_jupyter.dates import ranges
else:
    ranges = at_first_use("hedy_jupyter.dates.ranges")

Names = Mapping[str, Mapping[str, str]]
"""Kind → id → title or name."""


@dataclass(frozen=True)
class Vocabulary:
    """What suggestions are made from.

    Attributes:
        commands: the commands by their words.
        names: returns the names that were read or archived so far.
    """

    commands: Mapping[str, Command]
    names: Callable[[], Names] = dict


NOTHING_KNOWN = Vocabulary({})


@dataclass(frozen=True)
class Extra:
    """A word that is no option.

    Attributes:
        word: the word.
        before: the option and its value that it follows directly.
    """

    word: Word
    before: tuple[Option, str] | None = None


_LEADING_WORDS = frozenset({"from", "after", "before", "in", "on", "of", "for", "the", "at", "by", "with"})
_RANGE = re.compile(r"\s+(?:to|until|till|through|bis|[-–—])\s+", re.IGNORECASE)
_NUMBER = re.compile(r"(?:(?:last|top|newest|latest|first)\s+)?(\d{1,6})", re.IGNORECASE)
_LAST = re.compile(
    r"(?:the\s+)?(?:last|latest|newest|previous)(?:\s*[-~～ ]\s*(\d+))?(?:\s+(?:one|meeting|session|call))?"
)
_NEARLY_LAST = frozenset({"lastt", "lst", "las", "lasst", "last~", "last-", "last last"})
_MOST_WORDS = 6  # of a date or a name that lacks its quotes


# Commands -------------------------------------------------------------------------------------------------------------


def unknown_command(words: Sequence[Word], commands: Mapping[str, Command]) -> str:
    """Return advice on *words*, which begin with no command; empty if there are none."""
    first, rest = str(words[0]), words[1:]
    typed = plain_form(first).strip("%/!.,;:")
    if typed.startswith("-"):
        return ""
    if typed in commands:  # todos.
        return question([typed])
    if typed == "hedy" and rest:  # %hedy hedy todos
        return question(["%hedy " + " ".join(map(_as_typed, rest))])
    glued = re.fullmatch(r"([a-z]+)(--[a-z-]+.*)", typed)
    if glued and glued[1] in commands:  # todos--open
        return question([f"%hedy {glued[1]} {glued[2]}"])
    if typed in SETTINGS:
        return SETTINGS[typed]
    swapped = second_word([Word(plain_form(word), plain=word.plain) for word in (*rest[:1], words[0])], commands)
    if swapped:  # new topic
        return swapped
    similar = close_names(first, commands)
    meant = [command for command, synonyms in COMMAND_WORDS.items() if typed in synonyms]
    known = [command for command in meant if command.partition(" ")[0] in commands]
    return question([*known, *(() if known else similar)])


def second_word(words: Sequence[Word], commands: Mapping[str, Command]) -> str:
    """Return a question that suggests ``topic edit`` for ``topic edti``; empty if no such command is similar."""
    if len(words) < 2 or not words[1].plain:
        return ""
    first = plain_form(words[0])
    first = first if any(word.startswith(f"{first} ") for word in commands) else first.removesuffix("s")
    prefix, typed = f"{first} ", plain_form(words[1])
    second = [word.removeprefix(prefix) for word in commands if word.startswith(prefix)]
    meant = [action for action in second if typed == action or typed in ACTION_WORDS.get(action, ())]
    return question(prefix + action for action in meant) or did_you_mean(words[1], second, prefix=prefix, least=0.7)


def which_session(text: str) -> str:
    """Return what to type for a session that was called *text*, such as ``last 2`` or ``yesterday``; else nothing."""
    typed = text.strip().casefold()
    if typed in _NEARLY_LAST:
        return question(["last"])
    if typed in {"first", "oldest"}:
        return "%hedy sessions --all lists the oldest session last."
    found = _LAST.fullmatch(typed)
    if found:
        which = "last" + (f"~{int(found[1])}" if found[1] else "")
        return question([which] if which != text else [])
    return question([f"%hedy sessions --since {as_word(text)}"]) if _is_date(text) else ""


# Options --------------------------------------------------------------------------------------------------------------


def unknown_option(command: Command, typed: str, vocabulary: Vocabulary) -> str:
    """Return advice on the option *typed*, which *command* does not have; empty if there are none."""
    options = {option.flag.lstrip("-"): option for option in command.all_options}
    name = plain_form(typed).lstrip("-")
    if not name:
        return ""
    glued = [option for flag, option in options.items() if option.value and len(flag) > 1 and _glued(name, flag)]
    if glued:  # --limit5
        flag = glued[0].flag
        return question([f"{flag} {as_word(typed[typed.find(flag[-1], len(flag) - 1) + 1 :])}"])
    meant = [options[name].flag] if name in options else _options_for(name, command)
    if len(name) == 1 and not meant:
        return question([option.flag for flag, option in options.items() if len(flag) > 1 and flag[0] == name][:3])
    if not meant and "since" in options and _is_date(name.replace("-", " ")):
        return question([f"--since {as_word(name.replace('-', ' '))}"])  # --last-week
    other = vocabulary.commands.get(KINDS_OF.get(command.word, ""))
    if not meant and other and (flag := f"--{name}") in {option.flag for option in other.options}:
        return question([f"{other.name} {flag}"])  # todo --open
    close = close_names(name, [flag for flag in options if len(flag) > 1])
    return question([*meant, *(() if meant else (options[flag].flag for flag in close))])


def _glued(name: str, flag: str) -> bool:
    return name.startswith(flag) and name[len(flag) :][:1].isdigit()


def _options_for(word: str, command: Command) -> list[str]:
    flags = {option.flag for option in command.all_options}
    return [flag for flag, synonyms in OPTION_WORDS.items() if word in synonyms and flag in flags]


KINDS_OF: Mapping[str, str] = MappingProxyType({name: kind.plural for name, kind in BY_NAME.items()})
"""The command for one record → the command for the list."""


# Arguments ------------------------------------------------------------------------------------------------------------


def missing(command: Command, extras: Sequence[Extra], vocabulary: Vocabulary) -> str:
    """Return advice on a line that lacks an argument: the list that may be meant; empty if there are none."""
    if hint := command.hint([extra.word for extra in extras]):
        return hint
    plural = vocabulary.commands.get(KINDS_OF.get(command.word, ""))
    if plural is None:
        return ""
    meant = _suggestions(plural, extras, vocabulary) if extras else []
    is_switch = len(meant) == 1 and re.fullmatch(r"--[a-z]+", meant[0])
    return f"Usage: {command.usage}. " + question([f"{plural.name} {meant[0]}" if is_switch else plural.name])


def unexpected(command: Command, extras: Sequence[Extra], vocabulary: Vocabulary) -> str:
    """Return advice on *extras*, words that *command* has no argument for; empty if there are none."""
    return command.hint([extra.word for extra in extras]) or question(_suggestions(command, extras, vocabulary))


def _suggestions(command: Command, extras: Sequence[Extra], vocabulary: Vocabulary) -> list[str]:
    """Return what may be meant by *extras*, words that *command* has no argument for."""
    first = extras[0]
    run = _run(extras)
    text = " ".join(extra.word for extra in run)
    flags = {option.flag: option for option in command.all_options}
    names = vocabulary.names()
    for suggestion in (
        _as_option(command, run),
        _as_value(first, run, names),
        _as_number(text, flags),
        _as_dates(text, flags),
    ):
        if suggestion:
            return [suggestion]
    longer = [flag.lstrip("-") for flag in flags if len(flag) > 2]
    if similar := close_names(first.word, longer, least=0.75):
        return [f"--{name}" for name in similar]
    if suggestion := _as_name(command, text, flags, names):
        return [suggestion]
    one = _one_of(command)
    return [f"{one} {as_word(text)}"] if one and not first.word.plain else []


def in_name(command: Command, words: Sequence[Word]) -> str:
    """Return the option that is a word in *words*, the name of what was not found, such as ``Hiring since may``."""
    flags = {option.flag for option in command.options}
    for place, word in enumerate(words):
        if place and word.plain and f"--{plain_form(word)}" in flags:
            suggestion = _as_option(command, [Extra(one) for one in words[place:]])
            return question([suggestion] if suggestion else [])
    text = " ".join(words)
    return question([f"--since {as_word(text)}"]) if "--since" in flags and _is_date(text) else ""


def check_values(command: Command, positional: Sequence[Extra], vocabulary: Vocabulary) -> None:
    """Raise if a value with spaces lacks its quotes, so that its further words would be taken for an argument.

    Raises:
        UsageError: ``--since last week``, or the words of a name that is known.
    """
    for place, extra in enumerate(positional):
        if extra.before is None or not any(argument.rest for argument in command.arguments):
            continue
        run = _run(positional[place:])
        is_choice = not place and extra.word in command.arguments[0].source.split("|")
        is_open = not _is_closed(command, extra.word) and not (place and _is_free_text(extra.before[0]))
        sure = is_choice or is_open
        suggestion = _as_value(extra, run, vocabulary.names(), sure=sure)
        if suggestion:
            raise UsageError(
                f"{extra.before[0].flag} takes one word, or several in quotes.", advice=question([suggestion])
            )


def _is_free_text(option: Option) -> bool:
    """Return whether the value of *option* is any text, such as a description."""
    return not option.source and option.value in {"T", "TEXT", "N"} and option.flag != "--limit"


def _is_closed(command: Command, word: str) -> bool:
    """Return whether the last argument of *command* takes certain words only, and *word* is none of them."""
    choices = command.arguments[-1].source.split("|")
    return len(choices) > 1 and word not in choices


def _run(extras: Sequence[Extra]) -> Sequence[Extra]:
    """Return the words at the start of *extras* between which there is no option."""
    end = next((place for place, extra in enumerate(extras) if place and extra.before), len(extras))
    return extras[:end]


def _as_option(command: Command, run: Sequence[Extra]) -> str:
    """Return ``--open`` for the word ``open``, and with its value ``--limit 5`` for ``limit 5``."""
    name, _, given = run[0].word.partition("=")  # limit=5
    word = plain_form(name).strip("-")
    if not run[0].word.plain or not word:
        return ""
    flags = {option.flag: option for option in command.all_options}
    meant = [f"--{word}"] if f"--{word}" in flags else _options_for(word, command)
    if not meant:
        return ""
    option, value = flags[meant[0]], given or " ".join(extra.word for extra in run[1:])
    if not option.value:
        return option.flag
    if option.flag == "--since":
        return _as_dates(value, flags)
    if "|" in option.source and word in option.source.split("|"):
        return f"{option.flag} {word}"
    return f"{option.flag} {as_word(value)}" if value else ""


def _as_value(first: Extra, run: Sequence[Extra], names: Names, *, sure: bool = False) -> str:
    """Return the option before *first* with its value in quotes; with *sure* only where the words are known as one."""
    if first.before is None or not first.word.plain:
        return ""
    option, value = first.before
    plain = [extra.word for extra in run[:_MOST_WORDS] if extra.word.plain]
    longer = [" ".join([value, *plain[:count]]) for count in range(len(plain), 0, -1)]
    if option.value == "D":
        whole = next(filter(_is_date, longer), "")
        return f"{option.flag} {as_word(whole)}" if whole else ""
    known = {fold(label): label for label in names.get(option.source, {}).values() if label}
    whole = next((known[fold(text)] for text in longer if fold(text) in known), "")
    is_whole = fold(value) in known or _LAST.fullmatch(value.casefold()) or "|" in option.source
    if not whole and not sure and not is_whole and option.flag != "--limit":
        close = close_names(longer[0], known.values())
        whole = close[0] if close else longer[0]
    return f"{option.flag} {as_word(whole)}" if whole else ""


def _as_number(text: str, flags: Mapping[str, Option]) -> str:
    found = _NUMBER.fullmatch(text)
    is_year = found is not None and _is_date(text)
    return f"--limit {int(found[1])}" if found and "--limit" in flags and not is_year else ""


def _as_dates(text: str, flags: Mapping[str, Option]) -> str:
    """Return ``--since "last week"`` for words that begin with a date."""
    if "--since" not in flags:
        return ""
    words = text.split()
    while len(words) > 1 and words[0].casefold() in _LEADING_WORDS:
        words = words[1:]
    ends = _RANGE.split(" ".join(words), maxsplit=1)
    if len(ends) > 1 and "--until" in flags and all(map(_is_date, ends)):
        return f"--since {as_word(ends[0])} --until {as_word(ends[1])}"
    shorter = (" ".join(words[:end]) for end in range(min(len(words), _MOST_WORDS), 0, -1))
    date = next(filter(_is_date, shorter), "")
    return f"--since {as_word(date)}" if date else ""


def _as_name(command: Command, text: str, flags: Mapping[str, Option], names: Names) -> str:
    """Return the option or command that takes *text*, the name of a topic or the title of a session."""
    one = _one_of(command)
    last = _LAST.fullmatch(text.casefold())
    if last and (command.word == "sessions" or "--session" in flags):
        which = "last" + (f"~{int(last[1])}" if last[1] else "")
        return f"{one} {which}" if command.word == "sessions" else f"--session {which}"
    for kind, flag in (("topics", "--topic"), ("sessions", "--session")):
        close = close_names(text, names.get(kind, {}).values()) if flag in flags else []
        if close:
            return f"{flag} {as_word(close[0])}"
    known = names.get(command.word, {})
    close = close_names(text, known.values()) or [ident for ident in known if ident == text]
    return f"{one} {as_word(close[0])}" if one and close else ""


def _one_of(command: Command) -> str:
    """Return the command for one of the records that *command* lists; empty without one."""
    kind = KINDS.get(command.word)
    return f"%hedy {kind.name}" if kind and kind.name in {"session", "topic", "context"} else ""


def _is_date(text: str) -> bool:
    if not text[:1].isalnum():
        return False
    try:
        ranges.instant(text, zone=UTC)
    except UsageError:
        return False
    return True


def _as_typed(word: Word) -> str:
    return word if word.plain else quoted(word)


def merged(hint: str, advice: str) -> str:
    """Return *hint* and *advice* with one question only: a suggestion of a command comes before one of a name."""
    return hint if hint and advice.startswith("Did you mean") else " ".join(filter(None, (hint, advice)))
