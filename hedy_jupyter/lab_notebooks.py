"""Copy the notebooks of this package into a folder of the user, and open them in JupyterLab."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from hedy_jupyter.errors import HedyError
from hedy_jupyter.files import os_errors

FOLDER = "hedy-notebooks"
QUICKSTART = "quickstart.ipynb"


def start(parent: Path, options: Sequence[str]) -> int:
    """Copy the notebooks into a folder in *parent*, open it in JupyterLab with *options*, and return the exit code."""
    if find_spec("jupyterlab") is None:
        print(  # noqa: T201
            "JupyterLab is not installed here. Install it, and what the notebooks use, with:\n"
            f"    {sys.executable} -m pip install jupyterlab matplotlib pyarrow",
            file=sys.stderr,
        )
        return 1
    folder = parent / FOLDER
    try:
        kept = copy_notebooks(folder)
    except HedyError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    if kept:
        print(  # noqa: T201
            f"Not overwritten in {FOLDER}: {', '.join(kept)}. "
            "To get the notebooks of this version, rename these files and run this again."
        )
    line = [sys.executable, "-m", "jupyterlab", str(folder / QUICKSTART), *options]
    return subprocess.call(line)  # noqa: S603  this interpreter and our file


def copy_notebooks(folder: Path) -> list[str]:
    """Copy the notebooks into *folder*, which is made; an existing file is never overwritten.

    Returns:
        The names of those that are there with other cells: edited, or of another version.

    Raises:
        UsageError: the folder cannot be made or written.
    """
    kept = []
    with os_errors(f"{folder} cannot be written", advice="Run this in another folder."):
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(_packaged().glob("*.ipynb")):
            target = folder / source.name
            try:
                with target.open("xb") as file:
                    file.write(source.read_bytes())
            except FileExistsError:
                kept += [source.name] if _cells(target) != _cells(source) else []
    return kept


def _packaged() -> Path:
    """Return the folder of the notebooks in the installed package, else in the sources."""
    package = Path(__file__).resolve().parent
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"


def _cells(notebook: Path) -> object:
    """Return the cells of *notebook* without their outputs; None if it cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (OSError, ValueError, LookupError, TypeError):
        return None
