"""``python -m tests``: lint, format, types, docs, tests with the smoke runs of benchmarks, and coverage."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Check = tuple[str, list[str]]
_MAX_WORKERS = 4  # each may have a kernel or a browser beside it
_WAITING = 1  # worker more than there are cores: those with kernels and browsers wait most of the time


def parallel(cores: int | None = None) -> tuple[str, ...]:
    """Return the options with which pytest runs the files of tests in parallel; none on a single core.

    Args:
        cores: how many there are; by default those that this process may use.
    """
    if cores is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(cores + _WAITING, _MAX_WORKERS) if cores > 1 else 1
    return ("-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder") if workers > 1 else ()


_COVERING = (
    *("accessor", "account/test_changes.py", "account/test_transcript.py", "analysis/test_redaction.py"),
    *("analysis/test_todos.py", "api/test_client.py", "api/test_foreign_answers.py", "archive/test_files.py"),
    *("archive/test_fulltext.py", "archive/test_openings.py", "changes/test_fields.py", "dates/test_ranges.py"),
    *("dates/test_time_of_day.py", "demo_server", "frames", "magics/commands/test_archive.py"),
    *("magics/commands/test_writing.py", "magics/test_dispatch.py", "magics/test_list_views.py", "test_docs.py"),
    *("test_settings.py", "widgets", "minutes", "reports", "receiver", "test_shell.py", "test_profiles.py"),
    *("account/test_reporting.py", "account/test_speaking.py", "account/test_several_accounts.py"),
    *("account/test_filters.py", "analysis/test_transcript_forms.py", "analysis/test_comparison.py"),
    *("analysis/test_series.py", "analysis/test_addressees.py", "archive/test_places.py", "export/test_workbook.py"),
    *("export/test_html_page.py", "export/vault/test_options.py", "demo_server/test_deliver.py"),
)
"""The tests that reach most lines a second: tracing all of them would take minutes more."""


def covering() -> list[str]:
    """Return the files and folders of the covering tests."""
    return [f"tests/{name}" for name in _COVERING]


def coverage() -> list[str]:
    """Return the command that runs one case of each of the covering tests; pyproject.toml has the floor."""
    return ["pytest", *parallel(), "--cases", "1", "-m", "not outside", "--cov", "--cov-report=", *covering()]


STATIC: tuple[Check, ...] = (
    ("types", ["mypy"]),
    ("types of a user's code", ["pyright", "--pythonpath", sys.executable]),
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
)
"""The checks that only read the code, each with its command."""
DOCS: Check = ("docs", ["sphinx", "-W", "--keep-going", "-q", "docs", "docs/_build/html"])


def checks() -> list[list[Check]]:
    """Return the checks; those of one list use a core at most and run side by side."""
    return [[*STATIC, DOCS], [("tests", ["pytest", *parallel()])], [("coverage", coverage())]]


def passed(name: str, command: list[str], *, alone: bool) -> bool:
    """Run one check to its end; what it prints comes at once if it is *alone*, else when it has ended."""
    title, full = f"== {name}: {' '.join(command)}", [sys.executable, "-m", *command]
    if alone:
        print(title, flush=True)
        return subprocess.run(full, cwd=ROOT, check=False).returncode == 0
    done = subprocess.run(full, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(f"{title}\n{done.stdout}", end="", flush=True)
    return done.returncode == 0


def main(groups: Iterable[Sequence[Check]] | None = None) -> int:
    """Run every check, or those of *groups*, to its end; return 1 if any failed."""
    failed = []
    for group in checks() if groups is None else groups:
        with ThreadPoolExecutor(len(group)) as threads:
            begun = [(name, threads.submit(passed, name, command, alone=len(group) == 1)) for name, command in group]
        failed += [name for name, check in begun if not check.result()]
    print(f"== failed: {', '.join(failed)}" if failed else "== all checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
