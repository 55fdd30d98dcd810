"""The notebooks that ``--lab`` copies, and the packages that they need."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

import hedy_jupyter as hj
from hedy_jupyter import lab_notebooks
from hedy_jupyter.__main__ import main

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_copies(tmp_path: Path) -> None:
    """All come into a folder that is made; doing it again changes nothing and tells nothing."""
    folder = tmp_path / "hedy-notebooks"

    assert [lab_notebooks.copy_notebooks(folder) for _ in range(2)] == [[], []]
    assert len(NOTEBOOKS) >= 9
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in NOTEBOOKS
    }


def test_a_notebook_that_was_run_is_kept_silently(tmp_path: Path) -> None:
    """Outputs alone are not an edit; they stay."""
    lab_notebooks.copy_notebooks(tmp_path)
    target = tmp_path / "quickstart.ipynb"
    notebook = json.loads(target.read_text(encoding="utf-8"))
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["mine"]}]
    notebook["cells"][1]["execution_count"] = 7
    target.write_text(json.dumps(notebook), encoding="utf-8")
    before = target.read_bytes()

    assert lab_notebooks.copy_notebooks(tmp_path) == []
    assert target.read_bytes() == before


@pytest.mark.parametrize("text", ["mine", "", "[]", '{"cells": 1}', '{"cells": [{"cell_type": "raw", "source": ""}]}'])
def test_an_edited_notebook_is_kept_and_named(tmp_path: Path, text: str) -> None:
    """What a user changed, or another version left, is never written over, and is named."""
    target = tmp_path / "todos.ipynb"
    target.write_text(text, encoding="utf-8")

    assert lab_notebooks.copy_notebooks(tmp_path) == ["todos.ipynb"]
    assert target.read_text(encoding="utf-8") == text
    assert len(list(tmp_path.iterdir())) == len(NOTEBOOKS)


def test_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    """A dangling link counts as a file of the user."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "quickstart.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")

    assert lab_notebooks.copy_notebooks(folder) == ["quickstart.ipynb"]
    assert not (tmp_path / "elsewhere.ipynb").exists()


def test_a_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file called as the folder is an error of one line, and Lab does not start."""
    monkeypatch.setattr(lab_notebooks, "find_spec", lambda _: object())
    monkeypatch.setattr(lab_notebooks.subprocess, "call", lambda _: pytest.fail("started"))
    (tmp_path / lab_notebooks.FOLDER).write_text("mine", encoding="utf-8")

    assert lab_notebooks.start(tmp_path, []) == 1
    assert "Run this in another folder." in capsys.readouterr().err
    with pytest.raises(hj.UsageError, match="cannot be written"):
        lab_notebooks.copy_notebooks(tmp_path / lab_notebooks.FOLDER)


def test_what_is_kept_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before Lab starts in the folder, one line names the notebooks that were kept, with the next step."""
    started: list[list[str]] = []
    monkeypatch.setattr(lab_notebooks, "find_spec", lambda _: object())
    monkeypatch.setattr(lab_notebooks.subprocess, "call", lambda line: started.append(line) or 0)
    folder = tmp_path / lab_notebooks.FOLDER
    folder.mkdir()
    (folder / "manage.ipynb").write_text("mine", encoding="utf-8")

    assert lab_notebooks.start(tmp_path, ["--no-browser"]) == 0
    assert started == [[sys.executable, "-m", "jupyterlab", str(folder / "quickstart.ipynb"), "--no-browser"]]
    assert "Not overwritten in hedy-notebooks: manage.ipynb." in capsys.readouterr().out


def test_options_with_values_go_to_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that follows ``--lab`` goes to JupyterLab as it is, values after a space included."""
    started: list[list[str]] = []
    monkeypatch.setattr(lab_notebooks, "find_spec", lambda _: object())
    monkeypatch.setattr(lab_notebooks.subprocess, "call", lambda line: started.append(line) or 0)
    monkeypatch.setenv("HEDY_DEMO", "")
    monkeypatch.chdir(tmp_path)

    assert main(["--lab", "--port", "8899", "--no-browser"]) == 0
    assert started[0][-3:] == ["--port", "8899", "--no-browser"]


def test_the_extra_brings_what_the_notebooks_need() -> None:
    """Each package that a notebook imports, and those behind plots and Parquet, come with ``lab``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    names = {re.split(r"[<>=\[ ]", line)[0] for line in declared} | {"hedy_jupyter"}
    code = "\n".join(
        "".join(cell["source"])
        for path in NOTEBOOKS
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    )
    python = "\n".join(line for line in code.splitlines() if re.match(r"(import|from) ", line))
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(python))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else _names(node))
    }
    behind = {"matplotlib": ".plot_", "pyarrow": "parquet"}

    assert all(word in code for word in behind.values())
    assert (imported | set(behind)) - set(sys.stdlib_module_names) - names == set()


def _names(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
