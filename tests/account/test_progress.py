"""Progress where nothing can be written over: a log of a nightly job, a pipe."""

from __future__ import annotations

import sys

import pytest

from hedy_jupyter.account.progress import Progress
from hedy_jupyter.api.client_events import Notice, Planned, Sent


@pytest.mark.parametrize("requests", [2, 7, 100, 5_000])
def test_at_most_ten_lines(requests: int, capsys: pytest.CaptureFixture[str]) -> None:
    """A job of any length, with many waits, writes at most ten lines.

    The first says how much there is, the last that it is done.
    """
    now = [0.0]
    with Progress(clock=lambda: now[0]) as progress:
        progress(Planned(requests, 60.0 * requests / 200 + 2))
        for number in range(requests):
            now[0] += 0.3
            if number % 50 == 10:
                progress(Notice("Rate limit reached; continuing in 1 s.", f"kind {number}", 0.1))
            progress(Sent())
    lines = capsys.readouterr().err.splitlines()

    assert 2 <= len(lines) <= 10
    assert str(requests) in lines[0]
    assert f"{requests} of {requests} requests done" in lines[-1]
    assert not any("\r" in line for line in lines)


def test_a_short_job_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """What takes less than a second writes no line."""
    with Progress(clock=lambda: 0.0) as progress:
        progress(Planned(5, 0.0))
        for _ in range(5):
            progress(Sent())

    assert capsys.readouterr().err == ""


def test_a_terminal_has_its_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal the bar writes over itself."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    now = [0.0]
    with Progress(clock=lambda: now[0]) as progress:
        progress(Planned(50, 20.0))
        for _ in range(50):
            now[0] += 0.3
            progress(Sent())

    assert "\r" in capsys.readouterr().err
