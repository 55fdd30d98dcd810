"""Tables of words: for each token the words that mean it in a language, read from the files of the folder ``words``.

A file has a line for each token and value, as in ``UNIT week: week, wk``. Bars number the values from the first one:
``WEEKDAY: monday, mon | tuesday``. Braces hold endings or beginnings, as in a shell: ``piąt{ek,ku}``. An indented
line goes on with the one above it, and ``#`` begins a comment. What is below ``[due]`` counts only for due dates, and
below ``[since]`` only for times that look back.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from itertools import count

from hedy_jupyter.dates.tokens import Token

Words = Mapping[Token, Mapping[object, tuple[str, ...]]]
"""By token and value the words that mean it; None is the value of tokens without one."""

DUE_LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "ja", "zh"),
    *("ru", "uk", "pl", "cs", "sv", "da", "tr", "ko", "ar", "hi"),
)
"""The languages with words for due dates; ``da`` is Danish and Norwegian."""
SINCE_LANGUAGES = (*DUE_LANGUAGES, "he")
"""The languages with words for times that look back."""
EVERYWHERE = "everywhere"
"""The table of short forms that people write in any language."""

_SHARED = frozenset(
    {
        Token.WEEKDAY,
        Token.SHORT_WEEKDAY,
        Token.WEEKDAY_OF_WEEK,
        Token.NEAR_DAY,
        Token.TIME_OF_DAY,
        Token.MONTH,
        Token.NUMBER_WORD,
        Token.NTH,
        Token.UNIT,
        Token.UNITS,
        Token.PERIOD,
        Token.THIS,
        Token.NEXT,
        Token.COMING,
        Token.IN,
        Token.FROM_NOW,
        Token.THE,
        Token.THE_MONTH,
        Token.FILLER,
    }
)
"""The tokens whose words mean the same whether a phrase looks back or ahead."""
_COUNTED_FROM_ONE = frozenset({Token.MONTH, Token.NUMBER_WORD, Token.NTH, Token.ORDINAL})
_LINE = re.compile(r"([A-Z_]+)(?: ([^:]+))?: (.*)")
_COMMA = re.compile(r",(?![^{}]*\})")
_BRACES = re.compile(r"\{([^{}]*)\}")


@functools.cache
def due_words(language: str) -> Words:
    """Return the words of due dates in *language*."""
    both, due, _ = _parts(language)
    return read_table(both + due)


@functools.cache
def since_words(language: str) -> Words:
    """Return the words of *language* for times that look back."""
    both, _, since = _parts(language)
    return read_table("\n".join([*filter(_is_shared, both.splitlines()), since]))


def all_words(table: Words) -> Iterator[str]:
    """Yield every word of *table*."""
    return (word for row in table.values() for words in row.values() for word in words)


def _parts(language: str) -> tuple[str, str, str]:
    """Return the lines of *language* for all times, for due dates alone, and for times that look back alone."""
    file = resources.files("hedy_jupyter.dates") / "words" / f"{language}.txt"
    text = re.sub(r"\n +", " ", file.read_text(encoding="utf-8"))
    rest, _, since = text.partition("[since]")
    both, _, due = rest.partition("[due]")
    return both, due, since


def _is_shared(line: str) -> bool:
    return line.startswith("#") or Token[re.split("[ :]", line, maxsplit=1)[0]] in _SHARED if line else False


def read_table(text: str) -> Words:
    """Return the words of the lines of *text*; those for the same token and value come together.

    Raises:
        ValueError: a line is none of a table.
        KeyError: there is no such token.
    """
    found: dict[Token, dict[object, tuple[str, ...]]] = {}
    for token, value, words in _rows(text):
        row = found.setdefault(token, {})
        row[value] = (*row.get(value, ()), *words)
    return found


def _rows(text: str) -> Iterator[tuple[Token, object, tuple[str, ...]]]:
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(line)
        token, value = Token[match[1]], _value(match[2])
        if "|" not in match[3]:
            yield token, (value,) if token is Token.DURATION_AGO else value, _words(match[3])
            continue
        for number, words in zip(count(token in _COUNTED_FROM_ONE), match[3].split("|"), strict=False):
            if words.strip():
                yield token, number if value is None else (value, number), _words(words)


def _value(text: str | None) -> object:
    """Return the value that *text* writes: a number, a name, or several of them."""
    parts = [int(part) if re.fullmatch(r"-?\d+", part) else part for part in (text or "").split()]
    return tuple(parts) if len(parts) > 1 else next(iter(parts), None)


def _words(listed: str) -> tuple[str, ...]:
    return tuple(word for part in _COMMA.split(listed) for word in _expanded(part.strip()))


def _expanded(word: str) -> list[str]:
    match = _BRACES.search(word)
    if match is None:
        return [word]
    return [
        one for choice in match[1].split(",") for one in _expanded(word[: match.start()] + choice + word[match.end() :])
    ]
