"""``python -m tests``: lint, format, types, docs, tests and the benchmarks' smoke run, here and in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_WORKERS_MOST = 4  # each may have a kernel or a browser beside it


def parallel(cores: int | None = None) -> tuple[str, ...]:
    """Return the options with which pytest runs the files of tests in parallel; none on a single core.

    Args:
        cores: how many there are; by default those that this process may use.
    """
    if cores is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(cores, _WORKERS_MOST)
    return ("-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder") if workers > 1 else ()


CHECKS = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("types of a user's code", ["pyright", "--pythonpath", sys.executable]),
    ("docs", ["sphinx", "-W", "--keep-going", "-q", "docs", "docs/_build/html"]),
    ("tests", ["pytest", *parallel()]),
)


def main() -> int:
    """Run every check to its end; return 1 if any failed."""
    failed = []
    for name, command in CHECKS:
        print(f"== {name}: {' '.join(command)}", flush=True)
        if subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode:
            failed.append(name)
    print(f"== failed: {', '.join(failed)}" if failed else "== all checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
