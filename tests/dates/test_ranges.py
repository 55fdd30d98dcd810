"""What a user says for a time becomes an instant of the display zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from hedy_jupyter.dates import periods, ranges
from hedy_jupyter.errors import SettingsError, UsageError
from hedy_jupyter.text.stop_words import STOP_WORDS

REAL_NAMES = {"now", "jetzt", "maintenant", "ahora", "adesso", "agora", "nu", "sept", "hier", "mon"}
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 8, 19, 13, 20, 5, tzinfo=UTC)  # a Wednesday, 15:20:05 in Berlin


def span(value: object, *, zone: tzinfo = BERLIN, now: datetime = NOW) -> tuple[str, str]:
    """Start and exclusive end on the wall clock of *zone*."""
    ends = (ranges.instant(value, zone=zone, now=now, end=end).tz_convert(zone) for end in (False, True))
    start, stop = (end.tz_localize(None).isoformat() for end in ends)
    return start.removesuffix("T00:00:00"), stop.removesuffix("T00:00:00")


@pytest.mark.parametrize(
    ("words", "start", "stop"),
    [
        ("2026-03-15", "2026-03-15", "2026-03-16"),
        ("2026-3-5", "2026-03-05", "2026-03-06"),
        ("20260315", "2026-03-15", "2026-03-16"),
        ("15.03.2026", "2026-03-15", "2026-03-16"),
        ("5. 3. 2026", "2026-03-05", "2026-03-06"),
        ("2026-03", "2026-03-01", "2026-04-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-W11", "2026-03-09", "2026-03-16"),
        ("today", "2026-08-19", "2026-08-20"),
        ("  Yesterday ", "2026-08-18", "2026-08-19"),
        ("tomorrow", "2026-08-20", "2026-08-21"),
        ("last tuesday", "2026-08-18", "2026-08-19"),
        ("the first of August", "2026-08-01", "2026-08-02"),
        ("july the twenty-second", "2026-07-22", "2026-07-23"),
        ("thirtieth day of june, 2025", "2025-06-30", "2025-07-01"),
        ("second may", "2026-05-02", "2026-05-03"),
        ("last wednesday", "2026-08-12", "2026-08-13"),
        ("Last  Thursday", "2026-08-13", "2026-08-14"),
        ("tuesday", "2026-08-18", "2026-08-19"),
        ("this tuesday", "2026-08-18", "2026-08-19"),
        ("wednesday", "2026-08-19", "2026-08-20"),
        ("thu", "2026-08-13", "2026-08-14"),
        ("next wednesday", "2026-08-26", "2026-08-27"),
        ("next friday", "2026-08-21", "2026-08-22"),
        ("last week", "2026-08-10", "2026-08-17"),
        ("this week", "2026-08-17", "2026-08-24"),
        ("next week", "2026-08-24", "2026-08-31"),
        ("last month", "2026-07-01", "2026-08-01"),
        ("this month", "2026-08-01", "2026-09-01"),
        ("last quarter", "2026-04-01", "2026-07-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("march", "2026-03-01", "2026-04-01"),
        ("august", "2026-08-01", "2026-09-01"),
        ("last august", "2025-08-01", "2025-09-01"),
        ("last march", "2026-03-01", "2026-04-01"),
        ("next march", "2027-03-01", "2027-04-01"),
        ("sept", "2025-09-01", "2025-10-01"),
        ("March 2026", "2026-03-01", "2026-04-01"),
        ("3 days ago", "2026-08-16", "2026-08-17"),
        ("two weeks ago", "2026-08-05", "2026-08-06"),
        ("a month ago", "2026-07-19", "2026-07-20"),
        ("last 7 days", "2026-08-12", "2026-08-13"),
    ],
)
def test_words_are_whole_local_periods(words: str, start: str, stop: str) -> None:
    """A bare day, week, month or year is all of it, from its first local midnight to the one after it."""
    assert span(words) == (start, stop)


SINCE_PHRASES = (Path(__file__).parent / "since_phrases.txt").read_text(encoding="utf-8").splitlines()


def test_words_of_many_languages_look_back() -> None:
    """Each line of the file gives the first instant and the end behind it, and is refused where there are none."""
    said = dict(line.partition(" =")[::2] for line in SINCE_PHRASES if not line.startswith("#"))
    found = dict[str, str]()
    for words in said:
        try:
            found[words] = f" {' '.join(span(words))}"
        except UsageError:
            found[words] = ""

    assert {words: ends for words, ends in found.items() if ends != said[words]} == {}
    assert list(said.values()).count("") >= 60
    assert len(said) == sum(not line.startswith("#") for line in SINCE_PHRASES) >= 200


@pytest.mark.parametrize(
    ("words", "start", "stop"),
    [
        ("gestern", "2026-08-18", "2026-08-19"),
        ("vor 3 Tagen", "2026-08-16", "2026-08-17"),
        ("vor zwei Wochen", "2026-08-05", "2026-08-06"),
        ("letzte Woche", "2026-08-10", "2026-08-17"),
        ("Mittwoch", "2026-08-19", "2026-08-20"),
        ("Dienstag", "2026-08-18", "2026-08-19"),
        ("März", "2026-03-01", "2026-04-01"),
        ("昨日", "2026-08-18", "2026-08-19"),
        ("先月", "2026-07-01", "2026-08-01"),
        ("2026年3月", "2026-03-01", "2026-04-01"),
        ("3月15日", "2026-03-15", "2026-03-16"),
        ("hier", "2026-08-18", "2026-08-19"),
        ("dec 25", "2025-12-25", "2025-12-26"),
        ("5 march", "2026-03-05", "2026-03-06"),
        ("Q1 2026", "2026-01-01", "2026-04-01"),
    ],
)
def test_other_words_and_languages_are_read_in_the_past(words: str, start: str, stop: str) -> None:
    """Words of other languages give the same periods, and a day without a year is the last one there was."""
    assert span(words) == (start, stop)


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("7d", NOW - timedelta(hours=168)),
        ("24h", NOW - timedelta(hours=24)),
        ("2 W", NOW - timedelta(days=14)),
        ("90m", NOW - timedelta(minutes=90)),
        ("2 hours ago", NOW - timedelta(hours=2)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("now", NOW),
        ("2026-03-15T14:30", datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        ("2026-03-15 14:30", datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        ("2026-03-15t14:30:00z", datetime(2026, 3, 15, 14, 30, tzinfo=UTC)),
        ("2026-03-15T14:30:00.5-05:00", datetime(2026, 3, 15, 19, 30, 0, 500000, tzinfo=UTC)),
        ("yesterday 14:00", datetime(2026, 8, 18, 12, tzinfo=UTC)),
        ("last tuesday 3pm", datetime(2026, 8, 18, 13, tzinfo=UTC)),
        ("vor 2 Stunden", NOW - timedelta(hours=2)),
        (datetime(2026, 3, 15, 14, 30), datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        (datetime(2026, 3, 15, 14, 30, tzinfo=timezone(timedelta(hours=9))), datetime(2026, 3, 15, 5, 30, tzinfo=UTC)),
        (pd.Timestamp("2026-03-15T14:30:00.123456789Z"), datetime(2026, 3, 15, 14, 30, 0, 123456, tzinfo=UTC)),
        (np.datetime64("2026-03-15T14:30"), datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        (np.datetime64("2026-03-15T14:30:00.123456789"), datetime(2026, 3, 15, 13, 30, 0, 123456, tzinfo=UTC)),
    ],
)
def test_an_exact_time_is_one_instant(value: object, start: datetime) -> None:
    """An exact time is itself as a start, and the next microsecond as an exclusive end."""
    found = ranges.instant(value, zone=BERLIN, now=NOW), ranges.instant(value, zone=BERLIN, now=NOW, end=True)

    assert found == (pd.Timestamp(start), pd.Timestamp(start) + timedelta(microseconds=1))
    assert {(str(one.tz), one.unit) for one in found} == {("UTC", "us")}


@pytest.mark.parametrize(
    ("value", "start", "stop"),
    [
        (date(2026, 3, 15), "2026-03-15", "2026-03-16"),
        (np.datetime64("2026-03-15"), "2026-03-15", "2026-03-16"),
        (np.datetime64("2026-03"), "2026-03-01", "2026-04-01"),
        (np.datetime64("2026"), "2026-01-01", "2027-01-01"),
    ],
)
def test_dates_without_a_time_are_periods(value: object, start: str, stop: str) -> None:
    """Objects that name a day, month or year are all of it, as their text is."""
    assert span(value) == (start, stop)


@pytest.mark.parametrize(
    "words", ["1y", "1 yr", "1 year", "a year", "one year", "12 months", "last 12 months", "4 quarters", "a year ago"]
)
def test_a_year_is_the_same_day_a_year_back(words: str) -> None:
    """One year goes one year back as ``2y`` goes two, and is not the calendar year before this one."""
    assert span(words) == ("2025-08-19", "2025-08-20")
    assert span("last year") == ("2025-01-01", "2026-01-01")
    assert span("2y") == ("2024-08-19", "2024-08-20")


MONTH_BACK = """
    1mo | 1 mo | 1 month | a month | one month
    a month ago | last 1 month | vor einem Monat | vor 1 Monat | seit einem Monat
    il y a un mois | il y a 1 mois | hace un mes | desde hace un mes
    un mese fa | 1 mese fa | há um mês | um mês atrás | faz um mês
    een maand geleden | 1ヶ月前 | 1か月前 | 一ヶ月前 | 一个月前
    1个月前 | 一個月之前 | месяц назад | miesiąc temu | 1개월 전 | 한 달 전
    bir ay önce | för en månad sedan | for en måned siden
    před měsícem | قبل شهر | לפני חודש | πριν από 1 μήνα
"""
YEAR_BACK = """
    vor einem Jahr | il y a un an | il y a une année | hace un año
    un anno fa | há um ano | een jaar geleden | 1年前 | 一年前
    год назад | rok temu | bir yıl önce | 일 년 전 | för ett år sedan
"""
WEEK_BACK = """
    vor einer Woche | il y a une semaine | hace una semana | una settimana fa
    há uma semana | een week geleden | 1週間前 | 一周前
    неделю назад | tydzień temu | bir hafta önce
    일주일 전 | a week ago | vor sieben Tagen | för en vecka sedan
"""


def several(text: str) -> list[str]:
    """The phrases of *text*, which have bars or line breaks between."""
    return [phrase.strip() for line in text.strip().splitlines() for phrase in line.split("|")]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        *((words, "2026-07-19") for words in several(MONTH_BACK)),
        *((words, "2025-08-19") for words in several(YEAR_BACK)),
        *((words, "2026-08-12") for words in several(WEEK_BACK)),
        *(
            (words, "2026-05-19")
            for words in several(
                "3 months | trois mois | 三个月前 | últimos 3 meses | letzten drei Monate | il y a 3 mois"
            )
        ),
        *(
            (words, "2026-02-19")
            for words in several("half a year ago | vor einem halben Jahr | 半年前 | 2 quarters ago")
        ),
        ("2 tuần trước", "2026-08-05"),
        ("1 year 2 months ago", "2025-06-19"),
    ],
)
def test_what_is_counted_back_is_that_day(words: str, day: str) -> None:
    """So many weeks, months or years ago is one day, in every language.

    The period of the calendar is another phrase.
    """
    assert span(words) == (day, (date.fromisoformat(day) + timedelta(days=1)).isoformat())


@pytest.mark.parametrize(
    ("words", "start"),
    [
        *(
            (words, "2026-07-01")
            for words in several("letzten Monat | le mois dernier | el mes pasado | lo scorso mese | o mês passado")
        ),
        *(
            (words, "2026-07-01")
            for words in several(
                "vorige maand | 先月 | 上个月 | в прошлом месяце | w zeszłym miesiącu | geçen ay | 지난달"
            )
        ),
        *(
            (words, "2025-01-01")
            for words in several(
                "letztes Jahr | l'année dernière | el año pasado | scorso anno | ano passado | 去年 | 작년"
            )
        ),
        *(
            (words, "2026-08-10")
            for words in several(
                "letzte Woche | la semaine dernière | la settimana scorsa | 先週 | 上周 | förra veckan"
            )
        ),
        *(
            (words, "2026-08-01")
            for words in several("diesen Monat | ce mois-ci | este mes | questo mese | 今月 | 本月")
        ),
    ],
)
def test_the_last_one_of_the_calendar_stays_one(words: str, start: str) -> None:
    """Last and this month, week and year are those of the calendar."""
    found = span(words)

    assert found[0] == start
    assert found[1] in {"2026-08-01", "2026-01-01", "2026-08-17", "2026-09-01"}


@pytest.mark.parametrize(
    "words", ["1 week", "a week", "one week", "1w", "1wk", "7 days", "168h", "eine Woche", "una settimana", "7天"]
)
def test_days_and_weeks_without_ago_are_hours(words: str) -> None:
    """A bare number of days or weeks is so many times 24 hours, as ``7d`` is, also over a clock change."""
    now = datetime(2026, 3, 31, 12, tzinfo=BERLIN)

    assert ranges.instant(words, zone=BERLIN, now=now) == pd.Timestamp(now) - timedelta(hours=168)


@pytest.mark.parametrize(
    ("words", "today", "day"),
    [
        ("1y", "2028-02-29", "2027-02-28"),
        ("4y", "2028-02-29", "2024-02-29"),
        ("1mo", "2026-03-31", "2026-02-28"),
        ("a month", "2028-03-30", "2028-02-29"),
        ("vor einem Monat", "2026-12-31", "2026-11-30"),
        ("il y a 2 mois", "2026-10-31", "2026-08-31"),
        ("hace un año", "2028-02-29", "2027-02-28"),
        ("13 months", "2026-01-31", "2024-12-31"),
    ],
)
def test_short_months_end_on_their_last_day(words: str, today: str, day: str) -> None:
    """Where the month has no such day its last one is meant."""
    assert span(words, now=datetime.fromisoformat(f"{today}T12:00:00Z"))[0] == day


@pytest.mark.parametrize(
    ("words", "wall"),
    [
        *(
            (words, "2026-08-18T15:00:00")
            for words in several("gestern 15 Uhr | gestern um 15 Uhr | Gestern, 15:00 Uhr | yesterday 3pm")
        ),
        *(
            (words, "2026-08-18T15:00:00")
            for words in several("yesterday at 3 p.m. | 3pm yesterday | yesterday 15h | yesterday 3 o'clock pm")
        ),
        *(
            (words, "2026-08-18T15:00:00")
            for words in several("hier à 15h | hier à 15 heures | hier 15h00 | ayer a las 15:00 | ayer a las 15")
        ),
        *(
            (words, "2026-08-18T15:00:00")
            for words in several("ayer a las 3 de la tarde | ieri alle 15 | ontem às 15h | gisteren om 15 uur")
        ),
        *(
            (words, "2026-08-18T15:00:00")
            for words in several(
                "昨日15時 | 昨日の15時 | 昨日午後3時 | 昨天15点 | 昨天下午3点 | 어제 15시 | 어제 오후 3시"
            )
        ),
        *(
            (words, "2026-08-18T15:00:00")
            for words in several("вчера в 15:00 | вчера в 15 часов | i går kl 15 | dün 15:00 | wczoraj o 15:00")
        ),
        *(
            (words, "2026-08-18T15:30:00")
            for words in several("gestern 15.30 Uhr | gestern 15 Uhr 30 | hier 15h30 | 昨日15時半 | 昨天15点30分")
        ),
        *(
            (words, "2026-08-18T20:00:00")
            for words in several("gestern Abend um 8 Uhr | yesterday evening 8:00 | hier soir à 8h")
        ),
        ("ayer por la noche a las 10", "2026-08-18T22:00:00"),
        ("yesterday noon", "2026-08-18T12:00:00"),
        ("yesterday 12am", "2026-08-18"),
        ("Dienstag 9 Uhr", "2026-08-18T09:00:00"),
        ("letzten Dienstag um 15 Uhr", "2026-08-18T15:00:00"),
        ("vor drei Tagen um 9:15", "2026-08-16T09:15:00"),
        ("15.03.2026 15 Uhr", "2026-03-15T15:00:00"),
        ("15. März 15 Uhr", "2026-03-15T15:00:00"),
        ("3月15日午後3時", "2026-03-15T15:00:00"),
        ("15 Uhr", "2026-08-19T15:00:00"),
        ("18:00", "2026-08-18T18:00:00"),
        ("yesterday 3pm CET", "2026-08-18T16:00:00"),
        ("2026-03-15 15:00 UTC", "2026-03-15T16:00:00"),
        ("15 March 2026 15:00 +0200", "2026-03-15T14:00:00"),
        ("il y a 2h", "2026-08-19T13:20:05"),
        ("vor 3 h", "2026-08-19T12:20:05"),
        ("vor einer Stunde", "2026-08-19T14:20:05"),
    ],
)
def test_a_day_keeps_its_hour(words: str, wall: str) -> None:
    """A time of day beside a day is that time, in every language; alone it is the newest such time."""
    assert span(words)[0] == wall


DOUBTFUL = """
    yesterday at 3 | gestern Nacht 2 Uhr | heute 25 Uhr
    last week 3pm | march 3pm | 2026-03 15:00 | march 3pm CET
    Tuesday 9 | Monday, March 13
"""


@pytest.mark.parametrize("words", several(DOUBTFUL))
def test_what_could_be_two_times_is_refused(words: str) -> None:
    """An hour that may be of the morning or the evening, or a weekday that contradicts its date, is no time."""
    with pytest.raises(UsageError):
        ranges.instant(words, zone=BERLIN, now=NOW)


NO_DATES = """
    we | me | on | to | do | a | an | at | in | so | mi | di | mo
    je | ve | i | h | s | y | it | is | am | ma | wo | lu | no
    su | un | us
    the | for | out | set | per | man | son | tor | most | fire
    sad | lord | dear | homme | haut | marco | tué | vie | mag | ago | isn't
    to do | on me | we do | and so on | a 5 | to 5 | we 12 | me 3
    d 15 | m 3 | on 15 | car 5 | sie 5 | 5 men | 5 bort | now 5 | mond
"""


@pytest.mark.parametrize("words", several(NO_DATES))
def test_everyday_words_are_no_dates(words: str) -> None:
    """Words that are a weekday, a unit or a time zone in some language, and everyday words in another, are refused."""
    with pytest.raises(UsageError, match="as a date"):
        ranges.instant(words, zone=BERLIN, now=NOW)


def test_function_words_are_no_dates() -> None:
    """No function word of seven languages is a date, but for those that name one."""
    words = {word for words in STOP_WORDS.values() for word in words} - REAL_NAMES

    assert len(words) > 900
    assert sorted(filter(_is_read, words)) == []


def _is_read(word: str) -> bool:
    try:
        ranges.instant(word, zone=BERLIN, now=NOW)
    except UsageError:
        return False
    return True


@pytest.mark.parametrize(
    ("word", "day"),
    [
        *zip(several("mon | tue | wed | thu | fri | sat | sun"), (17, 18, 19, 13, 14, 15, 16), strict=True),
        *zip(several("lun | jeu | ven | sam | dom | mié"), (17, 13, 14, 15, 16, 19), strict=True),
        *zip(several("måndag | tisdag | пятница | środa | perşembe"), (17, 18, 14, 19, 13), strict=True),
    ],
)
def test_real_names_and_short_forms_are_days(word: str, day: int) -> None:
    """The usual short forms of weekdays, and their names in other languages, are the newest such day."""
    assert span(word)[0] == f"2026-08-{day}"


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-05", "2026-03"),
        ("2026-03-18", "2026-03-17"),
        ("today", "yesterday"),
        ("1w", "2w"),
        (date(2026, 3, 2), date(2026, 3, 1)),
        ("2026-03-17T10:00", "2026-03-17T09:59:59"),
        ("2026-03-18T00:00", "2026-03-17"),
    ],
)
def test_an_upside_down_range_is_an_error_that_names_both(since: object, until: object) -> None:
    """A range that ends before it begins is no range, whatever its ends are."""
    with pytest.raises(UsageError) as caught:
        ranges.window(since, until, zone=BERLIN, now=NOW)

    assert repr(since) in caught.value.message
    assert repr(until) in caught.value.message
    assert ranges.window(until, since, zone=BERLIN, now=NOW)[0] is not None


@pytest.mark.parametrize(
    ("since", "until"), [(None, None), ("now", "now"), ("today", "today"), ("2026-03", "2026-03-05"), (None, "1990")]
)
def test_other_ranges_are_fine(since: object, until: object) -> None:
    """One moment, one day, and an end that lies in the first month are ranges; None is open."""
    first, end = ranges.window(since, until, zone=BERLIN, now=NOW)

    assert (first is None, end is None) == (since is None, until is None)
    assert first is None or end is None or first < end


def test_last_tuesday_is_the_tuesday_of_the_zone() -> None:
    """Where it is already Wednesday, last Tuesday is another instant than where it is still Tuesday."""
    now = datetime(2026, 8, 19, 2, tzinfo=UTC)

    assert span("last tuesday", zone=ZoneInfo("Asia/Tokyo"), now=now) == ("2026-08-18", "2026-08-19")
    assert span("last tuesday", zone=ZoneInfo("America/Los_Angeles"), now=now) == ("2026-08-11", "2026-08-12")
    assert ranges.instant("2026-08-18", zone=ZoneInfo("Asia/Tokyo")) == pd.Timestamp("2026-08-17T15:00Z")


@pytest.mark.parametrize("place", range(7), ids=lambda place: f"day {place}")
@pytest.mark.parametrize("name", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
def test_weekdays_are_right_on_every_day(name: str, place: int) -> None:
    """``last`` is one to seven days back, the bare name up to six, ``next`` one to seven ahead, all of that name."""
    now = NOW + timedelta(days=place)
    found = {which: ranges.instant(f"{which} {name}".strip(), zone=UTC, now=now) for which in ("last", "", "next")}
    today = pd.Timestamp(now).normalize()

    assert {one.day_name().lower() for one in found.values()} == {name}
    assert 1 <= (today - found["last"]).days <= 7
    assert 0 <= (today - found[""]).days <= 6
    assert 1 <= (found["next"] - today).days <= 7


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z", 23),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00Z", 25),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00Z", 23),  # 00:00 to 01:00 did not exist
        ("America/Havana", "2024-11-03", "2024-11-03T04:00Z", 25),  # 00:00 to 01:00 came twice
        ("Asia/Kathmandu", "2026-03-15", "2026-03-14T18:15Z", 24),
    ],
)
def test_days_begin_at_their_first_instant(zone: str, day: str, start: str, hours: int) -> None:
    """A day begins at its first instant, also where a clock change leaves midnight out or brings it twice."""
    found = ranges.instant(day, zone=ZoneInfo(zone))

    assert found == pd.Timestamp(start)
    assert ranges.instant(day, zone=ZoneInfo(zone), end=True) - found == timedelta(hours=hours)


def test_seven_days_are_168_hours_over_a_clock_change() -> None:
    """``7d`` counts hours, not days of the calendar."""
    now = datetime(2026, 3, 31, 12, tzinfo=BERLIN)

    assert ranges.instant("7d", zone=BERLIN, now=now) == pd.Timestamp(now) - timedelta(hours=168)


@pytest.mark.parametrize(
    ("moment", "utc"),
    [
        (datetime(2026, 3, 29, 2, 30), "2026-03-29T01:00Z"),
        (datetime(2026, 10, 25, 2, 30), "2026-10-25T00:30Z"),
        (datetime(2026, 10, 25, 2, 30, fold=1), "2026-10-25T01:30Z"),
    ],
)
def test_wall_clock_times_round_a_clock_change(moment: datetime, utc: str) -> None:
    """A time that does not exist is the first after it; of two the first is meant, or the one that ``fold`` says."""
    assert ranges.instant(moment, zone=BERLIN) == pd.Timestamp(utc)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "banana",
        "12",
        "5th",
        "the 5th",
        "03/04/2026",
        "3/4",
        "2026-13-01",
        "2026-02-30",
        "9999",
        "0000",
        "99999999d",
        "last 99999 years",
        "last",
        "week",
        "x" * 5000,
        "\x00",
        None,
        5,
        1.5,
        True,
        pd.NaT,
        np.datetime64("NaT", "us"),
        [],
        b"2026",
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_is_no_time_is_refused_in_one_short_line(value: object) -> None:
    """What cannot be read, or means two things, is an error that names the value and says how to write it."""
    with pytest.raises(UsageError) as caught:
        ranges.instant(value, zone=BERLIN, now=NOW)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 220
    assert caught.value.message.startswith(f"Can't read {value!r}"[:50])
    assert "2026-03-15" in caught.value.advice


def test_the_present_is_the_clock() -> None:
    """Without ``now`` the clock says what today is."""
    before = datetime.now(UTC)
    found = ranges.instant("now", zone=BERLIN)

    assert pd.Timestamp(before) <= found <= pd.Timestamp(datetime.now(UTC))


def test_a_zone_is_found_by_name_or_is_the_machines() -> None:
    """A name gives its zone, a tzinfo itself, nothing the machine's own."""
    assert periods.zone(" Europe/Berlin ") == BERLIN
    assert periods.zone(UTC) is UTC
    assert isinstance(periods.zone(None), tzinfo)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "Europe", "/etc/passwd", "../../etc/passwd", "a\0b"])
def test_an_unknown_zone_is_a_settings_error(name: str) -> None:
    """A name that is no zone is an error of one line that names it."""
    with pytest.raises(SettingsError, match="Unknown time zone") as caught:
        periods.zone(name)

    assert repr(name) in caught.value.message
