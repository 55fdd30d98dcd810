"""Front ends besides JupyterLab: Notebook 7 and Voila in a browser; papermill, nbconvert and marimo."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter, MarkdownExporter
from playwright.sync_api import Page, expect
from traitlets.config import Config

from tests.kernels import environment
from tests.lab import READY, ROOT, Lab, SlowKernel, write_notebook

pytestmark = pytest.mark.outside
pytest_plugins = ["tests.lab"]

START = "%load_ext hedy_jupyter\n%hedy demo"


def test_voila_runs_forms(jupyter: Lab) -> None:
    """A form is shown by Voila, which allows no prompt, and a topic can be made with it.

    The browser sends what was typed only once the kernel has answered, but a click at once: it comes before the name.
    """
    write_notebook(jupyter.folder / "app.ipynb", START, "%hedy sessions --limit 3", "%hedy topic new")

    with jupyter.window(offline=True) as page:
        kernel = SlowKernel(page)
        page.goto(jupyter.url("voila/render/app.ipynb"))

        expect(page.locator(".hedy-view")).to_contain_text("Launch weekly")
        expect(page.get_by_label("Name")).to_be_visible()
        with kernel.held():
            page.get_by_label("Name").fill(" ")
            page.get_by_label("Name").fill("From Voila")
            page.get_by_role("button", name="Review").click()
        page.get_by_role("button", name='Create topic "From Voila"').click()
        expect(page.get_by_text("Created topic")).to_be_visible()


def test_voila_runs_the_browser(jupyter: Lab) -> None:
    """The browser of meetings works in Voila, by typing and by clicking."""
    write_notebook(jupyter.folder / "browse.ipynb", START, "%hedy browse --source live")

    with jupyter.window(offline=True) as page:
        page.goto(jupyter.url("voila/render/browse.ipynb"))

        page.get_by_label("Filter").fill("launch weekly")
        page.get_by_role("button", name="Launch weekly").first.click()
        page.get_by_role("button", name="Transcript").click()
        page.get_by_label("Find").fill("the")
        page.get_by_label("Find").press("Enter")
        expect(page.locator(".hedy-browser")).to_contain_text("hit 1 of")


def test_notebook_7_shows_lists_cards_and_forms(jupyter: Lab, page: Page) -> None:
    """Notebook 7 shows a list as a view, a session as a card, and a form."""
    name = "classic.ipynb"
    write_notebook(jupyter.folder / name, START, "%hedy sessions --limit 3", "%hedy session last", "%hedy topic new")

    page.goto(jupyter.url(f"notebooks/{name}"))
    page.wait_for_function(READY, arg=name)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")

    expect(page.locator(".hedy-view")).to_contain_text("Launch weekly")
    expect(page.locator(".hedy-card .hedy-title").first).to_be_visible()
    expect(page.get_by_label("Name")).to_be_visible()


def run(folder: Path, *arguments: str) -> str:
    """What a Python program prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(folder, PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_papermill_and_nbconvert_keep_views(tmp_path: Path) -> None:
    """Papermill saves lists as HTML, Markdown and text; nbconvert writes HTML, and Markdown if it is preferred."""
    write_notebook(tmp_path / "in.ipynb", START, "%hedy sessions --limit 3", "%hedy brief")

    run(tmp_path, "-m", "papermill", "in.ipynb", "out.ipynb", "-k", "python3", "--no-progress-bar")
    page, _ = HTMLExporter().from_filename(str(tmp_path / "out.ipynb"))
    first = Config({"NbConvertBase": {"display_data_priority": ["text/markdown", "image/png", "text/plain"]}})
    text, _ = MarkdownExporter(config=first).from_filename(str(tmp_path / "out.ipynb"))

    outputs = [output for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells for output in cell.outputs]
    kinds = [set(output.data) for output in outputs if output.output_type == "execute_result"]
    assert kinds == [{"text/html", "text/markdown", "text/plain"}] * 2
    assert "hedy-view" in page
    assert "| Title | When | Length | Topic | Id |" in text
    assert "### Brief" in text
    assert "<div" not in text


def test_marimo_shows_cards(tmp_path: Path) -> None:
    """Marimo takes the HTML of cards, which must be exactly ``str``."""
    asked = (
        "import hedy_jupyter as hj; from marimo._output.formatting import try_format\n"
        "hedy = hj.demo()\n"
        "for thing in (hedy.session('last'), hedy.brief(), hedy.topic('Hiring')):\n"
        "    shown = try_format(thing)\n"
        "    print(shown.mimetype, type(shown.data) is str, 'hedy-card' in shown.data)\n"
    )

    assert run(tmp_path, "-c", asked).splitlines() == ["text/html True True"] * 3
