"""Read a due date's prose against the day of its meeting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from hedy_jupyter.dates import due_fallback, due_grammar, due_vocabulary, tokenizer
from hedy_jupyter.dates.due_grammar import Kind, Reading

_LONG_PAST = timedelta(days=365)
"""A day that is so long before its meeting is no due date of it."""
_MONTHS = 12
_SOON = timedelta(days=91)
"""Due dates of meetings lie mostly within a quarter."""
_DAY_FIRST = frozenset({"de", "es", "fr", "it", "nl", "pt"})
"""The languages in which the day is before the month, also with dots."""
_LONGEST = 60  # characters; no due date is longer, and a page of text is prose


class Due(NamedTuple):
    """What a due date says.

    Attributes:
        on: the last day on which the todo is in time, or None.
        kind: ``"exact"`` for a day of the calendar, ``"relative"`` for one that is counted from the meeting,
            ``"vague"`` for prose that names no day, ``"none"`` where there is no due date.
    """

    on: date | None
    kind: Kind


_NOTHING = Due(None, "none")


def read(phrase: str | None, day: date | None) -> Due:
    """What *phrase* says when the meeting was on *day*, a calendar day of the display zone, or None where that is not known.

    A phrase of which not every word is understood, or that careful people would take for different days, has no ``on``.
    """
    return _NOTHING if phrase is None or _is_nothing(phrase) else _on_day(_readings(phrase), day)


def _readings(phrase: str) -> tuple[Reading, ...]:
    """What *phrase* says, once for each language that understands it."""
    if len(phrase) > _LONGEST:
        return ()
    text = tokenizer.plain(phrase)
    known = False
    found: dict[str, Reading] = {}
    for language in due_vocabulary.LANGUAGES if not tokenizer.has_other_accents(phrase) else ():
        try:
            pieces = tokenizer.cut(text, language)
            reading = due_grammar.read(pieces) if pieces else None
        except ValueError:  # a day that is on no calendar, or is written in a way that means two
            return ()
        known = known or pieces is not None
        found |= {language: reading} if reading else {}
    guessed = None if known else due_fallback.guess(text, phrase)
    return (guessed,) if guessed else _in_order(found, text)


def _in_order(found: dict[str, Reading], text: str) -> tuple[Reading, ...]:
    """The readings in *found*; of "12. 1." by the words around it, and without such words in doubt."""
    dotted = tokenizer.DOTTED.search(text)
    if dotted is None or max(int(dotted[1]), int(dotted[2])) > _MONTHS or dotted[1] == dotted[2]:
        return tuple(found.values())
    decided = (
        [reading for language, reading in found.items() if language in _DAY_FIRST]
        if any(map(str.isalpha, text))
        else []
    )
    return tuple(decided or (_in_doubt(reading, int(dotted[1]), int(dotted[2])) for reading in found.values()))


def _in_doubt(reading: Reading, month: int, day: int) -> Reading:
    """*reading* without a day where that *day* of the *month*, which others would read, is soon."""
    other = due_grammar.yearly(month, day)

    def find(since: date) -> date | None:
        found, taken = reading.find(since), other(since)
        return None if taken is not None and taken != found and taken <= since + _SOON else found

    return Reading(reading.kind, find)


def _on_day(readings: tuple[Reading, ...], day: date | None) -> Due:
    """The answer on which all *readings* agree; no day where they do not."""
    answers = {_answer(reading, day) for reading in readings}
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


def _is_nothing(phrase: str) -> bool:
    return len(phrase) <= _LONGEST and " ".join(phrase.split()).lower() in due_vocabulary.NOTHING


def read_all(phrases: list[str | None], days: list[date | None]) -> list[Due]:
    """Each pair read once: the same few phrases come again and again."""
    readings: dict[str | None, tuple[Reading, ...]] = {
        phrase: _readings(phrase) for phrase in set(phrases) if phrase is not None and not _is_nothing(phrase)
    }
    pairs = list(zip(phrases, days, strict=True))
    answers = {pair: _on_day(readings[pair[0]], pair[1]) for pair in set(pairs) if pair[0] in readings}
    return [answers.get(pair, _NOTHING) for pair in pairs]
