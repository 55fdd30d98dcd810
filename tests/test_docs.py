"""The README and the notebooks lead to what there is, and what they show runs."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.test_docs_site import fixture_site

__all__ = ["fixture_site"]

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_readme_opens_with_two_commands() -> None:
    """The README opens with two fenced commands, a line each, that end in the tour and in the checks."""
    (first_kind, first), (second_kind, second) = FENCES[:2]

    assert (first_kind, second_kind) == ("sh", "sh")
    assert first.count("\n") == second.count("\n") == 1
    assert first.strip().endswith("-m hedy_jupyter")
    assert second.strip().endswith("-m tests")


def test_readme_is_a_front_page() -> None:
    """The README fits a few screens, and its pictures exist, for light and for dark pages, with a text for each."""
    pictures = re.findall(r"<picture>(.*?)</picture>", README, re.DOTALL)

    assert README.count("\n") <= 120
    assert len(pictures) == 2
    for picture in pictures:
        dark, light = re.findall(r'src(?:set)?="([^"]+)"', picture)
        assert dark == light.replace(".png", "-dark.png")
        assert (ROOT / dark).is_file()
        assert (ROOT / light).is_file()
        assert re.search(r'alt="[^"]+ [^"]+"', picture)


def test_readme_links_to_the_pages() -> None:
    """The README leads to each guide and reference page, so that nothing has to be found by chance."""
    pages = [*(ROOT / "docs" / "guides").glob("*.md"), *(ROOT / "docs" / "reference").glob("*.md")]
    names = [page.relative_to(ROOT).as_posix() for page in pages if page.stem != "index"]

    assert len(names) >= 15
    assert [name for name in names if f"]({name})" not in README] == []


@pytest.mark.parametrize("code", [code for kind, code in FENCES if kind == "python" and "%" not in code])
def test_readme_code_runs(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The Python of the README runs on the demo account."""
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  our own words

    assert capsys.readouterr().out


def test_there_are_notebooks() -> None:
    """The quickstart is there."""
    assert "quickstart.ipynb" in [path.name for path in NOTEBOOKS]


def test_start_names_the_notebooks() -> None:
    """The first page names each notebook that ``--lab`` copies."""
    start = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    copied = start.partition("It copies the notebooks")[2].partition("into a folder")[0]

    assert sorted(re.findall(r"`(\w+)`", copied)) == [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    """The outputs of a notebook are those of its reader."""
    assert [cell for cell in code_cells(nbformat.read(path, as_version=4)) if cell.get("outputs")] == []


@pytest.mark.outside
def test_the_quickstart_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quickstart runs in a kernel, from top to bottom; the docs run all notebooks, in one process."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(ROOT / "notebooks" / "quickstart.ipynb", as_version=4)

    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()

    assert_shown(notebook)


@pytest.mark.outside
def test_notebooks_run(site: Path) -> None:
    """Each notebook has run on the demo account for its page in the docs, which a failing cell would stop."""
    run = sorted((site.parent.parent / "notebooks").glob("*.ipynb"))

    assert [path.name for path in run] == [path.name for path in NOTEBOOKS]
    for path in run:
        assert_shown(nbformat.read(path, as_version=4))


def assert_shown(notebook: nbformat.NotebookNode) -> None:
    """The notebook is small, and each of its cells shows something, unless it ends in a semicolon."""
    assert len(nbformat.writes(notebook)) < 500_000
    cells = code_cells(notebook)
    assert [cell.source for cell in cells if not cell.outputs and not cell.source.rstrip().endswith(";")] == []


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells with code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_lab_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``--lab`` without JupyterLab says in one line what to install."""
    from hedy_jupyter import __main__ as main_module
    from hedy_jupyter import lab_notebooks

    monkeypatch.setattr(lab_notebooks, "find_spec", lambda _: None)
    monkeypatch.setattr(os, "environ", dict(os.environ))

    assert main_module.main(["--lab"]) == 1
    assert "pip install jupyterlab" in capsys.readouterr().err


def test_lab_opens_the_quickstart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """``--lab`` opens a copy of the quickstart in its folder, and a copy that is there already is kept."""
    from hedy_jupyter import __main__ as main_module
    from hedy_jupyter import lab_notebooks

    started: list[list[str]] = []
    monkeypatch.setattr(lab_notebooks, "find_spec", lambda _: object())
    monkeypatch.setattr(lab_notebooks.subprocess, "call", lambda line: started.append(line) or 0)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.chdir(tmp_path)

    assert main_module.main(["--lab", "--allow-root"]) == 0
    copy = tmp_path / "hedy-notebooks" / "quickstart.ipynb"
    assert started == [[sys.executable, "-m", "jupyterlab", str(copy), "--allow-root"]]
    assert copy.read_bytes() == (ROOT / "notebooks" / "quickstart.ipynb").read_bytes()
    copy.write_text("mine", encoding="utf-8")
    main_module.main(["--lab"])
    assert copy.read_text(encoding="utf-8") == "mine"


def test_binder() -> None:
    """Binder gets a Python that the package takes, installs this checkout, and starts on the demo account."""
    folder = ROOT / "binder"

    assert re.fullmatch(r"python-3\.1[1-3]\n", (folder / "runtime.txt").read_text(encoding="utf-8"))
    assert "-e .[parquet,plots,receiver]" in (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert 'HEDY_DEMO=1\nexec "$@"' in (folder / "start").read_text(encoding="utf-8")
    assert os.access(folder / "start", os.X_OK)
