"""API keys in text: find them, however they are escaped or written, and mask them."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from hedy_jupyter.text.clean import INVISIBLE, is_invisible

KEY_LIKE = re.compile(rf"hedy_live_[\x21-\x7e{INVISIBLE}\uff01-\uff5e]+")
"""A key, with invisible characters and full-width letters in it; what is to be masked."""
_ESCAPE = re.compile(
    r"""(?P<utf8>%[cd][0-9a-f]%[89ab][0-9a-f] | %e[0-9a-f](?:%[89ab][0-9a-f]){2} | %f[0-7](?:%[89ab][0-9a-f]){3})
    | %(?P<percent>[0-9a-f]{2})             # URLs
    | \\u\{?(?P<u>[0-9a-f]{4,6})\}? | \\x(?P<x>[0-9a-f]{2}) | \\(?P<plain>[!-/:-@\[-`{-~])   # JSON, JavaScript, Python
    | &(?P<entity>\#x[0-9a-f]{1,6};? | \#[0-9]{1,7};? | [a-z][a-z0-9]{1,30};)  # HTML
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ESCAPED_AT_MOST = 16
"""How often a text may have been escaped, one time after the other."""
_SPREAD_KEY = re.compile(r"h\s*e\s*d\s*y\s*_\s*l\s*i\s*v\s*e\s*_(?P<gap>\s*)(?P<rest>[\x21-\x7e]+)")
_WHOLE_WORDS = re.compile(r"hedy\s*_\s*live\s*_")
_LONG_WORD = 16
"""No word of prose is as long as this, so that behind a gap it may be a key."""
_SHORT_KEY = 8
"""A word with a digit in it may be a key from this length on."""


def scrub(text: str) -> str:
    """Return *text* with anything that looks like an API key masked."""
    return KEY_LIKE.sub("hedy_live_****", text)


def unescaped_forms(text: str) -> Iterator[tuple[str, list[int]]]:
    """Yield *text* as it is, then with the escapes of URLs, JSON and HTML undone once, twice and so on.

    Each comes with the places in *text* where its characters begin; the end of *text* is one more entry.
    """
    plain, starts = text, list(range(len(text) + 1))
    yield plain, starts
    for _ in range(_ESCAPED_AT_MOST):
        pieces: list[str] = []
        places: list[int] = []
        end = 0
        for found in _ESCAPE.finditer(plain):
            if character := _meaning(found):
                pieces += (plain[end : found.start()], character)
                places += (*starts[end : found.start()], starts[found.start()])
                end = found.end()
        if not pieces:
            return
        plain, starts = "".join((*pieces, plain[end:])), places + starts[end:]
        yield plain, starts


def looks_like_key(text: str) -> bool:
    """Return whether *text* holds what looks like an API key, however it is escaped or written."""
    return any(
        _is_key(found)
        for plain, _ in unescaped_forms(text)
        for one in (plain, as_displayed(plain)[0])
        for found in _SPREAD_KEY.finditer(one)
    )


def _is_key(found: re.Match[str]) -> bool:
    rest, prefix = found["rest"], found[0][: found.start("gap") - found.start()]
    if found["gap"] and _WHOLE_WORDS.fullmatch(prefix):  # "hedy_live_ and no spaces" is prose
        return len(rest) >= _LONG_WORD or (len(rest) >= _SHORT_KEY and any(map(str.isdigit, rest)))
    return prefix == "hedy_live_" or rest[0].isalnum()  # "hedy _live_, not recorded" is Markdown


def as_displayed(text: str, *, spaces: bool = True) -> tuple[str, list[int]]:
    """Return *text* as a reader sees it, and the place in *text* of each of its characters.

    Invisible characters and backslashes are left out, and without *spaces* white space too. Letters in another form,
    such as full-width ones, become the usual ones.
    """
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character == "\\" or (character.isspace() and not spaces) or is_invisible(character):
            continue
        usual = character if character.isascii() else unicodedata.normalize("NFKC", character)
        kept.append(usual if len(usual) == 1 else character)
        places.append(place)
    return "".join(kept), places


def _meaning(escape: re.Match[str]) -> str:
    """Return the one character that *escape* means; empty where it means none or several."""
    if escape["utf8"]:
        found = bytes.fromhex(escape["utf8"].replace("%", "")).decode("utf-8", "ignore")
        return found if len(found) == 1 else ""
    if escape["plain"]:
        return escape["plain"]
    if escape["entity"]:
        found = html.unescape(escape[0])
        return found if len(found) == 1 else ""
    number = int(escape["percent"] or escape["u"] or escape["x"], 16)
    return chr(number) if number <= 0x10FFFF else ""
