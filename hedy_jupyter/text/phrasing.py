"""Phrases of messages: counts with their nouns, short times, durations, places in a recording."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # strftime would speak the machine's language
_LONGEST_MS = 366 * 24 * 3_600_000.0  # beyond it a number is no place in a recording


def plural(name: str, number: int) -> str:
    """Return *name*, with an s unless *number* is one."""
    return name if number == 1 else f"{name}s"


def counted(number: int, name: str, several: str = "") -> str:
    """Return a number and its noun: ``1 todo``, ``1,200 todos``; *several* is a plural that needs more than an s."""
    return f"{number:,} {several if several and number != 1 else plural(name, number)}"


def options_in(words: Iterable[str]) -> str:
    """Return the options among *words*, without their values: what else was typed may be a secret."""
    return " ".join(word.partition("=")[0] for word in words if word.startswith("-")) or "words that are no option"


def ago(seconds: float) -> str:
    """Return how long something is past: ``just now``, ``3 min ago``, ``2 h ago``, ``5 days ago``."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def text_length(text: str) -> str:
    """Return how long *text* is: ``1,200 words``, or in characters where it is written without spaces."""
    words = len(text.split())
    return counted(len(text), "character") if len(text) > 15 * words else counted(words, "word")


def beginning(text: str, most: int) -> str:
    """Return *text*, or its beginning where it has more than *most* characters."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def duration(seconds: float) -> str:
    """Return how long a job will take: ``about 45 s``, ``about 2 min``."""
    if seconds < 1:
        return "a moment"
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"


def short_time(local: datetime, year: int) -> str:
    """Return a local time as ``Tue 24 Nov 16:00``, with its year where that is not *year*."""
    return f"{short_day(local, year)} {local:%H:%M}"


def short_day(local: date, year: int) -> str:
    """Return a day as ``Tue 24 Nov``, with its year where that is not *year*."""
    day = f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"
    return day if local.year == year else f"{day} {local.year}"


def day_span(first: date, last: date) -> str:
    """Return days as ``Fri 20 Nov – Thu 26 Nov 2026``: the year once where it is the same, one day once."""
    end = short_day(last, 0)
    return end if first == last else f"{short_day(first, last.year)} – {end}"


def hours_and_minutes(minutes: float) -> str:
    """Return the length of a meeting: ``1 h 15 min``."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def position(time_index_ms: float | None) -> str:
    """Return a place in a recording: ``05:07``, from one hour on ``1:15:12``; empty where it is missing or negative."""
    if time_index_ms is None or not 0 <= time_index_ms <= _LONGEST_MS:
        return ""
    minutes, seconds = divmod(int(time_index_ms // 1000), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes:02}:{seconds:02}"
