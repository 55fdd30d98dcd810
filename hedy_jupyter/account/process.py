"""What all accounts of one process share: the loop, the pace of each key, the stored key, the current account."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hedy_jupyter.api.event_loop import Bridge
from hedy_jupyter.api.rate_limit import WEBHOOK_LIMIT, Pace
from hedy_jupyter.credentials import KeyStore
from hedy_jupyter.settings import Secret

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy


class Process:
    """The owner of that state; there is one, ``PROCESS``."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self.keystore = KeyStore()
        self.current: Hedy | None = None
        self._paces: dict[str, tuple[Pace, Pace]] = {}

    def paces(self, key: Secret) -> tuple[Pace, Pace]:
        """The paces of *key*, of all requests and of new webhooks: the API counts by key, whichever object asks."""
        return self._paces.setdefault(hashlib.sha256(key.reveal().encode()).hexdigest(), (Pace(), Pace(WEBHOOK_LIMIT)))


PROCESS = Process()
