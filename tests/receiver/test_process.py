"""``hedy-jupyter receive`` as a process: over HTTP, killed, told to end, and with options that cannot be used."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hedy_jupyter.receiver import command, server
from tests.deliveries import SECRET, ended, headers, raw
from tests.receiving import Process, bodies, deliver_all, kept_bodies, post, receiving

pytestmark = pytest.mark.outside


def test_kills_lose_nothing(tmp_path: Path) -> None:
    """Killed twice among 200 deliveries, a fifth of them repeated, it has kept each exactly once."""
    process, every = Process(tmp_path), bodies(200)
    process.start()
    deliver_all(process, every, kills=2)
    code = process.end(signal.SIGTERM)

    assert sorted(kept_bodies(process.path)) == sorted(set(every))
    assert code == 0
    assert SECRET not in "".join(process.log)
    assert "Traceback" not in "".join(process.log)


def test_over_http(tmp_path: Path) -> None:
    """Paths, methods, sizes, slow and broken clients over real sockets; Ctrl-C ends it with 0."""
    with receiving(tmp_path) as process:
        slow = [socket.create_connection(("127.0.0.1", process.port)) for _ in range(100)]
        for number, one in enumerate(slow):
            one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{" if number % 2 else b"POST / HT")
        began = time.monotonic()
        statuses = [post(process.port, raw(ended(number))) for number in range(3)]
        took = time.monotonic() - began
        for one in slow:  # in the midst of their bodies
            one.close()

        def ask(method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=30)
            connection.request(method, path, body, headers(body))
            answer = connection.getresponse()
            found = answer.status, dict(answer.getheaders()), answer.read()
            connection.close()
            return found

        assert statuses == [200, 200, 200]
        assert took < 5.0
        assert ask("GET", "/")[0] == 405
        assert ask("POST", "/admin", b"{}")[0] == 404
        status, sent, answer = ask("POST", "/", b"x" * 10_000_001)
        assert (status, sent["connection"]) == (413, "close")
        assert answer.count(b"\n") == 0
        assert "server" not in {name.lower() for name in sent}
        assert process.end(signal.SIGINT) == 0
    assert len(kept_bodies(process.path)) == 3
    assert "Traceback" not in "".join(process.log)
    assert "the sender went away" in "".join(process.log)


def test_a_client_that_never_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection whose head does not come in time is closed."""
    import threading

    from hedy_jupyter.receiver import app

    monkeypatch.setattr(server, "HEAD_S", 0.2)
    made = app(SECRET, archive=tmp_path / "meetings.sqlite", fetch=False)
    listening = server.listen("127.0.0.1", 0)
    import uvicorn

    servers: list[uvicorn.Server] = []
    begin = uvicorn.Server.run
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: (servers.append(self), begin(self, sockets))[1])
    thread = threading.Thread(target=server.serve, args=(made, listening))
    thread.start()
    with socket.create_connection(listening.getsockname(), timeout=20) as idle:
        idle.sendall(b"POST / HTTP/1.1\r\nX-Slow: ")
        assert idle.recv(100) == b""
    body = raw(ended())
    assert post(listening.getsockname()[1], body) == 200
    servers[0].should_exit = True
    thread.join(20)
    listening.close()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--archive", "a.sqlite", "--no-fetch"], 2, "No webhook secret is configured"),
        (["--archive", "a.sqlite", "--no-fetch", "--secret-file", "missing"], 2, "cannot be read"),
        (["--archive", "a.sqlite", "--no-fetch", "--secret-file", "empty"], 2, "No webhook secret is configured"),
        (["--archive", "a.sqlite", "--secret-file", "secret"], 2, "key"),
        (["--no-fetch", "--secret-file", "secret"], 2, "key"),
        (["--archive", "a.sqlite", "--no-fetch", "--secret-file", "secret", "--run", "nothing-4711"], 2, "not found"),
        (["--archive", "a.sqlite", "--secret", SECRET], 2, "--secret (a secret is never an argument)"),
        (["--archive", "a.sqlite", "--no-fetch", "--secret-file", SECRET], 2, "cannot be read"),
        (["--archive", "text", "--no-fetch", "--secret-file", "secret"], 1, "archive"),
        (["--archive", "a.sqlite", "--no-fetch", "--secret-file", "secret", "--host", "203.0.113.7"], 2, "listen"),
    ],
)
def test_what_cannot_start(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    told: str,
) -> None:
    """It refuses to start in one line, and never shows the secret."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "text").write_text("not an archive, but a text that is long enough to be taken for one" * 10)

    try:
        found_code: object = command.main(words)
    except SystemExit as ended_by:  # argparse
        found_code = ended_by.code
    assert found_code == code
    found = capfd.readouterr()
    assert told in found.err.splitlines()[-1]
    assert SECRET not in found.err + found.out
    assert found.out == ""


def test_a_port_that_is_taken(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A port that is taken is one line, and a secret that others can read is said."""
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o644)
    words = ["--archive", str(tmp_path / "a.sqlite"), "--no-fetch", "--secret-file", str(tmp_path / "secret")]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert command.main([*words, "--port", str(taken.getsockname()[1])]) == 2
    found = capfd.readouterr().err

    assert "Cannot listen on 127.0.0.1 port" in found
    assert "Other users can read" in found


def test_help_needs_no_extra() -> None:
    """``receive --help`` shows every option without Starlette, and starting without it says what to do."""
    code = (
        "import sys; sys.modules['starlette'] = sys.modules['starlette.applications'] = None\n"
        "from hedy_jupyter.__main__ import main\n"
        "from hedy_jupyter.errors import UsageError\n"
        "from hedy_jupyter.receiver import app\n"
        "try:\n    app('s', archive='a.sqlite', fetch=False)\nexcept UsageError as error:\n    print(error.advice)\n"
        "main(['receive', '--help'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "hedy-jupyter[receiver]" in done.stdout
    assert [
        one
        for one in ("--host", "--port", "--secret-file", "--archive", "--no-fetch", "--run")
        if one not in done.stdout
    ] == []
