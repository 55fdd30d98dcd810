"""What the receiver promises, in large: nothing lost or kept twice under kills and a sync, slow clients, and its load.

``python -m tests.benchmarks.receive`` does all three; ``kills``, ``slow`` and ``load`` do one.
"""

from __future__ import annotations

import argparse
import http.client
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

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


def kills(folder: Path, deliveries: int, times: int) -> bool:
    """Deliver, a fifth repeated, with kills and one sync after the other beside; compare what is kept."""
    process, every = Process(folder), bodies(deliveries)
    process.start()
    began = time.perf_counter()
    with _syncing(folder, process.path) as syncs:
        again = deliver_all(process, every, times)
        process.end(signal.SIGTERM)
    took = time.perf_counter() - began
    kept, sent = kept_bodies(process.path), set(every)
    lost, twice = len(sent - set(kept)), len(kept) - len(set(kept))
    print(
        f"{len(every):,} deliveries of {len(sent):,} events, {times} kills, {len(syncs)} syncs beside, {again} sent"
        f" again, {took:.0f} s: {lost} lost, {twice} kept twice"
    )
    return not lost and not twice and len(kept) == len(sent)


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


def slow(folder: Path, clients: int) -> bool:
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
    print(
        f"{clients} slow clients: a good delivery takes {statistics.median(took):.0f} ms, {max(took):.0f} ms at most;"
        f" all slow ones closed after {closed_s:.0f} s"
    )
    return max(took) < 1000 and closed_s < 20


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


def load(folder: Path, rate: int, seconds: int) -> bool:
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
    p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
    print(
        f"{len(made):,} deliveries of 20 KB at {rate}/s: {len(made) / whole:.0f}/s acknowledged,"
        f" p50 {p50:.0f} ms, p99 {p99:.0f} ms (aim {P99_MS:.0f}); all searchable {left:.0f} s later"
    )
    return p99 < P99_MS and len(made) / whole > rate * 0.95


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


def main() -> int:
    """Run what was asked for; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["kills", "slow", "load"])
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    given = parser.parse_args()
    proofs: dict[str, Callable[[Path], bool]] = {
        "kills": lambda folder: kills(folder, given.deliveries, given.kills),
        "slow": lambda folder: slow(folder, 300),
        "load": lambda folder: load(folder, RATE, 20),
    }
    held = True
    for name in given.what:
        with tempfile.TemporaryDirectory() as folder:
            held &= proofs[name](Path(folder))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
