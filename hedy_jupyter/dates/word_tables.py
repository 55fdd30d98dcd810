"""Tables of words: for each token the words that mean it, by the value that they give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hedy_jupyter.dates.tokens import Token

Table = Mapping[Token, Mapping[object, str] | str]
"""By token and value the words that mean it, with commas between; of a token without a value only the words."""
Words = Mapping[Token, Mapping[object, str]]
"""The same with None as the value of tokens without one."""

CHINESE_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日天")
"""The characters for each weekday, from Monday on, behind the word for a week."""


def by_number(words: str | Iterable[str], first: int = 0) -> dict[object, str]:
    """Return *words* by their number, counted from *first*; bars separate them: ``"monday, mon | tuesday"``."""
    rows = words.split("|") if isinstance(words, str) else words
    return {number: row for number, row in enumerate(rows, first) if row.strip()}


def combined(begins: Sequence[str], ends: Sequence[str]) -> str:
    """Return every beginning with every end, as a row of a table."""
    return ", ".join(begin + end for begin in begins for end in ends)


def merged(*tables: Table) -> Words:
    """Return the words of all *tables*; those for the same token and value come together."""
    found: dict[Token, dict[object, str]] = {}
    for table in tables:
        for token, row in table.items():
            words = found.setdefault(token, {})
            for value, listed in ({None: row} if isinstance(row, str) else row).items():
                words[value] = f"{words[value]}, {listed}" if value in words else listed
    return found
