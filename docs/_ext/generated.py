"""Sphinx extension: replace ``<!-- generated: NAME -->`` in a page by Markdown made from the tables in the code."""

from __future__ import annotations

import doctest
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import examples
import pandas as pd

import hedy_jupyter as hj
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.accessor.base import Member
from hedy_jupyter.analysis import filters
from hedy_jupyter.frames import schema
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.command import EVERYWHERE, REFRESH, SOURCE, Command, Option
from hedy_jupyter.magics.commands.account import ACCOUNT_COMMANDS, STATUS
from hedy_jupyter.magics.commands.archive import ARCHIVE_COMMANDS
from hedy_jupyter.magics.commands.brief import ANALYSIS_COMMANDS
from hedy_jupyter.magics.commands.cells import CELLS
from hedy_jupyter.magics.commands.decisions_report import ANSWER_COMMANDS
from hedy_jupyter.magics.commands.export import EXPORT_COMMANDS
from hedy_jupyter.magics.commands.people import PEOPLE_COMMANDS
from hedy_jupyter.magics.commands.reading import READING_COMMANDS
from hedy_jupyter.magics.commands.writing import WRITE_COMMANDS
from hedy_jupyter.magics.help import shown_flag

if TYPE_CHECKING:
    from sphinx.application import Sphinx

GROUPS = {
    "Account": (STATUS, *ACCOUNT_COMMANDS),
    "Reading": READING_COMMANDS,
    "Changing": (*WRITE_COMMANDS, *CELLS.values()),
    "The archive": ARCHIVE_COMMANDS,
    "Before the next meeting": ANALYSIS_COMMANDS,
    "People and topics": PEOPLE_COMMANDS,
    "Answers": ANSWER_COMMANDS,
    "Exports": EXPORT_COMMANDS,
}
_MARK = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)


def commands() -> str:
    """Return a section per command of ``%hedy``, in groups."""
    placed = {id(command) for group in GROUPS.values() for command in group}
    others = [command for command in dispatch.COMMANDS if id(command) not in placed]
    parts = [_hidden("hedy.archive.sync()")]
    for title, group in {**GROUPS, "Help and display": others}.items():
        parts += [f"## {title}", *(_command(command) for command in group)]
    shared = [_row(option) for option in (SOURCE, REFRESH, *EVERYWHERE)]
    parts += ["## Options of many commands", "\n".join(["| Option | Meaning |", "| --- | --- |", *shared])]
    return "\n\n".join(parts)


def overview() -> str:
    """Return a table of the commands: how each is typed, and what it does."""
    rows = [
        f"| `{_cell(command.usage)}` | {_cell(command.help)} |"
        for command in (STATUS, *dispatch.COMMANDS, *CELLS.values())
    ]
    return "\n".join(["| Command | Does |", "| --- | --- |", *rows])


def _command(command: Command) -> str:
    options = [_row(option) for option in command.all_options if option not in EVERYWHERE]
    arguments = [
        f"| `{one.name}` | {', '.join(f'`{value}`' for value in one.source.split('|'))} |"
        for one in command.arguments
        if "|" in one.source
    ]
    rows = ["| Option or argument | Meaning |", "| --- | --- |", *arguments, *options] if arguments or options else []
    note = examples.INTERACTIVE.get(command.word)
    shown = note if note is not None else _block(_of("COMMANDS", command.word))
    return "\n\n".join(
        [
            f"### {command.name}",
            f"{command.help[:1].upper()}{command.help[1:]}.",
            f"```text\n{command.usage}\n```",
            *(["\n".join(rows)] if rows else []),
            shown,
        ]
    )


def _row(option: Option) -> str:
    return f"| `{_cell(shown_flag(option))}` | {_cell(option.help)} |"


def members() -> str:
    """Return a section per member of ``df.hedy``, by the frames that have it."""
    parts = [_hidden(examples.FRAMES)]
    for title, names in _by_frame().items():
        parts += [f"## {title}", *(_member(name) for name in names)]
    return "\n\n".join(parts)


def frames() -> str:
    """Return a table of the members of ``df.hedy`` by the frames that have them."""
    rows = [f"| {title} | {' '.join(f'`{name}()`' for name in names)} |" for title, names in _by_frame().items()]
    return "\n".join(["| Frame | Members |", "| --- | --- |", *rows])


def _by_frame() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in (name for name in dir(HedyFrame) if not name.startswith("_")):
        member = inspect.getattr_static(HedyFrame, name)
        frames = _kinds_of(member)
        title = f"Frames of {' and '.join(frames)}" if frames else "Frames of every kind"
        found.setdefault(title, []).append(name)
    return dict(sorted(found.items(), key=lambda item: (item[0] != "Frames of every kind", item[0])))


def _kinds_of(member: object) -> list[str]:
    """Return the kinds of frames that have *member*; none if all have it."""
    if not isinstance(member, Member):
        return []
    refusals = {kind: member.misses(HedyFrame(pd.DataFrame(columns=filters.KINDS[kind]))) for kind in filters.KINDS}
    return [kind for kind, why in refusals.items() if why is None or "needs the column" in why]


def _member(name: str) -> str:
    function = getattr(HedyFrame, name)
    signature = str(inspect.signature(function)).partition(" ->")[0].replace("(self, ", "(").replace("(self)", "()")
    signature = re.sub(r": '([^']*)'", r": \1", signature)  # annotations, not defaults
    text = re.split(r"^>>>", inspect.getdoc(function) or "", maxsplit=1, flags=re.MULTILINE)[0].strip()
    text = re.sub(r"^Raises:\n((?:[ \t]+.*\n?)+)", _raises, text, flags=re.MULTILINE)
    return "\n\n".join(
        [
            f"### {name}()" if callable(function) else f"### {name}",
            f"```py\ndf.hedy.{name}{signature}\n```",
            text.replace("``", "`"),
            _block(examples.MEMBERS.get(name) or _example_of(function)),
        ]
    )


def _example_of(function: object) -> str:
    """Return the example in the docstring of *function*."""
    found = doctest.DocTestParser().get_examples(inspect.getdoc(function) or "")
    return "".join(example.source for example in found) or _of("MEMBERS", getattr(function, "__name__", ""))


def _of(table: str, name: str) -> Any:
    """Return what ``examples`` has for *name*.

    Raises:
        LookupError: it has nothing; the message says where to add it.
    """
    try:
        return getattr(examples, table)[name]
    except KeyError:
        raise LookupError(f"{name!r} is new: add it to {table} in docs/_ext/examples.py.") from None


def _raises(match: re.Match[str]) -> str:
    return "\n".join(f"- Raises {line}" for line in textwrap.dedent(match[1]).strip().splitlines())


def columns() -> str:
    """Return a table of columns per frame, with dtype, meaning, and the name in Hedy's JSON where it has one."""
    parts = []
    for table, rows in schema.TABLES.items():
        is_hedys = table not in examples.COMPUTED
        lines = [
            "| Column | dtype | Holds |" + " In Hedy's JSON |" * is_hedys,
            "| --- | --- | --- |" + " --- |" * is_hedys,
        ]
        for column in rows:
            paths = ", ".join(f"`{'.'.join(path)}`" for path in column.paths if path)
            dtype = schema.DTYPES[column.kind].replace("string", "str")
            row = f"| `{column.name}` | `{dtype}` | {_of('COLUMNS', column.name)} |"
            lines.append(row + f" {paths or '`duration`'} |" * is_hedys)
        parts += [f"## {_title(table)}", "\n".join(lines)]
    return "\n\n".join(parts)


def _title(table: str) -> str:
    title = _of("TABLES", table)
    return title[:1].upper() + title[1:]


def errors() -> str:
    """Return a section per class of errors: when it is raised, and what the user sees."""
    parts = [_hidden(examples.ANSWER)]
    for name in _error_names():
        hidden, cell = _of("ERRORS", name)
        cls = getattr(hj, name)
        parts += [f"## {name}", (inspect.getdoc(cls) or "").partition("\n\n")[0].replace("``", "`")]
        parts += [_hidden(hidden)] if hidden else []
        parts.append(f"{{.{name}}}\n{_block(cell)}")
    return "\n\n".join(parts)


def _error_names() -> Iterable[str]:
    found = [value for value in vars(hj).values() if isinstance(value, type) and issubclass(value, hj.HedyError)]
    return [cls.__name__ for cls in _tree(hj.HedyError) if cls in found]


def _tree(cls: type[hj.HedyError]) -> Iterator[type[hj.HedyError]]:
    for below in cls.__subclasses__():
        yield below
        yield from _tree(below)


def _block(cell: str) -> str:
    return f"```ipython\n{cell.strip()}\n```"


def _hidden(cell: str) -> str:
    return "{.hidden}\n" + _block(cell)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


TEXTS: dict[str, Callable[[], str]] = {
    "overview": overview,
    "commands": commands,
    "frames": frames,
    "members": members,
    "columns": columns,
    "errors": errors,
}
"""What a page can name → the function that returns its Markdown."""


def expand(source: str) -> str:
    """Return the Markdown of a page with its generated parts in it."""
    return _MARK.sub(lambda match: TEXTS[match[1]](), source)


def _on_read(_app: Sphinx, _docname: str, content: list[str]) -> None:
    content[0] = expand(content[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the extension to *app*."""
    app.connect("source-read", _on_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
