"""Lists in a shell: ``%hedy`` shows a view, and the value is the plain frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import wcwidth
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from hedy_jupyter.magics import magics
from tests.cases import case

pytestmark = pytest.mark.usefixtures("few_meetings")


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A real shell with the extension, on the demo account."""
    made = InteractiveShell.instance()
    magics.load(made)
    run(made, "import hedy_jupyter as hj\n%hedy demo")
    yield made
    magics.unload(made)
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, cell: str) -> tuple[Any, dict[str, str]]:
    """The value of a cell, and what a front end gets for it."""
    shown: list[dict[str, str]] = []
    assert shell.display_formatter is not None
    plain = shell.displayhook.compute_format_data

    def noted(result: object) -> Any:
        made = plain(result)
        shown.append(made[0])
        return made

    shell.displayhook.compute_format_data = noted
    try:
        with capture_output():
            result = shell.run_cell(cell, store_history=True)
    finally:
        shell.displayhook.compute_format_data = plain
    result.raise_error()
    return result.result, shown[-1] if shown else {}


@pytest.mark.parametrize(
    "line", ["sessions", "highlights", "todos --open", "todos --overdue", "topics", "contexts", "webhooks"]
)
def test_a_list_is_shown_as_a_view(shell: InteractiveShell, line: str) -> None:
    """HTML, Markdown and text are those of the view; value and ``Out`` are the plain frame."""
    value, shown = run(shell, f"%hedy {line}")

    assert type(value) is pd.DataFrame
    assert list(shell.user_ns["Out"].values())[-1] is value
    assert "hedy-view" in shown["text/html"]
    assert shown["text/markdown"].startswith("| ")
    assert "Id" in shown["text/plain"]
    assert "+00:00" not in shown["text/plain"]


@pytest.mark.parametrize(
    "cell",
    [
        "df = %hedy sessions\ndf",
        "(get_ipython().run_line_magic('hedy', 'sessions'))",
        "df = %hedy sessions\ndisplay(df)\ndf",
        "%hedy sessions -o df\ndf",
    ],
)
def test_frames_in_own_cells_stay_pandas(shell: InteractiveShell, cell: str) -> None:
    """A frame that went to a name is shown as pandas shows it, in the same cell too."""
    value, shown = run(shell, cell)

    assert type(value) is pd.DataFrame
    assert shown["text/html"] == value._repr_html_()
    assert "text/markdown" not in shown


def test_the_value_is_pandas_in_the_next_cell(shell: InteractiveShell) -> None:
    """The view belongs to the cell of the magic alone."""
    first, _ = run(shell, "%hedy sessions")
    second, shown = run(shell, "Out[max(Out)]")

    assert second is first
    assert "hedy-view" not in shown["text/html"]


def test_display_switches(shell: InteractiveShell) -> None:
    """``%hedy display pandas`` shows frames, ``view`` views again; each says how to get back."""
    run(shell, "%hedy display pandas")
    frames = run(shell, "%hedy topics")[1]
    run(shell, "%hedy display view")
    views = run(shell, "%hedy topics")[1]

    assert "hedy-view" not in frames["text/html"]
    assert "hedy-view" in views["text/html"]


def test_an_error_between_leaves_no_view(shell: InteractiveShell) -> None:
    """A cell that ends in an error shows nothing later."""
    with capture_output():
        shell.run_cell("%hedy sessions\n1/0")
    shown = run(shell, "hj.current().sessions()")[1]

    assert "hedy-view" not in shown["text/html"]


def test_unloading_puts_pandas_back(shell: InteractiveShell) -> None:
    """After ``%unload_ext`` no formatter of ours is left."""
    value, _ = run(shell, "%hedy topics")
    magics.unload(shell)

    assert shell.display_formatter is not None
    data = shell.display_formatter.format(value)[0]

    assert data["text/html"] == value._repr_html_()
    assert "text/markdown" not in data


@pytest.mark.parametrize("cell", ["%time %hedy sessions", "%%time\n%hedy sessions", "%%time\nn = 1\n%hedy sessions"])
def test_a_timed_list_is_a_view(shell: InteractiveShell, cell: str) -> None:
    """What ``%time`` runs is shown like the same line without it."""
    assert "hedy-view" in run(shell, cell)[1]["text/html"]


def test_a_timed_assignment_stays_pandas(shell: InteractiveShell) -> None:
    """A frame that went to a name in a timed cell is the user's."""
    assert "hedy-view" not in run(shell, "%%time\ndf = %hedy sessions\ndf")[1]["text/html"]


def test_text_alone(shell: InteractiveShell) -> None:
    """Where pandas is set to show no HTML, a view is text alone."""
    with pd.option_context("display.notebook_repr_html", False):
        shown = run(shell, "%hedy sessions")[1]

    assert set(shown) == {"text/plain"}
    assert "+00:00" not in shown["text/plain"]


def test_unloading_keeps_a_later_format(shell: InteractiveShell) -> None:
    """A format that the user registered after the extension was loaded is still theirs without it."""
    value, _ = run(shell, "%hedy topics")
    assert shell.display_formatter is not None
    formatter = shell.display_formatter.formatters["text/plain"]
    formatter.for_type(pd.DataFrame, lambda _frame, printer, _cycle: printer.text("mine"))
    magics.unload(shell)

    assert shell.display_formatter.format(value)[0]["text/plain"] == "mine"


@pytest.mark.parametrize(("line", "command"), [("highlights --limit 3", "highlight"), ("todos", "todo last")])
def test_a_short_id_can_be_typed(shell: InteractiveShell, line: str, command: str) -> None:
    """An id is understood as a list has shown it."""
    run(shell, "%hedy sync")
    for source in ("", " --source archive"):
        with case(source):
            frame, shown = run(shell, f"%hedy {line}{source}")
            typed = shown["text/plain"].splitlines()[2].split()[-1]
            found = run(shell, f"%hedy {command} {typed}{source}")[0]
            column = f"{command.split()[0]}_id"

            assert len(typed) < len(frame[column][0])
            assert getattr(found, column) == frame[column][0]


def test_an_empty_list_is_one_line(shell: InteractiveShell) -> None:
    """An empty list is shown as a line; the value is the plain empty frame."""
    run(shell, "%hedy sync")
    run(shell, "all, left = hj.current().sessions(), hj.current().todos('open')")
    run(shell, "done = next(one for one in all.session_id if one not in set(left.session_id))")
    for line in ("sessions --since 2031", "todos --open --session {done}", "search zzzz"):
        with case(line):
            value, shown = run(shell, f"%hedy {line}")

            assert value.empty
            assert shown["text/plain"] == "No rows."
            assert shown["text/markdown"] == "*No rows.*\n"
            assert "<table" not in shown["text/html"]
            assert type(value) is pd.DataFrame


@pytest.mark.parametrize("line", ["session last", "topic Hiring", "brief Hiring", "brief", "transcript last"])
def test_cards_fit_the_terminal(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """A card's text takes at most the columns of the terminal, and at most 100 where it has more."""
    for width in (40, 80, 120):
        monkeypatch.setenv("COLUMNS", str(width))

        with case(width):
            _, shown = run(shell, f"%hedy {line}")

            longest = max(map(wcwidth.width, shown["text/plain"].splitlines()))
            assert min(width, 100) * 0.7 < longest <= min(width, 100)
