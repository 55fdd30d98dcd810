"""What the receiver promises, in large: nothing lost or kept twice under kills and a sync, slow clients, and its load.

``python -m tests.benchmarks.receive`` does all three. The times are those of the clock, which is what a sender waits.
"""

from __future__ import annotations

import http.client
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.rows import Row, main
from tests.deliveries import ended, headers, raw
from tests.kernels import environment
from tests.receiving import ROOT, Process, bodies, deliver_all, kept_bodies, post, receiving

RATE, P99_MS = 200, 250.0
_SYNC = """
import sys
from pathlib import Path
from tests.histories import History
history, count = History(60), 0
while True:
    with history.account_of(archive=Path(sys.argv[1])) as hedy:
        hedy.archive.sync(full=True, accept_gone=True)
    count += 1
    print(count, flush=True)
"""


def kills(folder: Path, deliveries: int, times: int) -> Row:
    """Deliver, a fifth repeated, with kills and one sync after the other beside; compare what is kept."""
    process, every = Process(folder), bodies(deliveries)
    process.start()
    with _syncing(folder, process.path) as syncs:
        again = deliver_all(process, every, times)
        process.end(signal.SIGTERM)
    kept, sent = kept_bodies(process.path), set(every)
    lost, twice = len(sent - set(kept)), len(kept) - len(set(kept))
    return Row(
        f"{deliveries:,} deliveries and {times} kills: lost or kept twice",
        lost + twice + abs(len(kept) - len(sent)),
        "deliveries",
        at_most=0,
        note=f"{len(syncs)} syncs beside, {again} sent again",
    )


@contextmanager
def _syncing(folder: Path, path: Path) -> Iterator[list[str]]:
    variables, done = environment(folder, PYTHONPATH=str(ROOT)), list[str]()
    command = [sys.executable, "-c", _SYNC, str(path)]
    with subprocess.Popen(
        command, env=variables, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=done.extend, args=(process.stdout,))
        reader.start()
        yield done
        process.terminate()
        reader.join()


def slow(folder: Path, clients: int) -> list[Row]:
    """Deliver while many clients hold connections on which a byte comes every half second."""
    with receiving(folder) as process, ThreadPoolExecutor(1) as pool:
        held = [socket.create_connection(("127.0.0.1", process.port)) for _ in range(clients)]
        for number, one in enumerate(held):
            one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n" + b"Content-Length: 9000\r\n\r\n{" * (number % 2))
        ends = threading.Event()
        dripping = pool.submit(_drip, held, ends)
        took = []
        for number in range(50):
            began = time.perf_counter()
            assert post(process.port, raw(ended(number))) == 200
            took.append((time.perf_counter() - began) * 1000)
        closed_s = _closed_after(held)
        ends.set()
        dripping.result()
    work = f"a delivery beside {clients} slow clients"
    return [
        Row(f"{work}, slowest of 50", max(took), "ms", "the median", statistics.median(took), at_most=1_000),
        Row(f"{clients} slow clients are disconnected", closed_s, "s", at_most=20),
    ]


def _drip(held: list[socket.socket], ends: threading.Event) -> None:
    while not ends.wait(0.5):
        for one in held:
            try:
                one.sendall(b"x")
            except OSError:
                continue


def _closed_after(held: list[socket.socket]) -> float:
    began = time.perf_counter()
    for one in held:
        one.settimeout(30)
        try:
            while one.recv(4096):
                pass
        except OSError:
            pass
    return time.perf_counter() - began


def load(folder: Path, rate: int, seconds: int) -> list[Row]:
    """Deliver at a steady rate, whatever the answers take; the time of each counts from when it was due."""
    text = "We spoke of the harbour and of the lamp. " * 500  # 20 KB, a meeting of half an hour
    made = [raw(ended(number, transcript=f"{text} {number}")) for number in range(rate * seconds)]
    with receiving(folder) as process, ThreadPoolExecutor(32) as pool:
        post(process.port, raw(ended(-1)))
        local, began = threading.local(), time.perf_counter() + 0.5
        work = [pool.submit(_timed, local, process.port, body, began + n / rate) for n, body in enumerate(made)]
        took = sorted(one.result() for one in work)
        whole = time.perf_counter() - began
        left = _left(process)
    work = f"deliveries of 20 KB, {rate} a second"
    return [
        Row(f"{work}: 99 of 100 take", took[len(took) * 99 // 100], "ms", "the median", took[len(took) // 2], P99_MS),
        Row(f"{work}: all of {rate * seconds:,} accepted", whole, "s", "their rate", seconds, ratio_at_most=1.05),
        Row(f"{work}: the last is searchable", left, "s", note="after the last answer"),
    ]


def _timed(local: threading.local, port: int, body: bytes, due: float) -> float:
    time.sleep(max(due - time.perf_counter(), 0.0))
    connection = getattr(local, "connection", None) or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    local.connection = connection
    connection.request("POST", "/", body, headers(body))
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    return (time.perf_counter() - due) * 1000


def _left(process: Process) -> float:
    """How long it takes until everything kept is used."""
    import sqlite3

    began = time.perf_counter()
    connection = sqlite3.connect(process.path)
    while connection.execute("SELECT count(*) FROM events WHERE status = 'received'").fetchone()[0]:
        time.sleep(0.2)
    connection.close()
    return time.perf_counter() - began


def rows(small: bool) -> list[Row]:
    """Measure all three."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        found.append(kills(Path(folder), 200 if small else 10_000, 2 if small else 20))
    with tempfile.TemporaryDirectory() as folder:
        found += slow(Path(folder), 20 if small else 300)
    with tempfile.TemporaryDirectory() as folder:
        found += load(Path(folder), RATE, 1 if small else 20)
    return found


if __name__ == "__main__":
    main(rows, __doc__)
