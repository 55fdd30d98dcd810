"""Times in words of many languages, looking back: ``letzten Dienstag``, ``il y a un mois``, ``先週の金曜日``, ``5 de marzo``.

Cut into pieces as due dates are (``due_pieces``), and understood only whole. Where two languages understand a text,
they have to agree. Of a word alone also on that it is no time: "ago" is August in Spanish, and no date for readers of
English.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hedy_jupyter.dates import english, periods, relative_vocabulary, tokenizer
from hedy_jupyter.dates.english import Found
from hedy_jupyter.dates.tokenizer import Piece

Values = Mapping[str, Any]
_Make = Callable[[Values, datetime], Found | None]
Count = tuple[tuple[int, str], ...]
"""So many of each unit."""

_SILENT = frozenset("xps")
_SHORTEST = 3  # letters of a weekday or month that stands alone: "do", "mi" and "so" are words of every day
_CENTURY, _YEARS = 2000, range(13, 100)  # "5 mar 26"; smaller numbers could be the day
_LEAP_YEARS_APART = 9

_COUNTER = {
    "日": "day",
    "天": "day",
    "週": "week",
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "年": "year",
} | {
    **dict.fromkeys(("時", "小时", "小時"), "hour"),
    **dict.fromkeys(("分", "分钟", "分鐘"), "minute"),
}
_COUNTED = "|".join(sorted(_COUNTER, key=len, reverse=True))
_COUNT, _OF = tokenizer.COUNT, "[个個ヶか箇カヵケ]"


def _counted(letter: str) -> Callable[[re.Match[str]], Piece]:
    return lambda match: Piece(letter, ((tokenizer.number(match[1]), _COUNTER[match[2]]),))


_NUMBERS: tokenizer.Numbers = (
    (
        re.compile(r"(?<!\d)(\d{1,3}) ?h(?![a-z\d])"),
        lambda match: Piece("C", ((int(match[1]), "hour"),)),
    ),  # where it is no time of day
    (re.compile(rf"(?<!\d){_COUNT} ?{_OF}?({_COUNTED})[間间]?(?:以?前|之前)"), _counted("G")),
    (re.compile(rf"(?<!\d){_COUNT} ?(?:{_OF})(月|星期|礼拜|小时|小時)間?"), _counted("C")),
    (re.compile(rf"(?<!\d){_COUNT} ?(日|週|年|時|分)間"), _counted("C")),
    (re.compile(rf"(?<!\d){_COUNT} ?(天|週|周|小时|小時|分钟|分鐘)"), _counted("C")),
)


def read(text: str, present: datetime) -> Found | None:
    """What *text* says at *present*, which has the display zone.

    None where no language here understands every word of it.

    Raises:
        ValueError: it is understood, but is no time, or more than one.
    """
    plain = tokenizer.plain(text)
    if tokenizer.has_other_accents(text) or text in relative_vocabulary.NOT_ALONE:
        return None
    cut = (tokenizer.cut_by(plain, _vocabulary(name), _NUMBERS) for name in relative_vocabulary.LANGUAGES)
    understood = [pieces for pieces in cut if pieces and tokenizer.CLOCK not in pieces]
    is_short = plain.isascii() and len(plain) < _SHORTEST
    found = {_read(pieces, present, is_short=is_short) for pieces in understood}
    if " " in plain or not plain.isalpha():
        found = found - {None} or found  # "15 mar" is no Tuesday, although mardi is
    if len(found) > 1 or None in found:
        raise ValueError
    return next(iter(found), None)


@functools.cache
def _vocabulary(language: str) -> tokenizer.Vocabulary:
    return tokenizer.vocabulary(relative_vocabulary.LANGUAGES[language])


def _read(pieces: Sequence[Piece], present: datetime, *, is_short: bool) -> Found | None:
    letters = "".join(piece.letter for piece in pieces)
    said = _with_counts([piece for piece in pieces if piece.letter not in _SILENT])
    shape = "".join(piece.letter for piece in said)
    if (shape == "C" and "x" in letters) or (shape == "v" and letters != "v") or (letters in ("v", "m") and is_short):
        return None
    values: dict[str, Any] = {}
    for piece in said:
        values[piece.letter.upper() if piece.letter in values else piece.letter] = (
            piece.value
        )  # of two numbers the second is D
    make = next((make for pattern, make in _RULES if pattern.fullmatch(shape)), None)
    return make(values, present) if make else None


def _with_counts(said: list[Piece]) -> list[Piece]:
    """*said* with each number and its unit as one count, and several of them as one: 1 year 2 months."""
    found: list[Piece] = []
    rest = list(said)
    while rest:
        shape = "".join(piece.letter for piece in rest)
        match = re.match("[dN]([lR]?)[uU]", shape)
        if match:
            piece = Piece("C", ((rest[0].value, _unit(rest[match.end() - 1].value)),))
            found += [rest[1]] if match[1] else []
            rest = rest[match.end() :]
        else:
            piece = rest.pop(0)
        if piece.letter == "C":
            whole = piece.value if isinstance(piece.value[0], tuple) else (piece.value,)
            before = found.pop().value if found and found[-1].letter == "C" else ()
            piece = Piece("C", before + whole)
        found.append(piece)
    return found


def _unit(name: str) -> str:
    return "day" if name == "idiom_day" else name


# Near the present ------------------------------------------------------------------


def _wall(present: datetime) -> datetime:
    return present.replace(tzinfo=None)


def _near(values: Values, present: datetime) -> Found:
    return _wall(present) + timedelta(days=values["r"]), "day"


def _weekday(which: str | None) -> _Make:
    def make(values: Values, present: datetime) -> Found:
        weekday = values["w"] if "w" in values else values["v"]
        return _wall(present) + timedelta(days=english.weekday_distance(weekday - present.weekday(), which)), "day"

    return make


def _period_of(values: Values) -> tuple[int, str] | None:
    """The period that the pieces name, as so many after this one, and its unit."""
    if "P" in values:
        ahead, unit = values["P"]
        return ahead, unit
    steps = {"t": 0, "l": -1, "n": 1, "c": 1}
    unit = _unit(values["u"])
    return next((step, unit) for letter, step in steps.items() if letter in values) if unit in english.PERIODS else None


def _period(values: Values, present: datetime) -> Found | None:
    period = _period_of(values)
    return period and (_moved(_wall(present), *period), period[1])


def _moved(moment: datetime, ahead: int, period: str) -> datetime:
    """The first day of the period that is so many *ahead* of the one around *moment*."""
    first = periods.first_of(moment, period)
    for _ in range(abs(ahead)):
        first = periods.next_after(first, period) if ahead > 0 else periods.first_of(first - timedelta(days=1), period)
    return first


def _weekday_of_week(values: Values, present: datetime) -> Found | None:
    if "W" in values:
        ahead, weekday = values["W"]
        period: tuple[int, str] | None = (ahead, "week")
    else:
        period, weekday = _period_of(values), values["w"]
    if not period or period[1] != "week":
        return None
    return _moved(_wall(present), *period) + timedelta(days=weekday), "day"


# Counted -----------------------------------------------------------------------------


def _ago(values: Values, present: datetime) -> Found | None:
    return _counted_from(values["C"] if "C" in values else values["G"], present, by_day=True)


def _one_ago(values: Values, present: datetime) -> Found | None:
    return _counted_from(((1, _unit(values["u"] if "u" in values else values["U"])),), present, by_day=True)


def _bare(values: Values, present: datetime) -> Found | None:
    return _counted_from(values["C"], present)


def _ahead(values: Values, present: datetime) -> Found | None:
    return _counted_from(values["C"], present, by_day=True, sign=1)


def _counted_from(count: Count, present: datetime, *, by_day: bool = False, sign: int = -1) -> Found | None:
    is_known = all(number and unit in english.UNITS for number, unit in count)
    return english.counted(count, present, by_day=by_day, sign=sign) if is_known else None


# On the calendar -----------------------------------------------------------------------


def _whole_date(values: Values, present: datetime) -> Found | None:
    day: date = values["f"]
    return _of(day) if _agrees(day, values, present) else None


def _of(day: date) -> Found:
    return datetime(day.year, day.month, day.day), "day"


def _agrees(day: date, values: Values, present: datetime) -> bool:
    """Whether a weekday or "yesterday" beside *day* says the same."""
    weekday = values.get("w", values.get("v", day.weekday()))
    return bool(
        weekday == day.weekday() and values.get("r", 0) == ((day - present.date()).days if "r" in values else 0)
    )


def _month(which: str | None) -> _Make:
    def make(values: Values, present: datetime) -> Found:
        year = values["y"] if "y" in values else english.month_year(values["m"], which, present)
        return datetime(year, values["m"], 1), "month"

    return make


def _month_day(values: Values, present: datetime) -> Found | None:
    month, day = (
        values["g"] if "g" in values else (values["m"], next(values[letter] for letter in "doO" if letter in values))
    )
    if "y" in values or "D" in values:
        year = values["y"] if "y" in values else _short_year(values["D"])
        found: date | None = date(year, month, day)
    else:
        date(2000, month, day)  # a leap year; a day that no year has is a ValueError
        years = range(present.year, present.year - _LEAP_YEARS_APART, -1)
        found = next((one for year in years if (one := _on(year, month, day)) and one <= present.date()), None)
    return _of(found) if found and _agrees(found, values, present) else None


def _short_year(number: int) -> int:
    if number not in _YEARS:
        raise ValueError
    return _CENTURY + number


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _quarter(values: Values, _: datetime) -> Found:
    return datetime(values["y"], 3 * values["q"] - 2, 1), "quarter"


def _year(values: Values, _: datetime) -> Found:
    return datetime(values["y"], 1, 1), "year"


def _week(values: Values, present: datetime) -> Found:
    year, week = values["k"]
    this_year = present.isocalendar().year
    if year:
        return datetime.fromisocalendar(year, week, 1), "week"
    first = datetime.fromisocalendar(this_year, week, 1)
    return (first if first <= _wall(present) else datetime.fromisocalendar(this_year - 1, week, 1)), "week"


def _rule(shape: str, make: _Make) -> tuple[re.Pattern[str], _Make]:
    return re.compile(shape), make


_BESIDE = "[rwv]?"
_RULES: tuple[tuple[re.Pattern[str], _Make], ...] = (
    _rule("T", lambda _, present: (present, "time")),
    _rule("r", _near),
    _rule("[wv]", _weekday(None)),
    _rule("[lR]w|w[lR]", _weekday("last")),
    _rule("tw|wt", _weekday("this")),
    _rule("[nc]w|w[nc]", _weekday("next")),
    _rule("W|[tlnc]uw|w[tlnc]u|wu[tlnc]|u[tlnc]w|Pw|wP", _weekday_of_week),
    _rule("i?(?:P|[tlnc]u|u[tlnc])", _period),
    _rule("AC|CA|G", _ago),
    _rule("A[uU]|[uU]A", _one_ago),
    _rule("C", _bare),
    _rule("i?(?:[lR]C|C[lR])", _ago),
    _rule("iC|Ca", _ahead),
    _rule("i?(?:m|my|ym)", _month(None)),
    _rule("lm|ml", _month("last")),
    _rule("nm|mn", _month("next")),
    _rule(f"{_BESIDE}(?:gy?|yg|m[doO]y?|[doO]my?|ym[doO]|[do]md){_BESIDE}", _month_day),
    _rule(f"{_BESIDE}f{_BESIDE}", _whole_date),
    _rule("qy|yq", _quarter),
    _rule("i?y", _year),
    _rule("k", _week),
)
