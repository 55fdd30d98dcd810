"""The forms in JupyterLab, by mouse and by keyboard, in a real browser."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, expect

from tests.lab import Lab, Notebook

pytest_plugins = ["tests.lab"]
pytestmark = pytest.mark.outside

ACCOUNT = "import hedy_jupyter as hj\nhedy = hj.demo()"
EVIL = "<img src=x onerror=\"alert('run')\"><script>alert('run')</script>\"'&amp;"
SENT = "[f'{row.method} {row.path}' for row in hedy.requests.itertuples() if row.method != 'GET']"
HOST = "hooks.example.com"


def form_of(notebook: Notebook, index: int) -> Locator:
    """Run the cell and give the form under it."""
    notebook.run(index)
    return notebook.cell(index).locator(".hedy-form").first


def click(form: Locator, name: str) -> None:
    """Press the button with that text."""
    form.get_by_role("button", name=name, exact=True).click()


def offered(form: Locator, label: str) -> list[str]:
    """What the field with that label offers."""
    options: list[str] = form.get_by_label(label, exact=True).evaluate(
        "field => [...field.list.options].map(option => option.value)"
    )
    return options


def line(notebook: Notebook, index: int) -> Locator:
    """The ordinary text output of a cell."""
    return notebook.cell(index).locator(".jp-OutputArea-output pre")


def outputs(saved: str) -> str:
    """The outputs and the metadata in the text of a saved notebook, as text."""
    notebook = json.loads(saved)
    return json.dumps([notebook["metadata"], [cell["outputs"] for cell in notebook["cells"]]])


def test_create_edit_and_cancel(jupyter: Lab) -> None:
    """A topic is created and edited by mouse.

    The result lines survive a reload of the page, and nothing else is in the file.
    """
    cells = [f"{ACCOUNT}\nhj.forms.topic(hedy)", 'hj.forms.topic(hedy, "Plans")', "hj.forms.context(hedy)", SENT]
    with jupyter.notebook("create.ipynb", *cells) as notebook:
        form = form_of(notebook, 0)
        form.get_by_label("Name").fill("Plans")
        form.get_by_label("Color").fill("#12")
        form.get_by_label("Instructions").fill("Private words")
        expect(form).to_contain_text("5/100")
        expect(form).to_contain_text("is not of the form #RRGGBB")
        notebook.shot("draft")
        form.get_by_label("Color").fill("#1a7f37")
        click(form, "Review")
        expect(form).to_contain_text("POST demo.hedy.invalid/topics")
        expect(form.get_by_label("Name")).to_have_count(0)
        notebook.shot("review")
        click(form, "Back")
        expect(form.get_by_label("Instructions")).to_have_value("Private words")
        click(form, "Review")
        click(form, 'Create topic "Plans"')
        expect(line(notebook, 0)).to_contain_text('Created topic "Plans"')
        expect(notebook.cell(0).locator(".hedy-form")).to_have_count(0)

        form = form_of(notebook, 1)
        expect(form.get_by_label("Color")).to_have_value("#1a7f37")
        form.get_by_label("Description").fill("More private words")
        click(form, "Review")
        expect(form).to_contain_text("+ More private words")
        notebook.shot("edit")
        click(form, 'Update topic "Plans"')
        expect(line(notebook, 1)).to_contain_text('Updated topic "Plans"')

        form = form_of(notebook, 2)
        form.get_by_label("Content").fill("Other private words")
        assert "rivate words" not in outputs(notebook.saved())
        click(form, "Cancel")
        expect(line(notebook, 2)).to_have_text("Cancelled, nothing was sent.")
        notebook.run(3)
        expect(line(notebook, 3)).to_contain_text("'POST /topics', 'PATCH /topics/")

        saved = outputs(notebook.saved())
        notebook.open()
        expect(line(notebook, 0)).to_contain_text('Created topic "Plans"')
        expect(line(notebook, 2)).to_have_text("Cancelled, nothing was sent.")
        assert "rivate words" not in saved
        assert "hedy_live" not in saved
        assert "widget-view" not in saved


def test_double_click_and_second_try(jupyter: Lab) -> None:
    """A double click sends once, also where the server refuses it; then the second try works."""
    cells = [f"{ACCOUNT}\nhj.forms.topic(hedy, name='Plans')", "hedy.service.fault('500', 1)", SENT, SENT]
    with jupyter.notebook("twice.ipynb", *cells) as notebook:
        form = form_of(notebook, 0)
        form.get_by_role("button", name="Review").dblclick()
        create = form.get_by_role("button", name='Create topic "Plans"')
        expect(create).to_be_visible()
        notebook.run(1)

        create.dblclick()

        expect(form.get_by_role("alert")).to_be_visible()
        notebook.shot("error")
        notebook.run(2)
        expect(line(notebook, 2)).to_have_text("['POST /topics']")
        create.dblclick()
        expect(line(notebook, 0)).to_contain_text('Created topic "Plans"')
        notebook.run(3)
        expect(line(notebook, 3)).to_have_text("['POST /topics', 'POST /topics']")


def test_delete(jupyter: Lab) -> None:
    """A topic is deleted once its name is typed: wrong, the button stays dead; right, it is gone."""
    with jupyter.notebook(
        "delete.ipynb",
        f"{ACCOUNT}\nhj.forms.topic(hedy, 'Hiring', delete=True)",
        "'Hiring' in set(hedy.topics()['name'])",
    ) as notebook:
        form = form_of(notebook, 0)
        expect(form).to_contain_text("Unlinks its 18 sessions and keeps them")
        click(form, 'Delete topic "Hiring"')
        yes = form.get_by_role("button", name="Yes, delete")
        form.get_by_label("Type the name to delete").fill("hiring")
        expect(yes).to_be_disabled()
        notebook.shot("delete")
        form.get_by_label("Type the name to delete").fill("Hiring")
        yes.click()

        expect(line(notebook, 0)).to_contain_text('Deleted topic "Hiring"')
        notebook.run(1)
        expect(line(notebook, 1)).to_have_text("False")


def test_webhook(jupyter: Lab) -> None:
    """A webhook needs its three boxes and its host: with one box unticked the button is dead, ticked it sends."""
    with jupyter.notebook("webhook.ipynb", f"{ACCOUNT}\nhj.forms.webhook(hedy)", SENT) as notebook:
        form = form_of(notebook, 0)
        form.get_by_label("URL").fill(f"https://{HOST}/hedy")
        form.get_by_label("todo.exported").check()
        notebook.shot("webhook")
        click(form, "Review")
        create = form.get_by_role("button", name="Create webhook")
        expect(form.get_by_text(HOST, exact=True)).to_be_visible()
        for box in form.get_by_role("checkbox").all():
            expect(box).not_to_be_checked()
            box.check()
        form.get_by_label("Type the host").fill(HOST)
        expect(create).to_be_enabled()
        form.get_by_label("Meeting data will leave Hedy").uncheck()
        expect(create).to_be_disabled()
        notebook.shot("webhook_review")
        form.get_by_label("Meeting data will leave Hedy").check()
        create.click()

        expect(line(notebook, 0)).to_contain_text("Created webhook")
        notebook.run(1)
        expect(line(notebook, 1)).to_have_text("['POST /webhooks']")


def test_hostile_text(jupyter: Lab) -> None:
    """Markup in every field, in the review, on buttons, in results and in what the API gives runs no script."""
    cells = [
        f"{ACCOUNT}\nEVIL = {EVIL!r}\nhj.forms.topic(hedy)",
        "hj.forms.topic(hedy, EVIL, delete=True)",
        "hj.forms.context(hedy, title=EVIL, content=EVIL, review=True)",
        "hedy.create_topic(EVIL, description=EVIL, topic_context=EVIL).confirm(); hj.forms.manager(hedy)",
        "url = 'https://hooks.example.com/' + EVIL.replace(' ', '+')\n"
        "hj.forms.webhook(hedy, url=url, events=['session.ended'], review=True)",
    ]
    with jupyter.notebook("hostile.ipynb", *cells) as notebook:
        form = form_of(notebook, 0)
        for label in ("Name", "Description", "Color", "Icon", "Instructions"):
            form.get_by_label(label).fill(EVIL)
        expect(form.get_by_text("is not of the form #RRGGBB")).to_be_visible()
        form.get_by_label("Color").fill("")
        click(form, "Review")
        click(form, f'Create topic "{EVIL}"')
        expect(line(notebook, 0)).to_contain_text(EVIL)

        form = form_of(notebook, 1)
        click(form, f'Delete topic "{EVIL}"')
        form.get_by_label("Type the name to delete").fill(EVIL)
        click(form, "Yes, delete")
        expect(line(notebook, 1)).to_contain_text(EVIL)

        form = form_of(notebook, 2)
        click(form, f'Create context "{EVIL}"')
        expect(line(notebook, 2)).to_contain_text(EVIL)

        manager = form_of(notebook, 3)
        manager.get_by_label("Topics", exact=True).fill(EVIL)
        click(manager, "Edit")
        expect(manager.get_by_label("Instructions")).to_have_value(EVIL)
        manager.get_by_label("Icon").fill("map")
        click(manager, "Review")
        click(manager, f'Update topic "{EVIL}"')
        expect(line(notebook, 3).last).to_contain_text(EVIL)

        form = form_of(notebook, 4)
        expect(form.get_by_role("button", name="Create webhook")).to_be_visible()

        assert notebook.page.locator("img[src=x]").count() == 0


def test_keyboard_alone(jupyter: Lab) -> None:
    """A topic is created and deleted without a mouse; Enter in a field sends nothing."""
    cells = [f"{ACCOUNT}\nhj.forms.topic(hedy)", "hj.forms.topic(hedy, 'Plans', delete=True)", SENT]
    with jupyter.notebook("keyboard.ipynb", *cells) as notebook:
        keyboard, form = notebook.page.keyboard, form_of(notebook, 0)
        form.get_by_label("Name").focus()  # where Tab comes to from the cell
        keyboard.type("Plans")
        keyboard.press("Enter")
        expect(form.get_by_role("button", name="Review")).to_be_visible()
        for _ in range(5):
            keyboard.press("Tab")
        expect(form.get_by_role("button", name="Review")).to_be_focused()
        keyboard.press("Enter")
        expect(form.get_by_label("Next step")).to_be_focused()
        keyboard.press("Tab")
        expect(form.get_by_role("button", name='Create topic "Plans"')).to_be_focused()
        keyboard.press("Enter")
        expect(line(notebook, 0)).to_contain_text('Created topic "Plans"')

        form = form_of(notebook, 1)
        form.get_by_role("button", name='Delete topic "Plans"').focus()
        keyboard.press("Enter")
        typed = form.get_by_label("Type the name to delete")
        expect(typed).to_be_focused()
        keyboard.type("Plans")
        expect(form.get_by_role("button", name="Yes, delete")).to_be_enabled()
        keyboard.press("Enter")
        expect(typed).to_be_visible()
        keyboard.press("Tab")
        keyboard.press("Enter")
        expect(line(notebook, 1)).to_contain_text('Deleted topic "Plans"')
        notebook.run(2)
        expect(line(notebook, 2)).to_contain_text("['POST /topics', 'DELETE /topics/")


def test_manager(jupyter: Lab) -> None:
    """The manager filters, creates, and deletes; its lists follow, and its lines are under it after a reload."""
    with jupyter.notebook("manager.ipynb", f"{ACCOUNT}\nhj.forms.manager(hedy)") as notebook:
        notebook.set_theme("JupyterLab Dark")
        manager = form_of(notebook, 0)
        manager.get_by_role("tab", name="Contexts").click()
        click(manager, "New")
        manager.get_by_label("Title").fill("House style")
        notebook.shot("manager_dark")
        click(manager, "Review")
        click(manager, 'Create context "House style"')
        manager.get_by_label("Filter").fill("house")
        expect(manager).to_contain_text("1 context (")
        expect(manager.get_by_label("Contexts", exact=True)).to_have_value("House style")
        assert offered(manager, "Contexts") == ["House style"]
        click(manager, "Delete")
        click(manager, 'Delete context "House style"')
        manager.get_by_label("Type the name to delete").fill("House style")
        click(manager, "Yes, delete")
        expect(line(notebook, 0)).to_contain_text("Deleted context")
        expect(manager).to_contain_text("0 contexts (")
        expect(manager.get_by_label("Contexts", exact=True)).to_have_value("")
        assert offered(manager, "Contexts") == []

        notebook.saved()
        notebook.open()

        expect(line(notebook, 0)).to_contain_text('Created context "House style"')
        expect(line(notebook, 0)).to_contain_text('Deleted context "House style"')


def test_reload_in_the_middle(jupyter: Lab) -> None:
    """After a reload of the page a form that was open works on, and says there what it did."""
    with jupyter.notebook("reload.ipynb", f"{ACCOUNT}\nhj.forms.topic(hedy)", SENT) as notebook:
        form = form_of(notebook, 0)
        form.get_by_label("Name").fill("Plans")
        notebook.saved()
        notebook.open()

        form = notebook.cell(0).locator(".hedy-form").first
        expect(form.get_by_label("Name")).to_have_value("Plans")
        click(form, "Review")
        click(form, 'Create topic "Plans"')

        expect(form).to_contain_text("Created topic (topic_")  # the page of before has the output with the name
        notebook.run(1)
        expect(line(notebook, 1)).to_have_text("['POST /topics']")
