"""``python -m tests``: every check runs, failures come last, and each test is in one check."""

from __future__ import annotations

import os
import re
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from tests import __main__ as command
from tests.__main__ import ROOT, Lane
from tests.covering import Tracing, covering, is_covering, some_cases

VERSION = ["platform"]  # prints the platform and exits with 0
MISSING = ["no_such_module"]


def test_all_checks_run_and_failures_come_last(capsys: pytest.CaptureFixture[str]) -> None:
    """A failing check stops neither its lane nor the others; what it printed is below all else, then the figures."""
    lanes = [
        Lane([("broken", MISSING), ("after it", VERSION)], is_waiting=True),
        Lane([("beside it", VERSION)], is_waiting=True),
    ]

    assert command.main(lanes) == 1

    printed = capsys.readouterr().out
    before, _, rest = printed.partition("\n== failed: broken: python -m no_such_module\n")
    assert "No module named no_such_module" in rest
    assert "No module named" not in before
    figures = re.findall(r"^(passed|FAILED) +\d+ s +(\d+|nan) s CPU  (.*)$", rest, re.MULTILINE)
    assert sorted((state, name) for state, _, name in figures) == [
        ("FAILED", "broken"),
        ("passed", "after it"),
        ("passed", "beside it"),
    ]
    assert rest.endswith("== failed: broken\n")


def test_all_passed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a failure the last line says so, and the exit code is 0."""
    assert command.main([Lane([("only", VERSION)], is_waiting=True)]) == 0
    assert capsys.readouterr().out.endswith("== all checks passed\n")


@pytest.mark.outside
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no niceness")
def test_what_computes_leaves_the_processor_to_what_waits() -> None:
    """A waiting check has the niceness of this process, a computing one a higher; both tell their processor time."""
    line = ["timeit", "-n1", "-r1", "-s", "import os; print(os.nice(0))", "sum(range(1000))"]
    results = [command.run(("niceness", line), is_waiting=waits) for waits in (True, False)]

    assert all(result.is_passed and result.cpu_s > 0 for result in results)
    here = os.nice(0)
    assert [int(result.output.split()[0]) for result in results] == [here, min(here + 10, 19)]


def test_progress_is_left_out_of_what_is_printed() -> None:
    """The dots of pytest are dropped, what it reports is kept."""
    text = "......s.  [ 50%]\n........  [100%]\n\n== FAILURES ==\nassert 50%]\n3 passed in 2 s\n"

    assert command.without_progress(text) == "== FAILURES ==\nassert 50%]\n3 passed in 2 s\n"


# Which check runs which test --------------------------------------------------


def test_every_test_is_in_one_check() -> None:
    """The marks of the four checks with tests leave nothing out, and run nothing twice."""
    checks = [check for lane in command.lanes() for _, check in lane.checks if check[0] == "pytest"]
    marks = [check[check.index("-m") + 1] for check in checks]

    for having in ({"outside"}, {"outside", "browser"}, {"outside", "site"}, set()):
        names = {name: name in having for name in ("outside", "browser", "site")}
        assert [eval(mark, {}, names) for mark in marks].count(True) == 1  # noqa: S307  the marks are our own


def test_files_of_outside_tests() -> None:
    """The files that are given to pytest are those with marked tests; this one is in process, and not among them."""
    browsers, outside = command.files("browser"), command.files("outside")

    assert "tests/test_browser.py" in browsers
    assert {"tests/magics/test_kernel.py", "tests/receiver/test_process.py"} <= set(outside) - set(browsers)
    assert "tests/dates/test_ranges.py" not in outside


# What is traced ---------------------------------------------------------------


def items(*nodeids: str) -> Any:
    """Collected tests."""
    return [SimpleNamespace(nodeid=nodeid) for nodeid in nodeids]


def test_cases_are_spread_evenly() -> None:
    """Of each test so many cases are kept, the first among them; a test without cases is kept."""
    found = items("a.py::one[1]", "a.py::one[2]", "a.py::one[3]", "a.py::one[4]", "a.py::two")

    assert some_cases(found, 1) == {"a.py::one[1]", "a.py::two"}
    assert some_cases(found, 2) == {"a.py::one[1]", "a.py::one[3]", "a.py::two"}


def test_covering_tests_are_there() -> None:
    """Each covering file and folder exists; a name that only begins like one of them is another."""
    assert [name for name in covering() if not (ROOT / name).exists()] == []
    assert is_covering("tests/frames/test_build.py::test_one[a/b]")
    assert not is_covering("tests/frames_of_mine/test_one.py::test_one")


def test_only_first_cases_of_covering_tests_are_traced() -> None:
    """Tracing pauses in all others, their fixtures included, and is switched only where that changes."""
    switched: list[str] = []
    controller = SimpleNamespace(started=True)

    def switch(name: str, started: bool) -> None:
        switched.append(name)
        controller.started = started

    controller.pause, controller.resume = (lambda: switch("pause", False)), (lambda: switch("resume", True))
    found = items("tests/frames/a.py::a[1]", "tests/frames/a.py::a[2]", "tests/frames/a.py::b", "tests/text/b.py::c")
    tracing = Tracing(controller)
    tracing.pytest_collection_finish(SimpleNamespace(items=found))  # type: ignore[arg-type]
    states = []
    for item in (*found, found[0]):
        running = tracing.pytest_runtest_protocol(item)
        next(running)
        states.append(controller.started)

    assert states == [True, False, True, False, True]
    assert switched == ["pause", "resume", "pause", "resume"]
