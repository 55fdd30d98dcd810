"""A receiver in its own process, that may be killed, and senders that do not give up: for its tests and benchmarks."""

from __future__ import annotations

import http.client
import itertools
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.deliveries import SECRET, ended, headers, highlight, raw, todo
from tests.kernels import environment

ROOT = Path(__file__).resolve().parent.parent
START_S = 60.0


class Process:
    """``hedy-jupyter receive`` on a port of this machine.

    Attributes:
        path: the archive.
        port: where it listens; the same after each start.
        log: what it has written to standard error.
    """

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.path = home / "meetings.sqlite"
        self.port = 0
        self.log: list[str] = []
        self._options = options
        self._secret = home / "secret"
        self._secret.write_text(f"{SECRET}\n", encoding="utf-8")
        self._secret.chmod(0o600)
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [sys.executable, "-W", "error", "-m", "hedy_jupyter", "receive", "--port", str(self.port)]
        command += ["--secret-file", str(self._secret), "--archive", str(self.path), "--no-fetch", *self._options]
        variables = environment(self.home, PYTHONPATH=str(ROOT))
        self._process = subprocess.Popen(command, env=variables, cwd=self.home, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log.append(line)
            if found := re.search(r"Receiving on http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
                break
        else:
            raise AssertionError(f"it did not start: {self.log}")
        threading.Thread(target=self._read, args=(self._process.stderr,), daemon=True).start()

    def _read(self, lines: Iterator[str]) -> None:
        self.log.extend(lines)

    def end(self, how: signal.Signals) -> int:
        """Send it a signal; return its exit code."""
        assert self._process is not None
        with self._process as process:
            process.send_signal(how)
            return process.wait(START_S)


@contextmanager
def receiving(home: Path, *options: str) -> Iterator[Process]:
    """Run a receiver while the block runs."""
    process = Process(home, *options)
    process.start()
    try:
        yield process
    finally:
        process.end(signal.SIGKILL)


def post(port: int, body: bytes, timeout: float = 30.0) -> int | None:
    """Deliver once; the status, or None without an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", "/", body, headers(body))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def bodies(count: int, seed: int = 7) -> list[bytes]:
    """So many deliveries, a fifth of them such that came before, in a random order."""
    chosen = random.Random(seed)  # noqa: S311  no secret is made of it
    kinds = itertools.cycle((ended, highlight, todo))
    unique = [raw(next(kinds)(number)) for number in range(count - count // 5)]
    every = unique + chosen.sample(unique, count // 5)
    chosen.shuffle(every)
    return every


def deliver_all(process: Process, every: Sequence[bytes], kills: int, *, senders: int = 8, seed: int = 7) -> int:
    """Deliver *every* body until it is acknowledged, while the receiver is killed at random moments and started again.

    Returns:
        How many deliveries had to be sent again.
    """
    chosen = random.Random(seed)  # noqa: S311  no secret is made of it
    again, done = itertools.count(), itertools.count()
    ends_at = sorted(chosen.sample(range(len(every) // 10, len(every)), kills))
    counted = [0]

    def send(body: bytes) -> None:
        while post(process.port, body) != 200:
            next(again)
            time.sleep(0.02)
        counted[0] = next(done)

    with ThreadPoolExecutor(senders) as pool:
        work = [pool.submit(send, body) for body in every]
        for end in ends_at:
            while counted[0] < end and not all(one.done() for one in work):
                time.sleep(0.001)
            time.sleep(chosen.random() * 0.01)
            process.end(signal.SIGKILL)
            process.start()
        for one in work:
            one.result()
    return next(again)


def kept_bodies(path: Path) -> list[bytes]:
    """The bodies in the archive, read by SQLite and zlib alone."""
    import zlib

    connection = sqlite3.connect(path)
    found = [zlib.decompress(body) for (body,) in connection.execute("SELECT body FROM events")]
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    return found
