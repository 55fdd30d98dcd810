"""Make the pictures of ``docs/images`` again: ``python docs/screenshots.py [NAME…]``, from the root of the repository.

Without a name it makes all of ``CELLS``, which run on the demo account. Needs JupyterLab, Playwright and a Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import lab  # noqa: E402  it is found from the root

IMAGES = Path(__file__).parent / "images"
FIRST = (
    "%env HEDY_TIMEZONE=Europe/Berlin\n%load_ext hedy_jupyter\n%hedy demo\n%hedy sync -q\nimport hedy_jupyter as hj\n"
)
TOPICS = ["Harbour Lamp launch", "Clinic software", "Hiring", "Coaching", "Project Alpha"]  # in letters of any font
CELLS = {
    "sessions": "%hedy sessions --limit 7",
    "overdue": "%hedy todos --overdue --topic Coaching",
    "search": "%hedy search gasket --limit 3",
    "help": "%hedy help",
    "brief": "%hedy brief Hiring",
    "transcript": "%hedy transcript last --find gasket",
    "plot-load": f"hj.current().sessions(None).hedy.plot_load('M', by='topic', topics={TOPICS});",
    "plot-open": f"hj.current().todos().hedy.due().hedy.plot_open(topics={TOPICS});",
    "form-review": "hj.forms.topic(None, 'Hiring', description='Ask for a portfolio.', color='teal', review=True)",
    "manager": "hj.forms.manager()",
}
PARTS = {"plot": ".hedy-plot", "form": ".hedy-form", "manager": ".hedy-form"}
"""What of a cell is in the picture, by the beginning of its name; the others show its input, too."""
DARK = ("sessions", "brief", "overdue", "search", "transcript", "help", "plot-load", "plot-open")
WIDTH, HEIGHT = 880, 352  # pixels; what is longer is cut at the bottom


def main(names: list[str]) -> None:
    """Take the pictures *names*, or all, in the light theme, and some in the dark one."""
    wanted = {name: cell for name, cell in CELLS.items() if name in names or not names}
    expect.set_options(timeout=lab.TIMEOUT_MS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with lab.server(Path(folder)) as address:
            jupyter = lab.Lab(Path(folder) / "work", address, browser)
            for dark in (False, True):
                _shoot(jupyter, {name: cell for name, cell in wanted.items() if not dark or name in DARK}, dark=dark)
        browser.close()


def _shoot(jupyter: lab.Lab, cells: dict[str, str], *, dark: bool) -> None:
    IMAGES.mkdir(exist_ok=True)
    with jupyter.notebook(f"pictures{dark:d}.ipynb", FIRST, *cells.values()) as notebook:
        notebook.set_theme(lab.THEMES[dark])
        notebook.page.set_viewport_size({"width": WIDTH + 120, "height": 1300})
        notebook.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        notebook.run(0)
        for place, name in enumerate(cells, start=1):
            notebook.run(place)
            notebook.page.wait_for_timeout(300)
            cell = notebook.cell(place)
            cell.scroll_into_view_if_needed()
            path = IMAGES / f"{name}{'-dark' * dark}.png"
            part = next((part for start, part in PARTS.items() if name.startswith(start)), None)
            if part is not None:
                cell.locator(part).first.screenshot(path=path)
            elif box := cell.bounding_box():
                box["height"] = min(box["height"], HEIGHT)
                notebook.page.screenshot(path=path, clip=box)


if __name__ == "__main__":
    main(sys.argv[1:])
