"""Forms and the manager by keyboard alone: where the focus is after each step, and that no key reaches the notebook."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.lab import Lab, Notebook

pytest_plugins = ["tests.lab"]
pytestmark = pytest.mark.outside

ACCOUNT = "import hedy_jupyter as hj\nhedy = hj.demo()"
SENT = "[f'{row.method} {row.path}'.partition('s/')[0] for row in hedy.requests.itertuples() if row.method != 'GET']"
COMMANDS = ("x", "d", "d", "ArrowDown", "ArrowUp", "a", "b", "m", "y", "z", "Escape")
"""Keys that cut, delete, leave, add, change and restore cells in JupyterLab's command mode."""
CELLS = """() => {
    const book = window.jupyterapp.shell.currentWidget.content;
    return [book.activeCellIndex, ...[...book.model.cells].map(cell => [cell.type, cell.sharedModel.getSource()])];
}"""
LABEL = "() => document.activeElement?.labels?.[0]?.textContent ?? ''"
TEXT_IN_A_FORM = "() => document.activeElement.matches('.hedy-form :is(input[type=text], textarea)')"


class Keyboard:
    """The keyboard, in the form under one cell."""

    def __init__(self, notebook: Notebook, index: int) -> None:
        notebook.run(index)
        self.form: Locator = notebook.cell(index).locator(".hedy-form").first
        expect(self.form.get_by_label("Next step").or_(self.form.get_by_label("Action")).first).to_be_visible()
        self._page = notebook.page
        self._keys = notebook.page.keyboard
        self._cells = self._page.evaluate(CELLS)

    def expect_at(self, label: str) -> None:
        """The text field with that label has the focus, and no command of the notebook hears what is pressed there."""
        expect(self.form.get_by_label(label, exact=True)).to_be_focused()
        assert self._page.evaluate(TEXT_IN_A_FORM)
        text = self._page.evaluate("() => document.activeElement.value")
        self.press(*COMMANDS)
        self.expect_cells_kept()
        self.type_over(text)
        expect(self.form.get_by_label(label, exact=True)).to_be_focused()

    def expect_cells_kept(self) -> None:
        """The notebook has the same cells, and the same one is active."""
        assert self._page.evaluate(CELLS) == self._cells

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self._keys.press(key)

    def type_over(self, text: str) -> None:
        """Replace what is in the field."""
        self.press("ControlOrMeta+a", "Backspace")
        self._keys.type(text)

    def tab_to(self, label: str, key: str = "Tab") -> None:
        """Press Tab until that field has the focus."""
        for _ in range(20):
            if self._page.evaluate(LABEL) == label:
                return
            self.press(key)
        raise AssertionError(f"Tab does not lead to {label!r}")

    def fill(self, label: str, text: str) -> None:
        """Go to a field and type."""
        self.tab_to(label)
        self.type_over(text)

    def enter(self, step: str, label: str = "Next step") -> None:
        """Go to the field that chooses the step, type the step, press Enter."""
        self.fill(label, step)
        self.press("Enter")

    def choose(self, step: str, label: str = "Next step") -> None:
        """Enter a step that can be done, and wait until the kernel has done it, which empties the field."""
        self.enter(step, label)
        self._page.wait_for_function("step => document.activeElement.value !== step", arg=step)


def said(notebook: Notebook, index: int) -> Locator:
    """The ordinary text output of a cell."""
    return notebook.cell(index).locator(".jp-OutputArea-output pre").last


def test_topic(jupyter: Lab) -> None:
    """A topic is created, edited and deleted; after the result the keys go nowhere."""
    cells = [
        f"{ACCOUNT}\nhj.forms.topic(hedy)",
        "hj.forms.topic(hedy, 'Plans')",
        "hj.forms.topic(hedy, 'Plans', delete=True)",
        "hj.forms.topic(hedy, 'Plans', delete=True)",
        SENT,
    ]
    with jupyter.notebook("topic keys.ipynb", *cells) as notebook:
        keys = Keyboard(notebook, 0)
        keys.tab_to("Name")
        notebook.page.keyboard.insert_text("P" * 101)
        keys.choose("Review")
        expect(keys.form).to_contain_text("101/100")
        keys.expect_at("Name")
        keys.type_over("Plans")
        keys.press("Enter")
        keys.fill("Color", "teal")
        expect(keys.form).to_contain_text("#008080")
        keys.fill("Icon", "star")
        keys.choose("Review")
        keys.expect_at("Next step")
        expect(keys.form).to_contain_text('"color": "#008080"')
        keys.choose("Back")
        keys.expect_at("Name")
        keys.choose("Review")
        keys.expect_at("Next step")
        keys.press("Enter")
        expect(keys.form).to_contain_text('Nothing is chosen. Possible: Create topic "Plans", Back, Cancel.')
        keys.enter('Create topic "Plan"')
        expect(keys.form.get_by_role("alert")).to_contain_text("Unknown step")
        keys.type_over('Create topic "Plans"')
        keys.press("Tab")  # leaving the field sends nothing
        keys.tab_to("Next step", "Shift+Tab")
        expect(keys.form).to_contain_text("POST demo.hedy.invalid/topics")
        keys.choose("Back")  # typed over the step that was left
        keys.expect_at("Name")
        keys.choose("Review")
        keys.expect_at("Next step")
        keys.type_over('Create topic "Plans"')
        keys.press("Tab")
        keys.tab_to("Next step", "Shift+Tab")
        keys.press("Enter")
        expect(said(notebook, 0)).to_contain_text('Created topic "Plans"')
        keys.press(*COMMANDS)
        keys.expect_cells_kept()

        keys = Keyboard(notebook, 1)
        keys.fill("Description", "Later")
        keys.choose("Review")
        keys.expect_at("Next step")
        keys.choose('Update topic "Plans"')
        expect(said(notebook, 1)).to_contain_text('Updated topic "Plans"')

        keys = Keyboard(notebook, 2)
        keys.tab_to("Next step")
        keys.expect_at("Next step")
        keys.choose('Delete topic "Plans"')
        keys.expect_at("Type the name to delete")
        keys.fill("Type the name to delete", "Plan")
        keys.enter("Yes, delete")
        expect(keys.form).to_contain_text("Not yet: first fill in")
        keys.choose("Cancel")
        expect(said(notebook, 2)).to_contain_text("nothing was sent")

        keys = Keyboard(notebook, 3)
        keys.choose('Delete topic "Plans"')
        keys.expect_at("Type the name to delete")
        keys.type_over("Plans")
        keys.choose("Yes, delete")
        expect(said(notebook, 3)).to_contain_text('Deleted topic "Plans"')
        notebook.run(4)
        expect(said(notebook, 4)).to_have_text("['POST /topics', 'PATCH /topic', 'DELETE /topic']")


def test_webhook_and_errors(jupyter: Lab) -> None:
    """Boxes are ticked by the choice of the next step; after an error or a click the focus is on a text field."""
    cells = [f"{ACCOUNT}\nhj.forms.webhook(hedy)", "hedy.service.fault('500', 1)", SENT]
    with jupyter.notebook("webhook keys.ipynb", *cells) as notebook:
        keys = Keyboard(notebook, 0)
        keys.fill("URL", "https://hooks.example.com/hedy")
        keys.choose("Review")
        keys.expect_at("Next step")  # an event is missing
        expect(keys.form).to_contain_text("at least one event")
        keys.choose("Tick todo.exported")
        expect(keys.form.get_by_label("todo.exported")).to_be_checked()
        keys.choose("Review")
        keys.expect_at("Type the host")
        keys.fill("Type the host", "hooks.example.com")
        for box in ("This host: hooks.example.com", "These events: todo.exported", "Meeting data will leave Hedy"):
            keys.choose(f"Tick {box}")
            expect(keys.form.get_by_label(box)).to_be_checked()
        notebook.run(1)
        keys.form.get_by_role("button", name="Create webhook").click()
        expect(keys.form.get_by_role("alert")).to_be_visible()
        expect(keys.form.get_by_label("Next step")).to_be_focused()
        keys.choose("Create webhook")
        expect(said(notebook, 0)).to_contain_text("Created webhook")
        notebook.run(2)
        expect(said(notebook, 2)).to_have_text("['POST /webhooks', 'POST /webhooks']")


def test_manager(jupyter: Lab) -> None:
    """The manager: its tabs by their headers and by name; create, edit, delete; what was just made is selected."""
    with jupyter.notebook("manager keys.ipynb", f"{ACCOUNT}\nhj.forms.manager(hedy)", SENT) as notebook:
        keys = Keyboard(notebook, 0)
        keys.tab_to("Filter")
        keys.expect_at("Filter")
        keys.press("Shift+Tab", "ArrowRight", "Enter")
        keys.expect_at("Filter")
        expect(keys.form.get_by_label("Contexts", exact=True)).to_be_visible()
        keys.choose("New", "Action")
        keys.expect_at("Title")
        keys.fill("Title", "House style")
        keys.choose("Tick Default")
        expect(keys.form.get_by_label("Default")).to_be_checked()
        keys.choose("Review")
        keys.expect_at("Next step")
        keys.choose('Create context "House style"')
        keys.expect_at("Contexts")
        expect(keys.form.get_by_label("Contexts", exact=True)).to_have_value("House style (default)")
        keys.choose("Edit", "Action")
        keys.expect_at("Title")
        keys.fill("Content", "Short sentences.")
        keys.choose("Cancel")
        keys.expect_at("Contexts")
        keys.choose("Delete", "Action")
        keys.expect_at("Next step")
        keys.choose('Delete context "House style"')
        keys.expect_at("Type the name to delete")
        keys.fill("Type the name to delete", "House style")
        keys.choose("Yes, delete")
        keys.expect_at("Contexts")
        keys.choose("Refresh", "Action")
        keys.expect_at("Contexts")
        keys.choose("Show Webhooks", "Action")
        keys.expect_at("Filter")
        expect(keys.form.get_by_label("Webhooks", exact=True)).to_be_visible()
        keys.choose("Delete", "Action")
        expect(keys.form.get_by_role("alert")).to_contain_text("No webhook is selected.")
        keys.expect_at("Webhooks")
        notebook.run(1)
        expect(said(notebook, 1)).to_have_text("['POST /contexts', 'DELETE /context']")


def test_color_picker_and_width(jupyter: Lab) -> None:
    """The picker and the text field show one colour; every control of every form is inside 560 pixels."""
    cells = [
        f"{ACCOUNT}\nhj.forms.topic(hedy, 'Hiring')",
        "hj.forms.webhook(hedy)",
        "hj.forms.webhook(hedy, url='https://hooks.example.com/', events=['session.ended'], review=True)",
        "hj.forms.manager(hedy)",
    ]
    with jupyter.notebook("narrow.ipynb", *cells) as notebook:
        forms = [Keyboard(notebook, index).form for index in range(len(cells))]
        picker = forms[0].locator("input[type=color]")
        forms[0].get_by_label("Color").fill("rebeccapurple")
        expect(picker).to_have_value("#663399")
        forms[0].locator(".hedy-picker").hover()
        picker.fill("#1a7f37")
        picker.dispatch_event("change")
        expect(forms[0].get_by_label("Color")).to_have_value("#1a7f37")

        for form in forms:
            too_wide = form.evaluate(
                """form => {
                    form.style.width = '560px';
                    const edge = form.getBoundingClientRect().right + 1;
                    return [...form.querySelectorAll('input, textarea, button, .hedy-card')]
                        .filter(one => one.getBoundingClientRect().right > edge).map(one => one.outerHTML.slice(0, 80));
                }"""
            )
            assert too_wide == []
        notebook.shot("narrow")
