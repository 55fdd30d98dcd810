"""``%hedy`` in JupyterLab, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.kernels import slow_hedy
from tests.lab import THEMES, Lab

pytest_plugins = ["tests.lab"]
pytestmark = pytest.mark.outside

DELAY_S = 0.6
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


@pytest.fixture(name="slow", scope="module")
def fixture_slow() -> Iterator[dict[str, str]]:
    """The settings that lead to a slow Hedy on loopback."""
    with slow_hedy(DELAY_S) as (_, settings):
        yield settings


def test_a_list_and_tab(jupyter: Lab) -> None:
    """A list shows as a table with the status line under it.

    TAB completes a command and the name of a topic that was seen.
    """
    with jupyter.notebook(
        "list.ipynb", "%load_ext hedy_jupyter", "%hedy demo", "%hedy topics", "x = %hedy transc", "%hedy topic Harb"
    ) as notebook:
        notebook.run(0)
        expect(notebook.run(1)).to_contain_text("DEMO account: invented meetings")
        table = notebook.run(2)
        expect(table.locator(".hedy-view table")).to_be_visible()
        status = table.get_by_text("9 topics · demo account")
        below = status.bounding_box()["y"] > table.locator(".hedy-view table").bounding_box()["y"]  # type: ignore[index]

        assert below
        for number, completed in ((3, "x = %hedy transcript"), (4, '%hedy topic "Harbour Lamp launch"')):
            notebook.click(number)
            notebook.page.keyboard.press("End")
            notebook.page.keyboard.press("Tab")
            expect(notebook.page.locator(".jp-Completer-item:visible")).to_have_count(1)
            notebook.page.keyboard.press("Enter")
            expect(notebook.cell(number).locator(".cm-content")).to_have_text(completed)
            expect(notebook.page.locator(".jp-Completer-item:visible")).to_have_count(0)
        expect(notebook.run(4)).to_contain_text("Harbour Lamp launch")


def test_errors_stop_run_all(jupyter: Lab) -> None:
    """An error is shown as two lines, and Run All stops there."""
    with jupyter.notebook(
        "errors.ipynb", "%load_ext hedy_jupyter\n%hedy demo", "%hedy topic 'Harbour Lamp lunch'", "print('reached')"
    ) as notebook:
        notebook.command("notebook:run-all-cells")
        expect(notebook.output(1)).to_contain_text("Did you mean")
        expect(notebook.prompt(2)).to_have_text(re.compile(r"\[ \]:"))

        assert notebook.output(1).inner_text().strip().splitlines() == [
            "NotFound: No topic is called 'Harbour Lamp lunch'.",
            "Did you mean 'Harbour Lamp launch'?",
        ]
        expect(notebook.output(2)).not_to_contain_text("reached")


def test_progress(jupyter: Lab, slow: dict[str, str]) -> None:
    """A slow fetch shows a bar with the number of requests, and nothing of it is left when all is there."""
    connect = f"import os\nos.environ.update({slow})\n%load_ext hedy_jupyter"
    with jupyter.notebook(
        "progress.ipynb", connect, "%hedy sessions --limit 60 --details -o found", "len(found)"
    ) as notebook:
        notebook.run(0)
        notebook.start(1)
        expect(notebook.output(1).locator(".widget-hprogress, .jp-OutputArea-output progress")).to_be_visible()
        expect(notebook.output(1)).to_contain_text(re.compile(r"Hedy:\s61\srequests"))
        expect(notebook.output(1).locator(".widget-hprogress")).not_to_be_visible()

        expect(notebook.run(2)).to_contain_text("60")
        assert notebook.output(1).inner_text().strip() == ""
        assert "widget-view" not in notebook.saved()


def test_never_mathematics(jupyter: Lab) -> None:
    """Dollars in titles are no formula: not in a frame and not in a card.

    MathJax is there: with pandas' option on it shows.
    """
    title = r"Move $50k from ads to $20k reserve, $\\href{https://evil.example}{Open}$"
    with jupyter.notebook(
        "mathematics.ipynb",
        f"%load_ext hedy_jupyter\n%hedy demo\nimport pandas as pd, hedy_jupyter as hj\ntitle = '{title}'",
        "hj.current().sessions(3).assign(title=title)",
        "hj.current().create_topic(title[:90])",
        "pd.set_option('display.html.use_mathjax', True)\npd.DataFrame({'a': [title]})",
    ) as notebook:
        notebook.run(0)
        ours, card, others = (notebook.run(number) for number in (1, 2, 3))
        expect(others.locator("mjx-container").first).to_be_attached()

        expect(ours).to_contain_text("$50k from ads to $20k")
        expect(card).to_contain_text("$50k from ads to $20k")
        assert ours.locator("mjx-container").count() == 0
        assert card.locator("mjx-container").count() == 0


def test_hostile_text(jupyter: Lab) -> None:
    """Text of other people runs no script and opens no link by itself; the long transcript is folded."""
    with jupyter.notebook(
        "hostile-card.ipynb",
        "%load_ext hedy_jupyter" + CONNECT,
        "%hedy session sess_hostile1",
        "hedy.session('sess_hostile1').highlights",
    ) as notebook:
        notebook.run(0)
        card = notebook.run(1)
        notebook.run(2)
        expect(card).to_contain_text("<script>window.hacked = 2</script>")
        folded = card.locator("details").filter(has_text="ranscript").first

        assert folded.get_attribute("open") is None
        assert folded.bounding_box()["height"] < 100  # type: ignore[index]
        assert notebook.page.evaluate("window.hacked") is None
        assert card.locator("img, script, a[href^='javascript']").count() == 0
        folded.locator("summary").first.click()
        expect(folded.get_by_text("Ada: hello.").first).to_be_visible()
        assert notebook.page.evaluate("window.hacked") is None


def test_themes(jupyter: Lab) -> None:
    """The cards are readable in light and dark themes: every text has contrast, every label is one line."""
    with jupyter.notebook(
        "theme.ipynb", "%load_ext hedy_jupyter\n%hedy demo", "%hedy", "%hedy session last"
    ) as notebook:
        notebook.run(0)
        outputs = {"status": notebook.run(1), "session": notebook.run(2)}
        for theme in THEMES:
            notebook.set_theme(theme)
            notebook.shot(theme)

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
