"""Split the line after ``%hedy`` into words, expand expressions inside them, and refuse API keys."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hedy_jupyter.errors import UsageError
from hedy_jupyter.magics import expressions
from hedy_jupyter.text.api_keys import looks_like_key
from hedy_jupyter.text.punctuation import APOSTROPHES, CLOSING_QUOTES, DASHES, INVISIBLE

_COMMENT = re.compile(r"(?<!\S)#(?=\s|$)")
_OPTION_VALUE = re.compile(rf"[{DASHES}]+\w[\w-]*[=＝]")
_STRAIGHT = "\"'"
_PATTERNS = frozenset({"--name", "--folder"})
"""The options of ``export`` whose values are patterns with braces."""
_DOLLAR = re.compile(r"\$(\$|[^\W\d]\w*(?:\.[^\W\d]\w*)*)")


class Word(str):
    """One word of a line.

    Attributes:
        plain: whether it was typed without quotes or expansion, so that it may be an option.
        curly: whether it was typed in quotes that are not those of a keyboard, such as those of a chat.
    """

    __slots__ = ("curly", "plain")
    plain: bool
    curly: bool

    def __new__(cls, text: str, *, plain: bool = False, curly: bool = False) -> Word:
        """Make the word *text*."""
        word = super().__new__(cls, text)
        word.plain = plain
        word.curly = curly
        return word


def refuse_keys(text: str) -> None:
    """Raise if *text* contains what looks like an API key.

    Raises:
        UsageError: it does; the message does not repeat the key.
    """
    if looks_like_key(text):
        raise UsageError(
            "This looks like an API key, and a notebook saves what is typed. Nothing was done.",
            advice="Create a new key in the Hedy app (it replaces the old one), then use %hedy login or HEDY_API_KEY.",
        )


def words(line: str, namespace: Mapping[str, Any]) -> tuple[list[Word], bool]:
    """Return the expanded words of *line*, and whether a ``;`` at its end hides the result.

    A quote at the start of a word groups the text up to the closing quote; an apostrophe inside a word does not. Curly
    quotes count as quotes, and what is inside of quotes stays as it was typed. Braces group up to the brace that closes
    them. A comment needs a space on both sides of its ``#``. ``{expression}`` and ``$name`` expand after the splitting,
    so that a value is always one word; they do not in patterns of names for a vault, whose braces are fields.

    Raises:
        UsageError: a quote that is not closed, a name that is not defined, something that looks like a key.
    """
    refuse_keys(line)
    line, silent = _tail(line)
    typed = split(line)
    found = [word if _is_pattern(typed, place) else _expanded(word, namespace) for place, word in enumerate(typed)]
    for word in found:
        refuse_keys(word)
    return found, silent


def _is_pattern(typed: Sequence[str], place: int) -> bool:
    """Return whether the word at *place* is a pattern of names for ``export``, such as ``{date} {title}``."""
    if typed[0] != "export":
        return False
    return typed[place - 1] in _PATTERNS or typed[place].partition("=")[0] in _PATTERNS


def split(line: str, *, open_end: bool = False) -> list[Word]:
    """Return the words of *line* as typed; with *open_end* (for completion) the last quote may be open."""
    return list(_split(line, open_end))


def _split(line: str, open_end: bool) -> Iterator[Word]:
    place = 0
    while place < len(line):
        if line[place].isspace() or line[place] in INVISIBLE:
            place += 1
            continue
        start = place
        option = _OPTION_VALUE.match(line, place)
        place = option.end() if option else place
        end = _closing(line, place)
        if end is None and _opens(line, place):
            if not open_end:
                raise UsageError(
                    "A quote is not closed.", advice='Put the whole value in double quotes: --topic "Q4 plans".'
                )
            end = len(line)
        if end is not None:
            quote = line[place]
            text = line[place + 1 : end].replace(f"\\{quote}", quote)
            curly = quote not in _STRAIGHT or line[end : end + 1] not in _STRAIGHT
            yield Word(line[start:place] + text, plain=option is not None, curly=curly)
            place = end + 1
        else:
            while place < len(line) and not line[place].isspace():
                place = expressions.end_of(line, place) if line[place] == "{" else place + 1
            yield Word(line[start:place].rstrip("".join(INVISIBLE)), plain=True)


def _opens(line: str, place: int) -> bool:
    """Return whether a quote opens at *place* that cannot be an apostrophe."""
    return line[place : place + 1] in CLOSING_QUOTES and line[place] not in APOSTROPHES


def _closing(line: str, place: int) -> int | None:
    """Return where the quote closes that opens at *place*; None if none opens there, or if it does not close."""
    quote = line[place : place + 1]
    if quote in _STRAIGHT and quote:
        end = place + 1
        while end < len(line) and line[end] != quote:
            end += 2 if line[end] == "\\" and line[end + 1 : end + 2] == quote else 1
        if end < len(line):
            return end
    closing = CLOSING_QUOTES.get(quote, "")
    return next(
        (
            end
            for end in range(place + 1, len(line))
            if line[end] in closing and (end + 1 == len(line) or line[end + 1].isspace())
        ),
        None,
    )


def _tail(line: str) -> tuple[str, bool]:
    """Return *line* without its comment and ``;``, and whether it had a ``;``. A ``#`` in quotes is no comment."""
    quoted = list(_quoted_spans(line))
    for mark in _COMMENT.finditer(line):
        if not any(start < mark.start() < end for start, end in quoted):
            line = line[: mark.start()]
            break
    bare = line.rstrip()
    return (bare[:-1].rstrip(), True) if bare.endswith(";") else (bare, False)


def _quoted_spans(line: str) -> Iterator[tuple[int, int]]:
    """Yield where each quote at the start of a word or of a value opens and closes."""
    place = 0
    while place < len(line):
        option = _OPTION_VALUE.match(line, place)
        start = option.end() if option else place
        end = _closing(line, start)
        if end is not None:
            yield start, end
        place = start if end is None else end + 1
        while place < len(line) and not line[place].isspace():
            place += 1
        while place < len(line) and (line[place].isspace() or line[place] in INVISIBLE):
            place += 1


def _expanded(word: Word, namespace: Mapping[str, Any]) -> Word:
    if "{" not in word and "}" not in word and "$" not in word:
        return word
    try:
        parts = list(expressions.parse(word))
    except ValueError:
        raise UsageError(
            f"Can't read the braces in {str(word)!r}.",
            advice="Put quotes around a word with spaces in its braces; write {{ and }} for the braces themselves.",
        ) from None
    text = "".join(_dollars(part.text, namespace) + _braces(part, namespace) for part in parts)
    return Word(
        text, plain=word.plain and word.startswith("--"), curly=word.curly
    )  # --topic={name} is an option, {name} never is


def _braces(part: expressions.Field, namespace: Mapping[str, Any]) -> str:
    if part.expression is None:
        return ""
    value = _value(part.expression, namespace)
    try:
        converted = string.Formatter().convert_field(value, part.conversion)
        return format(converted, part.spec)
    except Exception as error:  # noqa: BLE001  the format is user code, like the expression
        raise UsageError(
            f"Can't format {{{part.expression}}} as {part.spec!r}: {type(error).__name__}: {error}"
        ) from None


def _dollars(text: str, namespace: Mapping[str, Any]) -> str:
    return _DOLLAR.sub(lambda found: "$" if found[1] == "$" else str(_value(found[1], namespace)), text)


def _value(expression: str, namespace: Mapping[str, Any]) -> Any:
    try:
        return eval(expression.strip(), dict(namespace))  # noqa: S307  the user's own expression; as globals, so that comprehensions see it
    except NameError as error:
        raise UsageError(
            f"{error.name or expression!r} is not defined.",
            advice="Define it first, or write $$ and {{ }} for the characters themselves.",
        ) from None
    except Exception as error:  # noqa: BLE001  any error of the expression is shown in one line
        raise UsageError(
            f"{{{expression}}} fails: {type(error).__name__}: {error}", advice="Try the expression by itself in a cell."
        ) from None
