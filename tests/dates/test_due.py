"""Due dates in prose become days, or none where a careful person would not write one down."""

from __future__ import annotations

import itertools
import random
import warnings
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from hedy_jupyter.dates import tokenizer, word_tables
from hedy_jupyter.dates.due import Due, due_date
from tests.due_phrases import ROWS, WED


def test_a_phrase_says_what_a_careful_person_would_note() -> None:
    """Every phrase of the table gives its day and kind."""
    found = [(row, due_date(row.phrase, row.day)) for row in ROWS]

    assert [(row, due) for row, due in found if due != Due(row.on, row.kind)] == []


PHRASES = sorted((Path(__file__).parent / "phrases").glob("*.txt"))


@pytest.mark.parametrize("path", PHRASES, ids=lambda path: path.stem)
def test_each_language_has_its_days_and_its_traps(path: Path) -> None:
    """In the files of phrases, said on an ordinary Wednesday, each has the day behind it, and the traps none."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    days = dict(line.removesuffix(" =").split(" = ") if not line.endswith(" =") else (line[:-2], "") for line in lines)
    expected = {phrase: day if len(day) != 5 else f"{WED.year}-{day}" for phrase, day in days.items()}
    found = {phrase: str(due_date(phrase, WED).on or "") for phrase in expected}

    assert {phrase: day for phrase, day in found.items() if day != expected[phrase]} == {}
    assert len(days) == len(lines)
    assert list(expected.values()).count("") >= 60
    assert len(expected) - list(expected.values()).count("") >= 40


def test_the_table_is_large_and_in_many_languages() -> None:
    """There are enough phrases to tell a good reader from a lucky one."""
    assert len({row.phrase for row in ROWS}) >= 170
    assert len(word_tables.DUE_LANGUAGES) >= 19


@pytest.mark.parametrize("place", range(7))
@pytest.mark.parametrize(
    ("phrase", "least", "most"),
    [
        ("{day}", 1, 7),
        ("this {day}", 0, 6),
        ("coming {day}", 1, 7),
        ("next {day}", 1, 7),
        ("{day} next week", 1, 13),
        ("this week {day}", 0, 6),
    ],
)
def test_weekdays_are_right_on_every_day(phrase: str, least: int, most: int, place: int) -> None:
    """A weekday has the name that was said, and is as far ahead as the words before it allow."""
    meeting = WED + timedelta(days=place)
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    found = {name: due_date(phrase.format(day=name), meeting).on for name in names}

    assert any(found.values()) or (phrase == "next {day}" and meeting.weekday() == 6)
    assert all(day is None or f"{day:%A}" == name for name, day in found.items())
    assert all(day is None or least <= (day - meeting).days <= most for day in found.values())


@pytest.mark.parametrize(
    ("meeting", "on"),
    [
        (date(2026, 3, day), on)
        for day, on in ((9, 13), (10, 13), (11, None), (12, None), (13, 20), (14, 20), (15, None))
    ],
)
def test_next_friday_is_a_day_only_where_everybody_means_the_same(meeting: date, on: int | None) -> None:
    """While this week's Friday is ahead, "next Friday" is one of two.

    On a Sunday some weeks have begun and others not.
    """
    expected = None if on in (None, 13) else date(2026, 3, on or 0)

    assert due_date("next Friday", meeting) == Due(expected, "relative")


@pytest.mark.parametrize(
    ("meeting", "phrase", "on"),
    [
        (date(2026, 3, 31), "end of month", date(2026, 3, 31)),
        (date(2026, 3, 31), "end of Q1", date(2026, 3, 31)),
        (date(2026, 4, 1), "end of Q1", date(2027, 3, 31)),
        (date(2026, 11, 15), "next quarter", date(2027, 3, 31)),
        (date(2026, 1, 31), "in a month", date(2026, 2, 28)),
        (date(2026, 10, 31), "in 4 months", date(2027, 2, 28)),
        (date(2026, 11, 30), "in a quarter", date(2027, 2, 28)),
        (date(2024, 2, 29), "in a year", date(2025, 2, 28)),
        (date(2026, 2, 15), "the 31st", date(2026, 3, 31)),
        (date(2096, 3, 1), "Feb 29", date(2104, 2, 29)),
        (date(2027, 1, 1), "KW 53", date(2027, 1, 1)),
        (date(2027, 1, 4), "KW 1", date(2027, 1, 8)),
        (date(2026, 12, 24), "KW 1", date(2027, 1, 8)),
        (date(9999, 12, 31), "Tomorrow", None),
        (date(9999, 12, 31), "next month", None),
        (date(1, 1, 1), "Friday", date(1, 1, 5)),
    ],
)
def test_edges_of_the_calendar(meeting: date, phrase: str, on: date | None) -> None:
    """Short months, leap years, turns of the year and the ends of the calendar are met."""
    assert due_date(phrase, meeting).on == on


DAYS_ROUND_A_YEAR = (
    [date(2026, 12, day) for day in (1, 30, 31)] + [date(2027, 1, day) for day in (1, 2, 13)] + [date(2028, 2, 29)]
)


@pytest.mark.parametrize(
    ("meeting", "separator"),
    [*itertools.product(DAYS_ROUND_A_YEAR, "-/"), *itertools.product(DAYS_ROUND_A_YEAR[-2:], [".", ". ", " "])],
    ids=str,
)
def test_three_short_numbers_never_give_a_day_far_away(meeting: date, separator: str) -> None:
    """Whatever three two-digit numbers come together, their day is near the meeting, and no other order gives one."""
    near = meeting - timedelta(days=60), meeting + timedelta(days=732)
    found = {}
    for numbers in itertools.product((1, 12, 26, 27, 28, 31), repeat=3):
        phrase = separator.join(f"{number:02}" for number in numbers)
        on = due_date(phrase, meeting).on
        if on:
            found[phrase] = on
            orders = {_date_or_none(2000 + year, month, day) for year, month, day in itertools.permutations(numbers)}
            likely = {one for one in orders if one and near[0] <= one <= near[1]}
            year_last = {_date_or_none(2000 + numbers[2], *pair) for pair in (numbers[:2], numbers[1::-1])} - {None}
            year_first = {_date_or_none(2000 + numbers[0], *numbers[1:])} - {None}
            assert on in likely
            assert (year_last | year_first) & likely == {on}, phrase
    assert bool(found) == (separator in "-/")


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@pytest.mark.parametrize("meeting", DAYS_ROUND_A_YEAR, ids=str)
def test_dates_in_numbers_are_that_day_in_every_order(meeting: date) -> None:
    """A date written in any usual order is that day or, where it may be another one, none.

    Over the turn of the year too.
    """
    for ahead in range(0, 120, 7):
        day = meeting + timedelta(days=ahead)
        y, m, d = day.year, day.month, day.day
        sure = [
            f"{y}-{m:02}-{d:02}",
            f"{y}/{m}/{d}",
            f"{y}. {m}. {d}.",
            f"{y}.{m}.{d}.",
            f"{y}年{m}月{d}日",
            f"{d}.{m}.{y}",
            f"{d}. {m}. {y}",
        ]
        sure += [f"bis {d}.{m}.", f"bis zum {d}. {m}.", f"{m}月{d}日"]
        doubtful = [
            f"{d}/{m}/{y}",
            f"{m}/{d}/{y}",
            f"{d}-{m}-{y}",
            f"{d}/{m}",
            f"{m}/{d}",
            f"{d:02}-{m:02}-{y % 100}",
            f"{m:02}/{d:02}/{y % 100}",
        ]
        doubtful += [f"{d}.{m}.", f"{d}. {m}.", f"{y % 100}-{m:02}-{d:02}", f"{y % 100}/{m:02}/{d:02}"]

        assert {phrase: due_date(phrase, meeting).on for phrase in sure} == dict.fromkeys(sure, day)
        assert {due_date(phrase, meeting).on for phrase in doubtful} <= {day, None}


@pytest.mark.parametrize("phrase", ["31/12/26", "20-12-26", "26-12-20", "2026. 12. 20.", "20.12.2026", "20.12."])
def test_a_short_year_needs_a_meeting(phrase: str) -> None:
    """Without a known meeting only a whole year makes a day."""
    assert (due_date(phrase, None).on is not None) == ("2026" in phrase)


def _some_words(chance: random.Random) -> str:
    words = [
        word
        for language in word_tables.DUE_LANGUAGES
        for word in word_tables.all_words(word_tables.due_words(language))
    ]
    numbers = ["3", "15", "2027", "3pm", "Q2", "03/04", "15.", "5th", "x", "?"]
    return " ".join(chance.choice(words if chance.random() < 0.8 else numbers) for _ in range(chance.randint(1, 4)))


def test_words_in_any_order_never_give_a_day_before_the_meeting() -> None:
    """However words are thrown together, what counts from the meeting is not before it, except yesterday."""
    chance = random.Random(5)  # noqa: S311 - no secret
    phrases = {_some_words(chance) for _ in range(2000)}
    found = {phrase: due_date(phrase, WED) for phrase in phrases}
    relative = [answer.on for answer in found.values() if answer.kind == "relative" and answer.on]

    assert len(relative) > 100
    assert min(relative) >= WED - timedelta(days=1)
    assert all(answer.on is None for answer in found.values() if answer.kind in ("vague", "none"))


def test_random_text_is_vague() -> None:
    """Text of any letters, symbols and half characters gives no day and no error."""
    chance = random.Random(7)  # noqa: S311 - no secret
    ranges = [
        (32, 127),
        (0, 32),
        (0xA0, 0x250),
        (0x400, 0x500),
        (0x5D0, 0x700),
        (0xD800, 0xE000),
        (0x2000, 0x2070),
        (0x1F300, 0x1F700),
    ]
    texts = [
        "".join(chr(chance.randrange(*chance.choice(ranges))) for _ in range(chance.randint(3, 70)))
        for _ in range(3000)
    ]
    answers = {due_date(text, WED) for text in texts if any(map(str.isalpha, text))}

    assert answers == {Due(None, "vague")}


def test_common_words_of_english_are_no_dates() -> None:
    """The words of the license and of these tests are vague, each alone and in pairs, unless they name a day."""
    words = [
        word
        for word in "".join(one if one.isalpha() else " " for one in LICENSE).split()
        if word.lower() not in ("none", "today")
    ]
    found = {phrase: due_date(phrase, WED) for phrase in {*words, *map(" ".join, pairwise(words))}}

    assert {phrase: answer for phrase, answer in found.items() if answer.kind != "vague"} == {}


LICENSE = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("phrase", ["more", "to", "on", "son", "maj", "tor", "man", "i", "per", "august"])
def test_short_words_of_other_languages_are_not_guessed(phrase: str) -> None:
    """A word that is a day or month somewhere, and something else elsewhere, is no day."""
    assert due_date(phrase, WED) == Due(None, "vague")


@pytest.mark.parametrize(
    "phrase",
    [
        "2020-01-01",
        "2015-03-10",
        "March 5, 2019",
        "5. März 2019",
        "2020年3月5日",
        "by 2020-01-01",
        "01/20/2020",
        "2020-W10",
        "Q1 2020",
        "20200101",
    ],
)
@pytest.mark.parametrize("meeting", [date(2026, 3, 11), date(2021, 12, 31), None])
def test_no_day_years_before_the_meeting(phrase: str, meeting: date | None) -> None:
    """A day that was over a year or more before its meeting is none, however it is written.

    Without a meeting nothing speaks against it.
    """
    if phrase == "Q1 2020":
        phrase = "end of Q1 2020"
    found = due_date(phrase, meeting)

    assert (found.on is None) == (meeting is not None)
    assert found.kind == ("exact" if meeting is None else "vague")


@pytest.mark.parametrize(
    ("phrase", "on"),
    [("2025-12-31", "2025-12-31"), ("2025-03-12", "2025-03-12"), ("2025-03-11", None), ("March 1, 2026", "2026-03-01")],
)
def test_a_day_that_is_just_over_stays(phrase: str, on: str | None) -> None:
    """A promise may be late already when it is spoken about."""
    assert due_date(phrase, date(2026, 3, 11)).on == (on and date.fromisoformat(on))


@pytest.mark.parametrize(
    ("phrase", "meeting", "on"),
    [
        ("12. 1.", "2026-11-04", None),
        ("12.1.", "2026-11-04", None),
        ("by 12. 1.", "2026-11-04", None),
        ("12. 1.まで", "2026-11-04", None),
        ("1. 4.", "2026-11-04", None),
        ("4. 1.", "2026-03-11", None),
        ("bis 12. 1.", "2026-11-04", "2027-01-12"),
        ("am 12. 1.", "2026-11-04", "2027-01-12"),
        ("spätestens 12.1.", "2026-11-04", "2027-01-12"),
        ("entro il 12. 1.", "2026-11-04", "2027-01-12"),
        ("1. 4.", "2026-03-11", "2026-04-01"),
        ("13. 1.", "2026-11-04", "2027-01-13"),
        ("12. 12.", "2026-11-04", "2026-12-12"),
        ("12. 1. 2027", "2026-11-04", "2027-01-12"),
        ("2026. 12. 1.", "2026-11-04", "2026-12-01"),
    ],
)
def test_two_numbers_with_dots(phrase: str, meeting: str, on: str | None) -> None:
    """The day is first in most of Europe, the month in Korea and Hungary: alone they are a day only if one is far."""
    assert due_date(phrase, date.fromisoformat(meeting)).on == (on and date.fromisoformat(on))


def test_the_answer_does_not_depend_on_today() -> None:
    """Languages that dateparser reads count from the meeting, on every weekday and a long time ago."""
    meetings = [date(1999, 12, 27) + timedelta(days=place) for place in range(7)]

    assert [due_date("завтра", day).on for day in meetings] == [day + timedelta(days=1) for day in meetings]
    assert [due_date("через 2 недели", day).on for day in meetings] == [day + timedelta(days=14) for day in meetings]
    assert [due_date("пятница", day).on for day in meetings] == [due_date("Friday", day).on for day in meetings]
    assert due_date("15 марта", date(2026, 3, 16)) == Due(date(2027, 3, 15), "exact")
    assert due_date("1 марта", WED) == Due(date(2027, 3, 1), "exact")
    assert due_date("вчера", WED) == Due(date(2026, 3, 10), "relative")


@pytest.mark.parametrize(
    "phrase",
    [
        "3 дня назад",
        "март",
        "в 15:00",
        "через час",
        "15 марта 26",
        "2 месяца",
        "позавчера",
        "пятница 15 марта",
        "7 марта 15",
        "пятница 3",
    ],
)
def test_other_languages_are_not_believed_without_proof(phrase: str) -> None:
    """What does not move with the meeting in a way that shows what it means is vague."""
    assert due_date(phrase, WED) == Due(None, "vague")


def test_no_warning_is_shown() -> None:
    """Reading is silent, whatever a library has to say."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = [due_date(phrase, WED).on for phrase in ("15 марта", "15 marca 2026")]

    assert found == [date(2026, 3, 15)] * 2
    assert caught == []


def test_every_word_of_the_tables_is_found() -> None:
    """Each word of each language is cut whole and means one thing; a word twice in a table would hide one of them."""
    for language, table in ((name, word_tables.due_words(name)) for name in word_tables.DUE_LANGUAGES):
        meanings = [
            (letter, value, word) for letter, row in table.items() for value, listed in row.items() for word in listed
        ]
        for letter, value, word in meanings:
            assert tokenizer.tokenize_due(tokenizer.plain(word), language) == [(letter, value)], (language, word)
