"""File names out of titles, for Windows, macOS, Linux and programs for notes."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from hedy_jupyter.files import RESERVED
from hedy_jupyter.text.clean import CONTROLS, is_format, without_surrogates

ENDING = ".md"

_MOST_CHARACTERS = 120  # characters, with suffix and ending
_MOST_BYTES = 255  # in UTF-8: what ext4 and APFS take
_DIGITS = (6, 16, 64)  # of the suffix; the longer ones are for the case that a shorter one is taken

_SPACE = re.compile(rf"[\s{CONTROLS}]+")
_COLON = re.compile(r" ?:(?= )")
_SEPARATORS = re.compile(r"[/\\|:]+")
_REFUSED = re.compile(r'[<>"?*#^\[\]]+')  # by Windows; the last four break links in Obsidian
_EDGES = " .-"
_JOINERS = "\u200c\u200d"  # invisible, but Persian words and family emoji need them


def candidates(title: str, identity: str, *, fallback: str, day: str = "") -> tuple[str, ...]:
    """Return the names for a note, best first: *day* and *title* alone, then with a suffix made from *identity*.

    The names depend on nothing else, so a later export gets the same ones. *fallback* replaces a title without visible
    characters.
    """
    stem = " ".join(filter(None, (day, visible_part(title, fallback))))
    return candidates_of(stem, identity)


def candidates_of(stem: str, identity: str) -> tuple[str, ...]:
    """Return the names for a note that is called *stem*, best first, as ``candidates``."""
    digest = hashlib.sha256(without_surrogates(identity).encode()).hexdigest()
    return tuple(_name(stem, suffix) for suffix in ("", *(f" ({digest[:digits]})" for digits in _DIGITS)))


def visible_part(text: str, fallback: str = "") -> str:
    """Return *text* as a part of a name, without what file systems or links refuse; *fallback* if nothing is left."""
    words = _words(text)
    return words if _is_visible(words) else fallback


def folder_name(text: str) -> str:
    """Return *text* as the name of a folder; empty if nothing is left of it."""
    words = visible_part(text)
    return _cut(f"_{words}" if RESERVED.match(words) else words, "")


def _name(stem: str, suffix: str) -> str:
    free = f"_{stem}" if RESERVED.match(stem) else stem
    return _cut(free, suffix + ENDING) + suffix + ENDING


def _words(text: str) -> str:
    seen = "".join(
        letter for letter in _SPACE.sub(" ", without_surrogates(text)) if letter in _JOINERS or not is_format(letter)
    )
    taken = _REFUSED.sub(" ", _SEPARATORS.sub("-", _COLON.sub(" -", unicodedata.normalize("NFC", seen))))
    return _trimmed(" ".join(taken.split()))


def _trimmed(text: str) -> str:
    return text.strip(_EDGES + _JOINERS)


def _is_visible(text: str) -> bool:
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


def _cut(words: str, end: str) -> str:
    """Return the start of *words* that is short enough for *end*, without half a letter at its end where possible."""
    longest = min(len(words), _MOST_CHARACTERS - len(end))
    while len(words[:longest].encode()) > _MOST_BYTES - len(end.encode()):
        longest -= 1
    whole = next((place for place in range(longest, 0, -1) if not _is_inside_letter(words, place)), longest)
    return _trimmed(words[:whole])


def _is_inside_letter(words: str, place: int) -> bool:
    """Return whether a cut at *place* would part a letter from its accent, or an emoji from what it is joined with."""
    if place >= len(words):
        return False
    following = words[place]
    return (
        words[place - 1] == "\u200d"
        or following in _JOINERS
        or unicodedata.category(following)[0] == "M"
        or "🏻" <= following <= "🏿"
    )
