"""Which of the API's two limits a request counts against, and which of them an answer is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hedy_jupyter.api import protocol
from hedy_jupyter.api import rate_headers as quotas
from hedy_jupyter.api.rate_limit import RateLimiter, Slot

Headers = Mapping[str, str]


class LimitScopes:
    """The limit of all requests, and the one of ``POST /webhooks`` beside it.

    Attributes:
        requests: the pace of all requests.
        webhooks: the pace of new webhooks; may be the same.
    """

    def __init__(self, requests: RateLimiter, webhooks: RateLimiter) -> None:
        self.requests = requests
        self.webhooks = webhooks

    def of(self, method: str, path: str) -> list[RateLimiter]:
        """Return the paces that a request counts against."""
        counts_twice = (method, path) == ("POST", "/webhooks") and self.webhooks is not self.requests
        return [self.webhooks, self.requests] if counts_twice else [self.requests]

    def heard(self, slots: Mapping[RateLimiter, Slot], headers: Headers) -> None:
        """Tell the paces of a request that the server took it, and what its answer says is left."""
        owner, said = self._owner(slots, headers), quotas.quota(headers)
        for pace, slot in slots.items():
            slot.accepted(said if pace is owner else None)

    def hold(self, method: str, path: str, headers: Headers, wait_s: float) -> None:
        """Let nothing start that the 429 with these *headers* is about, for *wait_s* seconds.

        Where that is not known, hold both.
        """
        paces = self.of(method, path)
        owner, said = self._owner(paces, headers), quotas.quota(headers)
        if len(paces) > 1 and owner is self.requests and said is not None and said.remaining > 0:
            asked_s = quotas.retry_after_s(headers)  # its reset is that of all requests, and those are not used up
            self.webhooks.hold(min(protocol.RATE_WAIT_S if asked_s is None else asked_s, protocol.MAX_WAIT_S))
            return
        for pace in paces if owner is None else [owner]:
            pace.hold(wait_s)

    def _owner(self, paces: Collection[RateLimiter], headers: Headers) -> RateLimiter | None:
        """Return the one of *paces* that an answer's headers are about; None where that is not known."""
        if len(paces) == 1:
            return self.requests
        limit = quotas.limit(headers)
        if limit is None:
            return None
        return self.webhooks if limit <= self.webhooks.limit else self.requests
