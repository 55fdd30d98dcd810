"""Tab completion after ``%hedy``: commands, options, their values, and names read so far; no request is made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from hedy_jupyter import profiles, settings
from hedy_jupyter.errors import SettingsError
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.command import Command
from hedy_jupyter.magics.commands.cells import CELLS
from hedy_jupyter.magics.hints import Names
from hedy_jupyter.magics.line import split
from hedy_jupyter.text.quoting import quoted

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

IDENTIFIER = "hedy_jupyter"

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


def register(shell: InteractiveShell, names: Callable[[], Names]) -> None:
    """Register the completions in *shell*; *names* returns the names read so far."""
    unregister(shell)
    try:
        matcher = _matcher(names)
    except ImportError:  # before IPython 8.6
        matcher = _old_matcher(shell, names)
    shell.Completer.custom_matchers.append(matcher)


def _matcher(names: Callable[[], Names]) -> Any:
    """Return a matcher that suppresses other completions after ``%hedy``."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier=IDENTIFIER)  # type: ignore[untyped-decorator]
    def matcher(context: CompletionContext) -> SimpleMatcherResult:
        try:
            found = complete(context.line_with_cursor[: context.cursor_position], names())
        except Exception:  # noqa: BLE001  an error in a matcher would take every other completion with it
            found = None
        if found is None:
            return {"completions": [], "suppress": False}  # a new one each time: IPython writes into it
        fragment, offers = found
        return {  # without a match it offers the word itself: an empty list would not suppress Python's
            "completions": [SimpleCompletion(text=offer, type="hedy") for offer in offers or [fragment]],
            "matched_fragment": fragment,
            "suppress": True,
            "ordered": True,
        }

    return matcher


def _old_matcher(shell: InteractiveShell, names: Callable[[], Names]) -> Callable[..., Any]:
    """Return a matcher for an IPython that passes its own last word, and cannot suppress other completions."""

    def matcher(text: str) -> list[str]:
        try:
            found = complete(shell.Completer.text_until_cursor, names())
        except Exception:  # noqa: BLE001  an error in a matcher would take every other completion with it
            found = None
        fragment, offers = found or ("", [])
        return [offer[len(fragment) - len(text) :] for offer in offers if fragment.endswith(text)]

    matcher.matcher_identifier = IDENTIFIER  # type: ignore[attr-defined]
    return matcher


def unregister(shell: InteractiveShell) -> None:
    """Remove the completions from *shell*."""
    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", "") != IDENTIFIER]


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
    seen = names.get(source, {})
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
