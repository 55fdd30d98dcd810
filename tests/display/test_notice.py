"""Notices: in a notebook one grey line that is replaced, elsewhere lines of standard error."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from hedy_jupyter.display import notice
from hedy_jupyter.display.notice import NoticeLine


@pytest.fixture
def notebook() -> Iterator[None]:
    """A shell with a kernel, as a notebook has."""
    shell = InteractiveShell.instance()
    shell.kernel = SimpleNamespace()
    try:
        yield
    finally:
        del shell.kernel
        InteractiveShell.clear_instance()


def test_outside_of_a_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    """A script writes each text in a line of standard error, so that its own output stays clean."""
    line = NoticeLine()
    line.show("Waiting.")
    line.show("Waiting again.")
    line.clear()

    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "Waiting.\nWaiting again.\n")


@pytest.mark.usefixtures("notebook")
def test_in_a_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    """A notebook shows one grey line, escaped, that is replaced and goes; nothing is on standard error."""
    line = NoticeLine()
    with capture_output(stdout=False, stderr=False) as shown:
        line.show("<b>Waiting\nfor $1 to $2</b>")
        line.show("Waiting again.")
        line.clear()

    texts = [output.data["text/plain"] for output in shown.outputs]
    assert texts == ["<b>Waiting for $1 to $2</b>", "Waiting again.", ""]
    assert "&lt;b&gt;Waiting" in shown.outputs[0].data["text/html"]
    assert "mathjax_ignore" in shown.outputs[0].data["text/html"]
    assert [output.update for output in shown.outputs] == [False, True, True]
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("notebook")
def test_a_remark_stays() -> None:
    """What was left out is said in a line that nothing replaces."""
    with capture_output() as shown:
        notice.write("The archive is left out.")
        notice.write("No font.")

    assert [(output.data["text/plain"], output.update) for output in shown.outputs] == [
        ("The archive is left out.", False),
        ("No font.", False),
    ]
