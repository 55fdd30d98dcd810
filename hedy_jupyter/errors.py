"""Every error of this package, in one tree.

HedyError
├── SettingsError    the key, region, base URL, time zone or archive setting cannot be used: fix the setting
│   └── NoKey        no key was given so far
├── AuthError        401: the key is missing, wrong or was replaced: fix the key
├── TierError        403: the plan of the account does not include this
├── NotFound         404: no such session, highlight, todo, topic, context or webhook
├── InvalidRequest   400 and other 4xx: the server refuses what was asked
├── Conflict         409: something else is already at it
├── RateLimited      429: too many requests a minute: wait
├── ServerError      5xx, or an answer that is not the API's: try later
├── Offline          no answer at all: look at the network
├── NotConfirmed     a write without its yes: nothing was sent
├── TargetChanged    what was shown is not what is there now: nothing was sent
├── ArchiveError     the local archive cannot be used
└── UsageError       the call or command itself is wrong: fix the line

``UsageError`` is not IPython's class of that name: a subclass of that one would lose the short form.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
KEY_LIKE = re.compile(r"hedy_live_[\x21-\x7e\xad\u034f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\uff01-\uff5e]+")
"""A key, with what does not show in it and letters in their full width; what is to be masked."""
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
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that show nothing, although Unicode does not count them among the invisible ones."""


def scrub(text: str) -> str:
    """*text* with anything that looks like an API key masked."""
    return KEY_LIKE.sub("hedy_live_****", text)


def readings(text: str) -> Iterator[tuple[str, list[int]]]:
    """Yield *text* as it is, and then with the escapes of URLs, JSON and HTML undone, once and again.

    Each comes with where its characters begin in *text*, the end of *text* as one more entry.
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
    """Return whether *text* holds what looks like an API key, however it is escaped, spelt or broken into pieces."""
    return any(
        _is_key(found)
        for plain, _ in readings(text)
        for one in (plain, seen(plain)[0])
        for found in _SPREAD_KEY.finditer(one)
    )


def _is_key(found: re.Match[str]) -> bool:
    rest, prefix = found["rest"], found[0][: found.start("gap") - found.start()]
    if found["gap"] and _WHOLE_WORDS.fullmatch(prefix):  # "hedy_live_ and no spaces" is prose
        return len(rest) >= _LONG_WORD or (len(rest) >= _SHORT_KEY and any(map(str.isdigit, rest)))
    return prefix == "hedy_live_" or rest[0].isalnum()  # "hedy _live_, not recorded" is Markdown


def seen(text: str, *, spaces: bool = True) -> tuple[str, list[int]]:
    """Return *text* as a reader sees it, and where each of its characters stands in *text*.

    Left out are invisible characters and backslashes, and without *spaces* white space; letters in another form, such
    as full-width ones, become the usual ones.
    """
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character == "\\" or (character.isspace() and not spaces) or _is_invisible(character):
            continue
        usual = character if character.isascii() else unicodedata.normalize("NFKC", character)
        kept.append(usual if len(usual) == 1 else character)
        places.append(place)
    return "".join(kept), places


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    is_mark = category == "Mn" and not unicodedata.combining(character)  # variation selectors among them
    return category == "Cf" or is_mark or character in _FILLERS or (category == "Cc" and not character.isspace())


def _meaning(escape: re.Match[str]) -> str:
    """Return the one character that *escape* stands for; empty where it stands for none or for several."""
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


def _line(text: str) -> str:
    """*text* in one line, without keys and without the characters that a terminal would obey: some of it is a server's."""
    return _CONTROLS.sub(" ", scrub(text)).strip()


class HedyError(Exception):
    """Anything that went wrong between the user and Hedy.

    Attributes:
        status: the HTTP status, or None where no answer is behind it.
        code: the API's own error code as text (``"session_not_found"``), or None.
        message: one line that says what went wrong.
        advice: one line that says what to do next; may be empty.
        final: whether the same request would end the same way, so that it is not repeated.
    """

    final = False

    def __init__(self, message: str, *, advice: str = "", status: int | None = None, code: str | None = None) -> None:
        self.message = _line(message)
        self.advice = _line(advice)
        self.status = status
        self.code = scrub(code) if code else None
        super().__init__(self.message)

    def mask(self, hide: Callable[[str], str]) -> None:
        """Put every text of this error through *hide*."""
        self.message, self.advice = hide(self.message), hide(self.advice)
        self.code = hide(self.code) if self.code else None
        self.args = (self.message,)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.advice, self.status, self.code)

    def __str__(self) -> str:
        end = "" if not self.advice or self.message.endswith((".", "!", "?", ":")) else "."
        return " ".join(filter(None, (self.message + end, self.advice)))

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback.

        One entry, because half of its modes join entries without a line end.
        """
        return ["\n".join(filter(None, (f"{type(self).__name__}: {self.message}", self.advice)))]


def _rebuild(cls: type[HedyError], message: str, advice: str, status: int | None, code: str | None) -> HedyError:
    return cls(message, advice=advice, status=status, code=code)


class SettingsError(HedyError):
    """A setting cannot be used."""


class NoKey(SettingsError):
    """No API key was given so far."""


class AuthError(HedyError):
    """401: the API does not accept the key."""


class TierError(HedyError):
    """403: the plan of the account does not include this."""


class NotFound(HedyError):
    """404: there is no such thing."""


class InvalidRequest(HedyError):
    """400: the API refuses the request as it was asked."""


class Conflict(HedyError):
    """409: another operation on the same thing is running."""


class RateLimited(HedyError):
    """429: too many requests."""


class ServerError(HedyError):
    """5xx, or an answer that is not the API's."""


class Offline(HedyError):
    """No answer came.

    Attributes:
        sent: whether the request may have reached the server.
    """

    sent = True


class NotConfirmed(HedyError):
    """A write was not confirmed, or not in the words it wants; nothing was sent."""


class TargetChanged(HedyError):
    """The target of a write is no longer as it was shown; nothing was sent."""


class ArchiveError(HedyError):
    """The local archive cannot be read or written."""


class UsageError(HedyError):
    """The call or the command is wrong; nothing was asked."""
