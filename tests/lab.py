"""One JupyterLab and one browser for all tests that need them: the recipe, with its traps, in one place.

A test module that says ``pytest_plugins = ["tests.lab"]`` has the fixtures ``browser``, ``jupyter`` and ``page``::

    def test_one(jupyter: Lab) -> None:
        with jupyter.notebook("one.ipynb", "%load_ext hedy_jupyter", "%hedy demo") as notebook:
            expect(notebook.run(1)).to_contain_text("DEMO")

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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pytest
from playwright.sync_api import (
    Browser,
    Dialog,
    Error,
    Locator,
    Page,
    Request,
    ViewportSize,
    WebSocketRoute,
    expect,
    sync_playwright,
)

from tests.kernels import environment

ROOT = Path(__file__).parent.parent
TOKEN = "loopback"
TIMEOUT_MS = 60_000
THEMES = ("JupyterLab Light", "JupyterLab Dark")
VIEWPORT: ViewportSize = {"width": 1100, "height": 1300}
READY = """path => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  const session = widget?.sessionContext;
  const kernel = session?.session?.kernel;
  return widget?.context?.path === path && session?.isReady
    && kernel?.connectionStatus === 'connected' && kernel?.status === 'idle';
}"""
END = """async () => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  await widget?.sessionContext?.shutdown();
  widget?.dispose();
}"""
UNUSED = (
    *("audio", "celltags", "console", "csvviewer", "debugger", "documentsearch", "extensionmanager", "fileeditor"),
    *("help", "htmlviewer", "hub", "imageviewer", "inspector", "javascript", "json", "launcher", "logconsole", "lsp"),
    *("markdownviewer", "mermaid", "metadataform", "pdf", "pluginmanager", "running", "settingeditor", "statusbar"),
    *("terminal", "theme-dark-high-contrast", "toc", "tooltip", "video"),
)
"""The extensions of JupyterLab that no test needs; without them a page loads in two thirds of the time."""


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook file with these code cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)
    return path


class Window:
    """A window without a past, in which no script of other people runs and no other machine is asked.

    Args:
        browser: the browser.
        offline: for a front end whose own page asks for files on the net: it gets none.

    Attributes:
        page: what it shows.
    """

    def __init__(self, browser: Browser, *, offline: bool = False) -> None:
        self._context = browser.new_context(viewport=VIEWPORT)
        self._context.set_default_timeout(TIMEOUT_MS)
        self._attacks: list[str] = []
        self.page = self._context.new_page()
        self.page.on("dialog", self._stop)
        if offline:
            self._context.route(is_foreign, lambda route: route.abort())
        else:
            self._context.on("request", self._note_foreign)

    def _stop(self, dialog: Dialog) -> None:
        self._attacks.append(dialog.message)
        dialog.dismiss()

    def _note_foreign(self, request: Request) -> None:
        if is_foreign(request.url):
            self._attacks.append(request.url)

    @contextmanager
    def checked(self) -> Iterator[None]:
        """Fail at the end if a script ran or a machine was asked; on a failure print what the page shows."""
        try:
            yield
            assert self._attacks == [], self._attacks
        except BaseException:
            with suppress(Error):
                print(f"The page showed:\n{self.page.locator('body').inner_text(timeout=5_000)[-4000:]}")
            raise

    def close(self) -> None:
        """Close the window."""
        self._context.close()


class Lab:
    """A Jupyter server in its own folder, and a browser that looks at it.

    Attributes:
        folder: of the notebooks.
        base_url: of the server; ends in ``/``.
    """

    def __init__(self, folder: Path, base_url: str, browser: Browser) -> None:
        self.folder = folder
        self.base_url = base_url
        self._browser = browser
        self._kept: Window | None = None

    def url(self, path: str) -> str:
        """The address of *path* on the server, with what lets a browser in."""
        return f"{self.base_url}{path}?reset&token={TOKEN}"

    @contextmanager
    def window(self, *, offline: bool = False) -> Iterator[Page]:
        """The page of a new window, empty; *offline*: see ``Window``."""
        window = Window(self._browser, offline=offline)
        try:
            with window.checked():
                yield window.page
        finally:
            window.close()

    @contextmanager
    def notebook(self, name: str, *cells: str) -> Iterator[Notebook]:
        """The notebook *name* with these code cells, opened, its kernel ready, none of its cells run.

        JupyterLab stays loaded for the next notebook unless the test fails.
        """
        path = write_notebook(self.folder / name, *cells)
        is_loaded = self._kept is not None
        window, self._kept = self._kept or Window(self._browser), None
        notebook = Notebook(window.page, self.url(f"lab/tree/{quote(name)}"), path)
        try:
            with window.checked():
                try:
                    notebook.show() if is_loaded else notebook.open()
                    yield notebook
                finally:
                    window.page.evaluate(END)
        except BaseException:
            window.close()
            raise
        self._kept = window


class Notebook:
    """A notebook in the browser; its cells count from 0.

    Attributes:
        page: the window.
        path: the file.
    """

    def __init__(self, page: Page, url: str, path: Path) -> None:
        self.page = page
        self.path = path
        self._url = url

    def open(self) -> None:
        """Load JupyterLab, again if it is loaded, with the notebook, and wait for its kernel."""
        self.page.goto(self._url)
        self._begin()

    def show(self) -> None:
        """Open the notebook in JupyterLab, which is loaded and shows none, and wait for its kernel."""
        self.page.set_viewport_size(VIEWPORT)
        self.command("docmanager:open", path=self.path.name)
        self._begin()

    def _begin(self) -> None:
        self.page.wait_for_function(READY, arg=self.path.name)
        self.set_theme(THEMES[0])

    def set_theme(self, name: str) -> None:
        """Choose the colours of JupyterLab."""
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)

    def cell(self, index: int) -> Locator:
        """The cell of that number."""
        return self.page.locator(".jp-CodeCell").nth(index)

    def prompt(self, index: int) -> Locator:
        """The number that JupyterLab shows beside that cell."""
        return self.cell(index).locator(".jp-InputPrompt")

    def output(self, index: int) -> Locator:
        """What is under that cell."""
        return self.cell(index).locator(".jp-OutputArea").first

    def click(self, index: int) -> None:
        """Put the cursor into that cell."""
        self.cell(index).locator(".cm-content").click()

    def start(self, index: int) -> None:
        """Run a cell, and do not wait for its end."""
        self.click(index)
        self.page.keyboard.press("Control+Enter")

    def run(self, index: int) -> Locator:
        """Run a cell to its end; gives its output area."""
        before = self.prompt(index).inner_text()
        self.start(index)
        expect(self.prompt(index)).not_to_have_text(before)
        expect(self.prompt(index)).to_have_text(re.compile(r"\[\d+\]"))
        return self.output(index)

    def command(self, name: str, **arguments: str) -> None:
        """Run a command of JupyterLab."""
        # what the command returns, such as a notebook, is not to be sent here
        self.page.evaluate(
            "async ([name, found]) => { await jupyterapp.commands.execute(name, found) }", [name, arguments]
        )

    def saved(self) -> str:
        """The text of the notebook file after saving."""
        self.command("docmanager:save")
        expect(self.page.locator(".jp-mod-dirty")).to_have_count(0)
        return self.path.read_text(encoding="utf-8")

    def shot(self, name: str) -> None:
        """A screenshot, if the environment variable FORM_SHOTS names a folder for it."""
        folder = os.environ.get("FORM_SHOTS")
        if folder:
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))


class SlowKernel:
    """A connection to kernels that can keep back what they answer, as a slow network or a busy machine does.

    Args:
        page: a window that has opened none yet.
    """

    def __init__(self, page: Page) -> None:
        self._is_holding = False
        self._held: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(re.compile("/api/kernels/"), self._connect)

    def _connect(self, browser_side: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            if self._is_holding:
                self._held.append((browser_side, message))
            else:
                browser_side.send(message)

        browser_side.connect_to_server().on_message(answer)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep back all answers until the end of the block."""
        self._is_holding = True
        yield
        self._is_holding = False
        for browser_side, message in self._held:
            browser_side.send(message)
        self._held.clear()


def is_foreign(url: str) -> bool:
    """Whether *url* leads away from this machine."""
    return not re.match(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:", url)


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
    """One JupyterLab, which also serves Notebook 7 and Voila, for all browser tests of a process."""
    folder = tmp_path_factory.mktemp("jupyter")
    with server(folder) as base_url:
        yield Lab(folder / "work", base_url, browser)


@pytest.fixture(name="page")
def fixture_page(jupyter: Lab) -> Iterator[Page]:
    """A fresh window of the browser, for what is no notebook in JupyterLab."""
    with jupyter.window() as page:
        yield page


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A JupyterLab in *folder*; gives its address."""
    (folder / "work").mkdir(parents=True)
    _setting(folder, "apputils-extension", "notification", {"fetchNews": "false", "checkForUpdates": False})
    _setting(folder, "notebook-extension", "tracker", {"windowingMode": "none"})  # every cell is in the page
    disabled = {f"@jupyterlab/{name}-extension": True for name in UNUSED} | {
        "@voila-dashboards/jupyterlab-preview": True,
    }
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": 0,
        "ServerApp.open_browser": False,
        "ServerApp.root_dir": folder / "work",
        "IdentityProvider.token": TOKEN,
        "LabApp.user_settings_dir": folder / "settings",
        "LabApp.workspaces_dir": folder / "workspaces",
        "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
        "KernelManager.shutdown_wait_time": 0.01,  # a kernel is killed; to end by itself costs it a third of its time
        "JupyterNotebookApp.expose_app_in_browser": True,
    }
    _write_json(folder / "jupyter_config_dir" / "labconfig" / "page_config.json", {"disabledExtensions": disabled})
    server_extensions = {"jupyter_lsp": False, "jupyter_server_terminals": False}
    _write_json(
        folder / "jupyter_config_dir" / "jupyter_server_config.json",
        {"ServerApp": {"jpserver_extensions": server_extensions}},
    )
    command = [sys.executable, "-m", "jupyterlab", "--allow-root", *(f"--{key}={of}" for key, of in options.items())]
    # The kernels use the package beside these tests; without Node each page is served faster.
    variables = environment(folder, PYTHONPATH=str(ROOT), PATH=str(Path(sys.executable).parent))
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(command, env=variables, stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    try:
        yield _address(folder, server)
    except BaseException:
        print(log.read_text(encoding="utf-8")[-4000:])
        raise
    finally:
        server.terminate()
        server.wait(30)


def _address(folder: Path, server: subprocess.Popen[bytes]) -> str:
    """The base URL, from the file that the server writes when it listens."""
    deadline = time.monotonic() + TIMEOUT_MS / 1000
    while time.monotonic() < deadline and server.poll() is None:
        for path in folder.rglob(f"jpserver-{server.pid}.json"):
            try:
                return str(json.loads(path.read_text(encoding="utf-8"))["url"])
            except ValueError:
                continue  # half written
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")


def _setting(folder: Path, plugin: str, name: str, value: dict[str, object]) -> None:
    _write_json(folder / "settings" / "@jupyterlab" / plugin / f"{name}.jupyterlab-settings", value)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
