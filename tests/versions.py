"""``python -m tests.versions``: the in-process tests on the other Pythons here, and once with the oldest pandas.

Each run has an environment of its own, which is gone afterwards, with the newest packages that its Python can have. The
Python that runs this has passed with them before, and is not run again. A Python that is not on the machine is
reported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.__main__ import ROOT, parallel

Minor = tuple[int, int]

MINORS: tuple[Minor, ...] = ((3, 11), (3, 12), (3, 13), (3, 14))
OLD_PANDAS = "pandas==2.2.3"
_OLD_PANDAS_NEWEST: Minor = (3, 13)  # there are wheels up to this one
_IN_PROCESS = ("-m", "not outside")
_ASK = """
import json, sys, sysconfig, venv
usable = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
print(json.dumps([*sys.version_info[:3], sys.executable] if usable else []))
"""
_ASK_S = 20


class Python(NamedTuple):
    """An interpreter.

    Attributes:
        version: major, minor and patch.
        path: its program.
    """

    version: tuple[int, int, int]
    path: str

    @property
    def minor(self) -> Minor:
        """Major and minor."""
        return self.version[:2]

    def __str__(self) -> str:
        return f"Python {'.'.join(map(str, self.version))}"


class Run(NamedTuple):
    """A run of the in-process tests: on *python*, with *pin* beside the newest packages."""

    python: Python
    pin: str = ""

    def __str__(self) -> str:
        return f"{self.python} with {self.pin or 'the newest packages'}"


# What the machine has --------------------------------------------------------


def programs(environ: Mapping[str, str]) -> Iterator[Path]:
    """Where a Python may be: ``python3.N`` in each folder of the PATH, then the versions of pyenv."""
    for folder in filter(None, environ.get("PATH", "").split(os.pathsep)):
        yield from (Path(folder, f"python{major}.{minor}") for major, minor in MINORS)
    for root in filter(None, (environ.get("PYENV_ROOT"), _said("pyenv", "root"), str(Path.home() / ".pyenv"))):
        yield from sorted(Path(root).glob("versions/*/bin/python"))


def _said(program: str, *arguments: str) -> str:
    """What a program prints; empty where it is not there or fails."""
    found = shutil.which(program)
    try:
        line = [found or program, *arguments]
        return (
            subprocess.run(line, capture_output=True, text=True, timeout=_ASK_S, check=True).stdout.strip()
            if found
            else ""
        )
    except (OSError, subprocess.SubprocessError):
        return ""


def asked(path: Path) -> Python | None:
    """The CPython behind *path*, by its own word.

    None where none runs, such as behind a shim of pyenv without a version.
    """
    try:
        major, minor, patch, program = json.loads(_said(str(path), "-c", _ASK))
    except (TypeError, ValueError):
        return None
    return Python((major, minor, patch), program)


def found(environ: Mapping[str, str]) -> dict[Minor, Python]:
    """A Python for each minor version: the newest patch, of equal ones the first."""
    best: dict[Minor, Python] = {}
    for python in filter(None, map(asked, dict.fromkeys(programs(environ)))):
        if python.minor in MINORS and (python.minor not in best or python.version > best[python.minor].version):
            best[python.minor] = python
    return best


def planned(pythons: Mapping[Minor, Python], current: Python) -> tuple[list[Run], list[str]]:
    """The runs: each Python but *current*, then the oldest of all with the oldest pandas.

    And what cannot be run, as lines.
    """
    here = {**pythons, current.minor: current}
    runs = [Run(python) for minor, python in sorted(here.items()) if minor != current.minor]
    lacking = [f"Python {major}.{minor}: not on this machine" for major, minor in MINORS if (major, minor) not in here]
    oldest = here[min(here)]
    if oldest.minor <= _OLD_PANDAS_NEWEST:
        runs.append(Run(oldest, OLD_PANDAS))
    else:
        lacking.append(f"{OLD_PANDAS}: it needs Python 3.{_OLD_PANDAS_NEWEST[1]} or older")
    return runs, lacking


# Running ---------------------------------------------------------------------


def run(job: Run) -> bool:
    """Return whether the in-process tests pass in a fresh environment."""
    with tempfile.TemporaryDirectory(prefix="hedy-tests-") as folder:
        program = str(Path(folder, "Scripts" if os.name == "nt" else "bin", "python"))
        return installed(job, folder, program) and _done([program, "-m", "pytest", *parallel(), *_IN_PROCESS])


def installed(job: Run, folder: str, program: str) -> bool:
    """Make the environment in *folder*, with its *program*; return whether everything could be installed.

    uv does it in seconds. Where it cannot, such as behind an index that only pip is set up for, pip does: the pip of
    this environment, because Debian's Pythons may lack ensurepip.
    """
    wanted = ["-q", "-e", ".", "--group", "dev", *filter(None, [job.pin])]
    uv, pip = ([sys.executable, "-m", "uv", "pip", "install", "--python", program], [sys.executable, "-m", "pip"])
    return _done([job.python.path, "-m", "venv", "--without-pip", folder]) and (
        _done([*uv, *wanted]) or _done([*pip, "--python", program, "install", *wanted])
    )


def _done(line: list[str]) -> bool:
    return subprocess.run(line, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """Run all, each to its end, and sum up; return 1 if any failed."""
    # The interpreter behind this environment:
    current = Python(sys.version_info[:3], sys._base_executable)  # type: ignore[attr-defined]
    runs, lacking = planned(found(os.environ), current)
    told, failed = [], False
    for job in runs:
        print(f"== {job}", flush=True)
        began = time.monotonic()
        passed = run(job)
        failed |= not passed
        told.append(f"== {job}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.0f} s")
    print(*told, *(f"== {line}, not tested" for line in lacking), sep="\n", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
