"""``python -m tests``: lint, format, types, docs, tests with the smoke runs of benchmarks, and coverage.

Tests of kernels and browsers wait most of the time. They run beside the checks that compute, which get only the
processor time that is left over: what waits is served at once, and no core is idle meanwhile.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
Check = tuple[str, list[str]]
_MAX_WORKERS = 8
_MAX_BROWSERS = 3
_DOTS = re.compile(r"^\S+ +\[ *\d+%\]\n|^\n", re.MULTILINE)  # the progress of pytest


def parallel(cores: int | None = None, most: int = _MAX_WORKERS, dist: str = "loadfile") -> tuple[str, ...]:
    """Return the options with which pytest runs tests in parallel; none on a single core.

    Args:
        cores: how many there are; by default those that this process may use.
        most: more workers than these are not started.
        dist: how xdist gives tests to the workers; by default file by file.
    """
    if cores is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(cores, most)
    return ("-n", str(workers), "--dist", dist, "--no-loadscope-reorder") if workers > 1 else ()


def files(marker: str) -> list[str]:
    """Return the files with tests that have *marker*; reading all the others would take seconds in each worker."""
    found = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py"))
    if marker == "browser":
        return [path for path in found if "browser" in path.rpartition("/")[2]]
    return [path for path in found if "pytest.mark.outside" in (ROOT / path).read_text(encoding="utf-8")]


STATIC: tuple[Check, ...] = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("types of a user's code", ["pyright", "--pythonpath", sys.executable]),
)
"""The checks that only read the code, each with its command."""
DOCS: Check = ("docs", ["sphinx", "-W", "--keep-going", "-q", "docs", "docs/_build/html"])
SITE: Check = ("tests of the built docs", ["pytest", "-m", "site", "tests/test_docs_site.py"])
_TRACE = ("--cov", "--cov-report=", "--trace-covering")


class Lane(NamedTuple):
    """Checks that run one after the other.

    Attributes:
        checks: each with its command.
        is_waiting: whether they wait more than they compute; the others leave the processor to them.
    """

    checks: Sequence[Check]
    is_waiting: bool = False


def lanes() -> list[Lane]:
    """Return all checks, in lanes that run side by side."""
    browsers = ["pytest", "-m", "browser", *parallel(most=_MAX_BROWSERS, dist="worksteal"), *files("browser")]
    processes = ["pytest", "-m", "outside and not browser and not site", *files("outside")]
    return [
        Lane([("tests in browsers", browsers)], is_waiting=True),
        Lane([("tests of other processes", processes)], is_waiting=True),
        Lane([("tests and coverage", ["pytest", "-m", "not outside", *parallel(), *_TRACE])]),
        Lane([*STATIC, DOCS, SITE]),
    ]


class Result(NamedTuple):
    """What came of a check.

    Attributes:
        name: of the check.
        command: its words behind ``python -m``.
        is_passed: whether it succeeded.
        output: what it printed.
        wall_s: how long it took.
        cpu_s: the processor time of its processes; NaN where the system does not tell.
    """

    name: str
    command: list[str]
    is_passed: bool
    output: str
    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        state = "passed" if self.is_passed else "FAILED"
        return f"{state:6}  {self.wall_s:4.0f} s  {self.cpu_s:4.0f} s CPU  {self.name}"


def run(check: Check, *, is_waiting: bool = True) -> Result:
    """Run one check to its end; leave the processor to other processes unless it *is_waiting* most of the time."""
    name, command = check
    began = time.monotonic()
    line = [sys.executable, "-m", *command]
    if not is_waiting and sys.platform != "win32":
        line = ["nice", "-n", "10", *line]
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(line, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT)
        code, cpu_s = _ended(process)
        return Result(name, command, code == 0, _text(printed), time.monotonic() - began, cpu_s)


def _ended(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Wait for the end of *process*; return its exit code, and the processor time of it and its children."""
    if sys.platform == "win32":
        return process.wait(), float("nan")
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_utime + used.ru_stime


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return without_progress(file.read().decode("utf-8", "replace"))


def without_progress(text: str) -> str:
    """Return what pytest printed without its lines of dots."""
    return _DOTS.sub("", text)


def run_all(lanes: Iterable[Lane]) -> list[Result]:
    """Run every check of all lanes; print what each has printed when it has ended, but failures last."""
    lanes, results, stopped = list(lanes), list[Result](), threading.Event()

    def run_lane(lane: Lane) -> None:
        for check in lane.checks:
            if stopped.is_set():
                return
            print(f"== begun: {check[0]}: python -m {' '.join(check[1])[:150]}", flush=True)
            results.append(result := run(check, is_waiting=lane.is_waiting))
            print(f"== {result}\n{result.output if result.is_passed else ''}", end="", flush=True)

    with ThreadPoolExecutor(len(lanes)) as threads:
        try:
            for lane in [threads.submit(run_lane, lane) for lane in lanes]:
                lane.result()
        finally:
            stopped.set()
    return results


def main(given: Iterable[Lane] | None = None) -> int:
    """Run every check, or those of the lanes *given*, to its end; return 1 if any failed."""
    results = run_all(lanes() if given is None else given)
    failed = [result for result in results if not result.is_passed]
    for result in failed:
        print(f"\n== failed: {result.name}: python -m {' '.join(result.command)}\n{result.output}", end="", flush=True)
    print("\n== all checks", *results, sep="\n")
    print(f"{'sum':14}  {sum(result.cpu_s for result in results):4.0f} s CPU")
    print(f"== failed: {', '.join(result.name for result in failed)}" if failed else "== all checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
