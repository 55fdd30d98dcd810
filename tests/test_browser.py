"""``%hedy`` in JupyterLab, in a real browser: one server and one browser for all of it."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.kernels import SlowService, environment, slow_hedy

pytest_plugins = ["tests.lab"]  # the one browser of the process
pytestmark = pytest.mark.outside

TIMEOUT_S = 60.0
DELAY_S = 0.6
READY = """() => {
    const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
    const kernel = context?.session?.kernel;
    return context?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
HOSTILE = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 2</script>'
CONNECT = f"""
import httpx, hedy_jupyter as hj
hostile = {HOSTILE!r}
record = dict(
    sessionId="sess_hostile1", title=hostile, startTime="2026-03-15T14:30:00Z", duration=45, session_type="meeting",
    topic=dict(id="topic_1", name=hostile), meeting_minutes="# Minutes\\n" + hostile,
    recap=hostile + "\\n\\n**bold** [link](javascript:window.hacked=3)",
    transcript=hostile, cleaned_transcript="Ada: hello.\\n" * 400 + hostile,
    session_notes=hostile, conversations=hostile,
    highlights=[dict(highlightId="high_1", title=hostile, rawQuote=hostile, mainIdea=hostile)],
    user_todos=[dict(id="todo_1", text=hostile, dueDate=hostile, completed=False)],
)
answer = lambda request: httpx.Response(200, json=record)
hedy = hj.connect("hedy_live_" + "x" * 20, transport=httpx.MockTransport(answer), timezone="UTC");
"""


@dataclass
class Lab:
    """A running JupyterLab."""

    base_url: str
    token: str
    folder: Path

    def notebook(self, *cells: str) -> str:
        """A new notebook of these cells; gives its address."""
        name = f"{secrets.token_hex(4)}.ipynb"
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, self.folder / name)
        return f"{self.base_url}/lab/tree/{name}?reset&token={self.token}"


class Notebook:
    """A notebook that is open in the browser."""

    def __init__(self, page: Page, lab: Lab, *cells: str) -> None:
        self.page = page
        page.goto(lab.notebook(*cells))
        page.wait_for_function(READY)

    def cell(self, number: int) -> Locator:
        """The code cell of that number, from 0."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(number)

    def output(self, number: int) -> Locator:
        """What is under that cell."""
        return self.cell(number).locator(".jp-Cell-outputArea")

    def run(self, number: int) -> Locator:
        """Run that cell to its end; gives its output."""
        self.cell(number).locator(".cm-content").click()
        before = self.prompt(number).inner_text()
        self.page.keyboard.press("Control+Enter")
        expect(self.prompt(number)).not_to_have_text(before)
        expect(self.prompt(number)).to_have_text(re.compile(r"\[\d+\]:"))
        return self.output(number)

    def prompt(self, number: int) -> Locator:
        """The number beside that cell."""
        return self.cell(number).locator(".jp-InputPrompt")

    def command(self, name: str) -> None:
        """Run a command of JupyterLab."""
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)


@pytest.fixture(name="slow", scope="session")
def fixture_slow() -> Iterator[tuple[SlowService, dict[str, str]]]:
    """A slow Hedy on loopback, which the kernels' settings name."""
    with slow_hedy(DELAY_S) as served:
        yield served


@pytest.fixture(name="lab", scope="session")
def fixture_lab(slow: tuple[SlowService, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with nothing of this machine's user in it."""
    home = tmp_path_factory.mktemp("lab")
    folder, settings, workspaces = (home / name for name in ("notebooks", "settings", "workspaces"))
    news = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    news.parent.mkdir(parents=True)
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
    folder.mkdir()
    lab = Lab("", secrets.token_hex(16), folder)
    arguments = {
        "ServerApp.port": 0,
        "ServerApp.open_browser": False,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": lab.token,
        "LabApp.user_settings_dir": settings,
        "LabApp.workspaces_dir": workspaces,
        "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
    }
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--allow-root",
        *(f"--{name}={value}" for name, value in arguments.items()),
    ]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment(home, **slow[1]), cwd=folder, stdout=log, stderr=log)
        try:
            lab.base_url = served_at(process, home)
            yield lab
        finally:
            process.terminate()
            process.wait(30)


def served_at(process: subprocess.Popen[bytes], home: Path) -> str:
    """The address of the server, when it answers; it writes its port into its runtime folder."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        for path in home.rglob(f"jpserver-{process.pid}.json"):
            try:
                found = json.loads(path.read_text(encoding="utf-8"))
                urllib.request.urlopen(f"{found['url']}api", timeout=5).close()
            except (ValueError, urllib.error.URLError):
                continue
            return str(found["url"]).rstrip("/")
        process_wait(process)
    raise AssertionError(f"JupyterLab did not start:\n{(home / 'log').read_text()}")


def process_wait(process: subprocess.Popen[bytes]) -> None:
    """Let a moment pass, or the process end."""
    try:
        process.wait(0.2)
    except subprocess.TimeoutExpired:
        return


@pytest.fixture(name="page")
def fixture_page(browser: Browser) -> Iterator[Page]:
    """A fresh window that reaches nothing but this machine."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_default_timeout(TIMEOUT_S * 1000)
    expect.set_options(timeout=TIMEOUT_S * 1000)
    foreign: list[str] = []
    context.on("request", lambda request: foreign.append(request.url) if is_foreign(request.url) else None)
    page = context.new_page()
    yield page
    context.close()
    assert foreign == []


def is_foreign(url: str) -> bool:
    """Whether *url* leads away from this machine."""
    return not re.match(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:", url)


def test_a_list_and_tab(page: Page, lab: Lab) -> None:
    """A list shows as a table with the status line under it.

    TAB completes a command and the name of a topic that was seen.
    """
    notebook = Notebook(
        page, lab, "%load_ext hedy_jupyter", "%hedy demo", "%hedy topics", "x = %hedy transc", "%hedy topic Harb"
    )
    notebook.run(0)
    expect(notebook.run(1)).to_contain_text("DEMO account: invented meetings")
    table = notebook.run(2)
    expect(table.locator(".hedy-view table")).to_be_visible()
    status = table.get_by_text("9 topics · demo account")
    below = status.bounding_box()["y"] > table.locator(".hedy-view table").bounding_box()["y"]  # type: ignore[index]

    assert below
    for number, completed in ((3, "x = %hedy transcript"), (4, '%hedy topic "Harbour Lamp launch"')):
        notebook.cell(number).locator(".cm-content").click()
        page.keyboard.press("End")
        page.keyboard.press("Tab")
        expect(page.locator(".jp-Completer-item:visible")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(notebook.cell(number).locator(".cm-content")).to_have_text(completed)
        expect(page.locator(".jp-Completer-item:visible")).to_have_count(0)
    expect(notebook.run(4)).to_contain_text("Harbour Lamp launch")


def test_errors_stop_run_all(page: Page, lab: Lab) -> None:
    """An error is shown as two lines, and Run All stops there."""
    notebook = Notebook(
        page, lab, "%load_ext hedy_jupyter\n%hedy demo", "%hedy topic 'Harbour Lamp lunch'", "print('reached')"
    )
    notebook.command("notebook:run-all-cells")
    expect(notebook.output(1)).to_contain_text("Did you mean")
    expect(notebook.prompt(2)).to_have_text(re.compile(r"\[ \]:"))

    assert notebook.output(1).inner_text().strip().splitlines() == [
        "NotFound: No topic is called 'Harbour Lamp lunch'.",
        "Did you mean 'Harbour Lamp launch'?",
    ]
    expect(notebook.output(2)).not_to_contain_text("reached")


def test_progress(page: Page, lab: Lab) -> None:
    """A slow fetch shows a bar with the number of requests, and nothing of it is left when all is there."""
    notebook = Notebook(
        page, lab, "%load_ext hedy_jupyter", "%hedy sessions --limit 60 --details -o found", "len(found)"
    )
    notebook.run(0)
    notebook.cell(1).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(notebook.output(1).locator(".widget-hprogress, .jp-OutputArea-output progress")).to_be_visible()
    expect(notebook.output(1)).to_contain_text(re.compile(r"Hedy:\s61\srequests"))
    expect(notebook.output(1).locator(".widget-hprogress")).not_to_be_visible()

    expect(notebook.run(2)).to_contain_text("60")
    assert notebook.output(1).inner_text().strip() == ""
    notebook.command("docmanager:save")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    saved = "".join(path.read_text(encoding="utf-8") for path in lab.folder.glob("*.ipynb"))
    assert "widget-view" not in saved


def test_never_mathematics(page: Page, lab: Lab) -> None:
    """Dollars in titles are no formula: not in a frame and not in a card.

    MathJax is there: with pandas' option on it shows.
    """
    title = r"Move $50k from ads to $20k reserve, $\\href{https://evil.example}{Open}$"
    notebook = Notebook(
        page,
        lab,
        f"%load_ext hedy_jupyter\n%hedy demo\nimport pandas as pd, hedy_jupyter as hj\ntitle = '{title}'",
        "hj.current().sessions(3).assign(title=title)",
        "hj.current().create_topic(title[:90])",
        "pd.set_option('display.html.use_mathjax', True)\npd.DataFrame({'a': [title]})",
    )
    notebook.run(0)
    ours, card, others = (notebook.run(number) for number in (1, 2, 3))
    expect(others.locator("mjx-container").first).to_be_attached()

    expect(ours).to_contain_text("$50k from ads to $20k")
    expect(card).to_contain_text("$50k from ads to $20k")
    assert ours.locator("mjx-container").count() == 0
    assert card.locator("mjx-container").count() == 0


def test_hostile_text(page: Page, lab: Lab) -> None:
    """Text of other people runs no script and opens no link by itself; the long transcript is folded."""
    notebook = Notebook(
        page,
        lab,
        "%load_ext hedy_jupyter" + CONNECT,
        "%hedy session sess_hostile1",
        "hedy.session('sess_hostile1').highlights",
    )
    notebook.run(0)
    card = notebook.run(1)
    notebook.run(2)
    expect(card).to_contain_text("<script>window.hacked = 2</script>")
    folded = card.locator("details").filter(has_text="ranscript").first

    assert folded.get_attribute("open") is None
    assert folded.bounding_box()["height"] < 100  # type: ignore[index]
    assert page.evaluate("window.hacked") is None
    assert card.locator("img, script, a[href^='javascript']").count() == 0
    folded.locator("summary").first.click()
    expect(folded.get_by_text("Ada: hello.").first).to_be_visible()
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_themes(page: Page, lab: Lab, tmp_path: Path, theme: str) -> None:
    """The cards are readable in light and dark themes: every text has contrast, every label is one line."""
    notebook = Notebook(page, lab, "%load_ext hedy_jupyter\n%hedy demo", "%hedy", "%hedy session last")
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
    notebook.run(0)
    outputs = {"status": notebook.run(1), "session": notebook.run(2)}
    for name, output in outputs.items():
        output.screenshot(path=tmp_path / f"{name}.png")

    labels = {
        name: output.locator("dt").evaluate_all("all => all.map(one => one.clientHeight)")
        for name, output in outputs.items()
    }
    assert all(heights and max(heights) < 32 for heights in labels.values()), labels
    assert [(name, *pale) for name, output in outputs.items() for pale in output.evaluate(PALE)] == []


PALE = """root => {
    const parse = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([red, green, blue]) => [red, green, blue]
        .map(part => part / 255).map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = element => {
        for (let one = element; one; one = one.parentElement) {
            const colour = parse(getComputedStyle(one).backgroundColor);
            if (colour.length === 3 || colour[3] > 0.9) return colour;
        }
        return [255, 255, 255];
    };
    const texts = [...root.querySelectorAll("*")]
        .filter(one => one.checkVisibility())
        .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
    return texts.flatMap(one => {
        const style = getComputedStyle(one);
        const [ink, paper] = [light(parse(style.color)), light(behind(one))];
        const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        return contrast < 3 ? [[one.tagName, one.textContent.trim().slice(0, 40), Math.round(contrast * 10) / 10]] : [];
    });
}"""
