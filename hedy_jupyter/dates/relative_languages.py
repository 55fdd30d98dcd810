"""Relative times in words of many languages, looking back: ``letzten Dienstag``, ``先週の金曜日``, ``5 de marzo``.

A text is cut into tokens as due dates are (``tokenizer``), and understood only as a whole. Where two languages
understand it, they have to agree. Of a single word also on that it is no time: "ago" is August in Spanish, and no date
to readers of English.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from hedy_jupyter.dates import number_tokens, periods, relative_english, tokenizer, word_tables
from hedy_jupyter.dates.number_tokens import CJK_UNITS, COUNT, NumberPatterns
from hedy_jupyter.dates.relative_english import Span
from hedy_jupyter.dates.tokens import (
    DAYS_BESIDE,
    MONTH_AND_DAY,
    Piece,
    Token,
    Values,
    is_agreed,
    month_and_day_in,
    rule,
    shape,
)

_Maker = Callable[[Values, datetime], Span | None]
_Count = tuple[tuple[int, str], ...]
"""So many of each unit."""

# Months and weekdays only beside other words: "marco" is a name too, "out" and "vie" are everyday words.
_NOT_ALONE = frozenset(
    {
        *("czw", "czwart", "fre", "lor", "maja", "man", "marca", "mag", "marco", "mart", "mie", "nd", "niedz", "ons"),
        *("out", "pon", "pond", "set", "sob", "son", "tir", "tirs", "tis", "tor", "tors", "vie"),
    }
)
_SILENT = frozenset({Token.THE, Token.FILLER, Token.TIME_OF_DAY, Token.SINCE})
_MONTH = Piece(Token.UNIT, "month")
_SHORTEST = 3  # letters of a weekday or month without other words: "do", "mi" and "so" are words of every day
_CENTURY, _SHORT_YEARS = 2000, range(13, 100)  # "5 mar 26"; smaller numbers could be the day

# Counts in Chinese and Japanese --------------------------------------------------

_UNITS = {**CJK_UNITS, **dict.fromkeys(("分", "分钟", "分鐘"), "minute")}
_ANY_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_COUNTER = "[个個ヶか箇カヵケ]"


def _read_duration(token: Token) -> Callable[[re.Match[str]], Piece]:
    return lambda match: Piece(token, ((number_tokens.number(match[1]), _UNITS[match[2]]),))


def _read_days(match: re.Match[str]) -> Piece:
    return Piece(Token.DURATION, ((int(match[1]), "day"),))


_NUMBERS: NumberPatterns = (
    (re.compile(r"(?<=(?:최근|지난|과거) )(\d{1,3}) ?일(?:간| 동안)?(?!\w)"), _read_days),
    # "2h" where it is no time of day.
    (re.compile(r"(?<!\d)(\d{1,3}) ?h(?![a-z\d])"), lambda match: Piece(Token.DURATION, ((int(match[1]), "hour"),))),
    *(
        (re.compile(rf"(?<!\d){COUNT} ?{pattern}"), _read_duration(token))
        for pattern, token in (
            (rf"{_COUNTER}?({_ANY_UNIT})[間间]?(?:以?前|之前)", Token.DURATION_AGO),
            (rf"(?:{_COUNTER})(月|星期|礼拜|小时|小時)間?", Token.DURATION),
            ("(日|週|年|時|分)間", Token.DURATION),
            ("(天|週|周|小时|小時|分钟|分鐘)", Token.DURATION),
        )
    ),
)


def read_relative(text: str, present: datetime) -> Span | None:
    """Return what *text* says at *present*, which has the display zone.

    Return None where no language here understands every word of it.

    Raises:
        ValueError: it is understood, but is no time, or more than one.
    """
    plain = tokenizer.plain(text)
    if tokenizer.has_other_accents(text) or text in _NOT_ALONE:
        return None
    cut = (tokenizer.tokenize(plain, _vocabulary(name), _NUMBERS) for name in word_tables.SINCE_LANGUAGES)
    understood = [pieces for pieces in cut if pieces and number_tokens.CLOCK not in pieces and not _is_hour(pieces)]
    is_short = plain.isascii() and len(plain) < _SHORTEST
    found = {_understand(pieces, present, is_short=is_short) for pieces in understood}
    if " " in plain or not plain.isalpha():
        found = found - {None} or found  # "15 mar" is no Tuesday, although mardi is
    if len(found) > 1 or None in found:
        raise ValueError
    return next(iter(found), None)


@functools.cache
def _vocabulary(language: str) -> tokenizer.Vocabulary:
    return tokenizer.vocabulary(word_tables.since_words(language))


def _is_hour(pieces: Sequence[Piece]) -> bool:
    """Return whether *pieces* are a part of a day alone: "morgen" is the morning in Danish, and tomorrow in German."""
    return all(piece.token is Token.TIME_OF_DAY for piece in pieces)


def _understand(pieces: Sequence[Piece], present: datetime, *, is_short: bool) -> Span | None:
    """Return what *pieces* say together; of a text that *is_short* not by the name of a weekday or month alone."""
    heard = [_MONTH if piece.token is Token.THE_MONTH else piece for piece in pieces if piece.token not in _SILENT]
    said = _with_short_year(_with_durations(_with_quarter(_with_since(heard))))
    tokens = shape(said)
    is_alone = len(pieces) == 1
    if (
        (tokens == Token.DURATION and any(piece.token is Token.FILLER for piece in pieces))
        or (tokens == Token.SHORT_WEEKDAY and (is_short or not is_alone))
        or (tokens == Token.MONTH and is_short and is_alone)
    ):
        return None
    for pattern, make in _rules():
        if match := pattern.fullmatch(tokens):
            first, end = match.span("core")
            made = make(dict(said[first:end]), present)
            beside = [*said[:first], *said[end:]]
            return made if made and is_agreed(made[0].date(), present.date(), beside) else None
    return None


def _with_since(said: list[Piece]) -> list[Piece]:
    """Return *said* without "since" before a day or period; the same word beside a count is "ago"."""
    if rule(_SINCE).match(shape(said)):
        return said[1:]
    return [Piece(Token.AGO) if piece.token is Token.SINCE_OR_AGO else piece for piece in said]


def _with_quarter(said: list[Piece]) -> list[Piece]:
    """Return *said* with "third quarter", or "3 quarter" before a year, as the quarter."""
    match = rule(_NTH_QUARTER).search(shape(said))
    if match is None or said[match.start() + 1].value != "quarter" or not 1 <= said[match.start()].value <= _QUARTERS:
        return said
    quarter = Piece(Token.QUARTER, said[match.start()].value)
    return [*said[: match.start()], quarter, *said[match.start() + 2 :]]


_SINCE = "SINCE_OR_AGO [^NUMBER NUMBER_WORD DURATION UNIT UNITS]"
_NTH_QUARTER = "[NTH ORDINAL] UNIT | NUMBER UNIT (?= YEAR)"
_QUARTERS = 4


def _with_durations(said: list[Piece]) -> list[Piece]:
    """Return *said* with each number and its unit as one duration, and several of them as one: 1 year 2 months."""
    found: list[Piece] = []
    rest = list(said)
    while rest:
        match = rule(_COUNT_AND_UNIT).match(shape(rest))
        if match:
            piece = Piece(Token.DURATION, ((rest[0].value, _unit(rest[match.end() - 1].value)),))
            found += [rest[1]] if match["last"] else []
            rest = rest[match.end() :]
        else:
            piece = rest.pop(0)
        if piece.token is Token.DURATION:
            whole = piece.value if isinstance(piece.value[0], tuple) else (piece.value,)
            before = found.pop().value if found and found[-1].token is Token.DURATION else ()
            piece = Piece(Token.DURATION, before + whole)
        found.append(piece)
    return found


_COUNT_AND_UNIT = "[NUMBER NUMBER_WORD] (?P<last>[LAST LAST_FEW]?) [UNIT UNITS]"


def _with_short_year(said: list[Piece]) -> list[Piece]:
    """Return *said* with the number behind a day and its month as the year: "5 mar 26"."""
    match = rule(_DAY_MONTH_NUMBER).search(shape(said))
    if match is None:
        return said
    last = match.end() - 1
    return [*said[:last], Piece(Token.SHORT_YEAR, said[last].value), *said[last + 1 :]]


_DAY_MONTH_NUMBER = "[NUMBER ORDINAL] MONTH NUMBER"


def _unit(name: str) -> str:
    return "day" if name == "idiom_day" else name


# Near the present ------------------------------------------------------------------


def _wall(present: datetime) -> datetime:
    return present.replace(tzinfo=None)


def _now(_: Values, present: datetime) -> Span:
    return present, "time"


def _near_day(values: Values, present: datetime) -> Span:
    return _wall(present) + timedelta(days=values[Token.NEAR_DAY]), "day"


def _weekday(which: str | None) -> _Maker:
    def make(values: Values, present: datetime) -> Span:
        weekday = values[Token.WEEKDAY] if Token.WEEKDAY in values else values[Token.SHORT_WEEKDAY]
        return _wall(present) + timedelta(
            days=relative_english.weekday_distance(weekday - present.weekday(), which)
        ), "day"

    return make


def _last_weekday(values: Values, present: datetime) -> Span:
    return _weekday("last")({Token.WEEKDAY: values[Token.LAST_WEEKDAY]}, present) or (present, "day")


_STEPS = {Token.THIS: 0, Token.LAST: -1, Token.NEXT: 1, Token.COMING: 1}


def _period_in(values: Values) -> tuple[int, str] | None:
    """Return the period that *values* name, as so many after the present one, and its unit."""
    if Token.PERIOD in values:
        ahead, unit = values[Token.PERIOD]
        return ahead, unit
    unit = _unit(values[Token.UNIT])
    return next((step, unit) for token, step in _STEPS.items() if token in values) if unit in periods.NAMES else None


def _period(values: Values, present: datetime) -> Span | None:
    period = _period_in(values)
    return period and (periods.moved(_wall(present), *period), period[1])


def _weekday_of_week(values: Values, present: datetime) -> Span | None:
    if Token.WEEKDAY_OF_WEEK in values:
        ahead, weekday = values[Token.WEEKDAY_OF_WEEK]
        period: tuple[int, str] | None = (ahead, "week")
    else:
        period, weekday = _period_in(values), values[Token.WEEKDAY]
    if not period or period[1] != "week":
        return None
    return periods.moved(_wall(present), *period) + timedelta(days=weekday), "day"


# Counted -----------------------------------------------------------------------------


def _ago(values: Values, present: datetime) -> Span | None:
    count = values[Token.DURATION] if Token.DURATION in values else values[Token.DURATION_AGO]
    return _counted(count, present, by_day=True)


def _one_ago(values: Values, present: datetime) -> Span | None:
    unit = values[Token.UNIT] if Token.UNIT in values else values[Token.UNITS]
    return _counted(((1, _unit(unit)),), present, by_day=True)


def _exactly_ago(values: Values, present: datetime) -> Span | None:
    return _counted(values[Token.DURATION], present)


def _ahead(values: Values, present: datetime) -> Span | None:
    return _counted(values[Token.DURATION], present, by_day=True, sign=1)


def _counted(count: _Count, present: datetime, *, by_day: bool = False, sign: int = -1) -> Span | None:
    is_known = all(number and unit in relative_english.UNITS for number, unit in count)
    return relative_english.counted(count, present, by_day=by_day, sign=sign) if is_known else None


# On the calendar -----------------------------------------------------------------------


def _whole_date(values: Values, _: datetime) -> Span:
    return _day(values[Token.DATE])


def _day(day: date) -> Span:
    return datetime(day.year, day.month, day.day), "day"


def _month(which: str | None) -> _Maker:
    def make(values: Values, present: datetime) -> Span:
        month = values[Token.MONTH]
        year = values[Token.YEAR] if Token.YEAR in values else relative_english.month_year(month, which, present)
        return datetime(year, month, 1), "month"

    return make


def _month_of_year(values: Values, present: datetime) -> Span | None:
    ahead, unit = values[Token.PERIOD]
    return (datetime(present.year + ahead, values[Token.MONTH], 1), "month") if unit == "year" else None


def _month_day(values: Values, present: datetime) -> Span | None:
    month, day = month_and_day_in(values)
    if Token.YEAR in values:
        return _day(date(values[Token.YEAR], month, day))
    if Token.SHORT_YEAR in values:
        return _day(date(_full_year(values[Token.SHORT_YEAR]), month, day))
    date(2000, month, day)  # a leap year; a day that no year has is a ValueError
    years = range(present.year, present.year - periods.LEAP_YEARS_APART - 1, -1)
    dates = (periods.date_if_any(year, month, day) for year in years)
    return next((_day(found) for found in dates if found and found <= present.date()), None)


def _full_year(number: int) -> int:
    if number not in _SHORT_YEARS:
        raise ValueError
    return _CENTURY + number


def _part_of_year(values: Values, present: datetime) -> Span:
    """Return a quarter or half of a year; without a year the newest one that has begun."""
    period = "quarter" if Token.QUARTER in values else "half"
    month = 3 * values[Token.QUARTER] - 2 if period == "quarter" else 6 * values[Token.HALF] - 5
    year = values.get(Token.YEAR, present.year - (month > present.month))
    return datetime(year, month, 1), period


def _start(values: Values, present: datetime) -> Span | None:
    """Return the first day of a period."""
    if Token.MONTH in values:
        found: Span | None = _month(None)(values, present)
    elif Token.QUARTER in values or Token.HALF in values:
        found = _part_of_year(values, present)
    elif Token.YEAR in values:
        found = _year(values, present)
    else:
        found = _period(values if len(values) > 2 or Token.PERIOD in values else {**values, Token.THIS: None}, present)
    return found and (found[0], "day")


def _year(values: Values, _: datetime) -> Span:
    return datetime(values[Token.YEAR], 1, 1), "year"


def _calendar_week(values: Values, present: datetime) -> Span:
    year, week = values[Token.CALENDAR_WEEK]
    this_year = present.isocalendar().year
    if year:
        return datetime.fromisocalendar(year, week, 1), "week"
    first = datetime.fromisocalendar(this_year, week, 1)
    return (first if first <= _wall(present) else datetime.fromisocalendar(this_year - 1, week, 1)), "week"


# Forms of times ----------------------------------------------------------------------


def _rule(core: str, make: _Maker, *, beside: str = "") -> tuple[re.Pattern[str], _Maker]:
    """Return a rule for *core*, before and after which one of the tokens *beside* may be."""
    around = f"[{beside}]?" if beside else ""
    return rule(f"{around} (?P<core>{core}) {around}"), make


_LAST = "[LAST LAST_FEW]"
_WHICH = "[THIS LAST NEXT COMING]"
_WEEK_AND_DAY = f"""
    WEEKDAY_OF_WEEK | PERIOD WEEKDAY | WEEKDAY PERIOD
    | {_WHICH} UNIT WEEKDAY | WEEKDAY {_WHICH} UNIT | WEEKDAY UNIT {_WHICH} | UNIT {_WHICH} WEEKDAY
"""
_SPAN = f"PERIOD | UNIT | {_WHICH} UNIT | UNIT {_WHICH} | MONTH YEAR? | [QUARTER HALF] YEAR? | YEAR"


@functools.cache
def _rules() -> tuple[tuple[re.Pattern[str], _Maker], ...]:
    """Return the forms of times; the first that fits counts."""
    return (
        _rule("NOW", _now),
        _rule("NEAR_DAY", _near_day),
        _rule("WEEKDAY | SHORT_WEEKDAY", _weekday(None)),
        _rule("LAST_WEEKDAY", _last_weekday),
        _rule(f"{_LAST} WEEKDAY | WEEKDAY {_LAST}", _weekday("last")),
        _rule("THIS WEEKDAY | WEEKDAY THIS", _weekday("this")),
        _rule("[NEXT COMING] WEEKDAY | WEEKDAY [NEXT COMING]", _weekday("next")),
        _rule(_WEEK_AND_DAY, _weekday_of_week),
        _rule(f"IN? (?: PERIOD | {_WHICH} UNIT | UNIT {_WHICH})", _period),
        _rule("AGO DURATION | DURATION AGO | DURATION_AGO", _ago),
        _rule("AGO [UNIT UNITS] | [UNIT UNITS] AGO", _one_ago),
        _rule("DURATION", _exactly_ago),
        _rule(f"IN? (?: {_LAST} DURATION | DURATION {_LAST})", _ago),
        _rule("IN DURATION | DURATION FROM_NOW", _ahead),
        _rule("IN? (?: MONTH YEAR? | YEAR MONTH)", _month(None)),
        _rule("LAST MONTH | MONTH LAST", _month("last")),
        _rule("PERIOD MONTH", _month_of_year),
        _rule("NEXT MONTH | MONTH NEXT", _month("next")),
        _rule(MONTH_AND_DAY, _month_day, beside=DAYS_BESIDE),
        _rule("DATE", _whole_date, beside=DAYS_BESIDE),
        _rule("IN? (?: [QUARTER HALF] YEAR? | YEAR [QUARTER HALF])", _part_of_year),
        _rule(f"START (?: {_SPAN})  | (?: {_SPAN}) START", _start),
        _rule("IN? YEAR", _year),
        _rule("CALENDAR_WEEK", _calendar_week),
    )
