"""Errors: every error of this package, in one tree.

HedyError
├── SettingsError    the key, region, base URL, time zone or archive setting cannot be used: fix the setting
│   └── NoKey        no key was given so far
├── AuthError        401: the key is missing, wrong or was replaced: fix the key
├── TierError        403: the plan of the account does not include this
├── NotFound         404: no such session, highlight, todo, topic, context or webhook
├── InvalidRequest   400 and other 4xx: the server refuses what was asked
├── Conflict         409: another operation on the same record is running
├── RateLimited      429: too many requests a minute: wait
├── ServerError      5xx, or an answer that is not the API's: try later
├── Offline          no answer at all: check the network
├── NotConfirmed     a write that was not confirmed: nothing was sent
├── TargetChanged    the target differs from what was shown: nothing was sent
├── ArchiveError     the local archive cannot be used
└── UsageError       the call or command itself is wrong: fix the line

``UsageError`` is not IPython's class of that name: a subclass of that one would lose the short form.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hedy_jupyter.text.api_keys import scrub
from hedy_jupyter.text.clean import printable


def _line(text: str) -> str:
    """Return *text* in one line, without API keys and without the characters that a terminal would obey."""
    return scrub(re.sub(r"[\t\n]+", " ", printable(text))).strip()


class HedyError(Exception):
    """Anything that went wrong between the user and Hedy.

    Attributes:
        status: the HTTP status, or None where no answer is behind it.
        code: the API's own error code as text (``"session_not_found"``), or None.
        message: one line that says what went wrong.
        advice: one line that says what to do next; may be empty.
        next_step: a command to type next, which a notebook shows after the advice; empty outside of ``%hedy``.
        final: whether the same request would end the same way, so that it is not repeated.
    """

    final = False

    def __init__(self, message: str, *, advice: str = "", status: int | None = None, code: str | None = None) -> None:
        self.message = _line(message)
        self.advice = _line(advice)
        self.next_step = ""
        self.status = status
        self.code = scrub(code) if code else None
        super().__init__(self.message)

    def mask(self, hide: Callable[[str], str]) -> None:
        """Replace every text of this error by what *hide* returns for it."""
        self.message, self.advice, self.next_step = hide(self.message), hide(self.advice), hide(self.next_step)
        self.code = hide(self.code) if self.code else None
        self.args = (self.message,)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.advice, self.status, self.code)

    def __str__(self) -> str:
        end = "" if not self.advice or self.message.endswith((".", "!", "?", ":")) else "."
        return " ".join(filter(None, (self.message + end, self.advice)))

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback: one entry, since some modes join entries directly."""
        return ["\n".join(filter(None, (f"{type(self).__name__}: {self.message}", self.what_to_do())))]

    def what_to_do(self) -> str:
        """Return the advice in one line, and the command to type next."""
        step = f"Next: {_line(self.next_step)}" if self.next_step else ""
        end = "." if step and self.advice and not self.advice.endswith((".", "!", "?")) else ""
        return " ".join(filter(None, (self.advice + end, step)))


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
    """404: there is no such record."""


class InvalidRequest(HedyError):
    """400: the API refuses the request as it was asked."""


class Conflict(HedyError):
    """409: another operation on the same record is running."""


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
    """A write was not confirmed, or not with the words that confirm it; nothing was sent."""


class TargetChanged(HedyError):
    """The target of a write is no longer as it was shown; nothing was sent."""


class ArchiveError(HedyError):
    """The local archive cannot be read or written."""


class UsageError(HedyError):
    """The call or the command is wrong; nothing was sent."""
