"""Retry rules: which failed GET is sent again, and how long to wait first."""

from __future__ import annotations

from collections.abc import Mapping

from hedy_jupyter.api import rate_headers
from hedy_jupyter.api.rate_headers import MAX_WAIT_S
from hedy_jupyter.api.rate_limit import RESET_SLACK_S
from hedy_jupyter.errors import HedyError, Offline, RateLimited, ServerError

RATE_WAIT_S = 60.0
"""What to wait after a 429 that names no time: the documented minute."""
FAULT_WAIT_S = 2.0
"""What to wait after every other failure that names no time."""


def wait_before_retry_s(error: HedyError, attempt: int, headers: Mapping[str, str]) -> float | None:
    """Return how long to wait before a GET that ended with *error* is sent again; None where it is not.

    A GET that failed with 429, 5xx, no answer or an answer that is not the API's is sent once more: after what
    ``Retry-After`` says; else after a 429 when the limit is reset, or after a minute where that is unknown; and after
    2 s for the rest. A wait of more than a minute is not waited for, and an error that is final is not repeated.
    """
    if attempt > 1 or error.final or not isinstance(error, RateLimited | ServerError | Offline):
        return None
    asked_s = rate_headers.retry_after_s(headers)
    if asked_s is not None:
        return asked_s if asked_s <= MAX_WAIT_S else None
    if not isinstance(error, RateLimited):
        return FAULT_WAIT_S
    reset_s = rate_headers.reset_in_s(headers)
    return RATE_WAIT_S if reset_s is None else reset_s + RESET_SLACK_S
