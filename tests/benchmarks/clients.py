"""Reading and keeping 1,000 meetings, beside what one writes with plain tools: requests, dlt, sqlite-utils.

``python -m tests.benchmarks.clients`` (``--small``: 30) starts a server in a process of its own, without a limit of
requests, and measures the client's time of the processor, of all its threads. dlt and sqlite-utils are in the group
``bench`` of the dependencies; where one is not installed, its row says so.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import requests

import hedy_jupyter as hj
from hedy_jupyter.api.rate_limit import RateLimiter
from tests.benchmarks.rows import Row, in_turns, main, missing
from tests.conftest import KEY
from tests.histories import History

ROOT = Path(__file__).resolve().parents[2]
THREADS = 8
TEXT = "Ada: We spoke of the harbour, of the lamp and of who takes which promise home.\nNoor: So be it.\n" * 100

Record = dict[str, Any]


def serve(sessions: int) -> None:
    """Serve so many meetings of 20 KB over HTTP and print the port: the whole of a process of its own."""
    history = History(sessions)
    for ident, record in history.details.items():
        record["cleaned_transcript"] = record["transcript"] = f"{TEXT} {ident}"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = history(httpx.Request("GET", f"http://127.0.0.1{self.path}"))
            self.send_response(answer.status_code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


@contextmanager
def served(sessions: int) -> Iterator[str]:
    """Give the base URL of a server of so many meetings."""
    code = f"from tests.benchmarks import clients; clients.serve({sessions})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


# Reading ---------------------------------------------------------------------


@contextmanager
def account(base_url: str) -> Iterator[hj.Hedy]:
    """Give an account of the server with an empty archive, without a limit of requests."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.sqlite"
        with hj.connect(KEY, base_url=base_url, archive=archive, timezone="UTC") as hedy:
            hedy.connection.limiter = RateLimiter(10**9)
            yield hedy


def ours(base_url: str) -> pd.DataFrame:
    """Return all meetings with their details."""
    with account(base_url) as hedy:
        return hedy.sessions(limit=None, details=True)


def listed(session: requests.Session, base_url: str) -> Iterator[str]:
    """Yield the ids of all meetings, page by page."""
    after: str | None = None
    while True:
        page = session.get(f"{base_url}/sessions", params={"limit": 100, "after": after}, timeout=30).json()
        yield from (record["sessionId"] for record in page["data"])
        after = page["pagination"]["next"]
        if after is None:
            return


def details(base_url: str) -> Iterator[Record]:
    """Yield the details of all meetings, with threads."""
    with requests.Session() as session, ThreadPoolExecutor(THREADS) as pool:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=THREADS))

        def detail(ident: str) -> Record:
            found: Record = session.get(f"{base_url}/sessions/{ident}", timeout=30).json()
            return found

        yield from pool.map(detail, listed(session, base_url))


def with_requests(base_url: str) -> pd.DataFrame:
    """Return the same rows of requests and pandas; the times become times."""
    found = pd.json_normalize(list(details(base_url)))
    return found.assign(startTime=pd.to_datetime(found["startTime"]), endTime=pd.to_datetime(found["endTime"]))


def with_dlt(base_url: str) -> pd.DataFrame:
    """Return the same rows of dlt's REST source."""
    from dlt.sources.rest_api import rest_api_source

    cursor = {"type": "cursor", "cursor_path": "pagination.next", "cursor_param": "after"}
    listing = {"path": "sessions", "params": {"limit": 100}, "paginator": cursor, "data_selector": "data"}
    detail = {"path": "sessions/{resources.sessions.sessionId}", "paginator": "single_page", "data_selector": "$"}
    source = rest_api_source(
        {
            "client": {"base_url": f"{base_url}/"},
            "resources": [
                {"name": "sessions", "endpoint": listing},
                {"name": "details", "endpoint": detail, "parallelized": True},
            ],
        }
    )
    return pd.json_normalize(list(source.resources["details"]))


# Keeping ---------------------------------------------------------------------


def synced(base_url: str) -> int:
    """Fill an archive, and return how many meetings it finds a word in."""
    with account(base_url) as hedy:
        hedy.archive.sync()
        return len(hedy.archive.search("harbour", limit=10**6))


def with_sqlite_utils(base_url: str) -> int:
    """Fill a database of sqlite-utils with full-text search, and return the same number."""
    from sqlite_utils import Database

    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "meetings.sqlite")
        table = database["sessions"]
        table.upsert_all(details(base_url), pk="sessionId")
        table.enable_fts(["title", "recap", "meeting_minutes", "transcript", "cleaned_transcript"])
        found = len(list(table.search("harbour")))
        database.close()
        return found


def rows(small: bool) -> list[Row]:
    """Measure all of them."""
    count, rounds = (30, 1) if small else (1_000, 3)
    frame, kept = f"{count:,} meetings with details as a frame", f"{count:,} meetings into an archive with search"
    dlt, sqlite_utils = "dlt's REST source, json_normalize", f"sqlite-utils, requests, {THREADS} threads"
    found = []
    with served(count) as base_url:
        sizes = [len(ours(base_url)), len(with_requests(base_url)), synced(base_url)]  # the first ones do not count
        assert sizes == [count] * 3, sizes
        times = in_turns(lambda: ours(base_url), lambda: with_requests(base_url), rounds)
        found.append(Row(frame, times.ours, "s", f"requests, {THREADS} threads, json_normalize", times.theirs))
        if find_spec("dlt"):
            assert len(with_dlt(base_url)) == count
            times = in_turns(lambda: ours(base_url), lambda: with_dlt(base_url), rounds)
            found.append(Row(f"{frame}, beside dlt", times.ours, "s", dlt, times.theirs))
        else:
            found.append(missing(f"{frame}, beside dlt", dlt, "dlt"))
        if find_spec("sqlite_utils"):
            assert with_sqlite_utils(base_url) == count
            times = in_turns(lambda: synced(base_url), lambda: with_sqlite_utils(base_url), rounds)
            found.append(Row(kept, times.ours, "s", sqlite_utils, times.theirs))
        else:
            found.append(missing(kept, sqlite_utils, "sqlite-utils"))
    return found


if __name__ == "__main__":
    main(rows, __doc__)
