"""The time of day in a text, and the text without it: ``gestern 15 Uhr``, ``yesterday 3pm``, ``昨日午後3時半``."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import time
from types import MappingProxyType
from typing import NamedTuple

_AT = r"at|um|alle ore|alle|ore|a las|a la|à|a|às|as|om|kl\.?|@|в|о"
_BEFORE_AN_HOUR = re.compile(r"at|um|alle ore|alle|ore|a las|às|om|kl\.?")  # these may come before an hour alone
_UNITS = "uhr|uur|horas?|heures?|hs?|hrs|o'clock|час(?:ов|а)?|時|时|点|點|시"
_END_OF_DAY = 24
_AM_BEFORE, _PM_BEFORE = "午前|上午|早上|清晨|오전|아침", "午後|下午|傍晚|晚上|夕方|夜|오후|저녁"
_MORNING = "morning|morgens|vormittags?|früh|matin|mañana|manhã|mattin[oa]|ochtends?"
_AFTERNOON = (
    "afternoon|evening|nachmittags?|abends?|après-midi|soir|tarde|pomeriggio|sera|stasera|middags|vanmiddag|avonds?|"
    "vanavond|"
    "gister(?:en)?(?:middag|avond)"
)
_NIGHT = "night|tonight|nachts?|nuit|noche|anoche|notte|noite"
_NOON = "noon|mittags?|midi|mediodía|mezzogiorno|meio-dia|正午|中午|정오"
_PART = rf"(?:(?:in the|at|am|de la|de l'|da|de|del|di|du|in de|'s) ?)?(?:{_MORNING}|{_AFTERNOON}|{_NIGHT})"


def _any_space(words: str) -> str:
    """Return *words* for a pattern in which white space is ignored."""
    return words.replace(" ", r"\s")


@functools.cache
def _clock() -> re.Pattern[str]:
    """Return the pattern of a time of day; it is compiled when a text is first read."""
    return re.compile(
        rf"""
        (?:^|(?<=[\s,、])|(?<=[^\x00-\u024f]))
        (?:(?P<at>{_any_space(_AT)})\s*)?
        (?:(?P<am_before>{_AM_BEFORE})|(?P<pm_before>{_PM_BEFORE}))?の?\s*
        (?<!\d)(?P<hour>[01]?\d|2[0-4])
        (?: (?P<mark>[:.])(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\s?(?P<unit>{_UNITS})(?![^\W\d_]))?
          | \s?(?P<unit_first>{_UNITS})(?:\s?(?P<minute_last>[0-5]?\d)\s?(?:分|분)?|(?P<half>半))?(?![a-z\d])
          | (?!\d) )
        (?:\s?(?:(?P<am>am|a\.m\.?)|(?P<pm>pm|p\.m\.?))(?![a-z]))?
        (?P<part>\s{_any_space(_PART)}(?!\w))?
        (?![\d:/+-]|\.\d|,\d)
        """,
        re.VERBOSE,
    )


_NOON_CLOCK = re.compile(rf"(?:(?<!\w)(?:at|à|al?)\s)?(?<![a-z])(?<![a-z]-)(?:{_NOON})(?![a-z])")
_AFTERNOON_WORDS, _NIGHT_WORDS, _PARTS = (
    re.compile(rf"(?<!\w)(?:{words})(?!\w)") for words in (_AFTERNOON, _NIGHT, f"{_MORNING}|{_AFTERNOON}|{_NIGHT}")
)


PARTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 30)}
)
"""The parts of a day, from which hour to which; a night ends on the day after."""
_PART_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "afternoon": (
            "(?:in the )?afternoon|(?:am )?nachmittags?|(?:dans )?(?:l')?après-midi|(?:por |de )?la tarde|tarde|"
            "(?:à |da |de )tarde|(?:di |nel )?pomeriggio|(?:'s |in de )?middags?|eftermiddag(?:en)?|"
            "ettermiddag(?:en)?|(?:po )południu|днём|днем|öğleden sonra|بعد الظهر|אחר הצהריים|אחרי הצהריים|"
            "(?:の)?午後|下午|오후"
        ),
        "morning": (
            "(?:in the )?morning|(?:am )?vormittags?|(?:am )?morgens|früh|(?:le |du |au |ce )?matin|"
            "(?:por |de |en )?la mañana|esta mañana|(?:de |da |na |pela )?manhã|"
            "(?:di |in |del )?mattin(?:a|o|ata)|stamattina|(?:'s )?ochtends?|in de morgen|'s morgens|"
            "f[öo]rmiddag(?:en)?|morse|morges|rano|утром|sabah|صباحا|صباحًا|בבוקר|(?:の)?(?:朝|午前中|午前)|早上|上午|清晨|오전|"
            "아침"
        ),
        "evening": (
            "(?:in the )?evening|(?:am )?abends?|(?:le |du |au |ce )?soir|(?:di )?sera|stasera|"
            "(?:'s |in de )?avonds?|kväll(?:en)?|aftes|aften|wieczorem|вечером|akşam|مساء|مساءً|בערב|(?:の)?夕方|傍晚|"
            "晚上|저녁"
        ),
        "night": (
            "(?:at )?night|tonight|nachts?|(?:la |cette )?nuit|(?:por |de )?la noche|esta noche|noche|anoche|"
            "(?:à |da |de )?noite|(?:di )?notte|stanotte|natt|noc(?:y|ą)|ночью|gece|(?:の)?夜|밤"
        ),
    }
)
"""The words for each part of a day, as a pattern."""


@functools.cache
def _part_patterns() -> Mapping[str, re.Pattern[str]]:
    """Return the pattern of each part of a day; they are compiled when a text is first read."""
    before = r"(?:(?<!\w)|(?<=tag)|(?<=woch)|(?<=dag)|(?<=gister)|(?<=gisteren)|(?<=\bvan)|(?<=[^\x00-\u04ff]))"
    after = r"(?:(?!\w)|(?=[^\x00-\u04ff]))"
    return {name: re.compile(f"{before}(?:{words}){after}") for name, words in _PART_WORDS.items()}


_GERMAN_MORNING = re.compile(
    r"(?:(?<=heute)|(?<=gestern)|(?<=tag)|(?<=mittwoch)|(?<=sonnabend))\s?morgen(?!\w)|(?<!\w)vanmorgen(?!\w)"
)


class At(NamedTuple):
    """A text without its time of day, that time, and how many days later it is: 24:00 is the end of a day."""

    words: str
    time: time
    days: int = 0


def part(text: str) -> tuple[str, str] | None:
    """Return *text* (lower case) without its part of a day, and the key of that part in ``PARTS``; None without one."""
    if match := _GERMAN_MORNING.search(text):
        return _without(text, match), "morning"
    found = ((name, match) for name, pattern in _part_patterns().items() if (match := pattern.search(text)))
    return next(((_without(text, match), name) for name, match in found), None)


def split(text: str) -> At | None:
    """Return *text* (lower case) without its time of day, and that time; None where it names none, or not clearly.

    An hour without "Uhr", "h", "pm" or minutes counts only behind "um", "at" or the like, and only from 13 on or with a
    word such as "evening": "at 3" may be two times.

    Raises:
        ValueError: it names a time after 24:00.
    """
    if match := _NOON_CLOCK.search(text):
        return At(_without(text, match), time(12))
    match = next((one for one in _clock().finditer(text) if _is_clock(one, text)), None)
    hour = match and _hour(match, text)
    if match is None or hour is None:
        return None
    minute = 30 if match["half"] else int(match["minute"] or match["minute_last"] or 0)
    second = int(match["second"] or 0)
    if hour < _END_OF_DAY:
        return At(_without(text, match), time(hour, minute, second))
    if minute or second:
        raise ValueError
    return At(_without(text, match), time(0), days=1)


def _is_clock(match: re.Match[str], text: str) -> bool:
    if match["mark"] == ":" or any(
        match[name] for name in ("unit", "unit_first", "am", "pm", "am_before", "pm_before", "part")
    ):
        return True
    if not match["at"] or not _BEFORE_AN_HOUR.fullmatch(match["at"]):
        return False
    return bool(match["mark"] or int(match["hour"]) > 12 or _PARTS.search(text))


def _hour(match: re.Match[str], text: str) -> int | None:
    """Return the hour of 24, or None where it may be of the morning or the evening."""
    hour = int(match["hour"])
    if hour == _END_OF_DAY:
        if any(match[name] for name in ("am", "pm", "am_before", "pm_before")):
            raise ValueError
        return hour
    if match["am"] or match["am_before"]:
        return hour % 12 if hour <= 12 else None
    if match["pm"] or match["pm_before"] or (_AFTERNOON_WORDS.search(text) and hour):
        return hour % 12 + 12 if hour <= 12 else hour % 24
    if _NIGHT_WORDS.search(text) and hour <= 12:
        return None if hour < 6 or hour == 12 else hour + 12
    return hour % 24


def _without(text: str, match: re.Match[str]) -> str:
    return " ".join(f"{text[: match.start()]} {text[match.end() :]}".split()).strip(" ,、のに")
