"""One JupyterLab and one browser for all tests that need them: the recipe, with its traps, in one place.

A test module that says ``pytest_plugins = ["tests.lab"]`` has the fixtures ``browser`` and ``jupyter``.
(PYTEST_DONT_REWRITE: that module has imported this one before pytest could.)
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
TOKEN = "loopback"
TIMEOUT_MS = 60_000
_FOREIGN = ("HEDY_", "JUPYTER", "IPYTHON", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
READY = """() => {
  const session = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  const kernel = session?.session?.kernel;
  return !!session?.isReady && kernel?.connectionStatus === 'connected' && kernel?.status === 'idle';
}"""


class Lab:
    """A JupyterLab in its own folder, and a browser that looks at it."""

    def __init__(self, folder: Path, base_url: str, browser: Browser) -> None:
        self.folder = folder
        self.base_url = base_url
        self._browser = browser

    def context(self) -> BrowserContext:
        """A fresh browser profile, which is gone when the browser closes."""
        return self._browser.new_context(viewport={"width": 1100, "height": 1300})

    @contextmanager
    def notebook(self, name: str, *cells: str, dark: bool = False) -> Iterator[Notebook]:
        """The notebook *name* with these code cells, opened, its kernel ready, none of its cells run."""
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(made, self.folder / name)
        self._theme("JupyterLab Dark" if dark else "JupyterLab Light")
        context = self.context()
        try:
            notebook = Notebook(
                context, f"{self.base_url}lab/tree/{quote(name)}?reset&token={TOKEN}", self.folder / name
            )
            notebook.open()
            yield notebook
            assert notebook.attacks == []
        finally:
            context.close()

    def _theme(self, name: str) -> None:
        _setting(self.folder.parent, "apputils-extension", "themes", {"theme": name})


class Notebook:
    """A notebook in the browser."""

    def __init__(self, context: BrowserContext, url: str, path: Path) -> None:
        self._url = url
        self.path = path
        self.page: Page = context.new_page()
        self.page.set_default_timeout(TIMEOUT_MS)
        self.attacks: list[str] = []
        self.page.on("dialog", self._attacked)
        self.page.on("request", lambda request: self._asked(request.url))

    def open(self) -> None:
        """Open the page, again if it is open, and wait for its kernel."""
        self.page.goto(self._url)
        self.page.wait_for_function(READY, timeout=TIMEOUT_MS)

    def cell(self, index: int) -> Locator:
        """The cell with that number, from 0."""
        return self.page.locator(".jp-CodeCell").nth(index)

    def run(self, index: int) -> Locator:
        """Run a cell to its end; gives its output area."""
        cell = self.cell(index)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before, timeout=TIMEOUT_MS)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=TIMEOUT_MS)
        return cell.locator(".jp-OutputArea").first

    def saved(self) -> str:
        """The text of the notebook file after saving."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        return self.path.read_text(encoding="utf-8")

    def shot(self, name: str) -> None:
        """A screenshot, if the environment variable FORM_SHOTS names a folder for it."""
        folder = os.environ.get("FORM_SHOTS")
        if folder:
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def _asked(self, url: str) -> None:
        if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", url):
            self.attacks.append(url)

    def _attacked(self, dialog: Any) -> None:
        self.attacks.append(dialog.message)
        dialog.dismiss()


@pytest.fixture(name="browser", scope="session")
def fixture_browser() -> Iterator[Browser]:
    """A headless Chromium, if there is one; in CI there must be.

    Playwright starts once in a process, so this is the only one.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip("no chromium on this machine")
    assert found, "CI must have a chromium"
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(name="jupyter", scope="session")
def fixture_jupyter(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for all tests of forms."""
    folder = tmp_path_factory.mktemp("jupyter")
    with server(folder) as base_url:
        yield Lab(folder / "work", base_url, browser)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A JupyterLab in *folder*; gives its address."""
    (folder / "work").mkdir(parents=True)
    _setting(folder, "apputils-extension", "notification", {"fetchNews": "false", "checkForUpdates": False})
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
    ]
    command += [
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={folder / 'work'}",
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]
    command += [f"--LabApp.user_settings_dir={folder / 'settings'}", f"--LabApp.workspaces_dir={folder / 'workspaces'}"]
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(command, env=_environment(folder), stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    try:
        yield _address(folder, server)
    except BaseException:
        print(log.read_text(encoding="utf-8")[-4000:])
        raise
    finally:
        server.terminate()
        server.wait(20)


def _address(folder: Path, server: subprocess.Popen[bytes]) -> str:
    """The base URL, from the file that the server writes when it listens."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        for path in (folder / "runtime").glob("jpserver-*.json"):
            try:
                return str(json.loads(path.read_text(encoding="utf-8"))["url"])
            except ValueError:
                continue  # half written
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")


def _setting(folder: Path, plugin: str, name: str, value: dict[str, object]) -> None:
    path = folder / "settings" / "@jupyterlab" / plugin / f"{name}.jupyterlab-settings"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def _environment(folder: Path) -> dict[str, str]:
    """The environment for processes that know nothing of this machine's user, but this package."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {
        **kept,
        "HOME": str(folder),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
