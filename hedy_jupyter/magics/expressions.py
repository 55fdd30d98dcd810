"""Expressions in braces in a line: where each ends, and its parts, decided by what Python can parse."""

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
        text: the text before it, with doubled braces made single.
        expression: what is between the braces; None for text at the end of the word.
        spec: its format.
        conversion: ``r``, ``s``, ``a`` or None.
    """

    text: str
    expression: str | None = None
    spec: str = ""
    conversion: str | None = None


def end_of(line: str, place: int) -> int:
    """Return the index after the brace that closes the one at *place*, or after that one if it is doubled or open."""
    if line.startswith("{{", place):
        return place + 2
    found = _read(line, place)
    return found[1] if found else _balanced(line, place)


def parse(word: str) -> Iterator[Field]:
    """Yield the parts of *word*, as ``string.Formatter().parse`` does.

    Raises:
        ValueError: a brace without its counterpart.
    """
    text, place = "", 0
    while place < len(word):
        char = word[place]
        if char not in "{}":
            text, place = text + char, place + 1
        elif word.startswith(char * 2, place):
            text, place = text + char, place + 2
        elif found := _read(word, place) if char == "{" else None:
            field, place = found
            yield field._replace(text=text)
            text = ""
        else:
            end = _balanced(word, place) if char == "{" else place + 1
            for _, expression, spec, conversion in string.Formatter().parse(word[place:end]):
                yield Field(text, expression, spec or "", conversion)
            text, place = "", end
    if text:
        yield Field(text)


def _read(line: str, place: int) -> tuple[Field, int] | None:
    """Return the shortest field at *place* that Python can parse, and the index after it; or None."""
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
            warnings.simplefilter("ignore")  # an invalid escape warns when it is evaluated
            ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _balanced(line: str, place: int) -> int:
    """Return the index after the closing brace by counting braces outside quotes, or after the one at *place*."""
    depth, quote = 0, ""
    for at in range(place, len(line)):
        char = line[at]
        if quote:
            quote = "" if char == quote and line[at - 1] != "\\" else quote
        elif char in "\"'":
            quote = char
        elif char in "{}":
            depth += 1 if char == "{" else -1
            if depth == 0:
                return at + 1
    return place + 1
