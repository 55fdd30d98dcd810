"""``{expression}`` in a line: where it ends, and its parts.

What Python can read as an expression decides, not the number of braces.
"""

from __future__ import annotations

import ast
import re
import string
import warnings
from collections.abc import Iterator
from typing import NamedTuple

_CONVERSION = re.compile(r"!([rsa])(?=:|$)")
_TRIED_AT_MOST = 100  # closing braces for one that opens


class Field(NamedTuple):
    """A part of a word.

    Attributes:
        text: what stands in front, with doubled braces made single.
        expression: what is between the braces; None where the word ends without any.
        spec: how it is formatted.
        conversion: ``r``, ``s``, ``a`` or None.
    """

    text: str
    expression: str | None = None
    spec: str = ""
    conversion: str | None = None


def end_of(line: str, place: int) -> int:
    """Return the place after the brace that closes the one at *place*.

    After that one itself where none does, or where it is doubled.
    """
    if line.startswith("{{", place):
        return place + 2
    found = _read(line, place)
    return found[1] if found else _balanced(line, place)


def parse(word: str) -> Iterator[Field]:
    """Yield the parts of *word*, as ``string.Formatter().parse`` does.

    Raises:
        ValueError: a brace stands alone.
    """
    text, place = "", 0
    while place < len(word):
        sign = word[place]
        if sign not in "{}":
            text, place = text + sign, place + 1
        elif word.startswith(sign * 2, place):
            text, place = text + sign, place + 2
        elif found := _read(word, place) if sign == "{" else None:
            field, place = found
            yield field._replace(text=text)
            text = ""
        else:
            end = _balanced(word, place) if sign == "{" else place + 1
            for _, expression, spec, conversion in string.Formatter().parse(word[place:end]):
                yield Field(text, expression, spec or "", conversion)
            text, place = "", end
    if text:
        yield Field(text)


def _read(line: str, place: int) -> tuple[Field, int] | None:
    """Return the field that opens at *place*, and the place after it: the shortest that Python can read.

    None where it can read none.
    """
    if line.startswith("{}", place):
        return None
    ends = (found.start() for found in re.finditer("}", line[place:]))
    for _, end in zip(range(_TRIED_AT_MOST), ends, strict=False):
        field = _field(line[place + 1 : place + end])
        if field is not None:
            return field, place + end + 1
    return None


def _field(inside: str) -> Field | None:
    if _is_expression(inside):
        return Field("", inside)
    for mark in re.finditer("[!:]", inside):
        expression, rest = inside[: mark.start()], inside[mark.start() :]
        conversion = _CONVERSION.match(rest)
        spec = rest[conversion.end() :] if conversion else rest
        if (spec and not spec.startswith(":")) or spec.count("{") != spec.count("}"):
            continue
        if _is_expression(expression):
            return Field("", expression, spec[1:], conversion[1] if conversion else None)
    return None


def _is_expression(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # such as of an escape that Python will refuse one day: told when it is evaluated
            ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _balanced(line: str, place: int) -> int:
    """Return the place after the brace that closes the one at *place* by their number, quoted ones left out.

    Else after that one.
    """
    depth, quote = 0, ""
    for at in range(place, len(line)):
        sign = line[at]
        if quote:
            quote = "" if sign == quote and line[at - 1] != "\\" else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
            if depth == 0:
                return at + 1
    return place + 1
