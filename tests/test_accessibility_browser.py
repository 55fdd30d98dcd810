"""Axe, the accessibility checker, on all that the package shows in JupyterLab, in the light and the dark theme."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from tests.lab import THEMES, Lab

pytest_plugins = ["tests.lab"]
pytestmark = pytest.mark.outside

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
WEBHOOK = "url='https://hooks.example.com/', events=['session.ended']"
CELLS = [
    "%load_ext hedy_jupyter\n%hedy demo\nimport hedy_jupyter as hj\nhedy = hj.current()\n%hedy sync -q",
    *(
        f"%hedy {command}"
        for command in (
            "",
            "sessions --limit 5",
            "highlights --limit 4",
            "todos --open",
            "todos --overdue",
            "topics",
            "contexts",
            "webhooks",
            "search budget plan --limit 5",
            "coverage",
            "archive history last",
            "decisions --limit 4",
            "speakers last",
            "speakers --by topic --limit 4",
            "compare Hiring Coaching",
            "events",
            "log",
            "help",
            "session last",
            "topic Hiring",
            "brief Hiring",
            "brief Hiring --as markdown",
            "report week",
            "transcript last --find gasket",
        )
    ),
    *(
        f"hj.forms.{form}"
        for form in (
            "topic(hedy, name='x' * 101, color='#12')",
            "topic(hedy, 'Hiring', description='New', color='teal', review=True)",
            "topic(hedy, 'Hiring', delete=True)",
            "context(hedy)",
            "webhook(hedy)",
            f"webhook(hedy, {WEBHOOK}, review=True)",
            "manager(hedy)",
        )
    ),
]
VIOLATIONS = """async () => {
    // Axe takes a page for hidden whose body has no height.
    document.documentElement.style.height = document.body.style.height = "100%";
    const found = await axe.run({ include: [[".jp-OutputArea-output"]] }, { resultTypes: ["violations"] });
    const serious = found.violations.filter(one => ["serious", "critical"].includes(one.impact));
    return {
        checked: found.passes.length,
        wrong: serious.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 200)}`)),
    };
}"""


def test_no_serious_violation(jupyter: Lab) -> None:
    """Axe finds nothing serious or critical in cards, lists, transcripts, forms and the manager."""
    with jupyter.notebook("axe.ipynb", *CELLS) as notebook:
        for index in range(len(CELLS)):
            notebook.run(index)
        page = notebook.page
        page.locator(".hedy-manager .hedy-view").wait_for()
        page.set_viewport_size({"width": 1100, "height": 22_000})  # what is out of sight has no colours to check
        page.evaluate(AXE)

        for theme in THEMES:
            notebook.set_theme(theme)
            found = page.evaluate(VIOLATIONS)
            assert found["wrong"] == [], theme
            assert found["checked"] > 20
