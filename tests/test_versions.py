"""Which Pythons the matrix finds and runs, which tests are in process, and how many run side by side."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from tests import outside, versions
from tests.__main__ import parallel
from tests.covering import differing
from tests.versions import LOWEST, PLACES, Python, Run

HERE = Python(sys.version_info[:3], sys.executable)


def program(path: Path, said: str, status: int = 0) -> Path:
    """A program that prints *said* whatever it is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{said}'\nexit {status}\n")
    path.chmod(0o755)
    return path


def python(path: Path, *version: int) -> Python:
    """A program that says that it is that Python."""
    found = Python((version[0], version[1], version[2]), str(path))
    program(path, f'[{", ".join(map(str, version))}, "{path}"]')
    return found


# What the machine has --------------------------------------------------------


def test_a_real_python_says_what_it_is() -> None:
    """The Python of this test is a CPython with a version and a path."""
    assert versions.asked(Path(sys.executable)) == HERE


@pytest.mark.outside
@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("", 0),
        ("[]", 0),
        ("pyenv: python3.12: command not found", 127),
        ("[3, 12, 1]", 0),
        ('[3, 12, 1, "x"]', 1),
        ("null", 0),
        ("3", 0),
    ],
)
def test_what_is_no_python(tmp_path: Path, said: str, status: int) -> None:
    """A shim that fails, another implementation, and a program that says something else are none."""
    assert versions.asked(program(tmp_path / "python3.12", said, status)) is None


def test_no_program_at_all(tmp_path: Path) -> None:
    """Where nothing is, or a folder, or a file that cannot be run, there is no Python."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert [versions.asked(tmp_path / name) for name in ("nothing", "folder", "file")] == [None, None, None]


@pytest.mark.outside
def test_path_and_pyenv_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every folder of the PATH and every version of pyenv.

    One a minor version, the newest patch, the first of equal ones.
    """
    folders = [tmp_path / name for name in ("shims", "bin", "more")]
    program(folders[0] / "python3.12", "no such version", 127)
    old = python(folders[1] / "python3.11", 3, 11, 2)
    twelve = python(folders[1] / "python3.12", 3, 12, 1)
    python(folders[2] / "python3.12", 3, 12, 1)
    python(folders[2] / "python3.10", 3, 10, 9)
    python(folders[2] / "python3", 3, 14, 0)
    program(folders[2] / "pyenv", str(tmp_path / "told"))
    new = python(tmp_path / "told/versions/3.11.7/bin/python", 3, 11, 7)
    thirteen = python(tmp_path / "root/versions/3.13.0/bin/python", 3, 13, 0)
    python(tmp_path / "told/versions/3.9.1/bin/python", 3, 9, 1)
    python(tmp_path / "told/versions/3.99.0/bin/python", 3, 99, 0)
    path = os.pathsep.join(map(str, [*folders, tmp_path / "nowhere", ""]))
    monkeypatch.setenv("PATH", f"{path}{os.pathsep}{os.defpath}")

    found = versions.found({"PATH": path, "PYENV_ROOT": str(tmp_path / "root")})

    assert found == {(3, 11): new, (3, 12): twelve, (3, 13): thirteen}
    assert old.version < new.version


def test_an_empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PATH and pyenv nothing is found, and that is no error."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert versions.found({}) == {}


# What is run -----------------------------------------------------------------


def a(minor: int, patch: int = 0) -> Python:
    """A Python 3."""
    return Python((3, minor, patch), f"/python3.{minor}")


@pytest.mark.parametrize(
    ("others", "current", "runs", "lacking"),
    [
        ([11, 12, 13], 11, ["12 few", "13 few", "11 low"], ["3.14"]),
        ([12, 13], 11, ["12 few", "13 few", "11 low"], ["3.14"]),
        ([], 11, ["11 low"], ["3.12", "3.13", "3.14"]),
        ([11], 12, ["11 few", "11 low"], ["3.13", "3.14"]),
        ([14, 11, 13], 12, ["11 few", "13 few", "14 few", "11 low"], []),
        ([14], 12, ["14 few", "12 low"], ["3.11", "3.13"]),
        ([14], 13, ["14 few"], ["3.11", "3.12", LOWEST]),
        ([], 14, [], ["3.11", "3.12", "3.13", LOWEST]),
        ([11], 15, ["11 few", "11 low"], ["3.12", "3.13", "3.14"]),
    ],
)
def test_planned(others: list[int], current: int, runs: list[str], lacking: list[str]) -> None:
    """Every Python but the current one, then the oldest with the lowest versions.

    What cannot be run is a line each.
    """
    planned, told = versions.planned({(3, minor): a(minor) for minor in others}, a(current, 9))

    assert [f"{run.python.minor[1]} {'low' if run.pins else amount(run)}" for run in planned] == runs
    assert [name in line for name, line in zip(lacking, told, strict=True)] == [True] * len(lacking)
    assert all(run.python.version[2] == 9 for run in planned if run.python.minor[1] == current)
    assert [amount(run) for run in planned if run.pins] == ["few"] * (LOWEST not in lacking)


def amount(run: Run) -> str:
    """How many tests it is."""
    return {(): "every", ("--cases", "1", *differing()): "few"}[run.tests]


def test_a_full_run() -> None:
    """With ``--full`` every environment runs every in-process test."""
    planned, _ = versions.planned({(3, 12): a(12), (3, 13): a(13)}, a(11), full=True, places=["colab"])

    assert [amount(run) for run in planned] == ["every"] * 4
    assert "Python 3.12.0 with the versions of colab, every test" in map(str, planned)


def test_places() -> None:
    """Colab and Binder are run with their Python; where it is not there, a line says so."""
    planned, told = versions.planned({(3, 12): a(12)}, a(11), places=["colab", "binder"])

    assert [(run.python.minor, run.pins) for run in planned][2:] == [((3, 12), "colab")]
    assert "binder: it has Python 3.13" in told


@pytest.mark.parametrize("place", PLACES)
def test_pins_of_a_place(place: str) -> None:
    """The file of a place pins versions that the package takes, each once."""
    pins = versions.pinned(Run(a(PLACES[place][1]), place))
    pinned = {name: version for name, _, version in (line.partition("==") for line in pins)}

    assert len(pinned) == len(pins) >= 3
    wanted = {one.name: one.specifier for one in versions.required()}
    assert [name for name in pinned if name in wanted and pinned[name] not in wanted[name]] == []


def test_lowest_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the package itself requires is pinned as it was resolved; what that requires is not."""
    asked: list[tuple[object, ...]] = []
    said = ["httpx==0.27.0", "httpcore==1.0.9", "markdown-it-py==3.0.0", "pyarrow==15.0.0"]
    monkeypatch.setattr(versions, "resolved", lambda *words: asked.append(words) or said)

    pins = versions.pinned(Run(a(11), LOWEST))

    assert pins == ["httpx==0.27.0", "markdown-it-py==3.0.0", "pyarrow==15.0.0"]
    assert asked == [((3, 11), "--resolution", "lowest-direct")]
    assert {"pandas", "matplotlib", "jupyterlab"} <= {one.name for one in versions.required()}


def test_main(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every run is made although one fails; the last lines tell each, and what is missing."""
    monkeypatch.setattr(versions, "found", lambda _: {})
    monkeypatch.setattr(
        versions,
        "planned",
        lambda *_, **__: ([Run(a(minor)) for minor in (11, 12, 13)], ["Python 3.14: not on this machine"]),
    )
    made, left = [], []

    def tested(job: Run, folder: str, _: int) -> bool:
        made.append(job)
        left.append(folder)
        return job.python.minor != (3, 12)

    monkeypatch.setattr(versions, "installed", lambda _, folder: not Path(folder).mkdir())
    monkeypatch.setattr(versions, "tested", tested)
    monkeypatch.setattr(versions, "MINORS", (HERE.minor, (3, 15)))
    monkeypatch.setattr(versions, "resolved", lambda *_: ["pandas==3.1"])

    assert versions.main([]) == 1

    assert sorted(job.python.minor for job in made) == [(3, 11), (3, 12), (3, 13)]
    *_, first, second, third, missing, wheels = capsys.readouterr().out.splitlines()
    last = [first, second, third, missing]
    assert wheels == "== Python 3.15: all packages have wheels for it"
    assert ["passed" in last[0], "FAILED" in last[1], "passed" in last[2]] == [True] * 3
    assert last[3] == "== Python 3.14: not on this machine, not tested"
    assert len(set(left)) == 3
    assert [folder for folder in left if Path(folder).exists()] == []
    monkeypatch.setattr(versions, "tested", lambda *_: True)
    assert versions.main([]) == 0


@pytest.mark.parametrize(
    ("failing", "steps", "passes"),
    [
        (set(), ["venv", "uv", "pytest"], True),
        ({"venv"}, ["venv"], False),
        ({"uv"}, ["venv", "uv", "pip", "pytest"], True),
        ({"uv", "pip"}, ["venv", "uv", "pip"], False),
        ({"pytest"}, ["venv", "uv", "pytest"], False),
    ],
)
def test_a_run(monkeypatch: pytest.MonkeyPatch, failing: set[str], steps: list[str], passes: bool) -> None:
    """An environment is made, filled by uv or else by pip, and used; its folder is gone afterwards."""
    lines: list[list[str]] = []

    class Done:
        def __init__(self, line: list[str], **_: object) -> None:
            lines.append(line)
            self.returncode = int(line[2] in failing)

    monkeypatch.setattr(versions.subprocess, "run", Done)
    monkeypatch.setattr(versions, "resolved", lambda *_: ["pandas==2.2.0", "numpy==1.26.4"])

    job = Run(a(12), LOWEST, ("--cases", "1"))
    assert [(found, passed) for found, passed, _ in versions.run_all([job])] == [(job, passes)]

    assert [line[2] for line in lines] == steps
    assert lines[0][:3] == ["/python3.12", "-m", "venv"]
    folder = lines[0][-1]
    assert not Path(folder).exists()
    for line in lines[1:]:
        if line[2] == "pytest":
            assert line[0].startswith(folder)
            assert line[-4:] == ["-m", "not outside", "--cases", "1"]
        else:
            assert line[line.index("-c") + 1].startswith(folder)
            assert line[line.index("--python") + 1].startswith(folder)


@pytest.mark.parametrize(("processors", "passed"), [(1, 0), (2, 0), (4, 1), (16, 4)])
def test_runs_share_the_processors(monkeypatch: pytest.MonkeyPatch, processors: int, passed: int) -> None:
    """Runs go side by side, on their share of the processors, and are told in their order."""
    jobs = [Run(a(minor)) for minor in (11, 12, 13, 14)]
    shares: list[int] = []
    monkeypatch.setattr(versions, "cores", lambda: processors)
    monkeypatch.setattr(versions, "installed", lambda *_: True)
    monkeypatch.setattr(versions, "tested", lambda *given: shares.append(given[-1]) or True)

    assert [job for job, _, _ in versions.run_all(jobs)] == jobs
    assert shares == [passed] * len(jobs)
    assert list(versions.run_all([])) == []


@pytest.mark.parametrize(("cores", "workers"), [(1, None), (2, "2"), (4, "4"), (64, "8")])
def test_parallel(cores: int, workers: str | None) -> None:
    """A worker for each core, but not too many; a single core needs none."""
    options = parallel(cores)

    assert (options[1] if options else None) == workers
    assert parallel() in {parallel(count) for count in range(1, 9)}


# Which tests are in process --------------------------------------------------


@pytest.mark.parametrize(
    ("event", "arguments", "is_left"),
    [
        ("socket.bind", (None, ("127.0.0.1", 0)), True),
        ("socket.connect", (None, ("::1", 80, 0, 0)), True),
        ("socket.connect", (None, "/run/a.sock"), False),
        ("socket.bind", (None, (0, 0)), False),
        ("os.forkpty", (), True),
        ("os.kill", (os.getpid() + 1, 9), True),
        ("os.kill", (os.getpid(), 2), False),
        ("os.killpg", (1, 9), True),
        ("subprocess.Popen", (sys.executable, [sys.executable, "-c", "1"], None, None), False),
        (
            "subprocess.Popen",
            (sys.executable, [sys.executable, "-m", "ipykernel_launcher", "-f", "x"], None, None),
            True,
        ),
        ("subprocess.Popen", (sys.executable, [sys.executable, "-m", "jupyterlab"], None, None), True),
        ("subprocess.Popen", (b"/usr/bin/chromium", ["chromium"], None, None), True),
        ("subprocess.Popen", ("/bin/sh", "ls", None, None), True),
        ("open", ("/etc/passwd", "r", 0), False),
    ],
)
def test_what_leaves_the_process(event: str, arguments: tuple[object, ...], is_left: bool) -> None:
    """Servers, terminals, kernels, browsers and kills leave it; a Python that only computes does not."""
    assert (outside.left(event, arguments) is not None) == is_left


@pytest.mark.outside
def test_a_test_that_leaves_is_noticed() -> None:
    """A socket is noticed while the test runs, and is a fault where the marker is missing."""
    assert outside.fault(is_marked=False) is None

    with socket.create_server(("127.0.0.1", 0)):
        pass

    assert "socket.bind 127.0.0.1" in (outside.fault(is_marked=False) or "")
    assert outside.fault(is_marked=True) is None
