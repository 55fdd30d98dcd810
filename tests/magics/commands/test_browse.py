"""``%hedy browse`` as typed: where it opens, what it reads, and what it says where nothing can be clicked."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from nbclient import NotebookClient

from hedy_jupyter import UsageError
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.completion import complete
from hedy_jupyter.magics.context import CommandContext, ReviewMode
from hedy_jupyter.magics.line import words
from tests.forming import seen
from tests.histories import History


@pytest.fixture(name="history")
def fixture_history() -> Iterator[History]:
    """Three meetings of the account in use, which has an archive."""
    history = History(3)
    with history.account_of() as hedy:
        hedy.archive.sync()
        history.asked.clear()
        hedy.forget()
        yield history


def run(line: str, mode: ReviewMode = "form") -> str:
    """What the widget of ``%hedy line`` shows at first."""
    ctx = CommandContext(ask_hidden=lambda _: "", review_mode=lambda: mode)
    return seen(dispatch.dispatch(ctx, words(line, {})[0])[1].value)


@pytest.mark.parametrize(
    ("line", "source", "asks"),
    [
        ("browse", "archive", False),
        ("browse --source auto", "archive", False),
        ("browse --source archive", "archive", False),
        ("browse --source live", "live", True),
    ],
)
def test_sources(history: History, line: str, source: str, asks: bool) -> None:
    """It shows the archive where it holds a meeting, and the live list on request."""
    assert run(line).startswith(f"3 meetings · {source}")
    assert bool(history.asked) == asks


@pytest.mark.parametrize("mode", ["terminal", "none"])
def test_without_widgets(history: History, mode: ReviewMode) -> None:
    """Where nothing can be clicked it is an error that says what to type instead."""
    with pytest.raises(UsageError) as caught:
        run("browse", mode)

    assert caught.value.message == "%hedy browse needs a notebook whose widgets can be clicked."
    assert "%hedy sessions, then %hedy session last" in (caught.value.advice or "")


def test_an_unknown_source(history: History) -> None:
    """Another source is an error."""
    with pytest.raises(UsageError, match="--source must be"):
        run("browse --source cloud")


def test_completion() -> None:
    """Tab completes the command and its sources."""
    assert complete("%hedy bro", {}) == ("bro", ["browse"])
    assert complete("%hedy browse --source ", {}) == ("", ["auto", "archive", "live"])


@pytest.mark.outside
def test_a_program_that_runs_notebooks() -> None:
    """nbclient, which nbconvert and papermill use, gets one line from the widget in code, and no list of meetings."""
    cells = ["import hedy_jupyter as hj\nhj.forms.browser(hj.demo())"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])

    NotebookClient(notebook, timeout=60).execute()

    (output,) = notebook.cells[0].outputs
    assert list(output["data"]) == ["text/plain"]
    assert output["data"]["text/plain"].startswith("The Hedy browser opens here when this cell runs in JupyterLab; ")
