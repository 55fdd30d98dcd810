"""Cells of lists as text: short ids, months, shares, beginnings of long texts, and the words that a search marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

import pandas as pd

from hedy_jupyter.account import card_parts
from hedy_jupyter.archive import search_query
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import MONTHS, beginning

_MEASURES = {
    "meetings": "Meetings",
    "hours": "Hours",
    "rhythm_days": "Days between meetings (median)",
    "open_todos": "Open todos",
    "words": "Words that mark it",
}
_FIELDS = {"meeting_minutes": "minutes", "conversations": "questions and answers", "session_notes": "notes"}
_LINE_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?|>\s?)")
_INLINE_MARKS = re.compile(r"\*\*|__|`")
_PART = 140  # characters of what was, and of what is there now
BEGINNING = 300
"""So many characters are shown of a text that may be a whole transcript."""
_SHORTEST_ID = 6  # characters; a shorter beginning of an id names nothing
_AFTER_UNDERSCORE = 4  # characters of an id that are shown after its kind: ``sess_9ffe``


def short_ids(idents: Iterable[str]) -> dict[str, str]:
    """Return for each id the shortest beginning that tells it from the others, and that ``%hedy`` takes for it."""
    wanted = {ident for ident in idents if ident}
    length = max((max(_SHORTEST_ID, ident.find("_") + 1 + _AFTER_UNDERSCORE) for ident in wanted), default=_SHORTEST_ID)
    while len({ident[:length] for ident in wanted}) < len(wanted):
        length += 1
    return {ident: ident[:length] for ident in wanted}


def cell_text(value: Any) -> str:
    """Return a cell as text: a list with commas, a missing value as nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(map(str, value))
    return "" if value is None or pd.isna(value) else str(value)


def field_in_words(field: str) -> str:
    """Return the name of a column of texts in words: ``minutes``, ``cleaned transcript``."""
    return _FIELDS.get(field) or card_parts.with_spaces(field) or ""


def changed(before: str | None, after: str, size: str) -> str:
    """Return what *after* changed in *before*, the words around it left out.

    Without *before* it is how *after* begins, and how long it is: *size*.
    """
    if before is None:
        begins = beginning(_plain(after), BEGINNING)
        return f"{begins} ({size})" if begins.endswith("…") else begins
    old, new = _plain(before).split(), _plain(after).split()
    same = next((place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(old), len(new)) if same is None else same
    rest = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    end = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))
    lost, come = (" ".join(words[start : len(words) - end]) for words in (old, new))
    if not lost or not come:
        return f"added: {beginning(come, _PART)}" if come else f"removed: {beginning(lost, _PART) or 'nothing'}"
    return f"{beginning(lost, _PART)} → {beginning(come, _PART)}"


def _plain(text: str) -> str:
    """Return *text* without the marks of Markdown, its lines behind one another."""
    bare = (_INLINE_MARKS.sub("", _LINE_MARKS.sub("", line)).strip() for line in text.splitlines())
    return one_line(" · ".join(filter(None, bare)))


def month(day: datetime) -> str:
    """Return the month of a day: ``Nov 2026``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def month_in_words(text: str) -> str:
    """Return a month of the calendar, ``2026-11``, as ``Nov 2026``; another text as it is."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    return f"{MONTHS[int(found[2]) - 1]} {found[1]}" if found else text


def percent(share: float) -> str:
    """Return a share as per cent, with a decimal below ten: ``12 %``, ``3.5 %``."""
    return f"{100 * share:.{int(0 < share < 0.0995)}f} %"


def compared(column: str) -> tuple[str, Callable[[object], str]]:
    """Return the heading of a column of a comparison, and what shows its cells."""
    return ("Measure", _measure) if column == "measure" else (column, _amount)


def _measure(name: object) -> str:
    return _MEASURES.get(str(name), str(name))


def _amount(value: object) -> str:
    """Return a number without needless decimals; words stay as they are."""
    if isinstance(value, float):
        return f"{value:,.1f}".removesuffix(".0")
    return f"{value:,}" if isinstance(value, int) else str(value)


def search_terms(query: str, *, fts: bool) -> Sequence[search_query.Term]:
    """Return the words of a search whose hits are shown in bold."""
    if not query.strip():
        return ()
    return (search_query.fts(search_query.fts_words(query)) if fts else search_query.literal(query)).shown
