"""Lines of ``%hedy`` that end in a question mark, in a shell."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell

from hedy_jupyter.magics import magics

pytestmark = pytest.mark.usefixtures("few_meetings")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("%hedy search where is the harbour?", "get_ipython().run_line_magic('hedy', 'search where is the harbour?')"),
        ("%hedy search why??", "get_ipython().run_line_magic('hedy', 'search why??')"),
        ("%hedy search 予算は?", "get_ipython().run_line_magic('hedy', 'search 予算は?')"),
        ("  %hedy search it's what?", "  get_ipython().run_line_magic('hedy', \"search it's what?\")"),
        ("x = %hedy search who?", "x = get_ipython().run_line_magic('hedy', 'search who?')"),
        ("a, b = %hedy search who?", "a, b = get_ipython().run_line_magic('hedy', 'search who?')"),
        (
            "if 1:\n    %hedy search a b?\nx = 1",
            "if 1:\n    get_ipython().run_line_magic('hedy', 'search a b?')\nx = 1",
        ),
        (
            "%hedy search a?\n%hedy search b?",
            "get_ipython().run_line_magic('hedy', 'search a?')\nget_ipython().run_line_magic('hedy', 'search b?')",
        ),
        ("s = '''\n%hedy search x?\n'''", "s = '''\n%hedy search x?\n'''"),
        ("%hedy?", "get_ipython().run_line_magic('pinfo', '%hedy')"),
        ("len?", "get_ipython().run_line_magic('pinfo', 'len')"),
        ("%time len?", "get_ipython().run_line_magic('pinfo', 'len')"),
        ("x = 1  # %hedy search who?", "x = 1  # %hedy search who?"),
    ],
)
def test_what_runs(shell: InteractiveShell, cell: str, code: str) -> None:
    """A line with further words runs as it is; everything else means what it meant."""
    assert shell.transform_cell(cell).rstrip("\n") == code.lstrip() if cell.startswith("  %") else code


def test_it_runs(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole way: a command with a question mark is its help, a question is searched for."""
    shell.run_cell("%hedy demo")
    shell.run_cell("%hedy sync -q")
    shell.run_cell("hits = %hedy search where harbour?")
    shell.run_cell("%hedy todos?")

    assert len(shell.user_ns["hits"]) > 0
    assert "%hedy todos [--open]" in capsys.readouterr().out


def test_unloading(shell: InteractiveShell) -> None:
    """Unloaded, IPython has its question mark back."""
    magics.unload(shell)

    assert "pinfo" in shell.transform_cell("%hedy search where?")
