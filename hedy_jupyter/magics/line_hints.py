"""Hints for whole lines of ``%hedy``: what an option with its value, or some words together, were meant to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from hedy_jupyter.magics.command import Command
from hedy_jupyter.magics.hint_words import ADVICE, EITHER_OPTION, LINES
from hedy_jupyter.magics.hints import Vocabulary
from hedy_jupyter.magics.line import Word
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.punctuation import plain_form
from hedy_jupyter.text.quoting import as_word
from hedy_jupyter.text.suggestions import question

_TODO_OPTIONS = frozenset({"--open", "--done", "--overdue"})
_NEWEST = frozenset({"last", "latest", "recent"})  # --last 5
_FEW = 12  # so many names are listed in an error


def whole_line(command: Command, words: Sequence[Word], commands: Mapping[str, Command]) -> str:
    """Return advice on *words*, which follow *command* and cannot be read; empty if there is none."""
    typed = " ".join([command.word, *map(plain_form, words)])
    if meant := LINES.get(typed):
        return question([f"%hedy {meant}"])
    if command.word == "browse" and words and all(word.plain and not word.startswith("-") for word in words):
        return question([f"%hedy sessions --topic {as_word(' '.join(words))}"])
    for word, following in pairwise([*words, Word("")]):
        if word.plain and plain_form(word).startswith("-") and (found := _option(command, word, following, commands)):
            return found
    return ""


def _option(command: Command, word: Word, following: Word, commands: Mapping[str, Command]) -> str:
    """Return advice on the option *word* and the word after it; empty if *command* has it, or there is none."""
    flags = {option.flag for option in command.all_options}
    name = plain_form(word).lstrip("-")
    if not name:  # todos — open
        flag = f"--{plain_form(following)}"
        return question([flag]) if following and flag in flags else ""
    flag = f"--{name}"
    if flag in flags:
        return ""
    if name in ADVICE:
        return ADVICE[name]
    if name in _NEWEST and following.isdecimal() and "--limit" in flags:
        return question([f"--limit {following}"])
    if name.isdecimal() and command.arguments and command.arguments[0].source == "sessions":
        return question([f"last~{int(name) - 1}" if int(name) > 1 else "last"])  # -1, as in Python
    asked = next((one for one in command.arguments if one.source == f"{name}s"), None)
    if asked is not None:
        return question([f"{command.name} {as_word(following) if following else asked.name}"])
    either = [one for one in EITHER_OPTION.get(name, ()) if one in flags]
    named = [one for one in either if one == f"--{plain_form(following)}"]
    if either:
        return question(named or either)
    if flag in _TODO_OPTIONS and "todos" in commands and command.word != "todo":
        return question([f"%hedy todos {flag}"])
    return question([one for one in flags if len(name) > 2 and sorted(one) == sorted(flag)])


def known_topics(words: Sequence[Word], vocabulary: Vocabulary) -> str:
    """Return the names of the topics to add to an error on ``--topic`` in *words*; empty where they are many."""
    if not any(word.startswith("--topic") for word in words):
        return ""
    names = vocabulary.names().get("topics", {}).values()
    listed = sorted({one_line(name) for name in names if name.strip()}, key=str.casefold)
    return f" Topics: {', '.join(listed)}." if 0 < len(listed) <= _FEW else ""
