"""The demo's deliveries: signed as Hedy signs, to this machine only, and disturbed on request."""

from __future__ import annotations

import argparse
import itertools
import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from hedy_jupyter.api import signatures
from hedy_jupyter.demo_server import deliver
from hedy_jupyter.demo_server.deliver import Delivery, Target

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def first(count: int) -> list[Delivery]:
    """The first deliveries."""
    return list(itertools.islice(deliver.sequence(NOW), count))


def test_sequence() -> None:
    """After a test comes what Hedy delivers of a meeting: created, highlights, ended, todos, exported."""
    events = [json.loads(one.body) for one in first(12)]
    names = [event["event"] for event in events]

    assert signatures.read_event(events[0]).test
    assert names[1] == "session.created"
    assert list(dict.fromkeys(names[1:])) == [
        "session.created",
        "highlight.created",
        "session.ended",
        "todo.exported",
        "session.exported",
    ]
    ended = next(event for event in events[1:] if event["event"] == "session.ended")
    assert set(ended) == {
        *("event", "sessionId", "title", "startTime", "endTime", "duration", "sessionType", "transcript"),
        *("conversations", "structured_conversations", "meeting_minutes", "recap", "session_notes", "highlights"),
    }


@pytest.mark.parametrize("how", [(), *((name,) for name in deliver.DISTURBANCES), deliver.DISTURBANCES], ids=str)
def test_disturbed_loses_nothing(how: tuple[str, ...]) -> None:
    """However the deliveries are disturbed, each comes signed at least once."""
    given = first(60)
    found = list(deliver.disturbed(given, how))

    assert {one for one in found if one.is_signed} == set(given)
    assert (found == given) == (not how)
    assert any(not one.is_signed for one in found) == ("unsigned" in how)


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "http://example.com/", "http://10.0.0.1:80/", "http://u:p@127.0.0.1/"),
        *("127.0.0.1:8788", "http://127.0.0.1.nip.io/", "http://0.0.0.0/", "ftp://localhost/"),
    ],
)
def test_only_this_machine(url: str) -> None:
    """Nothing is delivered to another machine."""
    with pytest.raises(ValueError, match="address of this machine"):
        deliver.target_of(url)


def test_targets() -> None:
    """A loopback address in any form is one."""
    assert deliver.target_of("http://localhost:8788") == Target("localhost", 8788, "/")
    assert deliver.target_of("http://[::1]:99/hook") == Target("::1", 99, "/hook")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"secret_file": None}, "needs --secret-file"),
        ({"disturb": "late,loud"}, "unknown disturbance 'loud'"),
        ({"every": -1.0}, "--every"),
    ],
)
def test_options_that_cannot_be_used(tmp_path: Path, more: dict[str, Any], told: str) -> None:
    """A mistake in an option is said before anything is delivered."""
    secret = tmp_path / "secret"
    secret.write_text("whsec_demo\n")
    given = {"deliver_to": "http://127.0.0.1:1/", "secret_file": secret, "every": 1.0, "disturb": ""} | more
    with pytest.raises(ValueError, match=told):
        deliver.from_options(argparse.Namespace(**given))


@pytest.mark.outside
def test_send(tmp_path: Path) -> None:
    """A delivery is posted with its signature, again after a 503, and without one where it is disturbed so."""
    came: list[tuple[str, str | None, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.headers["X-Hedy-Event"], self.headers["X-Hedy-Signature"], body))
            self.send_response(503 if len(came) == 1 else 200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        target, one = Target("127.0.0.1", server.server_port, "/"), first(3)[1]
        waits: list[float] = []
        statuses = [
            deliver.send(target, sent, "whsec", sleep=waits.append) for sent in (one, one._replace(is_signed=False))
        ]
        server.shutdown()
        thread.join()

    assert (statuses, len(came), waits) == ([200, 200], 3, [0.0, 1.0, 0.0])
    assert signatures.verify(came[1][2], came[1][1], "whsec")
    assert came[2][:2] == ("session.created", None)
    assert deliver.send(target, one, "whsec", sleep=waits.append) is None
