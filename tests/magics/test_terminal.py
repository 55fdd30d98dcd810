"""``%hedy`` in the IPython of a terminal: a list, TAB, an error, Ctrl-C; and the tour that ends in one."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernels import TIMEOUT_S, SlowService, environment, slow_hedy

pexpect = pytest.importorskip("pexpect", reason="pexpect comes with IPython, but not on Windows")

pytestmark = pytest.mark.outside
_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>]|\x1b\][^\x07]*\x07|[\x00-\x09\x0b-\x1f]")
DELAY_S = 0.35


class Terminal:
    """A program in a terminal of 40 lines and 160 columns."""

    def __init__(self, arguments: list[str], variables: dict[str, str]) -> None:
        settings = {**variables, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm", "LANG": "C.UTF-8"}
        self._prompts = 0
        self._child = pexpect.spawn(
            sys.executable, arguments, env=settings, dimensions=(40, 160), encoding="utf-8", timeout=TIMEOUT_S
        )

    def type(self, text: str) -> None:
        """Press these keys."""
        self._child.send(text)

    def tab(self, text: str, completed: str) -> None:
        """Type *text*, press TAB, and wait for what it adds (a terminal is sent only what changes)."""
        self.type(text)
        self.until(re.escape(text.strip()))
        self.type("\t")
        self.until(re.escape(completed))

    def until(self, pattern: str) -> str:
        """What is shown up to *pattern*, without control sequences."""
        shown, deadline = "", time.monotonic() + TIMEOUT_S
        while not re.search(pattern, shown):
            assert time.monotonic() < deadline, f"{pattern!r} does not appear in {shown!r}"
            try:
                shown += _CONTROL.sub("", self._child.read_nonblocking(size=65536, timeout=1))
            except pexpect.TIMEOUT:
                continue
        return shown

    def run(self, line: str) -> str:
        """What *line* shows, up to the next prompt."""
        self.type(f"{line}\r")
        return self.until_prompt()

    def until_prompt(self) -> str:
        """What is shown up to the next prompt."""
        self._prompts += 1
        return self.until(rf"In \[{self._prompts}\]: ?$")

    def close(self) -> None:
        """End the program."""
        self._child.kill(signal.SIGKILL)
        self._child.close()


@pytest.fixture(name="slow", scope="module")
def fixture_slow() -> Iterator[tuple[SlowService, dict[str, str]]]:
    """A slow Hedy on loopback."""
    with slow_hedy(DELAY_S) as served:
        yield served


@pytest.fixture(name="terminal", scope="module")
def fixture_terminal(
    slow: tuple[SlowService, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terminal]:
    """IPython in a terminal with the extension loaded."""
    options = ["--no-banner", "--colors=nocolor", "--TerminalInteractiveShell.autosuggestions_provider=None"]
    terminal = Terminal(["-m", "IPython", *options], environment(tmp_path_factory.mktemp("terminal"), **slow[1]))
    terminal.until_prompt()
    assert "LIVE account, region us" in terminal.run("%load_ext hedy_jupyter")
    yield terminal
    terminal.close()


def test_a_list(terminal: Terminal) -> None:
    """A list is pandas' own text, and the status line is after it."""
    shown = terminal.run("%hedy topics")

    assert shown.index("Harbour Lamp launch") < shown.index("9 topics · live, 127.0.0.1")


def test_tab(terminal: Terminal) -> None:
    """TAB completes a command, an option and the name of a topic that was seen."""
    terminal.run("found = %hedy topics")
    terminal.tab("%hedy sessions --li", "mit")
    terminal.tab(" 1 --top", "ic")
    terminal.tab(" Harb", 'our Lamp launch"')

    assert re.search(r"^1 session \(\d+ in all\)", terminal.run(" "), re.MULTILINE)  # the space ends the completion


def test_an_error(terminal: Terminal) -> None:
    """An error is two lines, without a traceback."""
    lines = terminal.run("%hedy sessions --limt 3").splitlines()
    start = lines.index("UsageError: Unknown option --limt for %hedy sessions.")

    assert lines[start + 1] == "Did you mean --limit?"
    assert not any("Traceback" in line for line in lines)


def test_interrupt(terminal: Terminal, slow: tuple[SlowService, dict[str, str]]) -> None:
    """Ctrl-C ends a slow fetch with one line, nothing is sent after it, and the next line works."""
    service = slow[0]
    terminal.run("import hedy_jupyter as hj; hj.current().forget()")
    asked = len(service.paths)
    terminal.type("%hedy sessions --limit 24 --details\r")
    service.wait_for(asked + 12)
    terminal.type("\x03")
    stopped = terminal.until_prompt()
    sent = len(service.paths)
    shown = terminal.run("%hedy me --refresh")

    assert "KeyboardInterrupt: Stopped: no more requests are sent." in stopped
    assert "Traceback" not in stopped
    assert sent < asked + 24
    assert "Noor Halloway" in shown
    assert len(service.paths) == sent + 1


def test_login_hides_what_is_typed(terminal: Terminal, slow: tuple[SlowService, dict[str, str]]) -> None:
    """``login`` does not show what is typed, and the account works afterwards."""
    terminal.type("%hedy login\r")
    terminal.until(re.escape("Hedy API key (not shown): "))
    shown = terminal.run(slow[0].key)

    assert "LIVE account" in shown
    assert slow[0].key not in shown
    assert "Noor Halloway" in terminal.run("%hedy me")


def test_the_tour_ends_in_ipython(tmp_path: Path) -> None:
    """``python -m hedy_jupyter`` in a terminal shows the tour and then opens IPython with ``%hedy``."""
    terminal = Terminal(["-m", "hedy_jupyter"], environment(tmp_path))
    try:
        tour = terminal.until_prompt()
        shown = terminal.run("%hedy topics")
    finally:
        terminal.close()

    assert ">>> %hedy sessions" in tour
    assert "This is IPython with %hedy loaded" in tour
    assert tour.count("DEMO account: invented meetings") == 1
    assert "9 topics · demo account" in shown
