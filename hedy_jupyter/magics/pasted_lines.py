"""Lines pasted from chats and pages, whose blanks keep IPython from seeing the ``%hedy`` in them.

IPython takes what follows ``%`` up to a plain space for the name of a magic, so a no-break space would become part of
it. Only the blanks before and right after ``%hedy`` are replaced; the rest of the line is for ``magics.line``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from IPython.core.interactiveshell import InteractiveShell

_BLANK = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_LINE = re.compile(
    rf"(?P<before>[ \t]*(?:[\w.]+[ \t]*=[ \t]*)?)[{_BLANK}]*(?P<magic>[%％]{{1,2}}hedy(?:_topic|_context)?)"
    rf"(?P<gap>[ \t{_BLANK}]+|(?=[\r\n]|\Z))"
)
_CELL = re.compile(rf"[ \t{_BLANK}]*[%％]{{2}}")


def with_plain_blanks(lines: list[str]) -> list[str]:
    """Return *lines* with plain spaces round ``%hedy``; of a cell magic only the first line is looked at."""
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    is_cell = first < len(lines) and _CELL.match(lines[first])
    end = first + 1 if is_cell else len(lines)
    return [*map(_plain, lines[:end]), *lines[end:]]


def _plain(line: str) -> str:
    found = _LINE.match(line)
    if found is None or found[0].isascii():
        return line
    magic = found["magic"].replace("％", "%")
    return f"{found['before']}{magic}{' ' * bool(found['gap'])}{line[found.end() :]}"


def register(shell: InteractiveShell) -> None:
    """Register the transformation in *shell*."""
    _transformers(shell).append(with_plain_blanks)


def unregister(shell: InteractiveShell) -> None:
    """Remove the transformation from *shell*."""
    transformers = _transformers(shell)
    transformers[:] = [one for one in transformers if getattr(one, "__name__", "") != with_plain_blanks.__name__]


def _transformers(shell: InteractiveShell) -> list[Callable[[list[str]], list[str]]]:
    found: list[Callable[[list[str]], list[str]]] = shell.input_transformers_cleanup
    return found
