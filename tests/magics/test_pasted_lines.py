"""Lines pasted with blanks that IPython would take for a part of the name of the magic."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell

import hedy_jupyter as hj
from hedy_jupyter.magics import magics, pasted_lines


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%hedy\u00a0todos --open\n", "%hedy todos --open\n"),
        ("%hedy\u3000todos\n", "%hedy todos\n"),
        ("%hedy \u00a0todos\n", "%hedy todos\n"),
        ("\ufeff%hedy todos\n", "%hedy todos\n"),
        ("\u00a0\u200b%hedy\n", "%hedy\n"),
        ("％hedy todos\n", "%hedy todos\n"),
        ("    %hedy\u00a0todos\n", "    %hedy todos\n"),
        ("found = %hedy\u00a0todos\n", "found = %hedy todos\n"),
        ("%%hedy_context\u00a0“T”\n%hedy\u00a0stays\n", "%%hedy_context “T”\n%hedy\u00a0stays\n"),
        ("%%time\n%hedy\u00a0todos\n", "%%time\n%hedy\u00a0todos\n"),
        ('%hedy search "a\u00a0b"\n', '%hedy search "a\u00a0b"\n'),
        ("x = '%hedy\u00a0'\n", "x = '%hedy\u00a0'\n"),
        ("%hedyx\u00a0todos\n", "%hedyx\u00a0todos\n"),
        ("1 + 1\n", "1 + 1\n"),
        ("", ""),
    ],
)
def test_plain_blanks(cell: str, expected: str) -> None:
    """The blanks round ``%hedy`` become plain; bodies of cells, values and other lines stay as they are."""
    assert "".join(pasted_lines.with_plain_blanks(cell.splitlines(keepends=True))) == expected


@pytest.fixture(name="demo")
def fixture_demo() -> Iterator[hj.Hedy]:
    """The demo account in use."""
    with hj.demo() as hedy:
        yield hedy


def test_in_a_shell(shell: InteractiveShell, demo: hj.Hedy) -> None:
    """Such a line runs while the extension is loaded, and not after it was unloaded."""
    ran = shell.run_cell("found = %hedy\u00a0todos\u00a0–open -q", store_history=False)
    before = len(shell.input_transformers_cleanup)
    magics.unload(shell)

    assert ran.error_in_exec is None
    assert len(shell.user_ns["found"]) == len(demo.todos("open"))
    assert len(shell.input_transformers_cleanup) == before - 1
    assert pasted_lines.with_plain_blanks not in shell.input_transformers_cleanup
