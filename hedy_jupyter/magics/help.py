"""``%hedy help``: an overview that fits a screen, in groups, and of each command its options and an example."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from hedy_jupyter.magics.command import Command, Option

WIDTH = 80  # columns of a terminal
_USAGE_WIDTH = 30
_SHORT_VALUES = 24  # characters of the values that are shown beside an option
_GROUP_WIDTH = 10
EXAMPLE = "Example, to type next"
NEXT_STEP = "%hedy help sessions"
"""What to type after the overview."""
NOTES = (
    "WHICH is an id, its first six or more characters, a title, last, or last~2.",
    "Values with spaces go in quotes; {expression} and $name insert Python values.",
    "All take -o NAME, -q, --help. Commands that read take --refresh. ; hides output.",
)

_GROUPS: Mapping[str, Sequence[tuple[Sequence[str], str]]] = MappingProxyType(
    {
        "Look": (
            (("sessions", "session"), "your meetings, or one with its texts"),
            (("transcript",), "what was said, line by line"),
            (("highlights", "highlight"), "highlights, or one with all its fields"),
            (("todos", "todo"), "todos: --open, --done, --overdue"),
            (("topics", "topic"), "topics, or one with its overview"),
            (("contexts", "context"), "session contexts, or one of them"),
            (("decisions",), "what the minutes list as decided"),
            (("brief", "report", "compare"), "before a meeting; a week; two topics"),
            (("speakers", "speakers rename"), "who says how much, and their names"),
        ),
        "Search": (
            (("search", "related"), "all texts in the archive; similar ones"),
            (("sync", "coverage", "archive"), "the local archive: fill it, look at it"),
            (("webhooks", "events", "watch"), "where Hedy sends, and what it sent"),
        ),
        "Act": (
            (("topic new", "topic edit", "topic delete"), "change topics, after a review"),
            (("context new", "context edit", "context delete"), "change contexts"),
            (("webhook new", "webhook delete"), "change webhooks"),
            (("%%hedy_topic", "%%hedy_context"), "the cell becomes the content"),
            (("browse", "manage"), "widgets: to read; all of these changes"),
        ),
        "Export": ((("export",), "md, html, xlsx, csv, vault and others"),),
        "Settings": (
            (("login", "logout", "demo", "me"), "the key, the demo account, whose it is"),
            (("use", "display", "log", "help"), "profiles, views, requests, options"),
        ),
    }
)
_OTHERS = "More"

_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "help": "%hedy help todos",
        "login": "%hedy login",
        "logout": "%hedy logout",
        "demo": "%hedy demo reset",
        "me": "%hedy me",
        "use": "%hedy use",
        "sessions": '%hedy sessions --topic Hiring --since "last month"',
        "session": "%hedy session last --as markdown",
        "browse": "%hedy browse",
        "transcript": "%hedy transcript last --find water",
        "highlights": "%hedy highlights --session last --details",
        "highlight": "df = %hedy highlights\n%hedy highlight {df.highlight_id[0]}",
        "todos": "%hedy todos --open --topic Hiring",
        "todo": "df = %hedy todos --open\n%hedy todo {df.session_id[0]} {df.todo_id[0]}",
        "topics": "%hedy topics",
        "topic": "%hedy topic Hiring",
        "contexts": "%hedy contexts",
        "context": "%hedy context Interviews",
        "webhooks": "%hedy webhooks",
        "topic new": '%hedy topic new "Budget 2027" --color "#AA3311" --dry-run',
        "topic edit": '%hedy topic edit Hiring --description "New colleagues" --dry-run',
        "topic delete": "%hedy topic delete Hiring --dry-run",
        "context new": '%hedy context new Retro --content "What to keep, what to change" --dry-run',
        "context edit": "%hedy context edit Interviews --default --dry-run",
        "context delete": "%hedy context delete Interviews --dry-run",
        "webhook new": "%hedy webhook new https://hooks.example.com/hedy --event session.ended --dry-run",
        "webhook delete": "%hedy webhook delete https://hooks.harbour-lamp.example/hedy --dry-run",
        "manage": "%hedy manage",
        "sync": "%hedy sync",
        "search": '%hedy search lamp "salt water" --limit 5',
        "related": "%hedy sync\n%hedy related last --limit 3",
        "coverage": "%hedy coverage",
        "archive": "%hedy archive history last",
        "events": "%hedy sync\n%hedy events --since 7d",
        "watch": "%hedy sync\n%hedy watch --for 1",
        "brief": "%hedy brief Hiring --since 14d",
        "speakers": "%hedy speakers --since 30d --by topic",
        "speakers rename": '%hedy speakers rename "Speaker 1" "Yusra Hallam"',
        "compare": "%hedy compare Hiring Coaching",
        "report": "%hedy report last month --topic Hiring --as markdown",
        "decisions": "%hedy decisions firmware --since 90d",
        "export": "%hedy export csv todos.csv todos",
        "display": "%hedy display view",
        "log": "%hedy log",
        "hedy_topic": "%%hedy_topic Hiring --dry-run\nName every candidate, and what was decided.",
        "hedy_context": '%%hedy_context "Sales Call Context" --dry-run\nAsk for the budget and the date.',
    }
)


def overview(commands: Sequence[Command]) -> str:
    """Return the help text of all *commands* in groups: at most 24 lines of 80 columns."""
    lines = []
    for group, rows in grouped(commands):
        for place, (usage, summary) in enumerate(rows):
            head = "" if place else group
            lines.append(f"{head:<{_GROUP_WIDTH}}{usage:<{_USAGE_WIDTH}}  {summary}".rstrip())
    return "\n".join([*lines, *NOTES, f"Next: {NEXT_STEP}"])


def grouped(commands: Sequence[Command]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each group with its usages and summaries; commands that are in no group come last."""
    by_word = {_word(command): command for command in commands}
    for group, rows in _GROUPS.items():
        yield group, [(_joined([by_word.pop(word) for word in words]), summary) for words, summary in rows]
    if by_word:
        yield _OTHERS, [(_joined([command]), command.help) for command in by_word.values()]


def _word(command: Command) -> str:
    return command.name if command.cell else command.word


def _joined(commands: Sequence[Command]) -> str:
    """Return the usage of commands without their options: ``todos, todo SESSION TODO``, ``topic new|edit|delete``.

    Of three or more it is their words alone.
    """
    first, _, second = commands[0].word.partition(" ")
    if second:
        return f"{first} {'|'.join(command.word.removeprefix(f'{first} ') for command in commands)}"
    if len(commands) > 2:
        return ", ".join(map(_word, commands))
    arguments = (
        [
            f"[{one.name}]" if one.optional else one.name
            for one in command.arguments
            if len(commands) == 1 or not one.optional
        ]
        for command in commands
    )
    return ", ".join(" ".join([_word(command), *words]) for command, words in zip(commands, arguments, strict=True))


def explain(command: Command) -> str:
    """Return the help of one command: its usage, the values of its arguments, its options, and an example."""
    parts = list(facts(command))
    room = max([20, *(len(label) for label, _ in parts)])
    rows = [f"  {label:<{room}} {text}" for label, text in parts]
    example = textwrap.indent(example_of(command), "  ")
    shown = ["", f"{EXAMPLE}:", example] if example else []
    return "\n".join([command.usage, f"  {command.help}", "", *rows, *shown])


def example_of(command: Command) -> str:
    """Return a cell that runs on the demo account as it is; empty without an example."""
    return _EXAMPLES.get(command.word, "")


def facts(command: Command) -> Iterator[tuple[str, str]]:
    """Yield the arguments that take one of some values, the options, and what changes such records, with their use."""
    yield from ((one.name, ", ".join(one.source.split("|"))) for one in command.arguments if "|" in one.source)
    yield from ((shown_flag(option), _option_help(option)) for option in command.all_options)
    prefix = f"{command.word.removesuffix('s')} "
    for words, summary in (row for rows in _GROUPS.values() for row in rows):
        if words[0].startswith(prefix):
            actions = "|".join(word.removeprefix(prefix) for word in words)
            yield f"{prefix}{actions}", f"{summary}: %hedy help {words[0]}"


def _option_help(option: Option) -> str:
    """Return what *option* is for, and the values that its name does not show."""
    values = option.source.split("|")
    is_shown = not _is_closed(option) or len(option.source) <= _SHORT_VALUES
    return option.help if is_shown else f"{option.help.rstrip('.')}: {', '.join(values)}."


def _is_closed(option: Option) -> bool:
    """Return whether *option* takes one of some values; of a date the values are examples."""
    return "|" in option.source and option.value != "D"


def shown_flag(option: Option) -> str:
    """Return *option* as the help shows it: with the values to type where they are short."""
    has_values = _is_closed(option) and len(option.source) <= _SHORT_VALUES
    return f"{option.flag} {option.source if has_values else option.value}".rstrip()
