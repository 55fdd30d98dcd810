"""Wheel and sdist in an empty environment: what a user installs has all it needs, and its first commands run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.kernels import environment

pytestmark = pytest.mark.outside

ROOT = Path(__file__).resolve().parent.parent
MACHINE = dict(os.environ)
"""The environment as it was before any test: the proxy and the cache of downloads are the machine's."""
TIMEOUT_S = 240


@pytest.fixture(name="files", scope="module")
def fixture_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and with the wheel that is built from it, as it is by pip."""
    folder = tmp_path_factory.mktemp("files")
    _uv("build", "-q", "--out-dir", folder, ROOT)
    return folder


@pytest.fixture(name="python", scope="module")
def fixture_python(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the package and its dependencies, and without anything else."""
    folder = tmp_path_factory.mktemp("venv")
    program = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    _uv("venv", "-q", "--python", sys.executable, folder)
    _uv("pip", "install", "-q", "--python", program, *files.glob("*.whl"))
    return program


def test_the_checkout_makes_the_same_wheel(files: Path, tmp_path: Path) -> None:
    """The sdist lacks nothing: the wheel that is built from it has the files of one that is built from the checkout."""
    _uv("build", "-q", "--wheel", "--out-dir", tmp_path, ROOT)

    assert len(list(files.glob("*.tar.gz"))) == 1
    assert _contents(tmp_path) == _contents(files)


def test_the_first_command(python: Path, tmp_path: Path) -> None:
    """``python -m hedy_jupyter`` without a terminal prints the tour, and warns of nothing."""
    done = _run(tmp_path, python, "-m", "hedy_jupyter")

    assert (done.returncode, done.stderr) == (0, "")
    assert ">>> %hedy sessions" in done.stdout
    assert "demo account" in done.stdout


def test_the_extension(python: Path, tmp_path: Path) -> None:
    """``%load_ext hedy_jupyter`` and ``%hedy`` work in a new IPython."""
    cell = "%load_ext hedy_jupyter\n%hedy demo\n%hedy session last"
    done = _run(tmp_path, python, "-m", "IPython", "--no-banner", "--colors=nocolor", "-c", cell)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Transcript\n  729 words" in done.stdout


def test_the_wheel_holds_the_notebooks_and_the_types(python: Path, tmp_path: Path) -> None:
    """The package comes with its notebooks and the marker for type checkers, and without the tests."""
    look = "import hedy_jupyter, pathlib; print(pathlib.Path(hedy_jupyter.__file__).parent)"
    package = Path(_run(tmp_path, python, "-c", look).stdout.strip())

    assert package.is_relative_to(python.parent.parent)
    assert sorted(path.name for path in (package / "notebooks").glob("*.ipynb")) == sorted(
        path.name for path in (ROOT / "notebooks").glob("*.ipynb")
    )
    assert (package / "py.typed").exists()
    assert not (package.parent / "tests").exists()


def test_the_notebooks_are_copied(python: Path, tmp_path: Path) -> None:
    """The installed package has the notebooks that ``--lab`` copies, and says what is missing without Lab."""
    look = (
        "from pathlib import Path; from hedy_jupyter.lab_notebooks import copy_notebooks;"
        " print(copy_notebooks(Path('hedy-notebooks')))"
    )
    done = _run(tmp_path, python, "-c", look)
    lab = _run(tmp_path, python, "-m", "hedy_jupyter", "--lab")

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")
    assert sorted(path.name for path in (tmp_path / "hedy-notebooks").iterdir()) == sorted(
        path.name for path in (ROOT / "notebooks").glob("*.ipynb")
    )
    assert lab.returncode == 1
    assert f"{python} -m pip install jupyterlab matplotlib pyarrow" in lab.stderr


def _contents(folder: Path) -> dict[str, int]:
    """Return the files in the wheel of *folder*, each with the checksum of its bytes."""
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return {member.filename: member.CRC for member in archive.infolist()}


def _uv(*arguments: str | Path) -> None:
    line = [sys.executable, "-m", "uv", *arguments]
    done = subprocess.run(line, env=MACHINE, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr


def _run(home: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=environment(home),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
