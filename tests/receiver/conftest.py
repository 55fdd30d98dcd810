"""A receiver in process: the application on a temporary archive, with a client that signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hedy_jupyter.archive.store import Store
from hedy_jupyter.receiver import app
from tests.asgi import Answer, Client
from tests.deliveries import SECRET, headers, raw

Post = Callable[..., Answer]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The archive file."""
    return tmp_path / "meetings.sqlite"


@pytest.fixture
def client(path: Path) -> Iterator[Client]:
    """A client of an application that fetches nothing."""
    made = app(SECRET, archive=path, fetch=False)
    yield Client(made)
    made.state.receiver.close()


@pytest.fixture
def post(client: Client) -> Post:
    """Deliver an event, signed."""

    def deliver(event: dict[str, Any] | bytes, secret: str = SECRET) -> Answer:
        body = event if isinstance(event, bytes) else raw(event)
        return client.send(body, headers(body, secret))

    return deliver


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """The archive, open beside the receiver."""
    with Store.open(path, create=True) as opened:
        yield opened
