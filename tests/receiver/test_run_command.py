"""The command of ``--run``: what it gets, how often, and what happens where it fails."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest

from hedy_jupyter.archive import events
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError, UsageError
from hedy_jupyter.receiver import delivery, run_command
from hedy_jupyter.receiver.receiver import Receiver
from hedy_jupyter.receiver.run_command import Forwarder, checked, run
from tests.deliveries import ended, highlight, raw

WRITE = (
    "import os, sys, uuid, pathlib; pathlib.Path(sys.argv[1], uuid.uuid4().hex).write_bytes(sys.stdin.buffer.read())"
)


def put(path: Path, *given: dict[str, object]) -> None:
    """Keep deliveries that are to be forwarded."""
    with Store.open(path, create=True) as store:
        for event in given:
            events.put(store, delivery.read(raw(event), None), forward=True)


def left(path: Path) -> int:
    """How many are still to be forwarded."""
    with Store.open(path) as store:
        return len(events.to_forward(store))


def test_message() -> None:
    """The command gets one line of JSON: the fields of the frame, and the payload."""
    held = events.Held(1, "evt_1", "highlight.created", "2026-03-01T11:00:00Z", "sess_000001", "T", raw(highlight(1)))
    text = run_command.message(held)

    assert text.count(b"\n") == 1
    assert json.loads(text) == {
        "event_id": "evt_1",
        "event": "highlight.created",
        "received_at": "2026-03-01T11:00:00Z",
        "session_id": "sess_000001",
        "title": "T",
        "test": False,
        "payload": highlight(1)["data"],
    }


def test_each_event_once(path: Path, tmp_path: Path) -> None:
    """Each event is passed on once, also by a second look, and then is done."""
    out = tmp_path / "out"
    out.mkdir()
    put(path, ended(1), ended(2), highlight(3))
    forwarder = Forwarder([sys.executable, "-S", "-c", WRITE, str(out)], path, sleep=lambda _: None)
    forwarder.look()
    forwarder.look()
    while left(path):
        threading.Event().wait(0.05)
    forwarder.close()

    got = sorted(json.loads(file.read_text())["title"] for file in out.iterdir())
    assert got == ["Harbour meeting 1", "Harbour meeting 2", "Lantern idea 3"]


def test_a_command_that_fails(path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A command that fails is run twice more, then given up, and the log says so without the event's text."""
    runs, waits = list[bytes](), list[float]()
    monkeypatch.setattr(run_command, "run", lambda *given: runs.append(given[1]) or "exit code 3")
    put(path, ended(1))
    forwarder = Forwarder([sys.executable], path, sleep=waits.append)
    forwarder.look()
    while left(path):
        threading.Event().wait(0.02)
    forwarder.close()

    assert (len(runs), waits) == (3, [0.0, 2.0, 10.0])
    assert "exit code 3" in caplog.text
    assert "given up" in caplog.text
    assert "Harbour" not in caplog.text


def test_one_command_for_an_archive(path: Path) -> None:
    """A second receiver that runs a command for the same archive does not start; without one, or later, it does."""
    first, second, keeps = (Receiver(path, run=run) for run in ([sys.executable], [sys.executable], None))
    first.start()
    with pytest.raises(ArchiveError, match="Another receiver already runs a command"):
        second.start()
    keeps.start()
    keeps.close()
    first.close()
    second.start()
    assert second.is_running
    second.close()


def test_four_at_a_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never more than four commands run at a time."""
    lock, now, most = threading.Lock(), [0], [0]

    def slow(*_: object) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.03)
        with lock:
            now[0] -= 1

    monkeypatch.setattr(run_command, "run", slow)
    put(path, *(ended(number) for number in range(12)))
    forwarder = Forwarder([sys.executable], path, sleep=lambda _: None)
    forwarder.look()
    while left(path):
        threading.Event().wait(0.02)
    forwarder.close()

    assert most == [4]


def test_what_a_killed_receiver_has_left(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not passed on before the end is passed on after the next start."""
    put(path, ended(1))
    assert left(path) == 1
    runs = list[bytes]()
    monkeypatch.setattr(run_command, "run", lambda *given: runs.append(given[1]))
    from hedy_jupyter.receiver.receiver import Receiver

    receiver = Receiver(path, run=[sys.executable])
    receiver.start()
    while left(path):
        threading.Event().wait(0.02)
    receiver.close()

    assert len(runs) == 1


@pytest.mark.outside
@pytest.mark.parametrize(
    ("code", "told"),
    [("", None), ("raise SystemExit(3)", "exit code 3"), ("import time; time.sleep(60)", "it took longer than 0.3 s")],
)
def test_run(code: str, told: str | None) -> None:
    """A run says what went wrong; one that takes too long is killed, and its input may stay unread."""
    assert run([sys.executable, "-S", "-c", code], b"x" * 200_000, 0.3 if "sleep" in code else 20.0) == told


def test_the_secret_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command does not get the webhook's secret."""
    monkeypatch.setenv("HEDY_WEBHOOK_SECRET", "whsec")
    code = "import os; raise SystemExit('HEDY_WEBHOOK_SECRET' in os.environ)"

    assert run([sys.executable, "-S", "-c", code], b"", 20.0) is None


def test_no_shell(tmp_path: Path) -> None:
    """A command line is words, not a script of a shell."""
    assert checked(f"{sys.executable} -c 'print(1)' ';' $HOME") == [sys.executable, "-c", "print(1)", ";", "$HOME"]
    for wrong in ("", "  ", "'open", "no-such-program-4711 | cat"):
        with pytest.raises(UsageError):
            checked(wrong)
