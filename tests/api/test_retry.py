"""Which failed GET is sent again, and how long to wait first."""

from __future__ import annotations

import pytest

from hedy_jupyter import errors
from hedy_jupyter.api import rate_headers, retry
from hedy_jupyter.errors import HedyError

DATED = {"date": "Sun, 15 Mar 2026 14:30:00 GMT"}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("7", 7),
        (" 7.5 ", 7.5),
        ("-3", 0),
        ("-inf", 0),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("Sun, 15 Mar 2026 14:30:42 GMT", 42),
        ("Sun, 15 Mar 2026 15:30:42 +0100", 42),
        ("Sun, 15 Mar 2026 14:30:42 -0000", 42),
        ("Sun, 15 Mar 2026 14:00:00 GMT", 0),
        ("Sun, 99 Mar 2026 14:00:00 GMT", None),
        ("Sun, 15 Mar 99999 14:00:00 GMT", None),
        ("Sun, 15 Mar 2026 14:30:42 +99999999999999999999", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    """``Retry-After`` is read in both of its forms; a time that is over is no wait, and garbage is ignored."""
    headers = DATED if header is None else DATED | {"retry-after": header}

    assert rate_headers.retry_after_s(headers) == seconds


@pytest.mark.parametrize(
    ("kind", "attempt", "asked_s", "wait_s"),
    [
        (errors.RateLimited, 1, None, 60),
        (errors.RateLimited, 1, 0, 0),
        (errors.RateLimited, 1, 60, 60),
        (errors.RateLimited, 1, 60.1, None),
        (errors.RateLimited, 2, 1, None),
        (errors.ServerError, 1, None, 2),
        (errors.ServerError, 1, 5, 5),
        (errors.ServerError, 1, 3600, None),
        (errors.ServerError, 2, None, None),
        (errors.Offline, 1, None, 2),
        (errors.Offline, 2, None, None),
        (errors.AuthError, 1, 1, None),
        (errors.TierError, 1, 1, None),
        (errors.NotFound, 1, 1, None),
        (errors.InvalidRequest, 1, 1, None),
        (errors.Conflict, 1, 1, None),
        (errors.UsageError, 1, 1, None),
    ],
)
def test_retry_rule(kind: type[HedyError], attempt: int, asked_s: float | None, wait_s: float | None) -> None:
    """Only 429, 5xx and no answer are tried again, once, after the time the server names or 60 s or 2 s."""
    headers = {} if asked_s is None else {"retry-after": str(asked_s)}

    assert retry.wait_before_retry_s(kind("x"), attempt, headers) == wait_s
