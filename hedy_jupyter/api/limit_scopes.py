"""``LimitScopes``: which of the API's two limits a request counts against, and which of them an answer is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hedy_jupyter.api import rate_headers, retry
from hedy_jupyter.api.rate_limit import RateLimiter, Slot

Headers = Mapping[str, str]


class LimitScopes:
    """The limit of all requests, and the one of ``POST /webhooks`` beside it.

    Attributes:
        requests: the limiter of all requests.
        webhooks: the limiter of new webhooks; may be the same.
    """

    def __init__(self, requests: RateLimiter, webhooks: RateLimiter) -> None:
        self.requests = requests
        self.webhooks = webhooks

    def of(self, method: str, path: str) -> list[RateLimiter]:
        """Return the limiters that a request counts against."""
        counts_twice = (method, path) == ("POST", "/webhooks") and self.webhooks is not self.requests
        return [self.webhooks, self.requests] if counts_twice else [self.requests]

    def accepted(self, slots: Mapping[RateLimiter, Slot], headers: Headers) -> None:
        """Note in the *slots* of a request that the server did not refuse it, and what its answer says is left."""
        owner, quota = self._owner(slots, headers), rate_headers.quota(headers)
        for limiter, slot in slots.items():
            slot.accepted(quota if limiter is owner else None)

    def pause(self, method: str, path: str, headers: Headers, wait_s: float) -> None:
        """Pause the limiter that a 429 with *headers* is about for *wait_s* seconds; both where that is unclear."""
        limiters = self.of(method, path)
        owner, quota = self._owner(limiters, headers), rate_headers.quota(headers)
        if len(limiters) > 1 and owner is self.requests and quota is not None and quota.remaining > 0:
            asked_s = rate_headers.retry_after_s(headers)  # its reset is that of all requests, which are not used up
            self.webhooks.pause(min(retry.RATE_WAIT_S if asked_s is None else asked_s, rate_headers.MAX_WAIT_S))
            return
        for limiter in limiters if owner is None else [owner]:
            limiter.pause(wait_s)

    def _owner(self, limiters: Collection[RateLimiter], headers: Headers) -> RateLimiter | None:
        """Return the one of *limiters* that an answer's headers are about; None where that is unclear."""
        if len(limiters) == 1:
            return self.requests
        limit = rate_headers.limit(headers)
        if limit is None:
            return None
        return self.webhooks if limit <= self.webhooks.limit else self.requests
