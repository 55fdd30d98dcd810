"""``python -m tests.versions``: in-process tests on the other Pythons here, and with the lowest versions allowed.

The runs go side by side; each has an environment of its own, which is gone afterwards. The Python that runs this has
passed every test with the newest packages before, and is not run again. The others run one case of each covering test
of what may differ there, with the newest packages, and so does the oldest Python with the lowest versions that
pyproject.toml allows. ``--full`` runs every in-process test in all of them. ``--colab``
and ``--binder`` add a run with the versions that these have. A Python that is not on the machine is reported, and
whether all packages have wheels for it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.__main__ import ROOT, cores, environment, parallel, without_progress
from tests.covering import differing

Minor = tuple[int, int]

MINORS: tuple[Minor, ...] = ((3, 11), (3, 12), (3, 13), (3, 14))
LOWEST = "the lowest versions allowed"
_LOWEST_NEWEST: Minor = (3, 12)  # there are wheels of all lowest versions up to this one
_IN_PROCESS = ("-m", "not outside")
_ONE_CASE = ("--cases", "1")
PLACES: dict[str, Minor] = {"colab": (3, 12), "binder": (3, 13)}
"""The places whose versions a file in ``tests/pins`` has → the Python there."""
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
    """A run of in-process tests.

    Attributes:
        python: where.
        pins: the versions in place of the newest: ``LOWEST``, a key of ``PLACES``, or none.
        tests: what pytest runs, beside ``_IN_PROCESS``; nothing means every test.
    """

    python: Python
    pins: str = ""
    tests: tuple[str, ...] = ()

    def __str__(self) -> str:
        packages = f"the versions of {self.pins}" if self.pins in PLACES else self.pins or "the newest packages"
        return f"{self.python} with {packages}, {'one case of each differing' if self.tests else 'every'} test"


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


def planned(
    pythons: Mapping[Minor, Python], current: Python, *, full: bool = False, places: Sequence[str] = ()
) -> tuple[list[Run], list[str]]:
    """The runs: each Python but *current*, the oldest of all with the lowest versions, then *places*.

    And what cannot be run, as lines.
    """
    here = {**pythons, current.minor: current}
    few = () if full else (*_ONE_CASE, *differing())
    runs = [Run(python, tests=few) for minor, python in sorted(here.items()) if minor != current.minor]
    lacking = [f"Python {major}.{minor}: not on this machine" for major, minor in MINORS if (major, minor) not in here]
    oldest = here[min(here)]
    if oldest.minor <= _LOWEST_NEWEST:
        runs.append(Run(oldest, LOWEST, few))
    else:
        lacking.append(f"{LOWEST}: they need Python 3.{_LOWEST_NEWEST[1]} or older")
    runs += [Run(here[PLACES[place]], place, few) for place in places if PLACES[place] in here]
    lacking += [f"{place}: it has Python 3.{PLACES[place][1]}" for place in places if PLACES[place] not in here]
    return runs, lacking


# Versions --------------------------------------------------------------------


def required() -> list[Requirement]:
    """What pyproject.toml requires, with every extra but the one that names the others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for name in extras if name != "all" for line in extras[name])]
    return [one for one in map(Requirement, lines) if canonicalize_name(one.name) != project["name"]]


def resolved(minor: Minor, *options: str) -> list[str]:
    """The versions that uv chooses for what is required on Python *minor*; empty if there are none."""
    line = [sys.executable, "-m", "uv", "pip", "compile", "-q", "--no-annotate", "--no-header", "-"]
    wanted = "\n".join(map(str, required()))
    version = ("--python-version", f"{minor[0]}.{minor[1]}")
    done = subprocess.run(
        [*line, *version, *options], cwd=ROOT, input=wanted, stdout=subprocess.PIPE, text=True, check=False
    )
    return done.stdout.split() if done.returncode == 0 else []


def pinned(job: Run) -> list[str]:
    """The versions that *job* needs, such as ``pandas==2.2.0``: those of what the package itself requires."""
    if job.pins in PLACES:
        lines = (ROOT / "tests" / "pins" / f"{job.pins}.txt").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not line.startswith("#")]
    if job.pins != LOWEST:
        return []
    names = {canonicalize_name(one.name) for one in required()}
    found = resolved(job.python.minor, "--resolution", "lowest-direct")
    return [line for line in found if line.partition("==")[0] in names]


# Running ---------------------------------------------------------------------


def run_all(jobs: Sequence[Run]) -> Iterator[tuple[Run, bool, float]]:
    """Return each of *jobs*, whether it passed, and its seconds; one more than there are processors run side by side.

    A run in a single process saves the second reading of all tests, and what waits for an installation or a download
    leaves its processor to another one.
    """
    at_once = min(cores() + 1, len(jobs)) or 1

    def run(job: Run, folder: str) -> tuple[Run, bool, float]:
        began = time.monotonic()
        passed = installed(job, folder) and tested(job, folder, cores() // at_once)
        shutil.rmtree(folder, ignore_errors=True)
        return job, passed, time.monotonic() - began

    with tempfile.TemporaryDirectory(prefix="hedy-tests-") as folder, ThreadPoolExecutor(at_once) as threads:
        yield from threads.map(run, jobs, (str(Path(folder, str(number))) for number in range(len(jobs))))


def program_in(folder: str) -> str:
    """Return the Python of the environment in *folder*."""
    return str(Path(folder, "Scripts" if os.name == "nt" else "bin", "python"))


def tested(job: Run, folder: str, usable: int) -> bool:
    """Return whether the tests of *job* pass in the environment in *folder* on so many *usable* processors."""
    line = [program_in(folder), "-m", "pytest", "-p", "no:cacheprovider", *parallel(usable), *_IN_PROCESS, *job.tests]
    with tempfile.TemporaryFile() as printed:
        passed = _done(line, printed)
        printed.seek(0)
        text = without_progress(printed.read().decode("utf-8", "replace"))
    print(f"== {job}\n{text}", end="", flush=True)
    return passed


def installed(job: Run, folder: str) -> bool:
    """Make the environment in *folder*; return whether everything could be installed.

    uv does it in seconds. Where it cannot, such as behind an index that only pip is set up for, pip does: the pip of
    this environment, because Debian's Pythons may lack ensurepip.
    """
    pins = pinned(job)
    if job.pins and not pins:
        return False
    if not _done([job.python.path, "-m", "venv", "--without-pip", folder]):
        return False
    program, constraints = program_in(folder), Path(f"{folder}-pins.txt")
    constraints.write_text("\n".join(pins), encoding="utf-8")
    wanted = ["-q", "-e", ".", "--group", "dev", *(["-c", str(constraints)] if pins else [])]
    uv, pip = ([sys.executable, "-m", "uv", "pip", "install", "--python", program], [sys.executable, "-m", "pip"])
    return _done([*uv, *wanted]) or _done([*pip, "--python", program, "install", *wanted])


def _done(line: list[str], printed: IO[bytes] | None = None) -> bool:
    done = subprocess.run(line, cwd=ROOT, env=environment(), check=False, stdout=printed, stderr=printed)
    return done.returncode == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all, each to its end, and sum up; return 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.versions", description="Test other Pythons and versions.")
    parser.add_argument("--full", action="store_true", help="run every in-process test in each environment")
    for place in PLACES:
        words = f"also run with the versions of {place.title()}"
        parser.add_argument(f"--{place}", action="append_const", dest="places", const=place, default=[], help=words)
    given = parser.parse_args(arguments)
    # The interpreter behind this environment:
    current = Python(sys.version_info[:3], sys._base_executable)  # type: ignore[attr-defined]
    pythons = found(os.environ)
    runs, lacking = planned(pythons, current, full=given.full, places=given.places)
    told, failed = [], False
    for job, passed, seconds in run_all(runs):
        failed |= not passed
        told.append(f"== {job}: {'passed' if passed else 'FAILED'} in {seconds:.0f} s")
    told += [f"== {line}, not tested" for line in lacking]
    for minor in MINORS:
        if minor not in {**pythons, current.minor: current}:
            amount = "all" if resolved(minor, "--only-binary", ":all:") else "NOT all"
            told.append(f"== Python {minor[0]}.{minor[1]}: {amount} packages have wheels for it")
    print(*told, sep="\n", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
