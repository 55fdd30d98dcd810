"""What to type next after an error: the corrected line, a command that its advice names, or help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations

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
from hedy_jupyter.magics.line import Word, split
from hedy_jupyter.magics.parser import read
from hedy_jupyter.text.quoting import quoted

_QUESTION = re.compile(r"Did you mean (.+?)(?: or .+)?\?")
_COMMAND = re.compile(r"%hedy [a-z](?:(?!%hedy)[^;,()\n])*")
_USAGE = re.compile(r"Usage: %%?hedy[^.]*")
_PLACEHOLDER = re.compile(r"[A-Z]{2,}|.*[\[\]…|].*")
_MOST_WORDS = 12  # of a line that is corrected
_AGAIN = (Offline, RateLimited, ServerError)
"""Errors after which the same line may work."""
_OTHERS: tuple[tuple[type[HedyError], str], ...] = (
    (ArchiveError, "archive"),
    (AuthError, "login"),
    (SettingsError, "help login"),
    (TierError, "me"),
)


def after_error(error: HedyError, words: Sequence[Word], commands: Mapping[str, Command]) -> str:
    """Return what to type next after *error*, which the line *words* raised.

    Args:
        error: what is raised.
        words: the expanded words of the line.
        commands: every command by its words.
    """
    found = _named(words, commands)
    if found is not None and found.writes and "--dry-run" in error.advice:
        return f"{_line(_unconfirmed(words))} --dry-run"
    for step in _suggested(error.advice, words, found, commands):
        return step
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


def _suggested(
    advice: str, words: Sequence[Word], found: Command | None, commands: Mapping[str, Command]
) -> Iterator[str]:
    """Yield the lines that *advice* suggests and that can be read, the best first."""
    asked = _QUESTION.search(advice)
    meant = asked[1] if asked else ""
    if meant and not meant.startswith("%hedy"):
        if found is None:
            lines = [[*split(meant), *words[1:]]]
        else:
            length = len(found.word.split())
            lines = [[*words[:length], *rest] for rest in _replaced(words[length:], meant)]
        yield from (_line(line) for line in lines if _is_readable(line, commands))
    for typed in _COMMAND.findall(_USAGE.sub("", advice)):
        plain = split(re.split(r"[.:?!](?:\s|$)", typed)[0], open_end=True)[1:]
        shorter = (plain[:count] for count in range(len(plain), 0, -1))
        yield from (_line(line) for line in shorter if _is_readable(line, commands))


def _replaced(words: Sequence[Word], meant: str) -> list[list[Word]]:
    """Return *words* with some of them, those most like *meant* first, replaced by it."""
    instead = split(meant.strip("'") if meant.count("'") == 2 else meant, open_end=True)
    places = combinations(range(min(len(words), _MOST_WORDS) + 1), 2)
    ordered = sorted(places, key=lambda ends: -_likeness(" ".join(words[slice(*ends)]), meant))
    return [[*words[:start], *instead, *words[end:]] for start, end in ordered]


def _likeness(typed: str, meant: str) -> float:
    return SequenceMatcher(None, typed.strip("-"), re.sub(r"[-\"']", "", meant)).ratio()


def _is_readable(words: Sequence[Word], commands: Mapping[str, Command]) -> bool:
    """Return whether *words* are a line that can be run as it is."""
    found = _named(words, commands)
    if found is None or any(word.plain and _PLACEHOLDER.fullmatch(word) for word in words):
        return False
    rest = words[len(found.word.split()) :]
    if found.word == "help":
        return not rest or (_named(rest, commands) is not None and len(rest) <= 2)
    try:
        read(found, rest)
    except HedyError:
        return False
    return True
