"""Every error of this package, in one tree.

HedyError
├── SettingsError    the key, region, base URL, time zone or archive setting cannot be used: mend the setting
├── AuthError        401: the key is missing, wrong or was replaced: mend the key
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
└── UsageError       the call or command itself is wrong: mend the line

``UsageError`` is not IPython's class of that name: a subclass of that one would lose the short form.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
KEY_LIKE = re.compile(r"hedy_live_[\x21-\x7e]+")
_ESCAPE = re.compile(
    r"""%(?P<percent>[0-9a-f]{2})             # URLs
    | \\u\{?(?P<u>[0-9a-f]{4,6})\}? | \\x(?P<x>[0-9a-f]{2}) | \\(?P<plain>[!-/:-@\[-`{-~])   # JSON, JavaScript, Python
    | &(?P<entity>\#x[0-9a-f]{1,6};? | \#[0-9]{1,7};? | [a-z][a-z0-9]{1,30};)  # HTML
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ESCAPED_AT_MOST = 4
"""How often a text may have been escaped, one time after the other."""


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


def _meaning(escape: re.Match[str]) -> str:
    """Return the one character that *escape* stands for; empty where it stands for none or for several."""
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
        """What IPython shows in place of a traceback; one entry, because half of its modes join entries without a line end."""
        return ["\n".join(filter(None, (f"{type(self).__name__}: {self.message}", self.advice)))]


def _rebuild(cls: type[HedyError], message: str, advice: str, status: int | None, code: str | None) -> HedyError:
    return cls(message, advice=advice, status=status, code=code)


class SettingsError(HedyError):
    """A setting cannot be used."""


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
