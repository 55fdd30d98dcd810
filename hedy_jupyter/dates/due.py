"""Due dates in prose: the day that each names, counted from the day of its meeting."""

from __future__ import annotations

import functools
from datetime import date, timedelta
from typing import NamedTuple

from hedy_jupyter.dates import due_fallback, due_grammar, number_tokens, tokenizer, word_tables
from hedy_jupyter.dates.due_days import yearly
from hedy_jupyter.dates.due_grammar import DueKind, Reading
from hedy_jupyter.dates.tokens import Piece, rule, shape

_LONG_PAST = timedelta(days=365)  # a day so long before its meeting is no due date of it
_SOON = timedelta(days=91)  # within a quarter, as due dates of meetings mostly are
_MONTHS = 12
_DAY_FIRST = frozenset({"cs", "da", "de", "es", "fr", "it", "nl", "pl", "pt", "ru", "sv", "tr", "uk"})
"""The languages in which the day is before the month, also with dots."""
_NOTHING = "- -- --- – — n/a na none null nil なし 無し 无 無 keine aucune ninguna nessuna nenhuma geen"
_NO_DUE_DATES = frozenset({"", "no due date", "no deadline", "not specified", *_NOTHING.split()})
_MONTH_SECOND = frozenset({"cs", "pl", "ru", "uk"})
"""The languages in which no number is behind the month: "Maja 15" is a name and a number."""
_LONGEST_PHRASE = 60  # characters; no due date is longer, and a page of text is prose


class Due(NamedTuple):
    """What a due date says.

    Attributes:
        on: the last day on which the todo is in time, or None.
        kind: ``"exact"`` for a day of the calendar, ``"relative"`` for one that is counted from the meeting,
            ``"vague"`` for prose that names no day, ``"none"`` where there is no due date.
    """

    on: date | None
    kind: DueKind


_NO_DUE_DATE = Due(None, "none")


def due_date(phrase: str | None, day: date | None) -> Due:
    """Return what *phrase* says when the meeting was on *day*, in the display zone; None where the day is not known.

    A phrase of which not every word is understood, or that careful people would take for different days, has no ``on``.
    """
    return due_dates([phrase], [day])[0]


def due_dates(phrases: list[str | None], days: list[date | None]) -> list[Due]:
    """Return ``due_date`` of each phrase and day; equal ones are read once."""
    readings: dict[str | None, tuple[Reading, ...]] = {
        phrase: _readings(phrase) for phrase in set(phrases) if phrase is not None and not _is_none(phrase)
    }
    pairs = list(zip(phrases, days, strict=True))
    answers = {pair: _on_day(readings[pair[0]], pair[1]) for pair in set(pairs) if pair[0] in readings}
    return [answers.get(pair, _NO_DUE_DATE) for pair in pairs]


def _is_none(phrase: str) -> bool:
    """Return whether *phrase* says that there is no due date."""
    return len(phrase) <= _LONGEST_PHRASE and " ".join(phrase.split()).lower() in _NO_DUE_DATES


@functools.lru_cache(maxsize=1024)  # the same todos are read again and again
def _readings(phrase: str) -> tuple[Reading, ...]:
    """Return what *phrase* says, once for each language that understands it."""
    if len(phrase) > _LONGEST_PHRASE:
        return ()
    text = tokenizer.plain(phrase)
    is_known = False
    found: dict[str, Reading] = {}
    for language in word_tables.DUE_LANGUAGES if not tokenizer.has_other_accents(phrase) else ():
        try:
            pieces = tokenizer.tokenize_due(text, language)
            reading = due_grammar.understand(pieces) if pieces and not _is_name(pieces, language) else None
        except ValueError:  # a day that is on no calendar, or is written in a way that means two
            return ()
        is_known = is_known or pieces is not None
        found |= {language: reading} if reading else {}
    guessed = None if is_known else due_fallback.guess(text, phrase)
    return (guessed,) if guessed else _without_doubt(found, text)


def _is_name(pieces: list[Piece], language: str) -> bool:
    """Return whether what looks like a month in *pieces* may be a name."""
    return language in _MONTH_SECOND and bool(rule("MONTH NUMBER").search(shape(pieces)))


def _without_doubt(found: dict[str, Reading], text: str) -> tuple[Reading, ...]:
    """Return the readings in *found*; of "12. 1." those of languages with the day first, else readings in doubt."""
    dotted = number_tokens.DOTTED.search(text)
    if dotted is None or max(int(dotted[1]), int(dotted[2])) > _MONTHS or dotted[1] == dotted[2]:
        return tuple(found.values())
    has_words = any(map(str.isalpha, text))
    day_first = [reading for language, reading in found.items() if has_words and language in _DAY_FIRST]
    return tuple(day_first or (_in_doubt(reading, int(dotted[1]), int(dotted[2])) for reading in found.values()))


def _in_doubt(reading: Reading, month: int, day: int) -> Reading:
    """Return *reading* without a day where *day* of *month*, which others would read, is soon."""
    other = yearly(month, day)

    def find(since: date) -> date | None:
        found, taken = reading.find(since), other(since)
        return None if taken is not None and taken != found and taken <= since + _SOON else found

    return Reading(reading.kind, find)


def _on_day(readings: tuple[Reading, ...], day: date | None) -> Due:
    """Return the answer on which all *readings* agree; no day where they do not."""
    found = [(reading.has_beside, _answer(reading, day)) for reading in readings]
    # "do 20. 3." is by that day in Czech, and a wrong Thursday in German.
    sound = {answer for has_beside, answer in found if answer.on or not has_beside}
    answers = sound or {answer for _, answer in found}
    if len(answers) == 1:
        return answers.pop()
    kinds = {answer.kind for answer in answers}
    return Due(None, kinds.pop() if len(kinds) == 1 else "vague")


def _answer(reading: Reading, day: date | None) -> Due:
    if day is None:
        return Due(reading.fixed, reading.kind)
    try:
        on = reading.find(day)
        on = None if on is not None and day - on >= _LONG_PAST else on
    except (ValueError, OverflowError):  # beyond the calendar
        on = None
    # A day of the calendar that contradicts itself ("Monday, March 15" on a Sunday) is not understood.
    return Due(on, "vague" if on is None and reading.kind == "exact" else reading.kind)
