"""The cells of the README and the ten usage examples of the agent skill run on the demo account as they are written."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.demo_server.service import Service
from hedy_jupyter.magics import dispatch
from tests.cases import case
from tests.magics.test_magics import CellRunner, Ran, fixture_history, fixture_runner, fixture_shell
from tests.test_docs_site import PAGES
from tests.waiting import set_defaults

__all__ = ["fixture_history", "fixture_runner", "fixture_shell"]

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CELLS = re.findall(r"^```i?python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
QUESTIONS = [
    (question.strip(), re.findall(r"`(%[^`]+)`", cells))
    for question, cells in re.findall(
        r"^\| ([^|]+\?) \| (.*) \|$", README.partition("| Question | Cell |")[2].partition("\n\n")[0], re.MULTILINE
    )
]


@pytest.fixture(name="demo")
def fixture_demo(runner: CellRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[CellRunner]:
    """The shell in an empty folder on a fresh demo account, in UTC."""
    monkeypatch.chdir(tmp_path)
    with hj.demo(timezone="UTC"):
        yield runner


def done(demo: CellRunner, cell: str) -> Ran:
    """What *cell* gives, run without an error."""
    ran = demo(cell)
    assert ran.error is None, ran.out
    return ran


def confirmed(demo: CellRunner, line: str, options: str = "") -> Any:
    """What *line*, a change, gives: shown by a dry run that sends nothing, then confirmed by its digest."""
    before = len(writes())
    shown = done(demo, f"{line} --dry-run")
    digest = re.findall(r"--confirm (\S+)", shown.out)[-1]
    assert len(writes()) == before

    value = done(demo, f"{line} --confirm {digest} {options}").result.result

    assert len(writes()) == before + 1
    return value


def writes() -> list[str]:
    """The changes that the account in use has sent."""
    frame = hj.current().requests
    return [f"{method} {path}" for method, path in zip(frame["method"], frame["path"], strict=True) if method != "GET"]


def test_the_readme_has_cells_and_questions() -> None:
    """What the next tests run is there, so that they cannot pass because nothing is run."""
    assert len(CELLS) >= 4
    assert [len(cells) for _, cells in QUESTIONS] == [1, 1, 2, 1, 1, 1, 1, 2, 1, 1]


@pytest.mark.usefixtures("few_meetings")
def test_cells_of_the_readme(demo: CellRunner) -> None:
    """Every Python cell runs, one after the other, in one notebook."""
    for cell in CELLS:
        done(demo, cell)

    assert len(demo["todos"]) > 0
    assert hj.current().settings.demo


@pytest.mark.usefixtures("few_meetings")
@pytest.mark.parametrize(("question", "cells"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_questions_of_the_readme(demo: CellRunner, question: str, cells: list[str]) -> None:
    """Every cell that answers a question runs and finds something."""
    for cell in cells:
        value = done(demo, cell).result.result

        assert not isinstance(value, pd.DataFrame) or len(value) > 0


# Examples inside the text of the README, the pages and the notebooks -----------------------------------------------

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_PLACEHOLDER = re.compile(r"\b[A-Z]+\b|[\[…|]")
_OPTION = re.compile(r"\[([^\]]+)\]…?")
ASKS = re.compile(r"%hedy (browse|manage)$|%hedy (topic|context|webhook) (new|edit|delete)\b(?!.*--dry-run)|%%hedy_")
"""The examples that need a person, and say so where there is none."""
LAST = {"%hedy demo off"}
"""The examples after which the demo account is gone."""
VALUES = {
    "N": "3",
    "BY": "topic",
    "OTHER": "Hiring",
    "WHO": "Imke",
    "T": '"Project Alpha"',
    "D": "yesterday",
    "FORM": "text",
    "TEXT": "budget",
    "WORDS": "budget",
    "PATTERN": "title",
    "PERIOD": "month",
    "ORDER": "urgency",
    "LIST": "questions",
    "EVENT": "session.ended",
    "FIELD": "title",
    "KIND": "todos",
    "TOPIC": '"Project Alpha"',
    "COMMAND": "todos",
    "C": "blue",
    "I": "star",
    "E": "session.ended",
    "URL": "https://hooks.example.com/hedy",
    "NAME": "Roadmap",
    "TITLE": "Roadmap",
    "H": "hooks.example.com",
    "SOURCE": "archive",
    "PATH": "out",
    "FOLDER": "out",
}
"""Placeholder → an example of it."""
WHICH = {"topic": '"Project Alpha"', "context": "Interviews", "webhook": "https://hooks.harbour-lamp.example/hedy"}
"""Kind → one that the demo has; a session is the last one."""


def texts() -> Iterator[str]:
    """The text of the README, of each page and of the notebooks, without blocks of code."""
    yield _FENCE.sub("", README)
    yield from (_FENCE.sub("", path.read_text(encoding="utf-8")) for path in PAGES)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


INLINE = list(dict.fromkeys(code.replace("\\|", "|") for text in texts() for code in _INLINE.findall(text)))
EXPORT = next(command for command in dispatch.COMMANDS if command.word == "export")
NEEDS_MORE = re.compile(r"%hedy (login|use \w+|watch$)")
"""Lines that ask for a key, name a profile, or wait until somebody interrupts them."""
LINES = [code for code in INLINE if re.match(r"%%?hedy\b|%%hedy_", code) and not code.endswith("?")]


@pytest.mark.usefixtures("few_meetings")
def test_lines_inside_the_text(demo: CellRunner) -> None:
    """Every line of ``%hedy`` in the text runs as it is written; one that needs a person names the next step."""
    lines = [line for line in LINES if not _PLACEHOLDER.search(line.replace("%%hedy_", "")) or '"' in line]
    lines = [line for line in lines if "[" not in line and not NEEDS_MORE.match(line)]
    done(demo, "%hedy sync")
    for line in sorted(lines, key=lambda line: (line in LAST, "fault" in line)):
        with case(line):
            ran = demo(f"{line}\nbudget" if line.startswith("%%") else line)
            if ASKS.match(line):
                assert isinstance(ran.error, hj.UsageError)
                assert ran.error.advice
            else:
                assert ran.error is None or line == "%hedy export", ran.out
    assert len(lines) > 25


@pytest.mark.usefixtures("few_meetings")
def test_lines_with_placeholders(demo: CellRunner) -> None:
    """Every command, as its help and the pages write it, runs with each of its options; writes as a dry run."""
    done(demo, "%hedy sync")
    forms = next(one.source for one in EXPORT.arguments if one.name == "FORM").split("|")
    usages = [command.usage for command in dispatch.COMMANDS if command.word not in {"export", "login", "use", "watch"}]
    usages += [EXPORT.usage.replace("FORM", form) for form in forms]
    templates = dict.fromkeys([*usages, *(line for line in LINES if _PLACEHOLDER.search(line))])
    ids = known_ids()
    filled = list(dict.fromkeys(line for template in templates for line in variants(template, ids)))
    for number, line in enumerate(filled):
        with case(line):
            done(demo, re.sub(r"\bout\b", f"out{number}", line))
    assert len(filled) > 60


def known_ids() -> dict[str, str]:
    """Return ids of the demo account for placeholders: of a highlight, a todo and the todo's session."""
    todo = hj.current().todos().iloc[0]
    highlight = hj.current().highlights(1)["highlight_id"].iloc[0]
    return {"highlight": highlight, "todo": todo["todo_id"], "session": todo["session_id"]}


def variants(template: str, ids: dict[str, str]) -> Iterator[str]:
    """The lines that *template* stands for: without its options, and with each of them alone."""
    if template.startswith(("%%", "%hedy browse", "%hedy manage")) or "COMMAND" in template:  # a body, a widget, help
        return
    if template.endswith(" …"):  # a family of commands
        return
    bare = _OPTION.sub("", template)
    if "export" in bare and "csv" not in bare:  # JSON takes the options of CSV
        yield example(bare, ids)
        return
    options = [choice.strip() for found in _OPTION.findall(template) for choice in found.split("|")]
    left_out = {"ACTION", "HOW", "--dry-run", "--confirm DIGEST", "--name PATH"}
    left_out |= {"--name PATTERN", "--folder PATTERN", "--transcript HOW"}  # of vaults alone
    left_out |= {"NAME"} if "demo" in bare else {"WHICH"} if "archive" in bare else set()
    yield from (example(f"{bare} {option}", ids) for option in ["", *options] if option not in left_out)


def example(line: str, ids: dict[str, str]) -> str:
    """*line* with examples in place of its placeholders, some of them *ids*."""
    words = line.split()
    kind, is_write = words[1], words[1] in WHICH and words[2:3] in (["new"], ["edit"], ["delete"])
    of_kind = {**WHICH, "highlight": ids["highlight"], "todo": ids["session"]}
    values = {
        **VALUES,
        "NAME": "Imke" if kind in {"brief", "speakers"} else VALUES["NAME"],
        "WHICH": WHICH.get(kind, "last"),
        "ID": of_kind.get(kind, "last") if "--topic" not in words else WHICH["topic"],
        "SESSION": ids["session"],
        "TODO": ids["todo"],
    }
    text = re.sub(r"\b[A-Z]+\b", lambda found: values[found[0]], line.replace("…", ""))
    text = f"{text} --description x" if words[1:3] == ["topic", "edit"] else text
    text = f"{text} --content x" if words[1:3] == ["context", "edit"] else text
    text = f"{text} --event session.ended" if words[1:3] == ["webhook", "new"] and "E" not in words else text
    if is_write and "new" in words and not {"NAME", "TITLE", "URL", "--name", "--title"} & set(words):
        text += " https://hooks.example.com/other" if kind == "webhook" else " Roadmap"
    return f"{text} --dry-run" if is_write else text


@pytest.mark.usefixtures("few_meetings")
def test_expressions_inside_the_text(demo: CellRunner) -> None:
    """Every call of Python in the text that is complete, with ``hj`` and ``hedy`` alone, gives a value."""
    done(demo, "%hedy sync")
    done(demo, "import hedy_jupyter as hj\nhedy = hj.current()")
    names = {
        "hj.connect()",
        "hedy.get()",
        "hedy.export()",
        "hedy.close()",
        "hj.concat()",
    }  # one's own account, names, the end
    calls = [code for code in INLINE if re.match(r"hj\.|hedy\.", code) and is_complete(code) and code not in names]
    for code in calls:
        with case(code):
            done(demo, f"{code};")
    assert len(calls) > 12


def is_complete(code: str) -> bool:
    """Whether *code* is an expression of Python without any name but ``hj`` and ``hedy``."""
    try:
        tree = ast.parse(code, mode="eval")
    except SyntaxError:
        return False
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} <= {"hj", "hedy"}


# The skill's usage examples, in its order ----------------------------------------------------------------------------


def recent_meetings(demo: CellRunner) -> None:
    """Show me my recent meetings."""
    found = done(demo, "%hedy sessions --limit 10").result.result

    assert len(found) == 10
    assert found["start_time"].is_monotonic_decreasing
    assert found[["title", "start_time", "duration_min", "topic_name"]].notna().any().all()


def key_takeaways(demo: CellRunner) -> None:
    """What were the key takeaways from my last meeting?"""
    found = done(demo, "%hedy session last").result.result

    assert found.recap
    assert len(found.highlights) > 0


def open_todos(demo: CellRunner) -> None:
    """Do I have any open todos?"""
    found = done(demo, "%hedy todos --open").result.result

    assert len(found) > 0
    assert not found["completed"].any()


def everything_about_project_alpha(demo: CellRunner) -> None:
    """Show me everything about Project Alpha."""
    topic = done(demo, '%hedy topic "Project Alpha"').result.result
    sessions = done(demo, '%hedy sessions --topic "Project Alpha" --all').result.result
    todos = done(demo, '%hedy todos --topic "Project Alpha"').result.result
    brief = done(demo, '%hedy brief "Project Alpha" --as text').result.result

    assert topic.overview
    assert len(sessions) == topic.session_count >= 5
    assert set(sessions["topic_name"]) == {"Project Alpha"}
    assert set(todos["session_id"]) <= set(sessions["session_id"])
    assert set(todos["completed"]) == {True, False}
    assert sessions["title"].iloc[0] in brief


def last_tuesday(demo: CellRunner) -> None:
    """What did we discuss last Tuesday?"""
    found = done(demo, '%hedy sessions --since "last tuesday" --until "last tuesday" --details').result.result

    assert set(found["start_time"].dt.day_name()) == {"Tuesday"}
    assert found["recap"].notna().any()


def my_contexts(demo: CellRunner) -> None:
    """Show my session contexts."""
    found = done(demo, "%hedy contexts").result.result

    assert found["title"].notna().all()
    assert found["is_default"].sum() == 1


def create_client_calls(demo: CellRunner) -> None:
    """Create a topic called Client Calls with a blue color."""
    made = confirmed(demo, '%hedy topic new "Client Calls" --color "#4A90D9"')

    assert (made.name, made.color) == ("Client Calls", "#4A90D9")
    assert writes() == ["POST /topics"]
    assert done(demo, '%hedy topic "Client Calls"').result.result.topic_id == made.topic_id


def delete_project_alpha(demo: CellRunner) -> None:
    """Delete the Project Alpha topic."""
    topic = done(demo, '%hedy topic "Project Alpha"').result.result
    held = len(done(demo, "%hedy sessions --all").result.result)
    shown = done(demo, '%hedy topic delete "Project Alpha" --dry-run').out
    gone = confirmed(demo, '%hedy topic delete "Project Alpha"', '--name "Project Alpha"')

    assert f"{topic.session_count} sessions" in shown
    assert gone.topic_id == topic.topic_id
    assert writes() == [f"DELETE /topics/{topic.topic_id}"]
    assert isinstance(demo('%hedy topic "Project Alpha"').error, hj.NotFound)
    assert len(done(demo, "%hedy sessions --all").result.result) == held


def webhook_for_highlights(demo: CellRunner) -> None:
    """Set up a webhook for new highlights."""
    line = "%hedy webhook new https://hooks.example.com/hedy --event highlight.created"
    made = confirmed(demo, line, "--host hooks.example.com")

    assert (made.url, list(made.events)) == ("https://hooks.example.com/hedy", ["highlight.created"])
    assert writes() == ["POST /webhooks"]
    assert made.webhook_id in set(done(demo, "%hedy webhooks").result.result["webhook_id"])


def context_for_investors(demo: CellRunner) -> None:
    """Create a context for investor meetings."""
    made = confirmed(demo, '%hedy context new "Investor Meetings" --content "Numbers first. Note every promise."')

    assert (made.title, made.content) == ("Investor Meetings", "Numbers first. Note every promise.")
    assert writes() == ["POST /contexts"]
    assert "Investor Meetings" in set(done(demo, "%hedy contexts").result.result["title"])


@pytest.mark.parametrize(
    "example",
    [
        recent_meetings,
        key_takeaways,
        open_todos,
        everything_about_project_alpha,
        last_tuesday,
        my_contexts,
        create_client_calls,
        delete_project_alpha,
        webhook_for_highlights,
        context_for_investors,
    ],
    ids=lambda example: example.__name__,
)
def test_examples_of_the_skill(demo: CellRunner, example: Callable[[CellRunner], None]) -> None:
    """Each of the ten is answered by ``%hedy`` on the demo account, writes after a look and a confirmation."""
    example(demo)


@pytest.mark.parametrize("day", range(7))
def test_last_tuesday_on_any_day(day: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days of the demo account go with the calendar: whatever today is, there was a meeting last Tuesday."""
    today = datetime(2026, 5, 11 + day, tzinfo=UTC).date()  # Monday to Sunday
    set_defaults(monkeypatch, Service, today=today)
    hj.demo(timezone="UTC")
    back = (today.weekday() - 1) % 7 or 7

    starts = hj.current().sessions(40)["start_time"].dt.date

    assert any((today - start).days == back for start in starts)
