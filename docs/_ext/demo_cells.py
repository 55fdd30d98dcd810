"""Sphinx extension: run the ``ipython`` and ``python`` blocks of each page on the demo account, and show their outputs.

The blocks of a page run one after the other, as in a notebook. A block with the name of an error as its class must fail
with that error, and one with the class ``hidden`` is not shown. The notebooks of the repository are run in the same way
and become pages.
"""

from __future__ import annotations

import hashlib
import html
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from demo_notebook import CellError, DemoNotebook, Output
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = frozenset({"ipython", "python"})
LOGGER = logging.getLogger(__name__)


def add_outputs(app: Sphinx, doctree: nodes.document) -> None:
    """Run the blocks of a page and add their outputs to it."""
    if Path(app.env.doc2path(app.env.docname)).suffix != ".md":
        return
    blocks = [block for block in doctree.findall(nodes.literal_block) if block.get("language") in LANGUAGES]
    if not blocks:
        return
    notebook = _notebook(app)
    notebook.start_page()
    for block in blocks:
        _run(notebook, block)


def _run(notebook: DemoNotebook, block: nodes.literal_block) -> None:
    classes = set(block["classes"])
    cell = block.astext()
    block["language"] = "ipython"
    try:
        outputs = notebook.run(cell, fails_with=classes - {"hidden"})
    except CellError as error:
        LOGGER.warning("%s", error, location=block, type="demo_cells")
        return
    shown = [_node(output, cell) for output in outputs]
    if "hidden" in classes:
        block.parent.remove(block)
    elif shown:
        place = block.parent.index(block) + 1
        block.parent.insert(place, nodes.container("", *shown, classes=["cell-output"]))


def _node(output: Output, cell: str) -> nodes.Node:
    """Return *output* as HTML if it has a form for that, else as text."""
    data: dict[str, Any] = output.get("data") or {"text/plain": output.get("text", "")}
    if "text/html" in data:
        return nodes.raw("", data["text/html"], format="html")
    if "image/png" in data:
        alt = html.escape(_alternative(cell))
        return nodes.raw(
            "", f'<img alt="{alt}" src="data:image/png;base64,{data["image/png"].strip()}">', format="html"
        )
    return nodes.literal_block("", data["text/plain"].rstrip(), language="text")


def _alternative(cell: str) -> str:
    """Return the text in place of the plot that *cell* draws."""
    return f"Plot drawn by {cell.strip().splitlines()[-1]}"


def _notebook(app: Sphinx) -> DemoNotebook:
    """Return the one shell of this build."""
    if not hasattr(app, "demo_notebook"):
        folder = tempfile.TemporaryDirectory(prefix="hedy-docs-")
        app.demo_folder = folder  # type: ignore[attr-defined]  # deleted with the application
        app.demo_notebook = DemoNotebook(Path(folder.name))  # type: ignore[attr-defined]
    return app.demo_notebook  # type: ignore[attr-defined, no-any-return]


def write_notebooks(app: Sphinx) -> None:
    """Write the notebooks of the repository with their outputs into ``notebooks/``, where they are pages."""
    target = Path(app.srcdir) / "notebooks"
    target.mkdir(exist_ok=True)
    stamp = target / ".code"
    code = app.config.demo_code
    if stamp.exists() and stamp.read_text(encoding="utf-8") == code:
        return
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        nbformat.write(_with_outputs(app, path), target / path.name)
    stamp.write_text(code, encoding="utf-8")


def _with_outputs(app: Sphinx, path: Path) -> Output:
    """Return the notebook at *path*, run from top to bottom."""
    content = nbformat.read(path, as_version=4)
    notebook = _notebook(app)
    notebook.start_page()
    for cell in content.cells:
        if cell.cell_type == "code":
            try:
                cell.outputs = [_readable(output) for output in notebook.run(cell.source)]
            except CellError as error:
                raise ExtensionError(f"{path.name}: {error}") from error
            cell.metadata["mystnb"] = {"image": {"alt": _alternative(cell.source)}}
    return content


def _readable(output: Output) -> Output:
    """Return *output* with the forms that a page can show: one, the richest."""
    if "data" in output:
        data = output.data
        best = next((kind for kind in ("text/html", "image/png") if kind in data), "text/plain")
        output.data = {best: data[best]}
    return output


def fingerprint() -> str:
    """Return a digest of the code that the pages are made from, so that a change of it builds them again."""
    digest = hashlib.sha256()
    for folder, pattern in (("hedy_jupyter", "*.py"), ("docs/_ext", "*.py"), ("notebooks", "*.ipynb")):
        for path in sorted((ROOT / folder).rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the extension to *app*."""
    app.add_config_value("demo_code", fingerprint(), "env", str)
    app.connect("builder-inited", write_notebooks)
    app.connect("doctree-read", add_outputs)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
