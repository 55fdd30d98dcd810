"""Tab completion after ``%hedy``: commands, options, their values, and names read so far; no request is made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from hedy_jupyter import profiles, settings
from hedy_jupyter.account import current
from hedy_jupyter.errors import SettingsError
from hedy_jupyter.magics import dispatch, status
from hedy_jupyter.magics.command import Command
from hedy_jupyter.magics.commands.cells import CELLS
from hedy_jupyter.magics.hints import Names
from hedy_jupyter.magics.line import split
from hedy_jupyter.text.quoting import quoted

_LINE = re.compile(r"^(?:\s*(?:[^=%]+=\s*)?%hedy|%%hedy|%%hedy_(?P<cell>topic|context))\s(?P<tail>.*)$")
_LAST_WORD = re.compile(r"""(?:^|\s)(?P<word>(?:--[a-z-]+=)?(?:"[^"]*|'[^']*|[^\s"']\S*)?)$""")


def complete(line: str, names: Names) -> tuple[str, list[str]] | None:
    """Return the unfinished last word of *line* (up to the cursor) and its completions; None if it is no ``%hedy``."""
    ours = _LINE.match(line)
    if ours is None:
        return None
    found = _LAST_WORD.search(ours["tail"])
    if found is None:
        return "", []
    before, word = ours["tail"][: found.start("word")], found["word"]
    option, equals, fragment = word.partition("=") if word.startswith("--") else ("", "", word)
    done = [str(one) for one in split(before, open_end=True)]
    if equals:
        done.append(option)
    else:
        fragment = word
    cell: Any = ours["cell"]
    offers = _after_command(CELLS[cell], done, fragment, names) if cell else _offers(done, fragment, names)
    return fragment, list(_matching(fragment, offers))


class KnownNames(Mapping[str, Mapping[str, str]]):
    """The names that the account in use has read or archived so far: read when a value is completed, not a command."""

    @cached_property
    def _names(self) -> Names:
        return status.names(current.in_use())

    def __getitem__(self, kind: str) -> Mapping[str, str]:
        return self._names[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _offers(done: list[str], fragment: str, names: Names) -> Iterable[str]:
    """Return everything that may follow the words *done*."""
    if done[:1] == ["help"] and not fragment.startswith("-"):
        return _names(done[1:])
    length = 2 if " ".join(done[:2]) in dispatch.BY_WORD and len(done) > 1 else 1
    command = dispatch.BY_WORD.get(" ".join(done[:length]))
    further = _names(done) if not fragment.startswith("-") else ()
    return [*further, *(_after_command(command, done[length:], fragment, names) if command else ())]


def _names(done: list[str]) -> Iterable[str]:
    """Return the words that may follow *done* in the name of a command."""
    start = "".join(f"{word} " for word in done)
    return dict.fromkeys(
        word.removeprefix(start).partition(" ")[0] for word in dispatch.BY_WORD if word.startswith(start)
    )


def _after_command(command: Command, done: list[str], fragment: str, names: Names) -> Iterable[str]:
    """Return what may follow the words *done* after the name of *command*."""
    flags = [option.flag for option in command.all_options if option.many or option.flag not in done]
    expecting = next(
        (option for option in command.all_options if done and option.flag == done[-1] and option.value), None
    )
    if expecting is not None:
        return _values(expecting.source, names)
    if fragment.startswith("-"):
        return flags
    place = len(_positional(command, done))
    if place < len(command.arguments):
        return _values(command.arguments[place].source, names)
    return [] if fragment else flags


def _positional(command: Command, done: list[str]) -> list[str]:
    """Return the words of *done* that are arguments."""
    takes_value = {option.flag for option in command.all_options if option.value}
    return [
        word
        for word, before in zip(done, ["", *done], strict=False)
        if not word.startswith("-") and before not in takes_value
    ]


def _values(source: str, names: Names) -> Iterable[str]:
    if "|" in source:
        return source.split("|")
    if source == "profiles":
        return _profiles()
    seen = names.get(source, {}) if source else {}
    often = Counter(seen.values())
    unique = [label for label in seen.values() if label and often[label] == 1]
    return [*(["last"] if source == "sessions" else []), *unique, *seen]


def _profiles() -> Iterable[str]:
    try:
        return list(profiles.read(settings.environment()).profiles)
    except SettingsError:  # the command says what is wrong with the file
        return []


def _matching(fragment: str, offers: Iterable[str]) -> Iterable[str]:
    """Yield the *offers* that begin with *fragment*, in quotes if needed."""
    quote = fragment[:1] if fragment[:1] in {'"', "'"} else ""
    begun = fragment.removeprefix(quote).casefold()
    for offer in offers:
        if offer.casefold().startswith(begun):
            yield quoted(offer, quote or '"') if quote or re.search(r"""[\s"'{}$;#]""", offer) else offer
