"""The browser of meetings in JupyterLab, by mouse and by keyboard: no key reaches the notebook."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.lab import Lab, Notebook

pytest_plugins = ["tests.lab"]
pytestmark = pytest.mark.outside

START = "%load_ext hedy_jupyter\n%hedy demo\n%hedy sync -q"
FOCUSED = "() => [document.activeElement.tagName, document.activeElement.labels?.[0]?.textContent ?? '']"
CELLS = "() => jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.getSource())"
EVIL = "<img src=x onerror=\"alert('run')\"><script>alert('run')</script> $x^2$ ![](https://evil.example/x.png)"
RENAMED = f"""import hedy_jupyter as hj
hedy = hj.demo()
hedy.update_topic("Hiring", name={EVIL!r}[:100]).confirm()
hedy.archive.sync()
hj.forms.browser(hedy)"""


class Browser:
    """The widget below a cell, and the keyboard."""

    def __init__(self, notebook: Notebook, index: int) -> None:
        notebook.run(index)
        self.notebook = notebook
        self.box: Locator = notebook.cell(index).locator(".hedy-browser")
        self.page = notebook.page
        expect(self.field("Meeting")).to_be_visible()

    def field(self, label: str) -> Locator:
        """The field with that label."""
        return self.box.get_by_label(label, exact=True)

    def click(self, name: str) -> None:
        """Click the button with that text."""
        self.box.get_by_role("button", name=name, exact=True).first.click()

    def press(self, *keys: str) -> None:
        """Press keys, where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text, where the focus is, and press Enter."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def tab_to(self, label: str) -> None:
        """Press the tab key until the field with that label has the focus; nothing else may have it on the way."""
        for _ in range(12):
            self.page.keyboard.press("Tab")
            kind, found = self.page.evaluate(FOCUSED)
            assert kind == "INPUT"
            if found == label:
                return
        raise AssertionError(f"no way to {label}")

    def expect_focus(self, label: str) -> None:
        """Wait until the field with that label has the focus."""
        expect(self.field(label)).to_be_focused()

    def cells(self) -> Any:
        """The sources of the notebook's cells."""
        return self.page.evaluate(CELLS)


def test_by_keyboard(jupyter: Lab) -> None:
    """Filter, choose, read, find and go on are typed; keys that would cut or delete cells do nothing to them."""
    with jupyter.notebook("keys.ipynb", START, "%hedy browse", "kept = 1") as notebook:
        notebook.run(0)
        browser = Browser(notebook, 1)
        before = browser.cells()
        browser.field("Filter").click()

        browser.page.keyboard.type("launch weekly")
        expect(browser.box).to_contain_text("(154 in all)")
        browser.tab_to("Meeting")
        browser.type("last")
        browser.expect_focus("Show")
        expect(browser.box).to_contain_text("Session")
        for key in ("x", "d", "d", "a", "b", "ArrowUp", "ArrowDown", "ArrowLeft", "Escape", "x", "d", "d"):
            browser.press(key)
        assert browser.cells() == before
        browser.press("Control+A")
        browser.type("tran")
        browser.expect_focus("Find")
        browser.type("the")
        expect(browser.box).to_contain_text("hit 1 of ")
        browser.press("Enter")
        expect(browser.box).to_contain_text("hit 2 of ")
        browser.press("Enter", "Enter")
        expect(browser.box).to_contain_text("hit 4 of ")
        browser.tab_to("Hit")
        browser.press("ArrowUp", "x", "Enter")
        expect(browser.box).to_contain_text("hit 5 of ")
        browser.tab_to("Line")
        browser.press("Control+A")
        browser.type("12")
        expect(browser.box).to_contain_text("lines 12–")
        notebook.shot("browse-keys")

        browser.press(*["Shift+Tab"] * 4)
        browser.expect_focus("Meeting")
        browser.type("last~3")
        browser.expect_focus("Show")
        browser.press("x", "d", "d", "Backspace", "Backspace", "Backspace")
        browser.type("Todos")
        expect(browser.box).to_contain_text("☐")

        assert browser.cells() == before


def test_by_mouse(jupyter: Lab) -> None:
    """Pages, meetings and tabs are clicked; after each click the focus is in a field, and keys stay there."""
    with jupyter.notebook("mouse.ipynb", START, "%hedy browse", "kept = 1") as notebook:
        notebook.run(0)
        browser = Browser(notebook, 1)
        before = browser.cells()

        browser.click("Older")
        expect(browser.field("Page")).to_have_value("2")
        browser.expect_focus("Meeting")
        browser.press("x", "d", "d")
        browser.click("Newer")
        expect(browser.field("Page")).to_have_value("1")
        browser.expect_focus("Meeting")
        browser.click("Open round")
        expect(browser.box.locator(".hedy-title")).to_have_text("Open round")
        browser.expect_focus("Show")
        browser.press("x", "d", "d", "ArrowUp")
        browser.click("Transcript")  # this meeting has none
        expect(browser.box).to_contain_text("No transcript yet.")
        browser.expect_focus("Show")
        browser.click("Launch weekly")
        for name in ("Minutes", "Todos", "Highlights", "Transcript"):
            browser.click(name)
            expect(browser.box.locator(".hedy-head")).to_have_text(name)
        browser.expect_focus("Find")
        browser.page.keyboard.type("xdd the")
        browser.press("Control+A")
        browser.page.keyboard.type("the")
        browser.click("Next hit")
        expect(browser.box).to_contain_text("hit 1 of ")
        browser.expect_focus("Find")
        browser.click("Later lines")
        browser.expect_focus("Find")
        browser.field("Search").fill("gasket")
        browser.press("Enter")
        expect(browser.box.locator("mark").first).to_have_text("Gasket")
        notebook.shot("browse-mouse")

        assert browser.cells() == before
        saved = json.dumps(json.loads(notebook.saved())["cells"][1]["outputs"])
        assert "hedy browser" in saved
        assert "gasket" not in saved.lower()


def test_hostile_text_is_text(jupyter: Lab) -> None:
    """A title with markup is shown as it is, in the list, on the card and in the fields; formulas stay text."""
    with jupyter.notebook("evil.ipynb", RENAMED) as notebook:
        browser = Browser(notebook, 0)
        browser.field("Topic").click()
        browser.type("img")

        expect(browser.box).to_contain_text(EVIL[:60])
        browser.field("Meeting").click()
        browser.type("last")
        expect(browser.box.locator("mjx-container, img, script")).to_have_count(0)


def test_every_field_has_a_label(jupyter: Lab) -> None:
    """Each field is tied to its label, and the tab key reaches no button."""
    with jupyter.notebook("labels.ipynb", START, "%hedy browse") as notebook:
        notebook.run(0)
        browser = Browser(notebook, 1)
        browser.click("Launch weekly")
        browser.expect_focus("Show")
        browser.click("Transcript")
        browser.expect_focus("Find")

        labels = browser.box.locator("input").evaluate_all("fields => fields.map(one => one.labels[0].textContent)")
        reached = browser.box.locator("button").evaluate_all("found => found.filter(one => one.tabIndex >= 0).length")

        assert labels == [
            "Filter",
            "Search",
            "Topic",
            "Order",
            "Action",
            "Page",
            "Meeting",
            "Show",
            "Find",
            "Hit",
            "Line",
        ]
        assert reached == 0
