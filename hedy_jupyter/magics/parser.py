"""Read the words of a ``%hedy`` line as the arguments and options of its command.

Options are also read in other spellings, as chats and East Asian keyboards write them: ``–open``, ``-open``,
``--Open``, ``--limit = 5``. A line that deletes has to have the plain spelling.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hedy_jupyter.errors import UsageError
from hedy_jupyter.magics import hints
from hedy_jupyter.magics.command import Call, Command, Option
from hedy_jupyter.magics.hints import NOTHING_KNOWN, Extra, Vocabulary
from hedy_jupyter.magics.line import Word
from hedy_jupyter.text.punctuation import DASHES, plain_form
from hedy_jupyter.text.quoting import quoted
from hedy_jupyter.text.suggestions import question

_FILTERS = frozenset({"--topic", "--since", "--until", "--session", "--text", "--person", "--due-before"})
"""Options that choose rows: giving one twice is an error. Of other options the last one counts."""
_OPTION = re.compile(rf"(?P<typed>[{DASHES}]+(?P<name>[^=＝]*))(?:(?P<equals>[=＝])(?P<value>.*))?", re.DOTALL)
_ID = re.compile(r"(?=.*[\d_])[\w.-]+|[a-f]{6,}")
"""What may be an id that is enough alone; no word of a list's options, such as ``open``, is like it."""
_YES, _NO = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0"})


@dataclass
class _Parsed:
    """What was read so far: the words that are no options with the option before them, and the options."""

    positional: list[Extra] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    repeated: dict[str, list[str]] = field(default_factory=dict)


def read(
    command: Command, words: Sequence[Word], body: str | None = None, vocabulary: Vocabulary = NOTHING_KNOWN
) -> Call:
    """Return the arguments and options in *words*.

    Args:
        command: the command that they follow.
        words: the expanded words.
        body: the text of the cell, if there is one.
        vocabulary: what suggestions are made from.

    Raises:
        UsageError: an unknown or misplaced word; the advice suggests what was probably meant.
    """
    if _deletes(command, words) and any(word.curly for word in words):
        line = " ".join([command.name, *(word if word.plain else quoted(word) for word in words)])
        raise UsageError(f"{command.name} takes plain quotes only, because it deletes.", advice=f"Type: {line}")
    parsed = _parse(command, words, vocabulary)
    _check_variable(parsed.options.get("-o"))
    if body is not None:
        return Call(command, _from_body(command, parsed.positional, body), parsed.options, parsed.repeated)
    hints.check_values(command, parsed.positional, vocabulary)
    arguments = _arguments(command, parsed, vocabulary)
    return Call(command, arguments, parsed.options, parsed.repeated)


def _deletes(command: Command, words: Sequence[Word]) -> bool:
    """Return whether the line deletes something."""
    return command.word.endswith("delete") or words[:1] == ["delete"]


def _parse(command: Command, words: Sequence[Word], vocabulary: Vocabulary) -> _Parsed:
    exact = _deletes(command, words)
    flags = {option.flag: option for option in command.all_options}
    parsed = _Parsed()
    rest = iter(words)
    before: tuple[Option, str] | None = None  # the option whose value ends just here
    for word in rest:
        if word == "--" and word.plain:  # what follows is text
            parsed.positional += [Extra(word) for word in rest]
            break
        flag = _flag(command, flags, word, vocabulary, exact=exact)
        if flag is None:
            parsed.positional.append(Extra(word, before))
            before = None
            continue
        option = flags[flag]
        if flag in _FILTERS and flag in parsed.options and not option.many:
            raise UsageError(f"{flag} was given more than once.", advice=f"Give it once. Usage: {command.usage}")
        value = _value(command, option, word, rest) if option.value else _switch(command, option, word)
        if isinstance(value, Word) and option.phrases:
            value = _phrase(value)
        before = (option, value) if option.value else None
        parsed.options[flag] = value
        parsed.repeated.setdefault(flag, []).append(value)
    return parsed


def _flag(
    command: Command, flags: Mapping[str, Option], word: Word, vocabulary: Vocabulary, *, exact: bool
) -> str | None:
    """Return the option that *word* names, with *exact* only in the plain spelling; None if it is text.

    Raises:
        UsageError: it looks like an option and is none.
    """
    found = _OPTION.fullmatch(word) if word.plain else None
    if found is None or word == "-":
        return None
    typed = found["typed"]
    if typed in flags:
        return typed
    flag = spelled(typed, flags)
    takes_exclusions = any(argument.phrases for argument in command.arguments)
    if takes_exclusions and word.startswith("-") and not word.startswith("--"):
        if flag is None:
            return None  # in a search, -word excludes
        advice = f'Did you mean {flag}? To leave out what has the word, put it in quotes: "{typed}".'
        raise UsageError(f"{typed} may be an option or a word to exclude.", advice=advice)
    if flag is not None and not exact:
        return flag
    if flag is None and not word.startswith("-") and any(argument.rest for argument in command.arguments):
        return None  # a dash in a title or text
    advice = hints.unknown_option(command, typed, vocabulary) or f"Usage: {command.usage}"
    raise UsageError(f"Unknown option {typed} for {command.name}.", advice=advice)


def spelled(typed: str, flags: Mapping[str, Option]) -> str | None:
    """Return the one of *flags* that *typed* spells with other dashes, letters or widths; None if there are none."""
    name = plain_form(typed).lstrip("-")
    flag = f"-{name}" if len(name) == 1 else f"--{name}"
    return flag if name and flag in flags else None


def _switch(command: Command, option: Option, word: Word) -> str:
    """Return the value of a switch, which is empty.

    Raises:
        UsageError: *word* gives it another value.
    """
    value = word.partition("=")[2] or word.partition("＝")[2]
    said = plain_form(value)
    if not value and not word.endswith(("=", "＝")):
        return ""
    advice = question([option.flag]) if said in _YES else f"Usage: {command.usage}"
    advice = f"Leave {option.flag} out." if said in _NO else advice
    raise UsageError(f"{option.flag} takes no value.", advice=advice)


def _value(command: Command, option: Option, word: Word, rest: Iterator[Word]) -> Word:
    """Return the value of *option*: what follows ``=`` in *word*, else the next word of *rest*."""
    found = _OPTION.fullmatch(word)
    if found and found["equals"]:
        return Word(found["value"])
    flags = {one.flag: one for one in command.all_options}
    following = next(rest, None)
    if following is not None and following.plain and following.startswith(("=", "＝")) and not command.writes:
        following = Word(following[1:], plain=True) if len(following) > 1 else next(rest, None)  # --limit = 5
    if following is None or (following.plain and (following in flags or _dashed(following, flags))):
        raise UsageError(
            f"{option.flag} needs a value: {option.flag} {option.value}.", advice=f"Usage: {command.usage}"
        )
    return following


def _dashed(word: Word, flags: Mapping[str, Option]) -> bool:
    """Return whether *word* spells an option with two hyphens or a longer dash."""
    found = _OPTION.fullmatch(word)
    return found is not None and not re.match(r"-[^-]", word) and spelled(found["typed"], flags) is not None


def _from_body(command: Command, positional: list[Extra], body: str) -> dict[str, str]:
    if not command.body:
        raise UsageError(f"{command.name} takes no cell body.", advice=f"Usage: {command.usage}")
    if positional:
        raise UsageError(
            f"%%hedy {command.word} takes its {command.body} from the cell, not from the line.",
            advice="Put only options into the line.",
        )
    return {command.body: body.strip()}


def _check_variable(name: str | None) -> None:
    if name is not None and (not name.isidentifier() or keyword.iskeyword(name)):
        raise UsageError(f"-o must be the name of a variable, not {name!r}.", advice="For example: -o todos")


def _arguments(command: Command, parsed: _Parsed, vocabulary: Vocabulary) -> dict[str, str]:
    found: dict[str, str] = {}
    words = [extra.word for extra in parsed.positional]
    for argument in command.arguments:
        if argument.rest and words:
            found[argument.name] = " ".join(_phrase(word) if argument.phrases else word for word in words)
            words = []
        elif words:
            found[argument.name] = str(words.pop(0))
        elif not (argument.optional or (argument.implied and _ID.fullmatch(" ".join(found.values())))):
            advice = hints.missing(command, parsed.positional, vocabulary) or f"Usage: {command.usage}"
            raise UsageError(f"{command.name} needs {argument.name}.", advice=advice)
    if words:
        extras = parsed.positional[-len(words) :]
        advice = hints.unexpected(command, extras, vocabulary) or f"Usage: {command.usage}"
        raise UsageError(f"Unexpected argument {str(words[0])!r}.", advice=advice)
    return found


def _phrase(word: Word) -> str:
    """Return *word*, in double quotes if it was typed in quotes and has white space; a ``-`` stays before them."""
    if word.plain or not re.search(r"\s", word):
        return word
    minus = "-" * word.startswith("-")
    return '{}"{}"'.format(minus, word[len(minus) :].replace('"', " "))
