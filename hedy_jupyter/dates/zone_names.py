"""Suggest the name of a time zone for what people type: a city, an abbreviation, an offset, a name in other letters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import available_timezones

from hedy_jupyter.text.fold import fold
from hedy_jupyter.text.suggestions import close_names, question

_ANY_ADVICE = 'Use a name such as "Europe/Berlin" or "UTC".'
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-])(\d{1,2})(?::?([0-5]\d))?")
_SIMILAR = 0.78  # there are many cities, and a wrong one is worse than no suggestion
_MOST_HOURS = {"+": 14, "-": 12}
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("pst", "pdt", "pt"), ("America/Los_Angeles",)),
        **dict.fromkeys(("mdt", "mt"), ("America/Denver",)),
        **dict.fromkeys(("cdt", "ct"), ("America/Chicago",)),
        **dict.fromkeys(("edt", "et"), ("America/New_York",)),
        **dict.fromkeys(("akst", "akdt"), ("America/Anchorage",)),
        **dict.fromkeys(("cest", "mez", "mesz"), ("Europe/Berlin",)),
        **dict.fromkeys(("aest", "aedt"), ("Australia/Sydney",)),
        **dict.fromkeys(("nzst", "nzdt"), ("Pacific/Auckland",)),
        **dict.fromkeys(("z", "zulu time"), ("UTC",)),
        "cst": ("America/Chicago", "Asia/Shanghai"),
        "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
        "bst": ("Europe/London",),
        "west": ("Europe/Lisbon",),
        "eest": ("Europe/Helsinki",),
        "msk": ("Europe/Moscow",),
        "trt": ("Europe/Istanbul",),
        "gst": ("Asia/Dubai",),
        "pkt": ("Asia/Karachi",),
        "ict": ("Asia/Bangkok",),
        "wib": ("Asia/Jakarta",),
        "sgt": ("Asia/Singapore",),
        "hkt": ("Asia/Hong_Kong",),
        "jst": ("Asia/Tokyo",),
        "kst": ("Asia/Seoul",),
        "awst": ("Australia/Perth",),
        "acst": ("Australia/Darwin", "Australia/Adelaide"),
        "brt": ("America/Sao_Paulo",),
        "art": ("America/Argentina/Buenos_Aires",),
        "sast": ("Africa/Johannesburg",),
        "eat": ("Africa/Nairobi",),
        "wat": ("Africa/Lagos",),
    }
)
"""What clocks show, in small letters → zones that show it in winter or in summer."""
PARTS_OF_AN_HOUR: Mapping[str, str] = MappingProxyType(
    {
        "-9:30": "Pacific/Marquesas",
        "-3:30": "America/St_Johns",
        "+3:30": "Asia/Tehran",
        "+4:30": "Asia/Kabul",
        "+5:30": "Asia/Kolkata",
        "+5:45": "Asia/Kathmandu",
        "+6:30": "Asia/Yangon",
        "+8:45": "Australia/Eucla",
        "+9:30": "Australia/Darwin",
        "+10:30": "Australia/Lord_Howe",
        "+12:45": "Pacific/Chatham",
    }
)
"""Offset → a zone with it, where it is not a number of hours."""


def advice(typed: str) -> str:
    """Return a question with the zones that *typed*, an unknown name, may mean; else an example of a name."""
    wanted = _folded(typed)
    offset = _OFFSET.fullmatch(wanted)
    if offset is not None:
        return _of_offset(*offset.groups("0"))
    return question(f'"{name}"' for name in _candidates(wanted)) or _ANY_ADVICE


def _candidates(wanted: str) -> tuple[str, ...]:
    """Return the zones that *wanted*, folded, may stand for, the likeliest first."""
    if wanted in ABBREVIATIONS:
        return ABBREVIATIONS[wanted]
    zones = {name: _folded(name) for name in sorted(available_timezones(), key=len)}
    whole = tuple(name for name, folded in zones.items() if folded == wanted)
    cities = _by_city(zones)
    if whole or wanted in cities:
        return whole or cities[wanted]
    if windows := _of_windows(wanted):
        return (windows,)
    if "/" in wanted:
        return tuple(close_names(wanted, zones, least=_SIMILAR))
    return tuple(dict.fromkeys(name for city in close_names(wanted, cities, least=_SIMILAR) for name in cities[city]))[
        :3
    ]


def _by_city(zones: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return city → its zones, all folded but the names of the zones."""
    cities: dict[str, tuple[str, ...]] = {}
    for name, folded in zones.items():
        if "/" in folded and not folded.startswith(("etc/", "systemv/")):
            city = folded.rpartition("/")[2]
            cities[city] = (*cities.get(city, ()), name)
    return cities


def _of_windows(wanted: str) -> str | None:
    """Return the zone that Windows calls *wanted*, such as "pacific standard time"."""
    from tzlocal.windows_tz import win_tz

    return next((zone for name, zone in win_tz.items() if _folded(name) == wanted), None)


def _of_offset(sign: str, hours: str, minutes: str) -> str:
    offset = f"{sign}{int(hours)}" + (f":{minutes}" if int(minutes) else "")
    if int(hours) > _MOST_HOURS[sign] or (int(minutes) and offset not in PARTS_OF_AN_HOUR):
        return _ANY_ADVICE
    if int(minutes):
        return question([f'"{PARTS_OF_AN_HOUR[offset]}"'])
    if not int(hours):
        return question(['"UTC"'])
    name = f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}"  # its signs are the other way round
    return f'Did you mean "{name}" (UTC{offset} all year)? A place such as "Europe/Berlin" has its summer time.'


def _folded(name: str) -> str:
    """Return *name* without differences of case and accents, with spaces for underscores and a plain minus."""
    return fold(name.replace("_", " ").replace("−", "-").replace("–", "-"))
